/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "redis_standin.h"
#include "registrar_help.h"

#include <unistd.h>

#include "rangecore_help.h"
#include "wk_location.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_rangereg.h"
#include "wk_ranges.h"
#include "wk_registry.h"
#include "wk_registry_int.h"
#include "wk_registry_nodes.h"
#include "wk_registry_proc.h"
#include "wk_registry_queue.h"
#include "wk_state.h"

#define STRAY "ffffffffffffffffffffffff"

enum
{
	RECONCILE = 3600 /* s: what is found within five did not wait for it */
};

/* ---- a node whose registrar is shared ---- */

static char key_file[] = "/tmp/wims-glue-flow-XXXXXX";

static int group_setup(void **state)
{
	int fd = mkstemp(key_file);
	bool written = fd >= 0 && dprintf(fd, "1:%064d\n", 7) > 0;

	if(fd >= 0)
		close(fd);
	if(!written || gw_group_setup(state) != 0)
		return -1;
	wk_params.registrar = "redis:127.0.0.1:6379";
	wk_params.flow_key_file = key_file;
	wk_params.registrar_reconcile = RECONCILE;
	wk_params.queue_size = 64;
	return 0;
}

static int group_teardown(void **state)
{
	unlink(key_file);
	return gw_group_teardown(state);
}

/* The registrar process works for so long. */
static void turns(int64_t ms)
{
	int64_t end = ksr_clock.mono_ms + ms;

	while(ksr_clock.mono_ms < end) {
		ksr_clock.mono_ms += 50;
		while(wk_registry_turn() == 0)
			;
	}
}

/* What the process keeps goes on from test to test: so does the time. */
static int setup(void **state)
{
	static int64_t from = 1000000;

	ksr_reset();
	ksr_clock.mono_ms = from += 100000000;
	redis_begin();
	if(glue_setup(state) != 0 || wk_location_init() != 0)
		return -1;
	ksr_clock.mono_ms = from;
	(void)wk_registry_turn();
	wk_rangereg_tick();
	assert_int_equal(wk_rangereg_check(WIMS_PL(RANGE), NULL), WIMS_RANGE_PENDING);
	(void)wk_registry_turn();
	wk_rangereg_tick();
	rc_answer("200 OK", "", true);
	turns(8000); /* what it had to look after from the test before */
	return glue_open(CONN, "https://gw.test", "gw") | glue_open(OTHER_CONN, "https://gw.test", "gw")
		   | glue_open(THIRD_CONN, "https://gw.test", "gw");
}

static int teardown(void **state)
{
	int failed = gw_teardown(state);

	redis_end();
	return failed;
}

static struct wk_registry_place place(void)
{
	struct wk_registry_place p;

	assert_true(wk_registry_find(WIMS_PL(IMPU), &p));
	return p;
}

static size_t contacts(struct wims_reg_entry *e)
{
	const struct wims_store *st = redis_store();
	struct wk_registry_place p = place();

	enum wims_reason r = wims_store_query(st, p.block, WIMS_PL(IMPU), WIMS_REG_CLAIMED, e);

	return r == WIMS_OK ? e->count : 0;
}

static void expect_contacts(size_t n)
{
	static struct wims_reg_entry e;

	assert_int_equal(contacts(&e), n);
}

/* A contact that this node knows nothing of, at that node and start. */
static void put_there(const char *owner, int64_t since, uint16_t node, uint32_t epoch)
{
	const struct wims_reg_put in = {.impu = WIMS_PL(IMPU),
									.index = WIMS_REG_CLAIMED,
									.owner = wims_pl_str(owner),
									.contact = {.name = WIMS_PL(STRAY),
												.flow = WIMS_PL("0123456789abcdef0123456789abcdef"),
												.node = node,
												.epoch = epoch,
												.q = WIMS_Q_NONE,
												.left_ms = 600000},
									.max_contacts = 3,
									.since = since,
									.again = since > 0};
	struct wk_registry_place p = place();
	struct wims_reg_put_out out;

	assert_int_equal(wims_store_put(redis_store(), p.block, &in, &out), WIMS_OK);
}

static void away_for(int64_t ms, enum wims_reason how)
{
	redis_standin.outcome = how;
	turns(ms);
	redis_standin.outcome = WIMS_OK;
}

/* ---- REGISTER ---- */

static void test_published(void **state)
{
	static struct wims_reg_entry e;
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, "ok");
	assert_int_equal(contacts(&e), 1);
	assert_int_equal(e.contact[0].node, wk_params.node_id);
	assert_int_equal(e.contact[0].epoch, wk_boot_epoch());
	assert_int_equal(e.contact[0].q, 500);
	w.cseq = 2;
	gw_expect(&w, CONTACT "Expires: 0\n", "ok");
	expect_contacts(1); /* nobody waits for the store */
	turns(100);
	expect_contacts(0);
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
	turns(2000);
	expect_contacts(1);
	redis_standin.outcome = WIMS_OK;
}

static void test_away(void **state)
{
	redis_standin.outcome = WIMS_REGISTRAR_AWAY;
	refused("registrar_away");
	turns(2000);
	expect_contacts(0);
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
	assert_int_equal(contacts(&e), 1);
	since = e.since;
	assert_int_equal(wims_store_drop(redis_store(), place().block, WIMS_PL(IMPU), WIMS_REG_CLAIMED),
					 WIMS_OK);
	turns(5000);
	expect_contacts(0); /* as nothing tells of a failure */
	away_for(1000, WIMS_REGISTRAR_AWAY);
	turns(5000);
	assert_int_equal(contacts(&e), 1);
	assert_int_equal(e.since, since);
	assert_true(ksr_counter("registrar_again") > 0);
}

/* The one who was first stays, within 5 s of its return. */
static void test_older_there(void **state)
{
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, "ok");
	put_there("mallory", 1, 9, 1);
	turns(5000);
	gw_expect_bindings(1);
	away_for(1000, WIMS_REGISTRAR_AWAY);
	turns(5000);
	(void)gw_deregs();
	gw_expect_bindings(0);
	expect_contacts(1);
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
	assert_int_equal(wims_store_drop(redis_store(), place().block, WIMS_PL(IMPU), WIMS_REG_CLAIMED),
					 WIMS_OK);
	ksr_clock.mono_ms += 10;
	put_there("mallory", 0, 9, 1);
	away_for(1000, WIMS_REGISTRAR_AWAY);
	turns(5000);
	gw_expect_bindings(1);
	assert_int_equal(contacts(&e), 1);
	assert_int_equal(e.contact[0].node, wk_params.node_id);
	assert_int_equal(ksr_counter("registrar_displaced"), 1);
}

/* ---- what it should have lost ---- */

static void test_stray(void **state)
{
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, "ok");
	put_there("", 0, (uint16_t)wk_params.node_id, wk_boot_epoch());
	expect_contacts(2);
	away_for(1000, WIMS_REGISTRAR_AWAY);
	turns(5000);
	expect_contacts(1);
	assert_int_equal(ksr_counter("registrar_strays"), 1);
	assert_contains(ksr_log(), IMPU ": the registrar has the contact " STRAY " of this node");
	/* that of another node is its own business */
	put_there("", 0, 9, wk_boot_epoch());
	away_for(1000, WIMS_REGISTRAR_AWAY);
	turns(5000);
	expect_contacts(2);
	assert_int_equal(ksr_counter("registrar_strays"), 1);
}

/* What the queue had no room for is found without any failure. */
static void test_overflow(void **state)
{
	struct wic w = gw_wic(CONN);
	int i;

	gw_expect(&w, CONTACT, "ok");
	for(i = 0; i < wk_params.queue_size; i++)
		wk_registry_remove(WIMS_PL(IMPU), WIMS_PL("000000000000000000000000"));
	w.cseq = 2;
	gw_expect(&w, CONTACT "Expires: 0\n", "ok");
	assert_int_equal(wk_registry_queue_overflows(), 1);
	expect_contacts(1);
	turns(1000);
	expect_contacts(0);
	assert_int_equal(ksr_counter("registrar_strays"), 1);
}

/* However much there is to tell, and however slowly it is taken: a node that does not
 * beat for 3 s is dead to others. */
static void test_beats_of_a_slow_store(void **state)
{
	struct wic w = gw_wic(CONN);
	int64_t end, last, gap = 0;
	int i;

	(void)state;
	gw_expect(&w, CONTACT, "ok");
	for(i = 0; i < wk_params.queue_size; i++)
		wk_registry_remove(WIMS_PL(IMPU), WIMS_PL("000000000000000000000000"));
	redis_standin.takes_ms = 190;
	last = wk_registry_last_beat();
	for(end = ksr_clock.mono_ms + 30000; ksr_clock.mono_ms < end; ksr_clock.mono_ms += 10) {
		(void)wk_registry_turn();
		if(wk_registry_last_beat() != last && wk_registry_last_beat() - last > gap)
			gap = wk_registry_last_beat() - last;
		last = wk_registry_last_beat();
	}
	assert_in_range(gap, 1, 2000);
	assert_int_equal(wk_registry_queue_count(), 0);
	expect_contacts(1);
	redis_standin.takes_ms = 0;
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
	ksr_clock.mono_ms += (RECONCILE + 5) * INT64_C(1000);
	gw_expect(&w, CONTACT, "ok");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
			TEST(test_published),     TEST(test_away),
			TEST(test_bad),           TEST(test_one_deadline),
			TEST(test_lost_there),    TEST(test_older_there),
			TEST(test_younger_there), TEST(test_stray),
			TEST(test_overflow),      TEST(test_beats_of_a_slow_store),
			TEST(test_rpc),           TEST(test_rpc_away),
			TEST(test_rpc_kick),
	};
#undef TEST

	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
