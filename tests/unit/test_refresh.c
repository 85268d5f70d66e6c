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

#include "keys/wims_refresh.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define S *INT64_C(1000)
#define AT0 (INT64_C(5000) S) /* when the time lines begin */

/* What happens to a source, or is asked of it, and what must come out. */
enum step
{
	END,
	BEGIN, /* says: begins */
	GOOD,  /* n: max-age */
	FAILED,
	LATER,
	ASK, /* says: may bring it */
	NOW,
	EXPIRE, /* says: ended */
	HAS,    /* says: there are keys */
	DUE     /* n: s after the beginning */
};

struct event
{
	int64_t at; /* ms after the beginning */
	enum step step;
	int64_t n;
	bool says;
};

struct line
{
	const char *name;
	struct wims_refresh_rule rule;
	uint32_t random;
	struct event events[24];
};

static const struct wims_refresh_rule usual = {60 S, 3600 S, 86400 S};

/* clang-format off */
#define USUAL {60 S, 3600 S, 86400 S}
static const struct line lines[] = {
	{"the first attempt is due at once, and only one at a time", USUAL, 0, {
		{0, HAS, 0, false}, {0, BEGIN, 0, true}, {0, BEGIN, 0, false}, {9 S, BEGIN, 0, false},
		{9 S, GOOD, 300, false}, {9 S, HAS, 0, true}, {308 S, BEGIN, 0, false}, {309 S, BEGIN, 0, true}}},
	{"max-age below the bounds", USUAL, 0, {{0, BEGIN, 0, true}, {0, GOOD, 0, false}, {0, DUE, 60, false}}},
	{"max-age above the bounds", USUAL, 0, {{0, BEGIN, 0, true}, {0, GOOD, 86400, false}, {0, DUE, 3600, false}}},
	{"max-age beyond any number", USUAL, 0, {{0, BEGIN, 0, true}, {0, GOOD, INT64_MAX, false}, {0, DUE, 3600, false}}},
	{"max-age not said", USUAL, 0, {{0, BEGIN, 0, true}, {0, GOOD, -1, false}, {0, DUE, 600, false}}},
	{"a tenth earlier by chance", USUAL, 100 * 1000, {{0, BEGIN, 0, true}, {0, GOOD, 1000, false}, {0, DUE, 900, false}}},
	{"failures: half a second at least", USUAL, 0, {
		{0, BEGIN, 0, true}, {0, FAILED, 0, false}, {499, BEGIN, 0, false}, {500, BEGIN, 0, true},
		{500, FAILED, 0, false}, {1499, BEGIN, 0, false}, {1500, BEGIN, 0, true},
		{1500, FAILED, 0, false}, {3499, BEGIN, 0, false}, {3500, BEGIN, 0, true}}},
	{"failures: by chance twice that", USUAL, 500, {
		{0, BEGIN, 0, true}, {0, FAILED, 0, false}, {999, BEGIN, 0, false}, {1000, BEGIN, 0, true}}},
	{"a success ends the back-off", USUAL, 0, {
		{0, BEGIN, 0, true}, {0, FAILED, 0, false}, {1 S, BEGIN, 0, true}, {1 S, FAILED, 0, false},
		{5 S, BEGIN, 0, true}, {5 S, GOOD, 60, false}, {65 S, BEGIN, 0, true}, {65 S, FAILED, 0, false},
		{65499, BEGIN, 0, false}, {65500, BEGIN, 0, true}}},
	{"keys stay through failures until their end", {60 S, 60 S, 100 S}, 0, {
		{0, BEGIN, 0, true}, {0, GOOD, 60, false}, {60 S, BEGIN, 0, true}, {60 S, FAILED, 0, false},
		{61 S, BEGIN, 0, true}, {61 S, FAILED, 0, false}, {159999, EXPIRE, 0, false}, {159999, HAS, 0, true},
		{160 S, EXPIRE, 0, true}, {160 S, HAS, 0, false}, {160 S, EXPIRE, 0, false}, {161 S, BEGIN, 0, true},
		{161 S, GOOD, 60, false}, {161 S, HAS, 0, true}, {319 S, EXPIRE, 0, false}}},
	{"keys without an end", {60 S, 60 S, 0}, 0, {
		{0, BEGIN, 0, true}, {0, GOOD, 60, false}, {9000000 S, EXPIRE, 0, false}, {9000000 S, HAS, 0, true}}},
	{"an unknown key: one attempt in a window, and one at its end", USUAL, 0, {
		{0, BEGIN, 0, true}, {0, ASK, 0, true}, {1 S, GOOD, 3600, false}, {2 S, ASK, 0, true}, {2 S, ASK, 0, true},
		{2 S, BEGIN, 0, true}, {3 S, ASK, 0, true}, {3 S, GOOD, 3600, false}, {4 S, ASK, 0, false},
		{4 S, BEGIN, 0, false}, {31999, ASK, 0, false}, {31999, BEGIN, 0, false}, {32 S, ASK, 0, true},
		{32 S, BEGIN, 0, true}, {33 S, GOOD, 3600, false}, {61999, BEGIN, 0, false}}},
	{"nobody asked in the window: none at its end", USUAL, 0, {
		{0, BEGIN, 0, true}, {0, GOOD, 3600, false}, {2 S, ASK, 0, true}, {2 S, BEGIN, 0, true},
		{3 S, GOOD, 3600, false}, {40 S, BEGIN, 0, false}, {50 S, ASK, 0, true}, {50 S, BEGIN, 0, true}}},
	{"an unknown key after a failure may still come", USUAL, 0, {
		{0, BEGIN, 0, true}, {0, GOOD, 60, false}, {60 S, BEGIN, 0, true}, {60 S, FAILED, 0, false},
		{60100, ASK, 0, true}, {60100, BEGIN, 0, true}, {60200, FAILED, 0, false}, {60300, ASK, 0, true},
		{60300, BEGIN, 0, false}}},
	{"no keys yet: any key may come, and tokens open no window", USUAL, 0, {
		{0, ASK, 0, true}, {0, BEGIN, 0, true}, {0, FAILED, 0, false}, {100, ASK, 0, true}, {100, HAS, 0, false},
		{100, BEGIN, 0, false}, {500, BEGIN, 0, true}, {500, ASK, 0, true}, {500, GOOD, 3600, false},
		{1 S, ASK, 0, true}, {1 S, BEGIN, 0, true}, {1 S, GOOD, 3600, false}, {2 S, ASK, 0, false}}},
	{"what is due earlier is not put off by a token", {60 S, 60 S, 0}, 0, {
		{0, BEGIN, 0, true}, {0, GOOD, 60, false}, {55 S, ASK, 0, true}, {55 S, BEGIN, 0, true},
		{55 S, FAILED, 0, false}, {55100, ASK, 0, true}, {55499, BEGIN, 0, false}, {55500, BEGIN, 0, true}}},
	{"put off: no failure, and no window is used up", USUAL, 0, {
		{0, BEGIN, 0, true}, {0, GOOD, 3600, false}, {1 S, ASK, 0, true}, {1 S, BEGIN, 0, true},
		{1 S, LATER, 0, false}, {1 S, HAS, 0, true}, {1499, BEGIN, 0, false}, {1500, BEGIN, 0, true},
		{1500, LATER, 0, false}, {1600, ASK, 0, true}, {1600, BEGIN, 0, true}, {1600, FAILED, 0, false},
		{2099, BEGIN, 0, false}, {2100, BEGIN, 0, true}}},
	{"the operator is not bound by the window", USUAL, 0, {
		{0, BEGIN, 0, true}, {0, GOOD, 3600, false}, {1 S, ASK, 0, true}, {1 S, BEGIN, 0, true},
		{1 S, GOOD, 3600, false}, {2 S, NOW, 0, false}, {2 S, BEGIN, 0, true}, {2 S, NOW, 0, false}, {2 S, BEGIN, 0, false}}},
};
/* clang-format on */

static bool run_event(struct wims_refresh *s, const struct line *l, const struct event *e)
{
	int64_t now = AT0 + e->at;

	switch(e->step) {
		case BEGIN:
			return wims_refresh_begin(s, now) == e->says;
		case GOOD:
			wims_refresh_good(s, &l->rule, now, e->n, l->random);
			return true;
		case FAILED:
			wims_refresh_failed(s, &l->rule, now, l->random);
			return true;
		case LATER:
			wims_refresh_later(s, now, l->random);
			return true;
		case ASK:
			return wims_refresh_ask(s, now) == e->says;
		case NOW:
			wims_refresh_now(s, now);
			return true;
		case EXPIRE:
			return wims_refresh_expire(s, &l->rule, now) == e->says;
		case HAS:
			return s->has == e->says;
		case DUE:
			return s->due == AT0 + e->n S;
		case END:
			break;
	}
	return false;
}

static void test_time_lines(void **state)
{
	struct wims_refresh s;
	size_t i, j;

	(void)state;
	for(i = 0; i < COUNT(lines); i++) {
		wims_refresh_init(&s, AT0);
		for(j = 0; lines[i].events[j].step != END; j++)
			if(!run_event(&s, &lines[i], &lines[i].events[j]))
				fail_msg("%s: event %zu", lines[i].name, j);
		assert_true(j > 0 && j < COUNT(lines[i].events));
	}
}

/* The wait grows to its most and stays there, whatever chance says. */
static void test_back_off(void **state)
{
	static const uint32_t randoms[] = {0, 1, 12345, UINT32_MAX};
	const struct wims_refresh_rule brief = {1 S, 5 S, 0};
	struct wims_refresh s;
	size_t i;
	int n;

	(void)state;
	for(i = 0; i < COUNT(randoms); i++) {
		wims_refresh_init(&s, 0);
		for(n = 0; n < 2000; n++)
			wims_refresh_failed(&s, &usual, 0, randoms[i]);
		assert_in_range(s.due, WIMS_REFRESH_RETRY_MAX_MS / 2, WIMS_REFRESH_RETRY_MAX_MS);
		wims_refresh_failed(&s, &brief, 0, randoms[i]);
		assert_in_range(s.due, 2500, 5 S);
	}
}

/* Keys of an earlier run: used at once, asked for at once, never past their
 * end. */
static void test_restore(void **state)
{
	static const struct
	{
		int64_t age_ms, max_age;
		bool taken;
	} rows[] = {{0, 60, true},
				{60 S, 60, true},
				{86400 S + 60 S - 1, 60, true},
				{86400 S + 60 S, 60, false},
				{86400 S + 600 S - 1, -1, true},
				{86400 S + 600 S, -1, false},
				{INT64_C(1) << 50, 3600, false}};
	struct wims_refresh s;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		if(wims_refresh_restore(&s, &usual, AT0, rows[i].age_ms, rows[i].max_age) != rows[i].taken)
			fail_msg("row %zu", i);
		assert_int_equal(s.has, rows[i].taken);
		assert_true(wims_refresh_begin(&s, AT0));
		if(rows[i].taken)
			assert_int_equal(s.fetched, AT0 - rows[i].age_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_time_lines),
			cmocka_unit_test(test_back_off),
			cmocka_unit_test(test_restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
