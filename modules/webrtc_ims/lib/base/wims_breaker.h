/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_BREAKER_H
#define WIMS_BREAKER_H

/* Keeps away from a server that fails: after some failures in a row nobody
 * asks it for a while, then one request tries whether it is back. */

#include "base/wims_pl.h"

/* When it shuts, and for how long. */
struct wims_breaker_policy
{
	uint32_t failures; /* in a row */
	int64_t pause_min;
	int64_t pause_max; /* each failed try doubles the pause */
	int64_t lost;      /* a try of which nothing is heard is lost then */
};

enum wims_breaker_state
{
	WIMS_BREAKER_CLOSED, /* the server may be asked */
	WIMS_BREAKER_OPEN,   /* nobody asks */
	WIMS_BREAKER_TRYING  /* one request is on its way */
};

/* Begins as {0}: closed. Times are of one clock in milliseconds that never goes
 * back. */
struct wims_breaker
{
	enum wims_breaker_state state;
	uint32_t failures; /* in a row */
	int64_t pause;
	int64_t until; /* OPEN: end of the pause; TRYING: when the try counts as lost */
};

/* May a request go now? Whoever is told so asks, and reports. */
WIMS_MUST_CHECK bool wims_breaker_allow(struct wims_breaker *b, const struct wims_breaker_policy *p,
										int64_t now);
/* The outcome of a request. What was asked before the pause and fails in it
 * makes no pause longer; an answer ends each pause. */
void wims_breaker_report(struct wims_breaker *b, const struct wims_breaker_policy *p, bool good,
						 int64_t now);
/* Whoever was allowed has not asked after all: another one may try. */
void wims_breaker_abandon(struct wims_breaker *b, int64_t now);
const char *wims_breaker_text(enum wims_breaker_state state);

#endif
