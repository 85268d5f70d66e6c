/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_JSON_H
#define WIMS_JSON_H

/* JSON, read only (RFC 8259). The one door to the JSON library: size and
 * depth are capped before it sees the text, duplicate members (RFC 7519 4),
 * NUL in strings, integers beyond 64 bits and text after the value are
 * refused. A document is an object or an array. */

#include "base/wims_env.h"
#include "base/wims_reason.h"

enum
{
	WIMS_JSON_MAX = 1024 * 1024, /* bytes of one document */
	WIMS_JSON_DEPTH_MAX = 16     /* nested arrays and objects */
};

/* A whole document; values below are borrowed from it. */
struct wims_json;
/* One value inside a document. */
struct wims_json_value;

enum wims_json_type
{
	WIMS_JSON_ABSENT, /* a NULL value */
	WIMS_JSON_NULL,
	WIMS_JSON_BOOL,
	WIMS_JSON_INT,
	WIMS_JSON_REAL,
	WIMS_JSON_STRING,
	WIMS_JSON_ARRAY,
	WIMS_JSON_OBJECT
};

/* Where a document broke: 1-based line and column, and a short text that shows
 * nothing of the document itself. */
struct wims_json_fault
{
	int line;
	int column;
	char text[160];
};

/* max: cap for this kind of document, at most WIMS_JSON_MAX. fault may be
 * NULL. *out is NULL unless WIMS_OK (else TOKEN_JSON or NOMEM). Free it with
 * wims_json_free. One thread of a process only. */
WIMS_MUST_CHECK enum wims_reason wims_json_parse(struct wims_json **out, const struct wims_env *env,
												 struct wims_pl text, size_t max,
												 struct wims_json_fault *fault);
void wims_json_free(struct wims_json *doc);
const struct wims_json_value *wims_json_root(const struct wims_json *doc);

enum wims_json_type wims_json_type(const struct wims_json_value *v);
/* Empty slice, false or 0 for another type: ask for the type first. */
struct wims_pl wims_json_string(const struct wims_json_value *v);
bool wims_json_bool(const struct wims_json_value *v);
int64_t wims_json_int(const struct wims_json_value *v);
/* An INT or a REAL as a double; integers beyond 2^53 lose digits. */
double wims_json_real(const struct wims_json_value *v);
/* NULL when absent or when v is no object. name is a C string. */
const struct wims_json_value *wims_json_member(const struct wims_json_value *v, const char *name);
const struct wims_json_value *wims_json_member_pl(const struct wims_json_value *v,
												  struct wims_pl name);
/* Elements of an array or members of an object; 0 for other types. */
size_t wims_json_count(const struct wims_json_value *v);
/* NULL past the end or when v is no array. */
const struct wims_json_value *wims_json_at(const struct wims_json_value *v, size_t i);
/* Members in document order: i-th name and value; false past the end. A NUL
 * stands behind the name. */
bool wims_json_member_at(const struct wims_json_value *v, size_t i, struct wims_pl *name,
						 const struct wims_json_value **value);

#endif
