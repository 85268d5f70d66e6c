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

/* A binding that moves from one connection to another, and transactions that
 * overlap with that. */

static void moves_at_commit_only(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	char user[WIMS_CONTACT_USER_LEN + 1], again[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	flow_bind(fs, &in, 60000, 0, user);
	in.txn = 2;
	in.conn = 2;
	assert_int_equal(wims_binding_begin(fs, &in, 5, again), WIMS_OK);
	assert_string_equal(user, again);
	assert_int_equal(flow_of_conn(fs, 1, 5), WIMS_OK);
	assert_int_equal(flow_of_conn(fs, 2, 5), WIMS_NOT_REGISTERED);
	assert_int_equal(flow_commit(fs, 2, 60000, 9), WIMS_OK);
	assert_int_equal(flow_of_conn(fs, 1, 9), WIMS_NOT_REGISTERED);
	assert_int_equal(flow_of_conn(fs, 2, 9), WIMS_OK);
	/* the old connection no longer takes it along when it goes */
	wims_flow_lost(fs, 1, 20, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 60000), -1);
	flow_free(fs);
}

static void last_commit_wins(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	char one[WIMS_CONTACT_USER_LEN + 1], two[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_binding_begin(fs, &in, 0, one), WIMS_OK);
	in.txn = 2;
	in.cseq = 8;
	assert_int_equal(wims_binding_begin(fs, &in, 0, two), WIMS_OK);
	assert_string_equal(one, two);
	assert_int_equal(flow_commit(fs, 2, 60000, 1), WIMS_OK);
	assert_int_equal(flow_commit(fs, 1, 30000, 2), WIMS_OK);
	assert_int_equal(flow_of_conn(fs, 1, 2), WIMS_OK);
	assert_int_equal(flow_view.cseq, 7);
	assert_int_equal(flow_view.expires, 30002);
	assert_int_equal(flow_bindings(fs), 1);
	flow_free(fs);
}

/* A connection goes while its REGISTER is on the way. */
static void lost_meanwhile(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	char user[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_binding_begin(fs, &in, 0, user), WIMS_OK);
	wims_flow_lost(fs, 1, 100, WIMS_LOSS_CLOSED);
	flow_check(fs);
	assert_int_equal(flow_commit(fs, 1, 60000, 1000), WIMS_FLOW_GONE);
	assert_int_equal(flow_bindings(fs), 1);
	assert_int_equal(flow_next(fs, 5999), -1);
	assert_int_equal(flow_next(fs, 6000), WIMS_ACT_DEREG);
	assert_string_equal(flow_action.binding.contact_user, user);
	/* closing counts as gone; with its bindings dropped there is no grace */
	flow_open(fs, 2, 0);
	in = flow_register(2, 2);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	wims_flow_close(fs, 2, 7000, 1008, WIMS_PL("bye"), true);
	assert_int_equal(flow_commit(fs, 2, 60000, 7001), WIMS_FLOW_GONE);
	assert_int_equal(flow_next(fs, 7001), WIMS_ACT_CLOSE);
	assert_int_equal(flow_next(fs, 7001), WIMS_ACT_DEREG);
	flow_free(fs);
}

/* The page was loaded twice; the answer to the first REGISTER comes last and
 * takes nothing away from the connection that lives. */
static void gone_takes_nothing_away(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	wims_flow_lost(fs, 1, 5, WIMS_LOSS_CLOSED);
	in = flow_register(2, 2);
	flow_bind(fs, &in, 60000, 10, NULL);
	assert_int_equal(flow_commit(fs, 1, 60000, 20), WIMS_FLOW_GONE);
	assert_int_equal(flow_of_conn(fs, 2, 20), WIMS_OK);
	assert_int_equal(flow_next(fs, 60009), -1);
	flow_free(fs);
}

static void held_off_while_open(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	wims_flow_lost(fs, 1, 1000, WIMS_LOSS_CLOSED);
	flow_open(fs, 2, 2000);
	in = flow_register(2, 2);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(flow_next(fs, 30000), -1);
	wims_binding_abort(fs, 2, 30000, false);
	flow_check(fs);
	assert_int_equal(flow_next(fs, 30000), WIMS_ACT_DEREG);
	assert_int_equal(flow_next(fs, 30000), -1);
	flow_free(fs);
}

static void reloads(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	char first[WIMS_CONTACT_USER_LEN + 1], user[WIMS_CONTACT_USER_LEN + 1];
	uint32_t i;

	(void)state;
	for(i = 1; i <= 100; i++) {
		const struct wims_binding_in in = flow_register(i, i);
		int64_t now = i * 1000;

		flow_open(fs, i, now);
		flow_bind(fs, &in, 60000, now + 100, i == 1 ? first : user);
		assert_int_equal(flow_bindings(fs), 1);
		assert_int_equal(flow_next(fs, now + 200), -1);
		if(i < 100)
			wims_flow_lost(fs, i, now + 300, WIMS_LOSS_CLOSED);
		assert_int_equal(flow_next(fs, now + 900), -1);
	}
	assert_string_equal(first, user);
	assert_int_equal(flow_of_conn(fs, 100, 101000), WIMS_OK);
	assert_string_equal(flow_view.contact_user, first);
	flow_free(fs);
}

static bool stuck(void *buf, size_t n)
{
	memset(buf, 7, n);
	return true;
}

/* A generator that repeats itself names nothing. */
static void stuck_generator(void **state)
{
	struct wims_flows *fs;
	struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	flow_memory = (struct flow_memory){0};
	fs = wims_flows_new(&flow_env, &flow_limits, stuck);
	assert_non_null(fs);
	flow_open(fs, 1, 0);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	in = flow_register(2, 1);
	in.instance = WIMS_PL("urn:uuid:2");
	assert_int_equal(flow_begin(fs, &in), WIMS_CRYPTO_FAILED);
	flow_free(fs);
}

/* A name that was taken out is never given again. */
static void names_are_used_once(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	char old[WIMS_CONTACT_USER_LEN + 1], user[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 1000, 0, old);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_DEREG);
	in.txn = 2;
	flow_bind(fs, &in, 1000, 1001, user);
	assert_string_not_equal(old, user);
	flow_random_works = false;
	in = flow_register(3, 1);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK); /* needs no new name */
	in = flow_register(4, 1);
	in.instance = WIMS_PL("urn:uuid:2");
	assert_int_equal(flow_begin(fs, &in), WIMS_CRYPTO_FAILED);
	flow_random_works = true;
	flow_free(fs);
}

/* Whoever has to commit or abort died: the transaction ends by itself. */
static void forgotten_transaction(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(flow_next(fs, WIMS_TXN_MAX_MS - 1), -1);
	assert_int_equal(flow_next(fs, WIMS_TXN_MAX_MS), WIMS_ACT_DEREG);
	assert_int_equal(flow_commit(fs, 1, 60000, WIMS_TXN_MAX_MS), WIMS_INTERNAL);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(moves_at_commit_only),  cmocka_unit_test(last_commit_wins),
			cmocka_unit_test(lost_meanwhile),        cmocka_unit_test(gone_takes_nothing_away),
			cmocka_unit_test(held_off_while_open),   cmocka_unit_test(reloads),
			cmocka_unit_test(names_are_used_once),   cmocka_unit_test(stuck_generator),
			cmocka_unit_test(forgotten_transaction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
