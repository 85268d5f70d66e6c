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

#include "sip/wims_allow.h"
#include "sweep.h"

enum
{
	R = WIMS_ALLOW_REGISTER,
	Q = WIMS_ALLOW_REQUEST,
	S = WIMS_ALLOW_REPLY
};

static struct wims_allow *list(const char *extra)
{
	struct wims_allow *a;

	assert_int_equal(wims_allow_new(&a, &wims_env_libc, wims_pl_str(extra), NULL), WIMS_OK);
	return a;
}

struct name_case
{
	const char *name;
	unsigned in; /* kinds it passes in */
};

static void check(const struct wims_allow *a, const struct name_case *c)
{
	unsigned kind, in = 0;

	for(kind = R; kind <= S; kind <<= 1)
		if(wims_allow_header(a, kind, wims_pl_str(c->name), WIMS_PL("v")))
			in |= kind;
	if(in != c->in)
		fail_msg("%s: passes in %u, not in %u", c->name, in, c->in);
}

/* clang-format off */
static const struct name_case names[] = {
	/* first, last and middle rows, compact forms, any case */
	{"a", Q}, {"x", Q | S}, {"WWW-Authenticate", S}, {"www-authenticate", S},
	{"Accept", R | Q | S}, {"ACCEPT-contact", Q},
	{"Via", R | Q | S}, {"v", R | Q | S}, {"V", R | Q | S},
	{"From", R | Q | S}, {"f", R | Q | S}, {"To", R | Q | S}, {"t", R | Q | S},
	{"Call-ID", R | Q | S}, {"i", R | Q | S}, {"CSeq", R | Q | S},
	{"Contact", R | Q | S}, {"m", R | Q | S}, {"Max-Forwards", R | Q},
	{"Content-Type", R | Q | S}, {"c", R | Q | S}, {"Content-Length", R | Q | S}, {"l", R | Q | S},
	{"Content-Encoding", R | Q | S}, {"e", R | Q | S}, {"Expires", R | Q | S},
	{"Supported", R | Q | S}, {"k", R | Q | S}, {"Require", R | Q | S},
	{"Allow", R | Q | S}, {"Allow-Events", R | Q | S}, {"u", R | Q | S}, {"Event", Q}, {"o", Q},
	{"Refer-To", Q}, {"r", Q}, {"Referred-By", Q}, {"b", Q}, {"Replaces", Q},
	{"Reject-Contact", Q}, {"j", Q}, {"Request-Disposition", Q}, {"d", Q},
	{"Session-Expires", Q | S}, {"Min-SE", Q | S}, {"Subject", Q}, {"s", Q},
	{"RAck", Q}, {"RSeq", S}, {"Privacy", Q | S}, {"Reason", R | Q | S},
	{"History-Info", Q | S}, {"Geolocation", Q}, {"geolocation-error", S}, {"Geolocation-Routing", Q}, {"P-Early-Media", Q | S}, {"P-Preferred-Identity", Q | S},
	{"P-Preferred-Service", Q}, {"SIP-If-Match", Q}, {"SIP-ETag", S}, {"User-Agent", R | Q | S},
	{"Record-Route", S}, {"Proxy-Require", R | Q}, {"Subscription-State", Q},
	{"X-Anything", R | Q | S}, {"x-", R | Q | S},
	/* the network's own */
	{"P-Asserted-Identity", 0}, {"p-asserted-identity", 0}, {"P_Asserted_Identity", 0},
	{"P-Asserted-Service", 0}, {"P-Associated-URI", 0}, {"P-Called-Party-ID", 0},
	{"P-Charging-Vector", 0}, {"P-Charging-Function-Addresses", 0}, {"P-Served-User", 0},
	{"P-Profile-Key", 0}, {"P-User-Database", 0}, {"P-Visited-Network-ID", 0},
	{"P-Private-Network-Indication", 0}, {"P-Unheard-Of", 0}, {"P-", 0},
	{"Path", 0}, {"Service-Route", 0}, {"Route", 0}, {"Feature-Caps", 0},
	{"Security-Client", 0}, {"Security-Server", 0}, {"Security-Verify", 0},
	{"Authorization", 0}, {"Proxy-Authorization", 0}, {"Proxy-Authenticate", 0},
	{"Resource-Share", 0}, {"Relayed-Charge", 0}, {"Cellular-Network-Info", 0},
	{"Restoration-Info", 0}, {"Identity", 0}, {"y", 0}, {"n", 0}, {"User-to-User", 0},
	{"User_Agent", 0}, {"Max_Forwards", 0}, {"X_Foo", 0}, {"", 0}, {"Vi", 0}, {"Viaa", 0},
};

static const struct name_case extended[] = {
	{"User-to-User", R | Q | S}, {"USER-TO-USER", R | Q | S}, {"User-to-Userx", 0},
	{"Foo-", R | Q | S}, {"foo-Bar", R | Q | S}, {"Foo", 0},
	{"Identity", R | Q | S}, {"P-Asserted-Identity", 0}, {"Subject", R | Q | S},
};

/* P-Access-Network-Info */
static const struct { const char *value; bool pass; } pani[] = {
	{"IEEE-802.11", true},
	{"3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=\"a b\"", true},
	{"IEEE-802.11;xnp;np-y;n=np", true},
	{"3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=\"a;np\"", false},
	{"3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=\"a,b\"", false},
	{"IEEE-802.11;x=\"\\\"\"", false},
	{"IEEE-802.11;x=\"network-provided\"", false},
	{"IEEE-802.11;x=Network-Provided", false},
	{"IEEE-802.11;x-network_provided", false},
	{"network-provided", false},
	{"np", false},
	{"IEEE-802.11;i-wlan-node-id=1, 3GPP-GERAN", true},
	{"IEEE-802.11;np", false},
	{"IEEE-802.11 ; NP", false},
	{"IEEE-802.11;\r\n network-provided", false},
	{"IEEE-802.11;np=1", false},
	{"IEEE-802.11, ADSL;Network-Provided;x", false},
	{"IEEE-802.11;a=\"open", false},
	{"IEEE-802.11;;", false},
	{"IEEE-802.11,", false},
	{"<IEEE;np>", false},
	{"", false},
};

static const struct { const char *extra; const char *fault; } refused[] = {
	{"P-Asserted-Identity", "only the network may set this header: 'P-Asserted-Identity'"},
	{"p-foo", "only the network may set this header: 'p-foo'"},
	{"P_Asserted_Identity", "only the network may set this header: 'P_Asserted_Identity'"},
	{"Foo,P*", "only the network may set this header: 'P*'"},
	{"Pa*", "only the network may set this header: 'Pa*'"},
	{"Path", "only the network may set this header: 'Path'"},
	{"Rou*", "only the network may set this header: 'Rou*'"},
	{"route", "only the network may set this header: 'route'"},
	{"Security-Foo", "only the network may set this header: 'Security-Foo'"},
	{"Security-Foo-*", "only the network may set this header: 'Security-Foo-*'"},
	{"S*", "only the network may set this header: 'S*'"},
	{"AUTHORIZATION", "only the network may set this header: 'AUTHORIZATION'"},
	{"Proxy_Authorization", "only the network may set this header: 'Proxy_Authorization'"},
	{"Service-Route", "only the network may set this header: 'Service-Route'"},
	{"*", "no header name, and no beginning of one before '*': '*'"},
	{"Foo**", "no header name, and no beginning of one before '*': 'Foo**'"},
	{"F*o", "no header name, and no beginning of one before '*': 'F*o'"},
	{"Foo Bar", "no header name, and no beginning of one before '*': 'Foo Bar'"},
	{"Foo,,Bar", "no header name, and no beginning of one before '*':"},
	{"Foo,", "no header name, and no beginning of one before '*':"},
	{"F\x01\xff", "no header name, and no beginning of one before '*': 'F\?\?'"},
};
/* clang-format on */

static void test_builtin(void **state)
{
	struct wims_allow *a = list("");
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check(a, &names[i]);
	wims_allow_free(a);
}

static void test_extended(void **state)
{
	struct wims_allow *a = list(" User-to-User,\tFoo-*, Identity , subject ");
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(extended) / sizeof(extended[0]); i++)
		check(a, &extended[i]);
	wims_allow_free(a);
	wims_allow_free(NULL);
}

/* RFC 7090: a call back is what the network says is one. */
static void test_priority(void **state)
{
	static const struct wims_pl name = {"Priority", 8};
	static const char *const others[] = {" PSAP-Callback ",
										 "psap-callback;x",
										 "\"psap-callback\"",
										 "emergency, psap-callback",
										 "(x) psap-callback",
										 "normal x",
										 ""};
	struct wims_allow *a = list("");
	size_t i;

	(void)state;
	assert_true(wims_allow_header(a, WIMS_ALLOW_REQUEST, name, WIMS_PL("emergency")));
	assert_false(wims_allow_header(a, WIMS_ALLOW_REGISTER, name, WIMS_PL("emergency")));
	for(i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if(wims_allow_header(a, WIMS_ALLOW_REQUEST, name, wims_pl_str(others[i])))
			fail_msg("Priority: %s", others[i]);
	wims_allow_free(a);
}

static void test_access_network(void **state)
{
	struct wims_allow *a = list("  ");
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(pani) / sizeof(pani[0]); i++)
		if(wims_allow_header(a, WIMS_ALLOW_REGISTER, WIMS_PL("p-access-network-info"),
							 wims_pl_str(pani[i].value))
		   != pani[i].pass)
			fail_msg("%s", pani[i].value);
	wims_allow_free(a);
}

static void test_route(void **state)
{
	(void)state;
	assert_true(wims_allow_route(WIMS_PL("route")));
	assert_false(wims_allow_route(WIMS_PL("Record-Route")));
}

static void expect_refused(struct wims_pl extra, const char *text)
{
	struct wims_allow *a = (struct wims_allow *)&a;
	struct wims_fault fault;

	assert_int_equal(wims_allow_new(&a, &wims_env_libc, extra, &fault), WIMS_CONFIG_VALUE);
	assert_null(a);
	assert_string_equal(fault.text, text);
}

static void test_refused(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		expect_refused(wims_pl_str(refused[i].extra), refused[i].fault);
}

static void test_limits(void **state)
{
	char text[WIMS_ALLOW_TEXT_MAX + 1];
	struct wims_allow *a;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(text); i++)
		text[i] = i % 2 == 0 ? 'F' : ',';
	a = NULL;
	assert_int_equal(wims_allow_new(&a, &wims_env_libc,
									(struct wims_pl){text, 2 * WIMS_ALLOW_EXTRA_MAX - 1}, NULL),
					 WIMS_OK);
	wims_allow_free(a);
	expect_refused((struct wims_pl){text, 2 * WIMS_ALLOW_EXTRA_MAX + 1},
				   "more than 32 header names");
	expect_refused((struct wims_pl){text, sizeof(text)}, "list longer than 1024 bytes");
	memset(text, 'F', sizeof(text));
	a = NULL;
	assert_int_equal(
			wims_allow_new(&a, &wims_env_libc, (struct wims_pl){text, WIMS_ALLOW_NAME_MAX}, NULL),
			WIMS_OK);
	wims_allow_free(a);
	assert_int_equal(wims_allow_new(&a, &wims_env_libc,
									(struct wims_pl){text, WIMS_ALLOW_NAME_MAX + 1}, NULL),
					 WIMS_CONFIG_VALUE);
}

static void *no_memory(void *ctx, size_t n)
{
	(void)ctx;
	(void)n;
	return NULL;
}

static void test_no_memory(void **state)
{
	struct wims_env env = wims_env_libc;
	struct wims_allow *a = (struct wims_allow *)&env;

	(void)state;
	env.alloc = no_memory;
	assert_int_equal(wims_allow_new(&a, &env, WIMS_PL("Foo"), NULL), WIMS_NOMEM);
	assert_null(a);
}

/* Whatever is taken, P-Asserted-Identity and Route are not. */
static void one_mutant(void *ctx, struct wims_pl input)
{
	size_t *taken = ctx;
	struct wims_allow *a;
	struct wims_fault fault;

	if(wims_allow_new(&a, &wims_env_libc, input, &fault) != WIMS_OK) {
		assert_true(strlen(fault.text) > 0);
		return;
	}
	(*taken)++;
	assert_false(
			wims_allow_header(a, WIMS_ALLOW_REQUEST, WIMS_PL("P-Asserted-Identity"), WIMS_PL("v")));
	assert_false(wims_allow_header(a, WIMS_ALLOW_REQUEST, WIMS_PL("Route"), WIMS_PL("v")));
	wims_allow_free(a);
}

static void test_mutants(void **state)
{
	size_t taken = 0;
	size_t all =
			sweep(WIMS_PL("Foo-*,User-to-User, Q-Asserted-Identity,Rouge"), one_mutant, &taken);

	(void)state;
	assert_true(taken > 0 && taken < all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_builtin),        cmocka_unit_test(test_extended),
			cmocka_unit_test(test_access_network), cmocka_unit_test(test_priority),
			cmocka_unit_test(test_route),          cmocka_unit_test(test_refused),
			cmocka_unit_test(test_limits),         cmocka_unit_test(test_no_memory),
			cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
