/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RANGES_INT_H
#define WIMS_RANGES_INT_H

/* Between the files of a set of ranges. */

#include "range/wims_ranges.h"
#include "range/wims_slots.h"

#define WIMS_NO_ITEM UINT32_MAX

/* Bytes in the set's text. */
struct wims_span
{
	uint32_t at;
	uint32_t length;
};

enum wims_program_kind
{
	WIMS_PROGRAM_RUN,   /* one set, min to max times */
	WIMS_PROGRAM_BLOCK, /* digits from first to last */
	WIMS_PROGRAM_REGEX
};

/* What decides about the part between the literal ones. Ranges with equal
 * expressions share one. */
struct wims_program
{
	struct wims_span key; /* as the engine reads it, or the digits "0000..9999" */
	struct wims_regex *regex;
	struct wims_ere_run run;
	enum wims_program_kind kind;
};

/* Scheme and host. */
struct wims_space
{
	struct wims_span scheme;
	struct wims_span host;
	/* a bit for each length of a literal prefix that is there */
	uint64_t lengths[(WIMS_IMPU_MAX + 64) / 64];
};

/* One range, in a list of all with its space and prefix. */
struct wims_member
{
	struct wims_span text;
	uint32_t prefix; /* the suffix lies behind it */
	uint16_t prefix_length;
	uint16_t suffix_length;
	uint32_t space;
	uint32_t owner;
	uint32_t program; /* WIMS_NO_ITEM: a distinct identity */
	uint32_t next;
};

struct wims_owner
{
	struct wims_span name;
	struct wims_span host;
};

struct wims_ranges
{
	struct wims_env env; /* compiled expressions point here: never moves */
	bool sealed;
	char *text;
	size_t text_size, text_count;
	struct wims_owner *owners;
	size_t owners_size, owners_count;
	struct wims_space *spaces;
	size_t spaces_size, spaces_count;
	struct wims_program *programs;
	size_t programs_size, programs_count;
	struct wims_member *members;
	size_t members_size, members_count;
	struct wims_slots space_slots;
	struct wims_slots program_slots;
	struct wims_slots prefix_slots; /* the first of each list */
};

struct wims_pl wims_ranges_span(const struct wims_ranges *rs, struct wims_span s);
WIMS_MUST_CHECK bool wims_ranges_keep(struct wims_ranges *rs, struct wims_pl s,
									  struct wims_span *out);
struct wims_pl wims_member_prefix(const struct wims_ranges *rs, const struct wims_member *m);
struct wims_pl wims_member_suffix(const struct wims_ranges *rs, const struct wims_member *m);

/* The slot of the list with that prefix, or NULL. hash is
 * wims_ranges_prefix_hash(). */
struct wims_slot *wims_ranges_list(const struct wims_ranges *rs, uint32_t space,
								   struct wims_pl prefix, uint64_t hash);
/* Where the hash of a space's prefixes starts: wims_slots_hash() continues. */
uint64_t wims_ranges_seed(uint32_t space);
/* Has the space a prefix of that length? */
bool wims_space_has(const struct wims_space *s, size_t length);
/* Number of the space, or WIMS_NO_ITEM. */
uint32_t wims_ranges_space(const struct wims_ranges *rs, struct wims_pl scheme, struct wims_pl host,
						   uint32_t *hash);

/* The program of r, shared with ranges that have the same expression. */
WIMS_MUST_CHECK enum wims_reason wims_ranges_program(struct wims_ranges *rs,
													 const struct wims_range *r, uint32_t *out);
bool wims_program_matches(const struct wims_ranges *rs, const struct wims_program *p,
						  struct wims_regex_room *room, struct wims_pl s, bool *limited);

#endif
