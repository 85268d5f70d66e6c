/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_JWK_H
#define WIMS_JWK_H

/* One JSON Web Key (RFC 7517 4, RFC 7518 6, RFC 8037 2). No text here or in
 * *why shows a byte of the key. */

#include "jose/wims_alg_ossl.h"
#include "jose/wims_json.h"

struct wims_jwk
{
	struct wims_verifier verifier;
	uint32_t algs;      /* WIMS_ALG_BIT() set, never empty */
	struct wims_pl kid; /* borrowed from the JSON; empty: absent */
};

/* WIMS_OK with *usable false: a well-formed key that is not for us (another
 * kty, curve, alg, use or operation); nothing to free then. Otherwise the
 * caller owns out->verifier. CONFIG_KEY: *why is static text. */
WIMS_MUST_CHECK enum wims_reason wims_jwk_parse(struct wims_jwk *out, bool *usable,
												const struct wims_json_value *jwk, uint32_t allowed,
												const char **why);

#endif
