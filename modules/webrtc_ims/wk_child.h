/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_CHILD_H
#define WK_CHILD_H

/* A program that runs as a child of the calling process, with one socket to
 * talk over and nothing else of Kamailio: an empty environment, default
 * signals, no descriptor but that socket (as standard input and output) and
 * /dev/null. It dies with its parent. Its parent must not be Kamailio's main
 * process, which takes the death of a child for the end of the server. */

#include <sys/types.h>

#include "wk.h"

struct wk_child
{
	pid_t pid; /* 0: none */
	int fd;    /* our end, non-blocking; -1: none */
};

/* False after a log line; *c is then empty. That the program cannot be run
 * shows later, as exit status WK_CHILD_NO_EXEC. */
WIMS_MUST_CHECK bool wk_child_start(struct wk_child *c, char *const argv[]);
/* Closes our end and kills it; wk_child_gone() has still to be asked. */
void wk_child_end(struct wk_child *c);
/* Has it ended? Never waits. True: *status is what waitpid() says, *c empty. */
bool wk_child_gone(struct wk_child *c, int *status);

enum
{
	WK_CHILD_NO_EXEC = 127
};

#endif
