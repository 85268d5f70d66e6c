/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range/wims_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "range/wims_ere.h"

/* The engine's code stands for struct wims_regex, which nobody ever defines. */
static pcre2_code *code_of(struct wims_regex *re)
{
	return (pcre2_code *)re;
}

struct wims_regex_room
{
	const struct wims_env *env;
	pcre2_match_context *limits;
	pcre2_match_data *data;
};

static void *engine_alloc(size_t n, void *ctx)
{
	const struct wims_env *env = ctx;

	return env->alloc(env->ctx, n);
}

static void engine_free(void *p, void *ctx)
{
	const struct wims_env *env = ctx;

	wims_free(env, p);
}

/* PCRE2 wants a plain pointer; it is only handed back to the two above. */
static pcre2_general_context *memory_of(const struct wims_env *env)
{
	return pcre2_general_context_create(engine_alloc, engine_free, (void *)(uintptr_t)env);
}

enum wims_reason wims_regex_compile(struct wims_regex **out, const struct wims_env *env,
									struct wims_pl text)
{
	const uint32_t options = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOTALL
							 | PCRE2_DOLLAR_ENDONLY | PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_UTF
							 | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C;
	pcre2_general_context *memory = memory_of(env);
	pcre2_compile_context *limits = NULL;
	enum wims_reason r = WIMS_NOMEM;
	PCRE2_SIZE at;
	int error;

	*out = NULL;
	if(memory == NULL || (limits = pcre2_compile_context_create(memory)) == NULL)
		goto out;
	/* each level of ours may be two of the engine's: a group, and its repetition */
	pcre2_set_parens_nest_limit(limits, 2 * WIMS_ERE_NESTING_MAX + 2);
	pcre2_set_max_pattern_length(limits, WIMS_ERE_ENGINE_MAX);
	*out = (struct wims_regex *)pcre2_compile((PCRE2_SPTR)text.p, text.l, options, &error, &at,
											  limits);
	if(*out != NULL)
		r = WIMS_OK;
	else if(error != PCRE2_ERROR_HEAP_FAILED)
		r = WIMS_LIMIT_REACHED;
out:
	pcre2_compile_context_free(limits);
	pcre2_general_context_free(memory);
	return r;
}

void wims_regex_free(struct wims_regex *re)
{
	pcre2_code_free(code_of(re));
}

static bool room_fill(struct wims_regex_room *room)
{
	pcre2_general_context *memory = memory_of(room->env);

	if(memory == NULL)
		return false;
	room->limits = pcre2_match_context_create(memory);
	room->data = pcre2_match_data_create(1, memory);
	pcre2_general_context_free(memory);
	if(room->limits == NULL || room->data == NULL)
		return false;
	pcre2_set_match_limit(room->limits, WIMS_REGEX_STEPS_MAX);
	pcre2_set_depth_limit(room->limits, WIMS_REGEX_DEPTH_MAX);
	pcre2_set_heap_limit(room->limits, WIMS_REGEX_HEAP_KIB_MAX);
	return true;
}

struct wims_regex_room *wims_regex_room_new(const struct wims_env *env)
{
	struct wims_regex_room *room = wims_zalloc(env, sizeof(*room));

	if(room == NULL)
		return NULL;
	room->env = env;
	if(!room_fill(room)) {
		wims_regex_room_free(room);
		room = NULL;
	}
	return room;
}

void wims_regex_room_free(struct wims_regex_room *room)
{
	if(room == NULL)
		return;
	pcre2_match_data_free(room->data);
	pcre2_match_context_free(room->limits);
	wims_free(room->env, room);
}

bool wims_regex_match(const struct wims_regex *re, struct wims_regex_room *room, struct wims_pl s,
					  bool *limited)
{
	int rc = pcre2_match((const pcre2_code *)re, (PCRE2_SPTR)(s.l > 0 ? s.p : ""), s.l, 0, 0,
						 room->data, room->limits);

	if(rc < 0 && rc != PCRE2_ERROR_NOMATCH)
		*limited = true;
	return rc >= 0;
}
