/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_token.h"

/* What stands behind the scheme. */
struct param
{
	struct wims_pl name;
	struct wims_pl value;
};

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool one_of(char c, struct wims_pl set)
{
	return wims_pl_find(set, c) < set.l;
}

/* RFC 3261 25.1 token */
static bool is_token_char(char c)
{
	return is_alnum(c) || one_of(c, WIMS_PL("-.!%*_+`'~"));
}

/* RFC 6750 2.1 b64token, without the '=' at its end */
static bool is_b64token_char(char c)
{
	return is_alnum(c) || one_of(c, WIMS_PL("-._~+/"));
}

static size_t span(struct wims_pl s, bool (*belongs)(char))
{
	size_t n = 0;

	while(n < s.l && belongs(s.p[n]))
		n++;
	return n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Bytes of leading LWS (RFC 3261 25.1): blanks, and line folds. */
static size_t lws(struct wims_pl s)
{
	size_t n = 0;

	for(;;) {
		struct wims_pl rest = wims_pl_from(s, n);

		if(rest.l > 0 && is_blank(rest.p[0]))
			n++;
		else if(rest.l > 2 && rest.p[0] == '\r' && rest.p[1] == '\n' && is_blank(rest.p[2]))
			n += 3;
		else
			return n;
	}
}

static void skip_lws(struct wims_pl *s)
{
	*s = wims_pl_from(*s, lws(*s));
}

/* The next n bytes of s, which moves on. */
static struct wims_pl take(struct wims_pl *s, size_t n)
{
	struct wims_pl head = {s->p, n};

	*s = wims_pl_from(*s, n);
	return head;
}

static bool take_char(struct wims_pl *s, char c)
{
	if(s->l == 0 || s->p[0] != c)
		return false;
	(void)take(s, 1);
	return true;
}

/* A quoted-string without escapes: no token needs one. */
static bool take_quoted(struct wims_pl *s, struct wims_pl *value)
{
	if(!take_char(s, '"'))
		return false;
	*value = take(s, wims_pl_find(*s, '"'));
	return wims_pl_find(*value, '\\') == value->l && take_char(s, '"');
}

/* auth-param = name EQUAL ( token / quoted-string ) */
static bool take_param(struct wims_pl *s, struct param *p)
{
	p->name = take(s, span(*s, is_token_char));
	skip_lws(s);
	if(p->name.l == 0 || !take_char(s, '='))
		return false;
	skip_lws(s);
	if(s->l > 0 && s->p[0] == '"')
		return take_quoted(s, &p->value);
	p->value = take(s, span(*s, is_token_char));
	return p->value.l > 0;
}

/* TS 24.371 A.3.2: access_token="...", exactly once, other parameters beside
 * it ignored. */
static bool params_form(struct wims_pl *token, struct wims_pl s)
{
	struct param p;
	bool found = false;

	do {
		skip_lws(&s);
		if(!take_param(&s, &p))
			return false;
		skip_lws(&s);
		if(!wims_pl_caseeq(p.name, WIMS_PL("access_token")))
			continue;
		if(found)
			return false;
		found = true;
		*token = p.value;
	} while(take_char(&s, ','));
	return found && s.l == 0;
}

/* RFC 8898 2.1, RFC 6750 2.1: the whole rest is one b64token. */
static bool b64token_form(struct wims_pl *token, struct wims_pl s)
{
	size_t body = span(s, is_b64token_char);
	size_t end = body;

	while(end < s.l && s.p[end] == '=')
		end++;
	*token = (struct wims_pl){s.p, end};
	return body > 0 && lws(wims_pl_from(s, end)) == s.l - end;
}

enum wims_reason wims_bearer_parse(struct wims_pl *token, struct wims_pl body)
{
	struct wims_pl scheme, found = WIMS_PL_NONE;
	size_t gap;

	*token = WIMS_PL_NONE;
	if(body.l > WIMS_BEARER_MAX)
		return WIMS_TOKEN_TOO_LONG;
	skip_lws(&body);
	scheme = take(&body, span(body, is_token_char));
	if(!wims_pl_caseeq(scheme, WIMS_PL("Bearer")))
		return WIMS_TOKEN_ABSENT;
	gap = lws(body);
	body = wims_pl_from(body, gap);
	if(gap == 0 || (!b64token_form(&found, body) && !params_form(&found, body)) || found.l == 0)
		return WIMS_AUTH_MALFORMED;
	*token = found;
	return WIMS_OK;
}
