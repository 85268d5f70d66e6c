/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_QUEUE_H
#define WK_QUEUE_H

/* Connections that ended, told by whoever noticed (tcp main, a worker) and
 * worked off by the wims process. Bounded: what does not fit is dropped and
 * counted; the sweep finds those connections within a second. */

#include "wk.h"

int wk_queue_init(int size);
void wk_queue_destroy(void);

/* Any process, never blocks longer than a copy takes. */
void wk_queue_put(uint32_t conn);
/* The wims process only. Up to n connection ids; returns how many. */
size_t wk_queue_take(uint32_t *conns, size_t n);
unsigned wk_queue_overflows(void);

#endif
