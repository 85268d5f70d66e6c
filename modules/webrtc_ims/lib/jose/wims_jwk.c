/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_jwk.h"

#include "wims_b64.h"
#include "wims_keyset.h"

/* What a member holds; a wrong type is never read as absent. */
enum text
{
	TEXT_OK,
	TEXT_ABSENT,
	TEXT_WRONG_TYPE
};

static enum text text_member(struct wims_pl *out, const struct wims_json_value *jwk,
							 const char *name)
{
	const struct wims_json_value *v = wims_json_member(jwk, name);

	*out = wims_json_string(v);
	if(v == NULL)
		return TEXT_ABSENT;
	return wims_json_type(v) == WIMS_JSON_STRING ? TEXT_OK : TEXT_WRONG_TYPE;
}

/* Does key_ops allow "verify"? (RFC 7517 4.3) */
static bool may_verify(const struct wims_json_value *ops, const char **why)
{
	bool found = false;
	size_t i, j;

	if(wims_json_type(ops) != WIMS_JSON_ARRAY) {
		*why = "\"key_ops\" must be an array of strings";
		return false;
	}
	for(i = 0; i < wims_json_count(ops); i++) {
		struct wims_pl op = wims_json_string(wims_json_at(ops, i));

		if(op.l == 0) {
			*why = "\"key_ops\" must be an array of strings";
			return false;
		}
		for(j = 0; j < i; j++)
			if(wims_pl_eq(op, wims_json_string(wims_json_at(ops, j))))
				*why = "\"key_ops\" names an operation twice";
		if(wims_pl_eq(op, WIMS_PL("verify")))
			found = true;
	}
	return found;
}

/* Is it a signature key? False with *why set: the key is broken. */
static bool is_for_signatures(const struct wims_json_value *jwk, const char **why)
{
	const struct wims_json_value *ops = wims_json_member(jwk, "key_ops");
	struct wims_pl use;

	switch(text_member(&use, jwk, "use")) {
		case TEXT_WRONG_TYPE:
			*why = "\"use\" must be a string";
			return false;
		case TEXT_OK:
			if(!wims_pl_eq(use, WIMS_PL("sig")))
				return false;
			break;
		case TEXT_ABSENT:
			break;
	}
	return ops == NULL || may_verify(ops, why);
}

/* From kty and crv; false when it is a type that is not for us. */
static bool key_type(enum wims_key_type *type, const struct wims_json_value *jwk, const char **why)
{
	/* clang-format off */
	static const struct {struct wims_pl kty, crv; enum wims_key_type type;} types[] = {
		{{"RSA", 3}, {NULL, 0},      WIMS_KEY_RSA},
		{{"EC", 2},  {"P-256", 5},   WIMS_KEY_P256},
		{{"EC", 2},  {"P-384", 5},   WIMS_KEY_P384},
		{{"EC", 2},  {"P-521", 5},   WIMS_KEY_P521},
		{{"OKP", 3}, {"Ed25519", 7}, WIMS_KEY_ED25519},
		{{"OKP", 3}, {"Ed448", 5},   WIMS_KEY_ED448},
		{{"oct", 3}, {NULL, 0},      WIMS_KEY_SECRET}};
	/* clang-format on */
	struct wims_pl kty, crv;
	size_t i;

	if(text_member(&kty, jwk, "kty") != TEXT_OK) {
		*why = "\"kty\" must be a string";
		return false;
	}
	for(i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if(!wims_pl_eq(types[i].kty, kty))
			continue;
		if(types[i].crv.l > 0 && text_member(&crv, jwk, "crv") != TEXT_OK) {
			*why = "\"crv\" must be a string";
			return false;
		}
		if(types[i].crv.l == 0 || wims_pl_eq(types[i].crv, crv)) {
			*type = types[i].type;
			return true;
		}
	}
	return false;
}

/* The algorithms of the key's type, cut down to its own "alg". */
static bool key_algs(uint32_t *algs, const struct wims_json_value *jwk, enum wims_key_type type,
					 const char **why)
{
	const struct wims_alg *alg;
	struct wims_pl name;

	*algs = wims_alg_of_key(type);
	switch(text_member(&name, jwk, "alg")) {
		case TEXT_ABSENT:
			return true;
		case TEXT_WRONG_TYPE:
			*why = "\"alg\" must be a string";
			return false;
		case TEXT_OK:
			break;
	}
	alg = wims_alg_by_name(name);
	if(alg == NULL)
		return false;
	*algs &= WIMS_ALG_BIT(alg->id);
	if(*algs == 0)
		*why = "\"alg\" does not fit the type of the key";
	return *algs != 0;
}

/* The two numbers of a key, decoded. */
struct numbers
{
	unsigned char a[WIMS_SIGNATURE_MAX], b[WIMS_SIGNATURE_MAX];
	struct wims_pl pa, pb;
};

static bool number_member(struct wims_pl *out, unsigned char buf[WIMS_SIGNATURE_MAX],
						  const struct wims_json_value *jwk, const char *name)
{
	struct wims_pl text;
	size_t len;

	if(text_member(&text, jwk, name) != TEXT_OK
	   || !wims_b64_decode(buf, WIMS_SIGNATURE_MAX, &len, text))
		return false;
	*out = (struct wims_pl){(char *)buf, len};
	return true;
}

/* RFC 7518 3.2: at least as long as the hash, so a short secret verifies with
 * fewer algorithms, or with none. */
static enum wims_reason import_secret(struct wims_jwk *out, struct wims_pl secret, const char **why)
{
	out->algs &= wims_alg_of_secret(secret.l);
	*why = "a secret must be as long as the hash at least: 32 bytes for HS256, 48 for HS384, "
		   "64 for HS512";
	return out->algs == 0 ? WIMS_CONFIG_KEY : wims_secret(&out->verifier, secret, why);
}

static enum wims_reason import(struct wims_jwk *jwk_out, enum wims_key_type type,
							   const struct wims_json_value *jwk, const char **why)
{
	struct wims_verifier *out = &jwk_out->verifier;
	struct numbers n;

	switch(type) {
		case WIMS_KEY_RSA:
			*why = "\"n\" and \"e\" must be base64url";
			if(!number_member(&n.pa, n.a, jwk, "n") || !number_member(&n.pb, n.b, jwk, "e"))
				return WIMS_CONFIG_KEY;
			return wims_pubkey_rsa(out, n.pa, n.pb, why);
		case WIMS_KEY_ED25519:
		case WIMS_KEY_ED448:
			*why = "\"x\" must be base64url";
			if(!number_member(&n.pa, n.a, jwk, "x"))
				return WIMS_CONFIG_KEY;
			return wims_pubkey_okp(out, type, n.pa, why);
		case WIMS_KEY_SECRET:
			*why = "\"k\" must be base64url of at most 1024 bytes";
			if(!number_member(&n.pa, n.a, jwk, "k"))
				return WIMS_CONFIG_KEY;
			return import_secret(jwk_out, n.pa, why);
		default:
			*why = "\"x\" and \"y\" must be base64url";
			if(!number_member(&n.pa, n.a, jwk, "x") || !number_member(&n.pb, n.b, jwk, "y"))
				return WIMS_CONFIG_KEY;
			return wims_pubkey_ec(out, type, n.pa, n.pb, why);
	}
}

static const char *kid_fault(struct wims_pl *kid, const struct wims_json_value *jwk)
{
	enum text t = text_member(kid, jwk, "kid");

	if(t == TEXT_WRONG_TYPE || (t == TEXT_OK && (kid->l == 0 || kid->l > WIMS_KID_MAX)))
		return "\"kid\" must be a string of 1 to 255 bytes";
	return NULL;
}

enum wims_reason wims_jwk_parse(struct wims_jwk *out, bool *usable,
								const struct wims_json_value *jwk, uint32_t allowed,
								const char **why)
{
	enum wims_key_type type;
	bool for_us;

	*out = (struct wims_jwk){0};
	*usable = false;
	*why = NULL;
	if(wims_json_type(jwk) != WIMS_JSON_OBJECT) {
		*why = "a key must be an object";
		return WIMS_CONFIG_KEY;
	}
	for_us = key_type(&type, jwk, why) && is_for_signatures(jwk, why)
			 && key_algs(&out->algs, jwk, type, why);
	if(*why != NULL)
		return WIMS_CONFIG_KEY;
	out->algs &= allowed;
	if(!for_us || out->algs == 0)
		return WIMS_OK;
	*why = kid_fault(&out->kid, jwk);
	if(*why == NULL && wims_json_member(jwk, "d") != NULL)
		*why = "a private key; only the public key belongs here";
	if(*why != NULL)
		return WIMS_CONFIG_KEY;
	*usable = true;
	return import(out, type, jwk, why);
}
