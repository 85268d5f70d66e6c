/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REFRESH_H
#define WIMS_REFRESH_H

/* When the keys that a WWSF publishes are fetched again. A clock work without
 * clock, network or memory: the caller hands in the time, says what came, and
 * asks what is due. All times are milliseconds of a clock that never goes back.
 *
 * A good answer is fresh for its max-age, within bounds, and is asked for again
 * a little before that ends. After a failure the keys at hand stay in use, past
 * their freshness by rule->stale_ms, and the next attempt waits longer each
 * time. A token whose key is unknown asks for one at once, which is granted
 * once in WIMS_REFRESH_WINDOW_MS. */

#include "base/wims_pl.h"

enum
{
	WIMS_REFRESH_WINDOW_MS = 30 * 1000, /* between two that tokens asked for */
	WIMS_REFRESH_UNSAID_S = 600,        /* max-age of an answer without one */
	WIMS_REFRESH_RETRY_MS = 1000,       /* after the first failure, doubled by each */
	WIMS_REFRESH_RETRY_MAX_MS = 60 * 1000
};

struct wims_refresh_rule
{
	int64_t min_ms;   /* bounds of max-age */
	int64_t max_ms;   /* bounds the wait after failures too */
	int64_t stale_ms; /* 0: keys never end */
};

/* Plain data: may lie in shared memory, a copy by assignment is one. */
struct wims_refresh
{
	bool has;          /* there are keys */
	bool in_flight;    /* an attempt has begun and not ended */
	bool asked;        /* by a token; the next attempt opens a window */
	unsigned failures; /* in a row */
	int64_t due;       /* of the next attempt */
	int64_t fetched;   /* of the keys at hand */
	int64_t fresh_until;
	int64_t window_until; /* no attempt for a token begins before that */
};

/* No keys, the first attempt due now. */
void wims_refresh_init(struct wims_refresh *s, int64_t now);
/* Keys of an earlier run, fetched age_ms ago (0 or more) with that max-age (s; negative: not
 * said). They are asked for again now. False: past their end, not taken. */
WIMS_MUST_CHECK bool wims_refresh_restore(struct wims_refresh *s,
										  const struct wims_refresh_rule *rule, int64_t now,
										  int64_t age_ms, int64_t max_age);
/* Is an attempt to begin now? True once: it is in flight then, until one of the
 * two below. */
WIMS_MUST_CHECK bool wims_refresh_begin(struct wims_refresh *s, int64_t now);
/* The attempt brought good keys, old or new. random: any 32 bits; they spread
 * the attempts of many nodes. */
void wims_refresh_good(struct wims_refresh *s, const struct wims_refresh_rule *rule, int64_t now,
					   int64_t max_age, uint32_t random);
/* The attempt brought nothing that can be used. */
void wims_refresh_failed(struct wims_refresh *s, const struct wims_refresh_rule *rule, int64_t now,
						 uint32_t random);
/* The attempt was not made, for there was too much to do: a little later, and
 * as if it had not begun. */
void wims_refresh_later(struct wims_refresh *s, int64_t now, uint32_t random);

/* A token names a key that is not there. True: an attempt that is in flight, was
 * just granted, or follows a failure may bring it, or the first set that is to
 * come (attempts for that are the clock work's alone). False: the last one did not,
 * and the next that a token may cause is due when the window ends. */
bool wims_refresh_ask(struct wims_refresh *s, int64_t now);
/* The operator wants one now, whatever the window. */
void wims_refresh_now(struct wims_refresh *s, int64_t now);

/* Are the keys at hand beyond use? True once: there are none then. */
WIMS_MUST_CHECK bool wims_refresh_expire(struct wims_refresh *s,
										 const struct wims_refresh_rule *rule, int64_t now);

#endif
