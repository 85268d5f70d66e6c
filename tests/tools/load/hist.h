/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_HIST_H
#define WL_HIST_H

/* How long things took: a histogram with buckets of at most a thousandth of
 * their value (three significant digits), whatever the value. Adding is O(1)
 * and allocates nothing. */

#include <stdint.h>
#include <stdio.h>

struct wl_hist;

/* NULL: no memory. 270 KB each. */
struct wl_hist *wl_hist_new(void);
void wl_hist_free(struct wl_hist *h);

/* ns below 0 count as 0; an hour and more counts as WL_HIST_MAX_NS. */
void wl_hist_add(struct wl_hist *h, int64_t ns);
/* The value that `percent` (0 to 100) of all are at or below, in ns, as the
 * upper edge of its bucket and never beyond the largest. 0 of an empty one. */
int64_t wl_hist_percentile(const struct wl_hist *h, double percent);

/* "us":{"min":...,"p50":...,...} in microseconds, then "hist" with that
 * suffix: [[upper edge in us, count], ...] of the buckets that are not empty.
 * No comma before or behind. Suffix "": the keys are "us" and "hist". */
void wl_hist_print(FILE *to, const struct wl_hist *h, const char *suffix);
/* The first of these alone, by that name. */
void wl_hist_print_times(FILE *to, const struct wl_hist *h, const char *name);

#define WL_HIST_MAX_NS ((INT64_C(1) << 42) - 1) /* 73 minutes */

#endif
