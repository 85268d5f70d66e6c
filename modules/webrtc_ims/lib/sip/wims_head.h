/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_HEAD_H
#define WIMS_HEAD_H

/* The head of a SIP message from a WIC, read from its raw bytes before any
 * other parser has its own idea of it. What two parsers could read in two
 * ways is refused here, so that a header dropped by the eP-CSCF is not found
 * again by the core.
 *
 * The head is the start line and the header lines (RFC 3261 7). It may be
 * given with the blank line and the body behind it: reading stops at the
 * blank line, or at the end of the slice after a whole line. */

#include "base/wims_reason.h"

enum
{
	WIMS_HEAD_MAX = 32768,  /* bytes up to and including the blank line */
	WIMS_JWS_SHAPE_MIN = 64 /* characters; a signature alone has more */
};

/* OK, or the first offence in reading order:
 *   HEAD_TOO_LONG      no end within WIMS_HEAD_MAX
 *   HEAD_CONTROL_BYTE  a byte below 0x20 or DEL, except CRLF at line ends and
 *                      HTAB in values; bare CR, bare LF and NUL among them
 *   HEADER_NAME        a name that is no RFC 3261 token: empty, bytes of 0x80
 *                      and more, SP or HTAB inside, in front or before the
 *                      colon, folded before the colon, no colon. RFC 3261
 *                      25.1 permits SP and HTAB before the colon; they are
 *                      refused because parsers disagree there
 *   HEADER_DUPLICATE   a second header that may be there once only, long and
 *                      compact names being the same one (table in the source)
 *   REQUEST_MALFORMED  no start line of SIP/2.0, a known method in another case, a
 *                      folded line without text (it looks like the blank line), an
 *                      unfinished line; in a request a From, To, Call-ID or CSeq
 *                      that is not plain (wims_vital_is_plain)
 * Takes requests and responses. Allocates nothing.
 *
 * *body_fits, where OK: given a whole message, is what stands behind the blank
 * line as long as Content-Length says, where it says anything (RFC 3261 18.3,
 * 20.14)? On a WebSocket the frame ends the message, on TCP that header does:
 * what is too much would reach the core as a request of its own, what is missing
 * would take the beginning of the next one. False where not OK. */
WIMS_MUST_CHECK enum wims_reason wims_head_check(struct wims_pl head, bool *body_fits);

/* The next thing that may be a token, from *at on: *at is where it begins, *len
 * how long it is. Begin with both 0. That is what has the shape of a compact JWS
 * (64 or more characters of base64url with two dots among them), and whatever
 * stands behind the scheme Bearer of (Proxy-)Authorization, on its line and the
 * lines folded to it: a reference token has no shape. */
WIMS_MUST_CHECK bool wims_next_secret(struct wims_pl text, size_t *at, size_t *len);

#endif
