/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_SCREEN_H
#define WK_SCREEN_H

#include "wk.h"

/* mod_init: reads modparam allow_headers. */
int wk_screen_init(void);
/* mod_init: counts whatever comes over WebSockets, and closes those that flood. */
int wk_screen_watch(void);

/* A request from a WIC, before anything else looks at it: came over a
 * WebSocket that is in the flow table and open, its head reads the same for
 * every parser, and only headers of the allow-list are left (TS 24.229 4.4:
 * the trust domain's own headers are never taken from a UE). Route stays for
 * the functions that judge it; Authorization is taken out and may be read
 * until the message leaves. */
int wk_screen(sip_msg_t *msg);
/* Any reply, before tm sees it and never in a route of tm's, whose hold on the
 * transaction it would let go; WK_FALSE: drop it. It must answer a request
 * of ours and come from where that was sent; one of a WIC is screened like
 * its requests, one of the core like those for a WIC. */
int wk_screen_reply(sip_msg_t *msg);
/* A request for a WIC: takes out what belongs to the trust domain only. */
int wk_screen_to_wic(sip_msg_t *msg);

#endif
