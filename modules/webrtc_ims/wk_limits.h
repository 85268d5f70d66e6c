/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_LIMITS_H
#define WK_LIMITS_H

/* Limits of one client that an operator may change while Kamailio runs: they
 * begin as the modparams of the same names, and have their ranges. */

#include "wk.h"

#include "base/wims_bucket.h"

/* clang-format off */
#define WK_LIMITS(X)                    \
	X(REQUEST_RATE,  request_rate)      \
	X(REQUEST_BURST, request_burst)     \
	X(BAN_STRIKES,   ban_strikes)       \
	X(BAN_WINDOW,    ban_window)        \
	X(BAN_TIME,      ban_time)
/* clang-format on */

#define WK_LIMIT_ENUM(id, name) WK_##id,
enum wk_limit
{
	WK_LIMITS(WK_LIMIT_ENUM) WK_LIMIT_COUNT
};
#undef WK_LIMIT_ENUM

int wk_limits_init(void);
void wk_limits_destroy(void);

/* The value in force, in all processes. */
int wk_limit(enum wk_limit which);
const char *wk_limit_name(enum wk_limit which);
/* False, and nothing has changed: out of the range of the modparam. */
WIMS_MUST_CHECK bool wk_limit_set(enum wk_limit which, int value);

/* What one connection may send: requests, and messages of any kind, answers too. */
struct wims_pace wk_limits_requests(void);
struct wims_pace wk_limits_messages(void);

#endif
