/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_ORIGINATE_H
#define WK_ORIGINATE_H

/* Requests that the eP-CSCF itself sends to the core. The wims process only;
 * returns at once, answers arrive in the workers. */

#include "flow/wims_flow.h"
#include "regevent/wims_regsub.h"
#include "sip/wims_tna.h"
#include "wk_tm.h"

/* A REGISTER by TNA (TS 33.203 Annex U). The caller keeps what names the
 * registration, so that the core takes the next one for its refresh. */
struct wk_own_register
{
	struct wims_pl call_id, from_tag;
	uint32_t cseq;        /* that it goes out with; not 0 */
	struct wims_pl party; /* To and From: who is registered */
	struct wims_pl impi, domain;
	struct wims_pl conveyed; /* as in wims_tna.h; may be empty */
	struct wims_pl contact_user;
	struct wims_edge_uri contact; /* whose Contact; without host: this node's */
	struct wims_edge_uri path;
	uint32_t expires; /* 0: de-registers */
};

/* cb runs in the worker that gets the final answer, or tm's 408 in its place;
 * *param there is param. False: nothing was sent, and cb does not run. */
WIMS_MUST_CHECK bool wk_send_register(const struct wk_own_register *r, transaction_cb *cb,
									  void *param);

/* De-REGISTER of one binding's Contact by TNA. Whom the core authenticated itself is left
 * to run out there: nobody but the WIC has the credentials, and the scheme of a
 * registration may not change (TS 33.203 P.4); unless ims_auth_dereg says that this core
 * takes it. Sent under a Call-ID of its own so that it never meets the WIC's CSeq. */
void wk_send_dereg(const struct wims_binding_view *b);
/* BYE to the core's side of a call whose WIC is lost, as if the WIC had sent
 * it, with a Reason (RFC 3326). */
void wk_send_bye(const struct wims_call_view *c);

/* User part of our Contact in subscriptions to registrations. */
#define WK_REG_EVENT_USER "regevent"

/* A SUBSCRIBE to the event package "reg" (TS 24.229 5.2.3): the first one through
 * the next hop on Mw, the others in their dialog. As for wk_send_register. */
WIMS_MUST_CHECK bool wk_send_subscribe(const struct wims_regsub_action *a, transaction_cb *cb,
									   void *param);

#endif
