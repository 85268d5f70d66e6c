/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REGSUB_H
#define WIMS_REGSUB_H

/* Subscriptions of this node to the event package "reg" (RFC 6665, RFC 3680,
 * TS 24.229 5.2.3): when a SUBSCRIBE goes out, what its answer leads to, and
 * which NOTIFYs are believed. Each is named by the identity whose registration
 * it is about; what the news mean is not known here.
 *
 * The table does no locking and no I/O: its user holds one lock around every
 * call and sends what wims_regsubs_next_action hands out after the lock is
 * released. All results are copies. Times are milliseconds of one clock that
 * never goes back, unless a name says otherwise. */

#include "base/wims_env.h"
#include "base/wims_reason.h"
#include "flow/wims_flow.h"
#include "regevent/wims_reginfo.h"
#include "sip/wims_uri.h"

enum
{
	WIMS_REGSUB_IDENTITY_MAX = WIMS_REGINFO_WILDCARD_MAX,
	WIMS_REGSUB_CALL_ID_LEN = 32, /* hex digits, as the next one */
	WIMS_REGSUB_TAG_LEN = 16,
	WIMS_REGSUB_ANSWER_MS = 60 * 1000, /* a SUBSCRIBE without an answer has failed then */
	WIMS_REGSUB_NOTIFY_MS = 32 * 1000, /* RFC 6665 4.1.2.4, Timer N */
	WIMS_REGSUB_RETRY_AFTER_MAX_S = 3600,
	WIMS_REGSUB_MIN_EXPIRES_MAX_S = 30 * 24 * 3600, /* of a 423 that is followed */
	WIMS_REGSUB_REASON_MAX = 24                     /* of "terminated", cut off */
};

struct wims_regsubs;

/* Who wants a subscription; a set of these. */
enum wims_regsub_for
{
	WIMS_REGSUB_FOR_RANGE = 1, /* a range that this node has registered */
	WIMS_REGSUB_FOR_WIC = 2,   /* a WIC that is registered in the core */
	WIMS_REGSUB_FOR_HAND = 4,  /* somebody asked by RPC */
	WIMS_REGSUB_FOR_ALL = 7
};

struct wims_regsub_policy
{
	size_t subscriptions; /* that the table takes */
	size_t for_ranges;    /* that it takes beyond that, for ranges: WICs cannot crowd them out */
	uint32_t expires;     /* s that are asked for at least */
	int64_t retry_min_ms; /* after the first failure; at least 1 */
	int64_t retry_max_ms; /* after many, and after a refusal */
};

/* random: as for wims_flows_new. env is copied. NULL: no memory, no randomness. */
struct wims_regsubs *wims_regsubs_new(const struct wims_env *env,
									  const struct wims_regsub_policy *policy,
									  bool (*random)(void *buf, size_t n));
void wims_regsubs_free(struct wims_regsubs *rs); /* NULL is fine */

/* This identity's registration is of interest from now on. expires: s, until
 * when the registration itself lasts; the subscription is to last longer (TS
 * 24.229 5.2.3). One that is there goes on as it is, but one that the core had
 * turned down for good is tried once more. URI_BAD (an identity that cannot be
 * a Request-URI), LIMIT_REACHED, NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_regsub_want(struct wims_regsubs *rs, enum wims_regsub_for who,
												  struct wims_pl identity, uint32_t expires,
												  int64_t now);
/* It is of no interest to those any more. When nobody else wants it, nothing more is
 * told of it, and the core is asked to stop. Nothing happens to one that is not there. */
void wims_regsub_drop(struct wims_regsubs *rs, enum wims_regsub_for who, struct wims_pl identity,
					  int64_t now);
/* By hand: a SUBSCRIBE at once, whatever back-off was in the way. False: no such
 * subscription, or one that is being ended. */
WIMS_MUST_CHECK bool wims_regsub_refresh(struct wims_regsubs *rs, struct wims_pl identity,
										 int64_t now);

/* ---- what to send ---- */

/* A SUBSCRIBE. To is to_uri, with to_tag where it is not empty. */
struct wims_regsub_action
{
	uint64_t txn; /* names it to wims_regsub_answered */
	uint32_t cseq;
	uint32_t expires; /* s; 0: ends it */
	struct wims_pl identity;
	struct wims_pl to_uri;
	struct wims_pl to_tag; /* empty: it opens the dialog */
	struct wims_pl target; /* Request-URI */
	struct wims_pl routes; /* comma separated, first hop first; may be empty */
	char call_id[WIMS_REGSUB_CALL_ID_LEN + 1];
	char from_tag[WIMS_REGSUB_TAG_LEN + 1];
	char text[WIMS_REGSUB_IDENTITY_MAX + 2 * WIMS_URI_MAX + WIMS_FLOW_TEXT_MAX + WIMS_ROUTES_MAX];
};

/* Takes the next one; false: nothing is due. */
WIMS_MUST_CHECK bool wims_regsubs_next_action(struct wims_regsubs *rs, int64_t now,
											  struct wims_regsub_action *out);

/* ---- what the core says ---- */

struct wims_regsub_answer
{
	int code;            /* final; 0: it could not be sent; 408 also for no answer at all */
	int64_t granted;     /* s, Expires of a 2xx; -1: not said */
	int64_t min_expires; /* s, 423; -1: not said */
	int64_t retry_after; /* s; -1: not said */
	struct wims_pl to_tag, contact; /* of a 2xx; contact is its URI */
	struct wims_pl routes;          /* first hop first */
};
/* False, and nothing happens: nobody waits for it any more. */
bool wims_regsub_answered(struct wims_regsubs *rs, uint64_t txn,
						  const struct wims_regsub_answer *answer, int64_t now);

struct wims_regsub_notify
{
	struct wims_pl call_id;
	struct wims_pl to_tag, from_tag; /* ours, and the notifier's */
	uint32_t cseq;
	struct wims_pl substate;             /* body of Subscription-State */
	struct wims_pl contact;              /* its URI */
	struct wims_pl routes;               /* first hop first */
	enum wims_reason parsed;             /* what wims_reginfo_parse said of the body */
	const struct wims_reginfo *document; /* NULL: parsed is not OK, or there is no body */
};
/* Is this NOTIFY one of ours, and are its news new? *tell: they are, and
 * `document` is to be believed; false unless OK. DIALOG_UNKNOWN (no such
 * subscription, or a further dialog of a forked SUBSCRIBE, RFC 3680 4.9),
 * CSEQ_OLD, REQUEST_MALFORMED (Subscription-State, Contact of a new dialog), NOMEM, or
 * what parsed is: then the whole state is asked for anew. */
WIMS_MUST_CHECK enum wims_reason wims_regsub_notify(struct wims_regsubs *rs,
													const struct wims_regsub_notify *in,
													int64_t now, bool *tell);

/* ---- looking at it ---- */

enum wims_regsub_state
{
	WIMS_REGSUB_WAITING, /* for the next attempt */
	WIMS_REGSUB_ASKED,   /* the first SUBSCRIBE is under way */
	WIMS_REGSUB_ACTIVE,
	WIMS_REGSUB_LEAVING,
	WIMS_REGSUB_DENIED /* the core said that it will never do */
};
const char *wims_regsub_state_text(enum wims_regsub_state state);

struct wims_regsub_view
{
	struct wims_pl identity;
	enum wims_regsub_state state;
	int64_t expires; /* of the subscription in the core; 0: none */
	int64_t due;     /* of the next SUBSCRIBE at the latest; WIMS_FLOW_NEVER */
	int last_code;   /* of the core; 0: none yet, or it could not be sent */
	char ended[WIMS_REGSUB_REASON_MAX + 1]; /* why the core ended the last one; "" */
	uint32_t failures;                      /* in a row */
	uint32_t notifies;                      /* that were believed */
	int64_t version;                        /* of the last document; -1: none yet */
	char text[WIMS_REGSUB_IDENTITY_MAX];
};
/* The index-th of them; false at the end. What comes or goes during a walk may
 * make it miss one or show one twice. */
WIMS_MUST_CHECK bool wims_regsubs_view_at(struct wims_regsubs *rs, size_t index,
										  struct wims_regsub_view *view);

struct wims_regsub_counts
{
	size_t subscriptions;
	size_t active;
};
void wims_regsubs_counts(const struct wims_regsubs *rs, struct wims_regsub_counts *out);

#endif
