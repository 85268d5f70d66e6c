/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_judge.h"

#include <string.h>

#include "identity/wims_impu.h"
#include "wims_brought.h"
#include "wims_claims.h"
#include "wims_exclusive.h"
#include "wims_user.h"

void wims_judging_begin(struct wims_judging *j, struct wims_token *out, const struct wims_env *env,
						int64_t now)
{
	*j = (struct wims_judging){.out = out, .env = env, .now = now};
	/* all but text[], which is never read past used */
	memset(out, 0, offsetof(struct wims_token, text));
	wims_w_init(&j->text, out->text, sizeof(out->text));
}

enum wims_reason wims_judging_end(struct wims_judging *j, enum wims_reason r)
{
	if(r == WIMS_OK && !j->text.ok)
		r = WIMS_CLAIM_VALUE;
	if(r != WIMS_OK)
		memset(j->out, 0, offsetof(struct wims_token, text));
	j->out->wwsf = j->wwsf;
	j->out->used = r == WIMS_OK ? j->text.len : 0;
	j->out->valid = r == WIMS_OK;
	return r;
}

/* A copy that lives as long as the result; j->text remembers an overflow. */
static struct wims_pl keep(struct wims_judging *j, struct wims_pl s)
{
	size_t from = j->text.len;

	wims_w_pl(&j->text, s);
	return (struct wims_pl){j->out->text + from, j->text.len - from};
}

static bool listed(struct wims_pl_list list, struct wims_pl s)
{
	size_t i;

	for(i = 0; i < list.count; i++)
		if(wims_pl_eq(list.at[i], s))
			return true;
	return false;
}

/* RFC 7519 4.1.3 */
static enum wims_reason check_audience(const struct wims_judging *j)
{
	struct wims_claim_list aud;
	enum wims_claim c = wims_claim_list(&aud, j->claims, WIMS_PL("aud"));
	size_t i;

	if(c != WIMS_CLAIM_OK)
		return wims_claim_reason(c);
	for(i = 0; i < aud.count; i++)
		if(listed(j->wwsf->audiences, wims_claim_list_at(&aud, i)))
			return WIMS_OK;
	return WIMS_AUDIENCE_MISMATCH;
}

static enum wims_reason optional_time(int64_t *out, const struct wims_judging *j,
									  struct wims_pl name, enum wims_rounding rounding)
{
	enum wims_claim c = wims_claim_time(out, j->claims, name, rounding);

	return c == WIMS_CLAIM_ABSENT ? WIMS_OK : wims_claim_reason(c);
}

/* A fraction of a second never makes a token live longer or start earlier. The
 * clock stands alone on its side, so no sum can overflow. */
static enum wims_reason judge_times(const struct wims_token *t, const struct wims_wwsf *w,
									int64_t now)
{
	if(t->exp + w->leeway <= now)
		return WIMS_TOKEN_EXPIRED;
	if(t->nbf - w->leeway > now || t->iat - w->leeway > now)
		return WIMS_TOKEN_NOT_YET;
	if(w->max_lifetime == 0)
		return WIMS_OK;
	/* without iat the token counts as issued now, by the fastest clock allowed */
	if(t->has_iat ? t->exp - t->iat > w->max_lifetime : t->exp - w->max_lifetime - w->leeway > now)
		return WIMS_TOKEN_LIFETIME;
	return WIMS_OK;
}

enum wims_reason wims_token_check_times(const struct wims_token *t, int64_t now)
{
	return judge_times(t, t->wwsf, now);
}

enum wims_reason wims_token_check_remaining(const struct wims_token *t, int64_t now)
{
	int64_t floor = t->wwsf->min_remaining;

	return floor > 0 && t->exp - floor < now ? WIMS_TOKEN_NEARLY_EXPIRED : WIMS_OK;
}

/* RFC 7519 4.1.4 - 4.1.6 */
static enum wims_reason check_times(const struct wims_judging *j)
{
	struct wims_token *t = j->out;
	enum wims_claim c = wims_claim_time(&t->exp, j->claims, WIMS_PL("exp"), WIMS_ROUND_DOWN);
	enum wims_reason r = wims_claim_reason(c);

	t->has_iat = wims_json_member(j->claims, "iat") != NULL;
	if(r == WIMS_OK)
		r = optional_time(&t->nbf, j, WIMS_PL("nbf"), WIMS_ROUND_UP);
	if(r == WIMS_OK)
		r = optional_time(&t->iat, j, WIMS_PL("iat"), WIMS_ROUND_UP);
	if(r == WIMS_OK)
		r = judge_times(t, j->wwsf, j->now);
	/* as the time when it begins it goes up; as the age of the token, which its
	 * lifetime and revocations are about, down */
	if(r == WIMS_OK)
		r = optional_time(&t->iat, j, WIMS_PL("iat"), WIMS_ROUND_DOWN);
	return r == WIMS_OK ? judge_times(t, j->wwsf, j->now) : r;
}

/* RFC 9068 2.2: what an access token has beyond what every token must have; jti
 * is asked for where it is read. */
static enum wims_reason check_at_jwt(const struct wims_judging *j)
{
	struct wims_pl client_id;

	if(j->by_server || !j->wwsf->require_at_jwt)
		return WIMS_OK;
	if(wims_json_member(j->claims, "iat") == NULL)
		return WIMS_CLAIM_MISSING;
	return wims_claim_reason(
			wims_claim_text(&client_id, j->claims, WIMS_PL("client_id"), WIMS_TOKEN_NAME_MAX));
}

static enum wims_reason check_required(const struct wims_judging *j)
{
	const struct wims_claim_rules *rules = &j->wwsf->required_claims;
	enum wims_reason r = WIMS_OK;
	size_t i;

	for(i = 0; r == WIMS_OK && i < rules->count; i++)
		r = wims_claim_reason(wims_claim_obeys(j->claims, &rules->at[i]));
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
static enum wims_reason read_scope(struct wims_judging *j)
{
	struct wims_pl needed = j->wwsf->scope, name = j->wwsf->claims.scope;
	struct wims_claim_list list;
	enum wims_claim c = wims_claim_list(&list, j->claims, name);
	bool array = wims_json_type(list.value) == WIMS_JSON_ARRAY;
	size_t i, from = j->text.len;

	if(c != WIMS_CLAIM_OK && c != WIMS_CLAIM_ABSENT)
		return wims_claim_reason(c);
	for(i = 0; i < list.count; i++) {
		struct wims_pl s = wims_claim_list_at(&list, i);

		if(!wims_claim_text_ok(s) || (array && wims_pl_find(s, ' ') < s.l))
			return WIMS_CLAIM_VALUE;
		if(i > 0)
			wims_w_lit(&j->text, " ");
		wims_w_pl(&j->text, s);
	}
	j->out->scope = (struct wims_pl){j->out->text + from, j->text.len - from};
	if(j->out->scope.l > WIMS_TOKEN_SCOPE_MAX)
		return WIMS_CLAIM_VALUE;
	return needed.l == 0 || has_word(j->out->scope, needed) ? WIMS_OK : WIMS_SCOPE_MISSING;
}

static enum wims_reason read_text(struct wims_judging *j, struct wims_pl *out, struct wims_pl name,
								  size_t max, bool required)
{
	struct wims_pl text;
	enum wims_claim c = wims_claim_text(&text, j->claims, name, max);

	*out = keep(j, text);
	return c == WIMS_CLAIM_ABSENT && !required ? WIMS_OK : wims_claim_reason(c);
}

/* TS 33.203 X.3.2.3 step 0 has the WWSF for the OAuth client: client_id in RFC
 * 9068 2.2, azp in OpenID Connect Core 2. */
static enum wims_reason read_wwsf_id(struct wims_judging *j)
{
	struct wims_pl name = j->wwsf->claims.wwsf;
	struct wims_pl_list allowed = j->wwsf->wwsf_ids;
	struct wims_pl *id = &j->out->client_id;
	bool named = name.l > 0, needed = allowed.count > 0;
	enum wims_reason r;

	r = read_text(j, id, named ? name : WIMS_PL("client_id"), WIMS_TOKEN_NAME_MAX, named && needed);
	if(r == WIMS_OK && id->l == 0 && !named)
		r = read_text(j, id, WIMS_PL("azp"), WIMS_TOKEN_NAME_MAX, needed);
	if(r != WIMS_OK)
		return r;
	return needed && !listed(allowed, *id) ? WIMS_WWSF_MISMATCH : WIMS_OK;
}

/* Of a signed token it has chosen the keys; a server may leave it out (RFC 7662
 * 2.2), but names no other one. */
static enum wims_reason read_issuer(struct wims_judging *j)
{
	struct wims_pl *issuer = &j->out->issuer;
	enum wims_reason r = read_text(j, issuer, WIMS_PL("iss"), WIMS_TOKEN_ISSUER_MAX, !j->by_server);

	return r == WIMS_OK && issuer->l > 0 && !listed(j->wwsf->issuers, *issuer) ? WIMS_ISSUER_UNKNOWN
																			   : r;
}

/* TS 23.228 U.2.1.4: the WWSF need not know who its user is. Where it may say so
 * by leaving the subject out, no subject may look like that of such a user. */
static enum wims_reason read_subject(struct wims_judging *j, bool at_jwt)
{
	bool anonymous = j->wwsf->anonymous;
	enum wims_reason r;

	r = read_text(j, &j->out->subject, WIMS_PL("sub"), WIMS_TOKEN_NAME_MAX, at_jwt || !anonymous);
	if(r == WIMS_OK && anonymous && wims_pl_starts(j->out->subject, WIMS_PL(WIMS_ANONYMOUS_PREFIX)))
		return WIMS_CLAIM_VALUE;
	return r;
}

static enum wims_reason read_names(struct wims_judging *j)
{
	bool at_jwt = j->wwsf->require_at_jwt && !j->by_server;
	struct wims_token *t = j->out;
	enum wims_reason r;

	r = read_issuer(j);
	if(r == WIMS_OK)
		r = read_subject(j, at_jwt);
	if(r == WIMS_OK)
		r = read_text(j, &t->jti, WIMS_PL("jti"), WIMS_TOKEN_NAME_MAX, at_jwt);
	if(r == WIMS_OK)
		r = read_wwsf_id(j);
	if(r == WIMS_OK)
		r = read_text(j, &t->waf, j->wwsf->claims.waf, WIMS_TOKEN_ISSUER_MAX, false);
	return r;
}

/* TS 33.203 X.3.1 REQ 2.4: the IMPI is the token's, and the WWSF's to give. */
static enum wims_reason read_impi(struct wims_judging *j)
{
	char buf[WIMS_IMPI_MAX];
	struct wims_pl text, impi;
	enum wims_claim c = wims_claim_text(&text, j->claims, j->wwsf->claims.impi, WIMS_IMPI_MAX);

	if(c != WIMS_CLAIM_OK)
		return wims_claim_reason(c);
	if(wims_impi_canonical(&impi, buf, sizeof(buf), text) != WIMS_OK)
		return WIMS_CLAIM_VALUE;
	if(!wims_wwsf_owns_impi(j->wwsf, impi))
		return WIMS_IMPI_NOT_ENTITLED;
	j->out->impi = keep(j, impi);
	return WIMS_OK;
}

static enum wims_reason add_impu(struct wims_judging *j, struct wims_pl text)
{
	struct wims_token *t = j->out;
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;

	if(text.l > WIMS_IMPU_MAX || !wims_claim_text_ok(text)
	   || wims_impu_canonical(&impu, buf, sizeof(buf), text) != WIMS_OK
	   || wims_impu_is_wildcard(impu)) /* a token names users, not ranges */
		return WIMS_CLAIM_VALUE;
	if(!wims_wwsf_owns_impu(j->wwsf, impu))
		return WIMS_IMPU_NOT_ENTITLED;
	if(listed((struct wims_pl_list){t->impus, t->impu_count}, impu))
		return WIMS_OK; /* another spelling of the same */
	if(t->impu_count == WIMS_TOKEN_IMPUS_MAX)
		return WIMS_CLAIM_VALUE;
	t->impus[t->impu_count++] = keep(j, impu);
	return WIMS_OK;
}

static enum wims_reason read_impus(struct wims_judging *j)
{
	struct wims_claim_list list;
	enum wims_claim c = wims_claim_list(&list, j->claims, j->wwsf->claims.impu);
	enum wims_reason r = wims_claim_reason(c);
	size_t i;

	for(i = 0; r == WIMS_OK && i < list.count; i++)
		r = add_impu(j, wims_claim_list_at(&list, i));
	return r == WIMS_OK && list.count == 0 ? WIMS_CLAIM_VALUE : r;
}

/* Without an IMPU it is the eP-CSCF that gives one, where the WWSF has it do so. */
static bool names_user(const struct wims_judging *j)
{
	const struct wims_json_value *v;

	return j->wwsf->blocks > 0
		   && wims_claim_find(&v, j->claims, j->wwsf->claims.impu) == WIMS_CLAIM_ABSENT;
}

/* The user's name as a URI; a token without a subject may leave it out. */
static enum wims_reason read_name(struct wims_judging *j, struct wims_pl *user,
								  char buf[WIMS_IMPU_MAX])
{
	bool anonymous = j->out->subject.l == 0;
	struct wims_pl text;
	enum wims_claim c =
			wims_claim_text(&text, j->claims, j->wwsf->claims.user, WIMS_TOKEN_NAME_MAX);

	*user = WIMS_PL(WIMS_USER_ANONYMOUS);
	if(c == WIMS_CLAIM_ABSENT && anonymous)
		return WIMS_OK;
	if(c != WIMS_CLAIM_OK)
		return wims_claim_reason(c);
	if(wims_user_identity(user, buf, text, j->wwsf->domain) != WIMS_OK
	   || wims_pl_eq(*user, WIMS_PL(WIMS_USER_ANONYMOUS)))
		return WIMS_CLAIM_VALUE;
	return WIMS_OK;
}

/* An IMPI is for the records, for nothing is registered with it; but it tells one
 * anonymous user from another. */
static enum wims_reason read_user(struct wims_judging *j)
{
	struct wims_token *t = j->out;
	const struct wims_json_value *v;
	char buf[WIMS_IMPU_MAX];
	struct wims_pl user;
	enum wims_reason r = read_name(j, &user, buf);

	if(r == WIMS_OK
	   && (t->subject.l == 0
		   || wims_claim_find(&v, j->claims, j->wwsf->claims.impi) != WIMS_CLAIM_ABSENT))
		r = read_impi(j);
	if(r != WIMS_OK)
		return r;
	t->user = keep(j, user);
	t->block_count = wims_user_blocks(j->wwsf, user, j->claims, t->blocks);
	return t->block_count > 0 ? WIMS_OK : WIMS_BLOCK_NOT_ENTITLED;
}

static enum wims_reason read_identities(struct wims_judging *j)
{
	enum wims_reason r;

	if(names_user(j))
		return read_user(j);
	r = read_impi(j);
	return r == WIMS_OK ? read_impus(j) : r;
}

/* A range that the token brings (TS 23.228 U.2.1.4 as first drafted, NOTE 1 case
 * 3), where its IMPUs are registered in one that has to be brought. */
static enum wims_reason read_range(struct wims_judging *j)
{
	struct wims_token *t = j->out;
	const struct wims_wwsf *w = j->wwsf;
	bool needed = wims_brought_needed(w, t->impus, t->impu_count);
	struct wims_pl text;
	enum wims_claim c;
	enum wims_reason r;

	if(t->impu_count == 0 || !wims_brought_known(w))
		return WIMS_OK;
	c = wims_claim_text(&text, j->claims, w->claims.range, WIMS_RANGE_TEXT_MAX);
	if(c != WIMS_CLAIM_OK)
		return c == WIMS_CLAIM_ABSENT && !needed ? WIMS_OK : wims_claim_reason(c);
	r = wims_brought_check(j->env, w, text, t->impus, t->impu_count);
	if(r == WIMS_OK)
		t->range = keep(j, text);
	return r;
}

enum wims_reason wims_judge_claims(struct wims_judging *j)
{
	enum wims_reason r;

	if((r = check_audience(j)) != WIMS_OK || (r = check_times(j)) != WIMS_OK
	   || (r = check_at_jwt(j)) != WIMS_OK || (r = read_names(j)) != WIMS_OK
	   || (r = read_scope(j)) != WIMS_OK || (r = check_required(j)) != WIMS_OK
	   || (r = read_identities(j)) != WIMS_OK)
		return r;
	return read_range(j);
}
