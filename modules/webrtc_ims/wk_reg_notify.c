/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_reg_notify.h"

#include "wk_env.h"
#include "wk_hdr.h"
#include "wk_leg.h"
#include "wk_regevent.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_tm.h"

#define OUR_TYPE WIMS_PL("application/reginfo+xml")

/* The value in front of the parameters. */
static struct wims_pl value_of(struct wims_pl body)
{
	return wims_pl_trim((struct wims_pl){body.p, wims_pl_find(body, ';')});
}

static bool is_reg(sip_msg_t *msg)
{
	return wims_pl_caseeq(value_of(wk_hdr_body(msg, WIMS_PL("Event"))), WIMS_PL("reg"));
}

static struct wims_pl body_of(sip_msg_t *msg)
{
	str body = {get_body(msg), 0};

	if(body.s != NULL)
		body.len = (int)(msg->buf + msg->len - body.s);
	return wk_pl(&body);
}

/* A NOTIFY without a body says how the subscription stands, and no more. */
static enum wims_reason read_document(sip_msg_t *msg, struct wims_reginfo **doc)
{
	struct wims_pl body = body_of(msg);

	if(body.l == 0)
		return WIMS_OK;
	if(!wims_pl_caseeq(value_of(wk_hdr_body(msg, WIMS_PL("Content-Type"))), OUR_TYPE))
		return WIMS_BODY_TYPE;
	return wims_reginfo_parse(doc, wk_env(), body);
}

static enum wims_reason take(sip_msg_t *msg)
{
	struct wims_call_news news = {.has_routes = false};
	struct wims_reginfo *doc = NULL;
	struct wims_regsub_notify in = {
			.call_id = wk_hdr_call_id(msg),
			.to_tag = wk_hdr_to_tag(msg),
			.from_tag = wk_hdr_from_tag(msg),
			.cseq = wk_hdr_cseq(msg),
			.substate = wk_hdr_body(msg, WIMS_PL("Subscription-State")),
	};
	enum wims_reason r = wk_leg_from_request(msg, &news);

	if(r != WIMS_OK)
		return r;
	in.contact = news.core_target;
	in.routes = news.core_routes;
	in.parsed = read_document(msg, &doc);
	in.document = doc;
	r = wk_regevent_notify(&in);
	wims_reginfo_free(doc);
	return r;
}

static enum wims_reason reg_notify(sip_msg_t *msg)
{
	enum wims_reason r;

	if(msg->first_line.u.request.method_value != METHOD_NOTIFY || !wk_hdr_parse(msg)
	   || !wk_hdr_names_transaction(msg))
		return WIMS_REQUEST_MALFORMED;
	if(!is_reg(msg))
		return WIMS_EVENT_UNKNOWN;
	/* a copy of it must not look like one out of order */
	if(wk_tm_transaction(msg) == NULL)
		return WIMS_INTERNAL;
	r = take(msg);
	return r == WIMS_OK && !wk_reply_ok(msg) ? WIMS_INTERNAL : r;
}

/* What the core is to do instead (RFC 6665 8.3.2, RFC 3261 21.4.13). */
static bool say_instead(sip_msg_t *msg, enum wims_reason r)
{
	if(r == WIMS_EVENT_UNKNOWN)
		return wk_hdr_add_to_reply(msg, WIMS_PL("Allow-Events: reg\r\n"));
	if(r == WIMS_BODY_TYPE)
		return wk_hdr_add_to_reply(msg, WIMS_PL("Accept: application/reginfo+xml\r\n"));
	return true;
}

int wk_reg_notify(sip_msg_t *msg)
{
	enum wims_reason r = reg_notify(msg);

	return wk_outcome(msg, say_instead(msg, r) ? r : WIMS_NOMEM);
}
