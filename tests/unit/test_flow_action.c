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

#include "flow_help.h"

/* What time and loss start, in which order. */

static void order_of_due_times(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	static const int64_t granted[] = {30000, 10000, 20000, 40000, 10000};
	static const uint64_t want[] = {2, 5, 3, 1, 4};
	size_t i;

	(void)state;
	for(i = 0; i < 5; i++) {
		struct wims_binding_in in = flow_register(i + 1, (uint32_t)i + 1);
		char instance[] = "urn:uuid:1";

		instance[9] = (char)('1' + i);
		in.instance = wims_pl_str(instance);
		in.cseq = (uint32_t)i + 1;
		flow_open(fs, (uint32_t)i + 1, 0);
		flow_bind(fs, &in, granted[i], 0, NULL);
	}
	assert_int_equal(flow_next(fs, 9999), -1);
	for(i = 0; i < 5; i++) {
		assert_int_equal(flow_next(fs, 40000), WIMS_ACT_DEREG);
		assert_int_equal(flow_action.binding.cseq, want[i]);
		assert_int_equal(flow_action.conn, want[i]);
	}
	assert_int_equal(flow_next(fs, 1000000), -1);
	flow_free(fs);
}

/* A registration that ends within the grace of its connection is not kept
 * longer by it. */
static void grace_ends_with_the_time(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 3000, 0, NULL);
	wims_flow_lost(fs, 1, 1000, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 2999), -1);
	assert_int_equal(flow_next(fs, 3000), WIMS_ACT_DEREG);
	assert_int_equal(flow_action.conn, 0);
	flow_free(fs);
}

/* BYE first: after the de-REGISTER the core would refuse it. */
static void calls_before_bindings(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_conn_in conn = flow_conn(1);
	const struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	conn.dereg_grace = 0;
	assert_int_equal(wims_flow_open(fs, &conn, 0), WIMS_OK);
	flow_bind(fs, &in, 60000, 0, NULL);
	(void)flow_call(fs, 1, WIMS_PL("c1"));
	wims_flow_lost(fs, 1, 1000, WIMS_LOSS_CLOSED);
	flow_check(fs);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_BYE);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_DEREG);
	assert_int_equal(flow_next(fs, 1000), -1);
	flow_free(fs);
}

static void dialog_graces(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_flow_counts n;

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	(void)flow_call(fs, 1, WIMS_PL("c1"));
	(void)flow_call(fs, 2, WIMS_PL("c2"));
	wims_flow_lost(fs, 1, 1000, WIMS_LOSS_SILENT);
	wims_flow_lost(fs, 2, 1000, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.call_id, "c2");
	wims_flow_counts(fs, &n);
	assert_int_equal(n.calls, 1);
	assert_int_equal(flow_next(fs, 10999), -1);
	assert_int_equal(flow_next(fs, 11000), WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.call_id, "c1");
	flow_free(fs);
}

static void expect_give_up(struct wims_flows *fs, int64_t now, uint64_t txn)
{
	assert_int_equal(flow_next(fs, now), WIMS_ACT_GIVE_UP);
	assert_int_equal(flow_action.txn, txn);
	assert_int_equal(flow_action.conn, 1);
}

/* Subscriptions go without a word. An early call stays for an answer that is on its
 * way. */
static void only_confirmed_invites(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	const struct wims_call_news yes = {.confirmed = true};
	struct wims_flow_counts n;
	uint64_t early, subscription;

	(void)state;
	flow_open(fs, 1, 0);
	in.txn = 71;
	assert_int_equal(wims_call_open(fs, &in, 0, &early), WIMS_OK);
	in.call_id = WIMS_PL("c2");
	in.kind = WIMS_CALL_SUBSCRIPTION;
	assert_int_equal(wims_call_open(fs, &in, 0, &subscription), WIMS_OK);
	assert_int_equal(wims_call_learn(fs, subscription, &yes), WIMS_OK);
	wims_flow_lost(fs, 1, 1000, WIMS_LOSS_CLOSED);
	expect_give_up(fs, 1000, 71);
	assert_int_equal(flow_next(fs, 1000), -1);
	flow_check(fs);
	wims_flow_counts(fs, &n);
	assert_int_equal(n.calls, 1);
	wims_call_settle(fs, early, 71);
	wims_flow_counts(fs, &n);
	assert_int_equal(n.calls, 0);
	flow_free(fs);
}

/* Each transaction that may still answer, and no other; whatever the grace. */
static void given_up_by_transaction(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	struct wims_flow_counts n;
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	for(in.txn = 1; in.txn <= 3; in.txn++)
		assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	wims_call_settle(fs, id, 2);
	wims_flow_lost(fs, 1, 1000, WIMS_LOSS_SILENT);
	expect_give_up(fs, 1000, 1);
	expect_give_up(fs, 1000, 3);
	assert_int_equal(flow_next(fs, 100000), -1);
	flow_check(fs);
	wims_call_settle(fs, id, 3);
	wims_call_settle(fs, id, 1);
	wims_flow_counts(fs, &n);
	assert_int_equal(n.calls, 0);
	flow_free(fs);
}

/* Of two that ring, one answers when the caller is lost already: that one gets its
 * BYE at once, and nothing is left of the other. */
static void forked_and_given_up(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	struct wims_call_news news = {.confirmed = false};
	struct wims_flow_counts n;
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "a", &news), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "b", &news), WIMS_OK);
	wims_flow_lost(fs, 1, 1000, WIMS_LOSS_SILENT);
	expect_give_up(fs, 1000, in.txn);
	assert_int_equal(flow_next(fs, 1000), -1);
	news.confirmed = true;
	assert_int_equal(flow_answered(fs, &in, "b", &news), WIMS_OK);
	flow_check(fs);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.core_tag, "b");
	wims_call_settle(fs, id, in.txn);
	wims_flow_counts(fs, &n);
	assert_int_equal(n.calls, 0);
	flow_free(fs);
}

/* It was answered, one that rings beside it is lost with it: the BYE takes both. */
static void answered_beside_early(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	struct wims_call_news news = {.confirmed = true};
	struct wims_flow_counts n;
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "a", &news), WIMS_OK);
	news.confirmed = false;
	assert_int_equal(flow_answered(fs, &in, "b", &news), WIMS_OK);
	wims_flow_lost(fs, 1, 1000, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_BYE);
	assert_int_equal(flow_next(fs, 1000), -1);
	flow_check(fs);
	wims_flow_counts(fs, &n);
	assert_int_equal(n.calls, 0);
	flow_free(fs);
}

/* The answer comes all the same: then there is somebody to say BYE to, at once. */
static void answered_in_the_grace(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	const struct wims_call_news yes = {.confirmed = true}, no = {.confirmed = false};
	uint64_t id;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	wims_flow_lost(fs, 1, 1000, WIMS_LOSS_SILENT);
	expect_give_up(fs, 1000, 0);
	assert_int_equal(flow_answered(fs, &in, "ct", &yes), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "other", &yes), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "rings", &no), WIMS_OK);
	flow_check(fs);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.core_tag, "ct");
	flow_check(fs);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.core_tag, "other");
	assert_int_equal(flow_next(fs, 1000), -1);
	wims_call_settle(fs, id, 0);
	flow_check(fs);
	/* and a BYE of the core in the grace ends it */
	flow_open(fs, 2, 11000);
	id = flow_call(fs, 2, WIMS_PL("c1"));
	wims_flow_lost(fs, 2, 11000, WIMS_LOSS_SILENT);
	wims_call_end(fs, id);
	assert_int_equal(flow_next(fs, 100000), -1);
	flow_free(fs);
}

/* Another WIC's connection does not inherit calls; a closing one keeps its own
 * until it is lost. */
static void calls_stay_with_their_connection(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	(void)flow_call(fs, 1, WIMS_PL("c1"));
	in.txn = 2;
	in.conn = 2;
	in.instance = WIMS_PL("urn:uuid:2");
	flow_bind(fs, &in, 60000, 0, NULL);
	wims_flow_close(fs, 1, 1000, 1000, WIMS_PL_NONE, false);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_CLOSE);
	assert_int_equal(flow_next(fs, 1000), -1);
	wims_flow_lost(fs, 1, 1100, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 1100), WIMS_ACT_BYE);
	assert_int_equal(flow_next(fs, 6099), -1);
	flow_free(fs);
}

static void nothing_is_due(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);

	(void)state;
	flow_action.conn = 5;
	assert_int_equal(flow_next(fs, INT64_MAX), -1);
	assert_int_equal(flow_action.conn, 0);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(order_of_due_times),
			cmocka_unit_test(grace_ends_with_the_time),
			cmocka_unit_test(calls_before_bindings),
			cmocka_unit_test(dialog_graces),
			cmocka_unit_test(only_confirmed_invites),
			cmocka_unit_test(given_up_by_transaction),
			cmocka_unit_test(forked_and_given_up),
			cmocka_unit_test(answered_beside_early),
			cmocka_unit_test(answered_in_the_grace),
			cmocka_unit_test(calls_stay_with_their_connection),
			cmocka_unit_test(nothing_is_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
