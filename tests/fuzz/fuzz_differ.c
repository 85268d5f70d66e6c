/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The token verifier, as for a REGISTER, against a second one (second.h):
 * whatever the second refuses must be refused, and what both accept says the
 * same to both.
 *
 * The other way round there are differences that are meant, and only these:
 *   token_too_long   the second one has no limits
 *   token_json       nor one for the nesting of JSON
 *   claim_value      nor for texts and arrays; and it does not know the grammar
 *                    of SIP and tel URIs, of an IMPI, of a scope in an array
 *   range_not_entitled, impu_not_entitled   it does not compare the expression of a
 *                    range that the token brings
 *
 * An input is: a byte for algorithm and way; a byte with the number of edits,
 * up to 7; each edit is 3 bytes: the place (2 bytes; with the highest bit set it
 * counts from the end) and what to XOR there; then header, line end, payload.
 * Those two are encoded and signed, and then the token is edited; or, with
 * SIGN_LAST, they are edited as they are encoded, and then signed. */

#include <string.h>

#include "fuzz.h"
#include "identity/wims_impu.h"
#include "mint.h"
#include "second.h"
#include "token/wims_token.h"

enum
{
	SIGN_LAST = 0x80,
	FROM_END = 0x80,
	EDITS_MAX = 7,
	EDIT_SIZE = 3
};

static const struct
{
	enum second_key key;
	const char *alg;
} ways[] = {{SECOND_ES256, "ES256"},
			{SECOND_RSA, "RS256"},
			{SECOND_RSA, "PS256"},
			{SECOND_ED25519, "EdDSA"},
			{SECOND_SECRET, "HS256"}};

static void edit(char *text, const uint8_t *edits, size_t count)
{
	size_t i, len = strlen(text);

	for(i = 0; len > 0 && i < count; i++, edits += EDIT_SIZE) {
		size_t place = (edits[0] % FROM_END * 256u + edits[1]) % len;
		char *at = text + (edits[0] < FROM_END ? place : len - 1 - place);

		if((*at ^ (char)edits[2]) != '\0') /* it stays a string */
			*at = (char)(*at ^ (char)edits[2]);
	}
}

static char *with_signature(char *text, uint8_t way)
{
	unsigned char sig[512];
	size_t n = second_sign(sig, ways[way].key, ways[way].alg, text, strlen(text));
	char *encoded = mint_b64((struct wims_pl){(char *)sig, n});
	char *token = mint_text("%s.%s", text, encoded);

	free(encoded);
	free(text);
	return token;
}

/* NULL: the input is too short. */
static char *make_token(const uint8_t *data, size_t size)
{
	size_t count, line;
	struct wims_pl rest;
	char *head, *body, *token;
	uint8_t way;

	if(size < 2)
		return NULL;
	way = (uint8_t)(data[0] % SIGN_LAST % (sizeof(ways) / sizeof(ways[0])));
	count = data[1] % (EDITS_MAX + 1);
	if(size < 2 + count * EDIT_SIZE)
		return NULL;
	rest = (struct wims_pl){(const char *)data + 2 + count * EDIT_SIZE,
							size - 2 - count * EDIT_SIZE};
	line = wims_pl_find(rest, '\n');
	head = mint_b64((struct wims_pl){rest.p, line});
	body = mint_b64(wims_pl_from(rest, line + 1));
	token = mint_text("%s.%s", head, body);
	free(head);
	free(body);
	if(data[0] & SIGN_LAST)
		edit(token, data + 2, count);
	token = with_signature(token, way);
	if(!(data[0] & SIGN_LAST))
		edit(token, data + 2, count);
	return token;
}

static void compare(const struct wims_provision *pv, const char *token)
{
	struct second_claims second;
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;
	struct wims_token t;
	enum wims_reason r =
			wims_token_validate(&t, &wims_env_libc, pv, wims_pl_str(token), SECOND_NOW);
	bool good = second_accepts(&second, token, strlen(token));
	bool brings = t.wwsf != NULL && t.wwsf->ranges.count > 0;

	if(r == WIMS_OK)
		r = wims_token_check_remaining(&t, SECOND_NOW);
	if(r != WIMS_OK) {
		FUZZ_ASSERT(!good || r == WIMS_TOKEN_TOO_LONG || r == WIMS_TOKEN_JSON
					|| r == WIMS_CLAIM_VALUE || (brings && r == WIMS_RANGE_NOT_ENTITLED)
					|| (brings && r == WIMS_IMPU_NOT_ENTITLED));
		return;
	}
	FUZZ_ASSERT(good);
	FUZZ_ASSERT(wims_pl_eq(t.subject, wims_pl_str(second.subject)));
	FUZZ_ASSERT(t.exp == second.exp);
	FUZZ_ASSERT(wims_impu_canonical(&impu, buf, sizeof(buf), wims_pl_str(second.first_impu))
				== WIMS_OK);
	FUZZ_ASSERT(wims_pl_eq(t.impus[0], impu));
}

/* Of one process, as it is. */
static const struct wims_provision *provisioning(void)
{
	static struct wims_provision *pv;
	struct wims_config_fault fault;
	struct wims_ranges *set;

	if(pv != NULL)
		return pv;
	FUZZ_ASSERT(wims_provision_parse(&pv, &wims_env_libc, wims_pl_str(second_provisioning), NULL,
									 &fault)
				== WIMS_OK);
	FUZZ_ASSERT(wims_provision_ranges(&set, &wims_env_libc, pv, &fault) == WIMS_OK);
	FUZZ_ASSERT(wims_provision_use(pv, set));
	return pv;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *token = make_token(data, size);

	if(token != NULL)
		compare(provisioning(), token);
	free(token);
	return 0;
}
