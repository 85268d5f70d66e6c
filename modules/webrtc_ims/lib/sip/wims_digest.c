/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_digest.h"

#include "sip/wims_grammar.h"

struct param
{
	struct wims_pl name;
	struct wims_pl value; /* as written, with its quotes */
};

/* The parameters behind "Digest", or false for another scheme. */
static bool after_scheme(struct wims_pl body, struct wims_pl *rest)
{
	static const struct wims_pl scheme = {"Digest", 6};

	body = wims_lws_trim(body);
	if(!wims_pl_casestarts(body, scheme) || body.l == scheme.l || !wims_is_lws(body.p[scheme.l]))
		return false;
	*rest = wims_lws_trim(wims_pl_from(body, scheme.l));
	return rest->l > 0;
}

static bool is_value(struct wims_pl value)
{
	if(value.l > 0 && value.p[0] == '"')
		return wims_quoted_end(value, 0) == value.l && wims_is_printable(value);
	return wims_is_token(value);
}

/* Takes the next "name=value" off *rest; a comma at the end is bad syntax. What stands
 * in front of the first = is not looked at. */
static bool split_param(struct wims_pl *rest, struct param *p)
{
	size_t end = wims_find_plain(*rest, 0, ',');
	struct wims_pl one;
	size_t eq;

	if(end == SIZE_MAX || end + 1 == rest->l)
		return false;
	one = (struct wims_pl){rest->p, end};
	eq = wims_pl_find(one, '=');
	p->name = wims_lws_trim((struct wims_pl){one.p, eq});
	p->value = wims_lws_trim(wims_pl_from(one, eq + 1));
	*rest = wims_pl_from(*rest, end + 1);
	return is_value(p->value);
}

/* Some S-CSCFs look for integrity-protected in the header as text, others end a quoted
 * string at an escaped quote: a value that one of them could take for a parameter of
 * its own is none that a WIC may send. */
static bool reads_one_way(struct wims_pl value)
{
	static const struct wims_pl mark = {"integrity-protected", 19};
	size_t i;

	for(i = 0; i < value.l; i++)
		if(value.p[i] == ',' || value.p[i] == '\\'
		   || wims_pl_casestarts(wims_pl_from(value, i), mark))
			return false;
	return true;
}

static bool next_param(struct wims_pl *rest, struct param *p)
{
	return split_param(rest, p) && wims_is_token(p->name) && reads_one_way(p->value);
}

static struct wims_pl unquoted(struct wims_pl value)
{
	return value.l >= 2 && value.p[0] == '"' ? (struct wims_pl){value.p + 1, value.l - 2} : value;
}

static bool known_name(const struct param *seen, size_t n, struct wims_pl name)
{
	size_t i;

	for(i = 0; i < n; i++)
		if(wims_pl_caseeq(seen[i].name, name))
			return true;
	return false;
}

/* What of the credentials is the core's to read (RFC 7616 3.4, RFC 3310 3.4). The rest
 * says something that only the network may say. */
static bool is_credential(struct wims_pl name)
{
	static const struct wims_pl names[] = {
			{"username", 8}, {"realm", 5},     {"nonce", 5},  {"uri", 3},
			{"response", 8}, {"algorithm", 9}, {"cnonce", 6}, {"opaque", 6},
			{"qop", 3},      {"nc", 2},        {"auts", 4},   {"userhash", 8},
	};
	size_t i;

	for(i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if(wims_pl_caseeq(name, names[i]))
			return true;
	return false;
}

/* The keys of IMS AKA are for the core alone (TS 33.203 X.2.3.3). */
static bool is_secret(struct wims_pl name)
{
	return wims_pl_caseeq(name, WIMS_PL("ck")) || wims_pl_caseeq(name, WIMS_PL("ik"));
}

bool wims_digest_knows(struct wims_pl name)
{
	return is_credential(name) || is_secret(name)
		   || wims_pl_caseeq(name, WIMS_PL("integrity-protected"));
}

static bool is_aka(struct wims_pl algorithm)
{
	return wims_pl_caseeq(unquoted(algorithm), WIMS_PL("AKAv2-SHA-256"));
}

static void take_param(struct wims_digest *d, const struct param *p)
{
	if(wims_pl_caseeq(p->name, WIMS_PL("username")))
		d->username = unquoted(p->value);
	else if(wims_pl_caseeq(p->name, WIMS_PL("realm")))
		d->realm = unquoted(p->value);
	else if(wims_pl_caseeq(p->name, WIMS_PL("nonce")))
		d->nonce = unquoted(p->value);
	else if(wims_pl_caseeq(p->name, WIMS_PL("algorithm")))
		d->aka = is_aka(p->value);
	else if(wims_pl_caseeq(p->name, WIMS_PL("response")))
		d->response = unquoted(p->value).l > 0;
	else if(wims_pl_caseeq(p->name, WIMS_PL("auts")))
		d->auts = unquoted(p->value).l > 0;
}

enum wims_reason wims_digest_parse(struct wims_digest *out, struct wims_pl body)
{
	struct param seen[WIMS_DIGEST_PARAMS_MAX];
	struct wims_digest d = {.aka = false};
	struct wims_pl rest;
	size_t n = 0, known = 0;

	*out = d;
	if(body.l > WIMS_DIGEST_MAX || !after_scheme(body, &rest))
		return WIMS_AUTH_MALFORMED;
	while(rest.l > 0) {
		if(n == WIMS_DIGEST_PARAMS_MAX || !next_param(&rest, &seen[n])
		   || known_name(seen, n, seen[n].name))
			return WIMS_AUTH_MALFORMED;
		take_param(&d, &seen[n]);
		known += is_credential(seen[n].name);
		n++;
	}
	if(known == 0)
		return WIMS_AUTH_MALFORMED;
	*out = d;
	return WIMS_OK;
}

/* name=value behind those that were written */
static void put_param(struct wims_w *w, const struct param *p, bool first)
{
	if(!first)
		wims_w_lit(w, ", ");
	wims_w_pl(w, p->name);
	wims_w_lit(w, "=");
	wims_w_pl(w, p->value);
}

void wims_digest_relay(struct wims_w *w, struct wims_pl body, enum wims_integrity integrity)
{
	static const char *const said[] = {
			[WIMS_INTEGRITY_NONE] = "",
			[WIMS_INTEGRITY_NO] = ", integrity-protected=\"no\"",
			[WIMS_INTEGRITY_TLS_CONNECTED] = ", integrity-protected=\"tls-connected\"",
	};
	struct wims_digest checked;
	struct wims_pl rest;
	struct param p;
	bool first = true;

	if(wims_digest_parse(&checked, body) != WIMS_OK || !after_scheme(body, &rest)) {
		w->ok = false;
		return;
	}
	wims_w_lit(w, "Authorization: Digest ");
	while(rest.l > 0 && next_param(&rest, &p)) {
		if(!is_credential(p.name))
			continue;
		put_param(w, &p, first);
		first = false;
	}
	wims_w_pl(w, wims_pl_str(said[integrity]));
	wims_w_crlf(w);
}

/* ---- what the core asks ---- */

/* "Digest realm" is where a challenge begins, "realm" where it goes on. False: neither,
 * or of another scheme. */
static bool read_name(struct param *p, bool *begins)
{
	size_t end = 0;

	while(end < p->name.l && !wims_is_lws(p->name.p[end]))
		end++;
	*begins = end < p->name.l;
	if(*begins && !wims_pl_caseeq((struct wims_pl){p->name.p, end}, WIMS_PL("Digest")))
		return false;
	if(*begins)
		p->name = wims_lws_trim(wims_pl_from(p->name, end));
	return wims_is_token(p->name);
}

static void note_param(struct wims_challenge *c, const struct param *p)
{
	if(wims_pl_caseeq(p->name, WIMS_PL("nonce")))
		c->nonce = unquoted(p->value);
	else if(wims_pl_caseeq(p->name, WIMS_PL("algorithm")))
		c->aka = is_aka(p->value);
	else if(wims_pl_caseeq(p->name, WIMS_PL("stale")))
		c->stale = wims_pl_caseeq(unquoted(p->value), WIMS_PL("true"));
}

/* A challenge whose parameters follow: a line of its own. */
static bool begin_line(struct wims_w *w, struct wims_challenges *cs, bool behind_another)
{
	if(cs->count == WIMS_CHALLENGES_MAX)
		return false;
	if(behind_another)
		wims_w_crlf(w);
	wims_w_lit(w, "WWW-Authenticate: Digest ");
	cs->at[cs->count++] = (struct wims_challenge){.aka = false};
	return true;
}

static bool relay_challenges(struct wims_w *w, struct wims_challenges *cs, struct wims_pl rest)
{
	size_t had = cs->count;
	struct param p;
	bool begins, first = true;

	while(rest.l > 0) {
		if(!split_param(&rest, &p) || !read_name(&p, &begins))
			return false;
		if(begins && !begin_line(w, cs, cs->count > had))
			return false;
		if(cs->count == had)
			return false;
		first = first || begins;
		note_param(&cs->at[cs->count - 1], &p);
		if(is_secret(p.name))
			continue;
		put_param(w, &p, first);
		first = false;
	}
	wims_w_crlf(w);
	for(; had < cs->count; had++)
		if(cs->at[had].nonce.l == 0)
			return false;
	return w->ok;
}

bool wims_challenge_relay(struct wims_w *w, struct wims_challenges *cs, struct wims_pl body)
{
	const struct wims_w before = *w;
	size_t had = cs->count;

	body = wims_lws_trim(body);
	if(body.l > 0 && body.l <= WIMS_DIGEST_MAX && relay_challenges(w, cs, body))
		return true;
	*w = before;
	cs->count = had;
	return false;
}

struct wims_pl wims_challenges_aka(const struct wims_challenges *cs)
{
	struct wims_pl nonce = WIMS_PL_NONE;
	size_t i;

	for(i = 0; i < cs->count; i++) {
		if(cs->at[i].aka && nonce.l > 0)
			return WIMS_PL_NONE;
		if(cs->at[i].aka)
			nonce = cs->at[i].nonce;
	}
	for(i = 0; i < cs->count; i++)
		if(!cs->at[i].aka && wims_pl_eq(cs->at[i].nonce, nonce))
			return WIMS_PL_NONE;
	return nonce;
}

bool wims_challenges_stale(const struct wims_challenges *cs)
{
	size_t i;

	for(i = 0; i < cs->count; i++)
		if(cs->at[i].stale)
			return true;
	return false;
}
