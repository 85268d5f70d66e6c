/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_trust.h"

#include <string.h>

#include "identity/wims_host.h"
#include "jose/wims_alg_ossl.h"
#include "sip/wims_grammar.h"
#include "sip/wims_tna.h"
#include "wk_hdr.h"
#include "wk_params.h"
#include "wk_state.h"

_Static_assert((int)WIMS_CHARGING_MAX == (int)WIMS_FLOW_CHARGING_MAX,
			   "what is kept of a call can be written");

enum
{
	LINES_MAX = WIMS_CHARGING_MAX + WIMS_ACCESS_NETWORK_MAX + WIMS_HOST_MAX + 128
};

static const struct wims_pl vector = {"P-Charging-Vector", 17};

int wk_trust_init(void)
{
	struct wims_pl ioi = wims_pl_str(wk_params.ioi);
	struct wims_pl access = wims_pl_str(wk_params.access_network_info);

	if(ioi.l > 0 && !wims_is_host(ioi)) {
		LM_ERR("modparam ioi=%s: must be a host name, such as ims.example.org\n", wk_params.ioi);
		return -1;
	}
	if(access.l > 0 && !wims_is_access_network(access)) {
		LM_ERR("modparam access_network_info=%s: must be one access type with parameters, such as "
			   "IEEE-802.11, without np or network-provided, up to %d bytes\n",
			   wk_params.access_network_info, WIMS_ACCESS_NETWORK_MAX);
		return -1;
	}
	if(strcmp(wk_params.route_policy, "replace") != 0
	   && strcmp(wk_params.route_policy, "refuse") != 0) {
		LM_ERR("modparam route_policy=%s: must be replace or refuse\n", wk_params.route_policy);
		return -1;
	}
	return 0;
}

/* This network's name in orig-ioi and term-ioi. */
static struct wims_pl ioi_of(struct wims_pl domain)
{
	struct wims_pl ioi = wims_pl_str(wk_params.ioi);

	return ioi.l > 0 ? ioi : domain;
}

void wk_trust_access(struct wims_w *w)
{
	struct wims_pl access = wims_pl_str(wk_params.access_network_info);

	if(access.l > 0)
		wims_tna_access_network(w, access);
}

bool wk_trust_charging(struct wims_w *w, struct wims_pl domain)
{
	uint8_t icid[WIMS_ICID_LEN];

	if(!wims_random(icid, sizeof(icid)))
		return false;
	wims_tna_charging(w, icid, ioi_of(domain));
	return true;
}

bool wk_trust_charging_value(struct wims_w *w, struct wims_pl domain)
{
	uint8_t icid[WIMS_ICID_LEN];

	if(!wims_random(icid, sizeof(icid)))
		return false;
	wims_tna_charging_value(w, icid, ioi_of(domain));
	return w->ok;
}

bool wk_trust_route_refused(void)
{
	return strcmp(wk_params.route_policy, "refuse") == 0;
}

/* A vector that cannot be written again as it came, folded for instance, is left out:
 * nothing of the call hangs on it. */
static enum wims_reason add(sip_msg_t *msg, struct wims_pl charging, struct wims_pl term_ioi)
{
	char lines[LINES_MAX];
	struct wims_w w;

	wims_w_init(&w, lines, sizeof(lines));
	if(charging.l > 0 && charging.l <= WIMS_CHARGING_MAX && wims_is_printable(charging))
		wims_tna_charging_again(&w, charging, term_ioi);
	wk_trust_access(&w);
	if(!w.ok)
		return WIMS_INTERNAL;
	return w.len == 0 || wk_hdr_add(msg, wims_w_done(&w)) ? WIMS_OK : WIMS_NOMEM;
}

enum wims_reason wk_trust_request(sip_msg_t *msg, uint64_t call)
{
	char buf[WIMS_FLOW_CHARGING_MAX];
	struct wims_pl charging = wims_call_charging(wk_flows_lock(), call, buf);

	wk_flows_unlock();
	return add(msg, charging, WIMS_PL_NONE);
}

enum wims_reason wk_trust_answer(sip_msg_t *msg, sip_msg_t *request)
{
	struct wims_pl charging = wk_hdr_body(request, vector);
	struct wims_pl ioi = ioi_of(wims_pl_str(wk_params.visited_network));

	/* P-Visited-Network-ID may be any token, an ioi not */
	return add(msg, charging, wims_is_host(ioi) ? ioi : WIMS_PL_NONE);
}
