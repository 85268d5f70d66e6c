/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_call_int.h"

/* Is an answer to come that says more than the news? */
static bool is_registering(const struct wims_binding *b)
{
	const struct wims_ring *l;

	for(l = b->pendings.next; l != &b->pendings; l = l->next)
		if(!WIMS_OWNER(l, struct wims_pending, on_binding)->challenged)
			return true;
	return false;
}

/* What the core alone can end or shorten; NULL: none. */
static struct wims_binding *find(const struct wims_flows *fs, struct wims_pl contact_user)
{
	struct wims_binding *b = wims_binding_named(fs, contact_user);

	if(b == NULL || b->reg == NULL || b->ending || b->range != NULL || is_registering(b))
		return NULL;
	return b;
}

bool wims_binding_ended(struct wims_flows *fs, struct wims_pl contact_user, enum wims_reason why,
						struct wims_pl text, int64_t now)
{
	struct wims_binding *b = find(fs, contact_user);
	struct wims_conn *c = b == NULL ? NULL : b->conn;

	if(b == NULL)
		return false;
	wims_binding_remove(fs, b, now);
	if(c != NULL && c->n_bindings == 0)
		wims_conn_end_saying(fs, c, why, text, now);
	return true;
}

bool wims_binding_shorten(struct wims_flows *fs, struct wims_pl contact_user, int64_t left,
						  int64_t now)
{
	struct wims_binding *b = find(fs, contact_user);

	if(b == NULL || left < 0 || left >= b->reg->expires - now)
		return false;
	b->reg->expires = now + left;
	if(b->reg->core_expires > b->reg->expires)
		b->reg->core_expires = b->reg->expires;
	if(b->due > b->reg->expires)
		b->due = b->reg->expires;
	b->reg->remind = now + left / 2;
	wims_binding_review(fs, b);
	return true;
}

int64_t wims_binding_next_due(const struct wims_binding *b)
{
	int64_t remind = b->conn == NULL ? 0 : b->reg->remind;

	return remind != 0 && remind < b->due ? remind : b->due;
}

/* Would a new WebSocket cost it a call? */
static bool is_held(const struct wims_conn *c)
{
	return wims_call_emergencies(c) > 0 || (wims_call_established(c) && c->dialog_grace_lost == 0);
}

bool wims_binding_reminded(struct wims_flows *fs, struct wims_binding *b, int64_t now)
{
	static const enum wims_reason why = WIMS_REGISTRATION_SHORTENED;
	struct wims_conn *c = b->conn;

	if(c == NULL || b->reg->remind == 0 || b->due <= now)
		return false;
	b->reg->remind = 0;
	wims_binding_review(fs, b);
	if(!is_held(c))
		wims_flow_close(fs, c->id, now, (uint16_t)(WIMS_CLOSE_BASE + wims_reason_info(why)->code),
						wims_pl_str(wims_reason_text(why)), false);
	return true;
}
