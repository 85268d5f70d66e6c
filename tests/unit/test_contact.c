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

#include "sip/wims_contact.h"
#include "sweep.h"

#define UUID "urn:uuid:00000000-0000-1000-8000-000a95a0e128"
#define GOOD                                                                                    \
	"\"A\" <sip:u1@x1.invalid;transport=ws>;+sip.instance=\"<" UUID ">\";reg-id=1;expires=600;" \
	"q=0.5;+sip.ice"

static void test_all_params(void **state)
{
	struct wims_contact c;

	(void)state;
	assert_int_equal(wims_contact_parse(&c, WIMS_PL(GOOD)), WIMS_OK);
	assert_true(wims_pl_eq(c.uri, WIMS_PL("sip:u1@x1.invalid;transport=ws")));
	assert_true(wims_pl_eq(c.parts.user, WIMS_PL("u1")));
	assert_true(wims_pl_eq(c.instance, WIMS_PL("<" UUID ">")));
	assert_int_equal(c.q, 500);
	assert_true(c.has_expires);
	assert_int_equal(c.expires, 600);
	assert_int_equal(c.reg_id, 1);
	assert_true(wims_pl_starts(c.params, WIMS_PL(";+sip.instance=")));
}

static void test_no_params(void **state)
{
	struct wims_contact c;

	(void)state;
	assert_int_equal(wims_contact_parse(&c, WIMS_PL("sip:u1@x1.invalid;transport=ws")), WIMS_OK);
	assert_true(wims_pl_eq(c.uri, WIMS_PL("sip:u1@x1.invalid")));
	assert_true(wims_pl_eq(c.params, WIMS_PL(";transport=ws")));
	assert_false(c.has_expires);
	assert_int_equal(c.reg_id, 0);
	assert_int_equal(c.q, WIMS_Q_NONE);
	assert_int_equal(c.instance.l, 0);
}

/* clang-format off */
static const char *const good_params[] = {
	";expires=0", ";expires=4294967295", ";EXPIRES=1", " ; expires = 1 ", ";\r\n\texpires=1",
	";q=0", ";q=1", ";q=0.", ";q=0.999", ";q=1.000", ";reg-id=2147483647",
	";+SIP.Instance=\"<x>\"",
	";+sip.instance=\"<x>\";reg-id=1;+sip.instance=\"<x>\"", ";reg-id=\"7\"", ";x=\"a;expires=5\"", ";x=y;x=y",
};

static const char *const bad_params[] = {
	";expires", ";expires=", ";expires=-1", ";expires=4294967296", ";expires=\"1\"",
	";expires=1;expires=1", ";expires=1;Expires=2",
	";q=2", ";q=0.1234", ";q=1.1", ";q=.5", ";q=0x5", ";q=0.x", ";q", ";q=0.1;q=0.1",
	";reg-id=0", ";reg-id=2147483648", ";reg-id", ";reg-id=1;reg-id=2",
	";+sip.instance", ";+sip.instance=x", ";+sip.instance=\"x\"", ";+sip.instance=\"<x\"",
	";+sip.instance=\"x>\"", ";+sip.instance=\"<>\"", ";+sip.instance=\"<a\\\"b>\"",
	";+sip.instance=\"<a b>\"", ";+sip.instance=\"<a<b>\"", ";+sip.instance=\"<x>",
	";+sip.instance=\"<x>\";+sip.instance=\"<y>\"", ";+sip.instance=\"<\xc3\xa9>\"",
	";", ";;a", ";a b", ";=x", "x", ";a=\"open",
};

static const char *const bad_uris[] = {
	"*", "", "tel:+1234", "<tel:+1234>", "<sip:a:b@h>", "<sip:h?x=y>", "<http://h>", "<sip:h",
	"<sip:a@h>, <sip:b@h>", "<>", "<sip:h;transport=ws;transport=udp>",
};
/* clang-format on */

static void test_params(void **state)
{
	char text[256];
	struct wims_contact c;
	size_t i, n = sizeof(good_params) / sizeof(good_params[0]);

	(void)state;
	for(i = 0; i < n + sizeof(bad_params) / sizeof(bad_params[0]); i++) {
		const char *p = i < n ? good_params[i] : bad_params[i - n];
		size_t l = strlen(p);

		memcpy(text, "<sip:a@h>", 9);
		memcpy(text + 9, p, l);
		if(wims_contact_parse(&c, (struct wims_pl){text, 9 + l})
		   != (i < n ? WIMS_OK : WIMS_CONTACT_BAD))
			fail_msg("%s", p);
	}
}

static void test_q(void **state)
{
	static const struct
	{
		const char *text;
		int q;
	} qs[] = {{"<sip:h>;q=0", 0},      {"<sip:h>;q=1", 1000},    {"<sip:h>;q=0.", 0},
			  {"<sip:h>;q=1.", 1000},  {"<sip:h>;q=0.7", 700},   {"<sip:h>;q=0.07", 70},
			  {"<sip:h>;q=0.007", 7},  {"<sip:h>;q=0.999", 999}, {"<sip:h>;q=1.000", 1000},
			  {"<sip:h>;Q=0.25", 250}, {"<sip:h>", WIMS_Q_NONE}};
	struct wims_contact c;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(qs) / sizeof(qs[0]); i++) {
		assert_int_equal(wims_contact_parse(&c, wims_pl_str(qs[i].text)), WIMS_OK);
		assert_int_equal(c.q, qs[i].q);
	}
}

static void test_bad_uris(void **state)
{
	static const struct wims_contact zero;
	struct wims_contact c;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad_uris) / sizeof(bad_uris[0]); i++) {
		memset(&c, 1, sizeof(c));
		if(wims_contact_parse(&c, wims_pl_str(bad_uris[i])) != WIMS_CONTACT_BAD)
			fail_msg("%s", bad_uris[i]);
		assert_memory_equal(&c, &zero, sizeof(c));
	}
}

/* <sip:h>;+sip.instance="<aaa>";xxxx, of l bytes with an instance of n. */
static enum wims_reason parse_of_size(size_t l, size_t instance)
{
	static char text[WIMS_CONTACT_MAX + 16];
	static const char head[] = "<sip:h>;+sip.instance=\"<";
	struct wims_contact c;

	memset(text, 'a', sizeof(text));
	memcpy(text, head, sizeof(head) - 1);
	memcpy(text + sizeof(head) - 1 + instance - 2, ">\";x", 4);
	return wims_contact_parse(&c, (struct wims_pl){text, l});
}

static void test_sizes(void **state)
{
	(void)state;
	assert_int_equal(parse_of_size(WIMS_CONTACT_MAX, WIMS_INSTANCE_MAX), WIMS_OK);
	assert_int_equal(parse_of_size(WIMS_CONTACT_MAX + 1, WIMS_INSTANCE_MAX), WIMS_CONTACT_BAD);
	assert_int_equal(parse_of_size(WIMS_CONTACT_MAX, WIMS_INSTANCE_MAX + 1), WIMS_CONTACT_BAD);
}

static void test_contacts(void **state)
{
	struct wims_contacts all = {0};

	(void)state;
	assert_int_equal(wims_contacts_add(&all, WIMS_PL("<sip:a@h>;x=\",\", <sip:b@h>")), WIMS_OK);
	assert_int_equal(wims_contacts_add(&all, WIMS_PL(GOOD)), WIMS_OK);
	assert_int_equal(all.count, 3);
	assert_false(all.star);
	assert_true(wims_pl_eq(all.contact[1].uri, WIMS_PL("sip:b@h")));
	assert_int_equal(all.contact[2].reg_id, 1);

	all = (struct wims_contacts){0};
	assert_int_equal(wims_contacts_add(&all, WIMS_PL(" *\r\n ")), WIMS_OK);
	assert_true(all.star);
	assert_int_equal(all.count, 0);
}

static void expect_refused(const char *first, const char *second)
{
	static const struct wims_contacts zero;
	struct wims_contacts all = {0};

	assert_int_equal(wims_contacts_add(&all, wims_pl_str(first)), WIMS_OK);
	if(wims_contacts_add(&all, wims_pl_str(second)) != WIMS_CONTACT_BAD)
		fail_msg("%s then %s", first, second);
	assert_memory_equal(&all, &zero, sizeof(all));
}

static void test_contacts_refused(void **state)
{
	(void)state;
	expect_refused("*", "*");
	expect_refused("*", "<sip:a@h>");
	expect_refused("<sip:a@h>", "*");
	expect_refused("<sip:a@h>", "<sip:b@h>, *");
	expect_refused("", "<sip:a@h>,");
	expect_refused("", "<sip:a@h>,,<sip:a@h>");
	expect_refused("", "<tel:+1>");
	expect_refused("<sip:a>,<sip:a>,<sip:a>,<sip:a>,<sip:a>",
				   "<sip:a>,<sip:a>,<sip:a>,<sip:a>,<sip:a>,<sip:a>");
}

static void test_contacts_limit(void **state)
{
	struct wims_contacts all = {0};
	size_t i;

	(void)state;
	for(i = 0; i < WIMS_CONTACTS_MAX; i++)
		assert_int_equal(wims_contacts_add(&all, WIMS_PL("<sip:a>")), WIMS_OK);
	assert_int_equal(wims_contacts_add(&all, WIMS_PL("<sip:a>")), WIMS_CONTACT_BAD);
}

#define ANSWER                                                                       \
	"<sip:other@h>;expires=1, <tel:+1;x>, \"u2\" <sip:U2@h>, <sip:u2x@h>;expires=2," \
	" sip:u2@h;expires=3, <sip:u2@h>;expires=4, <sip:h>;expires=5"

static void test_find_user(void **state)
{
	struct wims_contact c;

	(void)state;
	assert_true(wims_contact_find_user(&c, WIMS_PL(ANSWER), WIMS_PL("u2")));
	assert_int_equal(c.expires, 3);
	assert_true(wims_contact_find_user(&c, WIMS_PL(ANSWER), WIMS_PL("u2x")));
	assert_int_equal(c.expires, 2);
	assert_false(wims_contact_find_user(&c, WIMS_PL(ANSWER), WIMS_PL("u")));
	assert_false(c.has_expires);
	assert_false(wims_contact_find_user(&c, WIMS_PL(ANSWER), WIMS_PL("")));
	assert_false(wims_contact_find_user(&c, WIMS_PL("*"), WIMS_PL("u2")));
	assert_false(wims_contact_find_user(&c, WIMS_PL_NONE, WIMS_PL("u2")));
}

static void one_mutant(void *ctx, struct wims_pl input)
{
	struct wims_contacts all = {0};
	struct wims_contact c;

	(void)ctx;
	if(wims_contacts_add(&all, input) == WIMS_OK && all.count > 0)
		assert_true(all.contact[0].parts.host.l > 0);
	if(wims_contact_find_user(&c, input, WIMS_PL("u1")))
		assert_true(wims_pl_eq(c.parts.user, WIMS_PL("u1")));
}

static void test_mutants(void **state)
{
	(void)state;
	sweep(WIMS_PL(GOOD ", <sip:u2@h>;expires=7"), one_mutant, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_all_params),
			cmocka_unit_test(test_no_params),
			cmocka_unit_test(test_params),
			cmocka_unit_test(test_bad_uris),
			cmocka_unit_test(test_q),
			cmocka_unit_test(test_sizes),
			cmocka_unit_test(test_contacts),
			cmocka_unit_test(test_contacts_refused),
			cmocka_unit_test(test_contacts_limit),
			cmocka_unit_test(test_find_user),
			cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
