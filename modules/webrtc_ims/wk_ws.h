/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_WS_H
#define WK_WS_H

/* WebSocket connections as Kamailio's TCP layer knows them. */

#include "core/ip_addr.h"
#include "wk.h"

/* event_route[xhttp:request], before ws_handle_handshake: judges the Origin
 * (RFC 6455 4.2.2) and puts the connection into the flow table. */
int wk_ws_open(sip_msg_t *msg);

/* Registers for the end of TCP connections; mod_init. */
int wk_ws_watch(void);

/* Is that connection alive? Where: its socket and protocol (may be NULL). */
struct wk_ws_where
{
	struct socket_info *sock;
	int proto;
};
bool wk_ws_alive(uint32_t conn, struct wk_ws_where *where);

/* The rest is for the wims process, which has a socket to tcp main. */

/* Sends bytes that are a whole WebSocket frame; false when they could not be
 * sent. */
bool wk_ws_send_frame(uint32_t conn, const void *frame, size_t len);
/* Shuts TCP down in both directions, whoever holds the socket. */
void wk_ws_cut(uint32_t conn);

#endif
