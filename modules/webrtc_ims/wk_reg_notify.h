/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REG_NOTIFY_H
#define WK_REG_NOTIFY_H

#include "wk.h"

/* A NOTIFY of the core about a registration that this node has subscribed to
 * (RFC 6665 4.1.3). True: it is answered with 200, and what it brings is told.
 * False: EVENT_UNKNOWN, BODY_TYPE, BODY_TOO_LONG, BODY_XML, REGINFO_MISSING,
 * REGINFO_VALUE, DIALOG_UNKNOWN, CSEQ_OLD, REQUEST_MALFORMED, NOMEM, INTERNAL;
 * what the answer must name (Accept, Allow-Events) is in its headers already. */
int wk_reg_notify(sip_msg_t *msg);

#endif
