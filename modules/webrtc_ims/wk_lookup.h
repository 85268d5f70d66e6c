/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_LOOKUP_H
#define WK_LOOKUP_H

/* Tokens that the servers of their WWSFs are asked about, while their requests
 * wait: what of it all processes share. A lookup is made by a worker, goes to
 * the wims process, comes back to an async worker and ends there; it belongs to
 * one process at a time. The lock is a leaf: nothing but these tables is touched
 * under it. */

#include "base/wims_ring.h"
#include "jose/wims_alg_ossl.h"
#include "base/wims_breaker.h"
#include "token/wims_introspection.h"
#include "wk_suspend.h"

enum
{
	WK_LOOKUP_FAILURES = 5,     /* in a row: then a server is left alone for a while */
	WK_SERVER_NAME_MAX = 64,    /* of its WWSF */
	WK_SERVER_REASON_MAX = 120, /* what went wrong last */
	/* A WIC has one token, for a moment two; whoever tries many waits his turn
	 * and leaves the places of a server to others. */
	WK_LOOKUP_TOKENS_MAX = 4,   /* waiting at once, of one connection */
	WK_LOOKUP_REQUESTS_MAX = 32 /* likewise */
};

/* The token server of one WWSF, as long as anything is known of it. */
struct wk_server;

/* In shared memory. The transaction is suspended from wk_lookup_send() on. */
struct wk_lookup
{
	struct wk_suspended request;
	struct wk_lookup *next;   /* in the list of whoever owns it */
	struct wims_ring among;   /* all that wait; under the lock */
	uint32_t conn;            /* of the WIC */
	struct wk_server *server; /* NULL: it has left its place */
	char wwsf[WK_SERVER_NAME_MAX + 1];
	int64_t deadline;         /* ms: then it is answered, whatever is known */
	uint32_t provision;       /* generation that the server was asked by */
	enum wims_reason outcome; /* OK: answer holds what the server said */
	char *answer;             /* in shared memory */
	size_t answer_len;
	bool trial;                            /* the breaker waits for what becomes of this one */
	unsigned char digest[WIMS_SHA256_LEN]; /* of WWSF and token */
	size_t token_len;
	char token[];
};

/* mod_init: 0, or -1 after a log line. */
int wk_lookup_init(void);
void wk_lookup_destroy(void);

/* Names WWSF and token together: the same text may be a token of two servers.
 * False: no digest could be made. */
WIMS_MUST_CHECK bool wk_lookup_digest(unsigned char digest[WIMS_SHA256_LEN],
									  const struct wims_wwsf *w, struct wims_pl token);

/* Takes a place for one more. OK, else *out is NULL: LIMIT_REACHED (too many
 * wait, in all, for this server or of this connection), TOKEN_SERVER_FAILED (the
 * server is left alone for now), NOMEM. */
WIMS_MUST_CHECK enum wims_reason wk_lookup_new(struct wk_lookup **out, uint32_t conn,
											   const struct wims_wwsf *w, struct wims_pl token,
											   const unsigned char digest[WIMS_SHA256_LEN],
											   const struct wk_resume_at *to);
/* Hands it to the wims process. */
void wk_lookup_send(struct wk_lookup *l);
/* The wims process: all that were sent, oldest first, linked by next. */
struct wk_lookup *wk_lookup_take(void);
/* It has its answer and waits for something else: others may have its place. */
void wk_lookup_leave(struct wk_lookup *l);
/* Ends it: place, token and answer go. */
void wk_lookup_free(struct wk_lookup *l);

/* What became of asking a server. */
enum wk_asked
{
	WK_ASKED_ANSWERED,
	WK_ASKED_FAILED,
	WK_ASKED_NOT /* it was none of the server's fault */
};

/* why: for the RPC and the log; empty when all is well. l is any of those that
 * were asked for at once. */
void wk_lookup_report(struct wk_lookup *l, enum wk_asked what, struct wims_pl why);
/* The breaker keeps away from it now. */
bool wk_lookup_shut(const struct wk_lookup *l);
/* The wims process's own: how many requests to that server are open. */
unsigned *wk_lookup_open(const struct wk_lookup *l);

/* Each server may be asked again, whatever it did. */
void wk_lookup_retry(void);

/* How many wait now. */
size_t wk_lookup_count(void);

struct wk_server_view
{
	char wwsf[WK_SERVER_NAME_MAX + 1];
	unsigned pending;
	unsigned failures; /* in a row */
	const char *state; /* of the breaker */
	int64_t pause_ms;  /* that is left of it */
	char reason[WK_SERVER_REASON_MAX + 1];
};

/* What is known of that WWSF's server; all zero when nothing is. */
struct wk_server_view wk_lookup_server(struct wims_pl wwsf);

#endif
