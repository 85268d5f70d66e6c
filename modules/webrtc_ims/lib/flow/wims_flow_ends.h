/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FLOW_ENDS_H
#define WIMS_FLOW_ENDS_H

/* Part of the flow table: what ends registrations from outside, revocations and
 * the loss of a range. */

#include "flow/wims_flow.h"

/* ---- revocations ---- */

/* A walk in parts: begins as {0}. */
struct wims_flow_walk
{
	uint32_t from;
	bool waiting;
};
/* Ends what rests on a token that r names, in the next n connections or
 * bindings: a connection is closed with WIMS_CLOSE_BASE + 401 and the name of
 * TOKEN_REVOKED, all that is registered over it is given up without grace, its
 * calls are due for BYE; so is a binding in its grace given up. A connection
 * without bindings that a call keeps open after its token is ended by its
 * subject. A binding without a token is named by nothing. *ended grows by the
 * bindings given up. False: that was the last part. A registration that is made
 * during the walk is not for this walk to find. */
WIMS_MUST_CHECK bool wims_flows_revoke(struct wims_flows *fs, const struct wims_revocation *r,
									   struct wims_flow_walk *walk, size_t n, int64_t now,
									   size_t *ended);
/* The binding of that contact user, wherever it is registered; false: there is
 * none, or it is given up already. */
WIMS_MUST_CHECK bool wims_binding_of_user(struct wims_flows *fs, struct wims_pl contact_user,
										  struct wims_binding_view *view);
/* Ends it as above, with all else that is on its connection, which is closed with
 * WIMS_CLOSE_BASE and code and name of why; returns how many bindings that were. */
size_t wims_binding_end(struct wims_flows *fs, struct wims_pl contact_user, enum wims_reason why,
						int64_t now);
/* How many REGISTERs are under way for it. */
size_t wims_binding_open(const struct wims_flows *fs, struct wims_pl contact_user);

/* ---- ranges ---- */

/* How many bindings are registered in that range, those in their grace too.
 * Costs the same for any number. */
size_t wims_flows_in_range(const struct wims_flows *fs, struct wims_pl range);
/* The network has taken the range away: ends the next n of its bindings as
 * wims_flows_revoke does, with WIMS_CLOSE_BASE and code and name of why. False:
 * none is left. */
WIMS_MUST_CHECK bool wims_flows_end_range(struct wims_flows *fs, struct wims_pl range, size_t n,
										  int64_t now, enum wims_reason why, size_t *ended);

/* ---- what the core says of a registration (RFC 3680 5.1) ---- */

/* The core has ended it, and is told nothing. With the last registration of its
 * connection that is closed, with WIMS_CLOSE_BASE and code of why, and says text, which
 * is cut off as in wims_flow_close; its calls end at once. False, and nothing happens:
 * there is none, it is in a range, or a REGISTER for it is under way, whose answer
 * says more than the news. */
WIMS_MUST_CHECK bool wims_binding_ended(struct wims_flows *fs, struct wims_pl contact_user,
										enum wims_reason why, struct wims_pl text, int64_t now);
/* It ends in left ms unless the WIC registers before (TS 24.229 5.1.1.5: it is to be
 * authenticated again). When half of that has passed, its connection is closed with
 * WIMS_CLOSE_BASE and code and name of REGISTRATION_SHORTENED, so that it does; what is
 * registered waits for it as after any loss. Not closed: while that would end an
 * emergency call, or a call of a WWSF without dialog_grace. False as above, or it ends
 * sooner anyway. */
WIMS_MUST_CHECK bool wims_binding_shorten(struct wims_flows *fs, struct wims_pl contact_user,
										  int64_t left, int64_t now);

/* The binding of that contact user alone is given up: the WIC is told that it is
 * not registered, so it is not. Unknown: nothing happens. */
void wims_binding_drop(struct wims_flows *fs, struct wims_pl contact_user, int64_t now);

/* Is another flow of its instance open that lasts longer? Of several flows one alone is
 * to ring (RFC 5626 6). */
bool wims_binding_is_spare(const struct wims_flows *fs, struct wims_pl contact_user);

/* Is that canonical IMPU registered in a range, over a connection that is open? */
bool wims_impu_reachable(const struct wims_flows *fs, struct wims_pl impu, int64_t now);

#endif
