/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "regsub_help.h"

/* ---- how the core ends it ---- */

/* clang-format off */
static const struct { const char *substate; int64_t wait; bool denied; } ends[] = {
	{"terminated;reason=deactivated", 0, false},
	{"terminated;reason=timeout", 0, false},
	{"Terminated; Reason=Timeout", 0, false},
	{"terminated;reason=probation", WAIT, false},
	{"terminated;reason=probation;retry-after=77", 77000, false},
	{"terminated;reason=giveup", WAIT, false},
	{"terminated;retry-after=1000000;reason=giveup", 3600000, false},
	{"terminated", WAIT, false},
	{"terminated;reason=of-its-own-and-longer-than-any", WAIT, false},
	{"terminated;reason=rejected", 0, true},
	{"terminated;reason=noresource", 0, true},
	{"terminated;reason=invariant", 0, true},
};
/* clang-format on */

static void test_ends(void **state)
{
	struct wims_regsub_action first;
	struct wims_regsub_view v;
	size_t i;

	for(i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		assert_int_equal(start(state), 0);
		subscribed();
		first = sent;
		/* what it says in the end counts still */
		told(2, ends[i].substate, "full", 1);
		untold(3, "active", "full", 2, WIMS_DIALOG_UNKNOWN);
		view(&v);
		assert_int_equal(v.state, ends[i].denied ? WIMS_REGSUB_DENIED : WIMS_REGSUB_WAITING);
		assert_int_equal(v.expires, 0);
		if(ends[i].denied) {
			now += 100 * 3600 S;
			assert_false(due());
			want();
		}
		sends_after(ends[i].wait);
		anew(&first);
		stop(state);
	}
	assert_int_equal(start(state), 0);
	subscribed();
	untold(2, "terminated;reason=of-its-own-and-longer-than-any", NULL, 0, WIMS_OK);
	view(&v);
	assert_string_equal(v.ended, "of-its-own-and-longer-th");
	assert_int_equal(strlen(v.ended), WIMS_REGSUB_REASON_MAX);
}

/* A notifier that ends each one at once is asked less and less. */
static void test_ends_in_a_circle(void **state)
{
	int64_t wait = WAIT;
	int i;

	(void)state;
	subscribed();
	for(i = 0; i < 6; i++) {
		untold(2, "terminated;reason=deactivated", NULL, 0, WIMS_OK);
		sends_after(i < 3 ? 0 : wait);
		wait = i < 3 ? wait : wait * 2;
		grant(EXPIRES);
		told(1, "active", "full", 0);
	}
	now += RETRY_MAX;
	untold(2, "terminated;reason=deactivated", NULL, 0, WIMS_OK);
	sends_after(0);
}

static void test_end_before_answer(void **state)
{
	struct wims_regsub_action first;

	(void)state;
	want();
	assert_true(due());
	first = sent;
	told(1, "terminated;reason=probation;retry-after=20", "full", 0);
	/* its 200 makes nothing of it */
	assert_false(answer_with((struct wims_regsub_answer){.code = 200, .granted = -1}));
	is_in(WIMS_REGSUB_WAITING);
	sends_after(20 S);
	anew(&first);
}

/* ---- answers ---- */

static void test_first_fails(void **state)
{
	static const int refusals[] = {401, 403, 404, 405, 407, 410, 416, 420, 489, 501, 600, 604};
	static const int failures[] = {0, 301, 400, 408, 480, 481, 500, 503, 504};
	struct wims_regsub_action first;
	size_t i;

	for(i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		assert_int_equal(start(state), 0);
		want();
		assert_true(due());
		first = sent;
		answer(refusals[i]);
		sends_after(RETRY_MAX);
		anew(&first);
		stop(state);
	}
	for(i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		assert_int_equal(start(state), 0);
		want();
		assert_true(due());
		first = sent;
		answer(failures[i]);
		sends_after(WAIT);
		anew(&first);
		if(i + 1 < sizeof(failures) / sizeof(failures[0]))
			stop(state);
	}
}

static void test_back_off(void **state)
{
	int64_t wait = WAIT;
	struct wims_regsub_view v;
	int i;

	(void)state;
	want();
	assert_true(due());
	for(i = 0; i < 12; i++) {
		answer(500);
		sends_after(wait);
		wait = wait * 2 < WAIT_MAX ? wait * 2 : WAIT_MAX;
	}
	view(&v);
	assert_int_equal(v.failures, 12);
	assert_int_equal(v.last_code, 500);
	/* nobody answers: the caller's clock does */
	nothing_for(WIMS_REGSUB_ANSWER_MS);
	sends_after(WAIT_MAX);
	answer_after(503, 301);
	sends_after(301 S);
	answer_after(503, 1);
	sends_after(WAIT_MAX);
	answer_after(503, 100000);
	sends_after(WIMS_REGSUB_RETRY_AFTER_MAX_S S);
	grant(EXPIRES);
	told(1, "active", "full", 0);
	view(&v);
	assert_int_equal(v.failures, 0);
}

/* What is chance of a wait is half of it at most. */
static void test_chance(void **state)
{
	int64_t at;

	(void)state;
	want();
	assert_true(due());
	for(chance = 1; chance < 5000; chance += 7) {
		assert_int_equal(stop(state), 0);
		assert_int_equal(start(state), 0);
		want();
		assert_true(due());
		at = now;
		answer(500);
		now += WAIT - 1;
		assert_false(due());
		while(!due())
			now++;
		assert_in_range(now - at, WAIT, RETRY_MIN);
		assert_int_equal(now - at, WAIT + chance % (WAIT + 1));
	}
	chance = 0;
}

static void test_bad_answer(void **state)
{
	char text[WIMS_ROUTES_MAX + 1];
	const struct wims_pl too_long = {text, sizeof(text)};
	struct wims_regsub_answer bad[] = {
			{.to_tag = {"", 0}, .contact = TARGET},
			{.to_tag = WIMS_PL("core"), .contact = {"", 0}},
			{.to_tag = too_long, .contact = TARGET},
			{.to_tag = WIMS_PL("core"), .contact = too_long},
			{.to_tag = WIMS_PL("core"), .contact = TARGET, .routes = too_long},
	};
	int64_t wait = WAIT;
	size_t i;

	(void)state;
	memset(text, 'x', sizeof(text));
	want();
	assert_true(due());
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++, wait *= 2) {
		bad[i].code = 200;
		bad[i].granted = EXPIRES;
		assert_true(answer_with(bad[i]));
		is_in(WIMS_REGSUB_WAITING);
		sends_after(wait);
	}
}

static void test_old_answer(void **state)
{
	struct wims_regsub_answer ok = {.code = 200, .granted = -1};
	uint64_t txn;

	(void)state;
	want();
	assert_true(due());
	txn = sent.txn;
	assert_false(answer_with((struct wims_regsub_answer){.code = 183}));
	answer(500);
	assert_false(answer_with(ok));
	assert_false(wims_regsub_answered(rs, 0, &ok, now));
	sends_after(WAIT);
	assert_false(wims_regsub_answered(rs, txn, &ok, now));
	is_in(WIMS_REGSUB_ASKED);
}

static void brief(int64_t min)
{
	assert_true(answer_with(
			(struct wims_regsub_answer){.code = 423, .min_expires = min, .retry_after = -1}));
}

static void test_too_brief(void **state)
{
	struct wims_regsub_action first;

	(void)state;
	want();
	assert_true(due());
	first = sent;
	brief(EXPIRES + 5);
	assert_true(due());
	anew(&first);
	assert_int_equal(sent.expires, EXPIRES + 5);
	/* it goes on with the same, or wants what cannot be */
	brief(EXPIRES + 5);
	sends_after(WAIT);
	brief(-1);
	sends_after((int64_t)2 * WAIT);
	brief(WIMS_REGSUB_MIN_EXPIRES_MAX_S + 1);
	sends_after((int64_t)4 * WAIT);
	grant(EXPIRES + 5);
	told(1, "active", "full", 0);
	sends_after((EXPIRES + 5 - 600) S);
	first = sent;
	brief(EXPIRES + 50);
	assert_true(due());
	in_the_dialog(&first);
	assert_int_equal(sent.expires, EXPIRES + 50);
}

static void test_refresh_fails(void **state)
{
	struct wims_regsub_action first;
	static const int over[] = {404, 405, 410, 416, 480, 482, 483, 484, 485, 489, 501, 604};
	size_t i;

	(void)state;
	subscribed();
	sends_after(6600 S);
	first = sent;
	answer(500);
	sends_after(WAIT);
	in_the_dialog(&first);
	answer(408);
	sends_after((int64_t)2 * WAIT);
	told(2, "active", "partial", 1); /* it is still there */
	/* forgotten by a core that was restarted */
	first = sent;
	answer(481);
	assert_true(due());
	anew(&first);
	for(i = 0; i < sizeof(over) / sizeof(over[0]); i++) {
		grant(EXPIRES);
		told(1, "active", "full", 0);
		sends_after(6600 S);
		first = sent;
		answer(over[i]);
		is_in(WIMS_REGSUB_WAITING);
		now += 2 * RETRY_MAX;
		assert_true(due());
		anew(&first);
	}
}

static void test_runs_out(void **state)
{
	struct wims_regsub_action first;
	int n = 0;

	(void)state;
	subscribed();
	first = sent;
	for(now += 6600 S; due(); now += RETRY_MAX, n++) {
		if(sent.to_tag.l == 0)
			break;
		answer(500);
	}
	anew(&first);
	assert_int_equal(now, 1000000 + 7200 S);
	assert_int_equal(n, 2);
}

/* ---- by hand, and the end ---- */

static void test_by_hand(void **state)
{
	struct wims_regsub_action first;

	(void)state;
	assert_false(wims_regsub_refresh(rs, IDENTITY, now));
	want();
	assert_true(due());
	answer(403);
	assert_false(due());
	assert_true(wims_regsub_refresh(rs, IDENTITY, now));
	assert_true(due());
	grant(EXPIRES);
	untold(1, "terminated;reason=rejected", NULL, 0, WIMS_OK);
	assert_true(wims_regsub_refresh(rs, IDENTITY, now));
	assert_true(due());
	grant(EXPIRES);
	told(1, "active", "full", 0);
	first = sent;
	assert_true(wims_regsub_refresh(rs, IDENTITY, now));
	assert_true(due());
	in_the_dialog(&first);
	/* one at a time */
	assert_true(wims_regsub_refresh(rs, IDENTITY, now));
	assert_false(due());
}

static void test_drop(void **state)
{
	struct wims_regsub_action first;

	(void)state;
	wims_regsub_drop(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, now);
	want();
	wims_regsub_drop(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, now);
	is_gone();
	assert_false(due());
	subscribed();
	first = sent;
	wims_regsub_drop(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, now);
	assert_true(due());
	in_the_dialog(&first);
	assert_int_equal(sent.expires, 0);
	assert_false(wims_regsub_refresh(rs, IDENTITY, now));
	untold(2, "active", "full", 1, WIMS_OK);
	grant(0);
	is_in(WIMS_REGSUB_LEAVING);
	untold(3, "terminated;reason=timeout", "full", 2, WIMS_OK);
	is_gone();
	assert_false(due());
}

/* Nothing is heard of it any more. */
static void test_drop_in_silence(void **state)
{
	(void)state;
	subscribed();
	wims_regsub_drop(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, now);
	assert_true(due());
	grant(0);
	now += WIMS_REGSUB_NOTIFY_MS;
	assert_false(due());
	is_gone();
	subscribed();
	wims_regsub_drop(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, now);
	assert_true(due());
	now += WIMS_REGSUB_ANSWER_MS;
	assert_false(due());
	is_gone();
	subscribed();
	untold(2, "terminated;reason=rejected", NULL, 0, WIMS_OK);
	wims_regsub_drop(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, now);
	is_gone();
}

/* What is dropped while it is asked for is known first, and ended then. */
static void test_drop_asked(void **state)
{
	struct wims_regsub_action first;

	(void)state;
	want();
	assert_true(due());
	first = sent;
	wims_regsub_drop(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, now);
	assert_false(due());
	untold(1, "active", "full", 0, WIMS_OK);
	grant(EXPIRES);
	assert_true(due());
	in_the_dialog(&first);
	assert_int_equal(sent.expires, 0);
	answer(481);
	assert_false(due());
	is_gone();
	want();
	assert_true(due());
	wims_regsub_drop(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, now);
	answer(503);
	is_gone();
}

static void test_wanted_again(void **state)
{
	struct wims_regsub_action first;

	(void)state;
	subscribed();
	wims_regsub_drop(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, now);
	assert_true(due());
	want();
	assert_false(due());
	first = sent;
	grant(0);
	assert_true(due());
	anew(&first);
	grant(EXPIRES);
	told(1, "active", "full", 0);
	now += RETRY_MAX;
	wims_regsub_drop(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, now);
	assert_true(due());
	grant(0);
	first = sent;
	assert_false(due());
	want();
	assert_true(due());
	anew(&first);
}

int main(void)
{
#define SCENE(f) cmocka_unit_test_setup_teardown(f, start, stop)
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_teardown(test_ends, stop),
			SCENE(test_ends_in_a_circle),
			SCENE(test_end_before_answer),
			cmocka_unit_test_teardown(test_first_fails, stop),
			SCENE(test_back_off),
			SCENE(test_chance),
			SCENE(test_bad_answer),
			SCENE(test_old_answer),
			SCENE(test_too_brief),
			SCENE(test_refresh_fails),
			SCENE(test_runs_out),
			SCENE(test_by_hand),
			SCENE(test_drop),
			SCENE(test_drop_in_silence),
			SCENE(test_drop_asked),
			SCENE(test_wanted_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
