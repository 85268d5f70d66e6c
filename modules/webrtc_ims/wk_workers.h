/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_WORKERS_H
#define WK_WORKERS_H

#include "wk.h"

/* How much Kamailio's workers have to do, of WIMS_LOAD_FULL, as the process WIMS
 * sees it from outside. Kamailio itself counts neither. */

struct wk_workers
{
	uint32_t busy;   /* of the busiest kind: UDP workers, TCP workers, TCP main, async workers */
	uint32_t behind; /* of the busier of UDP and async workers: what a TCP worker refuses never
						gets there */
	uint64_t ran_ns; /* for how long all of them ran, not waited; 0: not known */
};
/* Since the last call: the share of the time in which a process was running or
 * waited for a processor, of each kind the mean, and of those that read from
 * WICs the part that waits for a lock now: where there are many that is what keeps them from
 * their messages. What waits for an answer
 * does not count. All 0 at the first call, and where the kernel does not say (no schedstat; of
 * locks alone: no wchan). */
struct wk_workers wk_workers_measure(int64_t now_ns);
/* What of its buffer the fullest UDP socket holds: messages that no worker has taken. Of a buffer
 * larger than Debian's, what it holds of as much. */
uint32_t wk_workers_queued(void);
/* Puts TCP workers behind the caller by so much (nice, 0 to 19), each one once, as soon as it is
 * there. Where the processors are what is short, answers of the core are then taken before more
 * of what they answer: a TCP worker that refuses has as much to do as WICs like, and there are
 * many of these. None does that itself: it may begin before Kamailio has written what it is.
 * Where the kernel does not let us, that is logged, and not tried again. */
void wk_workers_step_back(int by);

#endif
