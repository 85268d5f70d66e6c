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

#include "fetch/wims_fetch_head.h"

/* The lines of one head, "\n" ended; what max-age it has. */
static int64_t max_age(const char *lines, struct wims_fetch_head *h)
{
	struct wims_pl rest = wims_pl_str(lines);

	*h = (struct wims_fetch_head){0};
	while(rest.l > 0) {
		size_t end = wims_pl_find(rest, '\n') + 1;

		assert_true(wims_fetch_head_line(h, (struct wims_pl){rest.p, end}));
		rest = wims_pl_from(rest, end);
	}
	return wims_fetch_head_max_age(h);
}

static const struct
{
	const char *lines;
	int64_t max_age;
} ages[] = {
		{"Server: x\n", -1},
		{"Cache-Control: public\n", -1},
		{"Cache-Control:\n", -1},
		{"Cache-Control: max-age=600\r\n", 600},
		{"cache-control:MAX-AGE=600\n", 600},
		{"Cache-Control: public, max-age=600 , must-revalidate\n", 600},
		{"Cache-Control: max-age=\"600\"\n", 600},
		{"Cache-Control: max-age=0\n", 0},
		{"Cache-Control: no-store\n", 0},
		{"Cache-Control: max-age=600, no-cache\n", 0},
		{"Cache-Control: no-cache=\"Set-Cookie\", max-age=600\n", 0},
		{"Cache-Control: x=\"a, no-store\", max-age=600\n", 600},
		{"Cache-Control: x=\"a\\\", no-store\", max-age=600\n", 600},
		{"Cache-Control: s-maxage=5\n", -1},
		{"Cache-Control: xmax-age=5\n", -1},
		/* two counts: the shorter one (RFC 9111 4.2.1) */
		{"Cache-Control: max-age=600\nCache-Control: max-age=60\n", 60},
		{"Cache-Control: max-age=60, max-age=600\n", 60},
		/* not understood: stale */
		{"Cache-Control: max-age=-5\n", 0},
		{"Cache-Control: max-age=1.5\n", 0},
		{"Cache-Control: max-age\n", 0},
		{"Cache-Control: max-age=\n", 0},
		{"Cache-Control: max-age=6x\n", 0},
		/* more than fits is a lot (RFC 9111 1.2.2) */
		{"Cache-Control: max-age=99999999999999999999999\n", WIMS_FETCH_AGE_MAX},
		{"Cache-Control: max-age=4294967296\n", WIMS_FETCH_AGE_MAX},
		/* time spent in caches counts */
		{"Cache-Control: max-age=600\nAge: 200\n", 400},
		{"Age: 200\nCache-Control: max-age=600\n", 400},
		{"Cache-Control: max-age=600\nAge: 600\n", 0},
		{"Cache-Control: max-age=600\nAge: 99999999999999999999999\n", 0},
		{"Cache-Control: max-age=600\nAge: 10\nAge: 20\n", 580},
		{"Cache-Control: max-age=600\nAge: soon\n", 600},
		{"Age: 200\n", -1},
		/* an interim answer has a head of its own */
		{"HTTP/1.1 103 x\nCache-Control: max-age=1\n\nHTTP/1.1 200 OK\nX: y\n", -1},
		{"HTTP/1.1 100 x\n\nHTTP/1.1 200 OK\nCache-Control: max-age=7\n\n", 7},
};

static void test_max_age(void **state)
{
	struct wims_fetch_head h;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(ages) / sizeof(ages[0]); i++)
		if(max_age(ages[i].lines, &h) != ages[i].max_age)
			fail_msg("%s is %lld", ages[i].lines, (long long)wims_fetch_head_max_age(&h));
}

static const struct
{
	const char *lines;
	bool encoded;
} codings[] = {
		{"Content-Type: application/json\n", false},
		{"Content-Encoding: identity\n", false},
		{"Content-Encoding:\n", false},
		{"Content-Encoding: gzip\n", true},
		{"content-encoding: BR\n", true},
		{"Content-Encoding: identity, gzip\n", true},
		{"Content-Encoding: gzip\nContent-Encoding: identity\n", true},
		{"Transfer-Encoding: chunked\n", false},
		{"Transfer-Encoding: Chunked\n", false},
		{"Transfer-Encoding: gzip, chunked\n", true},
		{"Transfer-Encoding: gzip\n", true},
		{"X-Content-Encoding: gzip\n", false},
		{"HTTP/1.1 103 x\nContent-Encoding: gzip\n\nHTTP/1.1 200 OK\n", false},
};

static void test_encoded(void **state)
{
	struct wims_fetch_head h;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(codings) / sizeof(codings[0]); i++) {
		assert_int_equal(max_age(codings[i].lines, &h), -1);
		if(h.encoded != codings[i].encoded)
			fail_msg("%s: encoded %d", codings[i].lines, h.encoded);
	}
}

/* The bytes of all heads count, so that interim answers cannot go on for
 * ever. */
static void test_limit(void **state)
{
	static char line[WIMS_FETCH_HEAD_MAX + 1];
	struct wims_fetch_head h = {0};

	(void)state;
	memset(line, 'x', sizeof(line));
	assert_false(wims_fetch_head_line(&h, (struct wims_pl){line, sizeof(line)}));
	assert_true(wims_fetch_head_line(&h, (struct wims_pl){line, WIMS_FETCH_HEAD_MAX - 20}));
	assert_true(wims_fetch_head_line(&h, WIMS_PL("HTTP/1.1 200 OK\r\n")));
	assert_true(wims_fetch_head_line(&h, WIMS_PL("a\r\n")));
	assert_false(wims_fetch_head_line(&h, WIMS_PL("b")));
	assert_false(wims_fetch_head_line(&h, (struct wims_pl){line, SIZE_MAX}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_max_age),
			cmocka_unit_test(test_encoded),
			cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
