/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow/wims_flow_rate.h"
#include "flow_help.h"

static const struct wims_pace pace = {100000, 5}; /* 10 a second */

static unsigned send(struct wims_flows *fs, uint32_t conn, unsigned n, int64_t now,
					 enum wims_reason want)
{
	unsigned got = 0;

	while(n-- > 0)
		got += wims_flow_count(fs, conn, &pace, now) == want;
	return got;
}

static void refuses_then_floods(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	assert_int_equal(send(fs, 1, 5, 1000, WIMS_OK), 5);
	assert_int_equal(send(fs, 1, 5, 1000, WIMS_RATE_EXCEEDED), 5);
	assert_int_equal(send(fs, 1, 5, 1000, WIMS_RATE_FLOODED), 5);
	/* that is its own affair */
	assert_int_equal(send(fs, 2, 5, 1000, WIMS_OK), 5);
	/* and over with time */
	assert_int_equal(send(fs, 1, 1, 1100, WIMS_OK), 1);
	assert_int_equal(send(fs, 1, 1, 1100, WIMS_RATE_EXCEEDED), 1);
	assert_int_equal(send(fs, 1, 5, 9000, WIMS_OK), 5);
	flow_free(fs);
}

/* Somewhat too fast for ever: every second request is served, and that is all. */
static void twice_the_pace_is_no_flood(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	unsigned served = 0;
	int64_t now;

	(void)state;
	flow_open(fs, 1, 0);
	for(now = 1000; now < 101000; now += 50) {
		enum wims_reason r = wims_flow_count(fs, 1, &pace, now);

		assert_int_not_equal(r, WIMS_RATE_FLOODED);
		served += r == WIMS_OK;
	}
	assert_in_range(served, 1000, 1010);
	flow_free(fs);
}

/* Answers before all: counted apart from requests, and with nobody to answer. */
static void messages(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(2, WIMS_PL("c1"));
	uint64_t id;
	int i;

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	for(i = 0; i < 5; i++)
		assert_false(wims_flow_flooded(fs, 1, &pace, 1000));
	assert_int_equal(send(fs, 1, 5, 1000, WIMS_OK), 5);
	assert_true(wims_flow_flooded(fs, 1, &pace, 1000));
	assert_false(wims_flow_flooded(fs, 1, &pace, 1100));
	assert_true(wims_flow_flooded(fs, 1, &pace, 1100));
	wims_flow_close(fs, 1, 1100, 4503, WIMS_PL("x"), false);
	assert_false(wims_flow_flooded(fs, 1, &pace, 1100));
	assert_false(wims_flow_flooded(fs, 3, &pace, 1100));
	in.emergency = true;
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	for(i = 0; i < 5 + 5 * WIMS_BEYOND; i++)
		assert_false(wims_flow_flooded(fs, 2, &pace, 1000));
	assert_true(wims_flow_flooded(fs, 2, &pace, 1000));
	flow_free(fs);
}

static void urgent(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	unsigned i;

	(void)state;
	assert_int_equal(wims_flow_count_urgent(fs, 1, false, 0), WIMS_FLOW_UNKNOWN);
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	send(fs, 1, 15, 1000, WIMS_OK); /* has nothing to do with it */
	for(i = 0; i < WIMS_URGENT_BURST; i++)
		assert_int_equal(wims_flow_count_urgent(fs, 1, false, 1000), WIMS_OK);
	assert_int_equal(wims_flow_count_urgent(fs, 1, false, 1000), WIMS_RATE_EXCEEDED);
	assert_int_equal(wims_flow_count_urgent(fs, 2, false, 1000), WIMS_OK);
	assert_int_equal(wims_flow_count_urgent(fs, 1, false, 1000 + WIMS_URGENT_EACH_MS), WIMS_OK);
	assert_int_equal(wims_flow_count_urgent(fs, 1, false, 1000 + WIMS_URGENT_EACH_MS),
					 WIMS_RATE_EXCEEDED);
	/* what belongs to a call that is there has a pace of its own */
	for(i = 0; i < WIMS_HELPED_BURST; i++)
		assert_int_equal(wims_flow_count_urgent(fs, 1, true, 1000), WIMS_OK);
	assert_int_equal(wims_flow_count_urgent(fs, 1, true, 1000), WIMS_RATE_EXCEEDED);
	assert_int_equal(wims_flow_count_urgent(fs, 1, true, 1000 + WIMS_HELPED_EACH_MS), WIMS_OK);
	wims_flow_close(fs, 1, 0, 4000, WIMS_PL("x"), false);
	assert_int_equal(wims_flow_count_urgent(fs, 1, false, 9000), WIMS_FLOW_CLOSING);
	flow_free(fs);
}

static bool closes(struct wims_flows *fs, int64_t now)
{
	struct wims_action a;

	return wims_flows_next_action(fs, now, &a) && a.kind == WIMS_ACT_CLOSE;
}

/* Who waits for this node is not idle, for a while. */
static void patience(void **state)
{
	struct wims_flow_limits limits = flow_limits;
	struct wims_flows *fs;
	int64_t now = 0;
	int i;

	(void)state;
	limits.unregistered_ms = 10000;
	fs = flow_new(&limits);
	flow_open(fs, 1, 0);
	wims_flow_patience(fs, 9, 5000, 0);
	for(i = 0; i < WIMS_PATIENCE_MAX; i++) {
		now += 9000;
		wims_flow_patience(fs, 1, 5000, now);
		wims_flow_patience(fs, 1, 4000, now); /* in that already */
		assert_false(closes(fs, now + 14999));
	}
	now += 9000;
	wims_flow_patience(fs, 1, 5000, now);
	assert_false(closes(fs, now + 5999));
	assert_true(closes(fs, now + 6000));
	flow_free(fs);
}

static void only_open_connections(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);

	(void)state;
	assert_int_equal(wims_flow_count(fs, 1, &pace, 0), WIMS_FLOW_UNKNOWN);
	flow_open(fs, 1, 0);
	wims_flow_close(fs, 1, 0, 4000, WIMS_PL("x"), false);
	assert_int_equal(wims_flow_count(fs, 1, &pace, 0), WIMS_FLOW_CLOSING);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(refuses_then_floods),
			cmocka_unit_test(twice_the_pace_is_no_flood),
			cmocka_unit_test(only_open_connections),
			cmocka_unit_test(patience),
			cmocka_unit_test(messages),
			cmocka_unit_test(urgent),
	};

	return cmocka_run_group_tests_name("flow_rate", tests, NULL, NULL);
}
