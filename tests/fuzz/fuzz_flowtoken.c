/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* First byte odd: the rest is a key file. Even: the rest is a token, which
 * cannot be good without the key. */
#include "sip/wims_flowtoken.h"

#include <stdlib.h>

static void key_file(struct wims_pl text)
{
	struct wims_flowtoken_keys keys;
	struct wims_fault fault;

	if(wims_flowtoken_keys_parse(&keys, text, &fault) == WIMS_OK && keys.count == 0)
		abort();
}

static void token(struct wims_pl text)
{
	static const struct wims_flowtoken_keys keys = {
			.count = 1,
			.key = {{.id = 7, .bytes = "not the key of the corpus' token"}},
	};
	struct wims_flowtoken t;

	if(wims_flowtoken_decode(&t, &keys, WIMS_FLOWTOKEN_PATH, text, WIMS_PL("")) == WIMS_OK)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl in = {(const char *)data, size};

	if(size == 0)
		return 0;
	if(data[0] & 1)
		key_file(wims_pl_from(in, 1));
	else
		token(wims_pl_from(in, 1));
	return 0;
}
