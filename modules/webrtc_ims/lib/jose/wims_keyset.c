/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_keyset.h"

#include <stdio.h>
#include <string.h>

#include "wims_jwk.h"

struct wims_key
{
	struct wims_verifier verifier;
	uint32_t algs;
	size_t kid_len; /* 0: none */
	char kid[WIMS_KID_MAX];
};

struct wims_keyset
{
	const struct wims_env *env;
	struct wims_keyset *more; /* asked behind these; NULL: none */
	size_t count;
	struct wims_key *keys[WIMS_KEYS_MAX];
};

static enum wims_reason fail(struct wims_key_fault *fault, size_t index, const char *text)
{
	if(fault != NULL) {
		fault->index = index;
		snprintf(fault->text, sizeof(fault->text), "%s", text);
	}
	return WIMS_CONFIG_KEY;
}

static struct wims_pl kid_of(const struct wims_key *key)
{
	return (struct wims_pl){key->kid, key->kid_len};
}

static const struct wims_key *by_kid(const struct wims_keyset *ks, struct wims_pl kid)
{
	size_t i;

	for(i = 0; i < ks->count; i++)
		if(wims_pl_eq(kid_of(ks->keys[i]), kid))
			return ks->keys[i];
	return NULL;
}

/* Why kid may not join ks; NULL when it may. */
static const char *join_fault(const struct wims_keyset *ks, struct wims_pl kid)
{
	if(ks->count == WIMS_KEYS_MAX)
		return "more than 64 keys";
	if(ks->count > 0 && (kid.l == 0 || ks->keys[0]->kid_len == 0))
		return "a key without \"kid\" must be the only one";
	if(by_kid(ks, kid) != NULL)
		return "\"kid\" used twice";
	return NULL;
}

/* Takes verifier over, also on failure. */
static enum wims_reason add(struct wims_keyset *ks, struct wims_verifier verifier, uint32_t algs,
							struct wims_pl kid, size_t index, struct wims_key_fault *fault)
{
	const char *why = join_fault(ks, kid);
	struct wims_key *key = NULL;
	enum wims_reason r = WIMS_NOMEM;

	if(why != NULL) {
		r = fail(fault, index, why);
		goto out;
	}
	key = wims_zalloc(ks->env, sizeof(*key));
	if(key == NULL)
		goto out;
	key->verifier = verifier;
	key->algs = algs;
	key->kid_len = kid.l;
	if(kid.l > 0)
		memcpy(key->kid, kid.p, kid.l);
	ks->keys[ks->count++] = key;
	verifier.evp = NULL;
	r = WIMS_OK;
out:
	wims_verifier_free(&verifier);
	return r;
}

struct wims_keyset *wims_keyset_new(const struct wims_env *env)
{
	struct wims_keyset *ks = wims_zalloc(env, sizeof(*ks));

	if(ks != NULL)
		ks->env = env;
	return ks;
}

/* How a JWK set is read. */
struct reading
{
	struct wims_keyset *ks;
	uint32_t allowed;
	bool published;
	struct wims_key_fault *fault;
};

static enum wims_reason add_jwk(struct wims_keyset *ks, const struct wims_json_value *v,
								size_t index, uint32_t allowed, struct wims_key_fault *fault)
{
	struct wims_jwk jwk;
	const char *why = NULL;
	bool usable;
	enum wims_reason r = wims_jwk_parse(&jwk, &usable, v, allowed, &why);

	if(r != WIMS_OK) {
		(void)fail(fault, index, why);
		return r;
	}
	return usable ? add(ks, jwk.verifier, jwk.algs, jwk.kid, index, fault) : WIMS_OK;
}

/* Whatever is wrong with one key of a published set, the others are as good as
 * before; only lack of memory says nothing about the key. */
static enum wims_reason add_published(const struct reading *rd, const struct wims_json_value *v,
									  size_t index)
{
	struct wims_key_fault one = {0};
	enum wims_reason r = add_jwk(rd->ks, v, index, rd->allowed, &one);

	if(r != WIMS_CONFIG_KEY)
		return r;
	if(rd->fault->left_out++ == 0)
		(void)fail(rd->fault, one.index, one.text);
	return WIMS_OK;
}

static bool nameless(const struct wims_json_value *v)
{
	return wims_json_member(v, "kid") == NULL;
}

/* Keys without kid come last: a set has room for one only when it has no other,
 * and that must not depend on the order. */
static enum wims_reason add_each(const struct reading *rd, const struct wims_json_value *keys)
{
	enum wims_reason r = WIMS_OK;
	size_t i, n = wims_json_count(keys);
	int last;

	for(i = 0; r == WIMS_OK && !rd->published && i < n; i++)
		r = add_jwk(rd->ks, wims_json_at(keys, i), i, rd->allowed, rd->fault);
	for(last = 0; rd->published && last < 2; last++)
		for(i = 0; r == WIMS_OK && i < n; i++)
			if(nameless(wims_json_at(keys, i)) == (last == 1))
				r = add_published(rd, wims_json_at(keys, i), i);
	return r;
}

static enum wims_reason add_all(const struct reading *rd, const struct wims_json_value *jwks)
{
	const struct wims_json_value *keys = wims_json_member(jwks, "keys");
	struct wims_key_fault *fault = rd->fault;
	enum wims_reason r = WIMS_OK;

	if(wims_json_type(jwks) != WIMS_JSON_OBJECT)
		return fail(fault, 0, "a JWK set must be an object");
	if(keys == NULL)
		r = add_jwk(rd->ks, jwks, 0, rd->allowed, fault);
	else if(wims_json_type(keys) != WIMS_JSON_ARRAY)
		r = fail(fault, 0, "\"keys\" must be an array");
	else if(wims_json_count(keys) > WIMS_KEYS_MAX)
		r = fail(fault, WIMS_KEYS_MAX, "more than 64 keys");
	else
		r = add_each(rd, keys);
	if(r != WIMS_OK || rd->ks->count > 0)
		return r;
	/* what was wrong with the first one left out says more */
	if(rd->published && fault->left_out > 0)
		return WIMS_CONFIG_KEY;
	return fail(fault, 0, "no key for an allowed algorithm");
}

static enum wims_reason read_set(struct wims_keyset **out, const struct wims_env *env,
								 const struct wims_json_value *jwks, struct reading *rd)
{
	enum wims_reason r = WIMS_NOMEM;

	*out = NULL;
	rd->ks = wims_keyset_new(env);
	if(rd->ks != NULL)
		r = add_all(rd, jwks);
	if(r == WIMS_OK)
		*out = rd->ks;
	else
		wims_keyset_free(rd->ks);
	return r;
}

enum wims_reason wims_keyset_from_jwks(struct wims_keyset **out, const struct wims_env *env,
									   const struct wims_json_value *jwks, uint32_t allowed,
									   struct wims_key_fault *fault)
{
	return read_set(out, env, jwks, &(struct reading){.allowed = allowed, .fault = fault});
}

enum wims_reason wims_keyset_from_published(struct wims_keyset **out, const struct wims_env *env,
											const struct wims_json_value *jwks, uint32_t allowed,
											struct wims_key_fault *fault)
{
	fault->left_out = 0;
	return read_set(out, env, jwks,
					&(struct reading){.allowed = allowed, .published = true, .fault = fault});
}

static enum wims_reason add_pem(struct wims_keyset *ks, struct wims_pl pem, struct wims_pl kid,
								uint32_t allowed, struct wims_key_fault *fault)
{
	struct wims_verifier verifier;
	const char *why = NULL;
	uint32_t algs;

	if(pem.l > WIMS_PEM_MAX)
		return fail(fault, 0, "PEM text too long");
	if(kid.l > WIMS_KID_MAX)
		return fail(fault, 0, "\"kid\" must be a string of 1 to 255 bytes");
	if(wims_pubkey_pem(&verifier, pem, &why) != WIMS_OK)
		return fail(fault, 0, why);
	algs = wims_alg_of_key(verifier.type) & allowed;
	if(algs == 0) {
		wims_verifier_free(&verifier);
		return fail(fault, 0, "no key for an allowed algorithm");
	}
	return add(ks, verifier, algs, kid, 0, fault);
}

enum wims_reason wims_keyset_from_pem(struct wims_keyset **out, const struct wims_env *env,
									  struct wims_pl pem, struct wims_pl kid, uint32_t allowed,
									  struct wims_key_fault *fault)
{
	struct wims_keyset *ks = wims_keyset_new(env);
	enum wims_reason r = ks == NULL ? WIMS_NOMEM : add_pem(ks, pem, kid, allowed, fault);

	*out = NULL;
	if(r == WIMS_OK)
		*out = ks;
	else
		wims_keyset_free(ks);
	return r;
}

enum wims_reason wims_keyset_merge(struct wims_keyset *into, struct wims_keyset *from,
								   struct wims_key_fault *fault)
{
	size_t i;

	if(into->count + from->count > WIMS_KEYS_MAX)
		return fail(fault, WIMS_KEYS_MAX, "more than 64 keys");
	for(i = 0; i < from->count; i++) {
		const char *why = join_fault(into, kid_of(from->keys[i]));

		if(why != NULL)
			return fail(fault, i, why);
	}
	if(from->count > 0)
		memcpy(&into->keys[into->count], from->keys, from->count * sizeof(from->keys[0]));
	into->count += from->count;
	from->count = 0;
	return WIMS_OK;
}

void wims_keyset_free(struct wims_keyset *ks)
{
	size_t i;

	if(ks == NULL)
		return;
	wims_keyset_free(ks->more);
	for(i = 0; i < ks->count; i++) {
		wims_verifier_free(&ks->keys[i]->verifier);
		wims_free(ks->env, ks->keys[i]);
	}
	wims_free(ks->env, ks);
}

void wims_keyset_extend(struct wims_keyset *ks, struct wims_keyset *more)
{
	wims_keyset_free(ks->more);
	ks->more = more;
}

size_t wims_keyset_count(const struct wims_keyset *ks)
{
	return ks == NULL ? 0 : ks->count + wims_keyset_count(ks->more);
}

const struct wims_keyset *wims_keyset_more(const struct wims_keyset *ks)
{
	return ks == NULL ? NULL : ks->more;
}

struct wims_pl wims_keyset_kid(const struct wims_keyset *ks, size_t i)
{
	if(ks == NULL)
		return WIMS_PL_NONE;
	return i < ks->count ? kid_of(ks->keys[i]) : wims_keyset_kid(ks->more, i - ks->count);
}

const struct wims_key *wims_keyset_find(const struct wims_keyset *ks, struct wims_pl kid)
{
	const struct wims_key *key;

	if(ks == NULL || (kid.l == 0 && wims_keyset_count(ks) != 1))
		return NULL;
	if(kid.l == 0)
		return ks->count == 1 ? ks->keys[0] : wims_keyset_find(ks->more, kid);
	key = by_kid(ks, kid);
	return key != NULL ? key : wims_keyset_find(ks->more, kid);
}

enum wims_reason wims_key_verify(const struct wims_key *key, const struct wims_alg *alg,
								 struct wims_pl signing_input, struct wims_pl signature)
{
	if((key->algs & WIMS_ALG_BIT(alg->id)) == 0)
		return WIMS_ALG_MISMATCH;
	return wims_signature_verify(&key->verifier, alg, signing_input, signature);
}
