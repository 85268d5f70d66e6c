/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FLOW_MEDIA_H
#define WIMS_FLOW_MEDIA_H

/* Part of the flow table: media sessions of calls. */

#include "flow/wims_flow.h"

/* From now on this call, and each dialog that its opening request makes beside
 * it, has one media session at the media relay. It has one already: nothing
 * happens. When the last of these dialogs has ended, whichever way, the action
 * MEDIA tells of it. DIALOG_UNKNOWN, NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_call_anchor(struct wims_flows *fs, uint64_t id);
/* The opening request has had its final answer, which is no 2xx: the media session
 * is over, although the call waits to be settled. Unknown id: nothing happens. */
void wims_call_refused(struct wims_flows *fs, uint64_t id);
/* Which media session; 0: none, or none any more. Numbers are not used again. */
uint64_t wims_call_media(const struct wims_flows *fs, uint64_t id);
/* Is the call there, and was it never to have a session? Only then its SDP may pass as
 * it is. */
bool wims_call_without_media(const struct wims_flows *fs, uint64_t id);

/* A number that grows with each session that begins or ends. */
uint64_t wims_flow_media_changes(const struct wims_flows *fs);

struct wims_media_view
{
	uint64_t media;
	uint32_t conn;
	struct wims_pl call_id; /* good during the visit */
};
/* Calls visit for the next n sessions with a higher number; returns how many. */
size_t wims_flow_medias(const struct wims_flows *fs, uint64_t after,
						void (*visit)(void *ctx, const struct wims_media_view *view), void *ctx,
						size_t n);

/* What carries the SDP. */
enum wims_sdp_carrier
{
	WIMS_SDP_IN_REQUEST, /* INVITE, UPDATE */
	WIMS_SDP_IN_PRACK,
	WIMS_SDP_IN_ACK,
	WIMS_SDP_IN_REPLY,        /* to a request that had SDP */
	WIMS_SDP_IN_REPLY_TO_NONE /* to an INVITE that had none */
};
enum wims_sdp
{
	WIMS_SDP_NONE, /* no media session */
	WIMS_SDP_OFFER,
	WIMS_SDP_ANSWER
};
/* What SDP is that passes so, and remembers what follows from it (RFC 3264,
 * RFC 3262 5, RFC 3311 5). */
WIMS_MUST_CHECK enum wims_sdp wims_call_sdp(struct wims_flows *fs, uint64_t id,
											enum wims_sdp_carrier carrier);

#endif
