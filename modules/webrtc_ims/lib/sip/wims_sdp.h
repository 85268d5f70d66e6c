/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_SDP_H
#define WIMS_SDP_H

/* Session descriptions (RFC 8866) between WebRTC and IMS. The media relay does
 * the work; this is what it is not asked to do. */

#include "base/wims_w.h"

enum
{
	WIMS_SDP_MAX = 32768
};

/* Is this what a WebRTC endpoint says (TS 24.371 7.1, RFC 8827 6.5)? Each media
 * description that is not refused is DTLS-SRTP or a data channel, and has a
 * fingerprint and ICE credentials, of its own or of the session. Longer than
 * WIMS_SDP_MAX, or without any media: no. */
WIMS_MUST_CHECK bool wims_sdp_is_webrtc(struct wims_pl sdp);

/* For the core: data channels are refused (port 0), and attributes that mean
 * nothing outside WebRTC, or outside the profile that is offered, are left out:
 * BUNDLE and what it groups (TS 23.228 U.1.1), msid, ssrc, header extensions;
 * RTCP feedback where the profile is not AVPF. Line ends become CRLF. False: it
 * is longer than WIMS_SDP_MAX, or does not fit w. */
WIMS_MUST_CHECK bool wims_sdp_to_core(struct wims_w *w, struct wims_pl sdp);

#endif
