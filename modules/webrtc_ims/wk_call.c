/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_call.h"

#include "core/dset.h"
#include "core/parser/parse_uri.h"
#include "flow/wims_flow.h"
#include "identity/wims_impu.h"
#include "sip/wims_contact.h"
#include "sip/wims_list.h"
#include "wk_edge.h"
#include "wk_hdr.h"
#include "wk_params.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_tm.h"
#include "wk_ws.h"

enum
{
	HEADERS_MAX = 4096
};

static bool forms_dialog(const sip_msg_t *msg)
{
	int m = msg->first_line.u.request.method_value;

	return m == METHOD_INVITE || m == METHOD_SUBSCRIBE;
}

static enum wims_reason set_next_hop(sip_msg_t *msg, struct wims_pl uri)
{
	str s = wk_str(uri);

	return set_dst_uri(msg, &s) < 0 ? WIMS_NOMEM : WIMS_OK;
}

/* The next send of this request goes over that connection, or nowhere: Kamailio
 * wants an address to build the Via from, but wk_ws.c lets nothing out to a
 * WebSocket other than by connection id. */
static enum wims_reason pin_to(sip_msg_t *msg, uint32_t conn)
{
	struct wk_ws_peer peer;

	if(!wk_ws_peer(conn, &peer))
		return WIMS_FLOW_GONE;
	msg->otcpid = (int)conn;
	msg->msg_flags |= FL_USE_OTCPID;
	set_force_socket(msg, peer.sock);
	return set_next_hop(msg, wims_pl_str(peer.uri));
}

/* ---- calls in the flow table ---- */

/* tm's callback parameter is a pointer; the call's name travels in its place. */
_Static_assert(sizeof(void *) >= sizeof(uint64_t), "names of calls fit a pointer");

static uint64_t name_in(const struct tmcb_params *ps)
{
	return (uint64_t)(uintptr_t)*ps->param;
}

static void settle(uint64_t call)
{
	wims_call_settle(wk_flows_lock(), call);
	wk_flows_unlock();
}

static void on_opening_over(struct cell *t, int type, struct tmcb_params *ps)
{
	(void)t;
	(void)type;
	if(!wk_state_gone())
		settle(name_in(ps));
}

static enum wims_reason settle_at_the_end(sip_msg_t *msg, struct cell *t, uint64_t call)
{
	void *name = (void *)(uintptr_t)call;

	if(wk_tm.register_tmcb(msg, t, TMCB_DESTROY, on_opening_over, name, NULL) > 0)
		return WIMS_OK;
	settle(call);
	return WIMS_NOMEM;
}

static enum wims_reason open_call(sip_msg_t *msg, struct cell *t, uint32_t conn, bool wic_is_caller,
								  uint64_t *call)
{
	struct wims_call_in in = {
			.conn = conn,
			.kind = msg->first_line.u.request.method_value == METHOD_INVITE
							? WIMS_CALL_INVITE
							: WIMS_CALL_SUBSCRIPTION,
			.wic_is_caller = wic_is_caller,
			.call_id = wk_hdr_call_id(msg),
			.wic_tag = wic_is_caller ? wk_hdr_from_tag(msg) : WIMS_PL_NONE,
			.core_tag = wic_is_caller ? WIMS_PL_NONE : wk_hdr_from_tag(msg),
			.wic_uri = wic_is_caller ? wk_hdr_from_uri(msg) : wk_hdr_to_uri(msg),
			.core_uri = wic_is_caller ? wk_hdr_to_uri(msg) : wk_hdr_from_uri(msg),
			.wic_cseq = wic_is_caller ? wk_hdr_cseq(msg) : 0,
	};
	enum wims_reason r = wims_call_open(wk_flows_lock(), &in, wk_now_ms(), call);

	wk_flows_unlock();
	return r == WIMS_OK ? settle_at_the_end(msg, t, *call) : r;
}

static enum wims_reason learn(uint64_t call, const struct wims_call_news *news)
{
	enum wims_reason r = wims_call_learn(wk_flows_lock(), call, news);

	wk_flows_unlock();
	return r;
}

/* ---- originating ---- */

static bool write_originating(struct wims_w *w, const struct wims_binding_view *b)
{
	uint8_t icid[WIMS_ICID_LEN];

	if(!wims_random(icid, sizeof(icid)))
		return false;
	wims_w_lit(w, "P-Asserted-Identity: <");
	wims_w_pl(w, b->asserted);
	wims_w_lit(w, ">");
	wims_w_crlf(w);
	wims_tna_charging(w, icid, b->domain);
	if(b->service_route.l > 0) {
		wims_w_lit(w, "Route: ");
		wims_w_pl(w, b->service_route);
		wims_w_crlf(w);
	}
	return w->ok;
}

/* The first hop of the Service-Route, or the core's entry point. */
static enum wims_reason route_to_core(sip_msg_t *msg, const struct wims_binding_view *b)
{
	struct wims_pl rest = b->service_route, first, uri, params;

	if(rest.l == 0)
		return set_next_hop(msg, wims_pl_str(wk_params.mw_next_hop));
	if(!wims_list_next(&rest, &first) || !wims_list_uri(first, &uri, &params))
		return WIMS_CORE_ANSWER_BAD;
	return set_next_hop(msg, uri);
}

static enum wims_reason assert_identity(sip_msg_t *msg, const struct wims_binding_view *b)
{
	static char lines[HEADERS_MAX];
	struct wims_w w;

	wims_w_init(&w, lines, sizeof(lines));
	if(!write_originating(&w, b))
		return WIMS_INTERNAL;
	if(!wk_hdr_drop_all(msg, WIMS_PL("Route"))
	   || !wk_hdr_drop_all(msg, WIMS_PL("P-Preferred-Identity"))
	   || !wk_hdr_add(msg, wims_w_done(&w)))
		return WIMS_NOMEM;
	return WIMS_OK;
}

/* The first identity of P-Preferred-Identity (RFC 3325 9.2); what is none is
 * no wish. */
static struct wims_pl preferred_identity(sip_msg_t *msg, char buf[WIMS_IMPU_MAX])
{
	struct wims_pl rest = wk_hdr_body(msg, WIMS_PL("P-Preferred-Identity"));
	struct wims_pl first, uri, params, impu;

	if(!wims_list_next(&rest, &first) || !wims_list_uri(first, &uri, &params)
	   || wims_impu_canonical(&impu, buf, WIMS_IMPU_MAX, uri) != WIMS_OK)
		return WIMS_PL_NONE;
	return impu;
}

static enum wims_reason binding_of_sender(sip_msg_t *msg, struct wims_binding_view *b)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl preferred = preferred_identity(msg, buf);
	enum wims_reason r;

	r = wims_binding_of_conn(wk_flows_lock(), (uint32_t)msg->rcv.proto_reserved1, preferred,
							 wk_now_ms(), b);
	wk_flows_unlock();
	return r;
}

static enum wims_reason originate(sip_msg_t *msg)
{
	static struct wims_binding_view b;
	uint32_t conn = (uint32_t)msg->rcv.proto_reserved1;
	enum wims_reason r = binding_of_sender(msg, &b);
	struct cell *t;
	uint64_t call;

	if(r != WIMS_OK)
		return r;
	if(parse_sip_msg_uri(msg) < 0)
		return WIMS_URI_BAD;
	wk_result_identity(wk_result(msg), b.asserted, b.impi);
	if((t = wk_tm_transaction(msg)) == NULL)
		return WIMS_INTERNAL;
	if((r = assert_identity(msg, &b)) != WIMS_OK || (r = route_to_core(msg, &b)) != WIMS_OK)
		return r;
	if(!forms_dialog(msg))
		return WIMS_OK;
	r = wk_edge_record_route(msg, conn);
	return r == WIMS_OK ? open_call(msg, t, conn, true, &call) : r;
}

int wk_originate(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? originate(msg) : WIMS_REQUEST_MALFORMED);
}

/* ---- terminating ---- */

static struct wims_pl contact_uri(sip_msg_t *msg)
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

/* The URI of the i-th route, or where requests go without one. */
static struct wims_pl hop(const struct wims_list *list, size_t i, struct wims_pl otherwise)
{
	struct wims_pl uri, params;

	if(i >= list->count)
		return otherwise;
	return wims_list_uri(list->item[i], &uri, &params) ? uri : WIMS_PL_NONE;
}

/* The route set of the WIC's side, as the request shows it (RFC 3261 12.1.1):
 * Record-Route in order. */
static enum wims_reason learn_from_request(sip_msg_t *msg, uint64_t call)
{
	static char routes[WIMS_ROUTES_MAX];
	struct wims_call_news news = {.core_target = contact_uri(msg)};
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
	news.core_routes = wims_w_done(&w);
	news.next_hop = hop(&list, 0, news.core_target);
	return learn(call, &news);
}

static enum wims_reason to_registered_contact(sip_msg_t *msg, uint32_t conn,
											  struct wims_binding_view *b)
{
	enum wims_reason r;

	if(parse_sip_msg_uri(msg) < 0)
		return WIMS_URI_BAD;
	r = wims_binding_of_contact(wk_flows_lock(), conn, wk_pl(&msg->parsed_uri.user), wk_now_ms(),
								b);
	wk_flows_unlock();
	return r;
}

static enum wims_reason terminate(sip_msg_t *msg)
{
	static struct wims_binding_view b;
	uint32_t conn;
	enum wims_reason r = wk_edge_read(msg, WIMS_FLOWTOKEN_PATH, WIMS_PL_NONE, &conn);
	struct cell *t;
	uint64_t call;
	str target;

	if(r != WIMS_OK || (r = to_registered_contact(msg, conn, &b)) != WIMS_OK)
		return r;
	wk_result_identity(wk_result(msg), b.impu, b.impi);
	if((t = wk_tm_transaction(msg)) == NULL)
		return WIMS_INTERNAL;
	target = wk_str(b.wic_contact);
	if(rewrite_uri(msg, &target) < 0 || !wk_hdr_drop_all(msg, WIMS_PL("Route")))
		return WIMS_NOMEM;
	if((r = pin_to(msg, conn)) != WIMS_OK || !forms_dialog(msg))
		return r;
	if((r = wk_edge_record_route(msg, conn)) != WIMS_OK
	   || (r = open_call(msg, t, conn, false, &call)) != WIMS_OK)
		return r;
	return learn_from_request(msg, call);
}

int wk_terminate(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? terminate(msg) : WIMS_REQUEST_MALFORMED);
}

/* ---- inside a dialog ---- */

static enum wims_reason find_call(uint32_t conn, sip_msg_t *msg, bool from_wic, uint64_t *call)
{
	struct wims_pl from = wk_hdr_from_tag(msg), to = wk_hdr_to_tag(msg);
	enum wims_reason r = wims_call_find(wk_flows_lock(), conn, wk_hdr_call_id(msg),
										from_wic ? from : to, from_wic ? to : from, call);

	wk_flows_unlock();
	return r;
}

/* The whole route set, ours in front of it: what stands behind the next hop
 * would steer the request from there. */
static enum wims_reason along_its_routes(sip_msg_t *msg, uint64_t call)
{
	struct wims_list routes;
	enum wims_reason r = wk_hdr_list(msg, WIMS_PL("Route"), &routes);
	struct wims_flows *fs;

	if(r != WIMS_OK)
		return WIMS_ROUTE_REFUSED;
	fs = wk_flows_lock();
	r = wims_call_may_go(fs, call, wk_pl(GET_NEXT_HOP(msg)));
	if(r == WIMS_OK)
		r = wims_call_has_routes(fs, call, wk_hdr_to_tag(msg), &routes, 1);
	wk_flows_unlock();
	return r;
}

static enum wims_reason from_wic(sip_msg_t *msg, uint32_t conn, uint64_t *call)
{
	const struct wims_call_news news = {.wic_cseq = wk_hdr_cseq(msg)};
	enum wims_reason r;

	if(conn != (uint32_t)msg->rcv.proto_reserved1)
		return WIMS_NOT_DIALOG_PARTY;
	if((r = find_call(conn, msg, true, call)) != WIMS_OK
	   || (r = along_its_routes(msg, *call)) != WIMS_OK)
		return r;
	return learn(*call, &news);
}

static enum wims_reason from_core(sip_msg_t *msg, uint32_t conn, uint64_t *call)
{
	const struct wims_call_news news = {.core_target = contact_uri(msg)};
	enum wims_reason r = wims_flow_check(wk_flows_lock(), conn, NULL);

	wk_flows_unlock();
	if(r != WIMS_OK)
		return WIMS_FLOW_GONE;
	if((r = find_call(conn, msg, false, call)) != WIMS_OK || (r = pin_to(msg, conn)) != WIMS_OK)
		return r;
	return learn(*call, &news);
}

static void end_call(uint64_t call)
{
	wims_call_end(wk_flows_lock(), call);
	wk_flows_unlock();
}

static enum wims_reason indialog(sip_msg_t *msg)
{
	int method = msg->first_line.u.request.method_value;
	uint32_t conn;
	uint64_t call;
	enum wims_reason r = wk_edge_read(msg, WIMS_FLOWTOKEN_RECORD_ROUTE, wk_hdr_call_id(msg), &conn);

	if(r == WIMS_OK)
		r = wk_from_wic(msg) ? from_wic(msg, conn, &call) : from_core(msg, conn, &call);
	if(r != WIMS_OK || method == METHOD_ACK)
		return r;
	if(wk_tm_transaction(msg) == NULL)
		return WIMS_INTERNAL;
	/* Whatever the answer, the dialog is over (RFC 3261 15.1.1); a WIC that
	 * leaves right now needs no second BYE. */
	if(method == METHOD_BYE)
		end_call(call);
	return WIMS_OK;
}

int wk_indialog(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? indialog(msg) : WIMS_REQUEST_MALFORMED);
}

/* ---- replies ---- */

/* The route set of a WIC that called (RFC 3261 12.1.2): Record-Route in
 * reverse, without the last one, which is ours. */
static enum wims_reason learn_routes(sip_msg_t *msg, struct wims_call_news *news)
{
	static char reversed[WIMS_ROUTES_MAX];
	struct wims_list list;
	struct wims_w w;
	size_t i;

	if(wk_hdr_list(msg, WIMS_PL("Record-Route"), &list) != WIMS_OK || list.count == 0)
		return WIMS_CORE_ANSWER_BAD;
	wims_w_init(&w, reversed, sizeof(reversed));
	for(i = list.count - 1; i > 0; i--)
		append_route(&w, list.item[i - 1]);
	if(!w.ok)
		return WIMS_CORE_ANSWER_BAD;
	news->core_routes = wims_w_done(&w);
	/* With one route only, ours, the index wraps past the end. */
	news->next_hop = hop(&list, list.count - 2, news->core_target);
	return WIMS_OK;
}

static enum wims_reason reply_of_core(sip_msg_t *msg, uint32_t conn, bool confirmed)
{
	struct wims_call_news news = {
			.core_tag = wk_hdr_to_tag(msg),
			.core_target = contact_uri(msg),
			.confirmed = confirmed,
	};
	uint64_t call;
	enum wims_reason r = find_call(conn, msg, true, &call);

	if(r == WIMS_OK)
		r = learn_routes(msg, &news);
	return r == WIMS_OK ? learn(call, &news) : r;
}

static enum wims_reason reply_of_wic(sip_msg_t *msg, sip_msg_t *request, bool confirmed)
{
	const struct wims_call_news news = {
			.wic_tag = wk_hdr_to_tag(msg),
			.confirmed = confirmed,
	};
	uint32_t conn = (uint32_t)msg->rcv.proto_reserved1;
	enum wims_reason r = WIMS_OK;
	uint64_t call;

	if(wk_hdr_to_tag(request).l == 0)
		r = wk_edge_restore_routes(msg, request, conn);
	if(r == WIMS_OK)
		r = find_call(conn, msg, false, &call);
	return r == WIMS_OK ? learn(call, &news) : r;
}

static enum wims_reason dialog_reply(sip_msg_t *msg, const struct cell *t)
{
	int status = (int)msg->first_line.u.reply.statuscode;
	sip_msg_t *request = t->uas.request;

	if(request == NULL || !forms_dialog(request) || status <= 100 || status >= 300)
		return WIMS_OK;
	if(wk_hdr_to_tag(msg).l == 0)
		return WIMS_OK;
	return wk_from_wic(request) ? reply_of_core(msg, wk_tm_connection(t), status >= 200)
								: reply_of_wic(msg, request, status >= 200);
}

int wk_dialog_reply(sip_msg_t *msg)
{
	const struct cell *t = wk_tm.t_gett();

	if(t == NULL || t == T_UNDEFINED || !wk_hdr_parse(msg))
		return wk_outcome(msg, WIMS_INTERNAL);
	return wk_outcome(msg, dialog_reply(msg, t));
}

/* ---- CANCEL ---- */

static enum wims_reason same_flow(sip_msg_t *msg)
{
	struct cell *invite = wk_tm.t_lookup_original(msg);
	bool same;

	if(invite == NULL || invite == T_NULL_CELL)
		return WIMS_DIALOG_UNKNOWN;
	same = wk_tm_connection(invite) == (uint32_t)msg->rcv.proto_reserved1;
	wk_tm.unref_cell(invite);
	return same ? WIMS_OK : WIMS_NOT_DIALOG_PARTY;
}

int wk_same_flow(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? same_flow(msg) : WIMS_REQUEST_MALFORMED);
}
