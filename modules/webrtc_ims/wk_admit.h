/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_ADMIT_H
#define WK_ADMIT_H

#include "wk.h"

/* Is there room for this request, of a WIC or of the core? OVERLOADED when the node
 * refuses its class at the moment. */
int wk_admit(sip_msg_t *msg);
/* The same for a REGISTER of a WIC, before anything but its first line is looked at; any other
 * request: OK. */
enum wims_reason wk_admit_register(sip_msg_t *msg);

#endif
