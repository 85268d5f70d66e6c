/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FAKE_CHILD_H
#define FAKE_CHILD_H

/* In place of wk_child.c, for the one test program that includes this: the
 * child that the glue starts is the other end of a socket, read and written by
 * the test. */

#include "glue.h"

#include <sys/socket.h>
#include <unistd.h>

#include "wk_child.h"

static struct
{
	int fd; /* of the child; -1: none */
	int starts;
	int ends;
	bool cannot_start;
	bool gone; /* has ended, with that status */
	int status;
	char argv[200];
} child;

bool wk_child_start(struct wk_child *c, char *const argv[])
{
	int fds[2];

	*c = (struct wk_child){0, -1};
	snprintf(child.argv, sizeof(child.argv), "%s %s %s%s", argv[0], argv[1], argv[2],
			 argv[3] == NULL ? "" : " and more");
	child.starts++;
	if(child.cannot_start)
		return false;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	if(child.fd >= 0)
		close(child.fd);
	child.fd = fds[1];
	child.gone = false;
	*c = (struct wk_child){1000 + child.starts, fds[0]};
	return true;
}

void wk_child_end(struct wk_child *c)
{
	child.ends++;
	if(c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

bool wk_child_gone(struct wk_child *c, int *status)
{
	if(c->pid == 0 || !child.gone)
		return false;
	if(c->fd >= 0)
		close(c->fd);
	*c = (struct wk_child){0, -1};
	*status = child.status;
	return true;
}

static void dies(int status)
{
	close(child.fd);
	child.fd = -1;
	child.gone = true;
	child.status = status;
}

#endif
