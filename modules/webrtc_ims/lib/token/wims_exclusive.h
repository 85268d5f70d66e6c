/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_EXCLUSIVE_H
#define WIMS_EXCLUSIVE_H

/* Who holds the identities of anonymous users (TS 23.228 U.2.1.4): a token
 * without a subject has its IMPI, and each of its IMPUs, to itself until it
 * expires. Nobody else's token that names one of them is taken meanwhile, with a
 * subject or without.
 *
 * Which tokens are of one holder? The same text; and a fresher one of the same
 * IMPI and IMPUs that comes over a connection which the holder has registered on.
 * Each hold has a name that stands for the subject: it is made of the digest of
 * its first token, and of a form that no "sub" claim of such a WWSF may have.
 *
 * The table does no locking; times are seconds since the epoch. */

#include "jose/wims_alg_ossl.h"
#include "wims_revoke.h"
#include "wims_token.h"

#define WIMS_ANONYMOUS_PREFIX "anonymous:"

enum
{
	WIMS_ANONYMOUS_DIGEST_LEN = 16, /* bytes of the digest that are in the name, as hex */
	WIMS_ANONYMOUS_LEN = sizeof(WIMS_ANONYMOUS_PREFIX) - 1 + 2 * WIMS_ANONYMOUS_DIGEST_LEN
};

struct wims_exclusive;

/* For at most max holds. random as for wims_flows_new. NULL: no memory, or no
 * randomness. env is copied. */
struct wims_exclusive *wims_exclusive_new(const struct wims_env *env, size_t max,
										  bool (*random)(void *buf, size_t n));
void wims_exclusive_free(struct wims_exclusive *ex); /* NULL is fine */

struct wims_exclusive_in
{
	struct wims_token *token;    /* valid; without a subject it is an anonymous user's */
	const unsigned char *digest; /* of its text, WIMS_SHA256_LEN bytes; read if anonymous */
	struct wims_pl conn_subject; /* who has registered on its connection; may be empty */
};

/* A REGISTER shows this token. An anonymous one gets its identities, or keeps
 * them, until it expires, and the name of its hold for a subject; *made: nobody
 * held them before. IDENTITY_IN_USE: somebody else holds one of them.
 * LIMIT_REACHED, NOMEM; CLAIM_VALUE: no room for the name. */
WIMS_MUST_CHECK enum wims_reason wims_exclusive_take(struct wims_exclusive *ex,
													 const struct wims_exclusive_in *in,
													 int64_t now, bool *made);
/* Another request shows it: the same, but nothing is held that was not before. */
WIMS_MUST_CHECK enum wims_reason wims_exclusive_ask(const struct wims_exclusive *ex,
													const struct wims_exclusive_in *in,
													int64_t now);

/* Does somebody else than subject hold the IMPI or the IMPU? */
bool wims_exclusive_others(const struct wims_exclusive *ex, struct wims_pl impi,
						   struct wims_pl impu, struct wims_pl subject, int64_t now);

struct wims_hold
{
	struct wims_pl wwsf;
	struct wims_pl name;
	struct wims_pl impi;
	struct wims_pl jti; /* of its latest token; may be empty */
	int64_t iat;        /* the same; 0: it does not say */
	int64_t until;      /* not held from then on */
	const struct wims_pl *impus;
	size_t impu_count;
};

/* Gives the identities of that IMPI's hold free. False: there is none. */
WIMS_MUST_CHECK bool wims_exclusive_drop(struct wims_exclusive *ex, struct wims_pl impi);

/* A walk in parts over all holds: begins as 0. Shows the next n at most (n > 0),
 * unless more than n have one and the same hash; drops those that have expired,
 * and those for which show, which may be NULL, returns false. A hold that stays is
 * shown once. False: that was the end. */
WIMS_MUST_CHECK bool wims_exclusive_walk(struct wims_exclusive *ex, uint64_t *walk, size_t n,
										 int64_t now,
										 bool (*show)(void *ctx, const struct wims_hold *h),
										 void *ctx);
/* Those that have expired and are still there included. */
size_t wims_exclusive_count(const struct wims_exclusive *ex);

/* Does r take the hold away? Not one that names it by its subject: that user is
 * refused, with whatever token, until the hold ends. */
bool wims_hold_revoked(const struct wims_hold *h, const struct wims_revocation *r);

#endif
