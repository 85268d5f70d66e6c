/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "fuzz.h"
#include "mint.h"
#include "token/wims_claims.h"
#include "token/wims_token.h"
#include "world.h"

/* An input that begins with "+" is "+HEADER\nPAYLOAD" and gets a good
 * signature, so that the claims are reached; any other one is a compact JWS
 * as it stands. */
static enum wims_reason validate(struct wims_token *t, const struct wims_provision *pv,
								 struct wims_pl input)
{
	size_t line = wims_pl_find(input, '\n');
	enum wims_reason r;
	char *header, *token;

	if(input.l == 0 || input.p[0] != '+')
		return wims_token_validate(t, &wims_env_libc, pv, input, WORLD_NOW);
	header = strndup(input.p + 1, line - 1);
	FUZZ_ASSERT(header != NULL);
	token = mint_jws(MINT_ED25519, "EdDSA", header, wims_pl_from(input, line + 1));
	r = wims_token_validate(t, &wims_env_libc, pv, wims_pl_str(token), WORLD_NOW);
	free(header);
	free(token);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wims_provision *pv;
	struct wims_token t;
	enum wims_reason r;
	size_t i;

	if(pv == NULL)
		pv = world_quick();
	r = validate(&t, pv, (struct wims_pl){(const char *)data, size});
	FUZZ_ASSERT(t.valid == (r == WIMS_OK));
	if(r != WIMS_OK) {
		FUZZ_ASSERT(t.used == 0 && t.impu_count == 0 && t.subject.l == 0 && t.impi.l == 0);
		return 0;
	}
	/* what is accepted is whole, fit for SIP, and belongs to its WWSF */
	FUZZ_ASSERT(t.subject.l > 0 && t.impu_count > 0 && t.used <= sizeof(t.text));
	FUZZ_ASSERT(wims_claim_text_ok((struct wims_pl){t.text, t.used}));
	FUZZ_ASSERT(wims_wwsf_owns_impi(t.wwsf, t.impi));
	for(i = 0; i < t.impu_count; i++)
		FUZZ_ASSERT(wims_wwsf_owns_impu(t.wwsf, t.impus[i]));
	FUZZ_ASSERT(t.exp + t.wwsf->leeway > WORLD_NOW);
	FUZZ_ASSERT(wims_token_check_times(&t, WORLD_NOW) == WIMS_OK);
	FUZZ_ASSERT(t.nbf <= WORLD_NOW + t.wwsf->leeway && t.iat <= WORLD_NOW + t.wwsf->leeway);
	return 0;
}
