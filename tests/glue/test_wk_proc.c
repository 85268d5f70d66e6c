/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_proc.c"

/* The clock of the process goes on over all tests: its sweep remembers when
 * it began last. */
static int64_t clock_ms = 1000000;

static int setup(void **state)
{
	if(glue_setup(state) < 0)
		return -1;
	clock_ms += 10000;
	ksr_clock.mono_ms = clock_ms;
	return wk_proc_fork();
}

/* One tick, that much later. */
static void tick_after(int64_t ms)
{
	clock_ms += ms;
	ksr_clock.mono_ms = clock_ms;
	assert_int_equal(turn(clock_ms), clock_ms + wk_params.tick_ms);
}

static void test_forks(void **state)
{
	assert_string_equal(ksr_core.forked, "WIMS");
	ksr_core.fork_fails = true;
	assert_int_equal(wk_proc_fork(), -1);
}

/* Ticks keep their period when they come a little late, and are not made up
 * for after a long one. */
static void test_cadence(void **state)
{
	assert_int_equal(turn(clock_ms - 7), clock_ms - 7 + wk_params.tick_ms);
	assert_int_equal(turn(clock_ms - 3000), clock_ms);
}

/* Settings that were changed meanwhile count in the next tick, and between. */
static void test_settings(void **state)
{
	ksr_cfg_change();
	turn(clock_ms);
	assert_true(ksr_cfg_taken());
	ksr_cfg_change();
	wk_proc_wake();
	turn(clock_ms + 3000);
	assert_true(ksr_cfg_taken());
}

/* Between two ticks: what is put wakes the process, which takes it and keeps
 * to the time of its next tick. The wait would be 3 s. */
static void test_wakes(void **state)
{
	wk_queue_put(GLUE_CONN);
	assert_int_equal(turn(clock_ms + 3000), clock_ms + 3000);
	assert_int_equal(glue_counts().connections, 1);
	assert_int_equal(ksr_counter("connections_lost"), 1);
	wk_queue_put(GLUE_THIN_CONN);
	assert_int_equal(turn(clock_ms + 3000), clock_ms + 3000);
	assert_int_equal(glue_counts().connections, 0);
}

/* A storm of wake-ups is one write. */
static void test_wakes_once(void **state)
{
	uint64_t writes = 0;
	int i;

	for(i = 0; i < 1000; i++)
		wk_proc_wake();
	assert_int_equal(read(wake_fd, &writes, sizeof(writes)), sizeof(writes));
	assert_int_equal(writes, 1);
	wk_proc_wake();
	assert_int_equal(read(wake_fd, &writes, sizeof(writes)), -1);
	take_wake();
	wk_proc_wake();
	assert_int_equal(read(wake_fd, &writes, sizeof(writes)), sizeof(writes));
}

/* Nothing to do: it waits no longer than until the next tick. */
static void test_waits(void **state)
{
	take_news(); /* nobody has woken it */
	assert_int_equal(turn(clock_ms + 10), clock_ms + 10);
	assert_int_equal(glue_counts().connections, 2);
}

static void test_event_ends_connection(void **state)
{
	wk_queue_put(GLUE_CONN);
	wk_queue_put(4711); /* none of ours */
	tick_after(1);
	assert_int_equal(glue_counts().connections, 1);
	assert_int_equal(ksr_counter("connections_lost"), 1);
	assert_int_equal(ksr_counter("lost_by_sweep"), 0);
}

/* More events than are taken at once: all in the same tick. */
static void test_many_events(void **state)
{
	uint32_t i;

	for(i = 0; i < 300; i++)
		assert_int_equal(glue_open(100 + i, "https://wwsf.test", "wwsf1"), 0);
	for(i = 0; i < 300; i++)
		wk_queue_put(100 + i);
	tick_after(1);
	assert_int_equal(glue_counts().connections, 2);
	assert_int_equal(ksr_counter("connections_lost"), 300);
}

/* What nobody tells of is found within a second, and counts as silence. */
static void test_sweep(void **state)
{
	int64_t ms;

	tick_after(1000);
	ksr_tcp_close(GLUE_CONN);
	for(ms = 0; ms < 1000; ms += 50)
		tick_after(50);
	assert_int_equal(glue_counts().connections, 1);
	assert_int_equal(ksr_counter("lost_by_sweep"), 1);
	assert_int_equal(ksr_counter("connections_lost"), 1);
	for(ms = 0; ms < 2000; ms += 50)
		tick_after(50);
	assert_int_equal(ksr_counter("lost_by_sweep"), 1);
}

/* More than one part of a sweep, each id looked at. */
static void test_sweep_of_many(void **state)
{
	uint32_t i;
	int64_t ms;

	for(i = 0; i < 380; i++)
		assert_int_equal(glue_open(100 + i, "https://wwsf.test", "wwsf1"), 0);
	for(i = 0; i < 380; i += 2)
		ksr_tcp_close(100 + i);
	for(ms = 0; ms < 2000; ms += 50)
		tick_after(50);
	assert_int_equal(ksr_counter("lost_by_sweep"), 190);
	assert_int_equal(glue_counts().connections, 192);
}

/* Every connection twice in a period, and not all in the same second. */
static void test_pings_are_spread(void **state)
{
	int sends[30] = {0}, second, total = 0, most = 0;
	uint32_t i;

	for(i = 0; i < 300; i++)
		assert_int_equal(glue_open(100 + i, "https://wwsf.test", "wwsf1"), 0);
	for(second = 0; second < 30; second++) {
		int before = ksr_tcp.sends;
		int64_t ms;

		for(ms = 0; ms < 1000; ms += 50)
			tick_after(50);
		sends[second] = ksr_tcp.sends - before;
	}
	for(second = 0; second < 30; second++) {
		total += sends[second];
		most = sends[second] > most ? sends[second] : most;
	}
	/* 302 connections, a round takes a second at most */
	assert_in_range(total, 2 * 302 * 9 / 10, 2 * 302 * 12 / 10);
	assert_true(most <= 60);
	assert_int_equal(ksr_tcp.frame[0], 0x89);
	assert_memory_equal(ksr_tcp.frame + 2, "wims", 4);
}

/* Rounds of the sweep for that long, the WIC being heard of at each if it
 * answers. */
static void rounds(int64_t ms, bool answers)
{
	int64_t at;

	for(at = 0; at < ms; at += 500) {
		tick_after(500);
		if(answers && ksr_tcp.sends > 0)
			assert_false(wk_ws_heard(GLUE_CONN, NULL, 0));
	}
}

/* Pinged when nothing came for half a period; one that answers stays. */
static void test_quiet(void **state)
{
	int64_t half = wk_params.ping_period * 1000 / 2;

	ksr_tcp_close(GLUE_THIN_CONN);
	rounds(2000, false);
	assert_int_equal(glue_counts().connections, 1);
	ksr_tcp.sends = 0;
	assert_false(wk_ws_heard(GLUE_CONN, NULL, 0));
	rounds(half - 1500, false);
	assert_int_equal(ksr_tcp.sends, 0);
	rounds(3000, true);
	assert_true(ksr_tcp.sends > 0);
	assert_int_equal(ksr_tcp.frame[0], 0x89);
	rounds(4 * half, true);
	assert_int_equal(glue_counts().connections, 1);
}

/* A whole period without a sign of life: cut, and lost by silence. */
static void test_mute(void **state)
{
	int64_t period = wk_params.ping_period * 1000;

	ksr_tcp_close(GLUE_THIN_CONN);
	rounds(2000, false);
	assert_false(wk_ws_heard(GLUE_CONN, NULL, 0));
	rounds(period - 1500, false);
	assert_int_equal(glue_counts().connections, 1);
	assert_int_equal(ksr_counter("lost_by_sweep"), 1);
	rounds(3500, false);
	assert_int_equal(glue_counts().connections, 0);
	assert_int_equal(ksr_counter("lost_by_sweep"), 2);
}

/* ---- actions ---- */

static void test_close_then_cut(void **state)
{
	tick_after(1); /* a round of pings is done */
	ksr_tcp.sends = 0;
	wims_flow_close(wk_flows_lock(), GLUE_CONN, clock_ms, 4401, WIMS_PL("token_expired"), false);
	wk_flows_unlock();
	tick_after(1);
	assert_int_equal(ksr_tcp.sends, 1);
	assert_int_equal(ksr_tcp.to_conn, GLUE_CONN);
	assert_int_equal(ksr_tcp.frame[0], 0x88);
	assert_int_equal(ksr_tcp.frame[2] << 8 | ksr_tcp.frame[3], 4401);
	assert_memory_equal(ksr_tcp.frame + 4, "token_expired", 13);
	assert_int_equal(ksr_counter("connections_closed"), 1);
	assert_int_equal(ksr_counter("connections_cut"), 0);
	assert_contains(ksr_log(), "closing connection 7: 4401 token_expired");
	tick_after(1600);
	assert_int_equal(ksr_counter("connections_cut"), 1);
}

/* A connection that is lost with a binding: de-registered after its grace. */
static void test_dereg(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];

	glue_registered(user);
	wk_queue_put(GLUE_CONN);
	tick_after(1);
	assert_int_equal(ksr_tm.requests, 0);
	assert_int_equal(glue_counts().waiting, 1);
	tick_after(4990);
	assert_int_equal(ksr_tm.requests, 0);
	tick_after(20);
	assert_int_equal(ksr_tm.requests, 1);
	assert_contains(ksr_tm.sent, "method REGISTER\n");
	assert_contains(ksr_tm.sent, user);
	assert_int_equal(glue_counts().bindings, 0);
	tick_after(10000);
	assert_int_equal(ksr_tm.requests, 1);
}

static void confirmed_call(void)
{
	const struct wims_call_in in = {.conn = GLUE_CONN,
									.wic_is_caller = true,
									.call_id = WIMS_PL("call-1"),
									.caller_tag = WIMS_PL("w1"),
									.wic_uri = WIMS_PL("sip:alice@ims.test"),
									.core_uri = WIMS_PL("sip:bob@ims.test"),
									.wic_cseq = 5};
	const struct wims_call_answer answer = {.conn = GLUE_CONN,
											.wic_is_caller = true,
											.call_id = in.call_id,
											.caller_tag = in.caller_tag,
											.callee_tag = WIMS_PL("c1")};
	const struct wims_call_news news = {.core_target = WIMS_PL("sip:bob@192.0.2.5"),
										.confirmed = true};
	uint64_t call;
	struct wims_flows *fs = wk_flows_lock();
	enum wims_reason r = wims_call_open(fs, &in, clock_ms, &call);

	if(r == WIMS_OK)
		r = wims_call_answered(fs, &answer, &news);
	wims_call_settle(fs, call, 0);
	wk_flows_unlock();
	assert_int_equal(r, WIMS_OK);
}

/* ---- the end of a token ---- */

static void look_at_end(sip_msg_t *msg)
{
	assert_string_equal(ksr_pv(msg, "impu"), "sip:alice@ims.test");
	assert_string_equal(ksr_pv(msg, "impi"), "alice@ims.test");
	assert_string_equal(ksr_pv(msg, "subject"), "user-7");
	assert_string_equal(ksr_pv(msg, "wwsf"), "wwsf1");
	assert_string_equal(ksr_pv(msg, "reason"), "token_expired");
	/* the core has been told */
	assert_int_equal(ksr_tm.requests, 1);
}

static void look_at_live_end(sip_msg_t *msg)
{
	look_at_end(msg);
	assert_string_equal(ksr_pv(msg, "connection"), "7");
}

static void look_at_lost_end(sip_msg_t *msg)
{
	look_at_end(msg);
	assert_string_equal(ksr_pv(msg, "connection"), "0");
}

static void with_route(void (*look)(sip_msg_t *msg))
{
	ksr_route.name = "webrtc-ims:token-expired";
	ksr_route.look = look;
	assert_int_equal(wk_event_init(), 0);
}

/* Of 600 s: one second before its end, and then at its end. */
static void run_to_the_end(void)
{
	tick_after(599000);
	assert_int_equal(ksr_route.runs, 0);
	assert_int_equal(ksr_tm.requests, 0);
	tick_after(1000);
}

static void test_token_ends(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];

	glue_registered(user);
	with_route(look_at_live_end);
	run_to_the_end();
	assert_int_equal(ksr_route.runs, 1);
	assert_int_equal(ksr_counter("token_ends"), 1);
	assert_int_equal(ksr_tm.requests, 1);
	assert_contains(ksr_tm.sent, "method REGISTER\n");
	assert_contains(ksr_tm.sent, user);
	assert_contains(ksr_log(), "closing connection 7: 4401 token_expired");
	assert_int_equal(glue_counts().bindings, 0);
	tick_after(10000);
	assert_int_equal(ksr_route.runs, 1);
}

/* In the grace of a connection that is lost. */
static void test_token_of_a_lost_one_ends(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];

	glue_registered(user);
	with_route(look_at_lost_end);
	tick_after(597000);
	wk_queue_put(GLUE_CONN);
	tick_after(2000);
	assert_int_equal(ksr_tm.requests, 0);
	tick_after(1000);
	assert_int_equal(ksr_route.runs, 1);
	assert_int_equal(ksr_tm.requests, 1);
}

/* What leaves for another reason is no end of a token. */
static void test_other_ends_run_nothing(void **state)
{
	char user[WIMS_CONTACT_USER_LEN + 1];

	glue_registered(user);
	with_route(look_at_live_end);
	wk_queue_put(GLUE_CONN);
	tick_after(1);
	tick_after(5000);
	assert_int_equal(ksr_tm.requests, 1);
	assert_int_equal(ksr_route.runs, 0);
	assert_int_equal(ksr_counter("token_ends"), 0);
}

static void test_bye(void **state)
{
	confirmed_call();
	wk_queue_put(GLUE_CONN);
	tick_after(1);
	assert_int_equal(ksr_tm.requests, 1);
	assert_contains(ksr_tm.sent, "method BYE\n");
	assert_contains(ksr_tm.sent, "target sip:bob@192.0.2.5\n");
	assert_int_equal(ksr_counter("bye_sent"), 1);
	assert_int_equal(glue_counts().calls, 0);
}

/* A tick does a bounded number of actions, the next one the rest. */
static void test_bounded(void **state)
{
	uint32_t i;

	for(i = 0; i < 380; i++) {
		assert_int_equal(glue_open(100 + i, "https://wwsf.test", "wwsf1"), 0);
		wims_flow_close(wk_flows_lock(), 100 + i, clock_ms, 4401, WIMS_PL("x"), false);
		wk_flows_unlock();
	}
	tick_after(2000); /* 380 Close frames and the first of 380 cuts */
	assert_int_equal(ksr_counter("connections_closed"), 380);
	assert_int_equal(ksr_counter("connections_cut"), 120);
	tick_after(1);
	assert_int_equal(ksr_counter("connections_cut"), 380);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, glue_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_forks),
			T(test_cadence),
			T(test_settings),
			T(test_wakes),
			T(test_wakes_once),
			T(test_waits),
			T(test_event_ends_connection),
			T(test_many_events),
			T(test_sweep),
			T(test_sweep_of_many),
			T(test_pings_are_spread),
			T(test_quiet),
			T(test_mute),
			T(test_close_then_cut),
			T(test_dereg),
			T(test_token_ends),
			T(test_token_of_a_lost_one_ends),
			T(test_other_ends_run_nothing),
			T(test_bye),
			T(test_bounded),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
