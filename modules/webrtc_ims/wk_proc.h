/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_PROC_H
#define WK_PROC_H

/* The wims process: everything that time or loss starts. Workers and tcp main
 * only put into the flow table or the queue. */

/* mod_init: reserves the process, and what wakes it. */
int wk_proc_reserve(void);
void wk_proc_destroy(void);
/* child_init of PROC_MAIN: forks it. */
int wk_proc_fork(void);
/* Any process: something waits for the wims process, which looks at once. Many
 * calls cost as much as one. */
void wk_proc_wake(void);

#endif
