/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_STOP_H
#define WK_STOP_H

/* A clean stop of a process of ours that has something to say before it ends. */

#include "wk.h"

/* In that process: from here on SIGTERM and SIGINT wake whoever polls the eventfd
 * wake_fd, and wk_stopping() is true. What it does then may take 2 s; after that it
 * is ended. */
WIMS_MUST_CHECK bool wk_stop_catch(int wake_fd);
bool wk_stopping(void);

#endif
