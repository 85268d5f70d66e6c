/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_handshake.h"
#include "wk_params.h"

static int setup(void **state)
{
	wk_params.handshake_timeout = 5;
	return glue_setup(state);
}

/* So many rounds, a second each. */
static void rounds(unsigned n)
{
	while(n-- > 0) {
		ksr_clock.mono_ms += 1000;
		wk_handshake_tick();
		wk_handshake_tick(); /* in the same second: nothing */
	}
}

static void open_as(uint32_t conn, int proto, bool accepted)
{
	ksr_tcp_open(conn);
	ksr_tcp_become(conn, proto, accepted);
}

static void test_late(void **state)
{
	rounds(3);
	open_as(20, PROTO_TLS, true);
	rounds(5);
	assert_int_equal(ksr_tcp_asked(), 0);
	rounds(2);
	assert_int_equal(ksr_tcp_asked(), 20);
	assert_int_equal(ksr_counter("handshakes_cut"), 1);
}

/* A WebSocket, the core's connections, and those that we opened. */
static void test_others(void **state)
{
	open_as(30, PROTO_WSS, true);
	open_as(31, PROTO_TCP, true);
	open_as(32, PROTO_TLS, false);
	rounds(20);
	assert_int_equal(ksr_tcp_asked(), 0);
	assert_int_equal(ksr_counter("handshakes_cut"), 0);
}

/* However many come behind it. */
static void test_in_time(void **state)
{
	open_as(40, PROTO_TLS, true);
	rounds(4);
	ksr_tcp_become(40, PROTO_WSS, true);
	open_as(41, PROTO_TLS, true);
	rounds(4);
	assert_int_equal(ksr_tcp_asked(), 0);
}

static void test_switched_off(void **state)
{
	wk_params.handshake_timeout = 0;
	open_as(50, PROTO_TLS, true);
	rounds(70);
	assert_int_equal(ksr_tcp_asked(), 0);
}

int main(void)
{
#define handshake_test(f) cmocka_unit_test_setup_teardown(f, setup, glue_teardown)
	const struct CMUnitTest tests[] = {
			handshake_test(test_late),
			handshake_test(test_others),
			handshake_test(test_in_time),
			handshake_test(test_switched_off),
	};

	return cmocka_run_group_tests_name("handshake", tests, glue_group_setup, glue_group_teardown);
}
