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

/* The share of the time since the last call in which a process was running or
 * waited for a processor, of the busiest kind of them (UDP workers, TCP workers,
 * TCP main, async workers): of each kind the mean. What waits for an answer does not
 * count. 0 at the first call, and where the kernel does not say (no schedstat). */
uint32_t wk_workers_busy(int64_t now_ns);
/* For how many ns TCP workers ran, in all, in the time that this looked at. 0: not known. */
uint64_t wk_workers_ran(void);
/* What of its buffer the fullest UDP socket holds: requests that no worker has taken. */
uint32_t wk_workers_queued(void);

#endif
