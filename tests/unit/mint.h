/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef MINT_H
#define MINT_H

/* Makes keys and tokens for tests, good ones and bad ones, with OpenSSL alone:
 * nothing of the code under test is used. Tokens are made when the test runs,
 * so exp is right under any clock. Whatever goes wrong here aborts. */

#include <stddef.h>

#include "base/wims_pl.h"

enum mint_key
{
	MINT_RSA,
	MINT_RSA_OTHER,
	MINT_RSA_1024,
	MINT_P256,
	MINT_P384,
	MINT_P521,
	MINT_K256, /* secp256k1 */
	MINT_ED25519,
	MINT_ED448,
	MINT_KEY_COUNT
};

/* All texts are NUL-terminated and the caller's to free. */

char *mint_b64(struct wims_pl bytes);
/* printf into memory */
char *mint_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The public key as JWK. more: further members, as ",\"alg\":\"RS256\""; "". */
char *mint_jwk(enum mint_key key, const char *kid, const char *more);
char *mint_pem(enum mint_key key);
char *mint_private_pem(enum mint_key key);
/* An RSA key of that many bits that nobody can sign with. */
char *mint_rsa_pem(int bits);
/* A self-signed certificate. */
char *mint_cert(enum mint_key key);
/* header and payload are signed as they are, encoded. alg says how to sign,
 * whatever the header says. */
char *mint_jws(enum mint_key key, const char *alg, const char *header, struct wims_pl payload);
/* input is signed as it stands, and the signature put behind it. */
char *mint_signed(enum mint_key key, const char *alg, const char *input);
/* {"alg":alg,"kid":kid} and the payload. */
char *mint_token(enum mint_key key, const char *alg, const char *kid, const char *payload);
/* "header.payload" with an HMAC of the given hash behind it. */
char *mint_hmac(const char *hash, struct wims_pl secret, const char *header, const char *payload);

/* A big-endian number that passes for a weak modulus of CVE-2017-15361. */
char *mint_weak_modulus(void);

#endif
