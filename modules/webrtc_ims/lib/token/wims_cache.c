/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_cache.h"

#include <string.h>

#include "base/wims_hash.h"
#include "base/wims_ring.h"

/* A slice of the token's text. */
struct piece
{
	uint16_t at;
	uint16_t len;
};

_Static_assert(WIMS_TOKEN_TEXT_MAX <= UINT16_MAX, "a piece can name each byte of the text");

/* Everything of a token but its slices is copied as it is; behind the pieces,
 * one for each name and each IMPU, stand the text and the claims. */
struct entry
{
	struct wims_hnode node;
	struct wims_ring age; /* the ring begins with the one not used for longest */
	struct wims_cache_key key;
	int64_t until, exp, iat, nbf;
	uint32_t wwsf; /* its place in the provisioning */
	uint32_t size; /* of all this */
	uint16_t used;
	uint16_t claims_len;
	uint8_t impus;
	uint8_t block_count;
	bool has_iat;
	uint16_t blocks[WIMS_TOKEN_BLOCKS_MAX];
	struct piece piece[];
};

struct wims_cache
{
	struct wims_env env;
	struct wims_hash hash;
	struct wims_ring ages;
	size_t entries_max;
	size_t bytes_max;
	size_t bytes;
};

static const size_t names[] = {
		offsetof(struct wims_token, issuer),    offsetof(struct wims_token, subject),
		offsetof(struct wims_token, jti),       offsetof(struct wims_token, scope),
		offsetof(struct wims_token, client_id), offsetof(struct wims_token, waf),
		offsetof(struct wims_token, impi),      offsetof(struct wims_token, range),
		offsetof(struct wims_token, user),
};

enum
{
	NAMES = sizeof(names) / sizeof(names[0])
};

/* ---- entries ---- */

/* The i-th slice of a token: first the names, then the IMPUs. */
static struct wims_pl *slice(struct wims_token *t, size_t i)
{
	return i < NAMES ? (struct wims_pl *)(void *)((char *)t + names[i]) : &t->impus[i - NAMES];
}

static size_t slices(size_t impus)
{
	return NAMES + impus;
}

static char *text_of(struct entry *e)
{
	return (char *)&e->piece[slices(e->impus)];
}

static size_t size_of(const struct wims_cache_in *in)
{
	return sizeof(struct entry) + slices(in->token->impu_count) * sizeof(struct piece)
		   + in->token->used + in->claims.l;
}

static void pack(struct entry *e, const struct wims_cache_in *in)
{
	struct wims_token *t = (struct wims_token *)in->token; /* slice() knows no const */
	size_t i;

	e->key = in->key;
	e->until = in->until;
	e->exp = t->exp;
	e->iat = t->iat;
	e->nbf = t->nbf;
	e->has_iat = t->has_iat;
	e->wwsf = (uint32_t)t->wwsf->place;
	e->used = (uint16_t)t->used;
	e->claims_len = (uint16_t)in->claims.l;
	e->impus = (uint8_t)t->impu_count;
	e->block_count = (uint8_t)t->block_count;
	memcpy(e->blocks, t->blocks, sizeof(e->blocks));
	for(i = 0; i < slices(e->impus); i++) {
		const struct wims_pl *s = slice(t, i);

		e->piece[i].at = s->l == 0 ? 0 : (uint16_t)(s->p - t->text);
		e->piece[i].len = (uint16_t)s->l;
	}
	memcpy(text_of(e), t->text, t->used);
	if(in->claims.l > 0)
		memcpy(text_of(e) + e->used, in->claims.p, in->claims.l);
}

static void unpack(struct entry *e, struct wims_token *t)
{
	size_t i;

	t->exp = e->exp;
	t->iat = e->iat;
	t->nbf = e->nbf;
	t->has_iat = e->has_iat;
	t->used = e->used;
	t->impu_count = e->impus;
	t->block_count = e->block_count;
	memcpy(t->blocks, e->blocks, sizeof(t->blocks));
	for(i = 0; i < slices(e->impus); i++)
		*slice(t, i) = (struct wims_pl){t->text + e->piece[i].at, e->piece[i].len};
	memcpy(t->text, text_of(e), e->used);
}

/* All but text[], which is never read past used. */
static void clear(struct wims_token *t)
{
	memset(t, 0, offsetof(struct wims_token, text));
}

/* ---- the table ---- */

/* The digest is as good as random, and nobody who has no key to sign with gets
 * into the table at all. */
static uint32_t hash_of(const struct wims_cache_key *key)
{
	uint32_t h;

	memcpy(&h, key->digest, sizeof(h));
	return h;
}

static struct entry *entry_of(struct wims_hnode *n)
{
	return WIMS_OWNER(n, struct entry, node);
}

static struct entry *find(struct wims_cache *c, const struct wims_cache_key *key)
{
	struct wims_hnode *n = wims_hash_first(&c->hash, hash_of(key));

	for(; n != NULL; n = wims_hash_next(n))
		if(entry_of(n)->key.generation == key->generation
		   && memcmp(entry_of(n)->key.digest, key->digest, sizeof(key->digest)) == 0)
			return entry_of(n);
	return NULL;
}

static void discard(struct wims_cache *c, struct entry *e)
{
	wims_hash_remove(&c->hash, &e->node);
	wims_ring_remove(&e->age);
	c->bytes -= e->size;
	wims_free(&c->env, e);
}

static void make_room(struct wims_cache *c, size_t bytes)
{
	while(!wims_ring_empty(&c->ages)
		  && (c->hash.count >= c->entries_max || c->bytes + bytes > c->bytes_max))
		discard(c, WIMS_OWNER(c->ages.next, struct entry, age));
}

struct wims_cache *wims_cache_new(const struct wims_env *env, size_t entries, size_t bytes)
{
	struct wims_cache *c = wims_zalloc(env, sizeof(*c));

	if(c == NULL)
		return NULL;
	c->env = *env;
	c->entries_max = entries;
	c->bytes_max = bytes;
	wims_ring_init(&c->ages);
	if(wims_hash_init(&c->hash, &c->env, entries))
		return c;
	wims_free(env, c);
	return NULL;
}

void wims_cache_free(struct wims_cache *c)
{
	struct wims_env env;

	if(c == NULL)
		return;
	wims_cache_flush(c);
	wims_hash_done(&c->hash);
	env = c->env;
	wims_free(&env, c);
}

bool wims_cache_put(struct wims_cache *c, const struct wims_cache_in *in, int64_t now)
{
	struct entry *e, *old = find(c, &in->key);
	size_t size;

	if(old != NULL)
		discard(c, old);
	if(!in->token->valid || in->until <= now || in->claims.l > WIMS_CACHE_CLAIMS_MAX
	   || (size = size_of(in)) > c->bytes_max)
		return false;
	make_room(c, size);
	if((e = wims_zalloc(&c->env, size)) == NULL)
		return false;
	e->size = (uint32_t)size;
	pack(e, in);
	wims_hash_add(&c->hash, &e->node, hash_of(&in->key));
	wims_ring_append(&c->ages, &e->age);
	c->bytes += size;
	return true;
}

bool wims_cache_get(struct wims_cache *c, const struct wims_cache_key *key,
					const struct wims_provision *pv, int64_t now, struct wims_cache_out *out,
					enum wims_reason *r)
{
	struct wims_token *t = out->token;
	struct entry *e = find(c, key);

	clear(t);
	out->claims_len = 0;
	*r = WIMS_TOKEN_ABSENT;
	if(e != NULL && e->until <= now) {
		discard(c, e);
		e = NULL;
	}
	if(e == NULL || (t->wwsf = wims_provision_at(pv, e->wwsf)) == NULL)
		return false;
	wims_ring_remove(&e->age);
	wims_ring_append(&c->ages, &e->age);
	unpack(e, t);
	if((*r = wims_token_check_times(t, now)) != WIMS_OK) {
		const struct wims_wwsf *w = t->wwsf;

		clear(t);
		t->wwsf = w;
		return true;
	}
	if(out->claims != NULL) {
		out->claims_len = e->claims_len;
		memcpy(out->claims, text_of(e) + e->used, e->claims_len);
	}
	t->valid = true;
	return true;
}

void wims_cache_flush(struct wims_cache *c)
{
	while(!wims_ring_empty(&c->ages))
		discard(c, WIMS_OWNER(c->ages.next, struct entry, age));
}

struct wims_cache_counts wims_cache_counts(const struct wims_cache *c)
{
	return (struct wims_cache_counts){.entries = c->hash.count, .bytes = c->bytes};
}
