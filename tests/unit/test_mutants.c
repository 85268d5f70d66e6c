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

#include "jws_help.h"
#include "sweep.h"
#include "token_help.h"
#include "world.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Nothing that differs from a good token by a bit, a letter of its signature, a
 * byte twice or a part cut off is good. What a token says is signed, so this is
 * so for every algorithm, and for the header as for the payload. */

struct mutation
{
	const struct wims_keyset *ks;
	const struct wims_provision *pv;
	size_t accepted;
};

static void refuse_jws(void *ctx, struct wims_pl input)
{
	struct mutation *m = ctx;

	m->accepted += jws_check(m->ks, input) == WIMS_OK;
}

static void refuse_token(void *ctx, struct wims_pl input)
{
	struct mutation *m = ctx;
	struct wims_token t;
	enum wims_reason r = wims_token_validate(&t, &wims_env_libc, m->pv, input, WORLD_NOW);

	token_consistent(&t, r);
	m->accepted += r == WIMS_OK;
}

static size_t signature_at(const char *token)
{
	return (size_t)(strrchr(token, '.') + 1 - token);
}

static void jws_mutants(struct mutation *m, const char *token)
{
	struct wims_pl seed = wims_pl_str(token);

	assert_int_equal(sweep(seed, refuse_jws, m), seed.l * 10);
	assert_int_equal(m->accepted, 0);
	assert_int_equal(jws_check(m->ks, seed), WIMS_OK);
}

static void letter_mutants(struct mutation *m, const char *token)
{
	struct wims_pl seed = wims_pl_str(token);
	size_t at = signature_at(token);

	assert_int_equal(sweep_letters(seed, at, refuse_jws, m), (seed.l - at) * 63);
	assert_int_equal(m->accepted, 0);
	assert_int_equal(jws_check(m->ks, seed), WIMS_OK);
}

static void test_jws(void **state)
{
	size_t i;

	for(i = 0; i < JWS_GOOD_COUNT; i++) {
		char *token =
				mint_token(jws_good[i].key, jws_good[i].alg, jws_good[i].kid, "{\"a\":\"b\"}");
		struct mutation m = {.ks = *state};

		jws_mutants(&m, token);
		free(token);
	}
}

/* One of each kind of signature; those of P-384 and P-521 would take too long. */
static const struct jws_good kinds[] = {{MINT_P256, "ES256", "p256"},
										{MINT_RSA, "RS256", "rsa"},
										{MINT_RSA, "PS256", "rsa"},
										{MINT_ED25519, "EdDSA", "ed25519"}};

static void test_letters(void **state)
{
	size_t i;

	for(i = 0; i < COUNT(kinds); i++) {
		char *token = mint_token(kinds[i].key, kinds[i].alg, kinds[i].kid, "{}");
		struct mutation m = {.ks = *state};

		letter_mutants(&m, token);
		free(token);
	}
}

static void test_hmac(void **state)
{
	static const char *const hashes[] = {"256", "384", "512"};
	static const char secret[64] =
			"a secret that is long enough for each of the three hashes......";
	char *k = mint_b64((struct wims_pl){secret, sizeof(secret)});
	struct wims_keyset *ks =
			jws_keys_of(mint_text("{\"kty\":\"oct\",\"k\":\"%s\"}", k), WIMS_ALG_HMAC);
	size_t i;

	(void)state;
	for(i = 0; i < 3; i++) {
		char *digest = mint_text("SHA%s", hashes[i]);
		char *header = mint_text("{\"alg\":\"HS%s\"}", hashes[i]);
		char *token = mint_hmac(digest, (struct wims_pl){secret, sizeof(secret)}, header, "{}");
		struct mutation m = {.ks = ks};

		jws_mutants(&m, token);
		letter_mutants(&m, token);
		free(token);
		free(header);
		free(digest);
	}
	wims_keyset_free(ks);
	free(k);
}

/* The whole of a token of ordinary size, with all its claims. */
static void test_tokens(void **state)
{
	struct wims_provision *pv = world_new("");
	char *payload = world_claims(NULL, NULL);
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(kinds); i++) {
		char *token = mint_token(kinds[i].key, kinds[i].alg, kinds[i].kid, payload);
		struct mutation m = {.pv = pv};
		struct wims_token t;

		assert_true(sweep(wims_pl_str(token), refuse_token, &m) > 4000);
		assert_int_equal(m.accepted, 0);
		assert_int_equal(token_validate(&t, pv, token, WORLD_NOW), WIMS_OK);
		free(token);
	}
	free(payload);
	wims_provision_free(pv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_jws), cmocka_unit_test(test_letters),
									   cmocka_unit_test(test_hmac), cmocka_unit_test(test_tokens)};

	return cmocka_run_group_tests(tests, jws_setup, jws_teardown);
}
