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

#include <jansson.h>

#include "jose/wims_jws.h"
#include "mint.h"
#include "scarce.h"
#include "sweep.h"
#include "token/wims_token.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* One key of each type, each under its own kid. */
static const struct
{
	enum mint_key key;
	const char *kid;
} ring[] = {{MINT_RSA, "rsa"},   {MINT_P256, "p256"},       {MINT_P384, "p384"},
			{MINT_P521, "p521"}, {MINT_ED25519, "ed25519"}, {MINT_ED448, "ed448"}};

static struct wims_keyset *keys_from(char *jwk)
{
	struct wims_json *doc = NULL;
	struct wims_keyset *ks = NULL;

	assert_int_equal(wims_json_parse(&doc, &wims_env_libc, wims_pl_str(jwk), 10000, NULL), WIMS_OK);
	assert_int_equal(
			wims_keyset_from_jwks(&ks, &wims_env_libc, wims_json_root(doc), WIMS_ALG_ALL, NULL),
			WIMS_OK);
	wims_json_free(doc);
	free(jwk);
	return ks;
}

static int make_ring(void **state)
{
	struct wims_keyset *all = NULL;
	size_t i;

	for(i = 0; i < COUNT(ring); i++) {
		struct wims_keyset *one = keys_from(mint_jwk(ring[i].key, ring[i].kid, ""));

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

static int free_ring(void **state)
{
	wims_keyset_free(*state);
	return 0;
}

static enum wims_reason check(const struct wims_keyset *ks, struct wims_pl token)
{
	return wims_token_signature(&wims_env_libc, ks, token);
}

/* token goes out of use */
static void expect(const struct wims_keyset *ks, char *token, enum wims_reason want)
{
	enum wims_reason r = check(ks, wims_pl_str(token));

	if(r != want)
		fail_msg("%s: %s instead of %s", token, wims_reason_text(r), wims_reason_text(want));
	free(token);
}

static const struct
{
	enum mint_key key;
	const char *alg, *kid;
} good[] = {{MINT_RSA, "RS256", "rsa"},    {MINT_RSA, "RS384", "rsa"},
			{MINT_RSA, "RS512", "rsa"},    {MINT_RSA, "PS256", "rsa"},
			{MINT_RSA, "PS384", "rsa"},    {MINT_RSA, "PS512", "rsa"},
			{MINT_P256, "ES256", "p256"},  {MINT_P384, "ES384", "p384"},
			{MINT_P521, "ES512", "p521"},  {MINT_ED25519, "EdDSA", "ed25519"},
			{MINT_ED448, "EdDSA", "ed448"}};

static void test_every_algorithm(void **state)
{
	size_t i, j;

	for(i = 0; i < COUNT(good); i++) {
		expect(*state, mint_token(good[i].key, good[i].alg, good[i].kid, "{}"), WIMS_OK);
		/* any payload, also none */
		expect(*state, mint_token(good[i].key, good[i].alg, good[i].kid, ""), WIMS_OK);
		/* the same signature under another name */
		for(j = 0; j < COUNT(good); j++) {
			char *header = mint_text("{\"alg\":\"%s\",\"kid\":\"%s\"}", good[j].alg, good[i].kid);
			char *token = mint_jws(good[i].key, good[i].alg, header, WIMS_PL("{}"));

			if(strcmp(good[i].alg, good[j].alg) != 0)
				assert_int_not_equal(check(*state, wims_pl_str(token)), WIMS_OK);
			free(header);
			free(token);
		}
	}
}

/* The key decides: an algorithm it was not bound to is refused before any
 * cryptography. */
static void test_key_decides(void **state)
{
	struct wims_keyset *only = keys_from(mint_jwk(MINT_RSA, "rsa", ",\"alg\":\"RS512\""));

	expect(only, mint_token(MINT_RSA, "RS512", "rsa", "{}"), WIMS_OK);
	expect(only, mint_token(MINT_RSA, "RS256", "rsa", "{}"), WIMS_ALG_MISMATCH);
	expect(only, mint_token(MINT_RSA, "PS512", "rsa", "{}"), WIMS_ALG_MISMATCH);
	wims_keyset_free(only);
	expect(*state, mint_token(MINT_P384, "ES256", "p384", "{}"), WIMS_ALG_MISMATCH);
	expect(*state, mint_token(MINT_K256, "ES256", "p256", "{}"), WIMS_SIGNATURE_BAD);
	expect(*state, mint_token(MINT_RSA_OTHER, "RS256", "rsa", "{}"), WIMS_SIGNATURE_BAD);
	expect(*state, mint_token(MINT_RSA, "RS256", "p256", "{}"), WIMS_ALG_MISMATCH);
	expect(*state, mint_token(MINT_RSA, "RS256", "nobody", "{}"), WIMS_KEY_UNKNOWN);
	expect(NULL, mint_token(MINT_RSA, "RS256", "rsa", "{}"), WIMS_KEY_UNKNOWN);
}

static void test_no_kid(void **state)
{
	struct wims_keyset *one = keys_from(mint_jwk(MINT_ED25519, "k", ""));
	struct wims_pl body = WIMS_PL("{}");

	expect(one, mint_jws(MINT_ED25519, "EdDSA", "{\"alg\":\"EdDSA\"}", body), WIMS_OK);
	expect(*state, mint_jws(MINT_ED25519, "EdDSA", "{\"alg\":\"EdDSA\"}", body), WIMS_KEY_UNKNOWN);
	wims_keyset_free(one);
}

/* Headers, all of them signed properly by the Ed25519 key. */
static const struct
{
	const char *header;
	enum wims_reason want;
} headers[] = {
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\"}", WIMS_OK},
		{" {\n\"kid\" : \"ed25519\", \"alg\":\"EdDSA\" } ", WIMS_OK},
		{"{\"alg\":\"\\u0045dDSA\",\"kid\":\"ed25519\"}", WIMS_OK},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"typ\":\"whatever\",\"x5t\":1}", WIMS_OK},
		/* none, in every spelling, and its relatives */
		{"{\"alg\":\"none\",\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"alg\":\"None\",\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"alg\":\"NONE\",\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"alg\":\"nOnE\",\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"alg\":\"\",\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"alg\":null,\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"alg\":1,\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"alg\":[\"EdDSA\"],\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"alg\":\"eddsa\",\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"alg\":\"EdDSA \",\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"Alg\":\"EdDSA\",\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"alg\":\"HS256\",\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		{"{\"alg\":\"Ed25519\",\"kid\":\"ed25519\"}", WIMS_ALG_UNKNOWN},
		/* members twice */
		{"{\"alg\":\"none\",\"alg\":\"EdDSA\",\"kid\":\"ed25519\"}", WIMS_TOKEN_JSON},
		{"{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\",\"kid\":\"ed25519\"}", WIMS_TOKEN_JSON},
		{"{\"alg\":\"EdDSA\",\"\\u0061lg\":\"none\",\"kid\":\"ed25519\"}", WIMS_TOKEN_JSON},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"kid\":\"ed25519\"}", WIMS_TOKEN_JSON},
		/* what would change how the token is read */
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"crit\":[\"exp\"],\"exp\":1}", WIMS_TOKEN_CRIT},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"crit\":[\"alg\"]}", WIMS_TOKEN_CRIT},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"crit\":[]}", WIMS_TOKEN_CRIT},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"crit\":null}", WIMS_TOKEN_CRIT},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"crit\":[\"b64\"],\"b64\":false}",
		 WIMS_TOKEN_CRIT},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"b64\":false}", WIMS_TOKEN_CRIT},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"zip\":\"DEF\"}", WIMS_TOKEN_FORMAT},
		/* kid and typ */
		{"{\"alg\":\"EdDSA\",\"kid\":1}", WIMS_TOKEN_FORMAT},
		{"{\"alg\":\"EdDSA\",\"kid\":null}", WIMS_TOKEN_FORMAT},
		{"{\"alg\":\"EdDSA\",\"kid\":[\"ed25519\"]}", WIMS_TOKEN_FORMAT},
		{"{\"alg\":\"EdDSA\",\"kid\":\"\"}", WIMS_KEY_UNKNOWN},
		{"{\"alg\":\"EdDSA\",\"kid\":\"../../etc/passwd\"}", WIMS_KEY_UNKNOWN},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519' OR 1=1\"}", WIMS_KEY_UNKNOWN},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\\u0000\"}", WIMS_TOKEN_JSON},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"typ\":1}", WIMS_TOKEN_TYP},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"typ\":null}", WIMS_TOKEN_TYP},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"typ\":\"\"}", WIMS_TOKEN_TYP},
		/* no object */
		{"[\"alg\",\"EdDSA\"]", WIMS_TOKEN_FORMAT},
		{"\"alg\"", WIMS_TOKEN_JSON},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\"}{}", WIMS_TOKEN_JSON},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",}", WIMS_TOKEN_JSON},
		{"\xef\xbb\xbf{\"alg\":\"EdDSA\",\"kid\":\"ed25519\"}", WIMS_TOKEN_JSON},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"x\":\"\xff\"}", WIMS_TOKEN_JSON},
		{"{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"x\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}",
		 WIMS_TOKEN_JSON}};

static void test_headers(void **state)
{
	size_t i;
	int round;

	/* twice: what a good header left behind must not help a bad one */
	for(round = 0; round < 2; round++)
		for(i = 0; i < COUNT(headers); i++)
			expect(*state, mint_jws(MINT_ED25519, "EdDSA", headers[i].header, WIMS_PL("{}")),
				   headers[i].want);
}

/* Keys that the token brings along or points at are never used. */
static void test_embedded_keys(void **state)
{
	char *jwk = mint_jwk(MINT_RSA_OTHER, "rsa", "");
	static const char *const pointers[] = {"\"jku\":\"https://evil.test/jwks\"",
										   "\"x5u\":\"https://evil.test/cert\"",
										   "\"jku\":\"file:///dev/zero\""};
	char *header = mint_text("{\"alg\":\"RS256\",\"kid\":\"rsa\",\"jwk\":%s}", jwk);
	size_t i;

	expect(*state, mint_jws(MINT_RSA_OTHER, "RS256", header, WIMS_PL("{}")), WIMS_SIGNATURE_BAD);
	/* nor do they hurt: RFC 7515 4 has them ignored */
	expect(*state, mint_jws(MINT_RSA, "RS256", header, WIMS_PL("{}")), WIMS_OK);
	free(header);
	for(i = 0; i < COUNT(pointers); i++) {
		header = mint_text("{\"alg\":\"RS256\",\"kid\":\"rsa\",%s}", pointers[i]);
		expect(*state, mint_jws(MINT_RSA_OTHER, "RS256", header, WIMS_PL("{}")),
			   WIMS_SIGNATURE_BAD);
		expect(*state, mint_jws(MINT_RSA, "RS256", header, WIMS_PL("{}")), WIMS_OK);
		free(header);
	}
	free(jwk);
}

/* Public keys as HMAC secrets. */
static void test_confusion(void **state)
{
	char *pem = mint_pem(MINT_RSA), *jwk = mint_jwk(MINT_RSA, "rsa", "");
	static const char *const algs[] = {"HS256", "HS384", "HS512", "RS256", "hs256", "EdDSA"};
	struct wims_pl secrets[] = {
			wims_pl_str(pem), {pem, strlen(pem) - 1}, wims_pl_str(jwk), WIMS_PL("")};
	size_t i, j;

	for(i = 0; i < COUNT(algs); i++) {
		char *header = mint_text("{\"alg\":\"%s\",\"kid\":\"rsa\"}", algs[i]);

		for(j = 0; j < COUNT(secrets); j++) {
			char *token = mint_hmac("SHA256", secrets[j], header, "{}");

			assert_int_not_equal(check(*state, wims_pl_str(token)), WIMS_OK);
			free(token);
		}
		free(header);
	}
	free(pem);
	free(jwk);
}

/* r || s and nothing else; numbers that fooled others. */
static void test_ecdsa_forms(void **state)
{
	static const struct
	{
		size_t len;
		unsigned char fill, last;
	} rows[] = {{64, 0, 0}, {64, 0, 1},  {64, 0xff, 0xff}, {63, 1, 1},   {65, 1, 1},
				{32, 1, 1}, {128, 1, 1}, {1, 0, 0},        {70, 0x30, 1}};
	char *token = mint_token(MINT_P256, "ES256", "p256", "{}");
	int head = (int)(strrchr(token, '.') - token) + 1;
	size_t i;

	for(i = 0; i < COUNT(rows); i++) {
		char raw[128], *sig;

		memset(raw, rows[i].fill, sizeof(raw));
		raw[rows[i].len - 1] = (char)rows[i].last;
		sig = mint_b64((struct wims_pl){raw, rows[i].len});
		expect(*state, mint_text("%.*s%s", head, token, sig), WIMS_SIGNATURE_BAD);
		free(sig);
	}
	expect(*state, token, WIMS_OK);
}

/* Spellings of one token: there is one, and no other. */
static void test_spelling(void **state)
{
	static const char *const tails[] = {
			"!!!!", ".",    "..", "\n", "=",     "==",   "\xc3\xa4", "A", "AA",
			"AAA",  "AAAA", " ",  "%",  ".AAAA", "\r\n", "+",        "/"};
	static const char *const heads[] = {" ", "\n", ".", "A", "AAAA", "Bearer ", "="};
	char *token = mint_token(MINT_ED25519, "EdDSA", "ed25519", "{\"a\":1}");
	size_t i, at;

	for(i = 0; i < COUNT(tails); i++) {
		char *t = mint_text("%s%s", token, tails[i]);

		assert_int_not_equal(check(*state, wims_pl_str(t)), WIMS_OK);
		free(t);
	}
	for(i = 0; i < COUNT(heads); i++) {
		char *t = mint_text("%s%s", heads[i], token);

		assert_int_not_equal(check(*state, wims_pl_str(t)), WIMS_OK);
		free(t);
	}
	/* a foreign byte anywhere */
	for(at = 0; at <= strlen(token); at++) {
		char *t = mint_text("%.*s?%s", (int)at, token, token + at);

		assert_int_not_equal(check(*state, wims_pl_str(t)), WIMS_OK);
		free(t);
	}
	assert_int_not_equal(check(*state, (struct wims_pl){token, strlen(token) + 1}), WIMS_OK);
	expect(*state, token, WIMS_OK);
}

static void test_parts(void **state)
{
	static const char *const rows[] = {
			"",
			".",
			"..",
			"...",
			"....",
			"a",
			"a.b",
			"a.b.",
			".b.c",
			"eyJhbGciOiJFZERTQSJ9.e30",
			"eyJhbGciOiJFZERTQSJ9.e30.",
			"eyJhbGciOiJub25lIn0.e30.",
			"eyJhbGciOiJFZERTQSJ9.e30.AA.AA",
			"eyJhbGciOiJFZERTQSJ9.e30.AA.AA.AA",
			"eyJhbGciOiJFZERTQSJ9..",
			"{\"protected\":\"eyJhbGciOiJFZERTQSJ9\",\"payload\":\"e30\",\"signature\":\"AA\"}"};
	size_t i;

	for(i = 0; i < COUNT(rows); i++)
		expect(*state, mint_text("%s", rows[i]), WIMS_TOKEN_FORMAT);
	assert_int_equal(check(*state, WIMS_PL_NONE), WIMS_TOKEN_FORMAT);
}

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
	expect(*state, token, WIMS_OK);
	expect(*state, padded(0, room + 4), WIMS_TOKEN_TOO_LONG);
	expect(*state, padded(700, 0), WIMS_OK);
	expect(*state, padded(800, 0), WIMS_TOKEN_TOO_LONG);
	/* kid and typ have their own caps */
	for(i = WIMS_KID_MAX; i < WIMS_KID_MAX + 2; i++) {
		memset(kid, 'k', i);
		expect(*state, mint_token(MINT_ED25519, "EdDSA", kid, "{}"), WIMS_KEY_UNKNOWN);
	}
	kid[WIMS_JWS_TYP_MAX + 1] = '\0';
	t = mint_text("{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"typ\":\"%s\"}", kid);
	expect(*state, mint_jws(MINT_ED25519, "EdDSA", t, WIMS_PL("{}")), WIMS_TOKEN_TYP);
	free(t);
	/* a signature longer than any key's */
	big = calloc(1, 2000);
	memset(big, 'A', 1999);
	expect(*state, mint_text("eyJhbGciOiJFZERTQSJ9.e30.%s", big), WIMS_TOKEN_TOO_LONG);
	big[1366] = '\0';
	expect(*state, mint_text("eyJhbGciOiJFZERTQSJ9.e30.%s", big), WIMS_KEY_UNKNOWN);
	free(big);
	/* megabytes are refused by their length alone */
	big = malloc(10000000);
	assert_non_null(big);
	memset(big, 'e', 10000000);
	assert_int_equal(check(*state, (struct wims_pl){big, 10000000}), WIMS_TOKEN_TOO_LONG);
	free(big);
}

struct mutation
{
	const struct wims_keyset *ks;
	size_t accepted;
};

static void refuse(void *ctx, struct wims_pl input)
{
	struct mutation *m = ctx;

	if(check(m->ks, input) == WIMS_OK)
		m->accepted++;
}

/* No truncation, no flipped bit, no doubled byte of a good token verifies. */
static void test_mutants(void **state)
{
	size_t i;

	for(i = 0; i < COUNT(good); i++) {
		char *token = mint_token(good[i].key, good[i].alg, good[i].kid, "{\"a\":\"b\"}");
		struct mutation m = {.ks = *state};

		/* the dear ones: every key type once is enough */
		if(good[i].alg[0] == 'E' || strcmp(good[i].alg, "RS256") == 0)
			assert_true(sweep(wims_pl_str(token), refuse, &m) > 0);
		assert_int_equal(m.accepted, 0);
		expect(*state, token, WIMS_OK);
	}
}

/* A header that is known already is the same text, not a similar one. */
static void test_memo(void **state)
{
	int i;

	/* more headers than are remembered, round and round */
	for(i = 0; i < 40; i++) {
		char *header = mint_text("{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"n\":\"%03d\"}", i % 7);
		char *bad = mint_text("{\"alg\":\"ES256\",\"kid\":\"ed25519\",\"n\":\"%03d\"}", i % 7);

		expect(*state, mint_jws(MINT_ED25519, "EdDSA", header, WIMS_PL("{}")), WIMS_OK);
		expect(*state, mint_jws(MINT_ED25519, "EdDSA", bad, WIMS_PL("{}")), WIMS_ALG_MISMATCH);
		expect(*state, mint_jws(MINT_RSA, "RS256", header, WIMS_PL("{}")), WIMS_SIGNATURE_BAD);
		free(header);
		free(bad);
	}
}

static size_t library_left;

static void *library_malloc(size_t n)
{
	return library_left > 0 && library_left-- > 0 ? malloc(n) : NULL;
}

static void test_no_memory(void **state)
{
	char *token = mint_jws(MINT_ED25519, "EdDSA",
						   "{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"typ\":\"never seen before\"}",
						   WIMS_PL("{}"));
	enum wims_reason r = WIMS_NOMEM;
	struct scarce s;
	size_t n;

	scarce_init(&s, 0);
	assert_int_equal(wims_token_signature(&s.env, *state, wims_pl_str(token)), WIMS_NOMEM);
	assert_int_equal(s.live, 0);
	json_set_alloc_funcs(library_malloc, free);
	for(n = 0; r != WIMS_OK && n < 100; n++) {
		library_left = n;
		r = check(*state, wims_pl_str(token));
		assert_true(r == WIMS_OK || r == WIMS_NOMEM || r == WIMS_TOKEN_JSON);
	}
	json_set_alloc_funcs(malloc, free);
	assert_in_range(n, 5, 99);
	free(token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_every_algorithm), cmocka_unit_test(test_key_decides),
			cmocka_unit_test(test_no_kid),          cmocka_unit_test(test_headers),
			cmocka_unit_test(test_embedded_keys),   cmocka_unit_test(test_confusion),
			cmocka_unit_test(test_ecdsa_forms),     cmocka_unit_test(test_spelling),
			cmocka_unit_test(test_parts),           cmocka_unit_test(test_sizes),
			cmocka_unit_test(test_mutants),         cmocka_unit_test(test_memo),
			cmocka_unit_test(test_no_memory)};

	return cmocka_run_group_tests(tests, make_ring, free_ring);
}
