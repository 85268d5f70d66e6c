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

#include "fetch/wims_fetch.h"
#include "scarce.h"
#include "sweep.h"

static struct wims_buf b;
static char large[WIMS_FETCH_BODY_MAX + 1];

static int setup(void **state)
{
	(void)state;
	memset(large, 'x', sizeof(large));
	wims_buf_init(&b, &wims_env_libc, 2 * WIMS_FETCH_FRAME_MAX);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	wims_buf_clear(&b);
	return 0;
}

static struct wims_fetch_in good_request(void)
{
	return (struct wims_fetch_in){
			.url = WIMS_PL("https://wwsf.test/jwks"),
			.ca_file = WIMS_PL("/etc/ca.pem"),
			.post_body = WIMS_PL("token=a\0b"),
			.user = WIMS_PL("u"),
			.password = WIMS_PL("p:&"),
			.timeout_ms = 5000,
			.max_bytes = 262144,
	};
}

static struct wims_fetch_answer good_answer(void)
{
	return (struct wims_fetch_answer){
			.outcome = WIMS_FETCH_OK,
			.status = 200,
			.max_age = 600,
			.body = WIMS_PL("{\"keys\":[]}\0"),
			.why = WIMS_PL("w"),
	};
}

#define assert_pl(got, want)                    \
	do {                                        \
		assert_int_equal((got).l, (want).l);    \
		assert_true(wims_pl_eq((got), (want))); \
	} while(0)

static void test_request(void **state)
{
	struct wims_fetch_in in = good_request(), got;
	uint32_t id = 0;
	size_t used;

	(void)state;
	assert_true(wims_fetch_put_request(&b, 0xfedcba98u, &in));
	assert_int_equal(wims_fetch_get_request(wims_buf_pl(&b), &used, &id, &got), WIMS_FETCH_FRAME);
	assert_int_equal(used, wims_buf_pl(&b).l);
	assert_int_equal(id, 0xfedcba98u);
	assert_pl(got.url, in.url);
	assert_pl(got.ca_file, in.ca_file);
	assert_pl(got.post_body, in.post_body);
	assert_pl(got.user, in.user);
	assert_pl(got.password, in.password);
	assert_int_equal(got.timeout_ms, 5000);
	assert_int_equal(got.max_bytes, 262144);
}

static void test_answer(void **state)
{
	struct wims_fetch_answer a = good_answer(), got;
	uint32_t id = 0;
	size_t used;
	int64_t ages[] = {-1, 0, 1, INT64_MAX};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
		a.max_age = ages[i];
		assert_true(wims_fetch_put_answer(&b, 7, &a));
		assert_int_equal(wims_fetch_get_answer(wims_buf_pl(&b), &used, &id, &got),
						 WIMS_FETCH_FRAME);
		assert_int_equal(id, 7);
		assert_int_equal(got.outcome, WIMS_FETCH_OK);
		assert_int_equal(got.status, 200);
		assert_int_equal(got.max_age, ages[i]);
		assert_pl(got.body, a.body);
		assert_pl(got.why, a.why);
		wims_buf_drop(&b, used);
	}
}

/* The frame as it is on the wire, for whoever writes another end. */
static void test_wire(void **state)
{
	static const char want[] = "WF\1\2\0\0\0\x1e"
							   "\0\0\0\5\0\0\0\1\0\0\0\xc8"
							   "\0\0\0\0\0\0\0\x3c"
							   "\0\0\0\0"
							   "\0\0\0\2{}";
	struct wims_fetch_answer a = good_answer();

	(void)state;
	a.max_age = 60;
	a.why = WIMS_PL_NONE;
	a.body = WIMS_PL("{}");
	assert_true(wims_fetch_put_answer(&b, 5, &a));
	assert_int_equal(wims_buf_pl(&b).l, sizeof(want) - 1);
	assert_memory_equal(wims_buf_pl(&b).p, want, sizeof(want) - 1);
}

/* Byte by byte: nothing before the last one, everything with it. */
static void test_incremental(void **state)
{
	struct wims_fetch_in in = good_request(), got;
	struct wims_pl all;
	uint32_t id;
	size_t used, i;

	(void)state;
	assert_true(wims_fetch_put_request(&b, 1, &in) && wims_fetch_put_request(&b, 2, &in));
	all = wims_buf_pl(&b);
	for(i = 0; i < all.l / 2; i++)
		assert_int_equal(wims_fetch_get_request((struct wims_pl){all.p, i}, &used, &id, &got),
						 WIMS_FETCH_MORE);
	for(; i < all.l; i++) {
		assert_int_equal(wims_fetch_get_request((struct wims_pl){all.p, i}, &used, &id, &got),
						 WIMS_FETCH_FRAME);
		assert_int_equal(used, all.l / 2);
	}
}

/* Each limit of a request: the value on it passes, one more does not. */
static void test_request_limits(void **state)
{
	struct wims_fetch_in in;
	size_t i;
	static const struct
	{
		size_t at;
		size_t max;
	} texts[] = {
			{offsetof(struct wims_fetch_in, url), WIMS_FETCH_URL_MAX},
			{offsetof(struct wims_fetch_in, ca_file), WIMS_FETCH_CA_MAX},
			{offsetof(struct wims_fetch_in, post_body), WIMS_FETCH_POST_MAX},
			{offsetof(struct wims_fetch_in, user), WIMS_FETCH_USER_MAX},
			{offsetof(struct wims_fetch_in, password), WIMS_FETCH_USER_MAX},
	};

	(void)state;
	for(i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		in = good_request();
		*(struct wims_pl *)(void *)((char *)&in + texts[i].at) =
				(struct wims_pl){large, texts[i].max};
		assert_true(wims_fetch_put_request(&b, 1, &in));
		((struct wims_pl *)(void *)((char *)&in + texts[i].at))->l++;
		assert_false(wims_fetch_put_request(&b, 1, &in));
		*(struct wims_pl *)(void *)((char *)&in + texts[i].at) = WIMS_PL("a\0b");
		assert_true(wims_fetch_put_request(&b, 1, &in)
					== (texts[i].at == offsetof(struct wims_fetch_in, post_body)));
	}
	in = good_request();
	in.url = WIMS_PL_NONE;
	assert_false(wims_fetch_put_request(&b, 1, &in));
}

static void test_request_numbers(void **state)
{
	static const uint32_t times[] = {0, WIMS_FETCH_TIMEOUT_MAX + 1, UINT32_MAX};
	static const uint32_t bytes[] = {0, WIMS_FETCH_BODY_MAX + 1, UINT32_MAX};
	struct wims_fetch_in in;
	size_t i;

	(void)state;
	for(i = 0; i < 3; i++) {
		in = good_request();
		in.timeout_ms = times[i];
		assert_false(wims_fetch_put_request(&b, 1, &in));
		in = good_request();
		in.max_bytes = bytes[i];
		assert_false(wims_fetch_put_request(&b, 1, &in));
	}
	in.max_bytes = WIMS_FETCH_BODY_MAX;
	in.timeout_ms = WIMS_FETCH_TIMEOUT_MAX;
	assert_true(wims_fetch_put_request(&b, 1, &in));
}

static bool refused(struct wims_fetch_answer a)
{
	return !wims_fetch_put_answer(&b, 1, &a);
}

static void test_answer_limits(void **state)
{
	struct wims_fetch_answer a = good_answer();

	(void)state;
	a.body = (struct wims_pl){large, WIMS_FETCH_BODY_MAX};
	a.why = (struct wims_pl){large, WIMS_FETCH_WHY_MAX};
	assert_false(refused(a));
	assert_true(wims_buf_pl(&b).l <= WIMS_FETCH_FRAME_MAX);
	a.body.l++;
	assert_true(refused(a));
	a = good_answer();
	a.why = (struct wims_pl){large, WIMS_FETCH_WHY_MAX + 1};
	assert_true(refused(a));
	a = good_answer();
	a.outcome = WIMS_FETCH_STATUS; /* only "ok" has a body */
	assert_true(refused(a));
	a.body = WIMS_PL_NONE;
	assert_false(refused(a));
	a.outcome = WIMS_FETCH_OUTCOME_COUNT;
	assert_true(refused(a));
	a = good_answer();
	a.status = 1000;
	assert_true(refused(a));
	a.status = -1;
	assert_true(refused(a));
	a = good_answer();
	a.max_age = -2;
	assert_true(refused(a));
}

static void overwritten(struct wims_pl frame, size_t at, char byte, enum wims_fetch_read want)
{
	struct wims_fetch_answer got;
	char *copy = malloc(frame.l);
	uint32_t id;
	size_t used;

	memcpy(copy, frame.p, frame.l);
	copy[at] = byte;
	assert_int_equal(wims_fetch_get_answer((struct wims_pl){copy, frame.l}, &used, &id, &got),
					 want);
	if(want != WIMS_FETCH_FRAME) {
		assert_int_not_equal(got.outcome, WIMS_FETCH_OK);
		assert_int_equal(got.body.l, 0);
	}
	free(copy);
}

/* Another kind, another version, a length that does not fit. */
static void test_broken(void **state)
{
	struct wims_fetch_answer a = good_answer();
	struct wims_fetch_in in;
	uint32_t id;
	size_t used;

	(void)state;
	assert_true(wims_fetch_put_answer(&b, 1, &a));
	overwritten(wims_buf_pl(&b), 0, 'X', WIMS_FETCH_BROKEN);
	overwritten(wims_buf_pl(&b), 2, 2, WIMS_FETCH_BROKEN);
	overwritten(wims_buf_pl(&b), 3, 1, WIMS_FETCH_BROKEN);
	overwritten(wims_buf_pl(&b), 4, 1, WIMS_FETCH_BROKEN);           /* 16 MB */
	overwritten(wims_buf_pl(&b), 7, 100, WIMS_FETCH_MORE);           /* not all there yet */
	overwritten(wims_buf_pl(&b), 7, 20, WIMS_FETCH_BROKEN);          /* texts do not fit */
	overwritten(wims_buf_pl(&b), 12, 1, WIMS_FETCH_BROKEN);          /* outcome */
	overwritten(wims_buf_pl(&b), 17, 99, WIMS_FETCH_BROKEN);         /* status */
	overwritten(wims_buf_pl(&b), 20, (char)0x80, WIMS_FETCH_BROKEN); /* max_age */
	overwritten(wims_buf_pl(&b), 31, 0, WIMS_FETCH_BROKEN);          /* a byte is left over */
	overwritten(wims_buf_pl(&b), 28, 1, WIMS_FETCH_BROKEN);          /* longer than the frame */
	assert_int_equal(wims_fetch_get_request(wims_buf_pl(&b), &used, &id, &in), WIMS_FETCH_BROKEN);
	assert_int_equal(in.url.l, 0);
}

struct mutants
{
	size_t frames, broken, more;
};

/* No read outside, and what is taken keeps the limits. */
/* Then it is to be written once more, into the empty b. */
static bool is_frame(struct mutants *m, enum wims_fetch_read got)
{
	m->frames += got == WIMS_FETCH_FRAME;
	m->broken += got == WIMS_FETCH_BROKEN;
	m->more += got == WIMS_FETCH_MORE;
	wims_buf_drop(&b, wims_buf_pl(&b).l);
	return got == WIMS_FETCH_FRAME;
}

static void mutant_answer(void *ctx, struct wims_pl input)
{
	struct mutants *m = ctx;
	struct wims_fetch_answer got;
	uint32_t id;
	size_t used;

	if(!is_frame(m, wims_fetch_get_answer(input, &used, &id, &got)))
		return;
	assert_true(used <= input.l);
	assert_true(wims_fetch_put_answer(&b, id, &got));
	assert_int_equal(wims_buf_pl(&b).l, used);
}

static void mutant_request(void *ctx, struct wims_pl input)
{
	struct mutants *m = ctx;
	struct wims_fetch_in got;
	uint32_t id;
	size_t used;

	if(!is_frame(m, wims_fetch_get_request(input, &used, &id, &got)))
		return;
	assert_true(used <= input.l);
	assert_true(wims_fetch_put_request(&b, id, &got));
	assert_int_equal(wims_buf_pl(&b).l, used);
}

static void test_mutants(void **state)
{
	struct wims_fetch_answer a = good_answer();
	struct wims_fetch_in in = good_request();
	struct wims_buf seed;
	struct mutants m = {0}, n = {0};

	(void)state;
	wims_buf_init(&seed, &wims_env_libc, WIMS_FETCH_FRAME_MAX);
	assert_true(wims_fetch_put_answer(&seed, 1, &a));
	sweep(wims_buf_pl(&seed), mutant_answer, &m);
	assert_true(m.frames > 0 && m.broken > 0 && m.more > 0);
	wims_buf_drop(&seed, wims_buf_pl(&seed).l);
	assert_true(wims_fetch_put_request(&seed, 1, &in));
	sweep(wims_buf_pl(&seed), mutant_request, &n);
	assert_true(n.frames > 0 && n.broken > 0 && n.more > 0);
	wims_buf_clear(&seed);
}

static void test_no_room(void **state)
{
	struct wims_fetch_in in = good_request();
	struct wims_fetch_answer a = good_answer();
	struct scarce s;

	(void)state;
	scarce_init(&s, 0);
	wims_buf_init(&b, &s.env, 1000);
	assert_false(wims_fetch_put_request(&b, 1, &in) || wims_fetch_put_answer(&b, 1, &a));
	scarce_init(&s, 9);
	wims_buf_init(&b, &s.env, 60);
	assert_false(wims_fetch_put_request(&b, 1, &in));
	assert_int_equal(wims_buf_pl(&b).l, 0);
}

static void test_texts(void **state)
{
	int i, k;

	(void)state;
	for(i = 0; i < WIMS_FETCH_OUTCOME_COUNT; i++)
		for(k = 0; k < i; k++)
			assert_string_not_equal(wims_fetch_text((enum wims_fetch_outcome)i),
									wims_fetch_text((enum wims_fetch_outcome)k));
	assert_string_equal(wims_fetch_text((enum wims_fetch_outcome)0), "failed");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_request),       T(test_answer),         T(test_wire),
			T(test_incremental),   T(test_request_limits), T(test_request_numbers),
			T(test_answer_limits), T(test_broken),         T(test_mutants),
			T(test_no_room),       T(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
