/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_hdr.h"
#include "wk_register.h"
#include "wk_result.h"
#include "provision/wims_scenario.h"
#include "wk_token.h"

static void expect_scenario(uint32_t conn, const char *authorization, const char *reason)
{
	char *text = mint_text("REGISTER sip:ims.test SIP/2.0\n%s\n", authorization);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, conn, text);

	assert_true(wk_hdr_parse(msg));
	assert_int_equal(wk_scenario_check(msg), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	if(strcmp(glue_reason(msg), reason) != 0)
		fail_msg("connection %u, %s: %s instead of %s", conn, authorization, glue_reason(msg),
				 reason);
	ksr_msg_free(msg);
	free(text);
}

/* Of two scenarios the one that the request has the credentials of. */
static void expect_chosen(const char *authorization, const char *scenario)
{
	char *text = mint_text("REGISTER sip:ims.test SIP/2.0\nTo: <sip:mia@ims.test>\n"
						   "From: <sip:mia@ims.test>;tag=f\nCall-ID: both\nCSeq: 1 REGISTER\n%s\n",
						   authorization);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, GLUE_BOTH_CONN, text);

	assert_true(wk_hdr_parse(msg));
	assert_int_equal(wk_result(msg)->scenario, WIMS_SCENARIO_NONE);
	assert_int_equal(wk_scenario_check(msg), WK_TRUE);
	assert_true(wims_pl_eq(wims_scenario_name(wk_result(msg)->scenario), wims_pl_str(scenario)));
	ksr_msg_free(msg);
	free(text);
}

static void test_scenario_matrix(void **state)
{
	expect_scenario(GLUE_CONN, "", "ok");
	expect_scenario(GLUE_CONN, "Authorization: Bearer abc\n", "ok");
	expect_scenario(GLUE_CONN, "Authorization: Digest username=\"a\"\n", "scenario_refused");
	expect_scenario(GLUE_CONN, "Authorization: Basic YTpi\n", "scenario_refused");
	expect_scenario(GLUE_CONN, "Authorization: Bearer\n", "auth_malformed");
	expect_scenario(GLUE_THIN_CONN, "", "ok");
	expect_scenario(GLUE_THIN_CONN, "Authorization: Digest username=\"a\"\n", "ok");
	expect_scenario(GLUE_THIN_CONN, "Authorization: Bearer abc\n", "scenario_refused");
	expect_scenario(GLUE_THIN_CONN, "Authorization: Bearer a b\n", "auth_malformed");
	assert_int_equal(glue_both_open(), 0);
	expect_chosen("", "ims-auth");
	expect_chosen("Authorization: Digest username=\"a\"\n", "ims-auth");
	expect_chosen("Authorization: Bearer abc\n", "web-auth");
	expect_scenario(GLUE_BOTH_CONN, "Authorization: Bearer a b\n", "auth_malformed");
	expect_scenario(99, "Authorization: Bearer abc\n", "flow_unknown");
	expect_scenario(99, "", "flow_unknown");
}

static sip_msg_t *validated(const char *token, const char *reason)
{
	sip_msg_t *msg = glue_register(token, "");

	assert_int_equal(wk_token_validate(msg, NULL), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	return msg;
}

static void expect_token(char *token, const char *reason)
{
	sip_msg_t *msg = validated(token, reason);

	assert_int_equal(wk_result(msg)->token.valid, strcmp(reason, "ok") == 0);
	ksr_msg_free(msg);
	free(token);
}

static void test_validate(void **state)
{
	char *good = glue_token(NULL, NULL);
	size_t n = strlen(good);

	good[n - 1] = good[n - 1] == 'A' ? 'Q' : 'A';
	expect_token(good, "signature_bad");
	expect_token(glue_token(NULL, NULL), "ok");
	expect_token(glue_token("exp", "1800000000"), "token_expired");
	expect_token(NULL, "token_absent");
}

/* A token of another WWSF is not good on this one's connection, although its
 * signature, audience and identities are. */
static void test_wwsf_of_the_origin(void **state)
{
	char *payload = mint_text("{\"iss\":\"https://waf.other.test\",\"sub\":\"u\","
							  "\"aud\":\"https://ims.test\",\"iat\":1899999900,"
							  "\"exp\":1900000600,\"impi\":\"bob@ims.test\","
							  "\"scope\":\"%s\",\"impu\":\"sip:bob@ims.test\"}",
							  "openid webrtc-ims-client-access-to-ims");

	expect_token(mint_token(MINT_ED25519, "EdDSA", "ed25519", payload), "wwsf_mismatch");
	free(payload);
}

/* A refused token does not leave what an earlier one of the message gave. */
static void test_refused_after_good(void **state)
{
	char *good = glue_token(NULL, NULL);
	sip_msg_t *msg = validated(good, "ok");
	str bad = str_init("a.b.c");

	assert_true(wk_result(msg)->token.valid);
	assert_int_equal(wk_token_validate(msg, &bad), WK_FALSE);
	assert_false(wk_result(msg)->token.valid);
	assert_int_equal(wk_identity_check(msg), WK_FALSE);
	assert_reason(msg, "token_absent");
	ksr_msg_free(msg);
	free(good);
}

/* An identity that was checked against one token is not registered by another. */
static void test_identity_of_an_earlier_token(void **state)
{
	char *good = glue_token(NULL, NULL), *other = glue_token("impu", "\"sip:anna@ims.test\"");
	sip_msg_t *msg = validated(good, "ok");
	str given = {other, (int)strlen(other)};

	assert_int_equal(wk_identity_check(msg), WK_TRUE);
	assert_int_equal(wk_token_validate(msg, &given), WK_TRUE);
	assert_int_equal(wk_result(msg)->impu.l, 0);
	assert_int_equal(wk_tna_apply(msg), WK_FALSE);
	assert_reason(msg, "token_absent");
	assert_int_equal(wk_identity_check(msg), WK_FALSE);
	assert_reason(msg, "to_mismatch");
	ksr_msg_free(msg);
	free(other);
	free(good);
}

static void test_given_token(void **state)
{
	char *good = glue_token(NULL, NULL);
	sip_msg_t *msg = glue_register("not-this-one", "");
	str given = {good, (int)strlen(good)}, none = {NULL, 0};

	assert_int_equal(wk_token_validate(msg, &given), WK_TRUE);
	assert_int_equal(wk_token_validate(msg, &none), WK_FALSE);
	ksr_msg_free(msg);
	free(good);
}

/* clang-format off */
static const struct identity
{
	const char *to, *from, *reason;
} identities[] = {
	{"sip:alice@ims.test",            "sip:alice@ims.test",            "ok"},
	{"tel:+4930123",                  "tel:+4930123",                  "ok"},
	{"sip:alice@IMS.test",            "sip:alice@ims.test",            "ok"},
	{"sip:alice@ims.test",            "tel:+4930123",                  "from_mismatch"},
	{"tel:+4930123",                  "sip:alice@ims.test",            "from_mismatch"},
	{"sip:alice@ims.test",            "sip:bob@ims.test",              "from_mismatch"},
	{"sip:bob@ims.test",              "sip:alice@ims.test",            "to_mismatch"},
	{"sip:bob@ims.test",              "sip:bob@ims.test",              "to_mismatch"},
	{"sip:Alice@ims.test",            "sip:Alice@ims.test",            "to_mismatch"},
	{"sip:alice@ims.test.evil.test",  "sip:alice@ims.test.evil.test",  "to_mismatch"},
	{"sip:alicea@ims.test",           "sip:alicea@ims.test",           "to_mismatch"},
	{"http://ims.test",               "sip:alice@ims.test",            "uri_bad"},
	{"sip:alice@ims.test",            "http://ims.test",               "uri_bad"},
};
/* clang-format on */

static void test_identity_matrix(void **state)
{
	char *token = glue_token(NULL, NULL);
	size_t i;

	for(i = 0; i < sizeof(identities) / sizeof(identities[0]); i++) {
		const struct identity *id = &identities[i];
		sip_msg_t *msg = glue_register_as(token, id->to, id->from, "");
		bool ok = strcmp(id->reason, "ok") == 0;

		assert_int_equal(wk_token_validate(msg, NULL), WK_TRUE);
		assert_int_equal(wk_identity_check(msg), ok ? WK_TRUE : WK_FALSE);
		if(strcmp(glue_reason(msg), id->reason) != 0)
			fail_msg("To %s From %s: %s", id->to, id->from, glue_reason(msg));
		assert_int_equal(wk_result(msg)->impu.l > 0, ok);
		assert_int_equal(wk_result(msg)->impi.l > 0, ok);
		ksr_msg_free(msg);
	}
	free(token);
}

static void test_identity_before_token(void **state)
{
	sip_msg_t *msg = glue_register(NULL, "");

	assert_true(wk_hdr_parse(msg));
	assert_int_equal(wk_identity_check(msg), WK_FALSE);
	assert_reason(msg, "token_absent");
	ksr_msg_free(msg);
}

/* The IMPI that stands beside the token is the token's, or nothing goes on. */
static void expect_username(const char *username, const char *reason)
{
	char *token = glue_token(NULL, NULL);
	char *more = mint_text("Authorization: Bearer access_token=\"%s\", username=\"%s\"\n", token,
						   username);
	sip_msg_t *msg = glue_register(NULL, more);

	assert_int_equal(wk_token_validate(msg, NULL), WK_TRUE);
	assert_int_equal(wk_identity_check(msg), strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	ksr_msg_free(msg);
	free(more);
	free(token);
}

static void test_username(void **state)
{
	expect_username("alice@ims.test", "ok");
	expect_username("bob@ims.test", "impi_mismatch");
	expect_username("alice@ims.test.evil.test", "impi_mismatch");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_scenario_matrix),
			glue_test(test_validate),
			glue_test(test_wwsf_of_the_origin),
			glue_test(test_refused_after_good),
			glue_test(test_identity_of_an_earlier_token),
			glue_test(test_given_token),
			glue_test(test_identity_matrix),
			glue_test(test_identity_before_token),
			glue_test(test_username),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
