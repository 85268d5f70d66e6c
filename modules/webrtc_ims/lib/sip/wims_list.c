/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_list.h"

#include "sip/wims_grammar.h"

bool wims_list_next(struct wims_pl *rest, struct wims_pl *item)
{
	size_t comma;
	struct wims_pl tail;

	*item = WIMS_PL_NONE;
	*rest = wims_lws_trim(*rest);
	if(rest->l == 0)
		return false;
	comma = wims_find_plain(*rest, 0, ',');
	if(comma == SIZE_MAX)
		return false;
	tail = wims_lws_trim(wims_pl_from(*rest, comma + 1));
	if(comma < rest->l && tail.l == 0)
		return false; /* a comma with nothing behind it */
	*item = wims_lws_trim((struct wims_pl){rest->p, comma});
	if(item->l == 0)
		return false;
	*rest = tail;
	return true;
}

enum wims_reason wims_list_add(struct wims_list *list, struct wims_pl body)
{
	struct wims_pl item;

	while(wims_list_next(&body, &item)) {
		if(list->count == WIMS_LIST_MAX) {
			list->count = 0;
			return WIMS_LIMIT_REACHED;
		}
		list->item[list->count++] = item;
	}
	if(body.l == 0)
		return WIMS_OK;
	list->count = 0;
	return WIMS_REQUEST_MALFORMED;
}

/* Letters of other scripts without quotes: against the grammar, and unmistakable. */
static bool is_word(struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if((unsigned char)s.p[i] < 0x80 && !wims_is_token((struct wims_pl){s.p + i, 1}))
			return false;
	return true;
}

/* What may stand in front of '<': nothing, one quoted-string, or words. */
static bool is_display_name(struct wims_pl s)
{
	s = wims_lws_trim(s);
	if(s.l > 0 && s.p[0] == '"')
		return wims_quoted_end(s, 0) == s.l;
	while(s.l > 0) {
		size_t end = 0;

		while(end < s.l && !wims_is_lws(s.p[end]))
			end++;
		if(!is_word((struct wims_pl){s.p, end}))
			return false;
		s = wims_lws_trim(wims_pl_from(s, end));
	}
	return true;
}

bool wims_list_uri(struct wims_pl item, struct wims_pl *uri, struct wims_pl *params)
{
	size_t open = wims_find_plain(item, 0, '<');
	size_t end;

	*uri = *params = WIMS_PL_NONE;
	if(open == SIZE_MAX)
		return false;
	if(open < item.l) {
		end = open + wims_pl_find(wims_pl_from(item, open), '>');
		if(end >= item.l || !is_display_name((struct wims_pl){item.p, open}))
			return false;
		*uri = (struct wims_pl){item.p + open + 1, end - open - 1};
		*params = wims_lws_trim(wims_pl_from(item, end + 1));
	} else {
		end = wims_pl_find(item, ';');
		*uri = wims_lws_trim((struct wims_pl){item.p, end});
		*params = wims_lws_trim(wims_pl_from(item, end));
	}
	if(wims_is_printable(*uri) && wims_pl_find(*uri, ' ') == uri->l
	   && (params->l == 0 || params->p[0] == ';'))
		return true;
	*uri = *params = WIMS_PL_NONE;
	return false;
}
