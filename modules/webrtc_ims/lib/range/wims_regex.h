/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REGEX_H
#define WIMS_REGEX_H

/* The regular expression engine, PCRE2 without JIT. It gets nothing but what
 * wims_ere_write() wrote.
 *
 * A compiled expression is read-only data: all processes of a server may use one
 * copy in shared memory, provided they map it, and the PCRE2 library, at the
 * same address, as those that are forked from one do. What a match writes to is
 * a room, of which each process has its own.
 *
 * A match that goes beyond a limit is none. */

#include "base/wims_env.h"
#include "base/wims_reason.h"

enum
{
	WIMS_REGEX_STEPS_MAX = 10000, /* of backtracking */
	WIMS_REGEX_DEPTH_MAX = 1000,
	WIMS_REGEX_HEAP_KIB_MAX = 512
};

struct wims_regex;
struct wims_regex_room;

/* env must stay as and where it is while *out exists. *out is NULL unless
 * WIMS_OK. LIMIT_REACHED: too large for the engine. NOMEM. */
WIMS_MUST_CHECK enum wims_reason
wims_regex_compile(struct wims_regex **out, const struct wims_env *env, struct wims_pl text);
void wims_regex_free(struct wims_regex *re); /* NULL is fine */

/* NULL: no memory. env must stay as and where it is while the room exists. */
struct wims_regex_room *wims_regex_room_new(const struct wims_env *env);
void wims_regex_room_free(struct wims_regex_room *room); /* NULL is fine */

/* Does re match the whole of s? *limited becomes true when a limit, or memory,
 * ended the search; it is left alone otherwise. */
bool wims_regex_match(const struct wims_regex *re, struct wims_regex_room *room, struct wims_pl s,
					  bool *limited);

#endif
