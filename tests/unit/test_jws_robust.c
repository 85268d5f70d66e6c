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

#include <sys/wait.h>
#include <unistd.h>

#include "jws_help.h"
#include "scarce.h"
#include "scarce_json.h"
#include "token/wims_token.h"

static char *padded(size_t header, size_t payload)
{
	char *pad = malloc(header + payload + 1), *h, *t;

	assert_non_null(pad);
	memset(pad, 'x', header + payload);
	h = mint_text("{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"x\":\"%.*s\"}", (int)header, pad);
	t = mint_jws(MINT_ED25519, "EdDSA", h, (struct wims_pl){pad, payload});
	free(pad);
	free(h);
	return t;
}

static void test_sizes(void **state)
{
	char *token = padded(0, 0);
	size_t room = (WIMS_JWS_MAX - strlen(token)) / 4 * 3;
	char kid[300] = "", *t, *big;
	size_t i;

	free(token);
	token = padded(0, room);
	assert_in_range(strlen(token), WIMS_JWS_MAX - 4, WIMS_JWS_MAX);
	jws_expect(*state, token, WIMS_OK);
	jws_expect(*state, padded(0, room + 4), WIMS_TOKEN_TOO_LONG);
	jws_expect(*state, padded(700, 0), WIMS_OK);
	jws_expect(*state, padded(800, 0), WIMS_TOKEN_TOO_LONG);
	/* kid and typ have their own caps */
	for(i = WIMS_KID_MAX; i < WIMS_KID_MAX + 2; i++) {
		memset(kid, 'k', i);
		jws_expect(*state, mint_token(MINT_ED25519, "EdDSA", kid, "{}"), WIMS_KEY_UNKNOWN);
	}
	kid[WIMS_JWS_TYP_MAX + 1] = '\0';
	t = mint_text("{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"typ\":\"%s\"}", kid);
	jws_expect(*state, mint_jws(MINT_ED25519, "EdDSA", t, WIMS_PL("{}")), WIMS_TOKEN_TYP);
	free(t);
	/* a signature longer than any key's */
	big = calloc(1, 2000);
	memset(big, 'A', 1999);
	jws_expect(*state, mint_text("eyJhbGciOiJFZERTQSJ9.e30.%s", big), WIMS_TOKEN_TOO_LONG);
	big[1366] = '\0';
	jws_expect(*state, mint_text("eyJhbGciOiJFZERTQSJ9.e30.%s", big), WIMS_KEY_UNKNOWN);
	free(big);
	/* megabytes are refused by their length alone */
	big = malloc(10000000);
	assert_non_null(big);
	memset(big, 'e', 10000000);
	assert_int_equal(jws_check(*state, (struct wims_pl){big, 10000000}), WIMS_TOKEN_TOO_LONG);
	free(big);
}

/* A header that is known already is the same text, not a similar one. */
static void test_memo(void **state)
{
	int i;

	/* more headers than are remembered, round and round */
	for(i = 0; i < 40; i++) {
		char *header = mint_text("{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"n\":\"%03d\"}", i % 7);
		char *bad = mint_text("{\"alg\":\"ES256\",\"kid\":\"ed25519\",\"n\":\"%03d\"}", i % 7);

		jws_expect(*state, mint_jws(MINT_ED25519, "EdDSA", header, WIMS_PL("{}")), WIMS_OK);
		jws_expect(*state, mint_jws(MINT_ED25519, "EdDSA", bad, WIMS_PL("{}")), WIMS_ALG_MISMATCH);
		jws_expect(*state, mint_jws(MINT_RSA, "RS256", header, WIMS_PL("{}")), WIMS_SIGNATURE_BAD);
		free(header);
		free(bad);
	}
}

struct checking
{
	const struct wims_keyset *ks;
	const char *token;
};

static enum wims_reason checked(void *ctx)
{
	const struct checking *c = ctx;

	return jws_check(c->ks, wims_pl_str(c->token));
}

static void test_no_memory(void **state)
{
	char *token = mint_jws(MINT_ED25519, "EdDSA",
						   "{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"typ\":\"never seen before\"}",
						   WIMS_PL("{}"));
	struct checking c = {.ks = *state, .token = token};
	struct scarce s;

	scarce_init(&s, 0);
	assert_int_equal(wims_token_signature(&s.env, *state, wims_pl_str(token)), WIMS_NOMEM);
	assert_int_equal(s.live, 0);
	assert_true(scarce_json(checked, &c) > 5);
	free(token);
}

/* Keys that were read before a fork verify in every child at once, and what a
 * child remembers is its own. */
static void test_forked(void **state)
{
	enum
	{
		CHILDREN = 4,
		ROUNDS = 20
	};
	char *good = mint_token(MINT_P256, "ES256", "p256", "{}");
	char *bad = mint_token(MINT_RSA_OTHER, "RS256", "rsa", "{}");
	pid_t pids[CHILDREN];
	int i, n, status;

	for(i = 0; i < CHILDREN; i++) {
		pids[i] = fork();
		if(pids[i] == 0) {
			for(n = 0; n < ROUNDS; n++)
				if(jws_check(*state, wims_pl_str(good)) != WIMS_OK
				   || jws_check(*state, wims_pl_str(bad)) != WIMS_SIGNATURE_BAD)
					_exit(1);
			_exit(0);
		}
		assert_true(pids[i] > 0);
	}
	for(i = 0; i < CHILDREN; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	jws_expect(*state, good, WIMS_OK);
	free(bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes), cmocka_unit_test(test_memo),
									   cmocka_unit_test(test_no_memory),
									   cmocka_unit_test(test_forked)};

	return cmocka_run_group_tests(tests, jws_setup, jws_teardown);
}
