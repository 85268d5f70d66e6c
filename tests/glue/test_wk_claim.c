/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_cache.h"
#include "wk_claim.h"
#include "wk_pv.h"
#include "wk_result.h"
#include "wk_token.h"

static sip_msg_t *validated(const char *token, const char *reason)
{
	sip_msg_t *msg = glue_register(token, "");

	assert_int_equal(wk_token_validate(msg, NULL), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	return msg;
}

static void expect_claim(sip_msg_t *msg, const char *name, const char *want)
{
	char *pv = mint_text("claim=>%s", name);
	str s = {(char *)name, (int)strlen(name)};

	assert_string_equal(ksr_pv(msg, pv), want == NULL ? "$null" : want);
	assert_int_equal(wk_token_claim(msg, &s), want == NULL ? WK_FALSE : WK_TRUE);
	free(pv);
}

/* By validation first, from the cache then. */
static void test_claims(void **state)
{
	char *token = glue_token("ims", "{\"class\":\"gold\",\"lines\":[\"a\",\"b\"],\"n\":-2,"
									"\"vip\":true,\"odd\":\"<x>\"}");
	int i;

	for(i = 0; i < 2; i++) {
		sip_msg_t *msg = validated(token, "ok");

		assert_int_equal(ksr_counter("token_cache_hits"), i);
		expect_claim(msg, "sub", "user-7");
		expect_claim(msg, "ims.class", "gold");
		expect_claim(msg, "ims.lines", "a,b");
		expect_claim(msg, "ims.n", "-2");
		expect_claim(msg, "ims.vip", "true");
		expect_claim(msg, "exp", "1900000600");
		expect_claim(msg, "ims.odd", NULL);
		expect_claim(msg, "ims", NULL);
		expect_claim(msg, "none", NULL);
		assert_reason(msg, "ok");
		ksr_msg_free(msg);
	}
	free(token);
}

static void test_names(void **state)
{
	char *token = glue_token(NULL, NULL), name[WIMS_CLAIM_NAME_MAX + 2];
	sip_msg_t *msg = validated(token, "ok");

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	expect_claim(msg, name, NULL);
	assert_string_equal(ksr_pv(msg, "claim=>"), "no such name");
	assert_string_equal(ksr_pv(msg, "claim"), "no such name");
	ksr_msg_free(msg);
	free(token);
}

/* Nothing is shown of a token that is not good, nor of another message's. */
static void test_of_this_message_only(void **state)
{
	char *token = glue_token("exp", "1800000000"), *good = glue_token(NULL, NULL);
	sip_msg_t *msg = validated(good, "ok"), *other = glue_register(good, "");
	str bad = str_init("a.b.c");

	expect_claim(msg, "sub", "user-7");
	expect_claim(other, "sub", NULL);
	ksr_msg_free(other);
	other = validated(token, "token_expired");
	expect_claim(other, "sub", NULL);
	expect_claim(msg, "sub", NULL);
	ksr_msg_free(other);
	assert_int_equal(wk_token_validate(msg, NULL), WK_TRUE);
	expect_claim(msg, "sub", "user-7");
	assert_int_equal(wk_token_validate(msg, &bad), WK_FALSE);
	expect_claim(msg, "sub", NULL);
	ksr_msg_free(msg);
	free(token);
	free(good);
}

/* A second token's claims take the place of the first one's. */
static void test_two_tokens(void **state)
{
	char *one = glue_token("sub", "\"one\""), *two = glue_token("sub", "\"two\"");
	str given = {two, (int)strlen(two)};
	sip_msg_t *msg = validated(one, "ok");

	expect_claim(msg, "sub", "one");
	assert_int_equal(wk_token_validate(msg, &given), WK_TRUE);
	expect_claim(msg, "sub", "two");
	assert_int_equal(wk_token_validate(msg, NULL), WK_TRUE);
	expect_claim(msg, "sub", "one");
	ksr_msg_free(msg);
	free(one);
	free(two);
}

/* Claims that were not in the token's text come with it from the cache. */
static void test_document(void **state)
{
	char *token = glue_token(NULL, NULL);
	sip_msg_t *msg = validated(token, "ok");
	struct wims_cache_in in = {
			.token = &wk_result(msg)->token,
			.claims = WIMS_PL("{\"sub\":\"of the document\"}"),
			.until = 1900000600,
	};

	assert_true(wk_cache_key(&in.key, wims_pl_str(token)));
	wk_cache_put(&in);
	ksr_msg_free(msg);
	msg = validated(token, "ok");
	assert_int_equal(ksr_counter("token_cache_hits"), 1);
	expect_claim(msg, "sub", "of the document");
	expect_claim(msg, "aud", NULL);
	ksr_msg_free(msg);
	free(token);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_claims),
			glue_test(test_names),
			glue_test(test_of_this_message_only),
			glue_test(test_two_tokens),
			glue_test(test_document),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
