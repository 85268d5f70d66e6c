/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What the registrar process does beside: it beats, and clears up behind nodes. */

#include "redis_standin.h"
#include "shared_help.h"

#include "wk_params.h"
#include "wk_registry_nodes.h"
#include "wk_registry_proc.h"
#include "wk_registry_queue.h"
#include "wk_state.h"

enum
{
	MANY = 40 /* more than a round tells at once */
};

/* ---- what it should have lost ---- */

static void test_stray(void **state)
{
	struct wic w = gw_wic(CONN);

	gw_expect(&w, CONTACT, "ok");
	rs_put_there(WIMS_PL(IMPU), "", 0, (uint16_t)wk_params.node_id, wk_boot_epoch());
	rs_expect_contacts(2);
	rs_away_for(1000, WIMS_REGISTRAR_AWAY);
	rs_turns(5000);
	rs_expect_contacts(1);
	assert_int_equal(ksr_counter("registrar_strays"), 1);
	assert_contains(ksr_log(), IMPU ": the registrar has the contact " RS_STRAY " of this node");
	/* that of another node is its own business */
	rs_put_there(WIMS_PL(IMPU), "", 0, 9, wk_boot_epoch());
	rs_away_for(1000, WIMS_REGISTRAR_AWAY);
	rs_turns(5000);
	rs_expect_contacts(2);
	assert_int_equal(ksr_counter("registrar_strays"), 1);
}

/* Whoever can write to the store writes no lines of the log. */
static void test_stray_of_no_impu(void **state)
{
	(void)state;
	rs_put_there(WIMS_PL("sip:x@ims.test\n CRITICAL: forged"), "", 0, (uint16_t)wk_params.node_id,
				 wk_boot_epoch());
	rs_away_for(1000, WIMS_REGISTRAR_AWAY);
	rs_turns(5000);
	assert_int_equal(ksr_counter("registrar_strays"), 0);
	assert_lacks(ksr_log(), "forged");
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
	rs_expect_contacts(1);
	rs_turns(1000);
	rs_expect_contacts(0);
	assert_int_equal(ksr_counter("registrar_strays"), 1);
}

/* ---- nodes that are gone ---- */

static void beats(uint16_t node, uint32_t epoch)
{
	static struct wims_reg_nodes nodes;

	assert_int_equal(wims_store_beat(redis_store(), node, epoch, WIMS_PL("192.0.2.9:5060"), &nodes),
					 WIMS_OK);
}

static void count_contacts(void *ctx, const struct wims_reg_entry *e)
{
	*(size_t *)ctx += e->count;
}

static size_t contacts_in_all(void)
{
	struct wk_registry_place p = rs_place();
	uint64_t cursor = 0;
	size_t n = 0;

	do
		assert_int_equal(wims_store_list(redis_store(), p.block, &cursor, 1000, count_contacts, &n),
						 WIMS_OK);
	while(cursor != 0);
	return n;
}

static void put_many(int n, uint16_t node, uint32_t epoch)
{
	char impu[64];

	for(; n > 0; n--) {
		snprintf(impu, sizeof(impu), "sip:user%d@ims.test", n);
		rs_put_there(wims_pl_str(impu), "", 0, node, epoch);
	}
}

/* One that comes back in the middle has told again what it has. */
static void test_purge_of_who_comes_back(void **state)
{
	int i;

	(void)state;
	put_many(500, 9, 70);
	beats(9, 70);
	ksr_clock.mono_ms += 61000;
	redis_standin.takes_ms = 400;
	for(i = 0; i < 100 && contacts_in_all() == 500; i++) {
		ksr_clock.mono_ms += 50;
		(void)wk_registry_turn();
	}
	assert_int_equal(contacts_in_all(), 300);
	beats(9, 70);
	for(i = 0; i < 20; i++) {
		(void)wk_registry_turn();
		beats(9, 70);
	}
	assert_in_range(contacts_in_all(), 100, 300);
	redis_standin.takes_ms = 0;
	/* another start of it, which stays away */
	rs_turns(61000);
	beats(9, 71);
	rs_turns(61000 + 6000);
	assert_int_equal(contacts_in_all(), 0);
}

/* What a node that is not alone with its number took for its own, or for a dead one's,
 * may be anybody's. */
static void test_no_purge_without_a_number(void **state)
{
	int i;

	(void)state;
	rs_put_there(WIMS_PL(IMPU), "", 0, 8, 80);
	beats(8, 80);
	ksr_clock.mono_ms += 61000;
	for(i = 0; i < 80; i++) {
		beats((uint16_t)wk_params.node_id, 5);
		rs_turns(50);
	}
	rs_expect_contacts(1);
	rs_turns(10000);
	rs_expect_contacts(0);
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
	rs_expect_contacts(1);
	redis_standin.takes_ms = 0;
}

/* ---- rounds ---- */

static void register_many(unsigned n)
{
	char impu[64], name[16];
	unsigned i;

	for(i = 0; i < n; i++) {
		struct wic w = gw_wic(100 + i);

		snprintf(name, sizeof(name), "many%u", i);
		snprintf(impu, sizeof(impu), "sip:web-many%u@ims.test", i);
		w.impu = impu;
		w.subject = w.call_id = name;
		assert_int_equal(glue_open(w.conn, "https://gw.test", "gw"), 0);
		gw_expect(&w, CONTACT, "ok");
	}
}

/* A round that the loss of the store interrupts does not go on where it was, with its
 * next one as late as if it had taken that long. */
static void test_round_that_is_cut(void **state)
{
	struct wk_registry_place p = rs_place();
	uint64_t cursor = 0;
	size_t removed;

	(void)state;
	register_many(MANY);
	assert_int_equal(contacts_in_all(), MANY);
	rs_turns(8000);
	wk_registry_remove(WIMS_PL(IMPU), WIMS_PL("000000000000000000000000"));
	redis_standin.takes_ms = 30;
	rs_away_for(60000, WIMS_REGISTRAR_AWAY);
	redis_standin.takes_ms = 0;
	assert_int_equal(wims_store_purge(redis_store(), p.block, (uint16_t)wk_params.node_id, 0,
									  &cursor, 1000, &removed),
					 WIMS_OK);
	assert_int_equal(removed, MANY);
	rs_turns(4500);
	assert_int_equal(contacts_in_all(), MANY);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, rs_setup, rs_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			TEST(test_stray),
			TEST(test_stray_of_no_impu),
			TEST(test_overflow),
			TEST(test_purge_of_who_comes_back),
			TEST(test_no_purge_without_a_number),
			TEST(test_beats_of_a_slow_store),
			TEST(test_round_that_is_cut),
	};

	return cmocka_run_group_tests(tests, rs_group_setup, rs_group_teardown);
}
