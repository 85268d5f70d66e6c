/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_rangereg_int.h"

#include "sip/wims_list.h"

/* Escapes undone; out has room for s. False: bad escape. */
static bool unescape(struct wims_pl s, char *out, size_t *n)
{
	while(s.l > 0) {
		int byte = wims_take_byte(&s);

		if(byte < 0)
			return false;
		out[(*n)++] = (char)byte;
	}
	return true;
}

/* Of sip:user@host;params what stands in front of the last '@'; an expression
 * may hold any character but no host does. tel: has no host. */
static size_t user_end(struct wims_pl text)
{
	size_t i = text.l;

	while(i > 0 && text.p[i - 1] != '@')
		i--;
	return i;
}

bool wims_rr_key(struct wims_pl *out, char *buf, struct wims_pl text)
{
	size_t i, n = 0, colon = wims_pl_find(text, ':'), user = user_end(text);
	struct wims_pl host = wims_pl_from(text, user);

	*out = WIMS_PL_NONE;
	if(text.l == 0 || text.l > WIMS_RANGE_TEXT_MAX || colon == text.l)
		return false;
	if(user == 0) {
		user = text.l;
		host = WIMS_PL_NONE;
	}
	if(!unescape((struct wims_pl){text.p, user}, buf, &n))
		return false;
	for(i = 0; i < colon; i++)
		buf[i] = wims_lower(buf[i]);
	host.l = wims_pl_find(host, ';');
	for(i = 0; i < host.l; i++)
		buf[n++] = wims_lower(host.p[i]);
	*out = (struct wims_pl){buf, n};
	return true;
}

enum wims_rr_listed wims_rr_listed(const struct wims_rangereg_answer *a, struct wims_pl key)
{
	enum wims_rr_listed result = WIMS_RR_UNLISTED;
	struct wims_pl rest = a->associated, item, uri, params, other;
	char buf[WIMS_RANGE_TEXT_MAX];
	size_t n = 0;

	if(!a->has_associated)
		return WIMS_RR_SILENT;
	if(rest.l > WIMS_RANGEREG_ASSOCIATED_BYTES)
		return WIMS_RR_UNREADABLE;
	while(wims_list_next(&rest, &item)) {
		if(++n > WIMS_RANGEREG_ASSOCIATED_MAX || !wims_list_uri(item, &uri, &params))
			return WIMS_RR_UNREADABLE;
		/* an identity that is none is not this one */
		if(wims_rr_key(&other, buf, uri) && wims_pl_eq(other, key))
			result = WIMS_RR_LISTED;
	}
	return rest.l == 0 ? result : WIMS_RR_UNREADABLE;
}
