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

/* Registers for the end of TCP connections, and for every message that leaves:
 * what goes to a WebSocket goes by connection id alone, because whoever has a
 * dead client's port now must not get its messages. mod_init. */
int wk_ws_watch(void);

/* The peer of that connection, if it is a WIC's, has sent n bytes; frame: NULL
 * when they begin inside a frame. True: it is the Close frame that answers ours,
 * and the connection is over (RFC 6455 5.5.1). The websocket module does not
 * know of ours: it would answer with one more, and a browser that gets two
 * forgets code and reason of the first. */
bool wk_ws_heard(uint32_t conn, const void *frame, size_t n);

bool wk_ws_alive(uint32_t conn);
/* The other end of a live connection; false when it is gone. */
struct wk_ws_peer
{
	struct socket_info *sock; /* that it came in on */
	char uri[96];             /* sip:address:port;transport=ws (there is no wss) */
};
WIMS_MUST_CHECK bool wk_ws_peer(uint32_t conn, struct wk_ws_peer *peer);

/* The rest is for the wims process, which has a socket to tcp main. */

/* Sends bytes that are a whole WebSocket frame; false when they could not be
 * sent. */
bool wk_ws_send_frame(uint32_t conn, const void *frame, size_t len);
/* Shuts TCP down in both directions, whoever holds the socket. */
void wk_ws_cut(uint32_t conn);

#endif
