/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_CALLEES_H
#define WK_CALLEES_H

/* The WICs that a request for an IMPU of a range goes to: those of this node, which
 * usrloc and the flow table know, and those of others, which the registrar knows. */

#include "wk.h"

enum
{
	WK_CALLEE_URI_MAX = 192,
	WK_CALLEE_PATH_MAX = 224
};

struct wk_callee
{
	int q;
	char uri[WK_CALLEE_URI_MAX];   /* sip:NAME@NODE, NAME being that of its binding there */
	char path[WK_CALLEE_PATH_MAX]; /* Route to its connection; empty: it is this node's */
};

/* All that are connected, the highest q first; of one q, this node's first. Looked up
 * once for a message. *callees is good until the process takes another one. */
WIMS_MUST_CHECK size_t wk_callees(const sip_msg_t *msg, struct wims_pl impu,
								  const struct wk_callee **callees);

#endif
