/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_PROC_H
#define WK_REGISTRY_PROC_H

/* The registrar process, where the registrar is shared: it beats, tells the store
 * of contacts that ended, and tells it again what this node holds, all the time
 * and at once after the store has failed. A slow store holds up nobody but it. */

#include "wk.h"

/* mod_init, where the registrar is shared: reserves the process. 0 or -1. */
int wk_registry_proc_reserve(void);
void wk_registry_proc_destroy(void);
/* child_init of PROC_MAIN: forks it, where the registrar is shared. 0 or -1. */
int wk_registry_proc_fork(void);
/* Any process: there is something for it to do. */
void wk_registry_proc_wake(void);

/* One turn of it: what is due now. How many ms the next one may wait. */
int64_t wk_registry_turn(void);

#endif
