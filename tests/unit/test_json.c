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

#include <stdio.h>

#include "jose/wims_json.h"
#include "mint.h"
#include "scarce.h"
#include "scarce_json.h"
#include "sweep.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct wims_json *parse(struct wims_pl text)
{
	struct wims_json *doc = NULL;

	assert_int_equal(wims_json_parse(&doc, &wims_env_libc, text, WIMS_JSON_MAX, NULL), WIMS_OK);
	assert_non_null(doc);
	return doc;
}

static void test_values(void **state)
{
	struct wims_json *doc = parse(WIMS_PL("{\"s\":\"a\\u00e4\",\"i\":-9223372036854775808,"
										  "\"r\":1.5,\"t\":true,\"f\":false,\"n\":null,"
										  "\"a\":[1,\"x\"],\"o\":{\"k\":2}}"));
	const struct wims_json_value *root = wims_json_root(doc), *v;

	(void)state;
	assert_int_equal(wims_json_type(root), WIMS_JSON_OBJECT);
	assert_int_equal(wims_json_count(root), 8);
	v = wims_json_member(root, "s");
	assert_int_equal(wims_json_type(v), WIMS_JSON_STRING);
	assert_true(wims_pl_eq(wims_json_string(v), WIMS_PL("a\xc3\xa4")));
	v = wims_json_member(root, "i");
	assert_int_equal(wims_json_type(v), WIMS_JSON_INT);
	assert_true(wims_json_int(v) == INT64_MIN);
	v = wims_json_member_pl(root, WIMS_PL("r"));
	assert_int_equal(wims_json_type(v), WIMS_JSON_REAL);
	assert_true(wims_json_real(v) == 1.5);
	assert_true(wims_json_bool(wims_json_member(root, "t")));
	assert_int_equal(wims_json_type(wims_json_member(root, "f")), WIMS_JSON_BOOL);
	assert_false(wims_json_bool(wims_json_member(root, "f")));
	assert_int_equal(wims_json_type(wims_json_member(root, "n")), WIMS_JSON_NULL);
	v = wims_json_member(root, "a");
	assert_int_equal(wims_json_count(v), 2);
	assert_int_equal(wims_json_int(wims_json_at(v, 0)), 1);
	assert_true(wims_pl_eq(wims_json_string(wims_json_at(v, 1)), WIMS_PL("x")));
	assert_null(wims_json_at(v, 2));
	assert_int_equal(wims_json_int(wims_json_member(wims_json_member(root, "o"), "k")), 2);
	wims_json_free(doc);
}

/* Asking a value for what it is not gives nothing, never a crash. */
static void test_wrong_type(void **state)
{
	struct wims_json *doc = parse(WIMS_PL("[\"s\",1]"));
	const struct wims_json_value *root = wims_json_root(doc), *s = wims_json_at(root, 0);

	(void)state;
	assert_int_equal(wims_json_type(NULL), WIMS_JSON_ABSENT);
	assert_int_equal(wims_json_string(NULL).l, 0);
	assert_int_equal(wims_json_string(root).l, 0);
	assert_int_equal(wims_json_int(s), 0);
	assert_false(wims_json_bool(s));
	assert_true(wims_json_real(s) == 0);
	assert_null(wims_json_member(root, "a"));
	assert_null(wims_json_member(NULL, "a"));
	assert_null(wims_json_member_pl(root, WIMS_PL("a")));
	assert_null(wims_json_member_pl(NULL, WIMS_PL_NONE));
	assert_null(wims_json_at(s, 0));
	assert_int_equal(wims_json_count(s), 0);
	assert_null(wims_json_root(NULL));
	wims_json_free(doc);
	wims_json_free(NULL);
}

static void test_member_at(void **state)
{
	struct wims_json *doc = parse(WIMS_PL("{\"z\":1,\"a\":2,\"m\":3}"));
	static const char order[] = "zam";
	const struct wims_json_value *v;
	struct wims_pl name;
	size_t i;

	(void)state;
	for(i = 0; wims_json_member_at(wims_json_root(doc), i, &name, &v); i++) {
		assert_int_equal(name.p[0], order[i]);
		assert_int_equal(wims_json_int(v), i + 1);
	}
	assert_int_equal(i, 3);
	assert_int_equal(name.l, 0);
	assert_null(v);
	wims_json_free(doc);
}

/* clang-format off */
static const struct wims_pl bad[] = {
	WIMS_PL(""), WIMS_PL(" "), WIMS_PL("1"), WIMS_PL("\"a\""), WIMS_PL("null"), WIMS_PL("{"), WIMS_PL("["),
	WIMS_PL("{}}"), WIMS_PL("{}{}"), WIMS_PL("[]x"), WIMS_PL("{}\0"), WIMS_PL("{}\0{}"), WIMS_PL("\0{}"),
	WIMS_PL("{\"a\":1,\"a\":1}"), WIMS_PL("{\"a\":1,\"\\u0061\":2}"), WIMS_PL("[{\"a\":{\"b\":1,\"b\":2}}]"),
	WIMS_PL("{\"a\":\"\\u0000\"}"), WIMS_PL("{\"\\u0000\":1}"), WIMS_PL("{\"a\":\"x\0\"}"),
	WIMS_PL("{a:1}"), WIMS_PL("{'a':1}"), WIMS_PL("{\"a\":1,}"), WIMS_PL("[1,]"), WIMS_PL("[,1]"),
	WIMS_PL("[01]"), WIMS_PL("[+1]"), WIMS_PL("[.5]"), WIMS_PL("[1.]"), WIMS_PL("[0x1]"), WIMS_PL("[NaN]"),
	WIMS_PL("[Infinity]"), WIMS_PL("[1e]"), WIMS_PL("[--1]"), WIMS_PL("[1 2]"), WIMS_PL("[True]"),
	WIMS_PL("[9223372036854775808]"), WIMS_PL("[-9223372036854775809]"), WIMS_PL("[1e999]"),
	WIMS_PL("[\"\t\"]"), WIMS_PL("[\"\n\"]"), WIMS_PL("[\"\\x41\"]"), WIMS_PL("[\"\\u12\"]"),
	WIMS_PL("[\"\\ud800\"]"), WIMS_PL("[\"\\udc00\"]"), WIMS_PL("[\"\xff\"]"), WIMS_PL("[\"\xc0\x80\"]"),
	WIMS_PL("[\"\xed\xa0\x80\"]"), WIMS_PL("[\"\xf4\x90\x80\x80\"]"), WIMS_PL("[\"a"), WIMS_PL("[\"\\"),
	WIMS_PL("\xef\xbb\xbf{}"), WIMS_PL("/**/{}"), WIMS_PL("{}//"), WIMS_PL("#\n{}")};

static const struct wims_pl good[] = {
	WIMS_PL("{}"), WIMS_PL("[]"), WIMS_PL(" \t\r\n{ } \n"), WIMS_PL("{\"\":1}"), WIMS_PL("[1e5,-0,0.5]"),
	WIMS_PL("{\"a\":{\"b\":1},\"b\":1}"), WIMS_PL("[\"\\ud83d\\ude00\"]"), WIMS_PL("[\"[[[[[[[[[[[[[[[[[[\"]"),
	WIMS_PL("[\"\\\"[[[[[[[[[[[[[[[[[[\"]"), WIMS_PL("[9223372036854775807]")};
/* clang-format on */

static void test_refused(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(bad); i++) {
		struct wims_json *doc = (struct wims_json *)&i;

		if(wims_json_parse(&doc, &wims_env_libc, bad[i], WIMS_JSON_MAX, NULL) != WIMS_TOKEN_JSON)
			fail_msg("bad row %zu", i);
		assert_null(doc);
	}
	for(i = 0; i < COUNT(good); i++)
		wims_json_free(parse(good[i]));
}

static enum wims_reason nested(size_t depth, char open, char close, struct wims_json_fault *fault)
{
	struct wims_json *doc = NULL;
	char *text = malloc(2 * depth + 1);
	enum wims_reason r;

	assert_non_null(text);
	text[0] = '\n';
	memset(text + 1, open, depth);
	memset(text + 1 + depth, close, depth);
	r = wims_json_parse(&doc, &wims_env_libc, (struct wims_pl){text, 2 * depth + 1}, WIMS_JSON_MAX,
						fault);
	wims_json_free(doc);
	free(text);
	return r;
}

static void test_depth(void **state)
{
	struct wims_json_fault fault;

	(void)state;
	assert_int_equal(nested(WIMS_JSON_DEPTH_MAX, '[', ']', NULL), WIMS_OK);
	assert_int_equal(nested(WIMS_JSON_DEPTH_MAX + 1, '[', ']', &fault), WIMS_TOKEN_JSON);
	assert_int_equal(fault.line, 2);
	assert_int_equal(fault.column, WIMS_JSON_DEPTH_MAX + 1);
	assert_int_equal(nested(100000, '{', '}', NULL), WIMS_TOKEN_JSON);
}

static void test_size(void **state)
{
	struct wims_json *doc = NULL;
	struct wims_json_fault fault;
	size_t size = WIMS_JSON_MAX + 1;
	char *text = malloc(size);

	(void)state;
	assert_non_null(text);
	memset(text, ' ', size);
	text[0] = '{';
	text[1] = '}';
	assert_int_equal(wims_json_parse(&doc, &wims_env_libc, (struct wims_pl){text, 10}, 10, NULL),
					 WIMS_OK);
	wims_json_free(doc);
	assert_int_equal(wims_json_parse(&doc, &wims_env_libc, (struct wims_pl){text, 11}, 10, &fault),
					 WIMS_TOKEN_JSON);
	assert_string_equal(fault.text, "document too long");
	assert_int_equal(
			wims_json_parse(&doc, &wims_env_libc, (struct wims_pl){text, size}, size, NULL),
			WIMS_TOKEN_JSON);
	free(text);
}

static void test_fault(void **state)
{
	struct wims_json *doc = NULL;
	struct wims_json_fault fault;

	(void)state;
	assert_int_equal(
			wims_json_parse(&doc, &wims_env_libc, WIMS_PL("{\n\"a\":1,\n\"a\":2}"), 100, &fault),
			WIMS_TOKEN_JSON);
	assert_int_equal(fault.line, 3);
	assert_non_null(strstr(fault.text, "duplicate"));
}

static void swallow(void *ctx, struct wims_pl input)
{
	struct wims_json *doc = NULL;
	size_t *accepted = ctx;

	if(wims_json_parse(&doc, &wims_env_libc, input, 1000, NULL) == WIMS_OK)
		(*accepted)++;
	wims_json_free(doc);
}

static void test_mutants(void **state)
{
	size_t accepted = 0;

	(void)state;
	assert_true(sweep(WIMS_PL("{\"a\":[1,2.5e3,true,null,\"x\\u00e4\\n\"],\"b\":{\"c\":\"d\"}}"),
					  swallow, &accepted)
				> 0);
	assert_true(accepted > 0);
}

static enum wims_reason parsed(void *ctx)
{
	struct wims_json *doc = NULL;
	enum wims_reason r = wims_json_parse(&doc, &wims_env_libc, wims_pl_str(ctx), 1000, NULL);

	assert_true((doc != NULL) == (r == WIMS_OK));
	wims_json_free(doc);
	return r;
}

static void test_no_memory(void **state)
{
	char text[] = "{\"a\":[1,2.5,\"xyz\"],\"b\":{\"c\":\"d\"}}";
	struct wims_json *doc = NULL;
	struct scarce s;

	(void)state;
	assert_true(scarce_json(parsed, text) > 5);
	scarce_init(&s, 0);
	assert_int_equal(wims_json_parse(&doc, &s.env, wims_pl_str(text), 1000, NULL), WIMS_NOMEM);
	assert_null(doc);
	assert_int_equal(s.live, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_values),    cmocka_unit_test(test_wrong_type),
			cmocka_unit_test(test_member_at), cmocka_unit_test(test_refused),
			cmocka_unit_test(test_depth),     cmocka_unit_test(test_size),
			cmocka_unit_test(test_fault),     cmocka_unit_test(test_mutants),
			cmocka_unit_test(test_no_memory)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
