/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "registrar/wims_nodes.h"
#include "scarce.h"

static struct wims_nodes *v;
static struct wims_reg_nodes answer;
static int64_t now;  /* ours */
static int64_t skew; /* of the store's clock */

static int setup(void **state)
{
	(void)state;
	v = wims_nodes_new(&wims_env_libc);
	now = 1000;
	skew = INT64_C(1800000000000);
	return v == NULL;
}

static int teardown(void **state)
{
	(void)state;
	wims_nodes_free(v);
	return 0;
}

/* Into the next answer. */
static void add(uint16_t node, uint32_t epoch, int64_t age)
{
	struct wims_reg_node *n = &answer.node[answer.count++];

	n->node = node;
	n->epoch = epoch;
	n->age_ms = age;
	snprintf(n->address, sizeof(n->address), "192.0.2.%u:%u", node, epoch);
}

static void feed(void)
{
	answer.time = now + skew;
	wims_nodes_fed(v, &answer, now);
	answer.count = 0;
}

static bool alive(uint16_t node, uint32_t epoch)
{
	const struct wims_node_view *n = wims_nodes_alive(v, node, epoch);
	char address[32];

	if(n == NULL)
		return false;
	snprintf(address, sizeof(address), "192.0.2.%u:%u", node, epoch);
	assert_string_equal(n->address, address);
	assert_true(n->node == node && n->epoch == epoch && n->alive);
	return true;
}

/* One second later, with node 2 of that age. */
static void later(int64_t age)
{
	now += 1000;
	add(1, 5, 0);
	add(2, 5, age);
	feed();
}

static void test_who_lives(void **state)
{
	(void)state;
	assert_false(alive(1, 5));
	add(1, 5, 0);
	add(2, 6, 3000);
	add(3, 7, 3001);
	add(4, 8, -1001);
	add(5, 9, -1000);
	feed();
	assert_true(alive(1, 5));
	assert_true(alive(2, 6));
	assert_false(alive(2, 5));
	assert_false(alive(3, 7));
	assert_false(alive(4, 8));
	assert_true(alive(5, 9));
	assert_false(alive(9, 5));
	assert_int_equal(wims_nodes_at(v, 2)->age_ms, 3001);
	assert_false(wims_nodes_at(v, 2)->alive);
	assert_null(wims_nodes_at(v, 5));
}

/* Killed: after its last beat it stops counting within 5 s. */
static void test_time(void **state)
{
	(void)state;
	assert_int_equal(wims_nodes_time(v, now), 0);
	feed();
	assert_int_equal(wims_nodes_time(v, now), now + skew);
	assert_int_equal(wims_nodes_time(v, now + 5), now + skew + 5);
	wims_nodes_missed(v);
	assert_int_equal(wims_nodes_time(v, now + 5), now + skew + 5);
}

static void test_dies(void **state)
{
	int64_t age;

	(void)state;
	later(400);
	for(age = 1400; age <= 3000; age += 1000) {
		later(age);
		assert_true(alive(2, 5));
	}
	later(age);
	assert_in_range(age, 3001, 4999);
	assert_false(alive(2, 5));
	assert_true(alive(1, 5));
	/* it is back, with another epoch and its old one */
	now += 1000;
	add(2, 6, 10);
	feed();
	assert_true(alive(2, 6));
	assert_false(alive(2, 5));
}

static void test_leaves_and_restarts(void **state)
{
	(void)state;
	later(0);
	assert_true(alive(2, 5));
	now += 1000;
	add(1, 5, 0);
	add(2, 6, 0);
	feed();
	assert_false(alive(2, 5));
	assert_true(alive(2, 6));
	now += 1000;
	add(1, 5, 0);
	feed();
	assert_false(alive(2, 6));
	assert_null(wims_nodes_at(v, 1));
}

/* While the store is away nobody can beat; when it is back, not all do at once. */
static void test_store_away(void **state)
{
	int i;

	(void)state;
	later(0);
	for(i = 0; i < 60; i++) {
		now += 1000;
		wims_nodes_missed(v);
		assert_true(alive(2, 5));
	}
	now += 1000;
	later(62000);
	for(i = 0; i < 4; i++) {
		later(62000 + 1000 * i);
		assert_true(alive(2, 5));
	}
	/* others that do beat are believed at once */
	add(3, 9, 0);
	feed();
	assert_true(alive(3, 9));
	later(68000);
	assert_false(alive(2, 5));
	/* once is enough */
	later(0);
	wims_nodes_missed(v);
	later(5000);
	assert_true(alive(2, 5));
	later(0);
	assert_true(alive(2, 5));
	for(i = 0; i < 3; i++)
		later(3001 + i);
	assert_true(alive(2, 5));
	later(4001);
	assert_false(alive(2, 5));
}

/* We stood still ourselves, as all others seem to have. */
static void test_silence_of_ours(void **state)
{
	(void)state;
	later(0);
	now += 2001;
	later(3001);
	assert_true(alive(2, 5));
	now += 3000;
	later(7000);
	assert_true(alive(2, 5));
}

/* A store that has lost them: they say so themselves soon enough. */
static void test_store_emptied(void **state)
{
	(void)state;
	later(0);
	wims_nodes_missed(v);
	now += 1000;
	add(1, 5, 0);
	feed();
	assert_true(alive(2, 5));
	now += 1000;
	add(1, 5, 0);
	add(2, 5, 0);
	feed();
	assert_true(alive(2, 5));
	now += 2000;
	add(1, 5, 0);
	feed();
	assert_true(alive(2, 5));
	now += 2500;
	add(1, 5, 0);
	feed();
	assert_false(alive(2, 5));
}

/* Another Redis has taken over, and its clock is another one. */
static void test_clock_jumps(void **state)
{
	int64_t age;

	(void)state;
	later(0);
	skew += 10000;
	later(11000);
	assert_true(alive(2, 5));
	later(500);
	assert_true(alive(2, 5));
	for(age = 3001; age < 6000; age += 1000) {
		later(age);
		assert_true(alive(2, 5));
	}
	later(age);
	assert_false(alive(2, 5));
	/* back: a beat from the future says nothing, now or later */
	later(0);
	skew -= 1000;
	later(0);
	assert_true(alive(2, 5));
	skew -= 20000;
	later(-19000);
	assert_true(alive(2, 5));
	later(-18000);
	later(-17000);
	later(-16000);
	later(-15000);
	assert_true(alive(2, 5));
	later(-14000);
	assert_false(alive(2, 5));
	later(0);
	assert_true(alive(2, 5));
	/* what clocks do to each other is no jump */
	skew += 1000;
	later(3001);
	assert_false(alive(2, 5));
}

/* A replica that did not know of the restart yet. */
static void test_old_epoch_comes_back(void **state)
{
	(void)state;
	now += 1000;
	add(2, 6, 0);
	feed();
	wims_nodes_missed(v);
	later(4000);
	assert_true(alive(2, 6));
	assert_false(alive(2, 5));
}

static void test_many(void **state)
{
	uint16_t i;

	(void)state;
	for(i = 0; i < WIMS_REG_NODES_MAX; i++)
		add(i, 5, 0);
	feed();
	wims_nodes_missed(v);
	/* all others, while those are not given up: what does not fit waits */
	for(i = 0; i < WIMS_REG_NODES_MAX; i++)
		add((uint16_t)(1000 + i), 5, 0);
	now += 1000;
	feed();
	assert_true(alive(0, 5));
	assert_true(alive(255, 5));
	assert_false(alive(1000, 5));
	for(now += 1000; now < 7500; now += 1000) {
		for(i = 0; i < WIMS_REG_NODES_MAX; i++)
			add((uint16_t)(1000 + i), 5, 0);
		feed();
	}
	for(i = 0; i < WIMS_REG_NODES_MAX; i++)
		add((uint16_t)(1000 + i), 5, 0);
	feed();
	assert_true(alive(1000, 5));
	assert_true(alive(1255, 5));
	assert_false(alive(0, 5));
	/* one in the place of another: nothing of that one is left */
	now += 1000;
	add(7, 5, 4000);
	feed();
	assert_false(alive(7, 5));
	assert_false(alive(1000, 5));
	wims_nodes_missed(v);
	add(7, 5, 5000);
	add(8, 5, 5000);
	feed();
	assert_int_equal(wims_nodes_at(v, 1)->node, 8);
	assert_false(wims_nodes_at(v, 1)->alive);
}

static void test_no_memory(void **state)
{
	struct scarce s;

	(void)state;
	scarce_init(&s, 0);
	assert_null(wims_nodes_new(&s.env));
	wims_nodes_free(NULL);
	scarce_init(&s, 1);
	wims_nodes_free(wims_nodes_new(&s.env));
	assert_int_equal(s.live, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(test_who_lives, setup, teardown),
			cmocka_unit_test_setup_teardown(test_dies, setup, teardown),
			cmocka_unit_test_setup_teardown(test_time, setup, teardown),
			cmocka_unit_test_setup_teardown(test_leaves_and_restarts, setup, teardown),
			cmocka_unit_test_setup_teardown(test_store_away, setup, teardown),
			cmocka_unit_test_setup_teardown(test_silence_of_ours, setup, teardown),
			cmocka_unit_test_setup_teardown(test_store_emptied, setup, teardown),
			cmocka_unit_test_setup_teardown(test_clock_jumps, setup, teardown),
			cmocka_unit_test_setup_teardown(test_old_epoch_comes_back, setup, teardown),
			cmocka_unit_test_setup_teardown(test_many, setup, teardown),
			cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
