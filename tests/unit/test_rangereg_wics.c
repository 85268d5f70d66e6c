/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The WICs of a range that is registered for the first of them, and the node that
 * registers it. */

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

static void members(int node, size_t n)
{
	rr_world.node[node].members[3] = n;
	wims_rangereg_members(rr_world.node[node].rr, rr_nodes_range(3), n, rr_world.now);
}

/* All WICs of range 3 are at node 0, which registers it. */
static void all_wics_at_one(void)
{
	assert_int_equal(wims_rangereg_want(rr_world.node[0].rr, rr_nodes_range(3), rr_world.now, NULL),
					 WIMS_RANGE_PENDING);
	rr_nodes_run(&rr_world, 1000);
	members(0, 1);
	assert_int_equal(rr_world.in_core[3], 1);
	assert_int_equal(rr_world.core[3][0].node, 0);
}

/* Nobody else wants it, but the WICs may come there. */
static void who_has_no_wics_follows(void **state)
{
	int64_t died;

	(void)state;
	all_wics_at_one();
	rr_nodes_run(&rr_world, 3000 + 500); /* between two looks of the others */
	rr_nodes_crash(&rr_world, 0);
	for(died = rr_world.now; rr_world.holder[3] == 0 && rr_world.now < died + 2 * OVER_MS;)
		rr_nodes_run(&rr_world, 100);
	assert_in_range(rr_world.now - died, 1, RR_NODES_LEASE_MS + 300);
	rr_nodes_run(&rr_world, 500);
	assert_int_equal(rr_world.in_core[3], 1);
	assert_int_not_equal(rr_world.core[3][0].node, 0);
	assert_true(rr_nodes_state(&rr_world, rr_world.holder[3], 3) == WIMS_RANGEREG_REGISTERED);
	/* they do not, so it is taken out */
	rr_nodes_run(&rr_world, 3 * OVER_MS);
	assert_int_equal(rr_world.in_core[3], 0);
	assert_true(rr_nodes_state(&rr_world, 1, 3) == WIMS_RANGEREG_OFF);
	assert_true(rr_nodes_state(&rr_world, 2, 3) == WIMS_RANGEREG_OFF);
	assert_int_equal(rr_world.absent, 0);
}

static void who_has_no_wics_follows_a_clean_stop(void **state)
{
	(void)state;
	all_wics_at_one();
	rr_nodes_run(&rr_world, 1500);
	wims_rangereg_bequeath(rr_world.node[0].rr, rr_nodes_range(3));
	rr_nodes_stop(&rr_world, 0, true);
	rr_nodes_run(&rr_world, SOON_MS);
	assert_int_equal(rr_world.in_core[3], 1);
	assert_int_not_equal(rr_world.core[3][0].node, 0);
}

/* Whose last WIC has gone offers it: that nobody takes up who has none either. */
static void what_is_offered_is_not_followed(void **state)
{
	size_t registers;

	(void)state;
	all_wics_at_one();
	registers = rr_world.registers;
	members(0, 0);
	rr_nodes_run(&rr_world, 4 * OVER_MS);
	assert_int_equal(rr_world.in_core[3], 0);
	assert_int_equal(rr_world.registers, registers);
}

/* Nobody needs it while they are cut off, so it leaves the core. */
static void cut_off_with_wics(void)
{
	all_wics_at_one();
	rr_world.node[0].cut = true;
	rr_nodes_run(&rr_world, 6 * OVER_MS);
	assert_int_equal(rr_world.in_core[3], 0);
	assert_true(rr_world.node[0].good[3]);
	rr_world.node[0].cut = false;
	rr_world.lost = 0; /* others, who had no WIC */
}

/* What the core is asked about range 3; all others are granted. */
static struct rr_flight *asked(void)
{
	struct rr_flight *f;
	int n;

	rr_nodes_turn(&rr_world);
	for(n = 1; n < 3; n++)
		while((f = rr_nodes_first(&rr_world, n)) != NULL)
			rr_nodes_answer(&rr_world, f, 200, true);
	return rr_nodes_first(&rr_world, 3);
}

static void wics_stay_while_the_core_is_asked(void **state)
{
	struct rr_flight *f;

	(void)state;
	cut_off_with_wics();
	while((f = asked()) == NULL)
		rr_world.now += 100;
	/* whoever comes now waits as well, also behind an answer that says nothing */
	assert_true(rr_nodes_state(&rr_world, 0, 3) == WIMS_RANGEREG_PENDING);
	rr_nodes_answer(&rr_world, f, 503, false);
	rr_nodes_turn(&rr_world);
	assert_true(rr_nodes_state(&rr_world, 0, 3) == WIMS_RANGEREG_RETRY);
	assert_true(rr_world.node[0].good[3]);
	rr_nodes_run(&rr_world, 5000);
	assert_true(rr_nodes_state(&rr_world, 0, 3) == WIMS_RANGEREG_REGISTERED);
	assert_int_equal(rr_world.in_core[3], 1);
	assert_int_equal(rr_world.core[3][0].node, 0);
	assert_int_equal(rr_world.lost, 0);
	assert_int_equal(rr_world.absent, 0);
}

static void wics_end_when_the_core_says_no(void **state)
{
	struct rr_flight *f;
	int refused = 0;

	(void)state;
	cut_off_with_wics();
	for(; rr_world.lost == 0 && refused < 10; rr_world.now += 100)
		while((f = asked()) != NULL) {
			rr_nodes_answer(&rr_world, f, 403, false);
			refused++;
		}
	assert_int_equal(rr_world.lost, 1);
	assert_false(rr_world.node[0].good[3]);
	assert_int_equal(refused, 2); /* the second one with another Call-ID */
}

static void what_nobody_asks_for_any_more_is_not_registered(void **state)
{
	struct wims_rangereg_view v;

	(void)state;
	cut_off_with_wics();
	(void)asked();
	members(0, 0);
	for(; rr_world.lost == 0; rr_world.now += 100)
		(void)asked();
	assert_true(wims_rangereg_view(rr_world.node[0].rr, rr_nodes_range(3), rr_world.now, &v));
	assert_int_equal(v.state, WIMS_RANGEREG_OFF);
	assert_int_equal(v.expires, 0);
}

/* The core has ended it at the node that took over: WICs of all nodes are lost. */
static void wics_end_when_the_core_has_said_no(void **state)
{
	const struct wims_reginfo_news news = {.aor = WIMS_PL("sip:r3@ims.test"),
										   .state = WIMS_REGINFO_TERMINATED,
										   .contact_state = WIMS_REGINFO_NONE,
										   .event = WIMS_REGINFO_REJECTED,
										   .expires = -1,
										   .retry_after = -1};
	int next;

	(void)state;
	all_wics_at_one();
	rr_world.node[0].cut = true;
	rr_nodes_run(&rr_world, OVER_MS + SOON_MS);
	next = rr_world.holder[3];
	assert_int_not_equal(next, 0);
	wims_rangereg_news(rr_world.node[next].rr, &news, rr_world.now);
	rr_world.in_core[3] = 0;
	rr_nodes_run(&rr_world, SOON_MS);
	rr_nodes_stop(&rr_world, next, false);
	rr_nodes_crash(&rr_world, 3 - next);
	rr_nodes_run(&rr_world, OVER_MS); /* nobody has its lease any more */
	assert_true(rr_world.node[0].good[3]);
	rr_world.node[0].cut = false;
	rr_world.lost = 0;
	rr_nodes_run(&rr_world, SOON_MS);
	assert_int_equal(rr_world.lost, 1);
}

/* No answer at all: to the end of what the core has granted. */
static void wics_end_with_their_time(void **state)
{
	struct rr_flight *f;
	int64_t healed;

	(void)state;
	cut_off_with_wics();
	for(healed = rr_world.now; rr_world.lost == 0 && rr_world.now < healed + 2 * 3600 * 1000;
		rr_world.now += 1000)
		while((f = asked()) != NULL)
			rr_nodes_answer(&rr_world, f, 503, false);
	assert_in_range(rr_world.now - healed, 3500 * 1000, 3600 * 1000);
}

/* A node that was not the holder, and comes back to find nobody that is. */
static void wics_of_others_stay_as_well(void **state)
{
	(void)state;
	all_wics_at_one();
	rr_nodes_run(&rr_world, 1500);
	assert_int_equal(wims_rangereg_want(rr_world.node[1].rr, rr_nodes_range(3), rr_world.now, NULL),
					 WIMS_OK);
	members(1, 1);
	rr_world.node[1].cut = true;
	members(0, 0);
	rr_nodes_run(&rr_world, 6 * OVER_MS);
	assert_int_equal(rr_world.in_core[3], 0);
	rr_world.node[1].cut = false;
	rr_world.lost = 0;
	rr_nodes_run(&rr_world, 3 * SOON_MS);
	assert_int_equal(rr_world.in_core[3], 1);
	assert_int_equal(rr_world.core[3][0].node, 1);
	assert_true(rr_nodes_state(&rr_world, 1, 3) == WIMS_RANGEREG_REGISTERED);
	assert_int_equal(rr_world.lost, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rr_nodes_setup, rr_nodes_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			TEST(who_has_no_wics_follows),
			TEST(who_has_no_wics_follows_a_clean_stop),
			TEST(what_is_offered_is_not_followed),
			TEST(wics_stay_while_the_core_is_asked),
			TEST(wics_end_when_the_core_says_no),
			TEST(what_nobody_asks_for_any_more_is_not_registered),
			TEST(wics_end_when_the_core_has_said_no),
			TEST(wics_end_with_their_time),
			TEST(wics_of_others_stay_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
