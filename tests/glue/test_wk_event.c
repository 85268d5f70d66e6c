/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_event.h"
#include "wk_params.h"
#include "wk_result.h"

static const struct wk_event_fields fields = {
		.wwsf = WIMS_PL("gone"), /* may have left the provisioning */
		.subject = WIMS_PL("u1"),
		.impu = WIMS_PL("sip:alice@ims.test"),
		.impi = WIMS_PL("alice@ims.test"),
		.reason = WIMS_PL("token_expired"),
		.connection = GLUE_CONN,
};
static sip_msg_t *seen;

static int setup(void **state)
{
	wk_params.event_callback = "";
	seen = NULL;
	return glue_setup(state);
}

static int teardown(void **state)
{
	wk_params.event_callback = "";
	ksr_reset();
	return glue_teardown(state);
}

static void look(sip_msg_t *msg)
{
	seen = msg;
	assert_string_equal(ksr_pv(msg, "impu"), "sip:alice@ims.test");
	assert_string_equal(ksr_pv(msg, "impi"), "alice@ims.test");
	assert_string_equal(ksr_pv(msg, "subject"), "u1");
	assert_string_equal(ksr_pv(msg, "wwsf"), "gone");
	assert_string_equal(ksr_pv(msg, "reason"), "token_expired");
	assert_string_equal(ksr_pv(msg, "connection"), "7");
	assert_string_equal(ksr_pv(msg, "jti"), "$null");
	assert_string_equal(ksr_pv(msg, "issuer"), "$null");
}

static void look_at_trouble(sip_msg_t *msg)
{
	assert_string_equal(ksr_pv(msg, "wwsf"), "wwsf1");
	assert_string_equal(ksr_pv(msg, "reason"), "key_unknown");
	assert_string_equal(ksr_pv(msg, "impu"), "$null");
	assert_string_equal(ksr_pv(msg, "impi"), "$null");
	assert_string_equal(ksr_pv(msg, "subject"), "$null");
	assert_string_equal(ksr_pv(msg, "connection"), "0");
}

static void test_runs_the_route(void **state)
{
	ksr_route.name = "webrtc-ims:token-expired";
	ksr_route.look = look;
	assert_int_equal(wk_event_init(), 0);
	wk_event_run(WK_ON_TOKEN_EXPIRED, &fields);
	assert_int_equal(ksr_route.runs, 1);
	assert_int_equal(ksr_route.resets, 1);
	assert_string_equal(ksr_route.how, "route");
	assert_int_equal(get_route_type(), REQUEST_ROUTE);
	/* the other one is not there */
	wk_event_run(WK_ON_KEY_TROUBLE, &fields);
	assert_int_equal(ksr_route.runs, 1);
}

/* The fields belong to the run and to nothing behind it. */
static void test_fields_end_with_the_run(void **state)
{
	ksr_route.name = "webrtc-ims:token-expired";
	ksr_route.look = look;
	assert_int_equal(wk_event_init(), 0);
	wk_event_run(WK_ON_TOKEN_EXPIRED, &fields);
	assert_non_null(seen);
	assert_string_equal(ksr_pv(seen, "subject"), "$null");
	assert_string_equal(ksr_pv(seen, "wwsf"), "$null");
	assert_string_equal(ksr_pv(seen, "reason"), "ok");
}

static void test_key_trouble(void **state)
{
	const struct wk_event_fields trouble = {.wwsf = WIMS_PL("wwsf1"),
											.reason = WIMS_PL("key_unknown")};

	ksr_route.name = "webrtc-ims:key-trouble";
	ksr_route.look = look_at_trouble;
	assert_int_equal(wk_event_init(), 0);
	wk_event_run(WK_ON_KEY_TROUBLE, &trouble);
	assert_int_equal(ksr_route.runs, 1);
}

static void test_no_route(void **state)
{
	assert_int_equal(wk_event_init(), 0);
	wk_event_run(WK_ON_TOKEN_EXPIRED, &fields);
	ksr_route.name = "webrtc-ims:token-expired";
	ksr_route.empty = true;
	assert_int_equal(wk_event_init(), 0);
	wk_event_run(WK_ON_TOKEN_EXPIRED, &fields);
	assert_int_equal(ksr_route.runs, 0);
}

static void test_no_message(void **state)
{
	ksr_route.name = "webrtc-ims:token-expired";
	ksr_route.no_message = true;
	assert_int_equal(wk_event_init(), 0);
	wk_event_run(WK_ON_TOKEN_EXPIRED, &fields);
	assert_int_equal(ksr_route.runs, 0);
	assert_contains(ksr_log(), "no message for webrtc-ims:token-expired");
}

static void test_kemi(void **state)
{
	wk_params.event_callback = "on_event";
	ksr_route.engine = true;
	ksr_route.look = look;
	ksr_log_clear();
	assert_int_equal(wk_event_init(), 0);
	wk_event_run(WK_ON_TOKEN_EXPIRED, &fields);
	assert_string_equal(ksr_route.how, "kemi");
	assert_string_equal(ksr_route.callback, "on_event(webrtc-ims:token-expired)");
	assert_int_equal(ksr_route.resets, 1);
	assert_string_equal(ksr_log(), "");
	ksr_route.fails = true;
	wk_event_run(WK_ON_TOKEN_EXPIRED, &fields);
	assert_int_equal(ksr_route.runs, 2);
	assert_contains(ksr_log(), "event_callback=on_event failed");
	assert_int_equal(get_route_type(), REQUEST_ROUTE);
}

static void test_callback_needs_an_engine(void **state)
{
	wk_params.event_callback = "on_event";
	assert_int_equal(wk_event_init(), -1);
	assert_contains(ksr_log(), "modparam event_callback=on_event: must be empty without");
}

/* A message that came in names the connection it came over. */
static void test_connection_of_a_message(void **state)
{
	static const char options[] = "OPTIONS sip:ims.test SIP/2.0\nCall-ID: c1\nCSeq: 1 OPTIONS\n\n";
	sip_msg_t *wic = ksr_msg(PROTO_WSS, GLUE_CONN, options);
	sip_msg_t *core = ksr_msg(PROTO_UDP, 3, options);

	wk_result(wic);
	assert_string_equal(ksr_pv(wic, "connection"), "7");
	wk_result(core);
	assert_string_equal(ksr_pv(core, "connection"), "0");
	assert_string_equal(ksr_pv(core, "nonsense"), "no such name");
	ksr_msg_free(wic);
	ksr_msg_free(core);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_runs_the_route),
			T(test_fields_end_with_the_run),
			T(test_key_trouble),
			T(test_no_route),
			T(test_no_message),
			T(test_kemi),
			T(test_callback_needs_an_engine),
			T(test_connection_of_a_message),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
