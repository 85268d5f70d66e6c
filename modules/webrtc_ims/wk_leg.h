/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_LEG_H
#define WK_LEG_H

/* The two legs of a call, WIC and core: where requests go next, and what a
 * message shows of it. */

#include "flow/wims_flow.h"
#include "wk.h"

/* INVITE, SUBSCRIBE, or REFER, which subscribes too (RFC 3515 2.4.4). */
bool wk_leg_forms_dialog(const sip_msg_t *msg);
/* OK or NOMEM. */
WIMS_MUST_CHECK enum wims_reason wk_leg_next_hop(sip_msg_t *msg, struct wims_pl uri);
/* The next send of this request goes over that connection, or nowhere.
 * FLOW_GONE, NOMEM. */
WIMS_MUST_CHECK enum wims_reason wk_leg_pin(sip_msg_t *msg, uint32_t conn);

/* The live binding of that contact user, over whichever connection it is
 * registered now. FLOW_GONE, TARGET_UNREGISTERED. */
WIMS_MUST_CHECK enum wims_reason wk_leg_binding(struct wims_pl contact_user,
												struct wims_binding_view *view);

/* The Contact URI; empty when there is none. */
struct wims_pl wk_leg_target(sip_msg_t *msg);
/* Target and route set that a request of the core shows to the WIC that is
 * called (RFC 3261 12.1.1). The slices are good until the next call.
 * REQUEST_MALFORMED, HEAD_TOO_LONG. */
WIMS_MUST_CHECK enum wims_reason wk_leg_from_request(sip_msg_t *msg, struct wims_call_news *news);
/* The route set that an answer of the core shows to whoever asked, a WIC that
 * calls or this node (RFC 3261 12.1.2); the last `ours` Record-Routes are this
 * node's. As above; CORE_ANSWER_BAD. */
WIMS_MUST_CHECK enum wims_reason wk_leg_routes_of_answer(sip_msg_t *msg, size_t ours,
														 struct wims_call_news *news);
/* wims_call_learn, with the lock. */
WIMS_MUST_CHECK enum wims_reason wk_leg_learn(uint64_t call, const struct wims_call_news *news);

#endif
