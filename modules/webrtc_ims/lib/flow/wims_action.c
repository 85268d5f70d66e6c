/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_call_int.h"

static bool binding_due(struct wims_flows *fs, struct wims_binding *b, int64_t now,
						struct wims_action *out)
{
	if(!b->ending && b->reg->token_end <= now) {
		wims_binding_token_over(fs, b, now);
		return false;
	}
	if(wims_binding_reminded(fs, b, now) || wims_binding_stays(fs, b, now))
		return false;
	out->kind = WIMS_ACT_DEREG;
	wims_binding_show(b, &out->binding);
	out->token_expired = b->token_over;
	out->conn = b->token_over ? b->ended_on : out->binding.conn;
	wims_binding_remove(fs, b, now);
	return true;
}

/* A subscription ends without a word from us: the core ends it when its NOTIFY
 * fails (RFC 6665 4.2.2). */
static bool call_due(struct wims_flows *fs, struct wims_call *call, struct wims_action *out)
{
	bool bye = call->invite && call->confirmed;

	if(!call->confirmed) {
		out->kind = WIMS_ACT_GIVE_UP;
		out->conn = call->conn_id;
		return wims_call_give_up(fs, call, &out->txn);
	}
	if(bye) {
		out->kind = WIMS_ACT_BYE;
		out->conn = call->conn_id;
		wims_call_show(call, &out->call);
	}
	wims_call_remove(fs, call);
	return bye;
}

bool wims_flows_next_action(struct wims_flows *fs, int64_t now, struct wims_action *out)
{
	struct wims_timer *t;
	bool found = false;

	out->conn = 0;
	out->media = 0;
	out->txn = 0;
	out->token_expired = false;
	out->close_code = 0;
	out->close_text[0] = '\0';
	while(!found && (t = fs->due.root) != NULL && t->due <= now) {
		switch((enum wims_timer_kind)t->kind) {
			case WIMS_TIMER_CONN:
				found = wims_conn_due(fs, WIMS_OWNER(t, struct wims_conn, timer), now, out);
				break;
			case WIMS_TIMER_BINDING:
				found = binding_due(fs, WIMS_OWNER(t, struct wims_binding, timer), now, out);
				break;
			case WIMS_TIMER_CALL:
				found = call_due(fs, WIMS_OWNER(t, struct wims_call, timer), out);
				break;
			case WIMS_TIMER_PENDING:
				/* whoever had to tell its end did not: let go of the binding */
				wims_binding_abort(fs, WIMS_OWNER(t, struct wims_pending, timer)->txn, now, true);
				break;
			case WIMS_TIMER_MEDIA:
				out->kind = WIMS_ACT_MEDIA;
				out->media = wims_media_remove(fs, WIMS_OWNER(t, struct wims_media, timer));
				found = true;
				break;
		}
	}
	return found;
}
