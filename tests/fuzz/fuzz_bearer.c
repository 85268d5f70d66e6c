/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz.h"
#include "token/wims_token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl body = {(const char *)data, size}, token, again;
	size_t i;

	if(wims_bearer_parse(&token, body) != WIMS_OK) {
		FUZZ_ASSERT(token.l == 0);
		return 0;
	}
	FUZZ_ASSERT(token.l > 0 && token.p >= body.p && token.p + token.l <= body.p + body.l);
	FUZZ_ASSERT(token.l <= WIMS_BEARER_MAX);
	for(i = 0; i < token.l; i++)
		FUZZ_ASSERT(token.p[i] != '"' && token.p[i] != '\\');
	/* the same input gives the same answer */
	FUZZ_ASSERT(wims_bearer_parse(&again, body) == WIMS_OK && wims_pl_eq(token, again));
	return 0;
}
