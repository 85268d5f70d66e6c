/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/wims_hash.h"

#include <string.h>

enum
{
	BITS_MIN = 4,
	BITS_START_MAX = 20, /* 8 MB of buckets */
	BITS_MAX = 30
};

static uint64_t rotl(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void sip_rounds(uint64_t v[4], int n)
{
	while(n-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotl(v[1], 13) ^ v[0];
		v[3] = rotl(v[3], 16) ^ v[2];
		v[0] = rotl(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotl(v[1], 17) ^ v[2];
		v[3] = rotl(v[3], 21) ^ v[0];
		v[2] = rotl(v[2], 32);
	}
}

/* Eight bytes, least significant first: one load where the machine has it so. */
static uint64_t whole_word(const char *p)
{
	uint64_t m;

	memcpy(&m, p, sizeof(m));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	m = __builtin_bswap64(m);
#endif
	return m;
}

/* Less than eight. */
static uint64_t sip_word(const char *p, size_t n)
{
	uint64_t m = 0;
	size_t i;

	for(i = 0; i < n; i++)
		m |= (uint64_t)(unsigned char)p[i] << 8 * i;
	return m;
}

static void sip_block(uint64_t v[4], uint64_t m)
{
	v[3] ^= m;
	sip_rounds(v, 2);
	v[0] ^= m;
}

uint64_t wims_siphash(const struct wims_hash_key *key, struct wims_pl s)
{
	uint64_t v[4] = {
			key->k[0] ^ UINT64_C(0x736f6d6570736575),
			key->k[1] ^ UINT64_C(0x646f72616e646f6d),
			key->k[0] ^ UINT64_C(0x6c7967656e657261),
			key->k[1] ^ UINT64_C(0x7465646279746573),
	};
	size_t i;

	for(i = 0; s.l - i >= 8; i += 8)
		sip_block(v, whole_word(s.p + i));
	/* an empty slice may point nowhere */
	sip_block(v, (uint64_t)s.l << 56 | sip_word(s.l == 0 ? "" : s.p + i, s.l - i));
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint32_t wims_hash_slices(const struct wims_hash_key *key, const struct wims_pl *s, size_t n)
{
	struct wims_hash_key k = *key;
	uint64_t h = 0;
	size_t i;

	for(i = 0; i < n; i++) {
		k.k[1] = key->k[1] ^ h;
		h = wims_siphash(&k, s[i]);
	}
	return (uint32_t)(h >> 32);
}

static struct wims_hnode **new_buckets(const struct wims_env *env, unsigned bits)
{
	return wims_zalloc(env, sizeof(struct wims_hnode *) << bits);
}

bool wims_hash_init(struct wims_hash *h, const struct wims_env *env, size_t expected)
{
	*h = (struct wims_hash){.env = env, .bits = BITS_MIN};
	while(h->bits < BITS_START_MAX && (size_t)1 << h->bits < expected)
		h->bits++;
	h->buckets = new_buckets(env, h->bits);
	return h->buckets != NULL;
}

void wims_hash_done(struct wims_hash *h)
{
	if(h->buckets != NULL)
		wims_free(h->env, h->buckets);
	h->buckets = NULL;
}

static size_t bucket_of(const struct wims_hash *h, uint32_t hash)
{
	return hash >> (32 - h->bits);
}

static void link_in(struct wims_hash *h, struct wims_hnode *n)
{
	struct wims_hnode **at = &h->buckets[bucket_of(h, n->hash)];

	n->next = *at;
	n->at = at;
	if(n->next != NULL)
		n->next->at = &n->next;
	*at = n;
}

static void grow(struct wims_hash *h)
{
	struct wims_hnode **old = h->buckets;
	size_t i, n = (size_t)1 << h->bits;
	struct wims_hnode **bigger = h->bits < BITS_MAX ? new_buckets(h->env, h->bits + 1) : NULL;

	if(bigger == NULL)
		return;
	h->buckets = bigger;
	h->bits++;
	for(i = 0; i < n; i++)
		while(old[i] != NULL) {
			struct wims_hnode *node = old[i];

			old[i] = node->next;
			link_in(h, node);
		}
	wims_free(h->env, old);
}

void wims_hash_add(struct wims_hash *h, struct wims_hnode *n, uint32_t hash)
{
	if(h->count >= (size_t)1 << h->bits)
		grow(h);
	n->hash = hash;
	link_in(h, n);
	h->count++;
}

void wims_hash_remove(struct wims_hash *h, struct wims_hnode *n)
{
	if(n->at == NULL)
		return;
	*n->at = n->next;
	if(n->next != NULL)
		n->next->at = n->at;
	n->next = NULL;
	n->at = NULL;
	h->count--;
}

static struct wims_hnode *of_hash(struct wims_hnode *n, uint32_t hash)
{
	while(n != NULL && n->hash != hash)
		n = n->next;
	return n;
}

struct wims_hnode *wims_hash_first(const struct wims_hash *h, uint32_t hash)
{
	return of_hash(h->buckets[bucket_of(h, hash)], hash);
}

struct wims_hnode *wims_hash_next(const struct wims_hnode *n)
{
	return of_hash(n->next, n->hash);
}

/* Buckets are chosen by the top bits, so a later bucket holds greater hashes,
 * however many there are. */
struct wims_hnode *wims_hash_from(const struct wims_hash *h, uint32_t from)
{
	size_t i, n = (size_t)1 << h->bits;
	struct wims_hnode *best = NULL;
	struct wims_hnode *node;

	for(i = bucket_of(h, from); i < n && best == NULL; i++)
		for(node = h->buckets[i]; node != NULL; node = node->next)
			if(node->hash >= from && (best == NULL || node->hash < best->hash))
				best = node;
	return best;
}

void wims_hash_drain(struct wims_hash *h, void (*fn)(void *ctx, struct wims_hnode *n), void *ctx)
{
	size_t i, n = h->buckets == NULL ? 0 : (size_t)1 << h->bits;

	for(i = 0; i < n; i++)
		while(h->buckets[i] != NULL) {
			struct wims_hnode *node = h->buckets[i];

			wims_hash_remove(h, node);
			fn(ctx, node);
		}
}
