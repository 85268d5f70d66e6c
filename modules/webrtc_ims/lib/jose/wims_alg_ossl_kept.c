/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_alg_ossl_kept.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

enum
{
	PAIRS_MAX = 8 /* keys that are in use at the same time, seldom more than two */
};

/* The key cannot go while it is named here: verify has a reference to it. */
struct pair
{
	const void *evp; /* NULL: nothing is kept here */
	enum wims_alg_id alg;
	EVP_MD_CTX *digest;
	EVP_PKEY_CTX *verify;
};

static _Thread_local EVP_MD_CTX *sha256;
static _Thread_local struct pair pairs[PAIRS_MAX];
static _Thread_local unsigned next_pair;

/* With a digest that was looked up by name, which EVP_sha256() is at each use. */
static EVP_MD_CTX *new_digest(const char *name)
{
	EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);
	EVP_MD_CTX *ctx = md == NULL ? NULL : EVP_MD_CTX_new();

	if(ctx != NULL && EVP_DigestInit_ex2(ctx, md, NULL) != 1) {
		EVP_MD_CTX_free(ctx);
		ctx = NULL;
	}
	EVP_MD_free(md); /* ctx holds a reference */
	return ctx;
}

void *wims_kept_sha256(void)
{
	if(sha256 == NULL)
		return sha256 = new_digest("SHA256");
	return EVP_DigestInit_ex2(sha256, NULL, NULL) == 1 ? sha256 : NULL;
}

static bool set_up(EVP_PKEY_CTX *ctx, const struct wims_alg *alg)
{
	EVP_MD *md = EVP_MD_fetch(NULL, alg->digest, NULL);
	bool ok = md != NULL && EVP_PKEY_verify_init(ctx) == 1
			  && EVP_PKEY_CTX_set_signature_md(ctx, md) > 0;

	if(ok && alg->family == WIMS_FAMILY_PKCS1)
		ok = EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
	/* RFC 7518 3.5: MGF1 with the same hash, salt as long as the hash */
	if(ok && alg->family == WIMS_FAMILY_PSS)
		ok = EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0
			 && EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0;
	EVP_MD_free(md);
	return ok;
}

static void empty(struct pair *p)
{
	EVP_MD_CTX_free(p->digest);
	EVP_PKEY_CTX_free(p->verify);
	*p = (struct pair){.evp = NULL};
}

static bool fill(struct pair *p, EVP_PKEY *key, const struct wims_alg *alg)
{
	empty(p);
	p->digest = new_digest(alg->digest);
	p->verify = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	if(p->digest != NULL && p->verify != NULL && set_up(p->verify, alg)) {
		p->evp = key;
		p->alg = alg->id;
		return true;
	}
	empty(p);
	return false;
}

static struct pair *find(const void *evp, enum wims_alg_id alg)
{
	size_t i;

	for(i = 0; i < PAIRS_MAX; i++)
		if(pairs[i].evp == evp && pairs[i].alg == alg)
			return &pairs[i];
	return NULL;
}

bool wims_kept_verify(struct wims_kept_pair *out, void *evp, const struct wims_alg *alg)
{
	struct pair *p = find(evp, alg->id);
	bool ok = p != NULL && EVP_DigestInit_ex2(p->digest, NULL, NULL) == 1;

	if(p == NULL) {
		p = &pairs[next_pair++ % PAIRS_MAX];
		ok = fill(p, evp, alg);
	}
	*out = (struct wims_kept_pair){p->digest, p->verify};
	return ok;
}

void wims_kept_drop(const void *evp)
{
	size_t i;

	for(i = 0; evp != NULL && i < PAIRS_MAX; i++)
		if(pairs[i].evp == evp)
			empty(&pairs[i]);
}

void wims_crypto_forget(void)
{
	sha256 = NULL;
	memset(pairs, 0, sizeof(pairs));
}
