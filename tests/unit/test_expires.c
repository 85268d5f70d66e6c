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

#include "sip/wims_expires.h"

#define NOW INT64_C(1700000000)
#define NONE UINT32_MAX /* the WIC asked for nothing */

static const struct wims_expires_policy usual = {
		.preset = 3600, .max = 3600, .wic_min = 30, .core_min = 600, .token_floor = 30};

struct plan_case
{
	uint32_t asked;
	int64_t exp; /* of the token */
	enum wims_reason r;
	uint32_t wic, core;
};

/* clang-format off */
static const struct plan_case plans[] = {
	{NONE, NOW + 7200, WIMS_OK, 3600, 3600},
	{NONE, NOW + 1000, WIMS_OK, 1000, 1000},
	{NONE, NOW + 599, WIMS_OK, 599, 600},
	{NONE, NOW + 600, WIMS_OK, 600, 600},
	{NONE, NOW + 601, WIMS_OK, 601, 601},
	{NONE, WIMS_TOKEN_EXP_NONE, WIMS_OK, 3600, 3600},
	{7200, NOW + 7200, WIMS_OK, 3600, 3600},
	{4294967294, NOW + 7200, WIMS_OK, 3600, 3600},
	{3599, NOW + 7200, WIMS_OK, 3599, 3599},
	{60, NOW + 7200, WIMS_OK, 60, 600},
	{30, NOW + 7200, WIMS_OK, 30, 600},
	{29, NOW + 7200, WIMS_EXPIRES_TOO_BRIEF, 0, 0},
	{1, NOW + 7200, WIMS_EXPIRES_TOO_BRIEF, 0, 0},
	/* at the floor: 200 for less than was asked, never 423 and 401 in turn */
	{3600, NOW + 30, WIMS_OK, 30, 600},
	{30, NOW + 30, WIMS_OK, 30, 600},
	{3600, NOW + 29, WIMS_TOKEN_NEARLY_EXPIRED, 0, 0},
	{1, NOW + 29, WIMS_TOKEN_NEARLY_EXPIRED, 0, 0},
	{NONE, NOW, WIMS_TOKEN_NEARLY_EXPIRED, 0, 0},
	{NONE, NOW - 1, WIMS_TOKEN_NEARLY_EXPIRED, 0, 0},
	{NONE, 0, WIMS_TOKEN_NEARLY_EXPIRED, 0, 0},
	{NONE, INT64_MIN, WIMS_TOKEN_NEARLY_EXPIRED, 0, 0},
};
/* clang-format on */

static void test_plan(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		const struct plan_case *c = &plans[i];
		struct wims_expires_plan plan = {.remove = true, .core = 1, .wic = 1};
		enum wims_reason r =
				wims_expires_plan(&plan, &usual, c->asked == NONE ? NULL : &c->asked, c->exp, NOW);

		if(r != c->r || plan.wic != c->wic || plan.core != c->core || plan.remove)
			fail_msg("row %zu: %s wic %u core %u", i, wims_reason_text(r), plan.wic, plan.core);
	}
}

static void test_plan_remove(void **state)
{
	struct wims_expires_plan plan;
	uint32_t asked = 0, grant = 1;

	(void)state;
	assert_int_equal(wims_expires_plan(&plan, &usual, &asked, NOW + 1, NOW), WIMS_OK);
	assert_true(plan.remove);
	assert_int_equal(plan.wic, 0);
	assert_int_equal(plan.core, 0);
	assert_int_equal(wims_expires_grant(&grant, &plan, 0, NOW, NOW + 1), WIMS_OK);
	assert_int_equal(grant, 0);
	grant = 1;
	assert_int_equal(wims_expires_grant(&grant, &plan, 600, NOW + 10, NOW), WIMS_OK);
	assert_int_equal(grant, 0);
}

static void test_far_clocks(void **state)
{
	struct wims_expires_plan plan;

	(void)state;
	assert_int_equal(wims_expires_plan(&plan, &usual, NULL, INT64_MAX, INT64_MIN), WIMS_OK);
	assert_int_equal(plan.wic, 3600);
	assert_int_equal(wims_expires_plan(&plan, &usual, NULL, NOW + (INT64_C(1) << 32) + 5, NOW),
					 WIMS_OK);
	assert_int_equal(plan.wic, 3600);
}

/* clang-format off */
static const struct { uint32_t granted; int64_t now; enum wims_reason r; uint32_t grant; } grants[] = {
	/* asked 1000 with a token of 1500 s, at NOW */
	{1000, NOW, WIMS_OK, 1000},
	{3600, NOW, WIMS_OK, 1000},
	{999, NOW, WIMS_OK, 999},
	{1, NOW, WIMS_OK, 1},
	{0, NOW, WIMS_CORE_ANSWER_BAD, 0},
	{1000, NOW + 500, WIMS_OK, 1000},
	{1000, NOW + 501, WIMS_OK, 999},
	{1000, NOW + 1499, WIMS_OK, 1},
	{1000, NOW + 1500, WIMS_TOKEN_NEARLY_EXPIRED, 0},
	{1000, INT64_MAX, WIMS_TOKEN_NEARLY_EXPIRED, 0},
};
/* clang-format on */

static void test_grant(void **state)
{
	struct wims_expires_plan plan;
	uint32_t asked = 1000;
	size_t i;

	(void)state;
	assert_int_equal(wims_expires_plan(&plan, &usual, &asked, NOW + 1500, NOW), WIMS_OK);
	for(i = 0; i < sizeof(grants) / sizeof(grants[0]); i++) {
		uint32_t grant = 77;
		enum wims_reason r =
				wims_expires_grant(&grant, &plan, grants[i].granted, NOW + 1500, grants[i].now);

		if(r != grants[i].r || grant != grants[i].grant)
			fail_msg("row %zu: %s %u", i, wims_reason_text(r), grant);
	}
}

static void test_end(void **state)
{
	static const int64_t wall = NOW * 1000 + 700; /* ms */

	(void)state;
	assert_int_equal(wims_expires_end(NOW + 10, wall, 5000), 5000 + 9300);
	assert_int_equal(wims_expires_end(NOW, wall, 5000), 4300);
	assert_int_equal(wims_expires_end(0, wall, 5000), 5000 - wall);
	assert_int_equal(wims_expires_end(WIMS_TOKEN_EXP_NONE, wall, 5000), INT64_MAX);
	assert_int_equal(wims_expires_end(INT64_MAX / 1000 + 1, wall, 5000), INT64_MAX);
	assert_int_equal(wims_expires_end(INT64_MAX / 1000, 0, INT64_MAX), INT64_MAX);
	assert_int_equal(wims_expires_end(INT64_MAX / 1000, 0, 0), INT64_MAX / 1000 * 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_plan),       cmocka_unit_test(test_plan_remove),
			cmocka_unit_test(test_far_clocks), cmocka_unit_test(test_grant),
			cmocka_unit_test(test_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
