/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "range/wims_range_inside.h"
#include "scarce.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* clang-format off */
static const struct { const char *inner, *outer; bool inside; } rows[] = {
	/* the same */
	{"sip:a!.*!@h.test", "sip:a!.*!@h.test", true},
	{"sip:a!.*!@H.test:5060", "SIP:%61!.*!@h.test", true},
	{"sip:a!(x|yz)*!b@h.test", "sip:a!(x|yz)*!b@h.test", true},
	{"sip:a!(x|yz)*!b@h.test", "sip:a!(x|y%7A)*!b@h.test", true},
	{"sip:!web-.*!@h.test", "sip:web-!.*!@h.test", true},
	/* another space */
	{"sips:a!.*!@h.test", "sip:a!.*!@h.test", false},
	{"sip:a!.*!@i.test", "sip:a!.*!@h.test", false},
	{"sip:a!.*!@h.test:5070", "sip:a!.*!@h.test", false},
	{"tel:+15551!.*!", "sip:+1555!.*!@h.test", false},
	/* literal text narrows .* */
	{"sip:web-a!.*!@h.test", "sip:web-!.*!@h.test", true},
	{"sip:web-!.*!z@h.test", "sip:web-!.*!@h.test", true},
	{"sip:web-a!.*!z@h.test", "sip:web-!.*!@h.test", true},
	{"sip:web-!(a|b).*(c|d){2}!@h.test", "sip:web-!.*!@h.test", true},
	{"sip:web!.*!@h.test", "sip:web-!.*!@h.test", false},
	{"sip:we!.*!@h.test", "sip:web-!.*!@h.test", false},
	{"sip:Web-a!.*!@h.test", "sip:web-!.*!@h.test", false},
	{"sip:web-a!.*!@h.test", "sip:web-!.*!z@h.test", false},
	{"sip:web-!.*!zz@h.test", "sip:web-!.*!z@h.test", true},
	{"sip:web-!.*!@h.test", "sip:web-a!.*!@h.test", false},
	/* no byte is used twice */
	{"sip:ab!.*!@h.test", "sip:ab!.*!b@h.test", false},
	{"sip:a!.*!b@h.test", "sip:ab!.*!b@h.test", false},
	/* sets and lengths */
	{"sip:a!.+!@h.test", "sip:a!.*!@h.test", true},
	{"sip:a!.*!@h.test", "sip:a!.+!@h.test", false},
	{"sip:ax!.*!@h.test", "sip:a!.+!@h.test", true},
	{"sip:a!.*!@h.test", "sip:a!.{0,20}!@h.test", false},
	{"sip:a!.{3,20}!@h.test", "sip:a!.{3,20}!@h.test", true},
	{"sip:a!.{2,20}!@h.test", "sip:a!.{3,20}!@h.test", false},
	{"sip:a!.{3,21}!@h.test", "sip:a!.{3,20}!@h.test", false},
	{"sip:ab!.{2,19}!@h.test", "sip:a!.{3,20}!@h.test", true},
	{"sip:ab!.{2,20}!@h.test", "sip:a!.{3,20}!@h.test", false},
	{"sip:a!.{2,19}!b@h.test", "sip:a!.{3,20}!@h.test", true},
	{"sip:a![0-9]{3}!@h.test", "sip:a![0-9]{3}!@h.test", true},
	{"sip:a![0-4]{3}!@h.test", "sip:a![0-9]{3}!@h.test", true},
	{"sip:a!7[0-4]{2}!@h.test", "sip:a![0-9]{3}!@h.test", true},
	{"sip:a![0-4]7[0-4]!@h.test", "sip:a![0-9]{3}!@h.test", true},
	{"sip:a!x[0-4]{2}!@h.test", "sip:a![0-9]{3}!@h.test", false},
	{"sip:a![0-4]{2}!x@h.test", "sip:a![0-9]{3}!@h.test", false},
	{"sip:a![0-9a]{3}!@h.test", "sip:a![0-9]{3}!@h.test", false},
	{"sip:a!(12|[3-5]x)[0-9]!@h.test", "sip:a![0-9]{3}!@h.test", false},
	{"sip:a!(12|[3-5]0)[0-9]!@h.test", "sip:a![0-9]{3}!@h.test", true},
	{"sip:a!(12|345)[0-9]!@h.test", "sip:a![0-9]{3}!@h.test", false},
	{"sip:a!x%40y!@h.test", "sip:a!.*!@h.test", true},
	{"sip:a!%40.*!@h.test", "sip:a!.*!@h.test", true},
	{"sip:a!%40[0-9]*!@h.test", "sip:a![0-9]*!@h.test", false},
	/* more than a run outside: only the same */
	{"sip:ax!(x|yz)*!@h.test", "sip:a!(x|yz)*!@h.test", false},
	{"sip:a!(x|yz)+!@h.test", "sip:a!(x|yz)*!@h.test", false},
	{"sip:a!x*!@h.test", "sip:a!(x|yz)*!@h.test", false},
	/* blocks outside */
	{"tel:+1555![0-9]{4}!", "+15550000..+15559999", true},
	{"tel:+1555!0[0-9]{3}!", "+15550000..+15559999", true},
	{"tel:+1555![0-9]{3}!0", "+15550000..+15559999", true},
	{"tel:+1555![0-9]{3}!", "+15550000..+15559999", false},
	{"tel:+1555![0-9]{5}!", "+15550000..+15559999", false},
	{"tel:+1555![0-9]*!", "+15550000..+15559999", false},
	{"tel:+1556![0-9]{4}!", "+15550000..+15559999", false},
	{"tel:+1555![0-4][0-9]{3}!", "+15550000..+15554999", true},
	{"tel:+1555![0-5][0-9]{3}!", "+15550000..+15554999", false},
	{"tel:+1555![3-4][0-9]{3}!", "+15552500..+15554999", true},
	{"tel:+1555!2[0-9]{3}!", "+15552500..+15554999", false},
	{"tel:+1555!2[5-9][0-9]{2}!", "+15552500..+15554999", true},
	{"sip:web0![0-9]{2}!@h.test", "sip:web000..web099@h.test", true},
	{"sip:web0![0-9a]{2}!@h.test", "sip:web000..web099@h.test", false},
	{"sip:web![0-9]{3}!@h.test", "sip:web000..web099@h.test", false},
	{"sip:web0![0-9]{2}!@h.test", "sip:web000..web099@i.test", false},
	/* blocks inside */
	{"+15550000..+15559999", "tel:+1555!.*!", true},
	{"+15550000..+15559999", "tel:+1555![0-9]{4}!", true},
	{"+15550100..+15550199", "+15550000..+15559999", true},
	{"+15550100..+15550199", "+15550150..+15550999", false},
	{"+15550000..+15559999", "tel:+1555![0-9]{3}!", false},
	{"+15550000..+15559999", "tel:+15551!.*!", false},
	/* one identity is no part of a range, nor is a range of it */
	{"sip:a1@h.test", "sip:a!.*!@h.test", false},
	{"sip:a!.*!@h.test", "sip:a1@h.test", false},
};
/* clang-format on */

static void must_read(struct wims_range *r, const char *text)
{
	struct wims_range_fault fault;

	if(!wims_range_read(r, wims_pl_str(text), &fault))
		fail_msg("%s: byte %zu: %s", text, fault.at, fault.why);
}

static void inside(void **state)
{
	static struct wims_range inner, outer;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		must_read(&inner, rows[i].inner);
		must_read(&outer, rows[i].outer);
		if(wims_range_inside(&inner, &outer) != rows[i].inside)
			fail_msg("row %zu: %s in %s", i, rows[i].inner, rows[i].outer);
	}
}

/* clang-format off */
static const char *const pieces[] = {".*", ".+", ".{0,3}", "[0-9]*", "[0-9]{2}", "[0-4]{2}", "[0-9]{1,3}",
	"a", "0", "7", "(a|0)", "(0|77)", "[a-z0]", "0[0-9]", "[0-9]0", "(a*0)?"};
static const char *const ends[] = {"", "a", "0", "00", "1"};
/* clang-format on */

/* Text over "a07", with up to 5 characters. */
static struct wims_pl nth_user(char *buf, size_t n)
{
	size_t len = 0;

	for(; n > 0; n /= 4)
		if(n % 4 > 0)
			buf[len++] = "a07"[n % 4 - 1];
	return (struct wims_pl){buf, len};
}

/* Whatever is in the inner one is in the outer one, when it is called inside. */
static void no_lie(void **state)
{
	static struct wims_range inner, outer;
	const char *const *e[2] = {pieces, pieces};
	size_t a, b, c, d, n, told = 0;
	char texts[2][64], user[8], impu[32];

	(void)state;
	for(a = 0; a < COUNT(pieces) * COUNT(pieces); a++)
		for(c = 0; c < COUNT(ends); c++) {
			b = a / COUNT(pieces);
			d = (a + c) % COUNT(ends);
			snprintf(texts[0], sizeof(texts[0]), "sip:%s!%s!%s@h", ends[c], e[0][a % COUNT(pieces)],
					 ends[d]);
			snprintf(texts[1], sizeof(texts[1]), "sip:%s!%s!@h", c % 2 == 0 ? "" : ends[c],
					 e[1][b]);
			must_read(&inner, texts[0]);
			must_read(&outer, texts[1]);
			if(!wims_range_inside(&inner, &outer))
				continue;
			told++;
			for(n = 1; n < 1024; n++) {
				struct wims_pl u = nth_user(user, n), one;

				snprintf(impu, sizeof(impu), "sip:%.*s@h", (int)u.l, u.p);
				one = wims_pl_str(impu);
				if(wims_range_holds(&wims_env_libc, wims_pl_str(texts[0]), &one, 1) == WIMS_OK
				   && wims_range_holds(&wims_env_libc, wims_pl_str(texts[1]), &one, 1) != WIMS_OK)
					fail_msg("%s is in %s, not in %s", impu, texts[0], texts[1]);
			}
		}
	assert_true(told > 50);
}

static void holds(void **state)
{
	const struct wims_pl impus[] = {WIMS_PL("sip:a-1@h"), WIMS_PL("sip:a-22@h"),
									WIMS_PL("sip:a-x@h")};
	struct scarce s;
	enum wims_reason r = WIMS_NOMEM;
	size_t n;

	(void)state;
	assert_int_equal(wims_range_holds(&wims_env_libc, WIMS_PL("sip:a-![0-9]+!@h"), impus, 2),
					 WIMS_OK);
	assert_int_equal(wims_range_holds(&wims_env_libc, WIMS_PL("sip:a-![0-9]+!@h"), impus, 3),
					 WIMS_IMPU_NOT_ENTITLED);
	assert_int_equal(wims_range_holds(&wims_env_libc, WIMS_PL("sip:a-!(!@h"), impus, 1),
					 WIMS_IMPU_NOT_ENTITLED);
	for(n = 0; r != WIMS_OK && n < 100; n++) {
		scarce_init(&s, n);
		r = wims_range_holds(&s.env, WIMS_PL("sip:a-!(1|22)!@h"), impus, 2);
		/* a match that gets no memory is none */
		assert_true(r == WIMS_OK || r == WIMS_NOMEM || r == WIMS_IMPU_NOT_ENTITLED);
		assert_int_equal(s.live, 0);
	}
	assert_int_equal(r, WIMS_OK);
	assert_true(n > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(inside),
			cmocka_unit_test(no_lie),
			cmocka_unit_test(holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
