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

#include "range/wims_ranges.h"
#include "scarce.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What a text is read as, or where it is refused. */
struct row
{
	const char *text;
	const char *scheme, *prefix, *suffix, *host; /* prefix NULL: refused */
	const char *between;                         /* for the engine, or first..last */
	size_t at;
};

/* clang-format off */
static const struct row rows[] = {
	/* TS 23.003 13.5 */
	{"sip:chatlist!.*!@example.com", "sip:", "chatlist", "", "example.com", ".*", 0},
	{"<sip:chat-!.*!@example.com>", "sip:", "chat-", "", "example.com", ".*", 0},
	{"<tel:+1555!.*!>", "tel:", "+1555", "", "", ".*", 0},
	{"<sip:a!b)!@h.test>", NULL, NULL, NULL, NULL, NULL, 8},
	{"<sip:chat-!.*!@example.com>;tag=1", NULL, NULL, NULL, NULL, NULL, 0},
	{"SIP:Chat!.*!@EXAMPLE.com.:5060;lr", "sip:", "Chat", "", "example.com", ".*", 0},
	{"sips:a!.!b@h.test:5060", "sips:", "a", "b", "h.test:5060", ".", 0},
	{"sip:a!b!c!.!d@h.test", "sip:", "ab!c!", "d", "h.test", ".", 0},
	{"sip:a%21.%21d@h.test", "sip:", "a", "d", "h.test", ".", 0},
	{"sip:%61!.!%62%40@h.test", "sip:", "a", "b%40", "h.test", ".", 0},
	{"sip:a!%5B0-9%5D%7b3%7D!@h.test", "sip:", "a", "", "h.test", "[0-9]{3,3}", 0},
	{"sip:a!%2e%2A!@h.test", "sip:", "a", "", "h.test", ".*", 0},
	{"sip:a!(%40)*x!@h.test", "sip:", "a", "x", "h.test", "(?:\\%40)*", 0},
	{"sip:a!%40+!@h.test", "sip:", "a", "", "h.test", "(?:\\%40)+", 0},
	/* literal ends of the expression are literal parts */
	{"sip:!web-[0-9]+-x!@h.test", "sip:", "web-", "-x", "h.test", "[0-9]+", 0},
	{"sip:!(a)(b(c))!@h.test", "sip:", "abc", "", "h.test", "", 0},
	{"sip:x!ab*!@h.test", "sip:", "xa", "", "h.test", "b*", 0},
	{"sip:x!ab|ac!@h.test", "sip:", "x", "", "h.test", "(?:ab|ac)", 0},
	{"sip:x![a][[:digit:]]{2,}[.]!@h.test", "sip:", "xa", ".", "h.test", "[0-9]{2,}", 0},
	/* numbers */
	{"tel:+1-555!.*!", "tel:", "+1555", "", "", ".*", 0},
	{"tel:+1555![0-9]{2}!(00)", "tel:", "+1555", "00", "", "[0-9]{2,2}", 0},
	{"sip:+1-555!.*!-0@h.test;user=phone", "sip:", "+1555", "0", "h.test", ".*", 0},
	{"sip:+1-555!.*!-0@h.test", "sip:", "+1-555", "-0", "h.test", ".*", 0},
	{"tel:!.*!", NULL, NULL, NULL, NULL, NULL, 0},
	{"tel:+1!.*!x", NULL, NULL, NULL, NULL, NULL, 0},
	/* blocks */
	{"+15550000..+15559999", "tel:", "+1555", "", "", "0000..9999", 0},
	{"tel:+1-555-0000..+15559999", "tel:", "+1555", "", "", "0000..9999", 0},
	{"sip:web099..web100@h.test", "sip:", "web", "", "h.test", "099..100", 0},
	{"sip:w1x..w9x@h.test", "sip:", "w", "x", "h.test", "1..9", 0},
	{"sip:web9..web10@h.test", NULL, NULL, NULL, NULL, NULL, 0},
	{"sip:web2..web1@h.test", NULL, NULL, NULL, NULL, NULL, 0},
	{"sip:web1..web1@h.test", NULL, NULL, NULL, NULL, NULL, 0},
	{"sip:wea..web@h.test", NULL, NULL, NULL, NULL, NULL, 0},
	{"sip:w1x1..w2x2@h.test", NULL, NULL, NULL, NULL, NULL, 0},
	{"+1555..", NULL, NULL, NULL, NULL, NULL, 0},
	{"..", NULL, NULL, NULL, NULL, NULL, 0},
	/* distinct identities */
	{"sip:%61lice@H.test;lr", "sip:", "alice", "", "h.test", NULL, 0},
	{"tel:+1-555", "tel:", "+1555", "", "", NULL, 0},
	{"", NULL, NULL, NULL, NULL, NULL, 0},
	{"alice", NULL, NULL, NULL, NULL, NULL, 0},
	/* no range */
	{"sip:a!.*@h.test", NULL, NULL, NULL, NULL, NULL, 5},
	{"sip:a!.*!", NULL, NULL, NULL, NULL, NULL, 0},
	{"sip:a!.*!@", NULL, NULL, NULL, NULL, NULL, 0},
	{"sip:a%4!.*!@h.test", NULL, NULL, NULL, NULL, NULL, 0},
	{"sip:a b!.*!@h.test", NULL, NULL, NULL, NULL, NULL, 0},
	{"mailto:a!.*!@h.test", NULL, NULL, NULL, NULL, NULL, 0},
	{"sip:a!.*!:x@h.test", NULL, NULL, NULL, NULL, NULL, 0},
	{"sip:a!!@h.test", NULL, NULL, NULL, NULL, NULL, 6},
	/* expressions: where the fault is */
	{"sip:a!^b!@h.test", NULL, NULL, NULL, NULL, NULL, 6},
	{"sip:a!b$!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a!b|!@h.test", NULL, NULL, NULL, NULL, NULL, 8},
	{"sip:a!()!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a!(b!@h.test", NULL, NULL, NULL, NULL, NULL, 6},
	{"sip:a!b)!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a!*b!@h.test", NULL, NULL, NULL, NULL, NULL, 6},
	{"sip:a!b**!@h.test", NULL, NULL, NULL, NULL, NULL, 8},
	{"sip:a!b*?!@h.test", NULL, NULL, NULL, NULL, NULL, 8},
	{"sip:a!b{2}{3}!@h.test", NULL, NULL, NULL, NULL, NULL, 10},
	{"sip:a!b{3,2}!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a!b{256}!@h.test", NULL, NULL, NULL, NULL, NULL, 8},
	{"sip:a!b{,2}!@h.test", NULL, NULL, NULL, NULL, NULL, 8},
	{"sip:a!b{2!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a!b}!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a!b]!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a!(b)\\1!@h.test", NULL, NULL, NULL, NULL, NULL, 9},
	{"sip:a!\\d!@h.test", NULL, NULL, NULL, NULL, NULL, 6},
	{"sip:a!(?i)b!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a!(*UTF)b!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a![b!@h.test", NULL, NULL, NULL, NULL, NULL, 8},
	{"sip:a![z-a]!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a![a-c-e]!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a![[:foo:]]!@h.test", NULL, NULL, NULL, NULL, NULL, 9},
	{"sip:a![[:digit]]!@h.test", NULL, NULL, NULL, NULL, NULL, 9},
	{"sip:a![[.a.]]!@h.test", NULL, NULL, NULL, NULL, NULL, 8},
	{"sip:a![[=a=]]!@h.test", NULL, NULL, NULL, NULL, NULL, 8},
	{"sip:a![^!-~]!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a![%41-%43]!@h.test", "sip:", "a", "", "h.test", "[A-C]", 0},
	{"sip:a![a%3B]!@h.test", NULL, NULL, NULL, NULL, NULL, 8},
	{"sip:a!b%!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a!b%00!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a!b c!@h.test", NULL, NULL, NULL, NULL, NULL, 7},
	{"sip:a!caf\xc3\xa9!@h.test", NULL, NULL, NULL, NULL, NULL, 9},
	{"sip:a!(((.{10}){10}){10})!@h.test", "sip:", "a", "", "h.test", "(?:(?:.{10,10}){10,10}){10,10}", 0},
	{"sip:a!(((.{10}){10}){11})!@h.test", NULL, NULL, NULL, NULL, NULL, 6},
};
/* clang-format on */

static void same(const struct row *row, struct wims_pl got, const char *want)
{
	if(!wims_pl_eq(got, wims_pl_str(want)))
		fail_msg("%s: \"%.*s\", want \"%s\"", row->text, (int)got.l, got.p, want);
}

static void check_read(const struct row *row, const struct wims_range *r)
{
	char buf[WIMS_ERE_ENGINE_MAX];
	struct wims_w w;

	same(row, r->scheme, row->scheme);
	same(row, r->prefix, row->prefix);
	same(row, r->suffix, row->suffix);
	same(row, r->host, row->host);
	assert_int_equal(r->kind == WIMS_RANGE_DISTINCT, row->between == NULL);
	wims_w_init(&w, buf, sizeof(buf));
	if(r->kind == WIMS_RANGE_EXPRESSION)
		wims_ere_write(&r->ere, &w);
	if(r->kind == WIMS_RANGE_BLOCK)
		wims_w_pl(&w, r->first), wims_w_lit(&w, ".."), wims_w_pl(&w, r->last);
	same(row, wims_w_done(&w), row->between);
}

static void reading(void **state)
{
	struct wims_range_fault fault;
	struct wims_range r;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		bool ok = wims_range_read(&r, wims_pl_str(rows[i].text), &fault);

		if(ok != (rows[i].prefix != NULL))
			fail_msg("%s: %s", rows[i].text, ok ? "read" : fault.why);
		if(ok)
			check_read(&rows[i], &r);
		else if(fault.why == NULL || fault.at != rows[i].at)
			fail_msg("%s: byte %zu: %s", rows[i].text, fault.at, fault.why);
	}
}

/* head, n times fill, tail */
static bool reads(const char *head, const char *fill, size_t n, const char *tail)
{
	static char text[4096];
	struct wims_range_fault fault;
	struct wims_range r;
	size_t l = strlen(head), i;

	memcpy(text, head, l);
	for(i = 0; i < n; i++, l += strlen(fill))
		memcpy(text + l, fill, strlen(fill));
	memcpy(text + l, tail, strlen(tail));
	return wims_range_read(&r, (struct wims_pl){text, l + strlen(tail)}, &fault);
}

static void maxima(void **state)
{
	(void)state;
	assert_true(reads("sip:a!.*", "[b]", 170, "!@h.test"));
	assert_false(reads("sip:a!.*", "[b]", 171, "!@h.test"));
	assert_true(reads("sip:a!", "(b", 16, "))))))))))))))))!@h.test"));
	assert_false(reads("sip:a!", "(b", 17, ")))))))))))))))))!@h.test"));
	/* the literal parts make an identity of 255 bytes at most */
	assert_true(reads("sip:", "a", 243, "!.*!@h.test"));
	assert_false(reads("sip:", "a", 244, "!.*!@h.test"));
	assert_true(reads("sip:", "a", 200,
					  "!.*!@h.test;x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
	assert_false(reads("sip:a!.*!@h.test;x=", "a", 800, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(reading),
			cmocka_unit_test(maxima),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
