/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_dialog.h"

#include "core/dset.h"
#include "sip/wims_list.h"
#include "wk_edge.h"
#include "wk_fork.h"
#include "wk_hdr.h"
#include "wk_leg.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_tm.h"
#include "wk_trust.h"

/* ---- inside a dialog ---- */

/* A dialog, and the connection that its WIC is on now. */
struct place
{
	uint64_t call;
	uint32_t conn;
};

static enum wims_reason find_call(uint32_t conn, sip_msg_t *msg, bool from_wic, struct place *place)
{
	struct wims_pl from = wk_hdr_from_tag(msg), to = wk_hdr_to_tag(msg);
	enum wims_reason r =
			wims_call_find(wk_flows_lock(), conn, wk_hdr_call_id(msg), from_wic ? from : to,
						   from_wic ? to : from, &place->call, &place->conn);

	wk_flows_unlock();
	return r;
}

static enum wims_reason answered(const struct wims_call_answer *answer,
								 const struct wims_call_news *news)
{
	enum wims_reason r = wims_call_answered(wk_flows_lock(), answer, news);

	wk_flows_unlock();
	return r;
}

/* A NOTIFY may overtake the answer to its SUBSCRIBE, and each branch of a fork
 * sends one (RFC 6665 4.1.2.4, 4.5.1): it is an answer itself. */
static enum wims_reason find_or_begin(uint32_t conn, sip_msg_t *msg, bool from_wic,
									  struct place *place)
{
	enum wims_reason r = find_call(conn, msg, from_wic, place);
	const struct wims_call_answer answer = {
			.conn = conn,
			.wic_is_caller = !from_wic,
			.call_id = wk_hdr_call_id(msg),
			.caller_tag = wk_hdr_to_tag(msg),
			.callee_tag = wk_hdr_from_tag(msg),
	};
	struct wims_call_news news = {.confirmed = true};

	if(r != WIMS_DIALOG_UNKNOWN || msg->first_line.u.request.method_value != METHOD_NOTIFY)
		return r;
	if(!from_wic && (r = wk_leg_from_request(msg, &news)) != WIMS_OK)
		return r;
	if((r = answered(&answer, &news)) != WIMS_OK)
		return r;
	return find_call(conn, msg, from_wic, place);
}

/* The target is spelled as the far end has it: libraries of browsers write its user part
 * otherwise. Where a strict router follows it is in Route by now. */
static enum wims_reason spell(sip_msg_t *msg, struct wims_pl target)
{
	str uri = wk_str(target);

	if(msg->new_uri.s != NULL || wims_pl_eq(wk_pl(&msg->first_line.u.request.uri), target))
		return WIMS_OK;
	return rewrite_uri(msg, &uri) < 0 ? WIMS_NOMEM : WIMS_OK;
}

/* To the remote target, along the whole route set, ours in front of it: what stands behind
 * the next hop would steer the request from there. */
static enum wims_reason along_its_routes(sip_msg_t *msg, uint64_t call)
{
	char buf[WIMS_CONTACT_URI_MAX];
	struct wims_pl target;
	struct wims_list routes;
	enum wims_reason r = wk_hdr_list(msg, WIMS_PL("Route"), &routes);
	struct wims_flows *fs;

	if(r != WIMS_OK)
		return WIMS_ROUTE_REFUSED;
	fs = wk_flows_lock();
	r = wims_call_may_go(fs, call, wk_pl(GET_NEXT_HOP(msg)));
	if(r == WIMS_OK)
		r = wims_call_has_routes(fs, call, &routes, 1);
	if(r == WIMS_OK)
		r = wims_call_target(fs, call, wk_pl(&msg->first_line.u.request.uri), buf, &target);
	wk_flows_unlock();
	return r == WIMS_OK ? spell(msg, target) : r;
}

/* conn: named by the flow token, that of the connection which the dialog began
 * on. The WIC is where the dialog is, on that one or on the one it came back over
 * (TS 24.229 5.2.6.3: a dialog that the user takes part in). */
static enum wims_reason from_wic(sip_msg_t *msg, uint32_t conn, uint64_t *call)
{
	const struct wims_call_news news = {.wic_cseq = wk_hdr_cseq(msg)};
	uint32_t own = (uint32_t)msg->rcv.proto_reserved1;
	struct place place;
	enum wims_reason r = conn == own ? find_or_begin(conn, msg, true, &place)
									 : find_call(conn, msg, true, &place);

	if(r == WIMS_OK ? place.conn != own : conn != own)
		return WIMS_NOT_DIALOG_PARTY;
	if(r != WIMS_OK || (r = along_its_routes(msg, place.call)) != WIMS_OK)
		return r;
	*call = place.call;
	r = wk_leg_learn(*call, &news);
	return r == WIMS_OK && msg->first_line.u.request.method_value != METHOD_ACK
				   ? wk_trust_request(msg, *call)
				   : r;
}

static enum wims_reason from_core(sip_msg_t *msg, uint32_t conn, uint64_t *call)
{
	const struct wims_call_news news = {.core_target = wk_leg_target(msg)};
	struct place place;
	enum wims_reason r = find_or_begin(conn, msg, false, &place);

	if(r == WIMS_OK)
		r = wk_flow_check(place.conn, NULL);
	if(r == WIMS_FLOW_UNKNOWN || r == WIMS_FLOW_CLOSING)
		return WIMS_FLOW_GONE;
	if(r != WIMS_OK || (r = wk_leg_pin(msg, place.conn)) != WIMS_OK)
		return r;
	*call = place.call;
	return wk_leg_learn(*call, &news);
}

static void end_call(uint64_t call)
{
	wims_call_end(wk_flows_lock(), call);
	wk_flows_unlock();
}

static void end_subscription(uint64_t call)
{
	wims_call_unsubscribed(wk_flows_lock(), call);
	wk_flows_unlock();
}

/* RFC 6665 4.1.3: nothing follows it. */
static bool is_last_notify(sip_msg_t *msg)
{
	struct wims_pl state = wk_hdr_body(msg, WIMS_PL("Subscription-State"));

	state.l = wims_pl_find(state, ';');
	return wims_pl_caseeq(wims_pl_trim(state), WIMS_PL("terminated"));
}

static enum wims_reason indialog(sip_msg_t *msg)
{
	int method = msg->first_line.u.request.method_value;
	uint32_t conn;
	uint64_t call;
	enum wims_reason r = wk_edge_read(msg, WIMS_FLOWTOKEN_RECORD_ROUTE, wk_hdr_call_id(msg), &conn);

	if(r == WIMS_OK)
		r = wk_from_wic(msg) ? from_wic(msg, conn, &call) : from_core(msg, conn, &call);
	if(r == WIMS_OK)
		wk_result(msg)->call = call;
	if(r != WIMS_OK || method == METHOD_ACK)
		return r;
	if(wk_tm_transaction(msg) == NULL)
		return WIMS_INTERNAL;
	/* Whatever the answer, the dialog is over (RFC 3261 15.1.1); a WIC that
	 * leaves right now needs no second BYE. */
	if(method == METHOD_BYE)
		end_call(call);
	else if(method == METHOD_NOTIFY && is_last_notify(msg))
		end_subscription(call);
	return WIMS_OK;
}

int wk_indialog(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? indialog(msg) : WIMS_REQUEST_MALFORMED);
}

/* ---- replies ---- */

static enum wims_reason opening_answer(sip_msg_t *msg, uint32_t conn, bool wic_is_caller,
									   const struct wims_call_news *news)
{
	const struct wims_call_answer answer = {
			.conn = conn,
			.wic_is_caller = wic_is_caller,
			.call_id = wk_hdr_call_id(msg),
			.caller_tag = wk_hdr_from_tag(msg),
			.callee_tag = wk_hdr_to_tag(msg),
	};

	return answered(&answer, news);
}

/* An answer to a re-INVITE or a refresh: the dialog is there. */
static enum wims_reason indialog_answer(sip_msg_t *msg, uint32_t conn, bool from_wic,
										const struct wims_call_news *news)
{
	struct place place;
	enum wims_reason r = find_call(conn, msg, from_wic, &place);

	return r == WIMS_OK ? wk_leg_learn(place.call, news) : r;
}

static enum wims_reason reply_of_core(sip_msg_t *msg, sip_msg_t *request, uint32_t conn,
									  bool confirmed)
{
	struct wims_call_news news = {.core_target = wk_leg_target(msg), .confirmed = confirmed};
	enum wims_reason r;

	if(wk_hdr_to_tag(request).l > 0)
		return indialog_answer(msg, conn, true, &news);
	r = wk_leg_routes_of_answer(msg, 1, &news);
	return r == WIMS_OK ? opening_answer(msg, conn, true, &news) : r;
}

static enum wims_reason reply_of_wic(sip_msg_t *msg, sip_msg_t *request, bool confirmed)
{
	const struct wims_call_news news = {.confirmed = confirmed};
	uint32_t conn = (uint32_t)msg->rcv.proto_reserved1;
	enum wims_reason r;

	if(wk_hdr_to_tag(request).l > 0)
		return indialog_answer(msg, conn, false, &news);
	r = wk_edge_restore_routes(msg, request, conn);
	if(r == WIMS_OK)
		r = opening_answer(msg, conn, false, &news);
	return r;
}

/* Who was called, as the core said it, is who answers (TS 24.229 5.2.6.4.4, RFC 3325):
 * whatever the WIC said of that has been taken out. */
static enum wims_reason assert_callee(sip_msg_t *msg, sip_msg_t *request)
{
	static const struct wims_pl called_header = {"P-Called-Party-ID", 17};
	char impu[WIMS_IMPU_MAX], line[3 * WIMS_IMPU_MAX + 32];
	struct wims_pl called = wk_hdr_identity(request, called_header, impu);
	struct wims_w w;

	if(called.l == 0)
		return WIMS_OK;
	wims_w_init(&w, line, sizeof(line));
	wk_hdr_write_identity(&w, WIMS_PL("P-Asserted-Identity"), called);
	return w.ok && wk_hdr_add(msg, wims_w_done(&w)) ? WIMS_OK : WIMS_NOMEM;
}

static bool is_answer_to_core(sip_msg_t *msg, sip_msg_t *request, int status)
{
	return status > 100 && status < 300 && wk_from_wic(msg) && !wk_from_wic(request)
		   && wk_hdr_to_tag(request).l == 0;
}

/* An answer that begins no dialog leads nowhere (RFC 3261 12.1.1): what a WIC writes
 * there would go on as it is. */
static enum wims_reason drop_routes(sip_msg_t *msg, sip_msg_t *request, int status)
{
	bool begins = status > 100 && status < 300 && wk_hdr_to_tag(request).l == 0
				  && wk_leg_forms_dialog(request);

	if(begins || !wk_from_wic(msg) || wk_hdr_drop_all(msg, WIMS_PL("Record-Route")))
		return WIMS_OK;
	return WIMS_NOMEM;
}

/* What the core is to be told besides. */
static enum wims_reason add_headers(sip_msg_t *msg, sip_msg_t *request, int status)
{
	if(drop_routes(msg, request, status) != WIMS_OK)
		return WIMS_NOMEM;
	if(is_answer_to_core(msg, request, status) && assert_callee(msg, request) != WIMS_OK)
		return WIMS_NOMEM;
	return status > 100 && wk_from_wic(msg) ? wk_trust_answer(msg, request) : WIMS_OK;
}

/* UPDATE refreshes the target as re-INVITE does, but confirms nothing (RFC 3311 5.1). */
static enum wims_reason learn_of_update(sip_msg_t *msg, const struct cell *t, int status)
{
	const struct wims_call_news news = {.core_target = wk_leg_target(msg)};

	if(status < 200 || status >= 300 || wk_from_wic(msg))
		return WIMS_OK;
	return indialog_answer(msg, wk_tm_connection(t), true, &news);
}

static enum wims_reason learn(sip_msg_t *msg, struct cell *t, sip_msg_t *request, int status)
{
	if(request->first_line.u.request.method_value == METHOD_UPDATE)
		return learn_of_update(msg, t, status);
	if(!wk_leg_forms_dialog(request))
		return WIMS_OK;
	wk_fork_answered(t, status);
	if(status <= 100 || status >= 300 || wk_hdr_to_tag(msg).l == 0)
		return WIMS_OK;
	if(wk_from_wic(request))
		return reply_of_core(msg, request, wk_tm_connection(t), status >= 200);
	/* another node has the WIC, and the call in its flow table */
	return wk_from_wic(msg) ? reply_of_wic(msg, request, status >= 200) : WIMS_OK;
}

/* The dialog is learnt, and the WIC's Record-Route replaced, whatever else fails: the
 * answer goes on in any case. */
static enum wims_reason dialog_reply(sip_msg_t *msg, struct cell *t)
{
	int status = (int)msg->first_line.u.reply.statuscode;
	sip_msg_t *request = t->uas.request;
	enum wims_reason learnt, added;

	if(request == NULL)
		return WIMS_OK;
	learnt = learn(msg, t, request, status);
	added = add_headers(msg, request, status);
	return learnt == WIMS_OK ? added : learnt;
}

int wk_dialog_reply(sip_msg_t *msg)
{
	struct cell *t = wk_tm.t_gett();

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
