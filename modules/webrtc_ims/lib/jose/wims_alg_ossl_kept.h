/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ALG_OSSL_KEPT_H
#define WIMS_ALG_OSSL_KEPT_H

/* What OpenSSL looks up and allocates for an operation, kept for the next one of
 * this thread: to find and make it again costs more than to hash a token. For
 * wims_alg_ossl*.c only; wims_crypto_forget() is the way to begin anew. */

#include "wims_alg_ossl.h"

/* EVP_MD_CTX, ready for EVP_DigestUpdate with SHA-256; NULL: no memory. */
void *wims_kept_sha256(void);

/* EVP_MD_CTX for the digest of alg, ready for EVP_DigestUpdate, and EVP_PKEY_CTX
 * for EVP_PKEY_verify of that digest. */
struct wims_kept_pair
{
	void *digest;
	void *verify;
};
/* For what signs a digest: not EdDSA, not HMAC. False: they could not be made. */
WIMS_MUST_CHECK bool wims_kept_verify(struct wims_kept_pair *out, void *evp,
									  const struct wims_alg *alg);
/* The key is about to go. */
void wims_kept_drop(const void *evp);

#endif
