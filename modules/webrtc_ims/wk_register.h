/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTER_H
#define WK_REGISTER_H

#include "wk.h"

/* All of them make the REGISTER fit for the core: Contact names the binding
 * at this node, Path carries the connection's flow token, Expires is what the
 * core takes; P-Visited-Network-ID and P-Charging-Vector are ours. A
 * de-REGISTER of what is not registered is answered 200 at once:
 * $wims(answered) is then 1 and nothing is to be relayed. */

/* Scenario 2: one Authorization, ours (TNA, TS 33.203 X.3.2.3 step 5). */
int wk_tna_apply(sip_msg_t *msg);
/* Scenario 1: the WIC's Digest goes on, without any integrity-protected of its
 * own (TS 33.203 P.3). */
int wk_digest_apply(sip_msg_t *msg);
/* The core's answer, in the onreply_route: what it granted goes into the flow
 * table, its Contacts are replaced by the WIC's own one. */
int wk_register_reply(sip_msg_t *msg);

#endif
