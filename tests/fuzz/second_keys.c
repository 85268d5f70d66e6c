/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Fixed keys, so that an input means the same in each run. */
#include "second.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

const char *const second_kid[SECOND_KEYS] = {"es", "rs", "ed", "hs"};

static const char rsa_n[] = "cb17f4077db4c82faec641a304c62b049e699baf0b2165c3e923258e0422425ac19075"
							"162b808256cf9e8efdfeda91"
							"945f6b8e4401262455b85690f19bc94091cd8fd252218118e59075f0e0b2fb823dabe5"
							"317a6bca1aca66f31a567271"
							"a4f4df41d0dd3c33485bc9fd79f18ceb3d1725a719aa812aa32f0f3bf263672056f51f"
							"15b9325a4e2df2c79a471f8c"
							"43016353032216e4006848bf8ba7dcf0010996263a2d3e3e9731c3678178307031c77b"
							"0a01c37cc85d71eb916e428a"
							"5237ab8db8982de5e35a5dc419fe47becda674b3eb3199b6977b7470ac6f41e696b2ca"
							"084922cba2c539e063df17ec"
							"21682281b839a2008c18e0ef131c193ecdad2c6603";
static const char rsa_d[] = "5a659a825d130309aa46e77f3a88442c85a027221617b2f6ad062e589481753c752ca9"
							"d908dae5e8e2f7c5d8cb3f99"
							"0dcc1d111136dbb5cf8bc1c8392a68bd3b489e6bf48fa22925411425f7b5e2d9d93e72"
							"4100270b29ba8e71457755f0"
							"3c869bfaed0f1415156f79ac3fc362c0700c25ffc71e4be8e10278caeb7c103266515f"
							"55387e85d5c217054c9eabd4"
							"687ce172031ca43da1f6fe87c6442d15df95f413e6dd752039f40da384b6aa3b6c7b65"
							"3d76167de6137e97b13bc80c"
							"e1532f88badc6f9cdf453840bd7e1efac2f0c08c63c94c9fe764598c8ec864cf1ad28d"
							"d92a2d4fe8f6ba222e012c9f"
							"76820eef50cf34128b7a0d326036c64286b48ec5b1";
static const char ec_d[] = "3637411c717ceb2c191b032803a39035cb1d32afb570460612bb68e8f696a66a";
static const char ec_q[] = "0454251d9f25fad9b4230d82c2d83f7bcdc340d977cc525e53f6921585266c263d"
						   "51d1883a9463aee4e4cf76017201a705e6417da8f5b0bd58f1475064e7865939";
/* 32 bytes each */
static const char ed_seed[] = "a seed of an Ed25519 key, fixed.";
static const char secret[] = "a secret that is not so secret..";

/* clang-format off */
#define KEYS \
	"{\"kty\":\"RSA\",\"kid\":\"rs\",\"e\":\"AQAB\",\"n\":\"yxf0B320yC-" \
	"uxkGjBMYrBJ5pm68LIWXD6SMljg" \
	"QiQlrBkHUWK4CCVs-ejv3-" \
	"2pGUX2uORAEmJFW4VpDxm8lAkc2P0lIhgRjlkHXw4LL7gj2r5TF6a8oaymbzGlZycaT030H" \
	"Q3TwzSFvJ_XnxjOs9FyWnGaqBKqMvDzvyY2cgVvUfFbkyWk4t8seaRx-MQwFjUwMiFuQAaEi_i6fc8AEJliY6LT4-" \
	"lzHD" \
	"Z4F4MHAxx3sKAcN8yF1x65FuQopSN6uNuJgt5eNaXcQZ_ke-zaZ0s-" \
	"sxmbaXe3RwrG9B5payyghJIsuixTngY98X7CFoI" \
	"oG4OaIAjBjg7xMcGT7NrSxmAw\"}," \
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"es\",\"x\":" \
	"\"VCUdnyX62bQjDYLC2D97zcNA2XfMUl5T9pIV" \
	"hSZsJj0\",\"y\":\"UdGIOpRjruTkz3YBcgGnBeZBfaj1sL1Y8UdQZOeGWTk\"}," \
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"ed\",\"x\":\"25B4Gh6UpqF_-" \
	"pSo3Fx5o73vhNE1lt59cn41Ww7ycag\"}," \
	"{\"kty\":\"oct\",\"kid\":\"hs\",\"k\":\"YSBzZWNyZXQgdGhhdCBpcyBub3Qgc28gc2VjcmV0Li4\"}"

#define WWSF(name, more) \
	"{\"name\":\"" name "\",\"domain\":\"ims.test\",\"origins\":[\"https://" name ".test\"]," \
	"\"issuer\":\"https://" name ".test\",\"audience\":[\"ims.test\",\"sip:ims.test\"]," more \
	",\"algorithms\":[\"RS256\",\"PS256\",\"ES256\",\"EdDSA\",\"HS256\"]," \
	"\"keys\":{\"jwks\":{\"keys\":[" KEYS "]}}}"

const char second_provisioning[] = "{\"version\":1,\"wwsf\":["
	WWSF("one", "\"impus\":[\"sip:a*@ims.test\",\"tel:+4930*\"],\"impis\":[\"a*@ims.test\"]") ","
	WWSF("guest", "\"impus\":[\"sip:g*@ims.test\"],\"impis\":[\"g*@ims.test\"],"
		"\"scenario\":\"pool\",\"anonymous\":true") ","
	WWSF("ring", "\"scenario\":\"range\",\"impis\":[\"r*@ims.test\"],\"ranges\":["
		"{\"range\":\"sip:r!.*!@ims.test\",\"register\":\"token\",\"impi\":\"r@ims.test\"}]")
	"]}";
/* clang-format on */

static EVP_PKEY *from(OSSL_PARAM_BLD *bld, const char *type)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if(EVP_PKEY_fromdata_init(ctx) != 1
	   || EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1)
		abort();
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	return key;
}

static EVP_PKEY *rsa(void)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *n = NULL, *d = NULL, *e = NULL;
	EVP_PKEY *key;

	if(BN_hex2bn(&n, rsa_n) == 0 || BN_hex2bn(&d, rsa_d) == 0 || BN_hex2bn(&e, "10001") == 0)
		abort();
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_D, d);
	key = from(bld, "RSA");
	BN_free(n);
	BN_free(d);
	BN_free(e);
	return key;
}

static EVP_PKEY *ec(void)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *d = NULL;
	unsigned char q[65];
	size_t len;
	EVP_PKEY *key;

	if(BN_hex2bn(&d, ec_d) == 0 || OPENSSL_hexstr2buf_ex(q, sizeof(q), &len, ec_q, '\0') != 1)
		abort();
	OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
	OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, q, len);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, d);
	key = from(bld, "EC");
	BN_free(d);
	return key;
}

static EVP_PKEY *key_of(enum second_key which)
{
	static EVP_PKEY *keys[SECOND_KEYS];

	if(keys[which] != NULL)
		return keys[which];
	if(which == SECOND_RSA)
		keys[which] = rsa();
	else if(which == SECOND_ES256)
		keys[which] = ec();
	else
		keys[which] = EVP_PKEY_new_raw_private_key(
				which == SECOND_SECRET ? EVP_PKEY_HMAC : EVP_PKEY_ED25519, NULL,
				(const unsigned char *)(which == SECOND_SECRET ? secret : ed_seed), 32);
	if(keys[which] == NULL)
		abort();
	return keys[which];
}

static void pss(EVP_PKEY_CTX *ctx, const char *alg)
{
	if(alg[0] == 'P'
	   && (EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) != 1
		   || EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, 32) != 1))
		abort();
}

size_t second_sign(unsigned char sig[512], enum second_key key, const char *alg, const char *text,
				   size_t len)
{
	const EVP_MD *md = key == SECOND_ED25519 ? NULL : EVP_sha256();
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	size_t n = 512;

	if(EVP_DigestSignInit(ctx, &pctx, md, NULL, key_of(key)) != 1)
		abort();
	pss(pctx, alg);
	if(EVP_DigestSign(ctx, sig, &n, (const unsigned char *)text, len) != 1)
		abort();
	EVP_MD_CTX_free(ctx);
	if(key == SECOND_ES256) {
		const unsigned char *der = sig;
		ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)n);

		if(BN_bn2binpad(ECDSA_SIG_get0_r(pair), sig, 32) != 32
		   || BN_bn2binpad(ECDSA_SIG_get0_s(pair), sig + 32, 32) != 32)
			abort();
		ECDSA_SIG_free(pair);
		n = 64;
	}
	return n;
}

static bool verify_ecdsa(EVP_MD_CTX *ctx, const char *text, size_t len, const unsigned char *sig)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	unsigned char *der = NULL;
	int n;
	bool good;

	ECDSA_SIG_set0(pair, BN_bin2bn(sig, 32, NULL), BN_bin2bn(sig + 32, 32, NULL));
	n = i2d_ECDSA_SIG(pair, &der);
	good = n > 0 && EVP_DigestVerify(ctx, der, (size_t)n, (const unsigned char *)text, len) == 1;
	OPENSSL_free(der);
	ECDSA_SIG_free(pair);
	return good;
}

bool second_verify(enum second_key key, const char *alg, const char *text, size_t len,
				   const unsigned char *sig, size_t sig_len)
{
	unsigned char own[512];
	EVP_PKEY_CTX *pctx = NULL;
	EVP_MD_CTX *ctx;
	bool good;

	if(key == SECOND_SECRET)
		return second_sign(own, key, alg, text, len) == sig_len && memcmp(own, sig, sig_len) == 0;
	if(key == SECOND_ES256 && sig_len != 64)
		return false;
	ctx = EVP_MD_CTX_new();
	if(EVP_DigestVerifyInit(ctx, &pctx, key == SECOND_ED25519 ? NULL : EVP_sha256(), NULL,
							key_of(key))
	   != 1)
		abort();
	pss(pctx, alg);
	good = key == SECOND_ES256
				   ? verify_ecdsa(ctx, text, len, sig)
				   : EVP_DigestVerify(ctx, sig, sig_len, (const unsigned char *)text, len) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}
