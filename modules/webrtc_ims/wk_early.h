/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_EARLY_H
#define WK_EARLY_H

/* Requests that open a dialog and whose WIC is lost before they are answered. Answers
 * go over the connection that a request came by, and come over the one that it went
 * by, and over no other (RFC 3261 18.2.2): whatever the WIC does next, such a call has
 * failed (TS 24.229 5.2.8). */

#include "wk.h"

/* The WIMS process; an async worker does it. A WIC that called: what rings for it is
 * cancelled (RFC 3261 9.1). One that was called: its branches have failed, and
 * failure_route goes on; where the caller has cancelled already, the answer is 487. txn: of
 * wk_tm_name(). Nothing happens to a transaction that has ended or has its final answer. */
void wk_early_give_up(uint64_t txn, uint32_t conn);

/* failure_route: true when no answer came from the WIC and its connection has ended. */
int wk_wic_lost(sip_msg_t *msg);

#endif
