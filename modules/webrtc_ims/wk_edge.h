/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_EDGE_H
#define WK_EDGE_H

/* URIs of this node and of the others on Mw, and the flow tokens in their user part. The
 * token names a connection, never an address (RFC 5626 5.2): whoever gets a
 * dead client's port later gets none of its requests. */

#include "flow/wims_flow.h"
#include "sip/wims_flowtoken.h"
#include "sip/wims_tna.h"
#include "wk.h"

/* mod_init: takes modparam mw_address apart. 0 or -1. */
int wk_edge_init(void);
/* host:port of this node on Mw. */
struct wims_edge_uri wk_edge_plain(void);
/* The same as a URI; and as the one that a request or an answer of this node is of: it is
 * part of each Path of ours, by which an S-CSCF knows who may see a registration. */
void wk_edge_write_own(struct wims_w *w);
void wk_edge_assert_own(struct wims_w *w);

/* host:port; false: it is none. *out borrows address. */
WIMS_MUST_CHECK bool wk_edge_parse(struct wims_edge_uri *out, struct wims_pl address);

/* User part of the Path of a range: it outlives connections and restarts. */
#define WK_EDGE_RANGE "range"

struct wk_edge
{
	struct wims_edge_uri uri;
	char token[WIMS_FLOWTOKEN_LEN];
};

/* Our URI with the token of that connection. context: the Call-ID for
 * Record-Route, empty for Path. CRYPTO_FAILED. */
WIMS_MUST_CHECK enum wims_reason wk_edge_write(struct wk_edge *e, enum wims_flowtoken_kind kind,
											   uint32_t conn, struct wims_pl context);
/* The connection that the topmost Route of the request names by a token of
 * ours and of this start. FLOW_TOKEN_BAD, FLOW_GONE (token of an earlier
 * start or another node). */
WIMS_MUST_CHECK enum wims_reason wk_edge_read(sip_msg_t *msg, enum wims_flowtoken_kind kind,
											  struct wims_pl context, uint32_t *conn);
/* Another node of ours, and a connection of it. */
struct wk_edge_hop
{
	uint16_t node;
	uint32_t epoch;           /* start of that node */
	struct wims_edge_uri uri; /* as the Route of a request that is sent on to it; borrowed */
};
/* Does the topmost Route lead to another node and name, by a good token, a connection
 * of it? Not where another node has sent the request here already. */
WIMS_MUST_CHECK bool wk_edge_elsewhere(sip_msg_t *msg, enum wims_flowtoken_kind kind,
									   struct wims_pl context, struct wk_edge_hop *hop);
/* The connection that a token of a Path names, at the node with that address. False: it is
 * forged, or leads to this node. */
WIMS_MUST_CHECK bool wk_edge_hop(struct wk_edge_hop *hop, struct wims_pl address,
								 struct wims_pl token);
/* The same of "<sip:token@host:port;lr;peer>". */
WIMS_MUST_CHECK bool wk_edge_hop_of_path(struct wk_edge_hop *hop, struct wims_pl path);
/* Is the topmost Route one that names a connection, well or badly? Neither the
 * Path of a range does (user WK_EDGE_RANGE), nor a Route without user. */
bool wk_edge_on_top(sip_msg_t *msg);
/* Does that URI lead to this node on Mw? */
bool wk_edge_is_own(struct wims_pl uri);
/* Record-Route with the token of that connection, for this dialog. */
WIMS_MUST_CHECK enum wims_reason wk_edge_record_route(sip_msg_t *msg, uint32_t conn);
/* In the answer of a WIC, Record-Route as its request had it with ours on top,
 * whatever the WIC made of it (TS 24.229 5.2.6.4): it is the core's route set.
 * HEAD_TOO_LONG, NOMEM, CRYPTO_FAILED. */
WIMS_MUST_CHECK enum wims_reason wk_edge_restore_routes(sip_msg_t *reply, sip_msg_t *request,
														uint32_t conn);

#endif
