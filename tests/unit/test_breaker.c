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

#include "base/wims_breaker.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum
{
	FAILURES_MAX = 5,
	PAUSE_MIN = 2000,
	PAUSE_MAX = 30000,
	LOST = 15000
};

static const struct wims_breaker_policy policy = {FAILURES_MAX, PAUSE_MIN, PAUSE_MAX, LOST};

enum step_kind
{
	ASK,     /* allowed? */
	GOOD,    /* an answer */
	BAD,     /* a failure */
	FAILURES /* as many as it takes to open */
};

struct step
{
	int64_t at;
	enum step_kind kind;
	bool allowed;
	enum wims_breaker_state after;
};

static void walk(const struct step *steps, size_t count)
{
	struct wims_breaker b = {0};
	size_t i, n;

	for(i = 0; i < count; i++) {
		const struct step *s = &steps[i];

		if(s->kind == ASK && wims_breaker_allow(&b, &policy, s->at) != s->allowed)
			fail_msg("step %zu: allowed is not %d", i, s->allowed);
		if(s->kind == GOOD)
			wims_breaker_report(&b, &policy, true, s->at);
		for(n = 0; n < (s->kind == BAD ? 1 : s->kind == FAILURES ? FAILURES_MAX : 0); n++)
			wims_breaker_report(&b, &policy, false, s->at);
		if(b.state != s->after)
			fail_msg("step %zu: %s instead of %s", i, wims_breaker_text(b.state),
					 wims_breaker_text(s->after));
	}
}

#define CLOSED WIMS_BREAKER_CLOSED
#define OPEN WIMS_BREAKER_OPEN
#define TRYING WIMS_BREAKER_TRYING

static void opens_and_recovers(void **state)
{
	static const struct step steps[] = {
			{0, ASK, true, CLOSED},
			{0, FAILURES, false, OPEN},
			{1, ASK, false, OPEN},
			{PAUSE_MIN - 1, ASK, false, OPEN},
			/* one try, and one only */
			{PAUSE_MIN, ASK, true, TRYING},
			{PAUSE_MIN, ASK, false, TRYING},
			{PAUSE_MIN + 5, GOOD, false, CLOSED},
			{PAUSE_MIN + 5, ASK, true, CLOSED},
			/* it begins anew: four failures are none too many */
			{5000, BAD, false, CLOSED},
			{5000, BAD, false, CLOSED},
			{5000, BAD, false, CLOSED},
			{5000, BAD, false, CLOSED},
			{5000, GOOD, false, CLOSED},
			{5000, BAD, false, CLOSED},
	};

	(void)state;
	walk(steps, COUNT(steps));
}

static void pauses_grow(void **state)
{
	struct wims_breaker b = {0};
	int64_t now = 0, last = PAUSE_MIN;
	int i;

	(void)state;
	for(i = 0; i < FAILURES_MAX; i++)
		wims_breaker_report(&b, &policy, false, now);
	for(i = 0; i < 8; i++) {
		int64_t pause = b.until - now;

		assert_int_equal(pause, last);
		assert_false(wims_breaker_allow(&b, &policy, b.until - 1));
		now = b.until;
		assert_true(wims_breaker_allow(&b, &policy, now));
		wims_breaker_report(&b, &policy, false, now);
		last = pause * 2 < PAUSE_MAX ? pause * 2 : PAUSE_MAX;
	}
	assert_int_equal(last, PAUSE_MAX);
}

/* What was on its way when it opened. */
static void late_reports(void **state)
{
	static const struct step fails[] = {
			{0, FAILURES, false, OPEN},
			{1900, BAD, false, OPEN},
			{1999, BAD, false, OPEN},
			{PAUSE_MIN, ASK, true, TRYING},
	};
	static const struct step answers[] = {
			{0, FAILURES, false, OPEN},
			{10, GOOD, false, CLOSED},
			{10, ASK, true, CLOSED},
	};

	(void)state;
	walk(fails, COUNT(fails));
	walk(answers, COUNT(answers));
}

static void lost_try(void **state)
{
	static const struct step steps[] = {
			{0, FAILURES, false, OPEN},
			{2000, ASK, true, TRYING},
			{2000 + LOST - 1, ASK, false, TRYING},
			{2000 + LOST, ASK, true, TRYING},
	};

	(void)state;
	walk(steps, COUNT(steps));
}

/* The one that was to try never asked. */
static void abandoned(void **state)
{
	struct wims_breaker b = {0};
	int i;

	(void)state;
	wims_breaker_abandon(&b, 0);
	assert_int_equal(b.state, CLOSED);
	for(i = 0; i < FAILURES_MAX; i++)
		wims_breaker_report(&b, &policy, false, 0);
	wims_breaker_abandon(&b, 1);
	assert_false(wims_breaker_allow(&b, &policy, 1));
	assert_true(wims_breaker_allow(&b, &policy, 2000));
	wims_breaker_abandon(&b, 2001);
	assert_true(wims_breaker_allow(&b, &policy, 2001));
	/* the pause that follows is as long as if nobody had been in between */
	wims_breaker_report(&b, &policy, false, 2002);
	assert_int_equal(b.until - 2002, 2 * PAUSE_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(opens_and_recovers),
									   cmocka_unit_test(pauses_grow),
									   cmocka_unit_test(late_reports), cmocka_unit_test(lost_try),
									   cmocka_unit_test(abandoned)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
