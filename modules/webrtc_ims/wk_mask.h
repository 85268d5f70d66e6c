/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_MASK_H
#define WK_MASK_H

/* Kamailio's parser logs what it does not understand, with everything behind
 * it, and a token may be there (RFC 8898 5). So tokens of WICs are hidden while
 * a message is parsed, and come back when all of its head has been. */

#include "wk.h"

/* To be called from mod_init; -1: it cannot be had. */
int wk_mask_init(void);

/* The head of this message is parsed: its bytes are again what came. What is
 * refused before stays masked. */
void wk_mask_lift(sip_msg_t *msg);

#endif
