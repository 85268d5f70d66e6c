/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REPLY_H
#define WK_REPLY_H

#include "wk.h"

int wk_reply_bind(void);

/* Answers the request with what its last outcome asks for (docs/outcomes.md):
 * code, reason phrase, Bearer challenge, Retry-After; and closes the
 * WebSocket where the outcome and the operator say so. ACK gets no answer. */
int wk_reply(sip_msg_t *msg);
/* 200 OK without a core: $wims(answered) is 1 afterwards. */
WIMS_MUST_CHECK bool wk_reply_ok(sip_msg_t *msg);
/* Closes the WebSocket with that outcome as reason. drop_bindings: what is
 * registered over it ends at once, in the core too. */
void wk_close_flow(uint32_t conn, enum wims_reason why, bool drop_bindings);
/* The connection of a WIC that floods: a strike for its address, and closed unless an
 * emergency call goes on over it; anyway: even then. */
void wk_close_flooded(const struct receive_info *from, bool anyway);
/* In the failure_route of a request that went to the core, or that waited for a
 * token server (wk_introspect.h) and was not resumed: WK_TRUE when its
 * answer is nothing for a WIC (silence, a 503, a challenge to a
 * TNA REGISTER) and wk_reply has an outcome to answer with; WK_FALSE when the
 * core's own answer may go on. */
int wk_core_failed(sip_msg_t *msg);

#endif
