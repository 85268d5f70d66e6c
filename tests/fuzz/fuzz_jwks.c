/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "base/wims_env.h"
#include "fuzz.h"
#include "jose/wims_keyset.h"

enum
{
	ALL = WIMS_ALG_PUBLIC | WIMS_ALG_HMAC
};

static bool is_rsa(const struct wims_json_value *jwk)
{
	return wims_pl_eq(wims_json_string(wims_json_member(jwk, "kty")), WIMS_PL("RSA"));
}

/* OpenSSL judges a modulus that is none by chance: a number with a factor in
 * common with its random witness is refused, with another witness it is not. */
static bool has_rsa(const struct wims_json_value *jwks)
{
	const struct wims_json_value *keys = wims_json_member(jwks, "keys");
	bool found = is_rsa(jwks);
	size_t i;

	for(i = 0; !found && i < wims_json_count(keys); i++)
		found = is_rsa(wims_json_at(keys, i));
	return found;
}

/* A published set is what the strict reader takes, or less: it takes all that is
 * taken there, and leaves nothing out of it. */
static void check_published(const struct wims_json_value *jwks)
{
	struct wims_keyset *strict = NULL, *published = NULL;
	struct wims_key_fault fault = {0};
	bool all = wims_keyset_from_jwks(&strict, &wims_env_libc, jwks, ALL, NULL) == WIMS_OK;
	bool some =
			wims_keyset_from_published(&published, &wims_env_libc, jwks, ALL, &fault) == WIMS_OK;

	FUZZ_ASSERT(!all || (some && fault.left_out == 0));
	FUZZ_ASSERT(!all || wims_keyset_count(strict) == wims_keyset_count(published));
	FUZZ_ASSERT(some == (wims_keyset_count(published) > 0));
	wims_keyset_free(strict);
	wims_keyset_free(published);
}

/* Text that begins with "-" is PEM, everything else a JWK or a JWK set. */
static enum wims_reason read_keys(struct wims_keyset **ks, struct wims_pl text,
								  struct wims_key_fault *fault)
{
	struct wims_json *doc = NULL;
	enum wims_reason r;

	if(text.l > 0 && text.p[0] == '-')
		return wims_keyset_from_pem(ks, &wims_env_libc, text, WIMS_PL("k"), ALL, fault);
	r = wims_json_parse(&doc, &wims_env_libc, text, 8192, NULL);
	if(r == WIMS_OK) {
		if(!has_rsa(wims_json_root(doc)))
			check_published(wims_json_root(doc));
		r = wims_keyset_from_jwks(ks, &wims_env_libc, wims_json_root(doc), ALL, fault);
	}
	wims_json_free(doc);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_keyset *ks = NULL;
	struct wims_key_fault fault;
	struct wims_pl text = {(const char *)data, size};
	const struct wims_key *key;
	size_t i;

	if(read_keys(&ks, text, &fault) != WIMS_OK) {
		FUZZ_ASSERT(ks == NULL);
		return 0;
	}
	FUZZ_ASSERT(wims_keyset_count(ks) >= 1 && wims_keyset_count(ks) <= WIMS_KEYS_MAX);
	key = wims_keyset_find(ks, WIMS_PL_NONE);
	FUZZ_ASSERT((key != NULL) == (wims_keyset_count(ks) == 1));
	/* no key takes this for a signature */
	for(i = 0; key != NULL && i < WIMS_ALG_COUNT; i++)
		FUZZ_ASSERT(wims_key_verify(key, wims_alg_at(i), text, WIMS_PL("x")) != WIMS_OK);
	wims_keyset_free(ks);
	return 0;
}
