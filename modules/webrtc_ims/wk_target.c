/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_target.h"

#include "identity/wims_impu.h"
#include "provision/wims_scenario.h"
#include "sip/wims_list.h"
#include "wk_ask.h"
#include "wk_callees.h"
#include "wk_edge.h"
#include "wk_hdr.h"
#include "wk_ranges.h"
#include "wk_registry.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_state.h"

/* ---- who is meant ---- */

/* The core has put the Contact of the range's registration into the
 * Request-URI; who was called stands in P-Called-Party-ID (RFC 7315 5.2). */
static enum wims_reason called_party(struct wims_pl body, struct wims_pl *uri)
{
	struct wims_pl params;

	if(!wims_list_next(&body, uri) || !wims_list_uri(*uri, uri, &params))
		return WIMS_REQUEST_MALFORMED;
	return WIMS_OK;
}

static enum wims_reason target_uri(sip_msg_t *msg, struct wims_pl *uri)
{
	const hdr_field_t *h = wk_hdr_next(msg, NULL, WIMS_PL("P-Called-Party-ID"));

	if(h != NULL)
		return called_party(wims_pl_trim(wk_pl(&h->body)), uri);
	*uri = wk_pl(GET_RURI(msg));
	return wk_edge_is_own(*uri) ? WIMS_TARGET_UNKNOWN : WIMS_OK;
}

static enum wims_reason note_target(struct wk_result *res, struct wims_pl uri)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;
	enum wims_reason r = wims_impu_canonical(&impu, buf, sizeof(buf), uri);

	wk_result_identity(res, WIMS_PL_NONE, WIMS_PL_NONE);
	if(r != WIMS_OK)
		return r;
	wk_result_identity(res, impu, WIMS_PL_NONE);
	if(!wk_ranges_find(impu, &res->member))
		res->member = (struct wk_range_hit){NULL, NULL};
	return WIMS_OK;
}

static enum wims_reason find_target(sip_msg_t *msg, struct wk_result *res)
{
	struct wims_pl uri = WIMS_PL_NONE;
	enum wims_reason r = target_uri(msg, &uri);

	wk_result_identity(res, WIMS_PL_NONE, WIMS_PL_NONE);
	return r == WIMS_OK ? note_target(res, uri) : r;
}

int wk_for_range(sip_msg_t *msg)
{
	struct wk_result *res = wk_result(msg);

	if(!wk_ranges_any() || !wk_hdr_parse(msg) || wk_edge_on_top(msg))
		return WK_FALSE;
	res->reason = find_target(msg, res);
	return WK_TRUE;
}

/* ---- is anybody there ---- */

static bool is_reachable(const sip_msg_t *msg, struct wims_pl impu)
{
	const struct wk_callee *callees;
	bool there;

	if(wk_registry_shared())
		return wk_callees(msg, impu, &callees) > 0;
	there = wims_impu_reachable(wk_flows_lock(), impu, wk_now_ms());
	wk_flows_unlock();
	return there;
}

/* Of a range or a pool: then nobody shall learn whether it was ever handed out.
 * Any other IMPU comes with the flow token of its own registration. */
static bool is_member(const struct wk_result *res)
{
	const struct wk_range_hit *m = &res->member;

	return m->range != NULL || (m->wwsf != NULL && wims_scenario_owns(m->wwsf->scenario));
}

static enum wims_reason judge(sip_msg_t *msg, struct wk_result *res)
{
	enum wims_reason r;

	if(!wk_hdr_parse(msg))
		return WIMS_REQUEST_MALFORMED;
	if(res->impu.l == 0 && (r = find_target(msg, res)) != WIMS_OK)
		return r;
	if(!is_member(res))
		return WIMS_TARGET_UNKNOWN;
	return is_reachable(msg, res->impu) ? WIMS_OK : WIMS_TARGET_UNREGISTERED;
}

int wk_reject_unregistered(sip_msg_t *msg)
{
	struct wk_result *res = wk_result(msg);

	if(wk_outcome(msg, judge(msg, res)) == WK_TRUE)
		return WK_FALSE;
	wk_reply(msg);
	return WK_TRUE;
}

int wk_unreachable(sip_msg_t *msg)
{
	wk_outcome(msg, WIMS_TARGET_UNREGISTERED);
	return wk_reply(msg);
}

/* ---- asked by somebody else's script ---- */

static enum wims_reason ask(const sip_msg_t *msg, const struct wk_result *res)
{
	if(!wims_range_registered(res->member.range))
		return WIMS_TARGET_UNKNOWN;
	if(wk_registry_shared())
		return wk_ask_about(res->impu);
	return is_reachable(msg, res->impu) ? WIMS_OK : WIMS_TARGET_UNREGISTERED;
}

int wk_registrar_query(sip_msg_t *msg, const str *uri)
{
	struct wk_result *res = wk_result(msg);
	enum wims_reason r = note_target(res, wk_pl(uri));
	bool ours = r == WIMS_OK;

	if(ours) {
		r = ask(msg, res);
		ours = r != WIMS_TARGET_UNKNOWN;
	}
	wk_outcome(msg, r);
	if(!ours)
		return WK_QUERY_NOT_OURS;
	if(r == WIMS_OK)
		return WK_TRUE;
	return r == WIMS_TARGET_UNREGISTERED ? WK_QUERY_NOBODY : WK_QUERY_AWAY;
}
