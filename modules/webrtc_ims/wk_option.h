/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_OPTION_H
#define WK_OPTION_H

/* Option tags of a WIC (RFC 3261 19.2). */

#include "wk.h"

/* Takes sec-agree out of h, one header of a message of a WIC, where it is a list of option
 * tags. OK; REQUEST_MALFORMED: the list is too long, or nothing that can be written again;
 * NOMEM. */
WIMS_MUST_CHECK enum wims_reason wk_option_clean(sip_msg_t *msg, const hdr_field_t *h);
/* Does the request demand of a proxy what this one does not know? OK: no, or nobody may
 * refuse it for that: ACK, CANCEL, emergencies. OPTION_UNKNOWN, REQUEST_MALFORMED. */
WIMS_MUST_CHECK enum wims_reason wk_option_check(sip_msg_t *msg);
/* Unsupported of the answer 420, where there is something to name. False: no memory. */
WIMS_MUST_CHECK bool wk_option_answer(sip_msg_t *msg);

#endif
