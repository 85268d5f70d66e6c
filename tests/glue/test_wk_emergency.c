/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "call_help.h"

#include "wk_emergency.h"
#include "wk_params.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_state.h"

static int setup(void **state)
{
	wk_params.ecscf = "sip:ecscf.ims.test:5070";
	wk_params.emergency_unregistered = 1;
	return call_setup(state);
}

static void is_one(uint32_t conn, const char *method, const char *uri, const char *to_tag, int is)
{
	sip_msg_t *msg = call_from_wic_to(conn, method, uri, to_tag, "");

	if(wk_emergency(msg) != (is ? WK_TRUE : WK_FALSE))
		fail_msg("%s %s%s: not %d", method, uri, to_tag, is);
	ksr_msg_free(msg);
}

static void test_which(void **state)
{
	is_one(GLUE_CONN, "INVITE", "urn:service:sos", "", 1);
	is_one(GLUE_CONN, "MESSAGE", "tel:112", "", 1);
	is_one(CALL_OTHER_CONN, "INVITE", "sip:911@ims.test", "", 1);
	is_one(GLUE_CONN, "INVITE", "urn:service:sos", ";tag=x", 0);
	is_one(GLUE_CONN, "SUBSCRIBE", "urn:service:sos", "", 0);
	is_one(GLUE_CONN, "REGISTER", "urn:service:sos", "", 0);
	is_one(GLUE_CONN, "INVITE", BOB, "", 0);
	is_one(99, "INVITE", "tel:112", "", 1);
	is_one(99, "INVITE", "sip:112@ims.test", "", 0);
}

static void test_of_the_core(void **state)
{
	sip_msg_t *msg = call_to_wic("INVITE", "112", "");

	assert_int_equal(wk_emergency(msg), WK_FALSE);
	assert_false(wk_emergency_asked(msg));
	ksr_msg_free(msg);
}

static void test_registered(void **state)
{
	sip_msg_t *msg = call_from_wic_to(
			GLUE_CONN, "INVITE", "urn:service:sos.fire", "",
			"Route: <sip:evil.test;lr>\nP-Preferred-Identity: <sip:boss@ims.test>\n");
	const char *out;

	call_expect(msg, wk_emergency_apply, "ok");
	out = ksr_out(msg);
	assert_contains(out, "\nRecord-Route: <sip:");
	assert_contains(out, "\nP-Asserted-Identity: <" ALICE ">\nP-Charging-Vector: icid-value=");
	assert_contains(out, "\nRoute: <sip:ecscf.ims.test:5070;lr>\n");
	assert_lacks(out, "evil");
	assert_lacks(out, "P-Preferred-Identity");
	assert_true(wims_pl_eq(wk_pl(&msg->dst_uri), WIMS_PL("sip:ecscf.ims.test:5070")));
	assert_int_equal(msg->new_uri.len, 0);
	assert_int_equal(ksr_counter("emergencies"), 1);
	assert_true(wims_flow_emergency(wk_flows_lock(), GLUE_CONN, WIMS_PL_NONE));
	wk_flows_unlock();
	ksr_tm_end(486);
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
}

static void test_unregistered(void **state)
{
	sip_msg_t *msg = call_from_wic_to(CALL_OTHER_CONN, "MESSAGE", "tel:112", "", "");

	call_expect(msg, wk_emergency_apply, "ok");
	assert_lacks(ksr_out(msg), "P-Asserted-Identity");
	assert_lacks(ksr_out(msg), "Record-Route");
	assert_true(wims_pl_eq(wk_pl(&msg->new_uri), WIMS_PL("urn:service:sos")));
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
}

static void answered_380(sip_msg_t *msg)
{
	call_expect(msg, wk_emergency_apply, "emergency_elsewhere");
	assert_int_equal(msg->dst_uri.len, 0);
	assert_int_equal(wk_reply(msg), WK_TRUE);
	assert_int_equal(ksr_sl.code, 380);
	assert_contains(ksr_reply_lines(msg), "Content-Type: application/3gpp-ims+xml\n"
										  "P-Asserted-Identity: <sip:127.0.0.1:5060>\n");
	assert_contains(ksr_reply_lines(msg), "<type>emergency</type>");
	assert_null(strstr(ksr_reply_lines(msg), "Contact"));
	assert_int_equal(glue_counts().closing, 0);
	ksr_msg_free(msg);
}

static void test_elsewhere(void **state)
{
	wk_params.emergency_unregistered = 0;
	answered_380(call_from_wic_to(CALL_OTHER_CONN, "INVITE", "tel:911", "", ""));
	wk_params.ecscf = "";
	answered_380(call_from_wic_to(GLUE_CONN, "INVITE", "tel:911", "", ""));
}

static void test_no_connection(void **state)
{
	sip_msg_t *msg = call_from_wic_to(99, "INVITE", "urn:service:sos", "", "");

	call_expect(msg, wk_emergency_apply, "flow_unknown");
	ksr_msg_free(msg);
	msg = call_from_wic_to(GLUE_CONN, "INVITE", BOB, "", "");
	call_expect(msg, wk_emergency_apply, "uri_bad");
	ksr_msg_free(msg);
}

static void test_without_memory(void **state)
{
	assert_true(call_without_memory(wk_emergency_apply, "tel:112", false) > 4);
}

static void refuse(const char **param, const char *value, const char *why)
{
	const char *before = *param;

	*param = value;
	assert_int_equal(wk_emergency_init(), -1);
	assert_contains(ksr_log(), why);
	*param = before;
}

static void test_params(void **state)
{
	refuse((const char **)&wk_params.emergency_numbers, "police",
		   "modparam emergency_numbers=police: no number");
}

#define emergency_test(f) cmocka_unit_test_setup_teardown(f, setup, glue_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			emergency_test(test_which),          emergency_test(test_of_the_core),
			emergency_test(test_registered),     emergency_test(test_unregistered),
			emergency_test(test_elsewhere),      emergency_test(test_no_connection),
			emergency_test(test_without_memory), emergency_test(test_params),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
