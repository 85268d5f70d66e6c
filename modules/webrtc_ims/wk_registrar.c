/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registrar.h"

#include "core/pt.h"
#include "sip/wims_contact_write.h"
#include "token/wims_exclusive.h"
#include "wk_exclusive.h"
#include "wk_hdr.h"
#include "wk_location.h"
#include "wk_proc.h"
#include "wk_rangereg.h"
#include "wk_registry.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_revoke.h"
#include "wk_state.h"
#include "wk_stats.h"
#include "wk_wish.h"

enum
{
	LINES_MAX = WIMS_CONTACT_MAX + WIMS_CONTACT_URI_MAX + WIMS_IMPU_MAX + WIMS_ROUTES_MAX + 128
};

/* One REGISTER at work. */
struct job
{
	sip_msg_t *msg;
	struct wk_who who;
	struct wk_wish wish;
	struct wims_pl range; /* the wildcard that is registered in the core */
	/* the registrar is told, for it is shared or gave the IMPU out */
	bool published;
	int64_t since; /* as the registrar says it */
	char contact_user[WIMS_CONTACT_USER_LEN + 1];
};

/* ---- the range ---- */

/* Is it registered in the core now, and which way do its requests go? */
static enum wims_reason check_range(struct wims_pl range, struct wims_pl *service_route)
{
	static struct wims_rangereg_view view;
	enum wims_reason r = wk_rangereg_check(range, &view);

	*service_route = view.service_route;
	/* saved by another spelling, it would be there when the range is lost */
	return r == WIMS_OK && !wims_pl_eq(view.wildcard, range) ? WIMS_RANGE_UNAVAILABLE : r;
}

/* ---- both tables ---- */

/* Open for as long as this process works on it: unlike the name of a
 * transaction, which has no more than 48 bits. */
static uint64_t next_name(void)
{
	static uint32_t last;

	return UINT64_C(1) << 63 | (uint64_t)(uint32_t)process_no << 32 | ++last;
}

static enum wims_reason begin(struct job *j, uint64_t txn)
{
	int64_t now = wk_now_ms();
	struct wims_binding_in in = wk_wish_binding(j->msg, &j->who, &j->wish, txn, now);
	enum wims_reason r;

	in.range = j->range;
	in.owner = j->who.owner;
	r = wims_binding_begin(wk_flows_lock(), &in, now, j->contact_user);
	wk_flows_unlock();
	return r;
}

static void abort_begun(uint64_t txn)
{
	wims_binding_abort(wk_flows_lock(), txn, wk_now_ms(), false);
	wk_flows_unlock();
}

/* Its Service-Route is that of the range, which may change. */
static enum wims_reason commit(const struct job *j, uint64_t txn)
{
	const struct wims_core_answer answer = {
			.granted_ms = (int64_t)j->wish.plan.wic * 1000,
			.core_granted_ms = (int64_t)j->wish.plan.wic * 1000,
			.since = j->since,
	};
	enum wims_reason r = wims_binding_commit(wk_flows_lock(), txn, &answer, wk_now_ms());

	wk_flows_unlock();
	return r;
}

static bool put_contact(const struct job *j)
{
	const struct wims_contact *c = &j->wish.contact;
	const struct wk_location_in in = {
			.impu = j->who.impu,
			.user = wims_pl_str(j->contact_user),
			.q = c->q,
			.expires = j->wish.plan.wic,
			.call_id = wk_hdr_call_id(j->msg),
			.instance = c->instance,
			.cseq = wk_hdr_cseq(j->msg),
			.reg_id = c->instance.l > 0 ? c->reg_id : 0, /* RFC 5626 4.2 */
			.renewed = &wk_result(j->msg)->refreshed,
	};

	return wk_location_put(j->msg, &in);
}

static void drop_contact(const struct job *j)
{
	wk_location_drop(j->who.impu, wims_pl_str(j->contact_user));
}

/* The contacts of the IMPU are locked. */
static enum wims_reason write_both(struct job *j, uint64_t txn)
{
	enum wims_reason r;

	if(j->wish.plan.remove) {
		drop_contact(j);
	} else if(!put_contact(j)) {
		abort_begun(txn);
		return WIMS_NOMEM;
	}
	r = commit(j, txn);
	/* one whose connection is lost waits its grace, with its contact */
	if(r != WIMS_OK && r != WIMS_FLOW_GONE)
		drop_contact(j);
	return r;
}

/* ---- the registrar that others ask ---- */

/* Since when the IMPU is its user's, by what this device registered before; 0: it
 * did not. */
static int64_t known_since(const struct job *j)
{
	static struct wims_binding_view v;
	bool found = wims_binding_of_user(wk_flows_lock(), wims_pl_str(j->contact_user), &v);

	wk_flows_unlock();
	return found ? v.since : 0;
}

/* A refresh is acknowledged already, and is held against whoever came later. */
static enum wims_reason publish(struct job *j)
{
	const struct wims_contact *c = &j->wish.contact;
	int64_t since = known_since(j);
	const struct wk_registry_in in = {
			.range = wk_result(j->msg)->range,
			.impu = j->who.impu,
			.owner = j->who.owner,
			.name = wims_pl_str(j->contact_user),
			.instance = c->instance,
			.reg_id = c->reg_id,
			.conn = (uint32_t)j->msg->rcv.proto_reserved1,
			.q = c->q,
			.left_ms = (int64_t)j->wish.plan.wic * 1000,
			.since = since,
			.again = since > 0,
	};
	struct wims_reg_put_out out;
	enum wims_reason r = wk_registry_put(&in, &out);

	j->since = out.since;
	return r;
}

static void unpublish(const struct job *j)
{
	wk_registry_remove(j->who.impu, wims_pl_str(j->contact_user));
}

/* The older owner keeps the IMPU; what is here of the other is over. */
static enum wims_reason give_way(const struct job *j, enum wims_reason r)
{
	if(r != WIMS_IDENTITY_CONFLICT)
		return r;
	wk_stats_event(WK_EV_REGISTRAR_CONFLICTS);
	wims_binding_end(wk_flows_lock(), wims_pl_str(j->contact_user), r, wk_now_ms());
	wk_flows_unlock();
	wk_proc_wake();
	return r;
}

/* Nothing is locked while the registrar is asked. Two REGISTERs at once for one
 * contact may reach it in another order than the flow table. */
static enum wims_reason change_published(struct job *j, uint64_t txn)
{
	struct wims_pl user = wims_pl_str(j->contact_user);
	enum wims_reason r = WIMS_OK;
	bool overlap;

	overlap = wims_binding_open(wk_flows_lock(), user) > 1;
	wk_flows_unlock();
	if(!j->wish.plan.remove)
		r = publish(j);
	if(r == WIMS_OK) {
		wk_location_lock(j->who.impu);
		r = write_both(j, txn);
		wk_location_unlock(j->who.impu);
	} else {
		abort_begun(txn);
	}
	if(r != WIMS_OK || overlap || j->wish.plan.remove)
		unpublish(j);
	return give_way(j, r);
}

static enum wims_reason change(struct job *j)
{
	uint64_t txn = next_name();
	enum wims_reason r;

	wk_location_lock(j->who.impu);
	r = begin(j, txn);
	if(r == WIMS_OK && !j->published)
		r = write_both(j, txn);
	else if(r == WIMS_OK) {
		wk_location_unlock(j->who.impu);
		return change_published(j, txn);
	}
	wk_location_unlock(j->who.impu);
	return r;
}

/* What it rests on may have ended since it was looked at; whoever ends that walks
 * the flow table first or finds it here. */
static enum wims_reason still_good(const struct job *j, struct wims_pl *service_route)
{
	struct wims_pl user = wims_pl_str(j->contact_user);
	enum wims_reason r = wk_revoke_recheck(user);

	if(r == WIMS_OK)
		r = wk_exclusive_recheck(user);
	if(r != WIMS_OK || (r = check_range(j->range, service_route)) == WIMS_OK)
		return r;
	wims_binding_drop(wk_flows_lock(), user, wk_now_ms());
	wk_flows_unlock();
	return r;
}

/* ---- the answer ---- */

/* The WIC sees its own Contact and nobody else's, as in the other scenarios:
 * other devices of the IMPU are none of a browser's business. */
static bool add_lines(const struct job *j, struct wims_pl service_route)
{
	static char lines[LINES_MAX];
	const struct wims_contact *c = &j->wish.contact;
	struct wims_w w;

	wims_w_init(&w, lines, sizeof(lines));
	wims_contact_to_wic(&w, c->uri, c->params, j->wish.plan.wic);
	wims_w_lit(&w, "P-Associated-URI: <");
	wims_w_pl(&w, j->who.impu);
	wims_w_lit(&w, ">");
	wims_w_crlf(&w);
	if(service_route.l > 0) {
		wims_w_lit(&w, "Service-Route: ");
		wims_w_pl(&w, service_route);
		wims_w_crlf(&w);
	}
	return w.ok && wk_hdr_add_to_reply(j->msg, wims_w_done(&w));
}

static enum wims_reason answer(const struct job *j, struct wims_pl service_route)
{
	if((j->wish.plan.remove || add_lines(j, service_route)) && wk_reply_ok(j->msg))
		return WIMS_OK;
	/* registered, but the WIC cannot be told: it starts anew */
	wk_close_flow((uint32_t)j->msg->rcv.proto_reserved1, WIMS_INTERNAL, true);
	return WIMS_INTERNAL;
}

static enum wims_reason add(struct job *j)
{
	struct wims_pl service_route;
	enum wims_reason r = change(j), ended = WIMS_OK;

	/* a connection that ended meanwhile leaves a binding all the same */
	if(r == WIMS_OK || r == WIMS_FLOW_GONE)
		ended = still_good(j, &service_route);
	if(ended != WIMS_OK)
		r = ended;
	if(r != WIMS_OK)
		return r;
	wk_stats_event(WK_EV_REGISTERED);
	return answer(j, service_route);
}

static enum wims_reason remove_from(struct job *j)
{
	enum wims_reason r = change(j);

	if(r == WIMS_OK)
		wk_stats_event(WK_EV_REGISTERED);
	/* RFC 3261 10.2.2: it is gone, as was asked for */
	return r == WIMS_OK || r == WIMS_NOT_REGISTERED ? answer(j, WIMS_PL_NONE) : r;
}

static enum wims_reason save(sip_msg_t *msg)
{
	struct job j = {.msg = msg};
	enum wims_reason r;

	if((r = wk_who_of_token(msg, &j.who)) != WIMS_OK)
		return r;
	j.range = wk_result(msg)->range_key;
	if(j.range.l == 0)
		return WIMS_SCENARIO_REFUSED; /* the core is the registrar */
	if((r = wk_wish_read(msg, &j.who, &j.wish)) != WIMS_OK)
		return r;
	j.published = wk_registry_publishes(wk_result(msg)->range);
	return j.wish.plan.remove ? remove_from(&j) : add(&j);
}

int wk_registrar_save(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? save(msg) : WIMS_REQUEST_MALFORMED);
}
