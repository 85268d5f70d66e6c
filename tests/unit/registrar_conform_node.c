/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What concerns nodes: walks, purge, beats, the lease of a block. */
#include "registrar_conform_int.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum
{
	LISTED = 40
};

static int shown[LISTED];

static void count(void *ctx, const struct wims_reg_entry *e)
{
	assert_ptr_equal(ctx, shown);
	assert_in_range(e->index, 0, LISTED - 1);
	assert_true(wims_pl_eq(e->impu, reg_impu(e->index)) || e->count == 0);
	shown[e->index] += e->count > 0 ? 1 : 1000;
}

static void list(size_t n)
{
	uint64_t cursor = 0;
	int calls = 0;

	memset(shown, 0, sizeof(shown));
	do
		assert_int_equal(wims_store_list(&reg_on->store, reg_block, &cursor, n, count, shown),
						 WIMS_OK);
	while(cursor != 0 && ++calls < 100000);
	assert_int_equal(cursor, 0);
}

void conform_lists(void **state)
{
	struct wims_block *b = reg_new_block(LISTED, 60);
	char owner[16];
	int i;

	(void)state;
	list(1);
	for(i = 0; i < LISTED; i++) {
		snprintf(owner, sizeof(owner), "user%d", i);
		assert_int_equal(reg_get(owner), i);
		if(i > 0)
			assert_int_equal(reg_put(i, owner, reg_contact('a')), WIMS_OK);
	}
	reg_remove(LISTED - 1, 'a');
	/* another block is another list */
	reg_new_block(LISTED, 60);
	assert_int_equal(reg_put(0, "other", reg_contact('b')), WIMS_OK);
	list(7);
	assert_true(shown[0] >= 1 && shown[0] < 1000 && shown[1] == 0);
	reg_block = b;
	for(i = 1; i <= WIMS_REG_PART_MAX; i *= 10) {
		list((size_t)i);
		assert_true(shown[0] >= 1000 && shown[LISTED - 1] == 0);
		assert_true(shown[1] >= 1 && shown[LISTED - 2] >= 1 && shown[LISTED / 2] >= 1);
	}
	reg_assert_counts(LISTED - 1, LISTED, 0);
}

static size_t purge(uint16_t node, uint32_t epoch, size_t n)
{
	uint64_t cursor = 0;
	size_t all = 0, removed;

	do {
		assert_int_equal(
				wims_store_purge(&reg_on->store, reg_block, node, epoch, &cursor, n, &removed),
				WIMS_OK);
		all += removed;
	} while(cursor != 0);
	return all;
}

static struct wims_reg_contact on_node(char name, uint16_t node, uint32_t epoch, int64_t left_ms)
{
	struct wims_reg_contact c = reg_contact(name);

	c.node = node;
	c.epoch = epoch;
	c.left_ms = left_ms;
	return c;
}

void conform_purges(void **state)
{
	const int64_t tick = reg_on->tick, forever = CONFORM_FOREVER_MS;
	int64_t index;

	(void)state;
	reg_new_block(2, 0);
	assert_int_equal(purge(1, 0, 1), 0);
	assert_int_equal(reg_put(0, "alice", on_node('a', 1, 5, forever)), WIMS_OK);
	assert_int_equal(reg_put(0, "alice", on_node('b', 1, 6, forever)), WIMS_OK);
	assert_int_equal(reg_put(0, "alice", on_node('c', 2, 5, forever)), WIMS_OK);
	assert_int_equal(reg_put(1, "bob", on_node('d', 1, 5, tick)), WIMS_OK);
	assert_int_equal(purge(1, 6, 1), 2);
	assert_string_equal(reg_names(0), "bc");
	assert_string_equal(reg_names(1), "");
	/* bob has lost his node and not his IMPU, until his registration is over */
	assert_int_equal(reg_allocate("carol", &index), WIMS_BLOCK_USED_UP);
	assert_int_equal(reg_put(1, "carol", reg_contact('e')), WIMS_IDENTITY_IN_USE);
	reg_assert_counts(2, 2, 0);
	reg_pass(tick);
	assert_int_equal(reg_get("carol"), 1);
	assert_int_equal(purge(1, 0, 100), 1);
	assert_int_equal(purge(2, 6, 100), 1);
	assert_int_equal(purge(2, 6, 100), 0);
	assert_string_equal(reg_names(0), "");
	assert_int_equal(reg_get("alice"), 0);
	assert_int_equal(reg_put(0, "alice", on_node('a', 3, 1, forever)), WIMS_OK);
	/* de-registered over another node, it is free as ever */
	reg_remove(0, 'a');
	assert_int_equal(reg_get("dave"), 0);
	/* of a claimed one likewise */
	reg_new_block(0, 0);
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "alice", on_node('a', 1, 5, tick)), WIMS_OK);
	assert_int_equal(purge(1, 0, 100), 1);
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "bob", reg_contact('b')), WIMS_IDENTITY_IN_USE);
	reg_pass(tick);
	assert_int_equal(reg_put(WIMS_REG_CLAIMED, "bob", reg_contact('b')), WIMS_OK);
}

static struct wims_reg_nodes nodes;

static enum wims_reason beat(uint16_t node, uint32_t epoch, const char *address)
{
	return wims_store_beat(&reg_on->store, node, epoch, wims_pl_str(address), &nodes);
}

static const struct wims_reg_node *node_of(uint16_t number)
{
	size_t i;

	for(i = 0; i < nodes.count; i++)
		if(nodes.node[i].node == number)
			return &nodes.node[i];
	return NULL;
}

static void leave(uint16_t node, uint32_t epoch)
{
	assert_int_equal(wims_store_leave(&reg_on->store, node, epoch), WIMS_OK);
}

void conform_knows_nodes(void **state)
{
	char longest[WIMS_REG_ADDRESS_MAX + 1] = {0};
	int64_t time;

	(void)state;
	memset(longest, '1', WIMS_REG_ADDRESS_MAX);
	assert_int_equal(beat(1, 5, "192.0.2.1:5060"), WIMS_OK);
	time = nodes.time;
	assert_true(time > 0 && !nodes.taken);
	assert_int_equal(nodes.count, 1);
	reg_pass(reg_on->tick);
	assert_int_equal(beat(65535, 4294967295u, longest), WIMS_OK);
	assert_int_equal(nodes.count, 2);
	assert_true(nodes.time >= time + reg_on->tick);
	assert_string_equal(node_of(1)->address, "192.0.2.1:5060");
	assert_int_equal(node_of(1)->epoch, 5);
	assert_int_equal(node_of(1)->age_ms, nodes.time - time);
	assert_string_equal(node_of(65535)->address, longest);
	assert_int_equal(node_of(65535)->epoch, 4294967295u);
	assert_int_equal(node_of(65535)->age_ms, 0);
	/* restarted */
	assert_int_equal(beat(1, 6, "192.0.2.1:5060"), WIMS_OK);
	assert_int_equal(nodes.count, 2);
	assert_int_equal(node_of(1)->epoch, 6);
	assert_int_equal(node_of(1)->age_ms, 0);
	/* its number is used by another one */
	assert_int_equal(beat(1, 7, "192.0.2.7:5060"), WIMS_OK);
	assert_true(nodes.taken);
	assert_int_equal(node_of(1)->epoch, 6);
	assert_string_equal(node_of(1)->address, "192.0.2.1:5060");
	/* also when both have started in the same second */
	assert_int_equal(beat(1, 6, "192.0.2.7:5060"), WIMS_OK);
	assert_true(nodes.taken);
	assert_int_equal(beat(1, 6, "192.0.2.1:5060"), WIMS_OK);
	assert_false(nodes.taken);
	/* a stop of the one before does not concern it */
	leave(1, 5);
	leave(2, 5);
	assert_int_equal(beat(65535, 4294967295u, longest), WIMS_OK);
	assert_int_equal(nodes.count, 2);
	leave(1, 6);
	leave(65535, 4294967295u);
	assert_int_equal(beat(1, 7, "192.0.2.7:5060"), WIMS_OK);
	assert_false(nodes.taken);
	assert_int_equal(nodes.count, 1);
	leave(1, 7);
}

void conform_forgets_nodes(void **state)
{
	uint16_t i;

	(void)state;
	for(i = 0; i < WIMS_REG_NODES_MAX; i++)
		assert_int_equal(beat(i, 5, "192.0.2.1:5060"), WIMS_OK);
	assert_int_equal(nodes.count, WIMS_REG_NODES_MAX);
	assert_int_equal(beat(i, 5, "192.0.2.1:5060"), WIMS_LIMIT_REACHED);
	assert_int_equal(nodes.count, 0);
	assert_int_equal(beat(0, 5, "192.0.2.1:5060"), WIMS_OK);
	if(reg_on->exact) {
		/* who has not beaten for long gives up its number, and then its place */
		reg_pass(WIMS_REG_DEAD_MS);
		assert_int_equal(beat(1, 6, "192.0.2.2:5060"), WIMS_OK);
		assert_true(nodes.taken);
		reg_pass(1);
		assert_int_equal(beat(1, 6, "192.0.2.2:5060"), WIMS_OK);
		assert_false(nodes.taken);
		reg_pass(WIMS_REG_FORGOTTEN_MS);
		assert_int_equal(beat(i, 5, "192.0.2.1:5060"), WIMS_OK);
		assert_int_equal(nodes.count, 2);
		leave(i, 5);
	}
	for(i = 0; i < WIMS_REG_NODES_MAX; i++) {
		leave(i, 5);
		leave(i, 6);
	}
}

static struct wims_reg_held held;

static void hold(uint16_t node, uint32_t epoch, int64_t ms, struct wims_pl doc)
{
	assert_int_equal(wims_store_hold(&reg_on->store, reg_block, node, epoch, ms, doc, &held),
					 WIMS_OK);
	assert_in_range(held.left_ms, 1, CONFORM_FOREVER_MS);
}

static void unhold(uint16_t node, uint32_t epoch)
{
	assert_int_equal(wims_store_unhold(&reg_on->store, reg_block, node, epoch), WIMS_OK);
}

static void assert_holder(bool ours, uint16_t node, uint32_t epoch, const char *doc)
{
	assert_int_equal(held.ours, ours);
	assert_int_equal(held.node, node);
	assert_int_equal(held.epoch, epoch);
	assert_true(wims_pl_eq(held.doc, wims_pl_str(doc)));
}

void conform_lets_one_hold_a_block(void **state)
{
	const int64_t tick = reg_on->tick, forever = CONFORM_FOREVER_MS;

	(void)state;
	reg_new_block(0, 0);
	unhold(1, 5);
	hold(1, 5, forever, WIMS_PL("one"));
	assert_holder(true, 1, 5, "");
	hold(2, 5, forever, WIMS_PL("two"));
	assert_holder(false, 1, 5, "one");
	/* not its own from before it restarted */
	hold(1, 6, forever, WIMS_PL("six"));
	assert_holder(false, 1, 5, "one");
	hold(1, 5, forever, WIMS_PL(""));
	assert_holder(true, 1, 5, "one");
	hold(1, 5, tick, WIMS_PL("uno"));
	assert_holder(true, 1, 5, "one");
	unhold(2, 5);
	unhold(1, 6);
	hold(2, 5, tick, WIMS_PL("two"));
	assert_holder(false, 1, 5, "uno");
	/* it is over: what was published is for the successor */
	reg_pass(tick);
	hold(2, 5, forever, WIMS_PL(""));
	assert_holder(true, 2, 5, "uno");
	hold(1, 5, forever, WIMS_PL("one"));
	assert_holder(false, 2, 5, "uno");
	hold(2, 5, forever, WIMS_PL("two"));
	unhold(2, 5);
	hold(3, 5, forever, WIMS_PL("three"));
	assert_holder(true, 3, 5, "two");
	/* each block on its own */
	reg_new_block(0, 0);
	hold(2, 5, forever, WIMS_PL("two"));
	assert_holder(true, 2, 5, "");
	unhold(2, 5);
	if(!reg_on->exact)
		return;
	/* nobody wants to know of it any more */
	reg_pass(WIMS_REG_DOC_KEEP_MS + forever);
	hold(1, 5, 1, WIMS_PL(""));
	assert_holder(true, 1, 5, "");
}

void conform_keeps_a_long_document(void **state)
{
	static char doc[WIMS_REG_DOC_MAX];
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(doc); i++)
		doc[i] = (char)i;
	reg_new_block(0, 0);
	hold(1, 5, CONFORM_FOREVER_MS, (struct wims_pl){doc, sizeof(doc)});
	hold(2, 5, 1, WIMS_PL(""));
	assert_false(held.ours);
	assert_int_equal(held.doc.l, sizeof(doc));
	assert_memory_equal(held.doc.p, doc, sizeof(doc));
}
