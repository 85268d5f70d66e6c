/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "core/route.h"
#include "modules/tm/t_reply.h"
#include "mint.h"
#include "wk_params.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_state.h"

#define UNREGISTERED 10 /* s that a connection may belong to nobody */
#define OTHER_CONN 9u   /* a WIC of wwsf2, which does not close on bad tokens */

static sip_msg_t *request_of(int proto, uint32_t conn, const char *method)
{
	char *text = mint_text("%s sip:ims.test SIP/2.0\nCall-ID: c1\nCSeq: 1 %s\n\n", method, method);
	sip_msg_t *msg = ksr_msg(proto, conn, text);

	free(text);
	assert_int_equal(parse_headers(msg, HDR_EOH_F, 0), 0);
	return msg;
}

/* Answers with that outcome; what it said is in ksr_sl. The caller frees. */
static sip_msg_t *answered(int proto, uint32_t conn, const char *method, enum wims_reason r)
{
	sip_msg_t *msg = request_of(proto, conn, method);

	memset(&ksr_sl, 0, sizeof(ksr_sl));
	(void)wk_outcome(msg, r);
	assert_int_equal(wk_reply(msg), WK_TRUE);
	return msg;
}

static bool said(const sip_msg_t *msg, const char *text)
{
	return strstr(ksr_reply_lines(msg), text) != NULL;
}

/* Code, phrase and headers of every outcome there is. */
static void test_every_outcome(void **state)
{
	int r;

	for(r = WIMS_OK; r < WIMS_REASON_COUNT; r++) {
		const struct wims_reason_info *info = wims_reason_info((enum wims_reason)r);
		sip_msg_t *msg = answered(PROTO_WSS, GLUE_CONN, "REGISTER", (enum wims_reason)r);

		if(info->code == 0)
			info = wims_reason_info(WIMS_INTERNAL);
		assert_int_equal(ksr_sl.replies, 1);
		assert_int_equal(ksr_sl.code, info->code);
		assert_string_equal(ksr_sl.phrase, info->phrase);
		assert_int_equal(said(msg, "WWW-Authenticate: Bearer "), info->bearer_error != NULL);
		assert_int_equal(said(msg, "Min-Expires: 30\n"), r == WIMS_EXPIRES_TOO_BRIEF);
		assert_int_equal(said(msg, "Retry-After: "), info->code == 503 || r == WIMS_ANSWERED_503);
		ksr_msg_free(msg);
	}
}

static void test_challenge(void **state)
{
	sip_msg_t *msg = answered(PROTO_WSS, GLUE_CONN, "REGISTER", WIMS_TOKEN_ABSENT);

	assert_string_equal(ksr_reply_lines(msg), "WWW-Authenticate: Bearer realm=\"ims.test\","
											  "authz_server=\"https://waf.wwsf.test/token\","
											  "scope=\"webrtc-ims-client-access-to-ims\"\n");
	ksr_msg_free(msg);
	msg = answered(PROTO_WSS, GLUE_CONN, "REGISTER", WIMS_SIGNATURE_BAD);
	assert_contains(ksr_reply_lines(msg), ",error=\"invalid_token\"\n");
	ksr_msg_free(msg);
	/* nobody's connection: no realm to name */
	msg = answered(PROTO_WSS, 99, "REGISTER", WIMS_TOKEN_ABSENT);
	assert_string_equal(ksr_reply_lines(msg), "");
	assert_int_equal(ksr_sl.code, 401);
	ksr_msg_free(msg);
}

static void test_retry_after_is_spread(void **state)
{
	unsigned draw;

	for(draw = 0; draw <= 5; draw++) {
		sip_msg_t *msg;

		ksr_load.draw = draw;
		msg = answered(PROTO_WSS, GLUE_CONN, "REGISTER", WIMS_LIMIT_REACHED);
		assert_int_equal(strtol(strstr(ksr_reply_lines(msg), "Retry-After: ") + 13, NULL, 10),
						 5 + draw);
		ksr_msg_free(msg);
	}
}

static void test_nothing_refused(void **state)
{
	sip_msg_t *msg = request_of(PROTO_WSS, GLUE_CONN, "MESSAGE");

	assert_int_equal(wk_reply(msg), WK_TRUE);
	assert_int_equal(ksr_sl.code, 500);
	assert_reason(msg, "internal");
	ksr_msg_free(msg);
}

static void test_ack_gets_none(void **state)
{
	struct wims_action a;
	sip_msg_t *msg = answered(PROTO_WSS, GLUE_CONN, "ACK", WIMS_NOT_REGISTERED);

	assert_int_equal(ksr_sl.replies, 0);
	assert_false(glue_next_action(&a));
	ksr_msg_free(msg);
	/* but it closes what is to be closed */
	msg = answered(PROTO_WSS, GLUE_CONN, "ACK", WIMS_HEADER_NAME);
	assert_int_equal(ksr_sl.replies, 0);
	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_CLOSE);
	ksr_msg_free(msg);
}

/* ---- closing ---- */

/* code 0: stays open. */
static void expect_close(int proto, uint32_t conn, enum wims_reason r, unsigned code)
{
	struct wims_action a;
	sip_msg_t *msg;

	glue_teardown(NULL);
	glue_setup(NULL);
	assert_int_equal(glue_open(OTHER_CONN, "https://other.test", "wwsf2"), 0);
	msg = answered(proto, conn, "REGISTER", r);
	if(glue_next_action(&a) != (code != 0))
		fail_msg("%s on connection %u: close code %u expected", wims_reason_text(r), conn, code);
	if(code != 0) {
		assert_int_equal(a.kind, WIMS_ACT_CLOSE);
		assert_int_equal(a.conn, conn);
		assert_int_equal(a.close_code, code);
		assert_string_equal(a.close_text, wims_reason_text(r));
	}
	ksr_msg_free(msg);
}

static void test_close(void **state)
{
	int r;

	for(r = WIMS_OK; r < WIMS_REASON_COUNT; r++) {
		const struct wims_reason_info *info = wims_reason_info((enum wims_reason)r);
		unsigned code = info->close ? 4000 + (unsigned)info->code : 0;

		expect_close(PROTO_WSS, GLUE_CONN, (enum wims_reason)r, code);
		/* a policy for tokens, not for floods */
		expect_close(PROTO_WSS, OTHER_CONN, (enum wims_reason)r, r == WIMS_RATE_FLOODED ? code : 0);
		/* the core's connection numbers are no WIC's */
		expect_close(PROTO_TCP, GLUE_CONN, (enum wims_reason)r, 0);
	}
}

static void test_operator_keeps_open(void **state)
{
	wk_params.close_on_refusal = 0;
	expect_close(PROTO_WSS, GLUE_CONN, WIMS_SIGNATURE_BAD, 0);
	wk_params.close_on_refusal = 1;
	expect_close(PROTO_WSS, GLUE_CONN, WIMS_SIGNATURE_BAD, 4401);
}

/* No answer can be given: the WIC learns it from the Close frame. */
static void test_answer_fails(void **state)
{
	sip_msg_t *msg = request_of(PROTO_WSS, GLUE_CONN, "REGISTER");
	struct wims_action a;

	ksr_sl.fails = true;
	(void)wk_outcome(msg, WIMS_REQUEST_MALFORMED);
	assert_int_equal(wk_reply(msg), WK_FALSE);
	assert_true(glue_next_action(&a));
	assert_int_equal(a.close_code, 4400);
	ksr_msg_free(msg);
	msg = request_of(PROTO_UDP, GLUE_THIN_CONN, "INVITE");
	(void)wk_outcome(msg, WIMS_FLOW_GONE);
	assert_int_equal(wk_reply(msg), WK_FALSE);
	assert_false(glue_next_action(&a));
	ksr_msg_free(msg);
}

static void test_no_memory_for_headers(void **state)
{
	sip_msg_t *msg = request_of(PROTO_WSS, GLUE_CONN, "REGISTER");

	(void)wk_outcome(msg, WIMS_TOKEN_ABSENT);
	ksr_memory.left = 0;
	assert_int_equal(wk_reply(msg), WK_FALSE);
	ksr_memory.left = SIZE_MAX;
	assert_int_equal(ksr_sl.replies, 0);
	ksr_msg_free(msg);
}

/* ---- the core's answer in a failure_route ---- */

static void expect_core(uint32_t conn, const char *method, sip_msg_t *branch_reply, int status,
						unsigned flags, const char *reason)
{
	sip_msg_t *msg = request_of(PROTO_WSS, conn, method);
	struct cell *t = ksr_tm_new(msg);
	bool failed = strcmp(reason, "(none)") != 0;

	ksr_tm_sent(t, PROTO_UDP, 0);
	ksr_tm.current = t;
	t->uac[0].reply = branch_reply;
	t->uac[0].last_received = (short)status;
	msg->msg_flags |= flags;
	set_route_type(FAILURE_ROUTE);
	assert_int_equal(wk_core_failed(msg), failed ? WK_TRUE : WK_FALSE);
	if(strcmp(failed ? glue_reason(msg) : "(none)", reason) != 0)
		fail_msg("%s answered %d: %s", method, status, glue_reason(msg));
	ksr_msg_free(msg);
}

static void test_core_failed(void **state)
{
	sip_msg_t *reply = request_of(PROTO_UDP, 0, "MESSAGE");

	expect_core(GLUE_CONN, "REGISTER", FAKED_REPLY, 408, 0, "core_timeout");
	expect_core(GLUE_CONN, "INVITE", FAKED_REPLY, 408, FL_REPLIED, "(none)");
	expect_core(GLUE_CONN, "INVITE", reply, 408, 0, "(none)");
	expect_core(GLUE_CONN, "REGISTER", reply, 503, 0, "core_unavailable");
	expect_core(GLUE_CONN, "REGISTER", NULL, 503, 0, "core_unavailable");
	expect_core(GLUE_CONN, "REGISTER", FAKED_REPLY, 503, FL_REPLIED, "core_unavailable");
	expect_core(GLUE_CONN, "INVITE", reply, 503, 0, "answered_503");
	expect_core(GLUE_CONN, "BYE", NULL, 503, 0, "answered_503");
	expect_core(GLUE_CONN, "REGISTER", reply, 401, 0, "core_challenge");
	assert_contains(ksr_log(), "the core answered 401 to a TNA REGISTER");
	expect_core(GLUE_CONN, "REGISTER", reply, 407, 0, "core_challenge");
	expect_core(99, "REGISTER", reply, 401, 0, "core_challenge");
	expect_core(GLUE_THIN_CONN, "REGISTER", reply, 401, 0, "core_challenge");
	expect_core(GLUE_CONN, "INVITE", reply, 407, 0, "(none)");
	expect_core(GLUE_CONN, "REGISTER", reply, 403, 0, "(none)");
	expect_core(GLUE_CONN, "INVITE", reply, 486, 0, "(none)");
	ksr_msg_free(reply);
}

/* t_relay could not send it. */
static void test_core_not_reached(void **state)
{
	sip_msg_t *msg = glue_register(NULL, "");

	assert_int_equal(wk_core_failed(msg), WK_TRUE);
	assert_reason(msg, "core_timeout");
	assert_int_equal(wk_reply(msg), WK_TRUE);
	assert_contains(ksr_reply_lines(msg), "Retry-After: ");
	ksr_msg_free(msg);
}

/* What a WIC is told to a request of that method, 503 with that header came back: code
 * and Retry-After. */
static void expect_wait(const char *method, const char *header, int code, long seconds)
{
	char *text = mint_text("SIP/2.0 503 Busy\nCall-ID: c1\nCSeq: 1 %s\n%s\n", method, header);
	sip_msg_t *reply = ksr_msg(PROTO_UDP, 0, text), *msg = request_of(PROTO_WSS, GLUE_CONN, method);
	struct cell *t = ksr_tm_new(msg);

	assert_int_equal(parse_headers(reply, HDR_EOH_F, 0), 0);
	ksr_tm_sent(t, PROTO_UDP, 0);
	ksr_tm.current = t;
	t->uac[0].reply = reply;
	t->uac[0].last_received = 503;
	set_route_type(FAILURE_ROUTE);
	assert_int_equal(wk_core_failed(msg), WK_TRUE);
	assert_reason(msg, code == 503 ? "core_unavailable" : "answered_503");
	assert_int_equal(wk_reply(msg), WK_TRUE);
	assert_int_equal(ksr_sl.code, code);
	assert_int_equal(strtol(strstr(ksr_reply_lines(msg), "Retry-After: ") + 13, NULL, 10), seconds);
	ksr_msg_free(msg);
	ksr_msg_free(reply);
	free(text);
}

/* The spread comes on top, and is no share of what the core says: the stand-in for chance
 * does not draw more than it is asked for. */
static void test_core_says_when(void **state)
{
	const int usual = wk_params.default_expires;

	ksr_load.draw = 5;
	expect_wait("REGISTER", "Retry-After: 1\n", 503, 6);
	expect_wait("REGISTER", "Retry-After: 60\n", 503, 65);
	expect_wait("REGISTER", "Retry-After: 60 (maintenance);duration=90\n", 503, 65);
	expect_wait("REGISTER", "Retry-After: 150\n", 503, 155);
	/* a quarter of a registration's time is the most */
	expect_wait("REGISTER", "Retry-After: 151\n", 503, 155);
	expect_wait("REGISTER", "Retry-After: 4294967295\n", 503, 155);
	expect_wait("REGISTER", "Retry-After: 4294967296\n", 503, 155);
	expect_wait("REGISTER", "Retry-After: 9999999999\n", 503, 155); /* Kamailio takes ten digits */
	/* and five minutes */
	wk_params.default_expires = 86400;
	expect_wait("REGISTER", "Retry-After: 86400\n", 503, 305);
	wk_params.default_expires = usual;
	/* none that says anything: the parameter's */
	expect_wait("REGISTER", "", 503, 10);
	expect_wait("REGISTER", "Retry-After: 0\n", 503, 10);
	expect_wait("REGISTER", "Retry-After: soon\n", 503, 10);
	expect_wait("REGISTER", "Retry-After: -60\n", 503, 10);
}

/* The core said so to the REGISTER of a range. */
static void test_range_waits_longer(void **state)
{
	sip_msg_t *msg = request_of(PROTO_WSS, GLUE_CONN, "REGISTER");

	(void)wk_outcome(msg, WIMS_RANGE_UNAVAILABLE);
	wk_result(msg)->retry_after = 3600;
	assert_int_equal(wk_reply(msg), WK_TRUE);
	assert_string_equal(ksr_reply_lines(msg), "Retry-After: 150\n");
	ksr_msg_free(msg);
}

/* What may be the word of whoever is called. */
static void test_stranger_says_when(void **state)
{
	static const char *const methods[] = {"INVITE", "MESSAGE", "BYE", "SUBSCRIBE"};
	size_t i;

	for(i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		expect_wait(methods[i], "Retry-After: 3600\n", 500, 5);
	assert_int_equal(ksr_counter("core_unavailable"), 0);
	assert_int_equal(ksr_counter("answered_503"), 4);
}

static int setup_with_a_timeout(void **state)
{
	int rc;

	wk_params.unregistered_timeout = UNREGISTERED;
	rc = glue_setup(state);
	wk_params.unregistered_timeout = 0;
	return rc;
}

/* Is it open after so many seconds more? */
static bool open_after(int seconds)
{
	struct wims_action a;
	enum wims_reason r;

	ksr_clock.mono_ms += seconds * INT64_C(1000);
	while(glue_next_action(&a))
		;
	r = wims_flow_check(wk_flows_lock(), GLUE_CONN, NULL);
	wk_flows_unlock();
	return r == WIMS_OK;
}

/* A WebSocket of nobody stays for the parameter's time, whatever the core says. */
static void test_core_gives_no_time(void **state)
{
	expect_wait("REGISTER", "Retry-After: 100\n", 503, 100);
	assert_true(open_after(2 * wk_params.retry_after + UNREGISTERED - 1));
	assert_false(open_after(2));
}

static void test_core_failed_without_branch(void **state)
{
	sip_msg_t *msg = request_of(PROTO_WSS, GLUE_CONN, "INVITE");

	set_route_type(FAILURE_ROUTE);
	assert_int_equal(wk_core_failed(msg), WK_TRUE);
	assert_reason(msg, "core_timeout");
	ksr_tm.current = ksr_tm_new(msg);
	ksr_tm.picked_branch = -1;
	set_route_type(FAILURE_ROUTE);
	assert_int_equal(wk_core_failed(msg), WK_TRUE);
	ksr_msg_free(msg);
}

static void test_reply_ok(void **state)
{
	sip_msg_t *msg = request_of(PROTO_WSS, GLUE_CONN, "REGISTER");

	assert_true(wk_reply_ok(msg));
	assert_int_equal(ksr_sl.code, 200);
	assert_true(wk_result(msg)->answered);
	ksr_msg_free(msg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			glue_test(test_every_outcome),
			glue_test(test_challenge),
			glue_test(test_retry_after_is_spread),
			glue_test(test_nothing_refused),
			glue_test(test_ack_gets_none),
			glue_test(test_close),
			glue_test(test_operator_keeps_open),
			glue_test(test_answer_fails),
			glue_test(test_no_memory_for_headers),
			glue_test(test_core_failed),
			glue_test(test_core_not_reached),
			glue_test(test_core_says_when),
			glue_test(test_range_waits_longer),
			glue_test(test_stranger_says_when),
			cmocka_unit_test_setup_teardown(test_core_gives_no_time, setup_with_a_timeout,
											glue_teardown),
			glue_test(test_core_failed_without_branch),
			glue_test(test_reply_ok),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
