/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TOKEN_HELP_H
#define TOKEN_HELP_H

/* What the tests of the token verifier share. */

#include "token/wims_token.h"

/* cmocka group fixtures: *state is the provisioning of world.h. */
int token_setup(void **state);
int token_teardown(void **state);

/* payload signed by wwsf1's Ed25519 key; the caller frees. */
char *token_sign(const char *payload);
/* Fails unless t is a whole identity (r is OK) or nothing at all. */
void token_consistent(const struct wims_token *t, enum wims_reason r);
/* wims_token_validate into a dirty *t, checked by token_consistent. */
enum wims_reason token_validate(struct wims_token *t, const struct wims_provision *pv,
								const char *token, int64_t now);
/* Signs, validates at WORLD_NOW and fails unless the outcome is want. Frees
 * payload. */
void token_expect(const struct wims_provision *pv, char *payload, enum wims_reason want);

#endif
