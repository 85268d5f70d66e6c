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

#include "sip/wims_uri.h"
#include "sweep.h"

struct good
{
	const char *text;
	bool sips;
	const char *user, *host;
	uint16_t port;
	const char *params;
};

/* clang-format off */
static const struct good good[] = {
	{"sip:ims.test", false, "", "ims.test", 0, ""},
	{"SIP:a@IMS.test", false, "a", "IMS.test", 0, ""},
	{"sips:a@ims.test:5061", true, "a", "ims.test", 5061, ""},
	{"sip:u1@x1.invalid;transport=ws", false, "u1", "x1.invalid", 0, ";transport=ws"},
	{"sip:a%41&=+$,;?/-_.!~*'()@h;lr", false, "a%41&=+$,;?/-_.!~*'()", "h", 0, ";lr"},
	{"sip:[2001:db8::1]:65535;maddr=[::1];x=%41", false, "", "[2001:db8::1]", 65535,
		";maddr=[::1];x=%41"},
	{"sip:+1;phone-context=a@h", false, "+1;phone-context=a", "h", 0, ""},
	{"sip:192.0.2.1:1", false, "", "192.0.2.1", 1, ""},
	{"sip:h;a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p", false, "", "h", 0, ";a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p"},
};

static const struct wims_pl bad[] = {
	WIMS_PL(""), WIMS_PL("sip"), WIMS_PL("sip:"), WIMS_PL("sips:"), WIMS_PL("tel:+1"),
	WIMS_PL("http://h"), WIMS_PL(" sip:h"), WIMS_PL("sip:h "), WIMS_PL("<sip:h>"),
	WIMS_PL("sip:@h"), WIMS_PL("sip:a@"), WIMS_PL("sip:a:b@h"), WIMS_PL("sip:a@b@h"),
	WIMS_PL("sip:a b@h"), WIMS_PL("sip:a\"@h"), WIMS_PL("sip:a%4@h"), WIMS_PL("sip:a%@h"),
	WIMS_PL("sip:a%zz@h"), WIMS_PL("sip:a\0@h"), WIMS_PL("sip:\xc3\xa9@h"), WIMS_PL("sip:a#@h"),
	WIMS_PL("sip:h:"), WIMS_PL("sip:h:0"), WIMS_PL("sip:h:65536"), WIMS_PL("sip:h:05060"),
	WIMS_PL("sip:h:5060x"), WIMS_PL("sip:h:-1"), WIMS_PL("sip:h:1:2"), WIMS_PL("sip:h_x"),
	WIMS_PL("sip:h."), WIMS_PL("sip:.h"), WIMS_PL("sip:[::1"), WIMS_PL("sip:[::1]x"),
	WIMS_PL("sip:::1"), WIMS_PL("sip:1.2.3"), WIMS_PL("sip:h?Route=x"), WIMS_PL("sip:h;a?b=c"),
	WIMS_PL("sip:h;"), WIMS_PL("sip:h;;lr"), WIMS_PL("sip:h;lr;"), WIMS_PL("sip:h;=x"),
	WIMS_PL("sip:h;a="), WIMS_PL("sip:h;a=b=c"), WIMS_PL("sip:h;lr;LR"),
	WIMS_PL("sip:h;transport=ws;transport=udp"), WIMS_PL("sip:h;a=\"b\""), WIMS_PL("sip:h; lr"),
	WIMS_PL("sip:h;a=%"), WIMS_PL("sip:h;a=%4"), WIMS_PL("sip:h;a=<b>"),
	WIMS_PL("sip:h;a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q"),
};
/* clang-format on */

static void test_good(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct good *g = &good[i];
		struct wims_uri u;

		if(wims_uri_parse(&u, wims_pl_str(g->text)) != WIMS_OK || u.sips != g->sips
		   || !wims_pl_eq(u.user, wims_pl_str(g->user)) || !wims_pl_eq(u.host, wims_pl_str(g->host))
		   || u.port != g->port || !wims_pl_eq(u.params, wims_pl_str(g->params)))
			fail_msg("%s", g->text);
	}
}

static void test_bad(void **state)
{
	static const struct wims_uri zero;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct wims_uri u;

		memset(&u, 1, sizeof(u));
		if(wims_uri_parse(&u, bad[i]) != WIMS_URI_BAD)
			fail_msg("%.*s", (int)bad[i].l, bad[i].p);
		assert_memory_equal(&u, &zero, sizeof(u));
	}
}

static void test_size(void **state)
{
	char text[WIMS_URI_MAX + 1];
	struct wims_uri u;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "sip:h;a=", 8);
	assert_int_equal(wims_uri_parse(&u, (struct wims_pl){text, WIMS_URI_MAX}), WIMS_OK);
	assert_int_equal(wims_uri_parse(&u, (struct wims_pl){text, sizeof(text)}), WIMS_URI_BAD);
}

static void test_param(void **state)
{
	struct wims_pl params = WIMS_PL(";transport=WS;lr;x=1"), value;

	(void)state;
	assert_true(wims_uri_param(params, WIMS_PL("Transport"), &value));
	assert_true(wims_pl_eq(value, WIMS_PL("WS")));
	assert_true(wims_uri_param(params, WIMS_PL("lr"), &value));
	assert_int_equal(value.l, 0);
	assert_true(wims_uri_param(params, WIMS_PL("x"), &value));
	assert_true(wims_pl_eq(value, WIMS_PL("1")));
	assert_false(wims_uri_param(params, WIMS_PL("l"), &value));
	assert_null(value.p);
	assert_false(wims_uri_param(WIMS_PL_NONE, WIMS_PL("l"), &value));
}

/* clang-format off */
static const struct { const char *a, *b; bool same; } targets[] = {
	{"sip:h", "sip:u@H:5060;transport=UDP;lr", true},
	{"sip:h;transport=tcp", "sip:h:5060;transport=TCP", true},
	{"sips:h", "sips:h:5061;transport=tcp", true},
	{"sips:h", "sip:h:5061;transport=tls", true},
	{"sips:h;transport=ws", "sips:h:5061;transport=ws", true},
	{"sip:[2001:db8:0::1]", "sip:[2001:DB8::1]", true},
	{"sip:other;maddr=h", "sip:h", true},
	{"sip:h", "sip:h:5061", false},
	{"sip:h", "sip:i", false},
	{"sip:h", "sip:h.test", false},
	{"sip:h", "sip:h;transport=tcp", false},
	{"sip:h;transport=tcp", "sip:h;transport=ws", false},
	{"sip:h", "sips:h", false},
	{"sip:h:5061", "sips:h", false},
	{"sip:h", "sip:h;maddr=evil", false},
	{"sip:h;maddr=", "sip:h", false},
	{"sip:h;maddr", "sip:h;maddr", false},
	{"sip:h;maddr=a/b", "sip:h;maddr=a/b", false},
};
/* clang-format on */

static void test_same_target(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct wims_uri a, b;
		bool both = wims_uri_parse(&a, wims_pl_str(targets[i].a)) == WIMS_OK
					&& wims_uri_parse(&b, wims_pl_str(targets[i].b)) == WIMS_OK;

		if((both && wims_uri_same_target(&a, &b)) != targets[i].same
		   || (both && wims_uri_same_target(&b, &a)) != targets[i].same)
			fail_msg("%s and %s", targets[i].a, targets[i].b);
	}
}

/* clang-format off */
static const struct { const char *a, *b; bool same; } uris[] = {
	{"sip:bob@h", "SIP:bob@H", true},
	{"sip:%62ob@h;X=1;lr", "sip:bob@h;x=1;y=2", true},
	{"sip:bob@h;transport=TCP", "sip:bob@h;Transport=tcp", true},
	{"sip:b%2fo@h", "sip:b%2Fo@h", true},
	{"sip:h;a=1", "sip:h;b=2", true},
	{"sip:[2001:db8:0::1]", "sip:[2001:DB8::1]", true},
	{"sip:bob@h", "sip:Bob@h", false},
	{"sip:bob@h", "sip:h", false},
	{"sip:bob@h", "sip:bobb@h", false},
	{"sip:+1555;npdi;rn=+1@h", "sip:+1555%3Bnpdi%3brn%3D+1@h", true}, /* JsSIP, SIP.js */
	{"sip:b%2Fo&c$d,e?@h", "sip:b/o%26c%24d%2Ce%3F@h", true},
	{"sip:b%2Fo@h", "sip:b%2Eo@h", false},
	{"sip:b%40h@h", "sip:b%4Ah@h", false},
	{"sip:b%3Ao@h", "sip:bo@h", false},
	{"sip:bob@h", "sips:bob@h", false},
	{"sip:bob@h", "sip:bob@i", false},
	{"sip:bob@h", "sip:bob@h:5060", false},
	{"sip:bob@h:5060", "sip:bob@h:5061", false},
	{"sip:bob@h", "sip:bob@h;transport=udp", false},
	{"sip:bob@h", "sip:bob@h;maddr=h", false},
	{"sip:bob@h", "sip:bob@h;user=phone", false},
	{"sip:bob@h;x=1", "sip:bob@h;x=2", false},
	{"sip:bob@h;x=1", "sip:bob@h;x", false},
};
/* clang-format on */

static void test_same(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		struct wims_uri a, b;

		assert_int_equal(wims_uri_parse(&a, wims_pl_str(uris[i].a)), WIMS_OK);
		assert_int_equal(wims_uri_parse(&b, wims_pl_str(uris[i].b)), WIMS_OK);
		if(wims_uri_same(&a, &b) != uris[i].same || wims_uri_same(&b, &a) != uris[i].same)
			fail_msg("%s and %s", uris[i].a, uris[i].b);
		assert_true(wims_uri_same(&a, &a));
	}
}

static void one_mutant(void *ctx, struct wims_pl input)
{
	struct wims_uri u;
	size_t i;

	(void)ctx;
	if(wims_uri_parse(&u, input) != WIMS_OK)
		return;
	assert_true(u.host.l > 0);
	for(i = 0; i < input.l; i++)
		assert_true(input.p[i] > 0x20 && input.p[i] < 0x7f && input.p[i] != '<');
	(void)wims_uri_same_target(&u, &u);
	assert_true(wims_uri_same(&u, &u));
}

static void test_mutants(void **state)
{
	(void)state;
	sweep(WIMS_PL("sips:a%41b@[2001:db8::1]:5061;lr;maddr=h-1.test;transport=tcp"), one_mutant,
		  NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_good),        cmocka_unit_test(test_bad),
			cmocka_unit_test(test_size),        cmocka_unit_test(test_param),
			cmocka_unit_test(test_same_target), cmocka_unit_test(test_mutants),
			cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
