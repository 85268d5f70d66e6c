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

static void members(int node, size_t n)
{
	w.node[node].members[3] = n;
	wims_rangereg_members(w.node[node].rr, rr_nodes_range(3), n, w.now);
}

/* All WICs of range 3 are at node 0, which registers it. */
static void all_wics_at_one(void)
{
	assert_int_equal(wims_rangereg_want(w.node[0].rr, rr_nodes_range(3), w.now, NULL),
					 WIMS_RANGE_PENDING);
	rr_nodes_run(&w, 1000);
	members(0, 1);
	assert_int_equal(w.in_core[3], 1);
	assert_int_equal(w.core[3][0].node, 0);
}

/* Nobody else wants it, but the WICs may come there. */
static void who_has_no_wics_follows(void **state)
{
	int64_t died;

	(void)state;
	all_wics_at_one();
	rr_nodes_run(&w, 3000 + 500); /* between two looks of the others */
	rr_nodes_crash(&w, 0);
	for(died = w.now; w.holder[3] == 0 && w.now < died + 2 * OVER_MS;)
		rr_nodes_run(&w, 100);
	assert_in_range(w.now - died, 1, RR_NODES_LEASE_MS + 300);
	rr_nodes_run(&w, 500);
	assert_int_equal(w.in_core[3], 1);
	assert_int_not_equal(w.core[3][0].node, 0);
	assert_true(rr_nodes_state(&w, w.holder[3], 3) == WIMS_RANGEREG_REGISTERED);
	/* they do not, so it is taken out */
	rr_nodes_run(&w, 3 * OVER_MS);
	assert_int_equal(w.in_core[3], 0);
	assert_true(rr_nodes_state(&w, 1, 3) == WIMS_RANGEREG_OFF);
	assert_true(rr_nodes_state(&w, 2, 3) == WIMS_RANGEREG_OFF);
	assert_int_equal(w.absent, 0);
}

static void who_has_no_wics_follows_a_clean_stop(void **state)
{
	(void)state;
	all_wics_at_one();
	rr_nodes_run(&w, 1500);
	wims_rangereg_bequeath(w.node[0].rr, rr_nodes_range(3));
	rr_nodes_stop(&w, 0, true);
	rr_nodes_run(&w, SOON_MS);
	assert_int_equal(w.in_core[3], 1);
	assert_int_not_equal(w.core[3][0].node, 0);
}

/* Whose last WIC has gone offers it: that nobody takes up who has none either. */
static void what_is_offered_is_not_followed(void **state)
{
	size_t registers;

	(void)state;
	all_wics_at_one();
	registers = w.registers;
	members(0, 0);
	rr_nodes_run(&w, 4 * OVER_MS);
	assert_int_equal(w.in_core[3], 0);
	assert_int_equal(w.registers, registers);
}

/* Nobody needs it while they are cut off, so it leaves the core. */
static void cut_off_with_wics(void)
{
	all_wics_at_one();
	w.node[0].cut = true;
	rr_nodes_run(&w, 6 * OVER_MS);
	assert_int_equal(w.in_core[3], 0);
	assert_true(w.node[0].good[3]);
	w.node[0].cut = false;
	w.lost = 0; /* others, who had no WIC */
}

/* What the core is asked about range 3; all others are granted. */
static struct rr_flight *asked(void)
{
	struct rr_flight *f;
	int n;

	rr_nodes_turn(&w);
	for(n = 1; n < 3; n++)
		while((f = rr_nodes_first(&w, n)) != NULL)
			rr_nodes_answer(&w, f, 200, true);
	return rr_nodes_first(&w, 3);
}

static void wics_stay_while_the_core_is_asked(void **state)
{
	struct rr_flight *f;

	(void)state;
	cut_off_with_wics();
	while((f = asked()) == NULL)
		w.now += 100;
	/* whoever comes now waits as well, also behind an answer that says nothing */
	assert_true(rr_nodes_state(&w, 0, 3) == WIMS_RANGEREG_PENDING);
	rr_nodes_answer(&w, f, 503, false);
	rr_nodes_turn(&w);
	assert_true(rr_nodes_state(&w, 0, 3) == WIMS_RANGEREG_RETRY);
	assert_true(w.node[0].good[3]);
	rr_nodes_run(&w, 5000);
	assert_true(rr_nodes_state(&w, 0, 3) == WIMS_RANGEREG_REGISTERED);
	assert_int_equal(w.in_core[3], 1);
	assert_int_equal(w.core[3][0].node, 0);
	assert_int_equal(w.lost, 0);
	assert_int_equal(w.absent, 0);
}

static void wics_end_when_the_core_says_no(void **state)
{
	struct rr_flight *f;
	int refused = 0;

	(void)state;
	cut_off_with_wics();
	for(; w.lost == 0 && refused < 10; w.now += 100)
		while((f = asked()) != NULL) {
			rr_nodes_answer(&w, f, 403, false);
			refused++;
		}
	assert_int_equal(w.lost, 1);
	assert_false(w.node[0].good[3]);
	assert_int_equal(refused, 2); /* the second one with another Call-ID */
}

static void what_nobody_asks_for_any_more_is_not_registered(void **state)
{
	struct wims_rangereg_view v;

	(void)state;
	cut_off_with_wics();
	(void)asked();
	members(0, 0);
	for(; w.lost == 0; w.now += 100)
		(void)asked();
	assert_true(wims_rangereg_view(w.node[0].rr, rr_nodes_range(3), w.now, &v));
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
	w.node[0].cut = true;
	rr_nodes_run(&w, OVER_MS + SOON_MS);
	next = w.holder[3];
	assert_int_not_equal(next, 0);
	wims_rangereg_news(w.node[next].rr, &news, w.now);
	w.in_core[3] = 0;
	rr_nodes_run(&w, SOON_MS);
	rr_nodes_stop(&w, next, false);
	rr_nodes_crash(&w, 3 - next);
	rr_nodes_run(&w, OVER_MS); /* nobody has its lease any more */
	assert_true(w.node[0].good[3]);
	w.node[0].cut = false;
	w.lost = 0;
	rr_nodes_run(&w, SOON_MS);
	assert_int_equal(w.lost, 1);
}

/* No answer at all: to the end of what the core has granted. */
static void wics_end_with_their_time(void **state)
{
	struct rr_flight *f;
	int64_t healed;

	(void)state;
	cut_off_with_wics();
	for(healed = w.now; w.lost == 0 && w.now < healed + 2 * 3600 * 1000; w.now += 1000)
		while((f = asked()) != NULL)
			rr_nodes_answer(&w, f, 503, false);
	assert_in_range(w.now - healed, 3500 * 1000, 3600 * 1000);
}

/* A node that was not the holder, and comes back to find nobody that is. */
static void wics_of_others_stay_as_well(void **state)
{
	(void)state;
	all_wics_at_one();
	rr_nodes_run(&w, 1500);
	assert_int_equal(wims_rangereg_want(w.node[1].rr, rr_nodes_range(3), w.now, NULL), WIMS_OK);
	members(1, 1);
	w.node[1].cut = true;
	members(0, 0);
	rr_nodes_run(&w, 6 * OVER_MS);
	assert_int_equal(w.in_core[3], 0);
	w.node[1].cut = false;
	w.lost = 0;
	rr_nodes_run(&w, 3 * SOON_MS);
	assert_int_equal(w.in_core[3], 1);
	assert_int_equal(w.core[3][0].node, 1);
	assert_true(rr_nodes_state(&w, 1, 3) == WIMS_RANGEREG_REGISTERED);
	assert_int_equal(w.lost, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open, close)

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
