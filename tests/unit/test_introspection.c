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
#include "scarce.h"
#include "scarce_json.h"
#include "sweep.h"
#include "token/wims_claims.h"
#include "token/wims_introspection.h"
#include "token_help.h"
#include "world.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct wims_wwsf *wwsf1(void **state)
{
	return wims_provision_at(*state, 0);
}

/* The answer to a good token with one claim changed, as in world_claims. */
static char *answer(const char *active, const char *claim, const char *value)
{
	char *claims = world_claims(claim, value);
	char *out = mint_text("{%s%s", active, claims + 1);

	free(claims);
	return out;
}

static enum wims_reason validate(struct wims_token *t, const struct wims_wwsf *w,
								 struct wims_pl body)
{
	enum wims_reason r, first;

	memset(t, 0x5a, sizeof(*t));
	r = wims_introspection_validate(t, &wims_env_libc, w, body, WORLD_NOW);
	token_consistent(t, r);
	assert_ptr_equal(t->wwsf, w);
	/* at first sight it is the same, or good */
	first = wims_introspection_active(&wims_env_libc, body);
	if(first != WIMS_OK || r == WIMS_TOKEN_INACTIVE || r == WIMS_TOKEN_SERVER_FAILED)
		assert_int_equal(first, r);
	return r;
}

static void expect(const struct wims_wwsf *w, char *body, enum wims_reason want)
{
	struct wims_token t;
	enum wims_reason r = validate(&t, w, wims_pl_str(body));

	if(r != want)
		fail_msg("%s: %s instead of %s", body, wims_reason_text(r), wims_reason_text(want));
	free(body);
}

#define ACTIVE "\"active\":true,"

static void test_active(void **state)
{
	static const struct
	{
		const char *active;
		enum wims_reason want;
	} rows[] = {{ACTIVE, WIMS_OK},
				{"\"active\":false,", WIMS_TOKEN_INACTIVE},
				{"", WIMS_TOKEN_SERVER_FAILED},
				{"\"Active\":true,", WIMS_TOKEN_SERVER_FAILED},
				{"\"active\":\"true\",", WIMS_TOKEN_SERVER_FAILED},
				{"\"active\":1,", WIMS_TOKEN_SERVER_FAILED},
				{"\"active\":null,", WIMS_TOKEN_SERVER_FAILED},
				{"\"active\":[true],", WIMS_TOKEN_SERVER_FAILED},
				/* twice: which one counts is nobody's guess */
				{"\"active\":false,\"active\":true,", WIMS_TOKEN_SERVER_FAILED}};
	static const char *const bodies[] = {
			"", "{", "true", "[]", "[{\"active\":true}]", "<html>", "{}{}", "{\"active\":tru}"};
	size_t i;

	for(i = 0; i < COUNT(rows); i++)
		expect(wwsf1(state), answer(rows[i].active, NULL, NULL), rows[i].want);
	for(i = 0; i < COUNT(bodies); i++)
		expect(wwsf1(state), mint_text("%s", bodies[i]), WIMS_TOKEN_SERVER_FAILED);
	expect(wwsf1(state), mint_text("%s", "{\"active\":false}"), WIMS_TOKEN_INACTIVE);
}

/* The rules of a signed token; its own tests have many more rows of them. */
static void test_claims(void **state)
{
	static const struct
	{
		const char *claim, *value;
		enum wims_reason want;
	} rows[] = {{NULL, NULL, WIMS_OK},
				{"iss", NULL, WIMS_OK},
				{"iss", "\"https://waf.other.test\"", WIMS_ISSUER_UNKNOWN},
				{"iss", "7", WIMS_CLAIM_TYPE},
				{"iss", "\"\"", WIMS_CLAIM_VALUE},
				{"aud", "[\"x\",\"epcscf.ims.test\"]", WIMS_OK},
				{"aud", "\"https://else.test\"", WIMS_AUDIENCE_MISMATCH},
				{"aud", NULL, WIMS_CLAIM_MISSING},
				{"exp", NULL, WIMS_CLAIM_MISSING},
				{"exp", "\"1900000600\"", WIMS_CLAIM_TYPE},
				{"exp", "1899999900", WIMS_TOKEN_EXPIRED},
				{"exp", "1900086500", WIMS_TOKEN_LIFETIME},
				{"nbf", "1900000061", WIMS_TOKEN_NOT_YET},
				{"iat", "1900000061", WIMS_TOKEN_NOT_YET},
				{"iat", NULL, WIMS_OK},
				{"sub", NULL, WIMS_CLAIM_MISSING},
				{"scope", "\"openid\"", WIMS_SCOPE_MISSING},
				{"scope", NULL, WIMS_SCOPE_MISSING},
				{"impi", NULL, WIMS_CLAIM_MISSING},
				{"impi", "\"bob@ims.test\"", WIMS_IMPI_NOT_ENTITLED},
				{"impu", "\"sip:bob@ims.test\"", WIMS_IMPU_NOT_ENTITLED},
				{"impu", "\"sip:alice@ims.test\\r\\nX: y\"", WIMS_CLAIM_VALUE},
				{"token_type", "\"Bearer\"", WIMS_OK},
				{"token_type", "\"bEARER\"", WIMS_OK},
				{"token_type", "\"DPoP\"", WIMS_TOKEN_TYP},
				{"token_type", "\"\"", WIMS_TOKEN_TYP},
				{"token_type", "null", WIMS_TOKEN_TYP},
				{"username", "\"whoever\"", WIMS_OK}};
	size_t i;

	for(i = 0; i < COUNT(rows); i++)
		expect(wwsf1(state), answer(ACTIVE, rows[i].claim, rows[i].value), rows[i].want);
}

static void test_whole(void **state)
{
	char *body = answer(ACTIVE, "iss", NULL);
	struct wims_token t;

	assert_int_equal(validate(&t, wwsf1(state), wims_pl_str(body)), WIMS_OK);
	assert_true(wims_pl_eq(t.subject, WIMS_PL("user-7")));
	assert_true(wims_pl_eq(t.impi, WIMS_PL("alice@ims.test")));
	assert_int_equal(t.impu_count, 2);
	assert_true(wims_pl_eq(t.impus[0], WIMS_PL("sip:alice@ims.test")));
	assert_true(wims_pl_eq(t.client_id, WIMS_PL("web-site")));
	assert_int_equal(t.issuer.l, 0);
	assert_int_equal(t.exp, 1900000600);
	free(body);
}

/* What the operator asks of tokens counts here too, but for what only a JWT has. */
static void test_policy(void **state)
{
	struct wims_provision *pv =
			world_new(",\"require_at_jwt\":true,\"wwsf_id\":\"web-site\",\"required_claims\":"
					  "{\"tenant\":\"red\"}");
	const struct wims_wwsf *w = wims_provision_at(pv, 0);

	(void)state;
	expect(w, answer(ACTIVE, "tenant", "\"red\""), WIMS_OK);
	expect(w, answer(ACTIVE "\"tenant\":\"red\",", "jti", NULL), WIMS_OK);
	expect(w, answer(ACTIVE "\"tenant\":\"red\",", "client_id", "\"x\""), WIMS_WWSF_MISMATCH);
	expect(w, answer(ACTIVE, NULL, NULL), WIMS_CLAIM_MISSING);
	expect(w, answer(ACTIVE, "tenant", "\"blue\""), WIMS_CLAIM_VALUE);
	wims_provision_free(pv);
}

/* A server may leave out who it is, whatever JWTs have to say. */
static void test_anonymous(void **state)
{
	struct wims_provision *pv =
			world_new(",\"scenario\":\"pool\",\"anonymous\":true,\"require_at_jwt\":true");
	const struct wims_wwsf *w = wims_provision_at(pv, 0);

	expect(wwsf1(state), answer(ACTIVE, "sub", NULL), WIMS_CLAIM_MISSING);
	expect(w, answer(ACTIVE, "sub", NULL), WIMS_OK);
	expect(w, answer(ACTIVE, "sub", "\"anonymous:0\""), WIMS_CLAIM_VALUE);
	wims_provision_free(pv);
}

static void test_size(void **state)
{
	char *pad = malloc(WIMS_INTROSPECTION_ANSWER_MAX), *good = answer(ACTIVE, NULL, NULL);
	size_t room = WIMS_INTROSPECTION_ANSWER_MAX - strlen(good) - strlen("\"x\":\"\",");
	struct wims_token t;
	char *body;

	assert_non_null(pad);
	memset(pad, 'x', WIMS_INTROSPECTION_ANSWER_MAX);
	body = mint_text("{\"x\":\"%.*s\",%s", (int)room, pad, good + 1);
	assert_int_equal(strlen(body), WIMS_INTROSPECTION_ANSWER_MAX);
	expect(wwsf1(state), body, WIMS_OK);
	body = mint_text("{\"x\":\"%.*s\",%s", (int)room + 1, pad, good + 1);
	assert_int_equal(validate(&t, wwsf1(state), wims_pl_str(body)), WIMS_TOKEN_SERVER_FAILED);
	free(body);
	free(good);
	free(pad);
}

static void test_wanted(void **state)
{
	struct wims_wwsf both = *wwsf1(state), asked = both;

	assert_false(wims_introspection_wanted(&both, WIMS_PL("opaque")));
	both.introspection.endpoint = asked.introspection.endpoint = WIMS_PL("https://as.test/i");
	asked.keys = NULL;
	assert_true(wims_introspection_wanted(&both, WIMS_PL("opaque")));
	assert_true(wims_introspection_wanted(&both, WIMS_PL("")));
	assert_true(wims_introspection_wanted(&both, WIMS_PL("a.b")));
	assert_false(wims_introspection_wanted(&both, WIMS_PL("a.b.c")));
	assert_false(wims_introspection_wanted(&both, WIMS_PL("..")));
	assert_true(wims_introspection_wanted(&both, WIMS_PL("a.b.c.d.e")));
	assert_true(wims_introspection_wanted(&asked, WIMS_PL("a.b.c")));
	assert_true(wims_introspection_wanted(&asked, WIMS_PL("opaque")));
}

static void test_check(void **state)
{
	static const struct
	{
		struct wims_pl token;
		enum wims_reason want;
	} rows[] = {{WIMS_PL("a"), WIMS_OK},
				{WIMS_PL("AZaz09-._~+/=="), WIMS_OK},
				{WIMS_PL(""), WIMS_TOKEN_FORMAT},
				{WIMS_PL("="), WIMS_TOKEN_FORMAT},
				{WIMS_PL("a=b"), WIMS_TOKEN_FORMAT},
				{WIMS_PL("a b"), WIMS_TOKEN_FORMAT},
				{WIMS_PL("a&b"), WIMS_TOKEN_FORMAT},
				{WIMS_PL("a%41"), WIMS_TOKEN_FORMAT},
				{WIMS_PL("a\0b"), WIMS_TOKEN_FORMAT},
				{WIMS_PL("a\r\nb"), WIMS_TOKEN_FORMAT},
				{WIMS_PL("\xc3\xa9"), WIMS_TOKEN_FORMAT}};
	char longest[WIMS_TOKEN_MAX + 1];
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++)
		if(wims_introspection_check(rows[i].token) != rows[i].want)
			fail_msg("row %zu", i);
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(wims_introspection_check((struct wims_pl){longest, WIMS_TOKEN_MAX}), WIMS_OK);
	assert_int_equal(wims_introspection_check((struct wims_pl){longest, WIMS_TOKEN_MAX + 1}),
					 WIMS_TOKEN_TOO_LONG);
}

static void test_request(void **state)
{
	static const char want[] = "token=aZ0-._%7E%2B%2F%3D&token_type_hint=access_token";
	char buf[WIMS_INTROSPECTION_REQUEST_MAX], longest[WIMS_TOKEN_MAX];
	struct wims_w w;

	(void)state;
	wims_w_init(&w, buf, sizeof(buf));
	wims_introspection_request(&w, WIMS_PL("aZ0-._~+/="));
	assert_true(wims_pl_eq(wims_w_done(&w), wims_pl_str(want)));
	/* whatever may be asked about has room */
	memset(longest, '+', sizeof(longest));
	wims_w_init(&w, buf, sizeof(buf));
	wims_introspection_request(&w, (struct wims_pl){longest, sizeof(longest)});
	assert_true(w.ok);
}

struct validating
{
	const struct wims_wwsf *w;
	struct wims_pl body;
};

static enum wims_reason validated(void *ctx)
{
	const struct validating *v = ctx;
	struct wims_token t;
	enum wims_reason r = wims_introspection_validate(&t, &wims_env_libc, v->w, v->body, WORLD_NOW);

	token_consistent(&t, r);
	return r;
}

static void test_no_memory(void **state)
{
	char *body = answer(ACTIVE, NULL, NULL);
	struct validating v = {.w = wwsf1(state), .body = wims_pl_str(body)};
	enum wims_reason r = WIMS_NOMEM;
	struct wims_token t;
	size_t n;

	for(n = 0; r != WIMS_OK && n < 100; n++) {
		struct scarce s;

		scarce_init(&s, n);
		r = wims_introspection_validate(&t, &s.env, wwsf1(state), wims_pl_str(body), WORLD_NOW);
		token_consistent(&t, r);
		assert_true(r == WIMS_OK || r == WIMS_NOMEM);
		assert_int_equal(s.live, 0);
	}
	assert_int_equal(n, 2); /* the document, then enough */
	assert_true(scarce_json(validated, &v) > 20);
	free(body);
}

struct mutation
{
	const struct wims_wwsf *w;
	size_t accepted, refused;
};

/* Whatever is accepted is fit for SIP and belongs to the WWSF. */
static void mutant(void *ctx, struct wims_pl input)
{
	struct mutation *m = ctx;
	struct wims_token t;
	size_t i;

	if(validate(&t, m->w, input) != WIMS_OK) {
		m->refused++;
		return;
	}
	m->accepted++;
	assert_true(wims_claim_text_ok((struct wims_pl){t.text, t.used}));
	assert_true(wims_wwsf_owns_impi(m->w, t.impi));
	for(i = 0; i < t.impu_count; i++)
		assert_true(wims_wwsf_owns_impu(m->w, t.impus[i]));
}

static void test_mutants(void **state)
{
	char *body = answer(ACTIVE, NULL, NULL);
	struct mutation m = {.w = wwsf1(state)};

	assert_true(sweep(wims_pl_str(body), mutant, &m) > 0);
	assert_true(m.accepted > 0 && m.refused > m.accepted);
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_active),    cmocka_unit_test(test_claims),
			cmocka_unit_test(test_whole),     cmocka_unit_test(test_policy),
			cmocka_unit_test(test_anonymous), cmocka_unit_test(test_size),
			cmocka_unit_test(test_wanted),    cmocka_unit_test(test_check),
			cmocka_unit_test(test_request),   cmocka_unit_test(test_no_memory),
			cmocka_unit_test(test_mutants)};

	return cmocka_run_group_tests(tests, token_setup, token_teardown);
}
