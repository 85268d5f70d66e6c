/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar/wims_store_mem_int.h"

enum
{
	SWEPT_FOR_COUNTS = 1000,
	SWEPT_EACH_BEAT = 100
};

struct wims_store_mem *wims_store_mem_new(const struct wims_env *env, size_t expected,
										  bool (*random)(void *buf, size_t n))
{
	struct wims_store_mem *m = wims_zalloc(env, sizeof(*m));

	if(m == NULL)
		return NULL;
	m->env = *env;
	wims_ring_init(&m->ring);
	if(random(&m->key, sizeof(m->key)) && wims_hash_init(&m->blocks, &m->env, 0)
	   && wims_hash_init(&m->by_id, &m->env, expected)
	   && wims_hash_init(&m->by_owner, &m->env, expected))
		return m;
	wims_store_mem_free(m);
	return NULL;
}

static void free_lease(void *m, struct wims_hnode *n)
{
	wims_mem_lease_free(m, WIMS_OWNER(n, struct wims_mem_lease, by_id));
}

static void free_block(void *m, struct wims_hnode *n)
{
	wims_mem_block_free(m, WIMS_OWNER(n, struct wims_mem_block, by_tag));
}

void wims_store_mem_free(struct wims_store_mem *m)
{
	struct wims_env env;

	if(m == NULL)
		return;
	wims_hash_drain(&m->by_id, free_lease, m);
	wims_hash_drain(&m->blocks, free_block, m);
	wims_hash_done(&m->by_id);
	wims_hash_done(&m->by_owner);
	wims_hash_done(&m->blocks);
	while(m->n_nodes > 0)
		wims_free(&m->env, m->node[--m->n_nodes]);
	env = m->env;
	wims_free(&env, m);
}

void wims_store_mem_at(struct wims_store_mem *m, int64_t now)
{
	if(now > m->now)
		m->now = now;
}

/* *l: one that nobody has. BLOCK_USED_UP, NOMEM. */
static enum wims_reason take(struct wims_store_mem *m, struct wims_mem_block *blk, uint64_t size,
							 struct wims_mem_lease **l)
{
	struct wims_timer *longest = blk->leases[WIMS_MEM_FREE].root;

	/* a put makes the place of its index when it is not there, so each step over
	 * one was paid for by a put */
	while(blk->next < size && wims_mem_find(m, blk, WIMS_PL_NONE, (int64_t)blk->next) != NULL)
		blk->next++;
	if(blk->next < size)
		*l = wims_mem_lease_new(m, blk, WIMS_PL_NONE, (int64_t)blk->next);
	else if(longest == NULL)
		return WIMS_BLOCK_USED_UP;
	else
		*l = WIMS_OWNER(longest, struct wims_mem_lease, timer);
	return *l == NULL ? WIMS_NOMEM : WIMS_OK;
}

static enum wims_reason allocate(void *ctx, const struct wims_block *b, struct wims_pl owner,
								 int64_t hold_ms, int64_t *index)
{
	struct wims_store_mem *m = ctx;
	struct wims_mem_block *blk = wims_mem_block_get(m, b);
	struct wims_mem_lease *l;
	enum wims_reason r;

	if(blk == NULL)
		return WIMS_NOMEM;
	l = wims_mem_find_owner(m, blk, owner);
	if(hold_ms == 0) {
		*index = l == NULL ? WIMS_REG_CLAIMED : (int64_t)l->index;
		return l == NULL ? WIMS_BLOCK_USED_UP : WIMS_OK;
	}
	if(l == NULL) {
		if((r = take(m, blk, b->size, &l)) != WIMS_OK)
			return r;
		if(!wims_mem_lease_name(m, l, owner, WIMS_PL_NONE)) {
			if(l->timer.seq == 0)
				wims_mem_lease_free(m, l);
			return WIMS_NOMEM;
		}
	}
	if(!wims_mem_used(l))
		l->since = m->now;
	if(l->held < m->now + hold_ms)
		l->held = m->now + hold_ms;
	wims_mem_review(m, l);
	*index = l->index;
	return WIMS_OK;
}

static bool has_name(void *ctx, const struct wims_mem_contact *c)
{
	return wims_pl_eq((struct wims_pl){c->name, sizeof(c->name)}, *(const struct wims_pl *)ctx);
}

/* NULL: not in use. */
static struct wims_mem_lease *find_used(struct wims_store_mem *m, const struct wims_block *b,
										struct wims_pl impu, int64_t index)
{
	struct wims_mem_block *blk = wims_mem_block(m, b);
	struct wims_mem_lease *l = blk == NULL ? NULL : wims_mem_find(m, blk, impu, index);

	return l != NULL && wims_mem_used(l) ? l : NULL;
}

static enum wims_reason remove_contact(void *ctx, const struct wims_block *b, struct wims_pl impu,
									   int64_t index, struct wims_pl name)
{
	struct wims_mem_lease *l = find_used(ctx, b, impu, index);

	if(l != NULL && wims_mem_contacts_drop(ctx, l, has_name, &name) > 0)
		wims_mem_review(ctx, l);
	return WIMS_OK;
}

static enum wims_reason query(void *ctx, const struct wims_block *b, struct wims_pl impu,
							  int64_t index, struct wims_reg_entry *entry)
{
	struct wims_mem_lease *l = find_used(ctx, b, impu, index);

	if(l == NULL)
		return WIMS_TARGET_UNREGISTERED;
	wims_mem_contacts_prune(ctx, l);
	if(l->contacts == NULL)
		return WIMS_TARGET_UNREGISTERED;
	wims_mem_show(ctx, l, entry);
	return WIMS_OK;
}

static enum wims_reason counts(void *ctx, const struct wims_block *b, struct wims_reg_counts *out)
{
	struct wims_mem_block *blk = wims_mem_block(ctx, b);

	if(blk != NULL) {
		wims_mem_sweep(ctx, blk, SWEPT_FOR_COUNTS);
		out->entries = blk->leases[WIMS_MEM_USED].count;
		out->allocated = out->entries + blk->leases[WIMS_MEM_RESTING].count;
	}
	out->free = b->size > out->allocated ? b->size - out->allocated : 0;
	return WIMS_OK;
}

static enum wims_reason drop(void *ctx, const struct wims_block *b, struct wims_pl impu,
							 int64_t index)
{
	struct wims_mem_block *blk = wims_mem_block(ctx, b);
	struct wims_mem_lease *l = blk == NULL ? NULL : wims_mem_find(ctx, blk, impu, index);

	if(l != NULL && l->timer.kind != WIMS_MEM_FREE)
		wims_mem_release(ctx, l);
	return WIMS_OK;
}

static enum wims_reason beat(void *ctx, uint16_t node, uint32_t epoch, struct wims_pl address,
							 struct wims_reg_nodes *nodes)
{
	/* also when nobody registers any more */
	wims_mem_sweep_next(ctx, SWEPT_EACH_BEAT);
	return wims_mem_beat(ctx, node, epoch, address, nodes);
}

struct wims_store wims_store_mem(struct wims_store_mem *m)
{
	static const struct wims_store_ops ops = {
			.allocate = allocate,
			.put = wims_mem_put,
			.remove = remove_contact,
			.query = query,
			.list = wims_mem_list,
			.counts = counts,
			.drop = drop,
			.purge = wims_mem_purge,
			.beat = beat,
			.leave = wims_mem_leave,
			.hold = wims_mem_hold,
			.unhold = wims_mem_unhold,
	};

	return (struct wims_store){&ops, m};
}
