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
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <openssl/crypto.h>

#include "jose/wims_alg_ossl.h"
#include "jose/wims_keyset.h"
#include "token/wims_token.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Published examples, and the helpers of the one file that knows OpenSSL. */

struct example
{
	const char *name;
	const char *alg;
	const char *jwk;
	const char *jws;
};

/* clang-format off */
static const struct example examples[] = {
	{"RFC 7520 4.1", "RS256",
		"{\"kty\":\"RSA\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\",\"n\":\"n4EPtAOCc9AlkeQ"
		"HPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMR"
		"BSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-O"
		"fVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L"
		"_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw\",\"e\":\"AQ"
		"AB\"}",
		"eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGE"
		"gZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB"
		"0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmc"
		"gd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5ME"
		"aHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4"
		"JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFx"
		"nt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZ"
		"Dnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg"},
	{"RFC 7520 4.2", "PS384",
		"{\"kty\":\"RSA\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\",\"n\":\"n4EPtAOCc9AlkeQ"
		"HPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMR"
		"BSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-O"
		"fVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L"
		"_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw\",\"e\":\"AQ"
		"AB\"}",
		"eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGE"
		"gZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB"
		"0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmc"
		"gd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0k"
		"kOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6_1OLPpcbUrhiUSMxbbX"
		"UvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT"
		"3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKP"
		"bByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw"},
	{"RFC 7520 4.3", "ES512",
		"{\"kty\":\"EC\",\"kid\":\"bilbo.baggins@hobbiton.example\",\"use\":\"sig\",\"crv\":\"P-521\",\"x\":\"AH"
		"KZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0"
		"Kt\",\"y\":\"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9"
		"cwlGfP-HqHZR1\"}",
		"eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGE"
		"gZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB"
		"0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmc"
		"gd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4.AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZG"
		"YNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_sDDyYjnAMDxXPn7XrT0lw-k"
		"vAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2"},
	{"RFC 7515 A.3", "ES256",
		"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_F"
		"EzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
		"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGF"
		"tcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw"
		"5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"},
	{"RFC 7515 A.1", "HS256",
		"{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4"
		"hcgUuTwjAzZr1Z9CAow\"}",
		"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODA"
		"sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW"
		"1gFWFOEjXk"},
	{"RFC 8037 A.4", "EdDSA",
		"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
		"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7"
		"-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"}};
/* clang-format on */

static struct wims_keyset *keys_of(const char *jwk, uint32_t allowed)
{
	struct wims_json *doc = NULL;
	struct wims_keyset *ks = NULL;

	assert_int_equal(wims_json_parse(&doc, &wims_env_libc, wims_pl_str(jwk), 10000, NULL), WIMS_OK);
	assert_int_equal(wims_keyset_from_jwks(&ks, &wims_env_libc, wims_json_root(doc), allowed, NULL),
					 WIMS_OK);
	wims_json_free(doc);
	return ks;
}

static void test_examples(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(examples); i++) {
		const struct wims_alg *alg = wims_alg_by_name(wims_pl_str(examples[i].alg));
		struct wims_keyset *ks = keys_of(examples[i].jwk, WIMS_ALG_BIT(alg->id));
		char *bad = strdup(examples[i].jws);
		enum wims_reason r = wims_token_signature(&wims_env_libc, ks, wims_pl_str(examples[i].jws));

		if(r != WIMS_OK)
			fail_msg("%s: %s", examples[i].name, wims_reason_text(r));
		/* one letter of the payload changed */
		bad[strlen(bad) / 3] = bad[strlen(bad) / 3] == 'A' ? 'B' : 'A';
		assert_int_not_equal(wims_token_signature(&wims_env_libc, ks, wims_pl_str(bad)), WIMS_OK);
		free(bad);
		wims_keyset_free(ks);
	}
}

static void test_table(void **state)
{
	/* clang-format off */
	static const char *const not_there[] = {"", "none", "None", "NONE", "nOnE", "hs256", "HS1",
		"HS257", "HMAC", "rs256", "RS256 ", " RS256", "RS255", "RS25", "RS2560", "ES256K", "ES512K",
		"Ed25519", "EDDSA", "eddsa", "RSA-OAEP", "dir", "PS256\n"};
	/* clang-format on */
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(not_there); i++)
		assert_null(wims_alg_by_name(wims_pl_str(not_there[i])));
	assert_null(wims_alg_by_name(WIMS_PL("RS256\0")));
	for(i = 0; wims_alg_at(i) != NULL; i++) {
		const struct wims_alg *alg = wims_alg_at(i);

		assert_int_equal(alg->id, i);
		assert_ptr_equal(wims_alg_by_name(alg->name), alg);
		assert_int_equal(alg->name.l, strlen(alg->name.p));
	}
	assert_int_equal(i, WIMS_ALG_COUNT);
	assert_int_equal(WIMS_ALG_PUBLIC, 0x3ff);
	assert_int_equal(WIMS_ALG_HMAC, 0x1c00);
	assert_int_equal(wims_alg_of_key(WIMS_KEY_SECRET), WIMS_ALG_HMAC);
	assert_int_equal(wims_alg_of_key(WIMS_KEY_P256), WIMS_ALG_BIT(WIMS_ALG_ES256));
	assert_int_equal(wims_alg_of_key(WIMS_KEY_RSA), 0x3f);
}

/* RFC 7518 3.2 */
static void test_secret_length(void **state)
{
	static const struct
	{
		size_t len;
		uint32_t algs;
		bool usable;
	} rows[] = {{0, 0, false},
				{31, 0, false},
				{32, WIMS_ALG_BIT(WIMS_ALG_HS256), true},
				{47, WIMS_ALG_BIT(WIMS_ALG_HS256), true},
				{48, WIMS_ALG_BIT(WIMS_ALG_HS256) | WIMS_ALG_BIT(WIMS_ALG_HS384), true},
				{63, WIMS_ALG_BIT(WIMS_ALG_HS256) | WIMS_ALG_BIT(WIMS_ALG_HS384), true},
				{64, WIMS_ALG_HMAC, true},
				{WIMS_SECRET_MAX, WIMS_ALG_HMAC, true},
				{WIMS_SECRET_MAX + 1, WIMS_ALG_HMAC, false}};
	char secret[WIMS_SECRET_MAX + 1];
	size_t i;

	(void)state;
	memset(secret, 's', sizeof(secret));
	for(i = 0; i < COUNT(rows); i++) {
		struct wims_verifier key = {0};
		const char *why = NULL;
		enum wims_reason r = wims_secret(&key, (struct wims_pl){secret, rows[i].len}, &why);

		assert_int_equal(wims_alg_of_secret(rows[i].len), rows[i].algs);
		assert_int_equal(r, rows[i].usable ? WIMS_OK : WIMS_CONFIG_KEY);
		assert_int_equal(why == NULL, rows[i].usable);
		assert_int_equal(key.evp != NULL, rows[i].usable);
		wims_verifier_free(&key);
	}
}

/* RFC 4231 4.3, 4.7, and one made with Python's hmac module */
static void test_hmac(void **state)
{
	static const unsigned char want[] = {0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e,
										 0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
										 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83,
										 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43};
	static const unsigned char want_long[] = {0x60, 0xe4, 0x31, 0x59, 0x1e, 0xe0, 0xb6, 0x7f,
											  0x0d, 0x8a, 0x26, 0xaa, 0xcb, 0xf5, 0xb7, 0x7f};
	static const unsigned char want_block[] = {0x7d, 0x13, 0x85, 0x03, 0xe2, 0x66, 0x66, 0x74,
											   0x0e, 0x49, 0x3a, 0x90, 0x64, 0x10, 0x24, 0x39};
	struct wims_pl whole = WIMS_PL("what do ya want for nothing?");
	struct wims_pl parts[] = {WIMS_PL("what do ya "), WIMS_PL_NONE, WIMS_PL("want for nothing?")};
	struct wims_pl larger = WIMS_PL("Test Using Larger Than Block-Size Key - Hash Key First");
	struct wims_pl letters[WIMS_HMAC_PARTS_MAX + 1] = {WIMS_PL("a")};
	unsigned char out[WIMS_SHA256_LEN];
	char key[131];

	(void)state;
	assert_true(wims_hmac_sha256(out, WIMS_PL("Jefe"), &whole, 1));
	assert_memory_equal(out, want, sizeof(want));
	assert_true(wims_hmac_sha256(out, WIMS_PL("Jefe"), parts, COUNT(parts)));
	assert_memory_equal(out, want, sizeof(want));
	assert_true(wims_hmac_sha256(out, WIMS_PL("Jeff"), &whole, 1));
	assert_memory_not_equal(out, want, sizeof(want));
	/* 4.7: a key longer than a block; and one of exactly a block */
	memset(key, 0xaa, sizeof(key));
	assert_true(wims_hmac_sha256(out, (struct wims_pl){key, sizeof(key)}, &larger, 1));
	assert_memory_equal(out, want_long, sizeof(want_long));
	assert_true(wims_hmac_sha256(out, (struct wims_pl){key, 64}, &whole, 1));
	assert_memory_equal(out, want_block, sizeof(want_block));
	/* as many parts as there may be, and one more */
	assert_true(wims_hmac_sha256(out, WIMS_PL("Jefe"), letters, WIMS_HMAC_PARTS_MAX));
	assert_false(wims_hmac_sha256(out, WIMS_PL("Jefe"), letters, WIMS_HMAC_PARTS_MAX + 1));
	/* no key, no answer */
	memset(out, 1, sizeof(out));
	assert_false(wims_hmac_sha256(out, WIMS_PL_NONE, &whole, 1));
	assert_false(wims_hmac_sha256(out, WIMS_PL(""), &whole, 1));
	assert_int_equal(out[0], 0);
	assert_int_equal(out[31], 0);
}

/* FIPS 180-4 */
static void test_sha256(void **state)
{
	static const unsigned char abc[] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea},
							   none[] = {0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14};
	unsigned char out[WIMS_SHA256_LEN];

	(void)state;
	assert_true(wims_sha256(out, WIMS_PL("abc")));
	assert_memory_equal(out, abc, sizeof(abc));
	assert_true(wims_sha256(out, WIMS_PL_NONE));
	assert_memory_equal(out, none, sizeof(none));
}

/* ---- what is kept ---- */

static size_t pieces; /* of memory that OpenSSL asked for */

static void *count_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	pieces++;
	return malloc(n);
}

static void *count_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	pieces++;
	return realloc(p, n);
}

static void count_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

/* Three digests; the pieces that they took */
static size_t hash_thrice(void)
{
	struct wims_pl text = WIMS_PL("what do ya want for nothing?");
	unsigned char out[WIMS_SHA256_LEN];

	pieces = 0;
	assert_true(wims_sha256(out, text));
	assert_true(wims_hmac_sha256(out, text, &text, 1));
	return pieces;
}

/* Nothing is made anew for a digest, but the state of OpenSSL 3.0's. A child makes all
 * of its own, and leaves alone what is its parent's. */
static void test_kept(void **state)
{
	int status = 0;
	pid_t child;

	(void)state;
	hash_thrice();
	assert_in_range(hash_thrice(), 0, 3);
	child = fork();
	assert_int_not_equal(child, -1);
	if(child == 0) {
		wims_crypto_forget();
		_exit(hash_thrice() > 3 && hash_thrice() <= 3 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static enum wims_reason check(const struct wims_keyset *ks, size_t i)
{
	return wims_token_signature(&wims_env_libc, ks, wims_pl_str(examples[i].jws));
}

/* One key with two algorithms, the same key once more, and other kinds of keys, by
 * turns: each is verified with what was kept for it, and a good signature after a bad one. */
static void test_kept_keys(void **state)
{
	enum
	{
		ROUNDS = 12 /* more keys than are kept */
	};
	struct wims_keyset *ks[ROUNDS][4];
	size_t round, i, turn;

	(void)state;
	for(round = 0; round < ROUNDS; round++)
		for(i = 0; i < COUNT(ks[0]); i++)
			ks[round][i] = keys_of(examples[i].jwk, WIMS_ALG_PUBLIC);
	for(turn = 0; turn < 3; turn++)
		for(round = 0; round < ROUNDS; round++)
			for(i = 0; i < COUNT(ks[0]); i++) {
				/* the second example is of the first one's key */
				size_t other = i < 2 ? 1 - i : i;

				assert_int_equal(check(ks[round][i], i), WIMS_OK);
				assert_int_equal(check(ks[round][i], other), WIMS_OK);
				assert_int_not_equal(check(ks[round][i], (i + 2) % COUNT(ks[0])), WIMS_OK);
				assert_int_equal(check(ks[0][i], i), WIMS_OK);
			}
	for(round = 0; round < ROUNDS; round++)
		for(i = 0; i < COUNT(ks[0]); i++)
			wims_keyset_free(ks[round][i]);
}

static void test_random_and_compare(void **state)
{
	unsigned char a[32] = {0}, b[32] = {0}, zero[32] = {0};

	(void)state;
	assert_true(wims_random(a, sizeof(a)) && wims_random(b, sizeof(b)));
	assert_memory_not_equal(a, b, sizeof(a));
	assert_memory_not_equal(a, zero, sizeof(a));
	assert_true(wims_ct_equal(WIMS_PL("abc"), WIMS_PL("abc")));
	assert_false(wims_ct_equal(WIMS_PL("abc"), WIMS_PL("abd")));
	assert_false(wims_ct_equal(WIMS_PL("abc"), WIMS_PL("ab")));
	assert_true(wims_ct_equal(WIMS_PL_NONE, WIMS_PL("")));
}

static void test_warm_up(void **state)
{
	const char *what = "";

	(void)state;
	assert_int_equal(wims_crypto_warm_up(&what), WIMS_OK);
	assert_null(what);
	assert_int_equal(wims_crypto_warm_up(&what), WIMS_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_examples),      cmocka_unit_test(test_table),
			cmocka_unit_test(test_secret_length), cmocka_unit_test(test_hmac),
			cmocka_unit_test(test_sha256),        cmocka_unit_test(test_random_and_compare),
			cmocka_unit_test(test_kept),          cmocka_unit_test(test_kept_keys),
			cmocka_unit_test(test_warm_up)};

	if(CRYPTO_set_mem_functions(count_malloc, count_realloc, count_free) != 1)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
