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

/* Takes the next "name=value" off *rest; a comma at the end is bad syntax. */
static bool next_param(struct wims_pl *rest, struct param *p)
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
	return wims_is_token(p->name) && is_value(p->value);
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

enum wims_reason wims_digest_parse(struct wims_digest *out, struct wims_pl body)
{
	struct param seen[WIMS_DIGEST_PARAMS_MAX];
	struct wims_digest d = {WIMS_PL_NONE, WIMS_PL_NONE};
	struct wims_pl rest;
	size_t n = 0;

	*out = d;
	if(body.l > WIMS_DIGEST_MAX || !after_scheme(body, &rest))
		return WIMS_AUTH_MALFORMED;
	while(rest.l > 0) {
		if(n == WIMS_DIGEST_PARAMS_MAX || !next_param(&rest, &seen[n])
		   || known_name(seen, n, seen[n].name))
			return WIMS_AUTH_MALFORMED;
		if(wims_pl_caseeq(seen[n].name, WIMS_PL("username")))
			d.username = unquoted(seen[n].value);
		else if(wims_pl_caseeq(seen[n].name, WIMS_PL("realm")))
			d.realm = unquoted(seen[n].value);
		n++;
	}
	*out = d;
	return WIMS_OK;
}

void wims_digest_relay(struct wims_w *w, struct wims_pl body)
{
	struct wims_digest checked;
	struct wims_pl rest;
	struct param p;

	if(wims_digest_parse(&checked, body) != WIMS_OK || !after_scheme(body, &rest)) {
		w->ok = false;
		return;
	}
	wims_w_lit(w, "Authorization: Digest ");
	while(rest.l > 0 && next_param(&rest, &p)) {
		if(wims_pl_caseeq(p.name, WIMS_PL("integrity-protected")))
			continue;
		wims_w_pl(w, p.name);
		wims_w_lit(w, "=");
		wims_w_pl(w, p.value);
		wims_w_lit(w, ", ");
	}
	wims_w_lit(w, "integrity-protected=\"no\"");
	wims_w_crlf(w);
}
