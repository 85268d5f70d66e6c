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

#include "tools/load/hist.h"

#include <stdlib.h>
#include <string.h>

/* What it prints, to be freed. */
static char *printed(const struct wl_hist *h, const char *suffix)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	assert_non_null(to);
	wl_hist_print(to, h, suffix);
	fclose(to);
	return text;
}

static void nothing_in_it(void **state)
{
	struct wl_hist *h = wl_hist_new();
	char *text;

	(void)state;
	assert_non_null(h);
	assert_int_equal(wl_hist_percentile(h, 50), 0);
	text = printed(h, "");
	assert_string_equal(text, "\"us\":{\"min\":0.0,\"p50\":0.0,\"p90\":0.0,\"p99\":0.0,"
							  "\"p999\":0.0,\"max\":0.0,\"mean\":0.0},\"hist\":[]");
	free(text);
	wl_hist_free(h);
}

/* Percentiles of 1..1000 us, exact to a thousandth. */
static void percentiles(void **state)
{
	static const struct
	{
		double percent;
		int64_t us;
	} rows[] = {{0, 1},    {0.1, 1},  {10, 100},   {50, 500},
				{90, 900}, {99, 990}, {99.9, 999}, {100, 1000}};
	struct wl_hist *h = wl_hist_new();
	int64_t i, got;

	(void)state;
	for(i = 1000; i > 0; i--)
		wl_hist_add(h, i * 1000);
	for(i = 0; i < (int64_t)(sizeof rows / sizeof rows[0]); i++) {
		got = wl_hist_percentile(h, rows[i].percent);
		assert_true(got >= rows[i].us * 1000 && got <= rows[i].us * 1001);
	}
	wl_hist_free(h);
}

/* Each value alone is told back to a thousandth, up to the end of the range. */
static void three_digits_everywhere(void **state)
{
	struct wl_hist *h;
	uint64_t v;
	int64_t want, got;

	(void)state;
	for(v = 1; v < UINT64_C(1) << 45; v = v * 21 / 16 + 1) {
		h = wl_hist_new();
		wl_hist_add(h, (int64_t)v);
		/* a larger one, so that the edge of the bucket is seen and not the maximum */
		wl_hist_add(h, WL_HIST_MAX_NS);
		got = wl_hist_percentile(h, 50);
		want = (int64_t)v < WL_HIST_MAX_NS ? (int64_t)v : WL_HIST_MAX_NS;
		assert_true(got >= want && got - want <= want / 1000);
		wl_hist_free(h);
	}
}

/* A bucket is told by its upper edge, and never beyond what came. */
static void edges(void **state)
{
	struct wl_hist *h = wl_hist_new();

	(void)state;
	wl_hist_add(h, 4097);
	assert_int_equal(wl_hist_percentile(h, 100), 4097);
	wl_hist_add(h, 5000);
	assert_int_equal(wl_hist_percentile(h, 50), 4099);
	wl_hist_free(h);
}

static void odd_values(void **state)
{
	struct wl_hist *h = wl_hist_new();

	(void)state;
	wl_hist_add(h, -5);
	assert_int_equal(wl_hist_percentile(h, 100), 0);
	wl_hist_add(h, INT64_MAX);
	assert_int_equal(wl_hist_percentile(h, 100), WL_HIST_MAX_NS);
	wl_hist_free(h);
}

static void prints_each_bucket(void **state)
{
	struct wl_hist *h = wl_hist_new();
	char *text;

	(void)state;
	wl_hist_add(h, 1000);
	wl_hist_add(h, 1000);
	wl_hist_add(h, 2000);
	text = printed(h, "_setup");
	assert_string_equal(text,
						"\"us_setup\":{\"min\":1.0,\"p50\":1.0,\"p90\":2.0,\"p99\":2.0,"
						"\"p999\":2.0,\"max\":2.0,\"mean\":1.3},\"hist_setup\":[[1.0,2],[2.0,1]]");
	free(text);
	wl_hist_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(nothing_in_it),
			cmocka_unit_test(percentiles),
			cmocka_unit_test(three_digits_everywhere),
			cmocka_unit_test(edges),
			cmocka_unit_test(odd_values),
			cmocka_unit_test(prints_each_bucket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
