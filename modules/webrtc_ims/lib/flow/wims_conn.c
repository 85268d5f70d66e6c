/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_call_int.h"

#include <string.h>

static const uint16_t conn_max[WIMS_CONN_TEXTS] = {
		[WIMS_CONN_ORIGIN] = WIMS_FLOW_TEXT_MAX,
		[WIMS_CONN_WWSF] = WIMS_FLOW_TEXT_MAX,
};

/* Ids are Kamailio's, nobody aims at them: a bijection is enough, and it gives
 * each id a hash of its own, which is what wims_hash_from walks by. */
static uint32_t hash_of_id(const struct wims_flows *fs, uint32_t id)
{
	uint32_t h = id ^ (uint32_t)fs->key.k[0];

	h = (h ^ h >> 16) * UINT32_C(0x85ebca6b);
	h = (h ^ h >> 13) * UINT32_C(0xc2b2ae35);
	return h ^ h >> 16;
}

static struct wims_conn *of_node(struct wims_hnode *n)
{
	return n == NULL ? NULL : WIMS_OWNER(n, struct wims_conn, by_id);
}

struct wims_conn *wims_conn_find(const struct wims_flows *fs, uint32_t id)
{
	return of_node(wims_hash_first(&fs->conns, hash_of_id(fs, id)));
}

void wims_conn_free(struct wims_flows *fs, struct wims_conn *c)
{
	wims_peer_leave(fs, c->peer);
	wims_free(&fs->env, c->subject);
	wims_free(&fs->env, c->aka_nonce);
	wims_free(&fs->env, c->close_text);
	wims_free(&fs->env, c);
}

static void init_conn(struct wims_conn *c, const struct wims_conn_in *in, int64_t now)
{
	c->id = in->id;
	c->timer.kind = WIMS_TIMER_CONN;
	c->opened = now;
	c->idle_since = now;
	c->dereg_grace = in->dereg_grace;
	c->dialog_grace_lost = in->dialog_grace_lost;
	c->dialog_grace_silent = in->dialog_grace_silent;
	c->calls_outlive_token = in->calls_outlive_token;
	wims_ring_init(&c->bindings);
	wims_ring_init(&c->calls);
	wims_ring_init(&c->pendings);
}

enum wims_reason wims_flow_open(struct wims_flows *fs, const struct wims_conn_in *in, int64_t now)
{
	const struct wims_pl src[WIMS_CONN_TEXTS] = {
			[WIMS_CONN_ORIGIN] = in->origin, [WIMS_CONN_WWSF] = in->wwsf};
	struct wims_peer *peer;
	struct wims_pl *texts;
	struct wims_conn *c;
	enum wims_reason r;

	if(in->id == 0 || wims_conn_find(fs, in->id) != NULL)
		return WIMS_INTERNAL;
	if(!wims_texts_fit(src, conn_max, WIMS_CONN_TEXTS) || in->peer.l > WIMS_FLOW_TEXT_MAX)
		return WIMS_REQUEST_MALFORMED;
	if(fs->conns.count >= fs->limits.connections)
		return WIMS_LIMIT_REACHED;
	if((r = wims_peer_join(fs, in->peer, &peer)) != WIMS_OK)
		return r;
	c = wims_texts_record(&fs->env, sizeof(*c), src, WIMS_CONN_TEXTS, &texts);
	if(c == NULL) {
		wims_peer_leave(fs, peer);
		return WIMS_NOMEM;
	}
	c->texts = texts;
	c->peer = peer;
	init_conn(c, in, now);
	wims_hash_add(&fs->conns, &c->by_id, hash_of_id(fs, c->id));
	wims_conn_review(fs, c);
	return WIMS_OK;
}

static void show(const struct wims_conn *c, struct wims_conn_view *view)
{
	char *at = view->text;

	view->id = c->id;
	view->closing = c->state != WIMS_CONN_OPEN;
	view->token_over = c->token_over;
	view->bindings = c->n_bindings;
	view->calls = c->n_calls;
	view->opened = c->opened;
	view->heard = c->heard;
	view->by_core = c->subject != NULL && c->by_core;
	view->origin = wims_texts_put(&at, c->texts[WIMS_CONN_ORIGIN]);
	view->wwsf = wims_texts_put(&at, c->texts[WIMS_CONN_WWSF]);
	view->subject = c->registered ? wims_texts_put(&at, (struct wims_pl){c->subject, c->subject_l})
								  : WIMS_PL_NONE;
}

bool wims_flow_heard(struct wims_flows *fs, uint32_t id, int64_t now)
{
	struct wims_conn *c = wims_conn_find(fs, id);

	if(c == NULL)
		return false;
	c->heard = now;
	return c->state == WIMS_CONN_CUT_DUE || c->state == WIMS_CONN_CUT;
}

enum wims_reason wims_conn_check(const struct wims_conn *c)
{
	if(c == NULL)
		return WIMS_FLOW_UNKNOWN;
	return c->state == WIMS_CONN_OPEN ? WIMS_OK : WIMS_FLOW_CLOSING;
}

enum wims_reason wims_flow_check(struct wims_flows *fs, uint32_t id, struct wims_conn_view *view)
{
	const struct wims_conn *c = wims_conn_find(fs, id);

	if(view != NULL)
		memset(view, 0, offsetof(struct wims_conn_view, text));
	if(c != NULL && view != NULL)
		show(c, view);
	return wims_conn_check(c);
}

/* After its token is over: by a call, or by a REGISTER with a fresher one. */
static bool kept_open(const struct wims_conn *c)
{
	const struct wims_ring *l;

	if(wims_call_emergencies(c) > 0)
		return true;
	for(l = c->pendings.next; l != &c->pendings; l = l->next)
		if(wims_pending_fresher(WIMS_OWNER(l, struct wims_pending, on_conn), c->over_exp))
			return true;
	return c->calls_outlive_token && wims_call_established(c);
}

/* When an open connection is to be closed. */
static int64_t close_due(const struct wims_flows *fs, const struct wims_conn *c)
{
	if(c->token_over)
		return kept_open(c) ? WIMS_FLOW_NEVER : c->idle_since;
	if(c->n_bindings > 0 || c->n_pendings > 0 || fs->limits.unregistered_ms == 0
	   || wims_call_emergencies(c) > 0)
		return WIMS_FLOW_NEVER;
	/* the time begins anew with the BYE of an emergency call */
	if(c->had_emergency && c->heard > c->idle_since)
		return c->heard + fs->limits.unregistered_ms;
	return c->idle_since + fs->limits.unregistered_ms;
}

void wims_conn_review(struct wims_flows *fs, struct wims_conn *c)
{
	int64_t due = WIMS_FLOW_NEVER;

	if(c->state == WIMS_CONN_OPEN)
		due = close_due(fs, c);
	else if(c->state == WIMS_CONN_CLOSE_DUE)
		due = c->close_at;
	else if(c->state == WIMS_CONN_CUT_DUE)
		due = c->close_at + fs->limits.cut_ms;
	if(due < WIMS_FLOW_NEVER)
		wims_heap_arm(&fs->due, &c->timer, due);
	else
		wims_heap_stop(&fs->due, &c->timer);
}

/* Browsers fail a connection whose Close reason is not UTF-8: the cut goes in
 * front of a character, never through it. */
static struct wims_pl cut_text(struct wims_pl s)
{
	if(s.l <= WIMS_CLOSE_TEXT_MAX)
		return s;
	s.l = WIMS_CLOSE_TEXT_MAX;
	while(s.l > 0 && ((unsigned char)s.p[s.l] & 0xc0) == 0x80)
		s.l--;
	return s;
}

static void give_up_bindings(struct wims_flows *fs, struct wims_conn *c, int64_t now)
{
	struct wims_ring *l;

	for(l = c->pendings.next; l != &c->pendings; l = l->next)
		WIMS_OWNER(l, struct wims_pending, on_conn)->dereg_grace = 0;
	while(!wims_ring_empty(&c->bindings))
		wims_binding_give_up(fs, WIMS_OWNER(c->bindings.next, struct wims_binding, on_conn), now);
}

void wims_flow_close(struct wims_flows *fs, uint32_t id, int64_t now, uint16_t code,
					 struct wims_pl text, bool drop_bindings)
{
	struct wims_conn *c = wims_conn_find(fs, id);

	if(c == NULL || c->state != WIMS_CONN_OPEN)
		return;
	c->state = WIMS_CONN_CLOSE_DUE;
	c->close_at = now;
	c->close_code = code;
	/* without memory the connection is closed without a text */
	c->close_text = wims_strdup(&fs->env, cut_text(text));
	fs->closing++;
	wims_conn_review(fs, c);
	if(drop_bindings)
		give_up_bindings(fs, c, now);
}

/* All calls of c, or all but emergency calls. One that was ended takes those with it
 * that are early beside it, of which each may be the next, but none is in front: all that
 * stays there are emergency calls, and they have none but their own beside them. */
static void lose_calls(struct wims_flows *fs, struct wims_conn *c, bool emergencies, int64_t now)
{
	struct wims_ring *l, *kept = &c->calls;

	while((l = kept->next) != &c->calls) {
		struct wims_call *call = WIMS_OWNER(l, struct wims_call, on_conn);

		if(emergencies || !call->emergency)
			wims_call_lost(fs, call, now, 0);
		else
			kept = l;
	}
}

/* Its calls end now, not only when the peer has closed its side; and before its
 * bindings: BYE leaves in front of the DEREG. */
void wims_conn_end_saying(struct wims_flows *fs, struct wims_conn *c, enum wims_reason why,
						  struct wims_pl text, int64_t now)
{
	/* an emergency call is let finish (TS 24.229 5.2.8.1) */
	if(c->state == WIMS_CONN_OPEN && wims_call_emergencies(c) > 0) {
		c->token_over = true;
		lose_calls(fs, c, false, now);
		give_up_bindings(fs, c, now);
		wims_conn_review(fs, c);
		return;
	}
	lose_calls(fs, c, true, now);
	wims_flow_close(fs, c->id, now, (uint16_t)(WIMS_CLOSE_BASE + wims_reason_info(why)->code), text,
					true);
	/* one that is closing for another reason keeps its bindings otherwise */
	give_up_bindings(fs, c, now);
}

void wims_conn_end(struct wims_flows *fs, struct wims_conn *c, enum wims_reason why, int64_t now)
{
	wims_conn_end_saying(fs, c, why, wims_pl_str(wims_reason_text(why)), now);
}

void wims_conn_token_over(struct wims_flows *fs, struct wims_conn *c, int64_t exp, int64_t now)
{
	if(c->state != WIMS_CONN_OPEN)
		return;
	c->token_over = true;
	c->over_exp = exp;
	if(kept_open(c))
		wims_conn_review(fs, c);
	else
		wims_conn_end(fs, c, WIMS_TOKEN_EXPIRED, now);
}

void wims_flow_lost(struct wims_flows *fs, uint32_t id, int64_t now, enum wims_loss how)
{
	struct wims_conn *c = wims_conn_find(fs, id);
	int64_t grace;

	if(c == NULL)
		return;
	grace = how == WIMS_LOSS_SILENT ? c->dialog_grace_silent : c->dialog_grace_lost;
	while(!wims_ring_empty(&c->pendings))
		wims_pending_lost(WIMS_OWNER(c->pendings.next, struct wims_pending, on_conn));
	/* calls before bindings: when both are due at once, BYE leaves before the
	 * de-REGISTER that would make the core refuse it */
	while(!wims_ring_empty(&c->calls))
		wims_call_lost(fs, WIMS_OWNER(c->calls.next, struct wims_call, on_conn), now, grace);
	while(!wims_ring_empty(&c->bindings))
		wims_binding_wait(fs, WIMS_OWNER(c->bindings.next, struct wims_binding, on_conn), now,
						  c->dereg_grace);
	fs->closing -= c->state != WIMS_CONN_OPEN;
	wims_heap_stop(&fs->due, &c->timer);
	wims_hash_remove(&fs->conns, &c->by_id);
	wims_conn_free(fs, c);
}

size_t wims_flow_ids(const struct wims_flows *fs, uint32_t after, uint32_t *ids, size_t n)
{
	uint32_t from = after == 0 ? 0 : hash_of_id(fs, after) + 1;
	struct wims_conn *c;
	size_t got = 0;

	if(after != 0 && from == 0)
		return 0; /* the greatest hash there is */
	while(got < n && (c = of_node(wims_hash_from(&fs->conns, from))) != NULL) {
		ids[got++] = c->id;
		from = c->by_id.hash + 1;
		if(from == 0)
			break;
	}
	return got;
}

bool wims_conn_due(struct wims_flows *fs, struct wims_conn *c, int64_t now, struct wims_action *out)
{
	struct wims_pl text = wims_pl_str(c->close_text);

	if(c->state == WIMS_CONN_OPEN && c->token_over) {
		wims_conn_end(fs, c, WIMS_TOKEN_EXPIRED, now);
		return false;
	}
	if(c->state == WIMS_CONN_OPEN) {
		wims_flow_close(fs, c->id, now, WIMS_CLOSE_UNREGISTERED, WIMS_PL("not registered"), false);
		return false;
	}
	out->kind = c->state == WIMS_CONN_CLOSE_DUE ? WIMS_ACT_CLOSE : WIMS_ACT_CUT;
	out->conn = c->id;
	out->close_code = c->close_code;
	if(text.l > 0)
		memcpy(out->close_text, text.p, text.l);
	out->close_text[text.l] = '\0';
	c->state = c->state == WIMS_CONN_CLOSE_DUE ? WIMS_CONN_CUT_DUE : WIMS_CONN_CUT;
	wims_conn_review(fs, c);
	return true;
}
