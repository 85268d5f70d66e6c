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
	BODY_UNREADABLE /* of no type that can be told */
};

static enum body find_sdp(sip_msg_t *msg, struct wims_pl *sdp)
{
	char *body = get_body(msg);
	int len = 0;

	*sdp = WIMS_PL_NONE;
	if(body == NULL || body >= msg->buf + msg->len)
		return BODY_NO_SDP;
	if(parse_content_type_hdr(msg) <= 0)
		return BODY_UNREADABLE;
	body = get_body_part(msg, TYPE_APPLICATION, SUBTYPE_SDP, &len);
	if(body == NULL || len <= 0)
		return BODY_NO_SDP;
	*sdp = (struct wims_pl){body, (size_t)len};
	return BODY_SDP;
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

static uint64_t call_of_reply(sip_msg_t *msg, struct cell *t)
{
	bool from_core = wk_from_wic(t->uas.request);
	uint32_t conn = from_core ? wk_tm_connection(t) : (uint32_t)msg->rcv.proto_reserved1, at;
	uint64_t call = 0;
	enum wims_reason r;

	r = wims_call_find(wk_flows_lock(), conn, wk_hdr_call_id(msg), wk_hdr_from_tag(msg),
					   wk_hdr_to_tag(msg), &call, &at);
	wk_flows_unlock();
	return r == WIMS_OK ? call : 0;
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

/* False: it belongs to no call that has a media session. */
static bool find_session(sip_msg_t *msg, uint64_t *call, enum wims_sdp_carrier *carrier)
{
	struct cell *t;
	uint64_t media;

	*call = wk_result(msg)->call;
	if(is_reply(msg)) {
		t = wk_tm.t_gett();
		if(t == NULL || t == T_UNDEFINED || t->uas.request == NULL)
			return false;
		*call = call_of_reply(msg, t);
		*carrier = carrier_of_reply(t->uas.request);
	} else if(!carrier_of_request(msg, carrier)) {
		return false;
	}
	media = wims_call_media(wk_flows_lock(), *call);
	wk_flows_unlock();
	wk_result(msg)->media = media;
	return media != 0;
}

int wk_media_sdp(sip_msg_t *msg)
{
	struct wk_result *res = wk_result(msg);
	enum wims_sdp_carrier carrier;
	struct wims_pl sdp;
	enum body body;
	uint64_t call;

	res->sdp = WIMS_SDP_NONE;
	if(!wk_hdr_parse(msg) || !find_session(msg, &call, &carrier))
		return WK_FALSE;
	body = find_sdp(msg, &sdp);
	if(body == BODY_NO_SDP)
		return WK_FALSE;
	if(body == BODY_UNREADABLE || (wk_from_wic(msg) && !wims_sdp_is_webrtc(sdp))) {
		(void)wk_outcome(msg, WIMS_SDP_REFUSED);
		return WK_TRUE;
	}
	res->sdp = wims_call_sdp(wk_flows_lock(), call, carrier);
	wk_flows_unlock();
	return wk_outcome(msg, WIMS_OK);
}

static bool replace(sip_msg_t *msg, struct wims_pl old, struct wims_pl sdp)
{
	char *copy = pkg_malloc(sdp.l);
	struct lump *at;

	if(copy == NULL)
		return false;
	memcpy(copy, sdp.p, sdp.l);
	at = del_lump(msg, (int)(old.p - msg->buf), (int)old.l, 0);
	if(at != NULL && insert_new_lump_before(at, copy, (int)sdp.l, 0) != NULL)
		return true;
	pkg_free(copy);
	return false;
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
	return replace(msg, old, sdp) ? WIMS_OK : WIMS_NOMEM;
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

static bool is_there(void *ctx, const struct wims_binding_view *view)
{
	(void)view;
	*(bool *)ctx = true;
	return false;
}

static bool is_wic(struct wims_pl uri)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;
	struct wk_range_hit hit;
	bool here = false;

	if(wims_impu_canonical(&impu, buf, sizeof(buf), uri) != WIMS_OK)
		return false;
	wims_bindings_by(wk_flows_lock(), WIMS_BY_IMPU, impu, is_there, &here);
	wk_flows_unlock();
	/* "impus" may be the whole domain, phones and all */
	return here || (wk_ranges_find(impu, &hit) && hit.range != NULL);
}

int wk_media_end_to_end(sip_msg_t *msg)
{
	struct wims_pl sdp;

	if(!wk_hdr_parse(msg) || find_sdp(msg, &sdp) != BODY_SDP || !wims_sdp_is_webrtc(sdp))
		return WK_FALSE;
	return !wk_from_wic(msg) || is_wic(wk_pl(GET_RURI(msg))) ? WK_TRUE : WK_FALSE;
}
