/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_introspection.h"

#include <string.h>

#include "identity/wims_host.h"
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

/* WHATWG URL 5.2, as HTML forms do */
static void write_encoded(struct wims_w *w, struct wims_pl s)
{
	size_t i;

	for(i = 0; i < s.l; i++) {
		struct wims_pl one = {s.p + i, 1};

		if(wims_is_alnum(*one.p) || (*one.p != '\0' && strchr("-._*", *one.p) != NULL)) {
			wims_w_pl(w, one);
		} else {
			wims_w_lit(w, "%");
			wims_w_hex(w, one.p, 1);
		}
	}
}

void wims_introspection_request(struct wims_w *w, struct wims_pl token)
{
	wims_w_lit(w, "token=");
	write_encoded(w, token);
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

enum wims_reason wims_introspection_validate(struct wims_token *out, const struct wims_env *env,
											 const struct wims_wwsf *w, struct wims_pl answer,
											 int64_t now)
{
	struct wims_json *json = NULL;
	struct wims_judging j;
	enum wims_reason r;

	wims_judging_begin(&j, out, now);
	j.wwsf = w;
	j.by_server = true;
	r = wims_json_parse(&json, env, answer, WIMS_INTROSPECTION_ANSWER_MAX, NULL);
	if(r == WIMS_OK) {
		j.claims = wims_json_root(json);
		r = check_active(j.claims);
	} else if(r != WIMS_NOMEM) {
		r = WIMS_TOKEN_SERVER_FAILED;
	}
	if(r == WIMS_OK)
		r = check_type(j.claims);
	if(r == WIMS_OK)
		r = wims_judge_claims(&j);
	r = wims_judging_end(&j, r);
	wims_json_free(json);
	return r;
}
