/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_int.h"

#include "sip/wims_uri.h"

#include <string.h>

_Static_assert(sizeof(((struct wims_call_view *)0)->text)
					   >= WIMS_CALLID_MAX + 2 * WIMS_FLOW_TEXT_MAX + 3 * WIMS_CONTACT_URI_MAX
								  + WIMS_ROUTES_MAX,
			   "a call's longest texts fit into its view");

static const uint16_t call_max[WIMS_CALL_HOP] = {
		[WIMS_CALL_CALL_ID] = WIMS_CALLID_MAX,       [WIMS_CALL_WIC_TAG] = WIMS_FLOW_TEXT_MAX,
		[WIMS_CALL_CORE_TAG] = WIMS_FLOW_TEXT_MAX,   [WIMS_CALL_WIC_URI] = WIMS_CONTACT_URI_MAX,
		[WIMS_CALL_CORE_URI] = WIMS_CONTACT_URI_MAX, [WIMS_CALL_CORE_TARGET] = WIMS_CONTACT_URI_MAX,
		[WIMS_CALL_CORE_ROUTES] = WIMS_ROUTES_MAX,
};

static uint32_t hash_of_dialog(const struct wims_flows *fs, uint32_t conn, struct wims_pl call_id)
{
	const struct wims_pl key[2] = {WIMS_PL_OF(conn), call_id};

	return wims_hash_slices(&fs->key, key, 2);
}

static uint32_t hash_of_id(const struct wims_flows *fs, uint64_t id)
{
	const struct wims_pl key = WIMS_PL_OF(id);

	return wims_hash_slices(&fs->key, &key, 1);
}

static struct wims_call *of_id(const struct wims_flows *fs, uint64_t id)
{
	struct wims_hnode *n = wims_hash_first(&fs->calls, hash_of_id(fs, id));

	for(; n != NULL; n = wims_hash_next(n))
		if(WIMS_OWNER(n, struct wims_call, by_id)->id == id)
			return WIMS_OWNER(n, struct wims_call, by_id);
	return NULL;
}

/* The next call of that connection and Call-ID; NULL to begin. There is one
 * at most for each side. */
static struct wims_call *of_dialog(const struct wims_flows *fs, uint32_t conn,
								   struct wims_pl call_id, const struct wims_call *after)
{
	struct wims_hnode *n =
			after == NULL ? wims_hash_first(&fs->dialogs, hash_of_dialog(fs, conn, call_id))
						  : wims_hash_next(&after->by_dialog);

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_call *call = WIMS_OWNER(n, struct wims_call, by_dialog);

		if(call->conn_id == conn && wims_pl_eq(call->texts[WIMS_CALL_CALL_ID], call_id))
			return call;
	}
	return NULL;
}

/* Replaces the texts of the call as a whole, so that nothing is half done
 * when there is no memory. */
static enum wims_reason store_texts(struct wims_flows *fs, struct wims_call *call,
									const struct wims_pl texts[WIMS_CALL_TEXTS])
{
	struct wims_pl *copies;

	if(wims_texts_record(&fs->env, 0, texts, WIMS_CALL_TEXTS, &copies) == NULL)
		return WIMS_NOMEM;
	wims_free(&fs->env, call->texts);
	call->texts = copies;
	return WIMS_OK;
}

static void link_call(struct wims_flows *fs, struct wims_call *call, struct wims_conn *c)
{
	call->id = ++fs->last_call;
	call->conn = c;
	call->conn_id = c->id;
	call->timer.kind = WIMS_TIMER_CALL;
	wims_hash_add(&fs->calls, &call->by_id, hash_of_id(fs, call->id));
	wims_hash_add(&fs->dialogs, &call->by_dialog,
				  hash_of_dialog(fs, c->id, call->texts[WIMS_CALL_CALL_ID]));
	wims_ring_append(&c->calls, &call->on_conn);
	c->n_calls++;
}

static enum wims_reason new_call(struct wims_flows *fs, struct wims_conn *c,
								 const struct wims_call_in *in,
								 const struct wims_pl texts[WIMS_CALL_TEXTS],
								 struct wims_call **out)
{
	struct wims_call *call;

	*out = NULL;
	if(c->n_calls >= fs->limits.calls_per_conn)
		return WIMS_LIMIT_REACHED;
	call = wims_zalloc(&fs->env, sizeof(*call));
	if(call == NULL || store_texts(fs, call, texts) != WIMS_OK) {
		wims_free(&fs->env, call);
		return WIMS_NOMEM;
	}
	call->invite = in->kind == WIMS_CALL_INVITE;
	call->wic_is_caller = in->wic_is_caller;
	call->wic_cseq = in->wic_cseq;
	link_call(fs, call, c);
	*out = call;
	return WIMS_OK;
}

enum wims_reason wims_call_open(struct wims_flows *fs, const struct wims_call_in *in, int64_t now,
								uint64_t *id)
{
	const struct wims_pl texts[WIMS_CALL_TEXTS] = {
			[WIMS_CALL_CALL_ID] = in->call_id,   [WIMS_CALL_WIC_TAG] = in->wic_tag,
			[WIMS_CALL_CORE_TAG] = in->core_tag, [WIMS_CALL_WIC_URI] = in->wic_uri,
			[WIMS_CALL_CORE_URI] = in->core_uri,
	};
	const struct wims_call_news news = {
			.wic_tag = in->wic_tag, .core_tag = in->core_tag, .wic_cseq = in->wic_cseq};
	struct wims_conn *c = wims_conn_find(fs, in->conn);
	struct wims_call *call = NULL;
	enum wims_reason r;

	(void)now; /* a call has no age */
	*id = 0;
	if(in->call_id.l == 0 || !wims_texts_fit(texts, call_max, WIMS_CALL_HOP))
		return WIMS_REQUEST_MALFORMED;
	if((r = wims_flow_check(fs, in->conn, NULL)) != WIMS_OK)
		return r;
	do
		call = of_dialog(fs, in->conn, in->call_id, call);
	while(call != NULL && call->wic_is_caller != in->wic_is_caller);
	r = call != NULL ? wims_call_learn(fs, call->id, &news) : new_call(fs, c, in, texts, &call);
	if(r != WIMS_OK)
		return r;
	call->opens++;
	*id = call->id;
	return WIMS_OK;
}

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

static void merge(struct merged *m, const struct wims_call *call, const struct wims_call_news *news,
				  const struct wims_uri *hop)
{
	memcpy(m->texts, call->texts, sizeof(m->texts));
	m->changed = false;
	if(!call->confirmed) {
		replace(&m->texts[WIMS_CALL_WIC_TAG], news->wic_tag, &m->changed);
		replace(&m->texts[WIMS_CALL_CORE_TAG], news->core_tag, &m->changed);
		replace(&m->texts[WIMS_CALL_CORE_ROUTES], news->core_routes, &m->changed);
	}
	replace(&m->texts[WIMS_CALL_CORE_TARGET], news->core_target, &m->changed);
	m->new_hop = news->next_hop.l > 0 && !knows_hop(m->texts, hop);
	if(m->new_hop)
		replace(&m->texts[WIMS_CALL_HOP + call->next_hop], news->next_hop, &m->changed);
}

static bool news_fit(const struct wims_call_news *news)
{
	const struct wims_pl texts[WIMS_CALL_HOP] = {
			[WIMS_CALL_WIC_TAG] = news->wic_tag,
			[WIMS_CALL_CORE_TAG] = news->core_tag,
			[WIMS_CALL_CORE_TARGET] = news->core_target,
			[WIMS_CALL_CORE_ROUTES] = news->core_routes,
	};

	return wims_texts_fit(texts, call_max, WIMS_CALL_HOP)
		   && news->next_hop.l <= WIMS_CONTACT_URI_MAX;
}

enum wims_reason wims_call_learn(struct wims_flows *fs, uint64_t id,
								 const struct wims_call_news *news)
{
	struct wims_call *call = of_id(fs, id);
	struct wims_uri hop;
	struct merged m;

	if(call == NULL)
		return WIMS_DIALOG_UNKNOWN;
	if(!news_fit(news))
		return WIMS_REQUEST_MALFORMED;
	if(wims_uri_parse(&hop, news->next_hop) != WIMS_OK && news->next_hop.l > 0)
		return WIMS_URI_BAD;
	merge(&m, call, news, &hop);
	if(m.changed && store_texts(fs, call, m.texts) != WIMS_OK)
		return WIMS_NOMEM;
	if(m.new_hop)
		call->next_hop = (uint8_t)((call->next_hop + 1) % WIMS_NEXT_HOPS_MAX);
	if(news->wic_cseq > call->wic_cseq)
		call->wic_cseq = news->wic_cseq;
	call->confirmed = call->confirmed || news->confirmed;
	return WIMS_OK;
}

/* -1: they contradict each other; 1: the same; 0: one is not known. */
static int compare_tags(struct wims_pl given, struct wims_pl known)
{
	if(given.l == 0 || known.l == 0)
		return 0;
	return wims_pl_eq(given, known) ? 1 : -1;
}

/* How well the tags fit: 0: not at all. The order given counts less than a
 * tag that is known: a WIC may be both sides of a call with itself. */
static int fit(const struct wims_call *call, struct wims_pl wic_tag, struct wims_pl core_tag)
{
	const struct wims_pl *t = call->texts;
	/* before an answer a forked call has an early dialog for each branch */
	bool open_end = call->wic_is_caller && !call->confirmed;
	struct wims_pl core = open_end ? WIMS_PL_NONE : t[WIMS_CALL_CORE_TAG];
	int a = compare_tags(wic_tag, t[WIMS_CALL_WIC_TAG]), b = compare_tags(core_tag, core);
	int c = compare_tags(wic_tag, core), d = compare_tags(core_tag, t[WIMS_CALL_WIC_TAG]);
	int straight = a < 0 || b < 0 ? 0 : 2 + 2 * (a + b);
	int crossed = c < 0 || d < 0 ? 0 : 1 + 2 * (c + d);

	return straight > crossed ? straight : crossed;
}

enum wims_reason wims_call_find(struct wims_flows *fs, uint32_t conn, struct wims_pl call_id,
								struct wims_pl wic_tag, struct wims_pl core_tag, uint64_t *id)
{
	const struct wims_call *call = NULL;
	int best = 0;

	*id = 0;
	if(wims_conn_find(fs, conn) == NULL)
		return WIMS_FLOW_UNKNOWN;
	while((call = of_dialog(fs, conn, call_id, call)) != NULL) {
		int n = fit(call, wic_tag, core_tag);

		if(n > best) {
			best = n;
			*id = call->id;
		}
	}
	return best > 0 ? WIMS_OK : WIMS_DIALOG_UNKNOWN;
}

enum wims_reason wims_call_may_go(struct wims_flows *fs, uint64_t id, struct wims_pl next_hop)
{
	const struct wims_call *call = of_id(fs, id);
	struct wims_uri hop;

	if(call == NULL)
		return WIMS_DIALOG_UNKNOWN;
	if(wims_uri_parse(&hop, next_hop) != WIMS_OK || !knows_hop(call->texts, &hop))
		return WIMS_ROUTE_REFUSED;
	return WIMS_OK;
}

/* Takes the URI of the next route off *rest, and compares. */
static bool next_is(struct wims_pl *rest, struct wims_pl route)
{
	struct wims_pl item, known, given, params;

	return wims_list_next(rest, &item) && wims_list_uri(item, &known, &params)
		   && wims_list_uri(route, &given, &params) && wims_pl_eq(known, given);
}

enum wims_reason wims_call_has_routes(struct wims_flows *fs, uint64_t id, struct wims_pl core_tag,
									  const struct wims_list *routes, size_t first_route)
{
	const struct wims_call *call = of_id(fs, id);
	struct wims_pl rest;
	size_t i;

	if(call == NULL)
		return WIMS_DIALOG_UNKNOWN;
	if(!call->confirmed && compare_tags(core_tag, call->texts[WIMS_CALL_CORE_TAG]) != 1)
		return WIMS_OK;
	rest = call->texts[WIMS_CALL_CORE_ROUTES];
	for(i = first_route; i < routes->count; i++)
		if(!next_is(&rest, routes->item[i]))
			return WIMS_ROUTE_REFUSED;
	return rest.l == 0 ? WIMS_OK : WIMS_ROUTE_REFUSED;
}

void wims_call_free(struct wims_flows *fs, struct wims_call *call)
{
	wims_free(&fs->env, call->texts);
	wims_free(&fs->env, call);
}

static void leave_conn(struct wims_flows *fs, struct wims_call *call)
{
	if(call->conn == NULL)
		return;
	call->conn->n_calls--;
	call->conn = NULL;
	wims_ring_remove(&call->on_conn);
	wims_hash_remove(&fs->dialogs, &call->by_dialog);
}

void wims_call_lost(struct wims_flows *fs, struct wims_call *call, int64_t due)
{
	leave_conn(fs, call);
	wims_heap_arm(&fs->due, &call->timer, due);
}

void wims_call_remove(struct wims_flows *fs, struct wims_call *call)
{
	leave_conn(fs, call);
	wims_heap_stop(&fs->due, &call->timer);
	wims_hash_remove(&fs->calls, &call->by_id);
	wims_call_free(fs, call);
}

void wims_call_settle(struct wims_flows *fs, uint64_t id)
{
	struct wims_call *call = of_id(fs, id);

	if(call == NULL || call->opens == 0)
		return;
	call->opens--;
	if(call->opens == 0 && !call->confirmed)
		wims_call_remove(fs, call);
}

void wims_call_end(struct wims_flows *fs, uint64_t id)
{
	struct wims_call *call = of_id(fs, id);

	if(call != NULL)
		wims_call_remove(fs, call);
}

void wims_call_show(const struct wims_call *call, struct wims_call_view *view)
{
	char *at = view->text;

	view->id = call->id;
	view->wic_cseq = call->wic_cseq;
	view->call_id = wims_texts_put(&at, call->texts[WIMS_CALL_CALL_ID]);
	view->wic_tag = wims_texts_put(&at, call->texts[WIMS_CALL_WIC_TAG]);
	view->core_tag = wims_texts_put(&at, call->texts[WIMS_CALL_CORE_TAG]);
	view->wic_uri = wims_texts_put(&at, call->texts[WIMS_CALL_WIC_URI]);
	view->core_uri = wims_texts_put(&at, call->texts[WIMS_CALL_CORE_URI]);
	view->core_target = wims_texts_put(&at, call->texts[WIMS_CALL_CORE_TARGET]);
	view->core_routes = wims_texts_put(&at, call->texts[WIMS_CALL_CORE_ROUTES]);
}
