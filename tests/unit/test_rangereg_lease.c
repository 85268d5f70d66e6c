/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "rr_nodes.h"

enum
{
	SOON_MS = RR_NODES_LEASE_MS / 4 + 200, /* until the next question */
	OVER_MS = RR_NODES_LEASE_MS + SOON_MS  /* until a dead node's lease is another's */
};

static struct rr_nodes w;

static int open(void **state)
{
	(void)state;
	rr_nodes_open(&w);
	rr_nodes_run(&w, 2000);
	return 0;
}

static int close(void **state)
{
	(void)state;
	rr_nodes_close(&w);
	return 0;
}

static void all_are(int range, enum wims_rangereg_state want)
{
	int n;

	for(n = 0; n < RR_NODES; n++)
		if(w.node[n].rr != NULL)
			assert_string_equal(wims_rangereg_state_text(rr_nodes_state(&w, n, range)),
								wims_rangereg_state_text(want));
}

static int other_than(int node)
{
	return (node + 1) % RR_NODES;
}

static void one_contact_of(int node)
{
	assert_int_equal(w.in_core[1], 1);
	assert_int_equal(w.core[1][0].node, node);
}

static void one_registers_for_all(void **state)
{
	struct wims_rangereg_view v;
	int n, holder = w.holder[1];

	(void)state;
	assert_int_equal(w.registers, 2); /* ranges 1 and 2 */
	one_contact_of(holder);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	all_are(3, WIMS_RANGEREG_OFF);
	for(n = 0; n < RR_NODES; n++) {
		assert_int_equal(wims_rangereg_want(w.node[n].rr, rr_nodes_range(1), w.now, &v), WIMS_OK);
		assert_true(wims_pl_eq(v.service_route, WIMS_PL("<sip:orig@scscf.ims.test;lr>")));
		assert_int_equal(v.role, n == holder ? WIMS_RANGEREG_OURS : WIMS_RANGEREG_OTHER);
		assert_int_equal(n == holder || v.holder == holder + 1, true);
		assert_int_equal(w.node[n].subscribed[1], n == holder);
	}
	rr_nodes_run(&w, 60 * 1000);
	assert_int_equal(w.registers, 2);
	assert_int_equal(w.gone, 0);
}

static void a_dead_holder_is_followed(void **state)
{
	int dead = w.holder[1];
	int64_t died = w.now;

	(void)state;
	rr_nodes_crash(&w, dead);
	while(w.holder[1] == dead && w.now < died + 2 * OVER_MS) {
		rr_nodes_run(&w, 100);
		all_are(1, WIMS_RANGEREG_REGISTERED);
	}
	assert_in_range(w.now - died, RR_NODES_LEASE_MS / 2, RR_NODES_LEASE_MS + 300);
	rr_nodes_run(&w, SOON_MS);
	one_contact_of(w.holder[1]);
	assert_int_not_equal(w.holder[1], dead);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	assert_int_equal(w.lost, 0);
}

/* The Contact of the one before stays until there is another. */
static void ours_first(void **state)
{
	int dead = w.holder[1];
	struct rr_flight *f = NULL;

	(void)state;
	rr_nodes_crash(&w, dead);
	while((f = rr_nodes_first(&w, 1)) == NULL) {
		w.now += 100;
		rr_nodes_turn(&w);
	}
	assert_int_equal(f->expires, 3600);
	w.now += 2000;
	rr_nodes_turn(&w);
	one_contact_of(dead);
	rr_nodes_answer(&w, f, 200, true);
	assert_int_equal(w.in_core[1], 2);
	rr_nodes_turn(&w);
	f = rr_nodes_first(&w, 1);
	assert_non_null(f);
	assert_int_equal(f->expires, 0);
	assert_string_equal(f->user, w.core[1][0].user);
}

static void a_clean_stop_hands_over(void **state)
{
	int before = w.holder[1];

	(void)state;
	rr_nodes_stop(&w, before, true);
	rr_nodes_run(&w, SOON_MS);
	assert_int_not_equal(w.holder[1], before);
	one_contact_of(w.holder[1]);
	assert_int_equal(w.lost, 0);
	/* and again, with what is in the core left there */
	before = w.holder[1];
	rr_nodes_stop(&w, before, false);
	rr_nodes_run(&w, OVER_MS);
	assert_int_not_equal(w.holder[1], before);
	one_contact_of(w.holder[1]);
	assert_int_equal(w.lost, 0);
}

/* The core has a Contact all the time, and hears of the end of ours once. */
static void what_has_an_heir_stays_in_the_core(void **state)
{
	int before = w.holder[1];
	size_t removes = w.removes;
	struct rr_flight *f;

	(void)state;
	assert_int_equal(w.holder[2], before); /* which nobody inherits */
	wims_rangereg_bequeath(w.node[before].rr, rr_nodes_range(1));
	rr_nodes_stop(&w, before, true);
	assert_null(rr_nodes_first(&w, 1));
	f = rr_nodes_first(&w, 2);
	assert_non_null(f);
	assert_int_equal(f->expires, 0);
	one_contact_of(before);
	rr_nodes_run(&w, SOON_MS);
	one_contact_of(w.holder[1]);
	assert_int_not_equal(w.holder[1], before);
	assert_in_range(w.removes, removes + 1, removes + 2); /* of 2 perhaps as well */
	assert_int_equal(w.lost, 0);
}

static struct wims_reginfo_news news_of(int node, enum wims_reginfo_state state)
{
	static char contact[64];

	snprintf(contact, sizeof(contact), "sip:%s@192.0.2.1:5060", w.node[node].user[1]);
	return (struct wims_reginfo_news){.aor = WIMS_PL("sip:r1@ims.test"),
									  .contact = wims_pl_str(contact),
									  .state = state,
									  .contact_state = WIMS_REGINFO_TERMINATED,
									  .event = WIMS_REGINFO_REJECTED,
									  .expires = -1,
									  .retry_after = -1};
}

static void what_the_holder_loses_all_lose(void **state)
{
	struct wims_reginfo_news news = news_of(w.holder[1], WIMS_REGINFO_TERMINATED);

	(void)state;
	wims_rangereg_news(w.node[w.holder[1]].rr, &news, w.now);
	w.in_core[1] = 0;
	rr_nodes_run(&w, SOON_MS);
	all_are(1, WIMS_RANGEREG_REFUSED);
	assert_int_equal(w.lost, RR_NODES);
	rr_nodes_run(&w, 6000);
	all_are(1, WIMS_RANGEREG_REGISTERED);
}

/* It is good before and after: that it was lost in between is seen all the same. */
static void a_short_loss_is_one_for_all(void **state)
{
	struct wims_reginfo_news news = news_of(w.holder[1], WIMS_REGINFO_TERMINATED);

	(void)state;
	news.event = WIMS_REGINFO_DEACTIVATED;
	wims_rangereg_news(w.node[w.holder[1]].rr, &news, w.now);
	rr_nodes_run(&w, 300);
	assert_true(rr_nodes_state(&w, w.holder[1], 1) == WIMS_RANGEREG_REGISTERED);
	rr_nodes_run(&w, SOON_MS);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	assert_int_equal(w.lost, RR_NODES);
}

static void others_hear_of_no_contact(void **state)
{
	int other = other_than(w.holder[1]);
	struct wims_reginfo_news news = news_of(w.holder[1], WIMS_REGINFO_TERMINATED);

	(void)state;
	wims_rangereg_news(w.node[other].rr, &news, w.now);
	rr_nodes_run(&w, SOON_MS);
	assert_int_equal(w.lost, 0);
}

/* Another may have taken it by order: the store is asked, and if it says no, the
 * core. */
static void the_end_of_our_contact_is_not_that_of_the_range(void **state)
{
	struct wims_reginfo_news news = news_of(w.holder[1], WIMS_REGINFO_ACTIVE);
	int holder = w.holder[1], other = other_than(holder);

	(void)state;
	assert_true(wims_rangereg_register(w.node[other].rr, rr_nodes_range(1), w.now));
	w.node[holder].cut = true; /* it is not told yet */
	rr_nodes_run(&w, 300);
	one_contact_of(other);
	w.node[holder].cut = false;
	wims_rangereg_news(w.node[holder].rr, &news, w.now);
	rr_nodes_run(&w, SOON_MS);
	one_contact_of(other);
	assert_int_equal(w.registers, 3); /* ranges 1 and 2, and the other for 1 */
	news = news_of(other, WIMS_REGINFO_ACTIVE);
	wims_rangereg_news(w.node[other].rr, &news, w.now);
	w.in_core[1] = 0;
	rr_nodes_run(&w, SOON_MS);
	one_contact_of(other);
	assert_int_equal(w.lost, 0);
}

/* The holder does not know whether it still is one. */
static void a_lapsed_lease_hears_of_the_end_of_all(void **state)
{
	int holder = w.holder[1];
	struct wims_reginfo_news news = news_of(holder, WIMS_REGINFO_ACTIVE);

	(void)state;
	w.node[holder].cut = true;
	rr_nodes_run(&w, OVER_MS);
	wims_rangereg_news(w.node[holder].rr, &news, w.now);
	rr_nodes_run(&w, 100);
	assert_int_equal(w.lost, 0); /* its successor has taken it out */
	news.state = WIMS_REGINFO_TERMINATED;
	wims_rangereg_news(w.node[holder].rr, &news, w.now);
	rr_nodes_run(&w, 100);
	assert_int_equal(w.lost, 1);
}

static void by_hand_is_for_all(void **state)
{
	int holder = w.holder[1], other = other_than(holder);

	(void)state;
	assert_true(wims_rangereg_deregister(w.node[other].rr, rr_nodes_range(1), w.now));
	rr_nodes_run(&w, SOON_MS);
	all_are(1, WIMS_RANGEREG_BY_HAND);
	assert_int_equal(w.in_core[1], 0);
	assert_int_equal(w.lost, RR_NODES);
	/* also when the node is gone that was told */
	rr_nodes_keep(&w, holder);
	rr_nodes_crash(&w, other);
	rr_nodes_start(&w, other);
	rr_nodes_run(&w, 2 * OVER_MS);
	all_are(1, WIMS_RANGEREG_BY_HAND);
	assert_true(wims_rangereg_register(w.node[holder].rr, rr_nodes_range(1), w.now));
	rr_nodes_run(&w, SOON_MS);
	assert_int_equal(w.holder[1], holder);
	one_contact_of(holder);
	all_are(1, WIMS_RANGEREG_REGISTERED);
}

/* The node before the last order does not know yet that it is not the holder. */
static void the_last_order_counts(void **state)
{
	int holder = w.holder[1], other = other_than(holder);

	(void)state;
	w.node[holder].cut = true;
	assert_true(wims_rangereg_deregister(w.node[other].rr, rr_nodes_range(1), w.now));
	rr_nodes_run(&w, 500);
	assert_int_equal(w.holder[1], other);
	assert_int_equal(w.in_core[1], 0);
	assert_true(wims_rangereg_register(w.node[holder].rr, rr_nodes_range(1), w.now));
	w.node[holder].cut = false;
	rr_nodes_run(&w, 2 * SOON_MS);
	one_contact_of(holder);
	all_are(1, WIMS_RANGEREG_REGISTERED);
}

static void a_frozen_store_changes_nothing(void **state)
{
	size_t registers = w.registers;
	int n, holder = w.holder[1];

	(void)state;
	for(n = 0; n < RR_NODES; n++)
		w.node[n].cut = true;
	rr_nodes_run(&w, 6000);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	/* no WIC that asks begins anything */
	for(n = 0; n < RR_NODES; n++)
		assert_int_not_equal(wims_rangereg_want(w.node[n].rr, rr_nodes_range(3), w.now, NULL),
							 WIMS_OK);
	rr_nodes_run(&w, 2000);
	assert_int_equal(w.registers, registers);
	for(n = 0; n < RR_NODES; n++)
		w.node[n].cut = false;
	rr_nodes_run(&w, OVER_MS);
	one_contact_of(holder); /* who comes first, whoever asks first */
	all_are(1, WIMS_RANGEREG_REGISTERED);
	assert_int_equal(w.lost, 0);
}

static void a_holder_that_is_cut_off_keeps_its_wics(void **state)
{
	int holder = w.holder[1];

	(void)state;
	w.node[holder].cut = true;
	rr_nodes_run(&w, 2 * OVER_MS);
	assert_int_not_equal(w.holder[1], holder);
	one_contact_of(w.holder[1]);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	w.node[holder].cut = false;
	rr_nodes_run(&w, 2 * SOON_MS);
	one_contact_of(w.holder[1]);
	assert_int_not_equal(w.holder[1], holder);
	assert_int_equal(w.lost, 0);
	assert_true(w.gone > 0);
	assert_int_equal(w.absent, 0); /* its Contact was taken out, once */
}

/* The core took a REGISTER of a node whose lease had gone meanwhile. */
static void what_came_too_late_is_taken_out(void **state)
{
	int holder = w.holder[1];
	struct rr_flight *f;

	(void)state;
	assert_true(wims_rangereg_refresh(w.node[holder].rr, rr_nodes_range(1), w.now));
	rr_nodes_turn(&w);
	f = rr_nodes_first(&w, 1);
	assert_non_null(f);
	w.node[holder].cut = true;
	f->node = -1; /* on its way for long */
	rr_nodes_run(&w, 2 * OVER_MS);
	f->node = holder;
	w.node[holder].cut = false;
	rr_nodes_answer(&w, f, 200, true);
	rr_nodes_run(&w, 2 * SOON_MS);
	one_contact_of(w.holder[1]);
	assert_int_not_equal(w.holder[1], holder);
}

static void members(int node, size_t n)
{
	w.node[node].members[3] = n;
	wims_rangereg_members(w.node[node].rr, rr_nodes_range(3), n, w.now);
}

static void whoever_has_wics_registers(void **state)
{
	int n;

	(void)state;
	for(n = 0; n < 2; n++) {
		assert_int_equal(wims_rangereg_want(w.node[n].rr, rr_nodes_range(3), w.now, NULL),
						 n == 0 ? WIMS_RANGE_PENDING : WIMS_OK);
		rr_nodes_run(&w, 1000);
		members(n, 1);
	}
	assert_int_equal(w.holder[3], 0);
	rr_nodes_run(&w, 10 * 1000);
	members(0, 0); /* node 1 still has one */
	rr_nodes_run(&w, 10 * 1000);
	assert_int_equal(w.holder[3], 1);
	assert_int_equal(w.in_core[3], 1);
	assert_int_equal(w.core[3][0].node, 1);
	assert_int_equal(w.lost, 0);
	members(1, 0);
	rr_nodes_run(&w, 10 * 1000);
	assert_int_equal(w.in_core[3], 0);
}

static void provision_elsewhere(int node)
{
	struct wims_rangereg_in in = {.wildcard = rr_nodes_range(1),
								  .wwsf = WIMS_PL("wwsf"),
								  .pilot = WIMS_PL("sip:r1@ims.test"),
								  .impi = WIMS_PL("r1@ims.test"),
								  .domain = WIMS_PL("ims.test"),
								  .trigger = WIMS_RANGE_AT_START,
								  .elsewhere = true};

	wims_rangereg_begin(w.node[node].rr);
	assert_int_equal(wims_rangereg_add(w.node[node].rr, &in, w.now), WIMS_OK);
}

static void only_nodes_that_may_register(void **state)
{
	int holder = w.holder[1];

	(void)state;
	provision_elsewhere(holder);
	rr_nodes_run(&w, 2 * SOON_MS);
	assert_int_not_equal(w.holder[1], holder);
	one_contact_of(w.holder[1]);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	/* not by hand either, and when nobody else is left it is nobody's */
	assert_true(wims_rangereg_register(w.node[holder].rr, rr_nodes_range(1), w.now));
	rr_nodes_crash(&w, other_than(holder));
	rr_nodes_crash(&w, other_than(other_than(holder)));
	rr_nodes_run(&w, 2 * OVER_MS);
	assert_int_not_equal(w.core[1][0].node, holder);
	assert_int_equal(w.lost, 0);
}

static void a_restart_goes_on(void **state)
{
	int holder = w.holder[1];
	size_t taken = w.taken;
	char user[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	memcpy(user, w.node[holder].user[1], sizeof(user));
	rr_nodes_keep(&w, holder);
	rr_nodes_crash(&w, other_than(holder));
	rr_nodes_crash(&w, other_than(other_than(holder)));
	rr_nodes_crash(&w, holder);
	rr_nodes_start(&w, holder);
	assert_true(rr_nodes_state(&w, holder, 1) == WIMS_RANGEREG_REGISTERED);
	rr_nodes_run(&w, 100); /* its own lease of before does not keep it waiting */
	assert_int_equal(w.taken, taken + 2);
	rr_nodes_run(&w, 2 * OVER_MS);
	one_contact_of(holder);
	assert_string_equal(w.core[1][0].user, user);
	assert_int_equal(w.taken, taken + 2); /* ranges 1 and 2 */
	assert_int_equal(w.removes, 0);
	assert_int_equal(w.lost, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close)

int main(void)
{
	const struct CMUnitTest tests[] = {
			TEST(one_registers_for_all),
			TEST(a_dead_holder_is_followed),
			TEST(ours_first),
			TEST(a_clean_stop_hands_over),
			TEST(what_has_an_heir_stays_in_the_core),
			TEST(what_the_holder_loses_all_lose),
			TEST(a_short_loss_is_one_for_all),
			TEST(others_hear_of_no_contact),
			TEST(the_end_of_our_contact_is_not_that_of_the_range),
			TEST(a_lapsed_lease_hears_of_the_end_of_all),
			TEST(by_hand_is_for_all),
			TEST(the_last_order_counts),
			TEST(a_frozen_store_changes_nothing),
			TEST(a_holder_that_is_cut_off_keeps_its_wics),
			TEST(what_came_too_late_is_taken_out),
			TEST(whoever_has_wics_registers),
			TEST(only_nodes_that_may_register),
			TEST(a_restart_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
