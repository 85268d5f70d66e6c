/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/load/sip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char answer[] = "SIP/2.0 200 OK\r\n"
							 "Via: SIP/2.0/WSS a.invalid;branch=z9hG4bKone;rport=5060, SIP/2.0/UDP "
							 "b;branch=z9hG4bKtwo\r\n"
							 "v: SIP/2.0/UDP c;branch=z9hG4bKthree\r\n"
							 "From: \"A, <b> \\\" ;tag=no\" <sip:a@x;tag=no>;tag=from\r\n"
							 "t: <sip:a@x> ; tag = to\r\n"
							 "Call-ID: one@x\r\n"
							 "CSeq: 7 REGISTER\r\n"
							 "Contact: <sip:z@h.invalid;transport=ws>;expires=30, "
							 "<sip:a@h.invalid;transport=ws;ob>;q=1\r\n"
							 " ;expires=600\r\n"
							 "Service-Route: <sip:orig@s;lr>\r\n"
							 "Service-Route: <sip:two@s;lr>\r\n"
							 "Record-Route: <sip:r1;lr>,<sip:r2;lr>\r\n"
							 "Path: <sip:p;lr>\r\n"
							 "P-Asserted-Identity: \"x, y\" <sip:id@x>, <tel:1>\r\n"
							 "P-Asserted-Identity: <sip:two@x>\r\n"
							 "Expires: 900\r\n"
							 "Retry-After: 5 (later)\r\n"
							 "Content-Length: 4\r\n"
							 "\r\n"
							 "bodyrest";

static void assert_str(struct wl_str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static bool parses(const char *text, struct wl_sip *m)
{
	return wl_sip_parse(text, strlen(text), m);
}

static void an_answer(void **state)
{
	struct wl_sip m;

	(void)state;
	assert_true(parses(answer, &m));
	assert_int_equal(m.status, 200);
	assert_str(m.method, "REGISTER");
	assert_int_equal(m.cseq, 7);
	assert_str(m.branch, "z9hG4bKone");
	assert_int_equal(m.vias.n, 3);
	assert_str(m.vias.at[1], "SIP/2.0/UDP b;branch=z9hG4bKtwo");
	assert_str(m.from_tag, "from");
	assert_str(m.to_tag, "to");
	assert_str(m.call_id, "one@x");
	assert_int_equal(m.contacts.n, 2);
	assert_int_equal(m.service_routes.n, 2);
	assert_str(m.service_routes.at[1], "<sip:two@s;lr>");
	assert_str(wl_sip_uri(m.record_routes.at[1]), "sip:r2;lr");
	assert_str(m.paths.at[0], "<sip:p;lr>");
	assert_str(m.asserted, "\"x, y\" <sip:id@x>");
	assert_int_equal(m.expires, 900);
	assert_int_equal(m.retry_after, 5);
	assert_str(m.body, "body");
}

static void what_was_granted(void **state)
{
	struct wl_sip m;

	(void)state;
	assert_true(parses(answer, &m));
	assert_int_equal(wl_sip_granted(&m, WL_STR("sip:a@h.invalid;transport=ws")), 600);
	assert_int_equal(wl_sip_granted(&m, WL_STR("sip:z@h.invalid")), 30);
	assert_int_equal(wl_sip_granted(&m, WL_STR("sip:b@h.invalid")), -1);
	assert_true(
			parses("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\n"
				   "CSeq: 0 REGISTER\r\nm: sip:a@h;expires=1x\r\nm: sip:b@h\r\nExpires: 4\r\n\r\n",
				   &m));
	assert_int_equal(wl_sip_granted(&m, WL_STR("sip:a@h")), -1);
	assert_int_equal(wl_sip_granted(&m, WL_STR("sip:b@h")), 4);
}

static void a_request(void **state)
{
	struct wl_sip m;

	(void)state;
	assert_true(parses(
			"INVITE sip:a@h;x=<y> SIP/2.0\nVia: SIP/2.0/UDP c;branch=b\nFrom: sip:a@x;tag=1\n"
			"To: <sip:b@x>\nCall-ID: c\nCSeq: 4294967295 INVITE\nRoute: <sip:r;lr>\n\nall of it",
			&m));
	assert_int_equal(m.status, 0);
	assert_str(m.method, "INVITE");
	assert_str(m.uri, "sip:a@h;x=<y>");
	assert_str(m.from_tag, "1");
	assert_null(m.to_tag.p);
	assert_int_equal(m.cseq, 4294967295U);
	assert_int_equal(m.routes.n, 1);
	assert_int_equal(m.expires, -1);
	assert_int_equal(m.retry_after, -1);
	assert_str(m.body, "all of it");
	assert_str(wl_sip_uri(m.from), "sip:a@x");
}

/* A start line and headers that are all right, but for the row's. */
static void no_messages(void **state)
{
	static const char *const rows[] = {
			"",
			"\r\n\r\n",
			"SIP/2.0 20 OK\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n\r\n",
			"SIP/2.0 700 OK\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n\r\n",
			"SIP/2.0 2x0 OK\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n\r\n",
			"A a SIP/3.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n\r\n",
			"A  SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n\r\n",
			"A a SIP/2.0\r\nV: c\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n\r\n",
			"A a SIP/2.0\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\ni: c\r\nCSeq: 1 A\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\nCSeq: 1 A\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 B\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: A\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 4294967296 A\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\nl: 1\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\nl: -1\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\nRoute: "
			"<a>,,<b>\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\nno colon\r\n\r\n",
			"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n",
			"SIP/2.0 200 OK\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\n\r\n",
	};
	struct wl_sip m;
	unsigned i;

	(void)state;
	assert_true(parses("A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n\r\n",
					   &m));
	assert_true(parses(
			"SIP/2.0 200 OK\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n\r\n", &m));
	for(i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if(parses(rows[i], &m))
			fail_msg("row %u is taken for a message", i);
	}
}

static void lists_have_an_end(void **state)
{
	char text[2000];
	struct wl_sip m;
	size_t n;
	int i, entries;

	(void)state;
	for(entries = WL_LIST_MAX; entries <= WL_LIST_MAX + 1; entries++) {
		n = (size_t)snprintf(
				text, sizeof text,
				"A a SIP/2.0\r\nV: c;branch=b\r\nf: a\r\nt: b\r\ni: c\r\nCSeq: 1 A\r\n");
		for(i = 0; i < entries; i++)
			n += (size_t)snprintf(text + n, sizeof text - n, "Route: <sip:%d>\r\n", i);
		n += (size_t)snprintf(text + n, sizeof text - n, "\r\n");
		assert_int_equal(wl_sip_parse(text, n, &m), entries == WL_LIST_MAX);
	}
}

/* All slices point into the message. */
static void assert_inside(struct wl_str s, const char *p, size_t n)
{
	assert_true(s.n == 0 || (s.p >= p && s.p + s.n <= p + n));
}

static void assert_list_inside(const struct wl_list *list, const char *p, size_t n)
{
	unsigned i;

	assert_true(list->n <= WL_LIST_MAX);
	for(i = 0; i < list->n; i++) {
		assert_inside(list->at[i], p, n);
		assert_inside(wl_sip_uri(list->at[i]), p, n);
		assert_inside(wl_sip_param(list->at[i], "branch"), p, n);
	}
}

static void judge(const char *bytes, size_t n)
{
	/* a copy of exactly that size: a read behind it is seen under AddressSanitizer */
	char *p = malloc(n ? n : 1);
	struct wl_sip m;

	assert_non_null(p);
	memcpy(p, bytes, n);
	if(wl_sip_parse(p, n, &m)) {
		assert_list_inside(&m.vias, p, n);
		assert_list_inside(&m.contacts, p, n);
		assert_list_inside(&m.routes, p, n);
		assert_list_inside(&m.record_routes, p, n);
		assert_list_inside(&m.service_routes, p, n);
		assert_inside(m.from, p, n);
		assert_inside(m.to_tag, p, n);
		assert_inside(m.body, p, n);
		(void)wl_sip_granted(&m, m.from);
	}
	free(p);
}

/* Cut at each place, and with each byte replaced by each that means something. */
static void mutants(void **state)
{
	static const char odd[] = "\r\n \t:;,<>\"\\=@0\x00\xff";
	char copy[sizeof answer];
	size_t i, k;

	(void)state;
	for(i = 0; i < sizeof answer; i++)
		judge(answer, i);
	memcpy(copy, answer, sizeof answer);
	for(i = 0; i < sizeof answer - 1; i++) {
		for(k = 0; k < sizeof odd - 1; k++) {
			copy[i] = odd[k];
			judge(copy, sizeof answer - 1);
		}
		copy[i] = answer[i];
	}
}

static const struct wl_list routes = {{{"<sip:r1;lr>", 11}, {"<sip:r2;lr>", 11}}, 2};

static struct wl_request request(void)
{
	return (struct wl_request){.method = WL_STR("REGISTER"),
							   .uri = WL_STR("sip:ims.test"),
							   .transport = WL_STR("WSS"),
							   .host = WL_STR("a.invalid"),
							   .branch = WL_STR("z9hG4bKx"),
							   .routes = &routes,
							   .from = WL_STR("<sip:a@x>;tag=1"),
							   .to = WL_STR("<sip:a@x>"),
							   .call_id = WL_STR("c"),
							   .cseq = 4294967295U,
							   .contact = WL_STR("<sip:a@a.invalid>"),
							   .expires = 600,
							   .bearer = WL_STR("t.o.k"),
							   .more = WL_STR("Supported: path\r\n"),
							   .sdp = WL_STR("v=0\r\n")};
}

static void written_request(void **state)
{
	static const char want[] = "REGISTER sip:ims.test SIP/2.0\r\n"
							   "Via: SIP/2.0/WSS a.invalid;branch=z9hG4bKx\r\n"
							   "Max-Forwards: 70\r\n"
							   "Route: <sip:r1;lr>\r\n"
							   "Route: <sip:r2;lr>\r\n"
							   "From: <sip:a@x>;tag=1\r\n"
							   "To: <sip:a@x>\r\n"
							   "Call-ID: c\r\n"
							   "CSeq: 4294967295 REGISTER\r\n"
							   "Contact: <sip:a@a.invalid>\r\n"
							   "Expires: 600\r\n"
							   "Authorization: Bearer t.o.k\r\n"
							   "Supported: path\r\n"
							   "Content-Type: application/sdp\r\n"
							   "Content-Length: 5\r\n"
							   "\r\n"
							   "v=0\r\n";
	struct wl_request r = request();
	char buf[1000];
	struct wl_sip m;
	size_t n = wl_sip_request(buf, sizeof buf, &r), room;

	(void)state;
	assert_str((struct wl_str){buf, n}, want);
	for(room = 0; room < n; room++)
		assert_int_equal(wl_sip_request(buf, room, &r), 0);
	assert_int_equal(wl_sip_request(buf, n, &r), n);
	r.routes_reversed = true;
	r.expires = -1;
	r.bearer = r.contact = r.more = r.sdp = (struct wl_str){NULL, 0};
	n = wl_sip_request(buf, sizeof buf, &r);
	assert_true(wl_sip_parse(buf, n, &m));
	assert_str(m.routes.at[0], "<sip:r2;lr>");
	assert_int_equal(m.expires, -1);
	assert_int_equal(m.contacts.n, 0);
	assert_null(memmem(buf, n, "Authorization", 13));
	assert_null(memmem(buf, n, "Content-Type", 12));
}

static void written_answer(void **state)
{
	static const char want[] = "SIP/2.0 180 Ringing\r\n"
							   "Via: c;branch=b\r\n"
							   "Via: d;branch=e\r\n"
							   "Record-Route: <sip:r1;lr>\r\n"
							   "Record-Route: <sip:r2;lr>\r\n"
							   "From: a;tag=f\r\n"
							   "To: b;tag=mine\r\n"
							   "Call-ID: c\r\n"
							   "CSeq: 9 INVITE\r\n"
							   "Contact: <sip:me>\r\n"
							   "X: y\r\n"
							   "Content-Length: 0\r\n"
							   "\r\n";
	struct wl_answer a = {180, WL_STR("mine"), WL_STR("<sip:me>"), WL_STR("X: y\r\n"), {NULL, 0}};
	char buf[1000];
	struct wl_sip m, back;
	size_t n, room;

	(void)state;
	assert_true(
			parses("INVITE a SIP/2.0\r\nV: c;branch=b, d;branch=e\r\nf: a;tag=f\r\nt: b\r\ni: c\r\n"
				   "CSeq: 9 INVITE\r\nRecord-Route: <sip:r1;lr>, <sip:r2;lr>\r\n\r\n",
				   &m));
	n = wl_sip_answer(buf, sizeof buf, &m, &a);
	assert_str((struct wl_str){buf, n}, want);
	for(room = 0; room < n; room++)
		assert_int_equal(wl_sip_answer(buf, room, &m, &a), 0);
	a.status = 100;
	n = wl_sip_answer(buf, sizeof buf, &m, &a);
	assert_true(wl_sip_parse(buf, n, &back));
	assert_null(back.to_tag.p);
	/* inside a dialog the tag is there already */
	assert_true(parses("BYE a SIP/2.0\r\nV: c;branch=b\r\nf: a;tag=f\r\nt: b;tag=old\r\ni: "
					   "c\r\nCSeq: 9 BYE\r\n\r\n",
					   &m));
	a.status = 200;
	n = wl_sip_answer(buf, sizeof buf, &m, &a);
	assert_true(wl_sip_parse(buf, n, &back));
	assert_str(back.to, "b;tag=old");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(an_answer),         cmocka_unit_test(what_was_granted),
			cmocka_unit_test(a_request),         cmocka_unit_test(no_messages),
			cmocka_unit_test(lists_have_an_end), cmocka_unit_test(mutants),
			cmocka_unit_test(written_request),   cmocka_unit_test(written_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
