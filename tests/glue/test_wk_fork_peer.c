/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range_help.h"

#include "core/dset.h"
#include "core/timer.h"
#include "mint.h"
#include "call_help.h"
#include "registry_standin.h"
#include "wk_call.h"
#include "wk_dialog.h"
#include "wk_fork.h"
#include "wk_params.h"
#include "wk_state.h"
#include "wk_target.h"

enum
{
	PEER = 41,
	EPOCH = 1700000000
};

static char one[WIMS_CONTACT_USER_LEN + 1];

static int setup(void **state)
{
	if(range_setup(state) != 0)
		return -1;
	registry_reset();
	registry_node_is(PEER, EPOCH, "192.0.2.2:5070");
	registry_contact(PEER, EPOCH, 'm', 500);
	return 0;
}

/* The one branch of a request for bob, who is at the other node, in branch_route. */
static sip_msg_t *branch(const char *method, struct cell **t)
{
	sip_msg_t *msg = range_request(method, "<" RANGE_BOB ">", "");

	assert_int_equal(wk_for_range(msg), WK_TRUE);
	call_expect(msg, wk_registrar_lookup, "ok");
	*t = ksr_tm_new(msg);
	ksr_tm_sent(*t, PROTO_UDP, 0);
	ksr_tm.current = *t;
	ksr_tm.branch = 0;
	return msg;
}

static void test_goes_there(void **state)
{
	struct cell *t;
	sip_msg_t *msg = branch("INVITE", &t);
	int before = ksr_counter("peer_requests");

	/* left by a branch to a WIC of this node */
	msg->msg_flags |= FL_USE_OTCPID;
	msg->otcpid = 7;
	call_expect(msg, wk_branch, "ok");
	assert_string_equal(ksr_pv(msg, "peer"), "192.0.2.2");
	assert_int_equal(msg->msg_flags & FL_USE_OTCPID, 0);
	assert_int_equal(t->uac[0].request.fr_expire,
					 get_ticks_raw() + MS_TO_TICKS((ticks_t)wk_params.peer_timeout_ms));
	/* the call is the other node's */
	assert_lacks(ksr_out(msg), "Record-Route: <sip:EQ");
	assert_int_equal(glue_counts().calls, 0);
	assert_int_equal(ksr_counter("peer_requests"), before + 1);
	ksr_msg_free(msg);
}

/* What is no INVITE has one answer only, and that is the WIC's. */
static void test_time_of_others(void **state)
{
	struct cell *t;
	sip_msg_t *msg = branch("MESSAGE", &t);

	call_expect(msg, wk_branch, "ok");
	assert_int_equal(t->uac[0].request.fr_expire, 0);
	ksr_msg_free(msg);
}

/* It rang others first, and meanwhile that node has gone. */
static void test_gone_meanwhile(void **state)
{
	struct cell *t;
	sip_msg_t *msg = branch("INVITE", &t);

	registry_standin.nodes = 0;
	call_expect(msg, wk_branch, "flow_gone");
	assert_int_equal(t->uac[0].request.fr_expire, 0);
	registry_node_is(PEER, EPOCH + 1, "192.0.2.2:5070");
	call_expect(msg, wk_branch, "flow_gone");
	ksr_msg_free(msg);
}

static void test_no_path_of_ours(void **state)
{
	static const char *const paths[] = {"<sip:192.0.2.2;lr>", "nonsense", "<sip:x@192.0.2.2;lr>"};
	struct cell *t;
	size_t i;

	for(i = 0; i < 3; i++) {
		sip_msg_t *msg = branch("INVITE", &t);
		str path = {(char *)paths[i], (int)strlen(paths[i])};

		assert_int_equal(set_path_vector(msg, &path), 0);
		call_expect(msg, wk_branch, "flow_token_bad");
		ksr_msg_free(msg);
	}
}

/* The next branch is one of this node's. */
static void test_then_an_own_one(void **state)
{
	struct cell *t;
	sip_msg_t *msg = branch("INVITE", &t);
	char *uri;
	str s;

	call_expect(msg, wk_branch, "ok");
	range_registered(RANGE_CONN, 300, one);
	uri = mint_text("sip:%s@127.0.0.1:5060", one);
	s = (str){uri, (int)strlen(uri)};
	assert_true(rewrite_uri(msg, &s) > 0);
	msg->path_vec.len = 0;
	call_expect(msg, wk_branch, "ok");
	assert_string_equal(ksr_pv(msg, "peer"), "$null");
	assert_int_equal(msg->otcpid, RANGE_CONN);
	assert_int_equal(glue_counts().calls, 1);
	ksr_tm_end(487);
	free(uri);
	ksr_msg_free(msg);
}

/* An answer of the other node's WIC, to this node's branch 1 of 3. */
static void expect_answer(const char *first_line, unsigned cancelled)
{
	sip_msg_t *msg = range_request("INVITE", "<" RANGE_BOB ">", "");
	char *text = mint_text("%s\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKr\n"
						   "Record-Route: <sip:owner.test;lr>\n"
						   "From: <sip:carol@ims.test>;tag=c1\nTo: <sip:r1-bob@ims.test>;tag=b1\n"
						   "Call-ID: call-3\nCSeq: 3 INVITE\n\n",
						   first_line);
	sip_msg_t *reply = ksr_msg(PROTO_UDP, 0, text);
	struct cell *t = ksr_tm_new(msg);

	t->nr_of_outgoings = 3;
	t->flags = T_IS_INVITE_FLAG;
	ksr_tm.current = t;
	ksr_tm.branch = 1;
	ksr_tm.cancelled = 0;
	call_expect(reply, wk_dialog_reply, "ok");
	assert_int_equal(ksr_tm.cancelled, cancelled);
	assert_int_equal(glue_counts().calls, 0);
	/* its route set is between core and owner */
	assert_contains(ksr_out(reply), "Record-Route: <sip:owner.test;lr>\nFrom");
	free(text);
	ksr_msg_free(reply);
	ksr_msg_free(msg);
}

static void test_answers(void **state)
{
	expect_answer("SIP/2.0 180 Ringing", 0);
	expect_answer("SIP/2.0 200 OK", 5);
	expect_answer("SIP/2.0 486 Busy Here", 0);
}

#define peer_test(f) cmocka_unit_test_setup_teardown(f, setup, range_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			peer_test(test_goes_there),      peer_test(test_time_of_others),
			peer_test(test_gone_meanwhile),  peer_test(test_no_path_of_ours),
			peer_test(test_then_an_own_one), peer_test(test_answers),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
