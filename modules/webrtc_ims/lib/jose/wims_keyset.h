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
	size_t index;    /* 0-based position in the JWK set */
	size_t left_out; /* keys of a published set; the first one's index and text are told */
	char text[160];
};

/* jwks: a JWK set object (RFC 7517 5) or a single JWK. allowed: bit set of
 * WIMS_ALG_BIT(); a key's algorithms are those of its own kty, curve, size and
 * "alg" that are allowed. Left out: keys of unknown kty, curve or alg, those
 * whose use is not "sig" or whose key_ops lack "verify", and those no allowed
 * algorithm is left for. CONFIG_KEY: a usable-looking key that is broken, too
 * weak, private, or whose alg is not one of its type; a duplicate kid; a key
 * without kid beside others (no token could name it); a set in which no key
 * is left. So a secret (kty "oct") is taken only when allowed names one of
 * WIMS_ALG_HMAC, and verifies with nothing else. The caller frees *out. */
WIMS_MUST_CHECK enum wims_reason wims_keyset_from_jwks(struct wims_keyset **out,
													   const struct wims_env *env,
													   const struct wims_json_value *jwks,
													   uint32_t allowed,
													   struct wims_key_fault *fault);
/* The same for a set that somebody else publishes and changes (RFC 7517 5): a
 * key that would be CONFIG_KEY by itself is left out, and so is the second of
 * one kid and one without kid beside others; they are counted in fault, which
 * must not be NULL. CONFIG_KEY: no set at all, or no key is left. */
WIMS_MUST_CHECK enum wims_reason wims_keyset_from_published(struct wims_keyset **out,
															const struct wims_env *env,
															const struct wims_json_value *jwks,
															uint32_t allowed,
															struct wims_key_fault *fault);
/* One public key or certificate in PEM (wims_pubkey_pem); kid may be empty.
 * A private key is CONFIG_KEY. */
WIMS_MUST_CHECK enum wims_reason
wims_keyset_from_pem(struct wims_keyset **out, const struct wims_env *env, struct wims_pl pem,
					 struct wims_pl kid, uint32_t allowed, struct wims_key_fault *fault);
/* All keys of from go into into (from is left empty). The same rules for kid
 * hold as within a set: CONFIG_KEY, and both sets are as they were. */
WIMS_MUST_CHECK enum wims_reason
wims_keyset_merge(struct wims_keyset *into, struct wims_keyset *from, struct wims_key_fault *fault);
/* A set without keys, to be extended; NULL: out of memory. */
struct wims_keyset *wims_keyset_new(const struct wims_env *env);
/* The keys of more (may be NULL) are asked for behind those of ks, so that
 * none of them takes the place of a key of ks with the same kid. ks takes more
 * over and frees what it was extended by before. */
void wims_keyset_extend(struct wims_keyset *ks, struct wims_keyset *more);
void wims_keyset_free(struct wims_keyset *ks);
/* Those that ks was extended by are counted too. */
size_t wims_keyset_count(const struct wims_keyset *ks);
/* What ks was extended by; NULL: nothing. Borrowed from ks. */
const struct wims_keyset *wims_keyset_more(const struct wims_keyset *ks);
/* kid of the i-th key, those of the set itself first; empty: none, or past the
 * end. Borrowed from ks. */
struct wims_pl wims_keyset_kid(const struct wims_keyset *ks, size_t i);

/* The key of that kid; a token without kid matches only when there is exactly
 * one key in all. NULL otherwise: there is no fallback. Borrowed from ks. */
const struct wims_key *wims_keyset_find(const struct wims_keyset *ks, struct wims_pl kid);
/* ALG_MISMATCH: the key may not verify with alg; else wims_signature_verify. */
WIMS_MUST_CHECK enum wims_reason wims_key_verify(const struct wims_key *key,
												 const struct wims_alg *alg,
												 struct wims_pl signing_input,
												 struct wims_pl signature);

#endif
