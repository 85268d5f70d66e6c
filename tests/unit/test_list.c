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

#include "sip/wims_list.h"
#include "sweep.h"

static void test_lines(void **state)
{
	struct wims_list list = {0};

	(void)state;
	assert_int_equal(
			wims_list_add(&list, WIMS_PL(" <sip:a;x=1,2> ,\r\n \"b,\\\"<c\" <sip:b>;p=\"q,r\"")),
			WIMS_OK);
	assert_int_equal(wims_list_add(&list, WIMS_PL("")), WIMS_OK);
	assert_int_equal(wims_list_add(&list, WIMS_PL("sip:c")), WIMS_OK);
	assert_int_equal(list.count, 3);
	assert_true(wims_pl_eq(list.item[0], WIMS_PL("<sip:a;x=1,2>")));
	assert_true(wims_pl_eq(list.item[1], WIMS_PL("\"b,\\\"<c\" <sip:b>;p=\"q,r\"")));
	assert_true(wims_pl_eq(list.item[2], WIMS_PL("sip:c")));
}

static const char *const malformed[] = {
		",",
		"<sip:a>,",
		",<sip:a>",
		"<sip:a>,,<sip:b>",
		"<sip:a",
		"\"a <sip:a>",
		"<sip:a>>",
		"<sip:<a>>",
		"<sip:a>, <sip:b",
		"<sip:a>;x=\"y",
		"\"a\\\" <sip:a>",
};

static void test_malformed(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		struct wims_list list = {0};

		assert_int_equal(wims_list_add(&list, WIMS_PL("<sip:first>")), WIMS_OK);
		if(wims_list_add(&list, wims_pl_str(malformed[i])) != WIMS_REQUEST_MALFORMED
		   || list.count != 0)
			fail_msg("%s", malformed[i]);
	}
}

static void test_limit(void **state)
{
	struct wims_list list = {0};
	size_t i;

	(void)state;
	for(i = 0; i < WIMS_LIST_MAX / 2; i++)
		assert_int_equal(wims_list_add(&list, WIMS_PL("<sip:a>,<sip:b>")), WIMS_OK);
	assert_int_equal(list.count, WIMS_LIST_MAX);
	assert_int_equal(wims_list_add(&list, WIMS_PL("<sip:a>")), WIMS_LIMIT_REACHED);
	assert_int_equal(list.count, 0);
}

/* clang-format off */
static const struct { const char *item, *uri, *params; } uris[] = {
	{"<sip:a>", "sip:a", ""},
	{"<sip:a;lr>;x", "sip:a;lr", ";x"},
	{"<sip:a> ; x=\"<>\"", "sip:a", "; x=\"<>\""},
	{"\"Alice <sip:evil>\" <sip:a>", "sip:a", ""},
	{"\"\"<sip:a>", "sip:a", ""},
	{"Alice B. <tel:+1>", "tel:+1", ""},
	{"sip:a;transport=ws", "sip:a", ";transport=ws"},
	{"sip:a ;x", "sip:a", ";x"},
	{"sip:a", "sip:a", ""},
};

static const char *const no_uris[] = {
	"", "<>", "< sip:a>", "<sip:a", "sip:a>", "<sip:a>x", "<sip:a> x;y", "\"a\" b <sip:a>",
	"\"a <sip:a>", "a@b <sip:a>", "a, <sip:a>", "sip:a b", ";x", "<sip:a\tb>", "<sip:\xc3\xa9>",
	"<sip:a><sip:b>",
};
/* clang-format on */

static void test_uri(void **state)
{
	struct wims_pl uri, params;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(uris) / sizeof(uris[0]); i++)
		if(!wims_list_uri(wims_pl_str(uris[i].item), &uri, &params)
		   || !wims_pl_eq(uri, wims_pl_str(uris[i].uri))
		   || !wims_pl_eq(params, wims_pl_str(uris[i].params)))
			fail_msg("%s: %.*s", uris[i].item, (int)uri.l, uri.p);
}

static void test_no_uri(void **state)
{
	struct wims_pl uri, params;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(no_uris) / sizeof(no_uris[0]); i++) {
		if(wims_list_uri(wims_pl_str(no_uris[i]), &uri, &params) || uri.p != NULL
		   || params.p != NULL)
			fail_msg("%s", no_uris[i]);
	}
}

static void one_mutant(void *ctx, struct wims_pl input)
{
	struct wims_list list = {0};
	struct wims_pl uri, params;
	size_t i;

	(void)ctx;
	if(wims_list_add(&list, input) != WIMS_OK)
		assert_int_equal(list.count, 0);
	for(i = 0; i < list.count; i++) {
		assert_true(list.item[i].l > 0);
		if(wims_list_uri(list.item[i], &uri, &params))
			assert_true(uri.l > 0 && wims_pl_find(uri, '>') == uri.l);
	}
}

static void test_mutants(void **state)
{
	(void)state;
	sweep(WIMS_PL("\"a,\\\"b\" <sip:a@h;lr>;p=\"q\", Bob <sip:b>;x,sip:c;y=z"), one_mutant, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_lines),  cmocka_unit_test(test_malformed),
			cmocka_unit_test(test_limit),  cmocka_unit_test(test_uri),
			cmocka_unit_test(test_no_uri), cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
