/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_screen.h"

#include "core/events.h"
#include "flow/wims_flow_rate.h"
#include "sip/wims_allow.h"
#include "sip/wims_head.h"
#include "sip/wims_to_wic.h"
#include "wk_admit.h"
#include "wk_emergency.h"
#include "wk_env.h"
#include "wk_hdr.h"
#include "wk_limits.h"
#include "wk_load.h"
#include "wk_mask.h"
#include "wk_option.h"
#include "wk_params.h"
#include "wk_reply.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_stats.h"
#include "wk_tm.h"

static struct wims_allow *allow;

/* Each message, before Kamailio parses it. What cannot be parsed ends the connection
 * (receive_msg() fails), so what floods is requests, which the screen counts too, and
 * answers. */
static int on_arrival(sr_event_param_t *evp)
{
	const struct wims_pace pace = wk_limits_messages();
	bool flooded;

	wk_load_arrived();
	if(evp->rcv == NULL || !wk_is_websocket(evp->rcv->proto))
		return 0;
	flooded = wims_flow_flooded(wk_flows_lock(), (uint32_t)evp->rcv->proto_reserved1, &pace,
								wk_now_ms());
	wk_flows_unlock();
	if(!flooded)
		return 0;
	wk_stats_reason(WIMS_RATE_FLOODED);
	wk_close_flooded(evp->rcv, true);
	return 0;
}

int wk_screen_watch(void)
{
	if(sr_event_register_cb(SREV_NET_DATA_IN, on_arrival) == 0)
		return 0;
	LM_ERR("cannot register for incoming messages\n");
	return -1;
}

int wk_screen_init(void)
{
	struct wims_fault fault = {""};
	enum wims_reason r =
			wims_allow_new(&allow, wk_env(), wims_pl_str(wk_params.allow_headers), &fault);

	if(r != WIMS_OK)
		LM_ERR("modparam allow_headers=%s: %s\n", wk_params.allow_headers, fault.text);
	return r == WIMS_OK ? 0 : -1;
}

static enum wims_allow_kind kind_of(const sip_msg_t *msg)
{
	if(msg->first_line.type == SIP_REPLY)
		return WIMS_ALLOW_REPLY;
	return msg->first_line.u.request.method_value == METHOD_REGISTER ? WIMS_ALLOW_REGISTER
																	 : WIMS_ALLOW_REQUEST;
}

/* May h go on, if need be without some of its option tags? */
static bool may_pass(enum wims_allow_kind kind, const hdr_field_t *h)
{
	struct wims_pl name = wims_pl_trim(wk_pl(&h->name));

	if(!wk_params.wic_access_network_info && wims_pl_caseeq(name, WIMS_PL("P-Access-Network-Info")))
		return false;
	return wims_allow_header(allow, kind, name, wims_pl_trim(wk_pl(&h->body)))
		   || wims_allow_route(name);
}

static enum wims_reason strip(sip_msg_t *msg)
{
	enum wims_allow_kind kind = kind_of(msg);
	enum wims_reason r = WIMS_OK;
	hdr_field_t *h;

	for(h = msg->headers; h != NULL && r == WIMS_OK; h = h->next) {
		if(may_pass(kind, h))
			r = wk_option_clean(msg, h);
		else if(!wk_hdr_drop(msg, h))
			r = WIMS_NOMEM;
	}
	return r;
}

static enum wims_reason screen_from_wic(sip_msg_t *msg)
{
	struct wims_pl head = {msg->buf, (size_t)msg->len};
	bool body_fits;
	enum wims_reason r = wims_head_check(head, &body_fits);

	if(r == WIMS_OK && (!body_fits || !wk_hdr_parse(msg) || !wk_hdr_names_transaction(msg)))
		r = WIMS_REQUEST_MALFORMED;
	if(r != WIMS_OK)
		return r;
	wk_mask_lift(msg);
	return strip(msg);
}

static enum wims_reason screen_to_wic(sip_msg_t *msg)
{
	hdr_field_t *h;
	bool hide;

	if(!wk_hdr_parse(msg))
		return WIMS_REQUEST_MALFORMED;
	hide = wims_privacy_id(wk_hdr_body(msg, WIMS_PL("Privacy")));
	for(h = msg->headers; h != NULL; h = h->next) {
		struct wims_pl name = wims_pl_trim(wk_pl(&h->name));
		bool out = wims_core_only_header(name)
				   || (hide && wims_pl_caseeq(name, WIMS_PL("P-Asserted-Identity")));

		if(out && !wk_hdr_drop(msg, h))
			return WIMS_NOMEM;
	}
	return WIMS_OK;
}

static bool on_websocket(const sip_msg_t *msg)
{
	return msg->rcv.proto == PROTO_WSS || (msg->rcv.proto == PROTO_WS && wk_params.allow_plain_ws);
}

static enum wims_reason count(const sip_msg_t *msg)
{
	const struct wims_pace pace = wk_limits_requests();
	enum wims_reason r = wims_flow_count(wk_flows_lock(), (uint32_t)msg->rcv.proto_reserved1, &pace,
										 wk_now_ms());

	wk_flows_unlock();
	return r;
}

static enum wims_reason count_helped(const sip_msg_t *msg)
{
	enum wims_reason r = wims_flow_count_urgent(wk_flows_lock(), (uint32_t)msg->rcv.proto_reserved1,
												true, wk_now_ms());

	wk_flows_unlock();
	return r;
}

/* Emergencies pass whatever the rate, and have one of their own: new ones where they go
 * out, what belongs to a call here. */
static enum wims_reason within_rate(sip_msg_t *msg)
{
	enum wims_reason r = count(msg);

	if((r != WIMS_RATE_EXCEEDED && r != WIMS_RATE_FLOODED) || wk_emergency(msg) != WK_TRUE)
		return r;
	return wk_emergency_asked(msg) ? WIMS_OK : count_helped(msg);
}

int wk_screen(sip_msg_t *msg)
{
	enum wims_reason r;

	if(!on_websocket(msg))
		return wk_outcome(msg, WIMS_TRANSPORT_REFUSED);
	if((r = within_rate(msg)) == WIMS_OK && (r = wk_admit_register(msg)) == WIMS_OK
	   && (r = screen_from_wic(msg)) == WIMS_OK)
		r = wk_option_check(msg);
	return wk_outcome(msg, r);
}

int wk_screen_reply(sip_msg_t *msg)
{
	enum wims_reason r = wk_tm_reply_source(msg);

	/* what answers nothing counts as a request */
	if(r != WIMS_OK && on_websocket(msg) && count(msg) == WIMS_RATE_FLOODED)
		wk_close_flooded(&msg->rcv, false);
	if(r == WIMS_OK)
		r = wk_from_wic(msg) ? screen_from_wic(msg) : screen_to_wic(msg);
	return r == WIMS_OK ? WK_TRUE : wk_outcome(msg, r);
}

int wk_screen_to_wic(sip_msg_t *msg)
{
	enum wims_reason r = screen_to_wic(msg);

	return r == WIMS_OK ? WK_TRUE : wk_outcome(msg, r);
}
