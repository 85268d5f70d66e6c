/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_token.h"

#include "identity/wims_impu.h"
#include "provision/wims_scenario.h"
#include "token/wims_user.h"
#include "wk_cache.h"
#include "wk_claim.h"
#include "wk_env.h"
#include "wk_exclusive.h"
#include "wk_hdr.h"
#include "wk_introspect.h"
#include "wk_keys.h"
#include "wk_provision.h"
#include "wk_result.h"
#include "wk_revoke.h"
#include "wk_state.h"

static struct wims_pl authorization(sip_msg_t *msg)
{
	return wk_hdr_body(msg, WIMS_PL("Authorization"));
}

/* A token is long, and looked at byte for byte: once for a message. */
static const struct wk_bearer *bearer_of(sip_msg_t *msg)
{
	struct wk_bearer *b = &wk_result(msg)->bearer;
	struct wims_pl body = authorization(msg);

	if(b->body.p == NULL || b->body.p != body.p || b->body.l != body.l) {
		b->reason = wims_bearer_read(&b->token, &b->username, body);
		b->body = body;
	}
	return b;
}

/* What the request carries chooses among what its WWSF is provisioned for: a token its
 * scenario, anything else, or nothing, the core's own authentication where there is one. */
static enum wims_reason check_scenario(sip_msg_t *msg)
{
	const struct wims_wwsf *w = wk_result_wwsf(msg);
	enum wims_reason bearer = bearer_of(msg)->reason;
	bool by_token = w != NULL && wims_scenario_by_token(w->scenario);
	struct wk_result *res = wk_result(msg);

	res->scenario = WIMS_SCENARIO_NONE;
	if(w == NULL)
		return WIMS_FLOW_UNKNOWN;
	if(bearer == WIMS_AUTH_MALFORMED || (bearer == WIMS_TOKEN_TOO_LONG && by_token))
		return bearer;
	if(bearer != WIMS_OK && w->ims_auth)
		res->scenario = WIMS_SCENARIO_IMS_AUTH;
	else if(by_token && (bearer == WIMS_OK || authorization(msg).l == 0))
		res->scenario = w->scenario;
	return res->scenario != WIMS_SCENARIO_NONE ? WIMS_OK : WIMS_SCENARIO_REFUSED;
}

int wk_scenario_check(sip_msg_t *msg)
{
	return wk_outcome(msg, check_scenario(msg));
}

/* A token in the cache was found valid, by this very provisioning and these very
 * keys; what else may have changed is asked again for each request. */
static enum wims_reason validate_signed(struct wims_token *t, struct wims_pl compact)
{
	struct wims_cache_in in = {.token = t};
	struct wims_cache_out out = {.token = t, .claims = wk_claims_room()};
	enum wims_reason r;
	bool keyed = compact.l <= WIMS_TOKEN_MAX && wk_cache_key(&in.key, compact);

	wk_claims_of_token(compact);
	if(keyed && wk_cache_get(&in.key, &out, &r)) {
		if(out.claims_len > 0)
			wk_claims_of_document(out.claims_len);
		return r;
	}
	r = wims_token_validate(t, wk_env(), wk_provision(), compact, wk_wall());
	if(r == WIMS_KEY_UNKNOWN)
		r = wk_keys_missing(t->wwsf);
	if(keyed && r == WIMS_OK) {
		in.until = t->exp + t->wwsf->leeway;
		wk_cache_put(&in);
	}
	return r;
}

/* Good, not taken back, and of the web site whose page opened the connection. */
static enum wims_reason take(sip_msg_t *msg, struct wims_pl compact)
{
	struct wims_token *t = &wk_result(msg)->token;
	const struct wims_wwsf *of_origin = wk_result_wwsf(msg);
	enum wims_reason r = WIMS_FLOW_UNKNOWN;

	if(of_origin != NULL)
		r = wims_introspection_wanted(of_origin, compact)
					? wk_introspect_validate(of_origin, compact, t)
					: validate_signed(t, compact);
	if(r == WIMS_OK)
		r = wk_revoke_check(t);
	if(r == WIMS_OK && t->wwsf != of_origin)
		r = WIMS_WWSF_MISMATCH;
	if(r != WIMS_OK)
		t->valid = false;
	return r;
}

static enum wims_reason validate(sip_msg_t *msg, const str *given)
{
	struct wk_result *res = wk_result(msg);
	struct wims_token *t = &res->token;
	const struct wk_bearer *bearer = given == NULL ? bearer_of(msg) : NULL;
	struct wims_pl compact = bearer == NULL ? wk_pl(given) : bearer->token;
	enum wims_reason r = bearer == NULL ? WIMS_OK : bearer->reason;

	t->valid = false;
	/* what was found to be an identity of another token is none of this one */
	wk_result_identity(res, WIMS_PL_NONE, WIMS_PL_NONE);
	if(r == WIMS_OK)
		r = take(msg, compact);
	if(r == WIMS_OK)
		r = wims_token_check_remaining(t, wk_wall());
	/* last: what no REGISTER can be made with holds no identity */
	if(r == WIMS_OK)
		r = msg->first_line.u.request.method_value == METHOD_REGISTER
					? wk_exclusive_take(msg, t, compact)
					: wk_exclusive_ask(msg, t, compact);
	if(r != WIMS_OK)
		t->valid = false;
	return r;
}

int wk_token_validate(sip_msg_t *msg, const str *token)
{
	if(!wk_hdr_parse(msg))
		return wk_outcome(msg, WIMS_REQUEST_MALFORMED);
	return wk_outcome(msg, validate(msg, token));
}

/* ---- tokens on other requests ---- */

/* Whom the core has authenticated has no token. */
static bool registers_by_core(const sip_msg_t *msg, const struct wims_wwsf *w)
{
	struct wims_conn_view conn = {0};

	if(!wims_scenario_both(w))
		return w->ims_auth;
	return wk_flow_check((uint32_t)msg->rcv.proto_reserved1, &conn) == WIMS_OK && conn.by_core;
}

/* ACK and CANCEL can be answered by nobody, and belong to a transaction or
 * dialog that was judged before (RFC 3261 9.1, 17.1.1.3). */
enum wims_token_policy wk_token_policy(sip_msg_t *msg, const struct wims_wwsf *w)
{
	int method = msg->first_line.u.request.method_value;

	if(method == METHOD_REGISTER)
		return WIMS_TOKEN_REQUIRE;
	if(method == METHOD_ACK || method == METHOD_CANCEL || registers_by_core(msg, w))
		return WIMS_TOKEN_IGNORE;
	return wk_hdr_to_tag(msg).l > 0 ? w->request_token.in_dialog : w->request_token.initial;
}

/* Nobody else's token than that of whoever registered on this connection. Where
 * nobody has, that is for others to refuse. */
static enum wims_reason of_registration(sip_msg_t *msg, const struct wims_token *t)
{
	struct wims_conn_view conn;
	enum wims_reason r = wk_flow_check((uint32_t)msg->rcv.proto_reserved1, &conn);

	if(r != WIMS_OK)
		return r;
	return conn.subject.l == 0 || wims_pl_eq(conn.subject, t->subject) ? WIMS_OK
																	   : WIMS_SUBJECT_MISMATCH;
}

/* An old token inside a dialog is as good as none: a call that is let finish when
 * the registration has ended is ended by a BYE with the token that it began with.
 * The key that signed it may be gone as well by then. So is one that nobody has
 * asked about. */
static bool is_none(enum wims_reason r, bool in_dialog)
{
	switch(r) {
		case WIMS_TOKEN_ABSENT:
			return true;
		case WIMS_TOKEN_EXPIRED:
		case WIMS_KEY_UNKNOWN:
		case WIMS_KEYS_PENDING:
		case WIMS_TOKEN_SERVER_FAILED:
			return in_dialog;
		default:
			return false;
	}
}

static enum wims_reason check(sip_msg_t *msg)
{
	const struct wims_wwsf *w = wk_result_wwsf(msg);
	struct wims_token *t = &wk_result(msg)->token;
	enum wims_token_policy policy;
	const struct wk_bearer *bearer;
	enum wims_reason r;

	t->valid = false;
	if(w == NULL)
		return WIMS_FLOW_UNKNOWN;
	if((policy = wk_token_policy(msg, w)) == WIMS_TOKEN_IGNORE)
		return WIMS_OK;
	bearer = bearer_of(msg);
	if((r = bearer->reason) == WIMS_OK)
		r = take(msg, bearer->token);
	if(r == WIMS_OK)
		r = wk_exclusive_ask(msg, t, bearer->token);
	if(r == WIMS_OK)
		r = of_registration(msg, t);
	if(r != WIMS_OK)
		t->valid = false;
	if(policy == WIMS_TOKEN_ACCEPT && is_none(r, wk_hdr_to_tag(msg).l > 0))
		return WIMS_OK;
	return r;
}

int wk_token_check(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? check(msg) : WIMS_REQUEST_MALFORMED);
}

/* ---- identities of a REGISTER ---- */

static bool in_token(const struct wims_token *t, struct wims_pl impu)
{
	size_t i;

	for(i = 0; i < t->impu_count; i++)
		if(wims_pl_eq(t->impus[i], impu))
			return true;
	return false;
}

/* A WIC may repeat its IMPI as username (TS 23.228 U.2.1.3 step 3); it must be
 * the token's then. */
static bool claims_impi(sip_msg_t *msg, struct wims_pl impi)
{
	const struct wk_bearer *bearer = bearer_of(msg);
	struct wims_pl canonical;
	char buf[WIMS_IMPI_MAX];

	if(bearer->reason != WIMS_OK || bearer->username.l == 0)
		return true;
	return wims_impi_canonical(&canonical, buf, sizeof(buf), bearer->username) == WIMS_OK
		   && wims_pl_eq(canonical, impi);
}

/* Under which wildcard the eP-CSCF is the registrar of what is in it. */
static struct wims_pl key_of(const struct wims_wwsf_range *range, const struct wims_token *t)
{
	if(!wims_range_registered(range))
		return WIMS_PL_NONE;
	return range->trigger == WIMS_RANGE_BY_TOKEN ? t->range : range->wildcard;
}

/* The user that a URI names, in the token's spelling; empty: it is no URI of a user. */
static struct wims_pl user_of(struct wims_pl uri, char buf[WIMS_IMPU_MAX])
{
	char canonical[WIMS_IMPU_MAX];
	struct wims_pl user;

	if(wims_impu_canonical(&user, canonical, sizeof(canonical), uri) != WIMS_OK
	   || wims_user_identity(&user, buf, user, WIMS_PL_NONE) != WIMS_OK)
		return WIMS_PL_NONE;
	return user;
}

/* Who is to get an IMPU says who he is, and nothing of an IMPU. */
static enum wims_reason check_user(sip_msg_t *msg, struct wk_result *res)
{
	char to_buf[WIMS_IMPU_MAX], from_buf[WIMS_IMPU_MAX];
	struct wims_pl to = user_of(wk_hdr_to_uri(msg), to_buf);
	struct wims_pl from = user_of(wk_hdr_from_uri(msg), from_buf);

	if(to.l == 0 || from.l == 0)
		return WIMS_URI_BAD;
	if(!wims_pl_eq(to, res->token.user))
		return WIMS_TO_MISMATCH;
	if(!wims_pl_eq(from, to))
		return WIMS_FROM_MISMATCH;
	if(!claims_impi(msg, res->token.impi))
		return WIMS_IMPI_MISMATCH;
	wk_result_identity(res, WIMS_PL_NONE, res->token.impi);
	res->unallocated = true;
	return WIMS_OK;
}

static enum wims_reason check_identity(sip_msg_t *msg)
{
	struct wk_result *res = wk_result(msg);
	char to_buf[WIMS_IMPU_MAX], from_buf[WIMS_IMPU_MAX];
	const struct wims_wwsf_range *range;
	struct wims_pl to, from;

	if(!res->token.valid)
		return WIMS_TOKEN_ABSENT;
	if(res->token.user.l > 0)
		return check_user(msg, res);
	if(wims_impu_canonical(&to, to_buf, sizeof(to_buf), wk_hdr_to_uri(msg)) != WIMS_OK
	   || wims_impu_canonical(&from, from_buf, sizeof(from_buf), wk_hdr_from_uri(msg)) != WIMS_OK)
		return WIMS_URI_BAD;
	if(!in_token(&res->token, to))
		return WIMS_TO_MISMATCH;
	if(!wims_pl_eq(from, to))
		return WIMS_FROM_MISMATCH;
	if(!claims_impi(msg, res->token.impi))
		return WIMS_IMPI_MISMATCH;
	wk_result_identity(res, to, res->token.impi);
	range = wims_wwsf_range_of(res->token.wwsf, to);
	wk_result_range(res, res->token.wwsf, range, key_of(range, &res->token));
	/* without a key the core would be its registrar */
	if(wims_range_registered(range) && res->range_key.l == 0)
		return WIMS_RANGE_NOT_ENTITLED;
	return WIMS_OK;
}

int wk_identity_check(sip_msg_t *msg)
{
	return wk_outcome(msg, check_identity(msg));
}
