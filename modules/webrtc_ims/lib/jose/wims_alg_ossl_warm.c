/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_alg_ossl.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

/* OpenSSL looks up each algorithm, key type and decoder at its first use and
 * keeps what it found. Under Kamailio 5.6 with the tls module those finds live
 * in shared memory, and two workers that make them at the same time spoil
 * them. So the main process makes all of them before it forks. */

enum
{
	RSA_BITS = 2048, /* as small as the import allows */
	NUMBER_MAX = WIMS_SIGNATURE_MAX,
	PEM_ROOM = 1024
};

static const struct wims_pl warm_text = {"warm-up", 7};
static const unsigned char warm_secret[64]; /* long enough for each hash */

static EVP_PKEY *generate(enum wims_key_type type)
{
	switch(type) {
		case WIMS_KEY_RSA:
			return EVP_RSA_gen(RSA_BITS);
		case WIMS_KEY_P256:
			return EVP_EC_gen("P-256");
		case WIMS_KEY_P384:
			return EVP_EC_gen("P-384");
		case WIMS_KEY_P521:
			return EVP_EC_gen("P-521");
		case WIMS_KEY_ED25519:
			return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		case WIMS_KEY_ED448:
			return EVP_PKEY_Q_keygen(NULL, NULL, "ED448");
		case WIMS_KEY_SECRET:
			return EVP_PKEY_new_raw_private_key_ex(NULL, "HMAC", NULL, warm_secret,
												   sizeof(warm_secret));
		case WIMS_KEY_TYPE_COUNT:
			break;
	}
	return NULL;
}

/* A public number of the key, big endian, len bytes or as many as it needs. */
static struct wims_pl number(EVP_PKEY *pkey, const char *name, unsigned char *buf, size_t len)
{
	struct wims_pl out = WIMS_PL_NONE;
	BIGNUM *n = NULL;

	if(EVP_PKEY_get_bn_param(pkey, name, &n) != 1)
		return out;
	if(len == 0)
		len = (size_t)BN_num_bytes(n);
	if(len <= NUMBER_MAX && BN_bn2binpad(n, buf, (int)len) >= 0)
		out = (struct wims_pl){(char *)buf, len};
	BN_free(n);
	return out;
}

static enum wims_reason import_numbers(struct wims_verifier *out, EVP_PKEY *pkey,
									   enum wims_key_type type)
{
	unsigned char a[NUMBER_MAX], b[NUMBER_MAX];
	size_t coord = ((size_t)EVP_PKEY_get_bits(pkey) + 7) / 8, len = sizeof(a);
	const char *why = NULL;

	switch(type) {
		case WIMS_KEY_RSA:
			return wims_pubkey_rsa(out, number(pkey, OSSL_PKEY_PARAM_RSA_N, a, 0),
								   number(pkey, OSSL_PKEY_PARAM_RSA_E, b, 0), &why);
		case WIMS_KEY_ED25519:
		case WIMS_KEY_ED448:
			if(EVP_PKEY_get_raw_public_key(pkey, a, &len) != 1)
				return WIMS_CRYPTO_FAILED;
			return wims_pubkey_okp(out, type, (struct wims_pl){(char *)a, len}, &why);
		case WIMS_KEY_SECRET:
			return wims_secret(
					out, (struct wims_pl){(const char *)warm_secret, sizeof(warm_secret)}, &why);
		default:
			return wims_pubkey_ec(out, type, number(pkey, OSSL_PKEY_PARAM_EC_PUB_X, a, coord),
								  number(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, b, coord), &why);
	}
}

static enum wims_reason import_pem(struct wims_verifier *out, EVP_PKEY *pkey)
{
	enum wims_reason r = WIMS_CRYPTO_FAILED;
	BIO *bio = BIO_new(BIO_s_mem());
	const char *why = NULL;
	char *text = NULL;
	long len;

	if(bio == NULL || PEM_write_bio_PUBKEY(bio, pkey) != 1)
		goto out;
	len = BIO_get_mem_data(bio, &text);
	if(len > 0)
		r = wims_pubkey_pem(out, (struct wims_pl){text, (size_t)len}, &why);
out:
	BIO_free(bio);
	return r;
}

/* DER of OpenSSL into r || s. */
static size_t raw_signature(unsigned char *sig, size_t len, size_t coord)
{
	const unsigned char *der = sig;
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)len);
	bool ok = pair != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(pair), sig, (int)coord) >= 0
			  && BN_bn2binpad(ECDSA_SIG_get0_s(pair), sig + coord, (int)coord) >= 0;

	ECDSA_SIG_free(pair);
	return ok ? 2 * coord : 0;
}

/* Signature of warm_text; 0 when it failed. */
static size_t sign(EVP_PKEY *pkey, const struct wims_alg *alg, unsigned char *sig, size_t size)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL; /* owned by ctx */
	size_t len = size;
	bool ok = ctx != NULL
			  && EVP_DigestSignInit_ex(ctx, &pctx, alg->digest, NULL, NULL, pkey, NULL) == 1;

	if(ok && alg->family == WIMS_FAMILY_PSS)
		ok = EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) > 0
			 && EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) > 0;
	ok = ok && EVP_DigestSign(ctx, sig, &len, (const unsigned char *)warm_text.p, warm_text.l) == 1;
	EVP_MD_CTX_free(ctx);
	if(ok && alg->family == WIMS_FAMILY_ECDSA)
		return raw_signature(sig, len, ((size_t)EVP_PKEY_get_bits(pkey) + 7) / 8);
	return ok ? len : 0;
}

/* One algorithm there and back: a good signature passes, a bad one does not. */
static bool use_alg(EVP_PKEY *pkey, const struct wims_verifier *pub, const struct wims_alg *alg)
{
	unsigned char buf[NUMBER_MAX];
	struct wims_pl sig = {(char *)buf, sign(pkey, alg, buf, sizeof(buf))};

	if(sig.l == 0 || wims_signature_verify(pub, alg, warm_text, sig) != WIMS_OK)
		return false;
	buf[sig.l / 2] ^= 1;
	return wims_signature_verify(pub, alg, warm_text, sig) == WIMS_SIGNATURE_BAD;
}

static const char *use_key_type(enum wims_key_type type)
{
	EVP_PKEY *pkey = generate(type);
	struct wims_verifier jwk = {0}, pem = {0};
	const struct wims_alg *alg;
	const char *failed = "import";
	size_t i;

	if(pkey == NULL || import_numbers(&jwk, pkey, type) != WIMS_OK)
		goto out;
	if(type != WIMS_KEY_SECRET && (import_pem(&pem, pkey) != WIMS_OK || pem.type != type))
		goto out;
	failed = NULL;
	for(i = 0; failed == NULL && (alg = wims_alg_at(i)) != NULL; i++)
		if((wims_alg_of_key(type) & WIMS_ALG_BIT(alg->id)) != 0 && !use_alg(pkey, &jwk, alg))
			failed = alg->name.p;
out:
	wims_verifier_free(&jwk);
	wims_verifier_free(&pem);
	EVP_PKEY_free(pkey);
	return failed;
}

enum wims_reason wims_crypto_warm_up(const char **what)
{
	unsigned char out[WIMS_SHA256_LEN];
	int type;

	*what = "random";
	if(!wims_random(out, sizeof(out)))
		return WIMS_CRYPTO_FAILED;
	*what = "SHA-256";
	if(!wims_sha256(out, warm_text))
		return WIMS_CRYPTO_FAILED;
	*what = "HMAC";
	if(!wims_hmac_sha256(out, warm_text, &warm_text, 1))
		return WIMS_CRYPTO_FAILED;
	for(type = 0; type < WIMS_KEY_TYPE_COUNT; type++) {
		*what = use_key_type((enum wims_key_type)type);
		if(*what != NULL) {
			ERR_clear_error();
			return WIMS_CRYPTO_FAILED;
		}
	}
	return WIMS_OK;
}
