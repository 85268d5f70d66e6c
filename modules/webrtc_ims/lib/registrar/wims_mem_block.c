/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar/wims_store_mem_int.h"

#include <string.h>

enum
{
	SWEPT_OF_BLOCK = 8, /* leases each call, more than it can make */
	SWEPT_OF_OTHER = 4
};

static struct wims_pl tag_of(const struct wims_mem_block *blk)
{
	return (struct wims_pl){blk->tag, sizeof(blk->tag)};
}

static uint32_t hash_of(const struct wims_store_mem *m, struct wims_pl tag)
{
	return wims_hash_slices(&m->key, &tag, 1);
}

static struct wims_mem_block *find(const struct wims_store_mem *m, struct wims_pl tag)
{
	struct wims_hnode *n = wims_hash_first(&m->blocks, hash_of(m, tag));

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_mem_block *blk = WIMS_OWNER(n, struct wims_mem_block, by_tag);

		if(wims_pl_eq(tag_of(blk), tag))
			return blk;
	}
	return NULL;
}

static bool due(const struct wims_store_mem *m, const struct wims_heap *h)
{
	return h->root != NULL && h->root->due <= m->now;
}

void wims_mem_sweep(struct wims_store_mem *m, struct wims_mem_block *blk, size_t n)
{
	static const enum wims_mem_state order[] = {WIMS_MEM_USED, WIMS_MEM_RESTING};
	size_t i, left;

	/* first whose use has ended, so that a free one is found if there is any */
	for(i = 0; i < 2; i++)
		for(left = n; left > 0 && due(m, &blk->leases[order[i]]); left--)
			wims_mem_settle(m,
							WIMS_OWNER(blk->leases[order[i]].root, struct wims_mem_lease, timer));
}

void wims_mem_block_free(struct wims_store_mem *m, struct wims_mem_block *blk)
{
	wims_hash_remove(&m->blocks, &blk->by_tag);
	wims_ring_remove(&blk->on_store);
	wims_free(&m->env, blk->hold.doc);
	wims_free(&m->env, blk);
}

static bool is_empty(const struct wims_store_mem *m, const struct wims_mem_block *blk)
{
	size_t i, n = 0;

	for(i = 0; i < WIMS_MEM_STATES; i++)
		n += blk->leases[i].count;
	return n == 0 && blk->hold.until <= m->now && blk->hold.kept_until <= m->now;
}

void wims_mem_sweep_next(struct wims_store_mem *m, size_t n)
{
	struct wims_mem_block *blk;

	if(wims_ring_empty(&m->ring))
		return;
	blk = WIMS_OWNER(m->ring.next, struct wims_mem_block, on_store);
	wims_ring_remove(&blk->on_store);
	wims_ring_append(&m->ring, &blk->on_store);
	wims_mem_sweep(m, blk, n);
	if(is_empty(m, blk))
		wims_mem_block_free(m, blk);
}

struct wims_mem_block *wims_mem_block(struct wims_store_mem *m, const struct wims_block *b)
{
	struct wims_mem_block *blk;

	wims_mem_sweep_next(m, SWEPT_OF_OTHER);
	blk = find(m, (struct wims_pl){b->tag, WIMS_BLOCK_TAG_LEN});
	if(blk == NULL)
		return NULL;
	blk->quarantine = (int64_t)b->quarantine * 1000;
	wims_mem_sweep(m, blk, SWEPT_OF_BLOCK);
	return blk;
}

struct wims_mem_block *wims_mem_block_get(struct wims_store_mem *m, const struct wims_block *b)
{
	struct wims_mem_block *blk = wims_mem_block(m, b);

	if(blk != NULL || (blk = wims_zalloc(&m->env, sizeof(*blk))) == NULL)
		return blk;
	memcpy(blk->tag, b->tag, sizeof(blk->tag));
	blk->quarantine = (int64_t)b->quarantine * 1000;
	wims_hash_add(&m->blocks, &blk->by_tag, hash_of(m, tag_of(blk)));
	wims_ring_append(&m->ring, &blk->on_store);
	return blk;
}
