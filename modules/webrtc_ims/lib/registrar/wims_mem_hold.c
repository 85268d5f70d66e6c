/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar/wims_store_mem_int.h"

#include <string.h>

static bool is_ours(const struct wims_mem_hold *h, uint16_t node, uint32_t epoch)
{
	return h->node == node && h->epoch == epoch;
}

static void show(const struct wims_store_mem *m, const struct wims_mem_hold *h,
				 struct wims_reg_held *out)
{
	if(h->doc_l == 0 || h->kept_until <= m->now)
		return;
	memcpy(out->text, h->doc, h->doc_l);
	out->doc = (struct wims_pl){out->text, h->doc_l};
}

/* Takes the place of what was published. */
static bool publish(struct wims_store_mem *m, struct wims_mem_hold *h, struct wims_pl doc)
{
	char *copy = m->env.alloc(m->env.ctx, doc.l);

	if(copy == NULL)
		return false;
	memcpy(copy, doc.p, doc.l);
	wims_free(&m->env, h->doc);
	h->doc = copy;
	h->doc_l = doc.l;
	return true;
}

enum wims_reason wims_mem_hold(void *ctx, const struct wims_block *b, uint16_t node, uint32_t epoch,
							   int64_t ms, struct wims_pl doc, struct wims_reg_held *held)
{
	struct wims_store_mem *m = ctx;
	struct wims_mem_block *blk = wims_mem_block_get(m, b);
	struct wims_mem_hold *h;

	if(blk == NULL)
		return WIMS_NOMEM;
	h = &blk->hold;
	show(m, h, held);
	if(h->until <= m->now || is_ours(h, node, epoch)) {
		if(doc.l > 0 && !publish(m, h, doc)) {
			held->doc = WIMS_PL_NONE;
			return WIMS_NOMEM;
		}
		h->node = node;
		h->epoch = epoch;
		h->until = m->now + ms;
		h->kept_until = h->until + WIMS_REG_DOC_KEEP_MS;
	}
	held->ours = is_ours(h, node, epoch);
	held->node = h->node;
	held->epoch = h->epoch;
	held->left_ms = h->until - m->now;
	return WIMS_OK;
}

enum wims_reason wims_mem_unhold(void *ctx, const struct wims_block *b, uint16_t node,
								 uint32_t epoch)
{
	struct wims_mem_block *blk = wims_mem_block(ctx, b);

	if(blk != NULL && is_ours(&blk->hold, node, epoch))
		blk->hold.until = 0;
	return WIMS_OK;
}
