/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_cache.h"

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "wk_env.h"
#include "wk_keys.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_state.h"
#include "wk_stats.h"

enum
{
	SHARDS = 16
};

struct shard
{
	gen_lock_t lock;
	struct wims_cache *cache;
};

static struct shard *shards; /* NULL: no cache */

/* At least one entry each. */
static size_t share_of(size_t whole)
{
	return (whole + SHARDS - 1) / SHARDS;
}

int wk_cache_init(void)
{
	size_t i, entries = share_of((size_t)wk_params.token_cache_size);

	if(wk_params.token_cache_size == 0)
		return 0;
	if((shards = shm_malloc(SHARDS * sizeof(*shards))) == NULL) {
		LM_ERR("no shared memory for the token cache\n");
		return -1;
	}
	for(i = 0; i < SHARDS; i++)
		shards[i].cache = NULL;
	for(i = 0; i < SHARDS; i++) {
		shards[i].cache = wims_cache_new(wk_shm_env(), entries, entries * WK_CACHE_BYTES_EACH);
		if(lock_init(&shards[i].lock) == NULL || shards[i].cache == NULL) {
			LM_ERR("no shared memory for %d tokens (token_cache_size)\n",
				   wk_params.token_cache_size);
			wk_cache_destroy();
			return -1;
		}
	}
	return 0;
}

void wk_cache_destroy(void)
{
	size_t i;

	if(shards == NULL)
		return;
	for(i = 0; i < SHARDS; i++)
		wims_cache_free(shards[i].cache);
	shm_free(shards);
	shards = NULL;
}

bool wk_cache_key(struct wims_cache_key *key, struct wims_pl compact)
{
	key->generation = wk_keys_generation();
	return shards != NULL && wims_sha256(key->digest, compact);
}

bool wk_cache_key_of(struct wims_cache_key *key, const unsigned char digest[WIMS_SHA256_LEN])
{
	key->generation = wk_provision_taken();
	memcpy(key->digest, digest, WIMS_SHA256_LEN);
	return shards != NULL;
}

/* By the last bytes; the table inside goes by the first. */
static struct shard *shard_of(const struct wims_cache_key *key)
{
	return &shards[key->digest[WIMS_SHA256_LEN - 1] % SHARDS];
}

static bool look_up(const struct wims_cache_key *key, struct wims_cache_out *out,
					enum wims_reason *r)
{
	struct shard *s = shard_of(key);
	int64_t now = wk_wall();
	bool hit;

	lock_get(&s->lock);
	hit = wims_cache_get(s->cache, key, wk_provision(), now, out, r);
	lock_release(&s->lock);
	return hit;
}

bool wk_cache_has(const struct wims_cache_key *key)
{
	static struct wims_token unread;
	struct wims_cache_out out = {.token = &unread};
	enum wims_reason r;

	return look_up(key, &out, &r);
}

bool wk_cache_get(const struct wims_cache_key *key, struct wims_cache_out *out, enum wims_reason *r)
{
	bool hit = look_up(key, out, r);

	wk_stats_event(hit ? WK_EV_TOKEN_CACHE_HITS : WK_EV_TOKEN_CACHE_MISSES);
	return hit;
}

void wk_cache_put(const struct wims_cache_in *in)
{
	struct shard *s = shard_of(&in->key);
	int64_t now = wk_wall();
	bool put;

	lock_get(&s->lock);
	put = wims_cache_put(s->cache, in, now);
	lock_release(&s->lock);
	if(!put)
		LM_DBG("a token of %zu bytes was not put into the cache\n", in->token->used);
}

struct wims_cache_counts wk_cache_counts(void)
{
	struct wims_cache_counts all = {0};
	size_t i;

	for(i = 0; shards != NULL && i < SHARDS; i++) {
		struct wims_cache_counts one;

		lock_get(&shards[i].lock);
		one = wims_cache_counts(shards[i].cache);
		lock_release(&shards[i].lock);
		all.entries += one.entries;
		all.bytes += one.bytes;
	}
	return all;
}

void wk_cache_flush(void)
{
	size_t i;

	for(i = 0; shards != NULL && i < SHARDS; i++) {
		lock_get(&shards[i].lock);
		wims_cache_flush(shards[i].cache);
		lock_release(&shards[i].lock);
	}
}
