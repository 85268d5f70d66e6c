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

#include "base/wims_fault.h"
#include "sip/wims_grammar.h"
#include "sweep.h"

static void test_classes(void **state)
{
	(void)state;
	assert_true(wims_is_token(WIMS_PL("aZ09-.!%*_+`'~")));
	assert_false(wims_is_token(WIMS_PL("")));
	assert_false(wims_is_token(WIMS_PL("a\0")));
	assert_false(wims_is_token(WIMS_PL("a b")));
	assert_false(wims_is_token(WIMS_PL("a\xe9")));
	assert_true(wims_is_printable(WIMS_PL(" ~")));
	assert_false(wims_is_printable(WIMS_PL("")));
	assert_false(wims_is_printable(WIMS_PL("\x1f")));
	assert_false(wims_is_printable(WIMS_PL("\x7f")));
	assert_false(wims_is_printable(WIMS_PL("\x80")));
	assert_true(wims_pl_eq(wims_lws_trim(WIMS_PL(" \t\r\n a b\r\n\t")), WIMS_PL("a b")));
	assert_int_equal(wims_lws_trim(WIMS_PL(" \r\n ")).l, 0);
}

static void test_host(void **state)
{
	static const char *const bad[] = {"",    ".",         "a.",  ".a",    "a..b",      "-a",
									  "a-",  "a_b",       "a b", "1.2.3", "1.2.3.256", "[::1",
									  "::1", "[1.2.3.4]", "[]",  "a:5060"};
	size_t i;

	(void)state;
	assert_true(wims_is_host(WIMS_PL("a-1.Test")));
	assert_true(wims_is_host(WIMS_PL("192.0.2.1")));
	assert_true(wims_is_host(WIMS_PL("[2001:db8::1]")));
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if(wims_is_host(wims_pl_str(bad[i])))
			fail_msg("%s", bad[i]);
}

static void test_quoted_end(void **state)
{
	(void)state;
	assert_int_equal(wims_quoted_end(WIMS_PL("\"\""), 0), 2);
	assert_int_equal(wims_quoted_end(WIMS_PL("x\"a\\\"b\"y"), 1), 7);
	assert_int_equal(wims_quoted_end(WIMS_PL("\"a\\\\\""), 0), 5);
	assert_int_equal(wims_quoted_end(WIMS_PL("\"a"), 0), 0);
	assert_int_equal(wims_quoted_end(WIMS_PL("\"a\\\""), 0), 0);
	assert_int_equal(wims_quoted_end(WIMS_PL("\"a\\"), 0), 0);
	assert_int_equal(wims_quoted_end(WIMS_PL("\""), 0), 0);
}

static void test_find_plain(void **state)
{
	(void)state;
	assert_int_equal(wims_find_plain(WIMS_PL("a,b"), 0, ','), 1);
	assert_int_equal(wims_find_plain(WIMS_PL(",a,b"), 1, ','), 2);
	assert_int_equal(wims_find_plain(WIMS_PL("\",\"<,>,"), 0, ','), 6);
	assert_int_equal(wims_find_plain(WIMS_PL("<\",>\""), 0, ','), SIZE_MAX);
	assert_int_equal(wims_find_plain(WIMS_PL("<\">,"), 0, ','), 3);
	assert_int_equal(wims_find_plain(WIMS_PL("ab"), 0, ','), 2);
	assert_int_equal(wims_find_plain(WIMS_PL("\"ab"), 0, ','), SIZE_MAX);
	assert_int_equal(wims_find_plain(WIMS_PL("<ab"), 0, ','), SIZE_MAX);
	assert_int_equal(wims_find_plain(WIMS_PL("ab>"), 0, ','), SIZE_MAX);
	assert_int_equal(wims_find_plain(WIMS_PL("<<a>>"), 0, ','), SIZE_MAX);
	assert_int_equal(wims_find_plain(WIMS_PL_NONE, 0, ','), 0);
}

static void test_params(void **state)
{
	struct wims_pl rest = WIMS_PL(" ;a ; b = c ;d=\"e;f=\\\"\";g=");
	struct wims_pl n, v;

	(void)state;
	assert_true(wims_param_next(&rest, &n, &v));
	assert_true(wims_pl_eq(n, WIMS_PL("a")));
	assert_null(v.p);
	assert_true(wims_param_next(&rest, &n, &v));
	assert_true(wims_pl_eq(n, WIMS_PL("b")) && wims_pl_eq(v, WIMS_PL("c")));
	assert_true(wims_param_next(&rest, &n, &v));
	assert_true(wims_pl_eq(n, WIMS_PL("d")) && wims_pl_eq(v, WIMS_PL("\"e;f=\\\"\"")));
	assert_true(wims_param_next(&rest, &n, &v));
	assert_true(wims_pl_eq(n, WIMS_PL("g")));
	assert_true(v.p != NULL && v.l == 0);
	assert_false(wims_param_next(&rest, &n, &v));
	assert_int_equal(rest.l, 0);
	rest = WIMS_PL_NONE;
	assert_false(wims_param_next(&rest, &n, &v));
}

static void test_bad_params(void **state)
{
	static const char *const bad[] = {"a", ";", ";=b", ";a b", ";a;", ";\"a\"", ";a=\"b", ";a=<b"};
	struct wims_pl n, v;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct wims_pl rest = wims_pl_str(bad[i]);

		while(wims_param_next(&rest, &n, &v))
			continue;
		if(rest.l == 0)
			fail_msg("%s", bad[i]);
	}
}

static void test_fault(void **state)
{
	static const char many[] =
			"0123456789012345678901234567890123456789012345678901234567890123456";
	struct wims_fault f;

	(void)state;
	wims_fault_set(&f, WIMS_PL("bad name:"), WIMS_PL("a\nb\xff"));
	assert_string_equal(f.text, "bad name: 'a?b?'");
	wims_fault_set(&f, WIMS_PL("bad:"), wims_pl_str(many));
	assert_int_equal(strlen(f.text), strlen("bad: ''") + 64);
	wims_fault_set(&f, WIMS_PL("bad"), WIMS_PL(""));
	assert_string_equal(f.text, "bad");
	wims_fault_line(&f, 12, WIMS_PL("bad"));
	assert_string_equal(f.text, "line 12: bad");
	wims_fault_set(NULL, WIMS_PL("bad"), WIMS_PL(""));
	wims_fault_line(NULL, 1, WIMS_PL("bad"));
}

/* Parameters lie in the input, one behind the other. */
static void one_mutant(void *ctx, struct wims_pl input)
{
	struct wims_pl rest = input, n, v;
	const char *at = input.p;

	(void)ctx;
	while(wims_param_next(&rest, &n, &v)) {
		assert_true(n.p > at && n.p + n.l <= input.p + input.l);
		assert_true(v.p == NULL || (v.p > n.p && v.p + v.l <= input.p + input.l));
		at = n.p;
	}
}

static void test_mutants(void **state)
{
	(void)state;
	sweep(WIMS_PL(";a;b=c;d=\"e;f=\\\"\" ; g = <h;i>"), one_mutant, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_classes),    cmocka_unit_test(test_host),
			cmocka_unit_test(test_quoted_end), cmocka_unit_test(test_find_plain),
			cmocka_unit_test(test_params),     cmocka_unit_test(test_bad_params),
			cmocka_unit_test(test_fault),      cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
