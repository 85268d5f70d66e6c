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

/* What the core says of a registration: it has ended, or will do so sooner. */

enum
{
	GRACE = 5000,
	GRANTED = 60000
};

#define TEXT WIMS_PL("registration_probation retry-after=30")

static struct wims_flows *registered(char user[WIMS_CONTACT_USER_LEN + 1])
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in in = flow_register(1, 1);

	flow_open(fs, 1, 0);
	flow_bind(fs, &in, GRANTED, 0, user);
	return fs;
}

static bool ended(struct wims_flows *fs, const char *user, enum wims_reason why, int64_t now)
{
	bool there = wims_binding_ended(fs, wims_pl_str(user), why, TEXT, now);

	flow_check(fs);
	return there;
}

static bool shortened(struct wims_flows *fs, const char *user, int64_t left, int64_t now)
{
	bool there = wims_binding_shorten(fs, wims_pl_str(user), left, now);

	flow_check(fs);
	return there;
}

/* No de-REGISTER, a BYE for its call, and the connection is closed with that text. */
static void ends_without_a_word_to_the_core(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = registered(user);

	(void)state;
	flow_call(fs, 1, WIMS_PL("call-1"));
	assert_true(ended(fs, user, WIMS_REGISTRATION_PROBATION, 10));
	assert_int_equal(flow_bindings(fs), 0);
	assert_int_equal(flow_next(fs, 10), WIMS_ACT_BYE);
	assert_int_equal(flow_next(fs, 10), WIMS_ACT_CLOSE);
	assert_int_equal(flow_action.close_code, 4503);
	assert_string_equal(flow_action.close_text, TEXT.p);
	assert_int_equal(flow_next(fs, 10), -1);
	assert_false(ended(fs, user, WIMS_REGISTRATION_ENDED, 11));
	flow_free(fs);
}

static void others_of_the_connection_stay(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = registered(user);
	struct wims_binding_in in = flow_register(2, 1);

	(void)state;
	in.impu = WIMS_PL("sip:alice-2@ims.test");
	flow_bind(fs, &in, GRANTED, 0, NULL);
	assert_true(ended(fs, user, WIMS_REGISTRATION_ENDED, 10));
	assert_int_equal(flow_bindings(fs), 1);
	assert_int_equal(flow_next(fs, 10), -1);
	assert_int_equal(flow_of_conn(fs, 1, 10), WIMS_OK);
	flow_free(fs);
}

static void a_lost_one_ends_too(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = registered(user);

	(void)state;
	wims_flow_lost(fs, 1, 5, WIMS_LOSS_CLOSED);
	assert_true(ended(fs, user, WIMS_REGISTRATION_ENDED, 10));
	assert_int_equal(flow_next(fs, 5 + GRACE), -1);
	flow_free(fs);
}

/* A REGISTER under way says more than the news; what is in a range is not the core's. */
static void what_the_news_do_not_touch(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = registered(user);
	struct wims_binding_in in = flow_register(2, 1);

	(void)state;
	assert_false(ended(fs, "0123456789abcdef01234567", WIMS_REGISTRATION_ENDED, 1));
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_false(ended(fs, user, WIMS_REGISTRATION_ENDED, 1));
	assert_false(shortened(fs, user, 10, 1));
	assert_int_equal(flow_commit(fs, 2, GRANTED, 2), WIMS_OK);
	in = flow_register(3, 1);
	in.impu = WIMS_PL("sip:r-1@ims.test");
	in.range = WIMS_PL("sip:r-!.*!@ims.test");
	flow_bind(fs, &in, GRANTED, 0, user);
	assert_false(ended(fs, user, WIMS_REGISTRATION_ENDED, 3));
	assert_false(shortened(fs, user, 10, 3));
	assert_int_equal(flow_bindings(fs), 2);
	flow_free(fs);
}

/* Nothing comes of a REGISTER that was challenged, though its transaction is still there. */
static void a_challenge_holds_nothing_up(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = registered(user);
	struct wims_binding_in in = flow_register(2, 1);

	(void)state;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	wims_binding_challenged(fs, 3);
	assert_false(ended(fs, user, WIMS_REGISTRATION_ENDED, 1));
	wims_binding_challenged(fs, 2);
	assert_true(ended(fs, user, WIMS_REGISTRATION_ENDED, 1));
	assert_int_equal(flow_next(fs, 1), WIMS_ACT_CLOSE);
	wims_binding_abort(fs, 2, 2, false);
	assert_int_equal(flow_bindings(fs), 0);
	flow_free(fs);
}

/* At half of the time its WIC is made to come back; it has the rest of it, or its grace. */
static void shortened_closes_at_half(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1], again[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = registered(user);
	const struct wims_binding_in in = flow_register(2, 2);

	(void)state;
	assert_true(shortened(fs, user, 20000, 0));
	assert_int_equal(flow_next(fs, 9999), -1);
	assert_int_equal(flow_next(fs, 10000), WIMS_ACT_CLOSE);
	assert_int_equal(flow_action.close_code, 4401);
	assert_string_equal(flow_action.close_text, "registration_shortened");
	wims_flow_lost(fs, 1, 10100, WIMS_LOSS_CLOSED);
	flow_open(fs, 2, 10200);
	flow_bind(fs, &in, GRANTED, 10300, again);
	assert_string_equal(user, again);
	assert_int_equal(flow_next(fs, 20000), -1);
	assert_int_equal(flow_of_conn(fs, 2, 20000), WIMS_OK);
	flow_free(fs);
}

static void shortened_and_refreshed_stays_open(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = registered(user);
	const struct wims_binding_in in = flow_register(2, 1);

	(void)state;
	assert_true(shortened(fs, user, 20000, 0));
	flow_bind(fs, &in, GRANTED, 5000, NULL);
	assert_int_equal(flow_next(fs, 30000), -1);
	assert_int_equal(flow_of_conn(fs, 1, 30000), WIMS_OK);
	flow_free(fs);
}

/* Nobody is thrown out of a call that could not go on; the time ends all the same. */
static void a_call_holds_the_connection(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = registered(user);

	(void)state;
	flow_call(fs, 1, WIMS_PL("call-1"));
	assert_true(shortened(fs, user, 20000, 0));
	assert_int_equal(flow_next(fs, 10000), -1);
	flow_check(fs);
	assert_int_equal(flow_next(fs, 19999), -1);
	assert_int_equal(flow_next(fs, 20000), WIMS_ACT_DEREG);
	flow_free(fs);
}

static void only_ever_shorter(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = registered(user);

	(void)state;
	assert_false(shortened(fs, user, GRANTED, 0));
	assert_false(shortened(fs, user, -1, 0));
	assert_true(shortened(fs, user, 0, 0));
	assert_int_equal(flow_next(fs, 0), WIMS_ACT_DEREG);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(ends_without_a_word_to_the_core),
			cmocka_unit_test(others_of_the_connection_stay),
			cmocka_unit_test(a_lost_one_ends_too),
			cmocka_unit_test(what_the_news_do_not_touch),
			cmocka_unit_test(a_challenge_holds_nothing_up),
			cmocka_unit_test(shortened_closes_at_half),
			cmocka_unit_test(shortened_and_refreshed_stays_open),
			cmocka_unit_test(a_call_holds_the_connection),
			cmocka_unit_test(only_ever_shorter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
