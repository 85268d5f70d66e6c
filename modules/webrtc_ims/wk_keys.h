/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_KEYS_H
#define WK_KEYS_H

/* Keys that WWSFs publish (jwks_uri). The wims process has them fetched and
 * puts the bytes of good sets into shared memory; each process builds its own
 * keys from them with its next message, as it does with the provisioning. No
 * SIP worker ever waits for a web server. */

#include "provision/wims_provision.h"
#include "wk.h"

/* ---- with the provisioning, called by wk_provision ---- */

int wk_keys_init(void);
void wk_keys_destroy(void);

/* The sources of a provisioning that is about to be published. */
struct wk_keys_table;
/* Not OK: fault says what is wrong (no shared memory, nothing that could fetch),
 * and *out is NULL. Sets kept in the state directory are read. */
WIMS_MUST_CHECK enum wims_reason wk_keys_plan(struct wk_keys_table **out,
											  const struct wims_provision *pv,
											  struct wims_config_fault *fault);
/* From now on these are the sources; one whose WWSF and URL were there before
 * goes on with its keys. Takes the table over; what it replaces (NULL: none) is
 * the caller's to free. */
WIMS_MUST_CHECK struct wk_keys_table *wk_keys_commit(struct wk_keys_table *table);
void wk_keys_table_free(struct wk_keys_table *table);

/* This process has a new provisioning: no published key is in it yet. */
void wk_keys_forget(void);
/* Builds keys of what was published since the last time into pv, this
 * process's own. Nothing has changed in most cases: cheap then. */
void wk_keys_take(const struct wims_provision *pv);

/* ---- for the validation of tokens ---- */

/* What this process judges tokens by: changes with the provisioning and with
 * the keys. Equal numbers in two processes mean equal keys. */
uint64_t wk_keys_generation(void);
/* A token of w (may be NULL) names a key that is not there. KEYS_PENDING: a
 * refresh, which this call may have asked for, or the keys that just came may
 * bring it. KEY_UNKNOWN: no key of that name. Never OK. */
WIMS_MUST_CHECK enum wims_reason wk_keys_missing(const struct wims_wwsf *w);

/* ---- for the wims process ---- */

/* Starts what is due, ends what is too old. */
void wk_keys_tick(void);

/* ---- for RPC and gauges, any process ---- */

enum
{
	WK_KEYS_TROUBLE_MAX = 240
};

struct wk_keys_view
{
	bool has;       /* there are keys */
	bool fresh;     /* and they are not past their max-age */
	bool in_flight; /* a refresh is under way */
	unsigned failures;
	int64_t age;                       /* s since they were fetched */
	int64_t next;                      /* s until the next refresh begins; negative: overdue */
	char trouble[WK_KEYS_TROUBLE_MAX]; /* why the last refresh failed; empty: it did not */
};

/* False: w has no jwks_uri, or is of an older provisioning. */
WIMS_MUST_CHECK bool wk_keys_view(const struct wims_wwsf *w, struct wk_keys_view *out);
/* Asks for a refresh now; false as above. */
WIMS_MUST_CHECK bool wk_keys_refresh(const struct wims_wwsf *w);

struct wk_keys_counts
{
	unsigned sources;
	unsigned empty; /* of these: without keys */
	unsigned stale; /* of these: with keys past their max-age */
};

struct wk_keys_counts wk_keys_counts(void);

#endif
