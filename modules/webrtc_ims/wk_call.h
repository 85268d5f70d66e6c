/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_CALL_H
#define WK_CALL_H

#include "wk.h"

/* A request of a WIC outside any dialog: only from a registered connection,
 * with the asserted identity and the Service-Route of its registration
 * (TS 24.229 5.2.6.3). */
int wk_originate(sip_msg_t *msg);
/* A request of the core outside any dialog: to the connection that the flow
 * token of our Path names, and to nobody else. */
int wk_terminate(sip_msg_t *msg);
/* branch_route: a branch whose Request-URI wk_registrar_lookup() has written goes
 * to that WIC over its own connection, whatever the other branches do. False:
 * it is not there any more, and this branch must be dropped. */
int wk_branch(sip_msg_t *msg);

#endif
