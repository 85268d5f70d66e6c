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

#include "sip/wims_wsframe.h"

static unsigned char out[WIMS_WS_CONTROL_MAX + 8];
static const char text[126] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

static void test_close(void **state)
{
	static const unsigned char expect[] = {0x88, 0x07, 0x0f, 0xa1, 't', 'o', 'k', 'e', 'n'};
	static const unsigned char bare[] = {0x88, 0x02, 0x03, 0xe9};
	size_t len;

	(void)state;
	assert_true(wims_ws_close(out, sizeof(out), &len, 4001, WIMS_PL("token")));
	assert_int_equal(len, sizeof(expect));
	assert_memory_equal(out, expect, sizeof(expect));
	assert_true(wims_ws_close(out, sizeof(out), &len, 1001, WIMS_PL("")));
	assert_int_equal(len, sizeof(bare));
	assert_memory_equal(out, bare, sizeof(bare));
	assert_true(wims_ws_close(out, 9, &len, 4001, WIMS_PL("token")));
}

static void test_close_limit(void **state)
{
	size_t len;

	(void)state;
	assert_true(wims_ws_close(out, WIMS_WS_CONTROL_MAX, &len, 1000,
							  (struct wims_pl){text, WIMS_WS_REASON_MAX}));
	assert_int_equal(len, WIMS_WS_CONTROL_MAX);
	assert_int_equal(out[1], WIMS_WS_PAYLOAD_MAX);
	assert_false(wims_ws_close(out, sizeof(out), &len, 1000,
							   (struct wims_pl){text, WIMS_WS_REASON_MAX + 1}));
	assert_int_equal(len, 0);
	assert_false(wims_ws_close(out, sizeof(out), &len, 1000, (struct wims_pl){text, SIZE_MAX}));
	assert_false(wims_ws_close(out, 8, &len, 4001, WIMS_PL("token")));
	assert_int_equal(len, 0);
	assert_false(wims_ws_close(out, 0, &len, 4001, WIMS_PL("")));
}

static void test_close_codes(void **state)
{
	static const unsigned good[] = {1000, 1003, 1007, 1014, 3000, 4999};
	static const unsigned bad[] = {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65536 + 1000};
	size_t i, len;

	(void)state;
	for(i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(wims_ws_close(out, sizeof(out), &len, good[i], WIMS_PL("")));
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(wims_ws_close(out, sizeof(out), &len, bad[i], WIMS_PL("")));
}

static void test_close_text(void **state)
{
	size_t len;

	(void)state;
	assert_true(wims_ws_close(out, sizeof(out), &len, 1000, WIMS_PL(" ~")));
	assert_false(wims_ws_close(out, sizeof(out), &len, 1000, WIMS_PL("a\nb")));
	assert_false(wims_ws_close(out, sizeof(out), &len, 1000, WIMS_PL("a\0b")));
	assert_false(wims_ws_close(out, sizeof(out), &len, 1000, WIMS_PL("\x7f")));
	assert_false(wims_ws_close(out, sizeof(out), &len, 1000, WIMS_PL("caf\xc3\xa9")));
}

static void test_ping(void **state)
{
	static const unsigned char expect[] = {0x89, 0x03, 'a', 0, 0xff};
	size_t len;

	(void)state;
	assert_true(wims_ws_ping(out, sizeof(out), &len, WIMS_PL("a\0\xff")));
	assert_int_equal(len, sizeof(expect));
	assert_memory_equal(out, expect, sizeof(expect));
	assert_true(wims_ws_ping(out, 2, &len, WIMS_PL_NONE));
	assert_int_equal(len, 2);
	assert_true(wims_ws_ping(out, sizeof(out), &len, (struct wims_pl){text, WIMS_WS_PAYLOAD_MAX}));
	assert_false(
			wims_ws_ping(out, sizeof(out), &len, (struct wims_pl){text, WIMS_WS_PAYLOAD_MAX + 1}));
	assert_int_equal(len, 0);
	assert_false(wims_ws_ping(out, 4, &len, WIMS_PL("abc")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_close),       cmocka_unit_test(test_close_limit),
			cmocka_unit_test(test_close_codes), cmocka_unit_test(test_close_text),
			cmocka_unit_test(test_ping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
