/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_INTROSPECTION_H
#define WIMS_INTROSPECTION_H

/* Tokens that only their server understands: what it is asked and what is made
 * of its answer (RFC 7662). */

#include "base/wims_w.h"
#include "token/wims_token.h"

enum
{
	/* each byte may become %XX */
	WIMS_INTROSPECTION_REQUEST_MAX = 3 * WIMS_TOKEN_MAX + 64,
	WIMS_INTROSPECTION_ANSWER_MAX = 8192 /* bytes */
};

/* Is the server of this WWSF asked about this token? With keys only about what
 * is no compact JWS, that is, has not three parts; without keys about all. */
bool wims_introspection_wanted(const struct wims_wwsf *w, struct wims_pl token);
/* Fit to be asked about: TOKEN_TOO_LONG, TOKEN_FORMAT (no b64token). */
WIMS_MUST_CHECK enum wims_reason wims_introspection_check(struct wims_pl token);
/* Body of the POST, application/x-www-form-urlencoded (RFC 7662 2.1). */
void wims_introspection_request(struct wims_w *w, struct wims_pl token);
/* What the body of an answer with status 200 says at first sight: OK (active),
 * TOKEN_INACTIVE, TOKEN_SERVER_FAILED (no answer of RFC 7662 2.2) or NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_introspection_active(const struct wims_env *env,
														   struct wims_pl answer);
/* Judges the body of an answer with status 200 as wims_token_validate does the
 * claims of a signed token, by the same rules but for these: iss may be absent,
 * else it is an issuer of the WWSF; what require_at_jwt asks for belongs to
 * JWTs; active is true, else TOKEN_INACTIVE; token_type, if it is there, is
 * Bearer, else TOKEN_TYP. TOKEN_SERVER_FAILED: no answer of RFC 7662 2.2. *out as in
 * wims_token_validate. */
WIMS_MUST_CHECK enum wims_reason wims_introspection_validate(struct wims_token *out,
															 const struct wims_env *env,
															 const struct wims_wwsf *w,
															 struct wims_pl answer, int64_t now);

#endif
