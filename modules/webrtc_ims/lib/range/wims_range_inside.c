/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range/wims_range_inside.h"

#include "range/wims_ranges.h"
#include "range/wims_shape.h"

#include <string.h>

/* What inner has in place of the part of outer that varies: two literal pieces,
 * and what varies between them. */
struct middle
{
	struct wims_pl head;
	const struct wims_ere *ere;
	struct wims_pl tail;
};

static bool ends_with(struct wims_pl s, struct wims_pl tail)
{
	return s.l >= tail.l && wims_pl_eq(wims_pl_from(s, s.l - tail.l), tail);
}

/* --- the same expression --- */

static bool same_expression(const struct wims_range *a, const struct wims_range *b)
{
	char text_a[WIMS_ERE_ENGINE_MAX], text_b[WIMS_ERE_ENGINE_MAX];
	struct wims_w wa, wb;

	wims_w_init(&wa, text_a, sizeof(text_a));
	wims_w_init(&wb, text_b, sizeof(text_b));
	wims_ere_write(&a->ere, &wa);
	wims_ere_write(&b->ere, &wb);
	return wa.ok && wb.ok && wims_pl_eq(wims_w_done(&wa), wims_w_done(&wb));
}

/* --- a run of one set --- */

static bool literal_of(struct wims_pl s, struct wims_ere_set set)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(!wims_ere_set_has(set, s.p[i]))
			return false;
	return true;
}

static bool set_of(struct wims_ere_set part, struct wims_ere_set set)
{
	return (part.bits[0] & ~set.bits[0]) == 0 && (part.bits[1] & ~set.bits[1]) == 0;
}

/* Has e no other characters than those of set? As deep as parentheses are. */
static bool node_of(const struct wims_ere *e, uint16_t at, struct wims_ere_set set)
{
	uint16_t c;

	if(e->node[at].kind == WIMS_ERE_SET)
		return set_of(e->node[at].set, set);
	for(c = e->node[at].child; c != WIMS_ERE_END; c = e->node[c].next)
		if(!node_of(e, c, set))
			return false;
	return true;
}

static void shape_of_middle(struct wims_shape *s, const struct middle *m)
{
	struct wims_shape tail = {0};

	wims_shape_of(s, m->ere, false);
	wims_shape_lead(s, m->head, false);
	wims_shape_lead(&tail, m->tail, false);
	wims_shape_join(s, &tail);
}

static bool in_run(const struct middle *m, const struct wims_ere_run *run)
{
	struct wims_shape s;

	shape_of_middle(&s, m);
	return s.min >= run->min && (run->max == WIMS_ERE_NO_MAX || s.max <= run->max)
		   && literal_of(m->head, run->set) && literal_of(m->tail, run->set)
		   && node_of(m->ere, m->ere->root, run->set);
}

/* --- a block of digits --- */

/* The lowest and the highest character of a set of digits; false: of others. */
static bool digits_of(struct wims_ere_set set, char *low, char *high)
{
	const struct wims_ere_set digits = {{UINT64_C(0x3ff) << '0', 0}};

	if(!set_of(set, digits) || set.bits[0] == 0)
		return false;
	for(*low = '0'; !wims_ere_set_has(set, *low); ++*low)
		;
	for(*high = '9'; !wims_ere_set_has(set, *high); --*high)
		;
	return true;
}

static bool in_block(const struct middle *m, struct wims_pl first, struct wims_pl last)
{
	char low[WIMS_SHAPE_MAX], high[WIMS_SHAPE_MAX];
	struct wims_shape s;
	size_t i;

	shape_of_middle(&s, m);
	if(first.l > WIMS_SHAPE_MAX || s.min != first.l || s.max != first.l)
		return false;
	for(i = 0; i < first.l; i++)
		if(!digits_of(s.at[i], &low[i], &high[i]))
			return false;
	return memcmp(low, first.p, first.l) >= 0 && memcmp(high, last.p, last.l) <= 0;
}

/* --- both --- */

bool wims_range_inside(const struct wims_range *inner, const struct wims_range *outer)
{
	struct middle m = {.ere = &inner->ere};
	struct wims_ere_run run;

	if(inner->kind == WIMS_RANGE_DISTINCT || outer->kind == WIMS_RANGE_DISTINCT
	   || !wims_pl_eq(inner->scheme, outer->scheme) || !wims_pl_eq(inner->host, outer->host)
	   || !wims_pl_starts(inner->prefix, outer->prefix) || !ends_with(inner->suffix, outer->suffix))
		return false;
	m.head = wims_pl_from(inner->prefix, outer->prefix.l);
	m.tail = (struct wims_pl){inner->suffix.p, inner->suffix.l - outer->suffix.l};
	if(outer->kind == WIMS_RANGE_BLOCK)
		return in_block(&m, outer->first, outer->last);
	if(wims_ere_is_run(&outer->ere, &run))
		return in_run(&m, &run);
	return inner->kind == WIMS_RANGE_EXPRESSION && m.head.l + m.tail.l == 0
		   && same_expression(inner, outer);
}

/* A set of one range. */
static enum wims_reason set_of_one(struct wims_ranges *set, struct wims_pl text)
{
	struct wims_range_fault fault;
	enum wims_reason r;
	uint32_t owner;

	if((r = wims_ranges_owner(set, WIMS_PL_NONE, WIMS_PL_NONE, &owner)) != WIMS_OK
	   || (r = wims_ranges_add_given(set, owner, text, &fault)) != WIMS_OK)
		return r;
	return wims_ranges_seal(set, &fault);
}

enum wims_reason wims_range_holds(const struct wims_env *env, struct wims_pl text,
								  const struct wims_pl *impus, size_t count)
{
	struct wims_ranges *set = wims_ranges_new(env);
	struct wims_regex_room *room = wims_regex_room_new(env);
	enum wims_reason r = WIMS_NOMEM;
	struct wims_ranges_hit hit;
	size_t i;

	if(set != NULL && room != NULL)
		r = set_of_one(set, text);
	if(r != WIMS_OK && r != WIMS_NOMEM)
		r = WIMS_IMPU_NOT_ENTITLED;
	for(i = 0; r == WIMS_OK && i < count; i++)
		if(!wims_ranges_find(set, room, impus[i], &hit))
			r = WIMS_IMPU_NOT_ENTITLED;
	wims_regex_room_free(room);
	wims_ranges_free(set);
	return r;
}
