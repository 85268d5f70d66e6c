/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar/wims_store_mem_int.h"

/* All leases of one hash; the visitor may free the one that it is shown. */
static size_t
visit_all(struct wims_store_mem *m, struct wims_mem_block *blk, struct wims_hnode *n,
		  void (*visit)(struct wims_store_mem *m, struct wims_mem_lease *l, void *ctx), void *ctx)
{
	struct wims_hnode *next;
	size_t looked_at = 0;

	for(; n != NULL; n = next, looked_at++) {
		struct wims_mem_lease *l = WIMS_OWNER(n, struct wims_mem_lease, by_id);

		next = wims_hash_next(n);
		if(l->block == blk && (l = wims_mem_settle(m, l)) != NULL && wims_mem_used(l))
			visit(m, l, ctx);
	}
	return looked_at;
}

static void walk(struct wims_store_mem *m, const struct wims_block *b, uint64_t *cursor, size_t n,
				 void (*visit)(struct wims_store_mem *m, struct wims_mem_lease *l, void *ctx),
				 void *ctx)
{
	struct wims_mem_block *blk = wims_mem_block(m, b);
	struct wims_hnode *node;
	size_t looked_at = 0;

	while(blk != NULL && looked_at < n && *cursor <= UINT32_MAX
		  && (node = wims_hash_from(&m->by_id, (uint32_t)*cursor)) != NULL) {
		*cursor = (uint64_t)node->hash + 1;
		looked_at += visit_all(m, blk, wims_hash_first(&m->by_id, node->hash), visit, ctx);
	}
	if(looked_at < n)
		*cursor = 0;
}

struct shown
{
	void (*fn)(void *ctx, const struct wims_reg_entry *e);
	void *ctx;
	struct wims_reg_entry entry;
};

static void show(struct wims_store_mem *m, struct wims_mem_lease *l, void *ctx)
{
	struct shown *s = ctx;

	wims_mem_show(m, l, &s->entry);
	s->fn(s->ctx, &s->entry);
}

enum wims_reason wims_mem_list(void *ctx, const struct wims_block *b, uint64_t *cursor, size_t n,
							   void (*fn)(void *fn_ctx, const struct wims_reg_entry *e),
							   void *fn_ctx)
{
	struct shown s;

	s.fn = fn;
	s.ctx = fn_ctx;
	walk(ctx, b, cursor, n, show, &s);
	return WIMS_OK;
}

struct purge
{
	uint16_t node;
	uint32_t epoch;
	int64_t until; /* of those of one lease that have gone */
	size_t removed;
};

static bool is_old(void *ctx, const struct wims_mem_contact *c)
{
	struct purge *p = ctx;

	if(c->node != p->node || (p->epoch != 0 && c->epoch == p->epoch))
		return false;
	if(c->until > p->until)
		p->until = c->until;
	return true;
}

static void purge(struct wims_store_mem *m, struct wims_mem_lease *l, void *ctx)
{
	struct purge *p = ctx;

	wims_mem_contacts_prune(m, l);
	p->until = l->held;
	p->removed += wims_mem_contacts_drop(m, l, is_old, p);
	/* its user comes back over another node */
	l->held = p->until;
	wims_mem_review(m, l);
}

enum wims_reason wims_mem_purge(void *ctx, const struct wims_block *b, uint16_t node,
								uint32_t epoch, uint64_t *cursor, size_t n, size_t *removed)
{
	struct purge p = {.node = node, .epoch = epoch};

	walk(ctx, b, cursor, n, purge, &p);
	*removed = p.removed;
	return WIMS_OK;
}
