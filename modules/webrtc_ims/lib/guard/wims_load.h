/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_LOAD_H
#define WIMS_LOAD_H

/* How loaded the node is, and which requests it refuses for that: the least
 * important first, and of a class no more than it takes (RFC 3261 21.5.4,
 * RFC 7339 5.3). */

#include "base/wims_pl.h"

/* From the first that is refused to what never is. */
enum wims_priority
{
	WIMS_PRIO_REGISTER, /* REGISTER of a WIC that is not registered */
	WIMS_PRIO_REQUEST,  /* outside a dialog: a new call */
	WIMS_PRIO_REFRESH,  /* REGISTER of a WIC that is registered, de-REGISTERs too */
	WIMS_PRIO_DIALOG,   /* inside a dialog */
	WIMS_PRIO_ALWAYS    /* ACK, BYE, CANCEL, emergency calls */
};

enum
{
	WIMS_LOAD_FULL = 1000,                              /* of a measure: nothing is left */
	WIMS_SHED_STEP = 1000,                              /* of the level: one class more */
	WIMS_SHED_WORK = WIMS_PRIO_DIALOG * WIMS_SHED_STEP, /* the most for work: calls that are there
														   go on */
	WIMS_SHED_MAX = WIMS_PRIO_ALWAYS * WIMS_SHED_STEP,  /* the most at all */
	WIMS_LOAD_BEAT_MS = 250,                            /* between two measurements */
	WIMS_SHED_FASTEST = WIMS_SHED_STEP * WIMS_LOAD_BEAT_MS / 1000, /* of the level in a beat */
	WIMS_LOAD_REFUSING = 250 /* the most that refusing refreshes may take */
};

/* Measures from 0 to WIMS_LOAD_FULL; more counts as that. */
struct wims_load_measured
{
	uint32_t work;     /* share of their time in which workers had something to do */
	uint32_t behind;   /* the same, of those that get nothing of what WICs are refused */
	uint32_t queue;    /* of the buffers in which requests wait for such a worker, what is filled */
	uint32_t memory;   /* shared memory in use */
	uint32_t refusing; /* share of the running time of all that went into refusing refreshes */
};

/* From where on requests are refused, in the same unit; WIMS_LOAD_FULL: never. */
struct wims_load_policy
{
	uint32_t work; /* of behind and queue too */
	uint32_t memory;
};

/* Begins as {0}. */
struct wims_load
{
	struct wims_load_measured now; /* but memory over about half a second */
	uint32_t by_work;              /* level, follows from all of these but memory */
	uint32_t level; /* 0 to WIMS_SHED_MAX: 1500 refuses all of WIMS_PRIO_REGISTER and half of
					   WIMS_PRIO_REQUEST */
};

/* A measurement, one each WIMS_LOAD_BEAT_MS. Above the policy's work the level
 * rises, by a class in a second when all are busy all the time, below it falls:
 * so it comes to rest where what is admitted is what can be done. For the workers that
 * read from WICs a refresh is nearly as cheap to take as to refuse, so for their sake no more of
 * WIMS_PRIO_REFRESH is refused than WIMS_LOAD_REFUSING allows: without that, a node that is
 * sent more than it can refuse would do nothing else. What is not read yet waits in TCP. Workers
 * behind them are relieved by each refusal: while they or their queue are above the policy's
 * work, the level rises whatever refusing takes. Memory is what
 * is held and not what is done: between the policy's memory and full it makes the
 * level at once, and for all classes that can be refused. */
void wims_load_beat(struct wims_load *l, const struct wims_load_policy *p,
					const struct wims_load_measured *m);

/* Is one of draw + 1 .. WIMS_SHED_STEP requests of that class refused at that level?
 * Only a class that is refused in part asks for a draw: */
WIMS_MUST_CHECK bool wims_load_in_part(uint32_t level, enum wims_priority prio);
/* draw: from 0 to WIMS_SHED_STEP - 1, each as likely. */
WIMS_MUST_CHECK bool wims_load_refuses(uint32_t level, enum wims_priority prio, uint32_t draw);

/* What a request is. */
struct wims_load_request
{
	bool must;       /* ACK, BYE, CANCEL; emergency calls, call back of a PSAP */
	bool in_dialog;  /* has a To tag, and a WIC's connection has a call */
	bool registers;  /* REGISTER */
	bool registered; /* its connection has a registration */
};

enum wims_priority wims_load_priority(const struct wims_load_request *q);

#endif
