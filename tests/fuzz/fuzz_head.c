/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* A head that passes the check is walked to its end by the iterator, and no
 * name in it is anything but a token. What is masked goes forward, within the
 * text. */
#include "sip/wims_grammar.h"
#include "sip/wims_head.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl head = {(const char *)data, size};
	enum wims_reason r = wims_head_check(head);
	struct wims_pl name, value;
	struct wims_head_it it;
	size_t at = 0, len = 0, end = 0;

	for(; wims_next_secret(head, &at, &len); end = at + len)
		if(len == 0 || at < end || at + len > size)
			abort();
	wims_head_begin(&it, head);
	while(wims_head_next(&it, &name, &value))
		if(!wims_is_token(name) || (value.l > 0 && wims_is_lws(value.p[value.l - 1])))
			abort();
	if(r >= WIMS_REASON_COUNT)
		abort();
	return 0;
}
