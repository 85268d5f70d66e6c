/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_ALLOCATE_H
#define WK_ALLOCATE_H

#include "wk.h"

/* wims_registrar_allocate(), after wims_identity_check: the user that the token
 * names gets an IMPU, the one that is his or a free one of the first block that
 * serves him. Nothing happens where the token names the IMPU. A de-REGISTER of a
 * user who has none is answered 200 at once: $wims(answered) is then 1. */
int wk_registrar_allocate(sip_msg_t *msg);

#endif
