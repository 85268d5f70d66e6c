/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sip/wims_option.h"

static char buf[2 * WIMS_OPTIONS_MAX];

static void expect_text(const struct wims_w *w, const char *want)
{
	struct wims_pl is = wims_w_done(w);

	assert_int_equal(is.l, strlen(want));
	assert_memory_equal(is.p, want, is.l);
}

/* left: NULL for a list that may stay. */
static void agree(const char *list, const char *left)
{
	struct wims_w w;

	wims_w_init(&w, buf, sizeof(buf));
	assert_int_equal(wims_options_without_agree(&w, wims_pl_str(list)), left != NULL);
	if(left != NULL)
		expect_text(&w, left);
}

static void without_agree(void **state)
{
	(void)state;
	agree("sec-agree", "");
	agree("path, sec-agree,outbound", "path, outbound");
	agree("Sec-Agree ,\r\n SEC-AGREE , x", "x");
	agree("", NULL);
	agree(",,", NULL);
	agree("path", NULL);
	agree("sec-agree2, sec-agre, x-sec-agree, sec_agree", NULL);
	agree("\"sec-agree\"", NULL);
}

static void proxy_require(const char *list, enum wims_reason want, const char *names)
{
	struct wims_w w;

	wims_w_init(&w, buf, sizeof(buf));
	assert_int_equal(wims_options_unknown(&w, wims_pl_str(list)), want);
	if(names != NULL)
		expect_text(&w, names);
}

static void unknown(void **state)
{
	(void)state;
	proxy_require("", WIMS_OK, "");
	proxy_require("path, OUTBOUND,privacy , sec-agree", WIMS_OK, "");
	proxy_require("foo", WIMS_OPTION_UNKNOWN, "foo");
	proxy_require("path, foo,, privacy,\r\n Bar,", WIMS_OPTION_UNKNOWN, "foo, Bar");
	proxy_require("path2", WIMS_OPTION_UNKNOWN, "path2");
	proxy_require("foo bar", WIMS_REQUEST_MALFORMED, NULL);
	proxy_require("foo, \"bar\"", WIMS_REQUEST_MALFORMED, NULL);
	proxy_require("path;x", WIMS_REQUEST_MALFORMED, NULL);
}

static void sizes(void **state)
{
	static char list[WIMS_OPTIONS_MAX + 2];
	struct wims_w w;
	char little[4];

	(void)state;
	memset(list, 'a', WIMS_OPTIONS_MAX);
	proxy_require(list, WIMS_OPTION_UNKNOWN, list);
	list[WIMS_OPTIONS_MAX] = 'a';
	proxy_require(list, WIMS_REQUEST_MALFORMED, NULL);
	wims_w_init(&w, little, sizeof(little));
	assert_int_equal(wims_options_unknown(&w, WIMS_PL("fives")), WIMS_REQUEST_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(without_agree),
			cmocka_unit_test(unknown),
			cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
