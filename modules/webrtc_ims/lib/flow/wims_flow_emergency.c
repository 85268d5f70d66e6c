/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/wims_call_int.h"

/* Emergency calls, which neither limits nor the end of a registration touch. */

size_t wims_call_emergencies(const struct wims_conn *c)
{
	const struct wims_ring *l;
	size_t n = 0;

	for(l = c->calls.next; c->had_emergency && l != &c->calls; l = l->next) {
		const struct wims_call *call = WIMS_OWNER(l, struct wims_call, on_conn);

		n += call->emergency && !call->ended;
	}
	return n;
}

bool wims_flow_emergency(const struct wims_flows *fs, uint32_t conn, struct wims_pl call_id)
{
	const struct wims_conn *c = wims_conn_find(fs, conn);
	const struct wims_call *call = NULL;
	bool found = false;

	if(c == NULL || wims_call_emergencies(c) == 0)
		return false;
	if(call_id.l == 0)
		return true;
	while((call = wims_call_next(fs, conn, call_id, call)) != NULL) {
		if(call->ended || call->conn != c)
			continue;
		if(!call->emergency)
			return false;
		found = true;
	}
	return found;
}
