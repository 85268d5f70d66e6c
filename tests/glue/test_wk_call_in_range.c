/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rangecore_help.h"

#include "call_help.h"
#include "wk_call.h"
#include "wk_rangereg.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_state.h"

#define ANNA "sip:range1-anna@ims.test"

/* Calls of a WIC whose IMPU is in a range. */

static int setup(void **state)
{
	const struct wims_binding_in in = {.txn = 1,
									   .conn = GLUE_CONN,
									   .wwsf = WIMS_PL("wwsf1"),
									   .subject = WIMS_PL("anna"),
									   .impi = WIMS_PL("range1-anna@ims.test"),
									   .impu = WIMS_PL(ANNA),
									   .wic_contact = WIMS_PL("sip:w@x.invalid;transport=ws"),
									   .call_id = WIMS_PL("c"),
									   .domain = WIMS_PL("ims.test"),
									   .range = WIMS_PL(RC_WILDCARD),
									   .cseq = 1};
	const struct wims_core_answer answer = {.granted_ms = 600000, .core_granted_ms = 600000};
	char user_of_contact[WIMS_CONTACT_USER_LEN + 1];

	if(rc_setup(state) != 0)
		return -1;
	assert_int_equal(wims_binding_begin(wk_flows_lock(), &in, wk_now_ms(), user_of_contact),
					 WIMS_OK);
	wk_flows_unlock();
	assert_int_equal(wims_binding_commit(wk_flows_lock(), 1, &answer, wk_now_ms()), WIMS_OK);
	wk_flows_unlock();
	rc_provision(RC_BY_PILOT("start"));
	return 0;
}

static void expect_route(const char *uri)
{
	sip_msg_t *msg = call_from_wic(GLUE_CONN, "INVITE", "", "");
	char want[512];

	call_expect(msg, wk_originate, "ok");
	snprintf(want, sizeof(want),
			 "\nP-Asserted-Identity: <" ANNA ">\nP-Profile-Key: <" RC_WILDCARD
			 ">\nP-Charging-Vector: icid-value=");
	assert_contains(ksr_out(msg), want);
	snprintf(want, sizeof(want), "\nRoute: <%s>\n", uri);
	assert_contains(ksr_out(msg), want);
	assert_true(wims_pl_eq(wk_pl(&msg->dst_uri), wims_pl_str(uri)));
	ksr_msg_free(msg);
	ksr_tm_end(487);
}

/* The Service-Route is that of the range as it is registered now. */
static void test_originate(void **state)
{
	rc_accept();
	expect_route("sip:orig@scscf.ims.test;lr");
	ksr_clock.mono_ms += 301000;
	wk_rangereg_tick();
	rc_answer("200 OK",
			  "P-Associated-URI: <" RC_PILOT ">, <" RC_WILDCARD ">\n"
			  "Service-Route: <sip:orig@other.ims.test:6070;lr>\n",
			  true);
	expect_route("sip:orig@other.ims.test:6070;lr");
}

static void test_no_service_route(void **state)
{
	sip_msg_t *msg = call_from_wic(GLUE_CONN, "MESSAGE", "", "");

	rc_answer("200 OK", "P-Associated-URI: <" RC_PILOT ">, <" RC_WILDCARD ">\n", true);
	call_expect(msg, wk_originate, "ok");
	assert_contains(ksr_out(msg), "\nP-Profile-Key: <" RC_WILDCARD ">\n");
	assert_lacks(ksr_out(msg), "Route:");
	assert_true(wims_pl_eq(wk_pl(&msg->dst_uri), WIMS_PL("sip:icscf.ims.test:4060")));
	ksr_msg_free(msg);
}

static void expect_refused(const char *reason, int code)
{
	sip_msg_t *msg = call_from_wic(GLUE_CONN, "INVITE", "", "");

	call_expect(msg, wk_originate, reason);
	assert_lacks(ksr_out(msg), "P-Asserted-Identity");
	assert_int_equal(msg->dst_uri.len, 0);
	assert_int_equal(glue_counts().calls, 0);
	assert_int_equal(wk_reply(msg), WK_TRUE);
	assert_int_equal(ksr_sl.code, code);
	assert_int_equal(strstr(ksr_reply_lines(msg), "Retry-After: ") != NULL, code == 503);
	ksr_msg_free(msg);
}

static void test_not_registered_yet(void **state)
{
	expect_refused("range_pending", 503);
	rc_accept();
}

static void test_failing(void **state)
{
	rc_answer("500 Oops", "", false);
	expect_refused("range_unavailable", 503);
}

static void test_refused(void **state)
{
	rc_answer("403 Forbidden", "", false);
	expect_refused("range_refused", 403);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, rc_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_originate), T(test_no_service_route), T(test_not_registered_yet),
			T(test_failing),   T(test_refused),
	};

	return cmocka_run_group_tests(tests, rc_group_setup, ask_group_teardown);
}
