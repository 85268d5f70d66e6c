/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_IMPU_H
#define WIMS_IMPU_H

/* Public and private user identities in canonical form (TS 23.003 13.4,
 * RFC 3261 10.3 step 5 and 19.1.4), so that equal identities are equal
 * bytes. */

#include "base/wims_reason.h"
#include "base/wims_w.h"

enum
{
	WIMS_IMPU_MAX = 255, /* canonical form */
	WIMS_IMPI_MAX = 255,
	WIMS_IMPU_INPUT_MAX = 512 /* with parameters and angle brackets */
};

/* in: a sip:, sips: or tel: URI, bare or in angle brackets, URI parameters
 * allowed and dropped. out gets:
 *   scheme  lower case
 *   user    %HH of an unreserved character undone, every other escape kept,
 *           in upper-case hex (RFC 3261 19.1.4: an escaped reserved character
 *           is another character). With ;user=phone, a global number without
 *           its visual separators: sip:+1-555@h;user=phone is sip:+1555@h, and
 *           stays a sip: identity (it is not tel:+1555).
 *   host    see wims_host_write; the scheme's default port is dropped
 *   tel:    "+" and digits, visual separators dropped (RFC 3966 5.1.1)
 * out borrows buf and is empty unless WIMS_OK. URI_BAD: not such a URI, no
 * user part, a password, URI headers, a local tel number, too long, or with
 * bytes (plain or escaped) that no identity may have. */
WIMS_MUST_CHECK enum wims_reason wims_impu_canonical(struct wims_pl *out, char *buf, size_t size,
													 struct wims_pl in);
/* Is it a wildcarded public user identity, one that stands for many? Two
 * delimiters make one (TS 23.003 13.4A); a single "!" is an ordinary character. */
bool wims_impu_is_wildcard(struct wims_pl uri);
/* Printable ASCII without space, '"', '<' and '>': what may stand between the angle
 * brackets of a header. */
bool wims_impu_fits_brackets(struct wims_pl uri);
/* An identity, distinct or wildcarded, as a URI of a message: what a user part
 * must not hold (RFC 3261 25.1), such as the brackets of an expression, is
 * escaped, at three bytes for one. Escapes that are there stay. */
void wims_impu_on_wire(struct wims_w *w, struct wims_pl uri);
/* user@realm (TS 23.003 13.3, RFC 7542 2.2 without escapes and non-ASCII
 * bytes). The user part is kept as it is, the realm is written as a host. */
WIMS_MUST_CHECK enum wims_reason wims_impi_canonical(struct wims_pl *out, char *buf, size_t size,
													 struct wims_pl in);

/* What a user part is made of, for whoever reads a pattern of identities. */

/* RFC 3261 25.1 "unreserved": an escape of it is the character itself. */
bool wims_is_unreserved(char c);
/* The byte behind the escape %HH at the start of s, or -1: cut short, no hex,
 * or a control byte, which no identity holds. */
int wims_unescape(struct wims_pl s);
/* Takes the next byte off *s, an escape as the byte that it stands for; -1: there is none,
 * or a bad escape. */
int wims_take_byte(struct wims_pl *s);

#endif
