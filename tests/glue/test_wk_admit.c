/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "call_help.h"

#include <time.h>
#include <unistd.h>

#include "wk_admit.h"
#include "wk_call.h"
#include "wk_load.h"
#include "wk_params.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_screen.h"
#include "wk_state.h"

static void judge(sip_msg_t *msg, int level, const char *reason)
{
	wk_load_pin(level);
	call_expect(msg, wk_admit, reason);
	wk_load_pin(-1);
}

/* It passes up to that level, and not a class above it. */
static void expect_class(sip_msg_t *msg, int level)
{
	judge(msg, level, "ok");
	judge(msg, level + WIMS_SHED_STEP, "overloaded");
	ksr_msg_free(msg);
}

static void expect_always(sip_msg_t *msg)
{
	judge(msg, WIMS_SHED_MAX, "ok");
	ksr_msg_free(msg);
}

static void test_of_wics(void **state)
{
	static const char *const always[] = {"ACK", "BYE", "CANCEL"};
	sip_msg_t *invite = call_from_wic(GLUE_CONN, "INVITE", "", "");
	size_t i;

	expect_class(call_from_wic(CALL_OTHER_CONN, "REGISTER", "", ""), 0);
	expect_class(call_from_wic(CALL_OTHER_CONN, "REGISTER", ";tag=x", ""), 0);
	expect_class(call_from_wic(99, "REGISTER", "", ""), 0); /* no connection of ours */
	expect_class(call_from_wic(GLUE_CONN, "INVITE", "", ""), 1000);
	expect_class(call_from_wic(GLUE_CONN, "MESSAGE", "", "Priority: psap-callback\n"), 1000);
	expect_class(call_from_wic(GLUE_CONN, "REGISTER", "", ""), 2000);
	expect_class(call_from_wic(GLUE_CONN, "INFO", ";tag=x", ""), 1000); /* it has no call */
	ksr_tm_new(invite);
	call_expect(invite, wk_originate, "ok");
	expect_class(call_from_wic(GLUE_CONN, "INVITE", ";tag=x", ""), 3000);
	expect_class(call_from_wic(GLUE_CONN, "INFO", ";tag=x", ""), 3000);
	expect_class(call_from_wic(CALL_OTHER_CONN, "INFO", ";tag=x", ""), 1000);
	ksr_tm_end(487);
	ksr_msg_free(invite);
	for(i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		expect_always(call_from_wic(GLUE_CONN, always[i], ";tag=x", ""));
	expect_always(call_from_wic_to(CALL_OTHER_CONN, "INVITE", "urn:service:sos", "", ""));
	assert_int_equal(ksr_counter("refused_registers"), 3);
	assert_int_equal(ksr_counter("refused_requests"), 4);
	assert_int_equal(ksr_counter("refused_refreshes"), 1);
	assert_int_equal(ksr_counter("refused_in_dialog"), 2);
	assert_int_equal(ksr_counter("overloaded"), 10);
	assert_int_equal(ksr_load.draws, 0);
}

static void test_of_the_core(void **state)
{
	sip_msg_t *msg;

	expect_class(call_to_wic("INVITE", call_contact_user, ""), 1000);
	expect_class(call_to_wic("INVITE", call_contact_user, "Priority: emergency\n"), 1000);
	expect_always(call_to_wic("INVITE", call_contact_user, "Priority:  PSAP-callback \n"));
	expect_always(call_to_wic("BYE", call_contact_user, ""));
	msg = ksr_msg(PROTO_UDP, 0,
				  "INFO sip:a@ims.test SIP/2.0\nTo: <sip:a@ims.test>;tag=x\n"
				  "From: <sip:b@ims.test>;tag=y\nCall-ID: c\nCSeq: 1 INFO\n\n");
	expect_class(msg, 3000);
}

static void test_in_part(void **state)
{
	sip_msg_t *msg = call_from_wic(GLUE_CONN, "INVITE", "", "");

	ksr_load.draw = 299;
	judge(msg, 1300, "overloaded");
	ksr_load.draw = 300;
	judge(msg, 1300, "ok");
	assert_int_equal(ksr_load.draws, 2);
	ksr_msg_free(msg);
}

/* By wims_screen, and then not again. */
static void test_register_is_judged_once(void **state)
{
	sip_msg_t *msg = call_from_wic(CALL_OTHER_CONN, "REGISTER", "", "");
	sip_msg_t *again = call_from_wic(CALL_OTHER_CONN, "REGISTER", "", "");
	sip_msg_t *invite = call_from_wic(GLUE_CONN, "INVITE", "", "");

	ksr_load.draw = 500;
	wk_load_pin(500);
	call_expect(msg, wk_screen, "ok");
	wk_load_pin(WIMS_SHED_MAX);
	call_expect(msg, wk_admit, "ok");
	assert_int_equal(ksr_load.draws, 1);
	call_expect(again, wk_screen, "overloaded");
	call_expect(invite, wk_screen, "ok");
	call_expect(invite, wk_admit, "overloaded");
	assert_int_equal(ksr_counter("refused_registers"), 1);
	assert_int_equal(ksr_counter("refused_requests"), 1);
	wk_load_pin(-1);
	ksr_msg_free(msg);
	ksr_msg_free(again);
	ksr_msg_free(invite);
}

static void test_answer(void **state)
{
	sip_msg_t *msg = call_from_wic(CALL_OTHER_CONN, "REGISTER", "", "");

	judge(msg, WIMS_SHED_MAX, "overloaded");
	assert_int_equal(wk_reply(msg), WK_TRUE);
	assert_int_equal(ksr_sl.code, 503);
	assert_contains(ksr_reply_lines(msg), "Retry-After: ");
	assert_int_equal(glue_counts().closing, 0);
	ksr_msg_free(msg);
}

/* Refused and answered, over and over: what of a TCP worker's time is said to go there. */
static int64_t refusing(uint32_t conn, const char *method)
{
	int i;

	for(i = 0; i < 28; i++) {
		sip_msg_t *msg = call_from_wic(conn, method, "", "");
		clock_t end = clock() + CLOCKS_PER_SEC / 1000;

		wk_load_arrived();
		call_expect(msg, wk_admit, "overloaded");
		while(clock() < end)
			;
		assert_int_equal(wk_reply(msg), WK_TRUE);
		ksr_msg_free(msg);
	}
	wk_load_arrived();
	ksr_clock.mono_ms += WIMS_LOAD_BEAT_MS;
	wk_load_tick();
	return ksr_counter("load_refusing");
}

/* Of what is refused only refreshes are spared when it takes too much. */
static void test_only_refreshes_count(void **state)
{
	ksr_process_add(getpid(), "tcp receiver (generic)");
	wk_load_pin(WIMS_SHED_MAX);
	wk_load_tick();
	assert_int_equal(refusing(CALL_OTHER_CONN, "REGISTER"), 0);
	assert_int_equal(refusing(GLUE_CONN, "MESSAGE"), 0);
	assert_int_equal(refusing(99, "REGISTER"), 0);
	assert_in_range(refusing(GLUE_CONN, "REGISTER"), 20, 100);
	wk_load_pin(-1);
}

/* Is it open after so many seconds more? */
static bool open_after(int seconds)
{
	struct wims_action a;
	enum wims_reason r;

	ksr_clock.mono_ms += seconds * INT64_C(1000);
	while(glue_next_action(&a))
		;
	r = wims_flow_check(wk_flows_lock(), CALL_OTHER_CONN, NULL);
	wk_flows_unlock();
	return r == WIMS_OK;
}

/* Who is told to come back may do so by the same WebSocket. */
static void test_time_to_come_back(void **state)
{
	sip_msg_t *msg = call_from_wic(CALL_OTHER_CONN, "REGISTER", "", "");

	assert_int_equal(wk_outcome(msg, WIMS_OVERLOADED), WK_FALSE);
	assert_true(open_after(8));
	assert_int_equal(wk_reply(msg), WK_TRUE);
	assert_true(open_after(wk_params.retry_after + 9));
	assert_false(open_after(wk_params.retry_after + 2));
	ksr_msg_free(msg);
}

/* Who was too fast has no more time for it. */

static void test_too_fast(void **state)
{
	sip_msg_t *msg = call_from_wic(CALL_OTHER_CONN, "REGISTER", "", "");

	assert_int_equal(wk_outcome(msg, WIMS_RATE_EXCEEDED), WK_FALSE);
	assert_true(open_after(8));
	assert_int_equal(wk_reply(msg), WK_TRUE);
	assert_false(open_after(3));
	ksr_msg_free(msg);
}

static int setup_with_a_timeout(void **state)
{
	int rc;

	wk_params.unregistered_timeout = 10;
	rc = call_setup(state);
	wk_params.unregistered_timeout = 0;
	return rc;
}

/* What cannot be read is no class at all. */
static void test_malformed(void **state)
{
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, "INVITE sip:a@ims.test SIP/2.0\nVia: nothing\n\n");

	judge(msg, WIMS_SHED_MAX, "request_malformed");
	judge(msg, 0, "ok"); /* others look at it */
	ksr_msg_free(msg);
}

#define call_test(f) cmocka_unit_test_setup_teardown(f, call_setup, glue_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			call_test(test_of_wics),
			call_test(test_of_the_core),
			call_test(test_in_part),
			call_test(test_only_refreshes_count),
			call_test(test_register_is_judged_once),
			call_test(test_answer),
			call_test(test_malformed),
			cmocka_unit_test_setup_teardown(test_time_to_come_back, setup_with_a_timeout,
											glue_teardown),
			cmocka_unit_test_setup_teardown(test_too_fast, setup_with_a_timeout, glue_teardown)};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
