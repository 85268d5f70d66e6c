/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_alg_ossl_kept.h"

#include <limits.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

enum
{
	COORD_MAX = 66, /* P-521 */
	EXPONENT_BITS_MIN = 17,
	EXPONENT_BITS_MAX = 64,
	DER_MAX = 3 + 2 * (3 + COORD_MAX)
};

struct curve
{
	const char *evp_type;
	const char *group; /* NULL: the type says it all */
	size_t coord;      /* bytes of one coordinate, or of the raw key */
};

/* clang-format off */
static const struct curve curves[WIMS_KEY_TYPE_COUNT] = {
	[WIMS_KEY_RSA]     = {"RSA",     NULL,         0},
	[WIMS_KEY_P256]    = {"EC",      "prime256v1", 32},
	[WIMS_KEY_P384]    = {"EC",      "secp384r1",  48},
	[WIMS_KEY_P521]    = {"EC",      "secp521r1",  COORD_MAX},
	[WIMS_KEY_ED25519] = {"ED25519", NULL,         32},
	[WIMS_KEY_ED448]   = {"ED448",   NULL,         57},
	[WIMS_KEY_SECRET]  = {"HMAC",    NULL,         0}};
/* clang-format on */

static const unsigned char *bytes(struct wims_pl s)
{
	return (const unsigned char *)s.p;
}

/* --- strength ---------------------------------------------------------- */

/* CVE-2017-15361: such a modulus is a power of 65537 modulo every small
 * prime; for another one that is so by chance once in 2^28. */
static bool weak_family(const BIGNUM *n)
{
	static const unsigned char primes[] = {3,   5,   7,   11,  13,  17,  19,  23,  29,  31,
										   37,  41,  43,  47,  53,  59,  61,  67,  71,  73,
										   79,  83,  89,  97,  101, 103, 107, 109, 113, 127,
										   131, 137, 139, 149, 151, 157, 163, 167};
	size_t i;

	for(i = 0; i < sizeof(primes); i++) {
		unsigned long p = primes[i], rest = BN_mod_word(n, p), power = 1;

		do
			power = power * 65537 % p;
		while(power != rest && power != 1);
		if(power != rest)
			return false;
	}
	return true;
}

static const char *rsa_fault(const EVP_PKEY *pkey)
{
	BIGNUM *n = NULL, *e = NULL;
	const char *why = "RSA key without modulus or exponent";

	if(EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &n) != 1
	   || EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &e) != 1)
		goto out;
	if(BN_num_bits(n) < WIMS_RSA_BITS_MIN || BN_num_bits(n) > WIMS_RSA_BITS_MAX)
		why = "RSA modulus must have 2048 to 8192 bits";
	else if(!BN_is_odd(n))
		why = "RSA modulus must be odd";
	else if(!BN_is_odd(e) || BN_num_bits(e) < EXPONENT_BITS_MIN
			|| BN_num_bits(e) > EXPONENT_BITS_MAX)
		why = "RSA exponent must be odd and at least 65537";
	else if(weak_family(n))
		why = "RSA key of the weak family of CVE-2017-15361";
	else
		why = NULL;
out:
	BN_free(n);
	BN_free(e);
	return why;
}

static bool type_of(const EVP_PKEY *pkey, enum wims_key_type *type)
{
	char group[32] = "";
	size_t i;

	if(EVP_PKEY_is_a(pkey, "EC") && EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) != 1)
		return false;
	for(i = 0; i < WIMS_KEY_SECRET; i++) { /* which is no public key */
		if(!EVP_PKEY_is_a(pkey, curves[i].evp_type))
			continue;
		if(curves[i].group == NULL || strcmp(curves[i].group, group) == 0) {
			*type = (enum wims_key_type)i;
			return true;
		}
	}
	return false;
}

static bool public_check(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool ok = ctx != NULL && EVP_PKEY_public_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* With a point of small order for a key, such as one of zeros, anybody makes
 * signatures that verify; OpenSSL takes it. Its y, modulo the prime of the field,
 * is 0, 1 or -1, or for Ed25519 eighth or its negative (RFC 8032 5.1, 5.2). */
static bool small_order(const EVP_PKEY *pkey, enum wims_key_type type)
{
	static const char p25519[] = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
	static const char p448[] = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffe"
							   "ffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
	static const char eighth[] = "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826";
	BIGNUM *y = NULL, *p = NULL, *e = NULL;
	BN_CTX *ctx = BN_CTX_new();
	unsigned char raw[COORD_MAX];
	size_t len = sizeof(raw);
	bool small = true;

	if(ctx == NULL || EVP_PKEY_get_raw_public_key(pkey, raw, &len) != 1 || len == 0)
		goto out;
	raw[len - 1] &= 0x7f; /* the sign of x */
	y = BN_lebin2bn(raw, (int)len, NULL);
	if(y == NULL || BN_hex2bn(&p, type == WIMS_KEY_ED448 ? p448 : p25519) == 0
	   || BN_hex2bn(&e, eighth) == 0 || BN_nnmod(y, y, p, ctx) != 1)
		goto out;
	small = BN_is_zero(y) || BN_is_one(y) || (type == WIMS_KEY_ED25519 && BN_cmp(y, e) == 0);
	if(!small && BN_sub(y, p, y) == 1)
		small = BN_is_one(y) || (type == WIMS_KEY_ED25519 && BN_cmp(y, e) == 0);
out:
	BN_free(y);
	BN_free(p);
	BN_free(e);
	BN_CTX_free(ctx);
	return small;
}

static const char *key_fault(EVP_PKEY *pkey, enum wims_key_type *type)
{
	const char *why = NULL;

	if(!type_of(pkey, type))
		return "type of key or curve not supported";
	if(*type == WIMS_KEY_RSA)
		why = rsa_fault(pkey);
	if(why == NULL && !public_check(pkey))
		why = "not a valid public key";
	if(why == NULL && (*type == WIMS_KEY_ED25519 || *type == WIMS_KEY_ED448)
	   && small_order(pkey, *type))
		why = "a key of small order, for which anybody can sign";
	return why;
}

/* Takes pkey over; NULL is a key that could not be built. */
static enum wims_reason adopt(struct wims_verifier *out, EVP_PKEY *pkey, const char **why)
{
	enum wims_key_type type = WIMS_KEY_RSA;

	*why = pkey == NULL ? "not a valid public key" : key_fault(pkey, &type);
	if(*why != NULL) {
		EVP_PKEY_free(pkey);
		ERR_clear_error();
		return WIMS_CONFIG_KEY;
	}
	*out = (struct wims_verifier){.evp = pkey, .type = type};
	return WIMS_OK;
}

/* --- import ------------------------------------------------------------ */

static EVP_PKEY *from_params(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if(ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1
	   || EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static EVP_PKEY *build_rsa(struct wims_pl n, struct wims_pl e)
{
	BIGNUM *bn = BN_bin2bn(bytes(n), (int)n.l, NULL);
	BIGNUM *be = BN_bin2bn(bytes(e), (int)e.l, NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;

	if(bn == NULL || be == NULL || bld == NULL
	   || OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, bn) != 1
	   || OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, be) != 1)
		goto out;
	params = OSSL_PARAM_BLD_to_param(bld);
	if(params != NULL)
		pkey = from_params("RSA", params);
out:
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(bn);
	BN_free(be);
	return pkey;
}

static bool number_ok(struct wims_pl s)
{
	return s.l > 0 && s.l <= WIMS_SIGNATURE_MAX && s.p[0] != 0;
}

enum wims_reason wims_pubkey_rsa(struct wims_verifier *out, struct wims_pl n, struct wims_pl e,
								 const char **why)
{
	if(!number_ok(n) || !number_ok(e)) {
		*why = "RSA \"n\" and \"e\" must be 1 to 1024 bytes without leading zero";
		return WIMS_CONFIG_KEY;
	}
	return adopt(out, build_rsa(n, e), why);
}

static EVP_PKEY *build_ec(const struct curve *c, struct wims_pl x, struct wims_pl y)
{
	unsigned char point[1 + 2 * COORD_MAX] = {POINT_CONVERSION_UNCOMPRESSED};
	char group[32];
	OSSL_PARAM params[3];

	memcpy(group, c->group, strlen(c->group) + 1);
	memcpy(point + 1, x.p, c->coord);
	memcpy(point + 1 + c->coord, y.p, c->coord);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * c->coord);
	params[2] = OSSL_PARAM_construct_end();
	return from_params(c->evp_type, params);
}

enum wims_reason wims_pubkey_ec(struct wims_verifier *out, enum wims_key_type type,
								struct wims_pl x, struct wims_pl y, const char **why)
{
	const struct curve *c = &curves[type];

	if(c->group == NULL || x.l != c->coord || y.l != c->coord) {
		*why = "EC \"x\" and \"y\" must be as long as the curve's field";
		return WIMS_CONFIG_KEY;
	}
	return adopt(out, build_ec(c, x, y), why);
}

enum wims_reason wims_pubkey_okp(struct wims_verifier *out, enum wims_key_type type,
								 struct wims_pl x, const char **why)
{
	const struct curve *c = &curves[type];

	if(c->group != NULL || x.l != c->coord || x.l == 0) {
		*why = "OKP \"x\" must be 32 (Ed25519) or 57 (Ed448) bytes";
		return WIMS_CONFIG_KEY;
	}
	return adopt(out, EVP_PKEY_new_raw_public_key_ex(NULL, c->evp_type, NULL, bytes(x), x.l), why);
}

static EVP_PKEY *from_block(const char *label, const unsigned char *der, long len)
{
	const unsigned char *end = der + len;
	EVP_PKEY *pkey = NULL;
	X509 *cert = NULL;

	if(strcmp(label, PEM_STRING_PUBLIC) == 0) {
		pkey = d2i_PUBKEY(NULL, &der, len);
	} else {
		cert = d2i_X509(NULL, &der, len);
		if(cert != NULL)
			pkey = X509_get_pubkey(cert);
	}
	if(der != end) { /* bytes behind the key */
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	X509_free(cert);
	return pkey;
}

static const char *label_fault(const char *label)
{
	if(strstr(label, "PRIVATE KEY") != NULL)
		return "a private key; only the public key belongs here";
	if(strcmp(label, PEM_STRING_PUBLIC) != 0 && strcmp(label, PEM_STRING_X509) != 0)
		return "PEM block must be PUBLIC KEY or CERTIFICATE";
	return NULL;
}

enum wims_reason wims_pubkey_pem(struct wims_verifier *out, struct wims_pl pem, const char **why)
{
	enum wims_reason r = WIMS_CONFIG_KEY;
	BIO *bio = NULL;
	char *label = NULL, *header = NULL, *label2 = NULL, *header2 = NULL;
	unsigned char *der = NULL, *der2 = NULL;
	long len = 0, len2 = 0;

	*why = "no PEM block";
	if(pem.l == 0 || pem.l > INT_MAX)
		goto out;
	bio = BIO_new_mem_buf(pem.p, (int)pem.l);
	if(bio == NULL || PEM_read_bio(bio, &label, &header, &der, &len) != 1)
		goto out;
	*why = label_fault(label);
	if(*why != NULL)
		goto out;
	*why = "more than one PEM block";
	if(PEM_read_bio(bio, &label2, &header2, &der2, &len2) == 1)
		goto out;
	r = adopt(out, from_block(label, der, len), why);
out:
	OPENSSL_free(label);
	OPENSSL_free(header);
	OPENSSL_free(der);
	OPENSSL_free(label2);
	OPENSSL_free(header2);
	OPENSSL_free(der2);
	BIO_free(bio);
	ERR_clear_error();
	return r;
}

enum wims_reason wims_secret(struct wims_verifier *out, struct wims_pl secret, const char **why)
{
	const char *type = curves[WIMS_KEY_SECRET].evp_type;
	EVP_PKEY *pkey;

	*why = "a secret must have 32 to 1024 bytes";
	if(secret.l < WIMS_SECRET_MIN || secret.l > WIMS_SECRET_MAX)
		return WIMS_CONFIG_KEY;
	*why = "a PEM text is no secret";
	if(wims_pl_starts(secret, WIMS_PL("-----BEGIN ")))
		return WIMS_CONFIG_KEY;
	pkey = EVP_PKEY_new_raw_private_key_ex(NULL, type, NULL, bytes(secret), secret.l);
	if(pkey == NULL) {
		ERR_clear_error();
		return WIMS_NOMEM;
	}
	*why = NULL;
	*out = (struct wims_verifier){.evp = pkey, .type = WIMS_KEY_SECRET};
	return WIMS_OK;
}

void wims_verifier_free(struct wims_verifier *key)
{
	wims_kept_drop(key->evp);
	EVP_PKEY_free(key->evp);
	key->evp = NULL;
}

/* --- verify ------------------------------------------------------------ */

/* A non-negative INTEGER of DER from a fixed-length number. */
static size_t der_integer(unsigned char *to, const unsigned char *from, size_t n)
{
	size_t pad;

	while(n > 1 && *from == 0) {
		from++;
		n--;
	}
	pad = *from >> 7;
	to[0] = 0x02;
	to[1] = (unsigned char)(n + pad);
	to[2] = 0;
	memcpy(to + 2 + pad, from, n);
	return 2 + pad + n;
}

/* r || s (RFC 7518 3.4) as the SEQUENCE that OpenSSL reads; its length. The
 * body is at most 2 * (3 + 66) bytes, so one long-form length byte is enough. */
static size_t der_signature(unsigned char out[DER_MAX], const unsigned char *raw, size_t coord)
{
	unsigned char body[DER_MAX];
	size_t n, head = 2;

	n = der_integer(body, raw, coord);
	n += der_integer(body + n, raw + coord, coord);
	out[0] = 0x30;
	if(n > 127)
		out[head++ - 1] = 0x81;
	out[head - 1] = (unsigned char)n;
	memcpy(out + head, body, n);
	return head + n;
}

/* RFC 7518 3.2; RFC 8725 3.1: with a secret there is nothing to verify but
 * what one makes oneself. */
static enum wims_reason verify_hmac(EVP_PKEY *pkey, const struct wims_alg *alg,
									struct wims_pl input, struct wims_pl signature)
{
	enum wims_reason r = WIMS_CRYPTO_FAILED;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char code[EVP_MAX_MD_SIZE];
	size_t len = sizeof(code);

	if(ctx != NULL && EVP_DigestSignInit_ex(ctx, NULL, alg->digest, NULL, NULL, pkey, NULL) == 1
	   && EVP_DigestSign(ctx, code, &len, bytes(input), input.l) == 1)
		r = wims_ct_equal(signature, (struct wims_pl){(char *)code, len}) ? WIMS_OK
																		  : WIMS_SIGNATURE_BAD;
	OPENSSL_cleanse(code, sizeof(code)); /* a good signature, which nobody is to read */
	EVP_MD_CTX_free(ctx);
	if(r == WIMS_CRYPTO_FAILED)
		ERR_clear_error();
	return r;
}

/* RFC 8032: over the text itself */
static enum wims_reason verify_eddsa(EVP_PKEY *pkey, struct wims_pl input, struct wims_pl signature)
{
	enum wims_reason r = WIMS_CRYPTO_FAILED;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if(ctx != NULL && EVP_DigestVerifyInit_ex(ctx, NULL, NULL, NULL, NULL, pkey, NULL) == 1)
		r = EVP_DigestVerify(ctx, bytes(signature), signature.l, bytes(input), input.l) == 1
					? WIMS_OK
					: WIMS_SIGNATURE_BAD;
	EVP_MD_CTX_free(ctx);
	return r;
}

/* As EVP_DigestVerify() does it, which makes all of it anew for each signature. */
static enum wims_reason verify_digest(EVP_PKEY *pkey, const struct wims_alg *alg,
									  struct wims_pl input, struct wims_pl signature)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct wims_kept_pair kept;
	unsigned len = 0;

	if(!wims_kept_verify(&kept, pkey, alg) || EVP_DigestUpdate(kept.digest, input.p, input.l) != 1
	   || EVP_DigestFinal_ex(kept.digest, digest, &len) != 1)
		return WIMS_CRYPTO_FAILED;
	return EVP_PKEY_verify(kept.verify, bytes(signature), signature.l, digest, len) == 1
				   ? WIMS_OK
				   : WIMS_SIGNATURE_BAD;
}

/* There is one spelling of a signature: for RSA as many octets as the modulus has (RFC 8017
 * 8.1.2, 8.2.2). OpenSSL takes one of PSS for a number, and its first zeros may be missing. */
static bool length_fits(const struct wims_verifier *key, const struct wims_alg *alg, size_t len)
{
	switch(alg->family) {
		case WIMS_FAMILY_ECDSA:
			return len == 2 * curves[key->type].coord;
		case WIMS_FAMILY_PKCS1:
		case WIMS_FAMILY_PSS:
			return len == ((size_t)EVP_PKEY_get_bits(key->evp) + 7) / 8;
		default:
			return len > 0;
	}
}

enum wims_reason wims_signature_verify(const struct wims_verifier *key, const struct wims_alg *alg,
									   struct wims_pl input, struct wims_pl signature)
{
	size_t coord = curves[key->type].coord;
	unsigned char der[DER_MAX];
	enum wims_reason r;

	if((alg->key_types & (UINT32_C(1) << key->type)) == 0)
		return WIMS_ALG_MISMATCH;
	if(alg->family == WIMS_FAMILY_HMAC)
		return verify_hmac(key->evp, alg, input, signature);
	if(!length_fits(key, alg, signature.l))
		return WIMS_SIGNATURE_BAD;
	if(alg->family == WIMS_FAMILY_ECDSA)
		signature = (struct wims_pl){(char *)der, der_signature(der, bytes(signature), coord)};
	r = alg->family == WIMS_FAMILY_EDDSA ? verify_eddsa(key->evp, input, signature)
										 : verify_digest(key->evp, alg, input, signature);
	if(r != WIMS_OK)
		ERR_clear_error();
	return r;
}
