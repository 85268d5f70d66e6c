/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REVOKE_H
#define WK_REVOKE_H

/* Revocations of this node: the table is in shared memory under a lock of its
 * own, a leaf, and its contents in the state directory. What is revoked is
 * refused from the next request on, in every process, and what is registered by
 * it ends.
 *
 * No gap: a revocation is in the table before the flow table is walked for what
 * rests on it, and a registration is in the flow table before the table is
 * asked for it (wk_revoke_recheck). One of the two finds it. */

#include "token/wims_revoke.h"
#include "token/wims_token.h"
#include "wk.h"

/* mod_init, after wk_store_init: the table, and what was saved in it. 0 or -1
 * after a log line. */
int wk_revoke_init(void);
void wk_revoke_destroy(void);

/* TOKEN_REVOKED or OK, for a token that is valid otherwise. Any process. With
 * nothing revoked it takes no lock. */
WIMS_MUST_CHECK enum wims_reason wk_revoke_check(const struct wims_token *t);
/* The same for the binding of that contact user, which has just been made: ends
 * it if its token was revoked meanwhile. */
WIMS_MUST_CHECK enum wims_reason wk_revoke_recheck(struct wims_pl contact_user);

/* Revocations that have not expired. */
size_t wk_revoke_count(void);

/* ---- for RPC, not in a SIP worker: these wait for the disk ---- */

/* Puts it into force, ends what rests on it, then saves it. *ended: so many
 * registrations. *saved: OK, or as wk_store_save; it is in force all the same.
 * As wims_revokes_add. */
WIMS_MUST_CHECK enum wims_reason wk_revoke_add(const struct wims_revocation *r, size_t *ended,
											   enum wims_reason *saved);
/* False: there is no such revocation. */
WIMS_MUST_CHECK bool wk_revoke_remove(const struct wims_revocation *r, enum wims_reason *saved);
/* Shows copies of them, one after the other and without the lock, until show
 * returns false; true: it never did. Those that come or go meanwhile may be
 * shown or not. */
bool wk_revoke_each(bool (*show)(void *ctx, const struct wims_revocation *r), void *ctx);

#endif
