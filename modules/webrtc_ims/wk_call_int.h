/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_CALL_INT_H
#define WK_CALL_INT_H

/* What requests of WICs that open something have in common, wherever they go. */

#include "base/wims_w.h"
#include "flow/wims_flow.h"
#include "wk_tm.h"

enum wk_call_side
{
	WK_CALL_BY_WIC,
	WK_CALL_TO_WIC,
	WK_CALL_EMERGENCY /* by a WIC */
};

/* A fresh P-Charging-Vector; *charging borrows buf. INTERNAL. */
WIMS_MUST_CHECK enum wims_reason wk_call_charging(char buf[WIMS_FLOW_CHARGING_MAX],
												  struct wims_pl domain, struct wims_pl *charging);
/* Our Record-Route into this request, and its call into the flow table; settled when t
 * ends. charging: its P-Charging-Vector, for all requests of the WIC in it. As
 * wk_edge_record_route and wims_call_open. */
WIMS_MUST_CHECK enum wims_reason wk_call_open(sip_msg_t *msg, struct cell *t,
											  enum wk_call_side side, uint32_t conn,
											  struct wims_pl charging, uint64_t *call);
/* These header lines in place of what the WIC said of its way and of who it is, Route and
 * P-Preferred-Identity. NOMEM. */
WIMS_MUST_CHECK enum wims_reason wk_call_replace(sip_msg_t *msg, struct wims_pl lines);
/* The binding that the request of a WIC is sent as: that of P-Preferred-Identity if it
 * is one of the connection, else its first one. As wims_binding_of_conn. */
WIMS_MUST_CHECK enum wims_reason wk_call_sender(sip_msg_t *msg, struct wims_binding_view *b);

#endif
