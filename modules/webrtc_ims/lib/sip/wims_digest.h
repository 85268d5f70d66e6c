/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_DIGEST_H
#define WIMS_DIGEST_H

/* Digest and IMS AKA between a WIC and a core that authenticates it itself (scenario 1,
 * TS 33.203 X.2.2 and X.2.3): passed on as it is, but for what only the P-CSCF may say
 * to the core (TS 33.203 P.3), and for what only the core and the USIM may know. */

#include "base/wims_reason.h"
#include "base/wims_w.h"

enum
{
	WIMS_DIGEST_MAX = 4096, /* bytes of one header */
	WIMS_DIGEST_PARAMS_MAX = 32,
	WIMS_CHALLENGES_MAX = 8,
	/* what all lines of wims_challenge_relay need together at most, for a core that says
	 * no more than usual */
	WIMS_CHALLENGES_TEXT_MAX = 8192
};

struct wims_digest
{
	struct wims_pl username; /* without quotes, escapes as written; empty: none */
	struct wims_pl realm;
	struct wims_pl nonce;
	bool aka;      /* algorithm AKAv2-SHA-256 */
	bool response; /* with one that is not empty */
	bool auts;     /* and asks to be synchronised (RFC 3310 3.4) */
};

/* What the P-CSCF says of how the request came. */
enum wims_integrity
{
	WIMS_INTEGRITY_NONE, /* nothing */
	WIMS_INTEGRITY_NO,
	WIMS_INTEGRITY_TLS_CONNECTED /* AKAv2-SHA-256 over this connection (TS 33.203 X.2.3.3) */
};

/* Takes "Digest a=b, c="d"" apart. AUTH_MALFORMED: another scheme, bad syntax,
 * a parameter twice, none that RFC 7616 knows, too long. Slices are borrowed from body. */
WIMS_MUST_CHECK enum wims_reason wims_digest_parse(struct wims_digest *out, struct wims_pl body);
/* Has a parameter of that name a meaning of its own in Authorization: Digest, be it a
 * WIC's or the network's to write? */
bool wims_digest_knows(struct wims_pl name);
/* The header line for the core, CRLF included: the parameters of RFC 7616 and RFC 3310
 * as they are and no other ones, then ours. body must have passed wims_digest_parse;
 * otherwise the writer fails. */
void wims_digest_relay(struct wims_w *w, struct wims_pl body, enum wims_integrity integrity);

struct wims_challenge
{
	struct wims_pl nonce; /* without quotes */
	bool aka;             /* AKAv2-SHA-256 */
	bool stale;           /* the answer was right, its nonce too old (RFC 7616 3.3) */
};

/* Of one answer; begins as {.count = 0}. */
struct wims_challenges
{
	struct wims_challenge at[WIMS_CHALLENGES_MAX];
	size_t count;
};

/* The challenges of one WWW-Authenticate, a header line each, CRLF included, without ck
 * and ik. False, with nothing written or counted: not all of it is Digest challenges
 * with a nonce, or there are too many. Slices are borrowed from body. */
WIMS_MUST_CHECK bool wims_challenge_relay(struct wims_w *w, struct wims_challenges *cs,
										  struct wims_pl body);
/* The nonce that is answered with AKAv2-SHA-256 and with nothing else; empty: there is
 * none, or more than one challenge says so. */
struct wims_pl wims_challenges_aka(const struct wims_challenges *cs);
/* Does one of them say that only the nonce was too old? */
bool wims_challenges_stale(const struct wims_challenges *cs);

#endif
