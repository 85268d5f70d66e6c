/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range/wims_range.h"

#include "identity/wims_host.h"

#include <string.h>

/* A pattern, taken apart before anything is made canonical. */
struct pieces
{
	struct wims_pl scheme;
	struct wims_pl user;
	struct wims_pl rest; /* from '@' (tel: ';') on */
};

static bool refuse(struct wims_range_fault *fault, size_t at, const char *why)
{
	fault->why = why;
	fault->at = at;
	return false;
}

static bool is_tel(struct wims_pl scheme)
{
	return wims_pl_caseeq(scheme, WIMS_PL("tel:"));
}

struct wims_identity wims_identity_split(struct wims_pl impu)
{
	size_t colon = wims_pl_find(impu, ':');
	struct wims_pl rest = wims_pl_from(impu, colon + 1);
	size_t at = wims_pl_find(rest, '@');

	return (struct wims_identity){
			.scheme = {impu.p, impu.l - rest.l},
			.user = {rest.p, at},
			.host = wims_pl_from(rest, at + 1),
	};
}

/* --- taking it apart --- */

/* Where the next delimiter is, and how long; s.l when there is none. */
static size_t delimiter(struct wims_pl s, size_t from, size_t *length)
{
	for(; from < s.l; from++) {
		*length = s.p[from] == '!' ? 1 : 3;
		if(s.p[from] == '!' || wims_pl_starts(wims_pl_from(s, from), WIMS_PL("%21")))
			return from;
	}
	return s.l;
}

static struct pieces take_apart(struct wims_pl text)
{
	struct pieces p = {.scheme = WIMS_PL("tel:")};
	struct wims_pl body;

	if(text.l >= 2 && text.p[0] == '<' && text.p[text.l - 1] == '>')
		text = (struct wims_pl){text.p + 1, text.l - 2};
	body = text;
	if(text.l == 0 || text.p[0] != '+') {
		size_t colon = wims_pl_find(text, ':');

		p.scheme = (struct wims_pl){text.p, colon < text.l ? colon + 1 : 0};
		body = wims_pl_from(text, p.scheme.l);
	}
	p.user = (struct wims_pl){body.p, wims_pl_find(body, is_tel(p.scheme) ? ';' : '@')};
	p.rest = wims_pl_from(body, p.user.l);
	return p;
}

/* --- canonical parts --- */

/* A canonical identity of the pattern's host whose user part is head, middle
 * and tail, into the i-th buffer. */
static bool canonical(struct wims_range *r, size_t i, const struct pieces *p,
					  const struct wims_pl user[3], struct wims_identity *out)
{
	char text[WIMS_IMPU_INPUT_MAX];
	struct wims_pl impu;
	struct wims_w w;
	size_t k;

	wims_w_init(&w, text, sizeof(text));
	wims_w_pl(&w, p->scheme);
	for(k = 0; k < 3; k++)
		wims_w_pl(&w, user[k]);
	wims_w_pl(&w, p->rest);
	if(!w.ok
	   || wims_impu_canonical(&impu, r->buf[i], sizeof(r->buf[i]), wims_w_done(&w)) != WIMS_OK)
		return false;
	*out = wims_identity_split(impu);
	return true;
}

/* Would a digit behind s complete an escape? */
static bool cuts_escape(struct wims_pl s)
{
	return (s.l >= 1 && s.p[s.l - 1] == '%') || (s.l >= 2 && s.p[s.l - 2] == '%');
}

/* A digit may stand wherever text may, in a number too: two identities that
 * have it between the literal parts show what becomes of these. */
static bool literal_parts(struct wims_range *r, const struct pieces *p, struct wims_pl prefix,
						  struct wims_pl suffix)
{
	const struct wims_pl digit = WIMS_PL("0");
	const struct wims_pl head[3] = {prefix, digit, WIMS_PL_NONE};
	const struct wims_pl whole[3] = {prefix, digit, suffix};
	struct wims_identity a, b;

	if(cuts_escape(prefix) || !canonical(r, 0, p, head, &a) || !canonical(r, 1, p, whole, &b)
	   || !wims_pl_starts(b.user, a.user))
		return false;
	r->scheme = a.scheme;
	r->host = a.host;
	r->prefix = (struct wims_pl){a.user.p, a.user.l - digit.l};
	r->suffix = wims_pl_from(b.user, a.user.l);
	return true;
}

/* Characters that the expression begins and ends with belong to the literal
 * parts: the index goes by these. */
static void take_literals(struct wims_range *r)
{
	char *head = r->buf[2], *tail = r->buf[3];
	size_t room = WIMS_IMPU_MAX - r->prefix.l, n;

	memcpy(head, r->prefix.p, r->prefix.l);
	r->prefix.l += wims_ere_take_head(&r->ere, head + r->prefix.l, room);
	r->prefix.p = head;
	room = WIMS_IMPU_MAX - r->suffix.l;
	if(r->suffix.l > 0)
		memcpy(tail + room, r->suffix.p, r->suffix.l);
	n = wims_ere_take_tail(&r->ere, tail, room);
	r->suffix = (struct wims_pl){tail + room - n, r->suffix.l + n};
}

static bool read_expression(struct wims_range *r, const struct pieces *p, size_t user_at,
							struct wims_range_fault *fault)
{
	size_t width, last_width = 0, last = p->user.l, next;
	size_t first = delimiter(p->user, 0, &width);
	struct wims_pl ere;

	for(next = first + width; (next = delimiter(p->user, next, &last_width)) < p->user.l;
		next += last_width)
		last = next;
	if(last == p->user.l)
		return refuse(fault, user_at + first, "allowed: two '!' with an expression between them");
	last_width = p->user.p[last] == '!' ? 1 : 3;
	ere = (struct wims_pl){p->user.p + first + width, last - first - width};
	r->kind = WIMS_RANGE_EXPRESSION;
	if(!wims_ere_parse(&r->ere, ere, fault)) {
		fault->at += user_at + first + width;
		return false;
	}
	if(!literal_parts(r, p, (struct wims_pl){p->user.p, first},
					  wims_pl_from(p->user, last + last_width)))
		return refuse(fault, 0,
					  "the literal parts make no identity; allowed: sip:PREFIX!ERE!SUFFIX@HOST, "
					  "tel:+DIGITS!ERE!DIGITS");
	take_literals(r);
	return true;
}

/* --- blocks --- */

static size_t digits_at(struct wims_pl s, size_t at)
{
	size_t n = at;

	while(n < s.l && wims_is_digit(s.p[n]))
		n++;
	return n - at;
}

/* Where two texts of one length differ first and last: between these are the
 * digits that count. */
static bool block_between(struct wims_range *r, struct wims_pl a, struct wims_pl b)
{
	size_t head = 0, width;

	if(a.l != b.l)
		return false;
	while(head < a.l && a.p[head] == b.p[head])
		head++;
	width = digits_at(a, head);
	if(width == 0 || width != digits_at(b, head) || a.p[head] > b.p[head])
		return false;
	r->prefix = (struct wims_pl){a.p, head};
	r->first = (struct wims_pl){a.p + head, width};
	r->last = (struct wims_pl){b.p + head, width};
	r->suffix = wims_pl_from(a, head + width);
	return wims_pl_eq(r->suffix, wims_pl_from(b, head + width));
}

/* What the digits of a block may be, as an expression: where they begin is
 * exact, the rest is not, which is enough for a shape. */
static bool block_ere(struct wims_range *r, struct wims_range_fault *fault)
{
	char text[sizeof("[0-9][0-9]{255}")];
	struct wims_w w;

	wims_w_init(&w, text, sizeof(text));
	wims_w_lit(&w, "[");
	wims_w_pl(&w, (struct wims_pl){r->first.p, 1});
	wims_w_lit(&w, "-");
	wims_w_pl(&w, (struct wims_pl){r->last.p, 1});
	wims_w_lit(&w, "][0-9]{");
	wims_w_u64(&w, r->first.l - 1);
	wims_w_lit(&w, "}");
	return w.ok && wims_ere_parse(&r->ere, wims_w_done(&w), fault);
}

static bool read_block(struct wims_range *r, const struct pieces *p, size_t dots,
					   struct wims_range_fault *fault)
{
	const struct wims_pl first[3] = {{p->user.p, dots}, WIMS_PL_NONE, WIMS_PL_NONE};
	const struct wims_pl last[3] = {wims_pl_from(p->user, dots + 2), WIMS_PL_NONE, WIMS_PL_NONE};
	struct wims_identity a, b;

	r->kind = WIMS_RANGE_BLOCK;
	if(!canonical(r, 0, p, first, &a) || !canonical(r, 1, p, last, &b))
		return refuse(fault, 0,
					  "allowed: an identity on each side of '..', the host once at the end");
	r->scheme = a.scheme;
	r->host = a.host;
	if(!block_between(r, a.user, b.user))
		return refuse(fault, 0,
					  "allowed around '..': identities that differ in digits only, as many in "
					  "both, the lower one first");
	return block_ere(r, fault);
}

/* Where ".." is, or s.l. */
static size_t dots_at(struct wims_pl s)
{
	size_t i;

	for(i = 0; i + 1 < s.l; i++)
		if(s.p[i] == '.' && s.p[i + 1] == '.')
			return i;
	return s.l;
}

bool wims_range_read(struct wims_range *r, struct wims_pl text, struct wims_range_fault *fault)
{
	const struct wims_pl whole[3] = {text, WIMS_PL_NONE, WIMS_PL_NONE};
	struct wims_identity id;
	struct pieces p;
	size_t width, dots;

	*fault = (struct wims_range_fault){0};
	if(text.l > WIMS_RANGE_TEXT_MAX)
		return refuse(fault, WIMS_RANGE_TEXT_MAX, "too long; allowed: 768 bytes");
	p = take_apart(text);
	if(delimiter(p.user, 0, &width) < p.user.l)
		return read_expression(r, &p, (size_t)(p.user.p - text.p), fault);
	if((dots = dots_at(p.user)) < p.user.l)
		return read_block(r, &p, dots, fault);
	r->kind = WIMS_RANGE_DISTINCT;
	if(!canonical(r, 0, &(struct pieces){0}, whole, &id))
		return refuse(fault, 0,
					  "allowed: a sip:, sips: or tel: URI, FIRST..LAST, or PREFIX!ERE!SUFFIX");
	r->scheme = id.scheme;
	r->host = id.host;
	r->prefix = id.user;
	r->suffix = WIMS_PL_NONE;
	return true;
}
