/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "guard/wims_ages.h"

static void marks(struct wims_ages *a, uint32_t from, size_t n, uint32_t step)
{
	while(n-- > 0)
		wims_ages_mark(a, from += step);
}

static void nobody_is_old_at_first(void **state)
{
	struct wims_ages a = {0};

	(void)state;
	assert_int_equal(wims_ages_last(&a), 0);
	assert_false(wims_ages_old(&a, 1, 0));
	marks(&a, 0, 3, 10); /* 10 20 30 */
	assert_int_equal(wims_ages_last(&a), 30);
	assert_true(wims_ages_old(&a, 30, 0));
	assert_false(wims_ages_old(&a, 31, 0));
	assert_true(wims_ages_old(&a, 10, 2));
	assert_false(wims_ages_old(&a, 11, 2));
	assert_false(wims_ages_old(&a, 1, 3));
	assert_false(wims_ages_old(&a, UINT32_MAX, 3));
}

static void marks_go_round(void **state)
{
	struct wims_ages a = {0};

	(void)state;
	marks(&a, 0, 1000, 1);
	assert_true(wims_ages_old(&a, 990, 10));
	assert_false(wims_ages_old(&a, 991, 10));
	assert_true(wims_ages_old(&a, 940, WIMS_AGES_MAX - 1));
	assert_false(wims_ages_old(&a, 941, WIMS_AGES_MAX - 1));
	assert_false(wims_ages_old(&a, 1, WIMS_AGES_MAX));
}

static void numbers_wrap(void **state)
{
	struct wims_ages a = {0};

	(void)state;
	marks(&a, UINT32_MAX - 20, 4, 10); /* -11 -1 9 19 */
	assert_true(wims_ages_old(&a, UINT32_MAX - 5, 1));
	assert_false(wims_ages_old(&a, 10, 1));
	assert_false(wims_ages_old(&a, 3, 2));
	assert_true(wims_ages_old(&a, UINT32_MAX - 11, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(nobody_is_old_at_first),
			cmocka_unit_test(marks_go_round),
			cmocka_unit_test(numbers_wrap),
	};

	return cmocka_run_group_tests_name("ages", tests, NULL, NULL);
}
