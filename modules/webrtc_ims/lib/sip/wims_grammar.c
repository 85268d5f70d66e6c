/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_grammar.h"

#include "identity/wims_host.h"

bool wims_is_lws(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_token_char(char c)
{
	switch(c) {
		case '-':
		case '.':
		case '!':
		case '%':
		case '*':
		case '_':
		case '+':
		case '`':
		case '\'':
		case '~':
			return true;
		default:
			return wims_is_alnum(c);
	}
}

bool wims_is_token(struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(!is_token_char(s.p[i]))
			return false;
	return s.l > 0;
}

bool wims_is_printable(struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(s.p[i] < 0x20 || s.p[i] > 0x7e)
			return false;
	return s.l > 0;
}

bool wims_is_host(struct wims_pl s)
{
	char buf[WIMS_HOST_MAX];
	struct wims_w w;

	if(s.l == 0 || s.p[s.l - 1] == '.')
		return false;
	wims_w_init(&w, buf, sizeof(buf));
	return wims_host_write(&w, s);
}

struct wims_pl wims_lws_trim(struct wims_pl s)
{
	while(s.l > 0 && wims_is_lws(s.p[0])) {
		s.p++;
		s.l--;
	}
	while(s.l > 0 && wims_is_lws(s.p[s.l - 1]))
		s.l--;
	return s;
}

size_t wims_quoted_end(struct wims_pl s, size_t at)
{
	size_t i;

	for(i = at + 1; i < s.l; i++) {
		if(s.p[i] == '\\')
			i++;
		else if(s.p[i] == '"')
			return i + 1;
	}
	return 0;
}

size_t wims_find_plain(struct wims_pl s, size_t at, char c)
{
	bool bracket = false;

	while(at < s.l) {
		char here = s.p[at];

		/* most are letters, which are above brackets and quotes */
		if(here > '>' && here != c) {
			at++;
			continue;
		}
		if(here == c && !bracket)
			return at;
		if(here == '"' && !bracket) {
			at = wims_quoted_end(s, at);
			if(at == 0)
				return SIZE_MAX;
			continue;
		}
		if(here == (bracket ? '<' : '>'))
			return SIZE_MAX;
		if(here == '<' || here == '>')
			bracket = !bracket;
		at++;
	}
	return bracket ? SIZE_MAX : s.l;
}

bool wims_param_next(struct wims_pl *rest, struct wims_pl *name, struct wims_pl *value)
{
	struct wims_pl s = wims_lws_trim(*rest);
	struct wims_pl one;
	size_t end, eq;

	*name = *value = WIMS_PL_NONE;
	*rest = s;
	if(s.l == 0 || s.p[0] != ';')
		return false;
	end = wims_find_plain(s, 1, ';');
	if(end == SIZE_MAX)
		return false;
	one = (struct wims_pl){s.p + 1, end - 1};
	eq = wims_pl_find(one, '=');
	*name = wims_lws_trim((struct wims_pl){one.p, eq});
	if(!wims_is_token(*name))
		return false;
	if(eq < one.l)
		*value = wims_lws_trim((struct wims_pl){one.p + eq + 1, one.l - eq - 1});
	*rest = wims_pl_from(s, end);
	return true;
}
