/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* close_range; 5.6's headers define it, later ones do not */
#endif
#include "wk_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_CHILD ((struct wk_child){0, -1})

/* ---- in the child: calls that are safe after a fork, and no others ---- */

static void default_signals(void)
{
	sigset_t none;
	int i;

	for(i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Older kernels, and containers that let no new system call through, have no
 * close_range. */
static bool close_others(long limit)
{
	long fd;

	if(close_range(3, ~0U, 0) == 0)
		return true;
	for(fd = 3; fd < limit; fd++)
		close((int)fd);
	return limit > 3;
}

/* The socket may be any number, 0 to 2 among them. */
static bool only_socket(int fd, long limit)
{
	int top = fcntl(fd, F_DUPFD, 3);
	int null = open("/dev/null", O_RDWR);

	return top >= 0 && null >= 0 && dup2(top, 0) == 0 && dup2(top, 1) == 1 && dup2(null, 2) == 2
		   && close_others(limit);
}

static void become(char *const argv[], int fd, pid_t parent, long limit)
{
	char *nothing[] = {NULL};

	default_signals();
	/* The parent may be dead already, and then nobody sends that signal. */
	if(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent && only_socket(fd, limit))
		execve(argv[0], argv, nothing);
	_exit(WK_CHILD_NO_EXEC);
}

/* ---- in the parent ---- */

bool wk_child_start(struct wk_child *c, char *const argv[])
{
	long limit = sysconf(_SC_OPEN_MAX);
	pid_t parent = getpid();
	int fds[2];

	*c = NO_CHILD;
	if(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0) {
		LM_ERR("no socket for %s: %s\n", argv[0], strerror(errno));
		return false;
	}
	c->pid = fork();
	if(c->pid == 0)
		become(argv, fds[1], parent, limit);
	close(fds[1]);
	if(c->pid < 0) {
		LM_ERR("cannot fork for %s: %s\n", argv[0], strerror(errno));
		close(fds[0]);
		*c = NO_CHILD;
		return false;
	}
	c->fd = fds[0];
	return true;
}

void wk_child_end(struct wk_child *c)
{
	if(c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	if(c->pid > 0)
		kill(c->pid, SIGKILL);
}

bool wk_child_gone(struct wk_child *c, int *status)
{
	pid_t pid = c->pid > 0 ? waitpid(c->pid, status, WNOHANG) : 0;

	if(pid == 0 || (pid < 0 && errno == EINTR))
		return false;
	if(pid < 0)
		*status = 0; /* somebody else took its status: it is gone all the same */
	if(c->fd >= 0)
		close(c->fd);
	*c = NO_CHILD;
	return true;
}
