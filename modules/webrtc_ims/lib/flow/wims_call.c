/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_flow_int.h"

#include "sip/wims_list.h"
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

struct wims_call *wims_call_of_id(const struct wims_flows *fs, uint64_t id)
{
	struct wims_hnode *n = wims_hash_first(&fs->calls, hash_of_id(fs, id));

	for(; n != NULL; n = wims_hash_next(n))
		if(WIMS_OWNER(n, struct wims_call, by_id)->id == id)
			return WIMS_OWNER(n, struct wims_call, by_id);
	return NULL;
}

struct wims_call *wims_call_next(const struct wims_flows *fs, uint32_t conn, struct wims_pl call_id,
								 const struct wims_call *after)
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

enum wims_reason wims_call_store(struct wims_flows *fs, struct wims_call *call,
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

enum wims_reason wims_call_new(struct wims_flows *fs, struct wims_conn *c,
							   const struct wims_call *like,
							   const struct wims_pl texts[WIMS_CALL_TEXTS], struct wims_call **out)
{
	struct wims_call *call;

	*out = NULL;
	if(c->n_calls >= fs->limits.calls_per_conn)
		return WIMS_LIMIT_REACHED;
	call = wims_zalloc(&fs->env, sizeof(*call));
	if(call == NULL || wims_call_store(fs, call, texts) != WIMS_OK) {
		wims_free(&fs->env, call);
		return WIMS_NOMEM;
	}
	wims_ring_init(&call->openings);
	call->invite = like->invite;
	call->wic_is_caller = like->wic_is_caller;
	call->wic_cseq = like->wic_cseq;
	wims_media_join(like->media, call);
	link_call(fs, call, c);
	call->opening = like->opening == 0 ? call->id : like->opening;
	*out = call;
	return WIMS_OK;
}

/* The call that this opening request began already, not a dialog beside it. */
static struct wims_call *begun(const struct wims_flows *fs, const struct wims_call_in *in)
{
	struct wims_call *call = NULL;

	while((call = wims_call_next(fs, in->conn, in->call_id, call)) != NULL)
		if(call->conn != NULL && call->opening == call->id && !call->ended
		   && call->wic_is_caller == in->wic_is_caller
		   && wims_pl_eq(wims_call_caller_tag(call), in->caller_tag))
			return call;
	return NULL;
}

enum wims_reason wims_call_open(struct wims_flows *fs, const struct wims_call_in *in, int64_t now,
								uint64_t *id)
{
	const struct wims_pl texts[WIMS_CALL_TEXTS] = {
			[WIMS_CALL_CALL_ID] = in->call_id,
			[WIMS_CALL_WIC_TAG] = in->wic_is_caller ? in->caller_tag : WIMS_PL_NONE,
			[WIMS_CALL_CORE_TAG] = in->wic_is_caller ? WIMS_PL_NONE : in->caller_tag,
			[WIMS_CALL_WIC_URI] = in->wic_uri,
			[WIMS_CALL_CORE_URI] = in->core_uri,
	};
	struct wims_opening *opening;
	const struct wims_call like = {.invite = in->kind == WIMS_CALL_INVITE,
								   .wic_is_caller = in->wic_is_caller};
	struct wims_conn *c = wims_conn_find(fs, in->conn);
	struct wims_call *call;
	enum wims_reason r;

	(void)now; /* a call has no age */
	*id = 0;
	if(in->call_id.l == 0 || !wims_texts_fit(texts, call_max, WIMS_CALL_HOP))
		return WIMS_REQUEST_MALFORMED;
	if((r = wims_flow_check(fs, in->conn, NULL)) != WIMS_OK)
		return r;
	if((opening = wims_zalloc(&fs->env, sizeof(*opening))) == NULL)
		return WIMS_NOMEM;
	opening->txn = in->txn;
	call = begun(fs, in);
	if(call == NULL && (r = wims_call_new(fs, c, &like, texts, &call)) != WIMS_OK) {
		wims_free(&fs->env, opening);
		return r;
	}
	if(in->wic_cseq > call->wic_cseq)
		call->wic_cseq = in->wic_cseq;
	wims_ring_append(&call->openings, &opening->on_call);
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

/* Where the next request of the WIC goes: the first route, or else the target
 * (RFC 3261 12.2.1.1). Empty: nobody knows yet. */
static struct wims_pl next_hop(const struct wims_pl texts[WIMS_CALL_TEXTS])
{
	struct wims_pl rest = texts[WIMS_CALL_CORE_ROUTES], first, uri, params;

	if(rest.l == 0)
		return texts[WIMS_CALL_CORE_TARGET];
	return wims_list_next(&rest, &first) && wims_list_uri(first, &uri, &params) ? uri : rest;
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
	replace(&m->texts[WIMS_CALL_CORE_TARGET], news->core_target, &m->changed);
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

	return wims_texts_fit(texts, call_max, WIMS_CALL_HOP);
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

static void free_opening(struct wims_flows *fs, struct wims_opening *o)
{
	wims_ring_remove(&o->on_call);
	wims_free(&fs->env, o);
}

static struct wims_opening *first_opening(const struct wims_call *call)
{
	return wims_ring_empty(&call->openings)
				   ? NULL
				   : WIMS_OWNER(call->openings.next, struct wims_opening, on_call);
}

void wims_call_free(struct wims_flows *fs, struct wims_call *call)
{
	struct wims_opening *o;

	while((o = first_opening(call)) != NULL)
		free_opening(fs, o);
	wims_free(&fs->env, call->texts);
	wims_free(&fs->env, call);
}

static void leave_conn(struct wims_flows *fs, struct wims_call *call)
{
	struct wims_conn *c = call->conn;

	if(c == NULL)
		return;
	c->n_calls--;
	call->conn = NULL;
	wims_ring_remove(&call->on_conn);
	wims_conn_review(fs, c);
}

bool wims_call_established(const struct wims_conn *c)
{
	const struct wims_ring *l;

	for(l = c->calls.next; l != &c->calls; l = l->next) {
		const struct wims_call *call = WIMS_OWNER(l, struct wims_call, on_conn);

		if(call->invite && call->confirmed && !call->ended)
			return true;
	}
	return false;
}

/* The answers of an early one have no other connection to come over, or go to:
 * nothing is there to wait for. */
void wims_call_lost(struct wims_flows *fs, struct wims_call *call, int64_t now, int64_t grace)
{
	if(call->ended) {
		wims_call_remove(fs, call);
		return;
	}
	leave_conn(fs, call);
	if(!call->confirmed)
		wims_media_leave(fs, call);
	wims_heap_arm(&fs->due, &call->timer, call->confirmed ? now + grace : now);
}

bool wims_call_give_up(struct wims_flows *fs, struct wims_call *call, uint64_t *txn)
{
	struct wims_opening *o = first_opening(call);

	if(o == NULL) {
		wims_heap_stop(&fs->due, &call->timer);
		return false;
	}
	*txn = o->txn;
	free_opening(fs, o);
	return true;
}

/* What is early now stays so. */
static void remove_early(struct wims_flows *fs, const struct wims_call *opening)
{
	struct wims_call *call = NULL, *next;
	uint64_t id = opening->id;

	next = wims_call_next(fs, opening->conn_id, opening->texts[WIMS_CALL_CALL_ID], NULL);
	while((call = next) != NULL) {
		next = wims_call_next(fs, call->conn_id, call->texts[WIMS_CALL_CALL_ID], call);
		if(call->opening == id && call->id != id && !call->confirmed)
			wims_call_remove(fs, call);
	}
}

/* Those beside it that are early have nobody else to settle them. */
void wims_call_remove(struct wims_flows *fs, struct wims_call *call)
{
	if(call->opens > 0)
		remove_early(fs, call);
	leave_conn(fs, call);
	wims_media_leave(fs, call);
	wims_heap_stop(&fs->due, &call->timer);
	wims_hash_remove(&fs->calls, &call->by_id);
	wims_hash_remove(&fs->dialogs, &call->by_dialog);
	wims_call_free(fs, call);
}

static void forget_opening(struct wims_flows *fs, struct wims_call *call, uint64_t txn)
{
	struct wims_ring *at;

	for(at = call->openings.next; at != &call->openings; at = at->next) {
		struct wims_opening *o = WIMS_OWNER(at, struct wims_opening, on_call);

		if(o->txn == txn) {
			free_opening(fs, o);
			return;
		}
	}
}

void wims_call_settle(struct wims_flows *fs, uint64_t id, uint64_t txn)
{
	struct wims_call *call = wims_call_of_id(fs, id);

	if(call == NULL || call->opens == 0)
		return;
	forget_opening(fs, call, txn);
	if(--call->opens > 0)
		return;
	remove_early(fs, call);
	if(!call->confirmed || call->ended)
		wims_call_remove(fs, call);
}

void wims_call_end(struct wims_flows *fs, uint64_t id)
{
	struct wims_call *call = wims_call_of_id(fs, id);

	if(call == NULL)
		return;
	/* those beside it hang on it while answers may come */
	if(call->opens > 0 && call->conn != NULL) {
		call->ended = true;
		if(call->confirmed)
			wims_media_leave(fs, call);
		wims_conn_review(fs, call->conn);
	} else {
		wims_call_remove(fs, call);
	}
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
