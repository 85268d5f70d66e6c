/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_alg_ossl_kept.h"

#include <errno.h>
#include <string.h>

#include <sys/random.h>
#include <sys/types.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

/* Hashes, codes and random numbers that have nothing to do with tokens. */

enum
{
	BLOCK_LEN = 64 /* of SHA-256 */
};

/* Of what lies in several places. */
static bool digest(unsigned char out[WIMS_SHA256_LEN], const struct wims_pl *parts, size_t count)
{
	EVP_MD_CTX *ctx = wims_kept_sha256();
	bool ok = ctx != NULL;
	size_t i;

	for(i = 0; ok && i < count; i++)
		ok = parts[i].l == 0 || EVP_DigestUpdate(ctx, parts[i].p, parts[i].l) == 1;
	if(ok && EVP_DigestFinal_ex(ctx, out, NULL) == 1)
		return true;
	memset(out, 0, WIMS_SHA256_LEN);
	ERR_clear_error();
	return false;
}

bool wims_sha256(unsigned char out[WIMS_SHA256_LEN], struct wims_pl data)
{
	return digest(out, &data, 1);
}

static struct wims_pl slice(const unsigned char *bytes, size_t n)
{
	return (struct wims_pl){(const char *)bytes, n};
}

/* The key with zeros behind it, each byte changed. */
static void pad_of(unsigned char pad[BLOCK_LEN], struct wims_pl key, unsigned char change)
{
	size_t i;

	for(i = 0; i < BLOCK_LEN; i++)
		pad[i] = change ^ (i < key.l ? (unsigned char)key.p[i] : 0);
}

/* H(outer pad, H(inner pad, parts)). OpenSSL's own takes thirteen pieces of memory for
 * one code. */
static bool hmac_parts(unsigned char out[WIMS_SHA256_LEN], struct wims_pl key,
					   const struct wims_pl *parts, size_t count)
{
	unsigned char pad[BLOCK_LEN], inner[WIMS_SHA256_LEN];
	struct wims_pl all[1 + WIMS_HMAC_PARTS_MAX];
	bool ok;

	all[0] = slice(pad, sizeof(pad));
	memcpy(all + 1, parts, count * sizeof(*parts));
	pad_of(pad, key, 0x36);
	ok = digest(inner, all, 1 + count);
	all[1] = slice(inner, sizeof(inner));
	pad_of(pad, key, 0x5c);
	ok = ok && digest(out, all, 2);
	OPENSSL_cleanse(pad, sizeof(pad));
	return ok;
}

bool wims_hmac_sha256(unsigned char out[WIMS_SHA256_LEN], struct wims_pl key,
					  const struct wims_pl *parts, size_t count)
{
	unsigned char shorter[WIMS_SHA256_LEN];
	bool ok;

	memset(out, 0, WIMS_SHA256_LEN);
	/* an empty key authenticates nothing */
	if(key.l == 0 || count > WIMS_HMAC_PARTS_MAX)
		return false;
	ok = key.l <= BLOCK_LEN || digest(shorter, &key, 1);
	if(key.l > BLOCK_LEN)
		key = slice(shorter, sizeof(shorter));
	ok = ok && hmac_parts(out, key, parts, count);
	OPENSSL_cleanse(shorter, sizeof(shorter));
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
