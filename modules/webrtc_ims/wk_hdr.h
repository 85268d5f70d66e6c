/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_HDR_H
#define WK_HDR_H

/* Headers of the message in hand: find, drop, add. Additions go to the end of
 * the head. */

#include "base/wims_w.h"
#include "identity/wims_impu.h"
#include "sip/wims_list.h"
#include "wk.h"

/* All headers parsed? False: the head is not SIP. */
WIMS_MUST_CHECK bool wk_hdr_parse(sip_msg_t *msg);
/* The first header of that name (long form, any case) or, for those Kamailio
 * knows by type, also in compact form; NULL when there is none. after: the one
 * to look behind, NULL for the first. */
hdr_field_t *wk_hdr_next(sip_msg_t *msg, const hdr_field_t *after, struct wims_pl name);
struct wims_pl wk_hdr_body(sip_msg_t *msg, struct wims_pl name); /* first one, or empty */
/* The whole number that the first header of that name begins with; -1: none
 * below 2^32. What follows it (a comment, parameters) is not looked at. */
int64_t wk_hdr_seconds(sip_msg_t *msg, struct wims_pl name);
/* The same of Retry-After, but what is longer counts as 2^32 - 1. */
int64_t wk_hdr_retry_after(sip_msg_t *msg);
/* All bodies of that name joined by ", "; false when they do not fit. */
WIMS_MUST_CHECK bool wk_hdr_joined(sip_msg_t *msg, struct wims_pl name, char *buf, size_t size,
								   struct wims_pl *out);

/* The elements of all headers of that name (Route, Record-Route, ...). */
WIMS_MUST_CHECK enum wims_reason wk_hdr_list(sip_msg_t *msg, struct wims_pl name,
											 struct wims_list *list);

WIMS_MUST_CHECK bool wk_hdr_drop(sip_msg_t *msg, const hdr_field_t *h);
/* Every header of that name. */
WIMS_MUST_CHECK bool wk_hdr_drop_all(sip_msg_t *msg, struct wims_pl name);
/* lines: whole header lines, each ended by CRLF; copied. */
WIMS_MUST_CHECK bool wk_hdr_add(sip_msg_t *msg, struct wims_pl lines);
/* Bytes of the message as it came become text, which is not empty; copied. False: they
 * stay as they are. */
WIMS_MUST_CHECK bool wk_hdr_replace(sip_msg_t *msg, struct wims_pl old, struct wims_pl text);
/* Another status for the reply in hand, which is relayed; code: three digits. */
WIMS_MUST_CHECK bool wk_hdr_set_status(sip_msg_t *msg, int code, struct wims_pl phrase);
/* A header line of the reply that this process sends to msg; copied. */
WIMS_MUST_CHECK bool wk_hdr_add_to_reply(sip_msg_t *msg, struct wims_pl lines);

/* The first identity of that header (P-Asserted-Identity, P-Called-Party-ID, ...),
 * canonical; empty: there is none. */
struct wims_pl wk_hdr_identity(sip_msg_t *msg, struct wims_pl header, char buf[WIMS_IMPU_MAX]);
/* A header line with that identity. */
void wk_hdr_write_identity(struct wims_w *w, struct wims_pl header, struct wims_pl impu);

/* Identities and tags of the message; empty when absent or broken. */
struct wims_pl wk_hdr_call_id(sip_msg_t *msg);
uint32_t wk_hdr_cseq(sip_msg_t *msg);
/* What transactions and dialogs are told apart by is there (RFC 3261 8.1.1):
 * From with a tag, To, Call-ID, and a CSeq of this very method. */
WIMS_MUST_CHECK bool wk_hdr_names_transaction(sip_msg_t *msg);
struct wims_pl wk_hdr_from_uri(sip_msg_t *msg);
struct wims_pl wk_hdr_to_uri(sip_msg_t *msg);
struct wims_pl wk_hdr_from_tag(sip_msg_t *msg);
struct wims_pl wk_hdr_to_tag(sip_msg_t *msg);
/* proto: of a connection, PROTO_UDP and so on. */
bool wk_is_websocket(int proto);
/* Message came over a WebSocket, that is: from a WIC. */
bool wk_from_wic(const sip_msg_t *msg);

#endif
