/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ALG_H
#define WIMS_ALG_H

/* The algorithms of RFC 7518 3.2 - 3.5 and RFC 8037 3.1 that this verifier
 * knows. There is no row for "none", so no token and no configuration can ask
 * for it (RFC 8725 3.1, 3.2). HMAC stands apart: who can verify with its key
 * can sign with it too, so it is never allowed unless the operator names it. */

#include "base/wims_pl.h"

enum wims_alg_id
{
	WIMS_ALG_RS256,
	WIMS_ALG_RS384,
	WIMS_ALG_RS512,
	WIMS_ALG_PS256,
	WIMS_ALG_PS384,
	WIMS_ALG_PS512,
	WIMS_ALG_ES256,
	WIMS_ALG_ES384,
	WIMS_ALG_ES512,
	WIMS_ALG_EDDSA,
	WIMS_ALG_HS256,
	WIMS_ALG_HS384,
	WIMS_ALG_HS512,
	WIMS_ALG_COUNT
};

#define WIMS_ALG_BIT(id) (UINT32_C(1) << (id))
/* those whose key may be known to everybody: the default */
#define WIMS_ALG_PUBLIC (WIMS_ALG_BIT(WIMS_ALG_HS256) - 1)
#define WIMS_ALG_HMAC \
	(WIMS_ALG_BIT(WIMS_ALG_HS256) | WIMS_ALG_BIT(WIMS_ALG_HS384) | WIMS_ALG_BIT(WIMS_ALG_HS512))

/* What a key is. The curve is part of it: ES256 is P-256 and nothing else. */
enum wims_key_type
{
	WIMS_KEY_RSA,
	WIMS_KEY_P256,
	WIMS_KEY_P384,
	WIMS_KEY_P521,
	WIMS_KEY_ED25519,
	WIMS_KEY_ED448,
	WIMS_KEY_SECRET, /* kty "oct": bytes that both sides know */
	WIMS_KEY_TYPE_COUNT
};

enum wims_alg_family
{
	WIMS_FAMILY_PKCS1,
	WIMS_FAMILY_PSS,
	WIMS_FAMILY_ECDSA,
	WIMS_FAMILY_EDDSA,
	WIMS_FAMILY_HMAC
};

struct wims_alg
{
	struct wims_pl name; /* as in the "alg" header, case counts */
	enum wims_alg_id id;
	enum wims_alg_family family;
	const char *digest; /* NULL: part of the scheme */
	uint32_t key_types; /* bit set over enum wims_key_type */
	size_t secret_min;  /* bytes of a secret for it (RFC 7518 3.2); 0: needs none */
};

/* Exact name; NULL when it is not in the table. */
const struct wims_alg *wims_alg_by_name(struct wims_pl name);
/* i-th row; NULL past the end. */
const struct wims_alg *wims_alg_at(size_t i);
/* Bit set of the algorithms that a key of that type can verify. */
uint32_t wims_alg_of_key(enum wims_key_type type);
/* Those that a secret of so many bytes is long enough for. */
uint32_t wims_alg_of_secret(size_t len);

#endif
