/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* No byte of a head that passes is a bare CR or LF, and each line has its
 * end. What is refused has no body. What is masked goes forward, within
 * the text. */
#include "sip/wims_head.h"

#include <stdlib.h>

/* Up to the blank line, or the end. */
static bool has_plain_lines(struct wims_pl rest)
{
	size_t n;

	do {
		n = wims_pl_find(rest, '\r');
		if(n + 1 >= rest.l || rest.p[n + 1] != '\n'
		   || wims_pl_find((struct wims_pl){rest.p, n}, '\n') < n)
			return false;
		rest = wims_pl_from(rest, n + 2);
	} while(n > 0 && rest.l > 0);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl head = {(const char *)data, size};
	bool fits;
	enum wims_reason r = wims_head_check(head, &fits);
	size_t at = 0, len = 0, end = 0;

	for(; wims_next_secret(head, &at, &len); end = at + len)
		if(len == 0 || at < end || at + len > size)
			abort();
	if(r >= WIMS_REASON_COUNT || (r != WIMS_OK && fits) || (r == WIMS_OK && !has_plain_lines(head)))
		abort();
	return 0;
}
