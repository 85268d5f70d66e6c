/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz.h"
#include "keys/wims_jwks.h"

/* A set that was kept over a restart: what is read can be written again, and
 * reads the same then. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_jwks_kept kept, again;
	struct wims_buf b;

	if(!wims_jwks_kept_read(&kept, (struct wims_pl){(const char *)data, size}))
		return 0;
	FUZZ_ASSERT(kept.url.l >= 1 && kept.url.l <= WIMS_JWKS_URL_MAX && kept.jwks.l <= size);
	FUZZ_ASSERT(kept.fetched >= 0 && kept.max_age >= -1);
	wims_buf_init(&b, &wims_env_libc, WIMS_JWKS_KEPT_MAX);
	if(wims_jwks_keep(&b, &kept)) {
		FUZZ_ASSERT(wims_jwks_kept_read(&again, wims_buf_pl(&b)));
		FUZZ_ASSERT(wims_pl_eq(again.url, kept.url) && wims_pl_eq(again.jwks, kept.jwks));
		FUZZ_ASSERT(again.fetched == kept.fetched && again.max_age == kept.max_age);
	}
	wims_buf_clear(&b);
	return 0;
}
