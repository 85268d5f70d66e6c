/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_introspection.h"

#include "fetch/wims_form.h"
#include "wims_claims.h"
#include "wims_judge.h"

bool wims_introspection_wanted(const struct wims_wwsf *w, struct wims_pl token)
{
	size_t i, dots = 0;

	if(w->introspection.endpoint.l == 0)
		return false;
	for(i = 0; i < token.l; i++)
		dots += token.p[i] == '.';
	return w->keys == NULL || dots != 2;
}

enum wims_reason wims_introspection_check(struct wims_pl token)
{
	if(token.l > WIMS_TOKEN_MAX)
		return WIMS_TOKEN_TOO_LONG;
	return wims_b64token(token) ? WIMS_OK : WIMS_TOKEN_FORMAT;
}

void wims_introspection_request(struct wims_w *w, struct wims_pl token)
{
	wims_w_lit(w, "token=");
	wims_form_value(w, token);
	wims_w_lit(w, "&token_type_hint=access_token");
}

/* The one member that RFC 7662 2.2 requires. Only true is true. */
static enum wims_reason check_active(const struct wims_json_value *answer)
{
	const struct wims_json_value *active = wims_json_member(answer, "active");

	if(wims_json_type(active) != WIMS_JSON_BOOL)
		return WIMS_TOKEN_SERVER_FAILED;
	return wims_json_bool(active) ? WIMS_OK : WIMS_TOKEN_INACTIVE;
}

/* A token of another type is none that its bearer may just show. */
static enum wims_reason check_type(const struct wims_json_value *answer)
{
	const struct wims_json_value *type = wims_json_member(answer, "token_type");

	return type == NULL || wims_pl_caseeq(wims_json_string(type), WIMS_PL("Bearer"))
				   ? WIMS_OK
				   : WIMS_TOKEN_TYP;
}

static enum wims_reason parse(struct wims_json **json, const struct wims_env *env,
							  struct wims_pl answer)
{
	enum wims_reason r = wims_json_parse(json, env, answer, WIMS_INTROSPECTION_ANSWER_MAX, NULL);

	if(r == WIMS_OK)
		return check_active(wims_json_root(*json));
	return r == WIMS_NOMEM ? r : WIMS_TOKEN_SERVER_FAILED;
}

enum wims_reason wims_introspection_active(const struct wims_env *env, struct wims_pl answer)
{
	struct wims_json *json = NULL;
	enum wims_reason r = parse(&json, env, answer);

	wims_json_free(json);
	return r;
}

enum wims_reason wims_introspection_validate(struct wims_token *out, const struct wims_env *env,
											 const struct wims_wwsf *w, struct wims_pl answer,
											 int64_t now)
{
	struct wims_json *json = NULL;
	struct wims_judging j;
	enum wims_reason r;

	wims_judging_begin(&j, out, env, now);
	j.wwsf = w;
	j.by_server = true;
	r = parse(&json, env, answer);
	j.claims = r == WIMS_OK ? wims_json_root(json) : NULL;
	if(r == WIMS_OK)
		r = check_type(j.claims);
	if(r == WIMS_OK)
		r = wims_judge_claims(&j);
	r = wims_judging_end(&j, r);
	wims_json_free(json);
	return r;
}
