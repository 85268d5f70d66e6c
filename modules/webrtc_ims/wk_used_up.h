/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_USED_UP_H
#define WK_USED_UP_H

/* Blocks that had no IMPU left for a user: the routing script hears of each at most
 * once in WK_USED_UP_EACH_MS. The lock is a leaf. */

#include "provision/wims_wwsf.h"
#include "wk.h"

enum
{
	WK_USED_UP_EACH_MS = 10000
};

/* mod_init: 0, or -1 after a log line. */
int wk_used_up_init(void);
void wk_used_up_destroy(void);

/* Any worker. */
void wk_used_up_note(const struct wims_wwsf *w, const struct wims_wwsf_range *range);
/* The wims process: runs event_route[webrtc-ims:block-used-up] for what was noted.
 * Each tick, and when woken. */
void wk_used_up_tick(void);

#endif
