/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range/wims_slots.h"

#include <limits.h>
#include <string.h>

enum
{
	VEC_FIRST = 16,
	SLOTS_FIRST = 32
};

static bool vec_resize(const struct wims_env *env, void **at, size_t *size, size_t to, size_t used,
					   size_t element)
{
	void *p;

	if(to > SIZE_MAX / 2 / element || (p = env->alloc(env->ctx, to * element)) == NULL)
		return false;
	if(used > 0)
		memcpy(p, *at, used * element);
	wims_free(env, *at);
	*at = p;
	*size = to;
	return true;
}

bool wims_vec_room(const struct wims_env *env, void **at, size_t *size, size_t need, size_t element)
{
	size_t to = *size > 0 ? *size : VEC_FIRST;

	if(need <= *size)
		return true;
	while(to < need)
		to += to / 2;
	return vec_resize(env, at, size, to, *size, element);
}

void wims_vec_trim(const struct wims_env *env, void **at, size_t *size, size_t count,
				   size_t element)
{
	if(count > 0 && count < *size)
		(void)!vec_resize(env, at, size, count, count, element);
}

/* --- slots --- */

uint64_t wims_slots_hash(uint64_t hash, struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		hash = (hash ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	return hash;
}

uint32_t wims_slots_mix(uint64_t hash)
{
	hash ^= hash >> 32;
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(hash >> 32);
}

uint32_t wims_slot_item(const struct wims_slot *slot)
{
	return slot->item - 1;
}

void wims_slot_set(struct wims_slot *slot, uint32_t item)
{
	slot->item = item + 1;
}

struct wims_slot *wims_slots_next(const struct wims_slots *s, uint32_t hash, size_t *probe)
{
	while(*probe < s->size) {
		struct wims_slot *slot = &s->at[(hash + (*probe)++) & (s->size - 1)];

		if(slot->item == 0)
			break;
		if(slot->hash == hash)
			return slot;
	}
	return NULL;
}

static void put(struct wims_slots *s, struct wims_slot slot)
{
	size_t i = slot.hash & (s->size - 1);

	while(s->at[i].item != 0)
		i = (i + 1) & (s->size - 1);
	s->at[i] = slot;
}

static bool grow(struct wims_slots *s, const struct wims_env *env)
{
	struct wims_slots to = {.size = s->size > 0 ? 2 * s->size : SLOTS_FIRST, .count = s->count};
	size_t i;

	if((to.at = wims_zalloc(env, to.size * sizeof(*to.at))) == NULL)
		return false;
	for(i = 0; i < s->size; i++)
		if(s->at[i].item != 0)
			put(&to, s->at[i]);
	wims_free(env, s->at);
	*s = to;
	return true;
}

bool wims_slots_add(struct wims_slots *s, const struct wims_env *env, uint32_t hash, uint32_t item)
{
	struct wims_slot slot = {.hash = hash};

	/* at most half full: a miss ends soon */
	if(2 * (s->count + 1) > s->size && !grow(s, env))
		return false;
	wims_slot_set(&slot, item);
	put(s, slot);
	s->count++;
	return true;
}

/* The upper bits of a hash: the lower ones chose the slot. Four bits a slot. */
static size_t bit_of(const struct wims_slots *s, uint32_t hash)
{
	return (size_t)(((uint64_t)hash * (4 * s->size)) >> 32);
}

bool wims_slots_filter(struct wims_slots *s, const struct wims_env *env)
{
	size_t i, bit;

	if(s->size == 0)
		return true;
	if((s->seen = wims_zalloc(env, 4 * s->size / CHAR_BIT)) == NULL)
		return false;
	for(i = 0; i < s->size; i++) {
		if(s->at[i].item == 0)
			continue;
		bit = bit_of(s, s->at[i].hash);
		s->seen[bit / 64] |= UINT64_C(1) << (bit % 64);
	}
	return true;
}

bool wims_slots_may_have(const struct wims_slots *s, uint32_t hash)
{
	size_t bit = bit_of(s, hash);

	return s->seen != NULL && (s->seen[bit / 64] >> (bit % 64) & 1) != 0;
}

void wims_slots_free(struct wims_slots *s, const struct wims_env *env)
{
	wims_free(env, s->seen);
	wims_free(env, s->at);
	*s = (struct wims_slots){0};
}
