/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FLOW_RATE_H
#define WIMS_FLOW_RATE_H

/* Part of the flow table: how many requests a connection may send, and how long it may
 * do nothing. */

#include "base/wims_bucket.h"
#include "flow/wims_flow.h"

/* As wims_flow_check, and counts a request. RATE_EXCEEDED: more than the pace
 * allows; to be answered 503, and what comes slower is served again.
 * RATE_FLOODED: of those refused there are more than the pace allows as well:
 * whoever sends so does not listen to the answers, and is to be closed. */
WIMS_MUST_CHECK enum wims_reason wims_flow_count(struct wims_flows *fs, uint32_t id,
												 const struct wims_pace *pace, int64_t now);
/* A message of whatever kind came over it, and nobody has looked at it yet: request,
 * answer or neither. True: more than the pace allows, and it is to be closed. False
 * for a connection that is not open. While it has an emergency call it may send as much
 * more as WIMS_BEYOND times the pace. */
bool wims_flow_flooded(struct wims_flows *fs, uint32_t id, const struct wims_pace *pace,
					   int64_t now);

enum
{
	WIMS_URGENT_BURST = 30,
	WIMS_URGENT_EACH_MS = 1000,
	WIMS_HELPED_BURST = 200,
	WIMS_HELPED_EACH_MS = 20,
	WIMS_BEYOND = 10
};
/* Counts a request of that connection for which no pace of the operator's holds: a new one
 * for help, of which it may send WIMS_URGENT_BURST at once and then one each second; or
 * one within an emergency call, WIMS_HELPED_BURST and then 50 a second. FLOW_UNKNOWN,
 * FLOW_CLOSING, RATE_EXCEEDED. */
WIMS_MUST_CHECK enum wims_reason wims_flow_count_urgent(struct wims_flows *fs, uint32_t id,
														bool within, int64_t now);

enum
{
	WIMS_PATIENCE_MAX = 6
};
/* Its WIC waits for this node, or was told to, for so many ms: the time in which it must
 * have registered begins behind that, so often until it has. Unknown id, or one with a
 * registration: nothing happens. */
void wims_flow_patience(struct wims_flows *fs, uint32_t id, int64_t ms, int64_t now);

#endif
