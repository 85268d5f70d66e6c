/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_call_int.h"

/* Calls whose WIC comes back over another connection. Its Record-Route, which
 * both sides keep for the whole dialog, names the first one. */

static struct wims_call *next_lost(const struct wims_flows *fs, uint32_t conn,
								   const struct wims_call *after)
{
	struct wims_hnode *n = after == NULL ? wims_hash_first(&fs->lost, wims_hash_of_lost(fs, conn))
										 : wims_hash_next(&after->by_lost);

	for(; n != NULL; n = wims_hash_next(n))
		if(WIMS_OWNER(n, struct wims_call, by_lost)->conn_id == conn)
			return WIMS_OWNER(n, struct wims_call, by_lost);
	return NULL;
}

/* Has c a call of another beginning that nobody could tell from this one? */
static bool is_taken(const struct wims_flows *fs, const struct wims_call *call,
					 const struct wims_conn *c)
{
	const struct wims_call *other = NULL;

	while((other = wims_call_next(fs, c->id, call->texts[WIMS_CALL_CALL_ID], other)) != NULL)
		if(other->opening != call->opening && other->wic_is_caller == call->wic_is_caller
		   && wims_pl_eq(wims_call_caller_tag(other), wims_call_caller_tag(call)))
			return true;
	return false;
}

static bool may_move(const struct wims_flows *fs, const struct wims_call *call,
					 const struct wims_conn *c)
{
	return call->confirmed && !call->ended && !is_taken(fs, call, c);
}

/* The one behind `after`, of those that are on that connection or lost it. */
static struct wims_call *next_of(const struct wims_flows *fs, const struct wims_conn *old,
								 uint32_t left, const struct wims_call *after)
{
	const struct wims_ring *l;

	if(old == NULL)
		return next_lost(fs, left, after);
	l = after == NULL ? old->calls.next : after->on_conn.next;
	return l == &old->calls ? NULL : WIMS_OWNER(l, struct wims_call, on_conn);
}

void wims_calls_follow(struct wims_flows *fs, uint32_t left, struct wims_conn *c)
{
	const struct wims_conn *old = wims_conn_find(fs, left);
	struct wims_call *call = NULL, *next;
	size_t n = c->n_calls;

	if(left == c->id || (old != NULL && old->n_bindings > 0))
		return;
	while((call = next_of(fs, old, left, call)) != NULL)
		n += may_move(fs, call, c);
	if(n > fs->limits.calls_per_conn)
		return;
	for(next = next_of(fs, old, left, NULL); (call = next) != NULL;) {
		next = next_of(fs, old, left, call);
		if(may_move(fs, call, c))
			wims_call_move(fs, call, c);
	}
}
