/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_emergency.h"

#include "core/data_lump_rpl.h"
#include "core/dset.h"
#include "flow/wims_flow_rate.h"
#include "sip/wims_emergency.h"
#include "sip/wims_tna.h"
#include "wk_call.h"
#include "wk_call_int.h"
#include "wk_edge.h"
#include "wk_env.h"
#include "wk_hdr.h"
#include "wk_leg.h"
#include "wk_params.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_stats.h"
#include "wk_tm.h"
#include "wk_trust.h"

enum
{
	HEADERS_MAX = 4096,
	ANSWER_MAX = 512
};

static struct wims_emergency *numbers;

int wk_emergency_init(void)
{
	struct wims_fault fault = {""};
	enum wims_reason r;

	wims_emergency_free(numbers);
	r = wims_emergency_new(&numbers, wk_env(), wims_pl_str(wk_params.emergency_numbers), &fault);
	if(r != WIMS_OK) {
		LM_ERR("modparam emergency_numbers=%s: %s\n", wk_params.emergency_numbers, fault.text);
		return -1;
	}
	return 0;
}

/* ---- is it one? ---- */

static struct wims_pl asked_for(sip_msg_t *msg)
{
	static char buf[WIMS_EMERGENCY_SERVICE_MAX];
	const struct wims_wwsf *w = wk_result_wwsf(msg);

	return wims_emergency_service(numbers, wk_pl(&msg->first_line.u.request.uri),
								  w == NULL ? WIMS_PL_NONE : w->domain, buf);
}

static bool in_emergency_call(sip_msg_t *msg)
{
	bool is = wims_flow_emergency(wk_flows_lock(), (uint32_t)msg->rcv.proto_reserved1,
								  wk_hdr_call_id(msg));

	wk_flows_unlock();
	return is;
}

bool wk_emergency_asked(sip_msg_t *msg)
{
	int method = msg->first_line.u.request.method_value;

	return wk_from_wic(msg) && (method == METHOD_INVITE || method == METHOD_MESSAGE)
		   && wk_hdr_to_tag(msg).l == 0 && asked_for(msg).l > 0;
}

int wk_emergency(sip_msg_t *msg)
{
	bool is = false;

	if(wk_from_wic(msg) && wk_hdr_parse(msg))
		is = wk_hdr_to_tag(msg).l > 0
					 ? wk_hdr_call_id(msg).l > 0
							   && msg->first_line.u.request.method_value != METHOD_REGISTER
							   && in_emergency_call(msg)
					 : wk_emergency_asked(msg);
	return is ? WK_TRUE : WK_FALSE;
}

/* ---- to the E-CSCF ---- */

/* A Request-URI that is a URN already, and has no escapes, stays as the WIC wrote it. */
static enum wims_reason write_service(sip_msg_t *msg)
{
	static const struct wims_pl urn = {"urn:service:", 12};
	struct wims_pl asked = wk_pl(&msg->first_line.u.request.uri);
	char buf[sizeof("urn:service:") + WIMS_EMERGENCY_SERVICE_MAX];
	struct wims_w w;
	str uri;

	if(wims_pl_casestarts(asked, urn) && wims_pl_find(asked, '%') == asked.l)
		return WIMS_OK;
	wims_w_init(&w, buf, sizeof(buf));
	wims_w_pl(&w, urn);
	wims_w_pl(&w, asked_for(msg));
	uri = wk_str(wims_w_done(&w));
	return rewrite_uri(msg, &uri) < 0 ? WIMS_NOMEM : WIMS_OK;
}

/* b: NULL for a WIC that is not registered: nobody is asserted then. */
static bool write_headers(struct wims_w *w, const struct wims_binding_view *b,
						  struct wims_pl charging)
{
	if(b != NULL)
		wk_hdr_write_identity(w, WIMS_PL("P-Asserted-Identity"), b->asserted);
	wims_tna_charging_again(w, charging, WIMS_PL_NONE);
	wk_trust_access(w);
	wims_w_lit(w, "Route: <");
	wims_w_pl(w, wims_pl_str(wk_params.ecscf));
	wims_w_lit(w, ";lr>");
	wims_w_crlf(w);
	return w->ok;
}

static enum wims_reason set_headers(sip_msg_t *msg, const struct wims_binding_view *b,
									struct wims_pl charging)
{
	static char lines[HEADERS_MAX];
	struct wims_w w;

	wims_w_init(&w, lines, sizeof(lines));
	if(!write_headers(&w, b, charging))
		return WIMS_INTERNAL;
	return wk_call_replace(msg, wims_w_done(&w));
}

/* Is a WIC that is not registered let through? Its connection must be one of ours
 * in any case. */
static enum wims_reason find_caller(sip_msg_t *msg, struct wims_binding_view *b, bool *registered)
{
	enum wims_reason r = wk_call_sender(msg, b);

	*registered = r == WIMS_OK;
	if(r == WIMS_NOT_REGISTERED)
		r = wk_params.emergency_unregistered ? WIMS_OK : WIMS_EMERGENCY_ELSEWHERE;
	return r;
}

static enum wims_reason not_too_many(uint32_t conn)
{
	enum wims_reason r = wims_flow_count_urgent(wk_flows_lock(), conn, false, wk_now_ms());

	wk_flows_unlock();
	return r;
}

static enum wims_reason apply(sip_msg_t *msg)
{
	static char charging_buf[WIMS_FLOW_CHARGING_MAX];
	static struct wims_binding_view b;
	const struct wims_wwsf *wwsf = wk_result_wwsf(msg);
	struct wims_pl charging;
	uint32_t conn = (uint32_t)msg->rcv.proto_reserved1;
	struct cell *t;
	uint64_t call;
	bool registered;
	enum wims_reason r;

	if(!wk_emergency_asked(msg))
		return WIMS_URI_BAD;
	if(*wk_params.ecscf == '\0')
		return WIMS_EMERGENCY_ELSEWHERE;
	if((r = not_too_many(conn)) != WIMS_OK || (r = find_caller(msg, &b, &registered)) != WIMS_OK)
		return r;
	if(registered)
		wk_result_identity(wk_result(msg), b.asserted, b.impi);
	if((t = wk_tm_transaction(msg)) == NULL)
		return WIMS_INTERNAL;
	if(wwsf == NULL)
		return WIMS_FLOW_UNKNOWN;
	if((r = wk_call_charging(charging_buf, wwsf->domain, &charging)) != WIMS_OK
	   || (r = set_headers(msg, registered ? &b : NULL, charging)) != WIMS_OK
	   || (r = write_service(msg)) != WIMS_OK
	   || (r = wk_leg_next_hop(msg, wims_pl_str(wk_params.ecscf))) != WIMS_OK)
		return r;
	wk_stats_event(WK_EV_EMERGENCIES);
	return wk_leg_forms_dialog(msg) ? wk_call_open(msg, t, WK_CALL_EMERGENCY, conn, charging, &call)
									: WIMS_OK;
}

int wk_emergency_apply(sip_msg_t *msg)
{
	return wk_outcome(msg, wk_hdr_parse(msg) ? apply(msg) : WIMS_REQUEST_MALFORMED);
}

/* ---- 380 ---- */

static const char body[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
						   "<ims-3gpp version=\"1\">\r\n"
						   "<alternative-service>\r\n"
						   "<type>emergency</type>\r\n"
						   "<reason>Emergency calls are not served here</reason>\r\n"
						   "</alternative-service>\r\n"
						   "</ims-3gpp>\r\n";

/* Without a Contact that names the service: JsSIP and SIP.js drop an answer whose Contact
 * is no SIP URI, and the page would say "calling" for ever. It knows what it asked for. */
static bool write_answer(struct wims_w *w)
{
	wims_w_lit(w, "Content-Type: application/3gpp-ims+xml");
	wims_w_crlf(w);
	wk_edge_assert_own(w);
	return w->ok;
}

bool wk_emergency_answer(sip_msg_t *msg)
{
	char lines[ANSWER_MAX];
	struct wims_w w;

	wims_w_init(&w, lines, sizeof(lines));
	return write_answer(&w) && wk_hdr_add_to_reply(msg, wims_w_done(&w))
		   && add_lump_rpl(msg, (char *)body, sizeof(body) - 1, LUMP_RPL_BODY) != NULL;
}
