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

static void one_registration_for_two_ranges(void **state)
{
	static const struct rr_step steps[] = {
			{0, RR_ADD, 1, START, "S1:1/3600 ", NULL},
			{0, RR_ADD_TO_1, 2, START, "", NULL},
			{1, RR_ANSWER, 1, 200, "ok1 ", NULL},
			{1, RR_WANT, 2, PENDING, "", NULL},
	};

	(void)state;
	PLAY(steps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(registers_at_start),
			cmocka_unit_test(refreshes_short_ones_at_half),
			cmocka_unit_test(registers_for_the_first),
			cmocka_unit_test(comes_back_within_the_grace),
			cmocka_unit_test(one_registration_for_two_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
