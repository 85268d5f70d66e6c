/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_token.h"

#include "base/wims_run.h"
#include "identity/wims_host.h"
#include "sip/wims_grammar.h"

/* A quoted-string without escapes: no token needs one. */
static bool unquote(struct wims_pl *value, struct wims_pl s)
{
	if(s.l < 2 || wims_quoted_end(s, 0) != s.l || wims_pl_find(s, '\\') < s.l)
		return false;
	*value = (struct wims_pl){s.p + 1, s.l - 2};
	return true;
}

/* auth-param = token EQUAL ( token / quoted-string ) */
static bool parse_param(struct wims_pl *name, struct wims_pl *value, struct wims_pl s)
{
	size_t eq = wims_pl_find(s, '=');

	*name = wims_lws_trim((struct wims_pl){s.p, eq});
	*value = wims_lws_trim(wims_pl_from(s, eq + 1));
	if(!wims_is_token(*name))
		return false;
	if(value->l > 0 && value->p[0] == '"')
		return unquote(value, *value);
	return wims_is_token(*value);
}

/* TS 24.371 A.3.2: access_token="...", exactly once; username, if it is there,
 * once as well. Other parameters may stand beside them and are ignored. */
static bool params_form(struct wims_pl *token, struct wims_pl *username, struct wims_pl s)
{
	struct wims_pl name, value;
	size_t found = 0, names = 0, at = 0, end;

	for(; at <= s.l; at = end + 1) {
		end = wims_find_plain(s, at, ',');
		if(end == SIZE_MAX || !parse_param(&name, &value, (struct wims_pl){s.p + at, end - at}))
			return false;
		if(wims_pl_caseeq(name, WIMS_PL("access_token"))) {
			*token = value;
			found++;
		} else if(wims_pl_caseeq(name, WIMS_PL("username"))) {
			*username = value;
			names++;
		}
	}
	return found == 1 && names <= 1;
}

static inline bool is_b64token(unsigned char c)
{
	bool in = wims_is_alnum((char)c);

	in |= c == '-' || c == '.' || c == '_';
	in |= c == '~' || c == '+' || c == '/';
	return in;
}

bool wims_b64token(struct wims_pl s)
{
	size_t n = wims_run(s, is_b64token);

	if(n == 0)
		return false;
	while(n < s.l && s.p[n] == '=')
		n++;
	return n == s.l;
}

/* RFC 8898 2.1, RFC 6750 2.1: the whole is one b64token. */
static bool b64token_form(struct wims_pl *token, struct wims_pl s)
{
	*token = s;
	return wims_b64token(s);
}

enum wims_reason wims_bearer_parse(struct wims_pl *token, struct wims_pl body)
{
	struct wims_pl ignored;

	return wims_bearer_read(token, &ignored, body);
}

enum wims_reason wims_bearer_read(struct wims_pl *token, struct wims_pl *username,
								  struct wims_pl body)
{
	struct wims_pl rest, found = WIMS_PL_NONE, name = WIMS_PL_NONE;
	size_t scheme = 0;

	*token = *username = WIMS_PL_NONE;
	if(body.l > WIMS_BEARER_MAX)
		return WIMS_TOKEN_TOO_LONG;
	body = wims_lws_trim(body);
	while(scheme < body.l && !wims_is_lws(body.p[scheme]))
		scheme++;
	if(!wims_pl_caseeq((struct wims_pl){body.p, scheme}, WIMS_PL("Bearer")))
		return WIMS_TOKEN_ABSENT;
	rest = wims_lws_trim(wims_pl_from(body, scheme));
	if(rest.l == 0 || (!b64token_form(&found, rest) && !params_form(&found, &name, rest))
	   || found.l == 0)
		return WIMS_AUTH_MALFORMED;
	*token = found;
	*username = name;
	return WIMS_OK;
}
