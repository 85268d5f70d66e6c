/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_proc.h"
#include "wk_queue.h"

enum
{
	SIZE = 64
};

static int setup(void **state)
{
	ksr_reset();
	return wk_proc_reserve() < 0 ? -1 : wk_queue_init(SIZE);
}

static int teardown(void **state)
{
	wk_queue_destroy();
	wk_proc_destroy();
	return ksr_memory.live == 0 ? 0 : -1;
}

static void put_range(uint32_t from, uint32_t n)
{
	uint32_t i;

	for(i = 0; i < n; i++)
		wk_queue_put(from + i);
}

static void take_range(uint32_t from, size_t n)
{
	uint32_t conns[2 * SIZE];
	size_t i;

	assert_int_equal(wk_queue_take(conns, n), n);
	for(i = 0; i < n; i++)
		assert_int_equal(conns[i], from + i);
}

static void test_empty(void **state)
{
	uint32_t conns[1];

	assert_int_equal(wk_queue_take(conns, 1), 0);
	assert_int_equal(wk_queue_overflows(), 0);
}

static void test_order(void **state)
{
	uint32_t conns[SIZE];

	put_range(1, 10);
	take_range(1, 4);
	put_range(11, 5);
	take_range(5, 11);
	assert_int_equal(wk_queue_take(conns, SIZE), 0);
}

/* Many times around the ring, at every offset: nothing lost, nothing twice. */
static void test_wraps(void **state)
{
	uint32_t put = 1, taken = 1;
	int i;

	for(i = 0; i < 500; i++) {
		put_range(put, SIZE - 1);
		put += SIZE - 1;
		take_range(taken, SIZE - 1);
		taken += SIZE - 1;
	}
	assert_int_equal(wk_queue_overflows(), 0);
}

/* What does not fit is counted; what was there stays, in order. */
static void test_overflow(void **state)
{
	uint32_t conns[2 * SIZE];

	put_range(1, SIZE);
	assert_int_equal(wk_queue_overflows(), 0);
	put_range(1000, 3);
	assert_int_equal(wk_queue_overflows(), 3);
	take_range(1, SIZE);
	assert_int_equal(wk_queue_take(conns, 2 * SIZE), 0);
	put_range(5, 1);
	take_range(5, 1);
	assert_int_equal(wk_queue_overflows(), 3);
}

static void test_no_memory(void **state)
{
	wk_queue_destroy();
	ksr_memory.left = 0;
	assert_int_equal(wk_queue_init(SIZE), -1);
	assert_contains(ksr_log(), "no shared memory for queue_size=64");
	ksr_memory.left = SIZE_MAX;
	assert_int_equal(wk_queue_overflows(), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_empty), T(test_order), T(test_wraps), T(test_overflow), T(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
