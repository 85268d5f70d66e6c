/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What is written for the core is written the same when it is read again, and has
 * nothing of WebRTC's that is to be left out. */
#include "sip/wims_sdp.h"

#include <stdlib.h>
#include <string.h>

static bool has(struct wims_pl text, const char *what)
{
	return memmem(text.p, text.l, what, strlen(what)) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char one[2 * WIMS_SDP_MAX], two[2 * WIMS_SDP_MAX];
	struct wims_pl sdp = {(const char *)data, size}, out;
	struct wims_w w, again;

	if(wims_sdp_is_webrtc(sdp) && !has(sdp, "m="))
		abort();
	wims_w_init(&w, one, sizeof(one));
	if(!wims_sdp_to_core(&w, sdp))
		return 0;
	out = wims_w_done(&w);
	if(has(out, "\na=msid") || has(out, "\na=ssrc") || has(out, "\na=mid:"))
		abort();
	wims_w_init(&again, two, sizeof(two));
	if(wims_sdp_to_core(&again, out) && (again.len != out.l || memcmp(two, one, out.l) != 0))
		abort();
	return 0;
}
