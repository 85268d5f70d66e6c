/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ERE_H
#define WIMS_ERE_H

/* The expression of a wildcarded public user identity (TS 23.003 13.5): an
 * extended regular expression of POSIX 1003.1 chapter 9, read against a list of
 * what is allowed. All else is refused, also where POSIX leaves it open, so
 * that no engine ever sees what it could understand in its own way.
 *
 *   characters     printable ASCII; the special ones ^.[]$()|*+?{}\ and !-/
 *                  may stand behind a backslash
 *   %HH            of an unreserved character or of ^[]{}|\ is that character,
 *                  also as an operator: these cannot stand in a URI. Any other
 *                  escape is one unit, as it is in a canonical identity
 *   .  [...]       any character, a set; classes as [:digit:], no collating
 *                  elements; ASCII order, whatever the locale
 *   ( ) | * + ? {m} {m,} {m,n}
 *
 * It is matched against the whole of what stands between the literal parts of
 * an identity; there are no anchors and no back references. */

#include "base/wims_w.h"

enum
{
	WIMS_ERE_MAX = 512,        /* bytes */
	WIMS_ERE_NESTING_MAX = 16, /* parentheses */
	WIMS_ERE_REPEAT_MAX = 255, /* m and n */
	WIMS_ERE_SIZE_MAX = 1000,  /* characters and sets, each as often as it may be repeated */
	WIMS_ERE_ENGINE_MAX = 8192 /* bytes written for the engine */
};

/* Characters 0 to 127. */
struct wims_ere_set
{
	uint64_t bits[2];
};

enum wims_ere_kind
{
	WIMS_ERE_SET,
	WIMS_ERE_SEQ, /* of at least two nodes; the root may be an empty one */
	WIMS_ERE_ALT,
	WIMS_ERE_REPEAT
};

enum
{
	WIMS_ERE_END = UINT16_MAX, /* no node */
	WIMS_ERE_NO_MAX = UINT16_MAX,
	/* a byte makes two at most, an escape of three bytes four */
	WIMS_ERE_NODES = 2 * WIMS_ERE_MAX + 8
};

struct wims_ere_node
{
	struct wims_ere_set set;
	enum wims_ere_kind kind;
	uint16_t child; /* the first */
	uint16_t next;
	uint16_t min, max; /* of WIMS_ERE_REPEAT */
};

struct wims_ere
{
	uint16_t root;
	uint16_t count;
	struct wims_ere_node node[WIMS_ERE_NODES];
};

/* Why a pattern was refused. */
struct wims_range_fault
{
	const char *why; /* what is wrong and what is allowed; static */
	size_t at;       /* byte of the pattern */
	uint32_t range;  /* that it is about, and */
	uint32_t other;  /* the one that it overlaps */
};

/* False: *fault has why and at; e is of no use then. */
WIMS_MUST_CHECK bool wims_ere_parse(struct wims_ere *e, struct wims_pl text,
									struct wims_range_fault *fault);

/* ---- what has been read ---- */

bool wims_ere_set_has(struct wims_ere_set s, char c);
/* Every printable character but space: all that an identity is made of. */
struct wims_ere_set wims_ere_set_any(void);

/* Takes the characters that every match begins (or ends) with off e, at most
 * room of them, into out. Returns how many. */
size_t wims_ere_take_head(struct wims_ere *e, char *out, size_t room);
/* The same at the end; they are written to the end of the room bytes at out. */
size_t wims_ere_take_tail(struct wims_ere *e, char *out, size_t room);

/* One set over and over: what most ranges are. */
struct wims_ere_run
{
	struct wims_ere_set set;
	uint16_t min, max;
};

/* Is e such a run (an empty expression is one of length 0)? */
bool wims_ere_is_run(const struct wims_ere *e, struct wims_ere_run *run);

/* Writes e as the engine understands it (PCRE2 without captures); equal
 * expressions are equal text, however they were spelled. w fails when there is
 * no room. */
void wims_ere_write(const struct wims_ere *e, struct wims_w *w);

#endif
