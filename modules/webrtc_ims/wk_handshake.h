/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_HANDSHAKE_H
#define WK_HANDSHAKE_H

/* Kamailio's time-outs begin anew with each byte, so a handshake that creeps lasts for
 * ever, and a TCP connection over which no TLS begins lasts ten minutes. */

#include "wk.h"

/* In WIMS, each tick; once a second it looks at all TCP connections, and cuts those to
 * the WSS port that are no WebSocket after modparam handshake_timeout. */
void wk_handshake_tick(void);

#endif
