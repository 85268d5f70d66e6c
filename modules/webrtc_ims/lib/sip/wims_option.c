/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_option.h"

#include "sip/wims_grammar.h"

/* The next tag that is not empty; false at the end. */
static bool next(struct wims_pl *rest, struct wims_pl *tag)
{
	bool more;

	do {
		more = wims_pl_part(rest, tag);
		*tag = wims_lws_trim(*tag);
	} while(more && tag->l == 0);
	return tag->l > 0;
}

static void add(struct wims_w *w, struct wims_pl tag)
{
	if(w->len > 0)
		wims_w_lit(w, ", ");
	wims_w_pl(w, tag);
}

static bool is_agree(struct wims_pl tag)
{
	return wims_pl_caseeq(tag, WIMS_PL("sec-agree"));
}

static bool is_known(struct wims_pl tag)
{
	return is_agree(tag) || wims_pl_caseeq(tag, WIMS_PL("path"))
		   || wims_pl_caseeq(tag, WIMS_PL("outbound")) || wims_pl_caseeq(tag, WIMS_PL("privacy"));
}

bool wims_options_without_agree(struct wims_w *w, struct wims_pl list)
{
	struct wims_pl tag;
	bool found = false;

	while(next(&list, &tag)) {
		if(is_agree(tag))
			found = true;
		else
			add(w, tag);
	}
	return found;
}

enum wims_reason wims_options_unknown(struct wims_w *w, struct wims_pl list)
{
	struct wims_pl tag;

	if(list.l > WIMS_OPTIONS_MAX)
		return WIMS_REQUEST_MALFORMED;
	while(next(&list, &tag)) {
		if(!wims_is_token(tag))
			return WIMS_REQUEST_MALFORMED;
		if(!is_known(tag))
			add(w, tag);
	}
	if(!w->ok)
		return WIMS_REQUEST_MALFORMED;
	return w->len > 0 ? WIMS_OPTION_UNKNOWN : WIMS_OK;
}
