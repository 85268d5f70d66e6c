/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "call_help.h"

#include "flow/wims_flow_rate.h"
#include "wk_emergency.h"
#include "wk_limits.h"
#include "wk_params.h"
#include "wk_reply.h"
#include "wk_screen.h"
#include "wk_state.h"

enum
{
	BURST = 4
};

static int setup(void **state)
{
	wk_params.ecscf = "sip:ecscf.ims.test:5070";
	wk_params.request_rate = 2;
	wk_params.request_burst = BURST;
	return call_setup(state);
}

static int teardown(void **state)
{
	wk_params.request_rate = 20;
	wk_params.request_burst = 100;
	return glue_teardown(state);
}

static void ask(uint32_t conn, const char *method, const char *uri, const char *reason)
{
	sip_msg_t *msg = call_from_wic_to(conn, method, uri, "", "");
	bool ok = strcmp(reason, "ok") == 0;

	assert_int_equal(wk_screen(msg), ok ? WK_TRUE : WK_FALSE);
	assert_reason(msg, reason);
	if(!ok)
		assert_int_equal(wk_reply(msg), WK_TRUE);
	ksr_msg_free(msg);
}

static void ask_many(uint32_t conn, unsigned n, const char *reason)
{
	while(n-- > 0)
		ask(conn, "MESSAGE", "sip:b@ims.test", reason);
}

static bool closing(uint32_t conn)
{
	enum wims_reason r = wims_flow_check(wk_flows_lock(), conn, NULL);

	wk_flows_unlock();
	return r == WIMS_FLOW_CLOSING;
}

static void test_rate(void **state)
{
	ask_many(GLUE_CONN, BURST, "ok");
	ask_many(GLUE_CONN, 2, "rate_exceeded");
	assert_int_equal(ksr_sl.code, 503);
	/* another one is not its neighbour's keeper */
	ask_many(GLUE_THIN_CONN, 1, "ok");
	ksr_clock.mono_ms += 500;
	ask_many(GLUE_CONN, 1, "ok");
	ask_many(GLUE_CONN, 1, "rate_exceeded");
	assert_false(closing(GLUE_CONN));
	assert_int_equal(ksr_counter("rate_exceeded"), 3);
}

/* Whatever may be switched off for refused tokens. */
static void test_flood_is_closed(void **state)
{
	struct wims_action a;

	wk_params.close_on_refusal = 0;
	ask_many(GLUE_CONN, BURST, "ok");
	ask_many(GLUE_CONN, BURST, "rate_exceeded");
	assert_false(closing(GLUE_CONN));
	ask_many(GLUE_CONN, 1, "rate_flooded");
	wk_params.close_on_refusal = 1;
	assert_true(closing(GLUE_CONN));
	assert_true(glue_next_action(&a));
	assert_int_equal(a.kind, WIMS_ACT_CLOSE);
	assert_int_equal(a.close_code, 4503);
	assert_string_equal(a.close_text, "rate_flooded");
	ask_many(GLUE_CONN, 1, "flow_closing");
}

static void test_emergency(void **state)
{
	sip_msg_t *msg;

	ask_many(GLUE_CONN, BURST, "ok");
	ask_many(GLUE_CONN, 1, "rate_exceeded");
	ask(GLUE_CONN, "INVITE", "urn:service:sos", "ok");
	ask(GLUE_CONN, "INVITE", "urn:service:sos", "ok");
	/* what only looks like one is none */
	ask(GLUE_CONN, "SUBSCRIBE", "urn:service:sos", "rate_exceeded");
	msg = call_from_wic_to(GLUE_CONN, "INVITE", "urn:service:sos", "", "");
	call_expect(msg, wk_emergency_apply, "ok");
	/* they are counted, and it is a flood in the end: not one to be cut off */
	ask_many(GLUE_CONN, 2, "rate_flooded");
	assert_false(closing(GLUE_CONN));
	ksr_msg_free(msg);
}

static void in_call(unsigned n, const char *reason)
{
	while(n-- > 0) {
		sip_msg_t *msg = call_from_wic_to(GLUE_CONN, "INFO", "sip:psap@ims.test", ";tag=p", "");

		call_expect(msg, wk_screen, reason);
		ksr_msg_free(msg);
	}
}

/* Within an emergency call there is much room, and an end to it. */
static void test_emergency_call(void **state)
{
	sip_msg_t *msg = call_from_wic_to(GLUE_CONN, "INVITE", "urn:service:sos", "", "");

	call_expect(msg, wk_emergency_apply, "ok");
	in_call(BURST + WIMS_HELPED_BURST, "ok");
	in_call(1, "rate_exceeded");
	ksr_clock.mono_ms += WIMS_HELPED_EACH_MS;
	in_call(1, "ok");
	in_call(1, "rate_exceeded");
	/* another one may be asked for */
	ask(GLUE_CONN, "INVITE", "urn:service:sos", "ok");
	assert_false(closing(GLUE_CONN));
	ksr_msg_free(msg);
}

static void stray(uint32_t conn, unsigned n)
{
	while(n-- > 0) {
		sip_msg_t *msg = ksr_msg(PROTO_WSS, conn,
								 "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKo\n"
								 "To: <sip:b@ims.test>;tag=t\nFrom: <sip:a@ims.test>;tag=f\n"
								 "Call-ID: c1\nCSeq: 1 INVITE\n\n");

		assert_int_equal(wk_screen_reply(msg), WK_FALSE);
		ksr_msg_free(msg);
	}
}

static void test_stray_answers(void **state)
{
	stray(GLUE_CONN, 2 * BURST);
	assert_false(closing(GLUE_CONN));
	ask_many(GLUE_CONN, 1, "rate_flooded");
	stray(GLUE_THIN_CONN, 2 * BURST + 1);
	assert_true(closing(GLUE_THIN_CONN));
}

/* Messages as they arrive, whatever they are. */
static void arrive(int proto, uint32_t conn, unsigned n)
{
	struct receive_info rcv = {.proto = (char)proto, .proto_reserved1 = (int)conn};
	str text = str_init("any");
	sr_event_param_t event = {.data = &text, .rcv = &rcv};

	while(n-- > 0)
		assert_int_equal(ksr_core.on_data_in(&event), 0);
}

static void test_arrivals(void **state)
{
	sr_event_param_t nothing = {.rcv = NULL};

	assert_int_equal(wk_screen_watch(), 0);
	arrive(PROTO_WSS, GLUE_CONN, 10 * BURST);
	assert_false(closing(GLUE_CONN));
	ask_many(GLUE_CONN, 1, "ok");
	/* the core's connection numbers are no WIC's */
	arrive(PROTO_TCP, GLUE_CONN, 10 * BURST);
	assert_false(closing(GLUE_CONN));
	arrive(PROTO_WSS, GLUE_CONN, 1);
	assert_true(closing(GLUE_CONN));
	assert_int_equal(ksr_counter("rate_flooded"), 1);
	arrive(PROTO_WSS, GLUE_CONN, 1);
	assert_int_equal(ksr_counter("rate_flooded"), 1);
	assert_int_equal(ksr_core.on_data_in(&nothing), 0);
}

/* Nothing that floods is let go on, whatever call it has. */
static void test_arrivals_in_emergency(void **state)
{
	sip_msg_t *msg = call_from_wic_to(GLUE_CONN, "INVITE", "urn:service:sos", "", "");

	assert_int_equal(wk_screen_watch(), 0);
	call_expect(msg, wk_emergency_apply, "ok");
	arrive(PROTO_WSS, GLUE_CONN, (WIMS_BEYOND + 1) * 10 * BURST);
	assert_false(closing(GLUE_CONN));
	arrive(PROTO_WSS, GLUE_CONN, 1);
	assert_true(closing(GLUE_CONN));
	ksr_msg_free(msg);
}

#define REST(rate) \
	"request_rate=" rate "\nrequest_burst=4\nban_strikes=100\nban_window=60\nban_time=300\n"

static void expect_rpc(const char *name, const char *value, const char *want)
{
	assert_string_equal(ksr_rpc_run("webrtc_ims.limits", name, value), want);
}

static void test_rpc(void **state)
{
	expect_rpc(NULL, NULL, REST("2"));
	expect_rpc("request_rate", "10001", "400 request_rate: must be 0..10000\n");
	expect_rpc("request_burst", "0", "400 request_burst: must be 1..100000\n");
	expect_rpc("request_rate", "20/s", "400 request_rate: must be 0..10000\n");
	expect_rpc("request_rate", "-1", "400 request_rate: must be 0..10000\n");
	expect_rpc("request_rate", KSR_RPC_ODD, "400 request_rate: must be there, 0..10000\n");
	expect_rpc("max_calls", "1", "404 no such limit\n");
	expect_rpc("request_burst", NULL, "400 request_burst: must be there, 1..100000\n");
	expect_rpc(NULL, NULL, REST("2"));
	ask_many(GLUE_CONN, BURST, "ok");
	ask_many(GLUE_CONN, 1, "rate_exceeded");
	expect_rpc("request_rate", "0", REST("0"));
	ask_many(GLUE_CONN, 100, "ok");
}

static void test_no_memory(void **state)
{
	wk_limits_destroy();
	ksr_memory.left = 0;
	assert_int_equal(wk_limits_init(), -1);
	ksr_memory.left = SIZE_MAX;
}

int main(void)
{
#define limits_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
			limits_test(test_rate),          limits_test(test_flood_is_closed),
			limits_test(test_emergency),     limits_test(test_emergency_call),
			limits_test(test_stray_answers), limits_test(test_rpc),
			limits_test(test_arrivals),      limits_test(test_arrivals_in_emergency),
			limits_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("limits", tests, glue_group_setup, glue_group_teardown);
}
