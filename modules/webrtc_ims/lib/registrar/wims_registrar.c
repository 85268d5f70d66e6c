/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar/wims_registrar.h"

#include <stddef.h>
#include <string.h>

/* Is there a place of that index, or name, in the block? */
static bool place_fits(const struct wims_block *b, struct wims_pl impu, int64_t index)
{
	if(impu.l == 0 || impu.l > WIMS_IMPU_MAX)
		return false;
	if(b->size == 0)
		return index == WIMS_REG_CLAIMED;
	return index >= 0 && (uint64_t)index < b->size;
}

static bool contact_fits(const struct wims_reg_contact *c)
{
	return c->name.l == WIMS_CONTACT_USER_LEN && c->flow.l == WIMS_FLOWTOKEN_LEN
		   && c->instance.l <= WIMS_INSTANCE_MAX && c->q >= WIMS_Q_NONE && c->q <= WIMS_Q_MAX
		   && c->left_ms > 0 && c->left_ms <= WIMS_REG_LEFT_MAX_MS;
}

static bool put_fits(const struct wims_block *b, const struct wims_reg_put *in)
{
	return place_fits(b, in->impu, in->index) && in->owner.l <= WIMS_REG_OWNER_MAX
		   && (b->size == 0 || in->owner.l > 0) && contact_fits(&in->contact)
		   && in->max_contacts > 0 && in->max_contacts <= WIMS_REG_CONTACTS_MAX
		   && (in->again || !in->kept) && in->asked >= 0 && in->asked <= WIMS_REG_TIME_MAX
		   && in->since >= (in->again ? 1 : 0) && in->since <= WIMS_REG_TIME_MAX;
}

static bool hold_fits(int64_t ms, int64_t min)
{
	return ms >= min && ms <= WIMS_REG_HOLD_MAX_MS;
}

static bool part_fits(size_t n)
{
	return n > 0 && n <= WIMS_REG_PART_MAX;
}

enum wims_reason wims_store_allocate(const struct wims_store *st, const struct wims_block *b,
									 struct wims_pl owner, int64_t hold_ms, int64_t *index)
{
	*index = WIMS_REG_CLAIMED;
	if(b->size == 0 || owner.l == 0 || owner.l > WIMS_REG_OWNER_MAX || !hold_fits(hold_ms, 0))
		return WIMS_INTERNAL;
	return st->ops->allocate(st->ctx, b, owner, hold_ms, index);
}

enum wims_reason wims_store_put(const struct wims_store *st, const struct wims_block *b,
								const struct wims_reg_put *in, struct wims_reg_put_out *out)
{
	memset(out, 0, sizeof(*out));
	return put_fits(b, in) ? st->ops->put(st->ctx, b, in, out) : WIMS_INTERNAL;
}

enum wims_reason wims_store_remove(const struct wims_store *st, const struct wims_block *b,
								   struct wims_pl impu, int64_t index, struct wims_pl name)
{
	if(!place_fits(b, impu, index) || name.l != WIMS_CONTACT_USER_LEN)
		return WIMS_INTERNAL;
	return st->ops->remove(st->ctx, b, impu, index, name);
}

enum wims_reason wims_store_query(const struct wims_store *st, const struct wims_block *b,
								  struct wims_pl impu, int64_t index, struct wims_reg_entry *entry)
{
	memset(entry, 0, offsetof(struct wims_reg_entry, text));
	return place_fits(b, impu, index) ? st->ops->query(st->ctx, b, impu, index, entry)
									  : WIMS_INTERNAL;
}

enum wims_reason wims_store_list(const struct wims_store *st, const struct wims_block *b,
								 uint64_t *cursor, size_t n,
								 void (*fn)(void *ctx, const struct wims_reg_entry *e), void *ctx)
{
	return part_fits(n) ? st->ops->list(st->ctx, b, cursor, n, fn, ctx) : WIMS_INTERNAL;
}

enum wims_reason wims_store_counts(const struct wims_store *st, const struct wims_block *b,
								   struct wims_reg_counts *out)
{
	memset(out, 0, sizeof(*out));
	return st->ops->counts(st->ctx, b, out);
}

enum wims_reason wims_store_drop(const struct wims_store *st, const struct wims_block *b,
								 struct wims_pl impu, int64_t index)
{
	return place_fits(b, impu, index) ? st->ops->drop(st->ctx, b, impu, index) : WIMS_INTERNAL;
}

enum wims_reason wims_store_purge(const struct wims_store *st, const struct wims_block *b,
								  uint16_t node, uint32_t epoch, uint64_t *cursor, size_t n,
								  size_t *removed)
{
	*removed = 0;
	return part_fits(n) ? st->ops->purge(st->ctx, b, node, epoch, cursor, n, removed)
						: WIMS_INTERNAL;
}

enum wims_reason wims_store_beat(const struct wims_store *st, uint16_t node, uint32_t epoch,
								 struct wims_pl address, struct wims_reg_nodes *nodes)
{
	nodes->count = 0;
	nodes->taken = false;
	nodes->time = 0;
	if(epoch == 0 || address.l == 0 || address.l > WIMS_REG_ADDRESS_MAX)
		return WIMS_INTERNAL;
	return st->ops->beat(st->ctx, node, epoch, address, nodes);
}

enum wims_reason wims_store_leave(const struct wims_store *st, uint16_t node, uint32_t epoch)
{
	return st->ops->leave(st->ctx, node, epoch);
}

enum wims_reason wims_store_hold(const struct wims_store *st, const struct wims_block *b,
								 uint16_t node, uint32_t epoch, int64_t ms, struct wims_pl doc,
								 struct wims_reg_held *held)
{
	memset(held, 0, sizeof(*held));
	if(!hold_fits(ms, 1) || doc.l > WIMS_REG_DOC_MAX || epoch == 0)
		return WIMS_INTERNAL;
	return st->ops->hold(st->ctx, b, node, epoch, ms, doc, held);
}

enum wims_reason wims_store_unhold(const struct wims_store *st, const struct wims_block *b,
								   uint16_t node, uint32_t epoch)
{
	return st->ops->unhold(st->ctx, b, node, epoch);
}
