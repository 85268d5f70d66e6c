/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRAR_H
#define WK_REGISTRAR_H

/* REGISTER of a WIC whose IMPU is in a range: the eP-CSCF is its registrar (RFC
 * 3261 10.3), the core hears nothing of it. */

#include "wk.h"

/* wims_registrar_save(): flow table, usrloc and 200 OK as one step, in the
 * context of the request, also after it was suspended. WK_FALSE: nothing of the
 * request is registered and nothing is answered. */
int wk_registrar_save(sip_msg_t *msg);

#endif
