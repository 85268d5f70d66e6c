/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_TRUST_H
#define WK_TRUST_H

/* What this node adds to the messages of a WIC for the trust domain: charging and
 * access network (TS 24.229 5.2.6.3 and 5.2.6.4, RFC 7315 5.4 and 5.6). */

#include "base/wims_w.h"
#include "flow/wims_flow.h"
#include "wk.h"

/* mod_init: modparams ioi, access_network_info and route_policy. 0 or -1. */
int wk_trust_init(void);

/* P-Access-Network-Info, where it is provisioned. */
void wk_trust_access(struct wims_w *w);
/* P-Charging-Vector of a REGISTER or SUBSCRIBE, with an icid of its own; orig-ioi is modparam
 * ioi, or else domain, the home domain. False: no randomness. */
WIMS_MUST_CHECK bool wk_trust_charging(struct wims_w *w, struct wims_pl domain);
/* The same for a call, the value alone: it is kept. False: no randomness, or no room. */
WIMS_MUST_CHECK bool wk_trust_charging_value(struct wims_w *w, struct wims_pl domain);
/* Does the WIC's Route have to be the Service-Route? Else it is replaced. */
bool wk_trust_route_refused(void);

/* A request of a WIC inside that dialog: charging of the dialog, access network. */
WIMS_MUST_CHECK enum wims_reason wk_trust_request(sip_msg_t *msg, uint64_t call);
/* An answer of a WIC to a request of the core: charging of the request with our
 * term-ioi, access network. */
WIMS_MUST_CHECK enum wims_reason wk_trust_answer(sip_msg_t *msg, sip_msg_t *request);

#endif
