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

/* In the onreply_route of a 2xx that a WIC gives to an INVITE: the other WICs that
 * it rings at stop. */
void wk_fork_answered(struct cell *t);

#endif
