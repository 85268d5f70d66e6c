/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Bracket expressions: POSIX 1003.1 9.3.5. A backslash is a character here. */
#include "range/wims_ere_int.h"

struct class
{
	struct wims_pl name;
	const char *ranges; /* pairs of first and last */
};

/* The POSIX locale, of what an identity can hold. */
/* clang-format off */
static const struct class classes[] = {
	{{"alnum", 5}, "09AZaz"},
	{{"alpha", 5}, "AZaz"},
	{{"digit", 5}, "09"},
	{{"graph", 5}, "!~"},
	{{"lower", 5}, "az"},
	{{"print", 5}, "!~"},
	{{"punct", 5}, "!/:@[`{~"},
	{{"upper", 5}, "AZ"},
	{{"xdigit", 6}, "09AFaf"},
};
/* clang-format on */

/* What stands behind "[:". */
static bool read_class(struct wims_ere_reader *r, struct wims_ere_set *set)
{
	size_t start = r->at, i;
	struct wims_pl rest = wims_pl_from(r->in, start);
	struct wims_pl name = {rest.p, wims_pl_find(rest, ':')};

	r->at += name.l;
	for(i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		const char *pair = classes[i].ranges;

		if(!wims_pl_eq(name, classes[i].name))
			continue;
		for(; pair[0] != '\0'; pair += 2)
			wims_ere_set_range(set, pair[0], pair[1]);
		if(wims_ere_accept(r, ':') && wims_ere_accept(r, ']'))
			return true;
	}
	return wims_ere_refuse(
			r, start,
			"allowed: [:alnum:], alpha, digit, graph, lower, print, punct, upper, xdigit");
}

/* One character of the set, or where a range begins or ends. */
static bool read_member(struct wims_ere_reader *r, char *out)
{
	struct wims_ere_char c = wims_ere_peek(r);
	size_t start = r->at;

	if(c.kind != WIMS_ERE_BYTE)
		return wims_ere_refuse(r, start,
							   c.kind == WIMS_ERE_OVER
									   ? "'[' without ']'"
									   : "allowed in [ ]: printable ASCII without space, one "
										 "character each");
	r->at += c.length;
	*out = c.byte;
	return true;
}

/* A '-' that stands between two characters; it is taken then. */
static bool range_follows(struct wims_ere_reader *r)
{
	size_t start = r->at;
	struct wims_ere_char c;

	if(!wims_ere_accept(r, '-'))
		return false;
	c = wims_ere_peek(r);
	if(c.kind == WIMS_ERE_BYTE && c.byte == ']') {
		r->at = start;
		return false;
	}
	return true;
}

/* Collating symbols and equivalence classes are of a locale. */
static bool read_symbol(struct wims_ere_reader *r, struct wims_ere_set *set, bool *done)
{
	struct wims_ere_char c = wims_ere_peek(r);

	*done = false;
	if(c.kind != WIMS_ERE_BYTE || (c.byte != ':' && c.byte != '.' && c.byte != '='))
		return true;
	*done = true;
	if(!wims_ere_accept(r, ':'))
		return wims_ere_refuse(r, r->at, "[. .] and [= =] are not allowed in [ ]");
	return read_class(r, set);
}

static bool read_item(struct wims_ere_reader *r, struct wims_ere_set *set)
{
	size_t start = r->at;
	char first = 0, last;
	bool done;

	if(!read_member(r, &first))
		return false;
	if(first == '[') {
		if(!read_symbol(r, set, &done))
			return false;
		if(done)
			return range_follows(r) ? wims_ere_refuse(r, start, "a class begins no range") : true;
	}
	last = first;
	if(range_follows(r)) {
		struct wims_pl rest;

		if(!read_member(r, &last))
			return false;
		rest = wims_pl_from(r->in, r->at);
		if(last == '[' && rest.l > 0 && (rest.p[0] == '.' || rest.p[0] == ':' || rest.p[0] == '='))
			return wims_ere_refuse(r, start, "a class ends no range");
		if(last < first)
			return wims_ere_refuse(r, start, "the range ends before it begins");
		if(range_follows(r))
			return wims_ere_refuse(r, start, "the end of a range begins no other");
	}
	wims_ere_set_range(set, first, last);
	return true;
}

bool wims_ere_bracket(struct wims_ere_reader *r, struct wims_ere_set *set)
{
	struct wims_ere_set any = wims_ere_set_any();
	size_t start = r->at;
	bool negated = wims_ere_accept(r, '^');

	*set = (struct wims_ere_set){{0, 0}};
	/* a ']' that comes first is a character */
	do {
		if(!read_item(r, set))
			return false;
	} while(!wims_ere_accept(r, ']'));
	if(negated) {
		set->bits[0] = any.bits[0] & ~set->bits[0];
		set->bits[1] = any.bits[1] & ~set->bits[1];
	}
	if(set->bits[0] == 0 && set->bits[1] == 0)
		return wims_ere_refuse(r, start, "matches no character");
	return true;
}
