/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "guard/wims_load.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct wims_load_policy policy = {850, 900};

static void beats(struct wims_load *l, size_t n, uint32_t work, uint32_t queue, uint32_t memory)
{
	const struct wims_load_measured m = {.work = work, .queue = queue, .memory = memory};

	while(n-- > 0)
		wims_load_beat(l, &policy, &m);
}

/* How many of WIMS_SHED_STEP requests are refused, each with its own draw. */
static uint32_t refused(uint32_t level, enum wims_priority prio)
{
	uint32_t draw, n = 0;

	for(draw = 0; draw < WIMS_SHED_STEP; draw++)
		n += wims_load_refuses(level, prio, draw);
	return n;
}

static void classes_in_order(void **state)
{
	static const struct
	{
		uint32_t level;
		uint32_t of[WIMS_PRIO_ALWAYS + 1]; /* REGISTER, REQUEST, REFRESH, DIALOG, ALWAYS */
	} rows[] = {
			{0, {0, 0, 0, 0, 0}},
			{1, {1, 0, 0, 0, 0}},
			{300, {300, 0, 0, 0, 0}},
			{1000, {1000, 0, 0, 0, 0}},
			{1500, {1000, 500, 0, 0, 0}},
			{2999, {1000, 1000, 999, 0, 0}},
			{WIMS_SHED_WORK, {1000, 1000, 1000, 0, 0}},
			{3001, {1000, 1000, 1000, 1, 0}},
			{WIMS_SHED_MAX, {1000, 1000, 1000, 1000, 0}},
			{UINT32_MAX, {1000, 1000, 1000, 1000, 0}},
	};
	size_t i, p;

	(void)state;
	for(i = 0; i < COUNT(rows); i++)
		for(p = 0; p <= WIMS_PRIO_ALWAYS; p++) {
			uint32_t n = refused(rows[i].level, (enum wims_priority)p);

			if(n != rows[i].of[p])
				fail_msg("level %u, class %zu: %u refused", rows[i].level, p, n);
			assert_int_equal(wims_load_in_part(rows[i].level, (enum wims_priority)p),
							 n > 0 && n < WIMS_SHED_STEP);
		}
}

static void what_a_request_is(void **state)
{
	static const struct
	{
		struct wims_load_request q;
		enum wims_priority prio;
	} rows[] = {
			{{.must = true}, WIMS_PRIO_ALWAYS},
			{{.must = true, .registers = true}, WIMS_PRIO_ALWAYS},
			{{.must = true, .in_dialog = true}, WIMS_PRIO_ALWAYS},
			{{.in_dialog = true}, WIMS_PRIO_DIALOG},
			{{.in_dialog = true, .registered = true}, WIMS_PRIO_DIALOG},
			{{.registers = true, .registered = true}, WIMS_PRIO_REFRESH},
			/* a To tag makes no REGISTER more than it is */
			{{.registers = true, .in_dialog = true}, WIMS_PRIO_REGISTER},
			{{.registers = true}, WIMS_PRIO_REGISTER},
			{{.registered = true}, WIMS_PRIO_REQUEST},
			{{0}, WIMS_PRIO_REQUEST},
	};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++)
		if(wims_load_priority(&rows[i].q) != rows[i].prio)
			fail_msg("row %zu: %d", i, wims_load_priority(&rows[i].q));
}

/* A second for each class, from the time that the measure is believed. */
static void busy_and_idle_again(void **state)
{
	struct wims_load l = {0};
	size_t i;

	(void)state;
	beats(&l, 1, 1000, 0, 0);
	assert_int_equal(l.level, 0); /* one busy beat is none */
	beats(&l, 1, 1000, 0, 0);
	assert_int_equal(l.level, 0);
	beats(&l, 8, 1000, 0, 0);
	assert_in_range(l.level, 1000, 2000);
	beats(&l, 40, 1000, 0, 0);
	assert_int_equal(l.level, WIMS_SHED_WORK);
	assert_int_equal(refused(l.level, WIMS_PRIO_DIALOG), 0);
	for(i = 0; l.level > 0 && i < 40; i++)
		beats(&l, 1, 0, 0, 0);
	assert_in_range(i, 8, 20); /* 2 to 5 s */
	assert_int_equal(l.now.work, 0);
}

/* It follows whichever of the two is worse, and more than full is full. */
static void queues_count_as_work(void **state)
{
	struct wims_load a = {0}, b = {0};

	(void)state;
	beats(&a, 12, 1000, 0, 0);
	beats(&b, 12, 0, 4000, 0);
	assert_int_equal(a.level, b.level);
	assert_int_equal(b.now.queue, WIMS_LOAD_FULL);
	assert_true(a.level > 0);
}

/* At the limit it stays where it is: no to and fro. */
static void rests_at_the_limit(void **state)
{
	struct wims_load l = {0};
	uint32_t level;

	(void)state;
	beats(&l, 10, 1000, 0, 0);
	beats(&l, 10, 850, 0, 0);
	level = l.level;
	assert_true(level > 0);
	beats(&l, 1000, 850, 0, 0);
	assert_in_range(l.level, level - 10, level + 10);
}

/* A node that can do 600 requests in a beat, and is sent 1000 of two classes: what is
 * admitted comes near to what it can do. */
static void admits_what_can_be_done(void **state)
{
	struct wims_load l = {0};
	uint64_t done = 0;
	uint32_t i, least = 1000, most = 0;

	(void)state;
	for(i = 0; i < 400; i++) {
		uint32_t asked = 500 * (1000 - refused(l.level, WIMS_PRIO_REGISTER)) / 1000
						 + 500 * (1000 - refused(l.level, WIMS_PRIO_REQUEST)) / 1000;
		uint32_t work = asked > 600 ? 1000 : asked * 1000 / 600;

		beats(&l, 1, work, 0, 0);
		if(i < 100)
			continue;
		done += asked;
		least = asked < least ? asked : least;
		most = asked > most ? asked : most;
	}
	assert_in_range(done / 300, 500, 520); /* 85 % of 600 is 510 */
	assert_true(least > 480 && most < 600);
}

/* A node that has 1000000 us in a second, for refreshes that take it served to serve and
 * refusal to refuse, of which it is sent more than it can do: what it serves, of what it
 * could if it refused none. */
static double worth(uint32_t served, uint32_t refusal, uint32_t sent, uint32_t *spread)
{
	struct wims_load l = {0};
	double part, each, read, sum = 0;
	uint32_t i, least = WIMS_SHED_MAX, most = 0;

	for(i = 0; i < 300; i++) {
		struct wims_load_measured m;

		part = refused(l.level, WIMS_PRIO_REFRESH) / (double)WIMS_SHED_STEP;
		each = (1 - part) * served + part * refusal;
		read = sent * each > 1e6 ? 1e6 / each : sent;
		m = (struct wims_load_measured){.work = (uint32_t)(read * each / 1e3),
										.refusing = (uint32_t)(1e3 * part * refusal / each)};
		wims_load_beat(&l, &policy, &m);
		if(i < 100)
			continue;
		sum += read * (1 - part) * served / 1e6;
		least = l.level < least ? l.level : least;
		most = l.level > most ? l.level : most;
	}
	*spread = most - least;
	return sum / 200;
}

/* However many there are, and whatever refusing costs: what is served is most of what can be. */
static void serves_while_it_refuses(void **state)
{
	static const struct
	{
		uint32_t served, refusal, sent;
		double least;
	} rows[] = {{40, 30, 75000, 0.74},  {40, 30, 1000000, 0.74},  {100, 20, 30000, 0.74},
				{100, 5, 30000, 0.7},   {100, 5, 10000000, 0.74}, {40, 39, 75000, 0.74},
				{1000, 20, 3000, 0.75}, {40, 60, 75000, 0.74}};
	uint32_t spread;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		double got = worth(rows[i].served, rows[i].refusal, rows[i].sent, &spread);

		if(got < rows[i].least || got > 0.9 || spread > 60)
			fail_msg("row %zu: %.3f, level within %u", i, got, spread);
	}
}

/* Who is not registered, and who calls, is refused whatever that costs. */
static void spares_refreshes_only(void **state)
{
	static const struct wims_load_measured m = {.work = 1000, .refusing = 1000};
	struct wims_load l = {0};
	int i;

	(void)state;
	for(i = 0; i < 40; i++)
		wims_load_beat(&l, &policy, &m);
	assert_int_equal(l.level, WIMS_PRIO_REFRESH * WIMS_SHED_STEP);
	assert_int_equal(l.now.refusing, WIMS_LOAD_FULL);
	l.by_work = WIMS_SHED_WORK;
	wims_load_beat(&l, &policy, &m);
	assert_in_range(l.level, WIMS_SHED_WORK - WIMS_SHED_FASTEST, WIMS_SHED_WORK - 200);
}

/* Where the level comes to rest that begins at from. */
static uint32_t rest(const struct wims_load_measured *m, uint32_t from)
{
	struct wims_load l = {.by_work = from};
	int i;

	for(i = 0; i < 60; i++)
		wims_load_beat(&l, &policy, m);
	return l.level;
}

/* Workers that WICs' refusals never reach are relieved by each of them, whatever it takes:
 * the limit is for the sake of those that read them. */
static void relieves_who_is_behind(void **state)
{
	static const struct
	{
		struct wims_load_measured m;
		uint32_t level;
	} rows[] = {
			/* UDP's buffer is full, TCP workers have little to do, and that is refusing */
			{{.work = 100, .queue = 1000, .refusing = 1000}, WIMS_SHED_WORK},
			{{.work = 1000, .queue = 1000, .refusing = 1000}, WIMS_SHED_WORK},
			{{.work = 1000, .behind = 1000, .refusing = 1000}, WIMS_SHED_WORK},
			{{.work = 1000, .behind = 900, .refusing = 1000}, WIMS_SHED_WORK},
			{{.work = 1000, .behind = 1000, .queue = 1000, .refusing = 275}, WIMS_SHED_WORK},
			/* they are not in need */
			{{.work = 1000, .behind = 850, .queue = 850, .refusing = 275}, 2000},
			{{.work = 1000, .behind = 850, .queue = 850, .refusing = 1000}, 2000},
			/* neither are in need */
			{{.work = 600, .behind = 600, .queue = 600}, 0},
	};
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		uint32_t up = rest(&rows[i].m, 0), down = rest(&rows[i].m, WIMS_SHED_WORK);

		if(up != rows[i].level || down != rows[i].level)
			fail_msg("row %zu: from 0 to %u, from 300 to %u", i, up, down);
	}
}

/* No faster than this, or the level swings between all and nothing. */
static void relieves_at_half_speed(void **state)
{
	static const struct wims_load_measured m = {.work = 1000, .queue = 1000, .refusing = 1000};
	struct wims_load l = {.now = m, .by_work = 2000};

	(void)state;
	wims_load_beat(&l, &policy, &m);
	assert_int_equal(l.level, 2000 + WIMS_SHED_FASTEST / 2);
}

static void memory(void **state)
{
	struct wims_load l = {0};

	(void)state;
	beats(&l, 1, 0, 0, 900);
	assert_int_equal(l.level, 0);
	beats(&l, 1, 0, 0, 925);
	assert_int_equal(l.level, 1000);
	beats(&l, 1, 0, 0, 1000);
	assert_int_equal(l.level, WIMS_SHED_MAX);
	beats(&l, 1, 0, 0, 5000);
	assert_int_equal(l.level, WIMS_SHED_MAX);
	assert_int_equal(l.now.memory, WIMS_LOAD_FULL);
	/* the worse of the two counts, and one does not move the other */
	beats(&l, 12, 1000, 0, 905);
	assert_true(l.level > 1000);
	assert_int_equal(l.level, l.by_work);
	beats(&l, 1, 0, 0, 0);
	assert_true(l.level > 1000);
}

static void switched_off(void **state)
{
	static const struct wims_load_policy never = {WIMS_LOAD_FULL, WIMS_LOAD_FULL};
	static const struct wims_load_measured all = {5000, 5000, 5000, 5000, 5000};
	struct wims_load l = {0};
	int i;

	(void)state;
	for(i = 0; i < 100; i++)
		wims_load_beat(&l, &never, &all);
	assert_int_equal(l.level, 0);
	assert_int_equal(l.now.work, WIMS_LOAD_FULL); /* it is still shown */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(classes_in_order),
									   cmocka_unit_test(what_a_request_is),
									   cmocka_unit_test(busy_and_idle_again),
									   cmocka_unit_test(queues_count_as_work),
									   cmocka_unit_test(rests_at_the_limit),
									   cmocka_unit_test(admits_what_can_be_done),
									   cmocka_unit_test(serves_while_it_refuses),
									   cmocka_unit_test(spares_refreshes_only),
									   cmocka_unit_test(relieves_who_is_behind),
									   cmocka_unit_test(relieves_at_half_speed),
									   cmocka_unit_test(memory),
									   cmocka_unit_test(switched_off)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
