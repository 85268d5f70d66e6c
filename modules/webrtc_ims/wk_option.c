/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_option.h"

#include "sip/wims_option.h"
#include "wk_emergency.h"
#include "wk_hdr.h"

enum
{
	LINE_SIZE = WIMS_OPTIONS_MAX + 64
};

/* The long name of a header that lists option tags; empty: h is another one. */
static struct wims_pl list_name(const hdr_field_t *h)
{
	static const struct wims_pl names[] = {WIMS_PL("Require"), WIMS_PL("Proxy-Require"),
										   WIMS_PL("Supported")};
	struct wims_pl is = wims_pl_trim(wk_pl(&h->name));
	size_t i;

	for(i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if(wims_pl_caseeq(is, names[i]))
			return names[i];
	return wims_pl_caseeq(is, WIMS_PL("k")) ? WIMS_PL("Supported") : WIMS_PL_NONE;
}

/* In place of h; nothing where no tag is left. */
static enum wims_reason replace(sip_msg_t *msg, const hdr_field_t *h, struct wims_pl name,
								struct wims_pl left)
{
	char line[LINE_SIZE];
	struct wims_w w;

	wims_w_init(&w, line, sizeof(line));
	wims_w_pl(&w, name);
	wims_w_lit(&w, ": ");
	wims_w_pl(&w, left);
	wims_w_crlf(&w);
	if(!w.ok)
		return WIMS_REQUEST_MALFORMED;
	if(!wk_hdr_drop(msg, h) || (left.l > 0 && !wk_hdr_add(msg, wims_w_done(&w))))
		return WIMS_NOMEM;
	return WIMS_OK;
}

enum wims_reason wk_option_clean(sip_msg_t *msg, const hdr_field_t *h)
{
	struct wims_pl name = list_name(h), list = wims_pl_trim(wk_pl(&h->body));
	char buf[2 * WIMS_OPTIONS_MAX]; /* each comma may come back with a blank */
	struct wims_w w;

	if(name.l == 0)
		return WIMS_OK;
	if(list.l > WIMS_OPTIONS_MAX)
		return WIMS_REQUEST_MALFORMED;
	wims_w_init(&w, buf, sizeof(buf));
	if(!wims_options_without_agree(&w, list))
		return WIMS_OK;
	return w.ok ? replace(msg, h, name, wims_w_done(&w)) : WIMS_REQUEST_MALFORMED;
}

/* Unsupported as it is to be answered, in w. */
static enum wims_reason unknown(sip_msg_t *msg, struct wims_w *w)
{
	char buf[WIMS_OPTIONS_MAX];
	struct wims_pl list;

	if(!wk_hdr_joined(msg, WIMS_PL("Proxy-Require"), buf, sizeof(buf), &list))
		return WIMS_REQUEST_MALFORMED;
	return wims_options_unknown(w, list);
}

/* RFC 3261 8.2.2.3: not to be looked at in CANCEL and ACK. An emergency is nothing to
 * refuse for an option. */
enum wims_reason wk_option_check(sip_msg_t *msg)
{
	int method = msg->first_line.u.request.method_value;
	char buf[LINE_SIZE];
	struct wims_w w;

	if(method == METHOD_ACK || method == METHOD_CANCEL
	   || wk_hdr_next(msg, NULL, WIMS_PL("Proxy-Require")) == NULL || wk_emergency(msg) == WK_TRUE)
		return WIMS_OK;
	wims_w_init(&w, buf, sizeof(buf));
	return unknown(msg, &w);
}

bool wk_option_answer(sip_msg_t *msg)
{
	char buf[LINE_SIZE], line[LINE_SIZE + sizeof("Unsupported: ")];
	struct wims_w tags, w;

	wims_w_init(&tags, buf, sizeof(buf));
	if(unknown(msg, &tags) != WIMS_OPTION_UNKNOWN)
		return true; /* an answer without it is better than none */
	wims_w_init(&w, line, sizeof(line));
	wims_w_lit(&w, "Unsupported: ");
	wims_w_pl(&w, wims_w_done(&tags));
	wims_w_crlf(&w);
	return w.ok && wk_hdr_add_to_reply(msg, wims_w_done(&w));
}
