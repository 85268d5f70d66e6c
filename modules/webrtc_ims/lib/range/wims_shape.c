/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range/wims_shape.h"

static struct wims_ere_set both(struct wims_ere_set a, struct wims_ere_set b)
{
	return (struct wims_ere_set){{a.bits[0] | b.bits[0], a.bits[1] | b.bits[1]}};
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t greatest(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t add(uint32_t a, uint32_t b)
{
	return a >= WIMS_SHAPE_ENDLESS - b ? WIMS_SHAPE_ENDLESS : a + b;
}

static uint32_t times(uint32_t a, uint32_t b)
{
	return a > 0 && b > (WIMS_SHAPE_ENDLESS - 1) / a ? WIMS_SHAPE_ENDLESS : a * b;
}

void wims_shape_join(struct wims_shape *s, const struct wims_shape *tail)
{
	uint32_t i, k;

	for(i = 0; i < WIMS_SHAPE_MAX; i++)
		for(k = s->min; k <= least(s->max, i); k++)
			s->at[i] = both(s->at[i], tail->at[i - k]);
	s->min = add(s->min, tail->min);
	s->max = add(s->max, tail->max);
}

void wims_shape_lead(struct wims_shape *s, struct wims_pl literal, bool backwards)
{
	struct wims_shape lead = {.min = (uint32_t)literal.l, .max = (uint32_t)literal.l};
	size_t i;

	for(i = 0; i < literal.l && i < WIMS_SHAPE_MAX; i++) {
		unsigned char c = (unsigned char)literal.p[backwards ? literal.l - 1 - i : i];

		lead.at[i].bits[c / 64 & 1] |= UINT64_C(1) << (c % 64);
	}
	wims_shape_join(&lead, s);
	*s = lead;
}

static void either(struct wims_shape *s, const struct wims_shape *other)
{
	uint32_t i;

	for(i = 0; i < WIMS_SHAPE_MAX; i++)
		s->at[i] = both(s->at[i], other->at[i]);
	s->min = least(s->min, other->min);
	s->max = greatest(s->max, other->max);
}

/* s is one of what node repeats, and becomes the shape of all. As many as there
 * are positions fill them: each that counts has a character at least. */
static void repeat(struct wims_shape *s, const struct wims_ere_node *node)
{
	struct wims_shape one = *s;
	uint32_t max = node->max == WIMS_ERE_NO_MAX ? WIMS_SHAPE_ENDLESS : node->max;
	uint32_t i;

	*s = (struct wims_shape){0};
	for(i = 0; i < least(max, WIMS_SHAPE_MAX); i++) {
		if(i == node->min)
			one.min = 0;
		wims_shape_join(s, &one);
	}
	if(node->min > WIMS_SHAPE_MAX)
		s->min = times(one.min, node->min);
	s->max = one.max == 0 ? 0 : times(one.max, max);
}

static void shape_node(struct wims_shape *s, const struct wims_ere *e, uint16_t at, bool backwards)
{
	const struct wims_ere_node *n = &e->node[at];
	struct wims_shape part;
	uint16_t c;

	*s = (struct wims_shape){0};
	if(n->kind == WIMS_ERE_SET) {
		s->min = s->max = 1;
		s->at[0] = n->set;
		return;
	}
	for(c = n->child; c != WIMS_ERE_END; c = e->node[c].next) {
		shape_node(&part, e, c, backwards);
		if(c == n->child) {
			*s = part;
		} else if(n->kind == WIMS_ERE_ALT) {
			either(s, &part);
		} else if(backwards) {
			wims_shape_join(&part, s);
			*s = part;
		} else {
			wims_shape_join(s, &part);
		}
	}
	if(n->kind == WIMS_ERE_REPEAT)
		repeat(s, n);
}

void wims_shape_of(struct wims_shape *s, const struct wims_ere *e, bool backwards)
{
	shape_node(s, e, e->root, backwards);
}

bool wims_shapes_exclude(const struct wims_shape *a, const struct wims_shape *b)
{
	uint32_t i;

	if(a->max < b->min || b->max < a->min)
		return true;
	for(i = 0; i < WIMS_SHAPE_MAX && i < least(a->min, b->min); i++)
		if((a->at[i].bits[0] & b->at[i].bits[0]) == 0 && (a->at[i].bits[1] & b->at[i].bits[1]) == 0)
			return true;
	return false;
}
