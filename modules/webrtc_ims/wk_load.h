/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_LOAD_H
#define WK_LOAD_H

/* How loaded this node is, and the level of what it refuses for that
 * (guard/wims_load.h). Measured by the process WIMS, read by all. */

#include "guard/wims_load.h"
#include "wk.h"

/* What operators are shown and set is in percent. */
enum
{
	WK_LOAD_PERCENT = WIMS_LOAD_FULL / 100,
	WK_LEVEL_PERCENT = WIMS_SHED_STEP / 100
};

/* mod_init: 0 or -1 after a log line. */
int wk_load_init(void);
void wk_load_destroy(void);
/* The process WIMS: measures when it is time. */
void wk_load_tick(void);

/* A worker: the next message is there; the one that it is at is a refresh that is refused for
 * overload; and whatever it was, it is answered. So it is known what refusing takes. */
void wk_load_arrived(void);
void wk_load_refused(void);
void wk_load_answered(void);

struct wk_load_view
{
	struct wims_load_measured measured;
	uint32_t level; /* in force: the pinned one, or what follows from the measures */
	bool pinned;
};
struct wk_load_view wk_load_view(void);
/* The level that is in force. */
uint32_t wk_load_level(void);
/* That level, whatever is measured: 0 to WIMS_SHED_MAX; below 0: what is measured
 * counts again. */
void wk_load_pin(int level);

#endif
