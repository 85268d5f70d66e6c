/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "call_help.h"

#include "mint.h"
#include "wk_call.h"
#include "wk_dialog.h"
#include "wk_hdr.h"
#include "wk_state.h"

/* ---- inside a dialog ---- */

/* A call of the WIC, answered by the core; record_route: ours. */
static void call_out(char *record_route, size_t size)
{
	sip_msg_t *invite = call_from_wic(GLUE_CONN, "INVITE", "", ""), *reply;
	char *text;

	ksr_tm_new(invite);
	call_expect(invite, wk_originate, "ok");
	glue_line_of(record_route, size, ksr_out(invite), "Record-Route: ");
	text = mint_text("SIP/2.0 200 OK\nFrom: <" ALICE ">;tag=w1\nTo: <" BOB ">;tag=c1\n"
					 "Call-ID: call-1\nCSeq: 7 INVITE\nContact: <sip:bob@192.0.2.5>\n"
					 "Record-Route: <sip:s2.test;lr>, <sip:s1.test;lr>\nRecord-Route: %s\n\n",
					 record_route);
	reply = ksr_msg(PROTO_UDP, 0, text);
	call_expect(reply, wk_dialog_reply, "ok");
	ksr_tm_end(200);
	assert_int_equal(glue_counts().calls, 1);
	ksr_msg_free(reply);
	ksr_msg_free(invite);
	free(text);
}

static const char *target = "sip:bob@192.0.2.5";
/* What becomes of it; NULL: it stays. */
static const char *spelled;
static const char *rest_of_route = "Route: <sip:s1.test;lr>, <sip:s2.test;lr>\n";

static sip_msg_t *within(uint32_t conn, const char *method, const char *record_route,
						 const char *next_hop)
{
	char *more = mint_text("Route: %s\n%s", record_route, rest_of_route);
	sip_msg_t *msg = call_from_wic_to(conn, method, target, ";tag=c1", more);
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

	call_expect(msg, wk_indialog, reason);
	if(spelled == NULL)
		assert_null(msg->new_uri.s);
	else
		assert_true(wims_pl_eq(wk_pl(&msg->new_uri), wims_pl_str(spelled)));
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
	expect_within(CALL_OTHER_CONN, "BYE", route, "sip:s1.test;lr", "not_dialog_party");
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

/* Loose routers along the way leave the Request-URI as it is: it says who gets it. */
static void test_request_uri(void **state)
{
	static const struct
	{
		const char *uri, *reason;
	} rows[] = {
			{"sip:bob@192.0.2.5", "ok"},
			{"sip:bob@192.0.2.5;x=1", "ok"},
			{"sip:%62ob@192.0.2.5", "ok"},
			{BOB, "route_refused"},
			{"sip:bob@192.0.2.5:5061", "route_refused"},
			{"sip:bob@evil.test", "route_refused"},
			{"tel:+900123", "route_refused"},
			{"urn:service:sos", "route_refused"},
			{"sip:s1.test;lr", "route_refused"},
	};
	const char *right = target;
	char route[128];
	size_t i;

	call_out(route, sizeof(route));
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		target = rows[i].uri;
		/* as the far end has it, whatever the WIC made of it */
		spelled = strcmp(rows[i].reason, "ok") == 0 && strcmp(target, right) != 0 ? right : NULL;
		expect_within(GLUE_CONN, "INFO", route, "sip:s1.test;lr", rows[i].reason);
		expect_within(GLUE_CONN, "ACK", route, "sip:s1.test;lr", rows[i].reason);
	}
	target = right;
	spelled = NULL;
	expect_within(GLUE_CONN, "INFO", route, "sip:s1.test;lr", "ok");
}

/* The far end has moved, and says so in its answer to an UPDATE (RFC 3311 5.1). */
static void test_update_moves_target(void **state)
{
	static const struct
	{
		const char *status, *contact, *reason;
	} rows[] = {
			{"488 Not Acceptable Here", "<sip:bob@192.0.2.7>", "route_refused"},
			{"183 Session Progress", "<sip:bob@192.0.2.7>", "route_refused"},
			{"200 OK", "<sip:bob@192.0.2.6>", "ok"},
	};
	const char *right = target;
	char route[128];
	size_t i;

	call_out(route, sizeof(route));
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sip_msg_t *update = within(GLUE_CONN, "UPDATE", route, "sip:s1.test;lr"), *reply;
		char *text = mint_text("SIP/2.0 %s\nFrom: <" ALICE ">;tag=w1\nTo: <" BOB ">;tag=c1\n"
							   "Call-ID: call-1\nCSeq: 7 UPDATE\nContact: %s\n\n",
							   rows[i].status, rows[i].contact);

		call_expect(update, wk_indialog, "ok");
		reply = ksr_msg(PROTO_UDP, 0, text);
		call_expect(reply, wk_dialog_reply, "ok");
		target = mint_text("%.*s", (int)strlen(rows[i].contact) - 2, rows[i].contact + 1);
		expect_within(GLUE_CONN, "INFO", route, "sip:s1.test;lr", rows[i].reason);
		free((char *)target);
		target = right;
		ksr_msg_free(reply);
		ksr_msg_free(update);
		free(text);
	}
	expect_within(GLUE_CONN, "BYE", route, "sip:s1.test;lr", "ok"); /* was on its way */
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

	free(text);
	return msg;
}

static void test_indialog_of_core(void **state)
{
	char route[128];
	sip_msg_t *msg;

	call_out(route, sizeof(route));
	msg = core_within("BYE", route, "call-1");
	call_expect(msg, wk_indialog, "ok");
	assert_int_equal(msg->otcpid, GLUE_CONN);
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
	msg = core_within("BYE", route, "call-2");
	call_expect(msg, wk_indialog, "flow_token_bad");
	ksr_msg_free(msg);
	msg = core_within("INFO", route, "call-1");
	call_expect(msg, wk_indialog, "dialog_unknown");
	ksr_msg_free(msg);
	wims_flow_lost(wk_flows_lock(), GLUE_CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	msg = core_within("INFO", route, "call-1");
	call_expect(msg, wk_indialog, "flow_gone");
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

/* The far end forks: each branch is a dialog, a tag of nobody is none, and the
 * BYE of one leaves the other. */
static sip_msg_t *answer_of_core(const char *tag, int status, const char *record_route)
{
	char *text = mint_text("SIP/2.0 %d X\nFrom: <" ALICE ">;tag=w1\nTo: <" BOB ">;tag=%s\n"
						   "Call-ID: call-1\nCSeq: 7 INVITE\nContact: <sip:%s@192.0.2.5>\n"
						   "Record-Route: <sip:s2.test;lr>, <sip:s1.test;lr>\nRecord-Route: %s\n\n",
						   status, tag, tag, record_route);
	sip_msg_t *reply = ksr_msg(PROTO_UDP, 0, text);

	free(text);
	return reply;
}

static void expect_bye(const char *record_route, const char *tag, const char *reason)
{
	char *more = mint_text("Route: %s\n%s", record_route, rest_of_route);
	char *to_tag = mint_text(";tag=%s", tag);
	char *uri = mint_text("sip:%s@192.0.2.5", tag);
	sip_msg_t *msg = call_from_wic_to(GLUE_CONN, "BYE", uri, to_tag, more);
	static const str hop = str_init("sip:s1.test;lr");

	msg->dst_uri.s = pkg_malloc((size_t)hop.len);
	memcpy(msg->dst_uri.s, hop.s, (size_t)hop.len);
	msg->dst_uri.len = hop.len;
	call_expect(msg, wk_indialog, reason);
	ksr_msg_free(msg);
	free(uri);
	free(to_tag);
	free(more);
}

static void test_forked(void **state)
{
	static const struct
	{
		const char *tag;
		int status;
	} answers[] = {{"rings", 180}, {"a", 200}, {"b", 200}};
	sip_msg_t *invite = call_from_wic(GLUE_CONN, "INVITE", "", "");
	char route[128];
	size_t i;

	ksr_tm_new(invite);
	call_expect(invite, wk_originate, "ok");
	glue_line_of(route, sizeof(route), ksr_out(invite), "Record-Route: ");
	expect_bye(route, "rings", "dialog_unknown"); /* nobody has answered */
	for(i = 0; i < 3; i++) {
		sip_msg_t *reply = answer_of_core(answers[i].tag, answers[i].status, route);

		call_expect(reply, wk_dialog_reply, "ok");
		ksr_msg_free(reply);
	}
	assert_int_equal(glue_counts().calls, 3);
	expect_bye(route, "victim", "dialog_unknown");
	expect_bye(route, "a", "ok");
	expect_bye(route, "a", "dialog_unknown");
	ksr_tm_end(200);
	assert_int_equal(glue_counts().calls, 1);
	expect_bye(route, "b", "ok");
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(invite);
}

/* A NOTIFY that overtakes the 200 of its SUBSCRIBE (RFC 6665 4.1.2.4). */
static void test_early_notify(void **state)
{
	sip_msg_t *subscribe = call_from_wic(GLUE_CONN, "SUBSCRIBE", "", ""), *msg;
	char route[128];

	ksr_tm_new(subscribe);
	call_expect(subscribe, wk_originate, "ok");
	glue_line_of(route, sizeof(route), ksr_out(subscribe), "Record-Route: ");
	msg = core_within("INFO", route, "call-1");
	call_expect(msg, wk_indialog, "dialog_unknown");
	ksr_msg_free(msg);
	msg = core_within("NOTIFY", route, "call-1");
	call_expect(msg, wk_indialog, "ok");
	assert_int_equal(msg->otcpid, GLUE_CONN);
	ksr_msg_free(msg);
	msg = core_within("INFO", route, "call-1");
	call_expect(msg, wk_indialog, "ok");
	ksr_msg_free(msg);
	ksr_tm_end(200);
	ksr_msg_free(subscribe);
}

/* ---- CANCEL ---- */

static void test_cancel(void **state)
{
	sip_msg_t *invite = call_from_wic(GLUE_CONN, "INVITE", "", "");
	sip_msg_t *cancel = call_from_wic(GLUE_CONN, "CANCEL", "", "");
	sip_msg_t *other = call_from_wic(CALL_OTHER_CONN, "CANCEL", "", "");

	call_expect(cancel, wk_same_flow, "dialog_unknown");
	ksr_tm.original = ksr_tm_new(invite);
	call_expect(cancel, wk_same_flow, "ok");
	call_expect(other, wk_same_flow, "not_dialog_party");
	assert_int_equal(ksr_tm.unrefs, 2);
	ksr_msg_free(other);
	ksr_msg_free(cancel);
	ksr_msg_free(invite);
}

#define T(f) cmocka_unit_test_setup_teardown(f, call_setup, glue_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_indialog_of_wic),
			T(test_route_set),
			T(test_request_uri),
			T(test_update_moves_target),
			T(test_indialog_without_transaction),
			T(test_indialog_of_core),
			T(test_learnt_from_answer),
			T(test_forked),
			T(test_early_notify),
			T(test_cancel),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
