/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_leg.h"

#include "base/wims_w.h"
#include "core/dset.h"
#include "sip/wims_contact.h"
#include "sip/wims_list.h"
#include "wk_hdr.h"
#include "wk_state.h"
#include "wk_ws.h"

bool wk_leg_forms_dialog(const sip_msg_t *msg)
{
	int m = msg->first_line.u.request.method_value;

	return m == METHOD_INVITE || m == METHOD_SUBSCRIBE || m == METHOD_REFER;
}

enum wims_reason wk_leg_next_hop(sip_msg_t *msg, struct wims_pl uri)
{
	str s = wk_str(uri);

	return set_dst_uri(msg, &s) < 0 ? WIMS_NOMEM : WIMS_OK;
}

/* Kamailio wants an address to build the Via from, but wk_ws.c lets nothing out
 * to a WebSocket other than by connection id. */
enum wims_reason wk_leg_pin(sip_msg_t *msg, uint32_t conn)
{
	struct wk_ws_peer peer;

	if(!wk_ws_peer(conn, &peer))
		return WIMS_FLOW_GONE;
	msg->otcpid = (int)conn;
	msg->msg_flags |= FL_USE_OTCPID;
	set_force_socket(msg, peer.sock);
	return wk_leg_next_hop(msg, wims_pl_str(peer.uri));
}

enum wims_reason wk_leg_binding(struct wims_pl contact_user, struct wims_binding_view *view)
{
	struct wims_flows *fs = wk_flows_lock();
	enum wims_reason r = WIMS_TARGET_UNREGISTERED;

	if(wims_binding_of_user(fs, contact_user, view))
		r = wims_binding_of_contact(fs, view->conn, contact_user, wk_now_ms(), view);
	wk_flows_unlock();
	return r;
}

enum wims_reason wk_leg_learn(uint64_t call, const struct wims_call_news *news)
{
	enum wims_reason r = wims_call_learn(wk_flows_lock(), call, news);

	wk_flows_unlock();
	return r;
}

struct wims_pl wk_leg_target(sip_msg_t *msg)
{
	struct wims_contact c;
	struct wims_pl body = wk_hdr_body(msg, WIMS_PL("Contact"));

	return wims_contact_parse(&c, body) == WIMS_OK ? c.uri : WIMS_PL_NONE;
}

static void append_route(struct wims_w *w, struct wims_pl route)
{
	if(w->len > 0)
		wims_w_lit(w, ", ");
	wims_w_pl(w, route);
}

/* Record-Route in order. */
enum wims_reason wk_leg_from_request(sip_msg_t *msg, struct wims_call_news *news)
{
	static char routes[WIMS_ROUTES_MAX];
	struct wims_list list;
	struct wims_w w;
	size_t i;

	if(wk_hdr_list(msg, WIMS_PL("Record-Route"), &list) != WIMS_OK)
		return WIMS_REQUEST_MALFORMED;
	wims_w_init(&w, routes, sizeof(routes));
	for(i = 0; i < list.count; i++)
		append_route(&w, list.item[i]);
	if(!w.ok)
		return WIMS_HEAD_TOO_LONG;
	news->core_target = wk_leg_target(msg);
	news->core_routes = wims_w_done(&w);
	news->has_routes = true;
	return WIMS_OK;
}

/* Record-Route in reverse, without the last ones, which are ours. */
enum wims_reason wk_leg_routes_of_answer(sip_msg_t *msg, size_t ours, struct wims_call_news *news)
{
	static char reversed[WIMS_ROUTES_MAX];
	struct wims_list list;
	struct wims_w w;
	size_t i;

	if(wk_hdr_list(msg, WIMS_PL("Record-Route"), &list) != WIMS_OK || list.count < ours)
		return WIMS_CORE_ANSWER_BAD;
	wims_w_init(&w, reversed, sizeof(reversed));
	for(i = list.count - ours; i > 0; i--)
		append_route(&w, list.item[i - 1]);
	if(!w.ok)
		return WIMS_CORE_ANSWER_BAD;
	news->core_routes = wims_w_done(&w);
	news->has_routes = true;
	return WIMS_OK;
}
