/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_LEDGER_H
#define WL_LEDGER_H

/* What was acknowledged to each user, and whether calls agree with it. Who was
 * told 200 and has not gone must ring; who has gone must not. Times are
 * nanoseconds of the monotonic clock. User i is that of users.h, and its WIC
 * has the same number. */

#include "users.h"

#include <stdint.h>
#include <stdio.h>

struct wl_ledger;

enum
{
	WL_DIFFERENCES_LISTED = 20
};

enum wl_expect
{
	WL_EXPECT_RING,   /* 200, by its own WIC */
	WL_EXPECT_REFUSE, /* wl_nobody_there(), and nobody rings */
	WL_EXPECT_EITHER  /* it is about to change, or nobody knows */
};

/* Is a call as it was to be? */
enum wl_verdict
{
	WL_DIFFERS,
	WL_AGREES,
	WL_DOUBTFUL /* either way was right */
};

/* Says a final status of a call that nobody is there? RFC 5626 5.3: 403 for a
 * flow token of a server that is no more, 430 for a flow that has ended. */
static inline bool wl_nobody_there(unsigned status)
{
	return status == 403 || status == 404 || status == 430 || status == 480;
}

/* The ledger of these users, which must outlive it. file NULL: the rows are
 * not kept, else it is closed with the ledger. NULL: no memory. */
struct wl_ledger *wl_ledger_new(const struct wl_users *users, FILE *file);
void wl_ledger_free(struct wl_ledger *l);

/* A REGISTER is on its way: until its answer anything may be true. */
void wl_ledger_asked(struct wl_ledger *l, unsigned user, int64_t now);
/* 200: `seconds` from now on it is registered, over that Contact; 0: not. */
void wl_ledger_granted(struct wl_ledger *l, unsigned user, int64_t now, int64_t seconds,
					   struct wl_str contact);
/* Any other answer: what was true is still. */
void wl_ledger_refused(struct wl_ledger *l, unsigned user, int64_t now, unsigned status);
/* No answer came: nobody knows until the next one does. */
void wl_ledger_unanswered(struct wl_ledger *l, unsigned user, int64_t now);
/* Its connection is gone, `how` it went: "fin", "closed", ... From `now` on it
 * is not to ring; whoever calls it within `patience` ns may find it either way. */
void wl_ledger_lost(struct wl_ledger *l, unsigned user, int64_t now, const char *how,
					int64_t patience);

/* The server is known to know of the loss: it may no longer ring at all. */
void wl_ledger_noticed(struct wl_ledger *l, unsigned user, int64_t now);

enum wl_expect wl_ledger_expect(const struct wl_ledger *l, unsigned user, int64_t now);
/* What became of a call to that user: the final status (0: none came) and who
 * answered (-1: nobody rang). A difference from what was expected when the call
 * began AND when it ended counts and is listed. */
enum wl_verdict wl_ledger_called(struct wl_ledger *l, unsigned user, int64_t began, int64_t ended,
								 unsigned status, int64_t by);
/* One more difference, of which the text is told. */
void wl_ledger_differs(struct wl_ledger *l, unsigned user, const char *what);

unsigned wl_ledger_differences(const struct wl_ledger *l);
/* "differences":N,"listed":["...",...] without a comma before or behind. */
void wl_ledger_print(FILE *to, const struct wl_ledger *l);

#endif
