/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_SCHEMA_H
#define WIMS_SCHEMA_H

/* Reads one JSON object by a table: a row for each member gives its name,
 * type, range and setter. What the table does not name is refused. */

#include "base/wims_w.h"
#include "jose/wims_json.h"
#include "provision/wims_arena.h"
#include "provision/wims_entries.h"
#include "provision/wims_provision.h"

/* Where in the file the reader is, and where it puts what it finds. */
struct wims_reading
{
	const struct wims_env *env;
	struct wims_arena *keep;    /* lives as long as the provisioning */
	struct wims_arena *scratch; /* until the reading ends */
	const struct wims_file_reader *reader;
	struct wims_config_fault *fault;
	/* rows with one of these flags are refused, for the reason given */
	unsigned refused;
	const char *refused_why;
	/* the WWSF being read, and the identities of all read so far */
	uint32_t wwsf;
	struct wims_entries impus;
	struct wims_entries impis;
	size_t path_len;
	char path[sizeof(((struct wims_config_fault *)0)->path)];
};

#define WIMS_TYPE_BIT(t) (1u << (t))

enum wims_member_flag
{
	WIMS_MEMBER_REQUIRED = 1,
	WIMS_MEMBER_BY_TOKEN = 2, /* has no meaning where the core authenticates */
	WIMS_MEMBER_RANGES = 4    /* nor where there are no ranges */
};

/* What a string may hold. */
struct wims_text_kind
{
	size_t min;
	size_t max;
	/* NULL: any bytes */
	bool (*ok)(struct wims_pl s);
	/* writes the canonical form, false when there is none; NULL: as it is */
	bool (*write)(struct wims_w *w, struct wims_pl s);
	const char *allowed; /* for the operator */
};

struct wims_member
{
	const char *name;
	unsigned types; /* WIMS_TYPE_BIT() set */
	unsigned flags; /* enum wims_member_flag */
	int64_t min;    /* integer: range; array: count */
	int64_t max;
	size_t offset; /* of what the setter sets, inside the target */
	enum wims_reason (*set)(struct wims_reading *rd, const struct wims_member *m, void *field,
							const struct wims_json_value *v);
	const struct wims_text_kind *text; /* of a string, or of an array's strings */
};

struct wims_schema
{
	const struct wims_member *rows;
	size_t count;
};

#define WIMS_SCHEMA(table) ((struct wims_schema){(table), sizeof(table) / sizeof((table)[0])})

/* Every member of v goes to its row's setter, in the order of the rows, so a
 * setter may rely on the rows above its own. */
WIMS_MUST_CHECK enum wims_reason wims_schema_read(struct wims_reading *rd,
												  struct wims_schema schema, void *target,
												  const struct wims_json_value *v);
/* One row alone, when v has that member. */
WIMS_MUST_CHECK enum wims_reason wims_schema_read_row(struct wims_reading *rd,
													  const struct wims_member *m, void *target,
													  const struct wims_json_value *v);

/* Path keeping: each gives the length to hand to wims_path_leave. */
size_t wims_path_member(struct wims_reading *rd, const char *name);
size_t wims_path_index(struct wims_reading *rd, size_t i);
void wims_path_leave(struct wims_reading *rd, size_t len);

/* Fills the fault with the path as it stands and returns r. Bytes that could
 * break a log line are shown as '?'. */
enum wims_reason wims_config_fail(struct wims_reading *rd, enum wims_reason r, const char *fmt, ...)
		__attribute__((format(printf, 3, 4)));
enum wims_reason wims_config_nomem(struct wims_reading *rd);
/* v is none of types: says what it is and what is allowed. */
enum wims_reason wims_config_type(struct wims_reading *rd, unsigned types,
								  const struct wims_json_value *v);

/* A slice for printf's %.*s; long ones are cut. */
#define WIMS_CONFIG_SHOWN_MAX 80
#define WIMS_PL_ARG(s) (int)((s).l < WIMS_CONFIG_SHOWN_MAX ? (s).l : WIMS_CONFIG_SHOWN_MAX), (s).p

#endif
