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

#include "mint.h"
#include "token_help.h"
#include "world.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What an operator may ask of a WWSF's tokens beyond the default. */

struct row
{
	const char *claim, *value; /* as in world_claims */
	enum wims_reason want;
};

/* more: members of wwsf1 */
static void expect_all(const char *more, const struct row *rows, size_t count)
{
	struct wims_provision *pv = world_new(more);
	size_t i;

	for(i = 0; i < count; i++)
		token_expect(pv, world_claims(rows[i].claim, rows[i].value), rows[i].want);
	wims_provision_free(pv);
}

static void test_required(void **state)
{
	static const struct row rows[] = {{"a", "{\"b\":7}", WIMS_OK},
									  {"a", "{\"b\":true}", WIMS_OK},
									  {"a.b", "7", WIMS_OK},
									  {"a", NULL, WIMS_CLAIM_MISSING},
									  {"a", "{}", WIMS_CLAIM_MISSING},
									  {"a", "{\"c\":7}", WIMS_CLAIM_MISSING},
									  {"a", "7", WIMS_CLAIM_TYPE},
									  {"a", "{\"b\":null}", WIMS_CLAIM_TYPE},
									  {"a", "{\"b\":\"7\"}", WIMS_CLAIM_TYPE},
									  {"a", "{\"b\":7.0}", WIMS_CLAIM_TYPE},
									  {"a", "{\"b\":8}", WIMS_CLAIM_VALUE},
									  {"a", "{\"b\":false}", WIMS_CLAIM_VALUE},
									  {"a", "{\"b\":[1,7]}", WIMS_OK},
									  {"a", "{\"b\":[]}", WIMS_CLAIM_VALUE},
									  /* its own name comes first, also where it is wrong */
									  {"a.b", "8,\"a\":{\"b\":7}", WIMS_CLAIM_VALUE}};
	static const struct row all[] = {{"x", "\"1\",\"y\":\"2\"", WIMS_OK},
									 {"x", "\"1\"", WIMS_CLAIM_MISSING},
									 {"y", "\"2\"", WIMS_CLAIM_MISSING},
									 {"x", "\"1\",\"y\":\"3\"", WIMS_CLAIM_VALUE}};
	/* one of those that are checked anyway */
	static const struct row sub[] = {{"sub", "\"user-7\"", WIMS_OK},
									 {"sub", "\"user-8\"", WIMS_CLAIM_VALUE}};

	(void)state;
	expect_all(",\"required_claims\":{\"a.b\":[7,true]}", rows, COUNT(rows));
	expect_all(",\"required_claims\":{\"x\":\"1\",\"y\":\"2\"}", all, COUNT(all));
	expect_all(",\"required_claims\":{\"sub\":\"user-7\"}", sub, COUNT(sub));
}

#define PATHS                                                               \
	",\"claims\":{\"impi\":\"ims.impi\",\"impu\":\"ims.id.impu\",\"wwsf\":" \
	"\"app.id\",\"waf\":\"ims.waf\",\"scope\":\"realm.roles\"}"
#define IDS "\"impi\":\"amy@ims.test\",\"id\":{\"impu\":[\"sip:amy@ims.test\",\"tel:+4930\"]}"
#define ROLES ",\"realm\":{\"roles\":[\"x\",\"" WORLD_SCOPE "\"]}"
#define APP ",\"app\":{\"id\":\"site\"}"

static void test_paths(void **state)
{
	static const struct row rows[] = {
			{"ims", "{" IDS "}" ROLES APP, WIMS_OK},
			{"ims", "{" IDS ",\"waf\":\"w1\"}" ROLES, WIMS_OK},
			/* the plain names, which world_claims gives too, are not what was asked for */
			{"ims", NULL, WIMS_SCOPE_MISSING},
			{"realm", "{\"roles\":\"" WORLD_SCOPE "\"}", WIMS_CLAIM_MISSING},
			{"ims", "\"impi\"" ROLES, WIMS_CLAIM_TYPE},
			{"ims", "{" IDS "}", WIMS_SCOPE_MISSING},
			{"ims", "{" IDS "},\"realm\":[\"roles\"]", WIMS_CLAIM_TYPE},
			{"ims", "{" IDS "},\"realm\":{\"roles\":{\"x\":1}}", WIMS_CLAIM_TYPE},
			/* optional does not mean that anything goes */
			{"ims", "{" IDS "}" ROLES ",\"app\":\"site\"", WIMS_CLAIM_TYPE},
			{"ims", "{" IDS "}" ROLES ",\"app\":{\"id\":7}", WIMS_CLAIM_TYPE},
			{"ims", "{" IDS "}" ROLES ",\"app.id\":\"a\\nb\"", WIMS_CLAIM_VALUE},
			/* nested or not, the same rules */
			{"ims", "{\"impi\":\"amy@ims.test\",\"id\":{\"impu\":\"sip:bob@ims.test\"}}" ROLES,
			 WIMS_IMPU_NOT_ENTITLED},
			{"ims",
			 "{\"impi\":\"amy@ims.test\",\"id\":{\"impu\":\"sip:amy@ims.test\\r\\nX: "
			 "y\"}}" ROLES,
			 WIMS_CLAIM_VALUE},
			{"ims", "{\"impi\":\"bob@ims.test\",\"id\":{\"impu\":\"sip:amy@ims.test\"}}" ROLES,
			 WIMS_IMPI_NOT_ENTITLED},
			{"ims", "{\"impi\":\"amy@ims.test\",\"id\":[\"sip:amy@ims.test\"]}" ROLES,
			 WIMS_CLAIM_TYPE},
			/* the name itself wins over what the path leads to */
			{"ims", "{" IDS "}" ROLES ",\"ims.impi\":\"bob@ims.test\"", WIMS_IMPI_NOT_ENTITLED},
			{"ims.id.impu", "\"sip:alan@ims.test\",\"ims.impi\":\"alan@ims.test\"" ROLES, WIMS_OK}};
	struct wims_provision *pv = world_new(PATHS);
	char *payload = world_claims("ims", "{" IDS "}" ROLES APP), *token = token_sign(payload);
	struct wims_token t;

	(void)state;
	expect_all(PATHS, rows, COUNT(rows));
	assert_int_equal(token_validate(&t, pv, token, WORLD_NOW), WIMS_OK);
	assert_true(wims_pl_eq(t.impi, WIMS_PL("amy@ims.test")));
	assert_int_equal(t.impu_count, 2);
	assert_true(wims_pl_eq(t.impus[0], WIMS_PL("sip:amy@ims.test")));
	assert_true(wims_pl_eq(t.client_id, WIMS_PL("site")));
	assert_true(wims_pl_eq(t.scope, WIMS_PL("x " WORLD_SCOPE)));
	assert_int_equal(t.waf.l, 0);
	wims_provision_free(pv);
	free(payload);
	free(token);
}

/* client_id before azp, and only where the operator named no other. */
static void test_wwsf_id(void **state)
{
	static const struct row free_choice[] = {
			{"client_id", NULL, WIMS_OK},
			{"azp", "\"other\"", WIMS_OK},
			{"azp", "7", WIMS_OK}, /* not looked at: there is a client_id */
			{"client_id", "7,\"azp\":\"web-site\"", WIMS_CLAIM_TYPE},
			{"client_id", "\"\",\"azp\":\"web-site\"", WIMS_CLAIM_VALUE}};
	/* another name was given: neither of the two is read */
	static const struct row not_named[] = {{"azp", "7", WIMS_OK}, {"client_id", "7", WIMS_OK}};
	static const struct row checked[] = {
			{"client_id", "\"web-site\"", WIMS_OK},
			{"client_id", "\"web-app\"", WIMS_OK},
			{"client_id", "\"other\"", WIMS_WWSF_MISMATCH},
			{"client_id", "\"Web-site\"", WIMS_WWSF_MISMATCH},
			{"client_id", "\"web-site \"", WIMS_WWSF_MISMATCH},
			{"client_id", "\"other\",\"azp\":\"web-site\"", WIMS_WWSF_MISMATCH},
			{"client_id", "7", WIMS_CLAIM_TYPE},
			{"client_id", "[\"web-site\"]", WIMS_CLAIM_TYPE},
			{"client_id", NULL, WIMS_CLAIM_MISSING}};
	static const struct row named[] = {{"app", "{\"id\":\"web-site\"}", WIMS_OK},
									   {"app", "{\"id\":\"other\"}", WIMS_WWSF_MISMATCH},
									   {"azp", "\"web-site\"", WIMS_CLAIM_MISSING}};
	static const struct row azp[] = {{"azp", "\"web-site\"", WIMS_OK},
									 {"azp", "\"other\"", WIMS_WWSF_MISMATCH},
									 {"azp", "7", WIMS_CLAIM_TYPE},
									 {"azp", NULL, WIMS_CLAIM_MISSING}};
	struct wims_provision *pv = world_new(",\"wwsf_id\":\"web-site\"");
	struct wims_token t;
	size_t i;

	(void)state;
	expect_all("", free_choice, COUNT(free_choice));
	expect_all(",\"claims\":{\"wwsf\":\"app.id\"}", not_named, COUNT(not_named));
	expect_all(",\"wwsf_id\":[\"web-app\",\"web-site\"]", checked, COUNT(checked));
	expect_all(",\"wwsf_id\":\"web-site\",\"claims\":{\"wwsf\":\"app.id\"}", named, COUNT(named));
	for(i = 0; i < COUNT(azp); i++) {
		char *with = world_claims("client_id", azp[i].value);
		char *at = strstr(with, "\"client_id\":"), *token;

		if(at != NULL) /* the same claim under the other name */
			memcpy(at, "      \"azp\":", strlen("\"client_id\":"));
		token = token_sign(with);
		assert_int_equal(token_validate(&t, pv, token, WORLD_NOW), azp[i].want);
		if(azp[i].want == WIMS_OK)
			assert_true(wims_pl_eq(t.client_id, WIMS_PL("web-site")));
		free(token);
		free(with);
	}
	wims_provision_free(pv);
}

static enum wims_reason with_typ(const struct wims_provision *pv, const char *typ, char *payload)
{
	char *header = mint_text("{\"alg\":\"EdDSA\",\"kid\":\"ed25519\"%s}", typ);
	char *token = mint_jws(MINT_ED25519, "EdDSA", header, wims_pl_str(payload));
	struct wims_token t;
	enum wims_reason r = token_validate(&t, pv, token, WORLD_NOW);

	free(header);
	free(payload);
	free(token);
	return r;
}

/* RFC 9068 2.1, 2.2, 4 */
static void test_at_jwt(void **state)
{
	static const struct
	{
		const char *typ;
		enum wims_reason want;
	} typs[] = {{",\"typ\":\"at+jwt\"", WIMS_OK},
				{",\"typ\":\"application/at+jwt\"", WIMS_OK},
				{",\"typ\":\"AT+JWT\"", WIMS_OK},
				{"", WIMS_TOKEN_TYP},
				{",\"typ\":\"JWT\"", WIMS_TOKEN_TYP},
				{",\"typ\":\"at+jwt2\"", WIMS_TOKEN_TYP},
				{",\"typ\":\"\"", WIMS_TOKEN_TYP},
				{",\"typ\":\"at+jwt\",\"cty\":\"JWT\"", WIMS_TOKEN_TYP}};
	static const char *const needed[] = {"iss", "exp", "aud", "sub", "client_id", "iat", "jti"};
	static const struct row wrong[] = {{"iat", "\"x\"", WIMS_CLAIM_TYPE},
									   {"jti", "7", WIMS_CLAIM_TYPE},
									   {"jti", "\"\"", WIMS_CLAIM_VALUE},
									   {"client_id", "[\"a\"]", WIMS_CLAIM_TYPE},
									   {"client_id", "\"a\\\"b\"", WIMS_CLAIM_VALUE},
									   {"client_id", "null", WIMS_CLAIM_TYPE}};
	/* its own claim for the WWSF does not make up for client_id */
	static const char *const provisionings[] = {
			",\"require_at_jwt\":true", ",\"require_at_jwt\":true,\"claims\":{\"wwsf\":\"sub\"}"};
	const char *at_jwt = typs[0].typ;
	size_t i, j;

	(void)state;
	for(j = 0; j < COUNT(provisionings); j++) {
		struct wims_provision *pv = world_new(provisionings[j]);

		for(i = 0; i < COUNT(typs); i++)
			assert_int_equal(with_typ(pv, typs[i].typ, world_claims(NULL, NULL)), typs[i].want);
		for(i = 0; i < COUNT(needed); i++)
			assert_int_equal(with_typ(pv, at_jwt, world_claims(needed[i], NULL)),
							 WIMS_CLAIM_MISSING);
		for(i = 0; i < COUNT(wrong); i++)
			assert_int_equal(with_typ(pv, at_jwt, world_claims(wrong[i].claim, wrong[i].value)),
							 wrong[i].want);
		/* nbf is none of them */
		assert_int_equal(with_typ(pv, at_jwt, world_claims("nbf", NULL)), WIMS_OK);
		wims_provision_free(pv);
	}
}

/* A WWSF that does not say who its users are. */
static void test_anonymous(void **state)
{
	static const struct row rows[] = {{"sub", NULL, WIMS_OK},
									  {"sub", "\"user-7\"", WIMS_OK},
									  {"sub", "\"anonymous\"", WIMS_OK},
									  {"sub", "\"an anonymous:1\"", WIMS_OK},
									  /* as if it were the name of a hold */
									  {"sub", "\"anonymous:\"", WIMS_CLAIM_VALUE},
									  {"sub", "\"anonymous:1\"", WIMS_CLAIM_VALUE},
									  {"sub", "\"\"", WIMS_CLAIM_VALUE},
									  {"sub", "null", WIMS_CLAIM_TYPE},
									  {"sub", "false", WIMS_CLAIM_TYPE},
									  {"jti", NULL, WIMS_OK},
									  {"impi", NULL, WIMS_CLAIM_MISSING},
									  {"impu", NULL, WIMS_CLAIM_MISSING}};
	static const struct row known[] = {{"sub", NULL, WIMS_CLAIM_MISSING},
									   {"sub", "\"anonymous:1\"", WIMS_OK}};
	struct wims_provision *pv =
			world_new(",\"scenario\":\"pool\",\"anonymous\":true,\"require_at_jwt\":true");

	(void)state;
	expect_all(",\"scenario\":\"pool\",\"anonymous\":true", rows, COUNT(rows));
	expect_all(",\"scenario\":\"pool\",\"anonymous\":false", known, COUNT(known));
	expect_all(",\"scenario\":\"pool\"", known, COUNT(known));
	/* RFC 9068 2.2: an access token has a subject */
	assert_int_equal(with_typ(pv, ",\"typ\":\"at+jwt\"", world_claims("sub", NULL)),
					 WIMS_CLAIM_MISSING);
	wims_provision_free(pv);
}

/* What is longer than it may be in SIP, in claims of names that are chosen. */
static void test_long_text(void **state)
{
	static const struct
	{
		const char *claim;
		size_t max;
	} rows[] = {{"w", WIMS_TOKEN_ISSUER_MAX}, {"c", WIMS_TOKEN_NAME_MAX}};
	struct wims_provision *pv = world_new(",\"claims\":{\"waf\":\"w\",\"wwsf\":\"c\"}");
	char text[WIMS_TOKEN_ISSUER_MAX + 1];
	size_t i;

	(void)state;
	memset(text, 'x', sizeof(text));
	for(i = 0; i < COUNT(rows); i++) {
		char *fits = mint_text("\"%.*s\"", (int)rows[i].max, text);
		char *over = mint_text("\"%.*s\"", (int)rows[i].max + 1, text);

		token_expect(pv, world_claims(rows[i].claim, fits), WIMS_OK);
		token_expect(pv, world_claims(rows[i].claim, over), WIMS_CLAIM_VALUE);
		token_expect(pv, world_claims(rows[i].claim, "\"a<b\""), WIMS_CLAIM_VALUE);
		token_expect(pv, world_claims(rows[i].claim, "\"a\\r\\nVia: b\""), WIMS_CLAIM_VALUE);
		token_expect(pv, world_claims(rows[i].claim, "null"), WIMS_CLAIM_TYPE);
		free(fits);
		free(over);
	}
	wims_provision_free(pv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_required),  cmocka_unit_test(test_paths),
			cmocka_unit_test(test_wwsf_id),   cmocka_unit_test(test_at_jwt),
			cmocka_unit_test(test_anonymous), cmocka_unit_test(test_long_text)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
