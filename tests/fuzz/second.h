/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SECOND_H
#define SECOND_H

/* A second token verifier, written from docs/token-profile.md alone, the short
 * and slow way, with OpenSSL and jansson and nothing of the library. It knows
 * two WWSFs with fixed keys, of which one may leave out who its user is. It has no limits of size,
 * and reads identities more kindly: what it refuses must be refused. */

#include <stdbool.h>
#include <stddef.h>

enum second_key
{
	SECOND_ES256,
	SECOND_RSA,
	SECOND_ED25519,
	SECOND_SECRET,
	SECOND_KEYS
};

/* kid of a key, as JWK sets and tokens name it */
extern const char *const second_kid[SECOND_KEYS];
/* Provisioning of that WWSF. */
extern const char second_provisioning[];

#define SECOND_NOW 1900000000LL

/* What a good token says; texts are cut at the size of the array. */
struct second_claims
{
	char subject[300];
	char first_impu[300]; /* as it stands in the token */
	long long exp;
};

bool second_accepts(struct second_claims *out, const char *token, size_t len);
/* alg: RS256, PS256, ES256, EdDSA or HS256, which fits the key. Returns the
 * length of the signature over the text, or 0. */
size_t second_sign(unsigned char sig[512], enum second_key key, const char *alg, const char *text,
				   size_t len);
/* Is it the key's signature? */
bool second_verify(enum second_key key, const char *alg, const char *text, size_t len,
				   const unsigned char *sig, size_t sig_len);

#endif
