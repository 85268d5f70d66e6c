/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ALG_OSSL_H
#define WIMS_ALG_OSSL_H

/* All cryptography of the library, by OpenSSL 3 and nowhere else; random
 * numbers come from the kernel.
 *
 * Forks: a key read before a fork may be used by every child, and only read.
 * It must be freed by the process that made it, or by nobody: under Kamailio's
 * tls module OpenSSL's memory is shared between the workers. */

#include "base/wims_reason.h"
#include "jose/wims_alg.h"

enum
{
	WIMS_RSA_BITS_MIN = 2048, /* RFC 7518 3.3 */
	WIMS_RSA_BITS_MAX = 8192, /* what a verification may cost */
	WIMS_SIGNATURE_MAX = WIMS_RSA_BITS_MAX / 8,
	WIMS_SECRET_MIN = 32, /* RFC 7518 3.2: as long as the hash, at least SHA-256's */
	WIMS_SECRET_MAX = 1024,
	WIMS_SHA256_LEN = 32
};

/* What signatures are verified with: a public key, or a secret for HMAC. evp
 * is OpenSSL's. */
struct wims_verifier
{
	void *evp;
	enum wims_key_type type;
};

/* The imports set *out only on WIMS_OK, else *why says what is wrong with the
 * key (CONFIG_KEY) in static text. Free with wims_verifier_free. All of them
 * check the strength: RSA 2048 to 8192 bits, public exponent odd and of 17 to
 * 64 bits, not of the weak family of CVE-2017-15361; points on their curve. */

/* n, e: big endian, no leading zero (RFC 7518 6.3.1). */
WIMS_MUST_CHECK enum wims_reason wims_pubkey_rsa(struct wims_verifier *out, struct wims_pl n,
												 struct wims_pl e, const char **why);
/* x, y: as long as the curve's field (RFC 7518 6.2.1). */
WIMS_MUST_CHECK enum wims_reason wims_pubkey_ec(struct wims_verifier *out, enum wims_key_type type,
												struct wims_pl x, struct wims_pl y,
												const char **why);
/* x: the raw key (RFC 8037 2). */
WIMS_MUST_CHECK enum wims_reason wims_pubkey_okp(struct wims_verifier *out, enum wims_key_type type,
												 struct wims_pl x, const char **why);
/* One PEM block, "PUBLIC KEY" or "CERTIFICATE". A certificate only carries
 * the key: neither its dates nor its issuer are looked at. */
WIMS_MUST_CHECK enum wims_reason wims_pubkey_pem(struct wims_verifier *out, struct wims_pl pem,
												 const char **why);
/* Bytes that both sides know, WIMS_SECRET_MIN to WIMS_SECRET_MAX of them. A PEM
 * text is refused: what was published as a key is no secret. The caller sees to
 * it that only algorithms of wims_alg_of_secret are used with it. */
WIMS_MUST_CHECK enum wims_reason wims_secret(struct wims_verifier *out, struct wims_pl bytes,
											 const char **why);
void wims_verifier_free(struct wims_verifier *key);

/* signature as JWS carries it: ECDSA is r || s (RFC 7518 3.4), HMAC the whole
 * code, compared in constant time. ALG_MISMATCH: alg is not one for this type
 * of key. SIGNATURE_BAD: it does not verify. CRYPTO_FAILED: could not be
 * tried. */
WIMS_MUST_CHECK enum wims_reason wims_signature_verify(const struct wims_verifier *key,
													   const struct wims_alg *alg,
													   struct wims_pl input,
													   struct wims_pl signature);

/* RFC 2104 with SHA-256 over at most WIMS_HMAC_PARTS_MAX parts, one behind the other: the caller
 * makes sure that no two lists of parts give the same bytes. False: out is zeroed and must not be
 * used. */
enum
{
	WIMS_HMAC_PARTS_MAX = 4
};
WIMS_MUST_CHECK bool wims_hmac_sha256(unsigned char out[WIMS_SHA256_LEN], struct wims_pl key,
									  const struct wims_pl *parts, size_t count);
WIMS_MUST_CHECK bool wims_sha256(unsigned char out[WIMS_SHA256_LEN], struct wims_pl data);

/* n unpredictable bytes; false: out is zeroed and must not be used. */
WIMS_MUST_CHECK bool wims_random(void *out, size_t n);
/* Takes the same time wherever the bytes differ; a differing length is told
 * at once. */
bool wims_ct_equal(struct wims_pl a, struct wims_pl b);

/* Uses everything above once with throw-away keys: each algorithm signs and
 * verifies, each kind of key is imported. OpenSSL then holds all it needs to
 * look up before Kamailio forks. CRYPTO_FAILED: *what names the step. Takes
 * about a tenth of a second. */
WIMS_MUST_CHECK enum wims_reason wims_crypto_warm_up(const char **what);

/* What was used is kept for the next use (wims_alg_ossl_kept.h), and under
 * Kamailio's tls module lies in memory that all processes share: each child has to
 * call this before it uses anything above. The parent goes on with its own. */
void wims_crypto_forget(void);

#endif
