/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FLOW_CALL_H
#define WIMS_FLOW_CALL_H

/* Part of the flow table: calls and their dialogs. */

#include "flow/wims_flow.h"

enum wims_call_kind
{
	WIMS_CALL_INVITE,
	WIMS_CALL_SUBSCRIPTION
};

struct wims_call_in
{
	uint32_t conn;
	enum wims_call_kind kind;
	bool wic_is_caller;
	struct wims_pl call_id;
	struct wims_pl caller_tag;
	struct wims_pl wic_uri; /* name-addr without tag, as in From or To */
	struct wims_pl core_uri;
	struct wims_pl charging; /* value of P-Charging-Vector; may be empty */
	uint32_t wic_cseq;       /* last CSeq that the WIC's side used, 0: none */
	uint64_t txn;            /* names the transaction that opens it */
	/* an emergency call: neither the limit of calls nor the end of what is registered
	 * touches it, and its connection stays open for it */
	bool emergency;
};

/* Opens the call, state early; *id names it. A call of the same connection,
 * Call-ID, side and caller's tag that is already there is returned instead (a
 * retried request). Each call of this function is answered by one
 * wims_call_settle of the same txn. FLOW_UNKNOWN, FLOW_CLOSING, LIMIT_REACHED, NOMEM,
 * REQUEST_MALFORMED (no Call-ID, or a text over its maximum). */
WIMS_MUST_CHECK enum wims_reason
wims_call_open(struct wims_flows *fs, const struct wims_call_in *in, int64_t now, uint64_t *id);

struct wims_call_news
{
	struct wims_pl core_target; /* Contact URI of the core's side; empty: nothing new */
	/* route set towards the core, comma separated, first hop first; looked at
	 * while the call is early, and only when it has_routes */
	struct wims_pl core_routes;
	uint32_t wic_cseq; /* 0: nothing new */
	bool has_routes;
	bool confirmed;
};
/* What a request or reply of the dialog showed. Unknown id: DIALOG_UNKNOWN.
 * Where requests of the WIC may go next comes out of it: the first hop of the
 * route set, or the target where there is none. REQUEST_MALFORMED (a text over
 * its maximum), URI_BAD (next hop), NOMEM: nothing has changed then. */
WIMS_MUST_CHECK enum wims_reason wims_call_learn(struct wims_flows *fs, uint64_t id,
												 const struct wims_call_news *news);

/* Which dialog an answer to the opening request belongs to. */
struct wims_call_answer
{
	uint32_t conn;
	bool wic_is_caller;
	struct wims_pl call_id;
	struct wims_pl caller_tag;
	struct wims_pl callee_tag; /* of the answer */
};
/* The first answer of a call makes its dialog, one with another tag a further
 * one beside it: each branch of a fork has its own (RFC 3261 12.1.2, 13.2.2.4).
 * Then as wims_call_learn. A call whose connection is lost learns of its dialogs
 * still, so that there is somebody to say BYE to, at once. DIALOG_UNKNOWN, LIMIT_REACHED
 * (WIMS_FORKS_MAX, or the calls of the connection). */
WIMS_MUST_CHECK enum wims_reason wims_call_answered(struct wims_flows *fs,
													const struct wims_call_answer *answer,
													const struct wims_call_news *news);
/* The dialog of that Call-ID and those two tags that is on that connection or began
 * there; either tag may be the WIC's. *at: where it is now. A call that nobody
 * has answered is no dialog yet. DIALOG_UNKNOWN, FLOW_UNKNOWN. */
WIMS_MUST_CHECK enum wims_reason wims_call_find(struct wims_flows *fs, uint32_t conn,
												struct wims_pl call_id, struct wims_pl wic_tag,
												struct wims_pl core_tag, uint64_t *id,
												uint32_t *at);
/* The call on that connection, or one that began there, that this transaction opened,
 * whichever dialogs came of it; 0: none. */
uint64_t wims_call_of_opening(const struct wims_flows *fs, uint32_t conn, struct wims_pl call_id,
							  uint64_t txn);
/* May an in-dialog request of the WIC go there? Compares scheme, host, port
 * and transport as wims_uri_same_target does. ROUTE_REFUSED, DIALOG_UNKNOWN. */
WIMS_MUST_CHECK enum wims_reason wims_call_may_go(struct wims_flows *fs, uint64_t id,
												  struct wims_pl next_hop);
/* Do these routes of an in-dialog request of the WIC, first_route being the one
 * behind our own, make up the route set that the dialog was given, no more and
 * no less (TS 24.229 5.2.6.3)? ROUTE_REFUSED, DIALOG_UNKNOWN. */
WIMS_MUST_CHECK enum wims_reason wims_call_has_routes(struct wims_flows *fs, uint64_t id,
													  const struct wims_list *routes,
													  size_t first_route);
/* Is this Request-URI of an in-dialog request of the WIC the remote target, which loose
 * routers leave it to be (RFC 3261 12.2.1.1)? Also the target before that: the other side
 * may have changed it just now, or tried to. *target: as the other side wrote it, copied to
 * buf; empty unless OK. ROUTE_REFUSED, DIALOG_UNKNOWN. */
WIMS_MUST_CHECK enum wims_reason wims_call_target(const struct wims_flows *fs, uint64_t id,
												  struct wims_pl uri,
												  char buf[WIMS_CONTACT_URI_MAX],
												  struct wims_pl *target);
/* Is an emergency call of that Call-ID going on over that connection, and no other call
 * of the same Call-ID? With an empty one: any emergency call? */
bool wims_flow_emergency(const struct wims_flows *fs, uint32_t conn, struct wims_pl call_id);
/* The transaction that opened it ended: with the last one all its dialogs that
 * are still early are removed, confirmed ones stay. Unknown id: nothing
 * happens. */
void wims_call_settle(struct wims_flows *fs, uint64_t id, uint64_t txn);
/* The P-Charging-Vector that the call began with, copied; empty: it had none. */
struct wims_pl wims_call_charging(const struct wims_flows *fs, uint64_t id,
								  char buf[WIMS_FLOW_CHARGING_MAX]);
/* The subscription is over. One that shares its dialog with an INVITE leaves that
 * as it is. */
void wims_call_unsubscribed(struct wims_flows *fs, uint64_t id);
/* BYE, or the subscription ended: that dialog alone. Unknown id: nothing
 * happens. */
void wims_call_end(struct wims_flows *fs, uint64_t id);

#endif
