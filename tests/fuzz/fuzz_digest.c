/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz.h"

#include "sip/wims_digest.h"

/* What passes is relayed as one line that says integrity-protected="no" last. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct wims_pl end = WIMS_PL(" integrity-protected=\"no\"\r\n");
	struct wims_pl body = {(const char *)data, size}, line;
	static char buf[2 * WIMS_DIGEST_MAX];
	struct wims_digest d;
	struct wims_w w;
	enum wims_reason r = wims_digest_parse(&d, body);

	wims_w_init(&w, buf, sizeof(buf));
	wims_digest_relay(&w, body);
	line = wims_w_done(&w);
	FUZZ_ASSERT((r == WIMS_OK) == w.ok);
	if(!w.ok)
		return 0;
	FUZZ_ASSERT(line.l > end.l && wims_pl_eq(wims_pl_from(line, line.l - end.l), end));
	FUZZ_ASSERT(wims_pl_find(line, '\n') == line.l - 1);
	return 0;
}
