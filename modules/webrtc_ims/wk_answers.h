/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_ANSWERS_H
#define WK_ANSWERS_H

/* Does a reply of a WIC say what its request said? tm looks for the transaction by
 * topmost Via and CSeq's method; all else goes on to the core as the WIC wrote it. */

#include "wk.h"

/* request: of the transaction as it came, NULL: of this node's own. The answer to a
 * CANCEL ends at tm, which made that. */
bool wk_answers(sip_msg_t *reply, sip_msg_t *request);

#endif
