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

#include "range/wims_ranges.h"
#include "scarce.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum
{
	OWNERS = 3 /* "A", "B", "C" */
};

static struct wims_ranges *set_new(const struct wims_env *env, struct wims_pl host)
{
	struct wims_ranges *rs = wims_ranges_new(env);
	uint32_t i, out;

	for(i = 0; rs != NULL && i < OWNERS; i++) {
		char name = (char)('A' + i);

		if(wims_ranges_owner(rs, (struct wims_pl){&name, 1}, host, &out) != WIMS_OK || out != i) {
			wims_ranges_free(rs);
			return NULL;
		}
	}
	return rs;
}

/* "A PATTERN" */
static enum wims_reason add(struct wims_ranges *rs, const char *line)
{
	struct wims_range_fault fault;

	return wims_ranges_add(rs, (uint32_t)(line[0] - 'A'), wims_pl_str(line + 2), &fault);
}

static struct wims_ranges *sealed(const char *const *lines, size_t count)
{
	struct wims_ranges *rs = set_new(&wims_env_libc, WIMS_PL_NONE);
	struct wims_range_fault fault;
	size_t i;

	for(i = 0; i < count; i++)
		if(add(rs, lines[i]) != WIMS_OK)
			fail_msg("%s: refused", lines[i]);
	if(wims_ranges_seal(rs, &fault) != WIMS_OK)
		fail_msg("%s and %s: %s", lines[fault.range], lines[fault.other], fault.why);
	assert_int_equal(wims_ranges_count(rs), count);
	return rs;
}

/* --- finding --- */

static const char *const found_in[] = {
		/* 0 */ "A sip:web-!.*!@h.test",
		/* 1 */ "A sip:web-1![0-9]*!@h.test",
		/* 2 */ "A sip:web-!.*!-x@h.test",
		/* 3 */ "A sip:web-12@h.test",
		/* 4 */ "A sip:web-!(a|b)+!@h.test",
		/* 5 */ "A sip:web-!(a|c)+!@h.test",
		/* 6 */ "B +15550100..+15550299",
		/* 7 */ "B tel:+15553!.*!",
		/* 8 */ "B sip:n099..n100@h.test:5070",
		/* 9 */ "C sip:chatlist!.*!@other.test",
		/* 10 */ "C sips:web-!.*!@h.test",
};

struct lookup
{
	const char *impu;
	int range; /* -1: none */
};

static const struct lookup lookups[] = {
		{"sip:web-@h.test", 0},
		{"sip:web-zz@h.test", 0},
		{"sip:web-!1@h.test", 0},
		{"sip:web@h.test", -1},
		{"sip:Web-1@h.test", -1},
		{"sip:web-1@other.test", -1},
		{"sip:web-1@h.test:5070", -1},
		/* the longest literal part before, then behind, then the first */
		{"sip:web-1@h.test", 1},
		{"sip:web-177@h.test", 1},
		{"sip:web-17z@h.test", 0},
		{"sip:web-1-x@h.test", 2},
		{"sip:web-x@h.test", 0},
		{"sip:web--x@h.test", 2},
		{"sip:web-ab@h.test", 0},
		/* a distinct identity beats every range */
		{"sip:web-12@h.test", 3},
		{"sip:web-123@h.test", 1},
		/* blocks: as many digits, all of them digits */
		{"tel:+15550100", 6},
		{"tel:+15550299", 6},
		{"tel:+15550099", -1},
		{"tel:+15550300", -1},
		{"tel:+1555010", -1},
		{"tel:+155501000", -1},
		{"tel:+15553", 7},
		{"tel:+155531234", 7},
		{"sip:n099@h.test:5070", 8},
		{"sip:n100@h.test:5070", 8},
		{"sip:n101@h.test:5070", -1},
		{"sip:n09x@h.test:5070", -1},
		{"sip:n1000@h.test:5070", -1},
		{"sip:chatlist!1@other.test", 9},
		{"sips:web-1@h.test", 10},
		/* not canonical, or nothing at all */
		{"", -1},
		{"sip:", -1},
		{"sip:@h.test", -1},
		{"tel:", -1},
		{"nonsense", -1},
		{"web-1@h.test", -1},
		{"@h.test:web-1", -1},
};

static void finding(void **state)
{
	struct wims_ranges *rs = sealed(found_in, COUNT(found_in));
	struct wims_regex_room *room = wims_regex_room_new(&wims_env_libc);
	struct wims_ranges_hit hit;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(lookups); i++) {
		int got = wims_ranges_find(rs, room, wims_pl_str(lookups[i].impu), &hit) ? (int)hit.range
																				 : -1;

		if(got != lookups[i].range)
			fail_msg("%s: %d, want %d", lookups[i].impu, got, lookups[i].range);
		if(got >= 0)
			assert_int_equal(hit.owner, wims_ranges_owner_of(rs, (uint32_t)got));
	}
	assert_true(wims_pl_eq(wims_ranges_name(rs, 1), WIMS_PL("B")));
	assert_true(wims_pl_eq(wims_ranges_text(rs, 6), wims_pl_str(found_in[6] + 2)));
	wims_regex_room_free(room);
	wims_ranges_free(rs);
}

static void not_sealed(void **state)
{
	struct wims_ranges *rs = set_new(&wims_env_libc, WIMS_PL_NONE);
	struct wims_regex_room *room = wims_regex_room_new(&wims_env_libc);
	struct wims_range_fault fault;
	struct wims_ranges_hit hit;

	(void)state;
	assert_int_equal(add(rs, "A sip:alice@h.test"), WIMS_OK);
	assert_false(wims_ranges_find(rs, room, WIMS_PL("sip:alice@h.test"), &hit));
	assert_int_equal(wims_ranges_seal(rs, &fault), WIMS_OK);
	assert_true(wims_ranges_find(rs, room, WIMS_PL("sip:alice@h.test"), &hit));
	assert_int_equal(add(rs, "A sip:bob@h.test"), WIMS_LIMIT_REACHED);
	wims_regex_room_free(room);
	wims_ranges_free(rs);
}

/* --- overlap --- */

struct pair
{
	const char *a, *b;
	bool together; /* may they be in one set? */
};

/* clang-format off */
static const struct pair pairs[] = {
	/* literal parts */
	{"A sip:a!.*!@h.test", "B sip:b!.*!@h.test", true},
	{"A sip:a!.*!@h.test", "B sip:a!.*!@i.test", true},
	{"A sip:a!.*!@h.test", "B sips:a!.*!@h.test", true},
	{"A sip:a!.*!@h.test", "B sip:ab!.*!@h.test", false},
	{"A sip:a!.*!@h.test", "A sip:ab!.*!@h.test", true},
	{"A sip:a!.*!x@h.test", "B sip:a!.*!y@h.test", true},
	{"A sip:a!.*!x@h.test", "B sip:a!.*!yx@h.test", false},
	{"A sip:a!.*!x@h.test", "B sip:!.*!x@h.test", false},
	{"A sip:a!.+!@h.test", "B sip:!.+!z@h.test", false},
	/* lengths */
	{"A sip:a!.{3}!@h.test", "B sip:a!.{4}!@h.test", true},
	{"A sip:a!.{3,4}!@h.test", "B sip:a!.{4,5}!@h.test", false},
	{"A sip:a!.{3}!@h.test", "B sip:ab!.{2}!@h.test", false},
	{"A sip:a!.{3}!@h.test", "B sip:ab!.{3}!@h.test", true},
	{"A sip:a!.*!@h.test", "B sip:a!(bc){200,}!@h.test", false},
	{"A sip:a!(bc){100,255}!@h.test", "B sip:a!(b|c){0,199}!@h.test", true},
	{"A sip:a!(bc){99,255}!@h.test", "B sip:a!(b|c){0,199}!@h.test", false},
	/* characters that may stand somewhere */
	{"A sip:a![0-4][0-9]*!@h.test", "B sip:a![5-9][0-9]*!@h.test", true},
	{"A sip:a![0-4]*!@h.test", "B sip:a![5-9]*!@h.test", false}, /* both match nothing */
	{"A sip:a![0-4]+!@h.test", "B sip:a![5-9]+!@h.test", true},
	{"A sip:a!.*[0-4]!@h.test", "B sip:a!.*[5-9]!@h.test", true},
	{"A sip:a!.*[0-4].!@h.test", "B sip:a!.*[5-9].!@h.test", true},
	{"A sip:a!.*[0-4].?!@h.test", "B sip:a!.*[5-9].!@h.test", false},
	{"A sip:a!(x|yz)[0-4]!@h.test", "B sip:a!(x|yz)[5-9]!@h.test", true},
	{"A sip:a!(x|yz)[0-4]1?!@h.test", "B sip:a!(x|yz)[5-9]1?!@h.test", false}, /* not seen apart */
	{"A sip:a!([bc]d){2}!@h.test", "B sip:a![bc]e.*!@h.test", true},
	{"A sip:a!([bc]d){2}!@h.test", "B sip:ab!.*!@h.test", false},
	{"A sip:a!([cd]e){2}!@h.test", "B sip:ab!.*!@h.test", true},
	{"A sip:a!.{40}[0-4].*!@h.test", "B sip:a!.{40}[5-9].*!@h.test", false}, /* too far in */
	/* blocks */
	{"A +15550000..+15554999", "B +15555000..+15559999", true},
	{"A +15550000..+15555000", "B +15555000..+15559999", false},
	{"A +15550950..+15551049", "B +15551050..+15551149", true},
	{"A +15550950..+15551050", "B +15551050..+15551149", false},
	{"A +15550000..+15559999", "B +155500000..+155599999", true},
	{"A +15550000..+15559999", "B tel:+15551!.*!", false},
	{"A +15552000..+15559999", "B tel:+15551!.*!", true},
	{"A +15550000..+15559999", "B tel:+15551!.{4}!", true},
	/* distinct identities: exact */
	{"A sip:web-1@h.test", "B sip:web-!.*!@h.test", false},
	{"A sip:web-1@h.test", "A sip:web-!.*!@h.test", true},
	{"A sip:web-1@h.test", "B sip:web-!(a|b)+!@h.test", true},
	{"A sip:web-ab@h.test", "B sip:web-!(a|b)+!@h.test", false},
	{"A sip:web-@h.test", "B sip:web-!.+!@h.test", true},
	{"A sip:web-@h.test", "B sip:web-!.*!@h.test", false},
	{"A sip:web@h.test", "B sip:web-!.*!@h.test", true},
	{"A tel:+15550950", "B +15550951..+15551049", true},
	{"A tel:+15550951", "B +15550951..+15551049", false},
	{"A sip:web-1@h.test", "B sip:web-1@h.test", false},
	/* twice the same */
	{"A sip:web-1@h.test", "A sip:web-%31@h.test", false},
	{"A sip:a!b*!@h.test", "A sip:a!([b])*!@h.test", false},
	{"A sip:a!b*!@h.test", "A sip:a!b*!c@h.test", true},
	{"A sip:w1..w9@h.test", "A sip:w1..w9@h.test", false},
	/* an undecided distinct identity counts as an overlap */
	{"A sip:waaaaaaaaaaaaaaaaaaaaaaaaaaaaaac@h.test", "B sip:w!((a*)*b)+!@h.test", true},
	{"A sip:waaaaaaaaaaaaaaaaaaaaaaaaaaaaaac@h.test", "B sip:w!((a*)*(b|d))+!@h.test", false},
};
/* clang-format on */

static void check_pair(const struct pair *p, const char *first, const char *second)
{
	struct wims_ranges *rs = set_new(&wims_env_libc, WIMS_PL_NONE);
	struct wims_range_fault fault;
	enum wims_reason r;

	assert_int_equal(add(rs, first), WIMS_OK);
	assert_int_equal(add(rs, "C sip:between!.*!@k.test"), WIMS_OK);
	assert_int_equal(add(rs, second), WIMS_OK);
	r = wims_ranges_seal(rs, &fault);
	if(r != (p->together ? WIMS_OK : WIMS_CONFIG_OVERLAP))
		fail_msg("%s and %s: %s", first, second, wims_reason_text(r));
	if(r != WIMS_OK) {
		assert_int_equal(fault.range + fault.other, 2);
		assert_int_not_equal(fault.range, fault.other);
		assert_non_null(fault.why);
	}
	wims_ranges_free(rs);
}

static void overlap(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(pairs); i++) {
		check_pair(&pairs[i], pairs[i].a, pairs[i].b);
		check_pair(&pairs[i], pairs[i].b, pairs[i].a);
	}
}

/* --- what an owner may have --- */

struct width
{
	const char *line;
	enum wims_reason want;
};

static const struct width widths[] = {
		{"A sip:a!.*!@h.test", WIMS_OK},
		{"A sip:!.*!a@h.test", WIMS_OK},
		{"A sip:!b.*!@h.test", WIMS_OK},
		{"A sip:!.*!@h.test", WIMS_CONFIG_VALUE},
		{"A sip:![0-9]{4}!@h.test", WIMS_CONFIG_VALUE},
		{"A sip:0..9@h.test", WIMS_CONFIG_VALUE},
		{"A sip:a!.*!@other.test", WIMS_CONFIG_VALUE},
		{"A sip:alice@other.test", WIMS_CONFIG_VALUE},
		{"A sip:a!.*!@h.test:5070", WIMS_CONFIG_VALUE},
		{"A sip:a!.*!@H.TEST", WIMS_OK},
		{"A tel:+1555!.*!", WIMS_OK},
		{"A tel:+155!.*!", WIMS_CONFIG_VALUE},
		{"A tel:+155!5.*!", WIMS_OK},
		{"A sip:+155!.*!@h.test", WIMS_CONFIG_VALUE},
		{"A +10000000..+19999999", WIMS_CONFIG_VALUE},
		{"A +15550000..+15559999", WIMS_OK},
};

static void too_wide(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(widths); i++) {
		struct wims_ranges *rs = set_new(&wims_env_libc, WIMS_PL("H.test"));
		enum wims_reason r = add(rs, widths[i].line);

		if(r != widths[i].want)
			fail_msg("%s: %s", widths[i].line, wims_reason_text(r));
		assert_int_equal(wims_ranges_count(rs), r == WIMS_OK);
		wims_ranges_free(rs);
	}
}

static void owners(void **state)
{
	struct wims_ranges *rs = wims_ranges_new(&wims_env_libc);
	char name[WIMS_RANGES_NAME_MAX + 1] = {0};
	uint32_t out, i;

	(void)state;
	assert_int_equal(
			wims_ranges_owner(rs, (struct wims_pl){name, sizeof(name)}, WIMS_PL_NONE, &out),
			WIMS_CONFIG_VALUE);
	assert_int_equal(wims_ranges_owner(rs, WIMS_PL("a"), WIMS_PL("h_"), &out), WIMS_CONFIG_VALUE);
	for(i = 0; i < WIMS_RANGES_OWNERS_MAX; i++)
		assert_int_equal(wims_ranges_owner(rs, WIMS_PL("a"), WIMS_PL_NONE, &out), WIMS_OK);
	assert_int_equal(wims_ranges_owner(rs, WIMS_PL("a"), WIMS_PL_NONE, &out), WIMS_LIMIT_REACHED);
	wims_ranges_free(rs);
}

static void beside(void **state)
{
	struct wims_ranges *rs = set_new(&wims_env_libc, WIMS_PL_NONE);
	char line[64];
	int i;

	(void)state;
	for(i = 0; i <= WIMS_RANGES_BESIDE_MAX; i++) {
		snprintf(line, sizeof(line), "A sip:a!.{%d}!@h.test", i);
		assert_int_equal(add(rs, line), i < WIMS_RANGES_BESIDE_MAX ? WIMS_OK : WIMS_LIMIT_REACHED);
	}
	assert_int_equal(add(rs, "A sip:ab!.*!@h.test"), WIMS_OK);
	wims_ranges_free(rs);
}

/* --- many, and memory --- */

/* Each is found, and the one beside it is not. */
static void many(void **state)
{
	struct wims_ranges *rs = set_new(&wims_env_libc, WIMS_PL_NONE);
	struct wims_regex_room *room = wims_regex_room_new(&wims_env_libc);
	struct wims_range_fault fault;
	struct wims_ranges_hit hit;
	char text[64];
	uint32_t i;

	(void)state;
	for(i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "%c sip:u%u-![0-9]{2}!@h%u.test", "ABC"[i % 3], i, i % 7);
		assert_int_equal(add(rs, text), WIMS_OK);
	}
	assert_int_equal(wims_ranges_seal(rs, &fault), WIMS_OK);
	for(i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "sip:u%u-42@h%u.test", i, i % 7);
		assert_true(wims_ranges_find(rs, room, wims_pl_str(text), &hit));
		assert_int_equal(hit.range, i);
		assert_int_equal(hit.owner, i % 3);
		snprintf(text, sizeof(text), "sip:u%u-42@h%u.test", i, (i + 1) % 7);
		assert_false(wims_ranges_find(rs, room, wims_pl_str(text), &hit));
	}
	wims_regex_room_free(room);
	wims_ranges_free(rs);
}

/* Everything from new to find; false when memory ran out. */
static bool whole_life(const struct wims_env *env)
{
	struct wims_ranges *rs = set_new(env, WIMS_PL_NONE);
	struct wims_regex_room *room = wims_regex_room_new(env);
	struct wims_range_fault fault;
	struct wims_ranges_hit hit;
	bool ok = rs != NULL && room != NULL;
	size_t i;

	for(i = 0; ok && i < COUNT(found_in); i++) {
		enum wims_reason r = add(rs, found_in[i]);

		assert_true(r == WIMS_OK || r == WIMS_NOMEM);
		assert_int_equal(wims_ranges_count(rs), i + (r == WIMS_OK));
		ok = r == WIMS_OK;
	}
	ok = ok && wims_ranges_seal(rs, &fault) == WIMS_OK;
	if(ok) {
		ok = wims_ranges_find(rs, room, WIMS_PL("sip:web-c-x@h.test"), &hit);
		assert_int_equal(hit.limited, false);
		assert_true(ok);
	}
	wims_regex_room_free(room);
	wims_ranges_free(rs);
	return ok;
}

static void out_of_memory(void **state)
{
	struct scarce s;
	size_t n;
	bool done = false;

	(void)state;
	for(n = 0; !done && n < 1000; n++) {
		scarce_init(&s, n);
		done = whole_life(&s.env);
		assert_int_equal(s.live, 0);
	}
	assert_true(done);
	assert_true(n > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(finding),  cmocka_unit_test(not_sealed),    cmocka_unit_test(overlap),
			cmocka_unit_test(too_wide), cmocka_unit_test(owners),        cmocka_unit_test(beside),
			cmocka_unit_test(many),     cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
