/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzz.h"
#include "token/wims_claims.h"
#include "token/wims_introspection.h"
#include "world.h"

/* The answer of a token server. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wims_provision *pv;
	const struct wims_wwsf *w;
	struct wims_token t;
	enum wims_reason r;
	size_t i;

	if(pv == NULL)
		pv = world_quick();
	w = wims_provision_at(pv, size % 2);
	r = wims_introspection_validate(&t, &wims_env_libc, w,
									(struct wims_pl){(const char *)data, size}, WORLD_NOW);
	FUZZ_ASSERT(t.valid == (r == WIMS_OK) && t.wwsf == w);
	if(r != WIMS_OK) {
		FUZZ_ASSERT(t.used == 0 && t.impu_count == 0 && t.subject.l == 0 && t.impi.l == 0);
		return 0;
	}
	FUZZ_ASSERT(t.subject.l > 0 && t.impu_count > 0 && t.used <= sizeof(t.text));
	FUZZ_ASSERT(wims_claim_text_ok((struct wims_pl){t.text, t.used}));
	FUZZ_ASSERT(wims_wwsf_owns_impi(w, t.impi));
	for(i = 0; i < t.impu_count; i++)
		FUZZ_ASSERT(wims_wwsf_owns_impu(w, t.impus[i]));
	FUZZ_ASSERT(t.exp + w->leeway > WORLD_NOW);
	FUZZ_ASSERT(t.nbf <= WORLD_NOW + w->leeway && t.iat <= WORLD_NOW + w->leeway);
	return 0;
}
