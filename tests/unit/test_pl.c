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

#include "base/wims_pl.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void test_equal(void **state)
{
	(void)state;
	assert_true(wims_pl_eq(WIMS_PL("abc"), WIMS_PL("abc")));
	assert_false(wims_pl_eq(WIMS_PL("abc"), WIMS_PL("abC")));
	assert_false(wims_pl_eq(WIMS_PL("abc"), WIMS_PL("ab")));
	assert_true(wims_pl_eq(WIMS_PL_NONE, WIMS_PL("")));
	assert_true(wims_pl_caseeq(WIMS_PL("aBc"), WIMS_PL("AbC")));
	assert_false(wims_pl_caseeq(WIMS_PL("abc"), WIMS_PL("abcd")));
	/* bytes that differ in the case bit only, but are no letters */
	assert_false(wims_pl_caseeq(WIMS_PL("@"), WIMS_PL("`")));
	assert_false(wims_pl_caseeq(WIMS_PL("["), WIMS_PL("{")));
	assert_false(wims_pl_caseeq(WIMS_PL("\xc4"), WIMS_PL("\xe4")));
}

static void test_starts(void **state)
{
	(void)state;
	assert_true(wims_pl_starts(WIMS_PL("sip:a"), WIMS_PL("sip:")));
	assert_false(wims_pl_starts(WIMS_PL("SIP:a"), WIMS_PL("sip:")));
	assert_true(wims_pl_casestarts(WIMS_PL("SIP:a"), WIMS_PL("sip:")));
	assert_false(wims_pl_starts(WIMS_PL("sip"), WIMS_PL("sip:")));
	assert_false(wims_pl_casestarts(WIMS_PL("sip"), WIMS_PL("sip:")));
	assert_true(wims_pl_starts(WIMS_PL("a"), WIMS_PL_NONE));
}

static void test_slice(void **state)
{
	struct wims_pl s = WIMS_PL("a.b.c");

	(void)state;
	assert_int_equal(wims_pl_find(s, '.'), 1);
	assert_int_equal(wims_pl_find(s, 'x'), 5);
	assert_int_equal(wims_pl_find(WIMS_PL_NONE, 'x'), 0);
	assert_true(wims_pl_eq(wims_pl_from(s, 2), WIMS_PL("b.c")));
	assert_int_equal(wims_pl_from(s, 5).l, 0);
	assert_int_equal(wims_pl_from(s, 6).l, 0);
	assert_true(wims_pl_eq(wims_pl_trim(WIMS_PL(" \t a b\t ")), WIMS_PL("a b")));
	assert_int_equal(wims_pl_trim(WIMS_PL(" \t ")).l, 0);
	assert_true(wims_pl_eq(wims_pl_trim(WIMS_PL("\na")), WIMS_PL("\na")));
	assert_int_equal(wims_pl_str(NULL).l, 0);
	assert_int_equal(wims_pl_str("abc").l, 3);
}

static void test_part(void **state)
{
	struct wims_pl rest = WIMS_PL("a, b,,"), part;

	(void)state;
	assert_true(wims_pl_part(&rest, &part));
	assert_true(wims_pl_eq(part, WIMS_PL("a")));
	assert_true(wims_pl_part(&rest, &part));
	assert_true(wims_pl_eq(part, WIMS_PL(" b")));
	assert_true(wims_pl_part(&rest, &part));
	assert_int_equal(part.l, 0);
	assert_false(wims_pl_part(&rest, &part));
	assert_int_equal(part.l, 0);
	assert_int_equal(rest.l, 0);
	rest = WIMS_PL("a");
	assert_false(wims_pl_part(&rest, &part));
	assert_true(wims_pl_eq(part, WIMS_PL("a")));
}

static void test_u64(void **state)
{
	static const struct
	{
		const char *in;
		bool ok;
		uint64_t out;
	} rows[] = {{"0", true, 0},
				{"0042", true, 42},
				{"18446744073709551615", true, UINT64_MAX},
				{"18446744073709551616", false, 0},
				{"99999999999999999999", false, 0},
				{"", false, 0},
				{"-1", false, 0},
				{"+1", false, 0},
				{" 1", false, 0},
				{"1 ", false, 0},
				{"1a", false, 0},
				{"0x10", false, 0},
				{":", false, 0},
				{"/", false, 0}};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		uint64_t n = 7;

		assert_int_equal(wims_pl_u64(wims_pl_str(rows[i].in), &n), rows[i].ok);
		assert_int_equal(n, rows[i].ok ? rows[i].out : 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_equal), cmocka_unit_test(test_starts),
									   cmocka_unit_test(test_slice), cmocka_unit_test(test_part),
									   cmocka_unit_test(test_u64)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
