/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_ROLE_H
#define WK_ROLE_H

/* What this Kamailio is, modparam role: an eP-CSCF; or an I-CSCF that asks the
 * registrar of the eP-CSCFs who is there (eI-CSCF). The latter has provisioning and
 * registrar, and nothing that connections of WICs need: no flow table, no usrloc, no
 * process of ours. */

#include "wk.h"

/* mod_init, before anything else: reads the role, and refuses what does not go with
 * it. 0, or -1 after a log line. */
int wk_role_init(void);
bool wk_role_icscf(void);

/* Does a script function need what this role has not got? Then its outcome is
 * WRONG_ROLE. */
bool wk_role_lacks(sip_msg_t *msg);

#endif
