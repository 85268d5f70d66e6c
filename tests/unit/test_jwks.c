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

#include "keys/wims_jwks.h"
#include "provision_text.h"
#include "scarce.h"
#include "sweep.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
/* x is too short; no kid */
#define BROKEN "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\",\"kid\":\"broken\"}"
#define NAMELESS                                  \
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":" \
	"\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

/* Whatever a web server hands out: no keys and the reason, or keys. */
static void test_read(void **state)
{
	static const struct
	{
		const char *text;
		enum wims_reason reason;
		const char *says;
	} rows[] = {
			{"{\"keys\":[" ED25519("a") "," P256("b") "]}", WIMS_OK, ""},
			{ED25519("a"), WIMS_OK, ""},
			{"", WIMS_CONFIG_SYNTAX, "line 1"},
			{"<html>\n", WIMS_CONFIG_SYNTAX, "line 1"},
			{"{\"keys\":[\n]} x", WIMS_CONFIG_SYNTAX, "line 2"},
			{"null", WIMS_CONFIG_SYNTAX, "line 1"},
			{"[]", WIMS_CONFIG_KEY, "must be an object"},
			{"{}", WIMS_CONFIG_KEY, "\"kty\" must be a string"},
			{"{\"keys\":[]}", WIMS_CONFIG_KEY, "key 0: no key for an allowed algorithm"},
			{"{\"keys\":{}}", WIMS_CONFIG_KEY, "must be an array"},
			{"{\"keys\":[" ED25519("a") "," P256("a") "]}", WIMS_CONFIG_KEY, "key 1: \"kid\" used"},
			{"{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"s\"}]}", WIMS_CONFIG_KEY,
			 "no key"},
	};
	struct wims_jwks_fault fault;
	struct wims_keyset *ks;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		enum wims_reason r = wims_jwks_read(&ks, &wims_env_libc, wims_pl_str(rows[i].text),
											WIMS_JWKS_MAX, WIMS_ALG_PUBLIC, &fault);

		if(r != rows[i].reason || strstr(fault.text, rows[i].says) == NULL)
			fail_msg("%s: %s: %s", rows[i].text, wims_reason_text(r), fault.text);
		assert_int_equal(ks != NULL, r == WIMS_OK);
		wims_keyset_free(ks);
	}
}

/* What somebody else publishes: one bad key does not take the others along. */
static void test_published(void **state)
{
	static const struct
	{
		const char *text;
		int keys; /* -1: refused */
		size_t left_out;
		const char *says;
	} rows[] = {
			{"{\"keys\":[" ED25519("a") "," P256("b") "]}", 2, 0, ""},
			{ED25519("a"), 1, 0, ""},
			{"{\"keys\":[" ED25519("a") "," P256("a") "]}", 1, 1, "key 1: \"kid\" used twice"},
			{"{\"keys\":[" BROKEN "," P256("a") "]}", 1, 1, "key 0: "},
			{"{\"keys\":[7," P256("a") ",null]}", 1, 2, "key 0: "},
			{"{\"keys\":[" BROKEN "," BROKEN "]}", -1, 2, "key 0: "},
			{"{\"keys\":[" NAMELESS "," P256("a") "]}", 1, 1, "key 0: a key without \"kid\""},
			{"{\"keys\":[" P256("a") "," NAMELESS "]}", 1, 1, "key 1: a key without \"kid\""},
			{"{\"keys\":[" NAMELESS "]}", 1, 0, ""},
			{"{\"keys\":[{\"kty\":\"X\"}," NAMELESS "]}", 1, 0, ""},
			{"{\"keys\":[{\"kty\":\"X\"}," P256("a") "]}", 1, 0, ""},
			{"{\"keys\":[" NAMELESS "," NAMELESS "]}", 1, 1, "key 1: a key without \"kid\""},
			{BROKEN, -1, 0, "x"},
			{"{\"keys\":[]}", -1, 0, "no key for an allowed algorithm"},
			{"{\"keys\":{}}", -1, 0, "must be an array"},
			{"[]", -1, 0, "must be an object"},
			{"<html>", -1, 0, "line 1"},
	};
	struct wims_jwks_fault fault;
	struct wims_keyset *ks;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		enum wims_reason r = wims_jwks_published(&ks, &wims_env_libc, wims_pl_str(rows[i].text),
												 WIMS_ALG_PUBLIC, &fault);

		if((r == WIMS_OK) != (rows[i].keys > 0) || fault.left_out != rows[i].left_out
		   || (rows[i].says[0] != '\0' && strstr(fault.text, rows[i].says) == NULL))
			fail_msg("%s: %s: %zu left out, %s", rows[i].text, wims_reason_text(r), fault.left_out,
					 fault.text);
		assert_int_equal(wims_keyset_count(ks), rows[i].keys < 0 ? 0 : rows[i].keys);
		wims_keyset_free(ks);
	}
}

static void test_too_large(void **state)
{
	char *text = malloc(WIMS_JWKS_MAX + 1);
	struct wims_jwks_fault fault;
	struct wims_keyset *ks;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', WIMS_JWKS_MAX + 1);
	memcpy(text, ED25519("a"), sizeof(ED25519("a")) - 1);
	assert_int_equal(wims_jwks_read(&ks, &wims_env_libc, (struct wims_pl){text, WIMS_JWKS_MAX},
									WIMS_JWKS_MAX, WIMS_ALG_PUBLIC, &fault),
					 WIMS_OK);
	wims_keyset_free(ks);
	assert_int_equal(wims_jwks_read(&ks, &wims_env_libc, (struct wims_pl){text, WIMS_JWKS_MAX + 1},
									WIMS_JWKS_MAX, WIMS_ALG_PUBLIC, &fault),
					 WIMS_CONFIG_SYNTAX);
	assert_string_equal(fault.text, "more than 262144 bytes");
	free(text);
}

static enum wims_reason read_file(struct wims_keyset **out, const struct wims_env *env,
								  struct wims_pl text, uint32_t allowed,
								  struct wims_jwks_fault *fault)
{
	return wims_jwks_read(out, env, text, WIMS_JWKS_MAX, allowed, fault);
}

/* It says nothing about a key: none of a published set is left out for it. */
static void test_no_memory(void **state)
{
	static enum wims_reason (*const readers[])(
			struct wims_keyset **, const struct wims_env *, struct wims_pl, uint32_t,
			struct wims_jwks_fault *) = {read_file, wims_jwks_published};
	const struct wims_pl text = WIMS_PL("{\"keys\":[" ED25519("a") "," P256("b") "]}");
	size_t i, n;

	(void)state;
	for(i = 0; i < COUNT(readers); i++) {
		enum wims_reason r = WIMS_NOMEM;

		for(n = 0; r != WIMS_OK; n++) {
			struct wims_jwks_fault fault;
			struct wims_keyset *ks = NULL;
			struct scarce s;

			scarce_init(&s, n);
			r = readers[i](&ks, &s.env, text, WIMS_ALG_PUBLIC, &fault);
			assert_int_equal(wims_keyset_count(ks), r == WIMS_OK ? 2 : 0);
			assert_int_equal(fault.left_out, 0);
			if(r != WIMS_OK)
				assert_string_equal(fault.text, "out of memory");
			wims_keyset_free(ks);
			assert_int_equal(s.live, 0);
		}
		assert_true(n >= 4);
	}
}

static void test_kept(void **state)
{
	static const int64_t max_ages[] = {-1, 0, 300, INT64_MAX};
	struct wims_jwks_kept kept = {.url = WIMS_PL("https://wwsf.test/k"),
								  .fetched = 1700000000,
								  .jwks = WIMS_PL("{\n}\n")};
	struct wims_jwks_kept back;
	struct wims_buf b;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(max_ages); i++) {
		kept.max_age = max_ages[i];
		wims_buf_init(&b, &wims_env_libc, WIMS_JWKS_KEPT_MAX);
		assert_true(wims_jwks_keep(&b, &kept));
		assert_true(wims_jwks_kept_read(&back, wims_buf_pl(&b)));
		assert_true(wims_pl_eq(back.url, kept.url));
		assert_true(wims_pl_eq(back.jwks, kept.jwks));
		assert_int_equal(back.fetched, kept.fetched);
		assert_int_equal(back.max_age, kept.max_age);
		wims_buf_clear(&b);
	}
	wims_buf_init(&b, &wims_env_libc, 20);
	assert_false(wims_jwks_keep(&b, &kept));
	wims_buf_clear(&b);
}

static void test_kept_refused(void **state)
{
	static const char *const texts[] = {
			"",          "u",          "u\n",        "u\n1",          "u\n1\n",
			"u\n1\n2",   "u\n-1\n2\n", "u\n1\n-2\n", "u\n1\n-1",      "u\nx\n1\n",
			"u\n1\nx\n", "u\n 1\n1\n", "\n1\n1\n{}", "u\n1\n-1x\n{}", "u\n9223372036854775808\n1\n",
			"u\n1\n\n",  "u\n\n1\n",
	};
	struct wims_jwks_kept kept;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(texts); i++)
		if(wims_jwks_kept_read(&kept, wims_pl_str(texts[i])))
			fail_msg("taken: %s", texts[i]);
	assert_false(wims_jwks_kept_read(&kept, WIMS_PL("u\0v\n1\n1\n{}")));
}

/* No mutant reads past the end, and what is read fits the limits. */
static void swallow(void *ctx, struct wims_pl input)
{
	struct wims_jwks_kept kept;

	(void)ctx;
	if(wims_jwks_kept_read(&kept, input))
		assert_true(kept.url.l <= WIMS_JWKS_URL_MAX && kept.jwks.l <= input.l && kept.fetched >= 0
					&& kept.max_age >= -1);
}

static void test_mutants(void **state)
{
	(void)state;
	assert_true(sweep(WIMS_PL("https://wwsf.test/k\n1700000000\n300\n{}"), swallow, NULL) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_read),      cmocka_unit_test(test_published),
			cmocka_unit_test(test_too_large), cmocka_unit_test(test_no_memory),
			cmocka_unit_test(test_kept),      cmocka_unit_test(test_kept_refused),
			cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
