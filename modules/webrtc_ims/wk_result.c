/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_result.h"

#include <string.h>

#include "core/parser/hf.h"
#include "wk_hdr.h"
#include "wk_provision.h"
#include "wk_state.h"
#include "wk_stats.h"

static struct wk_result result;
static uint32_t owner_set; /* provisioning that it points into; 0: nobody owns it */
static unsigned int owner_id;
static int owner_pid; /* 0 for an HTTP request: xhttp leaves it so */

static bool mine(const sip_msg_t *msg)
{
	return owner_set != 0 && owner_set == wk_provision_taken() && msg->id == owner_id
		   && msg->pid == owner_pid;
}

struct wk_result *wk_result(const sip_msg_t *msg)
{
	if(!mine(msg)) {
		if(!wk_provision_refresh())
			LM_ERR("no provisioning in this process\n");
		memset(&result, 0, offsetof(struct wk_result, token));
		result.token.valid = false;
		owner_set = wk_provision_taken();
		owner_id = msg->id;
		owner_pid = msg->pid;
		if(wk_from_wic(msg))
			result.connection = (uint32_t)msg->rcv.proto_reserved1;
	}
	return &result;
}

const struct wk_result *wk_result_peek(const sip_msg_t *msg)
{
	return mine(msg) ? &result : NULL;
}

const struct wims_wwsf *wk_result_wwsf(const sip_msg_t *msg)
{
	struct wk_result *res = wk_result(msg);
	struct wims_conn_view conn = {0};
	enum wims_reason r;

	if(res->wwsf != NULL)
		return res->wwsf;
	r = wk_flow_check((uint32_t)msg->rcv.proto_reserved1, &conn);
	if(r == WIMS_OK || r == WIMS_FLOW_CLOSING)
		res->wwsf = wims_provision_by_name(wk_provision(), conn.wwsf);
	return res->wwsf;
}

static str call_id(const sip_msg_t *msg)
{
	return msg->callid == NULL ? (str){"-", 1} : msg->callid->body;
}

int wk_outcome(sip_msg_t *msg, enum wims_reason r)
{
	str id = call_id(msg);

	wk_result(msg)->reason = r;
	wk_stats_reason(r);
	if(r == WIMS_OK)
		return WK_TRUE;
	LM_DBG("%s call-id=%.*s connection=%d\n", wims_reason_text(r), STR_FMT(&id),
		   msg->rcv.proto_reserved1);
	return WK_FALSE;
}

static struct wims_pl copy(char *to, size_t size, struct wims_pl s)
{
	if(s.l > size)
		return WIMS_PL_NONE;
	if(s.l > 0)
		memcpy(to, s.p, s.l);
	return (struct wims_pl){to, s.l};
}

void wk_result_identity(struct wk_result *res, struct wims_pl impu, struct wims_pl impi)
{
	res->impu = copy(res->text, WIMS_IMPU_MAX, impu);
	res->impi = copy(res->text + WIMS_IMPU_MAX, WIMS_IMPI_MAX, impi);
	wk_result_range(res, NULL, NULL, WIMS_PL_NONE);
	res->unallocated = false;
}

bool wk_result_peer(struct wk_result *res, struct wims_pl host)
{
	if(host.l > 1 && host.p[0] == '[')
		host = (struct wims_pl){host.p + 1, host.l - 2};
	res->peer = copy(res->peer_text, WK_PEER_MAX, host);
	return res->peer.l == host.l;
}

void wk_result_range(struct wk_result *res, const struct wims_wwsf *w,
					 const struct wims_wwsf_range *range, struct wims_pl key)
{
	res->range = range;
	res->range_key = key;
	res->member = (struct wk_range_hit){w, range};
}
