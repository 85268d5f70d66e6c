/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What a lookup goes through; nothing here writes to the set. */
#include "range/wims_ranges_int.h"

#include <string.h>

uint64_t wims_ranges_seed(uint32_t space)
{
	return UINT64_C(0xcbf29ce484222325) ^ (uint64_t)space << 8;
}

bool wims_space_has(const struct wims_space *s, size_t length)
{
	return length <= WIMS_IMPU_MAX && (s->lengths[length / 64] >> (length % 64) & 1) != 0;
}

uint32_t wims_ranges_space(const struct wims_ranges *rs, struct wims_pl scheme, struct wims_pl host,
						   uint32_t *hash)
{
	struct wims_slot *slot;
	size_t probe = 0;

	*hash = wims_slots_mix(wims_slots_hash(wims_slots_hash(wims_ranges_seed(0), scheme), host));
	while((slot = wims_slots_next(&rs->space_slots, *hash, &probe)) != NULL) {
		const struct wims_space *s = &rs->spaces[wims_slot_item(slot)];

		if(wims_pl_eq(wims_ranges_span(rs, s->scheme), scheme)
		   && wims_pl_eq(wims_ranges_span(rs, s->host), host))
			return wims_slot_item(slot);
	}
	return WIMS_NO_ITEM;
}

struct wims_slot *wims_ranges_list(const struct wims_ranges *rs, uint32_t space,
								   struct wims_pl prefix, uint64_t hash)
{
	uint32_t mixed = wims_slots_mix(hash);
	struct wims_slot *slot;
	size_t probe = 0;

	while((slot = wims_slots_next(&rs->prefix_slots, mixed, &probe)) != NULL) {
		const struct wims_member *m = &rs->members[wims_slot_item(slot)];

		if(m->space == space && wims_pl_eq(wims_member_prefix(rs, m), prefix))
			break;
	}
	return slot;
}

static bool run_matches(const struct wims_ere_run *run, struct wims_pl s)
{
	size_t i;

	if(s.l < run->min || (run->max != WIMS_ERE_NO_MAX && s.l > run->max))
		return false;
	for(i = 0; i < s.l; i++)
		if(!wims_ere_set_has(run->set, s.p[i]))
			return false;
	return true;
}

/* Digits of one length compare as text does. */
static bool block_matches(struct wims_pl key, struct wims_pl s)
{
	size_t width = (key.l - 2) / 2, i;

	if(s.l != width)
		return false;
	for(i = 0; i < s.l; i++)
		if(s.p[i] < '0' || s.p[i] > '9')
			return false;
	return memcmp(s.p, key.p, width) >= 0 && memcmp(s.p, key.p + width + 2, width) <= 0;
}

bool wims_program_matches(const struct wims_ranges *rs, const struct wims_program *p,
						  struct wims_regex_room *room, struct wims_pl s, bool *limited)
{
	switch(p->kind) {
		case WIMS_PROGRAM_RUN:
			return run_matches(&p->run, s);
		case WIMS_PROGRAM_BLOCK:
			return block_matches(wims_ranges_span(rs, p->key), s);
		default:
			return wims_regex_match(p->regex, room, s, limited);
	}
}

static bool member_matches(const struct wims_ranges *rs, const struct wims_member *m,
						   struct wims_regex_room *room, struct wims_pl rest, bool *limited)
{
	struct wims_pl suffix = wims_member_suffix(rs, m);

	if(m->program == WIMS_NO_ITEM)
		return rest.l == 0;
	if(rest.l < suffix.l || !wims_pl_eq(wims_pl_from(rest, rest.l - suffix.l), suffix))
		return false;
	rest.l -= suffix.l;
	return wims_program_matches(rs, &rs->programs[m->program], room, rest, limited);
}

static enum wims_range_kind kind_of(const struct wims_ranges *rs, const struct wims_member *m)
{
	if(m->program == WIMS_NO_ITEM)
		return WIMS_RANGE_DISTINCT;
	return rs->programs[m->program].kind == WIMS_PROGRAM_BLOCK ? WIMS_RANGE_BLOCK
															   : WIMS_RANGE_EXPRESSION;
}

/* The first of the list that matches what is behind the prefix. */
static bool find_in_list(const struct wims_ranges *rs, uint32_t i, struct wims_regex_room *room,
						 struct wims_pl rest, struct wims_ranges_hit *hit)
{
	for(; i != WIMS_NO_ITEM; i = rs->members[i].next) {
		const struct wims_member *m = &rs->members[i];

		if(!member_matches(rs, m, room, rest, &hit->limited))
			continue;
		hit->range = i;
		hit->owner = m->owner;
		hit->kind = kind_of(rs, m);
		return true;
	}
	return false;
}

bool wims_ranges_find(const struct wims_ranges *rs, struct wims_regex_room *room,
					  struct wims_pl impu, struct wims_ranges_hit *hit)
{
	struct wims_identity id = wims_identity_split(impu);
	uint64_t hash[WIMS_IMPU_MAX + 1];
	uint32_t unused, space;
	size_t n;

	*hit = (struct wims_ranges_hit){0};
	if(!rs->sealed || impu.l > WIMS_IMPU_MAX || id.user.l == 0
	   || (space = wims_ranges_space(rs, id.scheme, id.host, &unused)) == WIMS_NO_ITEM)
		return false;
	hash[0] = wims_ranges_seed(space);
	for(n = 0; n < id.user.l; n++)
		hash[n + 1] = wims_slots_hash(hash[n], (struct wims_pl){id.user.p + n, 1});
	/* the longest prefix first: it is the most specific */
	for(n = id.user.l + 1; n-- > 0;) {
		struct wims_pl prefix = {id.user.p, n};
		struct wims_slot *slot;

		if(wims_space_has(&rs->spaces[space], n)
		   && wims_slots_may_have(&rs->prefix_slots, wims_slots_mix(hash[n]))
		   && (slot = wims_ranges_list(rs, space, prefix, hash[n])) != NULL
		   && find_in_list(rs, wims_slot_item(slot), room, wims_pl_from(id.user, n), hit))
			return true;
	}
	return false;
}
