/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_alg_ossl.h"

#include <errno.h>
#include <string.h>

#include <sys/random.h>
#include <sys/types.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

/* Hashes, codes and random numbers that have nothing to do with tokens. */

bool wims_sha256(unsigned char out[WIMS_SHA256_LEN], struct wims_pl data)
{
	bool ok = EVP_Digest(data.l == 0 ? "" : data.p, data.l, out, NULL, EVP_sha256(), NULL) == 1;

	if(!ok) {
		memset(out, 0, WIMS_SHA256_LEN);
		ERR_clear_error();
	}
	return ok;
}

/* Leaves h->ctx NULL, or ready for SHA-256 with a digest that was looked up. */
static bool hasher_ready(struct wims_hasher *h)
{
	EVP_MD *md = NULL;
	EVP_MD_CTX *ctx = NULL;

	if(h->ctx != NULL)
		return true;
	md = EVP_MD_fetch(NULL, "SHA256", NULL);
	if(md != NULL)
		ctx = EVP_MD_CTX_new();
	if(ctx != NULL && EVP_DigestInit_ex2(ctx, md, NULL) == 1) {
		h->ctx = ctx;
		ctx = NULL;
	}
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md); /* ctx holds a reference */
	return h->ctx != NULL;
}

bool wims_hasher_sha256(struct wims_hasher *h, unsigned char out[WIMS_SHA256_LEN],
						struct wims_pl data)
{
	bool ok = hasher_ready(h) && EVP_DigestInit_ex2(h->ctx, NULL, NULL) == 1
			  && EVP_DigestUpdate(h->ctx, data.l == 0 ? "" : data.p, data.l) == 1
			  && EVP_DigestFinal_ex(h->ctx, out, NULL) == 1;

	if(!ok) {
		memset(out, 0, WIMS_SHA256_LEN);
		ERR_clear_error();
	}
	return ok;
}

static bool hmac_parts(EVP_MAC_CTX *ctx, struct wims_pl key, const struct wims_pl *parts,
					   size_t count, unsigned char *out)
{
	char digest[] = "SHA256";
	OSSL_PARAM params[2] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
							OSSL_PARAM_construct_end()};
	size_t i, len = 0;

	if(EVP_MAC_init(ctx, (const unsigned char *)key.p, key.l, params) != 1)
		return false;
	for(i = 0; i < count; i++)
		if(parts[i].l > 0
		   && EVP_MAC_update(ctx, (const unsigned char *)parts[i].p, parts[i].l) != 1)
			return false;
	return EVP_MAC_final(ctx, out, &len, WIMS_SHA256_LEN) == 1 && len == WIMS_SHA256_LEN;
}

bool wims_hmac_sha256(unsigned char out[WIMS_SHA256_LEN], struct wims_pl key,
					  const struct wims_pl *parts, size_t count)
{
	EVP_MAC *mac = NULL;
	EVP_MAC_CTX *ctx = NULL;
	bool ok = false;

	memset(out, 0, WIMS_SHA256_LEN);
	if(key.l == 0) /* an empty key authenticates nothing */
		return false;
	mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if(mac != NULL)
		ctx = EVP_MAC_CTX_new(mac);
	ok = ctx != NULL && hmac_parts(ctx, key, parts, count, out);
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	if(!ok) {
		memset(out, 0, WIMS_SHA256_LEN);
		ERR_clear_error();
	}
	return ok;
}

/* From the kernel and not from OpenSSL: the host may have put a generator of
 * its own under RAND_bytes, and Kamailio's starts with the same state in every
 * worker. */
bool wims_random(void *out, size_t n)
{
	unsigned char *at = out;
	size_t got = 0;

	while(got < n) {
		ssize_t some = getrandom(at + got, n - got, 0);

		if(some < 0 && errno == EINTR)
			continue;
		if(some <= 0) {
			memset(out, 0, n);
			return false;
		}
		got += (size_t)some;
	}
	return true;
}

bool wims_ct_equal(struct wims_pl a, struct wims_pl b)
{
	return a.l == b.l && (a.l == 0 || CRYPTO_memcmp(a.p, b.p, a.l) == 0);
}
