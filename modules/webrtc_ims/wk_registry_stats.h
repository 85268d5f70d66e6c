/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_STATS_H
#define WK_REGISTRY_STATS_H

/* How long the steps of the registrar's store take, and how they end, over all
 * processes. */

#include "wk_registry_int.h"

/* Upper bounds in microseconds; a last class has what took longer. */
#define WK_REGISTRY_CLASSES_US 250, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000
enum
{
	WK_REGISTRY_CLASSES = 11
};

struct wk_registry_times
{
	uint64_t steps, failures;
	uint64_t classes[WK_REGISTRY_CLASSES];
	int64_t slowest_us;
};

/* 0, or -1 when there is no memory. */
int wk_registry_stats_init(void);
void wk_registry_stats_destroy(void);
/* A step began and ended, in microseconds of one clock; the store passed over so much
 * that cannot be read. */
void wk_registry_note(enum wk_registry_step step, enum wims_reason r, int64_t began, int64_t ended,
					  uint64_t ignored);
struct wk_registry_times wk_registry_times(enum wk_registry_step step);
const char *wk_registry_step_text(enum wk_registry_step step);
/* The last outcome by which the store failed, and when on wk_now_ms's clock; OK:
 * it never did. */
enum wims_reason wk_registry_last_failure(int64_t *at);
/* How often it was away so far: whoever remembers that sees later times. */
uint64_t wk_registry_away_count(void);

#endif
