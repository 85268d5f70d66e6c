/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_HEAP_H
#define WIMS_HEAP_H

/* Due times of records in an intrusive binary heap: the least one is known at
 * once, arming and stopping take O(log n) and no memory, so neither can fail.
 * Of two timers due at the same time the one armed first comes first. */

#include "base/wims_pl.h"

struct wims_timer
{
	struct wims_timer *parent, *left, *right;
	int64_t due;
	uint64_t seq; /* order of arming; 0: not armed */
	int kind;     /* the user's: what record this is a member of */
};

struct wims_heap
{
	struct wims_timer *root; /* the next one due; NULL: none */
	size_t count;
	uint64_t seq;
};

/* Arms, or arms anew: one that is armed for that time keeps its place. */
void wims_heap_arm(struct wims_heap *h, struct wims_timer *t, int64_t due);
/* Nothing happens to a timer that is not armed. */
void wims_heap_stop(struct wims_heap *h, struct wims_timer *t);

#endif
