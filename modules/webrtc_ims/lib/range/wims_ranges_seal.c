/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Sealing: no two owners share an identity. */
#include "range/wims_ranges_int.h"
#include "range/wims_shape.h"

#include <string.h>

static bool ends_with(struct wims_pl s, struct wims_pl tail)
{
	return s.l >= tail.l && wims_pl_eq(wims_pl_from(s, s.l - tail.l), tail);
}

/* The shape of what r matches behind the first skip bytes of its prefix;
 * backwards: before the last skip bytes of its suffix. */
static void shape_behind(struct wims_shape *s, const struct wims_range *r, size_t skip,
						 bool backwards)
{
	struct wims_pl prefix = r->prefix, suffix = r->suffix;
	struct wims_shape tail = {0};

	*s = (struct wims_shape){0};
	wims_shape_of(s, &r->ere, backwards);
	if(backwards) {
		suffix.l -= skip;
		wims_shape_lead(s, suffix, true);
		wims_shape_lead(&tail, prefix, true);
	} else {
		wims_shape_lead(s, wims_pl_from(prefix, skip), false);
		wims_shape_lead(&tail, suffix, false);
	}
	wims_shape_join(s, &tail);
}

static size_t lesser(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool shapes_exclude(const struct wims_range *a, const struct wims_range *b, bool backwards)
{
	size_t skip = backwards ? lesser(a->suffix.l, b->suffix.l) : lesser(a->prefix.l, b->prefix.l);
	struct wims_shape sa, sb;

	shape_behind(&sa, a, skip, backwards);
	shape_behind(&sb, b, skip, backwards);
	return wims_shapes_exclude(&sa, &sb);
}

/* The whole user part with these digits, as it lies in the range. */
static struct wims_pl whole_user(const struct wims_range *r, struct wims_pl digits)
{
	return (struct wims_pl){digits.p - r->prefix.l, r->prefix.l + digits.l + r->suffix.l};
}

/* All of a block lies, as text, between its first and its last. */
static bool blocks_exclude(const struct wims_range *a, const struct wims_range *b)
{
	struct wims_pl low_a, low_b;

	if(a->kind != WIMS_RANGE_BLOCK || b->kind != WIMS_RANGE_BLOCK)
		return false;
	low_a = whole_user(a, a->first);
	low_b = whole_user(b, b->first);
	return low_a.l == low_b.l
		   && (memcmp(whole_user(a, a->last).p, low_b.p, low_b.l) < 0
			   || memcmp(whole_user(b, b->last).p, low_a.p, low_a.l) < 0);
}

static struct wims_range_fault pair(uint32_t range, uint32_t other, const char *why)
{
	return (struct wims_range_fault){.why = why, .range = range, .other = other};
}

/* A range and what it is compared with. */
struct comparison
{
	const struct wims_ranges *rs;
	struct wims_regex_room *room;
	uint32_t index;
	const struct wims_member *m;
	struct wims_range *range; /* of m, once read */
	struct wims_range *other;
};

/* What was added can be read again. */
static bool read_both(struct comparison *c, uint32_t other)
{
	struct wims_range_fault fault;

	return wims_range_read(c->range, wims_ranges_text(c->rs, c->index), &fault)
		   && wims_range_read(c->other, wims_ranges_text(c->rs, other), &fault);
}

/* Is the distinct identity in q, whose prefix it begins with? One that cannot
 * be decided is. */
static bool distinct_in(struct comparison *c, const struct wims_member *distinct,
						const struct wims_member *q)
{
	struct wims_pl rest = wims_pl_from(wims_member_prefix(c->rs, distinct), q->prefix_length);
	struct wims_pl suffix = wims_member_suffix(c->rs, q);
	bool limited = false;

	if(!ends_with(rest, suffix))
		return false;
	rest.l -= suffix.l;
	return wims_program_matches(c->rs, &c->rs->programs[q->program], c->room, rest, &limited)
		   || limited;
}

/* Can no identity be in both? m's prefix begins with that of q; two distinct
 * identities in one list are the same range, and do not come here. */
static bool apart(struct comparison *c, uint32_t other)
{
	const struct wims_member *q = &c->rs->members[other];
	struct wims_pl a = wims_member_suffix(c->rs, c->m), b = wims_member_suffix(c->rs, q);

	if(q->program == WIMS_NO_ITEM) /* its user part is its prefix */
		return c->m->prefix_length > q->prefix_length || !distinct_in(c, q, c->m);
	if(c->m->program == WIMS_NO_ITEM)
		return !distinct_in(c, c->m, q);
	if(!ends_with(a, b) && !ends_with(b, a))
		return true;
	return read_both(c, other)
		   && (blocks_exclude(c->range, c->other) || shapes_exclude(c->range, c->other, false)
			   || shapes_exclude(c->range, c->other, true));
}

static bool same(const struct wims_ranges *rs, const struct wims_member *a,
				 const struct wims_member *b)
{
	return a->prefix_length == b->prefix_length && a->program == b->program
		   && wims_pl_eq(wims_member_suffix(rs, a), wims_member_suffix(rs, b));
}

/* Against a list of ranges whose prefix m's begins with. */
static bool check_list(struct comparison *c, uint32_t i, struct wims_range_fault *fault)
{
	for(; i != WIMS_NO_ITEM; i = c->rs->members[i].next) {
		const struct wims_member *q = &c->rs->members[i];

		/* of two in one list, the later one looks at the earlier */
		if(q->prefix_length == c->m->prefix_length && i >= c->index)
			continue;
		if(same(c->rs, q, c->m)) {
			*fault = pair(c->index, i, "twice the same range");
			return false;
		}
		if(q->owner != c->m->owner && !apart(c, i)) {
			*fault = pair(c->index, i, "ranges of two owners overlap, or cannot be told apart");
			return false;
		}
	}
	return true;
}

static bool check_member(struct comparison *c, struct wims_range_fault *fault)
{
	struct wims_pl prefix = wims_member_prefix(c->rs, c->m);
	uint64_t hash = wims_ranges_seed(c->m->space);
	const struct wims_space *space = &c->rs->spaces[c->m->space];
	size_t n;

	for(n = 0;; n++) {
		struct wims_pl head = {prefix.p, n};
		struct wims_slot *slot;

		if(wims_space_has(space, n)
		   && (slot = wims_ranges_list(c->rs, c->m->space, head, hash)) != NULL
		   && !check_list(c, wims_slot_item(slot), fault))
			return false;
		if(n == prefix.l)
			return true;
		hash = wims_slots_hash(hash, (struct wims_pl){prefix.p + n, 1});
	}
}

static void trim(struct wims_ranges *rs)
{
	const struct wims_env *env = &rs->env;

	wims_slots_free(&rs->program_slots, env); /* nothing is added any more */
	wims_vec_trim(env, (void **)&rs->text, &rs->text_size, rs->text_count + 1, 1);
	wims_vec_trim(env, (void **)&rs->programs, &rs->programs_size, rs->programs_count,
				  sizeof(*rs->programs));
	wims_vec_trim(env, (void **)&rs->members, &rs->members_size, rs->members_count,
				  sizeof(*rs->members));
}

enum wims_reason wims_ranges_seal(struct wims_ranges *rs, struct wims_range_fault *fault)
{
	struct wims_range range, other;
	struct comparison c = {.rs = rs, .range = &range, .other = &other};
	enum wims_reason r = WIMS_OK;

	*fault = pair(0, 0, NULL);
	if((c.room = wims_regex_room_new(&rs->env)) == NULL)
		return WIMS_NOMEM;
	for(; r == WIMS_OK && c.index < rs->members_count; c.index++) {
		c.m = &rs->members[c.index];
		if(!check_member(&c, fault))
			r = WIMS_CONFIG_OVERLAP;
	}
	wims_regex_room_free(c.room);
	if(r != WIMS_OK)
		return r;
	if(!wims_slots_filter(&rs->prefix_slots, &rs->env))
		return WIMS_NOMEM;
	trim(rs);
	rs->sealed = true;
	return WIMS_OK;
}
