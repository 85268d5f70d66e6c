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

#include "base/wims_bucket.h"

static const struct wims_pace pace = {250000, 4}; /* four at once, then four a second */

static unsigned take_all(struct wims_bucket *b, const struct wims_pace *p, int64_t now)
{
	unsigned n = 0;

	while(n < 1000 && wims_bucket_take(b, p, now))
		n++;
	return n;
}

static void holds_a_burst(void **state)
{
	struct wims_bucket b = {0};

	(void)state;
	assert_int_equal(take_all(&b, &pace, 5000), 4);
	assert_int_equal(take_all(&b, &pace, 5249), 0);
	assert_int_equal(take_all(&b, &pace, 5250), 1);
	assert_int_equal(take_all(&b, &pace, 5999), 2);
	/* what was not taken is not saved up beyond the burst */
	assert_int_equal(take_all(&b, &pace, 3600000), 4);
}

/* At the pace itself nothing is ever refused. */
static void keeps_pace(void **state)
{
	struct wims_bucket b = {0};
	int64_t now;

	(void)state;
	assert_int_equal(take_all(&b, &pace, 1000), 4);
	for(now = 1250; now < 1000000; now += 250)
		assert_true(wims_bucket_take(&b, &pace, now));
}

static void becomes_full(void **state)
{
	struct wims_bucket early = {0}, b = {0};

	(void)state;
	assert_int_equal(take_all(&early, &pace, 1000), 4);
	assert_int_equal(take_all(&early, &pace, 1999), 3);
	assert_int_equal(take_all(&b, &pace, 1000), 4);
	assert_int_equal(take_all(&b, &pace, 2000), 4);
	assert_int_equal(take_all(&b, &pace, 900000), 4);
}

static void no_limit(void **state)
{
	const struct wims_pace none = wims_pace_per_second(0, 1);
	struct wims_bucket b = {0};

	(void)state;
	assert_int_equal(take_all(&b, &none, 1000), 1000);
}

static void per_second(void **state)
{
	const struct wims_pace most = wims_pace_per_second(10000, 100000);
	const struct wims_pace one = wims_pace_per_second(1, 1);
	struct wims_bucket b = {0};

	(void)state;
	assert_int_equal(most.each_us, 100);
	assert_int_equal(one.each_us, 1000000);
	assert_int_equal(take_all(&b, &one, INT64_C(1) << 50), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(holds_a_burst), cmocka_unit_test(keeps_pace),
			cmocka_unit_test(becomes_full),  cmocka_unit_test(no_limit),
			cmocka_unit_test(per_second),
	};

	return cmocka_run_group_tests_name("bucket", tests, NULL, NULL);
}
