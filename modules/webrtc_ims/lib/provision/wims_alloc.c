/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_alloc.h"

#include <string.h>

/* --- writing --- */

/* n with leading zeros. */
static void write_digits(struct wims_w *w, uint64_t n, size_t digits)
{
	char text[WIMS_ALLOC_DIGITS_MAX];
	size_t i;

	for(i = digits; i > 0; i--, n /= 10)
		text[i - 1] = (char)('0' + n % 10);
	wims_w_pl(w, (struct wims_pl){text, digits});
}

static void write_made(struct wims_w *w, const struct wims_alloc *a, uint64_t index)
{
	uint64_t below = a->size;
	size_t i;

	for(i = 0; i < a->counters; i++) {
		const struct wims_counter *c = &a->counter[i];

		below /= c->count;
		wims_w_pl(w, a->literal[i]);
		write_digits(w, c->first + index / below, c->digits);
		index %= below;
	}
	wims_w_pl(w, a->literal[a->counters]);
}

bool wims_alloc_impu(const struct wims_alloc *a, uint64_t index, char buf[WIMS_IMPU_MAX],
					 struct wims_pl *impu)
{
	struct wims_w w;

	*impu = WIMS_PL_NONE;
	if(index >= a->size)
		return false;
	if(a->counters == 0) {
		*impu = a->list.at[index];
		return true;
	}
	wims_w_init(&w, buf, WIMS_IMPU_MAX);
	write_made(&w, a, index);
	*impu = wims_w_done(&w);
	return w.ok;
}

/* --- the way back --- */

static bool take_literal(struct wims_pl *rest, struct wims_pl literal)
{
	if(!wims_pl_starts(*rest, literal))
		return false;
	*rest = wims_pl_from(*rest, literal.l);
	return true;
}

static bool take_number(struct wims_pl *rest, const struct wims_counter *c, uint64_t *at)
{
	uint64_t n;

	if(rest->l < c->digits || !wims_pl_u64((struct wims_pl){rest->p, c->digits}, &n) || n < c->first
	   || n - c->first >= c->count)
		return false;
	*at = n - c->first;
	*rest = wims_pl_from(*rest, c->digits);
	return true;
}

static bool index_of_made(const struct wims_alloc *a, struct wims_pl impu, uint64_t *index)
{
	uint64_t n = 0, at;
	size_t i;

	for(i = 0; i < a->counters; i++) {
		if(!take_literal(&impu, a->literal[i]) || !take_number(&impu, &a->counter[i], &at))
			return false;
		n = n * a->counter[i].count + at;
	}
	if(!wims_pl_eq(impu, a->literal[a->counters]))
		return false;
	*index = n;
	return true;
}

bool wims_alloc_index(const struct wims_alloc *a, struct wims_pl impu, uint64_t *index)
{
	const struct wims_entry *e;

	*index = 0;
	if(a->counters > 0)
		return index_of_made(a, impu, index);
	if((e = wims_entries_find(&a->sorted, impu)) != NULL)
		*index = e->item;
	return e != NULL;
}

/* --- reading a pattern --- */

static bool refuse(struct wims_range_fault *fault, size_t at, const char *why)
{
	*fault = (struct wims_range_fault){.why = why, .at = at};
	return false;
}

/* FIRST..LAST; c is of no use when it is not. */
static bool read_counter(struct wims_counter *c, struct wims_pl text)
{
	size_t dot = wims_pl_find(text, '.');
	struct wims_pl first = {text.p, dot}, last = wims_pl_from(text, dot + 2);
	uint64_t end;

	if(dot + 1 >= text.l || text.p[dot + 1] != '.' || first.l != last.l
	   || first.l > WIMS_ALLOC_DIGITS_MAX || !wims_pl_u64(first, &c->first)
	   || !wims_pl_u64(last, &end) || end < c->first)
		return false;
	c->count = end - c->first + 1;
	c->digits = first.l;
	return true;
}

static bool add_counter(struct wims_alloc *a, struct wims_pl text, size_t at,
						struct wims_range_fault *fault)
{
	struct wims_counter *c = &a->counter[a->counters];

	if(a->counters == WIMS_ALLOC_COUNTERS_MAX)
		return refuse(fault, at, "allowed: two counters at most");
	if(!read_counter(c, text))
		return refuse(fault, at,
					  "allowed between '{' and '}': FIRST..LAST, as many digits in both, the lower "
					  "one first, 18 digits at most");
	if(c->count > WIMS_BLOCK_MAX / a->size)
		return refuse(fault, at, "makes too many identities; allowed: 100000000");
	a->size *= c->count;
	a->counters++;
	return true;
}

/* Would a digit behind s complete an escape? */
static bool cuts_escape(struct wims_pl s)
{
	return (s.l >= 1 && s.p[s.l - 1] == '%') || (s.l >= 2 && s.p[s.l - 2] == '%');
}

/* A counter makes digits and nothing else, so each identity is as canonical as the
 * first one. */
static bool check_literals(const struct wims_alloc *a, struct wims_range_fault *fault)
{
	char buf[WIMS_IMPU_MAX], canonical[WIMS_IMPU_MAX];
	struct wims_pl impu, same;
	size_t i;

	for(i = 0; i < a->counters; i++)
		if(cuts_escape(a->literal[i]) || wims_pl_find(a->literal[i], '@') < a->literal[i].l)
			return refuse(fault, 0, "allowed: counters in the user part, and in no escape");
	for(i = 0; i <= a->counters; i++)
		if(wims_pl_find(a->literal[i], '!') < a->literal[i].l)
			return refuse(fault, 0, "allowed: no '!'");
	if(!wims_alloc_impu(a, 0, buf, &impu)
	   || wims_impu_canonical(&same, canonical, sizeof(canonical), impu) != WIMS_OK
	   || !wims_pl_eq(impu, same))
		return refuse(fault, 0,
					  "makes no identities in canonical form; allowed: as "
					  "sip:desk-{000..999}@ims.test or tel:+1555{0000..9999}");
	return true;
}

bool wims_alloc_pattern(struct wims_alloc *a, struct wims_pl text, struct wims_range_fault *fault)
{
	struct wims_pl rest = text;
	size_t open, close;

	*a = (struct wims_alloc){.size = 1, .text = text};
	*fault = (struct wims_range_fault){0};
	if(text.l > WIMS_ALLOC_TEXT_MAX)
		return refuse(fault, WIMS_ALLOC_TEXT_MAX, "too long; allowed: 512 bytes");
	while((open = wims_pl_find(rest, '{')) < rest.l) {
		size_t at = (size_t)(rest.p - text.p) + open;

		a->literal[a->counters] = (struct wims_pl){rest.p, open};
		rest = wims_pl_from(rest, open + 1);
		if((close = wims_pl_find(rest, '}')) == rest.l)
			return refuse(fault, at, "allowed: a '}' behind each '{'");
		if(!add_counter(a, (struct wims_pl){rest.p, close}, at, fault))
			return false;
		rest = wims_pl_from(rest, close + 1);
	}
	if(a->counters == 0)
		return refuse(fault, 0, "has no counter; allowed: one or two, as {000..999}");
	a->literal[a->counters] = rest;
	return check_literals(a, fault);
}

/* --- as a range, and from one --- */

void wims_alloc_write_block(struct wims_w *w, const struct wims_range *block)
{
	wims_w_pl(w, block->scheme);
	wims_w_pl(w, block->prefix);
	wims_w_lit(w, "{");
	wims_w_pl(w, block->first);
	wims_w_lit(w, "..");
	wims_w_pl(w, block->last);
	wims_w_lit(w, "}");
	wims_w_pl(w, block->suffix);
	if(block->host.l > 0)
		wims_w_lit(w, "@");
	wims_w_pl(w, block->host);
}

/* The digits that all numbers begin with, one in between, and any. */
static void write_expression(struct wims_w *w, const struct wims_counter *c)
{
	char first[WIMS_ALLOC_DIGITS_MAX], last[WIMS_ALLOC_DIGITS_MAX];
	struct wims_w f, l;
	size_t n = 0;

	wims_w_init(&f, first, sizeof(first));
	wims_w_init(&l, last, sizeof(last));
	write_digits(&f, c->first, c->digits);
	write_digits(&l, c->first + c->count - 1, c->digits);
	while(n < c->digits && first[n] == last[n])
		n++;
	wims_w_pl(w, (struct wims_pl){first, n});
	if(n == c->digits)
		return;
	wims_w_lit(w, "[");
	wims_w_pl(w, (struct wims_pl){first + n, 1});
	wims_w_lit(w, "-");
	wims_w_pl(w, (struct wims_pl){last + n, 1});
	wims_w_lit(w, "][0-9]{");
	wims_w_u64(w, c->digits - n - 1);
	wims_w_lit(w, "}");
}

/* A literal inside of an expression. */
static void write_escaped(struct wims_w *w, struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++) {
		if(memchr("^.[]$()|*+?{}\\", s.p[i], 14) != NULL)
			wims_w_lit(w, "\\");
		wims_w_pl(w, (struct wims_pl){s.p + i, 1});
	}
}

void wims_alloc_write_range(struct wims_w *w, const struct wims_alloc *a)
{
	size_t i;

	wims_w_pl(w, a->literal[0]);
	wims_w_lit(w, "!");
	for(i = 0; i < a->counters; i++) {
		if(i > 0)
			write_escaped(w, a->literal[i]);
		write_expression(w, &a->counter[i]);
	}
	wims_w_lit(w, "!");
	wims_w_pl(w, a->literal[a->counters]);
}
