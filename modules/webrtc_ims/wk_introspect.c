/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_introspect.h"

#include <stdio.h>
#include <string.h>

#include "wk_cache.h"
#include "wk_claim.h"
#include "wk_env.h"
#include "wk_fetch.h"
#include "wk_hdr.h"
#include "wk_provision.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_tm.h"
#include "wk_token.h"

/* What the request in hand was resumed with; NULL: it was not. */
static struct wk_lookup *resumed;

bool wk_introspect_check(const struct wims_provision *pv, struct wims_config_fault *fault)
{
	size_t i;

	for(i = 0; i < wims_provision_count(pv); i++) {
		const char *missing = NULL;

		if(wims_provision_at(pv, i)->introspection.endpoint.l == 0)
			continue;
		if(async_task_workers_get() < 1)
			missing = "async_workers is 0; must be at least 1 where tokens are asked about";
		else if(wk_fetch_check() < 0)
			missing = "needs the program that fetch_program names";
		if(missing == NULL)
			continue;
		snprintf(fault->path, sizeof(fault->path), "$.wwsf[%zu].introspection", i);
		snprintf(fault->text, sizeof(fault->text), "%s", missing);
		return false;
	}
	return true;
}

/* ---- the worker that has the request ---- */

/* A copy that nobody looks at. */
static bool cached(const unsigned char digest[WIMS_SHA256_LEN])
{
	struct wims_cache_key key;

	return wk_cache_key_of(&key, digest) && wk_cache_has(&key);
}

static bool resumed_with(const unsigned char digest[WIMS_SHA256_LEN])
{
	return resumed != NULL && wk_suspended_here(&resumed->request)
		   && memcmp(digest, resumed->digest, sizeof(resumed->digest)) == 0;
}

static enum wims_reason ask(sip_msg_t *msg, const struct wims_wwsf *w, struct wims_pl token,
							const unsigned char digest[WIMS_SHA256_LEN],
							const struct wk_resume_at *to, struct wk_lookup **out)
{
	enum wims_reason r =
			wk_lookup_new(out, (uint32_t)msg->rcv.proto_reserved1, w, token, digest, to);

	if(r == WIMS_OK
	   && (r = wk_suspend(msg, &(*out)->request, (unsigned)w->introspection.timeout_ms))
				  != WIMS_OK) {
		wk_lookup_free(*out);
		*out = NULL;
	}
	return r;
}

/* Inside a dialog the registration is enough where that is provisioned: its
 * requests wait for no server. */
static bool counts(sip_msg_t *msg, const struct wims_wwsf *w)
{
	enum wims_token_policy policy = wk_token_policy(msg, w);

	return policy == WIMS_TOKEN_REQUIRE
		   || (policy == WIMS_TOKEN_ACCEPT && wk_hdr_to_tag(msg).l == 0);
}

static int resolve(sip_msg_t *msg, const struct wk_resume_at *to)
{
	const struct wims_wwsf *w = wk_result_wwsf(msg);
	unsigned char digest[WIMS_SHA256_LEN];
	struct wk_lookup *l;
	struct wims_pl token;
	enum wims_reason r;

	/* first of all what is so for most: tokens are signed */
	if(w == NULL || w->introspection.endpoint.l == 0 || !wk_hdr_parse(msg) || !counts(msg, w)
	   || wims_bearer_parse(&token, wk_hdr_body(msg, WIMS_PL("Authorization"))) != WIMS_OK
	   || !wims_introspection_wanted(w, token) || wims_introspection_check(token) != WIMS_OK)
		return WK_TRUE;
	if(!wk_lookup_digest(digest, w, token))
		return wk_outcome(msg, WIMS_CRYPTO_FAILED);
	if(resumed_with(digest) || cached(digest))
		return WK_TRUE;
	if((r = ask(msg, w, token, digest, to, &l)) != WIMS_OK)
		return wk_outcome(msg, r);
	wk_lookup_send(l);
	return WK_SUSPENDED;
}

int wk_fixup_resolve(void **param, int number)
{
	(void)number;
	return wk_resume_fixup("wims_token_resolve", param);
}

int wk_token_resolve_route(sip_msg_t *msg, int route)
{
	const struct wk_resume_at to = {.route = route};

	return resolve(msg, &to);
}

int wk_token_resolve(sip_msg_t *msg, str *route)
{
	struct wk_resume_at to;

	if(!wk_resume_named(&to, "token_resolve", route))
		return wk_outcome(msg, WIMS_INTERNAL);
	return resolve(msg, &to);
}

/* ---- the async worker that goes on with it ---- */

_Static_assert((int)WIMS_CACHE_CLAIMS_MAX >= (int)WIMS_INTROSPECTION_ANSWER_MAX,
			   "each answer can be kept");

static enum wims_reason judge(const struct wims_wwsf *w, const struct wk_lookup *l,
							  struct wims_token *t, struct wims_cache_in *in)
{
	int64_t now = wk_wall(), until = now + w->introspection.cache;
	enum wims_reason r;

	if(l->outcome != WIMS_OK)
		return l->outcome;
	in->claims = (struct wims_pl){l->answer, l->answer_len};
	memcpy(wk_claims_room(), l->answer, l->answer_len);
	wk_claims_of_document(l->answer_len);
	r = wims_introspection_validate(t, wk_env(), w, in->claims, now);
	in->until = r == WIMS_OK && t->exp + w->leeway < until ? t->exp + w->leeway : until;
	return r;
}

enum wims_reason wk_introspect_validate(const struct wims_wwsf *w, struct wims_pl token,
										struct wims_token *t)
{
	unsigned char digest[WIMS_SHA256_LEN];
	struct wims_cache_in in = {.token = t};
	struct wims_cache_out out = {.token = t, .claims = wk_claims_room()};
	enum wims_reason r = wims_introspection_check(token);
	bool keyed, answered;

	if(r != WIMS_OK)
		return r;
	if(!wk_lookup_digest(digest, w, token))
		return WIMS_CRYPTO_FAILED;
	/* who waited gets its own time-out back, also where the answer that another
	 * one waited for is in the cache by now */
	answered = resumed_with(digest);
	if(answered)
		wk_suspended_timeout_back(&resumed->request);
	keyed = wk_cache_key_of(&in.key, digest);
	if(keyed && wk_cache_get(&in.key, &out, &r)) {
		wk_claims_of_document(out.claims_len);
		return r;
	}
	if(!answered)
		return WIMS_TOKEN_SERVER_FAILED;
	r = judge(w, resumed, t, &in);
	/* an answer of the server that was provisioned before is for this request
	 * alone */
	if(keyed && r == WIMS_OK && w->introspection.cache > 0
	   && resumed->provision == wk_provision_taken())
		wk_cache_put(&in);
	return r;
}

static void resume(void *param)
{
	struct wk_lookup *l = param;

	resumed = l;
	wk_suspended_go_on(&l->request, "webrtc_ims:token-resolved");
	if(resumed == l)
		wk_lookup_free(l);
	resumed = NULL;
}

struct wk_lookup *wk_introspect_keep(void)
{
	struct wk_lookup *l = resumed;

	if(l == NULL || !wk_suspended_here(&l->request))
		return NULL;
	resumed = NULL;
	wk_lookup_leave(l);
	return l;
}

void wk_introspect_lend(struct wk_lookup *l)
{
	resumed = l;
}

void wk_introspect_resume(struct wk_lookup *l)
{
	wk_suspended_hand_over(&l->request, resume, l);
}
