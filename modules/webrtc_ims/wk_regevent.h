/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGEVENT_H
#define WK_REGEVENT_H

/* Subscriptions to registrations (reg-event): the table of
 * regevent/wims_regsub.h in shared memory, under a lock of its own, a leaf. The
 * wims process sends what is due; answers and NOTIFYs come in any worker. */

#include "regevent/wims_regsub.h"
#include "wk.h"

/* mod_init, after wk_state_init: 0, or -1 after a log line. */
int wk_regevent_init(void);
void wk_regevent_destroy(void);

/* The registration of that range, by its identity, which lasts so many seconds, is to be
 * heard of from now on. Nothing happens with modparam reg_event 0. What is heard goes to
 * whoever keeps registrations, by identity. */
void wk_regevent_subscribe(struct wims_pl identity, uint32_t expires);
/* It is of no interest to those any more. */
void wk_regevent_unsubscribe(struct wims_pl identity, enum wims_regsub_for who);
/* The wims process, each tick. */
void wk_regevent_tick(void);

/* As wims_regsub_notify; what is to be told is told before it returns, and one
 * NOTIFY after the other. */
WIMS_MUST_CHECK enum wims_reason wk_regevent_notify(const struct wims_regsub_notify *in);

/* As wims_regsub_want, wims_regsub_refresh and wims_regsubs_view_at. */
WIMS_MUST_CHECK enum wims_reason wk_regevent_want(struct wims_pl identity, enum wims_regsub_for who,
												  uint32_t expires);
WIMS_MUST_CHECK bool wk_regevent_refresh(struct wims_pl identity);
WIMS_MUST_CHECK bool wk_regevent_view_at(size_t index, struct wims_regsub_view *view);
struct wims_regsub_counts wk_regevent_counts(void);

#endif
