/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bench_cache.h"

#include <string.h>
#include <time.h>

#include "core/locking.h"
#include "core/mem/shm_mem.h"

#include "bench_verify.h"
#include "token/wims_cache.h"

enum
{
	ENTRY_MAX = 1024,
	NOISE_LEN = 600
};

struct shared
{
	gen_lock_t lock;
	struct wims_cache *cache;
	uint64_t filled;
	uint64_t shm_each;
};

static struct shared *shared;

/* One text, and what is to be done with it. */
struct job
{
	struct wims_pl text;
	uint64_t at; /* of many */
};

static void *shm_get(void *ctx, size_t n)
{
	return shm_malloc(n);
}

static void shm_put(void *ctx, void *p)
{
	shm_free(p);
}

bool bench_cache_init(size_t entries)
{
	static const struct wims_env env = {.alloc = shm_get, .free = shm_put};

	shared = shm_malloc(sizeof(*shared));
	if(shared == NULL || lock_init(&shared->lock) == NULL)
		return false;
	shared->filled = shared->shm_each = 0;
	shared->cache = wims_cache_new(&env, entries, entries * ENTRY_MAX);
	return shared->cache != NULL;
}

/* --- texts ------------------------------------------------------------- */

static uint64_t mixed(uint64_t n)
{
	n += UINT64_C(0x9e3779b97f4a7c15);
	n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
	return n ^ n >> 31;
}

static struct wims_pl noise(size_t len, bool dots)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	static char text[WIMS_TOKEN_MAX + 1];
	size_t i;

	for(i = 0; i < len; i++)
		text[i] = set[mixed(i) % 64];
	if(dots)
		text[80] = text[len - 90] = '.';
	return (struct wims_pl){text, len};
}

static struct wims_pl text_named(struct wims_pl name)
{
	if(wims_pl_eq(name, WIMS_PL("noise")))
		return noise(NOISE_LEN, true);
	if(wims_pl_eq(name, WIMS_PL("noise8k")))
		return noise(WIMS_TOKEN_MAX, true);
	if(wims_pl_eq(name, WIMS_PL("plain")))
		return noise(NOISE_LEN, false);
	if(wims_pl_eq(name, WIMS_PL("long")))
		return noise(WIMS_TOKEN_MAX + 1, true);
	return bench_token(name);
}

/* --- what is measured -------------------------------------------------- */

static bool key_of(struct wims_cache_key *key, struct wims_pl text)
{
	key->generation = 1;
	return wims_sha256(key->digest, text);
}

/* The n-th of many: as much work as any other key, and found somewhere else. */
static bool nth_key(struct wims_cache_key *key, struct wims_pl text, uint64_t n)
{
	bool ok = key_of(key, text);
	uint64_t other = mixed(n);

	memcpy(key->digest, &other, sizeof(other));
	return ok;
}

static bool get(const struct wims_cache_key *key, struct wims_token *t)
{
	struct wims_cache_out out = {.token = t};
	enum wims_reason r;
	bool hit;

	lock_get(&shared->lock);
	hit = wims_cache_get(shared->cache, key, bench_provision(), (int64_t)time(NULL), &out, &r);
	lock_release(&shared->lock);
	return hit && r == WIMS_OK;
}

static bool put(const struct wims_cache_key *key, const struct wims_token *t)
{
	const struct wims_cache_in in = {.key = *key, .token = t, .until = t->exp};
	bool ok;

	lock_get(&shared->lock);
	ok = wims_cache_put(shared->cache, &in, (int64_t)time(NULL));
	lock_release(&shared->lock);
	return ok;
}

static bool do_digest(void *ctx)
{
	const struct job *j = ctx;
	struct wims_cache_key key;

	return key_of(&key, j->text);
}

static bool do_hit(void *ctx)
{
	const struct job *j = ctx;
	struct wims_cache_key key;
	struct wims_token t;

	return key_of(&key, j->text) && get(&key, &t);
}

static bool do_many(void *ctx)
{
	struct job *j = ctx;
	struct wims_cache_key key;
	struct wims_token t;

	return nth_key(&key, j->text, j->at++ * 7919 % shared->filled) && get(&key, &t);
}

/* As the module does it: what is too long is not even hashed. */
static bool do_refuse(void *ctx)
{
	const struct job *j = ctx;
	struct wims_cache_key key;
	struct wims_token t;
	bool found = j->text.l <= WIMS_TOKEN_MAX && key_of(&key, j->text) && get(&key, &t);

	return !found
		   && wims_token_validate(&t, &wims_env_libc, bench_provision(), j->text,
								  (int64_t)time(NULL))
					  != WIMS_OK;
}

static bool validated(struct wims_token *t, struct wims_pl text)
{
	return wims_token_validate(t, &wims_env_libc, bench_provision(), text, (int64_t)time(NULL))
		   == WIMS_OK;
}

static bool put_one(struct wims_pl text)
{
	struct wims_cache_key key;
	struct wims_token t;

	return key_of(&key, text) && validated(&t, text) && put(&key, &t);
}

static uint64_t shm_used(void)
{
	struct mem_info info;

	shm_info(&info);
	return info.real_used;
}

static bool fill(struct wims_pl text, uint64_t count)
{
	struct wims_cache_key key;
	struct wims_token t;
	uint64_t before = shm_used();

	if(!validated(&t, text))
		return false;
	for(; shared->filled < count; shared->filled++)
		if(!nth_key(&key, text, shared->filled) || !put(&key, &t))
			return false;
	shared->shm_each = (shm_used() - before) / count;
	return true;
}

/* Orders that are no measurement of time. */
static bool asked(uint64_t *ns, struct wims_pl what, struct wims_pl text, uint64_t rounds)
{
	struct wims_cache_counts counts = wims_cache_counts(shared->cache);

	*ns = 0;
	if(wims_pl_eq(what, WIMS_PL("fill")))
		return fill(text, rounds);
	if(counts.entries == 0)
		return false;
	*ns = wims_pl_eq(what, WIMS_PL("shm")) ? shared->shm_each : counts.bytes / counts.entries;
	return wims_pl_eq(what, WIMS_PL("shm")) || wims_pl_eq(what, WIMS_PL("bytes"));
}

bool bench_cache_run(uint64_t *ns, struct wims_pl what, struct wims_pl alg, uint64_t rounds)
{
	struct job job = {.text = text_named(alg)};

	if(job.text.l == 0)
		return false;
	if(wims_pl_eq(what, WIMS_PL("digest")))
		return bench_time(ns, rounds, do_digest, &job);
	if(wims_pl_eq(what, WIMS_PL("refuse")))
		return bench_time(ns, rounds, do_refuse, &job);
	if(wims_pl_eq(what, WIMS_PL("hit")))
		return (do_hit(&job) || put_one(job.text)) && bench_time(ns, rounds, do_hit, &job);
	if(wims_pl_eq(what, WIMS_PL("many")) && shared->filled > 0)
		return bench_time(ns, rounds, do_many, &job);
	return asked(ns, what, job.text, rounds);
}
