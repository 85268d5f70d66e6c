/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The store in memory when there is none left, and what it gives back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "jose/wims_alg_ossl.h"
#include "registrar/wims_store_mem.h"
#include "registrar_help.h"
#include "scarce.h"

#define START INT64_C(1800000000000)

enum
{
	CALLS = 13
};

static struct scarce memory;
static struct wims_store_mem *m;
static int64_t now;

static void pass(void *ctx, int64_t ms)
{
	(void)ctx;
	now += ms;
	wims_store_mem_at(m, now);
}

static struct conform on = {.pass = pass, .exact = true};

static bool open_store(size_t allocations)
{
	scarce_init(&memory, allocations);
	now = START;
	m = wims_store_mem_new(&memory.env, 0, wims_random);
	if(m == NULL)
		return false;
	on.store = wims_store_mem(m);
	reg_on = &on;
	pass(NULL, 0);
	return true;
}

static void close_store(void)
{
	wims_store_mem_free(m);
	m = NULL;
	assert_int_equal(memory.live, 0);
}

static const struct wims_block *allocating, *claimed;
static size_t failures;

/* The i-th of CALLS. */
static enum wims_reason call(int i)
{
	struct wims_reg_contact c = reg_contact((char)('a' + i % 3));
	struct wims_reg_nodes nodes;
	struct wims_reg_held held;
	int64_t index;

	c.instance = WIMS_PL("<urn:uuid:1>");
	c.reg_id = (uint32_t)i % 3;
	switch(i) {
		case 0:
		case 1:
			reg_block = allocating;
			return reg_allocate(i == 0 ? "alice" : "bob", &index);
		case 2:
		case 3:
			return reg_put(i % 2, i % 2 ? "bob" : "alice", c);
		case 4: /* another contact */
			return reg_put(0, "alice", c);
		case 5: /* displaces bob */
			return reg_again(1, "carol", c, 1);
		case 6: /* in place of an older one */
			return reg_put(0, "alice", c);
		case 7: /* the one that bob had in mind is gone, and there is no other */
			return reg_allocate("bob", &index) == WIMS_BLOCK_USED_UP ? WIMS_OK : WIMS_NOMEM;
		case 8:
			reg_block = claimed;
			return reg_put(WIMS_REG_CLAIMED, "dave", c);
		case 9:
			return wims_store_hold(&on.store, reg_block, 1, 5, 4000, WIMS_PL("one"), &held);
		case 10:
			return wims_store_hold(&on.store, reg_block, 1, 5, 4000, WIMS_PL("two"), &held);
		case 11:
			return wims_store_beat(&on.store, 1, 5, WIMS_PL("192.0.2.1:5060"), &nodes);
		case 12:
			return wims_store_beat(&on.store, 1, 6, WIMS_PL("192.0.2.1:5060"), &nodes);
		default:
			return WIMS_INTERNAL;
	}
}

static int look_at(int64_t index, char *out, size_t size)
{
	const char *names = reg_names(index);

	return snprintf(out, size, " %.*s:%s", (int)reg_entry.owner.l, reg_entry.owner.p, names);
}

/* What can be seen of the store. */
static void look(char *out, size_t size)
{
	const struct wims_block *was = reg_block;
	struct wims_reg_counts n;
	int at;

	reg_block = allocating;
	assert_int_equal(wims_store_counts(&on.store, reg_block, &n), WIMS_OK);
	at = snprintf(out, size, "%d %d %d", (int)n.entries, (int)n.allocated, (int)n.free);
	at += look_at(0, out + at, size - (size_t)at);
	at += look_at(1, out + at, size - (size_t)at);
	reg_block = claimed;
	look_at(WIMS_REG_CLAIMED, out + at, size - (size_t)at);
	reg_block = was;
}

/* All calls; the n-th allocation fails, and the call that needed it is made again
 * with memory. */
static void all_calls(size_t n, char *end, size_t size)
{
	char before[200], after[200];
	enum wims_reason r;
	int i;

	for(i = 0; i < CALLS; i++) {
		look(before, sizeof(before));
		memory.left = n;
		r = call(i);
		n = memory.left;
		memory.left = SIZE_MAX;
		if(r != WIMS_OK) {
			assert_int_equal(r, WIMS_NOMEM);
			look(after, sizeof(after));
			assert_string_equal(before, after);
			failures++;
			n = SIZE_MAX;
			r = call(i);
		}
		assert_int_equal(r, WIMS_OK);
	}
	look(end, size);
}

static void test_without_memory(void **state)
{
	char want[200], got[200];
	size_t n, opened = 0;

	(void)state;
	on.run = 0x4d454d;
	for(n = 0; !open_store(n); n++)
		assert_int_equal(memory.live, 0);
	close_store();
	assert_true(open_store(SIZE_MAX));
	all_calls(SIZE_MAX, want, sizeof(want));
	assert_string_equal(want, "2 2 0 alice:abc carol:c dave:c");
	close_store();
	for(n = 0; n < 100 && (n == 0 || failures == n); n++) {
		assert_true(open_store(SIZE_MAX));
		opened++;
		all_calls(n, got, sizeof(got));
		assert_string_equal(got, want);
		close_store();
	}
	/* one failure each time, until there was enough */
	assert_int_equal(opened, failures + 1);
	assert_in_range(failures, 15, 99);
}

enum
{
	MANY = 20000,
	FEW = 100, /* allocations that one call may give back */
	BLOCKS = 500
};

static void fill(void)
{
	struct wims_reg_contact c = reg_contact('a');
	char owner[24];
	int i;

	c.left_ms = 1000;
	for(i = 0; i < MANY; i++) {
		snprintf(owner, sizeof(owner), "user%d", i);
		assert_int_equal(reg_get(owner), i);
		assert_int_equal(reg_put(i, owner, c), WIMS_OK);
	}
}

/* All registrations end at the same time, and no call has to see to that alone. */
static void test_little_by_little(void **state)
{
	struct wims_reg_counts n;
	size_t base, full, calls, live;

	(void)state;
	assert_true(open_store(SIZE_MAX));
	base = memory.live;
	reg_new_block(MANY, 1);
	fill();
	full = memory.live;
	assert_true(full - base > 3 * MANY);
	pass(NULL, 1000);
	/* whoever asks is told the truth at once */
	assert_string_equal(reg_names(MANY - 1), "");
	for(calls = 0; calls < MANY && memory.live > base + MANY; calls++) {
		live = memory.live;
		assert_int_equal(reg_get("user7"), 7);
		assert_in_range(live - memory.live, 0, FEW);
		pass(NULL, 1);
	}
	assert_in_range(calls, MANY / FEW, MANY);
	/* nor does who counts them */
	reg_new_block(MANY, 1);
	fill();
	pass(NULL, 2000);
	for(calls = 1; calls < MANY; calls++) {
		live = memory.live;
		assert_int_equal(wims_store_counts(&on.store, reg_block, &n), WIMS_OK);
		assert_in_range(live - memory.live, 0, 5000);
		if(n.allocated == 0)
			break;
	}
	assert_in_range(calls, MANY / 2000, MANY / 500);
	assert_int_equal(n.free, MANY);
	close_store();
}

/* What is not asked for again goes as well: blocks that are not provisioned any
 * more. */
static void test_leaves_nothing(void **state)
{
	struct wims_reg_nodes nodes;
	struct wims_reg_held held;
	size_t base, beats;
	int i;

	(void)state;
	assert_true(open_store(SIZE_MAX));
	assert_int_equal(wims_store_beat(&on.store, 1, 5, WIMS_PL("192.0.2.1:5060"), &nodes), WIMS_OK);
	base = memory.live;
	for(i = 0; i < BLOCKS; i++) {
		reg_new_block(0, 0);
		assert_int_equal(reg_put(WIMS_REG_CLAIMED, "alice", reg_contact('a')), WIMS_OK);
		assert_int_equal(wims_store_hold(&on.store, reg_block, 1, 5, 1000, WIMS_PL("doc"), &held),
						 WIMS_OK);
	}
	assert_true(memory.live >= base + 5 * BLOCKS);
	pass(NULL, CONFORM_FOREVER_MS);
	for(beats = 0; beats < BLOCKS; beats++)
		assert_int_equal(wims_store_beat(&on.store, 1, 5, WIMS_PL("192.0.2.1:5060"), &nodes),
						 WIMS_OK);
	/* what holders published is kept for their successors */
	assert_in_range(memory.live, base + 2 * BLOCKS, base + 2 * BLOCKS + 10);
	pass(NULL, WIMS_REG_DOC_KEEP_MS);
	for(beats = 0; beats < BLOCKS; beats++)
		assert_int_equal(wims_store_beat(&on.store, 1, 5, WIMS_PL("192.0.2.1:5060"), &nodes),
						 WIMS_OK);
	/* but for tables that have grown */
	assert_in_range(memory.live, base - 5, base + 5);
	close_store();
}

/* A clock that goes back gives nothing a longer life. */
static void test_clock_goes_back(void **state)
{
	struct wims_reg_contact c = reg_contact('a');

	(void)state;
	assert_true(open_store(SIZE_MAX));
	reg_new_block(1, 0);
	c.left_ms = 1000;
	assert_int_equal(reg_put(0, "alice", c), WIMS_OK);
	pass(NULL, 1000);
	pass(NULL, -500);
	assert_string_equal(reg_names(0), "");
	close_store();
}

static int blocks(void **state)
{
	(void)state;
	allocating = reg_new_block(2, 60);
	claimed = reg_new_block(0, 0);
	reg_on = &on;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_without_memory),
			cmocka_unit_test(test_little_by_little),
			cmocka_unit_test(test_leaves_nothing),
			cmocka_unit_test(test_clock_goes_back),
	};

	reg_on = &on;
	return cmocka_run_group_tests(tests, blocks, NULL);
}
