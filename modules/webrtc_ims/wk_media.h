/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_MEDIA_H
#define WK_MEDIA_H

/* SDP on its way between WIC and core. The media relay (eIMS-AGW) is the
 * script's to ask; which session a message belongs to, what its SDP is, and when
 * a session is over is said here. */

#include "flow/wims_flow_media.h"
#include "wk.h"

enum
{
	WK_MEDIA_NAME_MAX = 64
};

/* The INVITE in hand, which wk_originate(), wk_terminate() or wk_branch() let
 * pass: its call has a media session from now on. INTERNAL (no such call), NOMEM. */
int wk_media_begin(sip_msg_t *msg);
/* Has this message SDP that belongs to a media session? Then $wims(media) is the
 * name of the session and $wims(sdp) "offer" or "answer". Also true when it must
 * not pass as it is, but cannot be used either: SDP_REFUSED is the outcome then,
 * and there is no $wims(sdp). */
int wk_media_sdp(sip_msg_t *msg);
/* Are both ends of this INVITE WICs? Of a WIC's: the one called is registered
 * here, or is in a range. Of the core's: the offer is a WIC's. Not without an offer. */
int wk_media_end_to_end(sip_msg_t *msg);
/* What the media relay has made of the SDP of this message takes its place. False:
 * MEDIA_UNAVAILABLE (it is too long, or none). */
int wk_media_put(sip_msg_t *msg, const str *sdp);

/* How the media relay knows that session. */
struct wims_pl wk_media_name(char buf[WK_MEDIA_NAME_MAX], uint64_t media);
/* The other way; false: it is no name of this node and start. */
WIMS_MUST_CHECK bool wk_media_of_name(uint64_t *media, struct wims_pl name);

#endif
