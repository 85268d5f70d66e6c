/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_KEYSET_H
#define WIMS_KEYSET_H

/* Verification keys of one issuer, parsed once and then only read. A key is
 * bound to the algorithms it may verify when it is read; a token never
 * chooses (RFC 8725 3.1). */

#include "jose/wims_alg.h"
#include "jose/wims_json.h"

enum
{
	WIMS_KEYS_MAX = 64,
	WIMS_KID_MAX = 255,
	WIMS_PEM_MAX = 16384
};

struct wims_key;
struct wims_keyset;

/* Why a key could not be used, for the operator's log line. */
struct wims_key_fault
{
	size_t index; /* 0-based position in the JWK set */
	char text[160];
};

/* jwks: a JWK set object (RFC 7517 5) or a single JWK. allowed: bit set of
 * WIMS_ALG_BIT(); a key's algorithms are those of its own kty, curve, size and
 * "alg" that are allowed. Keys of unknown kty or of use "enc" are left out;
 * a usable-looking key that is broken or too weak is CONFIG_KEY, and so is a
 * set in which no key is left. Duplicate kid: CONFIG_KEY. The caller frees
 * *out. */
WIMS_MUST_CHECK enum wims_reason wims_keyset_from_jwks(struct wims_keyset **out,
													   const struct wims_env *env,
													   const struct wims_json_value *jwks,
													   uint32_t allowed,
													   struct wims_key_fault *fault);
/* One public key or certificate in PEM; kid may be empty. A private key is
 * CONFIG_KEY. */
WIMS_MUST_CHECK enum wims_reason
wims_keyset_from_pem(struct wims_keyset **out, const struct wims_env *env, struct wims_pl pem,
					 struct wims_pl kid, uint32_t allowed, struct wims_key_fault *fault);
/* All keys of from go into into (from is left empty). Duplicate kid: CONFIG_KEY. */
WIMS_MUST_CHECK enum wims_reason
wims_keyset_merge(struct wims_keyset *into, struct wims_keyset *from, struct wims_key_fault *fault);
void wims_keyset_free(struct wims_keyset *ks);
size_t wims_keyset_count(const struct wims_keyset *ks);

/* The key of that kid; a token without kid matches only when the set has
 * exactly one key. NULL otherwise: there is no fallback. Borrowed from ks. */
const struct wims_key *wims_keyset_find(const struct wims_keyset *ks, struct wims_pl kid);
/* KEY's right to verify with alg; ALG_MISMATCH when it has none. */
WIMS_MUST_CHECK enum wims_reason wims_key_verify(const struct wims_key *key,
												 const struct wims_alg *alg,
												 struct wims_pl signing_input,
												 struct wims_pl signature);

#endif
