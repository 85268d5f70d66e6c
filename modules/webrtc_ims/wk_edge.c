/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_edge.h"

#include <string.h>

#include "core/name_alias.h"
#include "core/parser/parse_rr.h"
#include "core/data_lump.h"
#include "core/parser/parse_uri.h"
#include "sip/wims_list.h"
#include "sip/wims_uri.h"
#include "wk_hdr.h"
#include "wk_params.h"
#include "wk_state.h"

enum
{
	RECORD_ROUTE_MAX = 400 /* ours, and the name of the core's */
};

static struct wims_edge_uri plain;

bool wk_edge_parse(struct wims_edge_uri *out, struct wims_pl address)
{
	size_t colon = address.l;
	uint64_t port = 0;

	*out = (struct wims_edge_uri){.port = 0};
	while(colon > 0 && address.p[colon - 1] != ':')
		colon--;
	if(colon < 2 || !wims_pl_u64(wims_pl_from(address, colon), &port) || port == 0
	   || port > UINT16_MAX)
		return false;
	out->host = (struct wims_pl){address.p, colon - 1};
	out->port = (uint16_t)port;
	return true;
}

/* Where it is a name, or an address that something in front of this node has, Kamailio
 * does not listen on it, and would send what comes for it back to it. */
static int add_own_name(void)
{
	struct wims_pl host = plain.host;

	/* as Kamailio compares them */
	if(host.l > 2 && host.p[0] == '[' && host.p[host.l - 1] == ']')
		host = (struct wims_pl){host.p + 1, host.l - 2};
	return add_alias((char *)host.p, (int)host.l, plain.port, PROTO_NONE) < 0 ? -1 : 0;
}

int wk_edge_init(void)
{
	if(wk_edge_parse(&plain, wims_pl_str(wk_params.mw_address)))
		return add_own_name();
	LM_ERR("modparam mw_address=%s: must be host:port\n", wk_params.mw_address);
	return -1;
}

struct wims_edge_uri wk_edge_plain(void)
{
	return plain;
}

void wk_edge_write_own(struct wims_w *w)
{
	wims_edge_user_write(w, WIMS_PL_NONE, &plain);
}

void wk_edge_assert_own(struct wims_w *w)
{
	wims_w_lit(w, "P-Asserted-Identity: <");
	wk_edge_write_own(w);
	wims_w_lit(w, ">");
	wims_w_crlf(w);
}

enum wims_reason wk_edge_write(struct wk_edge *e, enum wims_flowtoken_kind kind, uint32_t conn,
							   struct wims_pl context)
{
	const struct wims_flowtoken t = {
			.kind = kind,
			.node = (uint16_t)wk_params.node_id,
			.epoch = wk_boot_epoch(),
			.conn = conn,
	};
	enum wims_reason r = wims_flowtoken_encode(e->token, wk_flow_keys(), &t, context);

	e->uri = plain;
	e->uri.token = r == WIMS_OK ? (struct wims_pl){e->token, sizeof(e->token)} : WIMS_PL_NONE;
	return r;
}

/* Empty: there is none. False: it is no Route. */
static bool top_route(sip_msg_t *msg, struct wims_pl *uri)
{
	*uri = WIMS_PL_NONE;
	if(msg->route == NULL)
		return true;
	if(parse_rr(msg->route) < 0)
		return false;
	*uri = wk_pl(&((rr_t *)msg->route->parsed)->nameaddr.uri);
	return true;
}

/* Of the topmost Route; empty: there is none, or it has none. False: it is no
 * Route. */
static bool top_route_user(sip_msg_t *msg, struct wims_pl *user)
{
	struct wims_pl top;
	struct sip_uri uri;

	*user = WIMS_PL_NONE;
	if(!top_route(msg, &top))
		return false;
	if(top.p == NULL)
		return true;
	if(parse_uri((char *)top.p, (int)top.l, &uri) < 0)
		return false;
	*user = wk_pl(&uri.user);
	return true;
}

enum wims_reason wk_edge_read(sip_msg_t *msg, enum wims_flowtoken_kind kind, struct wims_pl context,
							  uint32_t *conn)
{
	struct wims_flowtoken t;
	struct wims_pl user;
	enum wims_reason r;

	*conn = 0;
	if(!top_route_user(msg, &user))
		return WIMS_FLOW_TOKEN_BAD;
	if((r = wims_flowtoken_decode(&t, wk_flow_keys(), kind, user, context)) != WIMS_OK)
		return r;
	if(t.node != wk_params.node_id || t.epoch != wk_boot_epoch())
		return WIMS_FLOW_GONE;
	*conn = t.conn;
	return WIMS_OK;
}

/* ---- other nodes ---- */

static bool is_own(const struct wims_edge_uri *u)
{
	return u->port == plain.port && wims_pl_caseeq(u->host, plain.host);
}

/* Never one of this node, nor a place of this node. */
static bool read_hop(struct wk_edge_hop *hop, enum wims_flowtoken_kind kind, struct wims_pl context)
{
	struct wims_flowtoken t;

	if(wims_flowtoken_decode(&t, wk_flow_keys(), kind, hop->uri.token, context) != WIMS_OK
	   || t.node == wk_params.node_id || is_own(&hop->uri))
		return false;
	hop->node = t.node;
	hop->epoch = t.epoch;
	hop->uri.peer = true;
	return true;
}

/* Was it this node that the Route leads to, or another one that sent it here, then
 * nobody knows better where that connection is: so no request goes in circles. */
bool wk_edge_elsewhere(sip_msg_t *msg, enum wims_flowtoken_kind kind, struct wims_pl context,
					   struct wk_edge_hop *hop)
{
	struct wims_pl top, value;
	struct wims_uri u;

	if(!top_route(msg, &top) || wims_uri_parse(&u, top) != WIMS_OK
	   || wims_uri_param(u.params, WIMS_PL("peer"), &value))
		return false;
	*hop = (struct wk_edge_hop){.uri = {.token = u.user, .host = u.host, .port = u.port}};
	return read_hop(hop, kind, context);
}

bool wk_edge_hop(struct wk_edge_hop *hop, struct wims_pl address, struct wims_pl token)
{
	*hop = (struct wk_edge_hop){0};
	if(!wk_edge_parse(&hop->uri, address))
		return false;
	hop->uri.token = token;
	return read_hop(hop, WIMS_FLOWTOKEN_PATH, WIMS_PL_NONE);
}

bool wk_edge_hop_of_path(struct wk_edge_hop *hop, struct wims_pl path)
{
	struct wims_pl uri, params;
	struct wims_uri u;

	*hop = (struct wk_edge_hop){0};
	if(!wims_list_uri(path, &uri, &params) || wims_uri_parse(&u, uri) != WIMS_OK)
		return false;
	hop->uri = (struct wims_edge_uri){.token = u.user, .host = u.host, .port = u.port};
	return read_hop(hop, WIMS_FLOWTOKEN_PATH, WIMS_PL_NONE);
}

bool wk_edge_on_top(sip_msg_t *msg)
{
	struct wims_pl user;

	/* what cannot be read is for the one who reads tokens to refuse */
	return !top_route_user(msg, &user) || (user.l > 0 && !wims_pl_eq(user, WIMS_PL(WK_EDGE_RANGE)));
}

bool wk_edge_is_own(struct wims_pl uri)
{
	struct wims_uri u;

	return wims_uri_parse(&u, uri) == WIMS_OK
		   && is_own(&(struct wims_edge_uri){.host = u.host, .port = u.port});
}

static bool insert_record_route(sip_msg_t *msg, struct wims_pl line)
{
	struct lump *at =
			anchor_lump(msg, (int)(msg->headers->name.s - msg->buf), 0, HDR_RECORDROUTE_T);
	char *copy = pkg_malloc(line.l);

	if(copy != NULL)
		memcpy(copy, line.p, line.l);
	if(at != NULL && copy != NULL
	   && insert_new_lump_before(at, copy, (int)line.l, HDR_RECORDROUTE_T) != NULL)
		return true;
	if(copy != NULL)
		pkg_free(copy);
	return false;
}

static enum wims_reason write_record_route(struct wims_w *w, sip_msg_t *msg, uint32_t conn)
{
	struct wk_edge e;
	enum wims_reason r = wk_edge_write(&e, WIMS_FLOWTOKEN_RECORD_ROUTE, conn, wk_hdr_call_id(msg));

	if(r != WIMS_OK)
		return r;
	wims_w_lit(w, "Record-Route: ");
	wims_edge_uri_write(w, &e.uri);
	wims_w_crlf(w);
	return w->ok ? WIMS_OK : WIMS_NOMEM;
}

enum wims_reason wk_edge_record_route(sip_msg_t *msg, uint32_t conn)
{
	char buf[RECORD_ROUTE_MAX];
	struct wims_w w;
	enum wims_reason r;

	wims_w_init(&w, buf, sizeof(buf));
	r = write_record_route(&w, msg, conn);
	if(r != WIMS_OK)
		return r;
	return insert_record_route(msg, wims_w_done(&w)) ? WIMS_OK : WIMS_NOMEM;
}

enum wims_reason wk_edge_restore_routes(sip_msg_t *reply, sip_msg_t *request, uint32_t conn)
{
	static char buf[RECORD_ROUTE_MAX + WIMS_ROUTES_MAX], routes[WIMS_ROUTES_MAX];
	static const struct wims_pl name = {"Record-Route", 12};
	struct wims_pl core = WIMS_PL_NONE;
	struct wims_w w;
	enum wims_reason r;

	wims_w_init(&w, buf, sizeof(buf));
	r = write_record_route(&w, reply, conn);
	if(r != WIMS_OK)
		return r;
	if(!wk_hdr_joined(request, name, routes, sizeof(routes), &core))
		return WIMS_HEAD_TOO_LONG;
	if(core.l > 0) {
		wims_w_lit(&w, "Record-Route: ");
		wims_w_pl(&w, core);
		wims_w_crlf(&w);
	}
	return w.ok && wk_hdr_drop_all(reply, name) && wk_hdr_add(reply, wims_w_done(&w)) ? WIMS_OK
																					  : WIMS_NOMEM;
}
