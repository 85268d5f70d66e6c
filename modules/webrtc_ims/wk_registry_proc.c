/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry_proc.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/cfg/cfg_struct.h"
#include "core/mem/shm_mem.h"
#include "core/timer_proc.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_rangereg.h"
#include "wk_registry_nodes.h"
#include "wk_registry_round.h"
#include "wk_registry_sync.h"
#include "wk_state.h"
#include "wk_stop.h"

enum
{
	NEWS_EACH_TURN = 64, /* then the rest has its turn */
	SLICE_MS = 50        /* the rest is done in the next one */
};

/* ---- waking it ---- */

static int wake_fd = -1;

int wk_registry_proc_reserve(void)
{
	wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if(wake_fd < 0) {
		LM_ERR("no eventfd for the registrar process: %s\n", strerror(errno));
		return -1;
	}
	return register_sync_timers(1);
}

void wk_registry_proc_destroy(void)
{
	if(wake_fd >= 0)
		close(wake_fd);
	wake_fd = -1;
}

void wk_registry_proc_wake(void)
{
	uint64_t one = 1;

	if(write(wake_fd, &one, sizeof(one)) < 0) /* the next turn looks as well */
		LM_DBG("eventfd: %s\n", strerror(errno));
}

static void wait_ms(int64_t left)
{
	struct pollfd fd = {.fd = wake_fd, .events = POLLIN};
	uint64_t n;

	if(poll(&fd, 1, left > 0 ? (int)left : 0) > 0 && read(wake_fd, &n, sizeof(n)) < 0)
		LM_DBG("eventfd: %s\n", strerror(errno));
}

/* ---- one turn ---- */

/* Of contacts that ended, as many as fit between two beats. False: none is left, or
 * they wait. */
static bool tell_news(void)
{
	int left = NEWS_EACH_TURN;
	bool more = true;

	while(more && left-- > 0 && !wk_registry_beat_due())
		more = wk_registry_sync_next();
	return more;
}

int64_t wk_registry_turn(void)
{
	static bool there;
	bool busy = false, was = there;

	if(!wk_provision_refresh())
		return SLICE_MS;
	there = wk_registry_beat();
	if(there && !was)
		wk_registry_round_anew();
	if(there) {
		busy = tell_news();
		busy |= wk_registry_round();
	}
	busy |= wk_rangereg_lease_turn();
	return busy ? 0 : SLICE_MS;
}

/* ---- the process ---- */

static void run(void)
{
	while(!wk_stopping()) {
		cfg_update();
		wait_ms(wk_registry_turn());
	}
	wk_rangereg_lease_give();
	wk_registry_leave();
	_exit(0);
}

int wk_registry_proc_fork(void)
{
	return wk_registry_shared() ? wk_stop_fork("webrtc_ims registrar", 0, wake_fd, run) : 0;
}
