/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_EXCLUSIVE_H
#define WK_EXCLUSIVE_H

/* Whose the identities of anonymous users are, on this node: the table is in
 * shared memory under a lock of its own, a leaf. A token without a subject gets
 * one here, the name of its hold; from then on it is as good as any other. */

#include "token/wims_exclusive.h"
#include "wk.h"

/* mod_init: the table. 0 or -1 after a log line. */
int wk_exclusive_init(void);
void wk_exclusive_destroy(void);

/* The token of this request, valid otherwise, and its text. That of a REGISTER
 * takes its identities if it has no subject, unless somebody is registered with
 * one of its IMPUs. As wims_exclusive_take and wims_exclusive_ask; TOKEN_REVOKED:
 * by its subject; CRYPTO_FAILED. With nothing held, no lock is taken for a token
 * with a subject. Workers. */
WIMS_MUST_CHECK enum wims_reason wk_exclusive_take(sip_msg_t *msg, struct wims_token *t,
												   struct wims_pl compact);
WIMS_MUST_CHECK enum wims_reason wk_exclusive_ask(sip_msg_t *msg, struct wims_token *t,
												  struct wims_pl compact);

/* The same for the binding of that contact user, which has just been made: gives
 * it up if an anonymous user got its identities meanwhile. What is held is in the
 * table before bindings are looked at, and this binding is in the flow table: one
 * of the two finds the other. */
WIMS_MUST_CHECK enum wims_reason wk_exclusive_recheck(struct wims_pl contact_user);

/* Gives back what tokens hold that r names. It is in its table already: what is
 * taken meanwhile is found by whoever takes it. */
void wk_exclusive_revoke(const struct wims_revocation *r);
/* False: nothing is held with that IMPI. */
WIMS_MUST_CHECK bool wk_exclusive_free(struct wims_pl impi);

/* What is held now. */
size_t wk_exclusive_count(void);

/* Shows copies of them, without the lock, until show returns false. Of the IMPUs
 * only the first, the default, is there; none of a user to whom one is allocated. */
void wk_exclusive_each(bool (*show)(void *ctx, const struct wims_hold *h), void *ctx);

#endif
