/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_SLOTS_H
#define WIMS_SLOTS_H

/* What a large read-only set is made of: arrays that grow, and an index of
 * numbers by hash, 8 bytes a slot. Everything goes by number, so an array may
 * move while it grows.
 *
 * Hashes are not keyed, other than in base/wims_hash.h: only the operator adds;
 * peers look up, and cannot make a chain longer that way. */

#include "base/wims_env.h"

/* Makes room for need elements; false: no memory, or too many. */
WIMS_MUST_CHECK bool wims_vec_room(const struct wims_env *env, void **at, size_t *size, size_t need,
								   size_t element);
/* Gives back what is behind the first count; nothing happens without memory. */
void wims_vec_trim(const struct wims_env *env, void **at, size_t *size, size_t count,
				   size_t element);

struct wims_slot
{
	uint32_t hash;
	uint32_t item; /* + 1; 0: free */
};

struct wims_slots
{
	struct wims_slot *at;
	size_t size; /* a power of two, or 0 */
	size_t count;
	uint64_t *seen; /* bits of the hashes that are there; NULL: not filtered yet */
};

WIMS_MUST_CHECK bool wims_slots_add(struct wims_slots *s, const struct wims_env *env, uint32_t hash,
									uint32_t item);
void wims_slots_free(struct wims_slots *s, const struct wims_env *env);

/* Once all are added: the filter, half a byte a slot. It stays in a processor's
 * cache where the slots do not. */
WIMS_MUST_CHECK bool wims_slots_filter(struct wims_slots *s, const struct wims_env *env);
/* False: certainly no item of that hash; asked of filtered slots only. */
bool wims_slots_may_have(const struct wims_slots *s, uint32_t hash);

/* Walks all items of that hash; start with *probe 0. NULL: no further one. */
struct wims_slot *wims_slots_next(const struct wims_slots *s, uint32_t hash, size_t *probe);
/* The item in a slot, and putting another there. */
uint32_t wims_slot_item(const struct wims_slot *slot);
void wims_slot_set(struct wims_slot *slot, uint32_t item);

/* Hash of bytes that begins with that of those before them (FNV-1a). */
uint64_t wims_slots_hash(uint64_t hash, struct wims_pl s);
/* As an index wants it. */
uint32_t wims_slots_mix(uint64_t hash);

#endif
