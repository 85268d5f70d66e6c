/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range_help.h"

#include "core/globals.h"
#include "mint.h"
#include "call_help.h"
#include "registry_standin.h"
#include "wk_callees.h"
#include "wk_fork.h"
#include "wk_params.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_target.h"

enum
{
	PEER = 41, /* the other node */
	EPOCH = 1700000000
};

static char one[WIMS_CONTACT_USER_LEN + 1], two[WIMS_CONTACT_USER_LEN + 1];

static int setup(void **state)
{
	if(range_setup(state) != 0)
		return -1;
	registry_reset();
	registry_node_is(PEER, EPOCH, "192.0.2.2:5070");
	range_registered(RANGE_CONN, 300, one);
	range_registered(RANGE_CONN + 1, 1000, two);
	return 0;
}

static sip_msg_t *call(void)
{
	sip_msg_t *msg =
			range_request("INVITE", "<" RANGE_BOB ">", "Route: <sip:range@127.0.0.1:5060;lr>\n");

	assert_int_equal(wk_for_range(msg), WK_TRUE);
	return msg;
}

/* Those of this node ring, and of the others the one with that name; '\0': none. */
static void expect_rings(char other, int q)
{
	sip_msg_t *msg = call();
	char *own = mint_text("sip:%s@127.0.0.1:5060 q=1000\nsip:%s@127.0.0.1:5060 q=300\n", two, one);
	char *want = mint_text("%c@192.0.2.2:5070 q=%d over <sip:", other, q);

	assert_int_equal(wk_reject_unregistered(msg), WK_FALSE);
	call_expect(msg, wk_registrar_lookup, "ok");
	if(other == '\0')
		assert_string_equal(ksr_branches(msg), own);
	else
		assert_contains(ksr_branches(msg), want);
	free(want);
	free(own);
	ksr_msg_free(msg);
}

/* By q over all nodes; of one q this node's own first. */
static void test_order(void **state)
{
	const struct wims_reg_contact *mid = registry_contact(PEER, EPOCH, 'm', 500);
	const struct wims_reg_contact *low = registry_contact(PEER, EPOCH, 'l', 300);
	const struct wims_reg_contact *any = registry_contact(PEER, EPOCH, 'n', WIMS_Q_NONE);
	sip_msg_t *msg = call();
	char *want = mint_text("sip:%s@127.0.0.1:5060 q=1000\n"
						   "sip:%s@192.0.2.2:5070 q=1000 over <sip:%.32s@192.0.2.2:5070;lr;peer>\n"
						   "sip:%s@192.0.2.2:5070 q=500 over <sip:%.32s@192.0.2.2:5070;lr;peer>\n"
						   "sip:%s@127.0.0.1:5060 q=300\n"
						   "sip:%s@192.0.2.2:5070 q=300 over <sip:%.32s@192.0.2.2:5070;lr;peer>\n",
						   two, any->name.p, any->flow.p, mid->name.p, mid->flow.p, one,
						   low->name.p, low->flow.p);

	assert_int_equal(wk_reject_unregistered(msg), WK_FALSE);
	call_expect(msg, wk_registrar_lookup, "ok");
	assert_string_equal(ksr_branches(msg), want);
	assert_lacks(ksr_out(msg), "Route: <sip:range@");
	/* one question, whoever asks of this request */
	assert_int_equal(registry_standin.asked, 1);
	free(want);
	ksr_msg_free(msg);
}

/* Only others have it: the first branch has its way with it as well. */
static void test_others_only(void **state)
{
	const struct wims_reg_contact *c = registry_contact(PEER, EPOCH, 'm', 500);
	sip_msg_t *msg;
	char *want = mint_text("sip:%s@192.0.2.2:5070 q=500 over <sip:%.32s@192.0.2.2:5070;lr;peer>\n",
						   c->name.p, c->flow.p);

	wims_flow_lost(wk_flows_lock(), RANGE_CONN, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	wims_flow_lost(wk_flows_lock(), RANGE_CONN + 1, wk_now_ms(), WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	msg = call();
	assert_int_equal(wk_reject_unregistered(msg), WK_FALSE);
	call_expect(msg, wk_registrar_lookup, "ok");
	assert_string_equal(ksr_branches(msg), want);
	ksr_msg_free(msg);
	/* asked anew for the next request */
	registry_standin.outcome = WIMS_TARGET_UNREGISTERED;
	msg = call();
	assert_int_equal(wk_reject_unregistered(msg), WK_TRUE);
	assert_reason(msg, "target_unregistered");
	assert_int_equal(registry_standin.asked, 2);
	free(want);
	ksr_msg_free(msg);
}

/* What the registrar has of this node counts for nothing: the flow table knows. */
static void test_own_and_dead(void **state)
{
	registry_contact((uint16_t)wk_params.node_id, wk_boot_epoch(), 'a', 500);
	registry_contact((uint16_t)wk_params.node_id, wk_boot_epoch() - 1, 'b', 500);
	registry_contact(PEER, EPOCH - 1, 'c', 500);
	registry_contact(PEER + 1, EPOCH, 'd', 500);
	expect_rings('\0', 0);
}

/* Whoever can write to the registrar has no key of the nodes. */
static void test_forged(void **state)
{
	static const char *const places[] = {
			"127.0.0.1:5060",   "192.0.2.2", "192.0.2.2:0", "evil@192.0.2.2:5070",
			"192.0.2.2;x:5070", "",          ":5070",       "192.0.2.2>:5070"};
	struct wims_reg_contact *c = registry_contact(PEER, EPOCH, 'm', 500);
	const struct wims_reg_contact good = *c, *other = registry_contact(PEER + 1, EPOCH, 'm', 500);
	char bad[WIMS_FLOWTOKEN_LEN];
	size_t i;

	registry_standin.entry.count = 1;
	expect_rings('m', 500);
	c->flow = other->flow;
	expect_rings('\0', 0);
	/* of another start of that node */
	c->flow = registry_contact(PEER, EPOCH + 1, 'm', 500)->flow;
	registry_standin.entry.count = 1;
	expect_rings('\0', 0);
	memcpy(bad, good.flow.p, sizeof(bad));
	bad[5] ^= 1;
	c->flow.p = bad;
	expect_rings('\0', 0);
	*c = good;
	c->name = WIMS_PL("m@evil.test;x=012345678");
	expect_rings('\0', 0);
	*c = good;
	for(i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		registry_standin.nodes = 0;
		registry_node_is(PEER, EPOCH, places[i]);
		expect_rings('\0', 0);
	}
}

/* No answer: those of this node ring, and it is counted. */
static void test_away(void **state)
{
	static const enum wims_reason outcomes[] = {WIMS_REGISTRAR_AWAY, WIMS_REGISTRAR_BAD,
												WIMS_NOMEM};
	int before = ksr_counter("registrar_local"), i;

	registry_contact(PEER, EPOCH, 'm', 500);
	for(i = 0; i < 3; i++) {
		registry_standin.outcome = outcomes[i];
		expect_rings('\0', 0);
		assert_int_equal(ksr_counter("registrar_local"), before + i + 1);
	}
	registry_standin.outcome = WIMS_TARGET_UNREGISTERED;
	expect_rings('\0', 0);
	registry_standin.outcome = WIMS_TARGET_UNKNOWN;
	expect_rings('\0', 0);
	assert_int_equal(ksr_counter("registrar_local"), before + 3);
}

static void test_not_asked(void **state)
{
	registry_contact(PEER, EPOCH, 'm', 500);
	registry_standin.shared = false;
	expect_rings('\0', 0);
	registry_standin.shared = true;
	wk_params.registrar_domains = "other.test, more.test";
	expect_rings('\0', 0);
	assert_int_equal(registry_standin.asked, 0);
	wk_params.registrar_domains = "other.test, IMS.test";
	expect_rings('m', 500);
	wk_params.registrar_domains = "";
	assert_int_equal(registry_standin.asked, 1);
}

/* More than tm has branches for: the lowest are left out. */
static void test_too_many(void **state)
{
	sip_msg_t *msg;
	unsigned n;

	for(n = 0; n < WIMS_REG_CONTACTS_MAX; n++)
		registry_contact(PEER, EPOCH, (char)('a' + n % 26), 500);
	sr_dst_max_branches = 5;
	msg = call();
	call_expect(msg, wk_registrar_lookup, "ok");
	assert_contains(ksr_branches(msg), two);
	assert_lacks(ksr_branches(msg), one);
	sr_dst_max_branches = 31;
	ksr_msg_free(msg);
}

#define callees_test(f) cmocka_unit_test_setup_teardown(f, setup, range_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			callees_test(test_order),        callees_test(test_others_only),
			callees_test(test_own_and_dead), callees_test(test_forged),
			callees_test(test_away),         callees_test(test_not_asked),
			callees_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
