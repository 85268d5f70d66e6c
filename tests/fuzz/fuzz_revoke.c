/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The body of the file of revocations. What is taken from it, and written
 * again, is taken from that as well. */
#include "jose/wims_alg_ossl.h"
#include "token/wims_revoke.h"

#include "fuzz.h"

enum
{
	TABLE_MAX = 64,
	NOW = 1000
};

static void write_line(void *ctx, const struct wims_revocation *r)
{
	const struct wims_revoke_token t = {r->wwsf, r->value, r->value, r->before - 1};

	FUZZ_ASSERT(wims_revocation_names(r, &t));
	FUZZ_ASSERT(r->expires > NOW);
	FUZZ_ASSERT(wims_revocation_write(ctx, r));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_revokes *first = wims_revokes_new(&wims_env_libc, TABLE_MAX, wims_random);
	struct wims_revokes *second = wims_revokes_new(&wims_env_libc, TABLE_MAX, wims_random);
	struct wims_revoke_walk walk = {0};
	struct wims_buf out;
	size_t line;

	wims_buf_init(&out, &wims_env_libc, TABLE_MAX * WIMS_REVOKE_LINE_MAX);
	FUZZ_ASSERT(first != NULL && second != NULL);
	(void)!wims_revokes_read(first, (struct wims_pl){(const char *)data, size}, NOW, &line);
	FUZZ_ASSERT(wims_revokes_count(first) <= TABLE_MAX && line <= size);
	FUZZ_ASSERT(!wims_revokes_walk(first, &walk, TABLE_MAX, write_line, &out));
	FUZZ_ASSERT(wims_revokes_read(second, wims_buf_pl(&out), NOW, &line) == WIMS_OK);
	FUZZ_ASSERT(wims_revokes_count(second) == wims_revokes_count(first));
	wims_buf_clear(&out);
	wims_revokes_free(first);
	wims_revokes_free(second);
	return 0;
}
