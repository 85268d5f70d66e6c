/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_alg.h"

#define KEY(type) (UINT32_C(1) << (type))

/* clang-format off */
static const struct wims_alg algs[WIMS_ALG_COUNT] = {
	{{"RS256", 5}, WIMS_ALG_RS256, WIMS_FAMILY_PKCS1, "SHA256", KEY(WIMS_KEY_RSA), 0},
	{{"RS384", 5}, WIMS_ALG_RS384, WIMS_FAMILY_PKCS1, "SHA384", KEY(WIMS_KEY_RSA), 0},
	{{"RS512", 5}, WIMS_ALG_RS512, WIMS_FAMILY_PKCS1, "SHA512", KEY(WIMS_KEY_RSA), 0},
	{{"PS256", 5}, WIMS_ALG_PS256, WIMS_FAMILY_PSS,   "SHA256", KEY(WIMS_KEY_RSA), 0},
	{{"PS384", 5}, WIMS_ALG_PS384, WIMS_FAMILY_PSS,   "SHA384", KEY(WIMS_KEY_RSA), 0},
	{{"PS512", 5}, WIMS_ALG_PS512, WIMS_FAMILY_PSS,   "SHA512", KEY(WIMS_KEY_RSA), 0},
	{{"ES256", 5}, WIMS_ALG_ES256, WIMS_FAMILY_ECDSA, "SHA256", KEY(WIMS_KEY_P256), 0},
	{{"ES384", 5}, WIMS_ALG_ES384, WIMS_FAMILY_ECDSA, "SHA384", KEY(WIMS_KEY_P384), 0},
	{{"ES512", 5}, WIMS_ALG_ES512, WIMS_FAMILY_ECDSA, "SHA512", KEY(WIMS_KEY_P521), 0},
	{{"EdDSA", 5}, WIMS_ALG_EDDSA, WIMS_FAMILY_EDDSA, NULL,
			KEY(WIMS_KEY_ED25519) | KEY(WIMS_KEY_ED448), 0},
	{{"HS256", 5}, WIMS_ALG_HS256, WIMS_FAMILY_HMAC,  "SHA256", KEY(WIMS_KEY_SECRET), 32},
	{{"HS384", 5}, WIMS_ALG_HS384, WIMS_FAMILY_HMAC,  "SHA384", KEY(WIMS_KEY_SECRET), 48},
	{{"HS512", 5}, WIMS_ALG_HS512, WIMS_FAMILY_HMAC,  "SHA512", KEY(WIMS_KEY_SECRET), 64}};
/* clang-format on */

const struct wims_alg *wims_alg_by_name(struct wims_pl name)
{
	size_t i;

	for(i = 0; i < WIMS_ALG_COUNT; i++)
		if(wims_pl_eq(algs[i].name, name))
			return &algs[i];
	return NULL;
}

const struct wims_alg *wims_alg_at(size_t i)
{
	return i < WIMS_ALG_COUNT ? &algs[i] : NULL;
}

uint32_t wims_alg_of_key(enum wims_key_type type)
{
	uint32_t set = 0;
	size_t i;

	for(i = 0; i < WIMS_ALG_COUNT; i++)
		if(algs[i].key_types & KEY(type))
			set |= WIMS_ALG_BIT(algs[i].id);
	return set;
}

uint32_t wims_alg_of_secret(size_t len)
{
	uint32_t set = 0;
	size_t i;

	for(i = 0; i < WIMS_ALG_COUNT; i++)
		if(algs[i].secret_min > 0 && algs[i].secret_min <= len)
			set |= WIMS_ALG_BIT(algs[i].id);
	return set;
}
