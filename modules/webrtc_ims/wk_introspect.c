/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_introspect.h"

#include <stdio.h>
#include <string.h>

#include "core/route.h"
#include "core/timer_ticks.h"
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

enum
{
	/* The transaction outlives the time-out of the server by so much: a
	 * fetching process that hangs is noticed before. */
	SPARE_MS = 4000
};

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
	const struct cell *t = wk_tm.t_gett();

	return resumed != NULL && t != NULL && t != T_UNDEFINED && t->hash_index == resumed->hash_index
		   && t->label == resumed->label
		   && memcmp(digest, resumed->digest, sizeof(resumed->digest)) == 0;
}

/* tm's own time-out must not come before the server's answer can be there. */
static enum wims_reason suspend(sip_msg_t *msg, struct wk_lookup *l)
{
	const struct wims_wwsf *w = wk_result_wwsf(msg);
	struct cell *t = wk_tm_transaction(msg);

	if(t == NULL)
		return WIMS_INTERNAL;
	l->fr_timeout = t->fr_timeout;
	if(wk_tm.set_fr(msg, 0, (unsigned)w->introspection.timeout_ms + SPARE_MS) < 0)
		return WIMS_INTERNAL;
	if(wk_tm.t_suspend(msg, &l->hash_index, &l->label) == 0)
		return WIMS_OK;
	t->fr_timeout = l->fr_timeout;
	return WIMS_INTERNAL;
}

static enum wims_reason ask(sip_msg_t *msg, const struct wims_wwsf *w, struct wims_pl token,
							const unsigned char digest[WIMS_SHA256_LEN], struct wk_lookup **out)
{
	enum wims_reason r = wk_lookup_new(out, (uint32_t)msg->rcv.proto_reserved1, w, token, digest);

	if(r == WIMS_OK && (r = suspend(msg, *out)) != WIMS_OK) {
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

/* route: index in main_rt; callback: for KEMI, in its place. */
static int resolve(sip_msg_t *msg, int route, struct wims_pl callback)
{
	const struct wims_wwsf *w = wk_result_wwsf(msg);
	unsigned char digest[WIMS_SHA256_LEN];
	struct wk_lookup *l;
	struct wims_pl token;
	enum wims_reason r;

	if(w == NULL || !wk_hdr_parse(msg) || !counts(msg, w)
	   || wims_bearer_parse(&token, wk_hdr_body(msg, WIMS_PL("Authorization"))) != WIMS_OK
	   || !wims_introspection_wanted(w, token) || wims_introspection_check(token) != WIMS_OK)
		return WK_TRUE;
	if(!wk_lookup_digest(digest, w, token))
		return wk_outcome(msg, WIMS_CRYPTO_FAILED);
	if(resumed_with(digest) || cached(digest))
		return WK_TRUE;
	if((r = ask(msg, w, token, digest, &l)) != WIMS_OK)
		return wk_outcome(msg, r);
	l->route = route;
	if(callback.l > 0)
		memcpy(l->callback, callback.p, callback.l);
	wk_lookup_send(l);
	return WK_SUSPENDED;
}

int wk_fixup_resolve(void **param, int number)
{
	const char *name = *param;
	int route = route_lookup(&main_rt, (char *)name);

	(void)number;
	if(route < 0 || main_rt.rlist[route] == NULL) {
		LM_ERR("wims_token_resolve(\"%s\"): there must be a route of that name\n", name);
		return -1;
	}
	*param = (void *)(long)route;
	return 0;
}

int wk_token_resolve_route(sip_msg_t *msg, int route)
{
	return resolve(msg, route, WIMS_PL_NONE);
}

int wk_token_resolve(sip_msg_t *msg, str *route)
{
	struct wims_pl name = wk_pl(route);

	if(name.l == 0 || name.l > WK_ROUTE_MAX) {
		LM_ERR("token_resolve: the name of a function must have 1..%d bytes\n", WK_ROUTE_MAX);
		return wk_outcome(msg, WIMS_INTERNAL);
	}
	return resolve(msg, 0, name);
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
		wk_tm.t_gett()->fr_timeout = resumed->fr_timeout;
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
	str callback = {l->callback, (int)strlen(l->callback)};
	str event = str_init("webrtc_ims:token-resolved");

	resumed = l;
	if(callback.len > 0)
		wk_tm.t_continue_cb(l->hash_index, l->label, &callback, &event);
	else
		wk_tm.t_continue(l->hash_index, l->label, main_rt.rlist[l->route]);
	resumed = NULL;
	wk_lookup_free(l);
}

bool wk_introspect_resume(struct wk_lookup *l)
{
	async_task_t *task = l->task;

	task->exec = resume;
	task->param = l;
	l->task = NULL; /* the worker frees it */
	if(async_task_push(task) >= 0)
		return true;
	l->task = task;
	return false;
}
