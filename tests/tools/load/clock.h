/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_CLOCK_H
#define WL_CLOCK_H

/* One clock for all that is measured: CLOCK_MONOTONIC, in nanoseconds. */

#include <stdint.h>
#include <time.h>

#define WL_SECOND INT64_C(1000000000)

static inline int64_t wl_clock(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * WL_SECOND + t.tv_nsec;
}

static inline int64_t wl_now(void)
{
	return wl_clock(CLOCK_MONOTONIC);
}

#endif
