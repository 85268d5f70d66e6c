/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_CACHE_H
#define WK_CACHE_H

/* The tokens that some process of this node found valid, for all of them: in
 * shared memory, in shards with a lock each. A lock is a leaf; under it memory
 * is taken, given back and copied, and nothing else happens. */

#include "token/wims_cache.h"
#include "wk.h"

enum
{
	/* Most tokens take less than half of it; modparam token_cache_size times
	 * this is what the cache may hold. */
	WK_CACHE_BYTES_EACH = 1024
};

/* mod_init: nothing is made with token_cache_size 0. 0 or -1 after a log line. */
int wk_cache_init(void);
void wk_cache_destroy(void);

/* The key of that text in the provisioning and keys that this process has.
 * False: there is no cache, or no digest could be made; go on without. Only
 * after the fork: OpenSSL keeps what a process hashes with. */
WIMS_MUST_CHECK bool wk_cache_key(struct wims_cache_key *key, struct wims_pl compact);
/* The same for a digest that the caller made. */
WIMS_MUST_CHECK bool wk_cache_key_of(struct wims_cache_key *key,
									 const unsigned char digest[WIMS_SHA256_LEN]);
/* Would wk_cache_get() hit? Counts nothing. */
bool wk_cache_has(const struct wims_cache_key *key);
/* As wims_cache_get, now. Counts a hit or a miss. */
WIMS_MUST_CHECK bool wk_cache_get(const struct wims_cache_key *key, struct wims_cache_out *out,
								  enum wims_reason *r);
/* What cannot be put is not: the cache saves time and decides nothing. */
void wk_cache_put(const struct wims_cache_in *in);

struct wims_cache_counts wk_cache_counts(void);
void wk_cache_flush(void);

#endif
