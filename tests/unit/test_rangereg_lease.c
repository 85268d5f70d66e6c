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

static void all_are(int range, enum wims_rangereg_state want)
{
	int n;

	for(n = 0; n < RR_NODES; n++)
		if(rr_world.node[n].rr != NULL)
			assert_string_equal(wims_rangereg_state_text(rr_nodes_state(&rr_world, n, range)),
								wims_rangereg_state_text(want));
}

static int other_than(int node)
{
	return (node + 1) % RR_NODES;
}

static void one_contact_of(int node)
{
	assert_int_equal(rr_world.in_core[1], 1);
	assert_int_equal(rr_world.core[1][0].node, node);
}

static void one_registers_for_all(void **state)
{
	struct wims_rangereg_view v;
	int n, holder = rr_world.holder[1];

	(void)state;
	assert_int_equal(rr_world.registers, 2); /* ranges 1 and 2 */
	one_contact_of(holder);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	all_are(3, WIMS_RANGEREG_OFF);
	for(n = 0; n < RR_NODES; n++) {
		assert_int_equal(
				wims_rangereg_want(rr_world.node[n].rr, rr_nodes_range(1), rr_world.now, &v),
				WIMS_OK);
		assert_true(wims_pl_eq(v.service_route, WIMS_PL("<sip:orig@scscf.ims.test;lr>")));
		assert_int_equal(v.role, n == holder ? WIMS_RANGEREG_OURS : WIMS_RANGEREG_OTHER);
		assert_int_equal(n == holder || v.holder == holder + 1, true);
		assert_int_equal(rr_world.node[n].subscribed[1], n == holder);
	}
	rr_nodes_run(&rr_world, 60 * 1000);
	assert_int_equal(rr_world.registers, 2);
	assert_int_equal(rr_world.gone, 0);
}

static void a_dead_holder_is_followed(void **state)
{
	int dead = rr_world.holder[1];
	int64_t died = rr_world.now;

	(void)state;
	rr_nodes_crash(&rr_world, dead);
	while(rr_world.holder[1] == dead && rr_world.now < died + 2 * OVER_MS) {
		rr_nodes_run(&rr_world, 100);
		all_are(1, WIMS_RANGEREG_REGISTERED);
	}
	assert_in_range(rr_world.now - died, RR_NODES_LEASE_MS / 2, RR_NODES_LEASE_MS + 300);
	rr_nodes_run(&rr_world, SOON_MS);
	one_contact_of(rr_world.holder[1]);
	assert_int_not_equal(rr_world.holder[1], dead);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	assert_int_equal(rr_world.lost, 0);
}

/* The Contact of the one before stays until there is another. */
static void ours_first(void **state)
{
	int dead = rr_world.holder[1];
	struct rr_flight *f = NULL;

	(void)state;
	rr_nodes_crash(&rr_world, dead);
	while((f = rr_nodes_first(&rr_world, 1)) == NULL) {
		rr_world.now += 100;
		rr_nodes_turn(&rr_world);
	}
	assert_int_equal(f->expires, 3600);
	rr_world.now += 2000;
	rr_nodes_turn(&rr_world);
	one_contact_of(dead);
	rr_nodes_answer(&rr_world, f, 200, true);
	assert_int_equal(rr_world.in_core[1], 2);
	rr_nodes_turn(&rr_world);
	f = rr_nodes_first(&rr_world, 1);
	assert_non_null(f);
	assert_int_equal(f->expires, 0);
	assert_string_equal(f->user, rr_world.core[1][0].user);
}

static void a_clean_stop_hands_over(void **state)
{
	int before = rr_world.holder[1];

	(void)state;
	rr_nodes_stop(&rr_world, before, true);
	rr_nodes_run(&rr_world, SOON_MS);
	assert_int_not_equal(rr_world.holder[1], before);
	one_contact_of(rr_world.holder[1]);
	assert_int_equal(rr_world.lost, 0);
	/* and again, with what is in the core left there */
	before = rr_world.holder[1];
	rr_nodes_stop(&rr_world, before, false);
	rr_nodes_run(&rr_world, OVER_MS);
	assert_int_not_equal(rr_world.holder[1], before);
	one_contact_of(rr_world.holder[1]);
	assert_int_equal(rr_world.lost, 0);
}

/* The core has a Contact all the time, and hears of the end of ours once. */
static void what_has_an_heir_stays_in_the_core(void **state)
{
	int before = rr_world.holder[1];
	size_t removes = rr_world.removes;
	struct rr_flight *f;

	(void)state;
	assert_int_equal(rr_world.holder[2], before); /* which nobody inherits */
	wims_rangereg_bequeath(rr_world.node[before].rr, rr_nodes_range(1));
	rr_nodes_stop(&rr_world, before, true);
	assert_null(rr_nodes_first(&rr_world, 1));
	f = rr_nodes_first(&rr_world, 2);
	assert_non_null(f);
	assert_int_equal(f->expires, 0);
	one_contact_of(before);
	rr_nodes_run(&rr_world, SOON_MS);
	one_contact_of(rr_world.holder[1]);
	assert_int_not_equal(rr_world.holder[1], before);
	assert_in_range(rr_world.removes, removes + 1, removes + 2); /* of 2 perhaps as well */
	assert_int_equal(rr_world.lost, 0);
}

static struct wims_reginfo_news news_of(int node, enum wims_reginfo_state state)
{
	static char contact[64];

	snprintf(contact, sizeof(contact), "sip:%s@192.0.2.1:5060", rr_world.node[node].user[1]);
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
	struct wims_reginfo_news news = news_of(rr_world.holder[1], WIMS_REGINFO_TERMINATED);

	(void)state;
	wims_rangereg_news(rr_world.node[rr_world.holder[1]].rr, &news, rr_world.now);
	rr_world.in_core[1] = 0;
	rr_nodes_run(&rr_world, SOON_MS);
	all_are(1, WIMS_RANGEREG_REFUSED);
	assert_int_equal(rr_world.lost, RR_NODES);
	rr_nodes_run(&rr_world, 6000);
	all_are(1, WIMS_RANGEREG_REGISTERED);
}

/* It is good before and after: that it was lost in between is seen all the same. */
static void a_short_loss_is_one_for_all(void **state)
{
	struct wims_reginfo_news news = news_of(rr_world.holder[1], WIMS_REGINFO_TERMINATED);

	(void)state;
	news.event = WIMS_REGINFO_DEACTIVATED;
	wims_rangereg_news(rr_world.node[rr_world.holder[1]].rr, &news, rr_world.now);
	rr_nodes_run(&rr_world, 300);
	assert_true(rr_nodes_state(&rr_world, rr_world.holder[1], 1) == WIMS_RANGEREG_REGISTERED);
	rr_nodes_run(&rr_world, SOON_MS);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	assert_int_equal(rr_world.lost, RR_NODES);
}

static void others_hear_of_no_contact(void **state)
{
	int other = other_than(rr_world.holder[1]);
	struct wims_reginfo_news news = news_of(rr_world.holder[1], WIMS_REGINFO_TERMINATED);

	(void)state;
	wims_rangereg_news(rr_world.node[other].rr, &news, rr_world.now);
	rr_nodes_run(&rr_world, SOON_MS);
	assert_int_equal(rr_world.lost, 0);
}

/* Another may have taken it by order: the store is asked, and if it says no, the
 * core. */
static void the_end_of_our_contact_is_not_that_of_the_range(void **state)
{
	struct wims_reginfo_news news = news_of(rr_world.holder[1], WIMS_REGINFO_ACTIVE);
	int holder = rr_world.holder[1], other = other_than(holder);

	(void)state;
	assert_true(wims_rangereg_register(rr_world.node[other].rr, rr_nodes_range(1), rr_world.now));
	rr_world.node[holder].cut = true; /* it is not told yet */
	rr_nodes_run(&rr_world, 300);
	one_contact_of(other);
	rr_world.node[holder].cut = false;
	wims_rangereg_news(rr_world.node[holder].rr, &news, rr_world.now);
	rr_nodes_run(&rr_world, SOON_MS);
	one_contact_of(other);
	assert_int_equal(rr_world.registers, 3); /* ranges 1 and 2, and the other for 1 */
	news = news_of(other, WIMS_REGINFO_ACTIVE);
	wims_rangereg_news(rr_world.node[other].rr, &news, rr_world.now);
	rr_world.in_core[1] = 0;
	rr_nodes_run(&rr_world, SOON_MS);
	one_contact_of(other);
	assert_int_equal(rr_world.lost, 0);
}

/* The holder does not know whether it still is one. */
static void a_lapsed_lease_hears_of_the_end_of_all(void **state)
{
	int holder = rr_world.holder[1];
	struct wims_reginfo_news news = news_of(holder, WIMS_REGINFO_ACTIVE);

	(void)state;
	rr_world.node[holder].cut = true;
	rr_nodes_run(&rr_world, OVER_MS);
	wims_rangereg_news(rr_world.node[holder].rr, &news, rr_world.now);
	rr_nodes_run(&rr_world, 100);
	assert_int_equal(rr_world.lost, 0); /* its successor has taken it out */
	news.state = WIMS_REGINFO_TERMINATED;
	wims_rangereg_news(rr_world.node[holder].rr, &news, rr_world.now);
	rr_nodes_run(&rr_world, 100);
	assert_int_equal(rr_world.lost, 1);
}

/* Nor is what another node has taken out by order registered again. */
static void the_end_by_order_of_another_stays(void **state)
{
	int holder = rr_world.holder[1], other = other_than(holder);
	struct wims_reginfo_news news = news_of(holder, WIMS_REGINFO_TERMINATED);

	(void)state;
	assert_true(wims_rangereg_deregister(rr_world.node[other].rr, rr_nodes_range(1), rr_world.now));
	rr_world.node[holder].cut = true; /* it is not told yet, */
	rr_nodes_run(&rr_world, 100);
	assert_int_equal(rr_world.in_core[1], 0);
	rr_world.node[holder].cut = false;
	news.event = WIMS_REGINFO_EXPIRED; /* but by the core */
	wims_rangereg_news(rr_world.node[holder].rr, &news, rr_world.now);
	rr_nodes_run(&rr_world, SOON_MS);
	all_are(1, WIMS_RANGEREG_BY_HAND);
	assert_int_equal(rr_world.in_core[1], 0);
	assert_int_equal(rr_world.registers, 2); /* ranges 1 and 2 */
}

static void by_hand_is_for_all(void **state)
{
	int holder = rr_world.holder[1], other = other_than(holder);

	(void)state;
	assert_true(wims_rangereg_deregister(rr_world.node[other].rr, rr_nodes_range(1), rr_world.now));
	rr_nodes_run(&rr_world, SOON_MS);
	all_are(1, WIMS_RANGEREG_BY_HAND);
	assert_int_equal(rr_world.in_core[1], 0);
	assert_int_equal(rr_world.lost, RR_NODES);
	/* also when the node is gone that was told */
	rr_nodes_keep(&rr_world, holder);
	rr_nodes_crash(&rr_world, other);
	rr_nodes_start(&rr_world, other);
	rr_nodes_run(&rr_world, 2 * OVER_MS);
	all_are(1, WIMS_RANGEREG_BY_HAND);
	assert_true(wims_rangereg_register(rr_world.node[holder].rr, rr_nodes_range(1), rr_world.now));
	rr_nodes_run(&rr_world, SOON_MS);
	assert_int_equal(rr_world.holder[1], holder);
	one_contact_of(holder);
	all_are(1, WIMS_RANGEREG_REGISTERED);
}

/* The node before the last order does not know yet that it is not the holder. */
static void the_last_order_counts(void **state)
{
	int holder = rr_world.holder[1], other = other_than(holder);

	(void)state;
	rr_world.node[holder].cut = true;
	assert_true(wims_rangereg_deregister(rr_world.node[other].rr, rr_nodes_range(1), rr_world.now));
	rr_nodes_run(&rr_world, 500);
	assert_int_equal(rr_world.holder[1], other);
	assert_int_equal(rr_world.in_core[1], 0);
	assert_true(wims_rangereg_register(rr_world.node[holder].rr, rr_nodes_range(1), rr_world.now));
	rr_world.node[holder].cut = false;
	rr_nodes_run(&rr_world, 2 * SOON_MS);
	one_contact_of(holder);
	all_are(1, WIMS_RANGEREG_REGISTERED);
}

static void a_frozen_store_changes_nothing(void **state)
{
	size_t registers = rr_world.registers;
	int n, holder = rr_world.holder[1];

	(void)state;
	for(n = 0; n < RR_NODES; n++)
		rr_world.node[n].cut = true;
	rr_nodes_run(&rr_world, 6000);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	/* no WIC that asks begins anything */
	for(n = 0; n < RR_NODES; n++)
		assert_int_not_equal(
				wims_rangereg_want(rr_world.node[n].rr, rr_nodes_range(3), rr_world.now, NULL),
				WIMS_OK);
	rr_nodes_run(&rr_world, 2000);
	assert_int_equal(rr_world.registers, registers);
	for(n = 0; n < RR_NODES; n++)
		rr_world.node[n].cut = false;
	rr_nodes_run(&rr_world, OVER_MS);
	one_contact_of(holder); /* who comes first, whoever asks first */
	all_are(1, WIMS_RANGEREG_REGISTERED);
	assert_int_equal(rr_world.lost, 0);
}

static void a_holder_that_is_cut_off_keeps_its_wics(void **state)
{
	int holder = rr_world.holder[1];

	(void)state;
	rr_world.node[holder].cut = true;
	rr_nodes_run(&rr_world, 2 * OVER_MS);
	assert_int_not_equal(rr_world.holder[1], holder);
	one_contact_of(rr_world.holder[1]);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	rr_world.node[holder].cut = false;
	rr_nodes_run(&rr_world, 2 * SOON_MS);
	one_contact_of(rr_world.holder[1]);
	assert_int_not_equal(rr_world.holder[1], holder);
	assert_int_equal(rr_world.lost, 0);
	assert_true(rr_world.gone > 0);
	assert_int_equal(rr_world.absent, 0); /* its Contact was taken out, once */
}

/* The core took a REGISTER of a node whose lease had gone meanwhile. */
static void what_came_too_late_is_taken_out(void **state)
{
	int holder = rr_world.holder[1];
	struct rr_flight *f;

	(void)state;
	assert_true(wims_rangereg_refresh(rr_world.node[holder].rr, rr_nodes_range(1), rr_world.now));
	rr_nodes_turn(&rr_world);
	f = rr_nodes_first(&rr_world, 1);
	assert_non_null(f);
	rr_world.node[holder].cut = true;
	f->node = -1; /* on its way for long */
	rr_nodes_run(&rr_world, 2 * OVER_MS);
	f->node = holder;
	rr_world.node[holder].cut = false;
	rr_nodes_answer(&rr_world, f, 200, true);
	rr_nodes_run(&rr_world, 2 * SOON_MS);
	one_contact_of(rr_world.holder[1]);
	assert_int_not_equal(rr_world.holder[1], holder);
}

static void members(int node, size_t n)
{
	rr_world.node[node].members[3] = n;
	wims_rangereg_members(rr_world.node[node].rr, rr_nodes_range(3), n, rr_world.now);
}

static void whoever_has_wics_registers(void **state)
{
	int n;

	(void)state;
	for(n = 0; n < 2; n++) {
		assert_int_equal(
				wims_rangereg_want(rr_world.node[n].rr, rr_nodes_range(3), rr_world.now, NULL),
				n == 0 ? WIMS_RANGE_PENDING : WIMS_OK);
		rr_nodes_run(&rr_world, 1000);
		members(n, 1);
	}
	assert_int_equal(rr_world.holder[3], 0);
	rr_nodes_run(&rr_world, 10 * 1000);
	members(0, 0); /* node 1 still has one */
	rr_nodes_run(&rr_world, 10 * 1000);
	assert_int_equal(rr_world.holder[3], 1);
	assert_int_equal(rr_world.in_core[3], 1);
	assert_int_equal(rr_world.core[3][0].node, 1);
	assert_int_equal(rr_world.lost, 0);
	members(1, 0);
	rr_nodes_run(&rr_world, 10 * 1000);
	assert_int_equal(rr_world.in_core[3], 0);
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

	wims_rangereg_begin(rr_world.node[node].rr);
	assert_int_equal(wims_rangereg_add(rr_world.node[node].rr, &in, rr_world.now), WIMS_OK);
}

static void only_nodes_that_may_register(void **state)
{
	int holder = rr_world.holder[1];

	(void)state;
	provision_elsewhere(holder);
	rr_nodes_run(&rr_world, 2 * SOON_MS);
	assert_int_not_equal(rr_world.holder[1], holder);
	one_contact_of(rr_world.holder[1]);
	all_are(1, WIMS_RANGEREG_REGISTERED);
	/* not by hand either, and when nobody else is left it is nobody's */
	assert_true(wims_rangereg_register(rr_world.node[holder].rr, rr_nodes_range(1), rr_world.now));
	rr_nodes_crash(&rr_world, other_than(holder));
	rr_nodes_crash(&rr_world, other_than(other_than(holder)));
	rr_nodes_run(&rr_world, 2 * OVER_MS);
	assert_int_not_equal(rr_world.core[1][0].node, holder);
	assert_int_equal(rr_world.lost, 0);
}

static void a_restart_goes_on(void **state)
{
	int holder = rr_world.holder[1];
	size_t taken = rr_world.taken;
	char user[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	memcpy(user, rr_world.node[holder].user[1], sizeof(user));
	rr_nodes_keep(&rr_world, holder);
	rr_nodes_crash(&rr_world, other_than(holder));
	rr_nodes_crash(&rr_world, other_than(other_than(holder)));
	rr_nodes_crash(&rr_world, holder);
	rr_nodes_start(&rr_world, holder);
	assert_true(rr_nodes_state(&rr_world, holder, 1) == WIMS_RANGEREG_REGISTERED);
	rr_nodes_run(&rr_world, 100); /* its own lease of before does not keep it waiting */
	assert_int_equal(rr_world.taken, taken + 2);
	rr_nodes_run(&rr_world, 2 * OVER_MS);
	one_contact_of(holder);
	assert_string_equal(rr_world.core[1][0].user, user);
	assert_int_equal(rr_world.taken, taken + 2); /* ranges 1 and 2 */
	assert_int_equal(rr_world.removes, 0);
	assert_int_equal(rr_world.lost, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rr_nodes_setup, rr_nodes_teardown)

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
			TEST(the_end_by_order_of_another_stays),
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
