/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "call_help.h"

#include "mint.h"
#include "wk_call.h"
#include "wk_hdr.h"
#include "wk_params.h"
#include "wk_result.h"
#include "wk_state.h"

/* ---- originating ---- */

static void test_originate(void **state)
{
	sip_msg_t *msg = call_from_wic(GLUE_CONN, "INVITE", "",
								   "Route: <sip:evil.test;lr>\n"
								   "P-Preferred-Identity: <sip:boss@ims.test>\n");
	const char *out;

	call_expect(msg, wk_originate, "ok");
	out = ksr_out(msg);
	assert_contains(out, "INVITE " BOB " SIP/2.0\nRecord-Route: <sip:");
	assert_contains(out, "\nP-Asserted-Identity: <" ALICE ">\nP-Charging-Vector: icid-value=");
	assert_contains(out, ";orig-ioi=ims.test\nRoute: <sip:orig@scscf.ims.test:6060;lr>\n\n");
	assert_lacks(out, "evil");
	assert_lacks(out, "P-Preferred-Identity");
	assert_lacks(out, "P-Profile-Key");
	assert_true(wims_pl_eq(wk_pl(&msg->dst_uri), WIMS_PL("sip:orig@scscf.ims.test:6060;lr")));
	assert_true(wims_pl_eq(wk_result(msg)->impu, WIMS_PL(ALICE)));
	assert_int_equal(glue_counts().calls, 1);
	ksr_tm_end(486); /* nobody answered it: the early call goes with it */
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
}

/* What the WIC prefers counts if it is registered, in every way to write it. */
static void test_preferred(void **state)
{
	static const char *const ways[] = {"<tel:+4930123>", "\"A\" <tel:+4930123>", "tel:+4930123"};
	size_t i;

	for(i = 0; i < 3; i++) {
		char *more = mint_text("P-Preferred-Identity: %s\n", ways[i]);
		sip_msg_t *msg = call_from_wic(GLUE_CONN, "MESSAGE", "", more);

		call_expect(msg, wk_originate, "ok");
		if(strstr(ksr_out(msg), "P-Asserted-Identity: <tel:+4930123>\n") == NULL)
			fail_msg("%s is not asserted:\n%s", ways[i], ksr_out(msg));
		ksr_msg_free(msg);
		free(more);
	}
}

static void test_originate_outside_a_dialog(void **state)
{
	sip_msg_t *msg = call_from_wic(GLUE_CONN, "MESSAGE", "", "");

	call_expect(msg, wk_originate, "ok");
	assert_lacks(ksr_out(msg), "Record-Route");
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
}

/* A callee that knows calls by Call-ID alone would take it for one of another's. */
static void test_originate_inside_no_dialog(void **state)
{
	static const char *const methods[] = {"BYE", "PRACK", "UPDATE", "INFO", "NOTIFY", "ACK"};
	size_t i;

	for(i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		sip_msg_t *msg = call_from_wic(GLUE_CONN, methods[i], "", "");

		call_expect(msg, wk_originate, "dialog_unknown");
		assert_lacks(ksr_out(msg), "P-Asserted-Identity");
		ksr_msg_free(msg);
		msg = call_from_wic(CALL_OTHER_CONN, methods[i], "", "");
		call_expect(msg, wk_originate, "not_registered");
		ksr_msg_free(msg);
	}
}

static void test_originate_refused(void **state)
{
	sip_msg_t *msg = call_from_wic(CALL_OTHER_CONN, "INVITE", "", "");

	call_expect(msg, wk_originate, "not_registered");
	assert_int_equal(msg->dst_uri.len, 0);
	assert_lacks(ksr_out(msg), "P-Asserted-Identity");
	ksr_msg_free(msg);
	msg = call_from_wic(99, "INVITE", "", "");
	call_expect(msg, wk_originate, "flow_unknown");
	ksr_msg_free(msg);
	ksr_tm.newtran = -1;
	msg = call_from_wic(GLUE_CONN, "INVITE", "", "");
	call_expect(msg, wk_originate, "internal");
	ksr_msg_free(msg);
	ksr_tm.newtran = 1;
	wims_flow_close(wk_flows_lock(), GLUE_CONN, wk_now_ms(), 4403, WIMS_PL("x"), false);
	wk_flows_unlock();
	msg = call_from_wic(GLUE_CONN, "INVITE", "", "");
	call_expect(msg, wk_originate, "flow_closing");
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
}

/* A UE puts its P-CSCF in front of the Service-Route. */
static void test_route_refused(void **state)
{
	static const struct
	{
		const char *route, *reason;
	} rows[] = {
			{"Route: SERVICE", "ok"},
			{"Route: <sip:edge.test;lr>, SERVICE", "ok"},
			{"Route: <sips:other.test;TRANSPORT=WSS;lr>\nRoute: SERVICE", "ok"},
			{"X: y", "service_route_mismatch"},
			{"Route: <sip:edge.test;lr>", "service_route_mismatch"},
			{"Route: <sip:edge.test;lr>, <sip:edge.test;lr>, SERVICE", "service_route_mismatch"},
			{"Route: SERVICE, <sip:edge.test;lr>", "service_route_mismatch"},
			{"Route: <sip:evil.test;transport=tcp;lr>, SERVICE", "service_route_mismatch"},
			{"Route: edge.test, SERVICE", "service_route_mismatch"},
	};
	char *kept = wk_params.route_policy;
	size_t i;

	wk_params.route_policy = (char *)"refuse";
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *at = strstr(rows[i].route, "SERVICE");
		char *line = at == NULL ? mint_text("%s\n", rows[i].route)
								: mint_text("%.*s%s%s\n", (int)(at - rows[i].route), rows[i].route,
											"<sip:orig@scscf.ims.test:6060;lr>", at + 7);
		sip_msg_t *msg = call_from_wic(GLUE_CONN, "MESSAGE", "", line);

		call_expect(msg, wk_originate, rows[i].reason);
		ksr_msg_free(msg);
		free(line);
	}
	wk_params.route_policy = kept;
}

static void test_originate_without_memory(void **state)
{
	assert_true(call_without_memory(wk_originate, BOB, false) > 5);
	assert_true(call_without_memory(wk_originate, BOB, true) > 5);
}

/* ---- terminating ---- */

static void test_terminate(void **state)
{
	char route[128];
	sip_msg_t *msg;

	call_path_of_wic(route, sizeof(route), GLUE_CONN);
	msg = call_to_wic("INVITE", call_contact_user, route);
	call_expect(msg, wk_terminate, "ok");
	assert_contains(ksr_out(msg), "INVITE sip:w@x.invalid;transport=ws SIP/2.0\n");
	assert_lacks(ksr_out(msg), "\nRoute:");
	assert_int_equal(msg->otcpid, GLUE_CONN);
	assert_true((msg->msg_flags & FL_USE_OTCPID) != 0);
	assert_ptr_equal(msg->force_send_socket, ksr_socket());
	assert_true(wims_pl_eq(wk_pl(&msg->dst_uri), WIMS_PL("sip:192.0.2.1:40007;transport=ws")));
	assert_int_equal(glue_counts().calls, 1);
	ksr_tm_end(487);
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
}

static void test_terminate_refused(void **state)
{
	char route[128], other[128];
	sip_msg_t *msg = call_to_wic("INVITE", call_contact_user, "");

	call_expect(msg, wk_terminate, "flow_token_bad");
	ksr_msg_free(msg);
	call_path_of_wic(route, sizeof(route), GLUE_CONN);
	msg = call_to_wic("INVITE", "0123456789abcdef01234567", route);
	call_expect(msg, wk_terminate, "target_unregistered");
	ksr_msg_free(msg);
	/* another WIC's connection has no such Contact */
	call_path_of_wic(other, sizeof(other), CALL_OTHER_CONN);
	msg = call_to_wic("INVITE", call_contact_user, other);
	call_expect(msg, wk_terminate, "target_unregistered");
	assert_int_equal(msg->dst_uri.len, 0);
	ksr_msg_free(msg);
	/* TCP is gone, the table does not know yet */
	ksr_tcp_close(GLUE_CONN);
	msg = call_to_wic("INVITE", call_contact_user, route);
	call_expect(msg, wk_terminate, "flow_gone");
	assert_int_equal(glue_counts().calls, 0);
	assert_int_equal(msg->otcpid, 0);
	ksr_msg_free(msg);
}

#define T(f) cmocka_unit_test_setup_teardown(f, call_setup, glue_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_originate),
			T(test_preferred),
			T(test_originate_outside_a_dialog),
			T(test_originate_inside_no_dialog),
			T(test_originate_refused),
			T(test_route_refused),
			T(test_originate_without_memory),
			T(test_terminate),
			T(test_terminate_refused),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
