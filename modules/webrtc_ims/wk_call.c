/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_call.h"

#include "core/dset.h"
#include "core/forward.h"
#include "core/parser/parse_uri.h"
#include "flow/wims_flow_media.h"
#include "identity/wims_impu.h"
#include "sip/wims_list.h"
#include "sip/wims_uri.h"
#include "wk_ask.h"
#include "wk_call_int.h"
#include "wk_edge.h"
#include "wk_hdr.h"
#include "wk_leg.h"
#include "wk_params.h"
#include "wk_peer.h"
#include "wk_rangereg.h"
#include "wk_ranges.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_tm.h"
#include "wk_trust.h"

enum
{
	HEADERS_MAX = 6144,
	PREFERRED_MAX = 2 /* a SIP URI and a tel URI: RFC 3325 9.2 */
};

/* ---- calls in the flow table ---- */

/* tm's callback parameter is a pointer; the call's name travels in its place. */
_Static_assert(sizeof(void *) >= sizeof(uint64_t), "names of calls fit a pointer");

static uint64_t name_in(const struct tmcb_params *ps)
{
	return (uint64_t)(uintptr_t)*ps->param;
}

static void settle(const struct cell *t, uint64_t call)
{
	wims_call_settle(wk_flows_lock(), call, wk_tm_name(t));
	wk_flows_unlock();
}

/* Its last answer is out, and the transaction lives on for a while: media do not
 * wait for that. */
static void answered(uint64_t call, int code)
{
	if(code < 300)
		return;
	wims_call_refused(wk_flows_lock(), call);
	wk_flows_unlock();
}

static void on_opening(struct cell *t, int type, struct tmcb_params *ps)
{
	if(wk_state_gone())
		return;
	if(type & TMCB_RESPONSE_OUT)
		answered(name_in(ps), ps->code);
	else
		settle(t, name_in(ps));
}

static enum wims_reason settle_at_the_end(sip_msg_t *msg, struct cell *t, uint64_t call)
{
	void *name = (void *)(uintptr_t)call;

	if(wk_tm.register_tmcb(msg, t, TMCB_DESTROY | TMCB_RESPONSE_OUT, on_opening, name, NULL) > 0)
		return WIMS_OK;
	settle(t, call);
	return WIMS_NOMEM;
}

enum wims_reason wk_call_open(sip_msg_t *msg, struct cell *t, enum wk_call_side side, uint32_t conn,
							  struct wims_pl charging, uint64_t *call)
{
	bool wic_is_caller = side != WK_CALL_TO_WIC;
	struct wims_call_in in = {
			.conn = conn,
			.kind = msg->first_line.u.request.method_value == METHOD_INVITE
							? WIMS_CALL_INVITE
							: WIMS_CALL_SUBSCRIPTION,
			.wic_is_caller = wic_is_caller,
			.call_id = wk_hdr_call_id(msg),
			.caller_tag = wk_hdr_from_tag(msg),
			.wic_uri = wic_is_caller ? wk_hdr_from_uri(msg) : wk_hdr_to_uri(msg),
			.core_uri = wic_is_caller ? wk_hdr_to_uri(msg) : wk_hdr_from_uri(msg),
			.wic_cseq = wic_is_caller ? wk_hdr_cseq(msg) : 0,
			.charging = charging.l > WIMS_FLOW_CHARGING_MAX ? WIMS_PL_NONE : charging,
			.txn = wk_tm_name(t),
			.emergency = side == WK_CALL_EMERGENCY,
	};
	enum wims_reason r = wk_edge_record_route(msg, conn);

	if(r != WIMS_OK)
		return r;
	r = wims_call_open(wk_flows_lock(), &in, wk_now_ms(), call);
	wk_flows_unlock();
	wk_result(msg)->call = *call;
	return r == WIMS_OK ? settle_at_the_end(msg, t, *call) : r;
}

/* ---- originating ---- */

/* The core has no registration of an IMPU in a range: P-Profile-Key tells it in
 * which one to look (RFC 5002, TS 24.229 5.2.6.3). */
static bool write_originating(struct wims_w *w, const struct wims_binding_view *b,
							  struct wims_pl service_route, struct wims_pl charging)
{
	wk_hdr_write_identity(w, WIMS_PL("P-Asserted-Identity"), b->asserted);
	if(b->range.l > 0)
		wk_hdr_write_identity(w, WIMS_PL("P-Profile-Key"), b->range);
	wims_tna_charging_again(w, charging, WIMS_PL_NONE);
	wk_trust_access(w);
	if(service_route.l > 0) {
		wims_w_lit(w, "Route: ");
		wims_w_pl(w, service_route);
		wims_w_crlf(w);
	}
	return w->ok;
}

/* Where requests of that binding go. In a range the Service-Route is that of the
 * range's own registration as it is now. */
static enum wims_reason find_service_route(sip_msg_t *msg, const struct wims_binding_view *b,
										   struct wims_pl *service_route)
{
	static struct wims_rangereg_view range;
	enum wims_reason r;

	*service_route = b->service_route;
	if(b->range.l == 0)
		return WIMS_OK;
	r = wk_rangereg_check(b->range, &range);
	*service_route = range.service_route;
	if(r != WIMS_OK)
		wk_result(msg)->retry_after = range.retry_after;
	return r;
}

/* The first hop of the Service-Route, or the core's entry point. */
static enum wims_reason route_to_core(sip_msg_t *msg, struct wims_pl service_route)
{
	struct wims_pl rest = service_route, first, uri, params;

	if(rest.l == 0)
		return wk_leg_next_hop(msg, wims_pl_str(wk_params.mw_next_hop));
	if(!wims_list_next(&rest, &first) || !wims_list_uri(first, &uri, &params))
		return WIMS_CORE_ANSWER_BAD;
	return wk_leg_next_hop(msg, uri);
}

enum wims_reason wk_call_replace(sip_msg_t *msg, struct wims_pl lines)
{
	return wk_hdr_drop_all(msg, WIMS_PL("Route"))
						   && wk_hdr_drop_all(msg, WIMS_PL("P-Preferred-Identity"))
						   && wk_hdr_add(msg, lines)
				   ? WIMS_OK
				   : WIMS_NOMEM;
}

static enum wims_reason assert_identity(sip_msg_t *msg, const struct wims_binding_view *b,
										struct wims_pl service_route, struct wims_pl charging)
{
	static char lines[HEADERS_MAX];
	struct wims_w w;

	wims_w_init(&w, lines, sizeof(lines));
	if(!write_originating(&w, b, service_route, charging))
		return WIMS_INTERNAL;
	return wk_call_replace(msg, wims_w_done(&w));
}

static enum wims_reason binding_as(uint32_t conn, struct wims_pl impu, struct wims_binding_view *b)
{
	enum wims_reason r = wims_binding_of_conn(wk_flows_lock(), conn, impu, wk_now_ms(), b);

	wk_flows_unlock();
	return r;
}

/* As the first of the identities it prefers that it has (RFC 3325 9.2), or else as
 * the default one. */
enum wims_reason wk_call_sender(sip_msg_t *msg, struct wims_binding_view *b)
{
	uint32_t conn = (uint32_t)msg->rcv.proto_reserved1;
	struct wims_pl uri, params, impu;
	struct wims_list wishes;
	char buf[WIMS_IMPU_MAX];
	enum wims_reason r;
	size_t i;

	/* what is none is no wish */
	if(wk_hdr_list(msg, WIMS_PL("P-Preferred-Identity"), &wishes) != WIMS_OK)
		wishes.count = 0;
	for(i = 0; i < wishes.count && i < PREFERRED_MAX; i++) {
		if(!wims_list_uri(wishes.item[i], &uri, &params)
		   || wims_impu_canonical(&impu, buf, sizeof(buf), uri) != WIMS_OK)
			continue;
		if((r = binding_as(conn, impu, b)) != WIMS_OK || wims_pl_eq(b->asserted, impu))
			return r;
	}
	return binding_as(conn, WIMS_PL_NONE, b);
}

/* This node as a WIC knows it: an address of Kamailio's, or the other end of a WebSocket. */
static bool is_own_route(struct wims_pl route)
{
	struct wims_pl uri, params, transport;
	struct wims_uri u;
	str host;

	if(!wims_list_uri(route, &uri, &params) || wims_uri_parse(&u, uri) != WIMS_OK)
		return false;
	if(wims_uri_param(u.params, WIMS_PL("transport"), &transport)
	   && (wims_pl_caseeq(transport, WIMS_PL("ws")) || wims_pl_caseeq(transport, WIMS_PL("wss"))))
		return true;
	host = wk_str(u.host);
	return check_self(&host, u.port, 0) > 0;
}

/* The Route that the WIC learned with its registration, the P-CSCF in front of it or not
 * (TS 24.229 5.1.2A.1.1), or what it would do instead (5.2.6.3: 400, or the Service-Route
 * in its place). */
static enum wims_reason check_route(sip_msg_t *msg, struct wims_pl service_route)
{
	struct wims_pl rest = service_route, item, known, given, params;
	struct wims_list routes;
	size_t i;

	if(!wk_trust_route_refused())
		return WIMS_OK;
	if(wk_hdr_list(msg, WIMS_PL("Route"), &routes) != WIMS_OK)
		return WIMS_SERVICE_ROUTE_MISMATCH;
	for(i = routes.count > 0 && is_own_route(routes.item[0]) ? 1 : 0; i < routes.count; i++)
		if(!wims_list_next(&rest, &item) || !wims_list_uri(item, &known, &params)
		   || !wims_list_uri(routes.item[i], &given, &params) || !wims_pl_eq(known, given))
			return WIMS_SERVICE_ROUTE_MISMATCH;
	return rest.l == 0 ? WIMS_OK : WIMS_SERVICE_ROUTE_MISMATCH;
}

enum wims_reason wk_call_charging(char buf[WIMS_FLOW_CHARGING_MAX], struct wims_pl domain,
								  struct wims_pl *charging)
{
	struct wims_w w;

	wims_w_init(&w, buf, WIMS_FLOW_CHARGING_MAX);
	if(!wk_trust_charging_value(&w, domain))
		return WIMS_INTERNAL;
	*charging = wims_w_done(&w);
	return WIMS_OK;
}

/* Those that there is nothing for outside a dialog (RFC 3261 15.1, 3262, 3311, 6086,
 * 6665). A peer that knows dialogs by Call-ID alone would take one for another's. */
static bool is_of_dialogs_only(sip_msg_t *msg)
{
	switch(msg->first_line.u.request.method_value) {
		case METHOD_ACK:
		case METHOD_BYE:
		case METHOD_PRACK:
		case METHOD_UPDATE:
		case METHOD_INFO:
		case METHOD_NOTIFY:
			return true;
		default:
			return false;
	}
}

static enum wims_reason originate(sip_msg_t *msg)
{
	static char charging_buf[WIMS_FLOW_CHARGING_MAX];
	static struct wims_binding_view b;
	uint32_t conn = (uint32_t)msg->rcv.proto_reserved1;
	enum wims_reason r = wk_call_sender(msg, &b);
	struct wims_pl service_route, charging;
	struct cell *t;
	uint64_t call;

	if(r == WIMS_OK && is_of_dialogs_only(msg))
		return WIMS_DIALOG_UNKNOWN;
	if(r != WIMS_OK || (r = wk_ask_caller(&b)) != WIMS_OK
	   || (r = find_service_route(msg, &b, &service_route)) != WIMS_OK
	   || (r = check_route(msg, service_route)) != WIMS_OK
	   || (r = wk_call_charging(charging_buf, b.domain, &charging)) != WIMS_OK)
		return r;
	if(parse_sip_msg_uri(msg) < 0)
		return WIMS_URI_BAD;
	wk_result_identity(wk_result(msg), b.asserted, b.impi);
	if((t = wk_tm_transaction(msg)) == NULL)
		return WIMS_INTERNAL;
	if((r = assert_identity(msg, &b, service_route, charging)) != WIMS_OK
	   || (r = route_to_core(msg, service_route)) != WIMS_OK)
		return r;
	return wk_leg_forms_dialog(msg) ? wk_call_open(msg, t, WK_CALL_BY_WIC, conn, charging, &call)
									: WIMS_OK;
}

int wk_originate(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? originate(msg) : WIMS_REQUEST_MALFORMED);
}

/* ---- terminating ---- */

static enum wims_reason learn_from_request(sip_msg_t *msg, uint64_t call)
{
	struct wims_call_news news = {.wic_cseq = 0};
	enum wims_reason r = wk_leg_from_request(msg, &news);

	return r == WIMS_OK ? wk_leg_learn(call, &news) : r;
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

/* The request, or the branch in hand, goes to that WIC, over that connection. */
static enum wims_reason to_binding(sip_msg_t *msg, uint32_t conn, const struct wims_binding_view *b)
{
	struct cell *t;
	uint64_t call;
	str target;
	enum wims_reason r;

	wk_result_identity(wk_result(msg), b->impu, b->impi);
	if((t = wk_tm_transaction(msg)) == NULL)
		return WIMS_INTERNAL;
	target = wk_str(b->wic_contact);
	if(rewrite_uri(msg, &target) < 0)
		return WIMS_NOMEM;
	if((r = wk_leg_pin(msg, conn)) != WIMS_OK || !wk_leg_forms_dialog(msg))
		return r;
	r = wk_call_open(msg, t, WK_CALL_TO_WIC, conn, wk_hdr_body(msg, WIMS_PL("P-Charging-Vector")),
					 &call);
	return r == WIMS_OK ? learn_from_request(msg, call) : r;
}

/* In a range the flow token comes from the registrar, by way of another node. It says
 * which WIC, and not whose call: who can write to the registrar could have those of
 * others sent to his own. */
static bool is_called(sip_msg_t *msg, const struct wims_binding_view *b)
{
	static const struct wims_pl header = {"P-Called-Party-ID", 17};
	char buf[WIMS_IMPU_MAX];
	struct wk_range_hit hit;
	struct wims_pl called;

	if(wk_hdr_next(msg, NULL, header) == NULL)
		return true;
	called = wk_hdr_identity(msg, header, buf);
	/* else its core knows its IMPUs, and may call one by another */
	if(b->range.l > 0 || (wk_ranges_find(called, &hit) && wims_range_registered(hit.range)))
		return wims_pl_eq(called, b->impu);
	return true;
}

static enum wims_reason terminate(sip_msg_t *msg)
{
	static struct wims_binding_view b;
	uint32_t conn;
	enum wims_reason r = wk_edge_read(msg, WIMS_FLOWTOKEN_PATH, WIMS_PL_NONE, &conn);

	if(r != WIMS_OK || (r = to_registered_contact(msg, conn, &b)) != WIMS_OK)
		return r;
	if(!is_called(msg, &b))
		return WIMS_TARGET_UNREGISTERED;
	return wk_hdr_drop_all(msg, WIMS_PL("Route")) ? to_binding(msg, conn, &b) : WIMS_NOMEM;
}

int wk_terminate(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? terminate(msg) : WIMS_REQUEST_MALFORMED);
}

/* ---- one branch of a fork ---- */

static enum wims_reason branch(sip_msg_t *msg)
{
	static struct wims_binding_view b;
	enum wims_reason r;

	if(parse_sip_msg_uri(msg) < 0)
		return WIMS_URI_BAD;
	r = wk_leg_binding(wk_pl(&msg->parsed_uri.user), &b);
	return r == WIMS_OK ? to_binding(msg, b.conn, &b) : r;
}

/* That of another node has the way to it with it. */
int wk_branch(sip_msg_t *msg)
{
	if(!wk_hdr_parse(msg))
		return wk_outcome(msg, WIMS_REQUEST_MALFORMED);
	wk_result(msg)->peer = WIMS_PL_NONE;
	return wk_outcome(msg, msg->path_vec.len > 0 ? wk_peer_branch(msg) : branch(msg));
}
