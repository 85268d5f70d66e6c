/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_EMERGENCY_H
#define WK_EMERGENCY_H

#include "wk.h"

/* mod_init: modparams emergency_numbers and ecscf. 0 or -1. */
int wk_emergency_init(void);
/* Emergency calls of WICs (TS 24.229 5.2.10): true for an INVITE or MESSAGE outside a
 * dialog whose Request-URI is an emergency service, and for what belongs to such a
 * call over the same connection. Judges nothing. */
int wk_emergency(sip_msg_t *msg);
/* To the E-CSCF, registered or not; EMERGENCY_ELSEWHERE where the operator has none,
 * or takes none of WICs that are not registered. */
int wk_emergency_apply(sip_msg_t *msg);
/* The same of the request whose transaction has failed. */
bool wk_emergency_asked(sip_msg_t *msg);
/* Headers and body of the answer 380 (TS 24.229 5.2.10.5 and 7.6). False: no memory. */
WIMS_MUST_CHECK bool wk_emergency_answer(sip_msg_t *msg);

#endif
