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
#define PENDING WIMS_RANGE_PENDING
#define UNAVAILABLE WIMS_RANGE_UNAVAILABLE
#define REFUSED WIMS_RANGE_REFUSED

/* ---- each code ---- */

static const struct
{
	int code;
	const char *first;     /* what comes of it, of a first REGISTER for which a WIC waits */
	const char *refreshed; /* of a refresh */
	enum wims_reason last;
} codes[] = {
		{0, "no1 ", "", WIMS_CORE_TIMEOUT},
		{300, "no1 ", "", WIMS_RANGE_UNAVAILABLE},
		{302, "no1 ", "", WIMS_RANGE_UNAVAILABLE},
		{400, "no1 ", "", WIMS_RANGE_UNAVAILABLE},
		{401, "re1 ", "gone1:denied ", WIMS_CORE_CHALLENGE},
		{403, "re1 ", "S1:1/3600 ", WIMS_RANGE_REFUSED},
		{404, "re1 ", "S1:1/3600 ", WIMS_RANGE_REFUSED},
		{407, "re1 ", "gone1:denied ", WIMS_CORE_CHALLENGE},
		{408, "no1 ", "", WIMS_CORE_TIMEOUT},
		{420, "no1 ", "", WIMS_RANGE_UNAVAILABLE},
		{423, "no1 ", "", WIMS_EXPIRES_TOO_BRIEF},
		{480, "no1 ", "", WIMS_RANGE_UNAVAILABLE},
		{481, "no1 ", "S1:1/3600 ", WIMS_RANGE_UNAVAILABLE},
		{500, "no1 ", "", WIMS_RANGE_UNAVAILABLE},
		{503, "no1 ", "", WIMS_RANGE_UNAVAILABLE},
		{600, "re1 ", "gone1:denied ", WIMS_RANGE_REFUSED},
		{603, "re1 ", "gone1:denied ", WIMS_RANGE_REFUSED},
};

/* When is it tried again: after the first back-off, or after a refusal? */
static void check_wait(const struct rr_world *w, const char *told)
{
	struct wims_rangereg_view v;
	bool refused = told[0] == 'r' || told[0] == 'g';

	assert_true(wims_rangereg_view(w->rr, rr_wildcard(1), w->now, &v));
	assert_int_equal(v.due - w->now, refused ? rr_policy.refused_ms : rr_policy.retry_min_ms);
	assert_int_equal(v.failures, 1);
}

static void each_code_of_a_first_one(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(codes); i++) {
		struct rr_world w;
		struct wims_rangereg_view v;
		const struct rr_step steps[] = {
				{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
				{0, RR_WANT, 1, PENDING, "", NULL},
				{1, RR_ANSWER, 1, codes[i].code, codes[i].first, ""},
				{1, RR_WANT, 1, codes[i].first[0] == 'r' ? REFUSED : UNAVAILABLE, "", NULL},
		};

		rr_open(&w, &rr_policy);
		rr_run(&w, steps, COUNT(steps));
		check_wait(&w, codes[i].first);
		assert_true(wims_rangereg_view(w.rr, rr_wildcard(1), w.now, &v));
		assert_string_equal(wims_reason_text(v.last), wims_reason_text(codes[i].last));
		assert_int_equal(v.last_code, codes[i].code);
		rr_close(&w);
	}
}

static void each_code_of_a_refresh(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(codes); i++) {
		struct rr_world w;
		const struct rr_step steps[] = {
				{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
				{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
				{3000, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
				{3001, RR_ANSWER, 1, codes[i].code, codes[i].refreshed, ""},
		};
		char call_id[WIMS_RANGEREG_CALL_ID_LEN + 1];
		bool anew = codes[i].refreshed[0] == 'S';

		rr_open(&w, &rr_policy);
		rr_run(&w, steps, 3);
		memcpy(call_id, w.call_id[1], sizeof(call_id));
		rr_run(&w, steps + 3, 1);
		assert_int_equal(strcmp(call_id, w.call_id[1]) != 0, anew);
		if(!anew)
			check_wait(&w, codes[i].refreshed);
		rr_close(&w);
	}
}

/* ---- failures ---- */

static void waits_longer_each_time(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 500, "", ""},
			{1, RR_TICK, 0, 0, "", NULL},
			{2, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{2, RR_ANSWER, 1, 500, "", ""},
			{5, RR_TICK, 0, 0, "", NULL},
			{6, RR_TICK, 0, 0, "S1:3/3600 ", NULL},
			{6, RR_ANSWER, 1, 500, "", ""},
			{14, RR_TICK, 0, 0, "S1:4/3600 ", NULL},
			{14, RR_ANSWER, 1, 500, "", ""},
			{30, RR_TICK, 0, 0, "S1:5/3600 ", NULL},
			{30, RR_ANSWER, 1, 500, "", ""},
			{62, RR_TICK, 0, 0, "S1:6/3600 ", NULL},
			{62, RR_ANSWER, 1, 500, "", ""},
			{121, RR_TICK, 0, 0, "", NULL},
			{122, RR_TICK, 0, 0, "S1:7/3600 ", NULL},
			{122, RR_ANSWER, 1, 500, "", ""},
			{181, RR_TICK, 0, 0, "", NULL},
			{182, RR_TICK, 0, 0, "S1:8/3600 ", NULL},
			{182, RR_ANSWER, 1, 200, "ok1 ", NULL},
			/* and begins anew */
			{183, RR_REFRESH, 1, 0, "S1:9/3600 ", NULL},
			{183, RR_ANSWER, 1, 500, "", ""},
			{184, RR_TICK, 0, 0, "", NULL},
			{185, RR_TICK, 0, 0, "S1:10/3600 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void obeys_retry_after_within_bounds(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 503, "", "after=100"},
			{99, RR_TICK, 0, 0, "", NULL},
			{100, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{100, RR_ANSWER, 1, 503, "", "after=0"},
			{101, RR_TICK, 0, 0, "", NULL},
			{102, RR_TICK, 0, 0, "S1:3/3600 ", NULL},
			{102, RR_ANSWER, 1, 503, "", "after=9000000000000000000"},
			{3701, RR_TICK, 0, 0, "", NULL},
			{3702, RR_TICK, 0, 0, "S1:4/3600 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

/* A WIC that comes in a back-off causes no REGISTER. */
static void nobody_hurries_it(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, FIRST, "", NULL},
			{0, RR_WANT, 1, PENDING, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 503, "no1 ", "after=40"},
			{1, RR_WANT, 1, UNAVAILABLE, "", NULL},
			{20, RR_WANT, 1, UNAVAILABLE, "", NULL},
			/* who asked is gone by now */
			{40, RR_TICK, 0, 0, "", NULL},
			{50, RR_WANT, 1, PENDING, "S1:2/3600 ", NULL},
			{50, RR_ANSWER, 1, 403, "re1 ", ""},
			{51, RR_WANT, 1, REFUSED, "", NULL},
			{651, RR_WANT, 1, PENDING, "S1:3/3600 ", NULL},
			{652, RR_ANSWER, 1, 200, "ok1 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void late_answers(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_WANT, 1, PENDING, "", NULL},
			{0, RR_ANSWER, 1, 100, "", ""},
			{10, RR_TICK, 0, 0, "no1 ", NULL},
			/* only a 2xx counts that late */
			{11, RR_ANSWER, 1, 403, "", ""},
			{11, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{11, RR_ANSWER, 1, 200, "", "granted=0"},
			{11, RR_ANSWER, 1, 500, "", ""},
			{12, RR_TICK, 0, 0, "", NULL},
			{3011, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{3012, RR_ANSWER, 1, 408, "", ""},
			{3014, RR_TICK, 0, 0, "S1:3/3600 ", NULL},
			/* of an older one nothing does */
			{3015, RR_ANSWER_OLD, 1, 200, "", NULL},
			{3024, RR_TICK, 0, 0, "", NULL},
			{3028, RR_TICK, 0, 0, "S1:4/3600 ", NULL},
			/* answered twice */
			{3029, RR_ANSWER, 1, 200, "", NULL},
			{3029, RR_ANSWER, 1, 403, "", ""},
			{3030, RR_TICK, 0, 0, "", NULL},
	};

	(void)state;
	PLAY(steps);
}

/* tm has given up, and the 200 comes all the same. */
static void later_than_the_transaction(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_WANT, 1, PENDING, "", NULL},
			{4, RR_ANSWER, 1, 408, "no1 ", ""},
			{5, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{7, RR_TICK, 0, 0, "", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void expires_without_an_answer(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", "granted=60,list"},
			{30, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{30, RR_ANSWER, 1, 500, "", ""},
			{32, RR_TICK, 0, 0, "S1:3/3600 ", NULL},
			{42, RR_TICK, 0, 0, "", NULL},
			{46, RR_TICK, 0, 0, "S1:4/3600 ", NULL},
			{46, RR_ANSWER, 1, 503, "", "after=1000"},
			{59, RR_WANT, 1, WIMS_OK, "", NULL},
			{60, RR_TICK, 0, 0, "lost1:expired ", NULL},
			{60, RR_WANT, 1, UNAVAILABLE, "", NULL},
			{1045, RR_TICK, 0, 0, "", NULL},
			{1046, RR_TICK, 0, 0, "S1:5/3600 ", NULL},
			{1046, RR_ANSWER, 1, 200, "ok1 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

/* The core was restarted and knows nothing of it. */
static void begins_anew_once(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{3000, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{3000, RR_ANSWER, 1, 481, "S1:1/3600 ", ""},
			{3000, RR_WANT, 1, WIMS_OK, "", NULL},
			{3000, RR_ANSWER, 1, 200, "", NULL},
			{6000, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{6000, RR_ANSWER, 1, 404, "S1:1/3600 ", ""},
			{6000, RR_ANSWER, 1, 500, "", ""},
			{6002, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{6002, RR_ANSWER, 1, 403, "gone1:denied ", ""},
			{6002, RR_WANT, 1, REFUSED, "", NULL},
			{6601, RR_TICK, 0, 0, "", NULL},
			{6602, RR_TICK, 0, 0, "S1:3/3600 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

static void longer_as_the_core_wants(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 423, "S1:2/7000 ", "min=7000"},
			{0, RR_ANSWER, 1, 423, "", "min=7100"},
			{2, RR_TICK, 0, 0, "S1:3/7000 ", NULL},
			{2, RR_ANSWER, 1, 423, "S1:4/7100 ", "min=7100"},
			{2, RR_ANSWER, 1, 200, "ok1 ", "list,granted=7100"},
			{6501, RR_TICK, 0, 0, "", NULL},
			{6502, RR_TICK, 0, 0, "S1:5/7100 ", NULL},
			/* what makes no sense, and what is too long */
			{6502, RR_ANSWER, 1, 423, "", "min=7100"},
			{6504, RR_TICK, 0, 0, "S1:6/7100 ", NULL},
			{6504, RR_ANSWER, 1, 423, "", "min=7201"},
	};

	(void)state;
	PLAY(steps);
}

static void grants_nothing(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_WANT, 1, PENDING, "", NULL},
			{0, RR_ANSWER, 1, 200, "no1 ", "granted=0,list"},
			{2, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{2, RR_ANSWER, 1, 200, "ok1 ", "granted=1,list"},
			{3, RR_TICK, 0, 0, "lost1:expired S1:3/3600 ", NULL},
	};

	(void)state;
	PLAY(steps);
}

/* Its turn comes, and it has nothing to send by then: the next one has. */
static void lets_the_next_one_pass(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{0, RR_ADD, 2, START, "S2:1/3600 ", NULL},
			{0, RR_ANSWER, 2, 200, "ok2 ", NULL},
			{0, RR_ADD, 3, START, "S3:1/3600 ", NULL},
			{0, RR_ANSWER, 3, 200, "ok3 ", NULL},
			{3000, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{3000, RR_NEWS, 2, WIMS_REGINFO_UNREGISTERED, "lost2:network ", "over"},
			{3001, RR_ANSWER, 1, 200, "S3:2/3600 ", NULL},
			{3002, RR_TICK, 0, 0, "", NULL},
			{3003, RR_ANSWER, 3, 200, "S2:1/3600 ", NULL},
	};
	struct wims_rangereg_policy policy = rr_policy;

	(void)state;
	policy.in_flight = 1;
	rr_play(&policy, steps, COUNT(steps));
}

/* ---- leaving ---- */

static void leaves_whatever_is_said(void **state)
{
	static const int well[] = {200, 403, 404, 481, 401, 600};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(well); i++) {
		const struct rr_step steps[] = {
				{0, RR_ADD, 1, FIRST, "", NULL},
				{0, RR_WANT, 1, PENDING, "S1:1/3600 ", NULL},
				{0, RR_ANSWER, 1, 200, "ok1 ", NULL},
				{30, RR_TICK, 0, 0, "S1:2/0 lost1:idle ", NULL},
				{31, RR_ANSWER, 1, well[i], "", ""},
				{31, RR_WANT, 1, PENDING, "S1:3/3600 ", NULL},
		};

		PLAY(steps);
	}
}

static void gives_up_leaving(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, FIRST, "", NULL},
			{0, RR_WANT, 1, PENDING, "S1:1/3600 ", NULL},
			/* nobody knows whether it is registered */
			{10, RR_TICK, 0, 0, "no1 ", NULL},
			{12, RR_TICK, 0, 0, "S1:2/3600 ", NULL},
			{13, RR_ANSWER, 1, 500, "", ""},
			{17, RR_TICK, 0, 0, "S1:3/3600 ", NULL},
			{18, RR_ANSWER, 1, 500, "", ""},
			{26, RR_TICK, 0, 0, "S1:4/3600 ", NULL},
			{27, RR_ANSWER, 1, 500, "", ""},
			{40, RR_TICK, 0, 0, "", NULL},
			{43, RR_TICK, 0, 0, "S1:5/0 ", NULL},
			{44, RR_ANSWER, 1, 500, "", ""},
			{76, RR_TICK, 0, 0, "S1:6/0 ", NULL},
			{76, RR_ANSWER, 1, 500, "", ""},
			{136, RR_TICK, 0, 0, "S1:7/0 ", NULL},
			{136, RR_ANSWER, 1, 500, "", ""},
			{9999, RR_TICK, 0, 0, "", NULL},
	};

	(void)state;
	PLAY(steps);
}

/* A 200 to a REGISTER that was given up is answered by leaving. */
static void late_success_leaves(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL}, {1, RR_DEREGISTER, 1, 0, "", NULL},
			{2, RR_ANSWER, 1, 200, "S1:2/0 ", NULL},   {3, RR_ANSWER, 1, 200, "", NULL},
			{9999, RR_TICK, 0, 0, "", NULL},
	};

	(void)state;
	PLAY(steps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(each_code_of_a_first_one),
			cmocka_unit_test(each_code_of_a_refresh),
			cmocka_unit_test(waits_longer_each_time),
			cmocka_unit_test(obeys_retry_after_within_bounds),
			cmocka_unit_test(nobody_hurries_it),
			cmocka_unit_test(late_answers),
			cmocka_unit_test(later_than_the_transaction),
			cmocka_unit_test(expires_without_an_answer),
			cmocka_unit_test(begins_anew_once),
			cmocka_unit_test(longer_as_the_core_wants),
			cmocka_unit_test(grants_nothing),
			cmocka_unit_test(lets_the_next_one_pass),
			cmocka_unit_test(leaves_whatever_is_said),
			cmocka_unit_test(gives_up_leaving),
			cmocka_unit_test(late_success_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
