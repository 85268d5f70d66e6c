/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RANGES_H
#define WIMS_RANGES_H

/* A set of ranges and of who owns them: which range does an identity belong to?
 *
 * A set is filled, sealed, and then only read. Its memory may be shared by all
 * processes that map it at one address (see wims_regex.h); no lookup writes to
 * it.
 *
 * Of several ranges that an identity is in, the most specific one counts: a
 * distinct identity, else the one with the longest literal part before the
 * expression, then behind it, then the one that was added first. All of them
 * belong to one owner: sealing refuses a set in which ranges of two owners
 * overlap, or cannot be shown not to. */

#include "base/wims_reason.h"
#include "range/wims_range.h"
#include "range/wims_regex.h"

enum
{
	WIMS_RANGES_MAX = 2000000,
	WIMS_RANGES_OWNERS_MAX = 100000,
	WIMS_RANGES_BESIDE_MAX = 64, /* with one host and one literal part before the expression */
	WIMS_RANGES_NAME_MAX = 255,  /* of an owner */
	WIMS_RANGES_TEL_DIGITS = 4   /* least number of literal ones of a number */
};

struct wims_ranges;

struct wims_ranges_hit
{
	uint32_t range; /* in the order of adding */
	uint32_t owner;
	enum wims_range_kind kind;
	bool limited; /* an expression was given up at a limit, and counts as no match */
};

/* NULL: no memory. env is copied. */
struct wims_ranges *wims_ranges_new(const struct wims_env *env);
void wims_ranges_free(struct wims_ranges *rs); /* NULL is fine */

/* Who has ranges from now on; host: where they may be (canonical as of an
 * identity), empty: anywhere. *out is the owner's number. LIMIT_REACHED,
 * CONFIG_VALUE (no host, name too long), NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_ranges_owner(struct wims_ranges *rs, struct wims_pl name,
												   struct wims_pl host, uint32_t *out);

/* CONFIG_VALUE: no range, or one that is too wide for its owner: no literal
 * part, too few digits before that of a number, another host. LIMIT_REACHED: too
 * many, in all or beside it. NOMEM. *fault has why and at; nothing is added
 * unless WIMS_OK. */
WIMS_MUST_CHECK enum wims_reason wims_ranges_add(struct wims_ranges *rs, uint32_t owner,
												 struct wims_pl text,
												 struct wims_range_fault *fault);

/* The same, but as wide as it is and of any host: what the owner has was decided
 * elsewhere. */
WIMS_MUST_CHECK enum wims_reason wims_ranges_add_given(struct wims_ranges *rs, uint32_t owner,
													   struct wims_pl text,
													   struct wims_range_fault *fault);

/* CONFIG_OVERLAP: *fault has range and other, of two owners (or the same range
 * twice, of one). */
WIMS_MUST_CHECK enum wims_reason wims_ranges_seal(struct wims_ranges *rs,
												  struct wims_range_fault *fault);

/* impu must be canonical (wims_impu_canonical). False: in no range of a sealed
 * set; hit has only limited then. */
WIMS_MUST_CHECK bool wims_ranges_find(const struct wims_ranges *rs, struct wims_regex_room *room,
									  struct wims_pl impu, struct wims_ranges_hit *hit);

size_t wims_ranges_count(const struct wims_ranges *rs);
/* As it was added; borrowed. */
struct wims_pl wims_ranges_text(const struct wims_ranges *rs, uint32_t range);
uint32_t wims_ranges_owner_of(const struct wims_ranges *rs, uint32_t range);
struct wims_pl wims_ranges_name(const struct wims_ranges *rs, uint32_t owner);

#endif
