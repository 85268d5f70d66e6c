/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rangecore_help.h"

#include "call_help.h"
#include "mint.h"
#include "wk_call.h"
#include "wk_rangereg.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_state.h"

#define ANNA "sip:range1-anna@ims.test"

/* Calls of a WIC whose IMPU is in a range. */

static char name_of_anna[WIMS_CONTACT_USER_LEN + 1], name_of_bob[WIMS_CONTACT_USER_LEN + 1];

static void bound(struct wims_pl impu, struct wims_pl range,
				  char user_of_contact[WIMS_CONTACT_USER_LEN + 1])
{
	const struct wims_binding_in in = {.txn = 1,
									   .conn = GLUE_CONN,
									   .wwsf = WIMS_PL("wwsf1"),
									   .subject = WIMS_PL("anna"),
									   .impi = WIMS_PL("range1-anna@ims.test"),
									   .impu = impu,
									   .wic_contact = WIMS_PL("sip:w@x.invalid;transport=ws"),
									   .call_id = WIMS_PL("c"),
									   .domain = WIMS_PL("ims.test"),
									   .range = range,
									   .cseq = 1};
	const struct wims_core_answer answer = {.granted_ms = 600000, .core_granted_ms = 600000};

	assert_int_equal(wims_binding_begin(wk_flows_lock(), &in, wk_now_ms(), user_of_contact),
					 WIMS_OK);
	wk_flows_unlock();
	assert_int_equal(wims_binding_commit(wk_flows_lock(), 1, &answer, wk_now_ms()), WIMS_OK);
	wk_flows_unlock();
}

static int setup(void **state)
{
	if(rc_setup(state) != 0)
		return -1;
	bound(WIMS_PL(ANNA), WIMS_PL(RC_WILDCARD), name_of_anna);
	bound(WIMS_PL(BOB), WIMS_PL_NONE, name_of_bob);
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

/* ---- terminating ---- */

static void expect_called(const char *name, const char *called, const char *reason)
{
	char path[256];
	char *more;
	sip_msg_t *msg;

	call_path_of_wic(path, sizeof(path), GLUE_CONN);
	more = mint_text("%sP-Called-Party-ID: <%s>\n", path, called);
	msg = call_to_wic("MESSAGE", name, more);
	call_expect(msg, wk_terminate, reason);
	free(more);
	ksr_msg_free(msg);
}

/* A flow token from the registrar says which connection, and not whose call it is. */
static void test_who_is_called(void **state)
{
	rc_accept();
	expect_called(name_of_anna, ANNA, "ok");
	expect_called(name_of_anna, "sip:range1-otto@ims.test", "target_unregistered");
	expect_called(name_of_anna, BOB, "target_unregistered");
	/* he has another registrar, which may call him by another IMPU, but of no range */
	expect_called(name_of_bob, BOB, "ok");
	expect_called(name_of_bob, "tel:+4930555", "ok");
	expect_called(name_of_bob, ANNA, "target_unregistered");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, rc_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_originate), T(test_no_service_route), T(test_not_registered_yet),
			T(test_failing),   T(test_who_is_called),    T(test_refused),
	};

	return cmocka_run_group_tests(tests, rc_group_setup, ask_group_teardown);
}
