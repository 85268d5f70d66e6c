/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Three nodes on one store that loses its last writes from time to time, as a
 * Redis does when a replica takes over. What the nodes have acknowledged they put
 * again: then no IMPU has two users, the older one has kept it, and nothing is
 * leased that nobody uses.
 *
 * The store that has lost writes is made by doing all but the last ones once more
 * on an empty one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/wims_w.h"
#include "jose/wims_alg_ossl.h"
#include "registrar/wims_store_mem.h"

enum
{
	NODES = 3,
	USERS = 9,
	SIZE = 7,       /* IMPUs: not enough for all */
	QUARANTINE = 2, /* s */
	LOST_MS = 1500, /* a failover loses at most so much: less than the quarantine */
	LIFE_MS = 8000, /* of a registration, at most */
	HOLD_MS = 1000,
	REGISTRATIONS = 64,
	WRITES = 20000,
	STEPS = 3000,
	SEEDS = 20
};

enum kind
{
	ALLOCATE,
	PUT,
	REMOVE,
	PURGE
};

struct write
{
	enum kind kind;
	int64_t at, index, left, since;
	bool again;
	int user;
	uint16_t node;
	uint32_t epoch;
	char name[WIMS_CONTACT_USER_LEN];
};

/* Answered with 200 OK, and its connection lives. */
struct registration
{
	bool there;
	int user;
	uint16_t node;
	int64_t index, since, until;
	char name[WIMS_CONTACT_USER_LEN];
};

static const struct wims_block block = {
		.tag = "0123456789abcdef", .size = SIZE, .quarantine = QUARANTINE};
static struct wims_store_mem *m;
static struct wims_store store;
static struct write done[WRITES];
static size_t n_done;
static struct registration reg[REGISTRATIONS];
static uint32_t epochs[NODES];
static int64_t now;
static uint64_t seed, named;
static struct
{
	size_t acknowledged, failovers, lost, conflicts, displaced, made_again;
} seen;

static uint32_t dice(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

static struct wims_pl user_of(int user)
{
	static char text[USERS][16];

	snprintf(text[user], sizeof(text[user]), "user%d", user);
	return wims_pl_str(text[user]);
}

static struct wims_pl impu_of(int64_t index)
{
	static char text[32];

	snprintf(text, sizeof(text), "sip:r%d@ims.test", (int)index);
	return wims_pl_str(text);
}

static enum wims_reason put(const struct write *w, struct wims_reg_put_out *out)
{
	const struct wims_reg_put in = {
			.impu = impu_of(w->index),
			.index = w->index,
			.owner = user_of(w->user),
			.contact = {.name = {w->name, sizeof(w->name)},
						.flow = WIMS_PL("EAEAAVvNFQAAAAABq83vEjRWeJCrze8S"),
						.node = w->node,
						.epoch = w->epoch,
						.q = WIMS_Q_NONE,
						.left_ms = w->left},
			.max_contacts = WIMS_REG_CONTACTS_MAX,
			.since = w->since,
			.again = w->again,
	};

	return wims_store_put(&store, &block, &in, out);
}

/* On the store at hand. */
static enum wims_reason apply(const struct write *w, int64_t *index, struct wims_reg_put_out *out)
{
	uint64_t cursor = 0;
	size_t removed;

	wims_store_mem_at(m, w->at);
	switch(w->kind) {
		case ALLOCATE:
			return wims_store_allocate(&store, &block, user_of(w->user), HOLD_MS, index);
		case PUT:
			return put(w, out);
		case REMOVE:
			return wims_store_remove(&store, &block, impu_of(w->index), w->index,
									 (struct wims_pl){w->name, sizeof(w->name)});
		default:
			return wims_store_purge(&store, &block, w->node, w->epoch, &cursor, WIMS_REG_PART_MAX,
									&removed);
	}
}

static enum wims_reason write_it(struct write w, int64_t *index, struct wims_reg_put_out *out)
{
	w.at = now;
	assert_in_range(n_done, 0, WRITES - 1);
	done[n_done++] = w;
	return apply(&w, index, out);
}

static void open_store(void)
{
	wims_store_mem_free(m);
	m = wims_store_mem_new(&wims_env_libc, 0, wims_random);
	assert_non_null(m);
	store = wims_store_mem(m);
	wims_store_mem_at(m, now);
}

static struct write of(const struct registration *r)
{
	struct write w = {.kind = PUT,
					  .index = r->index,
					  .left = r->until - now,
					  .since = r->since,
					  .again = true,
					  .user = r->user,
					  .node = r->node,
					  .epoch = epochs[r->node]};

	memcpy(w.name, r->name, sizeof(w.name));
	return w;
}

/* ---- what nodes do ---- */

static struct registration *pick(bool there)
{
	uint32_t i, from = dice(REGISTRATIONS);

	for(i = 0; i < REGISTRATIONS; i++)
		if(reg[(from + i) % REGISTRATIONS].there == there)
			return &reg[(from + i) % REGISTRATIONS];
	return NULL;
}

static void register_new(void)
{
	struct registration *r = pick(false);
	struct wims_reg_put_out out;
	struct write w = {.kind = ALLOCATE, .user = (int)dice(USERS)};
	struct wims_w name;
	enum wims_reason why;

	if(r == NULL)
		return;
	w.node = (uint16_t)dice(NODES);
	w.epoch = epochs[w.node];
	if((why = write_it(w, &w.index, &out)) == WIMS_BLOCK_USED_UP)
		return;
	assert_int_equal(why, WIMS_OK);
	/* an attempt that is given up, now and then */
	if(dice(10) == 0)
		return;
	w.kind = PUT;
	w.left = 1 + dice(LIFE_MS);
	named++;
	wims_w_init(&name, w.name, sizeof(w.name));
	wims_w_hex(&name, &named, sizeof(named));
	wims_w_lit(&name, "00000000");
	assert_int_equal(write_it(w, &w.index, &out), WIMS_OK);
	*r = (struct registration){.there = true,
							   .user = w.user,
							   .node = w.node,
							   .index = w.index,
							   .since = out.since,
							   .until = now + w.left};
	memcpy(r->name, w.name, sizeof(r->name));
	seen.acknowledged++;
}

/* A refresh, or what was acknowledged is put again. */
static void put_again(struct registration *r, int64_t until)
{
	struct wims_reg_put_out out;
	struct registration fresh = *r;
	enum wims_reason why;

	fresh.until = until;
	why = write_it(of(&fresh), NULL, &out);
	if(why == WIMS_IDENTITY_CONFLICT) {
		seen.conflicts++;
		r->there = false;
		return;
	}
	assert_int_equal(why, WIMS_OK);
	assert_true(out.since <= r->since);
	seen.displaced += out.displaced;
	fresh.since = out.since;
	*r = fresh;
}

static void deregister(void)
{
	struct registration *r = pick(true);
	struct write w;

	if(r == NULL)
		return;
	w = of(r);
	w.kind = REMOVE;
	assert_int_equal(write_it(w, NULL, NULL), WIMS_OK);
	r->there = false;
}

static void restart(void)
{
	struct write w = {.kind = PURGE, .node = (uint16_t)dice(NODES)};
	int i;

	w.epoch = ++epochs[w.node];
	for(i = 0; i < REGISTRATIONS; i++)
		if(reg[i].node == w.node)
			reg[i].there = false;
	assert_int_equal(write_it(w, NULL, NULL), WIMS_OK);
}

static void pass(int64_t ms)
{
	int i;

	now += ms;
	wims_store_mem_at(m, now);
	for(i = 0; i < REGISTRATIONS; i++)
		if(reg[i].until <= now)
			reg[i].there = false;
}

/* ---- what must be so ---- */

static bool is_stored(const struct registration *r)
{
	static struct wims_reg_entry e;
	size_t i;

	if(wims_store_query(&store, &block, impu_of(r->index), r->index, &e) != WIMS_OK
	   || !wims_pl_eq(e.owner, user_of(r->user)))
		return false;
	for(i = 0; i < e.count; i++)
		if(memcmp(e.contact[i].name.p, r->name, sizeof(r->name)) == 0)
			return e.contact[i].left_ms == r->until - now && e.contact[i].node == r->node;
	return false;
}

/* All that lives is in the store, so each IMPU has one user. */
static void audit(void)
{
	int i;

	for(i = 0; i < REGISTRATIONS; i++)
		if(reg[i].there && !is_stored(&reg[i]))
			fail_msg("registration %d of %.*s is not in the store", i, (int)user_of(reg[i].user).l,
					 user_of(reg[i].user).p);
}

/* Whose an IMPU is: of those who registered it, the first. Two at the same time:
 * either. */
struct claim
{
	int64_t since;
	bool by[USERS];
};

static void claims(struct claim of[SIZE])
{
	struct claim *c;
	int i;

	memset(of, 0, SIZE * sizeof(*of));
	for(i = 0; i < REGISTRATIONS; i++) {
		if(!reg[i].there)
			continue;
		c = &of[reg[i].index];
		if(c->since == 0 || reg[i].since < c->since)
			*c = (struct claim){.since = reg[i].since};
		c->by[reg[i].user] = c->by[reg[i].user] || reg[i].since == c->since;
	}
}

static void assert_kept(const struct claim before[SIZE])
{
	struct claim after[SIZE];
	int i, user;

	claims(after);
	for(i = 0; i < SIZE; i++) {
		if(before[i].since == 0)
			continue;
		assert_in_range(after[i].since, 1, before[i].since);
		for(user = 0; user < USERS; user++)
			if(after[i].by[user])
				assert_true(before[i].by[user]);
	}
}

static void reconcile(void)
{
	struct claim before[SIZE];
	uint32_t i, from = dice(REGISTRATIONS);

	claims(before);
	for(i = 0; i < REGISTRATIONS; i++) {
		struct registration *r = &reg[(from + i * 5) % REGISTRATIONS];

		if(!r->there)
			continue;
		seen.made_again += !is_stored(r);
		put_again(r, r->until);
		/* others come in between */
		if(dice(8) == 0)
			register_new();
	}
	/* and those that were displaced hear of it in the next round */
	for(i = 0; i < REGISTRATIONS; i++)
		if(reg[i].there)
			put_again(&reg[i], reg[i].until);
	assert_kept(before);
	audit();
}

static void failover(void)
{
	int64_t loss = dice(LOST_MS);
	size_t i, kept = n_done;

	while(kept > 0 && done[kept - 1].at > now - loss)
		kept--;
	seen.failovers++;
	seen.lost += n_done - kept;
	n_done = kept;
	wims_store_mem_free(m);
	m = wims_store_mem_new(&wims_env_libc, 0, wims_random);
	assert_non_null(m);
	store = wims_store_mem(m);
	for(i = 0; i < n_done; i++) {
		struct wims_reg_put_out out;
		int64_t index;

		(void)apply(&done[i], &index, &out);
	}
	wims_store_mem_at(m, now);
}

static void step(void)
{
	uint32_t what = dice(100);
	struct registration *r;

	pass(dice(100));
	if(what < 35)
		register_new();
	else if(what < 60) {
		if((r = pick(true)) != NULL)
			put_again(r, now + 1 + dice(LIFE_MS));
	} else if(what < 85)
		deregister();
	else if(what < 86)
		restart();
	else if(what < 88) {
		failover();
		/* it takes a while until the nodes have noticed */
		for(what = dice(4); what > 0; what--)
			register_new();
		reconcile();
	}
}

static void run(uint64_t with)
{
	struct wims_reg_counts counts;
	int i;

	seed = with;
	now = INT64_C(1800000000000);
	n_done = 0;
	memset(reg, 0, sizeof(reg));
	m = NULL;
	open_store();
	for(i = 0; i < NODES; i++)
		epochs[i] = 5;
	for(i = 0; i < STEPS; i++) {
		step();
		if(i % 10 == 0)
			audit();
	}
	/* nothing is left that nobody has registered */
	pass(LIFE_MS + HOLD_MS + QUARANTINE * 1000);
	assert_int_equal(wims_store_counts(&store, &block, &counts), WIMS_OK);
	assert_int_equal(counts.entries, 0);
	assert_int_equal(counts.allocated, 0);
	assert_int_equal(counts.free, SIZE);
	wims_store_mem_free(m);
}

static void test_one_user_each(void **state)
{
	uint64_t i;

	(void)state;
	for(i = 1; i <= SEEDS; i++)
		run(i);
	print_message("%zu acknowledged, %zu failovers, %zu writes lost, %zu made again, "
				  "%zu displaced, %zu conflicts\n",
				  seen.acknowledged, seen.failovers, seen.lost, seen.made_again, seen.displaced,
				  seen.conflicts);
	/* chance has been everywhere */
	assert_true(seen.failovers > 500 && seen.lost > 5000 && seen.made_again > 100);
	assert_true(seen.displaced > 20 && seen.conflicts > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_one_user_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
