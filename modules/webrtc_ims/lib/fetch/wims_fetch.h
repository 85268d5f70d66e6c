/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FETCH_H
#define WIMS_FETCH_H

/* What the module and its child `wims fetch serve` say to each other: frames
 * over a stream socket. A request asks for one HTTPS document, the answer with
 * the same id brings it or says why not. Both ends use this file; neither
 * trusts the other: each length is checked before anything is read.
 *
 * A frame is "WF", version, kind, length of the payload, payload; numbers are
 * big-endian, a text is its length in 4 bytes and its bytes. */

#include "base/wims_buf.h"

enum
{
	WIMS_FETCH_URL_MAX = 2048,
	WIMS_FETCH_CA_MAX = 1024, /* a path */
	WIMS_FETCH_POST_MAX = 32 * 1024,
	WIMS_FETCH_USER_MAX = 1024,     /* user and password, each */
	WIMS_FETCH_TIMEOUT_MAX = 60000, /* ms */
	WIMS_FETCH_BODY_MAX = 1024 * 1024,
	WIMS_FETCH_WHY_MAX = 200,
	WIMS_FETCH_OPEN_MAX = 256, /* requests that are not answered yet */
	/* the longest frame of either kind */
	WIMS_FETCH_FRAME_MAX = WIMS_FETCH_BODY_MAX + WIMS_FETCH_WHY_MAX + 64
};

/* X(id, text, meaning). The first is what an answer holds that nobody filled
 * in. */
/* clang-format off */
#define WIMS_FETCH_OUTCOMES(X)                                                      \
	X(FAILED,    "failed",    "no memory, or a fault of libcurl")                   \
	X(OK,        "ok",        "status 200 and a body within the limit")             \
	X(BAD_URL,   "bad_url",   "not https, no host, or with a user in it")           \
	X(RESOLVE,   "resolve",   "the host name has no address")                       \
	X(CONNECT,   "connect",   "nobody listens there")                               \
	X(TLS,       "tls",       "below TLS 1.2, or the certificate is not good for that host") \
	X(TIMEOUT,   "timeout",   "not complete in time")                               \
	X(PROTOCOL,  "protocol",  "no HTTP, broken off, or encoded without being asked") \
	X(TOO_LARGE, "too_large", "more bytes than allowed")                            \
	X(REDIRECT,  "redirect",  "the server points elsewhere; nobody follows")        \
	X(STATUS,    "status",    "any other status than 200")                          \
	X(BUSY,      "busy",      "too many requests are open, in all or to this host") \
	X(CHILD,     "child",     "the fetching process ended")
/* clang-format on */

#define WIMS_FETCH_ENUM(id, text, meaning) WIMS_FETCH_##id,
enum wims_fetch_outcome
{
	WIMS_FETCH_OUTCOMES(WIMS_FETCH_ENUM) WIMS_FETCH_OUTCOME_COUNT
};
#undef WIMS_FETCH_ENUM

/* The stable name, as logs and `wims fetch` print it. */
const char *wims_fetch_text(enum wims_fetch_outcome outcome);

struct wims_fetch_in
{
	struct wims_pl url;       /* https */
	struct wims_pl ca_file;   /* PEM; empty: the system's certificates */
	struct wims_pl post_body; /* application/x-www-form-urlencoded; empty: GET */
	struct wims_pl user;      /* HTTP Basic as OAuth 2 has it (RFC 6749 2.3.1) */
	struct wims_pl password;  /* both empty: none */
	uint32_t timeout_ms;      /* of the whole exchange, 1..WIMS_FETCH_TIMEOUT_MAX */
	uint32_t max_bytes;       /* of the body, 1..WIMS_FETCH_BODY_MAX */
};

struct wims_fetch_answer
{
	enum wims_fetch_outcome outcome;
	int status;          /* HTTP status, 0: none came */
	int64_t max_age;     /* s that the document stays fresh, -1: not said */
	struct wims_pl body; /* empty unless outcome is WIMS_FETCH_OK */
	struct wims_pl why;  /* printable, for the log; names no secret */
};

/* Append one frame to out. False: a value breaks a limit above, a text that
 * must not has a NUL in it, or out has no room; out is as before. */
WIMS_MUST_CHECK bool wims_fetch_put_request(struct wims_buf *out, uint32_t id,
											const struct wims_fetch_in *in);
WIMS_MUST_CHECK bool wims_fetch_put_answer(struct wims_buf *out, uint32_t id,
										   const struct wims_fetch_answer *answer);

enum wims_fetch_read
{
	WIMS_FETCH_BROKEN, /* not of this protocol: the stream is worthless */
	WIMS_FETCH_MORE,   /* no whole frame yet */
	WIMS_FETCH_FRAME
};

/* Read the frame at the beginning of bytes. After WIMS_FETCH_FRAME *used says
 * how long it is; texts are borrowed from bytes. */
WIMS_MUST_CHECK enum wims_fetch_read wims_fetch_get_request(struct wims_pl bytes, size_t *used,
															uint32_t *id, struct wims_fetch_in *in);
WIMS_MUST_CHECK enum wims_fetch_read wims_fetch_get_answer(struct wims_pl bytes, size_t *used,
														   uint32_t *id,
														   struct wims_fetch_answer *answer);

#endif
