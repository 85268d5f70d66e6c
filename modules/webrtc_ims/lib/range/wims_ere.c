/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range/wims_ere.h"

#include "identity/wims_host.h"
#include "identity/wims_impu.h"
#include "range/wims_ere_int.h"

#include <string.h>

/* --- sets --- */

bool wims_ere_set_has(struct wims_ere_set s, char c)
{
	unsigned char u = (unsigned char)c;

	return u < 128 && (s.bits[u / 64] >> (u % 64) & 1) != 0;
}

struct wims_ere_set wims_ere_set_any(void)
{
	struct wims_ere_set s = {{0, 0}};

	wims_ere_set_range(&s, '!', '~');
	return s;
}

void wims_ere_set_range(struct wims_ere_set *s, int first, int last)
{
	int c;

	for(c = first; c <= last; c++)
		s->bits[c / 64] |= UINT64_C(1) << (c % 64);
}

/* --- characters --- */

bool wims_ere_refuse(struct wims_ere_reader *r, size_t at, const char *why)
{
	r->fault->why = why;
	r->fault->at = at;
	return false;
}

static bool one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static struct wims_ere_char read_escape(struct wims_pl rest)
{
	static const char hex[] = "0123456789ABCDEF";
	struct wims_ere_char c = {.kind = WIMS_ERE_BAD, .length = 1};
	int byte = wims_unescape(rest);

	if(byte < 0)
		return c;
	c.length = 3;
	if(byte < 0x80 && (wims_is_unreserved((char)byte) || one_of((char)byte, "^[]{}|\\"))) {
		c.kind = WIMS_ERE_BYTE;
		c.byte = (char)byte;
	} else {
		c.kind = WIMS_ERE_UNIT;
		c.unit[0] = '%';
		c.unit[1] = hex[byte >> 4];
		c.unit[2] = hex[byte & 15];
	}
	return c;
}

struct wims_ere_char wims_ere_peek(const struct wims_ere_reader *r)
{
	struct wims_pl rest = wims_pl_from(r->in, r->at);
	struct wims_ere_char c = {.kind = WIMS_ERE_OVER};

	if(rest.l == 0)
		return c;
	if(rest.p[0] == '%')
		return read_escape(rest);
	c.length = 1;
	c.byte = rest.p[0];
	c.kind = c.byte > 0x20 && c.byte < 0x7f ? WIMS_ERE_BYTE : WIMS_ERE_BAD;
	return c;
}

static bool is_byte(struct wims_ere_char c, char byte)
{
	return c.kind == WIMS_ERE_BYTE && c.byte == byte;
}

bool wims_ere_accept(struct wims_ere_reader *r, char byte)
{
	struct wims_ere_char c = wims_ere_peek(r);

	if(!is_byte(c, byte))
		return false;
	r->at += c.length;
	return true;
}

/* --- nodes: each function hands back one, or WIMS_ERE_END when refused --- */

static uint16_t node_new(struct wims_ere *e, enum wims_ere_kind kind)
{
	uint16_t n = e->count;

	if(n == WIMS_ERE_NODES)
		return WIMS_ERE_END;
	e->count++;
	e->node[n] = (struct wims_ere_node){.kind = kind, .child = WIMS_ERE_END, .next = WIMS_ERE_END};
	return n;
}

static uint16_t node_set(struct wims_ere *e, struct wims_ere_set set)
{
	uint16_t n = node_new(e, WIMS_ERE_SET);

	if(n != WIMS_ERE_END)
		e->node[n].set = set;
	return n;
}

static uint16_t node_byte(struct wims_ere *e, char byte)
{
	struct wims_ere_set s = {{0, 0}};

	wims_ere_set_range(&s, byte, byte);
	return node_set(e, s);
}

static uint16_t last_of(const struct wims_ere *e, uint16_t n)
{
	while(e->node[n].next != WIMS_ERE_END)
		n = e->node[n].next;
	return n;
}

/* Hangs child behind *last of parent. A sequence in a sequence is spelling, not
 * meaning: its nodes are taken over. */
static void append(struct wims_ere *e, uint16_t parent, uint16_t *last, uint16_t child)
{
	if(e->node[parent].kind == WIMS_ERE_SEQ && e->node[child].kind == WIMS_ERE_SEQ)
		child = e->node[child].child;
	if(*last == WIMS_ERE_END)
		e->node[parent].child = child;
	else
		e->node[*last].next = child;
	*last = last_of(e, child);
}

static uint16_t unit(struct wims_ere *e, const char *bytes)
{
	uint16_t seq = node_new(e, WIMS_ERE_SEQ), last = WIMS_ERE_END;
	size_t i;

	for(i = 0; seq != WIMS_ERE_END && i < 3; i++) {
		uint16_t n = node_byte(e, bytes[i]);

		if(n == WIMS_ERE_END)
			return n;
		append(e, seq, &last, n);
	}
	return seq;
}

/* --- grammar --- */

static uint16_t read_alternatives(struct wims_ere_reader *r);

static uint16_t no_node(struct wims_ere_reader *r, size_t at, const char *why)
{
	(void)wims_ere_refuse(r, at, why);
	return WIMS_ERE_END;
}

static uint16_t read_group(struct wims_ere_reader *r, size_t start)
{
	uint16_t n;

	if(r->depth == WIMS_ERE_NESTING_MAX)
		return no_node(r, start, "parentheses nest too deep; allowed: 16 levels");
	r->depth++;
	n = read_alternatives(r);
	r->depth--;
	if(n != WIMS_ERE_END && !wims_ere_accept(r, ')'))
		return no_node(r, start, "'(' without ')'");
	return n;
}

static uint16_t read_backslash(struct wims_ere_reader *r, size_t start)
{
	struct wims_ere_char c = wims_ere_peek(r);

	if(c.kind != WIMS_ERE_BYTE || !one_of(c.byte, "^.[]$()|*+?{}\\!-/"))
		return no_node(r, start, "allowed behind '\\': one of ^.[]$()|*+?{}\\!-/");
	r->at += c.length;
	return node_byte(r->e, c.byte);
}

static uint16_t read_special(struct wims_ere_reader *r, size_t start, char c)
{
	struct wims_ere_set set;

	switch(c) {
		case '(':
			return read_group(r, start);
		case '[':
			return wims_ere_bracket(r, &set) ? node_set(r->e, set) : WIMS_ERE_END;
		case '.':
			return node_set(r->e, wims_ere_set_any());
		case '\\':
			return read_backslash(r, start);
		case '^':
		case '$':
			return no_node(r, start,
						   "no anchors: the whole is matched always; \\^ and \\$ are characters");
		case '*':
		case '+':
		case '?':
		case '{':
			return no_node(r, start, "nothing to repeat before it; with '\\' it is a character");
		case ']':
		case '}':
			return no_node(r, start, "not opened before; with '\\' it is a character");
		default:
			return node_byte(r->e, c);
	}
}

static uint16_t read_atom(struct wims_ere_reader *r)
{
	struct wims_ere_char c = wims_ere_peek(r);
	size_t start = r->at;

	r->at += c.length;
	if(c.kind == WIMS_ERE_UNIT)
		return unit(r->e, c.unit);
	if(c.kind == WIMS_ERE_BYTE)
		return read_special(r, start, c.byte);
	return no_node(r, start, "allowed: printable ASCII without space, and %HH of no control byte");
}

static bool read_number(struct wims_ere_reader *r, uint16_t *out)
{
	size_t start = r->at;
	uint32_t n = 0;

	while(r->at < r->in.l && wims_is_digit(r->in.p[r->at]) && n <= WIMS_ERE_REPEAT_MAX)
		n = n * 10 + (uint32_t)(r->in.p[r->at++] - '0');
	if(r->at == start || n > WIMS_ERE_REPEAT_MAX)
		return wims_ere_refuse(r, start, "allowed in { }: numbers from 0 to 255");
	*out = (uint16_t)n;
	return true;
}

static bool read_bounds(struct wims_ere_reader *r, size_t start, uint16_t *min, uint16_t *max)
{
	if(!read_number(r, min))
		return false;
	*max = *min;
	if(wims_ere_accept(r, ',')) {
		struct wims_ere_char c = wims_ere_peek(r);

		*max = WIMS_ERE_NO_MAX;
		if(!is_byte(c, '}') && !read_number(r, max))
			return false;
	}
	if(!wims_ere_accept(r, '}') || *min > *max)
		return wims_ere_refuse(r, start, "allowed: {m}, {m,} and {m,n} with m not above n");
	return true;
}

/* Is a repetition next? */
static bool repeats(const struct wims_ere_reader *r)
{
	struct wims_ere_char c = wims_ere_peek(r);

	return c.kind == WIMS_ERE_BYTE && one_of(c.byte, "*+?{");
}

static uint16_t read_repeated(struct wims_ere_reader *r)
{
	uint16_t atom = read_atom(r), n;
	size_t start = r->at;
	uint16_t min = 0, max = WIMS_ERE_NO_MAX;

	if(atom == WIMS_ERE_END || !repeats(r))
		return atom;
	if(wims_ere_accept(r, '+')) {
		min = 1;
	} else if(wims_ere_accept(r, '?')) {
		max = 1;
	} else if(!wims_ere_accept(r, '*')) {
		if(!wims_ere_accept(r, '{') || !read_bounds(r, start, &min, &max))
			return WIMS_ERE_END;
	}
	if(repeats(r))
		return no_node(r, r->at, "a repetition of a repetition needs parentheses");
	if((n = node_new(r->e, WIMS_ERE_REPEAT)) == WIMS_ERE_END)
		return n;
	r->e->node[n].child = atom;
	r->e->node[n].min = min;
	r->e->node[n].max = max;
	return n;
}

static uint16_t read_sequence(struct wims_ere_reader *r)
{
	uint16_t seq = node_new(r->e, WIMS_ERE_SEQ), last = WIMS_ERE_END;
	struct wims_ere_char c;

	if(seq == WIMS_ERE_END)
		return seq;
	while((c = wims_ere_peek(r)).kind != WIMS_ERE_OVER && !is_byte(c, '|') && !is_byte(c, ')')) {
		uint16_t n = read_repeated(r);

		if(n == WIMS_ERE_END)
			return n;
		append(r->e, seq, &last, n);
	}
	if(last == WIMS_ERE_END)
		return no_node(r, r->at, "nothing between operators; allowed: at least one character");
	return r->e->node[seq].child == last ? last : seq;
}

static uint16_t read_alternatives(struct wims_ere_reader *r)
{
	uint16_t first = read_sequence(r), last = WIMS_ERE_END, alt;

	if(first == WIMS_ERE_END || !is_byte(wims_ere_peek(r), '|'))
		return first;
	if((alt = node_new(r->e, WIMS_ERE_ALT)) == WIMS_ERE_END)
		return alt;
	append(r->e, alt, &last, first);
	while(wims_ere_accept(r, '|')) {
		uint16_t n = read_sequence(r);

		if(n == WIMS_ERE_END)
			return n;
		append(r->e, alt, &last, n);
	}
	return alt;
}

/* How many characters and sets an engine without counters would need; stops
 * counting above the maximum. */
static uint32_t expanded(const struct wims_ere *e, uint16_t n)
{
	const struct wims_ere_node *node = &e->node[n];
	uint32_t sum = node->kind == WIMS_ERE_SET, times = 1;
	uint16_t c;

	for(c = node->child; c != WIMS_ERE_END && sum <= WIMS_ERE_SIZE_MAX; c = e->node[c].next)
		sum += expanded(e, c);
	if(node->kind == WIMS_ERE_REPEAT)
		times = node->max == WIMS_ERE_NO_MAX ? node->min + 1u : node->max;
	return sum > WIMS_ERE_SIZE_MAX ? sum : sum * times;
}

bool wims_ere_parse(struct wims_ere *e, struct wims_pl text, struct wims_range_fault *fault)
{
	struct wims_ere_reader r = {.e = e, .in = text, .fault = fault};

	e->count = 0;
	*fault = (struct wims_range_fault){.why = "expression too complex"};
	if(text.l > WIMS_ERE_MAX)
		return wims_ere_refuse(&r, WIMS_ERE_MAX, "expression too long; allowed: 512 bytes");
	e->root = read_alternatives(&r);
	if(e->root == WIMS_ERE_END)
		return false;
	if(r.at < text.l)
		return wims_ere_refuse(&r, r.at, "')' without '('; with '\\' it is a character");
	if(expanded(e, e->root) > WIMS_ERE_SIZE_MAX)
		return wims_ere_refuse(&r, 0, "repetitions multiply; allowed: 1000 characters in all");
	fault->why = NULL;
	return true;
}
