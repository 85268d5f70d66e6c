/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_claim.h"

#include <string.h>

#include "jose/wims_b64.h"
#include "token/wims_claims.h"
#include "wk_env.h"
#include "wk_result.h"

/* Of the token that was last found valid in this process. */
static struct
{
	struct wims_json *doc; /* once somebody has asked */
	size_t len;
	bool encoded;
	char text[WIMS_CACHE_CLAIMS_MAX];
} kept;

_Static_assert((int)WIMS_CACHE_CLAIMS_MAX >= (int)WIMS_TOKEN_MAX, "each payload fits as it is");

static void keep(size_t len, bool encoded)
{
	wims_json_free(kept.doc);
	kept.doc = NULL;
	kept.len = len;
	kept.encoded = encoded;
}

void wk_claims_of_token(struct wims_pl compact)
{
	struct wims_pl payload = wims_pl_from(compact, wims_pl_find(compact, '.') + 1);
	size_t len = wims_pl_find(payload, '.');

	if(len > sizeof(kept.text))
		len = 0;
	if(len > 0)
		memcpy(kept.text, payload.p, len);
	keep(len, true);
}

char *wk_claims_room(void)
{
	return kept.text;
}

void wk_claims_of_document(size_t len)
{
	keep(len, false);
}

static const struct wims_json_value *claims(void)
{
	static char bytes[WIMS_CACHE_CLAIMS_MAX];
	struct wims_pl text = {kept.text, kept.len};
	size_t len;

	if(kept.doc != NULL)
		return wims_json_root(kept.doc);
	if(kept.encoded) {
		if(!wims_b64_decode(bytes, sizeof(bytes), &len, text))
			return NULL;
		text = (struct wims_pl){bytes, len};
	}
	if(wims_json_parse(&kept.doc, wk_env(), text, sizeof(bytes), NULL) != WIMS_OK)
		return NULL;
	return wims_json_root(kept.doc);
}

struct wims_pl wk_claim(const sip_msg_t *msg, struct wims_pl name)
{
	static char buf[WIMS_CLAIM_TEXT_MAX];
	const struct wk_result *res = wk_result_peek(msg);
	const struct wims_json_value *all;
	struct wims_w w;

	if(res == NULL || !res->token.valid || name.l == 0 || name.l > WIMS_CLAIM_NAME_MAX
	   || (all = claims()) == NULL)
		return WIMS_PL_NONE;
	wims_w_init(&w, buf, sizeof(buf));
	return wims_claim_print(&w, all, name) == WIMS_CLAIM_OK ? wims_w_done(&w) : WIMS_PL_NONE;
}

int wk_token_claim(sip_msg_t *msg, const str *name)
{
	return wk_claim(msg, wk_pl(name)).l > 0 ? WK_TRUE : WK_FALSE;
}
