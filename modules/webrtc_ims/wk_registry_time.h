/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_TIME_H
#define WK_REGISTRY_TIME_H

/* How long a worker may wait for a shared registrar: all steps for one message
 * together registrar_timeout_ms. A REGISTER may take two of them, an INVITE too. */

#include "wk.h"

/* mod_init, where the registrar is shared. 0 or -1. */
int wk_registry_time_init(void);
/* Of the message in hand, in microseconds; INT64_MAX: this process works on none. */
int64_t wk_registry_time_left(void);
void wk_registry_time_used(int64_t us);

#endif
