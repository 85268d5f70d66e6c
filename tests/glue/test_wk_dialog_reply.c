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

/* The other direction: the WIC answers the core. */
static void test_answer_of_wic(void **state)
{
	char route[128];
	struct wims_action a;
	sip_msg_t *invite, *reply;

	call_path_of_wic(route, sizeof(route), GLUE_CONN);
	invite = call_to_wic("INVITE", call_contact_user, route);
	ksr_tm_new(invite);
	call_expect(invite, wk_terminate, "ok");
	reply = ksr_msg(PROTO_WSS, GLUE_CONN,
					"SIP/2.0 200 OK\nFrom: <" BOB ">;tag=c1\nTo: <" ALICE ">;tag=w2\n"
					"Call-ID: call-2\nCSeq: 3 INVITE\nContact: <sip:w@x.invalid>\n\n");
	call_expect(reply, wk_dialog_reply, "ok");
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

/* Who answers first is talked to; every other branch is cancelled, at once. */
static void test_answer_of_fork(void **state)
{
	static const struct
	{
		const char *method, *status;
		int outgoings, branch;
		unsigned cancelled;
	} rows[] = {
			{"INVITE", "200 OK", 3, 1, 5},      {"INVITE", "200 OK", 2, 0, 2},
			{"INVITE", "180 Ringing", 3, 1, 0}, {"INVITE", "486 Busy", 3, 1, 0},
			{"INVITE", "200 OK", 1, 0, 0},      {"SUBSCRIBE", "200 OK", 3, 1, 0},
			{"INVITE", "603 Decline", 3, 1, 5}, {"INVITE", "302 Moved", 3, 1, 0},
	};
	char route[128];
	size_t i;

	call_path_of_wic(route, sizeof(route), GLUE_CONN);
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sip_msg_t *request = call_to_wic(rows[i].method, call_contact_user, route), *reply;
		struct cell *t = ksr_tm_new(request);
		char *text = mint_text("SIP/2.0 %s\nFrom: <" BOB ">;tag=c1\nTo: <" ALICE ">;tag=w2\n"
							   "Call-ID: call-2\nCSeq: 3 %s\nContact: <sip:w@x.invalid>\n\n",
							   rows[i].status, rows[i].method);

		call_expect(request, wk_terminate, "ok");
		t->nr_of_outgoings = (short)rows[i].outgoings;
		t->flags = strcmp(rows[i].method, "INVITE") == 0 ? T_IS_INVITE_FLAG : 0;
		ksr_tm.branch = rows[i].branch;
		ksr_tm.cancelled = 0;
		reply = ksr_msg(PROTO_WSS, GLUE_CONN, text);
		call_expect(reply, wk_dialog_reply, "ok");
		assert_int_equal(ksr_tm.cancelled, rows[i].cancelled);
		if(rows[i].cancelled != 0) {
			assert_int_equal(ksr_tm.cancel_flags, F_CANCEL_B_FORCE_C);
			assert_int_equal(ksr_tm.cancel_cause, strtol(rows[i].status, NULL, 10));
		}
		ksr_tm_end(487);
		ksr_msg_free(reply);
		ksr_msg_free(request);
		free(text);
	}
}

/* The core said who is called; only an answer to its own first request says so. */
static void test_callee_is_asserted(void **state)
{
	static const struct
	{
		const char *status, *called, *to_tag;
		bool asserted;
	} rows[] = {
			{"180 Ringing", "P-Called-Party-ID: \"A\" <" ALICE ">\n", "", true},
			{"200 OK", "P-Called-Party-ID: <" ALICE ">\n", "", true},
			{"486 Busy", "P-Called-Party-ID: <" ALICE ">\n", "", false},
			{"100 Trying", "P-Called-Party-ID: <" ALICE ">\n", "", false},
			{"200 OK", "P-Called-Party-ID: <" ALICE ">\n", ";tag=w1", false},
			{"200 OK", "P-Called-Party-ID: nobody\n", "", false},
			{"200 OK", "", "", false},
	};
	size_t i;

	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = mint_text("MESSAGE sip:a@x SIP/2.0\nFrom: <" BOB ">;tag=c1\nTo: <" ALICE
							   ">%s\n%sCall-ID: call-9\nCSeq: 3 MESSAGE\n\n",
							   rows[i].to_tag, rows[i].called);
		sip_msg_t *request = ksr_msg(PROTO_UDP, 0, text), *reply;

		free(text);
		text = mint_text("SIP/2.0 %s\nFrom: <" BOB ">;tag=c1\nTo: <" ALICE
						 ">;tag=w1\nCall-ID: call-9\nCSeq: 3 MESSAGE\nRecord-Route: "
						 "<sip:elsewhere.test;lr>\n\n",
						 rows[i].status);
		reply = ksr_msg(PROTO_WSS, GLUE_CONN, text);
		assert_true(wk_hdr_parse(request));
		ksr_tm.current = ksr_tm_new(request);
		call_expect(reply, wk_dialog_reply, "ok");
		assert_int_equal(strstr(ksr_out(reply), "P-Asserted-Identity: <" ALICE ">\n") != NULL,
						 rows[i].asserted);
		assert_lacks(ksr_out(reply), "elsewhere.test"); /* it begins no dialog */
		ksr_tm_end(200);
		ksr_msg_free(reply);
		ksr_msg_free(request);
		free(text);
	}
}

static void test_reply_without_transaction(void **state)
{
	sip_msg_t *reply = ksr_msg(PROTO_UDP, 0, "SIP/2.0 200 OK\nCall-ID: call-1\n\n");

	call_expect(reply, wk_dialog_reply, "internal");
	ksr_msg_free(reply);
}

#define T(f) cmocka_unit_test_setup_teardown(f, call_setup, glue_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_answer_of_wic),
			T(test_answer_of_fork),
			T(test_callee_is_asserted),
			T(test_reply_without_transaction),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
