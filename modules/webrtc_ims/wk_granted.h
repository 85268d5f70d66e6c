/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_GRANTED_H
#define WK_GRANTED_H

/* What the core's 2xx to a REGISTER grants to the Contact that we registered. */

#include "sip/wims_contact.h"
#include "wk.h"

/* Our Contact, the one with that user part. False: the core registered nothing
 * of ours (RFC 3261 10.3 step 8). */
WIMS_MUST_CHECK bool wk_granted_contact(sip_msg_t *reply, struct wims_pl contact_user,
										struct wims_contact *c);
/* Its expires, else the Expires header (RFC 3261 10.2.4); -1: neither says. */
int64_t wk_granted_expires(sip_msg_t *reply, const struct wims_contact *c);

#endif
