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

#include "identity/wims_impu.h"
#include "mint.h"
#include "scarce.h"
#include "scarce_json.h"
#include "sweep.h"
#include "token/wims_claims.h"
#include "token_help.h"
#include "world.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static char *list_of(const char *format, int n)
{
	char *whole, *out = mint_text("%s", "[");
	int i;

	for(i = 0; i < n; i++) {
		char *one = mint_text(format, i), *more = mint_text("%s%s%s", out, i > 0 ? "," : "", one);

		free(one);
		free(out);
		out = more;
	}
	whole = mint_text("%s]", out);
	free(out);
	return whole;
}

static void expect_list(const struct wims_provision *pv, const char *format, int n,
						enum wims_reason want)
{
	char *list = list_of(format, n);

	token_expect(pv, world_claims("impu", list), want);
	free(list);
}

static void test_limits(void **state)
{
	static const struct
	{
		const char *claim;
		size_t max;
	} caps[] = {{"sub", WIMS_TOKEN_NAME_MAX},
				{"jti", WIMS_TOKEN_NAME_MAX},
				{"client_id", WIMS_TOKEN_NAME_MAX}};
	char text[WIMS_TOKEN_SCOPE_MAX + 2];
	size_t i;

	memset(text, 'x', sizeof(text));
	for(i = 0; i < COUNT(caps); i++) {
		char *fits = mint_text("\"%.*s\"", (int)caps[i].max, text);
		char *over = mint_text("\"%.*s\"", (int)caps[i].max + 1, text);

		token_expect(*state, world_claims(caps[i].claim, fits), WIMS_OK);
		token_expect(*state, world_claims(caps[i].claim, over), WIMS_CLAIM_VALUE);
		free(fits);
		free(over);
	}
	for(i = 0; i < 2; i++) {
		size_t fill = WIMS_TOKEN_SCOPE_MAX - strlen(WORLD_SCOPE) - 1 + i;
		char *scope = mint_text("\"%.*s %s\"", (int)fill, text, WORLD_SCOPE);

		token_expect(*state, world_claims("scope", scope), i == 0 ? WIMS_OK : WIMS_CLAIM_VALUE);
		free(scope);
	}
	expect_list(*state, "\"sip:a%d@ims.test\"", WIMS_TOKEN_IMPUS_MAX, WIMS_OK);
	expect_list(*state, "\"sip:a%d@ims.test\"", WIMS_TOKEN_IMPUS_MAX + 1, WIMS_CLAIM_VALUE);
	/* one identity many times is one identity */
	expect_list(*state, "\"sip:alice@ims.test;x=%d\"", WIMS_CLAIM_LIST_MAX, WIMS_OK);
	expect_list(*state, "\"sip:alice@ims.test;x=%d\"", WIMS_CLAIM_LIST_MAX + 1, WIMS_CLAIM_VALUE);
}

/* n IMPUs of the greatest length. */
static char *long_impus(int n)
{
	char pad[WIMS_IMPU_MAX], *format, *list;

	memset(pad, 'a', sizeof(pad));
	format = mint_text("\"sip:a%%02d%.*s@ims.test\"", WIMS_IMPU_MAX - 16, pad);
	list = list_of(format, n);
	free(format);
	return list;
}

/* Claims that are copied more than once can be more text than a result holds;
 * then the token is refused as a whole. */
static void test_text_room(void **state)
{
	struct wims_provision *pv = world_new(",\"claims\":{\"wwsf\":\"sub\",\"waf\":\"sub\"}");
	char pad[WIMS_TOKEN_SCOPE_MAX];
	int i;

	(void)state;
	memset(pad, 'x', sizeof(pad));
	for(i = 0; i < 2; i++) {
		char *impus = long_impus(i == 0 ? 12 : WIMS_TOKEN_IMPUS_MAX);
		char *payload = mint_text("{\"iss\":\"https://waf.wwsf.test\",\"aud\":\"epcscf.ims.test\","
								  "\"exp\":1900000600,\"sub\":\"%.*s\",\"jti\":\"%.*s\","
								  "\"scope\":\"%s %.*s\",\"impi\":\"a%.*s@ims.test\",\"impu\":%s}",
								  WIMS_TOKEN_NAME_MAX, pad, WIMS_TOKEN_NAME_MAX, pad, WORLD_SCOPE,
								  980, pad, 200, pad, impus);

		token_expect(pv, payload, i == 0 ? WIMS_OK : WIMS_CLAIM_VALUE);
		free(impus);
	}
	wims_provision_free(pv);
}

struct validating
{
	const struct wims_provision *pv;
	const char *token;
};

static enum wims_reason validated(void *ctx)
{
	const struct validating *v = ctx;
	struct wims_token t;

	return token_validate(&t, v->pv, v->token, WORLD_NOW);
}

static void test_no_memory(void **state)
{
	char *payload = world_claims(NULL, NULL);
	char *token = mint_jws(MINT_ED25519, "EdDSA",
						   "{\"alg\":\"EdDSA\",\"kid\":\"ed25519\",\"n\":\"new to the memo\"}",
						   wims_pl_str(payload));
	struct validating v = {.pv = *state, .token = token};
	enum wims_reason r = WIMS_NOMEM;
	struct wims_token t;
	size_t n;

	for(n = 0; r != WIMS_OK && n < 100; n++) {
		struct scarce s;

		scarce_init(&s, n);
		r = wims_token_validate(&t, &s.env, *state, wims_pl_str(token), WORLD_NOW);
		token_consistent(&t, r);
		assert_true(r == WIMS_OK || r == WIMS_NOMEM);
		assert_int_equal(s.live, 0);
	}
	assert_int_equal(n, 3); /* header, payload, then enough */
	assert_true(scarce_json(validated, &v) > 20);
	free(payload);
	free(token);
}

struct mutation
{
	const struct wims_provision *pv;
	size_t accepted;
};

/* Mutants of the payload that are signed again: whatever is accepted is fit
 * for SIP and belongs to the WWSF. */
static void signed_again(void *ctx, struct wims_pl input)
{
	struct mutation *m = ctx;
	char *token = mint_jws(MINT_ED25519, "EdDSA", "{\"alg\":\"EdDSA\",\"kid\":\"ed25519\"}", input);
	struct wims_token t;
	enum wims_reason r = token_validate(&t, m->pv, token, WORLD_NOW);
	size_t i;

	free(token);
	if(r != WIMS_OK)
		return;
	m->accepted++;
	assert_true(wims_claim_text_ok((struct wims_pl){t.text, t.used}));
	assert_true(wims_wwsf_owns_impi(t.wwsf, t.impi));
	for(i = 0; i < t.impu_count; i++)
		assert_true(wims_wwsf_owns_impu(t.wwsf, t.impus[i]));
	assert_true(t.exp + t.wwsf->leeway > WORLD_NOW);
}

static void test_signed_mutants(void **state)
{
	char *payload = world_claims(NULL, NULL);
	struct mutation m = {.pv = *state};

	assert_true(sweep(wims_pl_str(payload), signed_again, &m) > 0);
	assert_true(m.accepted > 0);
	free(payload);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_limits), cmocka_unit_test(test_text_room),
			cmocka_unit_test(test_no_memory), cmocka_unit_test(test_signed_mutants)};

	return cmocka_run_group_tests(tests, token_setup, token_teardown);
}
