/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_tm.h"

#include "core/parser/parse_cseq.h"
#include "wk_hdr.h"

struct tm_binds wk_tm;

int wk_tm_bind(void)
{
	if(load_tm_api(&wk_tm) < 0) {
		LM_ERR("the tm module is not loaded\n");
		return -1;
	}
	return 0;
}

struct cell *wk_tm_transaction(sip_msg_t *msg)
{
	struct cell *t = wk_tm.t_gett();

	if(t == NULL || t == T_UNDEFINED) {
		if(wk_tm.t_newtran(msg) <= 0)
			return NULL;
		t = wk_tm.t_gett();
	}
	return t == T_UNDEFINED ? NULL : t;
}

uint64_t wk_tm_name(const struct cell *t)
{
	return ((uint64_t)t->hash_index << 32) | t->label;
}

uint32_t wk_tm_connection(const struct cell *t)
{
	return t->uas.request == NULL ? 0 : (uint32_t)t->uas.request->rcv.proto_reserved1;
}

/* A URI says ws for wss too. Plain SIP over TLS is neither: it comes in on the
 * WSS port. */
static bool comes_from(const sip_msg_t *msg, const struct dest_info *dst)
{
	if(dst->proto == PROTO_WS || dst->proto == PROTO_WSS)
		return wk_from_wic(msg) && msg->rcv.proto_reserved1 == dst->id;
	return msg->rcv.proto == PROTO_UDP || msg->rcv.proto == PROTO_TCP;
}

/* Kamailio sends it to where the request came from, but in the way that this
 * Via says: a callee that makes TCP read UDP there would leave the end of its
 * body to be guessed. */
static bool same_hop(const struct via_body *a, const struct via_body *b)
{
	return a->proto == b->proto && a->port == b->port && a->branch != NULL && b->branch != NULL
		   && wims_pl_eq(wk_pl(&a->host), wk_pl(&b->host))
		   && wims_pl_eq(wk_pl(&a->branch->value), wk_pl(&b->branch->value));
}

static bool goes_back(sip_msg_t *msg, const struct cell *t)
{
	if(!wk_from_wic(msg))
		return true;
	if(parse_headers(msg, HDR_VIA2_F | HDR_CSEQ_F, 0) < 0 || msg->cseq == NULL)
		return false;
	/* each CANCEL is made by tm, and so ends what answers it */
	if(get_cseq(msg)->method_id == METHOD_CANCEL)
		return true;
	return t->uas.request != NULL && t->uas.request->via1 != NULL && msg->via2 != NULL
		   && msg->via2->error == PARSE_OK && same_hop(msg->via2, t->uas.request->via1);
}

enum wims_reason wk_tm_reply_source(sip_msg_t *msg)
{
	enum wims_reason r = WIMS_NOT_DIALOG_PARTY;
	const struct cell *t;
	int branch = -1;

	if(wk_tm.t_check(msg, &branch) <= 0 || branch < 0)
		return WIMS_DIALOG_UNKNOWN;
	t = wk_tm.t_gett();
	if(comes_from(msg, &t->uac[branch].request.dst))
		r = goes_back(msg, t) ? WIMS_OK : WIMS_REQUEST_MALFORMED;
	/* tm looks for it once more; a reply that is dropped would keep it */
	wk_tm.t_unref(msg);
	return r;
}
