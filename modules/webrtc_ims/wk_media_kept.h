/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_MEDIA_KEPT_H
#define WK_MEDIA_KEPT_H

/* Media sessions over a restart, when there is a state directory: calls are
 * forgotten, so their sessions are over. */

/* mod_init, after the flow table: reads what an earlier start left, and registers
 * the slow timer that keeps the names once a second. 0, or -1 after a log line. */
int wk_media_kept_init(void);
void wk_media_kept_destroy(void);
/* The process WIMS: WK_ON_MEDIA_OVER for each session of an earlier start, no more at
 * once than the script has room for. The names stay until it has had time for all of
 * them, so the start after one that ends early tells of them again. */
void wk_media_kept_tick(void);

#endif
