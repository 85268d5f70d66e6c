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

#include "guard/wims_bans.h"
#include "jose/wims_alg_ossl.h"
#include "scarce.h"

enum
{
	MAX = 4,
	BAN = 10000
};

static const struct wims_pace pace = {1000000, 3}; /* three at once, one a second */
static struct wims_bans *bans;

static int setup(void **state)
{
	(void)state;
	bans = wims_bans_new(&wims_env_libc, MAX, wims_random);
	return bans == NULL;
}

static int teardown(void **state)
{
	(void)state;
	wims_bans_free(bans);
	return 0;
}

static bool strike(const char *who, int64_t now)
{
	return wims_bans_strike(bans, wims_pl_str(who), &pace, BAN, now);
}

static bool banned(const char *who, int64_t now)
{
	return wims_bans_check(bans, wims_pl_str(who), now);
}

static void ban(const char *who, int64_t ms, int64_t now)
{
	assert_int_equal(wims_bans_add(bans, wims_pl_str(who), ms, now), WIMS_OK);
}

static void strikes_ban(void **state)
{
	int i;

	(void)state;
	for(i = 0; i < 3; i++)
		assert_false(strike("one", 0));
	assert_false(strike("two", 0));
	assert_false(banned("one", 0));
	assert_true(strike("one", 0));
	assert_true(banned("one", 0));
	assert_false(banned("two", 0));
	/* told once */
	assert_false(strike("one", 1));
	assert_int_equal(wims_bans_count(bans, 1), 1);
	/* what it does meanwhile lengthens nothing */
	assert_true(banned("one", BAN - 1));
	assert_false(banned("one", BAN));
	assert_int_equal(wims_bans_count(bans, BAN), 0);
	/* from the beginning again */
	for(i = 0; i < 3; i++)
		assert_false(strike("one", BAN));
	assert_true(strike("one", BAN));
}

/* One bad token now and then is no attack, however long it goes on. */
static void strikes_are_forgotten(void **state)
{
	int64_t now;

	(void)state;
	for(now = 0; now < 1000000; now += 1000)
		assert_false(strike("one", now));
}

static void by_hand(void **state)
{
	(void)state;
	ban("one", 500, 0);
	assert_true(banned("one", 499));
	assert_false(banned("one", 500));
	ban("one", 500, 1000);
	ban("one", 5000, 1000);
	assert_true(banned("one", 5999));
	assert_true(wims_bans_remove(bans, WIMS_PL("one"), 2000));
	assert_false(banned("one", 2000));
	assert_false(wims_bans_remove(bans, WIMS_PL("one"), 2000));
	/* struck, but not banned */
	assert_false(strike("two", 2000));
	assert_false(wims_bans_remove(bans, WIMS_PL("two"), 2000));
	ban("three", 10, 2000);
	assert_false(wims_bans_remove(bans, WIMS_PL("three"), 2010));
}

static void nobody(void **state)
{
	(void)state;
	assert_false(strike("", 0));
	assert_false(strike("ninebytes", 0));
	assert_int_equal(wims_bans_add(bans, WIMS_PL_NONE, BAN, 0), WIMS_REQUEST_MALFORMED);
	assert_int_equal(wims_bans_add(bans, WIMS_PL("ninebytes"), BAN, 0), WIMS_REQUEST_MALFORMED);
	assert_false(banned("", 0));
	assert_int_equal(wims_bans_count(bans, 0), 0);
}

/* The quiet one goes first, a ban only for a ban. */
static void full(void **state)
{
	int i;

	(void)state;
	ban("ban", BAN, 0);
	for(i = 0; i < 3; i++)
		assert_false(strike("old", 0));
	assert_false(strike("new", 1));
	assert_false(strike("newer", 2));
	assert_false(strike("newest", 3));
	/* old is forgotten: three more are nothing */
	for(i = 0; i < 3; i++)
		assert_false(strike("old", 4));
	assert_true(banned("ban", 4));
	ban("b2", BAN, 5);
	ban("b3", BAN, 5);
	ban("b4", BAN, 5);
	assert_true(banned("ban", 5));
	ban("b5", BAN, 5);
	assert_false(banned("ban", 5));
	assert_int_equal(wims_bans_count(bans, 5), MAX);
}

static void listed(void **state)
{
	struct wims_ban b[MAX];

	(void)state;
	assert_int_equal(wims_bans_list(bans, 0, b, MAX, 0), 0);
	ban("a", 100, 0);
	ban("bb", 300, 0);
	ban("c", 200, 0);
	assert_false(strike("d", 0));
	assert_int_equal(wims_bans_list(bans, 0, b, MAX, 150), 2);
	assert_int_equal(b[0].l, 2);
	assert_memory_equal(b[0].client, "bb", 2);
	assert_int_equal(b[0].left, 150);
	assert_true(b[0].by_hand);
	assert_memory_equal(b[1].client, "c", 1);
	assert_int_equal(wims_bans_list(bans, 0, b, 1, 150), 1);
	assert_int_equal(wims_bans_list(bans, 1, b, MAX, 150), 1);
	assert_memory_equal(b[0].client, "c", 1);
	assert_int_equal(wims_bans_list(bans, 2, b, MAX, 150), 0);
	while(!strike("d", 150))
		;
	assert_int_equal(wims_bans_list(bans, 2, b, MAX, 150), 1);
	assert_false(b[0].by_hand);
	ban("d", 100, 150);
	assert_int_equal(wims_bans_list(bans, 2, b, MAX, 150), 1);
	assert_true(b[0].by_hand);
}

static void memory(void **state)
{
	struct wims_bans *kept = bans;
	struct scarce s;
	size_t n;

	(void)state;
	for(n = 0; n < 6; n++) {
		scarce_init(&s, n);
		bans = wims_bans_new(&s.env, MAX, wims_random);
		if(bans != NULL) {
			enum wims_reason r = wims_bans_add(bans, WIMS_PL("one"), BAN, 0);

			assert_true(r == WIMS_OK || r == WIMS_NOMEM);
			assert_int_equal(banned("one", 0), r == WIMS_OK);
			assert_false(strike("two", 0));
			wims_bans_free(bans);
		}
		assert_int_equal(s.live, 0);
	}
	bans = kept;
}

static bool no_random(void *buf, size_t n)
{
	(void)buf;
	return n == 0;
}

static void randomness(void **state)
{
	(void)state;
	assert_null(wims_bans_new(&wims_env_libc, MAX, no_random));
	wims_bans_free(NULL);
}

int main(void)
{
#define bans_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
			bans_test(strikes_ban), bans_test(strikes_are_forgotten),
			bans_test(by_hand),     bans_test(nobody),
			bans_test(full),        bans_test(listed),
			bans_test(memory),      bans_test(randomness),
	};

	return cmocka_run_group_tests_name("bans", tests, NULL, NULL);
}
