/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_call_int.h"

#include "sip/wims_list.h"
#include "sip/wims_uri.h"

#include <string.h>

/* What the messages of a call show of it, and where its requests may go. */

static void replace(struct wims_pl *text, struct wims_pl news, bool *changed)
{
	if(news.l == 0 || wims_pl_eq(*text, news))
		return;
	*text = news;
	*changed = true;
}

static bool leads_to(struct wims_pl known, const struct wims_uri *hop)
{
	struct wims_uri uri;

	return wims_uri_parse(&uri, known) == WIMS_OK && uri.sips == hop->sips
		   && wims_uri_same_target(&uri, hop);
}

static bool knows_hop(const struct wims_pl texts[WIMS_CALL_TEXTS], const struct wims_uri *hop)
{
	size_t i;

	for(i = 0; i < WIMS_NEXT_HOPS_MAX; i++)
		if(leads_to(texts[WIMS_CALL_HOP + i], hop))
			return true;
	return false;
}

/* The texts of the call with what is new in them. */
struct merged
{
	struct wims_pl texts[WIMS_CALL_TEXTS];
	bool changed;
	bool new_hop;
};

/* Where the next request of the WIC goes: the first route, or else the target
 * (RFC 3261 12.2.1.1). Empty: nobody knows yet. */
static struct wims_pl next_hop(const struct wims_pl texts[WIMS_CALL_TEXTS])
{
	struct wims_pl rest = texts[WIMS_CALL_CORE_ROUTES], first, uri, params;

	if(rest.l == 0)
		return texts[WIMS_CALL_CORE_TARGET];
	return wims_list_next(&rest, &first) && wims_list_uri(first, &uri, &params) ? uri : rest;
}

static void replace_target(struct merged *m, struct wims_pl target)
{
	struct wims_pl last = m->texts[WIMS_CALL_CORE_TARGET];
	bool changed = false;

	replace(&m->texts[WIMS_CALL_CORE_TARGET], target, &changed);
	if(!changed)
		return;
	m->texts[WIMS_CALL_LAST_TARGET] = last;
	m->changed = true;
}

static enum wims_reason merge(struct merged *m, const struct wims_call *call,
							  const struct wims_call_news *news)
{
	struct wims_pl hop;
	struct wims_uri uri;

	memcpy(m->texts, call->texts, sizeof(m->texts));
	m->changed = false;
	m->new_hop = false;
	if(!call->confirmed && news->has_routes
	   && !wims_pl_eq(m->texts[WIMS_CALL_CORE_ROUTES], news->core_routes)) {
		m->texts[WIMS_CALL_CORE_ROUTES] = news->core_routes;
		m->changed = true;
	}
	replace_target(m, news->core_target);
	hop = next_hop(m->texts);
	if(hop.l == 0)
		return WIMS_OK;
	if(wims_uri_parse(&uri, hop) != WIMS_OK || hop.l > WIMS_CONTACT_URI_MAX)
		return WIMS_URI_BAD;
	m->new_hop = !knows_hop(m->texts, &uri);
	if(m->new_hop)
		replace(&m->texts[WIMS_CALL_HOP + call->next_hop], hop, &m->changed);
	return WIMS_OK;
}

static bool news_fit(const struct wims_call_news *news)
{
	const struct wims_pl texts[WIMS_CALL_HOP] = {
			[WIMS_CALL_CORE_TARGET] = news->core_target,
			[WIMS_CALL_CORE_ROUTES] = news->core_routes,
	};

	return wims_texts_fit(texts, wims_call_max, WIMS_CALL_HOP);
}

/* Was it given up, then it is too late. */
static void confirm(struct wims_flows *fs, struct wims_call *call)
{
	call->confirmed = true;
	if(call->conn == NULL && !call->ended)
		wims_heap_arm(&fs->due, &call->timer, 0);
}

enum wims_reason wims_call_update(struct wims_flows *fs, struct wims_call *call,
								  const struct wims_call_news *news)
{
	struct merged m;
	enum wims_reason r;

	if(!news_fit(news))
		return WIMS_REQUEST_MALFORMED;
	if((r = merge(&m, call, news)) != WIMS_OK)
		return r;
	if(m.changed && wims_call_store(fs, call, m.texts) != WIMS_OK)
		return WIMS_NOMEM;
	if(m.new_hop)
		call->next_hop = (uint8_t)((call->next_hop + 1) % WIMS_NEXT_HOPS_MAX);
	if(news->wic_cseq > call->wic_cseq)
		call->wic_cseq = news->wic_cseq;
	if(news->confirmed && !call->confirmed)
		confirm(fs, call);
	if(call->conn != NULL)
		wims_conn_review(fs, call->conn);
	return WIMS_OK;
}

enum wims_reason wims_call_learn(struct wims_flows *fs, uint64_t id,
								 const struct wims_call_news *news)
{
	struct wims_call *call = wims_call_of_id(fs, id);

	return call == NULL ? WIMS_DIALOG_UNKNOWN : wims_call_update(fs, call, news);
}

enum wims_reason wims_call_may_go(struct wims_flows *fs, uint64_t id, struct wims_pl next_hop)
{
	const struct wims_call *call = wims_call_of_id(fs, id);
	struct wims_uri hop;

	if(call == NULL)
		return WIMS_DIALOG_UNKNOWN;
	if(wims_uri_parse(&hop, next_hop) != WIMS_OK || !knows_hop(call->texts, &hop))
		return WIMS_ROUTE_REFUSED;
	return WIMS_OK;
}

static bool is_uri(struct wims_pl known, struct wims_pl text)
{
	struct wims_uri a, b;

	if(known.l == 0 || wims_pl_eq(known, text))
		return known.l > 0;
	return wims_uri_parse(&a, known) == WIMS_OK && wims_uri_parse(&b, text) == WIMS_OK
		   && wims_uri_same(&a, &b);
}

enum wims_reason wims_call_target(const struct wims_flows *fs, uint64_t id, struct wims_pl uri,
								  char buf[WIMS_CONTACT_URI_MAX], struct wims_pl *target)
{
	const struct wims_call *call = wims_call_of_id(fs, id);
	struct wims_pl known;

	*target = WIMS_PL_NONE;
	if(call == NULL)
		return WIMS_DIALOG_UNKNOWN;
	known = call->texts[WIMS_CALL_CORE_TARGET];
	if(!is_uri(known, uri) && !is_uri(known = call->texts[WIMS_CALL_LAST_TARGET], uri))
		return WIMS_ROUTE_REFUSED;
	memcpy(buf, known.p, known.l);
	*target = (struct wims_pl){buf, known.l};
	return WIMS_OK;
}

/* Takes the URI of the next route off *rest, and compares. */
static bool next_is(struct wims_pl *rest, struct wims_pl route)
{
	struct wims_pl item, known, given, params;

	return wims_list_next(rest, &item) && wims_list_uri(item, &known, &params)
		   && wims_list_uri(route, &given, &params) && wims_pl_eq(known, given);
}

enum wims_reason wims_call_has_routes(struct wims_flows *fs, uint64_t id,
									  const struct wims_list *routes, size_t first_route)
{
	const struct wims_call *call = wims_call_of_id(fs, id);
	struct wims_pl rest;
	size_t i;

	if(call == NULL)
		return WIMS_DIALOG_UNKNOWN;
	rest = call->texts[WIMS_CALL_CORE_ROUTES];
	for(i = first_route; i < routes->count; i++)
		if(!next_is(&rest, routes->item[i]))
			return WIMS_ROUTE_REFUSED;
	return rest.l == 0 ? WIMS_OK : WIMS_ROUTE_REFUSED;
}

struct wims_pl wims_call_charging(const struct wims_flows *fs, uint64_t id,
								  char buf[WIMS_FLOW_CHARGING_MAX])
{
	const struct wims_call *call = wims_call_of_id(fs, id);
	struct wims_pl charging = call == NULL ? WIMS_PL_NONE : call->texts[WIMS_CALL_CHARGING];

	if(charging.l > 0)
		memcpy(buf, charging.p, charging.l);
	return (struct wims_pl){buf, charging.l};
}
