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

#include "base/wims_buf.h"
#include "scarce.h"

enum
{
	MAX = 200 * 1024
};

static struct wims_buf b;

static int setup(void **state)
{
	(void)state;
	wims_buf_init(&b, &wims_env_libc, MAX);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	wims_buf_clear(&b);
	return 0;
}

static void holds(struct wims_pl want)
{
	assert_int_equal(wims_buf_pl(&b).l, want.l);
	assert_memory_equal(wims_buf_pl(&b).p, want.p, want.l);
}

static void test_add_and_drop(void **state)
{
	(void)state;
	assert_int_equal(wims_buf_pl(&b).l, 0);
	assert_true(wims_buf_add(&b, WIMS_PL("abc")));
	assert_true(wims_buf_add(&b, WIMS_PL("")));
	assert_true(wims_buf_add(&b, WIMS_PL("d\0e")));
	holds(WIMS_PL("abcd\0e"));
	wims_buf_drop(&b, 2);
	holds(WIMS_PL("cd\0e"));
	wims_buf_drop(&b, 4);
	assert_int_equal(wims_buf_pl(&b).l, 0);
	assert_true(wims_buf_add(&b, WIMS_PL("x")));
	holds(WIMS_PL("x"));
}

/* Room that nobody says was used does not count. */
static void test_room(void **state)
{
	char *room = wims_buf_room(&b, 5000);

	(void)state;
	assert_non_null(room);
	memset(room, 'r', 5000);
	assert_int_equal(wims_buf_pl(&b).l, 0);
	wims_buf_added(&b, 4999);
	assert_int_equal(wims_buf_pl(&b).l, 4999);
	assert_int_equal(wims_buf_pl(&b).p[4998], 'r');
}

static void test_max(void **state)
{
	char *room = wims_buf_room(&b, MAX);

	(void)state;
	assert_non_null(room);
	wims_buf_added(&b, MAX - 1);
	assert_null(wims_buf_room(&b, 2));
	assert_null(wims_buf_room(&b, SIZE_MAX));
	assert_false(wims_buf_add(&b, WIMS_PL("ab")));
	assert_int_equal(wims_buf_pl(&b).l, MAX - 1);
	assert_true(wims_buf_add(&b, WIMS_PL("a")));
	assert_false(wims_buf_add(&b, WIMS_PL("a")));
}

/* Bytes stay what they are however often it grows. */
static void test_grows(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < MAX; i++) {
		char c = (char)(i % 251);

		assert_true(wims_buf_add(&b, (struct wims_pl){&c, 1}));
	}
	for(i = 0; i < MAX; i++)
		assert_int_equal((unsigned char)wims_buf_pl(&b).p[i], i % 251);
}

/* One large burst does not keep its memory for ever. */
static void test_gives_back(void **state)
{
	struct scarce s;

	(void)state;
	scarce_init(&s, SIZE_MAX);
	wims_buf_init(&b, &s.env, MAX);
	assert_true(wims_buf_add(&b, WIMS_PL("small")));
	wims_buf_drop(&b, 5);
	assert_int_equal(s.live, 1);
	assert_non_null(wims_buf_room(&b, 100000));
	wims_buf_added(&b, 100000);
	assert_int_equal(s.live, 1);
	wims_buf_drop(&b, 99999);
	assert_int_equal(s.live, 1);
	wims_buf_drop(&b, 1);
	assert_int_equal(s.live, 0);
	assert_true(wims_buf_add(&b, WIMS_PL("on")));
	holds(WIMS_PL("on"));
	wims_buf_clear(&b);
	assert_int_equal(s.live, 0);
}

/* Without memory what is there stays. */
static void test_no_memory(void **state)
{
	struct scarce s;

	(void)state;
	scarce_init(&s, 1);
	wims_buf_init(&b, &s.env, MAX);
	assert_true(wims_buf_add(&b, WIMS_PL("kept")));
	assert_null(wims_buf_room(&b, 100000));
	holds(WIMS_PL("kept"));
	wims_buf_clear(&b);
	assert_int_equal(s.live, 0);
	assert_false(wims_buf_add(&b, WIMS_PL("x")));
	assert_int_equal(wims_buf_pl(&b).l, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_add_and_drop), T(test_room),       T(test_max),
			T(test_grows),        T(test_gives_back), T(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
