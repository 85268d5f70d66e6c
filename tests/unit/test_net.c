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

#include "guard/wims_net.h"
#include "scarce.h"
#include "sweep.h"

static struct wims_address address(const char *text)
{
	struct wims_address a;

	if(!wims_address_parse(&a, wims_pl_str(text)))
		fail_msg("%s is no address", text);
	return a;
}

static void expect_client(const char *text, const char *want)
{
	struct wims_address a = address(text);
	char got[WIMS_CLIENT_TEXT_MAX];

	wims_client_text(got, wims_address_client(&a));
	assert_string_equal(got, want);
}

static void clients(void **state)
{
	(void)state;
	expect_client("192.0.2.1", "192.0.2.1");
	expect_client("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64");
	expect_client("2001:db8:1:2::", "2001:db8:1:2::/64");
	expect_client("::1", "::/64");
	/* not one client of all that is mapped */
	expect_client("::ffff:192.0.2.1", "192.0.2.1");
}

static void no_addresses(void **state)
{
	static const char *const bad[] = {"",           "1",    "192.0.2",      "192.0.2.256",
									  "192.0.2.1 ", "x::1", "192.0.2.1/32", "[2001:db8::1]",
									  "example.org"};
	struct wims_address a;
	char text[WIMS_CLIENT_TEXT_MAX];
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(wims_address_parse(&a, wims_pl_str(bad[i])));
		assert_int_equal(wims_address_client(&a).l, 0);
	}
	assert_false(wims_address_parse(&a, WIMS_PL("192.0.2.1\0")));
	a = wims_address_of("12345", 5);
	assert_int_equal(a.l, 0);
	wims_client_text(text, wims_address_client(&a));
	assert_string_equal(text, "");
}

static bool have(const char *nets, const char *text)
{
	struct wims_address a = address(text);
	struct wims_nets *n;
	bool is;

	assert_int_equal(wims_nets_new(&n, &wims_env_libc, wims_pl_str(nets), NULL), WIMS_OK);
	is = wims_nets_have(n, &a);
	wims_nets_free(n);
	return is;
}

static void members(void **state)
{
	(void)state;
	assert_false(have("", "192.0.2.1"));
	assert_true(have("192.0.2.1", "192.0.2.1"));
	assert_false(have("192.0.2.1", "192.0.2.2"));
	assert_true(have("198.51.100.0/24, 192.0.2.128/25", "192.0.2.255"));
	assert_false(have("198.51.100.0/24, 192.0.2.128/25", "192.0.2.127"));
	assert_true(have(" 192.0.2.0/23 ", "192.0.3.9"));
	assert_false(have("192.0.2.0/23", "192.0.4.0"));
	assert_true(have("0.0.0.0/0", "203.0.113.9"));
	assert_false(have("0.0.0.0/0", "2001:db8::1"));
	assert_true(have("0.0.0.0/0,::/0", "2001:db8::1"));
	assert_true(have("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(have("2001:db8::/33", "2001:db8:8000::1"));
	assert_true(have("192.0.2.0/24", "::ffff:192.0.2.7"));
}

static void refuse(const char *text, const char *why)
{
	struct wims_fault fault = {""};
	struct wims_nets *n = (struct wims_nets *)&fault;

	assert_int_equal(wims_nets_new(&n, &wims_env_libc, wims_pl_str(text), &fault),
					 WIMS_CONFIG_VALUE);
	assert_null(n);
	assert_string_equal(fault.text, why);
}

static void refused(void **state)
{
	char many[WIMS_NETS_TEXT_MAX + 2];
	size_t i;

	(void)state;
	refuse("192.0.2.0/33", "no length of a network '192.0.2.0/33'");
	refuse("192.0.2.0/", "no length of a network '192.0.2.0/'");
	refuse("192.0.2.0/-1", "no length of a network '192.0.2.0/-1'");
	refuse("2001:db8::/129", "no length of a network '2001:db8::/129'");
	refuse("192.0.2.1/24", "bits behind the length are set '192.0.2.1/24'");
	refuse("192.0.2.4/29", "bits behind the length are set '192.0.2.4/29'");
	refuse("192.0.2.1,,192.0.2.2", "no address");
	refuse("192.0.2.1,example.org", "no address 'example.org'");
	memset(many, ' ', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	refuse(many, "too long");
	for(i = 0; i <= WIMS_NETS_MAX; i++)
		memcpy(many + 10 * i, "192.0.2.1,", 10);
	many[10 * i] = '\0';
	refuse(many, "too many networks, from here on '192.0.2.1'");
}

static void mutant(void *ctx, struct wims_pl input)
{
	struct wims_nets *n;

	(void)ctx;
	if(wims_nets_new(&n, &wims_env_libc, input, NULL) == WIMS_OK)
		wims_nets_free(n);
	else
		assert_null(n);
}

static void robust(void **state)
{
	struct scarce s;
	struct wims_nets *n;

	(void)state;
	assert_true(sweep(WIMS_PL("192.0.2.0/24, 2001:db8::/32,198.51.100.7"), mutant, NULL) > 100);
	scarce_init(&s, 0);
	assert_int_equal(wims_nets_new(&n, &s.env, WIMS_PL("192.0.2.1"), NULL), WIMS_NOMEM);
	assert_null(n);
	wims_nets_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(clients), cmocka_unit_test(no_addresses), cmocka_unit_test(members),
			cmocka_unit_test(refused), cmocka_unit_test(robust),
	};

	return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
