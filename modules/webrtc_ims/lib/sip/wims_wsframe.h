/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_WSFRAME_H
#define WIMS_WSFRAME_H

/* The two WebSocket frames that this node makes itself, as a server sends
 * them: one frame, unmasked (RFC 6455 5.2, 5.5). */

#include "base/wims_pl.h"

enum
{
	WIMS_WS_PAYLOAD_MAX = 125,    /* of any control frame */
	WIMS_WS_REASON_MAX = 123,     /* text of a Close frame */
	WIMS_WS_CONTROL_MAX = 2 + 125 /* bytes of a whole control frame */
};

/* A Close frame with code and reason (RFC 6455 5.5.1). *len is the number of
 * bytes written. False and *len 0: no room, a code that may not be sent (not
 * 1000 - 1003, 1007 - 1014 or 3000 - 4999), a reason over WIMS_WS_REASON_MAX
 * or not printable ASCII. */
WIMS_MUST_CHECK bool wims_ws_close(unsigned char *out, size_t size, size_t *len, unsigned code,
								   struct wims_pl reason);
/* A Ping frame (RFC 6455 5.5.2); the payload is any bytes, at most
 * WIMS_WS_PAYLOAD_MAX. False and *len 0: no room, or too long. */
WIMS_MUST_CHECK bool wims_ws_ping(unsigned char *out, size_t size, size_t *len,
								  struct wims_pl payload);

#endif
