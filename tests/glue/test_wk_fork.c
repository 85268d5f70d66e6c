/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range_help.h"

#include "core/dset.h"
#include "mint.h"
#include "call_help.h"
#include "wk_call.h"
#include "wk_fork.h"
#include "wk_location.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_target.h"

static char one[WIMS_CONTACT_USER_LEN + 1], two[WIMS_CONTACT_USER_LEN + 1],
		three[WIMS_CONTACT_USER_LEN + 1];

static int setup(void **state)
{
	if(range_setup(state) != 0)
		return -1;
	range_registered(RANGE_CONN, 300, one);
	range_registered(RANGE_CONN + 1, 1000, two);
	range_registered(RANGE_CONN + 2, 300, three);
	return 0;
}

static sip_msg_t *looked_up(const char *reason)
{
	sip_msg_t *msg =
			range_request("INVITE", "<" RANGE_BOB ">", "Route: <sip:range@127.0.0.1:5060;lr>\n");

	assert_int_equal(wk_for_range(msg), WK_TRUE);
	call_expect(msg, wk_registrar_lookup, reason);
	return msg;
}

static void expect_branches(const char *reason, const char *a, int qa, const char *b, int qb)
{
	sip_msg_t *msg = looked_up(reason);
	char *want = b == NULL ? mint_text("sip:%s@127.0.0.1:5060 q=%d\n", a, qa)
						   : mint_text("sip:%s@127.0.0.1:5060 q=%d\nsip:%s@127.0.0.1:5060 q=%d\n",
									   a, qa, b, qb);

	assert_string_equal(ksr_branches(msg), want);
	assert_lacks(ksr_out(msg), "Route: <sip:range@");
	free(want);
	ksr_msg_free(msg);
}

static void lose(uint32_t conn)
{
	wims_flow_lost(wk_flows_lock(), conn, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
}

static void test_all(void **state)
{
	sip_msg_t *msg = looked_up("ok");
	char *want = mint_text("sip:%s@127.0.0.1:5060 q=1000\nsip:%s@127.0.0.1:5060 q=300\n"
						   "sip:%s@127.0.0.1:5060 q=300\n",
						   two, one, three);

	assert_string_equal(ksr_branches(msg), want);
	/* nobody has been asked yet */
	assert_null(ksr_tm.current);
	free(want);
	ksr_msg_free(msg);
}

/* Only who is connected; usrloc alone makes nobody reachable. */
static void test_connected_only(void **state)
{
	lose(RANGE_CONN + 1);
	expect_branches("ok", one, 300, three, 300);
	ksr_contact_add(RANGE_BOB, "0123456789abcdef01234567");
	wims_flow_close(wk_flows_lock(), RANGE_CONN, wk_now_ms(), 1000, WIMS_PL(""), false);
	wk_flows_unlock();
	expect_branches("ok", three, 300, NULL, 0);
	lose(RANGE_CONN + 2);
	ksr_msg_free(looked_up("target_unregistered"));
	wk_location_drop(WIMS_PL(RANGE_BOB), WIMS_PL("0123456789abcdef01234567"));
}

static void test_nobody(void **state)
{
	sip_msg_t *msg = range_request("INVITE", "<sip:r1-eve@ims.test>", "");

	assert_int_equal(wk_for_range(msg), WK_TRUE);
	call_expect(msg, wk_registrar_lookup, "target_unregistered");
	ksr_msg_free(msg);
	/* nobody has looked who is meant */
	msg = range_request("INVITE", "<" RANGE_BOB ">", "");
	call_expect(msg, wk_registrar_lookup, "target_unregistered");
	assert_lacks(ksr_branches(msg), "sip:");
	ksr_msg_free(msg);
}

static void test_too_many(void **state)
{
	ksr_branches_max = 1;
	ksr_msg_free(looked_up("no_memory"));
}

/* ---- one branch ---- */

static sip_msg_t *branch_to(const char *user)
{
	char *uri = mint_text("sip:%s@127.0.0.1:5060", user);
	str s = {uri, (int)strlen(uri)};
	sip_msg_t *msg = looked_up("ok");

	assert_true(rewrite_uri(msg, &s) > 0);
	free(uri);
	return msg;
}

static void expect_pinned(const char *user, uint32_t conn)
{
	sip_msg_t *msg = branch_to(user);
	char *first = mint_text(
			"INVITE sip:b%u@wic%u.invalid;transport=ws SIP/2.0\nRecord-Route: <sip:", conn, conn);

	ksr_tm_new(msg);
	call_expect(msg, wk_branch, "ok");
	assert_int_equal(msg->otcpid, conn);
	assert_true((msg->msg_flags & FL_USE_OTCPID) != 0);
	assert_contains(ksr_out(msg), first);
	assert_int_equal(glue_counts().calls, 1);
	ksr_tm_end(487);
	assert_int_equal(glue_counts().calls, 0);
	free(first);
	ksr_msg_free(msg);
}

static void test_each_its_own(void **state)
{
	expect_pinned(one, RANGE_CONN);
	expect_pinned(two, RANGE_CONN + 1);
	expect_pinned(three, RANGE_CONN + 2);
}

/* A page that was loaded again since the lookup: where it is now. */
static void test_moved(void **state)
{
	sip_msg_t *msg = branch_to(one);

	lose(RANGE_CONN);
	call_expect(msg, wk_branch, "flow_gone");
	assert_int_equal(msg->otcpid, 0);
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
	/* TCP is gone, the table does not know yet */
	msg = branch_to(two);
	ksr_tcp_close(RANGE_CONN + 1);
	ksr_tm_new(msg);
	call_expect(msg, wk_branch, "flow_gone");
	assert_int_equal(msg->otcpid, 0);
	assert_int_equal(glue_counts().calls, 0);
	ksr_msg_free(msg);
}

/* Each allocation in turn: the branch fails alone, and no call stays behind. */
static void branch_without_memory(bool once)
{
	bool failed = true;
	size_t n;

	for(n = 0; failed; n++) {
		sip_msg_t *msg = branch_to(one);
		int rc;

		ksr_tm_new(msg);
		ksr_memory.once = once;
		rc = glue_scarce(wk_branch, msg, n, &failed);
		assert_int_equal(rc, failed ? WK_FALSE : WK_TRUE);
		ksr_tm_end(480);
		assert_int_equal(glue_counts().calls, 0);
		ksr_msg_free(msg);
	}
	assert_true(n > 3);
}

static void test_without_memory(void **state)
{
	branch_without_memory(true);
	branch_without_memory(false);
}

static void test_no_contact(void **state)
{
	sip_msg_t *msg = branch_to("0123456789abcdef01234567");

	call_expect(msg, wk_branch, "target_unregistered");
	assert_int_equal(msg->otcpid, 0);
	ksr_msg_free(msg);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, range_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_all),        T(test_connected_only), T(test_nobody),
			T(test_too_many),   T(test_each_its_own),   T(test_moved),
			T(test_no_contact), T(test_without_memory),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
