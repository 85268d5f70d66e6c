/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RANGEREG_H
#define WK_RANGEREG_H

/* The registrations of ranges in the core: the table of rangereg/wims_rangereg.h
 * in shared memory, under a lock of its own, a leaf. The wims process sends what
 * is due and ends what is lost; answers come in any worker. */

#include "rangereg/wims_rangereg.h"
#include "wk_result.h"

enum
{
	WK_RANGEREG_LEASE_MS = 4000 /* a node that is gone is followed after that */
};

/* mod_init, after wk_store_init, wk_state_init and wk_registry_init: 0, or -1 after a log line. */
int wk_rangereg_init(void);
void wk_rangereg_destroy(void);

/* Can the ranges of this provisioning be registered? False: fault says what is
 * missing. */
WIMS_MUST_CHECK bool wk_rangereg_can_serve(const struct wims_provision *pv,
										   struct wims_config_fault *fault);

/* Takes and gives back the lock; the table may be used in between only. */
struct wims_rangereg *wk_rangereg_lock(void);
void wk_rangereg_unlock(void);

struct wims_rangereg_counts wk_rangereg_counts(void);

/* May the WIC of this result register in its range? As wims_rangereg_want; a
 * range that its token brought is made known first. */
WIMS_MUST_CHECK enum wims_reason wk_rangereg_want(struct wk_result *res);
/* The same for a range that is known; view may be NULL. */
WIMS_MUST_CHECK enum wims_reason wk_rangereg_check(struct wims_pl wildcard,
												   struct wims_rangereg_view *view);

/* The core says this of registrations, some of which may be ours. */
void wk_rangereg_document(const struct wims_reginfo *doc);

/* The wims process: takes a new provisioning, and does what is due. Each tick,
 * and when woken. */
void wk_rangereg_tick(void);
/* The wims process, once, at a clean shutdown: everything is de-registered,
 * unless the parameter range_leave is 0. No answer is waited for. */
void wk_rangereg_leave(void);

/* The registrar process, where several nodes share a registrar: asks for leases,
 * keeps them, and learns what other nodes have registered. True: more is due at
 * once. */
WIMS_MUST_CHECK bool wk_rangereg_lease_turn(void);
/* The wims process, at a clean stop, before it leaves: what other nodes that live may
 * register stays in the core for them. */
void wk_rangereg_lease_bequeath(const struct wims_provision *pv);
/* The registrar process, once, at a clean stop: others may have them at once. */
void wk_rangereg_lease_give(void);

/* ---- for its own files ---- */

/* Sends what the action says. */
void wk_rangereg_send(const struct wims_rangereg_action *a);
/* The table as the state directory has it; then saved there by the slow timer
 * when it changes. 0, or -1 after a log line; a file that is damaged is ignored. */
int wk_rangereg_kept_init(void);
/* Saves it if it has changed: waits for the disk. */
void wk_rangereg_keep(void);

#endif
