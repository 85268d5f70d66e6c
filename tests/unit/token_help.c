/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mint.h"
#include "token_help.h"
#include "world.h"

int token_setup(void **state)
{
	*state = world_new("");
	return 0;
}

int token_teardown(void **state)
{
	wims_provision_free(*state);
	return 0;
}

char *token_sign(const char *payload)
{
	return mint_token(MINT_ED25519, "EdDSA", "ed25519", payload);
}

void token_consistent(const struct wims_token *t, enum wims_reason r)
{
	assert_int_equal(t->valid, r == WIMS_OK);
	if(r == WIMS_OK) {
		assert_true(t->wwsf != NULL && (t->subject.l > 0 || t->wwsf->anonymous));
		assert_true((t->user.l > 0) == (t->impu_count == 0)
					&& (t->user.l > 0) == (t->block_count > 0));
		assert_true(t->impi.l > 0 || (t->user.l > 0 && t->subject.l > 0));
		return;
	}
	assert_true(t->subject.l == 0 && t->impi.l == 0 && t->impu_count == 0 && t->exp == 0);
	assert_true(t->user.l == 0 && t->block_count == 0);
	assert_true(t->range.l == 0 && t->scope.l == 0 && t->jti.l == 0 && t->issuer.l == 0
				&& t->used == 0);
}

enum wims_reason token_validate(struct wims_token *t, const struct wims_provision *pv,
								const char *token, int64_t now)
{
	enum wims_reason r;

	memset(t, 0x5a, sizeof(*t));
	r = wims_token_validate(t, &wims_env_libc, pv, wims_pl_str(token), now);
	token_consistent(t, r);
	return r;
}

void token_expect(const struct wims_provision *pv, char *payload, enum wims_reason want)
{
	struct wims_token t;
	char *token = token_sign(payload);
	enum wims_reason r = token_validate(&t, pv, token, WORLD_NOW);

	if(r != want)
		fail_msg("%s: %s instead of %s", payload, wims_reason_text(r), wims_reason_text(want));
	free(payload);
	free(token);
}
