/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_stop.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "core/cfg/cfg_struct.h"
#include "core/pt.h"

enum
{
	STOP_SECONDS = 2 /* that a clean stop may take */
};

static volatile sig_atomic_t stopping;
static int wakes;

/* The other processes end at once, wherever they are, and may leave a lock taken
 * for ever. */
static void on_stop(int signo)
{
	uint64_t one = 1;
	int error = errno;

	(void)signo;
	stopping = 1;
	alarm(STOP_SECONDS);
	(void)!write(wakes, &one, sizeof(one)); /* whoever does not wait looks as well */
	errno = error;
}

static void on_stop_too_long(int signo)
{
	(void)signo;
	_exit(0);
}

static bool catch_stop(int wake_fd)
{
	struct sigaction stop = {.sa_handler = on_stop}, late = {.sa_handler = on_stop_too_long};

	wakes = wake_fd;
	return sigaction(SIGTERM, &stop, NULL) == 0 && sigaction(SIGINT, &stop, NULL) == 0
		   && sigaction(SIGALRM, &late, NULL) == 0;
}

int wk_stop_fork(char *name, int sockets, int wake_fd, void (*run)(void))
{
	int pid = fork_process(PROC_TIMER, name, sockets);

	if(pid != 0)
		return pid < 0 ? -1 : 0;
	if(cfg_child_init() != 0 || !catch_stop(wake_fd))
		return -1;
	run();
	return 0;
}

bool wk_stopping(void)
{
	return stopping != 0;
}
