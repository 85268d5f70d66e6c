/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RANGEREG_INT_H
#define WIMS_RANGEREG_INT_H

/* The bytes of a number, for hashing. */
#define WIMS_RR_PL_OF(v) ((struct wims_pl){(const char *)&(v), sizeof(v)})

/* The records of the table of range registrations and what its files offer each
 * other. Not for users of the table. */

#include "base/wims_hash.h"
#include "base/wims_ring.h"
#include "flow/wims_heap.h"
#include "rangereg/wims_rangereg.h"

/* what a timer is a member of */
enum wims_rr_timer
{
	WIMS_RR_UNIT,
	WIMS_RR_RANGE
};

struct wims_rangereg
{
	struct wims_env env;
	struct wims_rangereg_policy policy;
	bool (*random)(void *buf, size_t n);
	struct wims_hash_key key;
	struct wims_hash ranges;    /* by canonical wildcard */
	struct wims_hash units;     /* by canonical To */
	struct wims_hash txns;      /* units by the REGISTER whose answer counts */
	struct wims_rr_range **all; /* of policy.ranges places */
	size_t count, brought, in_flight;
	struct wims_ring all_units;
	struct wims_ring ready_ranges; /* LOST or SETTLED is to be handed out */
	struct wims_ring ready_units;  /* SUBSCRIBE or UNSUBSCRIBE */
	struct wims_ring queue;        /* units that wait until fewer are in flight */
	struct wims_heap due;
	uint64_t last_txn;
	uint64_t generation;
	uint32_t round;    /* of reading the provisioning */
	uint32_t document; /* of the core, that is being told */
	bool leaving;
};

enum wims_rr_sent
{
	WIMS_RR_QUIET,
	WIMS_RR_REGISTER,
	WIMS_RR_LEAVE
};

enum wims_rr_unit_text
{
	WIMS_RR_TO,
	WIMS_RR_TO_KEY, /* canonical; this and what follows names it */
	WIMS_RR_IMPI,
	WIMS_RR_DOMAIN,
	WIMS_RR_UNIT_TEXTS
};

/* One registration in the core. Lives while it has ranges, or there may be
 * something of it in the core. */
struct wims_rr_unit
{
	struct wims_hnode by_key, by_txn;
	struct wims_timer timer;
	struct wims_ring all, ready, queue;
	struct wims_ring ranges;
	struct wims_pl *texts;
	char *service_route; /* a block of its own, or NULL */
	size_t service_route_l;
	char contact_user[WIMS_CONTACT_USER_LEN + 1];
	char call_id[WIMS_RANGEREG_CALL_ID_LEN + 1]; /* empty: the next REGISTER makes one */
	char from_tag[WIMS_RANGEREG_TAG_LEN + 1];
	uint32_t cseq;
	uint32_t ceiling;     /* of this Call-ID: what a file has for sure; 0: none has it */
	uint32_t offered;     /* what the last file has, if it was written */
	uint32_t min_expires; /* learnt from 423 */
	uint32_t asked;       /* s, by the REGISTER in flight or the last one */
	uint64_t txn;
	enum wims_rr_sent sent; /* QUIET: none in flight */
	enum wims_rr_sent last_sent;
	int64_t answer_by;
	int64_t expires;       /* 0: not registered */
	int64_t registered_at; /* the last 200 */
	int64_t refresh_at;
	int64_t again_at;   /* a REGISTER in between; WIMS_FLOW_NEVER */
	int64_t not_before; /* back-off; 0: none */
	int64_t leave_at;   /* back-off of de-REGISTERs */
	unsigned failures, leaves;
	bool maybe; /* the core may have it though it never said so */
	bool refused;
	bool brief_tried, fresh_tried; /* the one more attempt was made */
	bool subscribed, subscribe;    /* handed out; to be handed out (again) */
	enum wims_reason last;
	int last_code;
	int64_t last_at;
};

/* Who named a range as registered. */
enum wims_rr_named
{
	WIMS_RR_NOBODY,
	WIMS_RR_ANSWER, /* the 200 */
	WIMS_RR_NEWS    /* a NOTIFY */
};

enum wims_rr_range_text
{
	WIMS_RR_WILDCARD,
	WIMS_RR_WILDCARD_KEY, /* canonical */
	WIMS_RR_WWSF,
	WIMS_RR_RANGE_TEXTS
};

struct wims_rr_range
{
	struct wims_hnode by_key;
	struct wims_timer timer;
	struct wims_ring on_unit, ready;
	struct wims_rr_unit *unit;    /* NULL: removed, there for its last actions */
	struct wims_rr_range *within; /* brought by a token inside that one */
	struct wims_pl *texts;        /* a block of its own */
	size_t index;                 /* in rr->all */
	size_t n_brought;             /* inside this one */
	size_t members;
	uint32_t round;
	uint32_t document; /* the last one that named it */
	enum wims_range_trigger trigger;
	enum wims_rr_named named;
	bool by_pilot;
	bool used;         /* a WIC asked, or is in it; not AT_START */
	bool off;          /* by hand */
	bool refused;      /* by a NOTIFY about this range alone */
	bool waited;       /* somebody was told to wait */
	bool good;         /* WICs may register */
	bool lost, settle; /* to be handed out */
	enum wims_rangereg_why why;
	enum wims_reason lost_outcome;
	int64_t idle_at;    /* the grace ends; WIMS_FLOW_NEVER */
	int64_t confirm_by; /* waits to be named until then; 0: does not wait */
	int64_t not_before; /* taken away by the core until then; 0 */
};

static inline struct wims_rr_range *wims_rr_on_unit(struct wims_ring *l)
{
	return WIMS_OWNER(l, struct wims_rr_range, on_unit);
}

/* wims_rangereg_list.c */
/* An identity in the form in which two are compared: escapes undone, scheme and
 * host in lower case, URI parameters behind the host dropped. *out borrows buf
 * of WIMS_RANGE_TEXT_MAX bytes. False: too long, or a bad escape. */
WIMS_MUST_CHECK bool wims_rr_key(struct wims_pl *out, char *buf, struct wims_pl text);

enum wims_rr_listed
{
	WIMS_RR_SILENT, /* there is no list */
	WIMS_RR_LISTED,
	WIMS_RR_UNLISTED,
	WIMS_RR_UNREADABLE /* too long, or bad syntax */
};
/* Is that range in P-Associated-URI? */
enum wims_rr_listed wims_rr_listed(const struct wims_rangereg_answer *a, struct wims_pl key);

/* wims_rangereg_range.c */
struct wims_rr_range *wims_rr_range_find(const struct wims_rangereg *rr, struct wims_pl wildcard);
/* Whether a WIC may register: OK, RANGE_PENDING, RANGE_UNAVAILABLE, RANGE_REFUSED. */
enum wims_reason wims_rr_outcome(const struct wims_rangereg *rr, const struct wims_rr_range *r,
								 int64_t now);
bool wims_rr_wanted(const struct wims_rangereg *rr, const struct wims_rr_unit *u);
/* A WIC asked for it, or it was done by hand. */
void wims_rr_use(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now);
/* Its last member has gone. */
void wims_rr_left(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now);
void wims_rr_range_review(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now,
						  enum wims_rangereg_why why);
void wims_rr_range_due(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now);
/* From its registration, and out of the table as soon as nothing is to be said
 * of it any more. */
void wims_rr_range_remove(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now,
						  enum wims_rangereg_why why);
void wims_rr_range_settled(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now);
/* Frees it when it is removed and nothing needs it any more. */
void wims_rr_range_collect(struct wims_rangereg *rr, struct wims_rr_range *r);
void wims_rr_range_free(struct wims_rangereg *rr, struct wims_rr_range *r);

/* wims_rangereg.c */
/* Makes it, with its registration if that is not there. As wims_rangereg_add. */
WIMS_MUST_CHECK enum wims_reason wims_rr_range_make(struct wims_rangereg *rr,
													const struct wims_rangereg_in *in,
													struct wims_rr_range **out, int64_t now);
/* A token brought it, inside that one; NULL: no token did. */
void wims_rr_range_within(struct wims_rangereg *rr, struct wims_rr_range *r,
						  struct wims_rr_range *within);

/* wims_rangereg_unit.c */
bool wims_rr_unit_is(const struct wims_rr_unit *u, const struct wims_pl texts[WIMS_RR_UNIT_TEXTS]);
/* The next registration of that To, whatever its IMPI; NULL begins, and ends. */
struct wims_rr_unit *wims_rr_unit_next(const struct wims_rangereg *rr, struct wims_pl to_key,
									   const struct wims_rr_unit *after);
/* The registration of these texts, made if it is not there. NULL: no memory, or
 * no randomness. */
struct wims_rr_unit *wims_rr_unit_for(struct wims_rangereg *rr,
									  const struct wims_pl texts[WIMS_RR_UNIT_TEXTS]);
/* What a change of it means to its ranges, its timer and itself, which may be
 * freed by this. why: if that is a loss. */
void wims_rr_review(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
					enum wims_rangereg_why why);
/* Its timer fired. True: out is SEND. */
WIMS_MUST_CHECK bool wims_rr_unit_due(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
									  struct wims_rangereg_action *out);
/* When it sends next, WIMS_FLOW_NEVER. */
int64_t wims_rr_send_at(const struct wims_rangereg *rr, const struct wims_rr_unit *u);
void wims_rr_unit_free(struct wims_rangereg *rr, struct wims_rr_unit *u);

/* wims_rangereg_answer.c */
/* 0 <= n < below; 0 when there is no chance. */
int64_t wims_rr_chance(struct wims_rangereg *rr, int64_t below);
/* Keeps the Service-Route. What cannot be kept is as if the core had sent none:
 * requests go to the next hop on Mw then. */
void wims_rr_take_route(struct wims_rangereg *rr, struct wims_rr_unit *u, struct wims_pl route);
/* ms to wait after the failures so far: half of it is chance. */
int64_t wims_rr_back_off(struct wims_rangereg *rr, unsigned failures);
/* ms to wait for that Retry-After (s, not negative). */
int64_t wims_rr_retry_wait(struct wims_rangereg *rr, int64_t retry_after);
/* The core does not want it; a long wait follows. */
void wims_rr_refused(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now);
/* An attempt has failed, with that Retry-After (s, -1: none). */
void wims_rr_failed(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
					int64_t retry_after);
void wims_rr_no_answer(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now);
/* Registered until then: when is it refreshed (TS 24.229 5.1.1.4.1)? */
void wims_rr_registered(struct wims_rr_unit *u, int64_t now, int64_t expires);
/* Not registered any more: none of its ranges is named. */
void wims_rr_unregistered(struct wims_rr_unit *u);

/* wims_rangereg_news.c */
/* A NOTIFY names it as registered; while its registration is. */
void wims_rr_name(struct wims_rr_range *r);

/* wims_rangereg_view.c */
uint32_t wims_rr_seconds_until(int64_t then, int64_t now);
uint32_t wims_rr_retry_after(const struct wims_rangereg *rr, const struct wims_rr_range *r,
							 int64_t now);
void wims_rr_show(const struct wims_rangereg *rr, const struct wims_rr_range *r, int64_t now,
				  struct wims_rangereg_view *view);

#endif
