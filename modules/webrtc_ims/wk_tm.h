/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_TM_H
#define WK_TM_H

/* Transactions: the few things that this module asks of tm. */

#include "modules/tm/tm_load.h"
#include "wk.h"

extern struct tm_binds wk_tm;

int wk_tm_bind(void);

/* Makes sure that the request has a transaction. NULL on failure, or for a
 * retransmission (which tm has then answered). */
struct cell *wk_tm_transaction(sip_msg_t *msg);
/* Names a transaction in the flow table. */
uint64_t wk_tm_name(const struct cell *t);
/* The transaction of that name, for a process that works on no message; NULL: it has
 * ended. wk_tm_let_go() is due then. */
struct cell *wk_tm_take(uint64_t name);
void wk_tm_let_go(struct cell *t);
/* Over a WebSocket. */
bool wk_tm_goes_to_wic(const struct ua_client *uac);
/* No answer comes any more from where that branch went: it has failed as if its time
 * were over, without a CANCEL, and failure_route goes on. False: it has been answered
 * or cancelled. */
bool wk_tm_fail_branch(struct cell *t, int branch);
/* The connection that the transaction's request came over. */
uint32_t wk_tm_connection(const struct cell *t);
/* Does this reply come from where its request was sent: from that WebSocket,
 * or from Mw? tm goes by the branch of the Via alone, which is made of the
 * request and so known to a WIC. DIALOG_UNKNOWN (nobody waits for it),
 * NOT_DIALOG_PARTY, REQUEST_MALFORMED (a WIC's with another second Via than
 * the request had, TS 24.229 5.2.6.4). */
WIMS_MUST_CHECK enum wims_reason wk_tm_reply_source(sip_msg_t *msg);

#endif
