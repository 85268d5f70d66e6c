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

struct plan_case
{
	uint32_t asked;
	int64_t exp; /* of the token */
	enum wims_reason r;
	uint32_t wic, core;
};

/* clang-format off */
static const struct plan_case plans[] = { /* 3600, 3600, 30, 600, 30 */
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
		enum wims_reason r = wims_expires_plan(&plan, &wims_expires_defaults,
											   c->asked == NONE ? NULL : &c->asked, c->exp, NOW);

		if(r != c->r || plan.wic != c->wic || plan.core != c->core || plan.remove)
			fail_msg("row %zu: %s wic %u core %u", i, wims_reason_text(r), plan.wic, plan.core);
	}
}

static void test_plan_remove(void **state)
{
	struct wims_expires_plan plan;
	uint32_t asked = 0, grant = 1;

	(void)state;
	assert_int_equal(wims_expires_plan(&plan, &wims_expires_defaults, &asked, NOW + 1, NOW),
					 WIMS_OK);
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
	assert_int_equal(wims_expires_plan(&plan, &wims_expires_defaults, NULL, INT64_MAX, INT64_MIN),
					 WIMS_OK);
	assert_int_equal(plan.wic, 3600);
	assert_int_equal(wims_expires_plan(&plan, &wims_expires_defaults, NULL,
									   NOW + (INT64_C(1) << 32) + 5, NOW),
					 WIMS_OK);
	assert_int_equal(plan.wic, 3600);
}

static void test_learn(void **state)
{
	struct wims_expires_policy policy = wims_expires_defaults;
	struct wims_expires_plan plan;

	(void)state;
	assert_int_equal(wims_expires_plan(&plan, &policy, NULL, NOW + 700, NOW), WIMS_OK);
	assert_int_equal(plan.core, 700);
	assert_int_equal(wims_expires_learn(&policy.core_min, &plan, 700), WIMS_CORE_ANSWER_BAD);
	assert_int_equal(wims_expires_learn(&policy.core_min, &plan, 0), WIMS_CORE_ANSWER_BAD);
	assert_int_equal(wims_expires_learn(&policy.core_min, &plan, WIMS_EXPIRES_MAX + 1),
					 WIMS_CORE_ANSWER_BAD);
	assert_int_equal(policy.core_min, 600);
	assert_int_equal(wims_expires_learn(&policy.core_min, &plan, 701), WIMS_OK);
	assert_int_equal(policy.core_min, 701);
	assert_int_equal(wims_expires_plan(&plan, &policy, NULL, NOW + 700, NOW), WIMS_OK);
	assert_int_equal(plan.core, 701);
	assert_int_equal(plan.wic, 700);
	assert_int_equal(wims_expires_learn(&policy.core_min, &plan, WIMS_EXPIRES_MAX), WIMS_OK);
	plan = (struct wims_expires_plan){.remove = true};
	assert_int_equal(wims_expires_learn(&policy.core_min, &plan, 1000), WIMS_CORE_ANSWER_BAD);
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
	assert_int_equal(wims_expires_plan(&plan, &wims_expires_defaults, &asked, NOW + 1500, NOW),
					 WIMS_OK);
	for(i = 0; i < sizeof(grants) / sizeof(grants[0]); i++) {
		uint32_t grant = 77;
		enum wims_reason r =
				wims_expires_grant(&grant, &plan, grants[i].granted, NOW + 1500, grants[i].now);

		if(r != grants[i].r || grant != grants[i].grant)
			fail_msg("row %zu: %s %u", i, wims_reason_text(r), grant);
	}
}

/* clang-format off */
static const struct { struct wims_expires_policy policy; bool good; } policies[] = {
	{{3600, 3600, 30, 600, 30}, true},
	{{1, 1, 1, 0, 1}, true},
	{{604800, 604800, 604800, 604800, 3600}, true},
	{{3600, 3600, 0, 600, 30}, false},
	{{29, 3600, 30, 600, 30}, false},
	{{3601, 3600, 30, 600, 30}, false},
	{{3600, 604801, 30, 600, 30}, false},
	{{3600, 3600, 30, 604801, 30}, false},
	{{3600, 3600, 30, 600, 0}, false},
	{{3600, 3600, 30, 600, 3601}, false},
};
/* clang-format on */

static void test_policy(void **state)
{
	size_t i;

	(void)state;
	assert_null(wims_expires_policy_fault(&wims_expires_defaults));
	for(i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
		if((wims_expires_policy_fault(&policies[i].policy) == NULL) != policies[i].good)
			fail_msg("row %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_plan),       cmocka_unit_test(test_plan_remove),
			cmocka_unit_test(test_far_clocks), cmocka_unit_test(test_learn),
			cmocka_unit_test(test_grant),      cmocka_unit_test(test_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
