/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REDIS_COMMAND_H
#define WIMS_REDIS_COMMAND_H

/* Commands to Redis, as an array of bulk strings: lengths are counted, so no
 * byte of an argument can end it. */

#include "base/wims_buf.h"

enum
{
	WIMS_REDIS_COMMAND_MAX = 128 * 1024, /* bytes of what is sent at once */
	WIMS_REDIS_ARGS_MAX = 512            /* of one command, its name counted */
};

/* Appends the head of a command of n words, its name counted; false: too many,
 * or no memory. */
WIMS_MUST_CHECK bool wims_redis_command(struct wims_buf *out, size_t n);
/* Appends its words, one call or more. */
WIMS_MUST_CHECK bool wims_redis_words(struct wims_buf *out, const struct wims_pl *words, size_t n);

#endif
