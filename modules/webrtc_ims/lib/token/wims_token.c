/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_token.h"

#include "wims_claims.h"
#include "wims_judge.h"

/* RFC 7515 4.1.9: a media type, of which "application/" may be left out. */
static struct wims_pl subtype(struct wims_pl typ)
{
	struct wims_pl tree = WIMS_PL("application/");
	struct wims_pl rest = wims_pl_from(typ, tree.l);

	return wims_pl_casestarts(typ, tree) && wims_pl_find(rest, '/') == rest.l ? rest : typ;
}

static bool typ_is(struct wims_pl typ, struct wims_pl wanted)
{
	return wims_pl_caseeq(subtype(typ), subtype(wanted));
}

/* RFC 8725 3.11, RFC 9068 4. cty marks a nested token (RFC 7519 5.2). */
static enum wims_reason check_typ(const struct wims_judging *j, const struct wims_jws_header *head)
{
	const struct wims_pl_list *accepted = &j->wwsf->typ;
	struct wims_pl typ = {head->typ, head->typ_len};
	size_t i;

	if(head->has_cty)
		return WIMS_TOKEN_TYP;
	if(j->wwsf->require_at_jwt)
		return head->has_typ && typ_is(typ, WIMS_PL("at+jwt")) ? WIMS_OK : WIMS_TOKEN_TYP;
	if(accepted->count == 0
	   && (!head->has_typ || typ_is(typ, WIMS_PL("JWT")) || typ_is(typ, WIMS_PL("at+jwt"))))
		return WIMS_OK;
	for(i = 0; head->has_typ && i < accepted->count; i++)
		if(typ_is(typ, accepted->at[i]))
			return WIMS_OK;
	return WIMS_TOKEN_TYP;
}

/* The issuer is not verified here; it only says whose keys to try. */
static enum wims_reason find_wwsf(struct wims_judging *j, const struct wims_provision *pv)
{
	struct wims_pl issuer;
	enum wims_claim c = wims_claim_text(&issuer, j->claims, WIMS_PL("iss"), WIMS_TOKEN_ISSUER_MAX);

	if(c != WIMS_CLAIM_OK)
		return wims_claim_reason(c);
	j->wwsf = wims_provision_by_issuer(pv, issuer);
	return j->wwsf == NULL ? WIMS_ISSUER_UNKNOWN : WIMS_OK;
}

enum wims_reason wims_token_validate(struct wims_token *out, const struct wims_env *env,
									 const struct wims_provision *pv, struct wims_pl compact,
									 int64_t now)
{
	struct wims_json *json = NULL;
	struct wims_judging j;
	struct wims_jws jws;
	enum wims_reason r;

	wims_judging_begin(&j, out, env, now);
	if((r = wims_jws_parse(&jws, env, compact)) != WIMS_OK)
		goto out;
	r = wims_json_parse(&json, env, jws.payload, sizeof(jws.payload_bytes), NULL);
	if(r != WIMS_OK)
		goto out;
	j.claims = wims_json_root(json);
	r = WIMS_TOKEN_JSON;
	if(wims_json_type(j.claims) != WIMS_JSON_OBJECT)
		goto out;
	if((r = find_wwsf(&j, pv)) != WIMS_OK)
		goto out;
	if((r = wims_jws_verify(&jws, j.wwsf->keys)) != WIMS_OK)
		goto out;
	if((r = check_typ(&j, &jws.header)) != WIMS_OK)
		goto out;
	r = wims_judge_claims(&j);
out:
	r = wims_judging_end(&j, r);
	wims_json_free(json);
	return r;
}

enum wims_reason wims_token_signature(const struct wims_env *env, const struct wims_keyset *keys,
									  struct wims_pl compact)
{
	struct wims_jws jws;
	enum wims_reason r = wims_jws_parse(&jws, env, compact);

	return r == WIMS_OK ? wims_jws_verify(&jws, keys) : r;
}
