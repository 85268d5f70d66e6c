/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "mint.h"
#include "wk_params.h"
#include "wk_reg_notify.h"
#include "wk_regevent.h"
#include "wk_reply.h"
#include "wk_result.h"

#define RANGE WIMS_PL("sip:range1@ims.test")

static int setup(void **state)
{
	wk_params.reg_event = 1;
	wk_params.reg_event_expires = 7200;
	wk_params.max_subscriptions = 2;
	wk_params.max_ranges = 1;
	return glue_setup(state);
}

#define sub_test(f) cmocka_unit_test_setup_teardown(f, setup, glue_teardown)

static void subscribe(void)
{
	ksr_tm.requests = 0;
	wk_regevent_subscribe(RANGE, 3600);
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 1);
}

static void answer(int code, sip_msg_t *reply)
{
	struct tmcb_params ps = {.code = code, .rpl = reply, .param = &ksr_tm.answer_param};

	assert_non_null(ksr_tm.answer_cb);
	ksr_tm.answer_cb(NULL, TMCB_LOCAL_COMPLETED, &ps);
}

static void answer_with(int code, const char *more)
{
	char *text = mint_text("SIP/2.0 %d X\nFrom: <sip:127.0.0.1:5060>;tag=%s\n"
						   "To: <sip:range1@ims.test>;tag=n1\nCall-ID: %s\nCSeq: 1 SUBSCRIBE\n"
						   "Contact: <sip:scscf.ims.test:6060>\n%sContent-Length: 0\n\n",
						   code, glue_sent("from-tag "), glue_sent("call-id "), more);
	sip_msg_t *reply = ksr_msg(PROTO_UDP, 0, text);

	answer(code, reply);
	ksr_msg_free(reply);
	free(text);
}

static void accepted(void)
{
	subscribe();
	answer_with(200, "Expires: 7200\nRecord-Route: <sip:r2.test;lr>, <sip:r1.test;lr>\n");
}

/* What webrtc_ims.subscriptions says of the only one; "" for none. */
static const char *state_of(void)
{
	static struct wims_regsub_view v;

	if(!wk_regevent_view_at(0, &v))
		return "";
	return wims_regsub_state_text(v.state);
}

/* ---- SUBSCRIBE ---- */

static void test_subscribe(void **state)
{
	char id[64];

	subscribe();
	assert_contains(ksr_tm.sent, "method SUBSCRIBE\ntarget sip:range1@ims.test\n"
								 "next hop sip:icscf.ims.test:4060\ncall-id ");
	assert_contains(ksr_tm.sent, "\nfrom sip:127.0.0.1:5060\n");
	assert_contains(ksr_tm.sent,
					"\nto sip:range1@ims.test\nto-tag \ncseq 1\n"
					"Contact: <sip:regevent@127.0.0.1:5060>\r\n"
					"Event: reg\r\nAccept: application/reginfo+xml\r\nExpires: 7200\r\n"
					"P-Asserted-Identity: <sip:127.0.0.1:5060>\r\nP-Charging-Vector: icid-value=");
	assert_false(ksr_tm.borrowed_freed);
	assert_int_equal(ksr_counter("subscribes"), 1);
	assert_int_equal(ksr_counter("subscribed"), 0);
	snprintf(id, sizeof(id), "%s", glue_sent("call-id "));
	answer_with(200, "Expires: 1000;x\nRecord-Route: <sip:r2.test;lr>, <sip:r1.test;lr>\n");
	assert_int_equal(ksr_counter("subscribed"), 1);
	assert_int_equal(ksr_counter("subscribes_failed"), 0);
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 1);
	/* RFC 3261 12.1.2: the route set of a 2xx is its Record-Route in reverse */
	ksr_clock.mono_ms += 20 * 1000;
	assert_true(wk_regevent_refresh(RANGE));
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 2);
	assert_contains(ksr_tm.sent, "target sip:scscf.ims.test:6060\nnext hop \n"
								 "route sip:r1.test;lr\nroute sip:r2.test;lr\ncall-id ");
	assert_contains(ksr_tm.sent, "\nto-tag n1\ncseq 2\n");
	assert_string_equal(glue_sent("call-id "), id);
	assert_false(ksr_tm.borrowed_freed);
}

static void test_longer_than_the_registration(void **state)
{
	wk_regevent_subscribe(RANGE, 9000);
	wk_regevent_tick();
	assert_contains(ksr_tm.sent, "\r\nExpires: 9001\r\n");
}

static void test_answers(void **state)
{
	subscribe();
	answer_with(423, "Min-Expires: 8000\n");
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 2);
	assert_contains(ksr_tm.sent, "\r\nExpires: 8000\r\n");
	answer_with(503, "Retry-After: 60 (busy)\n");
	ksr_clock.mono_ms += 59999;
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 2);
	ksr_clock.mono_ms++;
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 3);
	answer(408, FAKED_REPLY);
	assert_string_equal(state_of(), "waiting");
	ksr_clock.mono_ms += 300 * 1000;
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 4);
	answer_with(200, "Record-Route: <sip:broken\n");
	assert_string_equal(state_of(), "waiting");
	assert_int_equal(ksr_counter("subscribes_failed"), 3);
}

static void test_cannot_send(void **state)
{
	ksr_tm.request_fails = true;
	wk_regevent_subscribe(RANGE, 3600);
	wk_regevent_tick();
	assert_int_equal(ksr_counter("subscribes"), 0);
	assert_int_equal(ksr_counter("subscribes_failed"), 1);
	assert_contains(ksr_log(),
					"cannot send a SUBSCRIBE to the registration of sip:range1@ims.test");
	assert_string_equal(state_of(), "waiting");
	ksr_tm.request_fails = false;
	ksr_clock.mono_ms += 2000;
	wk_regevent_tick();
	assert_int_equal(ksr_counter("subscribes"), 1);
	answer(500, NULL);
	ksr_tm.no_dialog = true;
	ksr_clock.mono_ms += 10000;
	wk_regevent_tick();
	assert_int_equal(ksr_counter("subscribes"), 1);
}

static void test_switched_off(void **state)
{
	wk_params.reg_event = 0;
	wk_regevent_subscribe(RANGE, 3600);
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 0);
	assert_string_equal(state_of(), "");
	assert_contains(ksr_rpc_run("webrtc_ims.subscription", "subscribe", "sip:a@ims.test"),
					"409 modparam reg_event is 0");
}

static void test_unsubscribe(void **state)
{
	accepted();
	wk_regevent_unsubscribe(RANGE, WIMS_REGSUB_FOR_RANGE);
	wk_regevent_tick();
	assert_contains(ksr_tm.sent, "\r\nExpires: 0\r\n");
	answer_with(200, "");
	ksr_clock.mono_ms += WIMS_REGSUB_NOTIFY_MS;
	wk_regevent_tick();
	assert_string_equal(state_of(), "");
}

static void test_limit(void **state)
{
	const char *names[] = {"sip:1@h", "sip:2@h", "sip:3@h", "sip:4@h"};
	size_t i;

	for(i = 0; i < 2; i++)
		assert_int_equal(wk_regevent_want(wims_pl_str(names[i]), WIMS_REGSUB_FOR_WIC, 1), WIMS_OK);
	assert_int_equal(wk_regevent_want(wims_pl_str(names[2]), WIMS_REGSUB_FOR_WIC, 1),
					 WIMS_LIMIT_REACHED);
	for(; i < 4; i++)
		wk_regevent_subscribe(wims_pl_str(names[i]), 1);
	assert_int_equal(ksr_counter("subscriptions"), 3);
	assert_contains(ksr_log(), "no subscription to the registration of sip:4@h: limit_reached");
}

/* ---- NOTIFY ---- */

#define TYPE "Content-Type: application/reginfo+xml\n"
#define FULL(version, state)                                                              \
	"<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"" version                \
	"\" state=\"full\"><registration aor=\"sip:range1@ims.test\" id=\"a\" state=\"" state \
	"\"/></reginfo>"

/* A NOTIFY of the dialog that the last SUBSCRIBE opened. */
static sip_msg_t *notify_as(const char *method, const char *tag, unsigned cseq, const char *more,
							const char *body)
{
	char *text =
			mint_text("%s sip:regevent@127.0.0.1:5060 SIP/2.0\n"
					  "Via: SIP/2.0/UDP scscf.ims.test:6060;branch=z9hG4bK1\n"
					  "From: <sip:range1@ims.test>;tag=n1\nTo: <sip:127.0.0.1:5060>;tag=%s\n"
					  "Call-ID: %s\nCSeq: %u %s\nContact: <sip:scscf.ims.test:6060>\n"
					  "%sContent-Length: %zu\n\n%s",
					  method, tag, glue_sent("call-id "), cseq, method, more, strlen(body), body);
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, text);

	free(text);
	return msg;
}

static sip_msg_t *notify_with(unsigned cseq, const char *more, const char *body)
{
	return notify_as("NOTIFY", glue_sent("from-tag "), cseq, more, body);
}

static void good(unsigned cseq, const char *more, const char *body)
{
	sip_msg_t *msg = notify_with(cseq, more, body);

	ksr_sl.replies = 0;
	assert_int_equal(wk_reg_notify(msg), WK_TRUE);
	assert_reason(msg, "ok");
	assert_int_equal(ksr_sl.replies, 1);
	assert_int_equal(ksr_sl.code, 200);
	ksr_tm_end(200);
	ksr_msg_free(msg);
}

/* Refused with that outcome, answered by the script, with these lines. */
static void refused(sip_msg_t *msg, const char *why, int code, const char *lines)
{
	ksr_sl.replies = 0;
	assert_int_equal(wk_reg_notify(msg), WK_FALSE);
	assert_reason(msg, why);
	assert_int_equal(ksr_sl.replies, 0);
	assert_int_equal(wk_reply(msg), WK_TRUE);
	assert_int_equal(ksr_sl.code, code);
	assert_string_equal(ksr_reply_lines(msg), lines);
	ksr_tm_end(code);
	ksr_msg_free(msg);
}

static const char *active = "Event: reg\nSubscription-State: active;expires=7200\n" TYPE;

static void test_notify(void **state)
{
	accepted();
	good(1, active, FULL("0", "active"));
	assert_contains(ksr_log(),
					"the core says of sip:range1@ims.test: active, contact : none (none)");
	assert_int_equal(ksr_counter("notifies"), 1);
	/* compact names, parameters and case */
	good(2,
		 "o: Reg;id=7\nsubscription-state: ACTIVE\nc: Application/Reginfo+XML;charset=\"UTF-8\"\n",
		 FULL("1", "terminated"));
	assert_int_equal(ksr_counter("notifies"), 2);
	/* one without a body says nothing new, nor does a version that is old */
	good(3, "Event: reg\nSubscription-State: active\n", "");
	good(4, active, FULL("1", "active"));
	assert_int_equal(ksr_counter("notifies"), 2);
	good(5, "Event: reg\nSubscription-State: terminated;reason=rejected\n" TYPE,
		 FULL("2", "terminated"));
	assert_int_equal(ksr_counter("notifies"), 3);
	assert_string_equal(state_of(), "denied");
}

/* It makes the dialog; its Record-Route is the route set as it is. */
static void test_notify_before_the_answer(void **state)
{
	subscribe();
	good(1,
		 "Record-Route: <sip:r1.test;lr>, <sip:r2.test;lr>\nEvent: reg\n"
		 "Subscription-State: active\n" TYPE,
		 FULL("0", "active"));
	assert_string_equal(state_of(), "active");
	answer_with(200, "");
	ksr_clock.mono_ms += 6600 * 1000;
	wk_regevent_tick();
	assert_contains(ksr_tm.sent, "route sip:r1.test;lr\nroute sip:r2.test;lr\ncall-id ");
}

static void test_notify_refused(void **state)
{
	accepted();
	good(1, active, FULL("0", "active"));
	refused(notify_as("NOTIFY", "stranger", 2, active, FULL("1", "active")), "dialog_unknown", 481,
			"");
	refused(notify_with(1, active, FULL("1", "active")), "cseq_old", 500, "");
	refused(notify_as("MESSAGE", glue_sent("from-tag "), 2, active, ""), "request_malformed", 400,
			"");
	refused(notify_with(2, "Event: presence\nSubscription-State: active\n", ""), "event_unknown",
			489, "Allow-Events: reg\n");
	refused(notify_with(2, "Subscription-State: active\n", ""), "event_unknown", 489,
			"Allow-Events: reg\n");
	refused(notify_with(2, "Event: reg\n" TYPE, FULL("1", "active")), "request_malformed", 400, "");
	refused(notify_with(2, "Record-Route: <sip:x\nEvent: reg\nSubscription-State: active\n", ""),
			"request_malformed", 400, "");
	assert_int_equal(ksr_counter("notifies"), 1);
	good(2, active, FULL("1", "active"));
	/* these are in the dialog, and count as seen */
	refused(notify_with(3, "Event: reg\nSubscription-State: active\nContent-Type: text/plain\n",
						FULL("2", "active")),
			"body_type", 415, "Accept: application/reginfo+xml\n");
	refused(notify_with(4, "Event: reg\nSubscription-State: active\n", FULL("2", "active")),
			"body_type", 415, "Accept: application/reginfo+xml\n");
	refused(notify_with(5, active, "<reginfo"), "body_xml", 400, "");
	refused(notify_with(6, active, "<reginfo/>"), "reginfo_missing", 400, "");
	refused(notify_with(7, active, FULL("two", "active")), "reginfo_value", 400, "");
	assert_int_equal(ksr_counter("notifies"), 2);
	/* one that cannot be read may have said anything */
	ksr_tm.requests = 0;
	ksr_clock.mono_ms += 5000;
	wk_regevent_tick();
	assert_int_equal(ksr_tm.requests, 1);
	assert_contains(ksr_tm.sent, "method SUBSCRIBE\ntarget sip:scscf.ims.test:6060\n");
}

static void test_notify_without_memory(void **state)
{
	sip_msg_t *msg;

	accepted();
	msg = notify_with(1, "Event: presence\nSubscription-State: active\n", "");
	ksr_memory.left = 0;
	assert_int_equal(wk_reg_notify(msg), WK_FALSE);
	assert_reason(msg, "no_memory");
	ksr_memory.left = SIZE_MAX;
	ksr_msg_free(msg);
	msg = notify_with(1, active, FULL("0", "active"));
	ksr_tm.newtran = 0;
	assert_int_equal(wk_reg_notify(msg), WK_FALSE);
	assert_reason(msg, "internal");
	ksr_tm.newtran = 1;
	ksr_sl.fails = true;
	assert_int_equal(wk_reg_notify(msg), WK_FALSE);
	assert_reason(msg, "internal");
	ksr_msg_free(msg);
}

/* ---- RPC ---- */

static void test_rpc(void **state)
{
	assert_string_equal(ksr_rpc_run("webrtc_ims.subscriptions", NULL, NULL), "");
	assert_contains(ksr_rpc_run("webrtc_ims.subscription", "refresh", "sip:a@ims.test"), "404 ");
	assert_contains(ksr_rpc_run("webrtc_ims.subscription", "renew", "sip:a@ims.test"), "400 ");
	assert_contains(ksr_rpc_run("webrtc_ims.subscription", "subscribe", "<>"), "400 uri_bad");
	assert_string_equal(ksr_rpc_run("webrtc_ims.subscription", "subscribe", "sip:range1@ims.test"),
						"");
	wk_regevent_tick();
	answer_with(200, "Expires: 7200\n");
	good(9, active, FULL("4", "active"));
	assert_contains(ksr_rpc_run("webrtc_ims.subscriptions", NULL, NULL),
					"identity=sip:range1@ims.test state=active expires=7200 next=6600 "
					"last_answer=200 failures=0 ended= notifies=1 version=4");
	assert_string_equal(ksr_rpc_run("webrtc_ims.subscriptions", "1", NULL), "");
	assert_contains(ksr_rpc_run("webrtc_ims.subscriptions", "-1", NULL), "400 SKIP: must be 0");
	good(10, "Event: reg\nSubscription-State: terminated;reason=noresource\n", "");
	assert_contains(ksr_rpc_run("webrtc_ims.subscriptions", NULL, NULL),
					"state=denied expires=-1 next=-1 last_answer=200 failures=0 ended=noresource");
	assert_string_equal(
			ksr_rpc_run("webrtc_ims.subscription", "unsubscribe", "sip:range1@ims.test"), "");
	assert_string_equal(ksr_rpc_run("webrtc_ims.subscriptions", NULL, NULL), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			sub_test(test_subscribe),
			sub_test(test_longer_than_the_registration),
			sub_test(test_answers),
			sub_test(test_cannot_send),
			sub_test(test_switched_off),
			sub_test(test_unsubscribe),
			sub_test(test_limit),
			sub_test(test_notify),
			sub_test(test_notify_before_the_answer),
			sub_test(test_notify_refused),
			sub_test(test_notify_without_memory),
			sub_test(test_rpc),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
