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

#include "mint.h"
#include "token_help.h"
#include "world.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void is(struct wims_pl got, const char *want)
{
	if(!wims_pl_eq(got, wims_pl_str(want)))
		fail_msg("\"%.*s\" instead of \"%s\"", (int)got.l, got.l > 0 ? got.p : "", want);
}

static void test_good(void **state)
{
	static const struct
	{
		enum mint_key key;
		const char *alg, *kid;
	} keys[] = {{MINT_RSA, "RS256", "rsa"},    {MINT_RSA, "PS512", "rsa"},
				{MINT_P256, "ES256", "p256"},  {MINT_P384, "ES384", "p384"},
				{MINT_P521, "ES512", "p521"},  {MINT_ED25519, "EdDSA", "ed25519"},
				{MINT_ED448, "EdDSA", "ed448"}};
	char *payload = world_claims(NULL, NULL);
	struct wims_token t;
	size_t i;

	for(i = 0; i < COUNT(keys); i++) {
		char *token = mint_token(keys[i].key, keys[i].alg, keys[i].kid, payload);

		assert_int_equal(token_validate(&t, *state, token, WORLD_NOW), WIMS_OK);
		free(token);
		is(t.wwsf->name, "wwsf1");
		is(t.issuer, "https://waf.wwsf.test");
		is(t.waf, "https://waf.wwsf.test");
		is(t.subject, "user-7");
		is(t.jti, "id-1");
		is(t.client_id, "web-site");
		is(t.scope, "openid " WORLD_SCOPE);
		is(t.impi, "alice@ims.test");
		assert_int_equal(t.impu_count, 2);
		is(t.impus[0], "sip:alice@ims.test");
		is(t.impus[1], "tel:+4930123");
		assert_true(t.exp == WORLD_NOW + 600 && t.iat == WORLD_NOW - 100
					&& t.nbf == WORLD_NOW - 100);
		/* the slices lie in the result itself, behind each other */
		assert_true(t.impi.p >= t.text && t.impi.p + t.impi.l <= t.text + t.used);
	}
	free(payload);
}

struct row
{
	const char *claim, *value;
	enum wims_reason want;
};

/* clang-format off */
static const struct row rows[] = {
	/* absent, of the wrong type, of the wrong value: three outcomes */
	{"iss", NULL, WIMS_CLAIM_MISSING}, {"iss", "1", WIMS_CLAIM_TYPE}, {"iss", "null", WIMS_CLAIM_TYPE},
	{"iss", "[\"https://waf.wwsf.test\"]", WIMS_CLAIM_TYPE}, {"iss", "\"\"", WIMS_CLAIM_VALUE},
	{"iss", "\"https://evil.test\"", WIMS_ISSUER_UNKNOWN}, {"iss", "\"https://waf.wwsf.test/\"", WIMS_ISSUER_UNKNOWN},
	{"iss", "\"HTTPS://waf.wwsf.test\"", WIMS_ISSUER_UNKNOWN}, {"iss", "\"https://waf.wwsf.tes\"", WIMS_ISSUER_UNKNOWN},
	{"sub", NULL, WIMS_CLAIM_MISSING}, {"sub", "7", WIMS_CLAIM_TYPE}, {"sub", "\"\"", WIMS_CLAIM_VALUE},
	{"sub", "\"a\\r\\nX: y\"", WIMS_CLAIM_VALUE}, {"sub", "\"a\\\"b\"", WIMS_CLAIM_VALUE},
	{"sub", "\"auth0|0815\"", WIMS_OK},
	{"aud", NULL, WIMS_CLAIM_MISSING}, {"aud", "1", WIMS_CLAIM_TYPE}, {"aud", "null", WIMS_CLAIM_TYPE},
	{"aud", "{\"https://ims.test\":1}", WIMS_CLAIM_TYPE}, {"aud", "[\"https://ims.test\",1]", WIMS_CLAIM_TYPE},
	{"aud", "[[\"https://ims.test\"]]", WIMS_CLAIM_TYPE}, {"aud", "[]", WIMS_AUDIENCE_MISMATCH},
	{"aud", "\"\"", WIMS_AUDIENCE_MISMATCH}, {"aud", "\"https://ims.test/\"", WIMS_AUDIENCE_MISMATCH},
	{"aud", "\"https://IMS.test\"", WIMS_AUDIENCE_MISMATCH}, {"aud", "\"ims.test\"", WIMS_AUDIENCE_MISMATCH},
	{"aud", "\"https://ims.test https://x.test\"", WIMS_AUDIENCE_MISMATCH},
	{"aud", "[\"a\",\"b\"]", WIMS_AUDIENCE_MISMATCH}, {"aud", "[\"a\",\"https://ims.test\"]", WIMS_OK},
	{"aud", "\"epcscf.ims.test\"", WIMS_OK}, {"aud", "[\"https://ims.test\"]", WIMS_OK},
	{"jti", NULL, WIMS_OK}, {"jti", "1", WIMS_CLAIM_TYPE}, {"jti", "\"\"", WIMS_CLAIM_VALUE},
	{"jti", "\"a\\u0000\"", WIMS_TOKEN_JSON},
	{"client_id", NULL, WIMS_OK}, {"client_id", "1", WIMS_CLAIM_TYPE}, {"client_id", "\"a>b\"", WIMS_CLAIM_VALUE},
	{"scope", NULL, WIMS_SCOPE_MISSING}, {"scope", "\"\"", WIMS_SCOPE_MISSING}, {"scope", "1", WIMS_CLAIM_TYPE},
	{"scope", "\"openid\"", WIMS_SCOPE_MISSING}, {"scope", "\"" WORLD_SCOPE "\"", WIMS_OK},
	{"scope", "\"x" WORLD_SCOPE "\"", WIMS_SCOPE_MISSING}, {"scope", "\"" WORLD_SCOPE "x y\"", WIMS_SCOPE_MISSING},
	{"scope", "\"a " WORLD_SCOPE " b\"", WIMS_OK}, {"scope", "\"a  " WORLD_SCOPE "\"", WIMS_OK},
	{"scope", "\"a\\t" WORLD_SCOPE "\"", WIMS_CLAIM_VALUE}, {"scope", "[\"a\",\"" WORLD_SCOPE "\"]", WIMS_OK},
	{"scope", "[\"a " WORLD_SCOPE "\"]", WIMS_CLAIM_VALUE}, {"scope", "[1]", WIMS_CLAIM_TYPE},
	{"scope", "[]", WIMS_SCOPE_MISSING}, {"scope", "[\"webrtc-ims-client\",\"access-to-ims\"]", WIMS_SCOPE_MISSING},
	/* identities: TS 33.203 X.3.1 */
	{"impi", NULL, WIMS_CLAIM_MISSING}, {"impi", "1", WIMS_CLAIM_TYPE}, {"impi", "[\"alice@ims.test\"]", WIMS_CLAIM_TYPE},
	{"impi", "\"\"", WIMS_CLAIM_VALUE}, {"impi", "\"alice\"", WIMS_CLAIM_VALUE}, {"impi", "\"@ims.test\"", WIMS_CLAIM_VALUE},
	{"impi", "\"alice@IMS.test\"", WIMS_OK}, {"impi", "\"bob@ims.test\"", WIMS_IMPI_NOT_ENTITLED},
	{"impi", "\"alice@evil.test\"", WIMS_IMPI_NOT_ENTITLED},
	{"impi", "\"alice@ims.test\\\", integrity-protected=\\\"auth-done\"", WIMS_CLAIM_VALUE},
	{"impi", "\"alice@ims.test\\r\\nTo: x\"", WIMS_CLAIM_VALUE}, {"impi", "\"al\\u00efce@ims.test\"", WIMS_CLAIM_VALUE},
	{"impu", NULL, WIMS_CLAIM_MISSING}, {"impu", "1", WIMS_CLAIM_TYPE}, {"impu", "[1]", WIMS_CLAIM_TYPE},
	{"impu", "[]", WIMS_CLAIM_VALUE}, {"impu", "\"\"", WIMS_CLAIM_VALUE}, {"impu", "{}", WIMS_CLAIM_TYPE},
	{"impu", "\"sip:alice@ims.test\"", WIMS_OK}, {"impu", "\"SIP:%61lice@IMS.test;transport=ws\"", WIMS_OK},
	{"impu", "\"sip:wic!.*!@ims.test\"", WIMS_CLAIM_VALUE}, {"impu", "\"sip:alice!@ims.test\"", WIMS_OK},
	{"impu", "\"sip:bob@ims.test\"", WIMS_IMPU_NOT_ENTITLED}, {"impu", "\"sip:alice@evil.test\"", WIMS_IMPU_NOT_ENTITLED},
	{"impu", "\"sip:%62ob@ims.test\"", WIMS_IMPU_NOT_ENTITLED}, {"impu", "\"tel:+4940123\"", WIMS_IMPU_NOT_ENTITLED},
	{"impu", "[\"sip:alice@ims.test\",\"sip:bob@ims.test\"]", WIMS_IMPU_NOT_ENTITLED},
	{"impu", "[\"sip:alice@ims.test\",\"\"]", WIMS_CLAIM_VALUE}, {"impu", "\"alice@ims.test\"", WIMS_CLAIM_VALUE},
	{"impu", "\"http://ims.test\"", WIMS_CLAIM_VALUE}, {"impu", "\"<sip:alice@ims.test>\"", WIMS_CLAIM_VALUE},
	{"impu", "\"sip:alice@ims.test>,<sip:bob@ims.test\"", WIMS_CLAIM_VALUE},
	{"impu", "\"sip:alice@ims.test\\r\\nP-Asserted-Identity: sip:bob@ims.test\"", WIMS_CLAIM_VALUE},
	{"impu", "\"sip:alice%0d%0a@ims.test\"", WIMS_CLAIM_VALUE}, {"impu", "\"sip:alice%00@ims.test\"", WIMS_CLAIM_VALUE},
	{"impu", "\"sip:a@ims.test@evil.test\"", WIMS_CLAIM_VALUE},
	/* what the token need not care about */
	{"nbf", NULL, WIMS_OK}, {"iat", NULL, WIMS_OK}, {"foo", "{\"bar\":[1,2]}", WIMS_OK}, {"crit", "[\"exp\"]", WIMS_OK}};

/* exp, nbf and iat of 1900000600, 1899999900, 1899999900 at 1900000000; leeway
 * 60, lifetime at most 86400 */
static const struct row times[] = {
	{"exp", NULL, WIMS_CLAIM_MISSING}, {"exp", "\"1900000600\"", WIMS_CLAIM_TYPE}, {"exp", "true", WIMS_CLAIM_TYPE},
	{"exp", "null", WIMS_CLAIM_TYPE}, {"exp", "[1900000600]", WIMS_CLAIM_TYPE}, {"exp", "{}", WIMS_CLAIM_TYPE},
	{"exp", "1.9000006e9", WIMS_OK}, {"exp", "1900000030.9", WIMS_OK},
	{"exp", "1900000030", WIMS_OK}, {"exp", "1900000000", WIMS_OK},
	{"exp", "1899999941", WIMS_OK}, {"exp", "1899999940", WIMS_TOKEN_EXPIRED},
	{"exp", "1899999940.9", WIMS_TOKEN_EXPIRED}, {"exp", "0", WIMS_TOKEN_EXPIRED}, {"exp", "-1", WIMS_CLAIM_VALUE},
	{"exp", "9223372036854775807", WIMS_CLAIM_VALUE}, {"exp", "9223372036854775808", WIMS_TOKEN_JSON},
	{"exp", "1e20", WIMS_CLAIM_VALUE}, {"exp", "-1e20", WIMS_CLAIM_VALUE}, {"exp", "1e999", WIMS_TOKEN_JSON},
	{"exp", "253402300799", WIMS_TOKEN_LIFETIME}, {"exp", "253402300800", WIMS_CLAIM_VALUE},
	{"exp", "1900086300", WIMS_OK}, {"exp", "1900086301", WIMS_TOKEN_LIFETIME},
	{"nbf", "1900000060", WIMS_OK}, {"nbf", "1900000061", WIMS_TOKEN_NOT_YET}, {"nbf", "1900000060.1", WIMS_TOKEN_NOT_YET},
	{"nbf", "0", WIMS_OK}, {"nbf", "\"0\"", WIMS_CLAIM_TYPE}, {"nbf", "null", WIMS_CLAIM_TYPE},
	{"nbf", "9223372036854775807", WIMS_CLAIM_VALUE}, {"nbf", "-5", WIMS_CLAIM_VALUE},
	{"iat", "1900000060", WIMS_OK}, {"iat", "1900000061", WIMS_TOKEN_NOT_YET}, {"iat", "1899914200", WIMS_OK},
	{"iat", "1900000059.5", WIMS_OK}, {"iat", "1900000060.5", WIMS_TOKEN_NOT_YET},
	{"iat", "1899914200.5", WIMS_OK}, {"iat", "1899914199.5", WIMS_TOKEN_LIFETIME},
	{"iat", "1899914199", WIMS_TOKEN_LIFETIME}, {"iat", "0", WIMS_TOKEN_LIFETIME}, {"iat", "\"x\"", WIMS_CLAIM_TYPE},
	{"iat", "-9223372036854775808", WIMS_CLAIM_VALUE}};
/* clang-format on */

static void test_claims(void **state)
{
	size_t i;

	for(i = 0; i < COUNT(rows); i++)
		token_expect(*state, world_claims(rows[i].claim, rows[i].value), rows[i].want);
}

/* A token of half a second before T was issued before T, whatever asks for it. */
static void test_age(void **state)
{
	char *payload = world_claims("iat", "1899999999.5");
	char *token = mint_token(MINT_RSA, "RS256", "rsa", payload);
	static struct wims_token t;

	assert_int_equal(token_validate(&t, *state, token, WORLD_NOW), WIMS_OK);
	assert_int_equal(t.iat, 1899999999);
	assert_int_equal(wims_token_check_times(&t, WORLD_NOW), WIMS_OK);
	free(token);
	free(payload);
}

static void test_times(void **state)
{
	static const int64_t clocks[] = {0, INT64_MIN, INT64_MAX, -1, INT64_C(4294967296)};
	struct wims_token t;
	char *payload, *token;
	size_t i;

	for(i = 0; i < COUNT(times); i++)
		token_expect(*state, world_claims(times[i].claim, times[i].value), times[i].want);
	/* a clock that is far off never accepts and never overflows */
	payload = world_claims(NULL, NULL);
	token = token_sign(payload);
	for(i = 0; i < COUNT(clocks); i++)
		assert_int_not_equal(token_validate(&t, *state, token, clocks[i]), WIMS_OK);
	free(payload);
	free(token);
}

/* What a registration asks for beyond a token that is good: 30 s by default,
 * counted to exp itself. */
static void test_remaining(void **state)
{
	static const struct
	{
		const char *exp;
		enum wims_reason want;
	} list[] = {{"1900000600", WIMS_OK},
				{"1900000030", WIMS_OK},
				{"1900000029", WIMS_TOKEN_NEARLY_EXPIRED},
				{"1900000029.9", WIMS_TOKEN_NEARLY_EXPIRED},
				{"1899999941", WIMS_TOKEN_NEARLY_EXPIRED}};
	size_t i;

	for(i = 0; i < COUNT(list); i++) {
		char *payload = world_claims("exp", list[i].exp), *token = token_sign(payload);
		struct wims_token t;

		assert_int_equal(token_validate(&t, *state, token, WORLD_NOW), WIMS_OK);
		assert_int_equal(wims_token_check_remaining(&t, WORLD_NOW), list[i].want);
		free(payload);
		free(token);
	}
}

/* A validated token is judged by the clock again as it was at first. */
static void test_times_again(void **state)
{
	/* clang-format off */
	static const struct { int64_t now; enum wims_reason want; } list[] = {
		{WORLD_NOW, WIMS_OK}, {1900000659, WIMS_OK}, {1900000660, WIMS_TOKEN_EXPIRED},
		{INT64_MAX, WIMS_TOKEN_EXPIRED}, {1899999840, WIMS_OK}, {1899999839, WIMS_TOKEN_NOT_YET},
		{0, WIMS_TOKEN_NOT_YET}, {INT64_MIN, WIMS_TOKEN_NOT_YET}};
	/* clang-format on */
	char *payload = world_claims(NULL, NULL), *token = token_sign(payload);
	struct wims_token t;
	size_t i;

	assert_int_equal(token_validate(&t, *state, token, WORLD_NOW), WIMS_OK);
	for(i = 0; i < COUNT(list); i++) {
		struct wims_token anew;

		assert_int_equal(wims_token_check_times(&t, list[i].now), list[i].want);
		assert_int_equal(token_validate(&anew, *state, token, list[i].now), list[i].want);
	}
	free(payload);
	free(token);
}

/* Without iat the cap counts from the fastest clock allowed. */
static void test_lifetime_without_iat(void **state)
{
	static const struct
	{
		long exp;
		enum wims_reason want;
	} list[] = {{1900086460, WIMS_OK}, {1900086461, WIMS_TOKEN_LIFETIME}};
	size_t i;

	for(i = 0; i < COUNT(list); i++) {
		char *without = world_claims("iat", NULL), *at = strstr(without, "1900000600");

		assert_non_null(at);
		token_expect(*state,
					 mint_text("%.*s%ld%s", (int)(at - without), without, list[i].exp, at + 10),
					 list[i].want);
		free(without);
	}
}

/* Provisioning that differs from the default. */
static void test_policy(void **state)
{
	struct wims_provision *pv = world_new(",\"min_remaining\":0,\"max_lifetime\":0,\"leeway\":10,"
										  "\"typ\":\"ims+jwt\",\"scope\":\"special\"");
	char *payload = world_claims("scope", "\"special\"");
	struct wims_token t;
	static const struct
	{
		const char *typ;
		enum wims_reason want;
	} typs[] = {{",\"typ\":\"ims+jwt\"", WIMS_OK},
				{",\"typ\":\"application/IMS+JWT\"", WIMS_OK},
				{"", WIMS_TOKEN_TYP},
				{",\"typ\":\"JWT\"", WIMS_TOKEN_TYP},
				{",\"typ\":\"at+jwt\"", WIMS_TOKEN_TYP},
				{",\"typ\":\"ims+jwt \"", WIMS_TOKEN_TYP}};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(typs); i++) {
		char *h = mint_text("{\"alg\":\"EdDSA\",\"kid\":\"ed25519\"%s}", typs[i].typ);
		char *token = mint_jws(MINT_ED25519, "EdDSA", h, wims_pl_str(payload));

		assert_int_equal(token_validate(&t, pv, token, WORLD_NOW), typs[i].want);
		if(typs[i].want == WIMS_OK) {
			/* no floor: good until exp + leeway */
			assert_int_equal(token_validate(&t, pv, token, WORLD_NOW + 609), WIMS_OK);
			assert_int_equal(token_validate(&t, pv, token, WORLD_NOW + 610), WIMS_TOKEN_EXPIRED);
		}
		free(h);
		free(token);
	}
	free(payload);
	wims_provision_free(pv);
}

static void test_claim_names(void **state)
{
	struct wims_provision *pv = world_new(
			",\"claims\":{\"impi\":\"ims_impi\",\"impu\":\"ims_impus\",\"wwsf\":\"azp\",\"waf\":"
			"\"waf_id\",\"scope\":\"scp\"}");
	char *payload =
			mint_text("{\"iss\":\"https://waf.wwsf.test\",\"sub\":\"u\",\"aud\":\"https://"
					  "ims.test\",\"exp\":1900000600,\"ims_impi\":\"amy@ims.test\",\"ims_impus\":"
					  "\"sip:amy@ims.test\",\"azp\":\"site\",\"waf_id\":\"waf-1\",\"scp\":[\"x\","
					  "\"" WORLD_SCOPE "\"]}");
	char *token = token_sign(payload);
	struct wims_token t;

	(void)state;
	assert_int_equal(token_validate(&t, pv, token, WORLD_NOW), WIMS_OK);
	is(t.impi, "amy@ims.test");
	is(t.impus[0], "sip:amy@ims.test");
	is(t.client_id, "site");
	is(t.waf, "waf-1");
	is(t.scope, "x " WORLD_SCOPE);
	is(t.jti, "");
	assert_true(t.iat == 0 && t.nbf == 0);
	free(token);
	free(payload);
	wims_provision_free(pv);
}

static void test_typ(void **state)
{
	static const struct
	{
		const char *typ;
		enum wims_reason want;
	} typs[] = {{"", WIMS_OK},
				{",\"typ\":\"JWT\"", WIMS_OK},
				{",\"typ\":\"jwt\"", WIMS_OK},
				{",\"typ\":\"at+jwt\"", WIMS_OK},
				{",\"typ\":\"application/at+jwt\"", WIMS_OK},
				{",\"typ\":\"id+jwt\"", WIMS_TOKEN_TYP},
				{",\"typ\":\"JOSE\"", WIMS_TOKEN_TYP},
				{",\"typ\":\"logout+jwt\"", WIMS_TOKEN_TYP},
				{",\"typ\":\"application/\"", WIMS_TOKEN_TYP},
				{",\"typ\":\"text/JWT\"", WIMS_TOKEN_TYP},
				{",\"typ\":\"application/a/JWT\"", WIMS_TOKEN_TYP},
				/* a nested token, and what claims to be one */
				{",\"cty\":\"JWT\"", WIMS_TOKEN_TYP},
				{",\"cty\":null", WIMS_TOKEN_TYP}};
	char *payload = world_claims(NULL, NULL);
	struct wims_token t;
	size_t i;

	for(i = 0; i < COUNT(typs); i++) {
		char *h = mint_text("{\"alg\":\"EdDSA\",\"kid\":\"ed25519\"%s}", typs[i].typ);
		char *token = mint_jws(MINT_ED25519, "EdDSA", h, wims_pl_str(payload));

		if(token_validate(&t, *state, token, WORLD_NOW) != typs[i].want)
			fail_msg("typ row %zu", i);
		free(h);
		free(token);
	}
	free(payload);
}

/* One WWSF's keys never speak for another one. */
static void test_issuers(void **state)
{
	char *mine = world_claims(NULL, NULL);
	char *theirs = world_claims("iss", "\"https://waf.other.test\"");
	char *tokens[] = {mint_token(MINT_RSA, "RS256", "rsa", theirs),
					  mint_token(MINT_RSA_OTHER, "RS256", "rsa", mine),
					  mint_token(MINT_ED25519, "EdDSA", "ed25519", theirs),
					  mint_token(MINT_RSA_OTHER, "RS256", "rsa", theirs)};
	static const enum wims_reason want[] = {WIMS_SIGNATURE_BAD, WIMS_SIGNATURE_BAD,
											WIMS_KEY_UNKNOWN, WIMS_IMPI_NOT_ENTITLED};
	static const char *const wwsf[] = {"wwsf2", "wwsf1", "wwsf2", "wwsf2"};
	struct wims_token t;
	size_t i;

	for(i = 0; i < COUNT(tokens); i++) {
		assert_int_equal(token_validate(&t, *state, tokens[i], WORLD_NOW), want[i]);
		/* the challenge can name the realm, although nothing is verified */
		is(t.wwsf->name, wwsf[i]);
		free(tokens[i]);
	}
	free(mine);
	free(theirs);
}

/* The signature is checked before any claim is judged. */
static void test_signature_first(void **state)
{
	static const struct row list[] = {{"exp", "1", WIMS_SIGNATURE_BAD},
									  {"aud", "\"x\"", WIMS_SIGNATURE_BAD},
									  {"impu", "\"sip:bob@ims.test\"", WIMS_SIGNATURE_BAD},
									  {"sub", NULL, WIMS_SIGNATURE_BAD}};
	struct wims_token t;
	size_t i;

	for(i = 0; i < COUNT(list); i++) {
		char *payload = world_claims(list[i].claim, list[i].value);
		char *token = mint_token(MINT_RSA_OTHER, "RS256", "rsa", payload);

		assert_int_equal(token_validate(&t, *state, token, WORLD_NOW), list[i].want);
		free(payload);
		free(token);
	}
}

static void test_payloads(void **state)
{
	static const struct
	{
		const char *payload;
		enum wims_reason want;
	} list[] = {{"", WIMS_TOKEN_JSON},
				{"{}", WIMS_CLAIM_MISSING},
				{"[]", WIMS_TOKEN_JSON},
				{"[{\"iss\":\"https://waf.wwsf.test\"}]", WIMS_TOKEN_JSON},
				{"null", WIMS_TOKEN_JSON},
				{"\"iss\"", WIMS_TOKEN_JSON},
				{"{\"iss\":\"https://waf.wwsf.test\"", WIMS_TOKEN_JSON},
				{"{\"iss\":\"a\",\"iss\":\"https://waf.wwsf.test\"}", WIMS_TOKEN_JSON}};
	char *payload = world_claims("sub", "\"x\",\"sub\":\"y\""), *nul = world_claims(NULL, NULL);
	char *token = mint_jws(MINT_ED25519, "EdDSA", "{\"alg\":\"EdDSA\",\"kid\":\"ed25519\"}",
						   (struct wims_pl){nul, strlen(nul) + 1});
	struct wims_token t;
	size_t i;

	for(i = 0; i < COUNT(list); i++)
		token_expect(*state, mint_text("%s", list[i].payload), list[i].want);
	token_expect(*state, payload, WIMS_TOKEN_JSON);
	/* a NUL behind the object, and what could follow it */
	assert_int_equal(token_validate(&t, *state, token, WORLD_NOW), WIMS_TOKEN_JSON);
	free(token);
	free(nul);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_good),
									   cmocka_unit_test(test_claims),
									   cmocka_unit_test(test_times),
									   cmocka_unit_test(test_remaining),
									   cmocka_unit_test(test_times_again),
									   cmocka_unit_test(test_age),
									   cmocka_unit_test(test_lifetime_without_iat),
									   cmocka_unit_test(test_policy),
									   cmocka_unit_test(test_claim_names),
									   cmocka_unit_test(test_typ),
									   cmocka_unit_test(test_issuers),
									   cmocka_unit_test(test_signature_first),
									   cmocka_unit_test(test_payloads)};

	return cmocka_run_group_tests(tests, token_setup, token_teardown);
}
