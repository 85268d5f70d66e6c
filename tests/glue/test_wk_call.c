/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_call.h"
#include "wk_hdr.h"
#include "wk_params.h"
#include "wk_result.h"
#include "wk_state.h"

#define OTHER_CONN 9u
#define ALICE "sip:alice@ims.test"
#define BOB "sip:bob@ims.test"

static char contact_user[WIMS_CONTACT_USER_LEN + 1];

static int setup(void **state)
{
	if(glue_setup(state) < 0 || glue_open(OTHER_CONN, "https://wwsf.test", "wwsf1") < 0)
		return -1;
	glue_registered(contact_user);
	return 0;
}

/* One side's request. tags: "" or ";tag=x"; more: whole header lines. */
static sip_msg_t *from_wic(uint32_t conn, const char *method, const char *to_tag, const char *more)
{
	char *text = mint_text("%s " BOB " SIP/2.0\nVia: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\n"
						   "From: <" ALICE ">;tag=w1\nTo: <" BOB ">%s\nCall-ID: call-1\n"
						   "CSeq: 7 %s\n%s\n",
						   method, to_tag, method, more);
	sip_msg_t *msg = ksr_msg(PROTO_WSS, conn, text);

	free(text);
	return msg;
}

static void expect(sip_msg_t *msg, int (*f)(sip_msg_t *), const char *reason)
{
	int rc = f(msg);

	if(strcmp(glue_reason(msg), reason) != 0)
		fail_msg("%s instead of %s", glue_reason(msg), reason);
	assert_int_equal(rc, strcmp(reason, "ok") == 0 ? WK_TRUE : WK_FALSE);
}

static void line_of(char *to, size_t size, const char *text, const char *name)
{
	const char *at = strstr(text, name);
	size_t n;

	if(at == NULL)
		fail_msg("no %s in\n%s", name, text);
	at += strlen(name);
	n = strcspn(at, "\n");
	assert_true(n < size);
	memcpy(to, at, n);
	to[n] = '\0';
}

/* ---- originating ---- */

static void test_originate(void **state)
{
	sip_msg_t *msg = from_wic(GLUE_CONN, "INVITE", "",
							  "Route: <sip:evil.test;lr>\n"
							  "P-Preferred-Identity: <sip:boss@ims.test>\n");
	const char *out;

	expect(msg, wk_originate, "ok");
	out = ksr_out(msg);
	assert_contains(out, "INVITE " BOB " SIP/2.0\nRecord-Route: <sip:");
	assert_contains(out, "\nP-Asserted-Identity: <" ALICE ">\nP-Charging-Vector: icid-value=");
	assert_contains(out, ";orig-ioi=ims.test\nRoute: <sip:orig@scscf.ims.test:6060;lr>\n\n");
	assert_lacks(out, "evil");
	assert_lacks(out, "P-Preferred-Identity");
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
		sip_msg_t *msg = from_wic(GLUE_CONN, "MESSAGE", "", more);

		expect(msg, wk_originate, "ok");
		if(strstr(ksr_out(msg), "P-Asserted-Identity: <tel:+4930123>\n") == NULL)
			fail_msg("%s is not asserted:\n%s", ways[i], ksr_out(msg));
		ksr_msg_free(msg);
		free(more);
	}
}

static void test_originate_outside_a_dialog(void **state)
{
	sip_msg_t *msg = from_wic(GLUE_CONN, "MESSAGE", "", "");

	expect(msg, wk_originate, "ok");
	assert_lacks(ksr_out(msg), "Record-Route");
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
}

static void test_originate_refused(void **state)
{
	sip_msg_t *msg = from_wic(OTHER_CONN, "INVITE", "", "");

	expect(msg, wk_originate, "not_registered");
	assert_int_equal(msg->dst_uri.len, 0);
	assert_lacks(ksr_out(msg), "P-Asserted-Identity");
	ksr_msg_free(msg);
	msg = from_wic(99, "INVITE", "", "");
	expect(msg, wk_originate, "flow_unknown");
	ksr_msg_free(msg);
	ksr_tm.newtran = -1;
	msg = from_wic(GLUE_CONN, "INVITE", "", "");
	expect(msg, wk_originate, "internal");
	ksr_msg_free(msg);
	ksr_tm.newtran = 1;
	wims_flow_close(wk_flows_lock(), GLUE_CONN, wk_now_ms(), 4403, WIMS_PL("x"), false);
	wk_flows_unlock();
	msg = from_wic(GLUE_CONN, "INVITE", "", "");
	expect(msg, wk_originate, "flow_closing");
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
}

/* Each allocation in turn: refused, and no call stays behind. */
static void originate_without_memory(bool once)
{
	bool failed = true;
	size_t n;

	for(n = 0; failed; n++) {
		sip_msg_t *msg = from_wic(GLUE_CONN, "INVITE", "", "");
		int rc;

		ksr_memory.failed = false;
		ksr_memory.once = once;
		ksr_memory.left = n;
		rc = wk_originate(msg);
		ksr_memory.left = SIZE_MAX;
		failed = ksr_memory.failed;
		if(failed != (rc == WK_FALSE))
			fail_msg("allocation %zu: %d", n, rc);
		ksr_tm_end(503);
		assert_int_equal(glue_counts().calls, 0);
		ksr_msg_free(msg);
	}
	assert_true(n > 5);
}

static void test_originate_without_memory(void **state)
{
	originate_without_memory(false);
	originate_without_memory(true);
}

/* ---- terminating ---- */

static void path_of_wic(char *to, size_t size, uint32_t conn)
{
	const struct wims_flowtoken t = {.kind = WIMS_FLOWTOKEN_PATH,
									 .node = (uint16_t)wk_params.node_id,
									 .epoch = wk_boot_epoch(),
									 .conn = conn};
	char text[WIMS_FLOWTOKEN_LEN];

	assert_int_equal(wims_flowtoken_encode(text, wk_flow_keys(), &t, WIMS_PL_NONE), WIMS_OK);
	snprintf(to, size, "Route: <sip:%.32s@127.0.0.1:5060;lr>\n", text);
}

static sip_msg_t *to_wic(const char *method, const char *uri_user, const char *more)
{
	char *text = mint_text("%s sip:%s@127.0.0.1:5060 SIP/2.0\n"
						   "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKc\n"
						   "Record-Route: <sip:s1.test;lr>\nRecord-Route: <sip:s2.test;lr>\n"
						   "From: <" BOB ">;tag=c1\nTo: <" ALICE ">\nCall-ID: call-2\n"
						   "CSeq: 3 %s\nContact: <sip:bob@192.0.2.5>\n%s\n",
						   method, uri_user, method, more);
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, text);

	free(text);
	return msg;
}

static void test_terminate(void **state)
{
	char route[128];
	sip_msg_t *msg;

	path_of_wic(route, sizeof(route), GLUE_CONN);
	msg = to_wic("INVITE", contact_user, route);
	expect(msg, wk_terminate, "ok");
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
	sip_msg_t *msg = to_wic("INVITE", contact_user, "");

	expect(msg, wk_terminate, "flow_token_bad");
	ksr_msg_free(msg);
	path_of_wic(route, sizeof(route), GLUE_CONN);
	msg = to_wic("INVITE", "0123456789abcdef01234567", route);
	expect(msg, wk_terminate, "target_unregistered");
	ksr_msg_free(msg);
	/* another WIC's connection has no such Contact */
	path_of_wic(other, sizeof(other), OTHER_CONN);
	msg = to_wic("INVITE", contact_user, other);
	expect(msg, wk_terminate, "target_unregistered");
	assert_int_equal(msg->dst_uri.len, 0);
	ksr_msg_free(msg);
	/* TCP is gone, the table does not know yet */
	ksr_tcp_close(GLUE_CONN);
	msg = to_wic("INVITE", contact_user, route);
	expect(msg, wk_terminate, "flow_gone");
	assert_int_equal(glue_counts().calls, 0);
	assert_int_equal(msg->otcpid, 0);
	ksr_msg_free(msg);
}

/* ---- inside a dialog ---- */

/* A call of the WIC, answered by the core; record_route: ours. */
static void call_out(char *record_route, size_t size)
{
	sip_msg_t *invite = from_wic(GLUE_CONN, "INVITE", "", ""), *reply;
	char *text;

	ksr_tm_new(invite);
	expect(invite, wk_originate, "ok");
	line_of(record_route, size, ksr_out(invite), "Record-Route: ");
	text = mint_text("SIP/2.0 200 OK\nFrom: <" ALICE ">;tag=w1\nTo: <" BOB ">;tag=c1\n"
					 "Call-ID: call-1\nCSeq: 7 INVITE\nContact: <sip:bob@192.0.2.5>\n"
					 "Record-Route: <sip:s2.test;lr>, <sip:s1.test;lr>\nRecord-Route: %s\n\n",
					 record_route);
	reply = ksr_msg(PROTO_UDP, 0, text);
	expect(reply, wk_dialog_reply, "ok");
	ksr_tm_end(200);
	assert_int_equal(glue_counts().calls, 1);
	ksr_msg_free(reply);
	ksr_msg_free(invite);
	free(text);
}

static const char *rest_of_route = "Route: <sip:s1.test;lr>, <sip:s2.test;lr>\n";

static sip_msg_t *within(uint32_t conn, const char *method, const char *record_route,
						 const char *next_hop)
{
	char *more = mint_text("Route: %s\n%s", record_route, rest_of_route);
	sip_msg_t *msg = from_wic(conn, method, ";tag=c1", more);
	str hop = {(char *)next_hop, (int)strlen(next_hop)};

	/* as loose_route leaves it */
	msg->dst_uri.s = pkg_malloc((size_t)hop.len);
	memcpy(msg->dst_uri.s, hop.s, (size_t)hop.len);
	msg->dst_uri.len = hop.len;
	ksr_tm_new(msg);
	free(more);
	return msg;
}

static void expect_within(uint32_t conn, const char *method, const char *route,
						  const char *next_hop, const char *reason)
{
	sip_msg_t *msg = within(conn, method, route, next_hop);

	expect(msg, wk_indialog, reason);
	ksr_msg_free(msg);
}

static void test_indialog_of_wic(void **state)
{
	char route[128];

	call_out(route, sizeof(route));
	expect_within(GLUE_CONN, "ACK", route, "sip:s1.test;lr", "ok");
	expect_within(GLUE_CONN, "INVITE", route, "sip:s1.test;lr", "ok");
	expect_within(GLUE_CONN, "INVITE", route, "sip:evil.test", "route_refused");
	expect_within(GLUE_CONN, "INVITE", route, "sip:127.0.0.1:3868", "route_refused");
	expect_within(OTHER_CONN, "BYE", route, "sip:s1.test;lr", "not_dialog_party");
	expect_within(GLUE_CONN, "BYE", "<sip:127.0.0.1:5060;lr>", "sip:s1.test;lr", "flow_token_bad");
	assert_int_equal(glue_counts().calls, 1);
	expect_within(GLUE_CONN, "BYE", route, "sip:s1.test;lr", "ok");
	assert_int_equal(glue_counts().calls, 0);
	expect_within(GLUE_CONN, "INFO", route, "sip:s1.test;lr", "dialog_unknown");
}

/* The whole route set, and nothing but it. */
static void test_route_set(void **state)
{
	static const char *const wrong[] = {
			"",
			"Route: <sip:s1.test;lr>\n",
			"Route: <sip:s1.test;lr>\nRoute: <sip:evil.test;lr>\n",
			"Route: <sip:s2.test;lr>, <sip:s1.test;lr>\n",
			"Route: <sip:s1.test;lr>, <sip:s2.test;lr>, <sip:evil.test;lr>\n",
	};
	const char *right = rest_of_route;
	char route[128];
	size_t i;

	call_out(route, sizeof(route));
	for(i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		rest_of_route = wrong[i];
		expect_within(GLUE_CONN, "INFO", route, "sip:s1.test;lr", "route_refused");
	}
	rest_of_route = right;
	expect_within(GLUE_CONN, "INFO", route, "sip:s1.test;lr", "ok");
}

static void test_indialog_without_transaction(void **state)
{
	char route[128];

	call_out(route, sizeof(route));
	ksr_tm.newtran = -1;
	expect_within(GLUE_CONN, "BYE", route, "sip:s1.test;lr", "internal");
	assert_int_equal(glue_counts().calls, 1);
	expect_within(GLUE_CONN, "ACK", route, "sip:s1.test;lr", "ok");
	ksr_tm.newtran = 1;
}

static sip_msg_t *core_within(const char *method, const char *record_route, const char *call_id)
{
	char *text = mint_text("%s sip:w@x.invalid SIP/2.0\nFrom: <" BOB ">;tag=c1\n"
						   "To: <" ALICE ">;tag=w1\nCall-ID: %s\nCSeq: 9 %s\nRoute: %s\n\n",
						   method, call_id, method, record_route);
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, text);

	ksr_tm_new(msg);
	free(text);
	return msg;
}

static void test_indialog_of_core(void **state)
{
	char route[128];
	sip_msg_t *msg;

	call_out(route, sizeof(route));
	msg = core_within("BYE", route, "call-1");
	expect(msg, wk_indialog, "ok");
	assert_int_equal(msg->otcpid, GLUE_CONN);
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
	msg = core_within("BYE", route, "call-2");
	expect(msg, wk_indialog, "flow_token_bad");
	ksr_msg_free(msg);
	msg = core_within("INFO", route, "call-1");
	expect(msg, wk_indialog, "dialog_unknown");
	ksr_msg_free(msg);
	wims_flow_lost(wk_flows_lock(), GLUE_CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	msg = core_within("INFO", route, "call-1");
	expect(msg, wk_indialog, "flow_gone");
	ksr_msg_free(msg);
}

/* What the answer taught is what a BYE for a lost WIC needs. */
static void test_learnt_from_answer(void **state)
{
	char route[128];
	struct wims_action a;

	call_out(route, sizeof(route));
	wims_flow_lost(wk_flows_lock(), GLUE_CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_BYE);
	assert_true(wims_pl_eq(a.call.core_tag, WIMS_PL("c1")));
	assert_true(wims_pl_eq(a.call.wic_tag, WIMS_PL("w1")));
	assert_true(wims_pl_eq(a.call.core_target, WIMS_PL("sip:bob@192.0.2.5")));
	assert_true(wims_pl_eq(a.call.core_routes, WIMS_PL("<sip:s1.test;lr>, <sip:s2.test;lr>")));
	assert_int_equal(a.call.wic_cseq, 7);
}

/* The other direction: the WIC answers the core. */
static void test_answer_of_wic(void **state)
{
	char route[128];
	struct wims_action a;
	sip_msg_t *invite, *reply;

	path_of_wic(route, sizeof(route), GLUE_CONN);
	invite = to_wic("INVITE", contact_user, route);
	ksr_tm_new(invite);
	expect(invite, wk_terminate, "ok");
	reply = ksr_msg(PROTO_WSS, GLUE_CONN,
					"SIP/2.0 200 OK\nFrom: <" BOB ">;tag=c1\nTo: <" ALICE ">;tag=w2\n"
					"Call-ID: call-2\nCSeq: 3 INVITE\nContact: <sip:w@x.invalid>\n\n");
	expect(reply, wk_dialog_reply, "ok");
	assert_contains(ksr_out(reply), "\nRecord-Route: <sip:s1.test;lr>, <sip:s2.test;lr>\n");
	ksr_tm_end(200);
	wims_flow_lost(wk_flows_lock(), GLUE_CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_BYE);
	assert_true(wims_pl_eq(a.call.wic_tag, WIMS_PL("w2")));
	assert_true(wims_pl_eq(a.call.core_tag, WIMS_PL("c1")));
	assert_true(wims_pl_eq(a.call.core_target, WIMS_PL("sip:bob@192.0.2.5")));
	assert_true(wims_pl_eq(a.call.core_routes, WIMS_PL("<sip:s1.test;lr>, <sip:s2.test;lr>")));
	ksr_msg_free(reply);
	ksr_msg_free(invite);
}

static void test_reply_without_transaction(void **state)
{
	sip_msg_t *reply = ksr_msg(PROTO_UDP, 0, "SIP/2.0 200 OK\nCall-ID: call-1\n\n");

	expect(reply, wk_dialog_reply, "internal");
	ksr_msg_free(reply);
}

/* ---- CANCEL ---- */

static void test_cancel(void **state)
{
	sip_msg_t *invite = from_wic(GLUE_CONN, "INVITE", "", "");
	sip_msg_t *cancel = from_wic(GLUE_CONN, "CANCEL", "", "");
	sip_msg_t *other = from_wic(OTHER_CONN, "CANCEL", "", "");

	expect(cancel, wk_same_flow, "dialog_unknown");
	ksr_tm.original = ksr_tm_new(invite);
	expect(cancel, wk_same_flow, "ok");
	expect(other, wk_same_flow, "not_dialog_party");
	assert_int_equal(ksr_tm.unrefs, 2);
	ksr_msg_free(other);
	ksr_msg_free(cancel);
	ksr_msg_free(invite);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, glue_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_originate),
			T(test_preferred),
			T(test_originate_outside_a_dialog),
			T(test_originate_refused),
			T(test_originate_without_memory),
			T(test_terminate),
			T(test_terminate_refused),
			T(test_indialog_of_wic),
			T(test_route_set),
			T(test_indialog_without_transaction),
			T(test_indialog_of_core),
			T(test_learnt_from_answer),
			T(test_answer_of_wic),
			T(test_reply_without_transaction),
			T(test_cancel),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
