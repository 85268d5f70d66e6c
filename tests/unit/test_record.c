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
#include <string.h>
#include <cmocka.h>

#include "scarce.h"
#include "store/wims_record.h"
#include "sweep.h"

#define KIND WIMS_PL("revocations")
static char text[4096];

/* Head and body in text[]. */
static struct wims_pl record(struct wims_pl kind, struct wims_pl body)
{
	struct wims_buf b;
	size_t len;

	wims_buf_init(&b, &wims_env_libc, sizeof(text));
	assert_int_equal(wims_record_head(&b, kind, body), WIMS_OK);
	assert_true(wims_buf_add(&b, body));
	len = b.len;
	memcpy(text, b.p, len);
	wims_buf_clear(&b);
	return (struct wims_pl){text, len};
}

static void assert_refused(struct wims_pl file, struct wims_pl kind, enum wims_reason r,
						   const char *what)
{
	struct wims_pl body = WIMS_PL("before");
	const char *why = NULL;

	assert_int_equal(wims_record_body(&body, file, kind, &why), r);
	assert_string_equal(why, what);
	assert_int_equal(body.l, 0);
}

static void assert_body(struct wims_pl file, struct wims_pl want)
{
	struct wims_pl body;
	const char *why = NULL;

	assert_int_equal(wims_record_body(&body, file, KIND, &why), WIMS_OK);
	assert_string_equal(why, "");
	assert_true(wims_pl_eq(body, want));
}

static void test_round(void **state)
{
	static const struct wims_pl bodies[] = {{"", 0}, {"\n", 1}, {"a\0b\r\n", 5}, {"body\n", 5}};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		assert_body(record(KIND, bodies[i]), bodies[i]);
}

/* The form is a contract with files of an earlier start. */
static void test_known_answer(void **state)
{
	static const char want[] =
			"webrtc_ims 1 revocations 5 "
			"9e2ec912af5dff2a72300863864fc4da04e81999339d9fac5c7590ba8a3f4e11\nbody\n";

	(void)state;
	assert_true(wims_pl_eq(record(KIND, WIMS_PL("body\n")), wims_pl_str(want)));
}

static void test_other_kinds(void **state)
{
	(void)state;
	assert_refused(record(WIMS_PL("keys"), WIMS_PL("x")), KIND, WIMS_CONFIG_SYNTAX,
				   "is of another kind");
	assert_refused(WIMS_PL(""), KIND, WIMS_CONFIG_SYNTAX, "is no state file");
	assert_refused(WIMS_PL("webrtc_ims"), KIND, WIMS_CONFIG_SYNTAX, "is no state file");
	assert_refused(WIMS_PL("webrtc_ims 2 revocations 0 x\n"), KIND, WIMS_CONFIG_SYNTAX,
				   "has another version");
	assert_refused(WIMS_PL("webrtc_ims  revocations 0 x\n"), KIND, WIMS_CONFIG_SYNTAX,
				   "has another version");
	assert_refused(WIMS_PL("webrtc_ims 1 revocations\n"), KIND, WIMS_CONFIG_VALUE, "is damaged");
}

/* One spelling only: nothing else verifies, however it reads. */
static void test_spelling(void **state)
{
	struct wims_pl good = record(KIND, WIMS_PL("body\n"));
	char head[256], *digest;

	(void)state;
	snprintf(head, sizeof(head), "%.*s", (int)good.l, good.p);
	digest = strstr(head, " 5 ") + 3;
	{
		char zero[512], upper[512], crlf[512];
		char *at;

		snprintf(zero, sizeof(zero), "webrtc_ims 01 revocations 05 %s", digest);
		assert_refused(wims_pl_str(zero), KIND, WIMS_CONFIG_VALUE, "is damaged");
		snprintf(upper, sizeof(upper), "%s", head);
		for(at = upper + (digest - head); *at != '\n'; at++)
			if(*at >= 'a' && *at <= 'f')
				*at = (char)(*at - 'a' + 'A');
		assert_refused(wims_pl_str(upper), KIND, WIMS_CONFIG_VALUE, "is damaged");
		snprintf(crlf, sizeof(crlf), "webrtc_ims 1 revocations 5 %.64s\r\nbody\n", digest);
		assert_refused(wims_pl_str(crlf), KIND, WIMS_CONFIG_VALUE, "is damaged");
	}
}

static void refuse_mutant(void *ctx, struct wims_pl input)
{
	struct wims_pl body, *seed = ctx;
	const char *why = NULL;

	if(wims_pl_eq(input, *seed))
		return;
	assert_int_not_equal(wims_record_body(&body, input, KIND, &why), WIMS_OK);
	assert_int_equal(body.l, 0);
	assert_true(*why != '\0');
}

/* Cut short anywhere, any bit flipped, any byte twice. */
static void test_mutants(void **state)
{
	struct wims_pl seed = record(KIND, WIMS_PL("jti\twwsf1\tabc\t1800000000\n"));

	(void)state;
	assert_true(sweep(seed, refuse_mutant, &seed) > 500);
	seed = record(KIND, WIMS_PL(""));
	assert_true(sweep(seed, refuse_mutant, &seed) > 500);
}

static void test_names(void **state)
{
	static const char *const bad[] = {
			"",
			"../keys",
			"a/b",
			"a b",
			".a",
			"-a",
			"_a",
			"a\n",
			"\xc3\xa4",
			"abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_"};
	struct wims_buf b;
	size_t i;

	(void)state;
	wims_buf_init(&b, &wims_env_libc, 1024);
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(wims_record_kind_ok(wims_pl_str(bad[i])));
		assert_int_equal(wims_record_head(&b, wims_pl_str(bad[i]), WIMS_PL("")), WIMS_CONFIG_VALUE);
		assert_int_equal(b.len, 0);
	}
	assert_true(wims_record_kind_ok(WIMS_PL("a_z")));
	assert_false(wims_record_kind_ok(WIMS_PL("a\0b")));
	assert_true(wims_record_kind_ok(WIMS_PL("keys-Shop_1.2-x")));
	assert_true(wims_record_kind_ok(WIMS_PL(
			"abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz")));
	wims_buf_clear(&b);
}

static void test_limits(void **state)
{
	struct wims_pl huge = {text, WIMS_RECORD_BODY_MAX + 1u};
	struct scarce s;
	struct wims_buf b;
	size_t n;

	(void)state;
	wims_buf_init(&b, &wims_env_libc, 1024);
	assert_int_equal(wims_record_head(&b, KIND, huge), WIMS_LIMIT_REACHED);
	wims_buf_clear(&b);
	for(n = 0; n < 3; n++) {
		scarce_init(&s, n);
		wims_buf_init(&b, &s.env, 1024);
		assert_int_equal(wims_record_head(&b, KIND, WIMS_PL("x")), n == 0 ? WIMS_NOMEM : WIMS_OK);
		wims_buf_clear(&b);
		assert_int_equal(s.live, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_round),       cmocka_unit_test(test_known_answer),
			cmocka_unit_test(test_other_kinds), cmocka_unit_test(test_spelling),
			cmocka_unit_test(test_mutants),     cmocka_unit_test(test_names),
			cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
