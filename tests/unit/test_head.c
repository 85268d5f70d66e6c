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

#include "sip/wims_head.h"
#include "sweep.h"

#define START "REGISTER sip:ims.test SIP/2.0\r\n"
#define GOOD                                                        \
	START "Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\r\n"          \
		  "Max-Forwards: 69\r\n"                                    \
		  "To: <sip:alice@ims.test>\r\n"                            \
		  "From: \"A\tb\" <sip:alice@ims.test>;tag=1\r\n"           \
		  "Call-ID: c1\r\n"                                         \
		  "CSeq: 1 REGISTER\r\n"                                    \
		  "Authorization: Bearer x.y.z\r\n"                         \
		  "Contact: <sip:u@x.invalid;transport=ws>;expires=600\r\n" \
		  "Contact: <sip:v@x.invalid;transport=ws>\r\n"             \
		  "Subject: a folded\r\n value\r\n\tin three\r\n"           \
		  "User-Agent: caf\xc3\xa9\r\n"                             \
		  "Content-Length: 0\r\n\r\n"

struct head_case
{
	struct wims_pl head;
	enum wims_reason expect;
};

/* clang-format off */
#define H(lines) WIMS_PL(START lines "\r\n")
static const struct head_case cases[] = {
	{WIMS_PL(GOOD), WIMS_OK},
	{WIMS_PL(GOOD "v=0\nbody \x01 is not read\r\nTo: x\r\n"), WIMS_OK},
	{WIMS_PL(START "To: x\r\n"), WIMS_OK}, /* up to the blank line */
	{WIMS_PL("SIP/2.0 200 OK\r\nTo: x\r\n\r\n"), WIMS_OK},
	{WIMS_PL("SIP/2.0 180 R\xc3\xa9 a\r\n\r\n"), WIMS_OK},
	{H("X-Empty:\r\n"), WIMS_OK},
	{H("x!%*_+`'~.-9: v\r\n"), WIMS_OK},
	/* start line */
	{WIMS_PL(""), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("\r\n" GOOD), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("REGISTER sip:ims.test SIP/3.0\r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("REGISTER  sip:ims.test SIP/2.0\r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("REGISTER sip:ims.test SIP/2.0 \r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("REGISTER sip:ims.test\tSIP/2.0\r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("REGISTER sip:\xe9@ims.test SIP/2.0\r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("REG(ISTER sip:ims.test SIP/2.0\r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("GET / HTTP/1.1\r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("SIP/2.0 099 OK\r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("SIP/2.0 2000 OK\r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("SIP/2.0 2x0 OK\r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL(START " folded: start\r\n\r\n"), WIMS_HEADER_NAME},
	{WIMS_PL("register sip:ims.test SIP/2.0\r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("Message sip:ims.test SIP/2.0\r\n\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("Foo sip:ims.test SIP/2.0\r\n\r\n"), WIMS_OK},
	/* what it is known by: of requests only */
	{H("From: sip:boss@ims.test <sip:a@ims.test>\r\n"), WIMS_REQUEST_MALFORMED},
	{H("t: <sip:a@ims.test>;tag=1;TAG=2\r\n"), WIMS_REQUEST_MALFORMED},
	{H("i: a b\r\n"), WIMS_REQUEST_MALFORMED},
	{H("CSeq: +1 A\r\n"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL("SIP/2.0 200 OK\r\nFrom: a:b <sip:a@b>\r\nCSeq: +1 A\r\n\r\n"), WIMS_OK},
	/* line ends and control bytes */
	{WIMS_PL(START "To: x"), WIMS_REQUEST_MALFORMED},
	{WIMS_PL(START "To: x\r"), WIMS_REQUEST_MALFORMED},
	{H("To: x\nP-Asserted-Identity: y\r\n"), WIMS_HEAD_CONTROL_BYTE},
	{H("To: x\rP-Asserted-Identity: y\r\n"), WIMS_HEAD_CONTROL_BYTE},
	{H("To: x\r\r\n"), WIMS_HEAD_CONTROL_BYTE},
	{H("To: x\0y\r\n"), WIMS_HEAD_CONTROL_BYTE},
	{H("To: x\x0by\r\n"), WIMS_HEAD_CONTROL_BYTE},
	{H("To: x\x1fy\r\n"), WIMS_HEAD_CONTROL_BYTE},
	{H("To: x\x7fy\r\n"), WIMS_HEAD_CONTROL_BYTE},
	{H("To: x\r\n \x01\r\n"), WIMS_HEAD_CONTROL_BYTE},
	{H("P-Asserted-Identity\x0b: y\r\n"), WIMS_HEAD_CONTROL_BYTE},
	{H("P-Asserted-Identity\0: y\r\n"), WIMS_HEAD_CONTROL_BYTE},
	{WIMS_PL("REGISTER sip:ims.test SIP/2.0\n\n"), WIMS_HEAD_CONTROL_BYTE},
	{H("To: x\r\n \t\r\nP-Asserted-Identity: y\r\n"), WIMS_REQUEST_MALFORMED},
	/* names */
	{H("P-Asserted-Identity : y\r\n"), WIMS_HEADER_NAME},
	{H("P-Asserted-Identity\t: y\r\n"), WIMS_HEADER_NAME},
	{H("P-Asserted-Identity\xa0: y\r\n"), WIMS_HEADER_NAME},
	{H("P-Asserted-Identity\r\n : y\r\n"), WIMS_HEADER_NAME},
	{H("P-Asserted\r\n -Identity: y\r\n"), WIMS_HEADER_NAME},
	{H("P-Asserted Identity: y\r\n"), WIMS_HEADER_NAME},
	{H(": y\r\n"), WIMS_HEADER_NAME},
	{H("no colon\r\n"), WIMS_HEADER_NAME},
	{H("caf\xc3\xa9: y\r\n"), WIMS_HEADER_NAME},
	/* one only */
	{H("To: x\r\nTo: y\r\n"), WIMS_HEADER_DUPLICATE},
	{H("To: x\r\nT: y\r\n"), WIMS_HEADER_DUPLICATE},
	{H("t: x\r\ntO: y\r\n"), WIMS_HEADER_DUPLICATE},
	{H("From: x\r\nf: y\r\n"), WIMS_HEADER_DUPLICATE},
	{H("Call-ID: x\r\ni: y\r\n"), WIMS_HEADER_DUPLICATE},
	{H("l: 0\r\nContent-Length: 0\r\n"), WIMS_HEADER_DUPLICATE},
	{H("c: a\r\nContent-Type: a\r\n"), WIMS_HEADER_DUPLICATE},
	{H("o: a\r\nEvent: a\r\n"), WIMS_HEADER_DUPLICATE},
	{H("s: a\r\nSubject: a\r\n"), WIMS_HEADER_DUPLICATE},
	{H("r: a\r\nRefer-To: a\r\n"), WIMS_HEADER_DUPLICATE},
	{H("b: a\r\nReferred-By: a\r\n"), WIMS_HEADER_DUPLICATE},
	{H("x: a\r\nSession-Expires: a\r\n"), WIMS_HEADER_DUPLICATE},
	{H("CSeq: 1 A\r\ncseq: 2 A\r\n"), WIMS_HEADER_DUPLICATE},
	{H("Max-Forwards: 1\r\nMAX-FORWARDS: 2\r\n"), WIMS_HEADER_DUPLICATE},
	{H("Expires: 1\r\nExpires: 1\r\n"), WIMS_HEADER_DUPLICATE},
	{H("Authorization: a\r\nauthorization: b\r\n"), WIMS_HEADER_DUPLICATE},
	{H("Proxy-Authorization: a\r\nProxy-Authorization: b\r\n"), WIMS_HEADER_DUPLICATE},
	{H("Date: a\r\nDate: b\r\n"), WIMS_HEADER_DUPLICATE},
	{H("Authorization: a\r\nProxy-Authorization: b\r\n"), WIMS_OK},
	{H("P-Preferred-Identity: a\r\nP-Preferred-Identity: b\r\n"), WIMS_OK},
	{H("Route: a\r\nRoute: b\r\nVia: a\r\nv: b\r\n"), WIMS_OK},
};
/* clang-format on */

static void test_cases(void **state)
{
	bool fits;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum wims_reason r = wims_head_check(cases[i].head, &fits);

		if(r != cases[i].expect)
			fail_msg("row %zu: %s instead of %s\n%.*s", i, wims_reason_text(r),
					 wims_reason_text(cases[i].expect), (int)cases[i].head.l, cases[i].head.p);
	}
}

/* A head of exactly n bytes, blank line included, and body bytes behind it. */
static enum wims_reason check_of_size(size_t n, size_t body)
{
	static const char tail[] = "\r\n\r\n";
	char *b = malloc(n + body);
	enum wims_reason r;
	bool fits;

	assert_non_null(b);
	memset(b, 'a', n + body);
	memcpy(b, START "X: ", sizeof(START "X: ") - 1);
	memcpy(b + n - 4, tail, 4);
	r = wims_head_check((struct wims_pl){b, n + body}, &fits);
	free(b);
	return r;
}

static void test_size(void **state)
{
	(void)state;
	assert_int_equal(check_of_size(WIMS_HEAD_MAX, 0), WIMS_OK);
	assert_int_equal(check_of_size(WIMS_HEAD_MAX, 100000), WIMS_OK);
	assert_int_equal(check_of_size(WIMS_HEAD_MAX + 1, 0), WIMS_HEAD_TOO_LONG);
	assert_int_equal(check_of_size(WIMS_HEAD_MAX + 2, 0), WIMS_HEAD_TOO_LONG);
	assert_int_equal(check_of_size(WIMS_HEAD_MAX + 3, 100), WIMS_HEAD_TOO_LONG);
	assert_int_equal(check_of_size(WIMS_HEAD_MAX * 4, 0), WIMS_HEAD_TOO_LONG);
}

static bool body_fits(const char *message)
{
	bool fits;

	assert_int_equal(wims_head_check(wims_pl_str(message), &fits), WIMS_OK);
	return fits;
}

static void test_body(void **state)
{
	bool fits = true;

	(void)state;
	assert_true(body_fits(GOOD));
	assert_true(body_fits(START "To: a\r\n\r\nof any length"));
	assert_true(body_fits(START "Content-Length: 3\r\nTo: a\r\n\r\nv=0"));
	assert_true(body_fits(START "L:  3\r\n\r\nv=0"));
	assert_false(body_fits(START "Content-Length: 3\r\n\r\nv="));
	assert_false(body_fits(START "Content-Length: 3\r\n\r\nv=0\r"));
	assert_false(body_fits(START "l: 0\r\n\r\nREGISTER sip:ims.test SIP/2.0\r\n\r\n"));
	assert_false(body_fits(START "Content-Length:\r\n\r\n"));
	assert_false(body_fits(START "Content-Length: -1\r\n\r\n"));
	assert_false(body_fits(START "Content-Length: 3, 3\r\n\r\nv=0"));
	assert_false(body_fits(START "Content-Length: 18446744073709551615\r\n\r\nv=0"));
	assert_false(body_fits(START "Content-Length: 0\r\n"));
	assert_true(body_fits(START "To: a\r\n"));
	/* what is refused has no body */
	assert_int_equal(wims_head_check(WIMS_PL(START "Bad : b\r\n\r\n"), &fits), WIMS_HEADER_NAME);
	assert_false(fits);
}

#define SHORT "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJhIn0.AAECAwQFBgcICQ_-Cw0ODxAREh"
#define LONG SHORT "M"

static void expect_masked(const char *text, const char *want)
{
	struct wims_pl all = wims_pl_str(text);
	size_t at = 0, len = 0;
	char buf[256];

	assert_true(all.l < sizeof(buf));
	memcpy(buf, text, all.l);
	while(wims_next_secret(all, &at, &len)) {
		assert_true(len > 0 && at + len <= all.l);
		memset(buf + at, 'x', len);
	}
	assert_memory_equal(buf, want, all.l);
}

static void test_mask(void **state)
{
	char mask[WIMS_JWS_SHAPE_MIN + 1], text[256];

	(void)state;
	assert_int_equal(strlen(LONG), WIMS_JWS_SHAPE_MIN);
	memset(mask, 'x', WIMS_JWS_SHAPE_MIN);
	mask[WIMS_JWS_SHAPE_MIN] = '\0';
	expect_masked("", "");
	expect_masked(SHORT, SHORT);
	expect_masked(LONG, mask);
	expect_masked("Call-ID: a.b.c\r\n", "Call-ID: a.b.c\r\n");
	snprintf(text, sizeof(text), "A:\"%s\", %s\r\nB: %s", mask, mask, mask);
	expect_masked("A:\"" LONG "\", " LONG "\r\nB: " LONG, text);
	memset(text, '-', 70);
	text[70] = '.'; /* one dot alone is no token */
	text[71] = '\0';
	expect_masked(text, text);
}

static void expect_as_it_is(const char *text)
{
	expect_masked(text, text);
}

#define AUTH "Authorization: "

/* A reference token is known by nothing but what stands in front of it. */
static void test_mask_behind_bearer(void **state)
{
	(void)state;
	expect_masked(AUTH "Bearer o+q/u~e==\r\nB: c\r\n", AUTH "Bearer xxxxxxxxx\r\nB: c\r\n");
	expect_masked("proxy-" AUTH "bEARER\t access_token=\"o\" , a=b\r\n\r\n",
				  "proxy-" AUTH "bEARER\t xxxxxxxxxxxxxxxxxxxxxx\r\n\r\n");
	expect_masked(AUTH "Bearer\r\n opaque\r\nB: c", AUTH "Bearer\r\n xxxxxx\r\nB: c");
	expect_masked("authorization \t:\r\n Bearer access_token=\r\n\t\"op\"\r\n  ,a=b\r\nB: c",
				  "authorization \t:\r\n Bearer xxxxxxxxxxxxx\r\n\txxxx\r\n  xxxx\r\nB: c");
	expect_masked(AUTH "Bearer " SHORT "\n",
				  AUTH "Bearer xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n");
	expect_as_it_is(AUTH "Bearer \r\nB: c");
	expect_as_it_is(AUTH "Bearer");
	expect_as_it_is(AUTH "Bearer\r\n");
	expect_as_it_is(AUTH "Bearer:o");
	expect_as_it_is(AUTH "x-Bearer o");
	expect_as_it_is(AUTH "Digest Bearer o");
	/* a name, not a scheme */
	expect_as_it_is("To: Bearer Bob <sip:bob@ims.test>\r\n");
	expect_as_it_is("To: \"Bearer Bob\" <sip:bob@ims.test>\r\n");
	expect_as_it_is("orization: Bearer o\r\n");
	expect_as_it_is(": Bearer o\r\n");
	expect_as_it_is("Bearer o\r\n");
}

/* What stands at the beginning of a line is a name and a colon, or folded. */
static bool named(struct wims_pl line)
{
	size_t colon = wims_pl_find(line, ':');

	return line.l == 0 || line.p[0] == ' ' || line.p[0] == '\t'
		   || (colon > 0 && colon < line.l && wims_pl_find(line, ' ') > colon
			   && wims_pl_find(line, '\t') > colon);
}

static bool has_control_byte(struct wims_pl line)
{
	size_t i;

	for(i = 0; i < line.l; i++)
		if(((unsigned char)line.p[i] < 0x20 && line.p[i] != '\t') || line.p[i] == 0x7f)
			return true;
	return false;
}

/* Forward, within the text, and to an end. */
static void masked_within(struct wims_pl input)
{
	size_t at = 0, len = 0, end = 0;

	while(wims_next_secret(input, &at, &len)) {
		assert_true(len > 0 && at >= end && at + len <= input.l);
		end = at + len;
	}
}

/* A head that passes has no byte in it that two parsers take differently. */
static void one_mutant(void *ctx, struct wims_pl input)
{
	size_t *passed = ctx, n;
	struct wims_pl line;
	bool first = true, fits;

	masked_within(input);
	if(wims_head_check(input, &fits) != WIMS_OK) {
		assert_false(fits);
		return;
	}
	(*passed)++;
	do {
		n = wims_pl_find(input, '\r');
		line = (struct wims_pl){input.p, n};
		assert_true(n + 1 < input.l && input.p[n + 1] == '\n');
		assert_false(has_control_byte(line));
		assert_true(first || named(line));
		first = false;
		input = wims_pl_from(input, n + 2);
	} while(line.l > 0 && input.l > 0);
}

static void test_mutants(void **state)
{
	size_t passed = 0;
	size_t all = sweep(WIMS_PL(GOOD), one_mutant, &passed);

	(void)state;
	assert_true(passed > 0 && passed < all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_cases),
			cmocka_unit_test(test_size),
			cmocka_unit_test(test_body),
			cmocka_unit_test(test_mask),
			cmocka_unit_test(test_mask_behind_bearer),
			cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
