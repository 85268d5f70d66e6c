/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "jws_help.h"
#include "token/wims_token.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const struct jws_good jws_good[JWS_GOOD_COUNT] = {
		{MINT_RSA, "RS256", "rsa"},    {MINT_RSA, "RS384", "rsa"},
		{MINT_RSA, "RS512", "rsa"},    {MINT_RSA, "PS256", "rsa"},
		{MINT_RSA, "PS384", "rsa"},    {MINT_RSA, "PS512", "rsa"},
		{MINT_P256, "ES256", "p256"},  {MINT_P384, "ES384", "p384"},
		{MINT_P521, "ES512", "p521"},  {MINT_ED25519, "EdDSA", "ed25519"},
		{MINT_ED448, "EdDSA", "ed448"}};

/* One key of each type, each under its own kid. */
static const struct
{
	enum mint_key key;
	const char *kid;
} ring[] = {{MINT_RSA, "rsa"},   {MINT_P256, "p256"},       {MINT_P384, "p384"},
			{MINT_P521, "p521"}, {MINT_ED25519, "ed25519"}, {MINT_ED448, "ed448"}};

struct wims_keyset *jws_keys_of(char *jwk, uint32_t allowed)
{
	struct wims_json *doc = NULL;
	struct wims_keyset *ks = NULL;

	assert_int_equal(wims_json_parse(&doc, &wims_env_libc, wims_pl_str(jwk), 10000, NULL), WIMS_OK);
	assert_int_equal(wims_keyset_from_jwks(&ks, &wims_env_libc, wims_json_root(doc), allowed, NULL),
					 WIMS_OK);
	wims_json_free(doc);
	free(jwk);
	return ks;
}

struct wims_keyset *jws_keys(char *jwk)
{
	return jws_keys_of(jwk, WIMS_ALG_PUBLIC);
}

int jws_setup(void **state)
{
	struct wims_keyset *all = NULL;
	size_t i;

	for(i = 0; i < COUNT(ring); i++) {
		struct wims_keyset *one = jws_keys(mint_jwk(ring[i].key, ring[i].kid, ""));

		if(all == NULL) {
			all = one;
			continue;
		}
		assert_int_equal(wims_keyset_merge(all, one, NULL), WIMS_OK);
		wims_keyset_free(one);
	}
	*state = all;
	return 0;
}

int jws_teardown(void **state)
{
	wims_keyset_free(*state);
	return 0;
}

enum wims_reason jws_check(const struct wims_keyset *ks, struct wims_pl token)
{
	return wims_token_signature(&wims_env_libc, ks, token);
}

void jws_expect(const struct wims_keyset *ks, char *token, enum wims_reason want)
{
	enum wims_reason r = jws_check(ks, wims_pl_str(token));

	if(r != want)
		fail_msg("%s: %s instead of %s", token, wims_reason_text(r), wims_reason_text(want));
	free(token);
}
