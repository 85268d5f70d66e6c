/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Which range an IMPU is in: of a REGISTER, of the script, of an operator. */
#include "glue.h"

#include "mint.h"
#include "wk_provision.h"
#include "wk_rangereg.h"
#include "wk_ranges.h"
#include "wk_register.h"
#include "wk_result.h"
#include "wk_token.h"

static int setup(void **state)
{
	return glue_setup(state) | glue_range_open();
}

/* ---- a REGISTER ---- */

static sip_msg_t *registered_as(const char *impu, const char *more)
{
	char *token = glue_range_token(impu, more);
	sip_msg_t *msg = glue_range_register(token, impu, "");

	if(wk_token_validate(msg, NULL) == WK_TRUE)
		assert_int_equal(wk_identity_check(msg), WK_TRUE);
	free(token);
	return msg;
}

static void expect_pvs(sip_msg_t *msg, const char *registrar, const char *range, const char *wwsf)
{
	assert_string_equal(ksr_pv(msg, "registrar"), registrar);
	assert_string_equal(ksr_pv(msg, "range"), range);
	assert_string_equal(ksr_pv(msg, "range_wwsf"), wwsf);
}

static void test_in_a_range(void **state)
{
	sip_msg_t *msg = registered_as("sip:r1-7@ims.test", "");
	const struct wk_result *res = wk_result(msg);

	assert_reason(msg, "ok");
	expect_pvs(msg, "epcscf", "sip:r1-!.*!@ims.test", "wwsf3");
	assert_string_equal(ksr_pv(msg, "scenario"), "range");
	assert_ptr_equal(res->range, &res->token.wwsf->ranges.at[0]);
	assert_true(wims_pl_eq(res->range_key, WIMS_PL("sip:r1-!.*!@ims.test")));
	ksr_msg_free(msg);
}

/* The range that the token brings is the one that is registered. */
static void test_brought(void **state)
{
	sip_msg_t *msg = registered_as("sip:r2-77@ims.test", ",\"range\":\"sip:r2-7!.*!@ims.test\"");
	const struct wk_result *res = wk_result(msg);

	assert_reason(msg, "ok");
	expect_pvs(msg, "epcscf", "sip:r2-!.*!@ims.test", "wwsf3");
	assert_true(wims_pl_eq(res->range_key, WIMS_PL("sip:r2-7!.*!@ims.test")));
	ksr_msg_free(msg);
	msg = registered_as("sip:r2-77@ims.test", ",\"range\":\"sip:r!.*!@ims.test\"");
	assert_reason(msg, "range_not_entitled");
	expect_pvs(msg, "$null", "$null", "$null");
	ksr_msg_free(msg);
}

/* Whoever is in it is counted by one spelling, that of the first token. */
static void test_brought_again(void **state)
{
	sip_msg_t *msg;

	wk_rangereg_tick();
	msg = registered_as("sip:r2-77@ims.test", ",\"range\":\"sip:r2-7!.*!@ims.test\"");
	assert_int_equal(wk_rangereg_want(wk_result(msg)), WIMS_RANGE_PENDING);
	ksr_msg_free(msg);
	msg = registered_as("sip:r2-78@ims.test", ",\"range\":\"sip:r2%2D%37!.%2A!@ims.test\"");
	assert_int_equal(wk_rangereg_want(wk_result(msg)), WIMS_RANGE_PENDING);
	assert_true(wims_pl_eq(wk_result(msg)->range_key, WIMS_PL("sip:r2-7!.*!@ims.test")));
	ksr_msg_free(msg);
}

/* A script that does not ask who the registrar is does not get round it. */
static void test_not_by_tna(void **state)
{
	sip_msg_t *msg = registered_as("sip:r1-7@ims.test", "");

	assert_int_equal(wk_tna_apply(msg), WK_FALSE);
	assert_reason(msg, "scenario_refused");
	ksr_msg_free(msg);
}

/* One that is only a member, and one that is in "impus": the core's. */
static void test_registered_in_the_core(void **state)
{
	static const struct
	{
		const char *impu, *range;
	} rows[] = {
			{"sip:r3-5@ims.test", "sip:r3-![0-9]+!@ims.test"},
			{"sip:r1-vip@ims.test", "$null"},
	};
	size_t i;

	for(i = 0; i < 2; i++) {
		sip_msg_t *msg = registered_as(rows[i].impu, "");

		assert_reason(msg, "ok");
		expect_pvs(msg, "core", rows[i].range, "wwsf3");
		assert_int_equal(wk_result(msg)->range_key.l, 0);
		ksr_msg_free(msg);
	}
}

static void test_in_no_range(void **state)
{
	sip_msg_t *msg = registered_as("sip:r4-5@ims.test", "");

	assert_reason(msg, "impu_not_entitled");
	expect_pvs(msg, "$null", "$null", "$null");
	ksr_msg_free(msg);
}

/* What was found out about the identity of one token is none of another. */
static void test_another_token(void **state)
{
	sip_msg_t *msg = registered_as("sip:r1-7@ims.test", "");
	str bad = str_init("a.b.c");

	expect_pvs(msg, "epcscf", "sip:r1-!.*!@ims.test", "wwsf3");
	assert_int_equal(wk_token_validate(msg, &bad), WK_FALSE);
	expect_pvs(msg, "$null", "$null", "$null");
	assert_null(wk_result(msg)->range);
	assert_int_equal(wk_result(msg)->range_key.l, 0);
	ksr_msg_free(msg);
}

/* ---- the script ---- */

static void test_range_match(void **state)
{
	static const struct
	{
		const char *uri, *range, *wwsf;
	} rows[] = {
			{"sip:r1-7@ims.test", "sip:r1-!.*!@ims.test", "wwsf3"},
			{"<sip:r1%2D7@IMS.TEST:5060;transport=ws>", "sip:r1-!.*!@ims.test", "wwsf3"},
			{"sip:r3-7@ims.test", "sip:r3-![0-9]+!@ims.test", "wwsf3"},
			{"sip:r3-x@ims.test", "$null", "$null"},
			{"sip:r1-vip@ims.test", "$null", "wwsf3"},
			{"sip:alice@ims.test", "$null", "wwsf1"},
			{"sip:r1@ims.test", "$null", "$null"},
			{"sip:ims.test", "$null", "$null"},
			{"", "$null", "$null"},
	};
	sip_msg_t *msg = registered_as("sip:r1-7@ims.test", "");
	size_t i;

	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		str uri = {(char *)rows[i].uri, (int)strlen(rows[i].uri)};
		bool found = strcmp(rows[i].wwsf, "$null") != 0;

		assert_int_equal(wk_range_match(msg, &uri), found ? WK_TRUE : WK_FALSE);
		/* what the request itself is in stays */
		expect_pvs(msg, "epcscf", rows[i].range, rows[i].wwsf);
		assert_true(wims_pl_eq(wk_result(msg)->range_key, WIMS_PL("sip:r1-!.*!@ims.test")));
		assert_reason(msg, "ok");
	}
	ksr_msg_free(msg);
}

/* ---- an operator ---- */

static void expect_rpc(const char *impu, const char *want)
{
	assert_string_equal(ksr_rpc_run("webrtc_ims.range_match", impu, NULL), want);
}

static void test_rpc(void **state)
{
	expect_rpc("sip:r1-7@IMS.test", "impu=sip:r1-7@ims.test wwsf=wwsf3 scenario=range "
									"range=sip:r1-!.*!@ims.test registrar=epcscf register=first "
									"wildcard=sip:r1-!.*!@ims.test\n");
	expect_rpc("sip:r3-7@ims.test", "impu=sip:r3-7@ims.test wwsf=wwsf3 scenario=range "
									"range=sip:r3-![0-9]+!@ims.test registrar=core register=never "
									"wildcard=\n");
	expect_rpc("sip:r1-vip@ims.test", "impu=sip:r1-vip@ims.test wwsf=wwsf3 scenario=range range= "
									  "registrar=core register=never wildcard=\n");
	expect_rpc("sip:bob@ims.test", "impu=sip:bob@ims.test wwsf=wwsf2 scenario=web-auth range= "
								   "registrar=core register=never wildcard=\n");
	expect_rpc("sip:carol@ims.test", "404 the IMPU of no pool and no range\n");
	expect_rpc("carol", "400 no sip:, sips: or tel: URI with a user part\n");
	expect_rpc(NULL, "400 argument missing\n");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, glue_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_in_a_range),  T(test_brought),       T(test_registered_in_the_core),
			T(test_in_no_range), T(test_another_token), T(test_range_match),
			T(test_rpc),         T(test_brought_again), T(test_not_by_tna),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
