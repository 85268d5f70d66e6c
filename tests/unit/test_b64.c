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

#include "jose/wims_b64.h"
#include "mint.h"
#include "sweep.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct row
{
	struct wims_pl in;
	struct wims_pl out;
};

/* clang-format off */
static const struct row good[] = {
	/* RFC 4648 10, without padding */
	{WIMS_PL(""), WIMS_PL("")},
	{WIMS_PL("Zg"), WIMS_PL("f")},
	{WIMS_PL("Zm8"), WIMS_PL("fo")},
	{WIMS_PL("Zm9v"), WIMS_PL("foo")},
	{WIMS_PL("Zm9vYg"), WIMS_PL("foob")},
	{WIMS_PL("Zm9vYmE"), WIMS_PL("fooba")},
	{WIMS_PL("Zm9vYmFy"), WIMS_PL("foobar")},
	/* RFC 7515 C */
	{WIMS_PL("A-z_4ME"), WIMS_PL("\x03\xec\xff\xe0\xc1")},
	{WIMS_PL("____"), WIMS_PL("\xff\xff\xff")},
	{WIMS_PL("AAAA"), WIMS_PL("\0\0\0")}};

static const struct wims_pl bad[] = {
	WIMS_PL("Z"), WIMS_PL("Zm9vY"),                       /* no bytes encode to that length */
	WIMS_PL("Zh"), WIMS_PL("Z_"), WIMS_PL("Zm9"), WIMS_PL("Zm-"), /* bits behind the last byte */
	WIMS_PL("Zg=="), WIMS_PL("Zm8="), WIMS_PL("="), WIMS_PL("Zm9v===="), /* padding */
	WIMS_PL("Zm9v\n"), WIMS_PL(" Zm9v"), WIMS_PL("Zm 9v"), WIMS_PL("Zm9v\r\n"),
	WIMS_PL("ab+_"), WIMS_PL("ab/_"), WIMS_PL("ab+/"),    /* the other alphabet */
	WIMS_PL("Zm9."), WIMS_PL("Zm9!"), WIMS_PL("Zm9?"), WIMS_PL("Zm9#"), WIMS_PL("Zm9%"),
	WIMS_PL("Zm9\0"), WIMS_PL("\0\0\0\0"), WIMS_PL("Zm9\x80"), WIMS_PL("Zm9\xff"),
	WIMS_PL("\xc3\x84gg"), WIMS_PL("Zg\x7f"), WIMS_PL("Zm9@"), WIMS_PL("Zm9["), WIMS_PL("Zm9`"),
	WIMS_PL("Zm9{"), WIMS_PL("Zm9:"), WIMS_PL("Zm9,")};
/* clang-format on */

static void test_good(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(good); i++) {
		char buf[16];
		size_t len = 99;

		assert_true(wims_b64_decode(buf, good[i].out.l, &len, good[i].in));
		assert_int_equal(len, good[i].out.l);
		assert_memory_equal(buf, good[i].out.p, len);
		/* one byte less has no room */
		assert_true(good[i].out.l == 0
					|| !wims_b64_decode(buf, good[i].out.l - 1, &len, good[i].in));
	}
}

static void test_bad(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(bad); i++) {
		char buf[16];
		size_t len = 99;

		if(wims_b64_decode(buf, sizeof(buf), &len, bad[i]))
			fail_msg("row %zu accepted", i);
		assert_int_equal(len, 99);
	}
}

/* 64 of the 256 byte values belong, no more. */
static void test_alphabet(void **state)
{
	int c, known = 0;

	(void)state;
	for(c = 0; c < 256; c++) {
		char in[4] = {'A', 'A', 'A', (char)c}, out[3];
		size_t len;

		if(wims_b64_decode(out, sizeof(out), &len, (struct wims_pl){in, 4}))
			known++;
	}
	assert_int_equal(known, 64);
}

static void test_round_trip(void **state)
{
	unsigned char in[600], out[600];
	uint32_t x = 1;
	size_t i, len;

	(void)state;
	for(i = 0; i < sizeof(in); i++) {
		x = x * 1664525u + 1013904223u;
		in[i] = (unsigned char)(x >> 24);
	}
	for(i = 0; i <= sizeof(in); i++) {
		char *text = mint_b64((struct wims_pl){(char *)in, i});

		assert_true(wims_b64_decode(out, sizeof(out), &len, wims_pl_str(text)));
		assert_int_equal(len, i);
		assert_memory_equal(out, in, i);
		free(text);
	}
}

/* Whatever is accepted is spelled the one way that encodes to it. */
static void one_spelling(void *ctx, struct wims_pl input)
{
	unsigned char out[64];
	size_t len;

	(void)ctx;
	if(wims_b64_decode(out, sizeof(out), &len, input)) {
		char *again = mint_b64((struct wims_pl){(char *)out, len});

		assert_true(wims_pl_eq(wims_pl_str(again), input));
		free(again);
	}
}

static void test_one_spelling(void **state)
{
	(void)state;
	assert_true(sweep(WIMS_PL("A-z_4MEQabcdZm9vYg"), one_spelling, NULL) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_bad),
									   cmocka_unit_test(test_alphabet),
									   cmocka_unit_test(test_round_trip),
									   cmocka_unit_test(test_one_spelling)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
