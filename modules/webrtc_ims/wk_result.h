/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RESULT_H
#define WK_RESULT_H

/* What the functions of this module found out about the message in hand. It
 * belongs to that message: for any other one it reads as empty, so that
 * $wims(...) never shows somebody else's identity. */

#include "flow/wims_flow_media.h"
#include "identity/wims_impu.h"
#include "token/wims_token.h"
#include "wk.h"
#include "wk_event.h"
#include "wk_ranges.h"

enum
{
	WK_PEER_MAX = 64 /* bytes of an address */
};

/* What wims_bearer_read() said of the Authorization, for each function that asks again. */
struct wk_bearer
{
	struct wims_pl body; /* NULL: nothing was read */
	enum wims_reason reason;
	struct wims_pl token, username;
};

struct wk_result
{
	enum wims_reason reason;      /* of the last function that judged the message */
	const struct wims_wwsf *wwsf; /* use wk_result_wwsf() */
	/* of this REGISTER, once wims_scenario_check() has decided; NONE: not decided */
	enum wims_scenario scenario;
	bool admitted;       /* under overload this REGISTER was let through already */
	bool answered;       /* one of our functions has answered the request */
	bool refreshed;      /* what it registers was saved before, over this connection */
	bool unallocated;    /* its user is to get an IMPU, and has none yet */
	struct wims_pl impu; /* the IMPU of this request, from token or binding */
	struct wims_pl impi;
	/* that the IMPU is in; NULL: in none. range_key: the wildcard that is registered for it, of
	 * the provisioning or of the token; empty: the core is the registrar of the IMPU */
	const struct wims_wwsf_range *range;
	struct wims_pl range_key;
	struct wk_range_hit member; /* what $wims(range) and $wims(range_wwsf) show */
	uint32_t retry_after;       /* s, of an answer 503; 0: the parameter's */
	struct wims_pl peer;        /* the node that the request goes to: its IP address; empty: none */
	uint32_t connection;        /* of the WIC that sent it; 0: none */
	uint64_t call;              /* that the request opens or belongs to; 0: none */
	uint64_t media;             /* its media session; 0: none */
	enum wims_sdp sdp;          /* what its SDP is there */
	struct wk_bearer bearer;    /* for wk_token.c */
	const struct wk_event_fields *event; /* NULL: a message that somebody sent */
	struct wims_token token;             /* .valid only after wims_token_validate */
	char text[WIMS_IMPU_MAX + WIMS_IMPI_MAX];
	char peer_text[WK_PEER_MAX];
};

/* The result of this message, emptied when it is the first look at it. */
struct wk_result *wk_result(const sip_msg_t *msg);
/* The same, but NULL when nothing has been found out about this message. */
const struct wk_result *wk_result_peek(const sip_msg_t *msg);
/* The WWSF that the request belongs to: known already, or that of the Origin
 * of the connection it came over. NULL when there is none. */
const struct wims_wwsf *wk_result_wwsf(const sip_msg_t *msg);
/* Notes the outcome, counts and (DBG) logs it; WK_TRUE for OK, else WK_FALSE. */
int wk_outcome(sip_msg_t *msg, enum wims_reason r);
/* Copies IMPU and IMPI into the result; the IMPU is in no range then, and nobody is to
 * get one. */
void wk_result_identity(struct wk_result *res, struct wims_pl impu, struct wims_pl impi);
/* The request goes to the node with that address (IPv6 with or without brackets); empty:
 * to none. False: it is too long for one. */
WIMS_MUST_CHECK bool wk_result_peer(struct wk_result *res, struct wims_pl host);
/* The IMPU is in that range of w, under that key; both may be nothing. key is
 * borrowed for the life of the result. */
void wk_result_range(struct wk_result *res, const struct wims_wwsf *w,
					 const struct wims_wwsf_range *range, struct wims_pl key);

#endif
