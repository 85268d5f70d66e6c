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

/* What a revocation ends in the flow table, and what not. */

#define WWSF "wwsf.test"

enum
{
	IAT = 1700000000,
	EXP = 1800000000,
	MANY = 250 /* a device's name has as many bytes as its number says */
};

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

static const char devices[MANY + 1];

/* That user's REGISTER over conn, each from a device of its own, with a token of
 * that jti. */
static struct wims_binding_in token_of(uint64_t txn, uint32_t conn, const char *user,
									   const char *jti)
{
	struct wims_binding_in in = flow_register(txn, conn);

	in.subject = wims_pl_str(user);
	in.impi = wims_pl_str(user);
	in.jti = wims_pl_str(jti);
	in.instance = (struct wims_pl){devices, conn};
	in.token_iat = IAT;
	in.token_exp = EXP;
	in.token_end = 500000;
	return in;
}

static void registered(uint32_t conn, const char *user, const char *jti, char *contact_user)
{
	const struct wims_binding_in in = token_of(conn, conn, user, jti);

	flow_open(fs, conn, 0);
	flow_bind(fs, &in, 600000, 0, contact_user);
}

/* In parts of n; returns how many bindings ended. */
static size_t revoke_in_parts(struct wims_revocation r, size_t n)
{
	struct wims_flow_walk walk = {0};
	size_t ended = 0;

	while(wims_flows_revoke(fs, &r, &walk, n, 1000, &ended))
		flow_check(fs);
	flow_check(fs);
	return ended;
}

static size_t revoke(enum wims_revoke_kind kind, const char *wwsf, const char *value)
{
	struct wims_revocation r = {
			.kind = kind, .wwsf = wims_pl_str(wwsf), .value = wims_pl_str(value), .expires = 1};

	return revoke_in_parts(r, 3);
}

static size_t revoke_before(int64_t time)
{
	struct wims_revocation r = {
			.kind = WIMS_REVOKE_ISSUED_BEFORE, .wwsf = WIMS_PL(WWSF), .before = time, .expires = 1};

	return revoke_in_parts(r, 1);
}

static void expect_close(uint32_t conn)
{
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_CLOSE);
	assert_int_equal(flow_action.conn, conn);
	assert_int_equal(flow_action.close_code, 4401);
	assert_string_equal(flow_action.close_text, "token_revoked");
}

static void expect_dereg(const char *subject)
{
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_DEREG);
	flow_assert_pl(flow_action.binding.subject, subject);
	assert_false(flow_action.token_expired);
}

static void expect_nothing(void)
{
	assert_int_equal(flow_next(fs, 1000), -1);
	flow_check(fs);
}

static void by_jti(void **state)
{
	(void)state;
	registered(1, "alice", "a1", NULL);
	registered(2, "alice", "a2", NULL);
	registered(3, "bob", "", NULL);
	assert_int_equal(revoke(WIMS_REVOKE_JTI, WWSF, "a"), 0);
	assert_int_equal(revoke(WIMS_REVOKE_JTI, "other.test", "a1"), 0);
	assert_int_equal(revoke(WIMS_REVOKE_JTI, WWSF, ""), 0);
	expect_nothing();
	assert_int_equal(revoke(WIMS_REVOKE_JTI, WWSF, "a1"), 1);
	assert_int_equal(flow_of_conn(fs, 1, 1000), WIMS_FLOW_CLOSING);
	expect_close(1);
	expect_dereg("alice");
	expect_nothing();
	assert_int_equal(flow_of_conn(fs, 2, 1000), WIMS_OK);
	assert_int_equal(flow_of_conn(fs, 3, 1000), WIMS_OK);
	assert_int_equal(flow_next(fs, 2500), WIMS_ACT_CUT);
	assert_int_equal(revoke(WIMS_REVOKE_JTI, WWSF, "a1"), 0);
}

static void by_subject(void **state)
{
	(void)state;
	registered(1, "alice", "a1", NULL);
	registered(2, "alice", "a2", NULL);
	registered(3, "bob", "alice", NULL);
	assert_int_equal(revoke(WIMS_REVOKE_SUBJECT, WWSF, "alice"), 2);
	assert_int_equal(flow_of_conn(fs, 1, 1000), WIMS_FLOW_CLOSING);
	assert_int_equal(flow_of_conn(fs, 2, 1000), WIMS_FLOW_CLOSING);
	assert_int_equal(flow_of_conn(fs, 3, 1000), WIMS_OK);
	assert_int_equal(flow_bindings(fs), 3);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_CLOSE);
	expect_dereg("alice");
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_CLOSE);
	expect_dereg("alice");
	expect_nothing();
	assert_int_equal(flow_bindings(fs), 1);
}

static void by_time(void **state)
{
	struct wims_binding_in mute = token_of(2, 2, "bob", "b");

	(void)state;
	registered(1, "alice", "a", NULL);
	mute.token_iat = 0;
	flow_open(fs, 2, 0);
	flow_bind(fs, &mute, 600000, 0, NULL);
	assert_int_equal(revoke_before(IAT), 1);
	assert_int_equal(flow_of_conn(fs, 2, 1000), WIMS_FLOW_CLOSING);
	assert_int_equal(flow_of_conn(fs, 1, 1000), WIMS_OK);
	assert_int_equal(flow_view.token_iat, IAT);
	assert_int_equal(revoke_before(IAT + 1), 1);
	assert_int_equal(flow_of_conn(fs, 1, 1000), WIMS_FLOW_CLOSING);
}

/* Scenario 1: no token, nothing to revoke. */
static void no_token(void **state)
{
	struct wims_binding_in in = token_of(1, 1, "alice", "");

	(void)state;
	in.token_exp = 0;
	in.token_iat = 0;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 600000, 0, NULL);
	assert_int_equal(revoke(WIMS_REVOKE_SUBJECT, WWSF, "alice"), 0);
	assert_int_equal(revoke_before(INT64_MAX), 0);
	expect_nothing();
}

/* All that is on the connection ends, calls first. */
static void all_of_the_connection(void **state)
{
	struct wims_binding_in other = token_of(10, 1, "alice", "a2");

	(void)state;
	registered(1, "alice", "a1", NULL);
	other.impu = WIMS_PL("tel:+4930123");
	flow_bind(fs, &other, 600000, 0, NULL);
	flow_call(fs, 1, WIMS_PL("c1"));
	assert_int_equal(revoke(WIMS_REVOKE_JTI, WWSF, "a2"), 2);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.call_id, "c1");
	expect_close(1);
	expect_dereg("alice");
	expect_dereg("alice");
	expect_nothing();
}

/* In its grace: no connection left to close. */
static void while_waiting(void **state)
{
	(void)state;
	registered(1, "alice", "a1", NULL);
	registered(2, "bob", "b1", NULL);
	wims_flow_lost(fs, 1, 900, WIMS_LOSS_CLOSED);
	wims_flow_lost(fs, 2, 900, WIMS_LOSS_CLOSED);
	assert_int_equal(revoke(WIMS_REVOKE_SUBJECT, WWSF, "alice"), 1);
	expect_dereg("alice");
	expect_nothing();
	assert_int_equal(flow_next(fs, 5900), WIMS_ACT_DEREG); /* bob's grace is over */
}

/* Closing for another reason, with a registration that would have its grace. */
static void while_closing(void **state)
{
	(void)state;
	registered(1, "alice", "a1", NULL);
	wims_flow_close(fs, 1, 900, 4403, WIMS_PL("to_mismatch"), false);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_CLOSE);
	assert_int_equal(revoke(WIMS_REVOKE_JTI, WWSF, "a1"), 1);
	expect_dereg("alice");
	expect_nothing();
	wims_flow_lost(fs, 1, 1000, WIMS_LOSS_CLOSED);
	expect_nothing();
}

/* A REGISTER with another token is under way: the core is told when it is
 * over, whatever the answer. */
static void while_refreshing(void **state)
{
	struct wims_binding_in fresh = token_of(10, 1, "alice", "a2");

	(void)state;
	registered(1, "alice", "a1", NULL);
	assert_int_equal(flow_begin(fs, &fresh), WIMS_OK);
	assert_int_equal(revoke(WIMS_REVOKE_JTI, WWSF, "a1"), 1);
	expect_close(1);
	expect_nothing();
	assert_int_equal(flow_commit(fs, 10, 600000, 1000), WIMS_FLOW_GONE);
	expect_dereg("alice");
	expect_nothing();
}

static void while_refreshing_in_vain(void **state)
{
	struct wims_binding_in fresh = token_of(10, 1, "alice", "a1");

	(void)state;
	registered(1, "alice", "a1", NULL);
	assert_int_equal(flow_begin(fs, &fresh), WIMS_OK);
	assert_int_equal(revoke(WIMS_REVOKE_JTI, WWSF, "a1"), 1);
	expect_close(1);
	wims_binding_abort(fs, 10, 1000, false);
	expect_dereg("alice");
	expect_nothing();
}

/* Only a call keeps the connection open: by its subject it can still be found, and
 * by a time after the end of its token. */
static void after_the_token(void **state)
{
	(void)state;
	registered(1, "alice", "a1", NULL);
	registered(2, "bob", "b1", NULL);
	flow_call(fs, 1, WIMS_PL("c1"));
	flow_call(fs, 2, WIMS_PL("c2"));
	while(flow_next(fs, 500000) >= 0)
		assert_int_equal(flow_action.kind, WIMS_ACT_DEREG);
	assert_int_equal(revoke(WIMS_REVOKE_JTI, WWSF, "a1"), 0);
	assert_int_equal(revoke_before(EXP), 0);
	assert_int_equal(flow_next(fs, 500000), -1);
	assert_int_equal(revoke(WIMS_REVOKE_SUBJECT, WWSF, "alice"), 0);
	assert_int_equal(flow_next(fs, 500000), WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.call_id, "c1");
	expect_close(1);
	expect_nothing();
	assert_int_equal(revoke_before(EXP + 1), 0);
	assert_int_equal(flow_next(fs, 500000), WIMS_ACT_BYE);
	flow_assert_pl(flow_action.call.call_id, "c2");
	expect_close(2);
	expect_nothing();
}

/* By the name that the core knows it by: what a commit asks for. */
static void by_contact_user(void **state)
{
	char first[WIMS_CONTACT_USER_LEN + 1], second[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	registered(1, "alice", "a1", first);
	registered(2, "bob", "b1", second);
	assert_false(wims_binding_of_user(fs, WIMS_PL("000000000000000000000000"), &flow_view));
	assert_int_equal(wims_binding_end(fs, WIMS_PL(""), WIMS_TOKEN_REVOKED, 1000), 0);
	assert_true(wims_binding_of_user(fs, wims_pl_str(first), &flow_view));
	flow_assert_pl(flow_view.jti, "a1");
	assert_int_equal(wims_binding_end(fs, wims_pl_str(first), WIMS_TOKEN_REVOKED, 1000), 1);
	assert_false(wims_binding_of_user(fs, wims_pl_str(first), &flow_view));
	assert_int_equal(wims_binding_end(fs, wims_pl_str(first), WIMS_TOKEN_REVOKED, 1000), 0);
	wims_flow_lost(fs, 2, 1000, WIMS_LOSS_CLOSED);
	assert_true(wims_binding_of_user(fs, wims_pl_str(second), &flow_view));
	assert_int_equal(wims_binding_end(fs, wims_pl_str(second), WIMS_TOKEN_REVOKED, 1000), 1);
	expect_close(1);
	expect_dereg("alice");
	expect_dereg("bob");
	expect_nothing();
}

/* With the name of what it ended for; and who is at work on it. */
static void ended_for_another_reason(void **state)
{
	const struct wims_binding_in in = token_of(2, 2, "alice", "a2");
	char user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_pl name;

	(void)state;
	registered(1, "alice", "a1", user);
	name = wims_pl_str(user);
	assert_int_equal(wims_binding_open(fs, WIMS_PL("nobody")), 0);
	assert_int_equal(wims_binding_open(fs, name), 0);
	assert_int_equal(wims_binding_end(fs, name, WIMS_TOKEN_EXPIRED, 1000), 1);
	assert_int_equal(flow_next(fs, 1000), WIMS_ACT_CLOSE);
	assert_int_equal(flow_action.close_code, 4401);
	assert_string_equal(flow_action.close_text, "token_expired");
	expect_dereg("alice");
	expect_nothing();
	flow_open(fs, 2, 1000);
	assert_int_equal(wims_binding_begin(fs, &in, 1000, user), WIMS_OK);
	assert_int_equal(wims_binding_open(fs, wims_pl_str(user)), 1);
	wims_binding_abort(fs, in.txn, 1000, false);
	assert_int_equal(wims_binding_open(fs, wims_pl_str(user)), 0);
}

/* Every other one of many, waiting and not, in parts of any size. */
static void many(void **state)
{
	struct wims_flow_limits limits = flow_limits;
	char user[16];
	uint32_t i;
	size_t part = *(size_t *)*state, dereg = 0;

	flow_free(fs);
	limits.connections = MANY;
	limits.connections_per_peer = 0;
	fs = flow_new(&limits);
	for(i = 1; i <= MANY; i++) {
		snprintf(user, sizeof(user), "u%u", i);
		registered(i, i % 2 ? "alice" : user, user, NULL);
		if(i % 3 == 0)
			wims_flow_lost(fs, i, 900, WIMS_LOSS_CLOSED);
	}
	assert_int_equal(revoke_in_parts((struct wims_revocation){.kind = WIMS_REVOKE_SUBJECT,
															  .wwsf = WIMS_PL(WWSF),
															  .value = WIMS_PL("alice"),
															  .expires = 1},
									 part),
					 MANY / 2);
	while(flow_next(fs, 1000) >= 0)
		dereg += flow_action.kind == WIMS_ACT_DEREG;
	assert_int_equal(dereg, MANY / 2);
	assert_int_equal(flow_bindings(fs), MANY / 2);
}

static size_t part_sizes[] = {1, 7, MANY, 10 * MANY};
static size_t *parts[] = {&part_sizes[0], &part_sizes[1], &part_sizes[2], &part_sizes[3]};

static int setup_part(void **state)
{
	void *size = *state;

	setup(state);
	*state = size;
	return 0;
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define M(i) cmocka_unit_test_prestate_setup_teardown(many, setup_part, teardown, parts[i])

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(by_jti),
			T(by_subject),
			T(by_time),
			T(no_token),
			T(all_of_the_connection),
			T(while_waiting),
			T(while_closing),
			T(while_refreshing),
			T(while_refreshing_in_vain),
			T(after_the_token),
			T(by_contact_user),
			T(ended_for_another_reason),
			M(0),
			M(1),
			M(2),
			M(3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
