/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_set.h"

WIMS_SETTER(wims_set_int)
{
	(void)rd, (void)m;
	*(int64_t *)field = wims_json_int(v);
	return WIMS_OK;
}

WIMS_SETTER(wims_set_milli)
{
	(void)rd, (void)m;
	*(int64_t *)field = wims_json_int(v) * 1000;
	return WIMS_OK;
}

WIMS_SETTER(wims_set_bool)
{
	(void)rd, (void)m;
	*(bool *)field = wims_json_bool(v);
	return WIMS_OK;
}

WIMS_SETTER(wims_set_borrowed)
{
	(void)rd, (void)m;
	*(const struct wims_json_value **)field = v;
	return WIMS_OK;
}

static enum wims_reason fail_text(struct wims_reading *rd, const struct wims_text_kind *kind)
{
	return wims_config_fail(rd, WIMS_CONFIG_VALUE, "allowed: %s", kind->allowed);
}

enum wims_reason wims_text_keep(struct wims_reading *rd, const struct wims_text_kind *kind,
								struct wims_pl *out, struct wims_pl text)
{
	char buf[WIMS_CONFIG_STRING_MAX];
	struct wims_w w;

	if(text.l < kind->min || text.l > kind->max)
		return wims_config_fail(rd, WIMS_CONFIG_VALUE, "has %zu bytes; allowed: %zu to %zu: %s",
								text.l, kind->min, kind->max, kind->allowed);
	if(kind->ok != NULL && !kind->ok(text))
		return fail_text(rd, kind);
	if(kind->write != NULL) {
		wims_w_init(&w, buf, sizeof(buf));
		if(!kind->write(&w, text) || !w.ok)
			return fail_text(rd, kind);
		text = wims_w_done(&w);
	}
	return wims_arena_dup(rd->keep, out, text) ? WIMS_OK : wims_config_nomem(rd);
}

enum wims_reason wims_text_take(struct wims_reading *rd, const struct wims_text_kind *kind,
								struct wims_pl *out, const struct wims_json_value *v)
{
	if(wims_json_type(v) != WIMS_JSON_STRING)
		return wims_config_type(rd, WIMS_TYPE_BIT(WIMS_JSON_STRING), v);
	return wims_text_keep(rd, kind, out, wims_json_string(v));
}

WIMS_SETTER(wims_set_text)
{
	return wims_text_take(rd, m->text, field, v);
}

WIMS_SETTER(wims_set_texts)
{
	bool array = wims_json_type(v) == WIMS_JSON_ARRAY;
	size_t count = array ? wims_json_count(v) : 1;
	struct wims_pl_list *list = field;
	enum wims_reason r = WIMS_OK;
	size_t i;

	list->at = wims_arena_alloc(rd->keep, count, sizeof(list->at[0]));
	if(list->at == NULL)
		return wims_config_nomem(rd);
	list->count = count;
	if(!array)
		return wims_text_take(rd, m->text, &list->at[0], v);
	for(i = 0; r == WIMS_OK && i < count; i++) {
		size_t outer = wims_path_index(rd, i);

		r = wims_text_take(rd, m->text, &list->at[i], wims_json_at(v, i));
		wims_path_leave(rd, outer);
	}
	return r;
}
