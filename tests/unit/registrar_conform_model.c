/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Random operations on a store and on a model of it, which must say the same. The
 * seed is fixed: a failure happens at the same step again. */
#include "registrar_conform_int.h"
#include "registrar_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

enum
{
	AUDIT_EVERY = 5

};

static struct model_block model;
static uint64_t seed;
static int step;
static const char *const owners[MODEL_OWNERS] = {"alice", "bob", "carol", "dave", "erin"};

static uint32_t dice(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

static void expect(const char *what, enum wims_reason got, enum wims_reason want)
{
	if(got != want)
		fail_msg("step %d, %s: %s, expected %s", step, what, wims_reason_text(got),
				 wims_reason_text(want));
}

static int64_t index_of(int place)
{
	return model.claimed ? WIMS_REG_CLAIMED : place;
}

/* Where the clock is nobody's to set, far enough from each other. */
static int64_t life(void)
{
	int64_t ms = (int64_t)step * 5000;

	if(reg_on->exact)
		return 1 + dice(4000);
	return CONFORM_FOREVER_MS + (dice(2) ? ms : 100000000 - ms);
}

static void do_allocate(void)
{
	int owner = (int)dice(MODEL_OWNERS);
	int64_t hold = reg_on->exact ? life() : CONFORM_FOREVER_MS, index;
	enum wims_reason r = wims_store_allocate(&reg_on->store, reg_block, wims_pl_str(owners[owner]),
											 hold, &index);

	if(model.claimed) {
		expect("allocate", r, WIMS_INTERNAL);
		return;
	}
	expect("allocate", r, index < 0 ? WIMS_BLOCK_USED_UP : WIMS_OK);
	if(!model_may_allocate(&model, owner, (int)index, reg_on->exact ? 0 : INT64_MAX / 2))
		fail_msg("step %d, allocate for %s: %d", step, owners[owner], (int)index);
	if(index >= 0)
		model_allocated(&model, owner, (int)index, hold);
}

static int64_t since_near(int64_t since)
{
	if(since == MODEL_UNKNOWN || dice(3) == 0)
		return dice(2) ? 1 : WIMS_REG_TIME_MAX;
	since += (int64_t)dice(3) - 1;
	return since < 1 ? 1 : since > WIMS_REG_TIME_MAX ? WIMS_REG_TIME_MAX : since;
}

static void do_put(bool again)
{
	static const char *const instances[] = {"", "<urn:uuid:1>", "<urn:uuid:2>"};
	struct model_put in = {
			.place = (int)dice(MODEL_PLACES),
			.owner = (int)dice(MODEL_OWNERS),
			.name = (int)dice(MODEL_CONTACTS),
			.instance = (int)dice(3),
			.node = (uint16_t)dice(2),
			.epoch = 5 + dice(2),
			.left = life(),
			.max = 1 + dice(4),
			.again = again,
			.kept = again && dice(3) > 0,
	};
	struct model_place *p = &model.place[in.place];
	struct wims_reg_contact c = reg_contact((char)('a' + in.name));
	struct wims_reg_put to_store;
	bool displaced;

	/* mostly the owner, as it is in life */
	if(p->owner != MODEL_NOBODY && dice(2) == 0)
		in.owner = p->owner;
	in.since = again ? since_near(p->since) : 0;
	c.instance = wims_pl_str(instances[in.instance]);
	c.node = in.node;
	c.epoch = in.epoch;
	c.left_ms = in.left;
	to_store = (struct wims_reg_put){reg_impu(in.place),
									 index_of(in.place),
									 wims_pl_str(owners[in.owner]),
									 c,
									 in.max,
									 in.since,
									 again,
									 in.kept,
									 in.kept ? reg_time() : 0};
	expect(again ? "again" : "put", wims_store_put(&reg_on->store, reg_block, &to_store, &reg_out),
		   model_put(&model, &in, &displaced));
	assert_int_equal(reg_out.displaced, displaced);
	if(reg_out.since == 0)
		return;
	assert_int_equal(reg_out.contacts, model_contacts(p));
	if(p->since == MODEL_UNKNOWN)
		p->since = reg_out.since;
	assert_int_equal(reg_out.since, p->since);
}

static void do_remove(void)
{
	int place = (int)dice(MODEL_PLACES), name = (int)dice(MODEL_CONTACTS);

	expect("remove",
		   wims_store_remove(&reg_on->store, reg_block, reg_impu(place), index_of(place),
							 reg_contact((char)('a' + name)).name),
		   WIMS_OK);
	model_remove(&model, place, name);
}

static void do_drop(void)
{
	int place = (int)dice(MODEL_PLACES);

	expect("drop", wims_store_drop(&reg_on->store, reg_block, reg_impu(place), index_of(place)),
		   WIMS_OK);
	model_drop(&model, place);
}

static void do_purge(void)
{
	uint16_t node = (uint16_t)dice(2);
	uint32_t epoch = dice(3) == 0 ? 0 : 5 + dice(2);
	uint64_t cursor = 0;
	size_t n, all = 0;

	do {
		expect("purge",
			   wims_store_purge(&reg_on->store, reg_block, node, epoch, &cursor, 1 + dice(10), &n),
			   WIMS_OK);
		all += n;
	} while(cursor != 0);
	assert_int_equal(all, model_purge(&model, node, epoch));
}

static void audit_place(int place)
{
	const struct model_place *p = &model.place[place];
	enum wims_reason r = wims_store_query(&reg_on->store, reg_block, reg_impu(place),
										  index_of(place), &reg_entry);
	int i;

	expect("query", r, model_contacts(p) > 0 ? WIMS_OK : WIMS_TARGET_UNREGISTERED);
	assert_int_equal(reg_entry.count, model_contacts(p));
	if(r != WIMS_OK)
		return;
	assert_true(wims_pl_eq(reg_entry.owner, wims_pl_str(owners[p->owner])));
	assert_true(wims_pl_eq(reg_entry.impu, reg_impu(place)));
	assert_int_equal(reg_entry.since, p->since);
	for(i = 0; i < MODEL_CONTACTS; i++) {
		const struct model_contact *c = &p->contact[i];

		if(!c->there)
			continue;
		assert_int_equal(reg_find((char)('a' + i))->epoch, c->epoch);
		assert_int_equal(reg_find((char)('a' + i))->node, c->node);
		if(reg_on->exact)
			assert_int_equal(reg_find((char)('a' + i))->left_ms, c->until - model.now);
	}
}

static size_t listed;

static void count_one(void *ctx, const struct wims_reg_entry *e)
{
	(void)e;
	(*(size_t *)ctx)++;
}

static void audit(void)
{
	struct wims_reg_counts want;
	uint64_t cursor = 0;
	int i;

	model_counts(&model, &want);
	reg_assert_counts(want.entries, want.allocated, want.free);
	for(i = 0; i < MODEL_PLACES; i++)
		audit_place(i);
	listed = 0;
	expect("list",
		   wims_store_list(&reg_on->store, reg_block, &cursor, WIMS_REG_PART_MAX, count_one,
						   &listed),
		   WIMS_OK);
	if(cursor == 0)
		assert_int_equal(listed, want.entries);
}

static void do_something(void)
{
	uint32_t what = dice(100);
	int64_t ms = dice(1500);

	if(what < 20)
		do_allocate();
	else if(what < 50)
		do_put(false);
	else if(what < 65)
		do_put(true);
	else if(what < 80)
		do_remove();
	else if(what < 83)
		do_drop();
	else if(what < 88)
		do_purge();
	else if(reg_on->exact) {
		reg_pass(ms);
		model_pass(&model, ms);
	}
}

static void run(bool claimed, uint32_t quarantine)
{
	reg_new_block(claimed ? 0 : MODEL_PLACES, quarantine);
	model_init(&model, claimed, (int64_t)quarantine * 1000);
	for(step = 0; step < reg_on->rounds; step++) {
		do_something();
		if(step % AUDIT_EVERY == 0)
			audit();
	}
}

void conform_as_the_model(void **state)
{
	(void)state;
	seed = 4;
	run(false, 0);
	run(false, reg_on->exact ? 1 : 600);
	run(true, 0);
}
