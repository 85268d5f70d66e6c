/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range/wims_ere.h"

#include "identity/wims_host.h"

/* --- literal parts --- */

static bool is_char(const struct wims_ere_node *n, char *out)
{
	uint64_t low = n->set.bits[0], high = n->set.bits[1];
	unsigned c = 0;

	if(n->kind != WIMS_ERE_SET || (low & (low - 1)) != 0 || (high & (high - 1)) != 0
	   || (low != 0) == (high != 0))
		return false;
	while(!wims_ere_set_has(n->set, (char)c))
		c++;
	*out = (char)c;
	return true;
}

static bool root_is_sequence(const struct wims_ere *e)
{
	return e->node[e->root].kind == WIMS_ERE_SEQ;
}

/* A sequence of one is that one. */
static void unwrap(struct wims_ere *e)
{
	uint16_t only = e->node[e->root].child;

	if(root_is_sequence(e) && only != WIMS_ERE_END && e->node[only].next == WIMS_ERE_END)
		e->root = only;
}

/* Turns a root that is one character into an empty sequence. */
static void clear_root(struct wims_ere *e)
{
	e->node[e->root].kind = WIMS_ERE_SEQ;
	e->node[e->root].child = WIMS_ERE_END;
}

/* The first or the last node, and the one before that. */
static uint16_t outermost(const struct wims_ere *e, bool at_end, uint16_t *before)
{
	uint16_t n = root_is_sequence(e) ? e->node[e->root].child : e->root;

	*before = WIMS_ERE_END;
	while(at_end && root_is_sequence(e) && n != WIMS_ERE_END && e->node[n].next != WIMS_ERE_END) {
		*before = n;
		n = e->node[n].next;
	}
	return n;
}

static bool take_char(struct wims_ere *e, bool at_end, char *out)
{
	uint16_t before, n = outermost(e, at_end, &before);

	if(n == WIMS_ERE_END || !is_char(&e->node[n], out))
		return false;
	if(n == e->root)
		clear_root(e);
	else if(before != WIMS_ERE_END)
		e->node[before].next = WIMS_ERE_END;
	else
		e->node[e->root].child = e->node[n].next;
	unwrap(e);
	return true;
}

size_t wims_ere_take_head(struct wims_ere *e, char *out, size_t room)
{
	size_t n = 0;

	while(n < room && take_char(e, false, out + n))
		n++;
	return n;
}

size_t wims_ere_take_tail(struct wims_ere *e, char *out, size_t room)
{
	size_t n = 0;

	while(n < room && take_char(e, true, out + room - n - 1))
		n++;
	return n;
}

bool wims_ere_is_run(const struct wims_ere *e, struct wims_ere_run *run)
{
	const struct wims_ere_node *n = &e->node[e->root];

	*run = (struct wims_ere_run){.min = 1, .max = 1};
	if(n->kind == WIMS_ERE_SEQ && n->child == WIMS_ERE_END) {
		run->min = run->max = 0;
		return true;
	}
	if(n->kind == WIMS_ERE_REPEAT) {
		run->min = n->min;
		run->max = n->max;
		n = &e->node[n->child];
	}
	run->set = n->set;
	return n->kind == WIMS_ERE_SET;
}

/* --- for the engine --- */

static void write_char(struct wims_w *w, unsigned c, bool in_set)
{
	char text[2] = {'\\', (char)c};
	unsigned char byte = (unsigned char)c;

	if(wims_is_alnum((char)c)) {
		wims_w_pl(w, (struct wims_pl){text + 1, 1});
	} else if(in_set) {
		wims_w_lit(w, "\\x");
		wims_w_hex(w, &byte, 1);
	} else {
		wims_w_pl(w, (struct wims_pl){text, 2});
	}
}

static void write_set(struct wims_w *w, struct wims_ere_set set)
{
	unsigned c, last;

	wims_w_lit(w, "[");
	for(c = 0; c < 128; c = last + 1) {
		last = c;
		if(!wims_ere_set_has(set, (char)c))
			continue;
		while(last < 127 && wims_ere_set_has(set, (char)(last + 1)))
			last++;
		write_char(w, c, true);
		if(last > c) {
			wims_w_lit(w, "-");
			write_char(w, last, true);
		}
	}
	wims_w_lit(w, "]");
}

static void write_times(struct wims_w *w, uint16_t min, uint16_t max)
{
	if(max == WIMS_ERE_NO_MAX && min <= 1) {
		wims_w_pl(w, min == 0 ? WIMS_PL("*") : WIMS_PL("+"));
		return;
	}
	wims_w_lit(w, "{");
	wims_w_u64(w, min);
	wims_w_lit(w, ",");
	if(max != WIMS_ERE_NO_MAX)
		wims_w_u64(w, max);
	wims_w_lit(w, "}");
}

static void write_node(const struct wims_ere *e, uint16_t at, struct wims_w *w)
{
	const struct wims_ere_node *n = &e->node[at];
	struct wims_ere_set any = wims_ere_set_any();
	bool group = n->kind == WIMS_ERE_ALT
				 || (n->kind == WIMS_ERE_REPEAT && e->node[n->child].kind != WIMS_ERE_SET);
	uint16_t c;
	char byte;

	if(n->kind == WIMS_ERE_SET) {
		if(is_char(n, &byte))
			write_char(w, (unsigned char)byte, false);
		else if(n->set.bits[0] == any.bits[0] && n->set.bits[1] == any.bits[1])
			wims_w_lit(w, ".");
		else
			write_set(w, n->set);
		return;
	}
	if(group)
		wims_w_lit(w, "(?:");
	for(c = n->child; c != WIMS_ERE_END; c = e->node[c].next) {
		if(n->kind == WIMS_ERE_ALT && c != n->child)
			wims_w_lit(w, "|");
		write_node(e, c, w);
	}
	if(group)
		wims_w_lit(w, ")");
	if(n->kind == WIMS_ERE_REPEAT)
		write_times(w, n->min, n->max);
}

void wims_ere_write(const struct wims_ere *e, struct wims_w *w)
{
	write_node(e, e->root, w);
}
