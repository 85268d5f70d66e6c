/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_BUCKET_H
#define WIMS_BUCKET_H

/* A bucket of tokens, one for each thing that may happen: it holds `burst` of
 * them, and one more comes every each_us. Kept as the one time at which it will
 * be full again, so that nothing has to fill it. */

#include "base/wims_pl.h"

struct wims_pace
{
	int64_t each_us; /* 0: no limit */
	uint32_t burst;  /* at least 1 */
};

/* Begins full, as {0}. */
struct wims_bucket
{
	int64_t full_at; /* us */
};

/* True: one was there, and is taken. now: ms of a clock that never goes back. */
WIMS_MUST_CHECK bool wims_bucket_take(struct wims_bucket *b, const struct wims_pace *pace,
									  int64_t now);

/* So many in a second; 0: no limit. */
static inline struct wims_pace wims_pace_per_second(uint32_t rate, uint32_t burst)
{
	return (struct wims_pace){rate == 0 ? 0 : 1000000 / (int64_t)rate, burst};
}

#endif
