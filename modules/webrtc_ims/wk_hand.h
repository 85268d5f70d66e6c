/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_HAND_H
#define WK_HAND_H

/* What the WIMS process finds out and an async worker does: work that runs routes of the
 * script, which may wait for a media relay. */

#include "wk.h"

/* f runs in an async worker, with a copy of size bytes at arg, which need no alignment
 * beyond that of a pointer. Where no worker can take it, f has run when this returns. */
void wk_hand(void (*f)(const void *arg), const void *arg, size_t size);

#endif
