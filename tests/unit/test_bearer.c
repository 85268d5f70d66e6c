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

#include "sweep.h"
#include "token/wims_token.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct row
{
	struct wims_pl in;
	enum wims_reason want;
	const char *token;
};

/* clang-format off */
static const struct row rows[] = {
	/* RFC 8898 2.1, RFC 6750 2.1 */
	{WIMS_PL("Bearer a.b.c"), WIMS_OK, "a.b.c"},
	{WIMS_PL("bearer a.b.c"), WIMS_OK, "a.b.c"},
	{WIMS_PL("BEARER a.b.c"), WIMS_OK, "a.b.c"},
	{WIMS_PL("  Bearer \t a.b.c \t"), WIMS_OK, "a.b.c"},
	{WIMS_PL("Bearer\r\n a.b.c"), WIMS_OK, "a.b.c"},
	{WIMS_PL("Bearer mF_9.B5f-4.1JqM+/~"), WIMS_OK, "mF_9.B5f-4.1JqM+/~"},
	{WIMS_PL("Bearer YWJj=="), WIMS_OK, "YWJj=="},
	/* TS 24.371 A.3.2 */
	{WIMS_PL("Bearer access_token=\"a.b.c\""), WIMS_OK, "a.b.c"},
	{WIMS_PL("bearer ACCESS_TOKEN = \"a.b.c\" "), WIMS_OK, "a.b.c"},
	{WIMS_PL("Bearer access_token=a.b.c"), WIMS_OK, "a.b.c"},
	{WIMS_PL("Bearer realm=\"x, y=z\", access_token=\"a.b.c\""), WIMS_OK, "a.b.c"},
	{WIMS_PL("Bearer access_token=\"a.b.c\",realm=x"), WIMS_OK, "a.b.c"},
	{WIMS_PL("Bearer access_token=\"a.b.c\"\r\n ,\r\n\trealm=\"x\""), WIMS_OK, "a.b.c"},
	/* somebody else's scheme, or nothing */
	{WIMS_PL(""), WIMS_TOKEN_ABSENT, ""},
	{WIMS_PL("   "), WIMS_TOKEN_ABSENT, ""},
	{WIMS_PL("Digest username=\"a\", access_token=\"a.b.c\""), WIMS_TOKEN_ABSENT, ""},
	{WIMS_PL("Basic YWJj"), WIMS_TOKEN_ABSENT, ""},
	{WIMS_PL("BearerX a.b.c"), WIMS_TOKEN_ABSENT, ""},
	{WIMS_PL("Beare a.b.c"), WIMS_TOKEN_ABSENT, ""},
	{WIMS_PL("Bearer,a.b.c"), WIMS_TOKEN_ABSENT, ""},
	{WIMS_PL("Bearer=a.b.c"), WIMS_TOKEN_ABSENT, ""},
	{WIMS_PL("a.b.c"), WIMS_TOKEN_ABSENT, ""},
	/* Bearer, but broken */
	{WIMS_PL("Bearer"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer  "), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer a.b.c d"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer a.b.c, Digest x=y"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer a.b.c,d"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer \"a.b.c\""), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer <a.b.c>"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer a\0b"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer \0"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer a\x80"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer =="), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer a=b=c"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer realm=\"x\""), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token"), WIMS_OK, "access_token"},
	{WIMS_PL("Bearer access_token=\"\""), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token=\"a.b.c"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token=a.b.c\""), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token=\"a.b.c\"x"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token=\"a\\.b.c\""), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token=\"a\", access_token=\"b\""), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token=\"a\", Access_Token=\"a\""), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token=\"a\","), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer ,access_token=\"a\""), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token=\"a\";realm=x"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token=\"a\", <x>=y"), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token=\"a\", realm="), WIMS_AUTH_MALFORMED, ""},
	{WIMS_PL("Bearer access_token=\"a\", =x"), WIMS_AUTH_MALFORMED, ""}};
/* clang-format on */

static void test_rows(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		struct wims_pl token = WIMS_PL("not touched");
		enum wims_reason r = wims_bearer_parse(&token, rows[i].in);

		if(r != rows[i].want || !wims_pl_eq(token, wims_pl_str(rows[i].token)))
			fail_msg("%.*s: %s, token \"%.*s\"", (int)rows[i].in.l, rows[i].in.p,
					 wims_reason_text(r), (int)token.l, token.l > 0 ? token.p : "");
	}
}

static void test_size(void **state)
{
	size_t size = WIMS_BEARER_MAX + 1;
	char *body = malloc(size);
	struct wims_pl token;

	(void)state;
	assert_non_null(body);
	memset(body, 'a', size);
	memcpy(body, "Bearer ", 7);
	assert_int_equal(wims_bearer_parse(&token, (struct wims_pl){body, size - 1}), WIMS_OK);
	assert_int_equal(token.l, size - 8);
	assert_int_equal(wims_bearer_parse(&token, (struct wims_pl){body, size}), WIMS_TOKEN_TOO_LONG);
	assert_int_equal(token.l, 0);
	free(body);
}

/* Whatever is found lies within the body and has no byte that ends it. */
static void inside(void *ctx, struct wims_pl input)
{
	struct wims_pl token;

	(void)ctx;
	if(wims_bearer_parse(&token, input) != WIMS_OK) {
		assert_int_equal(token.l, 0);
		return;
	}
	assert_true(token.l > 0 && token.p >= input.p && token.p + token.l <= input.p + input.l);
	assert_int_equal(wims_pl_find(token, '"'), token.l);
}

static void test_mutants(void **state)
{
	(void)state;
	assert_true(sweep(WIMS_PL("Bearer realm=\"x\", access_token=\"a.b.c\""), inside, NULL) > 0);
	assert_true(sweep(WIMS_PL("Bearer eyJh.e30.AA=="), inside, NULL) > 0);
}

static void username_beside_the_token(void **state)
{
	static const struct
	{
		const char *body, *username;
		enum wims_reason want;
	} named[] = {
			{"Bearer access_token=\"a\", username=\"alice@ims.test\"", "alice@ims.test", WIMS_OK},
			{"Bearer Username=bob, access_token=\"a\"", "bob", WIMS_OK},
			{"Bearer access_token=\"a\"", "", WIMS_OK},
			{"Bearer abc", "", WIMS_OK},
			{"Bearer access_token=\"a\", username=\"x\", username=\"x\"", "", WIMS_AUTH_MALFORMED},
			{"Bearer username=\"x\"", "", WIMS_AUTH_MALFORMED},
	};
	struct wims_pl token, username;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		assert_int_equal(wims_bearer_read(&token, &username, wims_pl_str(named[i].body)),
						 named[i].want);
		assert_true(wims_pl_eq(username, wims_pl_str(named[i].username)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_size),
									   cmocka_unit_test(test_mutants),
									   cmocka_unit_test(username_beside_the_token)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
