/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_media.h"

#include "core/data_lump.h"
#include "core/parser/parse_body.h"
#include "core/parser/parse_content.h"
#include "identity/wims_impu.h"
#include "sip/wims_sdp.h"
#include "wk_hdr.h"
#include "wk_params.h"
#include "wk_ranges.h"
#include "wk_result.h"
#include "wk_state.h"
#include "wk_tm.h"

/* What all names of this node and this start begin with: unique among the nodes that
 * share a media relay, and over their restarts. */
static void write_prefix(struct wims_w *w)
{
	wims_w_lit(w, "wims-");
	wims_w_u64(w, (uint64_t)wk_params.node_id);
	wims_w_lit(w, "-");
	wims_w_u64(w, wk_boot_epoch());
	wims_w_lit(w, "-");
}

struct wims_pl wk_media_name(char buf[WK_MEDIA_NAME_MAX], uint64_t media)
{
	struct wims_w w;

	wims_w_init(&w, buf, WK_MEDIA_NAME_MAX);
	write_prefix(&w);
	wims_w_u64(&w, media);
	return wims_w_done(&w);
}

bool wk_media_of_name(uint64_t *media, struct wims_pl name)
{
	char buf[WK_MEDIA_NAME_MAX];
	struct wims_pl prefix;
	struct wims_w w;

	wims_w_init(&w, buf, sizeof(buf));
	write_prefix(&w);
	prefix = wims_w_done(&w);
	return wims_pl_starts(name, prefix) && wims_pl_u64(wims_pl_from(name, prefix.l), media);
}

/* ---- the SDP of a message ---- */

enum body
{
	BODY_NO_SDP,
	BODY_SDP,
	BODY_UNREADABLE /* of no type that can be told, or more than one SDP */
};

/* How often a type "x/sdp" is named. */
static size_t types_of_sdp(struct wims_pl text)
{
	size_t i, n = 0;

	for(i = 0; i < text.l; i++)
		if(text.p[i] == '/'
		   && wims_pl_casestarts(wims_pl_trim(wims_pl_from(text, i + 1)), WIMS_PL("sdp")))
			n++;
	return n;
}

/* Of several parts one may be SDP: another one would pass as it is. */
static bool is_only_sdp(struct wims_pl all, struct wims_pl sdp)
{
	struct wims_pl before = {all.p, (size_t)(sdp.p - all.p)};

	return types_of_sdp(before) <= 1 && types_of_sdp(wims_pl_from(all, before.l + sdp.l)) == 0;
}

static enum body find_sdp(sip_msg_t *msg, struct wims_pl *sdp)
{
	char *body = get_body(msg);
	struct wims_pl all;
	int len = 0;

	*sdp = WIMS_PL_NONE;
	if(body == NULL || body >= msg->buf + msg->len)
		return BODY_NO_SDP;
	all = (struct wims_pl){body, (size_t)(msg->buf + msg->len - body)};
	if(parse_content_type_hdr(msg) <= 0)
		return BODY_UNREADABLE;
	body = get_body_part(msg, TYPE_APPLICATION, SUBTYPE_SDP, &len);
	if(body == NULL || len <= 0)
		return BODY_NO_SDP;
	*sdp = (struct wims_pl){body, (size_t)len};
	return is_only_sdp(all, *sdp) ? BODY_SDP : BODY_UNREADABLE;
}

static bool has_sdp(sip_msg_t *msg)
{
	struct wims_pl sdp;

	return find_sdp(msg, &sdp) == BODY_SDP;
}

static bool is_reply(const sip_msg_t *msg)
{
	return msg->first_line.type == SIP_REPLY;
}

/* ---- which call, and what it is there ---- */

/* By the request alone: what the answer says of its dialog, and whether the table had
 * room for one more, changes nothing of whose SDP it is. 0: none. */
static uint64_t call_of_reply(sip_msg_t *msg, const struct cell *t)
{
	sip_msg_t *request = t->uas.request;
	struct wims_pl call_id = wk_hdr_call_id(request), to_tag = wk_hdr_to_tag(request);
	uint32_t conn = wk_from_wic(request) ? wk_tm_connection(t) : (uint32_t)msg->rcv.proto_reserved1;
	struct wims_flows *fs = wk_flows_lock();
	uint64_t call = 0;
	uint32_t at;

	if(to_tag.l == 0)
		call = wims_call_of_opening(fs, conn, call_id, wk_tm_name(t));
	else if(wims_call_find(fs, conn, call_id, wk_hdr_from_tag(request), to_tag, &call, &at)
			!= WIMS_OK)
		call = 0;
	wk_flows_unlock();
	return call;
}

static enum wims_sdp_carrier carrier_of_reply(sip_msg_t *request)
{
	return request->first_line.u.request.method_value == METHOD_INVITE && !has_sdp(request)
				   ? WIMS_SDP_IN_REPLY_TO_NONE
				   : WIMS_SDP_IN_REPLY;
}

static bool carrier_of_request(const sip_msg_t *msg, enum wims_sdp_carrier *carrier)
{
	switch(msg->first_line.u.request.method_value) {
		case METHOD_INVITE:
		case METHOD_UPDATE:
			*carrier = WIMS_SDP_IN_REQUEST;
			return true;
		case METHOD_PRACK:
			*carrier = WIMS_SDP_IN_PRACK;
			return true;
		case METHOD_ACK:
			*carrier = WIMS_SDP_IN_ACK;
			return true;
		default:
			return false;
	}
}

/* Of which call, and in what. False: it is none of ours to look at, being neither offer
 * nor answer, or what another node has seen to. */
static bool find_call(sip_msg_t *msg, uint64_t *call, enum wims_sdp_carrier *carrier)
{
	struct cell *t;

	*call = wk_result(msg)->call;
	if(!is_reply(msg))
		return carrier_of_request(msg, carrier);
	t = wk_tm.t_gett();
	if(t == NULL || t == T_UNDEFINED || t->uas.request == NULL)
		return true;
	if(!carrier_of_request(t->uas.request, carrier)
	   || (!wk_from_wic(msg) && !wk_from_wic(t->uas.request)))
		return false;
	*call = call_of_reply(msg, t);
	*carrier = carrier_of_reply(t->uas.request);
	return true;
}

enum passage
{
	PASS_AS_IT_IS,
	PASS_BY_RELAY,
	PASS_NOT
};

/* No call, or one whose session is over: what cannot be told to have none has one. */
static enum passage find_session(uint64_t call, uint64_t *media)
{
	struct wims_flows *fs = wk_flows_lock();
	bool plain = wims_call_without_media(fs, call);

	*media = wims_call_media(fs, call);
	wk_flows_unlock();
	if(plain)
		return PASS_AS_IT_IS;
	return *media != 0 ? PASS_BY_RELAY : PASS_NOT;
}

static enum wims_reason judge(sip_msg_t *msg, enum passage passage, enum body body,
							  struct wims_pl sdp)
{
	if(passage == PASS_NOT)
		return WIMS_DIALOG_UNKNOWN;
	return body == BODY_UNREADABLE || (wk_from_wic(msg) && !wims_sdp_is_webrtc(sdp))
				   ? WIMS_SDP_REFUSED
				   : WIMS_OK;
}

int wk_media_sdp(sip_msg_t *msg)
{
	struct wk_result *res = wk_result(msg);
	enum wims_sdp_carrier carrier = WIMS_SDP_IN_REPLY;
	enum passage passage;
	struct wims_pl sdp;
	enum body body;
	uint64_t call;

	res->sdp = WIMS_SDP_NONE;
	res->media = 0;
	if(!wk_hdr_parse(msg)) {
		(void)wk_outcome(msg, WIMS_REQUEST_MALFORMED);
		return WK_TRUE;
	}
	if(!find_call(msg, &call, &carrier))
		return WK_FALSE;
	body = find_sdp(msg, &sdp);
	passage = find_session(call, &res->media);
	if(body == BODY_NO_SDP || passage == PASS_AS_IT_IS)
		return WK_FALSE;
	if(wk_outcome(msg, judge(msg, passage, body, sdp)) == WK_FALSE)
		return WK_TRUE;
	res->sdp = wims_call_sdp(wk_flows_lock(), call, carrier);
	wk_flows_unlock();
	return WK_TRUE;
}

static enum wims_reason put(sip_msg_t *msg, struct wims_pl sdp)
{
	static char filtered[WIMS_SDP_MAX];
	struct wims_pl old;
	struct wims_w w;

	if(find_sdp(msg, &old) != BODY_SDP || sdp.l == 0)
		return WIMS_MEDIA_UNAVAILABLE;
	wims_w_init(&w, filtered, sizeof(filtered));
	if(wk_from_wic(msg)) {
		if(!wims_sdp_to_core(&w, sdp))
			return WIMS_MEDIA_UNAVAILABLE;
		sdp = wims_w_done(&w);
	}
	return wk_hdr_replace(msg, old, sdp) ? WIMS_OK : WIMS_NOMEM;
}

int wk_media_put(sip_msg_t *msg, const str *sdp)
{
	return wk_outcome(msg, put(msg, wk_pl(sdp)));
}

/* ---- is there to be one? ---- */

int wk_media_begin(sip_msg_t *msg)
{
	enum wims_reason r = wims_call_anchor(wk_flows_lock(), wk_result(msg)->call);

	wk_flows_unlock();
	return wk_outcome(msg, r == WIMS_DIALOG_UNKNOWN ? WIMS_INTERNAL : r);
}

static bool is_wic(struct wims_pl uri)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;
	struct wk_range_hit hit;

	if(wims_impu_canonical(&impu, buf, sizeof(buf), uri) != WIMS_OK)
		return false;
	/* "impus" may be the whole domain, phones and all */
	return wk_is_registered(impu) || (wk_ranges_find(impu, &hit) && hit.range != NULL);
}

int wk_media_end_to_end(sip_msg_t *msg)
{
	struct wims_pl sdp;

	if(!wk_hdr_parse(msg) || find_sdp(msg, &sdp) != BODY_SDP || !wims_sdp_is_webrtc(sdp))
		return WK_FALSE;
	return !wk_from_wic(msg) || is_wic(wk_pl(GET_RURI(msg))) ? WK_TRUE : WK_FALSE;
}
