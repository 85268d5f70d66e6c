/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_CACHE_H
#define WIMS_CACHE_H

/* Tokens that were found valid, by the SHA-256 of their whole text, signature
 * included: a text of which any bit differs is another key. What is kept is what
 * the validation found out, neither the text nor the signature. What time can
 * change is judged again on each hit.
 *
 * One cache is one shard of several, without a lock: its user holds one around
 * each call. All results are copies. Memory comes from env, which may be shared
 * by processes: nothing in it points into the memory of one of them. */

#include "jose/wims_alg_ossl.h"
#include "token/wims_token.h"

enum
{
	WIMS_CACHE_CLAIMS_MAX = 8192 /* bytes of a claims document */
};

struct wims_cache;

struct wims_cache_key
{
	unsigned char digest[WIMS_SHA256_LEN]; /* of the compact text */
	uint64_t generation;                   /* of provisioning and keys that it was judged by */
};

struct wims_cache_in
{
	struct wims_cache_key key;
	const struct wims_token *token; /* valid */
	struct wims_pl claims;          /* JSON that is not in the token's own text; may be empty */
	int64_t until;                  /* s since the epoch: not used from then on */
};

/* Where a hit goes. */
struct wims_cache_out
{
	struct wims_token *token;
	char *claims; /* WIMS_CACHE_CLAIMS_MAX bytes; NULL: not wanted */
	size_t claims_len;
};

struct wims_cache_counts
{
	size_t entries;
	size_t bytes; /* asked from env for them */
};

/* At most so many entries, in so many bytes; the one that was not used for the
 * longest time goes first. env is copied, its functions must stay. NULL: no
 * memory. */
struct wims_cache *wims_cache_new(const struct wims_env *env, size_t entries, size_t bytes);
void wims_cache_free(struct wims_cache *c);

/* Takes the place of what that key had. False, and nothing is put: the token is
 * not valid, its time is over, it is too large, or there is no memory. */
WIMS_MUST_CHECK bool wims_cache_put(struct wims_cache *c, const struct wims_cache_in *in,
									int64_t now);
/* False: not there (any more); out->token is empty. True: *r is what time says
 * of it now (wims_token_check_times); the token is whole if that is OK, else
 * empty but for its WWSF. pv: the provisioning of the key's generation in this
 * process. */
WIMS_MUST_CHECK bool wims_cache_get(struct wims_cache *c, const struct wims_cache_key *key,
									const struct wims_provision *pv, int64_t now,
									struct wims_cache_out *out, enum wims_reason *r);
void wims_cache_flush(struct wims_cache *c);
struct wims_cache_counts wims_cache_counts(const struct wims_cache *c);

#endif
