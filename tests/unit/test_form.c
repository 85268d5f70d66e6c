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

#include "fetch/wims_form.h"

static void is_written(struct wims_pl value, const char *want)
{
	char buf[800];
	struct wims_w w;

	wims_w_init(&w, buf, sizeof(buf));
	wims_form_value(&w, value);
	assert_true(w.ok);
	assert_int_equal(w.len, strlen(want));
	assert_memory_equal(buf, want, w.len);
}

/* RFC 6749 appendix B has the first one. */
static void test_value(void **state)
{
	(void)state;
	is_written(WIMS_PL(" %&+\xC2\xA3\xE2\x82\xAC"), "+%25%26%2B%C2%A3%E2%82%AC");
	is_written(WIMS_PL(""), "");
	is_written(WIMS_PL("azAZ09*-._"), "azAZ09*-._");
	is_written(WIMS_PL("a:b@c/d?e=f"), "a%3Ab%40c%2Fd%3Fe%3Df");
	is_written(WIMS_PL("~"), "%7E");
	is_written(WIMS_PL("\r\n\0"), "%0D%0A%00");
}

static void test_each_byte(void **state)
{
	int c;

	(void)state;
	for(c = 0; c < 256; c++) {
		char byte = (char)c, buf[4];
		struct wims_w w;

		wims_w_init(&w, buf, sizeof(buf));
		wims_form_value(&w, (struct wims_pl){&byte, 1});
		assert_true(w.ok);
		assert_true(w.len == 1 || (w.len == 3 && buf[0] == '%'));
		assert_null(memchr("&=% \r\n", buf[w.len == 1 ? 0 : 1], 6));
	}
}

static void test_no_room(void **state)
{
	char buf[5];
	struct wims_w w;

	(void)state;
	wims_w_init(&w, buf, sizeof(buf));
	wims_form_value(&w, WIMS_PL("&&"));
	assert_false(w.ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_value),
			cmocka_unit_test(test_each_byte),
			cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
