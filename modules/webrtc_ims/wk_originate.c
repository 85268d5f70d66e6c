/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_originate.h"

#include <string.h>

#include "core/parser/parse_rr.h"
#include "modules/tm/dlg.h"
#include "identity/wims_host.h"
#include "identity/wims_impu.h"
#include "jose/wims_alg_ossl.h"
#include "range/wims_range.h"
#include "sip/wims_contact_write.h"
#include "sip/wims_tna.h"
#include "wk_edge.h"
#include "wk_params.h"
#include "wk_stats.h"
#include "wk_tm.h"
#include "wk_trust.h"

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

/* An identity that stands in To, From or the Request-URI. Empty: too long. */
static struct wims_pl party_on_wire(struct wims_pl impu)
{
	static char buf[3 * WIMS_RANGE_TEXT_MAX];
	struct wims_w w;

	wims_w_init(&w, buf, sizeof(buf));
	wims_impu_on_wire(&w, impu);
	return wims_w_done(&w);
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

/* Of a request that goes out with that CSeq; NULL: no memory. */
static dlg_t *new_dialog(struct wims_pl call_id, struct wims_pl tag, uint32_t cseq,
						 struct wims_pl from, struct wims_pl to)
{
	str id = wk_str(call_id), t = wk_str(tag), local = wk_str(from), remote = wk_str(to);
	dlg_t *d = NULL;

	if(wk_tm.new_dlg_uac(&id, &t, cseq, &local, &remote, &d) < 0)
		return NULL;
	/* it counts up before it sends, and makes 10 of a 0 above */
	d->loc_seq.value = cseq - 1;
	return d;
}

/* What opens no dialog, or the first request of one: to the next hop on Mw. */
static bool send_to_core(dlg_t *d, struct wims_pl target, const char *method,
						 struct wims_pl headers, transaction_cb *cb, void *param)
{
	bool sent;

	d->rem_target = wk_str(target);
	d->dst_uri = wk_str(wims_pl_str(wk_params.mw_next_hop));
	sent = send_in(d, method, headers, cb, param);
	d->rem_target = d->dst_uri = (str){NULL, 0};
	return sent;
}

/* The other side of a dialog. */
struct peer
{
	struct wims_pl tag, target;
	struct wims_pl routes; /* comma separated, first hop first; may be empty */
};

static bool send_to_peer(dlg_t *d, const struct peer *peer, const char *method,
						 struct wims_pl headers, transaction_cb *cb, void *param)
{
	rr_t *routes = NULL;
	bool sent;

	d->id.rem_tag = wk_str(peer->tag);
	d->rem_target = wk_str(peer->target);
	d->state = DLG_CONFIRMED;
	if(peer->routes.l > 0
	   && parse_rr_body((char *)peer->routes.p, (int)peer->routes.l, &routes) == 0)
		d->route_set = routes;
	sent = wk_tm.calculate_hooks(d) >= 0 && send_in(d, method, headers, cb, param);
	free_rr(&routes);
	d->route_set = NULL;
	d->id.rem_tag = d->rem_target = (str){NULL, 0};
	return sent;
}

/* ---- REGISTER ---- */

/* Everything but what tm writes: Contact, Expires, TNA, and the Path that some
 * cores insist on. */
static bool write_register(struct wims_w *w, const struct wk_own_register *r)
{
	struct wims_edge_uri at = r->contact.host.l > 0 ? r->contact : wk_edge_plain();
	const struct wims_tna tna = {r->impi, r->domain, r->conveyed};

	wims_contact_to_core(w, r->contact_user, &at, WIMS_PL_NONE);
	wims_w_lit(w, "Expires: ");
	wims_w_u64(w, r->expires);
	wims_w_crlf(w);
	wims_tna_visited_network(w, wims_pl_str(wk_params.visited_network));
	wims_tna_path(w, &r->path);
	if(!wk_trust_charging(w, r->domain))
		return false;
	wims_tna_authorization(w, &tna);
	return w->ok;
}

bool wk_send_register(const struct wk_own_register *r, transaction_cb *cb, void *param)
{
	static char headers[HEADERS_MAX];
	struct wims_pl party = party_on_wire(r->party);
	char uri[WIMS_FLOW_TEXT_MAX + 8];
	struct wims_w w, u;
	dlg_t *d;
	bool sent;

	wims_w_init(&u, uri, sizeof(uri));
	wims_w_lit(&u, "sip:");
	wims_w_pl(&u, r->domain);
	wims_w_init(&w, headers, sizeof(headers));
	if(party.l == 0 || !u.ok || !write_register(&w, r)
	   || (d = new_dialog(r->call_id, r->from_tag, r->cseq, party, party)) == NULL)
		return false;
	sent = send_to_core(d, wims_w_done(&u), "REGISTER", wims_w_done(&w), cb, param);
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
								.conveyed = b->conveyed,
								.contact_user = wims_pl_str(b->contact_user)};
	struct wk_edge path;

	if(b->by_core && !wk_params.ims_auth_dereg) {
		wk_stats_event(WK_EV_DEREG_LEFT);
		return;
	}
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
	char headers[WIMS_CHARGING_MAX + 128];
	const struct peer core = {c->core_tag, c->core_target, c->core_routes};
	dlg_t *d = new_dialog(c->call_id, c->wic_tag, c->wic_cseq + 1, c->wic_uri, c->core_uri);
	struct wims_w w;

	wims_w_init(&w, headers, sizeof(headers));
	wims_w_lit(&w, "Reason: SIP;cause=480;text=\"WebSocket lost\"");
	wims_w_crlf(&w);
	if(c->charging.l > 0)
		wims_tna_charging_again(&w, c->charging, WIMS_PL_NONE);
	if(d == NULL) {
		LM_ERR("cannot build a BYE\n");
		return;
	}
	if(send_to_peer(d, &core, "BYE", wims_w_done(&w), NULL, NULL))
		wk_stats_event(WK_EV_BYE_SENT);
	else
		LM_ERR("cannot send a BYE\n");
	wk_tm.free_dlg(d);
}

/* ---- SUBSCRIBE ---- */

static bool write_subscribe(struct wims_w *w, uint32_t expires)
{
	struct wims_edge_uri own = wk_edge_plain();

	wims_contact_to_core(w, WIMS_PL(WK_REG_EVENT_USER), &own, WIMS_PL_NONE);
	wims_w_lit(w, "Event: reg");
	wims_w_crlf(w);
	wims_w_lit(w, "Accept: application/reginfo+xml");
	wims_w_crlf(w);
	wims_w_lit(w, "Expires: ");
	wims_w_u64(w, expires);
	wims_w_crlf(w);
	wk_edge_assert_own(w);
	return wk_trust_charging(w, wims_pl_str(wk_params.visited_network)) && w->ok;
}

bool wk_send_subscribe(const struct wims_regsub_action *a, transaction_cb *cb, void *param)
{
	static char headers[HEADERS_MAX];
	const struct peer notifier = {a->to_tag, a->target, a->routes};
	char uri[WIMS_HOST_MAX + 16];
	struct wims_w w, u;
	dlg_t *d;
	bool sent;

	wims_w_init(&u, uri, sizeof(uri));
	wk_edge_write_own(&u);
	wims_w_init(&w, headers, sizeof(headers));
	if(!u.ok || !write_subscribe(&w, a->expires)
	   || (d = new_dialog(wims_pl_str(a->call_id), wims_pl_str(a->from_tag), a->cseq,
						  wims_w_done(&u), a->to_uri))
				  == NULL)
		return false;
	if(a->to_tag.l > 0)
		sent = send_to_peer(d, &notifier, "SUBSCRIBE", wims_w_done(&w), cb, param);
	else
		sent = send_to_core(d, a->target, "SUBSCRIBE", wims_w_done(&w), cb, param);
	wk_tm.free_dlg(d);
	return sent;
}
