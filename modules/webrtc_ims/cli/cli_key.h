/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CLI_KEY_H
#define CLI_KEY_H

/* Key pairs to mint tokens with. */

#include <openssl/evp.h>

#include "cli.h"

enum
{
	CLI_JWK_MAX = 4096
};

/* What the tool makes and knows: one row a key type. */
struct cli_key_kind
{
	const char *alg;  /* JWS name */
	const char *type; /* OpenSSL's name */
	const char *curve;
	unsigned bits; /* of a modulus */
	/* its public members as JSON text, from "kty" on */
	bool (*members)(char *out, size_t size, const EVP_PKEY *key);
};

/* NULL: no such row. */
const struct cli_key_kind *cli_key_kind(const char *alg);
/* The row of a key, or NULL. */
const struct cli_key_kind *cli_key_kind_of(const EVP_PKEY *key);
/* NULL on failure; free with EVP_PKEY_free. */
EVP_PKEY *cli_key_make(const struct cli_key_kind *kind);
/* NULL when pem holds no private key without a passphrase. */
EVP_PKEY *cli_key_read(struct wims_pl pem);
/* A JWK set with that one public key (RFC 7517 5), as a C string. */
WIMS_MUST_CHECK bool cli_key_jwks(char *out, size_t size, const EVP_PKEY *key, const char *kid);

#endif
