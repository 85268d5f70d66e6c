/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_emergency.h"
#include "wk_params.h"
#include "wk_reply.h"
#include "wk_screen.h"
#include "wk_state.h"

#define TAIL "To: <sip:b@ims.test>\nFrom: <sip:alice@ims.test>;tag=f\nCall-ID: c1\n"
#define TAGGED "To: <sip:b@ims.test>;tag=t\nFrom: <sip:alice@ims.test>;tag=f\nCall-ID: c1\n"
#define VIA "Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\n"

static sip_msg_t *message(int proto, uint32_t conn, const char *first, const char *more)
{
	char *text = mint_text("%s\n" VIA TAIL "%s\n", first, more);
	sip_msg_t *msg = ksr_msg(proto, conn, text);

	free(text);
	return msg;
}

#define AN_INVITE "INVITE sip:b@ims.test SIP/2.0"
#define A_REGISTER "REGISTER sip:ims.test SIP/2.0"

/* What the trust domain alone may say never gets through, in no spelling. */
static const char forbidden[] = "P-Asserted-Identity: <sip:boss@ims.test>\n"
								"p-asserted-identity: <sip:boss@ims.test>\n"
								"P_Asserted_Identity: <sip:boss@ims.test>\n"
								"P-Charging-Vector: icid-value=1\n"
								"P-Visited-Network-ID: evil\n"
								"P-Served-User: <sip:boss@ims.test>\n"
								"P-Anything-New: x\n"
								"Path: <sip:evil.test;lr>\n"
								"Service-Route: <sip:evil.test;lr>\n"
								"Record-Route: <sip:evil.test;lr>\n"
								"Security-Verify: x\n"
								"Feature-Caps: x\n"
								"Proxy-Authorization: Digest x\n"
								"Unheard-Of: x\n";

static void test_request(void **state)
{
	char *more = mint_text("CSeq: 1 INVITE\n%sAuthorization: Bearer x\nSubject: kept\n"
						   "Route: <sip:r.test;lr>\n",
						   forbidden);
	sip_msg_t *msg = message(PROTO_WSS, GLUE_CONN, AN_INVITE, more);

	assert_int_equal(wk_screen(msg), WK_TRUE);
	assert_string_equal(ksr_out(msg), AN_INVITE "\n" VIA TAIL "CSeq: 1 INVITE\nSubject: kept\n"
												"Route: <sip:r.test;lr>\n\n");
	ksr_msg_free(msg);
	free(more);
}

static void expect_screen(sip_msg_t *msg, const char *reason)
{
	bool ok = strcmp(reason, "ok") == 0;

	assert_int_equal(wk_screen(msg), ok ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	ksr_msg_free(msg);
}

static void expect_options(const char *more, const char *left)
{
	char *text = mint_text("CSeq: 1 INVITE\n%s", more);
	sip_msg_t *msg = message(PROTO_WSS, GLUE_CONN, AN_INVITE, text);
	char *want = mint_text(AN_INVITE "\n" VIA TAIL "CSeq: 1 INVITE\n%s\n", left);

	assert_int_equal(wk_screen(msg), WK_TRUE);
	assert_string_equal(ksr_out(msg), want);
	ksr_msg_free(msg);
	free(want);
	free(text);
}

/* sec-agree stays here, the other tags of the list go on. */
static void test_sec_agree(void **state)
{
	expect_options("Supported: gruu, Sec-Agree, 100rel\n", "Supported: gruu, 100rel\n");
	expect_options("k: sec-agree,path\nRequire: sec-agree\n", "Supported: path\n");
	expect_options("Proxy-Require: sec-agree, privacy\n", "Proxy-Require: privacy\n");
	expect_options("k: gruu,path\nRequire:  100rel\n", "k: gruu,path\nRequire:  100rel\n");
	expect_options("User-Agent: sec-agree\n", "User-Agent: sec-agree\n");
}

/* RFC 3261 16.3 step 5, 8.2.2.3. */
static void test_proxy_require(void **state)
{
	sip_msg_t *msg = message(PROTO_WSS, GLUE_CONN, AN_INVITE,
							 "CSeq: 1 INVITE\nProxy-Require: foo, path\nProxy-Require: bar\n");

	assert_int_equal(wk_screen(msg), WK_FALSE);
	assert_reason(msg, "option_unknown");
	assert_int_equal(wk_reply(msg), WK_TRUE);
	assert_int_equal(ksr_sl.code, 420);
	assert_string_equal(ksr_reply_lines(msg), "Unsupported: foo, bar\n");
	ksr_msg_free(msg);
	expect_screen(
			message(PROTO_WSS, GLUE_CONN, AN_INVITE, "CSeq: 1 INVITE\nProxy-Require: foo bar\n"),
			"request_malformed");
	expect_screen(message(PROTO_WSS, GLUE_CONN, "ACK sip:b@ims.test SIP/2.0",
						  "CSeq: 1 ACK\nProxy-Require: foo\n"),
				  "ok");
	expect_screen(message(PROTO_WSS, GLUE_CONN, "CANCEL sip:b@ims.test SIP/2.0",
						  "CSeq: 1 CANCEL\nProxy-Require: foo\n"),
				  "ok");
	expect_screen(message(PROTO_WSS, GLUE_CONN, "INVITE urn:service:sos SIP/2.0",
						  "CSeq: 1 INVITE\nProxy-Require: foo\n"),
				  "ok");
}

/* Longer lists than anybody has. */
static void test_option_sizes(void **state)
{
	static char list[2100];
	static const char *const names[] = {"Supported", "k", "Require", "Proxy-Require"};
	size_t i;

	memset(list, 'a', sizeof(list) - 1);
	for(i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *more = mint_text("CSeq: 1 INVITE\n%s: %s\n", names[i], list);

		expect_screen(message(PROTO_WSS, GLUE_CONN, AN_INVITE, more), "request_malformed");
		free(more);
	}
}

/* What an INVITE may carry, a REGISTER may not. */
static void test_register(void **state)
{
	char *more = mint_text("CSeq: 1 REGISTER\n%sContact: <sip:w@x.invalid>\n"
						   "Subject: gone\nP-Preferred-Identity: <sip:boss@ims.test>\n"
						   "Privacy: id\n",
						   forbidden);
	sip_msg_t *msg = message(PROTO_WSS, GLUE_CONN, A_REGISTER, more);

	assert_int_equal(wk_screen(msg), WK_TRUE);
	assert_string_equal(ksr_out(msg), A_REGISTER "\n" VIA TAIL "CSeq: 1 REGISTER\n"
												 "Contact: <sip:w@x.invalid>\n\n");
	ksr_msg_free(msg);
	free(more);
}

static void test_transports(void **state)
{
	static const char others[] = {PROTO_UDP, PROTO_TCP, PROTO_TLS, PROTO_WS, PROTO_SCTP};
	size_t i;

	for(i = 0; i < sizeof(others); i++)
		expect_screen(message(others[i], GLUE_CONN, AN_INVITE, "CSeq: 1 INVITE\n"),
					  "transport_refused");
	wk_params.allow_plain_ws = 1;
	expect_screen(message(PROTO_WS, GLUE_CONN, AN_INVITE, "CSeq: 1 INVITE\n"), "ok");
	expect_screen(message(PROTO_TCP, GLUE_CONN, AN_INVITE, "CSeq: 1 INVITE\n"),
				  "transport_refused");
	wk_params.allow_plain_ws = 0;
}

static void test_connections(void **state)
{
	expect_screen(message(PROTO_WSS, 99, AN_INVITE, "CSeq: 1 INVITE\n"), "flow_unknown");
	wims_flow_close(wk_flows_lock(), GLUE_CONN, wk_now_ms(), 4403, WIMS_PL("x"), false);
	wk_flows_unlock();
	expect_screen(message(PROTO_WSS, GLUE_CONN, AN_INVITE, "CSeq: 1 INVITE\n"), "flow_closing");
}

static void expect_bytes(const char *bytes, size_t len, const char *reason)
{
	expect_screen(ksr_msg_bytes(PROTO_WSS, GLUE_CONN, bytes, len), reason);
}

#define BYTES(text, reason) expect_bytes(text, sizeof(text) - 1, reason)
#define NAMED "\r\nFrom: <sip:a@ims.test>;tag=f1\r\nTo: <sip:b@ims.test>\r\nCall-ID: c1\r\n"
#define LINE AN_INVITE NAMED "CSeq: 1 INVITE\r\n"

static void test_heads(void **state)
{
	BYTES(LINE "\r\n", "ok");
	BYTES(LINE "Subject: a\0b\r\n\r\n", "head_control_byte");
	BYTES(LINE "Subject: a\nP-Asserted-Identity: <sip:boss@ims.test>\r\n\r\n", "head_control_byte");
	BYTES(LINE "Subject: a\rb\r\n\r\n", "head_control_byte");
	BYTES(LINE "Subject: a\x7f\r\n\r\n", "head_control_byte");
	BYTES(LINE "Subject : a\r\n\r\n", "header_name");
	BYTES(LINE "CSeq: 2 INVITE\r\n\r\n", "header_duplicate");
	BYTES(LINE "t: <sip:c@ims.test>\r\n\r\n", "header_duplicate");
	BYTES(LINE "Content-Length: 4\r\n\r\nfour", "ok");
	BYTES(LINE "Content-Length: 0\r\n\r\nINVITE sip:b@ims.test SIP/2.0\r\n", "request_malformed");
	BYTES(LINE "Content-Length: 5\r\n\r\nfour", "request_malformed");
}

static void test_names_of_transactions(void **state)
{
	BYTES(AN_INVITE NAMED "CSeq: 0 INVITE\r\n\r\n", "ok");
	BYTES(AN_INVITE NAMED "CSeq: 2147483647 INVITE\r\n\r\n", "ok");
	BYTES(AN_INVITE NAMED "CSeq: 2147483648 INVITE\r\n\r\n", "request_malformed");
	BYTES(AN_INVITE NAMED "CSeq: #1 INVITE\r\n\r\n", "request_malformed");
	BYTES(AN_INVITE NAMED "CSeq: 1 BYE\r\n\r\n", "request_malformed");
	BYTES(AN_INVITE NAMED "\r\n", "request_malformed");
	BYTES(AN_INVITE "\r\nFrom: <sip:a@ims.test>\r\nTo: <sip:b@ims.test>\r\nCall-ID: c1\r\n"
					"CSeq: 1 INVITE\r\n\r\n",
		  "request_malformed");
	BYTES(AN_INVITE "\r\nFrom: <sip:a@ims.test>;tag=f1\r\nTo: <sip:b@ims.test>\r\n"
					"CSeq: 1 INVITE\r\n\r\n",
		  "request_malformed");
}

/* ---- replies ---- */

static sip_msg_t *reply(int proto, uint32_t conn, const char *more)
{
	char *text = mint_text("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKo\n"
						   "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKc\n" TAGGED
						   "CSeq: 1 INVITE\n%s\n",
						   more);
	sip_msg_t *msg = ksr_msg(proto, conn, text);

	free(text);
	return msg;
}

static sip_msg_t *asked(void)
{
	sip_msg_t *request =
			ksr_msg(PROTO_UDP, 0,
					AN_INVITE "\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKc\n" TAIL
							  "CSeq: 1 INVITE\n\n");

	assert_int_equal(parse_headers(request, HDR_EOH_F, 0), 0);
	return request;
}

static void expect_reply(sip_msg_t *msg, const char *reason)
{
	bool ok = strcmp(reason, "(none)") == 0;

	assert_int_equal(wk_screen_reply(msg), ok ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	assert_int_equal(ksr_tm.checks, 0);
}

static void test_reply_of_wic(void **state)
{
	sip_msg_t *request = asked(), *msg;

	ksr_tm_sent(ksr_tm_new(request), PROTO_WS, GLUE_CONN);
	msg = reply(PROTO_WSS, GLUE_CONN,
				"Subject: gone\nP-Asserted-Identity: <sip:boss@ims.test>\nServer: kept\n"
				"Supported: timer, sec-agree\n");
	expect_reply(msg, "(none)");
	assert_contains(ksr_out(msg), "CSeq: 1 INVITE\nServer: kept\nSupported: timer\n\n");
	assert_lacks(ksr_out(msg), "P-Asserted-Identity");
	ksr_msg_free(msg);
	ksr_msg_free(request);
}

/* Whatever the core is to take for its own comes back as it went. */
static void test_reply_to_something_else(void **state)
{
#define OURS "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKo\n"
#define BACK "v: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKc\n"
#define CALLER "From: <sip:a@ims.test>;tag=f1\n"
#define CALLEE "To: <sip:b@ims.test>;tag=t1\n"
	static const char *const good = OURS BACK CALLER CALLEE "i: c1\nCSeq: 1 INVITE\n\n";
	static const char *const bad[] = {
			OURS BACK CALLER CALLEE "i: c2\nCSeq: 1 INVITE\n\n",
			OURS BACK "f: <sip:a@ims.test>;tag=f2\n" CALLEE "i: c1\nCSeq: 1 INVITE\n\n",
			OURS BACK "f: <sip:boss@ims.test>;tag=f1\n" CALLEE "i: c1\nCSeq: 1 INVITE\n\n",
			OURS BACK CALLER "t: <sip:boss@ims.test>;tag=t1\ni: c1\nCSeq: 1 INVITE\n\n",
			OURS BACK CALLER "t: <sip:b@ims.test>\ni: c1\nCSeq: 1 INVITE\n\n",
			OURS BACK CALLER CALLEE "i: c1\nCSeq: 2 INVITE\n\n",
			OURS BACK BACK CALLER CALLEE "i: c1\nCSeq: 1 INVITE\n\n",
			OURS CALLER CALLEE "i: c1\nCSeq: 1 INVITE\n\n",
	};
	sip_msg_t *request =
					  ksr_msg(PROTO_UDP, 0,
							  AN_INVITE "\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKc\n" CALLER
										"To: <sip:b@ims.test>\nCall-ID: c1\nCSeq: 1 INVITE\n\n"),
			  *msg = ksr_msg(PROTO_WSS, GLUE_CONN, good);
	size_t i;

	assert_int_equal(parse_headers(request, HDR_EOH_F, 0), 0);
	ksr_tm_sent(ksr_tm_new(request), PROTO_WS, GLUE_CONN);
	expect_reply(msg, "(none)");
	ksr_msg_free(msg);
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		msg = ksr_msg(PROTO_WSS, GLUE_CONN, bad[i]);
		expect_reply(msg, "request_malformed");
		ksr_msg_free(msg);
	}
	ksr_msg_free(request);
}

/* Behind the hop that we answer to. */
static void test_reply_on_another_way(void **state)
{
#define FIRST "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKc\n"
#define SECOND "SIP/2.0/UDP 192.0.2.8;branch=z9hG4bKd"
	static const char *const ways[] = {
			FIRST "Via: " SECOND "\nVia: SIP/2.0/TCP e;branch=z9hG4bKe\n",
			FIRST "v: " SECOND ",SIP/2.0/TCP  e;branch=z9hG4bKe\n",
			FIRST "Via: " SECOND "\n",
			FIRST "Via: " SECOND "\nVia: SIP/2.0/TCP f;branch=z9hG4bKe\n",
			FIRST "Via: " SECOND "\nVia: SIP/2.0/TCP e;branch=z9hG4bKe\nVia: x\n",
			FIRST "Via: SIP/2.0/TCP e;branch=z9hG4bKe\nVia: " SECOND "\n",
			FIRST "Via: " SECOND ",,SIP/2.0/TCP e;branch=z9hG4bKe\n",
	};
	sip_msg_t *request, *msg;
	size_t i;

	for(i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		char *text = mint_text(OURS "%s" CALLER CALLEE "Call-ID: c1\nCSeq: 1 INVITE\n\n", ways[i]);

		request = ksr_msg(PROTO_UDP, 0,
						  AN_INVITE "\n" FIRST "Via: " SECOND
									", SIP/2.0/TCP e;branch=z9hG4bKe\n" CALLER
									"To: <sip:b@ims.test>\nCall-ID: c1\nCSeq: 1 INVITE\n\n");
		assert_int_equal(parse_headers(request, HDR_EOH_F, 0), 0);
		ksr_tm_sent(ksr_tm_new(request), PROTO_WS, GLUE_CONN);
		msg = ksr_msg(PROTO_WSS, GLUE_CONN, text);
		expect_reply(msg, i < 2 ? "(none)" : "request_malformed");
		ksr_msg_free(msg);
		ksr_msg_free(request);
		free(text);
	}
}

/* A CANCEL has no Via but ours, whatever the INVITE had. */
static void test_reply_to_cancel(void **state)
{
	static const char *const methods[] = {"CANCEL", "INVITE"};
	sip_msg_t *request = asked();
	size_t i;

	ksr_tm_sent(ksr_tm_new(request), PROTO_WS, GLUE_CONN);
	for(i = 0; i < 2; i++) {
		char *text =
				mint_text("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKo\n" TAGGED
						  "CSeq: 1 %s\n\n",
						  methods[i]);
		sip_msg_t *msg = ksr_msg(PROTO_WSS, GLUE_CONN, text);

		expect_reply(msg, i == 0 ? "(none)" : "request_malformed");
		ksr_msg_free(msg);
		free(text);
	}
	ksr_msg_free(request);
}

/* A reply counts only when it comes from where the request went. */
static void test_reply_of_another(void **state)
{
	sip_msg_t *request = asked(), *msg = reply(PROTO_WSS, GLUE_CONN, "");

	expect_reply(msg, "dialog_unknown");
	ksr_msg_free(msg);
	ksr_tm_sent(ksr_tm_new(request), PROTO_WS, GLUE_CONN);
	msg = reply(PROTO_WSS, GLUE_THIN_CONN, "");
	expect_reply(msg, "not_dialog_party");
	ksr_msg_free(msg);
	msg = reply(PROTO_UDP, 0, "");
	expect_reply(msg, "not_dialog_party");
	ksr_msg_free(msg);
	ksr_tm_sent(ksr_tm.matched, PROTO_UDP, 0);
	msg = reply(PROTO_WSS, GLUE_CONN, "");
	expect_reply(msg, "not_dialog_party");
	ksr_msg_free(msg);
	ksr_msg_free(request);
}

static void test_reply_of_core(void **state)
{
	sip_msg_t *request = asked(), *msg;

	ksr_tm_sent(ksr_tm_new(request), PROTO_UDP, 0);
	msg = reply(PROTO_UDP, 0,
				"P-Charging-Vector: icid-value=1\nSubject: kept\n"
				"P-Asserted-Identity: <sip:b@ims.test>\n");
	expect_reply(msg, "(none)");
	assert_contains(ksr_out(msg), "CSeq: 1 INVITE\nSubject: kept\n"
								  "P-Asserted-Identity: <sip:b@ims.test>\n\n");
	assert_lacks(ksr_out(msg), "P-Charging");
	ksr_msg_free(msg);
	ksr_msg_free(request);
}

/* ---- towards a WIC ---- */

static void test_to_wic(void **state)
{
	sip_msg_t *msg = message(PROTO_UDP, 0, AN_INVITE,
							 "P-Charging-Vector: icid-value=1\nP-Visited-Network-ID: x\n"
							 "P-Asserted-Identity: <sip:b@ims.test>\nSubject: kept\n");

	assert_int_equal(wk_screen_to_wic(msg), WK_TRUE);
	assert_string_equal(ksr_out(msg),
						AN_INVITE "\n" VIA TAIL "P-Asserted-Identity: <sip:b@ims.test>\n"
								  "Subject: kept\n\n");
	ksr_msg_free(msg);
	msg = message(PROTO_UDP, 0, AN_INVITE,
				  "P-Asserted-Identity: <sip:b@ims.test>\nPrivacy: header;id\n");
	assert_int_equal(wk_screen_to_wic(msg), WK_TRUE);
	assert_lacks(ksr_out(msg), "P-Asserted-Identity");
	ksr_msg_free(msg);
}

/* A header that cannot be taken out must not go on. */
static void test_no_memory(void **state)
{
	sip_msg_t *msg =
			message(PROTO_WSS, GLUE_CONN, AN_INVITE, "CSeq: 1 INVITE\nPath: <sip:evil.test>\n");

	ksr_memory.left = 0;
	expect_screen(msg, "no_memory");
	expect_screen(message(PROTO_WSS, GLUE_CONN, AN_INVITE, "CSeq: 1 INVITE\nk: sec-agree\n"),
				  "no_memory");
	msg = message(PROTO_UDP, 0, AN_INVITE, "P-Charging-Vector: icid-value=1\n");
	assert_int_equal(wk_screen_to_wic(msg), WK_FALSE);
	assert_reason(msg, "no_memory");
	ksr_memory.left = SIZE_MAX;
	ksr_msg_free(msg);
}

static void test_operator_list(void **state)
{
	char *before = wk_params.allow_headers;

	ksr_reset();
	wk_params.allow_headers = "P-Asserted-Identity";
	assert_int_equal(wk_screen_init(), -1);
	assert_contains(ksr_log(), "modparam allow_headers=P-Asserted-Identity: "
							   "only the network may set this header");
	wk_params.allow_headers = before;
}

int main(void)
{
	const struct CMUnitTest before[] = {cmocka_unit_test(test_operator_list)};
	const struct CMUnitTest tests[] = {
			glue_test(test_request),
			glue_test(test_sec_agree),
			glue_test(test_proxy_require),
			glue_test(test_option_sizes),
			glue_test(test_register),
			glue_test(test_transports),
			glue_test(test_connections),
			glue_test(test_heads),
			glue_test(test_names_of_transactions),
			glue_test(test_reply_of_wic),
			glue_test(test_reply_to_something_else),
			glue_test(test_reply_on_another_way),
			glue_test(test_reply_of_another),
			glue_test(test_reply_of_core),
			glue_test(test_to_wic),
			glue_test(test_no_memory),
			glue_test(test_reply_to_cancel),
	};

	return cmocka_run_group_tests(before, NULL, NULL)
		   + cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
