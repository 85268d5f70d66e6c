/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mint.h"

static char *keys_of_wwsf1(void)
{
	static const struct
	{
		enum mint_key key;
		const char *kid;
	} list[] = {{MINT_RSA, "rsa"},   {MINT_P256, "p256"},       {MINT_P384, "p384"},
				{MINT_P521, "p521"}, {MINT_ED25519, "ed25519"}, {MINT_ED448, "ed448"}};
	char *out = mint_text("%s", "");
	size_t i;

	for(i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		char *jwk = mint_jwk(list[i].key, list[i].kid, "");
		char *more = mint_text("%s%s%s", out, i > 0 ? "," : "", jwk);

		free(jwk);
		free(out);
		out = more;
	}
	return out;
}

static char *wwsf1_with(const char *keys, const char *more)
{
	return mint_text(
			"\"name\":\"wwsf1\",\"domain\":\"ims.test\",\"origins\":[\"https://wwsf.test\"],"
			"\"issuer\":\"https://waf.wwsf.test\",\"audience\":[\"https://ims.test\","
			"\"epcscf.ims.test\"],\"keys\":{\"jwks\":{\"keys\":[%s]}},"
			"\"impus\":[\"sip:a*@ims.test\",\"tel:+4930*\"],\"impis\":[\"a*@ims.test\"]%s",
			keys, more);
}

char *world_wwsf1(const char *more)
{
	char *keys = keys_of_wwsf1();
	char *out = wwsf1_with(keys, more);

	free(keys);
	return out;
}

/* more2: further members of wwsf2. */
static struct wims_provision *parse(const char *wwsf1, const char *keys2, const char *more2)
{
	struct wims_provision *pv = NULL;
	struct wims_config_fault fault = {0};
	char *json =
			mint_text("{\"version\":1,\"wwsf\":[{%s},{\"name\":\"wwsf2\",\"domain\":\"ims.test\","
					  "\"origins\":[\"https://other.test\"],\"issuer\":\"https://waf.other.test\","
					  "\"audience\":\"https://ims.test\",\"keys\":{\"jwks\":{\"keys\":[%s]}},"
					  "\"impus\":[\"sip:b*@ims.test\"],\"impis\":[\"b*@ims.test\"]%s}]}",
					  wwsf1, keys2, more2);

	if(wims_provision_parse(&pv, &wims_env_libc, wims_pl_str(json), NULL, &fault) != WIMS_OK) {
		fprintf(stderr, "world: %s: %s\n", fault.path, fault.text);
		abort();
	}
	free(json);
	return pv;
}

struct wims_provision *world_new(const char *more)
{
	char *wwsf1 = world_wwsf1(more), *rsa = mint_jwk(MINT_RSA_OTHER, "rsa", "");
	struct wims_provision *pv = parse(wwsf1, rsa, "");

	free(wwsf1);
	free(rsa);
	return pv;
}

struct wims_provision *world_quick(void)
{
	static const char policy2[] =
			",\"claims\":{\"impi\":\"ims.impi\",\"impu\":\"ims.impu\",\"scope\":\"realm.roles\"},"
			"\"required_claims\":{\"tenant\":[\"red\",7,true],\"ims.class\":\"gold\"},"
			"\"wwsf_id\":[\"web-site\"],\"require_at_jwt\":true";
	char *key = mint_jwk(MINT_ED25519, "ed25519", "");
	char *wwsf1 = wwsf1_with(key, "");
	struct wims_provision *pv = parse(wwsf1, key, policy2);

	free(wwsf1);
	free(key);
	return pv;
}

struct claim
{
	const char *name, *value;
};

/* clang-format off */
static const struct claim good[] = {
	{"iss", "\"https://waf.wwsf.test\""},
	{"sub", "\"user-7\""},
	{"aud", "\"https://ims.test\""},
	{"iat", "1899999900"},
	{"nbf", "1899999900"},
	{"exp", "1900000600"},
	{"jti", "\"id-1\""},
	{"client_id", "\"web-site\""},
	{"scope", "\"openid " WORLD_SCOPE "\""},
	{"impi", "\"alice@ims.test\""},
	{"impu", "[\"sip:alice@ims.test\",\"tel:+4930123\"]"}};
/* clang-format on */

char *world_claims(const char *claim, const char *value)
{
	char *object, *out = mint_text("%s", "");
	bool seen = claim == NULL;
	size_t i, n = sizeof(good) / sizeof(good[0]);

	for(i = 0; i <= n; i++) {
		struct claim c = i < n ? good[i] : (struct claim){claim, seen ? NULL : value};
		char *more;

		if(i < n && claim != NULL && strcmp(c.name, claim) == 0) {
			c.value = value;
			seen = true;
		}
		if(c.value == NULL)
			continue;
		more = mint_text("%s%s\"%s\":%s", out, out[0] == '\0' ? "" : ",", c.name, c.value);
		free(out);
		out = more;
	}
	object = mint_text("{%s}", out);
	free(out);
	return object;
}

struct world world_of(const char *more)
{
	struct world w = {.pv = world_new(more)};
	struct wims_config_fault fault = {"", ""};

	if(wims_provision_ranges(&w.set, &wims_env_libc, w.pv, &fault) != WIMS_OK
	   || !wims_provision_use(w.pv, w.set)) {
		fprintf(stderr, "%s: %s\n", fault.path, fault.text);
		abort();
	}
	return w;
}

void world_end(struct world w)
{
	wims_provision_free(w.pv);
	wims_ranges_free(w.set);
}
