/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_HASH_H
#define WIMS_HASH_H

/* Intrusive hash table. Keys come from peers, so hashes are keyed SipHash-2-4
 * and nobody outside can aim at one bucket. Adding never fails: when there is
 * no memory to grow, the chains get longer instead. */

#include "base/wims_env.h"

struct wims_hash_key
{
	uint64_t k[2]; /* random */
};

struct wims_hnode
{
	struct wims_hnode *next;
	struct wims_hnode **at; /* what points here; NULL: in no table */
	uint32_t hash;
};

struct wims_hash
{
	const struct wims_env *env;
	struct wims_hnode **buckets;
	unsigned bits; /* 1 << bits buckets, chosen by the top bits of the hash */
	size_t count;
};

/* Over all n slices, each with its length. */
uint32_t wims_hash_slices(const struct wims_hash_key *key, const struct wims_pl *s, size_t n);
/* SipHash-2-4 of one slice. */
uint64_t wims_siphash(const struct wims_hash_key *key, struct wims_pl s);

/* Made for that many nodes: growing moves all nodes at once, which whoever
 * shares the table has to wait for. False: no memory. env must outlive the
 * table. */
WIMS_MUST_CHECK bool wims_hash_init(struct wims_hash *h, const struct wims_env *env,
									size_t expected);
/* Frees the buckets; nodes belong to others. A zeroed table is fine. */
void wims_hash_done(struct wims_hash *h);

void wims_hash_add(struct wims_hash *h, struct wims_hnode *n, uint32_t hash);
/* Nothing happens to a zeroed node or one already removed. */
void wims_hash_remove(struct wims_hash *h, struct wims_hnode *n);

/* All nodes of that hash, newest first; the caller compares the keys. */
struct wims_hnode *wims_hash_first(const struct wims_hash *h, uint32_t hash);
struct wims_hnode *wims_hash_next(const struct wims_hnode *n);

/* The node with the least hash that is at least `from`, or NULL. Walks a
 * table whose hashes are all different in an order that growing does not
 * change. */
struct wims_hnode *wims_hash_from(const struct wims_hash *h, uint32_t from);

/* Hands every node to fn, which may free it. The table is empty then. */
void wims_hash_drain(struct wims_hash *h, void (*fn)(void *ctx, struct wims_hnode *n), void *ctx);

#endif
