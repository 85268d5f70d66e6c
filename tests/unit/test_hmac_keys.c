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
#include "provision_text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Keys that are secrets (kty "oct"): taken only when asked for, long enough or
 * not at all, and never mixed up with a public key. */

enum
{
	SECRET_ROOM = 1100
};

static char secret[SECRET_ROOM];

/* No byte is zero: HMAC takes a short secret for one with zeros behind it. */
static int fill_secret(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(secret); i++)
		secret[i] = (char)('a' + i % 26);
	return 0;
}

/* {"kty":"oct",...}; kid NULL: none; more as in mint_jwk. */
static char *oct(size_t len, const char *kid, const char *more)
{
	char *k = mint_b64((struct wims_pl){secret, len});
	char *out = kid == NULL ? mint_text("{\"kty\":\"oct\",\"k\":\"%s\"%s}", k, more)
							: mint_text("{\"kty\":\"oct\",\"k\":\"%s\",\"kid\":\"%s\"%s}", k, kid,
										more);

	free(k);
	return out;
}

static enum wims_reason read_keys(struct wims_keyset **out, char *jwks, uint32_t allowed,
								  struct wims_key_fault *fault)
{
	struct wims_json *doc = NULL;
	enum wims_reason r;

	assert_int_equal(wims_json_parse(&doc, &wims_env_libc, wims_pl_str(jwks), 10000, NULL),
					 WIMS_OK);
	r = wims_keyset_from_jwks(out, &wims_env_libc, wims_json_root(doc), allowed, fault);
	wims_json_free(doc);
	free(jwks);
	return r;
}

static void test_read(void **state)
{
	static const struct
	{
		size_t len;
		const char *more;
		uint32_t allowed;
		const char *why; /* NULL: one key */
	} rows[] = {         /* nobody asked for it */
				{64, "", WIMS_ALG_PUBLIC, "no key"},
				{64, ",\"alg\":\"HS256\"", WIMS_ALG_PUBLIC, "no key"},
				{32, "", WIMS_ALG_HMAC, NULL},
				{64, ",\"alg\":\"HS512\",\"use\":\"sig\",\"key_ops\":[\"verify\",\"sign\"]",
				 WIMS_ALG_HMAC, NULL},
				{WIMS_SECRET_MAX, "", WIMS_ALG_HMAC, NULL},
				/* RFC 7518 3.2: as long as the hash */
				{0, "", WIMS_ALG_HMAC, "as long as the hash"},
				{31, "", WIMS_ALG_HMAC, "as long as the hash"},
				{47, ",\"alg\":\"HS384\"", WIMS_ALG_HMAC, "as long as the hash"},
				{48, ",\"alg\":\"HS384\"", WIMS_ALG_HMAC, NULL},
				{63, ",\"alg\":\"HS512\"", WIMS_ALG_HMAC, "as long as the hash"},
				{63, "", WIMS_ALG_BIT(WIMS_ALG_HS512), "as long as the hash"},
				{WIMS_SECRET_MAX + 1, "", WIMS_ALG_HMAC, "at most 1024"},
				/* for something else */
				{64, ",\"use\":\"enc\"", WIMS_ALG_HMAC, "no key"},
				{64, ",\"key_ops\":[\"sign\"]", WIMS_ALG_HMAC, "no key"},
				{64, ",\"alg\":\"A256KW\"", WIMS_ALG_HMAC, "no key"},
				{64, ",\"alg\":\"HS256\"", WIMS_ALG_BIT(WIMS_ALG_HS512), "no key"},
				{64, ",\"alg\":\"RS256\"", WIMS_ALG_HMAC | WIMS_ALG_PUBLIC, "fit"},
				{64, ",\"alg\":1", WIMS_ALG_HMAC, "alg"}};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		struct wims_key_fault fault = {0};
		struct wims_keyset *ks = NULL;
		enum wims_reason r =
				read_keys(&ks, oct(rows[i].len, NULL, rows[i].more), rows[i].allowed, &fault);

		if(r != (rows[i].why == NULL ? WIMS_OK : WIMS_CONFIG_KEY)
		   || (rows[i].why != NULL && strstr(fault.text, rows[i].why) == NULL))
			fail_msg("row %zu: %s (%s)", i, wims_reason_text(r), fault.text);
		wims_keyset_free(ks);
	}
}

/* What is published can be nobody's secret. */
static void test_public_text(void **state)
{
	char *pem = mint_pem(MINT_RSA), *k = mint_b64(wims_pl_str(pem));
	struct wims_key_fault fault = {0};
	struct wims_keyset *ks = NULL;

	(void)state;
	assert_int_equal(
			read_keys(&ks, mint_text("{\"kty\":\"oct\",\"k\":\"%s\"}", k), WIMS_ALG_HMAC, &fault),
			WIMS_CONFIG_KEY);
	assert_non_null(strstr(fault.text, "PEM"));
	/* nor does asking for HMAC make one of a PEM source */
	assert_int_equal(wims_keyset_from_pem(&ks, &wims_env_libc, wims_pl_str(pem), WIMS_PL("k"),
										  WIMS_ALG_HMAC, &fault),
					 WIMS_CONFIG_KEY);
	assert_null(ks);
	free(pem);
	free(k);
}

/* A public key "rsa" beside the secrets "s64" and "s32". */
static struct wims_keyset *mixed(void)
{
	char *rsa = mint_jwk(MINT_RSA, "rsa", ""), *s64 = oct(64, "s64", ""), *s32 = oct(32, "s32", "");
	struct wims_keyset *ks = NULL;

	assert_int_equal(read_keys(&ks, mint_text("{\"keys\":[%s,%s,%s]}", rsa, s64, s32),
							   WIMS_ALG_PUBLIC | WIMS_ALG_HMAC, NULL),
					 WIMS_OK);
	assert_int_equal(wims_keyset_count(ks), 3);
	free(rsa);
	free(s64);
	free(s32);
	return ks;
}

static char *hmac_token(const char *hash, const char *alg, const char *kid, struct wims_pl with)
{
	char *header = mint_text("{\"alg\":\"%s\",\"kid\":\"%s\"}", alg, kid);
	char *token = mint_hmac(hash, with, header, "{}");

	free(header);
	return token;
}

static void test_verify(void **state)
{
	static const struct
	{
		const char *hash, *alg, *kid;
		size_t secret;
		enum wims_reason want;
	} rows[] = {{"SHA256", "HS256", "s64", 64, WIMS_OK},
				{"SHA384", "HS384", "s64", 64, WIMS_OK},
				{"SHA512", "HS512", "s64", 64, WIMS_OK},
				{"SHA256", "HS256", "s32", 32, WIMS_OK},
				/* too short for them */
				{"SHA384", "HS384", "s32", 32, WIMS_ALG_MISMATCH},
				{"SHA512", "HS512", "s32", 32, WIMS_ALG_MISMATCH},
				/* another secret, another hash, a code that is too long or too short */
				{"SHA256", "HS256", "s64", 63, WIMS_SIGNATURE_BAD},
				{"SHA256", "HS256", "s64", 0, WIMS_SIGNATURE_BAD},
				{"SHA512", "HS256", "s64", 64, WIMS_SIGNATURE_BAD},
				{"SHA256", "HS512", "s64", 64, WIMS_SIGNATURE_BAD},
				{"SHA256", "hs256", "s64", 64, WIMS_ALG_UNKNOWN},
				{"SHA256", "HS1", "s64", 64, WIMS_ALG_UNKNOWN},
				/* a secret verifies nothing else, a public key no HMAC */
				{"SHA256", "RS256", "s64", 64, WIMS_ALG_MISMATCH},
				{"SHA256", "EdDSA", "s64", 64, WIMS_ALG_MISMATCH},
				{"SHA256", "HS256", "rsa", 64, WIMS_ALG_MISMATCH},
				{"SHA256", "HS256", "s65", 64, WIMS_KEY_UNKNOWN}};
	struct wims_keyset *ks = mixed();
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++)
		jws_expect(ks,
				   hmac_token(rows[i].hash, rows[i].alg, rows[i].kid,
							  (struct wims_pl){secret, rows[i].secret}),
				   rows[i].want);
	jws_expect(ks, mint_token(MINT_RSA, "RS256", "rsa", "{}"), WIMS_OK);
	jws_expect(ks, mint_token(MINT_RSA, "RS256", "s64", "{}"), WIMS_ALG_MISMATCH);
	wims_keyset_free(ks);
}

/* CVE-2016-10555 and its kin: everything that is public about the RSA key, as
 * a secret, while HMAC is allowed beside it. */
static void test_confusion(void **state)
{
	char *pem = mint_pem(MINT_RSA), *jwk = mint_jwk(MINT_RSA, "rsa", ""),
		 *cert = mint_cert(MINT_RSA);
	struct wims_pl secrets[] = {wims_pl_str(pem),
								{pem, strlen(pem) - 1},
								wims_pl_str(jwk),
								wims_pl_str(cert),
								WIMS_PL("")};
	static const char *const kids[] = {"rsa", "s64", "s32"};
	struct wims_keyset *ks = mixed();
	size_t i, j;

	(void)state;
	for(i = 0; i < COUNT(secrets); i++)
		for(j = 0; j < COUNT(kids); j++)
			jws_expect(ks, hmac_token("SHA256", "HS256", kids[j], secrets[i]),
					   j == 0 ? WIMS_ALG_MISMATCH : WIMS_SIGNATURE_BAD);
	wims_keyset_free(ks);
	free(pem);
	free(jwk);
	free(cert);
}

/* Files that are wrong at or near a secret: the line for the log does not show
 * any of it. */
static void test_never_shown(void **state)
{
#define SHORT "c2VjcmV0LXNlY3JldA"
#define LONG SHORT SHORT SHORT SHORT
#define WITH_HS BUT_KEYS ",\"algorithms\":[\"HS256\"],\"keys\":"
#define JWK_OF(k) "{\"jwks\":{\"kty\":\"oct\",\"k\":" k "}}"
	static const char *const files[] = {WWSF(WITH_HS JWK_OF("\"" SHORT "\"")),
										WWSF(WITH_HS JWK_OF("\"" LONG "=\"")),
										WWSF(WITH_HS JWK_OF("\"" SHORT "\n\"")),
										WWSF(WITH_HS JWK_OF("\"" LONG "\n\"")),
										WWSF(WITH_HS JWK_OF("\"" SHORT)),
										WWSF(WITH_HS JWK_OF("[\"" LONG "\"]")),
										WWSF(WITH_HS JWK_OF("\"" LONG "\",\"kid\":\"\"")),
										WWSF(WITH_HS JWK_OF("\"x\" \"" SHORT "\"")),
										WWSF(WITH_HS JWK_OF(SHORT)),
										WWSF(WITH_HS "{\"pem\":\"" LONG "\"}"),
										WWSF(WITH_HS "\"" LONG "\""),
										WWSF(BUT_KEYS ",\"keys\":" JWK_OF("\"" LONG "\""))};
	struct wims_config_fault fault;
	struct wims_provision *pv;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(files); i++) {
		if(wims_provision_parse(&pv, &wims_env_libc, wims_pl_str(files[i]), NULL, &fault) == WIMS_OK
		   || strstr(fault.text, "c2V") != NULL || strstr(fault.path, "c2V") != NULL)
			fail_msg("row %zu: %s: %s", i, fault.path, fault.text);
		assert_null(pv);
	}
	/* the control: what is right is taken */
	wims_provision_free(must_parse(WWSF(WITH_HS JWK_OF("\"" LONG "\""))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_read), cmocka_unit_test(test_public_text),
			cmocka_unit_test(test_verify), cmocka_unit_test(test_confusion),
			cmocka_unit_test(test_never_shown)};

	return cmocka_run_group_tests(tests, fill_secret, NULL);
}
