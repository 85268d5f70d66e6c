/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rr_help.h"
#include "scarce.h"

enum
{
	FILE_MAX = 64 * 1024,
	ENOUGH = 1000
};

static bool blind; /* there is no randomness any more */

static bool weak_random(void *buf, size_t n)
{
	return !blind && rr_random(buf, n);
}

static void drain(struct wims_rangereg *rr, int64_t now, bool answered)
{
	struct wims_rangereg_action a;
	struct wims_rangereg_answer yes = {
			.code = 200,
			.granted = -1,
			.service_route = WIMS_PL("<sip:orig@s;lr>"),
			.associated = WIMS_PL("<sip:r1-!.*!@ims.test>,<sip:r3-!.*!@ims.test>"),
			.has_associated = true,
	};

	while(wims_rangereg_next_action(rr, now, &a))
		if(a.kind == WIMS_RANGEREG_SEND && answered)
			assert_true(wims_rangereg_answered(rr, a.txn, &yes, now));
}

/* Each that takes memory says NOMEM or has done its work. */
static bool may_fail(enum wims_reason is)
{
	assert_true(is == WIMS_OK || is == WIMS_NOMEM);
	return is == WIMS_OK;
}

/* True: there was enough for all of it. */
static bool story(struct scarce *s)
{
	struct wims_rangereg_policy policy = rr_policy;
	struct wims_rangereg *rr, *next = NULL;
	struct wims_rangereg_in in;
	struct wims_rangereg_view v;
	struct wims_buf file;
	size_t line;
	bool all = true;

	policy.ranges = 64;
	wims_buf_init(&file, &s->env, FILE_MAX);
	if((rr = wims_rangereg_new(&s->env, &policy, rr_random)) == NULL)
		return false;
	wims_rangereg_begin(rr);
	rr_in(&in, 1, WIMS_RANGE_AT_START);
	all = may_fail(wims_rangereg_add(rr, &in, 0)) && all;
	rr_in(&in, 2, WIMS_RANGE_BY_TOKEN);
	all = may_fail(wims_rangereg_add(rr, &in, 0)) && all;
	wims_rangereg_end(rr, 0);
	rr_in(&in, 3, WIMS_RANGE_BY_TOKEN);
	in.within = rr_wildcard(2);
	if(all)
		all = may_fail(wims_rangereg_bring(rr, &in, 0));
	drain(rr, 0, true);
	/* a registration without the memory for its route is one all the same */
	if(wims_rangereg_view(rr, rr_wildcard(1), 0, &v)) {
		assert_int_equal(v.state, WIMS_RANGEREG_REGISTERED);
		assert_true(v.service_route.l > 0 || v.last == WIMS_NOMEM);
		all = all && v.service_route.l > 0;
	}
	/* what moves to another registration stays where it was, or moves */
	wims_rangereg_begin(rr);
	rr_in(&in, 1, WIMS_RANGE_AT_START);
	in.pilot = WIMS_PL("sip:other@ims.test");
	all = may_fail(wims_rangereg_add(rr, &in, 1)) && all;
	drain(rr, 1, true);
	if(wims_rangereg_save(rr, &file, 1, 1)
	   && (next = wims_rangereg_new(&s->env, &policy, rr_random)) != NULL)
		all = may_fail(wims_rangereg_load(next, wims_buf_pl(&file), 2, 2, &line)) && all;
	else
		all = false;
	if(next != NULL)
		drain(next, 2, true);
	wims_rangereg_end(rr, 2);
	drain(rr, 2, true);
	wims_rangereg_free(next);
	wims_rangereg_free(rr);
	wims_buf_clear(&file);
	return all;
}

static void each_allocation_fails(void **state)
{
	struct scarce s;
	size_t n;

	(void)state;
	for(n = 0; n < ENOUGH; n++) {
		bool all;

		scarce_init(&s, n);
		all = story(&s);
		assert_int_equal(s.live, 0);
		if(all)
			break;
	}
	assert_in_range(n, 20, ENOUGH - 1);
}

static void failed_add_changes_nothing(void **state)
{
	struct wims_rangereg *rr;
	struct wims_rangereg_in in;
	struct wims_rangereg_view v;
	struct scarce s;
	size_t n;

	(void)state;
	for(n = 0; n < 3; n++) {
		scarce_init(&s, ENOUGH);
		rr = wims_rangereg_new(&s.env, &rr_policy, rr_random);
		rr_in(&in, 1, WIMS_RANGE_AT_START);
		assert_int_equal(wims_rangereg_add(rr, &in, 0), WIMS_OK);
		drain(rr, 0, true);
		s.left = n;
		rr_in(&in, 3, WIMS_RANGE_AT_START);
		assert_int_equal(wims_rangereg_add(rr, &in, 0), WIMS_NOMEM);
		assert_false(wims_rangereg_view(rr, rr_wildcard(3), 0, &v));
		if(n < 2) {
			rr_in(&in, 1, WIMS_RANGE_AT_FIRST);
			in.pilot = WIMS_PL("sip:other@ims.test");
			s.left = n;
			assert_int_equal(wims_rangereg_add(rr, &in, 0), WIMS_NOMEM);
		}
		assert_int_equal(wims_rangereg_want(rr, rr_wildcard(1), 0, &v), WIMS_OK);
		assert_true(wims_pl_eq(v.to, WIMS_PL("sip:r1@ims.test")));
		assert_int_equal(v.trigger, WIMS_RANGE_AT_START);
		wims_rangereg_free(rr);
		assert_int_equal(s.live, 0);
	}
}

/* No name that could be guessed: no REGISTER, tried again later. */
static void no_randomness(void **state)
{
	struct wims_rangereg_policy policy = rr_policy;
	struct wims_rangereg_action a;
	struct wims_rangereg_in in;
	struct wims_rangereg_view v;
	struct wims_rangereg *rr;

	(void)state;
	blind = true;
	assert_null(wims_rangereg_new(&wims_env_libc, &policy, weak_random));
	blind = false;
	rr = wims_rangereg_new(&wims_env_libc, &policy, weak_random);
	assert_non_null(rr);
	rr_in(&in, 1, WIMS_RANGE_AT_START);
	blind = true;
	assert_int_equal(wims_rangereg_add(rr, &in, 0), WIMS_NOMEM);
	blind = false;
	assert_int_equal(wims_rangereg_add(rr, &in, 0), WIMS_OK);
	blind = true;
	assert_false(wims_rangereg_next_action(rr, 0, &a));
	assert_int_equal(wims_rangereg_want(rr, rr_wildcard(1), 0, &v), WIMS_RANGE_UNAVAILABLE);
	assert_int_equal(v.last, WIMS_CRYPTO_FAILED);
	assert_int_equal(v.due, rr_policy.retry_min_ms);
	blind = false;
	assert_true(wims_rangereg_next_action(rr, v.due, &a));
	assert_int_equal(a.cseq, 1);
	wims_rangereg_free(rr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(each_allocation_fails),
			cmocka_unit_test(failed_add_changes_nothing),
			cmocka_unit_test(no_randomness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
