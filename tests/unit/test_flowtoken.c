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

#include "sip/wims_flowtoken.h"
#include "sweep.h"

#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY2 "f00102030405060708090A0B0C0D0E0F101112131415161718191a1b1c1d1e1F"

static struct wims_flowtoken_keys ring(const char *text)
{
	struct wims_flowtoken_keys keys;

	assert_int_equal(wims_flowtoken_keys_parse(&keys, wims_pl_str(text), NULL), WIMS_OK);
	return keys;
}

static void expect_text(struct wims_flowtoken token, const char *keys_text, struct wims_pl context,
						const char *expect)
{
	struct wims_flowtoken_keys keys = ring(keys_text);
	struct wims_flowtoken back;
	char out[WIMS_FLOWTOKEN_LEN];

	assert_int_equal(wims_flowtoken_encode(out, &keys, &token, context), WIMS_OK);
	assert_memory_equal(out, expect, sizeof(out));
	assert_int_equal(wims_flowtoken_decode(&back, &keys, token.kind,
										   (struct wims_pl){out, sizeof(out)}, context),
					 WIMS_OK);
	assert_int_equal(back.kind, token.kind);
	assert_int_equal(back.node, token.node);
	assert_int_equal(back.epoch, token.epoch);
	assert_int_equal(back.conn, token.conn);
}

/* Made with Python's hmac and base64 modules. */
static void test_known_answers(void **state)
{
	(void)state;
	expect_text((struct wims_flowtoken){WIMS_FLOWTOKEN_PATH, 0x1234, 0x65000001, 0xdeadbeef},
				"7:" KEY, WIMS_PL(""), "EQcSNGUAAAHerb7vrHslX5Y0quLCYS27");
	expect_text((struct wims_flowtoken){WIMS_FLOWTOKEN_RECORD_ROUTE, UINT16_MAX, UINT32_MAX,
										UINT32_MAX},
				"7:" KEY, WIMS_PL("call@x"), "Egf_____________3UNgGvNQT3y-HfrO");
	expect_text((struct wims_flowtoken){WIMS_FLOWTOKEN_PATH, 0, 0, 0}, "0:" KEY, WIMS_PL(""),
				"EQAAAAAAAAAAAAAAhUZKJMmLdeyLPYB9");
}

#define PATH_TOKEN "EQcSNGUAAAHerb7vrHslX5Y0quLCYS27"
#define RR_TOKEN "Egf_____________3UNgGvNQT3y-HfrO"

struct bad
{
	enum wims_flowtoken_kind kind;
	struct wims_pl text;
	struct wims_pl context;
};

/* clang-format off */
static const struct bad bad[] = {
	{WIMS_FLOWTOKEN_RECORD_ROUTE, WIMS_PL(PATH_TOKEN), WIMS_PL("")}, /* of the other kind */
	{WIMS_FLOWTOKEN_PATH, WIMS_PL(RR_TOKEN), WIMS_PL("call@x")},
	{0, WIMS_PL(PATH_TOKEN), WIMS_PL("")},
	{0x11, WIMS_PL(PATH_TOKEN), WIMS_PL("")},
	{3, WIMS_PL("EwcSNGUAAAHerb7vrHslX5Y0quLCYS27"), WIMS_PL("")},
	{WIMS_FLOWTOKEN_PATH, WIMS_PL(PATH_TOKEN), WIMS_PL("x")}, /* of another context */
	{WIMS_FLOWTOKEN_RECORD_ROUTE, WIMS_PL(RR_TOKEN), WIMS_PL("call@y")},
	{WIMS_FLOWTOKEN_RECORD_ROUTE, WIMS_PL(RR_TOKEN), WIMS_PL("")},
	{WIMS_FLOWTOKEN_PATH, WIMS_PL(""), WIMS_PL("")},
	{WIMS_FLOWTOKEN_PATH, WIMS_PL("EQcSNGUAAAHerb7vrHslX5Y0quLCYS2"), WIMS_PL("")},
	{WIMS_FLOWTOKEN_PATH, WIMS_PL(PATH_TOKEN "A"), WIMS_PL("")},
	{WIMS_FLOWTOKEN_PATH, WIMS_PL("EQcSNGUAAAHerb7vrHslX5Y0quLCYS2="), WIMS_PL("")},
	{WIMS_FLOWTOKEN_PATH, WIMS_PL("EQcSNGUAAAHerb7vrHslX5Y0quLCYS2+"), WIMS_PL("")},
	{WIMS_FLOWTOKEN_PATH, WIMS_PL("IQcSNGUAAAHerb7vrHslX5Y0quLCYS27"), WIMS_PL("")}, /* version */
	{WIMS_FLOWTOKEN_PATH, WIMS_PL("EQgSNGUAAAHerb7vrHslX5Y0quLCYS27"), WIMS_PL("")}, /* key id */
};
/* clang-format on */

static void test_bad(void **state)
{
	struct wims_flowtoken_keys keys = ring("7:" KEY);
	struct wims_flowtoken token;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		token.conn = 1;
		if(wims_flowtoken_decode(&token, &keys, bad[i].kind, bad[i].text, bad[i].context)
				   != WIMS_FLOW_TOKEN_BAD
		   || token.conn != 0)
			fail_msg("row %zu", i);
	}
}

static void one_mutant(void *ctx, struct wims_pl input)
{
	struct wims_flowtoken token;

	assert_int_equal(wims_flowtoken_decode(&token, ctx, WIMS_FLOWTOKEN_PATH, input, WIMS_PL("")),
					 WIMS_FLOW_TOKEN_BAD);
}

static void test_mutants(void **state)
{
	struct wims_flowtoken_keys keys = ring("7:" KEY);

	(void)state;
	assert_int_equal(sweep(WIMS_PL(PATH_TOKEN), one_mutant, &keys), 320);
}

static void test_rotation(void **state)
{
	struct wims_flowtoken_keys before = ring("7:" KEY);
	struct wims_flowtoken_keys both = ring("8:" KEY2 "\n7:" KEY "\n");
	struct wims_flowtoken_keys after = ring("8:" KEY2);
	struct wims_flowtoken_keys same_id = ring("7:" KEY2);
	struct wims_flowtoken t = {WIMS_FLOWTOKEN_PATH, 1, 2, 3}, back;
	char old[WIMS_FLOWTOKEN_LEN], new[WIMS_FLOWTOKEN_LEN];
	struct wims_pl old_pl = {old, sizeof(old)}, new_pl = {new, sizeof(new)};

	(void)state;
	assert_int_equal(wims_flowtoken_encode(old, &before, &t, WIMS_PL("")), WIMS_OK);
	assert_int_equal(wims_flowtoken_encode(new, &both, &t, WIMS_PL("")), WIMS_OK);
	assert_memory_not_equal(old, new, sizeof(old));
	assert_int_equal(wims_flowtoken_decode(&back, &both, t.kind, old_pl, WIMS_PL("")), WIMS_OK);
	assert_int_equal(wims_flowtoken_decode(&back, &both, t.kind, new_pl, WIMS_PL("")), WIMS_OK);
	assert_int_equal(wims_flowtoken_decode(&back, &after, t.kind, new_pl, WIMS_PL("")), WIMS_OK);
	assert_int_equal(wims_flowtoken_decode(&back, &after, t.kind, old_pl, WIMS_PL("")),
					 WIMS_FLOW_TOKEN_BAD);
	assert_int_equal(wims_flowtoken_decode(&back, &before, t.kind, new_pl, WIMS_PL("")),
					 WIMS_FLOW_TOKEN_BAD);
	assert_int_equal(wims_flowtoken_decode(&back, &same_id, t.kind, old_pl, WIMS_PL("")),
					 WIMS_FLOW_TOKEN_BAD);
}

static void test_encode_refused(void **state)
{
	static const char zeros[WIMS_FLOWTOKEN_LEN];
	static char context[WIMS_FLOWTOKEN_CONTEXT_MAX + 1];
	struct wims_flowtoken_keys keys = ring("7:" KEY), none = {.count = 0};
	struct wims_flowtoken t = {WIMS_FLOWTOKEN_PATH, 1, 2, 3}, back;
	char out[WIMS_FLOWTOKEN_LEN] = "x";

	(void)state;
	assert_int_equal(wims_flowtoken_encode(out, &none, &t, WIMS_PL("")), WIMS_INTERNAL);
	assert_memory_equal(out, zeros, sizeof(out));
	assert_int_equal(
			wims_flowtoken_encode(out, &keys, &t, (struct wims_pl){context, sizeof(context)}),
			WIMS_INTERNAL);
	assert_int_equal(
			wims_flowtoken_encode(out, &keys, &t, (struct wims_pl){context, sizeof(context) - 1}),
			WIMS_OK);
	assert_int_equal(wims_flowtoken_decode(&back, &keys, t.kind, (struct wims_pl){out, sizeof(out)},
										   (struct wims_pl){context, sizeof(context) - 1}),
					 WIMS_OK);
	assert_int_equal(wims_flowtoken_decode(&back, &keys, t.kind, (struct wims_pl){out, sizeof(out)},
										   (struct wims_pl){context, sizeof(context)}),
					 WIMS_FLOW_TOKEN_BAD);
	t.kind = 0;
	assert_int_equal(wims_flowtoken_encode(out, &keys, &t, WIMS_PL("")), WIMS_INTERNAL);
}

static void test_key_file(void **state)
{
	struct wims_flowtoken_keys keys;

	(void)state;
	keys = ring("# current\n\n \t255:" KEY " \n# previous\n0:" KEY2);
	assert_int_equal(keys.count, 2);
	assert_int_equal(keys.key[0].id, 255);
	assert_int_equal(keys.key[0].bytes[31], 0x1f);
	assert_int_equal(keys.key[1].id, 0);
	assert_int_equal(keys.key[1].bytes[0], 0xf0);
	assert_int_equal(keys.key[1].bytes[10], 0x0a);
	keys = ring("0:" KEY "\n1:" KEY "\n2:" KEY "\n3:" KEY "\n4:" KEY "\n5:" KEY "\n6:" KEY
				"\n7:" KEY);
	assert_int_equal(keys.count, WIMS_FLOWTOKEN_KEYS_MAX);
}

/* clang-format off */
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
static const struct { const char *text; const char *fault; } bad_files[] = {
	{"", "no key in it"},
	{"# nothing\n\n", "no key in it"},
	{"256:" KEY, "line 1: no key id of 0 to 255 before ':'"},
	{"\n:" KEY, "line 2: no key id of 0 to 255 before ':'"},
	{"-1:" KEY, "line 1: no key id of 0 to 255 before ':'"},
	{"1 :" KEY, "line 1: no key id of 0 to 255 before ':'"},
	{KEY, "line 1: no key id of 0 to 255 before ':'"},
	{"1:" KEY "\n#\n1:" KEY2, "line 3: key id used twice"},
	{"1:" KEY "0", "line 1: the key is not 64 hexadecimal digits"},
	{"1:00" KEY, "line 1: the key is not 64 hexadecimal digits"},
	{"1:0", "line 1: the key is not 64 hexadecimal digits"},
	{"1:", "line 1: the key is not 64 hexadecimal digits"},
	{"1", "line 1: the key is not 64 hexadecimal digits"},
	{"1:" KEY "\r\n", "line 1: the key is not 64 hexadecimal digits"},
	{"1:g00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
		"line 1: the key is not 64 hexadecimal digits"},
	{"1: 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1",
		"line 1: the key is not 64 hexadecimal digits"},
	{"1:" ZEROS, "line 1: the key is one byte repeated"},
	{"0:" KEY "\n1:" KEY "\n2:" KEY "\n3:" KEY "\n4:" KEY "\n5:" KEY "\n6:" KEY "\n7:" KEY
		"\n8:" KEY, "line 9: more than 8 keys"},
};
/* clang-format on */

static void test_bad_key_files(void **state)
{
	struct wims_flowtoken_keys keys;
	struct wims_fault fault;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad_files) / sizeof(bad_files[0]); i++) {
		static const struct wims_flowtoken_keys none;

		memset(&keys, 1, sizeof(keys));
		assert_int_equal(wims_flowtoken_keys_parse(&keys, wims_pl_str(bad_files[i].text), &fault),
						 WIMS_CONFIG_KEY);
		assert_memory_equal(&keys, &none, sizeof(keys));
		assert_string_equal(fault.text, bad_files[i].fault);
	}
}

static void test_key_file_size(void **state)
{
	static char text[WIMS_FLOWTOKEN_KEYFILE_MAX + 1];
	struct wims_flowtoken_keys keys;
	struct wims_fault fault;

	(void)state;
	memset(text, '\n', sizeof(text));
	memcpy(text, "1:" KEY, sizeof("1:" KEY) - 1);
	assert_int_equal(
			wims_flowtoken_keys_parse(&keys, (struct wims_pl){text, sizeof(text) - 1}, &fault),
			WIMS_OK);
	assert_int_equal(wims_flowtoken_keys_parse(&keys, (struct wims_pl){text, sizeof(text)}, &fault),
					 WIMS_CONFIG_KEY);
	assert_string_equal(fault.text, "longer than 4096 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_known_answers),  cmocka_unit_test(test_bad),
			cmocka_unit_test(test_mutants),        cmocka_unit_test(test_rotation),
			cmocka_unit_test(test_encode_refused), cmocka_unit_test(test_key_file),
			cmocka_unit_test(test_bad_key_files),  cmocka_unit_test(test_key_file_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
