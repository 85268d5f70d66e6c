/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef RR_HELP_H
#define RR_HELP_H

/* A table of range registrations, driven by a list of (time, event) and held
 * against the actions that must come of each. Range n is sip:rN-!.*!@ims.test,
 * its pilot sip:rN@ims.test. There is no chance in it: each back-off is as long
 * as it may be. */

#include "rr_policy.h"

enum rr_event
{
	RR_ADD,      /* n, how: trigger; by its pilot */
	RR_ADD_WILD, /* To is the wildcard itself */
	RR_ADD_TO_1, /* by the pilot of range 1 */
	RR_BEGIN,
	RR_END,
	RR_BRING, /* n, within range how */
	RR_WANT,  /* n; how: the outcome */
	RR_MEMBERS,
	RR_TICK,       /* nothing happens */
	RR_ANSWER,     /* how: code, to the last REGISTER to n; text: see below */
	RR_ANSWER_OLD, /* likewise to the one before */
	RR_NEWS,       /* of our Contact at the pilot n; how: its event; text: see below */
	RR_NEWS_RANGE, /* likewise of the wildcard n, of no Contact */
	RR_REGISTER,
	RR_DEREGISTER,
	RR_REFRESH,
	RR_LEAVE_ALL
};

struct rr_step
{
	int64_t at; /* s */
	enum rr_event event;
	int n;
	int how;
	/* what comes out, each followed by a blank:
	 *   S1:3/3600   REGISTER of range 1 with CSeq 3 and Expires 3600
	 *   ok1 no1 re1 SETTLED with OK, RANGE_UNAVAILABLE, RANGE_REFUSED
	 *   lost1:why   LOST with RANGE_UNAVAILABLE; gone1:why with RANGE_REFUSED
	 *   sub1 unsub1 SUBSCRIBE, UNSUBSCRIBE of the pilot of range 1 */
	const char *out;
	/* RR_ANSWER: "granted=", "min=", "after=" and a number; "route", "route2"; of
	 * P-Associated-URI "list" (the wildcard is in it), "other" (others are), "bad"
	 * (it is none), else there is none. NULL: 200 grants what was asked and lists it.
	 * RR_NEWS: "expires=", "after="; "over" (terminated), "others" (another Contact) */
	const char *text;
};

struct rr_world
{
	struct wims_rangereg *rr;
	int64_t now; /* ms */
	uint64_t txn[10], old_txn[10];
	uint32_t cseq[10];
	char contact_user[10][WIMS_CONTACT_USER_LEN + 1];
	char call_id[10][WIMS_RANGEREG_CALL_ID_LEN + 1];
};

/* No chance, but names that differ. */
bool rr_random(void *buf, size_t n);
void rr_in(struct wims_rangereg_in *in, int n, enum wims_range_trigger trigger);
/* The wildcard of range n, until the next call with n. */
struct wims_pl rr_wildcard(int n);

void rr_open(struct rr_world *w, const struct wims_rangereg_policy *policy);
void rr_close(struct rr_world *w);
/* All actions that are due, as text. */
const char *rr_actions(struct rr_world *w);
void rr_run(struct rr_world *w, const struct rr_step *steps, size_t count);
/* The same in a table of its own. */
void rr_play(const struct wims_rangereg_policy *policy, const struct rr_step *steps, size_t count);

#endif
