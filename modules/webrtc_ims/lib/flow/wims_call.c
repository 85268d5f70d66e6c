/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_call_int.h"

#include <string.h>

_Static_assert(sizeof(((struct wims_call_view *)0)->text)
					   >= WIMS_CALLID_MAX + 2 * WIMS_FLOW_TEXT_MAX + WIMS_FLOW_CHARGING_MAX
								  + 3 * WIMS_CONTACT_URI_MAX + WIMS_ROUTES_MAX,
			   "a call's longest texts fit into its view");

const uint16_t wims_call_max[WIMS_CALL_HOP] = {
		[WIMS_CALL_CALL_ID] = WIMS_CALLID_MAX,          [WIMS_CALL_WIC_TAG] = WIMS_FLOW_TEXT_MAX,
		[WIMS_CALL_CORE_TAG] = WIMS_FLOW_TEXT_MAX,      [WIMS_CALL_WIC_URI] = WIMS_CONTACT_URI_MAX,
		[WIMS_CALL_CHARGING] = WIMS_FLOW_CHARGING_MAX,  [WIMS_CALL_CORE_URI] = WIMS_CONTACT_URI_MAX,
		[WIMS_CALL_CORE_TARGET] = WIMS_CONTACT_URI_MAX, [WIMS_CALL_CORE_ROUTES] = WIMS_ROUTES_MAX,
		[WIMS_CALL_LAST_TARGET] = WIMS_CONTACT_URI_MAX,
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

static struct wims_call *moved_next(const struct wims_flows *fs, uint32_t home,
									struct wims_pl call_id, const struct wims_call *after)
{
	struct wims_hnode *n = after == NULL
								   ? wims_hash_first(&fs->homes, hash_of_dialog(fs, home, call_id))
								   : wims_hash_next(&after->by_home);

	for(; n != NULL; n = wims_hash_next(n)) {
		struct wims_call *call = WIMS_OWNER(n, struct wims_call, by_home);

		if(call->home == home && call->conn_id != home
		   && wims_pl_eq(call->texts[WIMS_CALL_CALL_ID], call_id))
			return call;
	}
	return NULL;
}

struct wims_call *wims_call_begun_next(const struct wims_flows *fs, uint32_t home,
									   struct wims_pl call_id, const struct wims_call *after)
{
	struct wims_call *call = NULL;

	if(after == NULL || after->conn_id == home)
		call = wims_call_next(fs, home, call_id, after);
	if(call == NULL)
		call = moved_next(fs, home, call_id,
						  after == NULL || after->conn_id == home ? NULL : after);
	return call;
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

uint32_t wims_hash_of_lost(const struct wims_flows *fs, uint32_t conn)
{
	const struct wims_pl key = WIMS_PL_OF(conn);

	return wims_hash_slices(&fs->key, &key, 1);
}

static void join_conn(struct wims_flows *fs, struct wims_call *call, struct wims_conn *c)
{
	call->conn = c;
	call->conn_id = c->id;
	wims_hash_add(&fs->dialogs, &call->by_dialog,
				  hash_of_dialog(fs, c->id, call->texts[WIMS_CALL_CALL_ID]));
	wims_ring_append(&c->calls, &call->on_conn);
	c->n_calls++;
	c->had_emergency = c->had_emergency || call->emergency;
	wims_conn_review(fs, c);
}

/* One more answer to the request of a lost WIC. */
static void join_lost(struct wims_flows *fs, struct wims_call *call, uint32_t conn)
{
	call->conn_id = conn;
	wims_hash_add(&fs->dialogs, &call->by_dialog,
				  hash_of_dialog(fs, conn, call->texts[WIMS_CALL_CALL_ID]));
	wims_hash_add(&fs->lost, &call->by_lost, wims_hash_of_lost(fs, conn));
}

static void link_call(struct wims_flows *fs, struct wims_call *call, struct wims_conn *c,
					  uint32_t home)
{
	call->id = ++fs->last_call;
	call->home = home;
	call->timer.kind = WIMS_TIMER_CALL;
	wims_hash_add(&fs->calls, &call->by_id, hash_of_id(fs, call->id));
	if(c == NULL)
		join_lost(fs, call, home);
	else
		join_conn(fs, call, c);
}

/* Calls that are there already are in no emergency call's way. */
static bool has_room(const struct wims_flows *fs, const struct wims_conn *c, bool emergency)
{
	if(emergency)
		return wims_call_emergencies(c) < WIMS_EMERGENCIES_MAX;
	return c->n_calls < fs->limits.calls_per_conn;
}

enum wims_reason wims_call_new(struct wims_flows *fs, struct wims_conn *c,
							   const struct wims_call *like,
							   const struct wims_pl texts[WIMS_CALL_TEXTS], struct wims_call **out)
{
	struct wims_call *call;

	*out = NULL;
	if(c != NULL && !has_room(fs, c, like->emergency))
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
	call->anchored = like->anchored;
	if(like->media != NULL)
		wims_media_join(like->media, call);
	call->emergency = like->emergency;
	link_call(fs, call, c, c != NULL ? c->id : like->home);
	call->opening = like->opening == 0 ? call->id : like->opening;
	*out = call;
	return WIMS_OK;
}

/* The call that this opening request began already, not a dialog beside it, nor an
 * emergency call where this is none: what that one may, no other may by its name. */
static struct wims_call *begun(const struct wims_flows *fs, const struct wims_call_in *in)
{
	struct wims_call *call = NULL;

	while((call = wims_call_next(fs, in->conn, in->call_id, call)) != NULL)
		if(call->conn != NULL && call->opening == call->id && !call->ended
		   && call->wic_is_caller == in->wic_is_caller && call->emergency == in->emergency
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
			[WIMS_CALL_CHARGING] = in->charging,
	};
	struct wims_opening *opening;
	const struct wims_call like = {.invite = in->kind == WIMS_CALL_INVITE,
								   .wic_is_caller = in->wic_is_caller,
								   .emergency = in->emergency};
	struct wims_conn *c = wims_conn_find(fs, in->conn);
	struct wims_call *call;
	enum wims_reason r;

	(void)now; /* a call has no age */
	*id = 0;
	if(in->call_id.l == 0 || !wims_texts_fit(texts, wims_call_max, WIMS_CALL_HOP))
		return WIMS_REQUEST_MALFORMED;
	if((r = wims_conn_check(c)) != WIMS_OK)
		return r;
	call = begun(fs, in);
	if(call != NULL && call->opens >= WIMS_OPENINGS_MAX)
		return WIMS_LIMIT_REACHED;
	if((opening = wims_zalloc(&fs->env, sizeof(*opening))) == NULL)
		return WIMS_NOMEM;
	opening->txn = in->txn;
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
	wims_hash_add(&fs->lost, &call->by_lost, wims_hash_of_lost(fs, call->conn_id));
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

/* What is early now stays so, and is where it began. */
static void remove_early(struct wims_flows *fs, const struct wims_call *opening)
{
	struct wims_call *call = NULL, *next;
	uint64_t id = opening->id;

	next = wims_call_next(fs, opening->home, opening->texts[WIMS_CALL_CALL_ID], NULL);
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
	wims_hash_remove(&fs->homes, &call->by_home);
	wims_hash_remove(&fs->lost, &call->by_lost);
	wims_call_free(fs, call);
}

static struct wims_opening *opening_of(const struct wims_call *call, uint64_t txn)
{
	const struct wims_ring *at;

	for(at = call->openings.next; at != &call->openings; at = at->next)
		if(WIMS_OWNER(at, struct wims_opening, on_call)->txn == txn)
			return WIMS_OWNER(at, struct wims_opening, on_call);
	return NULL;
}

uint64_t wims_call_of_opening(const struct wims_flows *fs, uint32_t conn, struct wims_pl call_id,
							  uint64_t txn)
{
	const struct wims_call *call = NULL;

	while((call = wims_call_begun_next(fs, conn, call_id, call)) != NULL)
		if(opening_of(call, txn) != NULL)
			return call->id;
	return 0;
}

void wims_call_settle(struct wims_flows *fs, uint64_t id, uint64_t txn)
{
	struct wims_call *call = wims_call_of_id(fs, id);
	struct wims_opening *o;

	if(call == NULL || call->opens == 0)
		return;
	if((o = opening_of(call, txn)) != NULL)
		free_opening(fs, o);
	if(--call->opens > 0)
		return;
	remove_early(fs, call);
	if(!call->confirmed || call->ended)
		wims_call_remove(fs, call);
}

void wims_call_move(struct wims_flows *fs, struct wims_call *call, struct wims_conn *c)
{
	leave_conn(fs, call);
	wims_heap_stop(&fs->due, &call->timer);
	wims_hash_remove(&fs->lost, &call->by_lost);
	wims_hash_remove(&fs->dialogs, &call->by_dialog);
	wims_hash_remove(&fs->homes, &call->by_home);
	join_conn(fs, call, c);
	wims_hash_add(&fs->homes, &call->by_home,
				  hash_of_dialog(fs, call->home, call->texts[WIMS_CALL_CALL_ID]));
	wims_conn_review(fs, c);
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

void wims_call_unsubscribed(struct wims_flows *fs, uint64_t id)
{
	const struct wims_call *call = wims_call_of_id(fs, id);

	if(call != NULL && !call->invite)
		wims_call_end(fs, id);
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
	view->charging = wims_texts_put(&at, call->texts[WIMS_CALL_CHARGING]);
	view->core_target = wims_texts_put(&at, call->texts[WIMS_CALL_CORE_TARGET]);
	view->core_routes = wims_texts_put(&at, call->texts[WIMS_CALL_CORE_ROUTES]);
}
