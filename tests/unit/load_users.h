/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Users of wims-load from a text, for its tests; include it behind cmocka.h.
 */
#ifndef LOAD_USERS_H
#define LOAD_USERS_H

#include "tools/load/users.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The users of a file with that text, for wl_users_close(); NULL as of wl_users_open(). */
static inline struct wl_users *users_of(const char *text, unsigned *line)
{
	char path[] = "/tmp/load-users-XXXXXX";
	struct wl_users *u;
	int fd = mkstemp(path), error;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	u = wl_users_open(path, line);
	error = errno;
	unlink(path);
	errno = error;
	return u;
}

/* The same of a good text: never NULL. */
static inline struct wl_users *good_users(const char *text)
{
	unsigned line;
	struct wl_users *u = users_of(text, &line);

	assert_non_null(u);
	return u;
}

#endif
