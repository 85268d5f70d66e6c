/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_AGES_H
#define WIMS_AGES_H

/* How old connections are that carry no time, but a number that rises with each one:
 * whoever has a number that existed n marks ago is at least n marks old. */

#include "base/wims_pl.h"

enum
{
	WIMS_AGES_MAX = 61 /* marks: 60 of them back from the last one */
};

/* Begins as {0}: nothing is known, so nobody is old. */
struct wims_ages
{
	size_t count;
	uint32_t at[WIMS_AGES_MAX]; /* the mark of round r is at[r % WIMS_AGES_MAX] */
};

/* One more mark: the highest number there is. Numbers may wrap around. */
void wims_ages_mark(struct wims_ages *ages, uint32_t highest);
/* The last mark; 0 in front of the first. */
uint32_t wims_ages_last(const struct wims_ages *ages);
/* Did that number exist already n marks before the last one? n: less than WIMS_AGES_MAX. */
bool wims_ages_old(const struct wims_ages *ages, uint32_t number, size_t n);

/* Is a higher than b, or equal, across a wrap? */
static inline bool wims_ages_reached(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) >= 0;
}

#endif
