/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_EXPIRES_H
#define WIMS_EXPIRES_H

/* How long a registration lives. Two clocks run: the WIC's registration ends
 * with its token at the latest, the core's is at least as long as the core
 * accepts (RFC 3261 10.3 step 7); what the core has left over is removed there
 * when the WIC's time is up. All spans in s, times in s since 1970. */

#include "base/wims_reason.h"

/* For a registration without a token (scenario 1). */
#define WIMS_TOKEN_EXP_NONE INT64_MAX

/* wic_min <= preset <= max; what else a site may set, its configuration
 * checks. */
struct wims_expires_policy
{
	uint32_t preset;      /* when the WIC asks for nothing */
	uint32_t max;         /* the most a WIC gets */
	uint32_t wic_min;     /* a WIC that asks for less gets 423 */
	uint32_t core_min;    /* what the core takes; learnt from its Min-Expires */
	uint32_t token_floor; /* a token with less left is as good as expired */
};

struct wims_expires_plan
{
	bool remove;   /* de-REGISTER; both are 0 */
	uint32_t core; /* to ask the core for */
	uint32_t wic;  /* to grant to the WIC, if the core grants as much */
};

/* What a REGISTER comes to. asked: expires of the Contact, else the Expires
 * header, else NULL. *plan is zeroed unless OK.
 *   EXPIRES_TOO_BRIEF     asked, more than 0, under wic_min: 423 with
 *                         Min-Expires: wic_min
 *   TOKEN_NEARLY_EXPIRED  under token_floor left. Not 423: the WIC could ask
 *                         for more for ever and never get it
 * A de-REGISTER needs no time left. */
WIMS_MUST_CHECK enum wims_reason wims_expires_plan(struct wims_expires_plan *plan,
												   const struct wims_expires_policy *policy,
												   const uint32_t *asked, int64_t token_exp,
												   int64_t now);

/* The core said 200 and granted core_granted to our contact: *grant is for the
 * WIC, 0 unless OK or a de-REGISTER. CORE_ANSWER_BAD: granted nothing.
 * TOKEN_NEARLY_EXPIRED: the token ended meanwhile, so the caller takes the
 * registration out of the core again. */
WIMS_MUST_CHECK enum wims_reason wims_expires_grant(uint32_t *grant,
													const struct wims_expires_plan *plan,
													uint32_t core_granted, int64_t token_exp,
													int64_t now);

/* When a token ends, in ms of a clock that reads `now` while the wall clock
 * reads wall_ms (ms since 1970): steps of the wall clock after that do not
 * matter. INT64_MAX: never, as for WIMS_TOKEN_EXP_NONE. exp and wall clock are
 * not negative. */
int64_t wims_expires_end(int64_t token_exp, int64_t wall_ms, int64_t now);

#endif
