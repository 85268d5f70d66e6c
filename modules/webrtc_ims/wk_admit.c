/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_admit.h"

#include "core/rand/fastrand.h"
#include "wk_emergency.h"
#include "wk_hdr.h"
#include "wk_load.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_stats.h"

/* What the flow table has of the connection; a WIC's word counts for nothing. */
static void look_up(sip_msg_t *msg, struct wims_load_request *q)
{
	static struct wims_conn_view view;
	enum wims_reason r = wk_flow_check((uint32_t)msg->rcv.proto_reserved1, &view);

	q->registered = q->registers && r == WIMS_OK && view.bindings > 0;
	q->in_dialog = q->in_dialog && r == WIMS_OK && view.calls > 0;
}

/* Of the core only: a WIC's does not get so far (RFC 7090). */
static bool is_call_back(sip_msg_t *msg)
{
	return !wk_from_wic(msg)
		   && wims_pl_caseeq(wims_pl_trim(wk_hdr_body(msg, WIMS_PL("Priority"))),
							 WIMS_PL("psap-callback"));
}

static enum wims_priority priority(sip_msg_t *msg)
{
	int method = msg->first_line.u.request.method_value;
	struct wims_load_request q = {
			.must = method == METHOD_ACK || method == METHOD_BYE || method == METHOD_CANCEL
					|| wk_emergency(msg) == WK_TRUE || is_call_back(msg),
			.in_dialog = wk_hdr_to_tag(msg).l > 0,
			.registers = method == METHOD_REGISTER,
	};

	if(!q.must && wk_from_wic(msg))
		look_up(msg, &q);
	return wims_load_priority(&q);
}

/* Beside WIMS_PRIO_ALWAYS, which is never refused. */
static const enum wk_event refused[] = {
		[WIMS_PRIO_REGISTER] = WK_EV_REFUSED_REGISTERS,
		[WIMS_PRIO_REQUEST] = WK_EV_REFUSED_REQUESTS,
		[WIMS_PRIO_REFRESH] = WK_EV_REFUSED_REFRESHES,
		[WIMS_PRIO_DIALOG] = WK_EV_REFUSED_IN_DIALOG,
};

static enum wims_reason judge(sip_msg_t *msg, uint32_t level, enum wims_priority prio)
{
	uint32_t draw = wims_load_in_part(level, prio) ? fastrand_max(WIMS_SHED_STEP - 1) : 0;

	if(!wims_load_refuses(level, prio, draw))
		return WIMS_OK;
	wk_stats_event(refused[prio]);
	if(prio == WIMS_PRIO_REFRESH)
		wk_load_refused();
	return WIMS_OVERLOADED;
}

static bool is_register(const sip_msg_t *msg)
{
	return msg->first_line.u.request.method_value == METHOD_REGISTER;
}

enum wims_reason wk_admit_register(sip_msg_t *msg)
{
	struct wims_load_request q = {.registers = true};
	uint32_t level = wk_load_level();
	enum wims_reason r;

	if(level == 0 || !is_register(msg))
		return WIMS_OK;
	look_up(msg, &q);
	r = judge(msg, level, wims_load_priority(&q));
	wk_result(msg)->admitted = r == WIMS_OK;
	return r;
}

static enum wims_reason admit(sip_msg_t *msg)
{
	uint32_t level = wk_load_level();

	if(level == 0 || wk_result(msg)->admitted)
		return WIMS_OK;
	return wk_hdr_parse(msg) ? judge(msg, level, priority(msg)) : WIMS_REQUEST_MALFORMED;
}

int wk_admit(sip_msg_t *msg)
{
	return wk_outcome(msg, admit(msg));
}
