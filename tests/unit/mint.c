/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define MUST(condition)  \
	do {                 \
		if(!(condition)) \
			abort();     \
	} while(0)

enum
{
	BYTES_MAX = 1024
};

static EVP_PKEY *generate(enum mint_key key)
{
	static const char seed[] = "a fixed key keeps a corpus valid"; /* 32 bytes */

	switch(key) {
		case MINT_RSA:
		case MINT_RSA_OTHER:
			return EVP_RSA_gen(2048);
		case MINT_RSA_1024:
			return EVP_RSA_gen(1024);
		case MINT_P256:
			return EVP_EC_gen("P-256");
		case MINT_P384:
			return EVP_EC_gen("P-384");
		case MINT_P521:
			return EVP_EC_gen("P-521");
		case MINT_K256:
			return EVP_EC_gen("secp256k1");
		case MINT_ED25519:
			return EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL,
												   (const unsigned char *)seed, 32);
		case MINT_ED448:
			return EVP_PKEY_Q_keygen(NULL, NULL, "ED448");
		default:
			return NULL;
	}
}

static void free_keys(void);

/* Generated once in each process. */
static EVP_PKEY *keys[MINT_KEY_COUNT];

static EVP_PKEY *key_of(enum mint_key key)
{
	static bool registered;

	if(!registered)
		registered = atexit(free_keys) == 0;
	if(keys[key] == NULL)
		keys[key] = generate(key);
	MUST(keys[key] != NULL);
	return keys[key];
}

static void free_keys(void)
{
	size_t i;

	for(i = 0; i < MINT_KEY_COUNT; i++)
		EVP_PKEY_free(keys[i]);
}

char *mint_text(const char *format, ...)
{
	va_list ap;
	char *text = NULL;

	va_start(ap, format);
	MUST(vasprintf(&text, format, ap) >= 0);
	va_end(ap);
	return text;
}

char *mint_b64(struct wims_pl bytes)
{
	static const char alphabet[] =
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char *out = malloc(bytes.l / 3 * 4 + 5);
	size_t i, n = 0;

	MUST(out != NULL);
	for(i = 0; i < bytes.l * 8; i += 6) {
		unsigned pair = (unsigned char)bytes.p[i / 8] * 256u;

		if(i / 8 + 1 < bytes.l)
			pair |= (unsigned char)bytes.p[i / 8 + 1];
		out[n++] = alphabet[pair >> (10 - i % 8) & 63];
	}
	out[n] = '\0';
	return out;
}

static char *b64_number(EVP_PKEY *pkey, const char *name, int len)
{
	unsigned char buf[BYTES_MAX];
	BIGNUM *n = NULL;
	int size;

	MUST(EVP_PKEY_get_bn_param(pkey, name, &n) == 1);
	size = len > 0 ? len : BN_num_bytes(n);
	MUST(BN_bn2binpad(n, buf, size) == size);
	BN_free(n);
	return mint_b64((struct wims_pl){(char *)buf, (size_t)size});
}

static char *pair(EVP_PKEY *pkey, const char *head, const char *a, const char *b, int len,
				  const char *format)
{
	char *x = b64_number(pkey, a, len), *y = b64_number(pkey, b, len);
	char *numbers = mint_text(format, x, y);
	char *out = mint_text("%s,%s", head, numbers);

	free(x);
	free(y);
	free(numbers);
	return out;
}

static char *okp(EVP_PKEY *pkey, const char *crv)
{
	unsigned char raw[BYTES_MAX];
	size_t len = sizeof(raw);
	char *x, *out;

	MUST(EVP_PKEY_get_raw_public_key(pkey, raw, &len) == 1);
	x = mint_b64((struct wims_pl){(char *)raw, len});
	out = mint_text("\"kty\":\"OKP\",\"crv\":\"%s\",\"x\":\"%s\"", crv, x);
	free(x);
	return out;
}

static char *ec(EVP_PKEY *pkey, const char *crv, int len)
{
	char *head = mint_text("\"kty\":\"EC\",\"crv\":\"%s\"", crv);
	char *out = pair(pkey, head, OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y, len,
					 "\"x\":\"%s\",\"y\":\"%s\"");

	free(head);
	return out;
}

static char *members(enum mint_key key)
{
	EVP_PKEY *pkey = key_of(key);

	switch(key) {
		case MINT_P256:
			return ec(pkey, "P-256", 32);
		case MINT_P384:
			return ec(pkey, "P-384", 48);
		case MINT_P521:
			return ec(pkey, "P-521", 66);
		case MINT_K256:
			return ec(pkey, "secp256k1", 32);
		case MINT_ED25519:
			return okp(pkey, "Ed25519");
		case MINT_ED448:
			return okp(pkey, "Ed448");
		default:
			return pair(pkey, "\"kty\":\"RSA\"", OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, 0,
						"\"n\":\"%s\",\"e\":\"%s\"");
	}
}

char *mint_jwk(enum mint_key key, const char *kid, const char *more)
{
	char *m = members(key);
	char *out = kid == NULL ? mint_text("{%s%s}", m, more)
							: mint_text("{\"kid\":\"%s\",%s%s}", kid, m, more);

	free(m);
	return out;
}

static char *bio_text(BIO *bio)
{
	char *data = NULL;
	long len = BIO_get_mem_data(bio, &data);
	char *out;

	MUST(len > 0);
	out = strndup(data, (size_t)len);
	MUST(out != NULL);
	BIO_free(bio);
	return out;
}

char *mint_pem(enum mint_key key)
{
	BIO *bio = BIO_new(BIO_s_mem());

	MUST(bio != NULL && PEM_write_bio_PUBKEY(bio, key_of(key)) == 1);
	return bio_text(bio);
}

char *mint_private_pem(enum mint_key key)
{
	BIO *bio = BIO_new(BIO_s_mem());

	MUST(bio != NULL && PEM_write_bio_PrivateKey(bio, key_of(key), NULL, NULL, 0, NULL, NULL) == 1);
	return bio_text(bio);
}

char *mint_rsa_pem(int bits)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *n = BN_new(), *e = BN_new();
	BIO *bio = BIO_new(BIO_s_mem());
	EVP_PKEY *pkey = NULL;
	OSSL_PARAM *params;

	MUST(ctx != NULL && bld != NULL && n != NULL && e != NULL && bio != NULL);
	MUST(BN_set_bit(n, bits - 1) == 1 && BN_add_word(n, 1) == 1 && BN_set_word(e, 65537) == 1);
	MUST(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) == 1
		 && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e) == 1);
	params = OSSL_PARAM_BLD_to_param(bld);
	MUST(params != NULL && EVP_PKEY_fromdata_init(ctx) == 1
		 && EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) == 1);
	MUST(PEM_write_bio_PUBKEY(bio, pkey) == 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	BN_free(n);
	BN_free(e);
	return bio_text(bio);
}

char *mint_cert(enum mint_key key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	X509 *cert = X509_new();
	X509_NAME *name = cert == NULL ? NULL : X509_get_subject_name(cert);

	MUST(bio != NULL && name != NULL);
	MUST(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
									(const unsigned char *)"waf.wwsf.test", -1, -1, 0)
		 == 1);
	MUST(X509_set_issuer_name(cert, name) == 1 && X509_set_pubkey(cert, key_of(key)) == 1);
	MUST(X509_gmtime_adj(X509_getm_notBefore(cert), 0) != NULL
		 && X509_gmtime_adj(X509_getm_notAfter(cert), 3600) != NULL);
	MUST(X509_sign(cert, key_of(key), EVP_sha256()) > 0);
	MUST(PEM_write_bio_X509(bio, cert) == 1);
	X509_free(cert);
	return bio_text(bio);
}

/* OpenSSL's DER as the r || s of RFC 7518 3.4. */
static size_t to_raw(unsigned char *sig, size_t len, EVP_PKEY *pkey)
{
	const unsigned char *der = sig;
	int coord = (EVP_PKEY_get_bits(pkey) + 7) / 8;
	ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &der, (long)len);

	MUST(s != NULL);
	MUST(BN_bn2binpad(ECDSA_SIG_get0_r(s), sig, coord) == coord);
	MUST(BN_bn2binpad(ECDSA_SIG_get0_s(s), sig + coord, coord) == coord);
	ECDSA_SIG_free(s);
	return 2 * (size_t)coord;
}

static const char *hash_of(const char *alg)
{
	if(strcmp(alg, "EdDSA") == 0)
		return NULL;
	return alg[2] == '2' ? "SHA256" : alg[2] == '3' ? "SHA384" : "SHA512";
}

static size_t sign(unsigned char *sig, EVP_PKEY *pkey, const char *alg, const char *input)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	size_t len = BYTES_MAX;

	MUST(ctx != NULL
		 && EVP_DigestSignInit_ex(ctx, &pctx, hash_of(alg), NULL, NULL, pkey, NULL) == 1);
	if(alg[0] == 'P')
		MUST(EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) > 0
			 && EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) > 0);
	MUST(EVP_DigestSign(ctx, sig, &len, (const unsigned char *)input, strlen(input)) == 1);
	EVP_MD_CTX_free(ctx);
	return alg[0] == 'E' && alg[1] == 'S' ? to_raw(sig, len, pkey) : len;
}

static char *input_of(const char *header, struct wims_pl payload)
{
	char *h = mint_b64(wims_pl_str(header)), *p = mint_b64(payload);
	char *input = mint_text("%s.%s", h, p);

	free(h);
	free(p);
	return input;
}

static char *finish(char *input, const unsigned char *sig, size_t len)
{
	char *s = mint_b64((struct wims_pl){(const char *)sig, len});
	char *out = mint_text("%s.%s", input, s);

	free(s);
	free(input);
	return out;
}

char *mint_signed(enum mint_key key, const char *alg, const char *input)
{
	unsigned char sig[BYTES_MAX];

	return finish(mint_text("%s", input), sig, sign(sig, key_of(key), alg, input));
}

char *mint_jws(enum mint_key key, const char *alg, const char *header, struct wims_pl payload)
{
	char *input = input_of(header, payload), *out = mint_signed(key, alg, input);

	free(input);
	return out;
}

char *mint_token(enum mint_key key, const char *alg, const char *kid, const char *payload)
{
	char *header = mint_text("{\"alg\":\"%s\",\"kid\":\"%s\"}", alg, kid);
	char *out = mint_jws(key, alg, header, wims_pl_str(payload));

	free(header);
	return out;
}

char *mint_hmac(const char *hash, struct wims_pl secret, const char *header, const char *payload)
{
	unsigned char sig[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	char *input = input_of(header, wims_pl_str(payload));

	MUST(HMAC(EVP_get_digestbyname(hash), secret.p, (int)secret.l, (unsigned char *)input,
			  strlen(input), sig, &len)
		 != NULL);
	return finish(input, sig, len);
}

char *mint_weak_modulus(void)
{
	static const unsigned primes[] = {3,   5,   7,   11,  13,  17,  19,  23,  29,  31,
									  37,  41,  43,  47,  53,  59,  61,  67,  71,  73,
									  79,  83,  89,  97,  101, 103, 107, 109, 113, 127,
									  131, 137, 139, 149, 151, 157, 163, 167};
	unsigned char buf[256];
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *m = BN_new(), *n = BN_new(), *t = BN_new();
	size_t i;

	/* 65537^3 plus a multiple of twice the product of the primes */
	MUST(ctx != NULL && m != NULL && n != NULL && t != NULL && BN_set_word(m, 2) == 1);
	for(i = 0; i < sizeof(primes) / sizeof(primes[0]); i++)
		MUST(BN_mul_word(m, primes[i]) == 1);
	MUST(BN_set_word(t, 65537ul * 65537ul) == 1 && BN_mul_word(t, 65537) == 1);
	MUST(BN_set_bit(n, 2047) == 1 && BN_div(n, NULL, n, m, ctx) == 1 && BN_add_word(n, 1) == 1);
	MUST(BN_mul(n, n, m, ctx) == 1 && BN_add(n, n, t) == 1 && BN_num_bits(n) == 2048);
	MUST(BN_bn2binpad(n, buf, sizeof(buf)) == sizeof(buf));
	BN_free(m);
	BN_free(n);
	BN_free(t);
	BN_CTX_free(ctx);
	return mint_b64((struct wims_pl){(char *)buf, sizeof(buf)});
}
