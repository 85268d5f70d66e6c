/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "redis_standin.h"
#include "shared_help.h"

#include <unistd.h>

#include "rangecore_help.h"
#include "wk_location.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_rangereg.h"
#include "wk_ranges.h"
#include "wk_registry.h"
#include "wk_registry_int.h"
#include "wk_registry_proc.h"
#include "wk_registry_queue.h"
#include "wk_state.h"

/* ---- REGISTER ---- */

static void test_published(void **state)
{
	static struct wims_reg_entry e;
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, "ok");
	assert_int_equal(rs_contacts(&e), 1);
	assert_int_equal(e.contact[0].node, wk_params.node_id);
	assert_int_equal(e.contact[0].epoch, wk_boot_epoch());
	assert_int_equal(e.contact[0].q, 500);
	w.cseq = 2;
	gw_expect(&w, CONTACT "Expires: 0\n", "ok");
	rs_expect_contacts(1); /* nobody waits for the store */
	rs_turns(100);
	rs_expect_contacts(0);
}

static void refused(const char *reason)
{
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, reason);
	gw_expect_bindings(0);
	assert_int_equal(gw_contacts(), 0);
	/* a refresh leaves what was acknowledged */
	redis_standin.outcome = WIMS_OK;
	gw_expect(&w, CONTACT, "ok");
	redis_standin.outcome =
			strcmp(reason, "registrar_bad") == 0 ? WIMS_REGISTRAR_BAD : WIMS_REGISTRAR_AWAY;
	w.cseq = 2;
	gw_expect(&w, CONTACT, reason);
	gw_expect_bindings(1);
	assert_int_equal(gw_contacts(), 1);
	/* and leaving needs nobody */
	w.cseq = 3;
	gw_expect(&w, CONTACT "Expires: 0\n", "ok");
	gw_expect_bindings(0);
	rs_turns(2000);
	rs_expect_contacts(1);
	redis_standin.outcome = WIMS_OK;
}

static void test_away(void **state)
{
	redis_standin.outcome = WIMS_REGISTRAR_AWAY;
	refused("registrar_away");
	rs_turns(2000);
	rs_expect_contacts(0);
	assert_contains(ksr_log(), "the registrar is away");
	assert_contains(ksr_log(), "the registrar is back");
}

static void test_bad(void **state)
{
	redis_standin.outcome = WIMS_REGISTRAR_BAD;
	refused("registrar_bad");
}

/* ---- time ---- */

/* All steps for one message have the time of one. */
static void test_one_deadline(void **state)
{
	static struct wims_reg_entry e;
	int steps;

	redis_standin.takes_ms = 150;
	assert_int_equal(wk_registry_query(WIMS_PL(IMPU), &e), WIMS_TARGET_UNREGISTERED);
	assert_true(redis_standin.limit_us > 200000); /* nobody's message */
	ksr_script(true);
	assert_int_equal(wk_registry_query(WIMS_PL(IMPU), &e), WIMS_TARGET_UNREGISTERED);
	assert_int_equal(redis_standin.limit_us, 200000);
	steps = redis_standin.steps;
	assert_int_equal(wk_registry_query(WIMS_PL(IMPU), &e), WIMS_TARGET_UNREGISTERED);
	assert_int_equal(redis_standin.limit_us, 50000);
	assert_int_equal(redis_standin.steps, steps + 1);
	/* it took longer than it may: nothing is asked any more */
	assert_int_equal(wk_registry_query(WIMS_PL(IMPU), &e), WIMS_REGISTRAR_AWAY);
	assert_int_equal(redis_standin.steps, steps + 1);
	/* the next message has its own */
	ksr_script(true);
	assert_int_equal(wk_registry_query(WIMS_PL(IMPU), &e), WIMS_TARGET_UNREGISTERED);
	assert_int_equal(redis_standin.limit_us, 200000);
	ksr_script(false);
	assert_int_equal(wk_registry_query(WIMS_PL(IMPU), &e), WIMS_TARGET_UNREGISTERED);
	assert_true(redis_standin.limit_us > 200000);
}

/* ---- what the store has lost ---- */

/* It has it from nobody else: within 5 s of its return. */
static void test_lost_there(void **state)
{
	static struct wims_reg_entry e;
	struct wic w = gw_wic(CONN);
	int64_t since;

	gw_expect(&w, CONTACT, "ok");
	assert_int_equal(rs_contacts(&e), 1);
	since = e.since;
	assert_int_equal(
			wims_store_drop(redis_store(), rs_place().block, WIMS_PL(IMPU), WIMS_REG_CLAIMED),
			WIMS_OK);
	rs_turns(5000);
	rs_expect_contacts(0); /* as nothing tells of a failure */
	rs_away_for(1000, WIMS_REGISTRAR_AWAY);
	rs_turns(5000);
	assert_int_equal(rs_contacts(&e), 1);
	assert_int_equal(e.since, since);
	assert_true(ksr_counter("registrar_again") > 0);
}

/* The one who was first stays, within 5 s of its return. */
static void test_older_there(void **state)
{
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, "ok");
	rs_put_there(WIMS_PL(IMPU), "mallory", 1, 9, 1);
	rs_turns(5000);
	gw_expect_bindings(1);
	rs_away_for(1000, WIMS_REGISTRAR_AWAY);
	rs_turns(5000);
	(void)gw_deregs();
	gw_expect_bindings(0);
	rs_expect_contacts(1);
	assert_int_equal(ksr_counter("registrar_conflicts"), 1);
	assert_contains(ksr_log(),
					IMPU " is another user's in the registrar, since 1: the registration "
						 "here, since ");
	assert_int_equal(glue_counts().closing, 1);
}

static void test_younger_there(void **state)
{
	static struct wims_reg_entry e;
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, "ok");
	assert_int_equal(
			wims_store_drop(redis_store(), rs_place().block, WIMS_PL(IMPU), WIMS_REG_CLAIMED),
			WIMS_OK);
	ksr_clock.mono_ms += 10;
	rs_put_there(WIMS_PL(IMPU), "mallory", 0, 9, 1);
	rs_away_for(1000, WIMS_REGISTRAR_AWAY);
	rs_turns(5000);
	gw_expect_bindings(1);
	assert_int_equal(rs_contacts(&e), 1);
	assert_int_equal(e.contact[0].node, wk_params.node_id);
	assert_int_equal(ksr_counter("registrar_displaced"), 1);
}

/* ---- RPC ---- */

static void test_rpc(void **state)
{
	struct wic w = gw_wic(CONN);
	const char *text;

	gw_expect(&w, CONTACT, "ok");
	text = ksr_rpc_run("webrtc_ims.registrar", NULL, NULL);
	assert_contains(text, "store=redis shared=yes node=");
	assert_contains(text, "step=put count=1 failed=0 slowest_us=0\nle_250=1\n");
	text = ksr_rpc_run("webrtc_ims.blocks", NULL, NULL);
	assert_contains(text, "range=" RANGE " tag=");
	assert_contains(text, " outcome=ok\nsize=0 entries=1 ");
	assert_contains(ksr_rpc_run("webrtc_ims.nodes", NULL, NULL), " alive=yes own=yes ");
	text = ksr_rpc_run("webrtc_ims.registrar_list", RANGE, NULL);
	assert_contains(text, "impu=" IMPU " user= since=");
	assert_contains(text, " alive=yes q=500 ");
	assert_contains(text, "next=end");
	assert_contains(ksr_rpc_run("webrtc_ims.registrar_list", "sip:no-!.*!@ims.test", NULL), "404 ");
	assert_contains(ksr_rpc_run("webrtc_ims.registrar_list", RANGE, "7"), "400 second");
	assert_contains(ksr_rpc_run("webrtc_ims.registrar_find", IMPU, NULL), "impu=" IMPU);
	assert_contains(ksr_rpc_run("webrtc_ims.registrar_find", "sip:web-8@ims.test", NULL), "404 ");
	assert_contains(ksr_rpc_run("webrtc_ims.registrar_find", "nobody", NULL), "404 ");
	assert_contains(ksr_rpc_run("webrtc_ims.registrar_kick", "sip:vip@ims.test", NULL), "404 ");
}

static void test_rpc_away(void **state)
{
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, "ok");
	redis_standin.outcome = WIMS_REGISTRAR_AWAY;
	assert_contains(ksr_rpc_run("webrtc_ims.blocks", NULL, NULL), "outcome=registrar_away");
	assert_contains(ksr_rpc_run("webrtc_ims.registrar_list", RANGE, NULL), "503 ");
	assert_contains(ksr_rpc_run("webrtc_ims.registrar_find", IMPU, NULL), "503 ");
	assert_contains(ksr_rpc_run("webrtc_ims.registrar_find", "nobody", NULL), "503 ");
	assert_contains(ksr_rpc_run("webrtc_ims.registrar", NULL, NULL),
					"last_failure=registrar_away failed=0");
	/* what is here ends, for that was the wish */
	assert_contains(ksr_rpc_run("webrtc_ims.registrar_kick", IMPU, NULL), "503 ");
	(void)gw_deregs();
	gw_expect_bindings(0);
}

static void test_rpc_kick(void **state)
{
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, "ok");
	assert_contains(ksr_rpc_run("webrtc_ims.registrar_kick", IMPU, NULL), "ok");
	(void)gw_deregs();
	gw_expect_bindings(0);
	assert_int_equal(glue_counts().closing, 1);
	/* nobody until each node has noticed */
	w = gw_wic(OTHER_CONN);
	gw_expect(&w, CONTACT, "identity_in_use");
	ksr_clock.mono_ms += (wk_params.registrar_reconcile + 5) * INT64_C(1000);
	gw_expect(&w, CONTACT, "ok");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rs_setup, rs_teardown)
	const struct CMUnitTest tests[] = {
			TEST(test_published),     TEST(test_away),       TEST(test_bad),
			TEST(test_one_deadline),  TEST(test_lost_there), TEST(test_older_there),
			TEST(test_younger_there), TEST(test_rpc),        TEST(test_rpc_away),
			TEST(test_rpc_kick),
	};
#undef TEST

	return cmocka_run_group_tests(tests, rs_group_setup, rs_group_teardown);
}
