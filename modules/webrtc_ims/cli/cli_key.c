/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <string.h>

enum
{
	MODULUS_MAX = 1024, /* bytes */
	B64_MAX = MODULUS_MAX / 3 * 4 + 5
};

/* out takes 4 characters for each 3 bytes begun, and a NUL. */
static void b64url(char *out, const unsigned char *data, size_t n)
{
	char *c;

	EVP_EncodeBlock((unsigned char *)out, data, (int)n);
	for(c = out; *c != '\0'; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c;
}

/* size 0: as many bytes as the number has. */
static bool number(char out[B64_MAX], const EVP_PKEY *key, const char *param, int size)
{
	unsigned char bytes[MODULUS_MAX];
	BIGNUM *n = NULL;
	int len = -1;

	if(EVP_PKEY_get_bn_param(key, param, &n) == 1 && BN_num_bytes(n) <= MODULUS_MAX)
		len = BN_bn2binpad(n, bytes, size > 0 ? size : BN_num_bytes(n));
	BN_free(n);
	if(len > 0)
		b64url(out, bytes, (size_t)len);
	return len > 0;
}

static bool fits(int written, size_t size)
{
	return written > 0 && (size_t)written < size;
}

static bool rsa_members(char *out, size_t size, const EVP_PKEY *key)
{
	char n[B64_MAX], e[B64_MAX];

	return number(n, key, OSSL_PKEY_PARAM_RSA_N, 0) && number(e, key, OSSL_PKEY_PARAM_RSA_E, 0)
		   && fits(snprintf(out, size, "\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"", n, e), size);
}

static bool p256_members(char *out, size_t size, const EVP_PKEY *key)
{
	char x[B64_MAX], y[B64_MAX];

	return number(x, key, OSSL_PKEY_PARAM_EC_PUB_X, 32)
		   && number(y, key, OSSL_PKEY_PARAM_EC_PUB_Y, 32)
		   && fits(snprintf(out, size, "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"",
							x, y),
				   size);
}

static bool ed25519_members(char *out, size_t size, const EVP_PKEY *key)
{
	unsigned char raw[32];
	size_t len = sizeof(raw);
	char x[B64_MAX];

	if(EVP_PKEY_get_raw_public_key(key, raw, &len) != 1)
		return false;
	b64url(x, raw, len);
	return fits(snprintf(out, size, "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"", x), size);
}

/* clang-format off */
static const struct cli_key_kind kinds[] = {
	{"RS256", "RSA",     NULL,         2048, rsa_members},
	{"ES256", "EC",      "prime256v1", 0,    p256_members},
	{"EdDSA", "ED25519", NULL,         0,    ed25519_members},
};
/* clang-format on */

enum
{
	KINDS = sizeof(kinds) / sizeof(kinds[0])
};

const struct cli_key_kind *cli_key_kind(const char *alg)
{
	size_t i;

	for(i = 0; i < KINDS; i++)
		if(strcmp(kinds[i].alg, alg) == 0)
			return &kinds[i];
	return NULL;
}

static bool curve_fits(const EVP_PKEY *key, const char *curve)
{
	char name[40] = "";

	return curve == NULL
		   || (EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) == 1
			   && strcmp(name, curve) == 0);
}

const struct cli_key_kind *cli_key_kind_of(const EVP_PKEY *key)
{
	size_t i;

	for(i = 0; i < KINDS; i++)
		if(EVP_PKEY_is_a(key, kinds[i].type) && curve_fits(key, kinds[i].curve))
			return &kinds[i];
	return NULL;
}

EVP_PKEY *cli_key_make(const struct cli_key_kind *kind)
{
	if(kind->bits > 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, kind->type, (size_t)kind->bits);
	if(kind->curve != NULL)
		return EVP_PKEY_Q_keygen(NULL, NULL, kind->type, kind->curve);
	return EVP_PKEY_Q_keygen(NULL, NULL, kind->type);
}

/* Nobody is asked for a passphrase: the tool runs in scripts. */
static int no_passphrase(char *buf, int size, int writing, void *ctx)
{
	(void)buf, (void)size, (void)writing, (void)ctx;
	return -1;
}

EVP_PKEY *cli_key_read(struct wims_pl pem)
{
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.l);
	EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);

	BIO_free(bio);
	return key;
}

bool cli_key_jwks(char *out, size_t size, const EVP_PKEY *key, const char *kid)
{
	const struct cli_key_kind *kind = cli_key_kind_of(key);
	char members[CLI_JWK_MAX];

	return kind != NULL && kind->members(members, sizeof(members), key)
		   && fits(snprintf(out, size,
							"{\"keys\":[{%s,\"kid\":\"%s\",\"alg\":\"%s\",\"use\":\"sig\"}]}\n",
							members, kid, kind->alg),
				   size);
}
