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

#include "mint.h"
#include "token/wims_claims.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* {"c":value} */
static struct wims_json *claims_of(const char *value)
{
	struct wims_json *doc = NULL;
	char *text = mint_text("{\"c\":%s}", value);

	assert_int_equal(wims_json_parse(&doc, &wims_env_libc, wims_pl_str(text), 100000, NULL),
					 WIMS_OK);
	free(text);
	return doc;
}

static void test_time(void **state)
{
	static const struct
	{
		const char *value;
		enum wims_claim want;
		int64_t down, up;
	} rows[] = {{"0", WIMS_CLAIM_OK, 0, 0},
				{"1900000000", WIMS_CLAIM_OK, 1900000000, 1900000000},
				/* a legal NumericDate in another spelling */
				{"1.8934560e9", WIMS_CLAIM_OK, 1893456000, 1893456000},
				{"1900000000.0", WIMS_CLAIM_OK, 1900000000, 1900000000},
				{"1900000000.25", WIMS_CLAIM_OK, 1900000000, 1900000001},
				{"0.5", WIMS_CLAIM_OK, 0, 1},
				{"-0.0", WIMS_CLAIM_OK, 0, 0},
				{"2147483648", WIMS_CLAIM_OK, INT64_C(2147483648), INT64_C(2147483648)},
				{"253402300799", WIMS_CLAIM_OK, INT64_C(253402300799), INT64_C(253402300799)},
				{"253402300800", WIMS_CLAIM_BAD_VALUE, 0, 0},
				{"253402300799.5", WIMS_CLAIM_BAD_VALUE, 0, 0},
				{"-1", WIMS_CLAIM_BAD_VALUE, 0, 0},
				{"-0.5", WIMS_CLAIM_BAD_VALUE, 0, 0},
				{"9223372036854775807", WIMS_CLAIM_BAD_VALUE, 0, 0},
				{"-9223372036854775808", WIMS_CLAIM_BAD_VALUE, 0, 0},
				{"9.3e18", WIMS_CLAIM_BAD_VALUE, 0, 0},
				{"1e300", WIMS_CLAIM_BAD_VALUE, 0, 0},
				{"-1e300", WIMS_CLAIM_BAD_VALUE, 0, 0},
				{"\"1900000000\"", WIMS_CLAIM_WRONG_TYPE, 0, 0},
				{"true", WIMS_CLAIM_WRONG_TYPE, 0, 0},
				{"null", WIMS_CLAIM_WRONG_TYPE, 0, 0},
				{"[1900000000]", WIMS_CLAIM_WRONG_TYPE, 0, 0},
				{"{}", WIMS_CLAIM_WRONG_TYPE, 0, 0}};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		struct wims_json *doc = claims_of(rows[i].value);
		const struct wims_json_value *root = wims_json_root(doc);
		int64_t t = 7;

		if(wims_claim_time(&t, root, WIMS_PL("c"), WIMS_ROUND_DOWN) != rows[i].want
		   || t != rows[i].down)
			fail_msg("%s down", rows[i].value);
		if(wims_claim_time(&t, root, WIMS_PL("c"), WIMS_ROUND_UP) != rows[i].want
		   || t != rows[i].up)
			fail_msg("%s up", rows[i].value);
		t = 7;
		assert_int_equal(wims_claim_time(&t, root, WIMS_PL("x"), WIMS_ROUND_UP), WIMS_CLAIM_ABSENT);
		assert_int_equal(t, 0);
		wims_json_free(doc);
	}
}

static void test_text(void **state)
{
	static const struct
	{
		const char *value;
		enum wims_claim want;
	} rows[] = {{"\"a\"", WIMS_CLAIM_OK},
				{"\"12345678\"", WIMS_CLAIM_OK},
				{"\"au|5f~!\"", WIMS_CLAIM_OK},
				{"\"a b'c\"", WIMS_CLAIM_OK},
				{"\"123456789\"", WIMS_CLAIM_BAD_VALUE},
				{"\"\"", WIMS_CLAIM_BAD_VALUE},
				{"\"a\\r\\nb\"", WIMS_CLAIM_BAD_VALUE},
				{"\"a\\nb\"", WIMS_CLAIM_BAD_VALUE},
				{"\"a\\tb\"", WIMS_CLAIM_BAD_VALUE},
				{"\"a\\\"b\"", WIMS_CLAIM_BAD_VALUE},
				{"\"a\\\\b\"", WIMS_CLAIM_BAD_VALUE},
				{"\"a<b\"", WIMS_CLAIM_BAD_VALUE},
				{"\"a>b\"", WIMS_CLAIM_BAD_VALUE},
				{"\"a\\u007fb\"", WIMS_CLAIM_BAD_VALUE},
				{"\"a\\u0085b\"", WIMS_CLAIM_BAD_VALUE},
				{"\"\xc3\xa4\"", WIMS_CLAIM_BAD_VALUE},
				{"\"\\u2028\"", WIMS_CLAIM_BAD_VALUE},
				{"\"\\u001b[2J\"", WIMS_CLAIM_BAD_VALUE},
				{"1", WIMS_CLAIM_WRONG_TYPE},
				{"null", WIMS_CLAIM_WRONG_TYPE},
				{"[\"a\"]", WIMS_CLAIM_WRONG_TYPE},
				{"{\"a\":\"a\"}", WIMS_CLAIM_WRONG_TYPE},
				{"false", WIMS_CLAIM_WRONG_TYPE}};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		struct wims_json *doc = claims_of(rows[i].value);
		struct wims_pl text = WIMS_PL("untouched");

		if(wims_claim_text(&text, wims_json_root(doc), WIMS_PL("c"), 8) != rows[i].want)
			fail_msg("%s", rows[i].value);
		assert_int_equal(text.l > 0, rows[i].want == WIMS_CLAIM_OK);
		assert_int_equal(wims_claim_text(&text, wims_json_root(doc), WIMS_PL("C"), 8),
						 WIMS_CLAIM_ABSENT);
		wims_json_free(doc);
	}
	assert_true(wims_claim_text_ok(WIMS_PL(" ~!#$%&'()*+,-./:;=?@[]^_`{|}")));
	assert_false(wims_claim_text_ok(WIMS_PL("a\0")));
}

static void test_list(void **state)
{
	static const struct
	{
		const char *value;
		enum wims_claim want;
		size_t count;
	} rows[] = {{"\"a\"", WIMS_CLAIM_OK, 1},
				{"[\"a\"]", WIMS_CLAIM_OK, 1},
				{"[\"a\",\"b\"]", WIMS_CLAIM_OK, 2},
				{"[]", WIMS_CLAIM_OK, 0},
				{"[\"a\",1]", WIMS_CLAIM_WRONG_TYPE, 0},
				{"[[\"a\"]]", WIMS_CLAIM_WRONG_TYPE, 0},
				{"[\"a\",null]", WIMS_CLAIM_WRONG_TYPE, 0},
				{"{\"a\":1}", WIMS_CLAIM_WRONG_TYPE, 0},
				{"1", WIMS_CLAIM_WRONG_TYPE, 0},
				{"null", WIMS_CLAIM_WRONG_TYPE, 0}};
	struct wims_claim_list list;
	char *many = mint_text("%s", "[\"a\"]");
	struct wims_json *doc;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		doc = claims_of(rows[i].value);
		if(wims_claim_list(&list, wims_json_root(doc), WIMS_PL("c")) != rows[i].want
		   || list.count != rows[i].count)
			fail_msg("%s", rows[i].value);
		if(list.count > 0)
			assert_true(wims_pl_eq(wims_claim_list_at(&list, 0), WIMS_PL("a")));
		assert_int_equal(wims_claim_list(&list, wims_json_root(doc), WIMS_PL("x")),
						 WIMS_CLAIM_ABSENT);
		wims_json_free(doc);
	}
	for(i = 1; i <= WIMS_CLAIM_LIST_MAX; i++) {
		char *more = mint_text("[\"a\",%s", many + 1);

		free(many);
		many = more;
		doc = claims_of(many);
		assert_int_equal(wims_claim_list(&list, wims_json_root(doc), WIMS_PL("c")),
						 i < WIMS_CLAIM_LIST_MAX ? WIMS_CLAIM_OK : WIMS_CLAIM_BAD_VALUE);
		wims_json_free(doc);
	}
	free(many);
}

/* Looked up by path in one payload. */
static void test_find(void **state)
{
	static const char text[] =
			"{\"a\":{\"b\":{\"c\":{\"d\":\"deep\",\"e\":{\"f\":\"deeper\"}}},\"n\":null,"
			"\"list\":[\"x\"],\"\":\"empty\"},\"a.b\":\"literal\",\"a.x\":{\"y\":\"no path\"},"
			"\"s\":\"text\",\"z\":null,\"https://a.test/x\":\"uri\",\"https://b\":{\"test/x\":1}}";
	static const struct
	{
		const char *path;
		enum wims_claim want;
		const char *value; /* of a string */
	} rows[] = {{"s", WIMS_CLAIM_OK, "text"},
				{"z", WIMS_CLAIM_OK, NULL},
				{"a", WIMS_CLAIM_OK, NULL},
				{"a.b.c.d", WIMS_CLAIM_OK, "deep"},
				{"a.n", WIMS_CLAIM_OK, NULL},
				{"a.list", WIMS_CLAIM_OK, NULL},
				/* its own name first, even where a path leads somewhere */
				{"a.b", WIMS_CLAIM_OK, "literal"},
				{"https://a.test/x", WIMS_CLAIM_OK, "uri"},
				{"https://b.test/x", WIMS_CLAIM_ABSENT, NULL},
				{"A.b.c.d", WIMS_CLAIM_ABSENT, NULL},
				{"a.x.y", WIMS_CLAIM_ABSENT, NULL},
				{"a.x", WIMS_CLAIM_OK, NULL},
				{"a.q", WIMS_CLAIM_ABSENT, NULL},
				{"q.b", WIMS_CLAIM_ABSENT, NULL},
				{"a.b.c.e.f", WIMS_CLAIM_ABSENT, NULL}, /* a step too far */
				{"a.", WIMS_CLAIM_ABSENT, NULL},
				{".s", WIMS_CLAIM_ABSENT, NULL},
				{"a..b", WIMS_CLAIM_ABSENT, NULL},
				{"", WIMS_CLAIM_ABSENT, NULL},
				{".", WIMS_CLAIM_ABSENT, NULL},
				/* what leads through no object is not the same as absent */
				{"s.b", WIMS_CLAIM_WRONG_TYPE, NULL},
				{"z.b", WIMS_CLAIM_WRONG_TYPE, NULL},
				{"a.n.b", WIMS_CLAIM_WRONG_TYPE, NULL},
				{"a.list.0", WIMS_CLAIM_WRONG_TYPE, NULL}};
	struct wims_json *doc = NULL;
	size_t i;

	(void)state;
	assert_int_equal(wims_json_parse(&doc, &wims_env_libc, wims_pl_str(text), 1000, NULL), WIMS_OK);
	for(i = 0; i < COUNT(rows); i++) {
		const struct wims_json_value *v = wims_json_root(doc);
		enum wims_claim c = wims_claim_find(&v, wims_json_root(doc), wims_pl_str(rows[i].path));

		if(c != rows[i].want || (v != NULL) != (c == WIMS_CLAIM_OK)
		   || !wims_pl_eq(wims_json_string(v), wims_pl_str(rows[i].value)))
			fail_msg("\"%s\"", rows[i].path);
	}
	wims_json_free(doc);
}

static void test_obeys(void **state)
{
	static struct wims_claim_value values[] = {{.type = WIMS_JSON_STRING, .text = {"gold", 4}},
											   {.type = WIMS_JSON_INT, .number = 7},
											   {.type = WIMS_JSON_STRING, .text = {"silver", 6}},
											   {.type = WIMS_JSON_BOOL, .number = 0}};
	static const struct
	{
		const char *value;
		size_t from, count; /* of values */
		enum wims_claim want;
	} rows[] = {{"\"gold\"", 0, 1, WIMS_CLAIM_OK},
				{"\"golden\"", 0, 1, WIMS_CLAIM_BAD_VALUE},
				{"\"gol\"", 0, 1, WIMS_CLAIM_BAD_VALUE},
				{"\"Gold\"", 0, 1, WIMS_CLAIM_BAD_VALUE},
				{"\"\"", 0, 1, WIMS_CLAIM_BAD_VALUE},
				{"1", 0, 1, WIMS_CLAIM_WRONG_TYPE},
				{"null", 0, 1, WIMS_CLAIM_WRONG_TYPE},
				{"{\"gold\":1}", 0, 1, WIMS_CLAIM_WRONG_TYPE},
				{"\"silver\"", 0, 3, WIMS_CLAIM_OK},
				{"7", 0, 3, WIMS_CLAIM_OK},
				{"7", 1, 1, WIMS_CLAIM_OK},
				{"8", 1, 1, WIMS_CLAIM_BAD_VALUE},
				{"-7", 1, 1, WIMS_CLAIM_BAD_VALUE},
				{"7.0", 1, 1, WIMS_CLAIM_WRONG_TYPE},
				{"\"7\"", 1, 1, WIMS_CLAIM_WRONG_TYPE},
				{"true", 1, 1, WIMS_CLAIM_WRONG_TYPE},
				{"false", 3, 1, WIMS_CLAIM_OK},
				{"true", 3, 1, WIMS_CLAIM_BAD_VALUE},
				{"0", 3, 1, WIMS_CLAIM_WRONG_TYPE},
				{"\"false\"", 3, 1, WIMS_CLAIM_WRONG_TYPE},
				{"[\"gold\"]", 0, 1, WIMS_CLAIM_OK},
				{"[\"iron\",\"gold\",\"x\"]", 0, 1, WIMS_CLAIM_OK},
				{"[\"iron\"]", 0, 1, WIMS_CLAIM_BAD_VALUE},
				{"[]", 0, 1, WIMS_CLAIM_BAD_VALUE},
				{"[\"gold\",1]", 0, 1, WIMS_CLAIM_WRONG_TYPE},
				{"[1,\"gold\"]", 0, 1, WIMS_CLAIM_WRONG_TYPE},
				{"[[\"gold\"]]", 0, 1, WIMS_CLAIM_WRONG_TYPE},
				{"[\"iron\",7]", 0, 2, WIMS_CLAIM_OK}};
	struct wims_claim_rule rule = {.name = {"c", 1}};
	char *many = mint_text("%s", "[\"gold\"]");
	struct wims_json *doc;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		doc = claims_of(rows[i].value);
		rule.at = values + rows[i].from;
		rule.count = rows[i].count;
		if(wims_claim_obeys(wims_json_root(doc), &rule) != rows[i].want)
			fail_msg("row %zu: %s", i, rows[i].value);
		wims_json_free(doc);
	}
	rule.count = 1;
	rule.at = values;
	for(i = 1; i <= WIMS_CLAIM_LIST_MAX; i++) {
		char *more = mint_text("[\"a\",%s", many + 1);

		free(many);
		many = more;
	}
	doc = claims_of(many);
	assert_int_equal(wims_claim_obeys(wims_json_root(doc), &rule), WIMS_CLAIM_BAD_VALUE);
	rule.name = WIMS_PL("x");
	assert_int_equal(wims_claim_obeys(wims_json_root(doc), &rule), WIMS_CLAIM_ABSENT);
	wims_json_free(doc);
	free(many);
}

static void test_print(void **state)
{
	static const struct
	{
		const char *value;
		enum wims_claim want;
		const char *text;
	} rows[] = {{"\"gold\"", WIMS_CLAIM_OK, "gold"},
				{"\"a,b c\"", WIMS_CLAIM_OK, "a,b c"},
				{"0", WIMS_CLAIM_OK, "0"},
				{"-7", WIMS_CLAIM_OK, "-7"},
				{"9223372036854775807", WIMS_CLAIM_OK, "9223372036854775807"},
				{"-9223372036854775808", WIMS_CLAIM_OK, "-9223372036854775808"},
				{"true", WIMS_CLAIM_OK, "true"},
				{"false", WIMS_CLAIM_OK, "false"},
				{"[\"one\"]", WIMS_CLAIM_OK, "one"},
				{"[\"one\",\"two\",\"one\"]", WIMS_CLAIM_OK, "one,two,one"},
				{"\"\"", WIMS_CLAIM_BAD_VALUE, NULL},
				{"[]", WIMS_CLAIM_BAD_VALUE, NULL},
				{"[\"\"]", WIMS_CLAIM_BAD_VALUE, NULL},
				{"[\"one\",\"\"]", WIMS_CLAIM_BAD_VALUE, NULL},
				{"[\"one,two\"]", WIMS_CLAIM_BAD_VALUE, NULL},
				{"\"a\\r\\nX: y\"", WIMS_CLAIM_BAD_VALUE, NULL},
				{"\"<sip:a@b>\"", WIMS_CLAIM_BAD_VALUE, NULL},
				{"[\"one\",\"a\\\"b\"]", WIMS_CLAIM_BAD_VALUE, NULL},
				{"\"0123456789abcdefg\"", WIMS_CLAIM_OK, "0123456789abcdefg"},
				{"[\"0123456789abcdef\",\"0123456789abcdef\"]", WIMS_CLAIM_BAD_VALUE, NULL},
				{"1.5", WIMS_CLAIM_WRONG_TYPE, NULL},
				{"null", WIMS_CLAIM_WRONG_TYPE, NULL},
				{"{}", WIMS_CLAIM_WRONG_TYPE, NULL},
				{"[1]", WIMS_CLAIM_WRONG_TYPE, NULL},
				{"[\"one\",true]", WIMS_CLAIM_WRONG_TYPE, NULL},
				{"[[\"one\"]]", WIMS_CLAIM_WRONG_TYPE, NULL}};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		struct wims_json *doc = claims_of(rows[i].value);
		char buf[32]; /* "0123456789abcdef" does not fit twice with a comma */
		struct wims_w w;

		wims_w_init(&w, buf, sizeof(buf));
		assert_int_equal(wims_claim_print(&w, wims_json_root(doc), WIMS_PL("x")),
						 WIMS_CLAIM_ABSENT);
		if(wims_claim_print(&w, wims_json_root(doc), WIMS_PL("c")) != rows[i].want
		   || (rows[i].text != NULL && !wims_pl_eq(wims_w_done(&w), wims_pl_str(rows[i].text))))
			fail_msg("%s: %.*s", rows[i].value, (int)w.len, w.buf);
		wims_json_free(doc);
	}
}

static void test_reason(void **state)
{
	(void)state;
	assert_int_equal(wims_claim_reason(WIMS_CLAIM_OK), WIMS_OK);
	assert_int_equal(wims_claim_reason(WIMS_CLAIM_ABSENT), WIMS_CLAIM_MISSING);
	assert_int_equal(wims_claim_reason(WIMS_CLAIM_WRONG_TYPE), WIMS_CLAIM_TYPE);
	assert_int_equal(wims_claim_reason(WIMS_CLAIM_BAD_VALUE), WIMS_CLAIM_VALUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_time),  cmocka_unit_test(test_text),
									   cmocka_unit_test(test_list),  cmocka_unit_test(test_find),
									   cmocka_unit_test(test_obeys), cmocka_unit_test(test_print),
									   cmocka_unit_test(test_reason)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
