/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_PEER_H
#define WK_PEER_H

/* Several eP-CSCFs that share the keys of flow tokens: what is for a WIC of another
 * one is sent on to it, once. That node takes it as if the core had sent it there. */

#include "wk.h"

/* wims_to_peer(). True: the topmost Route names a connection of another node and leads
 * there, and so does the request now; $wims(peer) is the address. False: it is for
 * this node to take or to refuse. Counts nothing. */
int wk_to_peer(sip_msg_t *msg);

/* In a branch_route, of a branch that wk_registrar_lookup() made for a WIC of another
 * node: it may go there, and has peer_timeout_ms for its first answer. FLOW_GONE: that
 * node has gone, or was started again. FLOW_TOKEN_BAD, NOMEM. */
WIMS_MUST_CHECK enum wims_reason wk_peer_branch(sip_msg_t *msg);

#endif
