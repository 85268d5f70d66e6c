/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar/wims_store_mem_int.h"

#include "base/wims_texts.h"

static uint32_t hash_in(const struct wims_store_mem *m, const struct wims_mem_block *blk,
						struct wims_pl key)
{
	const struct wims_pl parts[2] = {{blk->tag, sizeof(blk->tag)}, key};

	return wims_hash_slices(&m->key, parts, 2);
}

/* What tells the leases of a block apart: the index, or the IMPU if it is claimed. */
static struct wims_pl id_of(struct wims_pl impu, const int64_t *index)
{
	return *index == WIMS_REG_CLAIMED ? impu
									  : (struct wims_pl){(const char *)index, sizeof(*index)};
}

struct wims_mem_lease *wims_mem_find(struct wims_store_mem *m, struct wims_mem_block *blk,
									 struct wims_pl impu, int64_t index)
{
	struct wims_hnode *n = wims_hash_first(&m->by_id, hash_in(m, blk, id_of(impu, &index)));

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_mem_lease *l = WIMS_OWNER(n, struct wims_mem_lease, by_id);

		if(l->block == blk && l->index == index
		   && (index != WIMS_REG_CLAIMED || wims_pl_eq(wims_mem_impu(l), impu)))
			return wims_mem_settle(m, l);
	}
	return NULL;
}

struct wims_mem_lease *wims_mem_find_owner(struct wims_store_mem *m, struct wims_mem_block *blk,
										   struct wims_pl owner)
{
	struct wims_hnode *n = wims_hash_first(&m->by_owner, hash_in(m, blk, owner));

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_mem_lease *l = WIMS_OWNER(n, struct wims_mem_lease, by_owner);

		if(l->block != blk || !wims_pl_eq(wims_mem_owner(l), owner))
			continue;
		l = wims_mem_settle(m, l);
		return l == NULL || l->timer.kind == WIMS_MEM_FREE ? NULL : l;
	}
	return NULL;
}

struct wims_mem_lease *wims_mem_lease_new(struct wims_store_mem *m, struct wims_mem_block *blk,
										  struct wims_pl impu, int64_t index)
{
	struct wims_mem_lease *l = wims_zalloc(&m->env, sizeof(*l));

	if(l == NULL)
		return NULL;
	l->block = blk;
	l->index = index;
	l->timer.kind = WIMS_MEM_FREE;
	wims_hash_add(&m->by_id, &l->by_id, hash_in(m, blk, id_of(impu, &l->index)));
	return l;
}

void wims_mem_lease_free(struct wims_store_mem *m, struct wims_mem_lease *l)
{
	wims_mem_contacts_free(m, l);
	wims_heap_stop(&l->block->leases[l->timer.kind], &l->timer);
	wims_hash_remove(&m->by_id, &l->by_id);
	wims_hash_remove(&m->by_owner, &l->by_owner);
	wims_free(&m->env, l->text);
	wims_free(&m->env, l);
}

/* Whose it is; an owner keeps the first that it got. */
static void enter_owner(struct wims_store_mem *m, struct wims_mem_lease *l)
{
	struct wims_pl owner = wims_mem_owner(l);

	if(l->index != WIMS_REG_CLAIMED && wims_mem_find_owner(m, l->block, owner) == NULL)
		wims_hash_add(&m->by_owner, &l->by_owner, hash_in(m, l->block, owner));
}

bool wims_mem_lease_name(struct wims_store_mem *m, struct wims_mem_lease *l, struct wims_pl owner,
						 struct wims_pl impu)
{
	bool same = wims_pl_eq(wims_mem_owner(l), owner);
	char *text, *at;

	if(l->text == NULL || !same || !wims_pl_eq(wims_mem_impu(l), impu)) {
		/* one more, because neither needs to be there */
		if((text = m->env.alloc(m->env.ctx, owner.l + impu.l + 1)) == NULL)
			return false;
		at = text;
		wims_texts_put(&at, owner);
		wims_texts_put(&at, impu);
		if(!same)
			wims_hash_remove(&m->by_owner, &l->by_owner);
		wims_free(&m->env, l->text);
		l->text = text;
		l->owner_l = (uint8_t)owner.l;
		l->impu_l = (uint8_t)impu.l;
	}
	if(l->by_owner.at == NULL)
		enter_owner(m, l);
	return true;
}

static void move(struct wims_mem_lease *l, enum wims_mem_state to, int64_t due)
{
	if(l->timer.kind != (int)to)
		wims_heap_stop(&l->block->leases[l->timer.kind], &l->timer);
	l->timer.kind = to;
	wims_heap_arm(&l->block->leases[to], &l->timer, due);
}

static void end_lease(struct wims_store_mem *m, struct wims_mem_lease *l, int64_t at)
{
	wims_hash_remove(&m->by_owner, &l->by_owner);
	wims_free(&m->env, l->text);
	l->text = NULL;
	l->owner_l = 0;
	l->impu_l = 0;
	move(l, WIMS_MEM_FREE, at);
}

/* False: with its use the lease is gone. */
static bool end_use(struct wims_store_mem *m, struct wims_mem_lease *l, int64_t at)
{
	if(l->index == WIMS_REG_CLAIMED) {
		wims_mem_lease_free(m, l);
		return false;
	}
	wims_mem_contacts_free(m, l);
	l->held = 0;
	move(l, WIMS_MEM_RESTING, at + l->block->quarantine);
	return true;
}

struct wims_mem_lease *wims_mem_settle(struct wims_store_mem *m, struct wims_mem_lease *l)
{
	if(wims_mem_used(l) && l->timer.due <= m->now && !end_use(m, l, l->timer.due))
		return NULL;
	if(l->timer.kind == WIMS_MEM_RESTING && l->timer.due <= m->now)
		end_lease(m, l, l->timer.due);
	return l;
}

void wims_mem_review(struct wims_store_mem *m, struct wims_mem_lease *l)
{
	const struct wims_mem_contact *c;
	int64_t until = l->held;

	for(c = l->contacts; c != NULL; c = c->next)
		if(c->until > until)
			until = c->until;
	if(until > m->now)
		move(l, WIMS_MEM_USED, until);
	else if(end_use(m, l, m->now))
		wims_mem_settle(m, l);
}

void wims_mem_release(struct wims_store_mem *m, struct wims_mem_lease *l)
{
	if(end_use(m, l, m->now))
		end_lease(m, l, m->now);
}
