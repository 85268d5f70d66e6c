/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_json.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

struct wims_json
{
	const struct wims_env *env;
	json_t *root;
};

/* A value is the library's own; the cast lives in these two functions. */
static const struct wims_json_value *wrap(const json_t *v)
{
	return (const struct wims_json_value *)v;
}

static const json_t *raw(const struct wims_json_value *v)
{
	return (const json_t *)v;
}

static void set_fault(struct wims_json_fault *fault, int line, int column, const char *text)
{
	if(fault == NULL)
		return;
	fault->line = line;
	fault->column = column;
	snprintf(fault->text, sizeof(fault->text), "%s", text);
}

/* --- the library's memory ---
 *
 * When the library cannot make room for a string that it reads, it goes on
 * without the character: a token would say something else than it does. So what
 * was read while memory ran out is never believed, and until the library comes
 * back it is fed from a reserve, because without room for the quote at its end
 * it would write past a string. A document from the reserve is freed at once.
 * The library has one set of hooks for a process, so documents are read by one
 * thread of it only. */

enum
{
	RESERVE = 128 * 1024, /* touched only when memory runs out */
	ALIGNED = 16
};

static struct
{
	json_malloc_t alloc;
	json_free_t free;
	bool ran_out;
	size_t used;
	_Alignas(ALIGNED) char reserve[RESERVE];
} watch;

static void *watched_alloc(size_t n)
{
	void *p = watch.alloc(n);
	size_t room = (n + ALIGNED - 1) / ALIGNED * ALIGNED;

	if(p != NULL)
		return p;
	watch.ran_out = true;
	if(room < n || room > RESERVE - watch.used)
		return NULL;
	p = watch.reserve + watch.used;
	watch.used += room;
	return p;
}

static void watched_free(void *p)
{
	const char *at = p;

	if(at < watch.reserve || at >= watch.reserve + RESERVE)
		watch.free(p);
}

/* NULL: not good, or memory ran out, which *ran_out tells. */
static json_t *load(struct wims_pl text, json_error_t *err, bool *ran_out)
{
	json_t *root;

	json_get_alloc_funcs(&watch.alloc, &watch.free);
	watch.ran_out = false;
	watch.used = 0;
	json_set_alloc_funcs(watched_alloc, watched_free);
	root = json_loadb(text.l == 0 ? "" : text.p, text.l, JSON_REJECT_DUPLICATES, err);
	if(watch.ran_out) {
		json_decref(root);
		root = NULL;
	}
	json_set_alloc_funcs(watch.alloc, watch.free);
	*ran_out = watch.ran_out;
	return root;
}

/* The library's own depth limit is 2048 and it recurses; ours comes first.
 * Strings are skipped, everything else is left to the parser. */
static bool depth_ok(struct wims_pl text, struct wims_json_fault *fault)
{
	int depth = 0, line = 1;
	size_t i, line_start = 0;
	bool in_string = false;

	for(i = 0; i < text.l; i++) {
		char c = text.p[i];

		if(in_string) {
			if(c == '\\')
				i++;
			else if(c == '"')
				in_string = false;
		} else if(c == '"') {
			in_string = true;
		} else if(c == '[' || c == '{') {
			if(++depth > WIMS_JSON_DEPTH_MAX) {
				set_fault(fault, line, (int)(i - line_start) + 1, "nested too deep");
				return false;
			}
		} else if(c == ']' || c == '}') {
			depth--;
		} else if(c == '\n') {
			line++;
			line_start = i + 1;
		}
	}
	return true;
}

/* Line and column say where it is. The library also shows what stands there,
 * which may be a part of a secret key or of a token. */
static void hide_content(char *text)
{
	char *shown = strstr(text, " near '");

	if(shown != NULL)
		*shown = '\0';
}

enum wims_reason wims_json_parse(struct wims_json **out, const struct wims_env *env,
								 struct wims_pl text, size_t max, struct wims_json_fault *fault)
{
	struct wims_json *doc = NULL;
	json_t *root = NULL;
	json_error_t err;
	bool ran_out;
	enum wims_reason r = WIMS_TOKEN_JSON;

	*out = NULL;
	set_fault(fault, 1, 1, "");
	if(text.l > max || text.l > WIMS_JSON_MAX) {
		set_fault(fault, 1, 1, "document too long");
		goto out;
	}
	if(!depth_ok(text, fault))
		goto out;
	root = load(text, &err, &ran_out);
	if(root == NULL) {
		if(ran_out)
			r = WIMS_NOMEM;
		hide_content(err.text);
		set_fault(fault, err.line, err.column, err.text);
		goto out;
	}
	doc = wims_zalloc(env, sizeof(*doc));
	if(doc == NULL) {
		r = WIMS_NOMEM;
		goto out;
	}
	doc->env = env;
	doc->root = root;
	root = NULL;
	*out = doc;
	r = WIMS_OK;
out:
	json_decref(root);
	return r;
}

void wims_json_free(struct wims_json *doc)
{
	if(doc == NULL)
		return;
	json_decref(doc->root);
	wims_free(doc->env, doc);
}

const struct wims_json_value *wims_json_root(const struct wims_json *doc)
{
	return doc == NULL ? NULL : wrap(doc->root);
}

enum wims_json_type wims_json_type(const struct wims_json_value *v)
{
	if(v == NULL)
		return WIMS_JSON_ABSENT;
	switch(json_typeof(raw(v))) {
		case JSON_OBJECT:
			return WIMS_JSON_OBJECT;
		case JSON_ARRAY:
			return WIMS_JSON_ARRAY;
		case JSON_STRING:
			return WIMS_JSON_STRING;
		case JSON_INTEGER:
			return WIMS_JSON_INT;
		case JSON_REAL:
			return WIMS_JSON_REAL;
		case JSON_TRUE:
		case JSON_FALSE:
			return WIMS_JSON_BOOL;
		case JSON_NULL:
			break;
	}
	return WIMS_JSON_NULL;
}

struct wims_pl wims_json_string(const struct wims_json_value *v)
{
	if(!json_is_string(raw(v)))
		return WIMS_PL_NONE;
	return (struct wims_pl){json_string_value(raw(v)), json_string_length(raw(v))};
}

bool wims_json_bool(const struct wims_json_value *v)
{
	return json_is_true(raw(v));
}

int64_t wims_json_int(const struct wims_json_value *v)
{
	return json_integer_value(raw(v));
}

double wims_json_real(const struct wims_json_value *v)
{
	return json_number_value(raw(v));
}

const struct wims_json_value *wims_json_member(const struct wims_json_value *v, const char *name)
{
	return wrap(json_object_get(raw(v), name));
}

const struct wims_json_value *wims_json_member_pl(const struct wims_json_value *v,
												  struct wims_pl name)
{
	return name.l == 0 ? NULL : wrap(json_object_getn(raw(v), name.p, name.l));
}

size_t wims_json_count(const struct wims_json_value *v)
{
	return json_is_object(raw(v)) ? json_object_size(raw(v)) : json_array_size(raw(v));
}

const struct wims_json_value *wims_json_at(const struct wims_json_value *v, size_t i)
{
	return wrap(json_array_get(raw(v), i));
}

/* The library's iterator wants a pointer that is not const; it only reads. */
static json_t *unconst(const struct wims_json_value *v)
{
	union
	{
		const struct wims_json_value *in;
		json_t *out;
	} cast = {.in = v};

	return cast.out;
}

bool wims_json_member_at(const struct wims_json_value *v, size_t i, struct wims_pl *name,
						 const struct wims_json_value **value)
{
	json_t *object = unconst(v);
	void *at = json_object_iter(object);

	for(; at != NULL && i > 0; i--)
		at = json_object_iter_next(object, at);
	*name = at == NULL ? WIMS_PL_NONE : wims_pl_str(json_object_iter_key(at));
	*value = at == NULL ? NULL : wrap(json_object_iter_value(at));
	return at != NULL;
}
