/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_peer.h"

#include "base/wims_w.h"
#include "core/parser/parse_uri.h"
#include "core/timer.h"
#include "wk_edge.h"
#include "wk_hdr.h"
#include "wk_leg.h"
#include "wk_params.h"
#include "wk_peer_watch.h"
#include "wk_registry.h"
#include "wk_result.h"
#include "wk_stats.h"
#include "wk_tm.h"

enum
{
	ROUTES_MAX = WIMS_ROUTES_MAX + WIMS_FLOW_TEXT_MAX,
	HOP_MAX = 320 /* bytes of the URI of a node */
};

/* The token of a dialog is bound to its Call-ID, that of a registration to nothing. */
static bool is_elsewhere(sip_msg_t *msg, struct wk_edge_hop *hop)
{
	if(wk_hdr_to_tag(msg).l > 0)
		return wk_edge_elsewhere(msg, WIMS_FLOWTOKEN_RECORD_ROUTE, wk_hdr_call_id(msg), hop);
	return wk_edge_elsewhere(msg, WIMS_FLOWTOKEN_PATH, WIMS_PL_NONE, hop);
}

/* The same Routes, the first one marked. */
static bool mark_route(sip_msg_t *msg, const struct wk_edge_hop *hop)
{
	char lines[ROUTES_MAX];
	struct wims_list routes;
	struct wims_w w;
	size_t i;

	if(wk_hdr_list(msg, WIMS_PL("Route"), &routes) != WIMS_OK)
		return false;
	wims_w_init(&w, lines, sizeof(lines));
	wims_w_lit(&w, "Route: ");
	wims_edge_uri_write(&w, &hop->uri);
	for(i = 1; i < routes.count; i++) {
		wims_w_lit(&w, ", ");
		wims_w_pl(&w, routes.item[i]);
	}
	wims_w_crlf(&w);
	return w.ok && wk_hdr_drop_all(msg, WIMS_PL("Route")) && wk_hdr_add(msg, wims_w_done(&w));
}

static bool go_there(sip_msg_t *msg, const struct wk_edge_hop *hop)
{
	char uri[HOP_MAX];
	struct wims_w w;

	wims_w_init(&w, uri, sizeof(uri));
	wims_edge_user_write(&w, WIMS_PL_NONE, &hop->uri);
	return w.ok && wk_leg_next_hop(msg, wims_w_done(&w)) == WIMS_OK;
}

int wk_to_peer(sip_msg_t *msg)
{
	struct wk_edge_hop hop;

	if(wk_from_wic(msg) || !wk_hdr_parse(msg) || !is_elsewhere(msg, &hop)
	   || !wk_result_peer(wk_result(msg), hop.uri.host) || !mark_route(msg, &hop)
	   || !go_there(msg, &hop))
		return WK_FALSE;
	wk_stats_event(WK_EV_PEER_REQUESTS);
	return WK_TRUE;
}

/* ---- one branch of a fork ---- */

/* A node that lives answers at once. tm has one time for all branches, but takes this
 * one's own if it is there before the branch is sent. */
static void set_timeout(sip_msg_t *msg)
{
	struct cell *t = wk_tm.t_gett();
	int branch = wk_tm.tm_ctx_get()->branch_index;

	if(t != NULL && t != T_UNDEFINED && branch >= 0
	   && msg->first_line.u.request.method_value == METHOD_INVITE)
		t->uac[branch].request.fr_expire =
				get_ticks_raw() + MS_TO_TICKS((ticks_t)wk_params.peer_timeout_ms);
}

static bool watch(sip_msg_t *msg, const struct wk_edge_hop *hop)
{
	struct cell *t = wk_tm_transaction(msg);
	struct wk_peer_branch b = {
			.number = wk_tm.tm_ctx_get()->branch_index, .node = hop->node, .epoch = hop->epoch};

	if(t == NULL || b.number < 0 || parse_sip_msg_uri(msg) < 0)
		return false;
	b.name = wk_pl(&msg->parsed_uri.user);
	return wk_peer_watch(msg, t, &b) == WIMS_OK;
}

enum wims_reason wk_peer_branch(sip_msg_t *msg)
{
	char address[WIMS_REG_ADDRESS_MAX + 1];
	struct wk_edge_hop hop;

	if(!wk_edge_hop_of_path(&hop, wk_pl(&msg->path_vec))
	   || !wk_result_peer(wk_result(msg), hop.uri.host))
		return WIMS_FLOW_TOKEN_BAD;
	if(!wk_registry_node(hop.node, hop.epoch, address))
		return WIMS_FLOW_GONE;
	if(!watch(msg, &hop))
		return WIMS_NOMEM;
	/* of a branch before this one, to a WIC of this node */
	msg->msg_flags &= ~(unsigned)FL_USE_OTCPID;
	set_timeout(msg);
	wk_stats_event(WK_EV_PEER_REQUESTS);
	return WIMS_OK;
}
