/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_EVENT_H
#define WK_EVENT_H

/* What the routing script is told of although no message came: an event route
 * of that name, or the KEMI function of the parameter event_callback, runs with
 * a message that nobody sent. It can read $wims(...), log, count and call out;
 * it has nothing to answer or to relay. The names begin with webrtc-ims because
 * Kamailio's script takes no underscore in front of the colon. */

#include "wk.h"

enum wk_event_kind
{
	WK_ON_TOKEN_EXPIRED,    /* event_route[webrtc-ims:token-expired] */
	WK_ON_KEY_TROUBLE,      /* event_route[webrtc-ims:key-trouble] */
	WK_ON_RANGE_REGISTERED, /* event_route[webrtc-ims:range-registered] */
	WK_ON_RANGE_LOST,       /* event_route[webrtc-ims:range-lost] */
	WK_ON_BLOCK_USED_UP,    /* event_route[webrtc-ims:block-used-up] */
	WK_ON_MEDIA_OVER,       /* event_route[webrtc-ims:media-over] */
	WK_ON_COUNT
};

/* What the route reads as $wims(NAME); $null where a slice is empty. Borrowed
 * while the route runs. */
struct wk_event_fields
{
	struct wims_pl wwsf, subject, impu, impi, range;
	struct wims_pl reason;
	struct wims_pl media;
	uint32_t connection; /* 0: none */
};

/* mod_init: finds the routes; 0, or -1 after a log line when event_callback
 * names a function and there is no KEMI engine. */
int wk_event_init(void);
/* Runs the route, if there is one, to its end. The wims process only: a route
 * that waits for something holds up all that time and loss start. */
void wk_event_run(enum wk_event_kind kind, const struct wk_event_fields *fields);

#endif
