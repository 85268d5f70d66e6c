/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_STOP_H
#define WK_STOP_H

/* A process of ours that has something to say before it ends. */

#include "wk.h"

/* Forks it: run() is called in it, and does not come back. There SIGTERM and SIGINT
 * wake whoever polls the eventfd wake_fd, and wk_stopping() is true. What it does then
 * may take 2 s; after that it is ended. name: as Kamailio lists it; sockets: to tcp
 * main. -1, in either process: it is not there. */
WIMS_MUST_CHECK int wk_stop_fork(char *name, int sockets, int wake_fd, void (*run)(void));
bool wk_stopping(void);

#endif
