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

#include "jose/wims_b64.h"
#include "jws_help.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void test_every_algorithm(void **state)
{
	size_t i, j;

	for(i = 0; i < JWS_GOOD_COUNT; i++) {
		jws_expect(*state, mint_token(jws_good[i].key, jws_good[i].alg, jws_good[i].kid, "{}"),
				   WIMS_OK);
		/* any payload, also none */
		jws_expect(*state, mint_token(jws_good[i].key, jws_good[i].alg, jws_good[i].kid, ""),
				   WIMS_OK);
		/* the same signature under another name */
		for(j = 0; j < JWS_GOOD_COUNT; j++) {
			char *header =
					mint_text("{\"alg\":\"%s\",\"kid\":\"%s\"}", jws_good[j].alg, jws_good[i].kid);
			char *token = mint_jws(jws_good[i].key, jws_good[i].alg, header, WIMS_PL("{}"));

			if(strcmp(jws_good[i].alg, jws_good[j].alg) != 0)
				assert_int_not_equal(jws_check(*state, wims_pl_str(token)), WIMS_OK);
			free(header);
			free(token);
		}
	}
}

/* The key decides: an algorithm it was not bound to is refused before any
 * cryptography. */
static void test_key_decides(void **state)
{
	struct wims_keyset *only = jws_keys(mint_jwk(MINT_RSA, "rsa", ",\"alg\":\"RS512\""));

	jws_expect(only, mint_token(MINT_RSA, "RS512", "rsa", "{}"), WIMS_OK);
	jws_expect(only, mint_token(MINT_RSA, "RS256", "rsa", "{}"), WIMS_ALG_MISMATCH);
	jws_expect(only, mint_token(MINT_RSA, "PS512", "rsa", "{}"), WIMS_ALG_MISMATCH);
	wims_keyset_free(only);
	jws_expect(*state, mint_token(MINT_P384, "ES256", "p384", "{}"), WIMS_ALG_MISMATCH);
	jws_expect(*state, mint_token(MINT_K256, "ES256", "p256", "{}"), WIMS_SIGNATURE_BAD);
	jws_expect(*state, mint_token(MINT_RSA_OTHER, "RS256", "rsa", "{}"), WIMS_SIGNATURE_BAD);
	jws_expect(*state, mint_token(MINT_RSA, "RS256", "p256", "{}"), WIMS_ALG_MISMATCH);
	jws_expect(*state, mint_token(MINT_RSA, "RS256", "nobody", "{}"), WIMS_KEY_UNKNOWN);
	jws_expect(NULL, mint_token(MINT_RSA, "RS256", "rsa", "{}"), WIMS_KEY_UNKNOWN);
}

static void test_no_kid(void **state)
{
	struct wims_keyset *one = jws_keys(mint_jwk(MINT_ED25519, "k", ""));
	struct wims_pl body = WIMS_PL("{}");

	jws_expect(one, mint_jws(MINT_ED25519, "EdDSA", "{\"alg\":\"EdDSA\"}", body), WIMS_OK);
	jws_expect(*state, mint_jws(MINT_ED25519, "EdDSA", "{\"alg\":\"EdDSA\"}", body),
			   WIMS_KEY_UNKNOWN);
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
		{"{\"alg\":\"HS256\",\"kid\":\"ed25519\"}", WIMS_ALG_MISMATCH},
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
			jws_expect(*state, mint_jws(MINT_ED25519, "EdDSA", headers[i].header, WIMS_PL("{}")),
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

	jws_expect(*state, mint_jws(MINT_RSA_OTHER, "RS256", header, WIMS_PL("{}")),
			   WIMS_SIGNATURE_BAD);
	/* nor do they hurt: RFC 7515 4 has them ignored */
	jws_expect(*state, mint_jws(MINT_RSA, "RS256", header, WIMS_PL("{}")), WIMS_OK);
	free(header);
	for(i = 0; i < COUNT(pointers); i++) {
		header = mint_text("{\"alg\":\"RS256\",\"kid\":\"rsa\",%s}", pointers[i]);
		jws_expect(*state, mint_jws(MINT_RSA_OTHER, "RS256", header, WIMS_PL("{}")),
				   WIMS_SIGNATURE_BAD);
		jws_expect(*state, mint_jws(MINT_RSA, "RS256", header, WIMS_PL("{}")), WIMS_OK);
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

			assert_int_not_equal(jws_check(*state, wims_pl_str(token)), WIMS_OK);
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
		jws_expect(*state, mint_text("%.*s%s", head, token, sig), WIMS_SIGNATURE_BAD);
		free(sig);
	}
	jws_expect(*state, token, WIMS_OK);
}

/* A token whose signature begins with a zero octet: one of 256. */
static char *mint_zero_front(const char *alg)
{
	int n;

	for(n = 0; n < 10000; n++) {
		char *payload = mint_text("{\"n\":%d}", n);
		char *token = mint_token(MINT_RSA, alg, "rsa", payload);
		const char *sig = strrchr(token, '.') + 1;

		free(payload);
		if(sig[0] == 'A' && sig[1] >= 'A' && sig[1] <= 'P')
			return token;
		free(token);
	}
	fail_msg("no signature by %s begins with zero", alg);
	return NULL;
}

/* As long as the modulus, also where OpenSSL would not miss the first octet. */
static void test_rsa_length(void **state)
{
	static const char *const algs[] = {"PS256", "RS256"};
	size_t i, len = 0;

	for(i = 0; i < COUNT(algs); i++) {
		char *token = mint_zero_front(algs[i]), raw[1 + 256] = {0}, *sig;
		int head = (int)(strrchr(token, '.') - token) + 1;

		assert_true(wims_b64_decode(raw + 1, 256, &len, wims_pl_str(token + head)));
		assert_int_equal(len, 256);
		assert_int_equal(raw[1], 0);
		sig = mint_b64((struct wims_pl){raw + 2, 255});
		jws_expect(*state, mint_text("%.*s%s", head, token, sig), WIMS_SIGNATURE_BAD);
		free(sig);
		sig = mint_b64((struct wims_pl){raw, 257});
		jws_expect(*state, mint_text("%.*s%s", head, token, sig), WIMS_SIGNATURE_BAD);
		free(sig);
		jws_expect(*state, token, WIMS_OK);
	}
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

		assert_int_not_equal(jws_check(*state, wims_pl_str(t)), WIMS_OK);
		free(t);
	}
	for(i = 0; i < COUNT(heads); i++) {
		char *t = mint_text("%s%s", heads[i], token);

		assert_int_not_equal(jws_check(*state, wims_pl_str(t)), WIMS_OK);
		free(t);
	}
	/* a foreign byte anywhere */
	for(at = 0; at <= strlen(token); at++) {
		char *t = mint_text("%.*s?%s", (int)at, token, token + at);

		assert_int_not_equal(jws_check(*state, wims_pl_str(t)), WIMS_OK);
		free(t);
	}
	assert_int_not_equal(jws_check(*state, (struct wims_pl){token, strlen(token) + 1}), WIMS_OK);
	jws_expect(*state, token, WIMS_OK);
}

/* Signed as they stand, and still no tokens: {"alg":"EdDSA","kid":"ed25519"}
 * and {} in other spellings of base64. */
static void test_signed_spelling(void **state)
{
#define HEAD "eyJhbGciOiJFZERTQSIsImtpZCI6ImVkMjU1MTkifQ"
	static const struct
	{
		const char *input;
		enum wims_reason want;
	} rows[] = {{HEAD ".e30", WIMS_OK},
				{HEAD ".", WIMS_OK},
				{HEAD ".e31", WIMS_TOKEN_BASE64},
				{HEAD ".e30=", WIMS_TOKEN_BASE64},
				{HEAD ".e30?", WIMS_TOKEN_BASE64},
				{HEAD ".e 30", WIMS_TOKEN_BASE64},
				{HEAD ".e30\n", WIMS_TOKEN_BASE64},
				{HEAD ".e3", WIMS_TOKEN_BASE64},
				{HEAD ".e", WIMS_TOKEN_BASE64},
				{HEAD ".++//", WIMS_TOKEN_BASE64},
				{HEAD "==.e30", WIMS_TOKEN_BASE64},
				{HEAD "?.e30", WIMS_TOKEN_BASE64},
				{" " HEAD ".e30", WIMS_TOKEN_BASE64}};
#undef HEAD
	size_t i;

	for(i = 0; i < COUNT(rows); i++)
		jws_expect(*state, mint_signed(MINT_ED25519, "EdDSA", rows[i].input), rows[i].want);
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
		jws_expect(*state, mint_text("%s", rows[i]), WIMS_TOKEN_FORMAT);
	assert_int_equal(jws_check(*state, WIMS_PL_NONE), WIMS_TOKEN_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_algorithm),
									   cmocka_unit_test(test_key_decides),
									   cmocka_unit_test(test_no_kid),
									   cmocka_unit_test(test_headers),
									   cmocka_unit_test(test_embedded_keys),
									   cmocka_unit_test(test_confusion),
									   cmocka_unit_test(test_ecdsa_forms),
									   cmocka_unit_test(test_rsa_length),
									   cmocka_unit_test(test_spelling),
									   cmocka_unit_test(test_signed_spelling),
									   cmocka_unit_test(test_parts)};

	return cmocka_run_group_tests(tests, jws_setup, jws_teardown);
}
