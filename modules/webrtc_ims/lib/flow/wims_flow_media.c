/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_call_int.h"

/* The media session of a call: one for all dialogs of its opening request, over
 * when the last of them is. */

enum wims_reason wims_call_anchor(struct wims_flows *fs, uint64_t id)
{
	struct wims_call *call = wims_call_of_id(fs, id);
	struct wims_media *m;

	if(call == NULL)
		return WIMS_DIALOG_UNKNOWN;
	if(call->media != NULL)
		return WIMS_OK;
	m = wims_zalloc(&fs->env, sizeof(*m));
	if(m == NULL)
		return WIMS_NOMEM;
	m->id = ++fs->last_media;
	m->timer.kind = WIMS_TIMER_MEDIA;
	wims_ring_init(&m->calls);
	wims_ring_append(&fs->medias, &m->all);
	fs->n_medias++;
	wims_media_join(m, call);
	return WIMS_OK;
}

void wims_call_refused(struct wims_flows *fs, uint64_t id)
{
	struct wims_call *opening = wims_call_of_id(fs, id), *call = NULL;

	if(opening == NULL)
		return;
	while((call = wims_call_next(fs, opening->conn_id, opening->texts[WIMS_CALL_CALL_ID], call))
		  != NULL)
		if(call->opening == id)
			wims_media_leave(fs, call);
}

uint64_t wims_call_media(const struct wims_flows *fs, uint64_t id)
{
	const struct wims_call *call = wims_call_of_id(fs, id);

	return call == NULL || call->media == NULL ? 0 : call->media->id;
}

bool wims_call_without_media(const struct wims_flows *fs, uint64_t id)
{
	const struct wims_call *call = wims_call_of_id(fs, id);

	return call != NULL && !call->anchored;
}

uint64_t wims_flow_media_changes(const struct wims_flows *fs)
{
	uint64_t ended = fs->last_media - fs->n_medias;

	return fs->last_media + ended;
}

size_t wims_flow_medias(const struct wims_flows *fs, uint64_t after,
						void (*visit)(void *ctx, const struct wims_media_view *view), void *ctx,
						size_t n)
{
	const struct wims_ring *l;
	size_t done = 0;

	/* by number: each new one is appended */
	for(l = fs->medias.next; l != &fs->medias && done < n; l = l->next) {
		const struct wims_media *m = WIMS_OWNER(l, struct wims_media, all);
		const struct wims_call *call;

		if(m->id <= after || wims_ring_empty(&m->calls))
			continue;
		call = WIMS_OWNER(m->calls.next, struct wims_call, on_media);
		visit(ctx, &(struct wims_media_view){m->id, call->conn_id, call->texts[WIMS_CALL_CALL_ID]});
		done++;
	}
	return done;
}

/* RFC 3261 13.2.1, RFC 3262 5: who asks without an offer gets it in the answer,
 * and answers it with ACK, or with PRACK before that. */
static enum wims_sdp answers_late_offer(struct wims_media *m, enum wims_sdp otherwise)
{
	bool late = m->late_offer;

	m->late_offer = false;
	return late ? WIMS_SDP_ANSWER : otherwise;
}

enum wims_sdp wims_call_sdp(struct wims_flows *fs, uint64_t id, enum wims_sdp_carrier carrier)
{
	const struct wims_call *call = wims_call_of_id(fs, id);
	enum wims_sdp role = WIMS_SDP_NONE;

	if(call == NULL || call->media == NULL)
		return WIMS_SDP_NONE;
	switch(carrier) {
		case WIMS_SDP_IN_REQUEST:
			role = WIMS_SDP_OFFER;
			break;
		case WIMS_SDP_IN_PRACK:
			role = answers_late_offer(call->media, WIMS_SDP_OFFER);
			break;
		case WIMS_SDP_IN_ACK:
			role = answers_late_offer(call->media, WIMS_SDP_ANSWER);
			break;
		case WIMS_SDP_IN_REPLY:
			role = WIMS_SDP_ANSWER;
			break;
		case WIMS_SDP_IN_REPLY_TO_NONE:
			call->media->late_offer = true;
			role = WIMS_SDP_OFFER;
			break;
	}
	return role;
}

void wims_media_join(struct wims_media *m, struct wims_call *call)
{
	call->media = m;
	call->anchored = true;
	wims_ring_append(&m->calls, &call->on_media);
}

void wims_media_leave(struct wims_flows *fs, struct wims_call *call)
{
	struct wims_media *m = call->media;

	if(m == NULL)
		return;
	call->media = NULL;
	wims_ring_remove(&call->on_media);
	if(wims_ring_empty(&m->calls))
		wims_heap_arm(&fs->due, &m->timer, 0);
}

uint64_t wims_media_remove(struct wims_flows *fs, struct wims_media *m)
{
	uint64_t id = m->id;

	wims_heap_stop(&fs->due, &m->timer);
	wims_ring_remove(&m->all);
	fs->n_medias--;
	wims_free(&fs->env, m);
	return id;
}
