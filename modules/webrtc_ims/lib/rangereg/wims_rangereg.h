/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RANGEREG_H
#define WIMS_RANGEREG_H

/* The registration of ranges in the IMS core: when the eP-CSCF sends a REGISTER
 * for a range, what it makes of the answer, and whether WICs may register in
 * the range (docs/range-registration.md).
 *
 *   range         a wildcarded public user identity (TS 23.003 13.4A), named by
 *                 its text as the core spells it; escapes (%HH) and the case of
 *                 scheme and host play no part
 *   registration  one Contact in the core: of a pilot IMPU whose implicit set
 *                 holds ranges, or of the wildcard itself. Ranges with one pilot
 *                 and one IMPI share it
 *
 * The table does no locking and no I/O: its user holds one lock around every
 * call and carries out the actions that wims_rangereg_next_action hands out
 * after the lock is released. All results are copies. Times are milliseconds of
 * one clock that never goes back, unless a name says otherwise. */

#include "base/wims_buf.h"
#include "base/wims_reason.h"
#include "flow/wims_flow.h"
#include "identity/wims_host.h"
#include "identity/wims_impu.h"
#include "provision/wims_wwsf.h"
#include "range/wims_range.h"
#include "regevent/wims_reginfo.h"

enum
{
	WIMS_RANGEREG_NAME_MAX = 255,           /* name of a WWSF */
	WIMS_RANGEREG_CALL_ID_LEN = 32,         /* hex digits, as the next one */
	WIMS_RANGEREG_TAG_LEN = 16,             /* From tag */
	WIMS_RANGEREG_ASSOCIATED_BYTES = 32768, /* of P-Associated-URI that are read */
	WIMS_RANGEREG_ASSOCIATED_MAX = 256,     /* entries of it */
	WIMS_RANGEREG_RETRY_AFTER_MAX_S = 3600, /* of Retry-After that are obeyed */
	WIMS_RANGEREG_ASKED_MS = 5000,          /* the shortest grace of a WIC that was told to come */
	WIMS_RANGEREG_LEAVES = 3,               /* de-REGISTERs without an answer until none follows */
	/* a CSeq that is kept is this far ahead of the last one used: after a crash
	 * none goes back, however old the file */
	WIMS_RANGEREG_CSEQ_AHEAD = 16,
	WIMS_RANGEREG_HOLD_MS = 2000,        /* from loading to the first REGISTER: time to save */
	WIMS_RANGEREG_CSEQ_MAX = 0x7fffffff, /* RFC 3261 8.1.1.5 */
	WIMS_RANGEREG_LINE_MAX = 4096,       /* of what is saved */
	WIMS_RANGEREG_ADDRESS_MAX = WIMS_HOST_MAX + 6 /* host:port */
};

struct wims_rangereg;

struct wims_rangereg_policy
{
	size_t ranges;        /* that the table takes */
	size_t brought;       /* by tokens, within one range of the provisioning */
	size_t in_flight;     /* REGISTERs at a time; at least 1 */
	uint32_t expires;     /* s that are asked for; more after 423 */
	uint32_t expires_max; /* s; a Min-Expires above this is not followed */
	int64_t answer_ms;    /* an answer that comes later counts as none, until it comes */
	int64_t confirm_ms;   /* from a 200 that does not list the range to giving up */
	int64_t retry_min_ms; /* after the first failure; at least 1 */
	int64_t retry_max_ms; /* after many */
	int64_t refused_ms;   /* after 403 and its like */
	int64_t grace_ms;     /* from the last IMPU gone to leaving */
	bool subscribe;       /* hand out SUBSCRIBE and UNSUBSCRIBE */
	/* Leases of rangereg/wims_rangereg_lease.h, each so long; 0: this node is the
	 * only one, and every registration is its own. */
	int64_t lease_ms;
	uint16_t node;          /* number of this node, which no other has */
	struct wims_pl address; /* host:port of this node's Contacts; outlives the table */
};

/* random: as for wims_flows_new. env is copied. NULL: no memory, no randomness. */
struct wims_rangereg *wims_rangereg_new(const struct wims_env *env,
										const struct wims_rangereg_policy *policy,
										bool (*random)(void *buf, size_t n));
void wims_rangereg_free(struct wims_rangereg *rr); /* NULL is fine */

/* ---- which ranges there are ---- */

struct wims_rangereg_in
{
	struct wims_pl wildcard; /* up to WIMS_RANGE_TEXT_MAX bytes */
	struct wims_pl wwsf;
	struct wims_pl pilot; /* canonical IMPU; empty: To is the wildcard itself */
	struct wims_pl impi;
	struct wims_pl domain; /* home network of the WWSF */
	struct wims_pl within; /* _bring: wildcard of the range of the provisioning it is inside */
	enum wims_range_trigger trigger; /* _bring: not looked at */
	bool elsewhere;                  /* other nodes register it; with leases only */
};

/* The provisioning was read (again): _begin, _add for each range, _end. What is
 * not added again is removed: its WICs are lost, and the core is told. A range
 * of trigger NEVER is not taken, which is OK. _add: URI_BAD, REQUEST_MALFORMED
 * (a text over its maximum, or with control bytes), LIMIT_REACHED, NOMEM; a
 * range that was there stays as it was then, until _end. */
void wims_rangereg_begin(struct wims_rangereg *rr);
WIMS_MUST_CHECK enum wims_reason wims_rangereg_add(struct wims_rangereg *rr,
												   const struct wims_rangereg_in *in, int64_t now);
void wims_rangereg_end(struct wims_rangereg *rr, int64_t now);

/* A token brings a range inside one of its WWSF with trigger BY_TOKEN; that it is
 * inside, the caller has checked. One that is there already is OK. It is removed
 * when it is registered no more. IMPU_NOT_ENTITLED: `within` is no such range of
 * that WWSF, or the range belongs to another one. Else as for _add. */
WIMS_MUST_CHECK enum wims_reason
wims_rangereg_bring(struct wims_rangereg *rr, const struct wims_rangereg_in *in, int64_t now);

/* ---- whether WICs may register in it ---- */

enum wims_rangereg_state
{
	WIMS_RANGEREG_OFF,        /* nobody wants it: no member, or not yet */
	WIMS_RANGEREG_PENDING,    /* the core is asked, or is to name it yet */
	WIMS_RANGEREG_REGISTERED, /* and named by the core */
	WIMS_RANGEREG_RETRY,      /* it failed; next attempt at `due` */
	WIMS_RANGEREG_REFUSED,    /* the core does not want it; next attempt at `due` */
	WIMS_RANGEREG_LEAVING,
	WIMS_RANGEREG_BY_HAND /* de-registered by hand; stays so until registered by hand */
};

/* Who registers it. */
enum wims_rangereg_role
{
	WIMS_RANGEREG_UNKNOWN, /* the store has not said yet */
	WIMS_RANGEREG_NOBODY,  /* its lease is free */
	WIMS_RANGEREG_OTHER,   /* another node */
	WIMS_RANGEREG_OURS
};
const char *wims_rangereg_role_text(enum wims_rangereg_role role);

struct wims_rangereg_view
{
	struct wims_pl wildcard, wwsf, impi, domain;
	struct wims_pl to;            /* pilot, or the wildcard */
	struct wims_pl service_route; /* empty: requests go to the next hop on Mw */
	enum wims_rangereg_state state;
	enum wims_range_trigger trigger;
	bool brought;   /* by a token */
	bool elsewhere; /* this node may not register it */
	enum wims_rangereg_role role;
	uint16_t holder;         /* node, of OTHER */
	int64_t lease_until;     /* OURS: nothing is sent after that; WIMS_FLOW_NEVER: without leases */
	enum wims_reason last;   /* what the last answer came to; OK before the first */
	int last_code;           /* of the core; 0: none yet, or it could not be sent */
	int64_t last_at;         /* 0: never */
	int64_t expires;         /* of the registration in the core; 0: none */
	int64_t due;             /* next REGISTER; WIMS_FLOW_NEVER: none, or one is in flight */
	uint32_t retry_after;    /* s, what an answer 503 tells the WIC; 0: nothing */
	uint32_t cseq, failures; /* failures in a row */
	size_t members;
	char contact_user[WIMS_CONTACT_USER_LEN + 1];
	char call_id[WIMS_RANGEREG_CALL_ID_LEN + 1];
	char text[2 * WIMS_RANGE_TEXT_MAX + WIMS_RANGEREG_NAME_MAX + WIMS_IMPI_MAX + WIMS_HOST_MAX
			  + WIMS_ROUTES_MAX];
};

/* A WIC wants to register in it. OK: it may. RANGE_PENDING: a SETTLED will tell;
 * the range is registered now if it was not. RANGE_UNAVAILABLE, RANGE_REFUSED.
 * view is filled for a range that is there, zeroed for another one; it may be
 * NULL. */
WIMS_MUST_CHECK enum wims_reason wims_rangereg_want(struct wims_rangereg *rr,
													struct wims_pl wildcard, int64_t now,
													struct wims_rangereg_view *view);
/* So many IMPUs are registered in it now. With none left a range that was not
 * registered at start-up leaves after policy.grace_ms; after a WIC asked for it,
 * not within WIMS_RANGEREG_ASKED_MS. */
void wims_rangereg_members(struct wims_rangereg *rr, struct wims_pl wildcard, size_t n,
						   int64_t now);

/* ---- by hand; false: no such range ---- */

/* At once, whatever back-off or hand was in the way. Without members it leaves
 * after the grace, as if a WIC had asked. */
WIMS_MUST_CHECK bool wims_rangereg_register(struct wims_rangereg *rr, struct wims_pl wildcard,
											int64_t now);
/* Its WICs are lost; it stays so until it is registered by hand, over reloads
 * and restarts. */
WIMS_MUST_CHECK bool wims_rangereg_deregister(struct wims_rangereg *rr, struct wims_pl wildcard,
											  int64_t now);
/* A REGISTER at once, if the range is wanted at all. */
WIMS_MUST_CHECK bool wims_rangereg_refresh(struct wims_rangereg *rr, struct wims_pl wildcard,
										   int64_t now);
/* Shutdown: every registration leaves, once, but what another node takes over
 * (wims_rangereg_lease.h), and none begins any more; no LOST is handed out for that. */
void wims_rangereg_leave_all(struct wims_rangereg *rr, int64_t now);

/* ---- what to do ---- */

enum wims_rangereg_why
{
	WIMS_RANGEREG_EXPIRED,  /* no refresh was answered in time */
	WIMS_RANGEREG_DENIED,   /* the core refused a refresh */
	WIMS_RANGEREG_UNLISTED, /* P-Associated-URI does not have it any more */
	WIMS_RANGEREG_NETWORK,  /* the core said so by a NOTIFY */
	WIMS_RANGEREG_REMOVED,  /* from the provisioning, or changed there */
	WIMS_RANGEREG_HAND,     /* de-registered by hand */
	WIMS_RANGEREG_IDLE      /* its last member is gone */
};
const char *wims_rangereg_why_text(enum wims_rangereg_why why);
const char *wims_rangereg_state_text(enum wims_rangereg_state state);

enum wims_rangereg_kind
{
	WIMS_RANGEREG_SEND,      /* a REGISTER: all below but why; outcome OK */
	WIMS_RANGEREG_SETTLED,   /* whoever waits for the wildcard gets the outcome: OK,
							  * RANGE_UNAVAILABLE, RANGE_REFUSED */
	WIMS_RANGEREG_LOST,      /* end its WICs with the outcome (RANGE_UNAVAILABLE, RANGE_REFUSED) */
	WIMS_RANGEREG_SUBSCRIBE, /* to, domain, service_route; also when the route changed */
	WIMS_RANGEREG_UNSUBSCRIBE
};

struct wims_rangereg_action
{
	enum wims_rangereg_kind kind;
	enum wims_reason outcome;
	enum wims_rangereg_why why;
	uint64_t txn; /* names this REGISTER to wims_rangereg_answered */
	uint32_t cseq;
	uint32_t expires;        /* s; 0: de-REGISTER */
	uint32_t retry_after;    /* s, of SETTLED; 0: nothing to tell */
	struct wims_pl wildcard; /* SEND: one of those that it registers, for the log */
	struct wims_pl wwsf;     /* of SETTLED and LOST */
	struct wims_pl to, impi, domain, service_route;
	/* SEND: host:port of the Contact, of a node before this one whose Contact is
	 * taken out; empty: this node's own */
	struct wims_pl contact_address;
	char contact_user[WIMS_CONTACT_USER_LEN + 1];
	char call_id[WIMS_RANGEREG_CALL_ID_LEN + 1];
	char from_tag[WIMS_RANGEREG_TAG_LEN + 1];
	char text[2 * WIMS_RANGE_TEXT_MAX + WIMS_RANGEREG_NAME_MAX + WIMS_IMPI_MAX + WIMS_HOST_MAX
			  + WIMS_RANGEREG_ADDRESS_MAX + WIMS_ROUTES_MAX];
};

/* Takes the next action; false: nothing is due. LOST comes before SETTLED of one
 * range. SETTLED with OK is handed out each time that a range becomes good. */
WIMS_MUST_CHECK bool wims_rangereg_next_action(struct wims_rangereg *rr, int64_t now,
											   struct wims_rangereg_action *out);

/* ---- what the core says ---- */

struct wims_rangereg_answer
{
	int code;                     /* 0: could not be sent; 408 also for no answer at all */
	int64_t granted;              /* s, 2xx: of our Contact, else of Expires; -1: not said */
	int64_t min_expires;          /* s, 423; -1: not said */
	int64_t retry_after;          /* s; -1: not said */
	struct wims_pl service_route; /* all lines, with a comma between; may be empty */
	struct wims_pl associated;    /* P-Associated-URI, likewise */
	bool has_associated;          /* the header is there, though it may be empty */
};

/* The final answer of the core to a REGISTER. False, and nothing happens: it is
 * not the last REGISTER of its range, or 1xx, or answered before. A 2xx that comes
 * after answer_ms, or after a 408, still counts while no other REGISTER followed. */
bool wims_rangereg_answered(struct wims_rangereg *rr, uint64_t txn,
							const struct wims_rangereg_answer *answer, int64_t now);

/* One piece of a NOTIFY of the event package "reg" (RFC 3680) for the pilot or the
 * wildcard. What is of Contacts of others is passed over. A registration or a
 * range that ends is lost at once, and asked for again: "deactivated" at once,
 * "probation" when it says, "rejected" after policy.refused_ms, else after a
 * back-off. A range that is active is named by that. */
void wims_rangereg_news(struct wims_rangereg *rr, const struct wims_reginfo_news *news,
						int64_t now);
/* All news of a NOTIFY, in its order. A range that was named by a NOTIFY only, and
 * that a document with the full state of its pilot does not name, is lost too. */
void wims_rangereg_document(struct wims_rangereg *rr, const struct wims_reginfo *doc, int64_t now);

/* ---- over a restart ---- */

/* Changes whenever there is something worth saving. */
uint64_t wims_rangereg_generation(const struct wims_rangereg *rr);
/* What is registered, and what is off by hand, as lines for the state directory.
 * wall_ms: ms since 1970, as is now on the table's own clock. False: no room in out
 * for WIMS_RANGEREG_LINE_MAX bytes more, or no memory. */
WIMS_MUST_CHECK bool wims_rangereg_save(struct wims_rangereg *rr, struct wims_buf *out,
										int64_t wall_ms, int64_t now);
/* That was written: CSeqs may go on as far as it says. Until then a Call-ID is
 * given up rather than its CSeq might go back after a crash. */
void wims_rangereg_saved(struct wims_rangereg *rr);
/* Takes up what was saved, into an empty table and before the provisioning is
 * added: what has not expired counts as registered at once, and is refreshed in
 * the old dialog about WIMS_RANGEREG_HOLD_MS later; save before that. *line is the
 * last one looked at. CONFIG_SYNTAX: not such a line. Else as _add. What lines
 * before the bad one said stays in the table. */
WIMS_MUST_CHECK enum wims_reason wims_rangereg_load(struct wims_rangereg *rr, struct wims_pl body,
													int64_t wall_ms, int64_t now, size_t *line);

/* ---- looking at it ---- */

/* False: no such range; view is zeroed. */
WIMS_MUST_CHECK bool wims_rangereg_view(struct wims_rangereg *rr, struct wims_pl wildcard,
										int64_t now, struct wims_rangereg_view *view);
/* The index-th of them; false at the end. What comes or goes during a walk may
 * make it miss one or show one twice. */
WIMS_MUST_CHECK bool wims_rangereg_view_at(struct wims_rangereg *rr, size_t index, int64_t now,
										   struct wims_rangereg_view *view);

/* One of those that this REGISTER is for; false, and view is zeroed: its answer
 * does not count any more, or its ranges are gone. */
WIMS_MUST_CHECK bool wims_rangereg_view_of(struct wims_rangereg *rr, uint64_t txn, int64_t now,
										   struct wims_rangereg_view *view);

struct wims_rangereg_counts
{
	size_t ranges;     /* provisioned, and brought by tokens */
	size_t brought;    /* of these, by tokens */
	size_t registered; /* good: WICs may register */
	size_t failing;    /* in RETRY or REFUSED */
	size_t in_flight;  /* REGISTERs */
};
void wims_rangereg_counts(struct wims_rangereg *rr, int64_t now, struct wims_rangereg_counts *out);

#endif
