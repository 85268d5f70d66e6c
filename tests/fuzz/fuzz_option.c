/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* A list without sec-agree has none when it is read again, and what is unknown in a
 * Proxy-Require stays unknown. */
#include "sip/wims_option.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char one[2 * WIMS_OPTIONS_MAX], two[2 * WIMS_OPTIONS_MAX];
	struct wims_pl list = {(const char *)data, size}, out;
	struct wims_w w, again;

	wims_w_init(&w, one, sizeof(one));
	wims_w_init(&again, two, sizeof(two));
	if(wims_options_without_agree(&w, list) && w.ok
	   && wims_options_without_agree(&again, wims_w_done(&w)))
		abort();
	wims_w_init(&w, one, sizeof(one));
	wims_w_init(&again, two, sizeof(two));
	if(wims_options_unknown(&w, list) != WIMS_OPTION_UNKNOWN)
		return 0;
	out = wims_w_done(&w);
	if(wims_options_unknown(&again, out)
	   != (out.l > WIMS_OPTIONS_MAX ? WIMS_REQUEST_MALFORMED : WIMS_OPTION_UNKNOWN))
		abort();
	return 0;
}
