/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_RANDOM_H
#define WL_RANDOM_H

/* Numbers for masks, spread and names (splitmix64): fast, and fresh in each
 * run. Nothing here is a secret. */

#include <stdint.h>

struct wl_random
{
	uint64_t state;
};

static inline uint64_t wl_random(struct wl_random *r)
{
	uint64_t z = r->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* 0 <= it < 1 */
static inline double wl_random_unit(struct wl_random *r)
{
	return (double)(wl_random(r) >> 11) / 9007199254740992.0;
}

#endif
