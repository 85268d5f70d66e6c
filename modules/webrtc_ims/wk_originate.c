/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_originate.h"

#include <string.h>

#include "core/parser/parse_rr.h"
#include "modules/tm/dlg.h"
#include "jose/wims_alg_ossl.h"
#include "sip/wims_contact_write.h"
#include "sip/wims_tna.h"
#include "wk_edge.h"
#include "wk_params.h"
#include "wk_stats.h"
#include "wk_tm.h"

enum
{
	OWN_TAG_LEN = 24, /* hex digits of Call-IDs and tags that we make */
	HEADERS_MAX = WIMS_TNA_MAX + 1024
};

/* A fresh Call-ID or tag; the buffer gets OWN_TAG_LEN digits. */
static bool fresh_name(char *buf, struct wims_pl *out)
{
	uint8_t bytes[OWN_TAG_LEN / 2];
	struct wims_w w;

	if(!wims_random(bytes, sizeof(bytes)))
		return false;
	wims_w_init(&w, buf, OWN_TAG_LEN);
	wims_w_hex(&w, bytes, sizeof(bytes));
	*out = wims_w_done(&w);
	return out->l > 0;
}

/* tm borrows the strings while it builds the request; nothing of d's is ours
 * to free but what new_dlg_uac made. */
static bool send_in(dlg_t *d, const char *method, struct wims_pl headers, transaction_cb *cb,
					void *param)
{
	str m = {(char *)method, (int)strlen(method)};
	str h = wk_str(headers);
	uac_req_t req;

	set_uac_req(&req, &m, &h, NULL, d, cb == NULL ? 0 : TMCB_LOCAL_COMPLETED, cb, param);
	return wk_tm.t_request_within(&req) >= 0;
}

/* ---- REGISTER ---- */

/* Everything but what tm writes: Contact, Expires, TNA, and the Path that some
 * cores insist on. */
static bool write_register(struct wims_w *w, const struct wk_own_register *r)
{
	struct wims_edge_uri own = wk_edge_plain();
	uint8_t icid[WIMS_ICID_LEN];

	if(!wims_random(icid, sizeof(icid)))
		return false;
	wims_contact_to_core(w, r->contact_user, &own, WIMS_PL_NONE);
	wims_w_lit(w, "Expires: ");
	wims_w_u64(w, r->expires);
	wims_w_crlf(w);
	wims_tna_visited_network(w, wims_pl_str(wk_params.visited_network));
	wims_tna_path(w, &r->path);
	wims_tna_charging(w, icid, r->domain);
	wims_tna_authorization(w, r->impi, r->domain);
	return w->ok;
}

bool wk_send_register(const struct wk_own_register *r, transaction_cb *cb, void *param)
{
	static char headers[HEADERS_MAX];
	char uri[WIMS_FLOW_TEXT_MAX + 8];
	str call_id = wk_str(r->call_id), from_tag = wk_str(r->from_tag), party = wk_str(r->party);
	struct wims_w w, u;
	dlg_t *d = NULL;
	bool sent;

	wims_w_init(&u, uri, sizeof(uri));
	wims_w_lit(&u, "sip:");
	wims_w_pl(&u, r->domain);
	wims_w_init(&w, headers, sizeof(headers));
	if(!u.ok || !write_register(&w, r)
	   || wk_tm.new_dlg_uac(&call_id, &from_tag, r->cseq, &party, &party, &d) < 0)
		return false;
	/* it counts up before it sends, and makes 10 of a 0 above */
	d->loc_seq.value = r->cseq - 1;
	d->rem_target = wk_str(wims_w_done(&u));
	d->dst_uri = (str){wk_params.mw_next_hop, (int)strlen(wk_params.mw_next_hop)};
	sent = send_in(d, "REGISTER", wims_w_done(&w), cb, param);
	d->rem_target = d->dst_uri = (str){NULL, 0};
	wk_tm.free_dlg(d);
	return sent;
}

static void on_dereg_answer(struct cell *t, int type, struct tmcb_params *ps)
{
	(void)t;
	(void)type;
	if(ps->code >= 200 && ps->code < 300)
		return;
	wk_stats_event(WK_EV_DEREG_FAILED);
	LM_INFO("the core answered %d to a de-REGISTER\n", ps->code);
}

void wk_send_dereg(const struct wims_binding_view *b)
{
	char id[OWN_TAG_LEN], tag[OWN_TAG_LEN];
	struct wk_own_register r = {.cseq = 1,
								.party = b->impu,
								.impi = b->impi,
								.domain = b->domain,
								.contact_user = wims_pl_str(b->contact_user)};
	struct wk_edge path;

	if(fresh_name(id, &r.call_id) && fresh_name(tag, &r.from_tag)
	   && wk_edge_write(&path, WIMS_FLOWTOKEN_PATH, b->conn, WIMS_PL_NONE) == WIMS_OK) {
		r.path = path.uri;
		if(wk_send_register(&r, on_dereg_answer, NULL)) {
			wk_stats_event(WK_EV_DEREG_SENT);
			return;
		}
	}
	LM_ERR("cannot send the de-REGISTER of %.*s\n", WK_FMT(b->impu));
}

/* ---- BYE ---- */

void wk_send_bye(const struct wims_call_view *c)
{
	static const struct wims_pl reason =
			WIMS_PL("Reason: SIP;cause=480;text=\"WebSocket lost\"\r\n");
	str call_id = wk_str(c->call_id), tag = wk_str(c->wic_tag);
	str from = wk_str(c->wic_uri), to = wk_str(c->core_uri);
	dlg_t *d = NULL;
	rr_t *routes = NULL;

	if(wk_tm.new_dlg_uac(&call_id, &tag, c->wic_cseq, &from, &to, &d) < 0) {
		LM_ERR("cannot build a BYE\n");
		return;
	}
	d->id.rem_tag = wk_str(c->core_tag);
	d->rem_target = wk_str(c->core_target);
	d->state = DLG_CONFIRMED;
	if(c->core_routes.l > 0
	   && parse_rr_body((char *)c->core_routes.p, (int)c->core_routes.l, &routes) == 0)
		d->route_set = routes;
	if(wk_tm.calculate_hooks(d) >= 0 && send_in(d, "BYE", reason, NULL, NULL))
		wk_stats_event(WK_EV_BYE_SENT);
	else
		LM_ERR("cannot send a BYE\n");
	free_rr(&routes);
	d->route_set = NULL;
	d->id.rem_tag = d->rem_target = (str){NULL, 0};
	wk_tm.free_dlg(d);
}
