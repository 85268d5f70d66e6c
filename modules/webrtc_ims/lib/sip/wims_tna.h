/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_TNA_H
#define WIMS_TNA_H

/* The headers that the eP-CSCF itself writes: those of a REGISTER by Trusted
 * Node Authentication (TS 33.203 X.3.2.3 step 5 and Annex U, TS 24.229
 * 5.2.2.1), and the Bearer challenge (RFC 8898 4).
 *
 * Each function writes whole header lines, CRLF included. A value that does
 * not fit its grammar makes the writer fail (w.ok false), so nothing half
 * right is ever sent: check wims_w_done once at the end. */

#include "base/wims_reason.h"
#include "base/wims_w.h"

enum
{
	WIMS_TNA_MAX = 3300,       /* what the four writers below need together at most */
	WIMS_CHALLENGE_MAX = 2048, /* what wims_bearer_challenge needs at most */
	WIMS_ICID_LEN = 16,        /* bytes */
	WIMS_TNA_IMPI_MAX = 255,   /* bytes of an IMPI */
	WIMS_TNA_CONVEYED_NAME_MAX = 64,
	WIMS_TNA_CONVEYED_VALUE_MAX = 255,
	WIMS_TNA_CONVEYED_MAX = 1200, /* of both together, and to spare */
	WIMS_TNA_NETWORK_MAX = 128,   /* bytes of P-Visited-Network-ID */
	WIMS_CHARGING_MAX = 256,      /* bytes of a P-Charging-Vector */
	WIMS_ACCESS_NETWORK_MAX = 128,
	WIMS_EDGE_TOKEN_MAX = 64,
	WIMS_EDGE_TRANSPORT_MAX = 16,
	WIMS_BEARER_VALUE_MAX = 255 /* bytes of realm, authz_server and scope each */
};

/* A node's URI, as the core and the other nodes are to send requests to it. */
struct wims_edge_uri
{
	struct wims_pl token; /* user part: a flow token; may be empty */
	struct wims_pl host;
	uint16_t port;            /* 0: none written */
	struct wims_pl transport; /* "tcp"; empty: none written */
	bool ob;                  /* flow of RFC 5626: the contact has a reg-id */
	bool peer;                /* of another node, which is to send the request no further */
};

struct wims_tna
{
	struct wims_pl impi;
	struct wims_pl domain;
	struct wims_pl conveyed; /* all that wims_tna_convey wrote; may be empty */
};

/* Authorization: Digest with integrity-protected="auth-done" and an empty
 * response: the S-CSCF takes the IMPI from it and asks no more. */
void wims_tna_authorization(struct wims_w *w, const struct wims_tna *who);
/* A parameter more: the identity of a third party that vouched for the WIC (TS 33.203
 * X.3.2.3 step 5), as a quoted-string. Without name or value nothing is written. */
void wims_tna_convey(struct wims_w *w, struct wims_pl name, struct wims_pl value);
/* A token that means nothing else in Authorization. */
bool wims_tna_may_convey(struct wims_pl name);
/* Printable, and without what a quoted-string escapes: a core that reads such escapes
 * otherwise would see other parameters. */
bool wims_tna_may_be_conveyed(struct wims_pl value);
/* P-Visited-Network-ID in token form (RFC 7315 5.3): the quotes of the other
 * form reach the HSS as part of the name. */
void wims_tna_visited_network(struct wims_w *w, struct wims_pl network);
/* Path, Require: path and Supported: path (RFC 3327 5.2). */
void wims_tna_path(struct wims_w *w, const struct wims_edge_uri *uri);
/* P-Charging-Vector with icid-value and orig-ioi (RFC 7315 5.6), and its value alone. */
void wims_tna_charging(struct wims_w *w, const unsigned char icid[WIMS_ICID_LEN],
					   struct wims_pl ioi);
void wims_tna_charging_value(struct wims_w *w, const unsigned char icid[WIMS_ICID_LEN],
							 struct wims_pl ioi);
/* That value once more: in a request of the same dialog, or, with term-ioi, in an
 * answer. */
void wims_tna_charging_again(struct wims_w *w, struct wims_pl value, struct wims_pl term_ioi);
/* One access-net-spec without "np" or "network-provided" (RFC 7315 5.4). */
WIMS_MUST_CHECK bool wims_is_access_network(struct wims_pl info);
/* P-Access-Network-Info that this node provides, and says so. */
void wims_tna_access_network(struct wims_w *w, struct wims_pl info);
/* "<sip:token@host:port;transport=tcp;lr;ob;peer>" for Path, Record-Route and Route. */
void wims_edge_uri_write(struct wims_w *w, const struct wims_edge_uri *uri);
/* "sip:user@host:port", without user "sip:host:port": somebody at this node. */
void wims_edge_user_write(struct wims_w *w, struct wims_pl user, const struct wims_edge_uri *own);

struct wims_bearer
{
	struct wims_pl realm;
	struct wims_pl authz_server; /* https URI; the RFC demands it */
	struct wims_pl scope;        /* may be empty */
};

/* WWW-Authenticate: Bearer for an answer with that outcome; its error
 * parameter comes from the list of outcomes. An outcome whose answer carries
 * no challenge makes the writer fail. */
void wims_bearer_challenge(struct wims_w *w, const struct wims_bearer *b, enum wims_reason why);

#endif
