/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_schema.h"

#include "provision/wims_suggest.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* clang-format off */
static const char *const type_names[] = {
	[WIMS_JSON_ABSENT] = "nothing",
	[WIMS_JSON_NULL]   = "null",
	[WIMS_JSON_BOOL]   = "true or false",
	[WIMS_JSON_INT]    = "integer",
	[WIMS_JSON_REAL]   = "number with a fraction",
	[WIMS_JSON_STRING] = "string",
	[WIMS_JSON_ARRAY]  = "array",
	[WIMS_JSON_OBJECT] = "object",
};
/* clang-format on */

enum
{
	TYPE_COUNT = sizeof(type_names) / sizeof(type_names[0])
};

/* --- path --- */

static size_t path_grown(struct wims_reading *rd, int written)
{
	size_t before = rd->path_len;
	size_t room = sizeof(rd->path) - before;

	if(written > 0)
		rd->path_len += (size_t)written < room ? (size_t)written : room - 1;
	return before;
}

size_t wims_path_member(struct wims_reading *rd, const char *name)
{
	return path_grown(
			rd, snprintf(rd->path + rd->path_len, sizeof(rd->path) - rd->path_len, ".%s", name));
}

size_t wims_path_index(struct wims_reading *rd, size_t i)
{
	return path_grown(
			rd, snprintf(rd->path + rd->path_len, sizeof(rd->path) - rd->path_len, "[%zu]", i));
}

void wims_path_leave(struct wims_reading *rd, size_t len)
{
	rd->path_len = len;
	rd->path[len] = '\0';
}

/* --- faults --- */

static void printable(char *s)
{
	for(; *s != '\0'; s++)
		if((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}

enum wims_reason wims_config_fail(struct wims_reading *rd, enum wims_reason r, const char *fmt, ...)
{
	va_list ap;

	snprintf(rd->fault->path, sizeof(rd->fault->path), "$%.*s", (int)rd->path_len, rd->path);
	va_start(ap, fmt);
	vsnprintf(rd->fault->text, sizeof(rd->fault->text), fmt, ap);
	va_end(ap);
	printable(rd->fault->path);
	printable(rd->fault->text);
	return r;
}

enum wims_reason wims_config_nomem(struct wims_reading *rd)
{
	return wims_config_fail(rd, WIMS_NOMEM, "out of memory");
}

enum wims_reason wims_config_type(struct wims_reading *rd, unsigned types,
								  const struct wims_json_value *v)
{
	char allowed[120] = "";
	size_t at = 0;
	unsigned t;

	for(t = 0; t < TYPE_COUNT; t++)
		if((types & WIMS_TYPE_BIT(t)) != 0)
			at += (size_t)snprintf(allowed + at, sizeof(allowed) - at, "%s%s", at > 0 ? " or " : "",
								   type_names[t]);
	return wims_config_fail(rd, WIMS_CONFIG_VALUE, "is %s; allowed: %s",
							wims_json_type(v) == WIMS_JSON_BOOL ? "boolean"
																: type_names[wims_json_type(v)],
							allowed);
}

/* --- one row --- */

/* Strings are bounded by their kind, see wims_set.h. */
static enum wims_reason check_range(struct wims_reading *rd, const struct wims_member *m,
									const struct wims_json_value *v)
{
	bool array = wims_json_type(v) == WIMS_JSON_ARRAY;
	int64_t n = array ? (int64_t)wims_json_count(v) : wims_json_int(v);

	if((!array && wims_json_type(v) != WIMS_JSON_INT) || (n >= m->min && n <= m->max))
		return WIMS_OK;
	if(m->min == m->max)
		return wims_config_fail(rd, WIMS_CONFIG_VALUE, "is %" PRId64 "; allowed: %" PRId64, n,
								m->min);
	return wims_config_fail(
			rd, WIMS_CONFIG_VALUE, "%s %" PRId64 "; allowed: %" PRId64 " to %" PRId64 "%s",
			array ? "has entries:" : "is", n, m->min, m->max, array ? " entries" : "");
}

static enum wims_reason read_value(struct wims_reading *rd, const struct wims_member *m,
								   void *target, const struct wims_json_value *v)
{
	enum wims_reason r;

	if((m->flags & rd->refused) != 0)
		return wims_config_fail(rd, WIMS_CONFIG_MEMBER, "%s", rd->refused_why);
	if((m->types & WIMS_TYPE_BIT(wims_json_type(v))) == 0)
		return wims_config_type(rd, m->types, v);
	if((r = check_range(rd, m, v)) != WIMS_OK)
		return r;
	return m->set(rd, m, (char *)target + m->offset, v);
}

enum wims_reason wims_schema_read_row(struct wims_reading *rd, const struct wims_member *m,
									  void *target, const struct wims_json_value *v)
{
	const struct wims_json_value *value = wims_json_member(v, m->name);
	size_t outer = wims_path_member(rd, m->name);
	enum wims_reason r = WIMS_OK;

	if(value != NULL)
		r = read_value(rd, m, target, value);
	else if((m->flags & WIMS_MEMBER_REQUIRED) != 0 && (m->flags & rd->refused) == 0)
		r = wims_config_fail(rd, WIMS_CONFIG_MEMBER, "is required");
	wims_path_leave(rd, outer);
	return r;
}

/* --- whole objects --- */

static const struct wims_member *row_named(struct wims_schema schema, struct wims_pl name)
{
	size_t i;

	for(i = 0; i < schema.count; i++)
		if(wims_pl_eq(name, wims_pl_str(schema.rows[i].name)))
			return &schema.rows[i];
	return NULL;
}

static const char *nearest_name(struct wims_schema schema, struct wims_pl name)
{
	const char *nearest = NULL;
	size_t best = SIZE_MAX;
	size_t i;

	for(i = 0; i < schema.count; i++) {
		struct wims_pl known = wims_pl_str(schema.rows[i].name);
		size_t distance = wims_name_distance(name, known);

		if(distance < best && wims_name_close(name, known)) {
			best = distance;
			nearest = schema.rows[i].name;
		}
	}
	return nearest;
}

static enum wims_reason fail_unknown(struct wims_reading *rd, struct wims_schema schema,
									 struct wims_pl name)
{
	const char *nearest = nearest_name(schema, name);
	char allowed[160] = "";
	size_t at = 0;
	size_t i;

	if(nearest != NULL)
		return wims_config_fail(rd, WIMS_CONFIG_MEMBER,
								"unknown member \"%.*s\"; did you mean \"%s\"?", WIMS_PL_ARG(name),
								nearest);
	for(i = 0; i < schema.count && at + 1 < sizeof(allowed); i++)
		at += (size_t)snprintf(allowed + at, sizeof(allowed) - at, "%s%s", at > 0 ? ", " : "",
							   schema.rows[i].name);
	return wims_config_fail(rd, WIMS_CONFIG_MEMBER, "unknown member \"%.*s\"; allowed: %s%s",
							WIMS_PL_ARG(name), allowed, at < sizeof(allowed) ? "" : "...");
}

static enum wims_reason check_names(struct wims_reading *rd, struct wims_schema schema,
									const struct wims_json_value *v)
{
	const struct wims_json_value *value;
	struct wims_pl name;
	size_t i;

	for(i = 0; wims_json_member_at(v, i, &name, &value); i++)
		if(row_named(schema, name) == NULL)
			return fail_unknown(rd, schema, name);
	return WIMS_OK;
}

enum wims_reason wims_schema_read(struct wims_reading *rd, struct wims_schema schema, void *target,
								  const struct wims_json_value *v)
{
	enum wims_reason r;
	size_t i;

	if(wims_json_type(v) != WIMS_JSON_OBJECT)
		return wims_config_type(rd, WIMS_TYPE_BIT(WIMS_JSON_OBJECT), v);
	r = check_names(rd, schema, v);
	for(i = 0; r == WIMS_OK && i < schema.count; i++)
		r = wims_schema_read_row(rd, &schema.rows[i], target, v);
	return r;
}
