/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Expressions that are made to hurt: refused, or held by limits. The measures
 * are bytes and the engine's steps, not a clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "range/wims_ranges.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum
{
	BYTES_MAX = 1024 * 1024, /* of each expression, its matches included */
	TEXT_MAX = 8192
};

/* --- memory that is counted --- */

struct counted
{
	struct wims_env env;
	size_t live, peak;
};

static void *counted_alloc(void *ctx, size_t n)
{
	struct counted *c = ctx;
	size_t *p = malloc(2 * sizeof(max_align_t) + n);

	if(p == NULL)
		return NULL;
	p[0] = n;
	c->live += n;
	if(c->live > c->peak)
		c->peak = c->live;
	return (char *)p + 2 * sizeof(max_align_t);
}

static void counted_free(void *ctx, void *p)
{
	struct counted *c = ctx;
	size_t *head;

	if(p == NULL)
		return;
	head = (size_t *)(void *)((char *)p - 2 * sizeof(max_align_t));
	c->live -= head[0];
	free(head);
}

static void counted_init(struct counted *c)
{
	*c = (struct counted){.env = {.ctx = c, .alloc = counted_alloc, .free = counted_free}};
}

/* --- what is tried --- */

static const char *const hostile[] = {
		/* repetitions of repetitions */
		"(a*)*b",
		"(a+)+b",
		"((a+)+)+b",
		"(a|a)*b",
		"(a|aa)+b",
		"(a|a?)+b",
		"(.*)*b",
		"(.*.*)*b",
		"(.*a){12}b",
		"(.*a){25}",
		"([a-z]+)*b",
		"([a-z]*)*[0-9]",
		"(a*a*)*b",
		"(a*)*(a*)*b",
		"((a|b)*|(a|c)*)*d",
		"(aa|aab?)*c",
		"(a?){30}a{30}",
		"(a?){100}a{100}",
		"a?a?a?a?a?a?a?a?b",
		"(a{0,20}){0,20}b",
		"((a{0,9}){0,9}){0,9}b",
		"(a{1,30}){1,30}b",
		"(.{1,30}){1,30}!",
		"(a|b|ab)*c",
		"(a*b*)*c",
		"(a*b*c*)*d",
		"((ab)*|a*b*)*c",
		"(x+x+)+y",
		"(x+x+x+)+y",
		"(([^b]*b?)*)*!",
		".*.*.*.*.*.*b",
		".*.*.*.*.*.*.*.*.*.*b",
		"(.+)+(.+)+(.+)+b",
		"(a+a+)+(a+a+)+b",
		"(.?){250}b",
		"(.?.?.?){80}b",
		"([ab]*[ac]*[bc]*)*d",
		"(a{2,})*b",
		"((a{2,}){2,}){2,}b",
		"(((a*)+)*)+b",
		"((((a*)*)*)*)*b",
		"(((((a?)+)+)+)+)+b",
		"(a*)+(b*)+(c*)+d",
		"(.*)+x(.*)+x(.*)+x",
		"([^x]*x?)*y",
		/* products */
		"a{1,255}{1,255}",
		"(a{1,255}){1,255}",
		"((a{255}){255}){255}",
		"(((a{9}){9}){9}){9}",
		"((((((a{1,9}){1,9}){1,9}){1,9}){1,9}){1,9})",
		"(.{255}){4}",
		"(.{250}){4}",
		"a{256}",
		"a{1,32767}",
		"a{65536}",
		"a{4294967296}",
		"a{18446744073709551616}",
		"a{0}{0}",
		"(a{0}){255}",
		"((.{255}){3}){0}",
		"((.{255}){3}){0}b",
		"(a|b){1000}",
		"([a-z]{255}|[0-9]{255})",
		"(a{255}b{255}){2}",
		"a{255}b{255}c{255}d{235}",
		"a{255}b{255}c{255}d{236}",
		/* back references and what other engines know */
		"(a)\\1",
		"(.*)(.*)(.*)(.*)\\4\\3\\2\\1",
		"(?i)a",
		"(?:a)",
		"(?=a)",
		"(?!a)",
		"(?<=a)b",
		"(?<!a)b",
		"(?>a*)a",
		"(?R)",
		"(?1)",
		"(?P<n>a)(?P=n)",
		"(?C1)",
		"(?#a)",
		"(?|a|b)",
		"(*LIMIT_MATCH=4294967295)a",
		"(*UTF)a",
		"(*ACCEPT)",
		"(*COMMIT)a",
		"(*NO_JIT)a",
		"\\K",
		"\\Qa\\E",
		"\\d+",
		"\\w+",
		"\\s",
		"\\b",
		"\\B",
		"\\A",
		"\\z",
		"\\Z",
		"\\G",
		"\\C",
		"\\R",
		"\\X",
		"\\p{L}",
		"\\x41",
		"\\x{41}",
		"\\101",
		"\\o{101}",
		"\\cA",
		"\\e",
		"\\n",
		"\\N",
		"\\h",
		"\\g1",
		"\\k<n>",
		"\\<a\\>",
		"\\`a\\'",
		"a*?",
		"a+?",
		"a??",
		"a*+",
		"a++",
		"a{1,2}?",
		"a{1,2}+",
		"a{,5}",
		/* brackets */
		"[",
		"[]",
		"[^]",
		"[]]",
		"[[]",
		"[^",
		"[a",
		"[a-",
		"[z-a]",
		"[a-z-9]",
		"[[:alpha:]",
		"[[:x:]]",
		"[[:alpha:]-z]",
		"[a-[:alpha:]]",
		"[[.a.]]",
		"[[=a=]]",
		"[[.space.]]",
		"[\\]]",
		"[a\\]b]",
		"[^!-~]",
		"[%00-%7f]",
		"[[:<:]]a",
		"[[:>:]]a",
		"[[:cntrl:]]",
		"[[:space:]]",
		/* anchors, ends, what is not there */
		"",
		"^",
		"$",
		"^a",
		"a$",
		"^^^^",
		"$$$$",
		"a^b",
		"a$b",
		"(^a)",
		"(a$)",
		"|",
		"||",
		"a|",
		"|a",
		"(|a)",
		"(a|)",
		"(a||b)",
		"()",
		"(())",
		"(",
		")",
		"((",
		"))",
		")(",
		"(()",
		"*",
		"+",
		"?",
		"{1}",
		"(*)",
		"(+)",
		"|*",
		"a|*b",
		"**",
		"a**",
		"a*{2}",
		"a{2}*",
		"{",
		"}",
		"]",
		"a{",
		"a{1",
		"a{1,",
		"a{a}",
		"a{-1}",
		"a{1,2",
		"a{2,1}",
		"a{1 }",
		"\\",
		"a\\",
		"%",
		"%4",
		"%00",
		"%0a",
		"%7F",
		"%GG",
		"a b",
		"a\tb",
		"a\nb",
		"\x80",
		"\xff",
		"\x01",
};

/* Grown to a size: head, n times fill, middle, n times behind, tail. */
struct grown
{
	const char *head, *fill, *middle, *behind, *tail;
	size_t n;
};

static const struct grown families[] = {
		{"", "(", "a", ")", "", 16},      {"", "(", "a", ")", "", 17},
		{"", "(", "a", ")", "", 250},     {"", "(", "a", ")", "", 2000},
		{"", "(", "a*", ")*", "", 16},    {"", "(", "a?", "){2}", "", 9},
		{"", "(", "a", "){255}", "", 16}, {"", "(", "a|b", ")+", "c", 16},
		{"a", "*", "", "", "", 500},      {"", "^", "", "", "", 500},
		{"", "|", "", "", "", 500},       {"", "a|", "a", "", "", 250},
		{"(", "a|", "a)*b", "", "", 240}, {"", "a?", "", "a", "", 170},
		{"", "a*", "b", "", "", 250},     {"", ".*", "b", "", "", 250},
		{"", ".*a", "b", "", "", 160},    {"", "(a*)*", "b", "", "", 100},
		{"", "(a|b)", "c", "", "", 100},  {"", "[a-z]", "", "", "", 102},
		{"[", "a-z", "]", "", "", 160},   {"[", "!", "]", "", "", 500},
		{"", "a", "", "", "", 512},       {"", "a", "", "", "", 513},
		{"", "a", "", "", "", 7000},      {"(", "(a?b?)*", ")*c", "", "", 70},
		{"", "%40", "*", "", "", 170},    {"", "a{1,9}", "b", "", "", 84},
		{"", "(ab?)*", "c", "", "", 80},  {"", "[^a]*", "!", "", "", 100},
};

static const char *const bodies[] = {"a", "ab", "aab", "0", "abc", "xa!"};

/* --- one expression against identities that are made for it --- */

struct tally
{
	size_t patterns, refused, limited, peak;
};

static void match_all(const struct wims_ranges *rs, struct wims_regex_room *room,
					  struct tally *tally)
{
	char impu[WIMS_IMPU_MAX];
	size_t i, l, length;
	bool limited = false;

	for(i = 0; i < COUNT(bodies); i++)
		for(length = 1; length <= 230; length += length < 40 ? 13 : 95) {
			struct wims_ranges_hit hit;

			memcpy(impu, "sip:p", 5);
			for(l = 5; l < 5 + length; l++)
				impu[l] = bodies[i][l % strlen(bodies[i])];
			memcpy(impu + l, "~@h.test", 8);
			(void)!wims_ranges_find(rs, room, (struct wims_pl){impu, l + 8}, &hit);
			limited = limited || hit.limited;
		}
	tally->limited += limited;
}

static void one(struct wims_pl ere, struct tally *tally)
{
	static char text[TEXT_MAX + 64];
	struct wims_range_fault fault;
	struct wims_regex_room *room;
	struct wims_ranges *rs;
	struct counted c;
	uint32_t owner;

	counted_init(&c);
	rs = wims_ranges_new(&c.env);
	room = wims_regex_room_new(&c.env);
	memcpy(text, "sip:p!", 6);
	memcpy(text + 6, ere.p, ere.l);
	memcpy(text + 6 + ere.l, "!@h.test", 8);
	assert_int_equal(wims_ranges_owner(rs, WIMS_PL("o"), WIMS_PL_NONE, &owner), WIMS_OK);
	tally->patterns++;
	if(wims_ranges_add(rs, owner, (struct wims_pl){text, ere.l + 14}, &fault) == WIMS_OK) {
		assert_int_equal(wims_ranges_seal(rs, &fault), WIMS_OK);
		match_all(rs, room, tally);
	} else {
		assert_non_null(fault.why);
		assert_int_equal(wims_ranges_count(rs), 0);
		tally->refused++;
	}
	wims_regex_room_free(room);
	wims_ranges_free(rs);
	assert_int_equal(c.live, 0);
	if(c.peak > BYTES_MAX)
		fail_msg("%.*s: %zu bytes", (int)ere.l, ere.p, c.peak);
	if(c.peak > tally->peak)
		tally->peak = c.peak;
}

static size_t put(char *out, size_t l, const char *s, size_t n)
{
	for(; n > 0; n--) {
		assert_true(l + strlen(s) < TEXT_MAX);
		memcpy(out + l, s, strlen(s));
		l += strlen(s);
	}
	return l;
}

static void refused_or_bounded(void **state)
{
	static char text[TEXT_MAX];
	struct tally tally = {0};
	size_t i, l;

	(void)state;
	for(i = 0; i < COUNT(hostile); i++)
		one(wims_pl_str(hostile[i]), &tally);
	for(i = 0; i < COUNT(families); i++) {
		const struct grown *g = &families[i];

		l = put(text, 0, g->head, 1);
		l = put(text, l, g->fill, g->n);
		l = put(text, l, g->middle, 1);
		l = put(text, l, g->behind, g->n);
		one((struct wims_pl){text, put(text, l, g->tail, 1)}, &tally);
	}
	print_message("%zu expressions: %zu refused, %zu reached a limit, at most %zu bytes\n",
				  tally.patterns, tally.refused, tally.limited, tally.peak);
	assert_true(tally.patterns >= 150);
	assert_true(tally.refused >= 100);
	assert_true(tally.limited >= 5);
}

/* Steps that double from one identity to the next: given up long before an
 * engine without a limit would have ended, which it would, and say no. */
static void steps(void **state)
{
	struct wims_regex_room *room = wims_regex_room_new(&wims_env_libc);
	const struct wims_pl text = WIMS_PL("aaaaaaaaaaaaaaaaaaaaaaaad");
	struct wims_regex *re;
	bool limited = false;
	size_t n;

	(void)state;
	assert_int_equal(wims_regex_compile(&re, &wims_env_libc, WIMS_PL("(?:a|aa)+[bc]")), WIMS_OK);
	for(n = 1; n <= text.l && !limited; n++)
		assert_false(wims_regex_match(re, room, wims_pl_from(text, text.l - n), &limited));
	assert_true(limited);
	assert_true(n > 10);
	wims_regex_free(re);
	wims_regex_room_free(room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(refused_or_bounded),
			cmocka_unit_test(steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
