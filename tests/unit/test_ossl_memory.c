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

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "jws_help.h"
#include "token/wims_token.h"

/* OpenSSL's own memory runs out at each place in turn: a bad signature is never
 * taken for good, a key never for whole, and nothing is lost. */

enum
{
	PLACES_MAX = 5000
};

static size_t left = SIZE_MAX, one_more, live;
static bool only_one; /* only one allocation fails, or all behind it too */

static bool may_have(void)
{
	if(left == SIZE_MAX)
		return true;
	if(left > 0) {
		left--;
		return true;
	}
	if(only_one)
		left = SIZE_MAX;
	one_more++;
	return false;
}

static void *ossl_malloc(size_t n, const char *file, int line)
{
	void *p = may_have() ? malloc(n > 0 ? n : 1) : NULL;

	(void)file, (void)line;
	live += p != NULL;
	return p;
}

static void *ossl_realloc(void *p, size_t n, const char *file, int line)
{
	if(p == NULL)
		return ossl_malloc(n, file, line);
	return may_have() ? realloc(p, n) : NULL;
}

static void ossl_free(void *p, const char *file, int line)
{
	(void)file, (void)line;
	live -= p != NULL;
	free(p);
}

/* Runs out behind n allocations; how many failed since. */
static void scarce_from(size_t n, bool one)
{
	left = n;
	only_one = one;
	one_more = 0;
}

static size_t plenty(void)
{
	left = SIZE_MAX;
	ERR_clear_error();
	return one_more;
}

/* With n allocations: how many failed behind them, and how many blocks were
 * lost when it came to the same a second time. The first time OpenSSL may still
 * fetch what it keeps for good. */
static size_t one_place(void (*one)(void *ctx, bool enough), void *ctx, size_t n, bool only,
						size_t *lost)
{
	size_t before = 0, failed = 0;
	int round;

	for(round = 0; round < 2; round++) {
		before = live;
		scarce_from(n, only);
		one(ctx, false);
		failed = plenty();
	}
	*lost = live > before ? live - before : 0;
	return failed;
}

/* Fails it in every place, until there was enough for all of it. */
static void each_place(void (*one)(void *ctx, bool enough), void *ctx, const char *what)
{
	int only;

	for(only = 0; only < 2; only++) {
		size_t n, lost = 0, failed = 1;

		for(n = 0; failed > 0 && n < PLACES_MAX; n++) {
			failed = one_place(one, ctx, n, only == 1, &lost);
			if(lost > 0)
				fail_msg("%s: %zu blocks lost behind %zu allocations", what, lost, n);
		}
		assert_in_range(n, 2, PLACES_MAX - 1);
		one(ctx, true);
	}
}

struct verifying
{
	const struct wims_keyset *ks;
	const char *good, *bad;
};

static void verify(void *ctx, bool enough)
{
	const struct verifying *v = ctx;
	enum wims_reason bad = jws_check(v->ks, wims_pl_str(v->bad));
	enum wims_reason good = jws_check(v->ks, wims_pl_str(v->good));

	assert_true(bad == WIMS_SIGNATURE_BAD || (!enough && bad == WIMS_CRYPTO_FAILED));
	assert_true(good == WIMS_OK
				|| (!enough && (good == WIMS_SIGNATURE_BAD || good == WIMS_CRYPTO_FAILED)));
}

static void test_verify(void **state)
{
	size_t i;

	for(i = 0; i < JWS_GOOD_COUNT; i++) {
		const struct jws_good *kind = &jws_good[i];
		char *good = mint_token(kind->key, kind->alg, kind->kid, "{}");
		char *bad = strdup(good);
		struct verifying v = {.ks = *state, .good = good, .bad = bad};
		char *letter = strrchr(bad, '.') + 20;

		*letter = *letter == 'A' ? 'B' : 'A';
		verify(&v, true); /* what OpenSSL keeps for good, it has then */
		each_place(verify, &v, kind->alg);
		free(good);
		free(bad);
	}
}

static void import(void *ctx, bool enough)
{
	const struct wims_json_value *jwk = wims_json_root(ctx);
	struct wims_keyset *ks = NULL;
	enum wims_reason r = wims_keyset_from_jwks(&ks, &wims_env_libc, jwk, WIMS_ALG_PUBLIC, NULL);

	assert_true((r == WIMS_OK) == (ks != NULL));
	assert_true(r == WIMS_OK || (!enough && (r == WIMS_CONFIG_KEY || r == WIMS_NOMEM)));
	wims_keyset_free(ks);
}

static void test_import(void **state)
{
	static const enum mint_key keys[] = {MINT_RSA, MINT_P256, MINT_ED25519};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char *jwk = mint_jwk(keys[i], "k", "");
		struct wims_json *doc = NULL;

		assert_int_equal(wims_json_parse(&doc, &wims_env_libc, wims_pl_str(jwk), 10000, NULL),
						 WIMS_OK);
		import(doc, true);
		each_place(import, doc, jwk);
		wims_json_free(doc);
		free(jwk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_verify),
									   cmocka_unit_test(test_import)};

	if(CRYPTO_set_mem_functions(ossl_malloc, ossl_realloc, ossl_free) != 1)
		return 1;
	return cmocka_run_group_tests(tests, jws_setup, jws_teardown);
}
