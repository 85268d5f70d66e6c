/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_token.h"

#include <string.h>

#include "identity/wims_impu.h"
#include "wims_claims.h"

/* One validation under way. */
struct reading
{
	struct wims_token *out;
	const struct wims_wwsf *wwsf;
	const struct wims_json_value *claims;
	struct wims_w text; /* over out->text */
	int64_t now;
};

/* All but text[], which is never read past used. */
static void clear(struct wims_token *out)
{
	memset(out, 0, offsetof(struct wims_token, text));
}

/* A copy that lives as long as the result; rd->text remembers an overflow. */
static struct wims_pl keep(struct reading *rd, struct wims_pl s)
{
	size_t from = rd->text.len;

	wims_w_pl(&rd->text, s);
	return (struct wims_pl){rd->out->text + from, rd->text.len - from};
}

static bool listed(struct wims_pl_list list, struct wims_pl s)
{
	size_t i;

	for(i = 0; i < list.count; i++)
		if(wims_pl_eq(list.at[i], s))
			return true;
	return false;
}

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
static enum wims_reason check_typ(const struct reading *rd, const struct wims_jws_header *head)
{
	const struct wims_pl_list *accepted = &rd->wwsf->typ;
	struct wims_pl typ = {head->typ, head->typ_len};
	size_t i;

	if(head->has_cty)
		return WIMS_TOKEN_TYP;
	if(rd->wwsf->require_at_jwt)
		return head->has_typ && typ_is(typ, WIMS_PL("at+jwt")) ? WIMS_OK : WIMS_TOKEN_TYP;
	if(accepted->count == 0
	   && (!head->has_typ || typ_is(typ, WIMS_PL("JWT")) || typ_is(typ, WIMS_PL("at+jwt"))))
		return WIMS_OK;
	for(i = 0; head->has_typ && i < accepted->count; i++)
		if(typ_is(typ, accepted->at[i]))
			return WIMS_OK;
	return WIMS_TOKEN_TYP;
}

/* RFC 7519 4.1.3 */
static enum wims_reason check_audience(const struct reading *rd)
{
	struct wims_claim_list aud;
	enum wims_claim c = wims_claim_list(&aud, rd->claims, WIMS_PL("aud"));
	size_t i;

	if(c != WIMS_CLAIM_OK)
		return wims_claim_reason(c);
	for(i = 0; i < aud.count; i++)
		if(listed(rd->wwsf->audiences, wims_claim_list_at(&aud, i)))
			return WIMS_OK;
	return WIMS_AUDIENCE_MISMATCH;
}

static enum wims_reason optional_time(int64_t *out, const struct reading *rd, struct wims_pl name)
{
	enum wims_claim c = wims_claim_time(out, rd->claims, name, WIMS_ROUND_UP);

	return c == WIMS_CLAIM_ABSENT ? WIMS_OK : wims_claim_reason(c);
}

/* RFC 7519 4.1.4 - 4.1.6. A fraction of a second never makes a token live
 * longer or start earlier. The clock stands alone on its side, so no sum can
 * overflow. */
static enum wims_reason check_times(const struct reading *rd)
{
	const struct wims_wwsf *w = rd->wwsf;
	struct wims_token *t = rd->out;
	enum wims_claim c = wims_claim_time(&t->exp, rd->claims, WIMS_PL("exp"), WIMS_ROUND_DOWN);
	enum wims_reason r = wims_claim_reason(c);
	bool has_iat = wims_json_member(rd->claims, "iat") != NULL;

	if(r == WIMS_OK)
		r = optional_time(&t->nbf, rd, WIMS_PL("nbf"));
	if(r == WIMS_OK)
		r = optional_time(&t->iat, rd, WIMS_PL("iat"));
	if(r != WIMS_OK)
		return r;
	if(t->exp + w->leeway <= rd->now)
		return WIMS_TOKEN_EXPIRED;
	if(t->nbf - w->leeway > rd->now || t->iat - w->leeway > rd->now)
		return WIMS_TOKEN_NOT_YET;
	if(w->max_lifetime == 0)
		return WIMS_OK;
	/* without iat the token counts as issued now, by the fastest clock allowed */
	if(has_iat ? t->exp - t->iat > w->max_lifetime : t->exp - w->max_lifetime - w->leeway > rd->now)
		return WIMS_TOKEN_LIFETIME;
	return WIMS_OK;
}

/* RFC 9068 2.2: what an access token has beyond what every token must have; jti
 * is asked for where it is read. */
static enum wims_reason check_at_jwt(const struct reading *rd)
{
	struct wims_pl client_id;

	if(!rd->wwsf->require_at_jwt)
		return WIMS_OK;
	if(wims_json_member(rd->claims, "iat") == NULL)
		return WIMS_CLAIM_MISSING;
	return wims_claim_reason(
			wims_claim_text(&client_id, rd->claims, WIMS_PL("client_id"), WIMS_TOKEN_NAME_MAX));
}

static enum wims_reason check_required(const struct reading *rd)
{
	const struct wims_claim_rules *rules = &rd->wwsf->required_claims;
	enum wims_reason r = WIMS_OK;
	size_t i;

	for(i = 0; r == WIMS_OK && i < rules->count; i++)
		r = wims_claim_reason(wims_claim_obeys(rd->claims, &rules->at[i]));
	return r;
}

/* Is word one of the space-separated words of text? */
static bool has_word(struct wims_pl text, struct wims_pl word)
{
	while(text.l > 0) {
		size_t end = wims_pl_find(text, ' ');

		if(wims_pl_eq((struct wims_pl){text.p, end}, word))
			return true;
		text = wims_pl_from(text, end + 1);
	}
	return false;
}

/* RFC 9068 2.2.3 writes one string of words, other servers an array. */
static enum wims_reason read_scope(struct reading *rd)
{
	struct wims_pl needed = rd->wwsf->scope, name = rd->wwsf->claims.scope;
	struct wims_claim_list list;
	enum wims_claim c = wims_claim_list(&list, rd->claims, name);
	bool array = wims_json_type(list.value) == WIMS_JSON_ARRAY;
	size_t i, from = rd->text.len;

	if(c != WIMS_CLAIM_OK && c != WIMS_CLAIM_ABSENT)
		return wims_claim_reason(c);
	for(i = 0; i < list.count; i++) {
		struct wims_pl s = wims_claim_list_at(&list, i);

		if(!wims_claim_text_ok(s) || (array && wims_pl_find(s, ' ') < s.l))
			return WIMS_CLAIM_VALUE;
		if(i > 0)
			wims_w_lit(&rd->text, " ");
		wims_w_pl(&rd->text, s);
	}
	rd->out->scope = (struct wims_pl){rd->out->text + from, rd->text.len - from};
	if(rd->out->scope.l > WIMS_TOKEN_SCOPE_MAX)
		return WIMS_CLAIM_VALUE;
	return needed.l == 0 || has_word(rd->out->scope, needed) ? WIMS_OK : WIMS_SCOPE_MISSING;
}

static enum wims_reason read_text(struct reading *rd, struct wims_pl *out, struct wims_pl name,
								  size_t max, bool required)
{
	struct wims_pl text;
	enum wims_claim c = wims_claim_text(&text, rd->claims, name, max);

	*out = keep(rd, text);
	return c == WIMS_CLAIM_ABSENT && !required ? WIMS_OK : wims_claim_reason(c);
}

/* TS 33.203 X.3.2.3 step 0 has the WWSF for the OAuth client: client_id in RFC
 * 9068 2.2, azp in OpenID Connect Core 2. */
static enum wims_reason read_wwsf_id(struct reading *rd)
{
	struct wims_pl name = rd->wwsf->claims.wwsf;
	struct wims_pl_list allowed = rd->wwsf->wwsf_ids;
	struct wims_pl *id = &rd->out->client_id;
	bool named = name.l > 0, needed = allowed.count > 0;
	enum wims_reason r;

	r = read_text(rd, id, named ? name : WIMS_PL("client_id"), WIMS_TOKEN_NAME_MAX,
				  named && needed);
	if(r == WIMS_OK && id->l == 0 && !named)
		r = read_text(rd, id, WIMS_PL("azp"), WIMS_TOKEN_NAME_MAX, needed);
	if(r != WIMS_OK)
		return r;
	return needed && !listed(allowed, *id) ? WIMS_WWSF_MISMATCH : WIMS_OK;
}

static enum wims_reason read_names(struct reading *rd)
{
	struct wims_token *t = rd->out;
	enum wims_reason r;

	r = read_text(rd, &t->issuer, WIMS_PL("iss"), WIMS_TOKEN_ISSUER_MAX, true);
	if(r == WIMS_OK)
		r = read_text(rd, &t->subject, WIMS_PL("sub"), WIMS_TOKEN_NAME_MAX, true);
	if(r == WIMS_OK)
		r = read_text(rd, &t->jti, WIMS_PL("jti"), WIMS_TOKEN_NAME_MAX, rd->wwsf->require_at_jwt);
	if(r == WIMS_OK)
		r = read_wwsf_id(rd);
	if(r == WIMS_OK)
		r = read_text(rd, &t->waf, rd->wwsf->claims.waf, WIMS_TOKEN_ISSUER_MAX, false);
	return r;
}

/* TS 33.203 X.3.1 REQ 2.4: the IMPI is the token's, and the WWSF's to give. */
static enum wims_reason read_impi(struct reading *rd)
{
	char buf[WIMS_IMPI_MAX];
	struct wims_pl text, impi;
	enum wims_claim c = wims_claim_text(&text, rd->claims, rd->wwsf->claims.impi, WIMS_IMPI_MAX);

	if(c != WIMS_CLAIM_OK)
		return wims_claim_reason(c);
	if(wims_impi_canonical(&impi, buf, sizeof(buf), text) != WIMS_OK)
		return WIMS_CLAIM_VALUE;
	if(!wims_wwsf_owns_impi(rd->wwsf, impi))
		return WIMS_IMPI_NOT_ENTITLED;
	rd->out->impi = keep(rd, impi);
	return WIMS_OK;
}

static enum wims_reason add_impu(struct reading *rd, struct wims_pl text)
{
	struct wims_token *t = rd->out;
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;

	if(text.l > WIMS_IMPU_MAX || !wims_claim_text_ok(text)
	   || wims_impu_canonical(&impu, buf, sizeof(buf), text) != WIMS_OK)
		return WIMS_CLAIM_VALUE;
	if(!wims_wwsf_owns_impu(rd->wwsf, impu))
		return WIMS_IMPU_NOT_ENTITLED;
	if(listed((struct wims_pl_list){t->impus, t->impu_count}, impu))
		return WIMS_OK; /* another spelling of the same */
	if(t->impu_count == WIMS_TOKEN_IMPUS_MAX)
		return WIMS_CLAIM_VALUE;
	t->impus[t->impu_count++] = keep(rd, impu);
	return WIMS_OK;
}

static enum wims_reason read_impus(struct reading *rd)
{
	struct wims_claim_list list;
	enum wims_claim c = wims_claim_list(&list, rd->claims, rd->wwsf->claims.impu);
	enum wims_reason r = wims_claim_reason(c);
	size_t i;

	for(i = 0; r == WIMS_OK && i < list.count; i++)
		r = add_impu(rd, wims_claim_list_at(&list, i));
	return r == WIMS_OK && list.count == 0 ? WIMS_CLAIM_VALUE : r;
}

/* A token whose life is about to end is good, but not worth a registration:
 * comes last, so that every other fault is told first. */
static enum wims_reason check_remaining(const struct reading *rd)
{
	int64_t floor = rd->wwsf->min_remaining;

	return floor > 0 && rd->out->exp - floor < rd->now ? WIMS_TOKEN_NEARLY_EXPIRED : WIMS_OK;
}

/* Everything that is believed because the signature is good. */
static enum wims_reason check_claims(struct reading *rd, const struct wims_jws_header *head)
{
	enum wims_reason r;

	if((r = check_typ(rd, head)) != WIMS_OK || (r = check_audience(rd)) != WIMS_OK
	   || (r = check_times(rd)) != WIMS_OK || (r = check_at_jwt(rd)) != WIMS_OK
	   || (r = read_names(rd)) != WIMS_OK || (r = read_scope(rd)) != WIMS_OK
	   || (r = check_required(rd)) != WIMS_OK || (r = read_impi(rd)) != WIMS_OK
	   || (r = read_impus(rd)) != WIMS_OK || (r = check_remaining(rd)) != WIMS_OK)
		return r;
	return rd->text.ok ? WIMS_OK : WIMS_CLAIM_VALUE;
}

/* The issuer is not verified here; it only says whose keys to try. */
static enum wims_reason find_wwsf(struct reading *rd, const struct wims_provision *pv)
{
	struct wims_pl issuer;
	enum wims_claim c = wims_claim_text(&issuer, rd->claims, WIMS_PL("iss"), WIMS_TOKEN_ISSUER_MAX);

	if(c != WIMS_CLAIM_OK)
		return wims_claim_reason(c);
	rd->wwsf = wims_provision_by_issuer(pv, issuer);
	return rd->wwsf == NULL ? WIMS_ISSUER_UNKNOWN : WIMS_OK;
}

enum wims_reason wims_token_validate(struct wims_token *out, const struct wims_env *env,
									 const struct wims_provision *pv, struct wims_pl compact,
									 int64_t now)
{
	struct reading rd = {.out = out, .now = now};
	struct wims_json *json = NULL;
	struct wims_jws jws;
	enum wims_reason r;

	clear(out);
	wims_w_init(&rd.text, out->text, sizeof(out->text));
	if((r = wims_jws_parse(&jws, env, compact)) != WIMS_OK)
		goto out;
	r = wims_json_parse(&json, env, jws.payload, sizeof(jws.payload_bytes), NULL);
	if(r != WIMS_OK)
		goto out;
	rd.claims = wims_json_root(json);
	r = WIMS_TOKEN_JSON;
	if(wims_json_type(rd.claims) != WIMS_JSON_OBJECT)
		goto out;
	if((r = find_wwsf(&rd, pv)) != WIMS_OK)
		goto out;
	if((r = wims_jws_verify(&jws, rd.wwsf->keys)) != WIMS_OK)
		goto out;
	r = check_claims(&rd, &jws.header);
out:
	if(r != WIMS_OK)
		clear(out);
	out->wwsf = rd.wwsf;
	out->used = r == WIMS_OK ? rd.text.len : 0;
	out->valid = r == WIMS_OK;
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
