/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow_help.h"

/* Bindings in a range: how many, how many contacts an IMPU has, in which order
 * REGISTERs count, and the end of a range. */

#define RANGE "sip:range1-!.*!@ims.test"
#define OTHER "sip:range2-!.*!@ims.test"

static struct wims_flows *fs;

static int setup(void **state)
{
	(void)state;
	fs = flow_new(&flow_limits);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	flow_free(fs);
	return 0;
}

static struct wims_binding_in in_range(uint64_t txn, uint32_t conn, const char *impu,
									   const char *device)
{
	struct wims_binding_in in = flow_register(txn, conn);

	in.subject = in.impi = in.impu = wims_pl_str(impu);
	in.instance = wims_pl_str(device);
	in.call_id = wims_pl_str(device);
	in.range = WIMS_PL(RANGE);
	return in;
}

static void registered(uint32_t conn, const char *impu, const char *device)
{
	struct wims_binding_in in = in_range(conn, conn, impu, device);

	flow_open(fs, conn, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	flow_check(fs);
}

static size_t count(const char *range)
{
	return wims_flows_in_range(fs, wims_pl_str(range));
}

static void counts(void **state)
{
	struct wims_binding_in in = in_range(10, 1, "a", "d1");

	(void)state;
	assert_int_equal(count(RANGE) + count("") + count(OTHER), 0);
	registered(1, "a", "d1");
	registered(2, "b", "d2");
	assert_int_equal(count(RANGE), 2);
	assert_int_equal(count(OTHER) + count(""), 0);
	/* a refresh counts once, and may be in another range */
	in.cseq++;
	flow_bind(fs, &in, 60000, 0, NULL);
	assert_int_equal(count(RANGE), 2);
	in.cseq++;
	in.range = WIMS_PL(OTHER);
	flow_bind(fs, &in, 60000, 0, NULL);
	assert_int_equal(count(RANGE), 1);
	assert_int_equal(count(OTHER), 1);
	assert_int_equal(flow_of_conn(fs, 1, 0), WIMS_OK);
	flow_assert_pl(flow_view.range, OTHER);
	/* lost: it keeps its place in its grace */
	wims_flow_lost(fs, 2, 0, WIMS_LOSS_CLOSED);
	assert_int_equal(count(RANGE), 1);
	assert_int_equal(flow_next(fs, 5000), WIMS_ACT_DEREG);
	flow_assert_pl(flow_action.binding.range, RANGE);
	assert_int_equal(count(RANGE), 0);
}

static bool reachable(const char *impu, int64_t now)
{
	return wims_impu_reachable(fs, wims_pl_str(impu), now);
}

/* In a range, live, and over a connection that takes requests. */
static void who_is_reachable(void **state)
{
	struct wims_binding_in in = in_range(10, 1, "a", "d1");

	(void)state;
	flow_open(fs, 1, 0);
	assert_false(reachable("a", 0));
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_false(reachable("a", 0));
	assert_int_equal(flow_commit(fs, 10, 60000, 0), WIMS_OK);
	assert_true(reachable("a", 0));
	assert_true(reachable("a", 59999));
	assert_false(reachable("a", 60000));
	assert_false(reachable("A", 0));
	assert_false(reachable("", 0));
	wims_flow_lost(fs, 1, 0, WIMS_LOSS_CLOSED);
	assert_false(reachable("a", 0));
	/* another contact of it is still there, until its connection closes */
	registered(2, "a", "d2");
	assert_true(reachable("a", 0));
	wims_flow_close(fs, 2, 0, 1000, WIMS_PL(""), false);
	assert_false(reachable("a", 0));
	/* registered in the core by itself: that goes by its flow token */
	in = in_range(11, 3, "b", "d3");
	in.range = WIMS_PL_NONE;
	flow_open(fs, 3, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	assert_false(reachable("b", 0));
}

/* One that is reserved, or given up, is not registered. */
static void only_registered(void **state)
{
	struct wims_binding_in in = in_range(10, 1, "a", "d1");

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(count(RANGE), 0);
	assert_int_equal(flow_commit(fs, 10, 60000, 0), WIMS_OK);
	assert_int_equal(count(RANGE), 1);
	wims_flow_close(fs, 1, 0, 1000, WIMS_PL(""), true);
	assert_int_equal(count(RANGE), 0);
	assert_int_equal(flow_next(fs, 0), WIMS_ACT_CLOSE);
	assert_int_equal(flow_next(fs, 0), WIMS_ACT_DEREG);
	flow_assert_pl(flow_action.binding.range, RANGE);
}

/* An IMPU has so many contacts, whoever brings one more. */
static void cap(void **state)
{
	struct wims_binding_in in = in_range(10, 3, "a", "d3");

	(void)state;
	registered(1, "a", "d1");
	registered(2, "a", "d2");
	flow_open(fs, 3, 0);
	assert_int_equal(flow_begin(fs, &in), WIMS_LIMIT_REACHED);
	assert_int_equal(flow_bindings(fs), 2);
	/* one that is there may be refreshed, on any connection, and removed */
	in = in_range(11, 3, "a", "d2");
	in.call_id = WIMS_PL("reload");
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(flow_commit(fs, 11, 60000, 0), WIMS_OK);
	in = in_range(12, 3, "a", "d3");
	assert_int_equal(flow_begin(fs, &in), WIMS_LIMIT_REACHED);
	/* one in its grace keeps its place, one that is given up does not */
	wims_flow_lost(fs, 1, 0, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_begin(fs, &in), WIMS_LIMIT_REACHED);
	assert_int_equal(flow_next(fs, 5000), WIMS_ACT_DEREG);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	wims_binding_abort(fs, 12, 0, false);
	wims_flow_close(fs, 3, 5000, 1000, WIMS_PL(""), true);
	flow_open(fs, 4, 5000);
	in.conn = 4;
	in.txn = 15;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	wims_binding_abort(fs, 15, 0, false);
	/* outside ranges nobody counts here: the core does */
	in.range = WIMS_PL_NONE;
	in.txn = 13;
	flow_bind(fs, &in, 60000, 5000, NULL);
	in.txn = 14;
	in.instance = WIMS_PL("d4");
	flow_bind(fs, &in, 60000, 5000, NULL);
	assert_int_equal(flow_bindings(fs), 3);
}

/* RFC 3261 10.3: of one client, the higher CSeq counts. */
static void order(void **state)
{
	struct wims_binding_in in = in_range(10, 1, "a", "d1");

	(void)state;
	registered(1, "a", "d1");
	assert_int_equal(flow_begin(fs, &in), WIMS_REGISTER_LATE);
	in.cseq--;
	assert_int_equal(flow_begin(fs, &in), WIMS_REGISTER_LATE);
	in.remove = true;
	assert_int_equal(flow_begin(fs, &in), WIMS_REGISTER_LATE);
	in.remove_all = true;
	assert_int_equal(flow_begin(fs, &in), WIMS_REGISTER_LATE);
	/* another device of the same client, IMPI and IMPU */
	in.remove_all = in.remove = false;
	in.instance = WIMS_PL("d2");
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	wims_binding_abort(fs, 10, 0, false);
	/* another client */
	in = in_range(11, 1, "a", "d1");
	in.cseq = 1;
	in.call_id = WIMS_PL("reload");
	flow_bind(fs, &in, 60000, 0, NULL);
	in.txn = 12;
	in.cseq = 2;
	in.remove_all = true;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(flow_commit(fs, 12, 0, 0), WIMS_OK);
	assert_int_equal(count(RANGE), 0);
	/* in scenarios 1 and 2 the core says so */
	in = flow_register(13, 1);
	in.impi = in.impu = in.subject = WIMS_PL("a");
	flow_bind(fs, &in, 60000, 0, NULL);
	in.txn = 14;
	flow_bind(fs, &in, 60000, 0, NULL);
}

/* Contact: * of one IMPI leaves what another one has under the same IMPU. */
static void star(void **state)
{
	struct wims_binding_in in = in_range(10, 3, "a", "d3");

	(void)state;
	registered(1, "a", "d1");
	registered(2, "a", "d2");
	assert_int_equal(flow_next(fs, 0), -1);
	flow_open(fs, 3, 0);
	in.remove_all = true;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(flow_commit(fs, 10, 0, 0), WIMS_OK);
	assert_int_equal(count(RANGE), 0);
	assert_int_equal(flow_next(fs, 0), WIMS_ACT_DEREG);
	flow_assert_pl(flow_action.binding.range, RANGE);
	assert_int_equal(flow_next(fs, 0), -1);
}

static void expect_close(uint32_t conn)
{
	assert_int_equal(flow_next(fs, 10), WIMS_ACT_CLOSE);
	assert_int_equal(flow_action.conn, conn);
	assert_int_equal(flow_action.close_code, 4430);
	assert_string_equal(flow_action.close_text, "flow_gone");
}

/* Ends in parts; what is registered elsewhere stays. */
static void end(void **state)
{
	struct wims_binding_in in = in_range(9, 4, "d", "d4");
	size_t ended = 0;

	(void)state;
	registered(1, "a", "d1");
	registered(2, "b", "d2");
	registered(3, "c", "d3");
	flow_open(fs, 4, 0);
	in.range = WIMS_PL(OTHER);
	flow_bind(fs, &in, 60000, 0, NULL);
	wims_flow_lost(fs, 3, 0, WIMS_LOSS_CLOSED);
	assert_true(wims_flows_end_range(fs, WIMS_PL(RANGE), 1, 10, WIMS_FLOW_GONE, &ended));
	flow_check(fs);
	assert_int_equal(ended, 1);
	assert_int_equal(count(RANGE), 2);
	assert_false(wims_flows_end_range(fs, WIMS_PL(RANGE), 2, 10, WIMS_FLOW_GONE, &ended));
	assert_int_equal(ended, 3);
	assert_int_equal(count(RANGE), 0);
	assert_false(wims_flows_end_range(fs, WIMS_PL(RANGE), 2, 10, WIMS_FLOW_GONE, &ended));
	assert_false(wims_flows_end_range(fs, WIMS_PL_NONE, 2, 10, WIMS_FLOW_GONE, &ended));
	assert_int_equal(ended, 3);
	expect_close(1);
	assert_int_equal(flow_next(fs, 10), WIMS_ACT_DEREG);
	expect_close(2);
	assert_int_equal(flow_next(fs, 10), WIMS_ACT_DEREG);
	assert_int_equal(flow_next(fs, 10), WIMS_ACT_DEREG);
	assert_int_equal(flow_next(fs, 10), -1);
	assert_int_equal(flow_of_conn(fs, 4, 10), WIMS_OK);
}

/* All that is on the connection of one of them ends with it. */
static void end_takes_the_connection(void **state)
{
	struct wims_binding_in in = in_range(10, 1, "a", "d2");
	size_t ended = 0;

	(void)state;
	registered(1, "a", "d1");
	in.range = WIMS_PL_NONE;
	in.impu = WIMS_PL("sip:vip@ims.test");
	flow_bind(fs, &in, 60000, 0, NULL);
	assert_false(wims_flows_end_range(fs, WIMS_PL(RANGE), 1, 10, WIMS_FLOW_GONE, &ended));
	assert_int_equal(ended, 2);
	expect_close(1);
}

/* ---- all of them, in parts ---- */

static size_t met;
static uint32_t last_next;

static void meet(void *ctx, uint32_t next, const struct wims_binding_view *view)
{
	(void)ctx;
	assert_true(view->impu.l > 0);
	assert_true(next > last_next || next == 0);
	last_next = next;
	met++;
}

static size_t meet_all(size_t n)
{
	uint32_t from = 0;

	met = last_next = 0;
	while(wims_bindings_from(fs, &from, n, meet, NULL))
		assert_true(from >= last_next);
	return met;
}

static void walk(void **state)
{
	struct wims_binding_in in = in_range(20, 1, "z", "dz");
	uint32_t from = 0;
	char impu[2] = "a";
	uint32_t i;

	(void)state;
	assert_int_equal(meet_all(5), 0);
	for(i = 1; i <= 7; i++, impu[0]++)
		registered(i, impu, "d");
	assert_int_equal(meet_all(1), 7);
	assert_int_equal(meet_all(3), 7);
	assert_int_equal(meet_all(100), 7);
	/* not what is only reserved, nor what is given up; in its grace it is met */
	in.subject = in.impi = WIMS_PL("a");
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	wims_flow_close(fs, 2, 0, 1000, WIMS_PL(""), true);
	wims_flow_lost(fs, 3, 0, WIMS_LOSS_CLOSED);
	assert_int_equal(meet_all(1), 6);
	/* from the greatest hash on there is nothing */
	from = UINT32_MAX;
	met = 0;
	assert_false(wims_bindings_from(fs, &from, 5, meet, NULL));
	assert_int_equal(met, 0);
	wims_binding_abort(fs, 20, 0, false);
}

/* One alone, whatever else its connection has. */
static void drop(void **state)
{
	struct wims_binding_in in = in_range(10, 1, "a", "d1");
	char user[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	registered(1, "a", "d0");
	flow_bind(fs, &in, 60000, 0, user);
	wims_binding_drop(fs, wims_pl_str(user), 0);
	flow_check(fs);
	assert_int_equal(count(RANGE), 1);
	wims_binding_drop(fs, wims_pl_str(user), 0);
	wims_binding_drop(fs, WIMS_PL("nobody"), 0);
	assert_int_equal(flow_next(fs, 0), WIMS_ACT_DEREG);
	assert_string_equal(flow_action.binding.contact_user, user);
	assert_int_equal(flow_next(fs, 0), -1);
	assert_int_equal(flow_of_conn(fs, 1, 0), WIMS_OK);
}

static void too_long(void **state)
{
	static const char longer[WIMS_FLOW_RANGE_MAX + 1] = {0};
	struct wims_binding_in in = in_range(10, 1, "a", "d1");

	(void)state;
	flow_open(fs, 1, 0);
	in.range = (struct wims_pl){longer, WIMS_FLOW_RANGE_MAX + 1};
	assert_int_equal(flow_begin(fs, &in), WIMS_REQUEST_MALFORMED);
	in.range.l--;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	wims_binding_abort(fs, 10, 0, false);
	assert_int_equal(flow_bindings(fs), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
			TEST(counts),
			TEST(who_is_reachable),
			TEST(only_registered),
			TEST(cap),
			TEST(order),
			TEST(star),
			TEST(end),
			TEST(end_takes_the_connection),
			TEST(too_long),
			TEST(walk),
			TEST(drop),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
