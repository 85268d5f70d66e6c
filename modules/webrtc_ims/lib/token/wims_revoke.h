/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REVOKE_H
#define WIMS_REVOKE_H

/* The table of revocations: tokens that are refused although signature and
 * claims are good. A token is named by its jti, by its subject, or by having
 * been issued before a time (RFC 7519 4.1.7, 4.1.2, 4.1.6), and always together
 * with the WWSF that it is a token of: two WWSFs may give out the same jti.
 *
 * Each revocation ends by itself, once no token that it is for can be valid any
 * more. The table does no locking; times are seconds since the epoch. */

#include "base/wims_buf.h"
#include "base/wims_reason.h"

enum
{
	WIMS_REVOKE_TEXT_MAX = 255,          /* name of a WWSF; jti, subject */
	WIMS_REVOKE_SECONDS_MAX = 315360000, /* that one may last: ten years */
	WIMS_REVOKE_LINE_MAX = 2 * WIMS_REVOKE_TEXT_MAX + 64
};

enum wims_revoke_kind
{
	WIMS_REVOKE_JTI,
	WIMS_REVOKE_SUBJECT,
	WIMS_REVOKE_ISSUED_BEFORE, /* and what does not say when it was issued */
	WIMS_REVOKE_KINDS
};

struct wims_revocation
{
	enum wims_revoke_kind kind;
	struct wims_pl wwsf;
	struct wims_pl value; /* jti or subject; empty for ISSUED_BEFORE */
	int64_t before;       /* ISSUED_BEFORE: the token's iat is less; else 0 */
	int64_t expires;      /* from then on it is as if it were not there */
};

/* What a table is asked about. */
struct wims_revoke_token
{
	struct wims_pl wwsf;
	struct wims_pl jti; /* may be empty: it is no jti then */
	struct wims_pl subject;
	int64_t iat; /* 0: the token does not say */
};

/* "jti", "subject", "issued_before". */
const char *wims_revoke_kind_text(enum wims_revoke_kind kind);
WIMS_MUST_CHECK bool wims_revoke_kind_parse(enum wims_revoke_kind *kind, struct wims_pl text);

/* Is r for that token? Its own expiry is not looked at. */
bool wims_revocation_names(const struct wims_revocation *r, const struct wims_revoke_token *t);

/* ---- the table ---- */

struct wims_revokes;

/* For at most max revocations. random as for wims_flows_new. NULL: no memory,
 * or no randomness. env is copied. */
struct wims_revokes *wims_revokes_new(const struct wims_env *env, size_t max,
									  bool (*random)(void *buf, size_t n));
void wims_revokes_free(struct wims_revokes *rs); /* NULL is fine */

/* Copies r. Of two for the same tokens the stricter rules: the later expires,
 * and of two ISSUED_BEFORE of one WWSF the later time. CLAIM_VALUE: a text that
 * no token can have, or a time outside its range. LIMIT_REACHED: full, what has
 * expired included. NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_revokes_add(struct wims_revokes *rs,
												  const struct wims_revocation *r);
/* Takes it out, whenever it expires. False: not there; for ISSUED_BEFORE also
 * when its time is another one. */
WIMS_MUST_CHECK bool wims_revokes_remove(struct wims_revokes *rs, const struct wims_revocation *r);
/* A walk in parts: begins as {0}. */
struct wims_revoke_walk
{
	unsigned kind;
	uint32_t from;
};
/* Takes out what has expired among the next n, or some more. False: that was the
 * end of the walk. */
WIMS_MUST_CHECK bool wims_revokes_expire(struct wims_revokes *rs, struct wims_revoke_walk *walk,
										 size_t n, int64_t now);
/* Those that have expired and are still there included. */
size_t wims_revokes_count(const struct wims_revokes *rs);

/* TOKEN_REVOKED, or OK. */
WIMS_MUST_CHECK enum wims_reason wims_revokes_check(const struct wims_revokes *rs,
													const struct wims_revoke_token *t, int64_t now);

/* Shows the next n of them at most (n > 0), unless more than n have one and the
 * same hash. What stays in the table during a walk
 * is shown once. False: that was the end of it. r is valid during the call
 * only. */
WIMS_MUST_CHECK bool wims_revokes_walk(const struct wims_revokes *rs, struct wims_revoke_walk *walk,
									   size_t n,
									   void (*show)(void *ctx, const struct wims_revocation *r),
									   void *ctx);

/* ---- as text, for the state directory ---- */

/* One line: kind, WWSF, value, expires, with a TAB between. False: no room in
 * out for WIMS_REVOKE_LINE_MAX bytes, or no memory. */
WIMS_MUST_CHECK bool wims_revocation_write(struct wims_buf *out, const struct wims_revocation *r);
/* Adds each line that has not expired; *line is the last one looked at.
 * CONFIG_SYNTAX: not such a line. Else as wims_revokes_add. What lines before
 * the bad one said stays in the table. */
WIMS_MUST_CHECK enum wims_reason wims_revokes_read(struct wims_revokes *rs, struct wims_pl text,
												   int64_t now, size_t *line);

#endif
