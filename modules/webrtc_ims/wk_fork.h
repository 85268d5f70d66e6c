/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_FORK_H
#define WK_FORK_H

/* A request for an IMPU of a range goes to all WICs that are registered as it. */

#include "wk_tm.h"

/* After wk_for_range(). True: the request has a branch for each WIC that is registered as that IMPU
 * and connected, here or at another node, the Request-URI for the first, each with its q: what
 * t_load_contacts() and then wk_branch() want. False: there is none. */
int wk_registrar_lookup(sip_msg_t *msg);

/* In the onreply_route: when that answer ends the search for a callee, a 2xx or 6xx
 * (RFC 3261 16.7), the others stop ringing. */
void wk_fork_answered(struct cell *t, int status);

/* A CANCEL that tm has worked on: WICs that have not answered get it now. False: it
 * belongs to no transaction. */
int wk_cancelled(sip_msg_t *msg);

#endif
