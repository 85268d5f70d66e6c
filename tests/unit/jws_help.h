/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JWS_HELP_H
#define JWS_HELP_H

/* What the tests of the JWS layer share. */

#include "jose/wims_jws.h"
#include "mint.h"

struct jws_good
{
	enum mint_key key;
	const char *alg, *kid;
};

enum
{
	JWS_GOOD_COUNT = 11
};

/* Every algorithm with its key, one row each. */
extern const struct jws_good jws_good[JWS_GOOD_COUNT];

/* cmocka group fixtures: *state is a key set with all keys of jws_good. */
int jws_setup(void **state);
int jws_teardown(void **state);

/* The keys of a JWK, which is freed, for every algorithm but HMAC. */
struct wims_keyset *jws_keys(char *jwk);
/* For these algorithms (WIMS_ALG_BIT), which may be HMAC. */
struct wims_keyset *jws_keys_of(char *jwk, uint32_t allowed);
enum wims_reason jws_check(const struct wims_keyset *ks, struct wims_pl token);
/* Fails unless the outcome is want. Frees token. */
void jws_expect(const struct wims_keyset *ks, char *token, enum wims_reason want);

#endif
