/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_PROC_H
#define WK_PROC_H

/* The wims process: everything that time or loss starts. Workers and tcp main
 * only put into the flow table or the queue. */

/* mod_init: reserves the process. */
int wk_proc_reserve(void);
/* child_init of PROC_MAIN: forks it. */
int wk_proc_fork(void);

#endif
