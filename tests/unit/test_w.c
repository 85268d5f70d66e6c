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

#include "base/wims_w.h"

static void is(const struct wims_w *w, const char *text)
{
	struct wims_pl done = wims_w_done(w);

	assert_true(w->ok);
	assert_int_equal(done.l, strlen(text));
	assert_memory_equal(done.p, text, done.l);
}

static void test_writes(void **state)
{
	struct wims_w w;
	char buf[80];

	(void)state;
	wims_w_init(&w, buf, sizeof(buf));
	wims_w_lit(&w, "a=");
	wims_w_u64(&w, 0);
	wims_w_lit(&w, ";b=");
	wims_w_u64(&w, UINT64_MAX);
	wims_w_lit(&w, ";c=");
	wims_w_hex(&w, "\x00\xfe\x10", 3);
	wims_w_pl(&w, WIMS_PL_NONE);
	wims_w_crlf(&w);
	is(&w, "a=0;b=18446744073709551615;c=00fe10\r\n");
}

static void test_quoted(void **state)
{
	struct wims_w w;
	char buf[40];

	(void)state;
	wims_w_init(&w, buf, sizeof(buf));
	wims_w_quoted(&w, WIMS_PL("a\"b\\c"));
	is(&w, "\"a\\\"b\\\\c\"");
}

static void test_exact_room(void **state)
{
	struct wims_w w;
	char buf[5] = "....";

	(void)state;
	wims_w_init(&w, buf, 4);
	wims_w_lit(&w, "abcd");
	is(&w, "abcd");
	assert_int_equal(buf[4], '\0');
	wims_w_lit(&w, "e");
	assert_false(w.ok);
	assert_int_equal(wims_w_done(&w).l, 0);
	assert_int_equal(buf[4], '\0');
}

/* A failed write sticks, and what follows changes nothing. */
static void test_sticky(void **state)
{
	struct wims_w w;
	char buf[8];

	(void)state;
	wims_w_init(&w, buf, sizeof(buf));
	wims_w_lit(&w, "too long for it");
	wims_w_lit(&w, "a");
	wims_w_crlf(&w);
	assert_false(w.ok);
	assert_int_equal(wims_w_done(&w).l, 0);
}

static void test_line_breaks(void **state)
{
	static const char bad[] = {'\r', '\n', '\0'};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad); i++) {
		char text[3] = {'a', bad[i], 'b'}, buf[40];
		struct wims_w w;

		wims_w_init(&w, buf, sizeof(buf));
		wims_w_pl(&w, (struct wims_pl){text, 3});
		assert_false(w.ok);
		wims_w_init(&w, buf, sizeof(buf));
		wims_w_quoted(&w, (struct wims_pl){text, 3});
		assert_false(w.ok);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_writes), cmocka_unit_test(test_quoted),
									   cmocka_unit_test(test_exact_room),
									   cmocka_unit_test(test_sticky),
									   cmocka_unit_test(test_line_breaks)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
