/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_PACE_H
#define WL_PACE_H

/* Open loop: when each of a row of actions is due, whatever became of those
 * before it. */

#include "clock.h"

struct wl_pace
{
	int64_t start;   /* on the clock of wl_now() */
	double interval; /* ns between two actions */
	uint64_t count;  /* how many there are */
	uint64_t next;   /* the first that is not done, from 0 */
};

/* rate is above 0, in actions a second. */
static inline struct wl_pace wl_pace(int64_t start, double rate, uint64_t count)
{
	return (struct wl_pace){start, (double)WL_SECOND / rate, count, 0};
}

/* When the next action is due; none is left when next is count. */
static inline int64_t wl_pace_due(const struct wl_pace *p)
{
	return p->start + (int64_t)(p->interval * (double)p->next);
}

#endif
