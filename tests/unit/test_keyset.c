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

#include "jose/wims_alg_ossl.h"
#include "jose/wims_keyset.h"
#include "mint.h"
#include "scarce.h"
#include "sweep.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static enum wims_reason read_jwks(struct wims_keyset **out, const char *text, uint32_t allowed,
								  struct wims_key_fault *fault)
{
	struct wims_json *doc = NULL;
	enum wims_reason r;

	assert_int_equal(wims_json_parse(&doc, &wims_env_libc, wims_pl_str(text), WIMS_JSON_MAX, NULL),
					 WIMS_OK);
	r = wims_keyset_from_jwks(out, &wims_env_libc, wims_json_root(doc), allowed, fault);
	wims_json_free(doc);
	assert_int_equal(*out != NULL, r == WIMS_OK);
	return r;
}

/* text goes out of use. The number of keys, or -1: refused, with this text in
 * the fault. */
static void expect(char *text, uint32_t allowed, int keys, const char *why)
{
	struct wims_keyset *ks = NULL;
	struct wims_key_fault fault = {0};
	enum wims_reason r = read_jwks(&ks, text, allowed, &fault);

	if(keys < 0) {
		if(r != WIMS_CONFIG_KEY || strstr(fault.text, why) == NULL)
			fail_msg("%s: %s (%s)", text, wims_reason_text(r), fault.text);
	} else if(r != WIMS_OK || wims_keyset_count(ks) != (size_t)keys) {
		fail_msg("%s: %s (%s), %zu keys", text, wims_reason_text(r), fault.text,
				 wims_keyset_count(ks));
	}
	wims_keyset_free(ks);
	free(text);
}

static char *set_of(char *a, char *b)
{
	char *out = mint_text("{\"keys\":[%s%s%s]}", a, b == NULL ? "" : ",", b == NULL ? "" : b);

	free(a);
	free(b);
	return out;
}

static void test_every_type(void **state)
{
	static const enum mint_key keys[] = {MINT_RSA,  MINT_P256,    MINT_P384,
										 MINT_P521, MINT_ED25519, MINT_ED448};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(keys); i++) {
		expect(mint_jwk(keys[i], "k", ""), WIMS_ALG_PUBLIC, 1, NULL);
		expect(set_of(mint_jwk(keys[i], "k", ",\"use\":\"sig\",\"key_ops\":[\"verify\"],\"x5t\":1"),
					  NULL),
			   WIMS_ALG_PUBLIC, 1, NULL);
		/* alone it may be without kid */
		expect(mint_jwk(keys[i], NULL, ""), WIMS_ALG_PUBLIC, 1, NULL);
	}
}

/* Not for us, but no reason to refuse the others. */
static void test_left_out(void **state)
{
	static const char *const strangers[] = {
			"{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"h\"}",
			"{\"kty\":\"rsa\",\"n\":\"AQ\",\"e\":\"AQAB\"}", "{\"kty\":\"AKP\"}",
			"{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}",
			"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}"};
	static const char *const members[] = {
			",\"use\":\"enc\"",        ",\"use\":\"\"",      ",\"use\":\"SIG\"",
			",\"key_ops\":[\"sign\"]", ",\"key_ops\":[]",    ",\"alg\":\"RSA-OAEP\"",
			",\"alg\":\"none\"",       ",\"alg\":\"rs256\"", ",\"alg\":\"PS512\""};
	uint32_t allowed = WIMS_ALG_PUBLIC & ~WIMS_ALG_BIT(WIMS_ALG_PS512);
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(strangers); i++) {
		expect(set_of(mint_jwk(MINT_P256, "k", ""), mint_text("%s", strangers[i])), allowed, 1,
			   NULL);
		expect(set_of(mint_text("%s", strangers[i]), NULL), allowed, -1, "no key");
	}
	for(i = 0; i < COUNT(members); i++) {
		expect(set_of(mint_jwk(MINT_P256, "k", ""), mint_jwk(MINT_RSA, "r", members[i])), allowed,
			   1, NULL);
		expect(set_of(mint_jwk(MINT_RSA, "r", members[i]), NULL), allowed, -1, "no key");
	}
	expect(mint_jwk(MINT_P256, "k", ""), WIMS_ALG_BIT(WIMS_ALG_ES384), -1, "no key");
	expect(mint_text("{\"keys\":[]}"), WIMS_ALG_PUBLIC, -1, "no key");
}

static void test_refused_members(void **state)
{
	static const struct
	{
		const char *more, *why;
	} rows[] = {{",\"use\":1", "use"},           {",\"key_ops\":\"verify\"", "key_ops"},
				{",\"key_ops\":[1]", "key_ops"}, {",\"key_ops\":[\"verify\",\"verify\"]", "twice"},
				{",\"alg\":1", "alg"},           {",\"alg\":null", "alg"},
				{",\"alg\":\"ES256\"", "fit"},   {",\"alg\":\"EdDSA\"", "fit"},
				{",\"alg\":\"HS256\"", "fit"},   {",\"kid\":1", "kid"},
				{",\"kid\":\"\"", "kid"},        {",\"d\":\"AQAB\"", "private"}};
	char kid[WIMS_KID_MAX + 2] = "";
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++)
		expect(mint_jwk(MINT_RSA, NULL, rows[i].more), WIMS_ALG_PUBLIC, -1, rows[i].why);
	memset(kid, 'k', WIMS_KID_MAX);
	expect(mint_jwk(MINT_RSA, kid, ""), WIMS_ALG_PUBLIC, 1, NULL);
	kid[WIMS_KID_MAX] = 'k';
	expect(mint_jwk(MINT_RSA, kid, ""), WIMS_ALG_PUBLIC, -1, "kid");
}

static void test_refused_shapes(void **state)
{
	static const struct
	{
		const char *json, *why;
	} rows[] = {{"[]", "object"},
				{"{}", "kty"},
				{"{\"kty\":1}", "kty"},
				{"{\"keys\":{}}", "array"},
				{"{\"keys\":null}", "array"},
				{"{\"keys\":[1]}", "object"},
				{"{\"kty\":\"RSA\"}", "base64url"},
				{"{\"kty\":\"RSA\",\"n\":\"AQAB\"}", "base64url"},
				{"{\"kty\":\"RSA\",\"n\":1,\"e\":\"AQAB\"}", "base64url"},
				{"{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\"}", "leading zero"},
				{"{\"kty\":\"RSA\",\"n\":\"AQ==\",\"e\":\"AQAB\"}", "base64url"},
				{"{\"kty\":\"EC\"}", "crv"},
				{"{\"kty\":\"EC\",\"crv\":1}", "crv"},
				{"{\"kty\":\"EC\",\"crv\":\"P-256\"}", "base64url"},
				{"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}", "field"},
				{"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQ\"}", "32"},
				{"{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}", "base64url"}};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++)
		expect(mint_text("%s", rows[i].json), WIMS_ALG_PUBLIC, -1, rows[i].why);
}

static char *rsa_jwk(size_t bits, const char *e, unsigned char low)
{
	unsigned char n[2000] = {0};
	char *b64, *out;

	memset(n, 0x5a, sizeof(n));
	n[0] = (unsigned char)(0x80 >> (7 - (bits - 1) % 8));
	n[(bits + 7) / 8 - 1] = low;
	b64 = mint_b64((struct wims_pl){(char *)n, (bits + 7) / 8});
	out = mint_text("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}", b64, e);
	free(b64);
	return out;
}

static void test_weak_rsa(void **state)
{
	char *weak = mint_weak_modulus();

	(void)state;
	expect(mint_jwk(MINT_RSA_1024, "k", ""), WIMS_ALG_PUBLIC, -1, "2048 to 8192");
	expect(rsa_jwk(2047, "AQAB", 1), WIMS_ALG_PUBLIC, -1, "2048 to 8192");
	expect(rsa_jwk(8193, "AQAB", 1), WIMS_ALG_PUBLIC, -1, "");
	expect(rsa_jwk(8192, "AQAB", 2), WIMS_ALG_PUBLIC, -1, "odd");
	expect(rsa_jwk(2048, "AQ", 1), WIMS_ALG_PUBLIC, -1, "exponent");
	expect(rsa_jwk(2048, "Aw", 1), WIMS_ALG_PUBLIC, -1, "exponent");
	expect(rsa_jwk(2048, "_-8", 1), WIMS_ALG_PUBLIC, -1, "exponent");
	expect(rsa_jwk(2048, "AQAA", 1), WIMS_ALG_PUBLIC, -1, "exponent");
	expect(rsa_jwk(2048, "AQAAAAAAAAAB", 1), WIMS_ALG_PUBLIC, -1, "exponent");
	expect(rsa_jwk(2048, "AAEAAQ", 1), WIMS_ALG_PUBLIC, -1, "leading zero");
	expect(mint_text("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"}", weak), WIMS_ALG_PUBLIC, -1,
		   "CVE-2017-15361");
	free(weak);
}

static void test_off_the_curve(void **state)
{
	unsigned char x[32] = {1}, y[32] = {2};
	char *bx = mint_b64((struct wims_pl){(char *)x, 32}),
		 *by = mint_b64((struct wims_pl){(char *)y, 32});

	(void)state;
	expect(mint_text("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}", bx, by),
		   WIMS_ALG_PUBLIC, -1, "not a valid");
	free(bx);
	free(by);
}

static void test_kid(void **state)
{
	struct wims_keyset *ks = NULL;
	char *two = set_of(mint_jwk(MINT_P256, "a", ""), mint_jwk(MINT_ED25519, "b", ""));
	char *one = mint_jwk(MINT_P256, "a", "");
	const struct wims_key *a, *b;

	(void)state;
	assert_int_equal(read_jwks(&ks, two, WIMS_ALG_PUBLIC, NULL), WIMS_OK);
	a = wims_keyset_find(ks, WIMS_PL("a"));
	b = wims_keyset_find(ks, WIMS_PL("b"));
	assert_true(a != NULL && b != NULL && a != b);
	assert_null(wims_keyset_find(ks, WIMS_PL("c")));
	assert_null(wims_keyset_find(ks, WIMS_PL("A")));
	assert_null(wims_keyset_find(ks, WIMS_PL("a\0")));
	assert_null(wims_keyset_find(ks, WIMS_PL_NONE));
	wims_keyset_free(ks);
	assert_int_equal(read_jwks(&ks, one, WIMS_ALG_PUBLIC, NULL), WIMS_OK);
	assert_non_null(wims_keyset_find(ks, WIMS_PL_NONE));
	assert_null(wims_keyset_find(ks, WIMS_PL("b")));
	wims_keyset_free(ks);
	assert_null(wims_keyset_find(NULL, WIMS_PL_NONE));
	expect(set_of(mint_jwk(MINT_P256, "a", ""), mint_jwk(MINT_P384, "a", "")), WIMS_ALG_PUBLIC, -1,
		   "twice");
	expect(set_of(mint_jwk(MINT_P256, "a", ""), mint_jwk(MINT_P384, NULL, "")), WIMS_ALG_PUBLIC, -1,
		   "only one");
	expect(set_of(mint_jwk(MINT_P256, NULL, ""), mint_jwk(MINT_P384, "a", "")), WIMS_ALG_PUBLIC, -1,
		   "only one");
	free(two);
	free(one);
}

static void test_most_keys(void **state)
{
	char *list = mint_text("%s", ""), *jwk;
	int i;

	(void)state;
	for(i = 0; i <= WIMS_KEYS_MAX; i++) {
		char kid[20], *more;

		if(i == WIMS_KEYS_MAX)
			expect(mint_text("{\"keys\":[%s]}", list), WIMS_ALG_PUBLIC, WIMS_KEYS_MAX, NULL);
		snprintf(kid, sizeof(kid), "k%d", i);
		jwk = mint_jwk(MINT_ED25519, kid, "");
		more = mint_text("%s%s%s", list, i > 0 ? "," : "", jwk);
		free(jwk);
		free(list);
		list = more;
	}
	expect(mint_text("{\"keys\":[%s]}", list), WIMS_ALG_PUBLIC, -1, "64");
	free(list);
}

static enum wims_reason read_pem(struct wims_keyset **ks, char *pem, const char *kid,
								 uint32_t allowed, struct wims_key_fault *fault)
{
	enum wims_reason r = wims_keyset_from_pem(ks, &wims_env_libc, wims_pl_str(pem),
											  wims_pl_str(kid), allowed, fault);

	assert_int_equal(*ks != NULL, r == WIMS_OK);
	free(pem);
	return r;
}

static void refuse_pem(char *pem, const char *why)
{
	struct wims_keyset *ks = NULL;
	struct wims_key_fault fault = {0};

	assert_int_equal(read_pem(&ks, pem, "", WIMS_ALG_PUBLIC, &fault), WIMS_CONFIG_KEY);
	if(strstr(fault.text, why) == NULL)
		fail_msg("\"%s\" instead of \"%s\"", fault.text, why);
}

static char *glued(char *a, char *b)
{
	char *out = mint_text("%s%s", a, b);

	free(a);
	free(b);
	return out;
}

static void test_pem(void **state)
{
	static const enum mint_key keys[] = {MINT_RSA, MINT_P256, MINT_P384, MINT_P521, MINT_ED25519};
	struct wims_keyset *ks = NULL;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(keys); i++) {
		assert_int_equal(read_pem(&ks, mint_pem(keys[i]), "a", WIMS_ALG_PUBLIC, NULL), WIMS_OK);
		assert_non_null(wims_keyset_find(ks, WIMS_PL("a")));
		wims_keyset_free(ks);
	}
	assert_int_equal(read_pem(&ks, mint_cert(MINT_RSA), "", WIMS_ALG_PUBLIC, NULL), WIMS_OK);
	assert_non_null(wims_keyset_find(ks, WIMS_PL_NONE));
	/* no fallback: a token that names a key does not get the one without name */
	assert_null(wims_keyset_find(ks, WIMS_PL("a")));
	wims_keyset_free(ks);
	assert_int_equal(read_pem(&ks, mint_pem(MINT_P256), "", WIMS_ALG_BIT(WIMS_ALG_RS256), NULL),
					 WIMS_CONFIG_KEY);
	refuse_pem(mint_text("%s", ""), "no PEM");
	refuse_pem(mint_text("%s", "hello"), "no PEM");
	refuse_pem(mint_private_pem(MINT_P256), "private");
	refuse_pem(glued(mint_pem(MINT_P256), mint_private_pem(MINT_P256)), "more than one");
	refuse_pem(glued(mint_pem(MINT_P256), mint_pem(MINT_RSA)), "more than one");
	refuse_pem(mint_pem(MINT_RSA_1024), "2048");
	refuse_pem(mint_rsa_pem(8193), "2048 to 8192");
	refuse_pem(mint_pem(MINT_K256), "not supported");
	refuse_pem(mint_text("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE "
						 "REQUEST-----\n"),
			   "must be");
	refuse_pem(mint_text("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
			   "not a valid");
	refuse_pem(mint_text("%*s", WIMS_PEM_MAX + 1, "x"), "too long");
}

static void test_merge(void **state)
{
	struct wims_keyset *a = NULL, *b = NULL, *c = NULL;
	struct wims_key_fault fault = {0};

	(void)state;
	assert_int_equal(read_pem(&a, mint_pem(MINT_P256), "a", WIMS_ALG_PUBLIC, NULL), WIMS_OK);
	assert_int_equal(read_pem(&b, mint_pem(MINT_P384), "b", WIMS_ALG_PUBLIC, NULL), WIMS_OK);
	assert_int_equal(read_pem(&c, mint_pem(MINT_P521), "a", WIMS_ALG_PUBLIC, NULL), WIMS_OK);
	assert_int_equal(wims_keyset_merge(a, b, &fault), WIMS_OK);
	assert_int_equal(wims_keyset_count(a), 2);
	assert_int_equal(wims_keyset_count(b), 0);
	assert_int_equal(wims_keyset_merge(a, c, &fault), WIMS_CONFIG_KEY);
	assert_non_null(strstr(fault.text, "twice"));
	assert_int_equal(wims_keyset_count(a), 2);
	assert_int_equal(wims_keyset_count(c), 1);
	wims_keyset_free(c);
	assert_int_equal(read_pem(&c, mint_pem(MINT_P521), "", WIMS_ALG_PUBLIC, NULL), WIMS_OK);
	assert_int_equal(wims_keyset_merge(a, c, &fault), WIMS_CONFIG_KEY);
	wims_keyset_free(a);
	wims_keyset_free(b);
	wims_keyset_free(c);
	wims_keyset_free(NULL);
}

/* Fixed keys first; no key without a kid beside others in all. */
static void test_extend(void **state)
{
	struct wims_keyset *fixed = wims_keyset_new(&wims_env_libc), *a = NULL, *b = NULL, *more = NULL;

	(void)state;
	assert_int_equal(read_pem(&a, mint_pem(MINT_P256), "a", WIMS_ALG_PUBLIC, NULL), WIMS_OK);
	assert_int_equal(read_pem(&more, mint_pem(MINT_P384), "a", WIMS_ALG_PUBLIC, NULL), WIMS_OK);
	assert_int_equal(read_pem(&b, mint_pem(MINT_P521), "b", WIMS_ALG_PUBLIC, NULL), WIMS_OK);
	wims_keyset_extend(fixed, a);
	assert_int_equal(wims_keyset_count(fixed), 1);
	assert_ptr_equal(wims_keyset_more(fixed), a);
	assert_ptr_equal(wims_keyset_find(fixed, WIMS_PL_NONE), wims_keyset_find(a, WIMS_PL("a")));
	wims_keyset_extend(fixed, NULL); /* a is freed */
	assert_int_equal(wims_keyset_count(fixed), 0);
	assert_null(wims_keyset_find(fixed, WIMS_PL("a")));
	wims_keyset_free(fixed);

	assert_int_equal(read_pem(&fixed, mint_pem(MINT_RSA), "a", WIMS_ALG_PUBLIC, NULL), WIMS_OK);
	assert_int_equal(wims_keyset_merge(more, b, NULL), WIMS_OK);
	wims_keyset_free(b);
	assert_ptr_equal(wims_keyset_find(fixed, WIMS_PL_NONE), wims_keyset_find(fixed, WIMS_PL("a")));
	wims_keyset_extend(fixed, more);
	assert_int_equal(wims_keyset_count(fixed), 3);
	assert_null(wims_keyset_find(fixed, WIMS_PL_NONE));
	assert_ptr_not_equal(wims_keyset_find(fixed, WIMS_PL("a")),
						 wims_keyset_find(more, WIMS_PL("a")));
	assert_ptr_equal(wims_keyset_find(fixed, WIMS_PL("b")), wims_keyset_find(more, WIMS_PL("b")));
	assert_true(wims_pl_eq(wims_keyset_kid(fixed, 2), WIMS_PL("b")));
	assert_int_equal(wims_keyset_kid(fixed, 3).l, 0);
	wims_keyset_free(fixed);
}

static void test_no_memory(void **state)
{
	char *text = set_of(mint_jwk(MINT_P256, "a", ""), mint_jwk(MINT_RSA, "b", ""));
	struct wims_json *doc = NULL;
	enum wims_reason r = WIMS_NOMEM;
	size_t n;

	(void)state;
	assert_int_equal(wims_json_parse(&doc, &wims_env_libc, wims_pl_str(text), WIMS_JSON_MAX, NULL),
					 WIMS_OK);
	for(n = 0; r != WIMS_OK; n++) {
		struct wims_keyset *ks = NULL;
		struct scarce s;

		scarce_init(&s, n);
		r = wims_keyset_from_jwks(&ks, &s.env, wims_json_root(doc), WIMS_ALG_PUBLIC, NULL);
		assert_true(r == WIMS_OK ? ks != NULL : r == WIMS_NOMEM && ks == NULL);
		wims_keyset_free(ks);
		assert_int_equal(s.live, 0);
	}
	assert_int_equal(n, 4); /* the set and two keys, then enough */
	wims_json_free(doc);
	free(text);
}

static void swallow(void *ctx, struct wims_pl input)
{
	struct wims_json *doc = NULL;
	struct wims_keyset *ks = NULL;

	(void)ctx;
	if(wims_json_parse(&doc, &wims_env_libc, input, 4000, NULL) != WIMS_OK)
		return;
	if(wims_keyset_from_jwks(&ks, &wims_env_libc, wims_json_root(doc), WIMS_ALG_PUBLIC, NULL)
	   == WIMS_OK)
		assert_int_equal(wims_keyset_count(ks), 1);
	wims_keyset_free(ks);
	wims_json_free(doc);
}

static void test_mutants(void **state)
{
	char *text = mint_jwk(MINT_P256, "k", ",\"use\":\"sig\"");

	(void)state;
	assert_true(sweep(wims_pl_str(text), swallow, NULL) > 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_type),
									   cmocka_unit_test(test_left_out),
									   cmocka_unit_test(test_refused_members),
									   cmocka_unit_test(test_refused_shapes),
									   cmocka_unit_test(test_weak_rsa),
									   cmocka_unit_test(test_off_the_curve),
									   cmocka_unit_test(test_kid),
									   cmocka_unit_test(test_most_keys),
									   cmocka_unit_test(test_pem),
									   cmocka_unit_test(test_merge),
									   cmocka_unit_test(test_extend),
									   cmocka_unit_test(test_no_memory),
									   cmocka_unit_test(test_mutants)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
