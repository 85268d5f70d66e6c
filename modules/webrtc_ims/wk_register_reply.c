/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_register.h"

#include "identity/wims_impu.h"
#include "sip/wims_contact_write.h"
#include "sip/wims_digest.h"
#include "sip/wims_grammar.h"
#include "wk_bans.h"
#include "wk_granted.h"
#include "wk_exclusive.h"
#include "wk_hdr.h"
#include "wk_register_txn.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_revoke.h"
#include "wk_state.h"
#include "wk_stats.h"
#include "wk_watch.h"

enum
{
	LINES_MAX = WIMS_CONTACT_MAX + WIMS_CONTACT_URI_MAX
};

/* P-Associated-URI in canonical form; what is no distinct identity (a
 * wildcard, a tel number of another form) is left out. */
static void read_associated(sip_msg_t *msg, struct wims_core_answer *answer)
{
	static char text[WIMS_ASSOCIATED_MAX][WIMS_IMPU_MAX];
	struct wims_list list;
	struct wims_pl uri, params, canonical;
	size_t i;

	answer->associated_count = 0;
	if(wk_hdr_list(msg, WIMS_PL("P-Associated-URI"), &list) != WIMS_OK)
		return;
	for(i = 0; i < list.count && answer->associated_count < WIMS_ASSOCIATED_MAX; i++) {
		char *buf = text[answer->associated_count];

		if(wims_list_uri(list.item[i], &uri, &params) && !wims_impu_is_wildcard(uri)
		   && wims_impu_canonical(&canonical, buf, WIMS_IMPU_MAX, uri) == WIMS_OK)
			answer->associated[answer->associated_count++] = canonical;
	}
}

/* Who charges (TS 24.229 5.2.2.1): kept for the operator, and no WIC's business. What is
 * too long is not kept: a registration does not fail by it. */
static void read_charging(sip_msg_t *msg, struct wims_core_answer *answer)
{
	struct wims_pl vector = wk_hdr_body(msg, WIMS_PL("P-Charging-Vector"));
	struct wims_pl rest = wims_pl_from(vector, wims_find_plain(vector, 0, ';')), name, value;

	answer->charging_addresses = wk_hdr_body(msg, WIMS_PL("P-Charging-Function-Addresses"));
	if(answer->charging_addresses.l > WIMS_CHARGING_ADDRESSES_MAX)
		answer->charging_addresses = WIMS_PL_NONE;
	while(wims_param_next(&rest, &name, &value))
		if(wims_pl_caseeq(name, WIMS_PL("term-ioi")) && value.p != NULL
		   && value.l <= WIMS_FLOW_TEXT_MAX)
			answer->term_ioi = value;
}

static enum wims_reason commit(sip_msg_t *msg, const struct cell *t, uint32_t granted,
							   uint32_t by_core)
{
	static char routes[WIMS_ROUTES_MAX];
	struct wims_core_answer answer = {
			.granted_ms = (int64_t)granted * 1000,
			.core_granted_ms = (int64_t)by_core * 1000,
	};
	enum wims_reason r;

	read_associated(msg, &answer);
	read_charging(msg, &answer);
	if(!wk_hdr_joined(msg, WIMS_PL("Service-Route"), routes, sizeof(routes), &answer.service_route))
		return WIMS_CORE_ANSWER_BAD;
	r = wims_binding_commit(wk_flows_lock(), wk_tm_name(t), &answer, wk_now_ms());
	wk_flows_unlock();
	return r;
}

/* The WIC sees its own Contact and nobody else's. */
static enum wims_reason rewrite_for_wic(sip_msg_t *msg, const struct wk_register_txn *x,
										const struct wims_contact *c, uint32_t granted)
{
	static char lines[LINES_MAX];
	struct wims_w w;

	if(!wk_hdr_drop_all(msg, WIMS_PL("Contact")) || !wk_hdr_drop_all(msg, WIMS_PL("Expires")))
		return WIMS_NOMEM;
	if(granted == 0)
		return WIMS_OK;
	wims_w_init(&w, lines, sizeof(lines));
	wims_contact_to_wic(&w, (struct wims_pl){x->uri, x->uri_len}, c->params, granted);
	return w.ok && wk_hdr_add(msg, wims_w_done(&w)) ? WIMS_OK : WIMS_CORE_ANSWER_BAD;
}

static enum wims_reason accepted(sip_msg_t *msg, const struct cell *t,
								 const struct wk_register_txn *x)
{
	struct wims_contact c = {0};
	uint32_t granted = 0, by_core = 0;
	int64_t said;
	struct wk_watch watch;
	enum wims_reason r, ended;

	if(!x->plan.remove && !wk_granted_contact(msg, wims_pl_str(x->contact_user), &c)) {
		/* It registered nothing of ours (RFC 3261 10.3 step 8), or what it
		 * registered nobody can find: the WIC would wait for calls in vain. */
		LM_WARN("the core's 2xx to REGISTER does not name our Contact\n");
		return WIMS_CORE_ANSWER_BAD;
	}
	if(!x->plan.remove) {
		said = wk_granted_expires(msg, &c);
		by_core = said < 0 ? x->plan.core : (uint32_t)said;
	}
	/* A registration that may not last is taken out of the core again: granted
	 * stays 0 only for the WIC, the commit below makes it due at once. */
	r = wims_expires_grant(&granted, &x->plan, by_core, x->token_exp, wk_wall());
	wk_watch_of(&watch, wims_pl_str(x->contact_user));
	if(r == WIMS_OK)
		r = commit(msg, t, granted, by_core);
	wk_watch_answered(&watch, wims_pl_str(x->contact_user), by_core);
	/* the token may have been revoked since the request came, or an anonymous user
	 * come; a connection that ended since then leaves a binding all the same */
	ended = wk_revoke_recheck(wims_pl_str(x->contact_user));
	if(ended == WIMS_OK)
		ended = wk_exclusive_recheck(wims_pl_str(x->contact_user));
	if(ended != WIMS_OK)
		r = ended;
	if(r != WIMS_OK)
		return r;
	wk_stats_event(WK_EV_REGISTERED);
	r = rewrite_for_wic(msg, x, &c, granted);
	/* Registered, but the WIC cannot be told: it starts anew. */
	if(r != WIMS_OK)
		wk_close_flow(wk_tm_connection(t), r, true);
	return r;
}

/* ---- scenario 1: the core asks who it is ---- */

/* Every challenge without what is no WIC's to know; one that cannot be read is left
 * out. */
static enum wims_reason read_challenges(sip_msg_t *msg, struct wims_w *w,
										struct wims_challenges *cs)
{
	static const struct wims_pl name = {"WWW-Authenticate", 16};
	hdr_field_t *h;

	for(h = wk_hdr_next(msg, NULL, name); h != NULL; h = wk_hdr_next(msg, h, name))
		if(!wims_challenge_relay(w, cs, wk_pl(&h->body)))
			LM_WARN("a challenge of the core is no Digest: left out\n");
	return cs->count > 0 ? WIMS_OK : WIMS_CORE_ANSWER_BAD;
}

static enum wims_reason challenged(sip_msg_t *msg, const struct cell *t, struct wims_challenges *cs)
{
	static char lines[WIMS_CHALLENGES_TEXT_MAX];
	struct wims_flows *fs;
	struct wims_w w;
	enum wims_reason r;

	wims_w_init(&w, lines, sizeof(lines));
	if((r = read_challenges(msg, &w, cs)) != WIMS_OK)
		return r;
	fs = wk_flows_lock();
	wims_binding_challenged(fs, wk_tm_name(t));
	r = wims_flow_challenged(fs, wk_tm_connection(t), wims_challenges_aka(cs));
	wk_flows_unlock();
	if(r != WIMS_OK)
		return r;
	return wk_hdr_drop_all(msg, WIMS_PL("WWW-Authenticate")) && wk_hdr_add(msg, wims_w_done(&w))
				   ? WIMS_OK
				   : WIMS_NOMEM;
}

/* A WIC that brings an answer and is asked again, or turned away, had the wrong password.
 * Where one is registered it may have used the nonce of last time, which not every core
 * calls stale: once. */
static void count_guess(const struct cell *t, const struct wk_register_txn *x, bool asked)
{
	static struct wims_conn_view conn;
	struct wims_flows *fs;
	bool registered;
	uint32_t n;

	if(!x->answered || t->uas.request == NULL)
		return;
	fs = wk_flows_lock();
	registered = wims_flow_check(fs, wk_tm_connection(t), &conn) == WIMS_OK && conn.bindings > 0;
	n = wims_flow_challenges(fs, wk_tm_connection(t));
	wk_flows_unlock();
	if(!asked || !registered || n >= 2)
		wk_bans_guessed(&t->uas.request->rcv.src_ip);
}

static enum wims_reason asked_again(sip_msg_t *msg, const struct cell *t,
									const struct wk_register_txn *x)
{
	struct wims_challenges cs = {.count = 0};
	enum wims_reason r = challenged(msg, t, &cs);

	if(!wims_challenges_stale(&cs))
		count_guess(t, x, true);
	return r;
}

static enum wims_reason register_reply(sip_msg_t *msg, const struct cell *t)
{
	const struct wk_register_txn *x = wk_register_txn_of(t);
	int status = (int)msg->first_line.u.reply.statuscode;
	uint64_t least = 0;

	if(x == NULL)
		return WIMS_INTERNAL;
	/* sent once more; tm keeps it from the WIC */
	if(t->uas.status >= 200)
		return WIMS_OK;
	if(status >= 200 && status < 300)
		return accepted(msg, t, x);
	if(x->by_core && status == 401)
		return asked_again(msg, t, x);
	if(x->by_core && status == 403)
		count_guess(t, x, false);
	/* no proxy has a password of the WIC, and none is to get an answer of it */
	if(x->by_core && status == 407)
		return WIMS_CORE_ANSWER_BAD;
	/* a challenge is answered by a REGISTER for the same Contact */
	if(status >= 300 && status != 401 && status != 407)
		wk_register_txn_failed(t, status);
	if(status == 423 && wims_pl_u64(wk_hdr_body(msg, WIMS_PL("Min-Expires")), &least)
	   && least <= UINT32_MAX)
		wk_core_min_expires_learn((uint32_t)least);
	return WIMS_OK;
}

/* A WIC that is told 2xx believes that it is registered; one that is challenged answers.
 * Never 503, whatever the outcome's own code: wims_core_failed() would take that for the
 * core's word. */
static void spoil(sip_msg_t *msg, const struct cell *t, enum wims_reason why)
{
	int status = (int)msg->first_line.u.reply.statuscode;
	const struct wims_reason_info *info = wims_reason_info(WIMS_CORE_ANSWER_BAD);

	LM_WARN("the core's answer to a REGISTER becomes %d: %s\n", info->code, wims_reason_text(why));
	if(!wk_hdr_set_status(msg, info->code, wims_pl_str(info->phrase))
	   || !wk_hdr_drop_all(msg, WIMS_PL("Contact"))
	   || !wk_hdr_drop_all(msg, WIMS_PL("WWW-Authenticate"))
	   || !wk_hdr_drop_all(msg, WIMS_PL("Proxy-Authenticate"))
	   || !wk_hdr_drop_all(msg, WIMS_PL("Service-Route"))
	   || !wk_hdr_drop_all(msg, WIMS_PL("P-Associated-URI")))
		LM_ERR("no memory to say so\n");
	wk_register_txn_failed(t, status);
}

int wk_register_reply(sip_msg_t *msg)
{
	const struct cell *t = wk_tm.t_gett();
	enum wims_reason r;

	if(t == NULL || t == T_UNDEFINED || !wk_hdr_parse(msg))
		return wk_outcome(msg, WIMS_INTERNAL);
	r = register_reply(msg, t);
	if(r != WIMS_OK)
		spoil(msg, t, r);
	return wk_outcome(msg, r);
}
