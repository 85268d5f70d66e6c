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

#include "base/wims_buf.h"
#include "redis/wims_redis_command.h"
#include "redis/wims_redis_reply.h"
#include "redis_feed.h"
#include "scarce.h"
#include "sweep.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* hiredis takes the C library's memory: so this program hands it out, as long
 * as there is some. The sanitizers have an allocator of their own. */
static size_t hiredis_left = SIZE_MAX;

#ifndef __SANITIZE_ADDRESS__
#pragma GCC visibility push(default)
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static bool any_left(void)
{
	return hiredis_left == SIZE_MAX || (hiredis_left > 0 && hiredis_left-- > 0);
}

void *malloc(size_t n)
{
	return any_left() ? __libc_malloc(n) : NULL;
}

void *calloc(size_t n, size_t size)
{
	return any_left() ? __libc_calloc(n, size) : NULL;
}

void *realloc(void *p, size_t n)
{
	return any_left() ? __libc_realloc(p, n) : NULL;
}
#pragma GCC visibility pop
#endif

/* A value as one line of text. */
static void put(struct wims_buf *b, const struct wims_redis_value *v)
{
	char number[32];
	size_t i;

	switch(v->type) {
		case WIMS_REDIS_NIL:
			assert_true(wims_buf_add(b, WIMS_PL("nil")));
			break;
		case WIMS_REDIS_NUMBER:
			snprintf(number, sizeof(number), ":%lld", (long long)v->number);
			assert_true(wims_buf_add(b, wims_pl_str(number)));
			break;
		case WIMS_REDIS_ARRAY:
			for(i = 0; i < v->count; i++) {
				assert_true(wims_buf_add(b, i > 0 ? WIMS_PL(" ") : WIMS_PL("[")));
				put(b, &v->at[i]);
			}
			assert_true(wims_buf_add(b, i > 0 ? WIMS_PL("]") : WIMS_PL("[]")));
			break;
		case WIMS_REDIS_STATUS:
		case WIMS_REDIS_ERROR:
		case WIMS_REDIS_TEXT:
			assert_true(wims_buf_add(b, v->type == WIMS_REDIS_STATUS  ? WIMS_PL("+")
										: v->type == WIMS_REDIS_ERROR ? WIMS_PL("-")
																	  : WIMS_PL("$")));
			assert_true(wims_buf_add(b, v->text));
			break;
	}
}

/* NULL: garbage; "": not complete. */
static const struct
{
	const char *in, *out;
} replies[] = {
		{"+OK\r\n", "+OK"},
		{"-ERR no\r\n", "-ERR no"},
		{":0\r\n", ":0"},
		{":-9223372036854775808\r\n", ":-9223372036854775808"},
		{"$0\r\n\r\n", "$"},
		{"$5\r\na\r\nb\n\r\n", "$a\r\nb\n"},
		{"$-1\r\n", "nil"},
		{"*-1\r\n", "nil"},
		{"*0\r\n", "[]"},
		{"*3\r\n:1\r\n*2\r\n$1\r\na\r\n$-1\r\n+x\r\n", "[:1 [$a nil] +x]"},
		{"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:7\r\n", "[[[[[[[:7]]]]]]]"},
		/* one array deeper */
		{"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:7\r\n", NULL},
		{"", ""},
		{"+OK", ""},
		{"+OK\n", ""},
		{"*2\r\n:1\r\n", ""},
		{"$5\r\nabc", ""},
		{"$524288\r\nx", ""},
		/* lengths that nobody may mean */
		{"$524289\r\nx", NULL},
		{"*1\r\n$524289\r\nx", NULL},
		{"$4294967295\r\nx", NULL},
		{"$9223372036854775807\r\nx", NULL},
		{"$99999999999999999999\r\n", NULL},
		{"$-2\r\n", NULL},
		{"$\r\n", NULL},
		{"$+1\r\na\r\n", NULL},
		{"$1x\r\na\r\n", NULL},
		{"*1000000000\r\n", NULL},
		{"*2147483648\r\n", NULL},
		{"*4294967297\r\n", NULL},
		{"*16384\r\n", NULL},
		{"*-2\r\n", NULL},
		{"*x\r\n", NULL},
		{":\r\n", NULL},
		{":1x\r\n", NULL},
		{":9223372036854775808\r\n", NULL},
		/* a bulk string that goes on behind its length */
		{"$1\r\nab\r\n", NULL},
		{"*2\r\n$1\r\nabc$1\r\na\r\n", NULL},
		/* RESP3, and what is none at all */
		{"%1\r\n", NULL},
		{"_\r\n", NULL},
		{"HTTP/1.1 400 Bad Request\r\n", NULL},
		{"\r\n", NULL},
		{"\x16\x03\x01", NULL},
};

static void check_reply(size_t i, size_t part)
{
	struct wims_redis_reader *r = wims_redis_reader_new(&wims_env_libc);
	const struct wims_redis_value *v;
	enum wims_redis_read what;
	struct wims_buf b;

	assert_non_null(r);
	wims_buf_init(&b, &wims_env_libc, 1000);
	what = redis_feed(r, wims_pl_str(replies[i].in), part, &v);
	if(replies[i].out == NULL || replies[i].out[0] == '\0') {
		assert_null(v);
		assert_false(wims_redis_reader_idle(r));
		if(what != (replies[i].out == NULL ? WIMS_REDIS_GARBAGE : WIMS_REDIS_MORE))
			fail_msg("by %zu: %s: %d", part, replies[i].in, what);
		/* and there is no way back */
		if(replies[i].out == NULL)
			assert_int_equal(wims_redis_read(r, WIMS_PL("+OK\r\n"), &v), WIMS_REDIS_GARBAGE);
	} else {
		if(what != WIMS_REDIS_READ)
			fail_msg("by %zu: %s: %d", part, replies[i].in, what);
		put(&b, v);
		if(!wims_pl_eq(wims_buf_pl(&b), wims_pl_str(replies[i].out)))
			fail_msg("%s: %.*s", replies[i].in, (int)b.len, b.p);
		assert_true(wims_redis_reader_idle(r));
	}
	wims_buf_clear(&b);
	wims_redis_reader_free(r);
}

static void reads_replies(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(replies); i++) {
		check_reply(i, 1000);
		check_reply(i, 1);
	}
}

static void one_after_the_other(void **state)
{
	struct wims_redis_reader *r = wims_redis_reader_new(&wims_env_libc);
	const struct wims_redis_value *v;

	(void)state;
	assert_non_null(r);
	assert_int_equal(wims_redis_read(r, WIMS_PL("+OK\r\n*1\r\n:1\r\n:2"), &v), WIMS_REDIS_READ);
	assert_int_equal(v->type, WIMS_REDIS_STATUS);
	assert_false(wims_redis_reader_idle(r));
	assert_int_equal(wims_redis_read(r, WIMS_PL(""), &v), WIMS_REDIS_READ);
	assert_true(wims_redis_is_array(v, 1));
	assert_false(wims_redis_is_array(v, 2));
	assert_int_equal(wims_redis_read(r, WIMS_PL(""), &v), WIMS_REDIS_MORE);
	assert_null(v);
	assert_int_equal(wims_redis_read(r, WIMS_PL("\r\n"), &v), WIMS_REDIS_READ);
	assert_int_equal(v->number, 2);
	assert_true(wims_redis_reader_idle(r));
	wims_redis_reader_free(r);
}

/* n values, or a text of n bytes. */
static enum wims_redis_read large(const char *head, const char *item, size_t n, const char *tail,
								  size_t *memory)
{
	struct wims_buf b;
	struct scarce s;
	struct wims_redis_reader *r;
	const struct wims_redis_value *v;
	enum wims_redis_read what;
	char number[64];
	size_t i;

	scarce_init(&s, SIZE_MAX);
	wims_buf_init(&b, &wims_env_libc, 8 * 1024 * 1024);
	snprintf(number, sizeof(number), head[0] == '+' ? "%s" : "%s%zu\r\n", head, n);
	assert_true(wims_buf_add(&b, wims_pl_str(number)));
	for(i = 0; i < n; i++)
		assert_true(wims_buf_add(&b, wims_pl_str(item)));
	assert_true(wims_buf_add(&b, wims_pl_str(tail)));
	assert_non_null(r = wims_redis_reader_new(&s.env));
	what = redis_feed(r, wims_buf_pl(&b), 16384, &v);
	*memory = SIZE_MAX - s.left;
	wims_redis_reader_free(r);
	assert_int_equal(s.live, 0);
	wims_buf_clear(&b);
	return what;
}

static void keeps_its_maxima(void **state)
{
	size_t memory;

	(void)state;
	assert_int_equal(large("*", ":1\r\n", WIMS_REDIS_VALUES_MAX - 1, "", &memory), WIMS_REDIS_READ);
	assert_int_equal(large("*", ":1\r\n", WIMS_REDIS_VALUES_MAX, "", &memory), WIMS_REDIS_GARBAGE);
	assert_int_equal(memory, 1); /* it was refused by its number */
	assert_int_equal(
			large("*", "*3\r\n:1\r\n:1\r\n:1\r\n", WIMS_REDIS_VALUES_MAX / 4 - 1, "", &memory),
			WIMS_REDIS_READ);
	assert_int_equal(
			large("*", "*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n", WIMS_REDIS_VALUES_MAX / 4, "", &memory),
			WIMS_REDIS_GARBAGE);
	assert_int_equal(large("$", "x", WIMS_REDIS_REPLY_MAX - 20, "\r\n", &memory), WIMS_REDIS_READ);
	assert_int_equal(large("$", "x", WIMS_REDIS_REPLY_MAX - 5, "\r\n", &memory),
					 WIMS_REDIS_GARBAGE);
	/* a line that never ends */
	assert_int_equal(large("+", "x", WIMS_REDIS_REPLY_MAX, "", &memory), WIMS_REDIS_GARBAGE);
}

static const struct wims_pl SAMPLE = WIMS_PL("*3\r\n$3\r\nabc\r\n*2\r\n:12\r\n-ERR x\r\n+OK\r\n");

static void mutant(void *ctx, struct wims_pl in)
{
	struct wims_redis_reader *r = wims_redis_reader_new(&wims_env_libc);
	const struct wims_redis_value *v;

	(void)ctx;
	assert_non_null(r);
	(void)!wims_redis_read(r, in, &v);
	wims_redis_reader_free(r);
}

static void survives_mutants(void **state)
{
	(void)state;
	assert_true(sweep(SAMPLE, mutant, NULL) > 300);
}

static void memory_runs_out(void **state)
{
	const struct wims_redis_value *v;
	struct wims_redis_reader *r;
	enum wims_redis_read what = WIMS_REDIS_NOMEM;
	struct scarce s;
	size_t n;

	(void)state;
	for(n = 0; what != WIMS_REDIS_READ; n++) {
		assert_true(n < 10);
		scarce_init(&s, n);
		what = WIMS_REDIS_NOMEM;
		if((r = wims_redis_reader_new(&s.env)) != NULL) {
			what = wims_redis_read(r, SAMPLE, &v);
			assert_true(what == WIMS_REDIS_READ || (what == WIMS_REDIS_NOMEM && v == NULL));
		}
		wims_redis_reader_free(r);
		assert_int_equal(s.live, 0);
	}
	assert_true(n > 2);
}

/* Each allocation of hiredis in turn. */
static void hiredis_has_no_memory(void **state)
{
#ifndef __SANITIZE_ADDRESS__
	struct wims_redis_reader *r;
	const struct wims_redis_value *v;
	enum wims_redis_read what = WIMS_REDIS_NOMEM;
	struct scarce s;
	size_t n;

	for(n = 0; what != WIMS_REDIS_READ; n++) {
		assert_true(n < 40);
		scarce_init(&s, SIZE_MAX);
		what = WIMS_REDIS_NOMEM;
		hiredis_left = n;
		if((r = wims_redis_reader_new(&s.env)) != NULL)
			what = wims_redis_read(r, SAMPLE, &v);
		hiredis_left = SIZE_MAX;
		assert_true(what == WIMS_REDIS_READ || what == WIMS_REDIS_NOMEM);
		wims_redis_reader_free(r);
		assert_int_equal(s.live, 0);
	}
	assert_true(n > 3);
#endif
	(void)state;
	(void)hiredis_left;
}

static void writes_commands(void **state)
{
	static const struct wims_pl words[] = {WIMS_PL("SET"), WIMS_PL("a\r\n*1\r\n"), WIMS_PL("")};
	struct wims_buf b;

	(void)state;
	wims_buf_init(&b, &wims_env_libc, 100);
	assert_true(wims_redis_command(&b, 3) && wims_redis_words(&b, words, 3));
	assert_true(wims_pl_eq(wims_buf_pl(&b),
						   WIMS_PL("*3\r\n$3\r\nSET\r\n$7\r\na\r\n*1\r\n\r\n$0\r\n\r\n")));
	assert_false(wims_redis_command(&b, 0));
	assert_false(wims_redis_command(&b, WIMS_REDIS_ARGS_MAX + 1));
	/* until it is full */
	while(wims_redis_words(&b, words, 1))
		assert_true(b.len <= 100);
	wims_buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(reads_replies),    cmocka_unit_test(one_after_the_other),
			cmocka_unit_test(keeps_its_maxima), cmocka_unit_test(survives_mutants),
			cmocka_unit_test(memory_runs_out),  cmocka_unit_test(hiredis_has_no_memory),
			cmocka_unit_test(writes_commands)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
