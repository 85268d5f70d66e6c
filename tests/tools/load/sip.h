/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_SIP_H
#define WL_SIP_H

/* SIP as the two ends of an eP-CSCF need it (RFC 3261): a message is parsed
 * in place into slices, a message is written into the caller's buffer. No
 * allocation, no state. */

#include "str.h"

#include <stdint.h>

enum
{
	WL_SIP_MAX = 65535,
	WL_LIST_MAX = 16
};

/* Values of a header that may come several times or as a list: at commas
 * outside quotes and brackets it is cut, blanks around are off. */
struct wl_list
{
	struct wl_str at[WL_LIST_MAX];
	unsigned n;
};

struct wl_sip
{
	unsigned status;                          /* 0: it is a request */
	struct wl_str method;                     /* of an answer: that of CSeq */
	struct wl_str uri;                        /* of a request */
	struct wl_list vias;                      /* the topmost first */
	struct wl_str branch;                     /* of the topmost */
	struct wl_str from, from_tag, to, to_tag; /* from, to: the whole value */
	struct wl_str call_id;
	uint32_t cseq;
	struct wl_list contacts, record_routes, routes, service_routes, paths;
	struct wl_str asserted;       /* the first P-Asserted-Identity */
	int64_t expires, retry_after; /* seconds; -1: not there */
	struct wl_str body;
};

/* false: it is no SIP message that a transaction could be found of: start
 * line, Via with branch, From, To, Call-ID, CSeq, a body as long as
 * Content-Length says (without one: the rest), lists of WL_LIST_MAX at most. */
bool wl_sip_parse(const char *p, size_t n, struct wl_sip *m);

/* What is between the brackets of a name-addr, or an addr-spec up to its
 * first semicolon. */
struct wl_str wl_sip_uri(struct wl_str value);
/* A parameter behind the brackets of a header's value; p NULL: not there. */
struct wl_str wl_sip_param(struct wl_str value, const char *name);
/* What was granted to the Contact with that URI (its parameters do not
 * count): its expires, or that of the message. -1: it is not in the answer. */
int64_t wl_sip_granted(const struct wl_sip *m, struct wl_str contact_uri);

/* Slices of NULL or n 0: the header is left out, where that can be. */
struct wl_request
{
	struct wl_str method, uri;
	struct wl_str transport, host; /* of Via: "WSS", "ab12.invalid" */
	struct wl_str branch;          /* with its z9hG4bK */
	const struct wl_list *routes;
	bool routes_reversed;   /* the last of the list is written first */
	struct wl_str from, to; /* whole values, with brackets and tag */
	struct wl_str call_id;
	uint32_t cseq;
	struct wl_str contact; /* the whole value */
	int64_t expires;       /* below 0: none */
	struct wl_str bearer;  /* token of Authorization */
	struct wl_str more;    /* further header lines, each with its CRLF */
	struct wl_str sdp;     /* the body */
};

/* Bytes written; 0: no room. */
size_t wl_sip_request(char *buf, size_t size, const struct wl_request *r);

struct wl_answer
{
	unsigned status;
	struct wl_str to_tag; /* added where the request has none and it is not 100 */
	struct wl_str contact;
	struct wl_str more;
	struct wl_str sdp;
};

/* The answer to a request: what RFC 3261 8.2.6.2 has copied, and Record-Route
 * (12.1.1). Bytes written; 0: no room. */
size_t wl_sip_answer(char *buf, size_t size, const struct wl_sip *request,
					 const struct wl_answer *a);

#endif
