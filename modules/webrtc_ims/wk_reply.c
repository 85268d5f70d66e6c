/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_reply.h"

#include <string.h>

#include "core/rand/fastrand.h"
#include "core/route.h"
#include "modules/sl/sl.h"
#include "flow/wims_flow_rate.h"
#include "modules/tm/t_reply.h"
#include "sip/wims_tna.h"
#include "wk_answer.h"
#include "wk_bans.h"
#include "wk_emergency.h"
#include "wk_hdr.h"
#include "wk_load.h"
#include "wk_option.h"
#include "wk_params.h"
#include "wk_rangewait.h"
#include "wk_register_txn.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_tm.h"

enum
{
	HEADERS_MAX = 2048,
	CORE_RETRY_AFTER_MAX = 300, /* s, of the core's Retry-After that count */
	CORE_RETRY_AFTER_PART = 4   /* and of a registration: it must not end meanwhile */
};

static sl_api_t sl;

int wk_reply_bind(void)
{
	if(sl_load_api(&sl) < 0) {
		LM_ERR("the sl module is not loaded\n");
		return -1;
	}
	return 0;
}

/* Spread, so that clients refused together do not come back together. */
static uint32_t retry_after(const struct wk_result *res)
{
	uint32_t usual = (uint32_t)wk_params.retry_after, told = res->retry_after;
	uint32_t most = (uint32_t)wk_params.default_expires / CORE_RETRY_AFTER_PART;

	if(most > CORE_RETRY_AFTER_MAX)
		most = CORE_RETRY_AFTER_MAX;
	if(told > most)
		told = most;
	return (told > 0 ? told : usual) + fastrand_max(usual);
}

/* Who is told to come back need not do that by a new WebSocket, a TLS handshake of which
 * costs more than his REGISTER; but for one who was too fast. Whoever else told how long,
 * a WebSocket of nobody stays no longer than for an answer of this node's own. */
static void write_retry_after(struct wims_w *w, sip_msg_t *msg, enum wims_reason why)
{
	uint32_t seconds = retry_after(wk_result(msg)), most = 2 * (uint32_t)wk_params.retry_after;

	wims_w_lit(w, "Retry-After: ");
	wims_w_u64(w, seconds);
	wims_w_crlf(w);
	if(!wk_from_wic(msg) || why == WIMS_RATE_EXCEEDED || why == WIMS_RATE_FLOODED)
		return;
	wims_flow_patience(wk_flows_lock(), (uint32_t)msg->rcv.proto_reserved1,
					   (seconds < most ? seconds : most) * INT64_C(1000), wk_now_ms());
	wk_flows_unlock();
}

static bool add_headers(sip_msg_t *msg, enum wims_reason why, const struct wk_answer *answer)
{
	const struct wims_wwsf *wwsf;
	struct wims_bearer challenge = {0};
	char lines[HEADERS_MAX];
	struct wims_w w;

	wims_w_init(&w, lines, sizeof(lines));
	if(wims_reason_info(why)->bearer_error != NULL && (wwsf = wk_result_wwsf(msg)) != NULL) {
		challenge = (struct wims_bearer){wwsf->realm, wwsf->authz_server, wwsf->scope};
		wims_bearer_challenge(&w, &challenge, why);
	}
	if(why == WIMS_EXPIRES_TOO_BRIEF) {
		wims_w_lit(&w, "Min-Expires: ");
		wims_w_u64(&w, (uint64_t)wk_params.min_expires);
		wims_w_crlf(&w);
	}
	if(answer->code == 503 || why == WIMS_ANSWERED_503)
		write_retry_after(&w, msg, why);
	if((why == WIMS_EMERGENCY_ELSEWHERE && !wk_emergency_answer(msg))
	   || (why == WIMS_OPTION_UNKNOWN && !wk_option_answer(msg)))
		return false;
	if(!w.ok || (answer->lines.l > 0 && !wk_hdr_add_to_reply(msg, answer->lines)))
		return false;
	return w.len == 0 || wk_hdr_add_to_reply(msg, wims_w_done(&w));
}

/* Nothing that is refused beside an emergency call ends it. */
static bool in_emergency(const struct receive_info *from)
{
	bool is = wims_flow_emergency(wk_flows_lock(), (uint32_t)from->proto_reserved1, WIMS_PL_NONE);

	wk_flows_unlock();
	return is;
}

static bool should_close(sip_msg_t *msg, const struct wims_reason_info *info)
{
	const struct wims_wwsf *wwsf;

	return info->close && wk_params.close_on_refusal && wk_from_wic(msg) && !in_emergency(&msg->rcv)
		   && ((wwsf = wk_result_wwsf(msg)) == NULL || wwsf->close_on_bad_token);
}

void wk_close_flooded(const struct receive_info *from, bool anyway)
{
	wk_bans_refused(&from->src_ip, WIMS_RATE_FLOODED);
	if(anyway || !in_emergency(from))
		wk_close_flow((uint32_t)from->proto_reserved1, WIMS_RATE_FLOODED, false);
}

void wk_close_flow(uint32_t conn, enum wims_reason why, bool drop_bindings)
{
	const struct wims_reason_info *info = wims_reason_info(why);

	wims_flow_close(wk_flows_lock(), conn, wk_now_ms(), (uint16_t)(WIMS_CLOSE_BASE + info->code),
					wims_pl_str(info->text), drop_bindings);
	wk_flows_unlock();
}

/* With the NUL behind the phrase sl need not make a copy that has one. */
static bool send_reply(sip_msg_t *msg, const struct wk_answer *answer)
{
	str phrase = {(char *)answer->phrase.p, (int)answer->phrase.l + 1};

	return sl.freply(msg, answer->code, &phrase) >= 0;
}

bool wk_reply_ok(sip_msg_t *msg)
{
	str phrase = str_init("OK");

	if(sl.freply(msg, 200, &phrase) < 0)
		return false;
	wk_result(msg)->answered = true;
	return true;
}

/* Where this node fails who calls for help, another way is all that is left (TS 24.229
 * 5.2.10.5). */
static enum wims_reason or_elsewhere(sip_msg_t *msg, enum wims_reason r)
{
	return wk_answer_of(r).code >= 500 && wk_from_wic(msg) && wk_hdr_parse(msg)
						   && wk_emergency_asked(msg)
				   ? WIMS_EMERGENCY_ELSEWHERE
				   : r;
}

int wk_reply(sip_msg_t *msg)
{
	struct wk_result *res = wk_result(msg);
	enum wims_reason why;
	struct wk_answer answer;
	int rc = WK_TRUE;

	/* A script that asks for an answer where nothing was refused, or where
	 * there is nothing to answer with, must not let the request go unanswered. */
	if(wk_answer_of(res->reason).code == 0)
		res->reason = WIMS_INTERNAL;
	why = or_elsewhere(msg, res->reason);
	answer = wk_answer_of(why);
	if(msg->first_line.u.request.method_value != METHOD_ACK
	   && (!add_headers(msg, why, &answer) || !send_reply(msg, &answer)))
		rc = WK_FALSE;
	wk_load_answered();
	if(wk_from_wic(msg) && res->reason == WIMS_RATE_FLOODED)
		wk_close_flooded(&msg->rcv, false); /* whatever a web site's policy is */
	else if(wk_from_wic(msg))
		wk_bans_refused(&msg->rcv.src_ip, res->reason);
	/* Kamailio answers no head that it cannot parse: then the Close frame tells
	 * the WIC what it would otherwise wait for in vain. */
	if(should_close(msg, wims_reason_info(res->reason)) || (rc == WK_FALSE && wk_from_wic(msg)))
		wk_close_flow((uint32_t)msg->rcv.proto_reserved1, res->reason, false);
	return rc;
}

/* Has nobody gone on with a request that wims_token_resolve() or
 * wims_range_register() suspended? Then what ran out is the branch of tm that
 * leads nowhere. */
static bool was_suspended(void)
{
	const struct cell *t = wk_tm.t_gett();
	int branch;

	return t != NULL && t != T_UNDEFINED && (branch = wk_tm.t_get_picked_branch()) >= 0
		   && (t->uac[branch].flags & TM_UAC_FLAG_BLIND);
}

/* The status that tm is about to send on; 0: the core said nothing at all. */
static int final_status(const sip_msg_t *msg)
{
	struct cell *t = wk_tm.t_gett();
	int branch;

	if(t == NULL || t == T_UNDEFINED || (branch = wk_tm.t_get_picked_branch()) < 0)
		return 0;
	if(t->uac[branch].reply == FAKED_REPLY && !(msg->msg_flags & FL_REPLIED))
		return 0;
	return t->uac[branch].last_received;
}

/* RFC 3261 21.5.4. A reply was parsed whole when it came (wk_screen_reply()). */
static void note_retry_after(sip_msg_t *msg)
{
	sip_msg_t *reply = wk_tm.t_gett()->uac[wk_tm.t_get_picked_branch()].reply;
	int64_t seconds;

	if(reply == NULL || reply == FAKED_REPLY)
		return;
	seconds = wk_hdr_retry_after(reply);
	if(seconds > 0)
		wk_result(msg)->retry_after = (uint32_t)seconds;
}

/* To a REGISTER it is the core's own word. To anything else it may be that of whoever is
 * called, which must not keep a WIC from registering, nor ring the operator's alarm; and
 * as a 503 it goes no further (RFC 3261 16.7 step 6). */
static enum wims_reason unavailable(sip_msg_t *msg)
{
	if(msg->first_line.u.request.method_value != METHOD_REGISTER)
		return WIMS_ANSWERED_503;
	note_retry_after(msg);
	return WIMS_CORE_UNAVAILABLE;
}

/* Is a challenge of the core for the WIC to answer (scenario 1)? */
static bool challenges_wic(void)
{
	const struct cell *t = wk_tm.t_gett();
	const struct wk_register_txn *x = t == NULL || t == T_UNDEFINED ? NULL : wk_register_txn_of(t);

	return x != NULL && x->by_core;
}

static enum wims_reason judge_core(sip_msg_t *msg)
{
	int status;

	if(is_route_type(REQUEST_ROUTE))
		return WIMS_CORE_TIMEOUT; /* nothing was sent */
	status = final_status(msg);
	if(was_suspended())
		return wk_rangewait_holds(wk_tm.t_gett()) ? WIMS_RANGE_PENDING : WIMS_TOKEN_SERVER_FAILED;
	if(status == 0)
		return WIMS_CORE_TIMEOUT;
	if(status == 503)
		return unavailable(msg);
	/* to any other request it is the far end's answer */
	if((status == 401 || status == 407) && msg->first_line.u.request.method_value == METHOD_REGISTER
	   && !challenges_wic()) {
		LM_ERR("the core answered %d to a TNA REGISTER: it does not trust this node\n", status);
		return WIMS_CORE_CHALLENGE;
	}
	return WIMS_OK;
}

int wk_core_failed(sip_msg_t *msg)
{
	enum wims_reason r = judge_core(msg);

	if(r == WIMS_OK)
		return WK_FALSE;
	wk_outcome(msg, or_elsewhere(msg, r));
	return WK_TRUE;
}
