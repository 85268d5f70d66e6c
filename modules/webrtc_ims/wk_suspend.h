/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_SUSPEND_H
#define WK_SUSPEND_H

/* Requests that wait for something that the wims process finds out. The worker
 * suspends the transaction and is free; the wims process hands the request to an
 * async worker, where a route goes on with it from its beginning. What it waits
 * for belongs to whoever embeds the struct below, and is in shared memory. */

#include "wk.h"

#include "core/async_task.h"
#include "core/timer_ticks.h"

enum
{
	WK_ROUTE_MAX = 64, /* bytes of the name of a KEMI function */
	/* tm's own time-out, which only ends what nobody resumed, comes so much
	 * behind the time that the request is to wait at most */
	WK_SUSPEND_SPARE_MS = 4000
};

/* Where a request goes on. */
struct wk_resume_at
{
	int route;               /* index in main_rt */
	struct wims_pl callback; /* KEMI: this function in its place; else empty */
};

/* The parameter ROUTE of a script function of that name, for its fixup: 0, or
 * -1 after a log line. */
int wk_resume_fixup(const char *function, void **param);
/* The same of KEMI, where it is the name of a function: false after a log line. */
WIMS_MUST_CHECK bool wk_resume_named(struct wk_resume_at *to, const char *function,
									 const str *route);

struct wk_suspended
{
	unsigned int hash_index, label;  /* of the transaction */
	ticks_t fr_timeout;              /* that it had before, and gets back */
	int route;                       /* index in main_rt */
	char callback[WK_ROUTE_MAX + 1]; /* KEMI; else "" */
	async_task_t *task;              /* goes to the async worker, which frees it */
	struct wk_suspended *next;       /* that no async worker could take yet */
};

/* All zero, but where it goes on. False: no memory. */
WIMS_MUST_CHECK bool wk_suspended_init(struct wk_suspended *s, const struct wk_resume_at *to);
/* Gives back what init took; the struct itself is the caller's. */
void wk_suspended_clear(struct wk_suspended *s);

/* Suspends the request in hand, which is resumed within that time. INTERNAL. */
WIMS_MUST_CHECK enum wims_reason wk_suspend(sip_msg_t *msg, struct wk_suspended *s, unsigned ms);

/* The wims process: go_on(param) runs in an async worker, at once or, when none
 * takes it now, with a later wk_suspended_retry(). */
void wk_suspended_hand_over(struct wk_suspended *s, void (*go_on)(void *param), void *param);
/* The wims process, each tick. */
void wk_suspended_retry(void);

/* The async worker: runs the route with the request. event: what KEMI's function
 * is told. */
void wk_suspended_go_on(struct wk_suspended *s, const char *event);
/* Is this the transaction of the request in hand? False for NULL. */
bool wk_suspended_here(const struct wk_suspended *s);
/* It is, and from now on it has the time-out that it had before. */
void wk_suspended_timeout_back(const struct wk_suspended *s);

#endif
