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

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PLAY(steps) rr_play(&rr_policy, steps, COUNT(steps))

#define START WIMS_RANGE_AT_START
#define FIRST WIMS_RANGE_AT_FIRST
#define TOKEN WIMS_RANGE_BY_TOKEN
#define PENDING WIMS_RANGE_PENDING
#define UNAVAILABLE WIMS_RANGE_UNAVAILABLE
#define REFUSED WIMS_RANGE_REFUSED

/* ---- when it registers ---- */

static void registers_at_start(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_WANT, 1, PENDING, "", NULL},
			{1, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{1, RR_WANT, 1, WIMS_OK, "", NULL},
			/* 600 s before its end (TS 24.229 5.1.1.4.1) */
			{3000, RR_TICK, 0, 0, "", NULL},
			{3001, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{3002, RR_ANSWER, 1, 200, "", NULL},
			/* nobody in it is no reason to leave */
			{3003, RR_MEMBERS, 1, 5, "", NULL},
			{3004, RR_MEMBERS, 1, 0, "", NULL},
			{3100, RR_TICK, 0, 0, "", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void refreshes_short_ones_at_half(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", "granted=1200,list"},
			{599, RR_TICK, 0, 0, "", NULL},
			{600, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{600, RR_ANSWER, 1, 200, "", "granted=1201,list"},
			{1200, RR_TICK, 0, 0, "", NULL},
			{1201, RR_TICK, 0, 0, "S1:3/3600 ", NULL},
			/* more than was asked for does not count */
			{1201, RR_ANSWER, 1, 200, "", "granted=900000,list"},
			{4200, RR_TICK, 0, 0, "", NULL},
			{4201, RR_TICK, 0, 0, "S1:4/3600 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void registers_for_the_first(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, FIRST, "", NULL},
			{5, RR_WANT, 1, PENDING, "S1:1/3600 ", NULL},
			{5, RR_WANT, 1, PENDING, "", NULL},
			{6, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{7, RR_MEMBERS, 1, 2, "", NULL},
			{100, RR_MEMBERS, 1, 0, "", NULL},
			{129, RR_TICK, 0, 0, "", NULL},
			{130, RR_TICK, 0, 0, "S1:2/0 lost1:idle ", NULL},
			{130, RR_WANT, 1, PENDING, "", NULL},
			{131, RR_ANSWER, 1, 200, "S1:3/3600 ", NULL},
			{131, RR_ANSWER, 1, 200, "ok1 ", NULL},
			/* and nobody comes */
			{160, RR_TICK, 0, 0, "", NULL},
			{161, RR_TICK, 0, 0, "S1:4/0 lost1:idle ", NULL},
			{162, RR_ANSWER, 1, 200, "", NULL},
			{9000, RR_TICK, 0, 0, "", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void comes_back_within_the_grace(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, FIRST, "", NULL},      {0, RR_WANT, 1, PENDING, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL}, {1, RR_MEMBERS, 1, 1, "", NULL},
			{2, RR_MEMBERS, 1, 0, "", NULL},      {31, RR_WANT, 1, WIMS_OK, "", NULL},
			{33, RR_TICK, 0, 0, "", NULL},        {60, RR_MEMBERS, 1, 1, "", NULL},
			{600, RR_TICK, 0, 0, "", NULL},
	};

	(void)state;
	PLAY(steps);
}

/* Without a grace a WIC that was let in still gets the time to come. */
static void no_grace(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, FIRST, "", NULL},
			{0, RR_WANT, 1, PENDING, "S1:1/3600 ", NULL},
			{1, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{5, RR_MEMBERS, 1, 1, "", NULL},
			{50, RR_MEMBERS, 1, 0, "S1:2/0 lost1:idle ", NULL},
			{50, RR_ANSWER, 1, 200, "", NULL},
			{51, RR_WANT, 1, PENDING, "S1:3/3600 ", NULL},
			{51, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{55, RR_WANT, 1, WIMS_OK, "", NULL},
			{59, RR_TICK, 0, 0, "", NULL},
			{60, RR_TICK, 0, 0, "S1:4/0 lost1:idle ", NULL},
	};
	struct wims_rangereg_policy policy = rr_policy;

	(void)state;
	policy.grace_ms = 0;
	rr_play(&policy, steps, COUNT(steps));
}

static void one_registration_for_two_ranges(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ADD_TO_1, 2, FIRST, "", NULL},
			{1, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{1, RR_WANT, 2, PENDING, "", NULL},
			{2, RR_NEWS_RANGE, 2, 0, "ok2 ", NULL},
			{3, RR_MEMBERS, 2, 1, "", NULL},
			{4, RR_MEMBERS, 2, 0, "", NULL},
			/* the other one keeps it */
			{100, RR_TICK, 0, 0, "", NULL},
			{100, RR_DEREGISTER, 1, 0, "lost1:hand S1:2/0 lost2:idle ", NULL},
			{101, RR_ANSWER, 1, 200, "", NULL},
			{102, RR_WANT, 2, PENDING, "S1:3/3600 ", NULL},
			{103, RR_NEWS_RANGE, 2, 0, "", NULL},
			{103, RR_ANSWER, 1, 200, "", NULL},
			{103, RR_NEWS_RANGE, 2, 0, "ok2 ", NULL},
			{103, RR_WANT, 1, UNAVAILABLE, "", NULL},
	};

	(void)state;
	PLAY(steps);
}

/* With REGISTERs under way for so many, others wait. */
static void few_at_a_time(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ADD, 2, START, "S2:1/3600 ", NULL},
			{0, RR_ADD, 3, START, "S3:1/3600 ", NULL},
			{0, RR_ADD, 4, START, "S4:1/3600 ", NULL},
			{0, RR_ADD, 5, START, "", NULL},
			{0, RR_ADD, 6, START, "", NULL},
			{1, RR_TICK, 0, 0, "", NULL},
			{1, RR_ANSWER, 2, 200, "ok2 S5:1/3600 ", NULL},
			/* one that is not wanted any more gives its place in the queue back */
			{1, RR_DEREGISTER, 6, 0, "", NULL},
			{1, RR_ANSWER, 3, 200, "ok3 ", NULL},
			{1, RR_REGISTER, 6, 0, "S6:1/3600 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

/* ---- who wants it ---- */

static void provisioning_changes(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_BEGIN, 0, 0, "", NULL},
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ADD, 2, START, "S2:1/3600 ", NULL},
			{0, RR_END, 0, 0, "", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{0, RR_ANSWER, 2, 200, "ok2 ", NULL},
			/* the same again is none */
			{1, RR_BEGIN, 0, 0, "", NULL},
			{1, RR_ADD, 1, START, "", NULL},
			{1, RR_ADD, 2, START, "", NULL},
			{1, RR_END, 0, 0, "", NULL},
			/* one is gone */
			{2, RR_BEGIN, 0, 0, "", NULL},
			{2, RR_ADD, 2, START, "", NULL},
			{2, RR_END, 0, 0, "lost1:removed S1:2/0 ", NULL},
			/* and comes back while it leaves */
			{3, RR_BEGIN, 0, 0, "", NULL},
			{3, RR_ADD, 1, START, "", NULL},
			{3, RR_ADD, 2, FIRST, "", NULL},
			{3, RR_END, 0, 0, "", NULL},
			{4, RR_ANSWER, 1, 200, "S1:3/3600 ", NULL},
			{4, RR_ANSWER, 1, 200, "ok1 ", NULL},
			/* the other one is of another trigger now: nobody is in it */
			{32, RR_TICK, 0, 0, "", NULL},
			{33, RR_TICK, 0, 0, "S2:2/0 lost2:idle ", NULL},
			{33, RR_ANSWER, 2, 200, "", NULL},
			{34, RR_BEGIN, 0, 0, "", NULL},
			{34, RR_ADD, 1, START, "", NULL},
			{34, RR_ADD, 2, START, "S2:3/3600 ", NULL},
			{34, RR_END, 0, 0, "", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void changes_pilot(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{0, RR_ADD, 2, START, "S2:1/3600 ", NULL},
			{0, RR_ANSWER, 2, 200, "ok2 ", NULL},
			{1, RR_BEGIN, 0, 0, "", NULL},
			{1, RR_ADD, 1, START, "", NULL},
			/* range 2 is in the implicit set of pilot 1 now, which is asked about it */
			{1, RR_ADD_TO_1, 2, START, "lost2:removed S2:2/0 S1:2/3600 ", NULL},
			{1, RR_END, 0, 0, "", NULL},
			{2, RR_ANSWER, 2, 200, "", NULL},
			{2, RR_ANSWER, 1, 200, "", NULL},
			{3, RR_NEWS_RANGE, 2, 0, "ok2 ", NULL},
			/* To is the wildcard itself */
			{4, RR_BEGIN, 0, 0, "", NULL},
			{4, RR_ADD, 1, START, "", NULL},
			{4, RR_ADD_WILD, 2, START, "lost2:removed S2:1/3600 ", NULL},
			{4, RR_END, 0, 0, "", NULL},
			{5, RR_ANSWER, 2, 200, "ok2 ", ""},
	};

	(void)state;
	PLAY(steps);
}

static void by_hand(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ADD, 2, FIRST, "", NULL},
			{1, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{2, RR_REFRESH, 1, 0, "S1:2/3600 ", NULL},
			{2, RR_REFRESH, 1, 0, "", NULL},
			{2, RR_ANSWER, 1, 200, "", NULL},
			/* nobody wants it */
			{2, RR_REFRESH, 2, 0, "", NULL},
			{3, RR_DEREGISTER, 1, 0, "lost1:hand S1:3/0 ", NULL},
			{3, RR_WANT, 1, UNAVAILABLE, "", NULL},
			{4, RR_ANSWER, 1, 200, "", NULL},
			{4, RR_REFRESH, 1, 0, "", NULL},
			/* no reload brings it back */
			{5, RR_BEGIN, 0, 0, "", NULL},
			{5, RR_ADD, 1, START, "", NULL},
			{5, RR_ADD, 2, FIRST, "", NULL},
			{5, RR_END, 0, 0, "", NULL},
			{6, RR_REGISTER, 1, 0, "S1:4/3600 ", NULL},
			{6, RR_ANSWER, 1, 403, "", NULL},
			/* nor does a refusal hinder a hand */
			{7, RR_REGISTER, 1, 0, "S1:5/3600 ", NULL},
			{7, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{8, RR_REGISTER, 2, 0, "S2:1/3600 ", NULL},
			{8, RR_ANSWER, 2, 200, "ok2 ", NULL},
			{38, RR_TICK, 0, 0, "S2:2/0 lost2:idle ", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void leaves_at_shutdown(void **state)
{
	struct rr_world w;
	struct wims_rangereg_counts counts;
	static const struct rr_step before[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ADD, 2, START, "S2:1/3600 ", NULL},
			{0, RR_ADD, 3, START, "S3:1/3600 ", NULL},
			{0, RR_ADD, 4, FIRST, "", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{0, RR_ANSWER, 3, 200, "ok3 ", NULL},
			{0, RR_WANT, 2, PENDING, "", NULL},
			{1, RR_LEAVE_ALL, 0, 0, "no2 S1:2/0 S3:2/0 ", NULL},
			{1, RR_WANT, 1, UNAVAILABLE, "", NULL},
			{1, RR_WANT, 4, UNAVAILABLE, "", NULL},
			/* what is under way leaves as soon as it is answered */
			{2, RR_ANSWER, 2, 200, "S2:2/0 ", NULL},
			{2, RR_ANSWER, 1, 200, "", NULL},
			/* one attempt each */
			{3, RR_ANSWER, 3, 503, "", NULL},
	};
	static const struct rr_step after[] = {{12, RR_TICK, 0, 0, "", NULL},
										   {9000, RR_TICK, 0, 0, "", NULL}};

	(void)state;
	rr_open(&w, &rr_policy);
	rr_run(&w, before, COUNT(before));
	rr_run(&w, after, COUNT(after));
	wims_rangereg_counts(w.rr, w.now, &counts);
	assert_int_equal(counts.in_flight, 0);
	rr_close(&w);
}

/* ---- what it is told ---- */

static void refuses_what_is_no_range(void **state)
{
	static char longer[WIMS_RANGE_TEXT_MAX + 1];
	struct rr_world w;
	struct wims_rangereg_in in;
	struct wims_rangereg_view view;
	int n;

	(void)state;
	rr_open(&w, &rr_policy);
	memset(longer, 'a', sizeof(longer));
	memcpy(longer, "sip:", 4);
	rr_in(&in, 1, START);
	in.wildcard = WIMS_PL("no-scheme");
	assert_int_equal(wims_rangereg_add(w.rr, &in, 0), WIMS_URI_BAD);
	in.wildcard = WIMS_PL("sip:a%zz!.*!@ims.test");
	assert_int_equal(wims_rangereg_add(w.rr, &in, 0), WIMS_URI_BAD);
	in.wildcard = WIMS_PL("sip:a\t!.*!@ims.test");
	assert_int_equal(wims_rangereg_add(w.rr, &in, 0), WIMS_REQUEST_MALFORMED);
	in.wildcard = (struct wims_pl){longer, sizeof(longer)};
	assert_int_equal(wims_rangereg_add(w.rr, &in, 0), WIMS_REQUEST_MALFORMED);
	rr_in(&in, 1, START);
	in.impi = (struct wims_pl){longer, WIMS_IMPI_MAX + 1};
	assert_int_equal(wims_rangereg_add(w.rr, &in, 0), WIMS_REQUEST_MALFORMED);
	rr_in(&in, 1, WIMS_RANGE_NEVER);
	assert_int_equal(wims_rangereg_add(w.rr, &in, 0), WIMS_OK);
	assert_false(wims_rangereg_view_at(w.rr, 0, 0, &view));
	for(n = 0; n < (int)rr_policy.ranges; n++) {
		rr_in(&in, n, FIRST);
		assert_int_equal(wims_rangereg_add(w.rr, &in, 0), WIMS_OK);
	}
	rr_in(&in, 9, FIRST);
	assert_int_equal(wims_rangereg_add(w.rr, &in, 0), WIMS_LIMIT_REACHED);
	assert_false(wims_rangereg_register(w.rr, rr_wildcard(9), 0));
	assert_false(wims_rangereg_deregister(w.rr, rr_wildcard(9), 0));
	assert_false(wims_rangereg_refresh(w.rr, rr_wildcard(9), 0));
	assert_false(wims_rangereg_view(w.rr, rr_wildcard(9), 0, &view));
	assert_int_equal(wims_rangereg_want(w.rr, rr_wildcard(9), 0, &view), UNAVAILABLE);
	rr_close(&w);
}

static void shows_itself(void **state)
{
	struct rr_world w;
	struct wims_rangereg_view v;
	struct wims_rangereg_counts counts;
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ADD_WILD, 2, FIRST, "", NULL},
			{7, RR_ANSWER, 1, 200, "ok1 ", "route,list,granted=1000"},
			{8, RR_MEMBERS, 1, 3, "", NULL},
	};

	(void)state;
	rr_open(&w, &rr_policy);
	rr_run(&w, steps, COUNT(steps));
	/* escapes and case of scheme and host play no part */
	assert_true(wims_rangereg_view(w.rr, WIMS_PL("SIP:r1-!%2E*%21@IMS.test;user=phone"), 8000, &v));
	assert_true(wims_pl_eq(v.wildcard, rr_wildcard(1)));
	assert_true(wims_pl_eq(v.wwsf, WIMS_PL("wwsf")));
	assert_true(wims_pl_eq(v.impi, WIMS_PL("r1@ims.test")));
	assert_true(wims_pl_eq(v.to, WIMS_PL("sip:r1@ims.test")));
	assert_true(wims_pl_eq(v.domain, WIMS_PL("ims.test")));
	assert_true(wims_pl_eq(v.service_route, WIMS_PL("<sip:orig@scscf.ims.test;lr>")));
	assert_string_equal(wims_rangereg_state_text(v.state), "registered");
	assert_int_equal(v.expires, 1007 * 1000);
	assert_int_equal(v.due, 507 * 1000);
	assert_int_equal(v.last, WIMS_OK);
	assert_int_equal(v.last_code, 200);
	assert_int_equal(v.last_at, 7000);
	assert_int_equal(v.members, 3);
	assert_int_equal(v.cseq, 1);
	assert_string_equal(v.contact_user, w.contact_user[1]);
	assert_string_equal(v.call_id, w.call_id[1]);
	assert_true(wims_rangereg_view_at(w.rr, 1, 8000, &v));
	assert_string_equal(wims_rangereg_state_text(v.state), "off");
	assert_true(wims_pl_eq(v.to, rr_wildcard(2)));
	assert_true(v.due == WIMS_FLOW_NEVER && v.expires == 0 && v.last_code == 0);
	wims_rangereg_counts(w.rr, 8000, &counts);
	assert_int_equal(counts.ranges, 2);
	assert_int_equal(counts.registered, 1);
	assert_int_equal(counts.in_flight, 0);
	rr_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(registers_at_start),
			cmocka_unit_test(refreshes_short_ones_at_half),
			cmocka_unit_test(registers_for_the_first),
			cmocka_unit_test(comes_back_within_the_grace),
			cmocka_unit_test(no_grace),
			cmocka_unit_test(one_registration_for_two_ranges),
			cmocka_unit_test(few_at_a_time),
			cmocka_unit_test(provisioning_changes),
			cmocka_unit_test(changes_pilot),
			cmocka_unit_test(by_hand),
			cmocka_unit_test(leaves_at_shutdown),
			cmocka_unit_test(refuses_what_is_no_range),
			cmocka_unit_test(shows_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
