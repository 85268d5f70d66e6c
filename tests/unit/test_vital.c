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

#include "sip/wims_vital.h"
#include "sweep.h"

struct row
{
	const char *value;
	bool plain;
};

static void check(enum wims_vital which, const struct row *rows, size_t n)
{
	size_t i;

	for(i = 0; i < n; i++)
		if(wims_vital_is_plain(which, wims_pl_str(rows[i].value)) != rows[i].plain)
			fail_msg("%s", rows[i].value);
}

#define CHECK(which, rows) check(which, rows, sizeof(rows) / sizeof((rows)[0]))

static void test_addresses(void **state)
{
	static const struct row rows[] = {
			{"<sip:a@b>", true},
			{"sip:a@b;tag=1", true},
			{"<tel:+1;phone-context=x>;tag=1", true},
			{"\"<sip:boss@b>, \\\" x\" <sip:a@b>;x=\"<sip:c@d>\";tag=1", true},
			{"A B. <sip:a@b>", true},
			{"A<sip:a@b>", true},
			{"J\xc3\xb6rg <sip:a@b>", true},
			{"<sip:a@b> ;\r\n tag = 1", true},
			{"<sip:a,b@c>", true},
			{"", false},
			{"sip:boss@b <sip:a@b>", false},
			{"a:b <sip:a@b>", false},
			{"a, b <sip:a@b>", false},
			{"\"a\" \"b\" <sip:a@b>", false},
			{"\"a\"b <sip:a@b>", false},
			{"\"a <sip:a@b>", false},
			{"<sip:a@b>, <sip:c@d>", false},
			{"sip:a@b, sip:c@d", false},
			{"sip:a@b,sip:c@d", false},
			{"sip:a@b?To=c", false},
			{"<sip:a@b><sip:c@d>", false},
			{"<sip:a@b>x;tag=1", false},
			{"<sip:a@b>;", false},
			{"<sip:a@b>;tag=1;Tag=2", false},
			{"<sip:a@b>;x=[::1]:5;y;tag=a=/b@c:d", true},
			{"<sip:a@b>;tag=1<sip:c@d>", false},
			{"<sip:a@b>;tag=\"1\"x", false},
			{"<sip:a@b>;tag=1 2", false},
			{"<sip:a@b>;tag=1\\", false},
			{"< sip:a@b >", false},
			{"<sip:a@b\t>", false},
			{"<sip:a@b", false},
			{"sip:a@b>", false},
			{"<<sip:a@b>>", false},
			{"<>", false},
			{"<sip:\xc3\xb6@b>", false},
	};

	(void)state;
	CHECK(WIMS_VITAL_FROM, rows);
	CHECK(WIMS_VITAL_TO, rows);
}

static void test_call_id_and_cseq(void **state)
{
	static const struct row ids[] = {
			{"a@b", true},  {" \"<a>\" ", true}, {"abc==@1.2.3.4", true}, {"", false},
			{"a b", false}, {"a\tb", false},     {"a,b", false},          {"caf\xc3\xa9", false},
	};
	static const struct row cseqs[] = {
			{"1 A", true},    {"0009\r\n  INVITE", true},
			{"+1 A", false},  {"-1 A", false},
			{"1", false},     {"A", false},
			{"1A", false},    {"1 A B", false},
			{"1 A,", false},  {"", false},
			{"0x1 A", false}, {"1 \xc3\xa9", false},
	};

	(void)state;
	CHECK(WIMS_VITAL_CALL_ID, ids);
	CHECK(WIMS_VITAL_CSEQ, cseqs);
}

static void test_methods(void **state)
{
	static const char *const plain[] = {"REGISTER", "ACK", "FOO", "Foo", "MESSAGES", "x"};
	static const char *const odd[] = {"register", "Invite", "aCK", "SUBSCRIBe", "Prack"};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		assert_true(wims_method_is_plain(wims_pl_str(plain[i])));
	for(i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		assert_false(wims_method_is_plain(wims_pl_str(odd[i])));
}

/* ---- answers ---- */

static const struct wims_vitals request = {
		.from = WIMS_PL("\"A\" <sip:a@b>;tag=f"),
		.to = WIMS_PL("<sip:c@d>"),
		.call_id = WIMS_PL("i@j"),
		.cseq = WIMS_PL("1 INVITE"),
};

static void test_answer(void **state)
{
	struct wims_vitals answer = request;
	const struct wims_vitals inside = {request.from, WIMS_PL("<sip:c@d>;tag=t"), request.call_id,
									   request.cseq, true};

	(void)state;
	assert_true(wims_vitals_answer(&answer, &request, 100));
	assert_false(wims_vitals_answer(&answer, &request, 200));
	answer = inside;
	assert_true(wims_vitals_answer(&answer, &request, 180));
	assert_true(wims_vitals_answer(&answer, &inside, 200));
	answer.from = WIMS_PL("\"A\"<SIP:a@b>;\r\n tag=f");
	answer.cseq = WIMS_PL("1  INVITE");
	assert_true(wims_vitals_answer(&answer, &request, 200));
}

static void test_answer_of_another_kind(void **state)
{
	static const struct wims_pl to[] = {
			WIMS_PL("<sip:boss@d>;tag=t"), WIMS_PL("<sip:c@d>;x=1;tag=t"),
			WIMS_PL("<sip:c@d>;tag=t;x"),  WIMS_PL("<sip:c@d>;tag="),
			WIMS_PL("<sip:c@d"),           WIMS_PL(""),
	};
	struct wims_vitals good = request, answer;
	size_t i;

	(void)state;
	good.to = WIMS_PL("<sip:c@d>;tag=t");
	good.has_tag = true;
	assert_true(wims_vitals_answer(&good, &request, 200));
	for(i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		answer = good;
		answer.to = to[i];
		assert_false(wims_vitals_answer(&answer, &request, 200));
	}
	answer = good;
	answer.from = WIMS_PL("\"A\" <sip:a@b>;tag=g");
	assert_false(wims_vitals_answer(&answer, &request, 200));
	answer = good;
	answer.call_id = WIMS_PL("i@jk");
	assert_false(wims_vitals_answer(&answer, &request, 200));
	answer = good;
	answer.cseq = WIMS_PL("2 INVITE");
	assert_false(wims_vitals_answer(&answer, &request, 200));
	answer = good;
	answer.to = WIMS_PL("<sip:c@d>;tag=u");
	assert_false(wims_vitals_answer(&answer, &good, 200));
}

static void test_via(void **state)
{
	static const char *const as_sent = "SIP/2.0/UDP h:5060;rport;branch=z9hG4bKa;x";
	static const struct row rows[] = {
			{"SIP/2.0/UDP h:5060;rport;branch=z9hG4bKa;x", true},
			{"sip / 2.0 / udp  H:5060;Received=192.0.2.1;branch = z9hG4bKa;\r\n x;rport=5", true},
			{"SIP/2.0/TCP h:5060;branch=z9hG4bKa;x", false},
			{"SIP/2.0/UDP h:5061;branch=z9hG4bKa;x", false},
			{"SIP/2.0/UDP h;branch=z9hG4bKa;x", false},
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKb;x", false},
			{"SIP/2.0/UDP h:5060;branch=z8;branch=z9hG4bKa;x", false},
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKa;x;maddr=e", false},
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKa", false},
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKa;x;", false},
			{"SIP/2.0/UDP h:5060", false},
			{"", false},
	};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if(wims_via_same(wims_pl_str(rows[i].value), wims_pl_str(as_sent), true) != rows[i].plain)
			fail_msg("%s", rows[i].value);
	assert_true(wims_via_same(WIMS_PL_NONE, WIMS_PL_NONE, true));
}

/* What proxies on the way wrote there leads the answer. */
static void test_via_behind(void **state)
{
	static const char *const as_sent =
			"SIP/2.0/UDP h:5060;branch=z9hG4bKa;rport=7;received=192.0.2.1";
	static const struct row rows[] = {
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKa;rport=7;received=192.0.2.1", true},
			{"sip / 2.0 / udp  H:5060;branch = z9hG4bKa;\r\n Rport=7; RECEIVED=192.0.2.1", true},
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKa;rport=7;received=192.0.2.9", false},
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKa;rport=8;received=192.0.2.1", false},
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKa;rport;received=192.0.2.1", false},
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKa;rport=7", false},
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKa;received=192.0.2.1", false},
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKa", false},
			{"SIP/2.0/UDP h:5060;received=192.0.2.9;branch=z9hG4bKa;rport=7;received=192.0.2.1",
			 false},
			{"SIP/2.0/UDP h:5060;branch=z9hG4bKa;rport=7;received=192.0.2.1;rport=8", false},
	};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if(wims_via_same(wims_pl_str(rows[i].value), wims_pl_str(as_sent), false) != rows[i].plain)
			fail_msg("%s", rows[i].value);
	/* added or forged: nothing that the sender wrote */
	assert_false(wims_via_same(WIMS_PL("SIP/2.0/UDP h;received=192.0.2.9"),
							   WIMS_PL("SIP/2.0/UDP h"), false));
	assert_false(wims_via_same(WIMS_PL("SIP/2.0/UDP h;rport=5"), WIMS_PL("SIP/2.0/UDP h"), false));
	assert_true(wims_via_same(WIMS_PL_NONE, WIMS_PL_NONE, false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_addresses),
			cmocka_unit_test(test_call_id_and_cseq),
			cmocka_unit_test(test_methods),
			cmocka_unit_test(test_via),
			cmocka_unit_test(test_via_behind),
			cmocka_unit_test(test_answer),
			cmocka_unit_test(test_answer_of_another_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
