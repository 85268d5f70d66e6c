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

/* The end of the token that a registration rests on. */

enum
{
	LATER = 1000000
};

/* alice's REGISTER over conn with a token until that time; one for longer is
 * fresher. */
static struct wims_binding_in until(uint64_t txn, uint32_t conn, int64_t end)
{
	struct wims_binding_in in = flow_register(txn, conn);

	in.token_exp = 1800000000 + end / 1000;
	in.token_end = end;
	return in;
}

static struct wims_flows *one_registered(int64_t end)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in in = until(1, 1, end);

	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 600000, 0, NULL);
	return fs;
}

static struct wims_conn_view view_of(struct wims_flows *fs, uint32_t conn)
{
	struct wims_conn_view view;
	enum wims_reason r = wims_flow_check(fs, conn, &view);

	assert_true(r == WIMS_OK || r == WIMS_FLOW_CLOSING);
	return view;
}

static void expect_close(struct wims_flows *fs, int64_t now, uint32_t conn)
{
	assert_int_equal(flow_next(fs, now), WIMS_ACT_CLOSE);
	assert_int_equal(flow_action.conn, conn);
	assert_int_equal(flow_action.close_code, 4401);
	assert_string_equal(flow_action.close_text, "token_expired");
	flow_check(fs);
}

/* The binding that ended on that connection, with its token or otherwise. */
static void expect_dereg(struct wims_flows *fs, int64_t now, uint32_t conn, bool token)
{
	assert_int_equal(flow_next(fs, now), WIMS_ACT_DEREG);
	assert_int_equal(flow_action.token_expired, token);
	assert_int_equal(flow_action.conn, conn);
	flow_check(fs);
}

static void expect_nothing(struct wims_flows *fs, int64_t now)
{
	assert_int_equal(flow_next(fs, now), -1);
	flow_check(fs);
}

/* Whatever was granted: closed and de-registered at the end itself. */
static void ends_with_its_token(void **state)
{
	struct wims_flows *fs = one_registered(9100);

	(void)state;
	assert_int_equal(flow_of_conn(fs, 1, 9099), WIMS_OK);
	assert_int_equal(flow_view.expires, 9100);
	assert_int_equal(flow_view.token_end, 9100);
	expect_nothing(fs, 9099);
	assert_int_equal(flow_of_conn(fs, 1, 9100), WIMS_NOT_REGISTERED);
	expect_close(fs, 9100, 1);
	expect_dereg(fs, 9100, 1, true);
	flow_assert_pl(flow_action.binding.impu, "sip:alice@ims.test");
	flow_assert_pl(flow_action.binding.subject, "alice");
	flow_assert_pl(flow_action.binding.wwsf, "wwsf.test");
	assert_int_equal(flow_next(fs, 9100 + 1500), WIMS_ACT_CUT);
	expect_nothing(fs, LATER);
	flow_free(fs);
}

/* A registration whose own time is over first has not ended with its token:
 * the connection stays as long as one on which nothing is registered. */
static void time_over_first(void **state)
{
	struct wims_flow_limits limits = flow_limits;
	const struct wims_binding_in in = until(1, 1, 9000);
	struct wims_flows *fs;

	(void)state;
	limits.unregistered_ms = 5000;
	fs = flow_new(&limits);
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 8000, 0, NULL);
	expect_dereg(fs, 8000, 1, false);
	expect_nothing(fs, 12999);
	assert_int_equal(flow_next(fs, 13000), WIMS_ACT_CLOSE);
	assert_int_equal(flow_action.close_code, 1008);
	flow_free(fs);
}

static void no_token_no_end(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = until(1, 1, 10);

	(void)state;
	in.token_exp = 0;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	assert_int_equal(flow_of_conn(fs, 1, 20), WIMS_OK);
	assert_int_equal(flow_view.token_end, WIMS_FLOW_NEVER);
	expect_dereg(fs, LATER, 1, false);
	expect_nothing(fs, LATER);
	flow_free(fs);
}

/* The registration rests on the token that came last: its end, jti and CSeq. */
static void replaced_by_another(void **state)
{
	static const int64_t ends[] = {30000, 12000}; /* a fresher one, then an older one */
	struct wims_flows *fs = one_registered(9000);
	size_t i;

	(void)state;
	(void)flow_call(fs, 1, WIMS_PL("c1"));
	for(i = 0; i < 2; i++) {
		struct wims_binding_in in = until(i + 2, 1, ends[i]);

		in.jti = i == 0 ? WIMS_PL("jti-2") : WIMS_PL("jti-3");
		in.cseq = (uint32_t)i + 8;
		flow_bind(fs, &in, 600000, 1000, NULL);
		assert_int_equal(flow_of_conn(fs, 1, 1000), WIMS_OK);
		assert_int_equal(flow_view.token_end, ends[i]);
		assert_int_equal(flow_view.token_exp, in.token_exp);
		assert_int_equal(flow_view.cseq, in.cseq);
		assert_true(wims_pl_eq(flow_view.jti, in.jti));
	}
	assert_int_equal(view_of(fs, 1).calls, 1);
	expect_nothing(fs, 11999);
	expect_dereg(fs, 12000, 1, true);
	expect_nothing(fs, LATER);
	flow_free(fs);
}

/* ---- calls ---- */

/* An established call goes on, and nothing else begins; the connection closes
 * when the last one ends. */
static void call_is_let_finish(void **state)
{
	struct wims_flow_limits limits = flow_limits;
	const struct wims_binding_in in = until(1, 1, 9000);
	struct wims_flows *fs;
	uint64_t call, second, found;
	uint32_t at;

	(void)state;
	limits.unregistered_ms = 3000; /* which does not count now */
	fs = flow_new(&limits);
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 600000, 0, NULL);
	call = flow_call(fs, 1, WIMS_PL("c1"));
	second = flow_call(fs, 1, WIMS_PL("c2"));
	assert_false(view_of(fs, 1).token_over);
	expect_dereg(fs, 9000, 1, true);
	expect_nothing(fs, LATER);
	assert_true(view_of(fs, 1).token_over);
	assert_int_equal(view_of(fs, 1).calls, 2);
	assert_int_equal(flow_of_conn(fs, 1, LATER), WIMS_NOT_REGISTERED);
	assert_int_equal(
			wims_call_find(fs, 1, WIMS_PL("c1"), WIMS_PL("wt"), WIMS_PL("ct"), &found, &at),
			WIMS_OK);
	assert_int_equal(found, call);
	wims_call_end(fs, call);
	expect_nothing(fs, LATER);
	wims_call_end(fs, second);
	expect_close(fs, LATER, 1);
	assert_int_equal(flow_next(fs, LATER + 1500), WIMS_ACT_CUT);
	expect_nothing(fs, 2 * LATER);
	flow_free(fs);
}

/* The operator's other choice: BYE, in front of the de-REGISTER. */
static void calls_end_with_the_token(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_conn_in conn = flow_conn(1);
	const struct wims_binding_in in = until(1, 1, 9000);

	(void)state;
	conn.calls_outlive_token = false;
	assert_int_equal(wims_flow_open(fs, &conn, 0), WIMS_OK);
	flow_bind(fs, &in, 600000, 0, NULL);
	(void)flow_call(fs, 1, WIMS_PL("c1"));
	expect_close(fs, 9000, 1);
	assert_int_equal(flow_next(fs, 9000), WIMS_ACT_BYE);
	assert_int_equal(flow_action.conn, 1);
	expect_dereg(fs, 9000, 1, true);
	wims_flow_lost(fs, 1, 9100, WIMS_LOSS_CLOSED);
	expect_nothing(fs, LATER);
	flow_free(fs);
}

/* A call that only rings keeps nothing open, nor does a subscription. */
static void ringing_is_no_call(void **state)
{
	struct wims_flows *fs = one_registered(9000);
	struct wims_call_in in = flow_invite(1, WIMS_PL("c1"));
	const struct wims_call_news yes = {.confirmed = true};
	uint64_t ringing, subscription;

	(void)state;
	assert_int_equal(wims_call_open(fs, &in, 0, &ringing), WIMS_OK);
	in.call_id = WIMS_PL("c2");
	in.kind = WIMS_CALL_SUBSCRIPTION;
	assert_int_equal(wims_call_open(fs, &in, 0, &subscription), WIMS_OK);
	assert_int_equal(wims_call_learn(fs, subscription, &yes), WIMS_OK);
	expect_close(fs, 9000, 1);
	assert_int_equal(flow_next(fs, 9000), WIMS_ACT_GIVE_UP);
	expect_dereg(fs, 9000, 1, true);
	expect_nothing(fs, 9000);
	assert_int_equal(view_of(fs, 1).calls, 0);
	flow_free(fs);
}

/* While another call keeps the connection open, one that rang is answered: it
 * counts from then on. */
static void answered_meanwhile(void **state)
{
	struct wims_flows *fs = one_registered(9000);
	uint64_t call = flow_call(fs, 1, WIMS_PL("c1")), ringing;
	const struct wims_call_in in = flow_invite(1, WIMS_PL("c2"));
	const struct wims_call_news yes = {.confirmed = true};

	(void)state;
	assert_int_equal(wims_call_open(fs, &in, 0, &ringing), WIMS_OK);
	expect_dereg(fs, 9000, 1, true);
	assert_int_equal(wims_call_learn(fs, ringing, &yes), WIMS_OK);
	wims_call_settle(fs, ringing, 0);
	wims_call_end(fs, call);
	expect_nothing(fs, 10000);
	wims_call_end(fs, ringing);
	expect_close(fs, 10000, 1);
	flow_free(fs);
}

/* ---- registering anew ---- */

/* While a call goes on the WIC brings a fresh token: all is as before. */
static void registered_again(void **state)
{
	struct wims_flows *fs = one_registered(9000);
	struct wims_binding_in in = until(2, 1, 50000);
	uint64_t call = flow_call(fs, 1, WIMS_PL("c1"));

	(void)state;
	expect_dereg(fs, 9000, 1, true);
	flow_bind(fs, &in, 600000, 10000, NULL);
	assert_false(view_of(fs, 1).token_over);
	assert_int_equal(flow_of_conn(fs, 1, 10000), WIMS_OK);
	wims_call_end(fs, call);
	expect_nothing(fs, 49999);
	expect_close(fs, 50000, 1);
	flow_free(fs);
}

/* The REGISTER with the fresher token is under way when the old one ends. */
static void refresh_is_not_cut(void **state)
{
	struct wims_flows *fs = one_registered(9000);
	const struct wims_binding_in in = until(2, 1, 50000);

	(void)state;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	expect_nothing(fs, 12000);
	assert_int_equal(flow_of_conn(fs, 1, 12000), WIMS_NOT_REGISTERED);
	assert_int_equal(flow_commit(fs, 2, 600000, 12000), WIMS_OK);
	expect_nothing(fs, 49999);
	assert_int_equal(flow_of_conn(fs, 1, 49999), WIMS_OK);
	expect_close(fs, 50000, 1);
	expect_dereg(fs, 50000, 1, true);
	flow_free(fs);
}

static void refresh_fails(void **state)
{
	struct wims_flows *fs = one_registered(9000);
	const struct wims_binding_in in = until(2, 1, 50000);

	(void)state;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	expect_nothing(fs, 12000);
	wims_binding_abort(fs, 2, 12000, false);
	expect_close(fs, 12000, 1);
	expect_dereg(fs, 12000, 1, true);
	expect_nothing(fs, 12000);
	flow_free(fs);
}

/* One with the token that ends now is no refresh: the connection closes, and
 * the core is told when that REGISTER is over, so that this is the last that it
 * hears. */
static void same_token_does_not_help(void **state)
{
	struct wims_flows *fs = one_registered(9000);
	const struct wims_binding_in in = until(2, 1, 9000);

	(void)state;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	expect_close(fs, 9000, 1);
	expect_nothing(fs, 9500);
	wims_binding_abort(fs, 2, 9600, true);
	expect_dereg(fs, 9600, 1, true);
	expect_nothing(fs, 9700);
	flow_free(fs);
}

/* Nor does leaving, while the core thinks about it. */
static void leaving_does_not_help(void **state)
{
	struct wims_flows *fs = one_registered(9000);
	struct wims_binding_in in = until(2, 1, 50000);

	(void)state;
	in.remove = true;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	expect_close(fs, 9000, 1);
	assert_int_equal(flow_commit(fs, 2, 0, 9500), WIMS_OK);
	expect_nothing(fs, 9500);
	assert_int_equal(flow_bindings(fs), 0);
	flow_free(fs);
}

/* ---- several ---- */

static struct wims_binding_in other(uint64_t txn, int64_t end)
{
	struct wims_binding_in in = until(txn, 1, end);

	in.impu = WIMS_PL("sip:alice.work@ims.test");
	return in;
}

/* The one whose token ended goes, the other keeps the connection. */
static void two_identities(void **state)
{
	struct wims_flows *fs = one_registered(9000);
	const struct wims_binding_in in = other(2, 20000);

	(void)state;
	flow_bind(fs, &in, 600000, 0, NULL);
	expect_dereg(fs, 9000, 1, true);
	flow_assert_pl(flow_action.binding.impu, "sip:alice@ims.test");
	expect_nothing(fs, 19999);
	assert_int_equal(flow_of_conn(fs, 1, 19999), WIMS_OK);
	flow_assert_pl(flow_view.impu, "sip:alice.work@ims.test");
	expect_close(fs, 20000, 1);
	expect_dereg(fs, 20000, 1, true);
	flow_assert_pl(flow_action.binding.impu, "sip:alice.work@ims.test");
	expect_nothing(fs, 20000);
	flow_free(fs);
}

/* The one that is left leaves by itself: that is no end of a token. */
static void other_one_leaves(void **state)
{
	struct wims_flows *fs = one_registered(9000);
	struct wims_binding_in in = other(2, 20000);

	(void)state;
	flow_bind(fs, &in, 600000, 0, NULL);
	expect_dereg(fs, 9000, 1, true);
	in.txn = 3;
	in.remove = true;
	flow_bind(fs, &in, 0, 10000, NULL);
	expect_nothing(fs, LATER);
	assert_false(view_of(fs, 1).closing);
	flow_free(fs);
}

/* The first REGISTER of another identity is under way, with a fresher token. */
static void other_one_comes(void **state)
{
	struct wims_flows *fs = one_registered(9000);
	struct wims_binding_in in = other(2, 20000);

	(void)state;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	expect_dereg(fs, 9000, 1, true);
	expect_nothing(fs, 9500);
	assert_true(view_of(fs, 1).token_over);
	assert_int_equal(flow_commit(fs, 2, 600000, 9600), WIMS_OK);
	assert_false(view_of(fs, 1).token_over);
	/* and once more: refused this time */
	in.txn = 3;
	in.impu = WIMS_PL("sip:alice@ims.test");
	in.token_exp += 60;
	in.token_end += 60000;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	expect_dereg(fs, 20000, 1, true);
	expect_nothing(fs, 20500);
	wims_binding_abort(fs, 3, 20600, false);
	expect_close(fs, 20600, 1);
	expect_nothing(fs, 20600);
	flow_free(fs);
}

/* ---- lost connections ---- */

/* The grace of a lost connection ends with the token. */
static void waiting_ends_with_its_token(void **state)
{
	struct wims_flows *fs = one_registered(9000);

	(void)state;
	wims_flow_lost(fs, 1, 8000, WIMS_LOSS_CLOSED); /* its grace: until 13000 */
	expect_nothing(fs, 8999);
	expect_dereg(fs, 9000, 0, true);
	expect_nothing(fs, LATER);
	flow_free(fs);
}

static void lost_after_the_end(void **state)
{
	struct wims_flows *fs = one_registered(9000);

	(void)state;
	(void)flow_call(fs, 1, WIMS_PL("c1"));
	expect_dereg(fs, 9000, 1, true);
	wims_flow_lost(fs, 1, 10000, WIMS_LOSS_CLOSED);
	assert_int_equal(flow_next(fs, 10000), WIMS_ACT_BYE);
	expect_nothing(fs, LATER);
	flow_free(fs);
}

/* Taken over by another connection before the end: the new token counts there,
 * and the old connection is one on which nothing is registered. */
static void taken_over(void **state)
{
	struct wims_flows *fs = one_registered(9000);
	const struct wims_binding_in in = until(2, 2, 30000);

	(void)state;
	flow_open(fs, 2, 0);
	flow_bind(fs, &in, 600000, 1000, NULL);
	expect_nothing(fs, 29999);
	assert_false(view_of(fs, 1).closing);
	expect_close(fs, 30000, 2);
	expect_dereg(fs, 30000, 2, true);
	expect_nothing(fs, 30000);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(ends_with_its_token),
			cmocka_unit_test(time_over_first),
			cmocka_unit_test(no_token_no_end),
			cmocka_unit_test(replaced_by_another),
			cmocka_unit_test(call_is_let_finish),
			cmocka_unit_test(calls_end_with_the_token),
			cmocka_unit_test(ringing_is_no_call),
			cmocka_unit_test(answered_meanwhile),
			cmocka_unit_test(registered_again),
			cmocka_unit_test(refresh_is_not_cut),
			cmocka_unit_test(refresh_fails),
			cmocka_unit_test(same_token_does_not_help),
			cmocka_unit_test(leaving_does_not_help),
			cmocka_unit_test(two_identities),
			cmocka_unit_test(other_one_leaves),
			cmocka_unit_test(other_one_comes),
			cmocka_unit_test(waiting_ends_with_its_token),
			cmocka_unit_test(lost_after_the_end),
			cmocka_unit_test(taken_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
