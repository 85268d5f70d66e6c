/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guard/wims_bans.h"

#include <string.h>

#include "base/wims_hash.h"
#include "base/wims_ring.h"

struct client
{
	struct wims_hnode by_name;
	struct wims_ring place; /* in struck or banned, the oldest first */
	struct wims_bucket strikes;
	int64_t until; /* banned; 0: not */
	bool by_hand;
	size_t l;
	char name[WIMS_BANS_CLIENT_MAX];
};

struct wims_bans
{
	struct wims_env env;
	size_t max;
	struct wims_hash_key key;
	struct wims_hash clients;
	struct wims_ring struck, banned;
};

struct wims_bans *wims_bans_new(const struct wims_env *env, size_t max,
								bool (*random)(void *buf, size_t n))
{
	struct wims_bans *bans = wims_zalloc(env, sizeof(*bans));

	if(bans == NULL)
		return NULL;
	bans->env = *env;
	bans->max = max;
	wims_ring_init(&bans->struck);
	wims_ring_init(&bans->banned);
	if(!random(&bans->key, sizeof(bans->key)) || !wims_hash_init(&bans->clients, &bans->env, 0)) {
		wims_bans_free(bans);
		return NULL;
	}
	return bans;
}

static void forget(struct wims_bans *bans, struct client *c)
{
	wims_ring_remove(&c->place);
	wims_hash_remove(&bans->clients, &c->by_name);
	wims_free(&bans->env, c);
}

static struct client *oldest(struct wims_ring *ring)
{
	return wims_ring_empty(ring) ? NULL : WIMS_OWNER(ring->next, struct client, place);
}

void wims_bans_free(struct wims_bans *bans)
{
	struct wims_env env;
	struct client *c;

	if(bans == NULL)
		return;
	while((c = oldest(&bans->struck)) != NULL || (c = oldest(&bans->banned)) != NULL)
		forget(bans, c);
	wims_hash_done(&bans->clients);
	env = bans->env;
	wims_free(&env, bans);
}

static struct client *find(const struct wims_bans *bans, struct wims_pl name, uint32_t hash)
{
	struct wims_hnode *n = wims_hash_first(&bans->clients, hash);

	for(; n != NULL; n = wims_hash_next(n)) {
		struct client *c = WIMS_OWNER(n, struct client, by_name);

		if(wims_pl_eq((struct wims_pl){c->name, c->l}, name))
			return c;
	}
	return NULL;
}

static uint32_t hash_of(const struct wims_bans *bans, struct wims_pl name)
{
	return wims_hash_slices(&bans->key, &name, 1);
}

/* The client, when something is known of it that is not over. */
static struct client *known(struct wims_bans *bans, struct wims_pl name, int64_t now)
{
	struct client *c = find(bans, name, hash_of(bans, name));

	if(c == NULL || c->until == 0 || c->until > now)
		return c;
	forget(bans, c);
	return NULL;
}

static void make_room(struct wims_bans *bans)
{
	struct client *c = oldest(&bans->struck);

	if(bans->clients.count >= bans->max)
		forget(bans, c != NULL ? c : oldest(&bans->banned));
}

/* NULL: no client, or no memory. */
static struct client *get(struct wims_bans *bans, struct wims_pl name, int64_t now)
{
	struct client *c = known(bans, name, now);

	if(c != NULL || name.l == 0 || name.l > WIMS_BANS_CLIENT_MAX)
		return c;
	make_room(bans);
	if((c = wims_zalloc(&bans->env, sizeof(*c))) == NULL)
		return NULL;
	memcpy(c->name, name.p, name.l);
	c->l = name.l;
	wims_ring_init(&c->place);
	wims_hash_add(&bans->clients, &c->by_name, hash_of(bans, name));
	return c;
}

static void put_last(struct wims_ring *ring, struct client *c)
{
	wims_ring_remove(&c->place);
	wims_ring_append(ring, &c->place);
}

static void ban(struct wims_bans *bans, struct client *c, int64_t until, bool by_hand)
{
	c->until = until;
	c->by_hand = by_hand;
	c->strikes = (struct wims_bucket){0};
	put_last(&bans->banned, c);
}

bool wims_bans_strike(struct wims_bans *bans, struct wims_pl name, const struct wims_pace *pace,
					  int64_t ban_ms, int64_t now)
{
	struct client *c = get(bans, name, now);

	if(c == NULL || c->until != 0)
		return false;
	put_last(&bans->struck, c);
	if(wims_bucket_take(&c->strikes, pace, now))
		return false;
	ban(bans, c, now + ban_ms, false);
	return true;
}

bool wims_bans_check(struct wims_bans *bans, struct wims_pl name, int64_t now)
{
	const struct client *c = known(bans, name, now);

	return c != NULL && c->until != 0;
}

enum wims_reason wims_bans_add(struct wims_bans *bans, struct wims_pl name, int64_t ban_ms,
							   int64_t now)
{
	struct client *c;

	if(name.l == 0 || name.l > WIMS_BANS_CLIENT_MAX)
		return WIMS_REQUEST_MALFORMED;
	if((c = get(bans, name, now)) == NULL)
		return WIMS_NOMEM;
	ban(bans, c, now + ban_ms, true);
	return WIMS_OK;
}

bool wims_bans_remove(struct wims_bans *bans, struct wims_pl name, int64_t now)
{
	struct client *c = known(bans, name, now);

	if(c == NULL || c->until == 0)
		return false;
	forget(bans, c);
	return true;
}

/* Visits the bans that last, and forgets the others. */
static size_t walk(struct wims_bans *bans, size_t skip, struct wims_ban *out, size_t n, int64_t now)
{
	struct wims_ring *l, *next;
	size_t all = 0;

	for(l = bans->banned.next; l != &bans->banned; l = next) {
		struct client *c = WIMS_OWNER(l, struct client, place);

		next = l->next;
		if(c->until <= now) {
			forget(bans, c);
			continue;
		}
		if(all >= skip && all - skip < n) {
			struct wims_ban *b = &out[all - skip];

			memcpy(b->client, c->name, c->l);
			b->l = c->l;
			b->left = c->until - now;
			b->by_hand = c->by_hand;
		}
		all++;
	}
	return all;
}

size_t wims_bans_list(struct wims_bans *bans, size_t skip, struct wims_ban *out, size_t n,
					  int64_t now)
{
	size_t all = walk(bans, skip, out, n, now);

	if(all <= skip)
		return 0;
	return all - skip < n ? all - skip : n;
}

size_t wims_bans_count(struct wims_bans *bans, int64_t now)
{
	return walk(bans, 0, NULL, 0, now);
}
