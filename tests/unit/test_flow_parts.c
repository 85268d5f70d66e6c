/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow_help.h"

/* The parts the table is made of: SipHash, hash table, heap, texts. */

#include "base/wims_hash.h"
#include "flow/wims_heap.h"
#include "base/wims_ring.h"
#include "base/wims_texts.h"

enum
{
	NODES = 3000
};

/* The first and some later vectors of the SipHash reference: key 00..0f,
 * message 00 01 02 ... of n bytes. */
static void siphash_vectors(void **state)
{
	static const struct
	{
		size_t n;
		uint64_t want;
	} rows[] = {
			{0, UINT64_C(0x726fdb47dd0e0e31)},  {1, UINT64_C(0x74f839c593dc67fd)},
			{7, UINT64_C(0xab0200f58b01d137)},  {8, UINT64_C(0x93f5f5799a932462)},
			{15, UINT64_C(0xa129ca6149be45e5)}, {63, UINT64_C(0x958a324ceb064572)},
	};
	const struct wims_hash_key key = {{UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)}};
	char message[64];
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(message); i++)
		message[i] = (char)i;
	for(i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_true(wims_siphash(&key, (struct wims_pl){message, rows[i].n}) == rows[i].want);
}

/* Where one slice ends and the next begins is part of the key. */
static void slices_are_kept_apart(void **state)
{
	const struct wims_hash_key key = {{1, 2}}, other = {{1, 3}};
	const struct wims_pl a[] = {WIMS_PL("ab"), WIMS_PL("c")}, b[] = {WIMS_PL("a"), WIMS_PL("bc")};
	const struct wims_pl c[] = {WIMS_PL("a"), WIMS_PL("x")}, d[] = {WIMS_PL("b"), WIMS_PL("x")};

	(void)state;
	assert_int_not_equal(wims_hash_slices(&key, a, 2), wims_hash_slices(&key, b, 2));
	assert_int_not_equal(wims_hash_slices(&key, a, 2), wims_hash_slices(&other, a, 2));
	assert_int_equal(wims_hash_slices(&key, a, 2), wims_hash_slices(&key, a, 2));
	assert_int_not_equal(wims_hash_slices(&key, c, 2), wims_hash_slices(&key, d, 2));
}

struct item
{
	struct wims_hnode node;
	struct wims_timer timer;
	bool in;
};

static struct item items[NODES];

static size_t longest_chain(const struct wims_hash *h)
{
	size_t i, longest = 0;

	for(i = 0; i < (size_t)1 << h->bits; i++) {
		const struct wims_hnode *n = h->buckets[i];
		size_t l = 0;

		for(; n != NULL; n = n->next)
			l++;
		longest = l > longest ? l : longest;
	}
	return longest;
}

static void hash_grows(void **state)
{
	const struct wims_hash_key key = {{3, 4}};
	struct wims_hash h;
	size_t i;

	(void)state;
	memset(items, 0, sizeof(items));
	flow_memory = (struct flow_memory){0};
	assert_true(wims_hash_init(&h, &flow_env, 0));
	for(i = 0; i < NODES; i++) {
		const struct wims_pl text = {(const char *)&i, sizeof(i)};

		wims_hash_add(&h, &items[i].node, wims_hash_slices(&key, &text, 1));
	}
	assert_int_equal(h.count, NODES);
	assert_true(longest_chain(&h) < 10);
	for(i = 0; i < NODES; i++) {
		struct wims_hnode *n = wims_hash_first(&h, items[i].node.hash);

		while(n != NULL && n != &items[i].node)
			n = wims_hash_next(n);
		assert_ptr_equal(n, &items[i].node);
	}
	for(i = 0; i < NODES; i++) {
		wims_hash_remove(&h, &items[i].node);
		wims_hash_remove(&h, &items[i].node);
	}
	assert_int_equal(h.count, 0);
	wims_hash_done(&h);
	assert_int_equal(flow_memory.blocks, 0);
}

static void hash_of_a_size(void **state)
{
	static const struct
	{
		size_t expected;
		unsigned bits;
	} rows[] = {{0, 4}, {16, 4}, {17, 5}, {1000, 10}, {1024, 10}, {SIZE_MAX, 20}};
	struct wims_hash h;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_true(wims_hash_init(&h, &wims_env_libc, rows[i].expected));
		assert_int_equal(h.bits, rows[i].bits);
		wims_hash_done(&h);
	}
}

/* No memory to grow: longer chains, nothing lost. */
static void hash_cannot_grow(void **state)
{
	struct wims_hash h;
	uint32_t i;

	(void)state;
	memset(items, 0, sizeof(items));
	flow_memory = (struct flow_memory){.fail_at = 1};
	assert_false(wims_hash_init(&h, &flow_env, 0));
	assert_true(wims_hash_init(&h, &flow_env, 0));
	for(i = 0; i < 500; i++) {
		flow_memory.fail_at = flow_memory.asked + 1;
		wims_hash_add(&h, &items[i].node, i * UINT32_C(0x9e3779b9));
	}
	assert_int_equal(h.bits, 4);
	for(i = 0; i < 500; i++)
		assert_ptr_equal(wims_hash_first(&h, i * UINT32_C(0x9e3779b9)), &items[i].node);
	wims_hash_done(&h);
}

static void same_hash(void **state)
{
	struct wims_hash h;
	struct wims_hnode *n;
	size_t i, found = 0;

	(void)state;
	memset(items, 0, sizeof(items));
	assert_true(wims_hash_init(&h, &flow_env, 0));
	for(i = 0; i < 40; i++)
		wims_hash_add(&h, &items[i].node, i % 2 == 0 ? 77 : 78);
	for(n = wims_hash_first(&h, 77); n != NULL; n = wims_hash_next(n))
		found++;
	assert_int_equal(found, 20);
	assert_null(wims_hash_first(&h, 79));
	wims_hash_done(&h);
}

static void walks_in_order(void **state)
{
	struct wims_hash h;
	struct wims_hnode *n;
	uint32_t from = 0;
	size_t i, met = 0;

	(void)state;
	memset(items, 0, sizeof(items));
	assert_true(wims_hash_init(&h, &flow_env, 0));
	assert_null(wims_hash_from(&h, 0));
	for(i = 0; i < 1000; i++)
		wims_hash_add(&h, &items[i].node, (uint32_t)i * UINT32_C(4294967));
	while((n = wims_hash_from(&h, from)) != NULL) {
		assert_int_equal(n->hash, met * 4294967);
		met++;
		from = n->hash + 1;
	}
	assert_int_equal(met, 1000);
	wims_hash_done(&h);
}

static const struct wims_timer *least(void)
{
	const struct wims_timer *t = NULL;
	size_t i;

	for(i = 0; i < NODES; i++)
		if(items[i].in
		   && (t == NULL || items[i].timer.due < t->due
			   || (items[i].timer.due == t->due && items[i].timer.seq < t->seq)))
			t = &items[i].timer;
	return t;
}

static void heap_knows_the_least(void **state)
{
	struct wims_heap h = {0};
	size_t i;

	(void)state;
	memset(items, 0, sizeof(items));
	flow_dice_seed(5);
	for(i = 0; i < 20000; i++) {
		struct item *it = &items[flow_dice(NODES)];

		it->in = flow_dice(5) < 3;
		if(it->in)
			wims_heap_arm(&h, &it->timer, flow_dice(500));
		else
			wims_heap_stop(&h, &it->timer);
		if(i % 16 == 0)
			assert_ptr_equal(h.root, least());
	}
	while(h.root != NULL) {
		assert_ptr_equal(h.root, least());
		WIMS_OWNER(h.root, struct item, timer)->in = false;
		wims_heap_stop(&h, h.root);
	}
	assert_int_equal(h.count, 0);
}

static void equal_times(void **state)
{
	struct wims_heap h = {0};
	size_t i;

	(void)state;
	memset(items, 0, sizeof(items));
	for(i = 0; i < 20; i++)
		wims_heap_arm(&h, &items[i].timer, 7);
	wims_heap_arm(&h, &items[3].timer, 7); /* keeps its place */
	wims_heap_arm(&h, &items[5].timer, 6);
	wims_heap_arm(&h, &items[5].timer, 7); /* goes to the end */
	for(i = 0; i < 20; i++) {
		size_t want = i < 5 ? i : i < 19 ? i + 1 : 5;

		assert_ptr_equal(h.root, &items[want].timer);
		wims_heap_stop(&h, h.root);
	}
}

static void texts_in_one_block(void **state)
{
	const struct wims_pl src[] = {WIMS_PL("one"), WIMS_PL_NONE, WIMS_PL("three")};
	const uint16_t max[] = {3, 0, 5}, less[] = {3, 0, 4};
	struct wims_pl *texts;
	char *record;

	(void)state;
	flow_memory = (struct flow_memory){0};
	record = wims_texts_record(&flow_env, 24, src, 3, &texts);
	assert_non_null(record);
	assert_int_equal(flow_memory.blocks, 1);
	assert_int_equal(flow_memory.bytes, 24 + 3 * sizeof(struct wims_pl) + 8);
	assert_int_equal(record[0] | record[23], 0);
	flow_assert_pl(texts[0], "one");
	flow_assert_pl(texts[1], "");
	flow_assert_pl(texts[2], "three");
	assert_true(texts[2].p >= record && texts[2].p + 5 <= record + flow_memory.bytes);
	assert_true(wims_texts_fit(texts, max, 3));
	assert_false(wims_texts_fit(texts, less, 3));
	wims_free(&flow_env, record);
	flow_memory.fail_at = flow_memory.asked + 1;
	assert_null(wims_texts_record(&flow_env, 24, src, 3, &texts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(siphash_vectors),  cmocka_unit_test(slices_are_kept_apart),
			cmocka_unit_test(hash_grows),       cmocka_unit_test(hash_of_a_size),
			cmocka_unit_test(hash_cannot_grow), cmocka_unit_test(same_hash),
			cmocka_unit_test(walks_in_order),   cmocka_unit_test(heap_knows_the_least),
			cmocka_unit_test(equal_times),      cmocka_unit_test(texts_in_one_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
