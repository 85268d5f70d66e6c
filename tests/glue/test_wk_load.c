/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <time.h>
#include <unistd.h>

#include "core/globals.h"
#include "core/mem/shm_mem.h"
#include "wk_load.h"
#include "wk_params.h"

static void beats(int n)
{
	while(n-- > 0) {
		ksr_clock.mono_ms += WIMS_LOAD_BEAT_MS;
		wk_load_tick();
	}
}

static void use(unsigned percent)
{
	ksr_load.shm_used = (shm_mem_size * percent + 99) / 100;
}

static void test_memory(void **state)
{
	ksr_log_clear();
	use(40);
	beats(1);
	assert_int_equal(ksr_counter("load_memory"), 40);
	assert_int_equal(wk_load_level(), 0);
	assert_string_equal(ksr_log(), "");
	use(96);
	wk_load_tick(); /* not time yet */
	assert_int_equal(wk_load_level(), 0);
	beats(1);
	assert_in_range(wk_load_level(), 2300, 2400);
	assert_in_range(ksr_counter("overload"), 230, 240);
	assert_contains(ksr_log(), "overload: workers are busy 0 % of their time, buffers 0 % full, "
							   "shared memory 96 % in use: new requests are refused");
	ksr_log_clear();
	beats(3);
	assert_string_equal(ksr_log(), "");
	use(0);
	beats(1);
	assert_int_equal(wk_load_level(), 0);
	assert_contains(ksr_log(), "overload is over");
	ksr_log_clear();
	use(101); /* an allocator that counts otherwise */
	beats(1);
	assert_in_range(ksr_counter("load_memory"), 0, 100);
	use(0);
	beats(1);
}

static void expect_load(const char *argument, const char *want)
{
	const char *got = ksr_rpc_run("webrtc_ims.load", argument, NULL);

	if(strcmp(got, want) != 0)
		fail_msg("load %s: %s", argument == NULL ? "" : argument, got);
}

static void test_rpc(void **state)
{
	static const char *const wrong[] = {"401", "1000", "1x", "x", "-1", "4294967296"};
	size_t i;

	expect_load(NULL, "work=0 behind=0 queue=0 memory=0 refusing=0 level=0 pinned=no\n");
	expect_load("150", "work=0 behind=0 queue=0 memory=0 refusing=0 level=150 pinned=yes\n");
	assert_int_equal(wk_load_level(), 1500);
	assert_contains(ksr_log(), "the level of overload is pinned to 150 % by hand");
	for(i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		expect_load(wrong[i], "400 LEVEL: must be 0..400, or auto\n");
	assert_int_equal(wk_load_level(), 1500);
	beats(2);
	assert_int_equal(wk_load_level(), 1500);
	/* 0 is a level too: nothing is refused, whatever is measured */
	use(100);
	beats(1);
	expect_load("0", "work=0 behind=0 queue=0 memory=100 refusing=0 level=0 pinned=yes\n");
	assert_lacks(ksr_log(), "follows the load");
	expect_load("auto", "work=0 behind=0 queue=0 memory=100 refusing=0 level=400 pinned=no\n");
	assert_contains(ksr_log(), "the level of overload follows the load, by hand");
	use(0);
	beats(1);
	expect_load(NULL, "work=0 behind=0 queue=0 memory=0 refusing=0 level=0 pinned=no\n");
}

static void spin(int ms)
{
	clock_t end = clock() + ms * (CLOCKS_PER_SEC / 1000);

	while(clock() < end)
		;
}

/* A message that takes so many ms of the processor, and as many before the next one. */
static void message(int ms, bool refused)
{
	wk_load_arrived();
	spin(ms);
	if(refused)
		wk_load_refused();
	wk_load_answered();
	spin(ms);
}

/* UDP workers that are busy are no TCP workers that are. */
static void test_who_is_busy(void **state)
{
	ksr_process_add(getpid(), "udp receiver child=0");
	beats(1);
	spin(WIMS_LOAD_BEAT_MS / 4);
	beats(1);
	assert_in_range(ksr_counter("load_work"), 10, 100);
	assert_int_equal(ksr_counter("load_behind"), ksr_counter("load_work"));
	ksr_reset();
	ksr_process_add(getpid(), "tcp receiver (generic)");
	beats(20);
	spin(WIMS_LOAD_BEAT_MS / 4);
	beats(1);
	assert_in_range(ksr_counter("load_work"), 10, 100);
	assert_int_equal(ksr_counter("load_behind"), 0);
	beats(12);
}

static void as_tcp_worker(void)
{
	ksr_process_add(getpid(), "tcp receiver (generic)");
	wk_load_pin(1000);
}

static void expect_no_refusing(void)
{
	wk_load_arrived();
	beats(12);
	assert_int_equal(ksr_counter("load_refusing"), 0);
}

/* From one message to the next, of what workers ran. */
static void test_refusing(void **state)
{
	int i;

	as_tcp_worker();
	for(i = 0; i < 12; i++) {
		int n;

		/* one of seven is looked at, and another one each time */
		for(n = 0; n < 21; n++)
			message(1, n % 4 == 0);
		wk_load_arrived();
		beats(1);
	}
	assert_in_range(ksr_counter("load_refusing"), 10, 40);
	for(i = 0; i < 12; i++) {
		message(5, false);
		wk_load_arrived();
		beats(1);
	}
	assert_int_equal(ksr_counter("load_refusing"), 0);
	wk_load_pin(0); /* then nobody looks */
	for(i = 0; i < 10; i++) {
		message(2, true);
		wk_load_arrived();
		beats(1);
	}
	assert_int_equal(ksr_counter("load_refusing"), 0);
	wk_load_pin(-1);
	expect_no_refusing();
}

/* What a worker does before the next message comes is not all for what was refused: that
 * counts for no more than twice what it took until the answer was sent. */
static void test_handshake_between(void **state)
{
	int i;

	as_tcp_worker();
	for(i = 0; i < 28; i++) {
		message(1, true);
		spin(10);
	}
	wk_load_arrived();
	beats(1);
	/* 2 of 12 ms, and half of that in the first beat */
	assert_in_range(ksr_counter("load_refusing"), 4, 12);
	wk_load_pin(-1);
	expect_no_refusing();
}

/* What is not answered has not been refused in the end, and no answer lasts until the next. */
static void test_no_answer(void **state)
{
	int i;

	as_tcp_worker();
	for(i = 0; i < 14; i++) {
		wk_load_arrived();
		spin(1);
		wk_load_refused();
		wk_load_arrived();
		wk_load_answered();
		spin(1);
	}
	expect_no_refusing();
	wk_load_pin(-1);
}

static void test_no_memory(void **state)
{
	wk_load_destroy();
	ksr_memory.left = 0;
	assert_int_equal(wk_load_init(), -1);
	assert_contains(ksr_log(), "no shared memory for the load");
	ksr_memory.left = SIZE_MAX;
	assert_int_equal(wk_load_init(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {glue_test(test_memory),
									   glue_test(test_rpc),
									   glue_test(test_who_is_busy),
									   glue_test(test_refusing),
									   glue_test(test_handshake_between),
									   glue_test(test_no_answer),
									   glue_test(test_no_memory)};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
