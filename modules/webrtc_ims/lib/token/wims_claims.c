/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_claims.h"

bool wims_claim_text_ok(struct wims_pl text)
{
	size_t i;

	for(i = 0; i < text.l; i++) {
		char c = text.p[i];

		if(c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>')
			return false;
	}
	return true;
}

/* From object to object; no name is empty, for no member has that name. */
static enum wims_claim walk(const struct wims_json_value **out,
							const struct wims_json_value *claims, struct wims_pl path)
{
	const struct wims_json_value *v = claims;
	size_t steps, dot;

	for(steps = 0; steps < WIMS_CLAIM_STEPS_MAX; steps++) {
		dot = wims_pl_find(path, '.');
		if(wims_json_type(v) != WIMS_JSON_OBJECT)
			return WIMS_CLAIM_WRONG_TYPE;
		v = wims_json_member_pl(v, (struct wims_pl){path.p, dot});
		if(v == NULL)
			return WIMS_CLAIM_ABSENT;
		if(dot == path.l) {
			*out = v;
			return WIMS_CLAIM_OK;
		}
		path = wims_pl_from(path, dot + 1);
	}
	return WIMS_CLAIM_ABSENT;
}

enum wims_claim wims_claim_find(const struct wims_json_value **out,
								const struct wims_json_value *claims, struct wims_pl name)
{
	*out = wims_json_member_pl(claims, name);
	if(*out != NULL)
		return WIMS_CLAIM_OK;
	if(wims_pl_find(name, '.') == name.l || wims_pl_find(name, '/') < name.l)
		return WIMS_CLAIM_ABSENT;
	return walk(out, claims, name);
}

enum wims_claim wims_claim_text(struct wims_pl *out, const struct wims_json_value *claims,
								struct wims_pl name, size_t max)
{
	const struct wims_json_value *v;
	enum wims_claim c = wims_claim_find(&v, claims, name);
	struct wims_pl text = wims_json_string(v);

	*out = WIMS_PL_NONE;
	if(c != WIMS_CLAIM_OK)
		return c;
	if(wims_json_type(v) != WIMS_JSON_STRING)
		return WIMS_CLAIM_WRONG_TYPE;
	if(text.l == 0 || text.l > max || !wims_claim_text_ok(text))
		return WIMS_CLAIM_BAD_VALUE;
	*out = text;
	return WIMS_CLAIM_OK;
}

/* t is within 0 .. WIMS_CLAIM_TIME_MAX, so the conversion is exact but for
 * the fraction. */
static int64_t whole_seconds(double t, enum wims_rounding rounding)
{
	int64_t down = (int64_t)t;

	return rounding == WIMS_ROUND_UP && (double)down < t ? down + 1 : down;
}

enum wims_claim wims_claim_time(int64_t *out, const struct wims_json_value *claims,
								struct wims_pl name, enum wims_rounding rounding)
{
	const struct wims_json_value *v = wims_json_member_pl(claims, name);
	enum wims_json_type type = wims_json_type(v);

	*out = 0;
	if(type == WIMS_JSON_ABSENT)
		return WIMS_CLAIM_ABSENT;
	if(type == WIMS_JSON_INT) {
		int64_t t = wims_json_int(v);

		if(t < 0 || t > WIMS_CLAIM_TIME_MAX)
			return WIMS_CLAIM_BAD_VALUE;
		*out = t;
	} else if(type == WIMS_JSON_REAL) {
		double t = wims_json_real(v);

		/* written so that a NaN would be refused too */
		if(!(t >= 0 && t <= (double)WIMS_CLAIM_TIME_MAX))
			return WIMS_CLAIM_BAD_VALUE;
		*out = whole_seconds(t, rounding);
	} else {
		return WIMS_CLAIM_WRONG_TYPE;
	}
	return WIMS_CLAIM_OK;
}

enum wims_claim wims_claim_list(struct wims_claim_list *out, const struct wims_json_value *claims,
								struct wims_pl name)
{
	const struct wims_json_value *v;
	enum wims_claim c = wims_claim_find(&v, claims, name);
	enum wims_json_type type = wims_json_type(v);
	size_t i, n = type == WIMS_JSON_STRING ? 1 : wims_json_count(v);

	*out = (struct wims_claim_list){0};
	if(c != WIMS_CLAIM_OK)
		return c;
	if(type != WIMS_JSON_STRING && type != WIMS_JSON_ARRAY)
		return WIMS_CLAIM_WRONG_TYPE;
	if(n > WIMS_CLAIM_LIST_MAX)
		return WIMS_CLAIM_BAD_VALUE;
	for(i = 0; type == WIMS_JSON_ARRAY && i < n; i++)
		if(wims_json_type(wims_json_at(v, i)) != WIMS_JSON_STRING)
			return WIMS_CLAIM_WRONG_TYPE;
	*out = (struct wims_claim_list){.value = v, .count = n};
	return WIMS_CLAIM_OK;
}

struct wims_pl wims_claim_list_at(const struct wims_claim_list *list, size_t i)
{
	if(wims_json_type(list->value) == WIMS_JSON_STRING)
		return wims_json_string(list->value);
	return wims_json_string(wims_json_at(list->value, i));
}

static bool same_value(const struct wims_claim_value *wanted, const struct wims_json_value *v)
{
	if(wanted->type == WIMS_JSON_STRING)
		return wims_pl_eq(wims_json_string(v), wanted->text);
	if(wanted->type == WIMS_JSON_INT)
		return wims_json_int(v) == wanted->number;
	return wims_json_bool(v) == (wanted->number != 0);
}

static enum wims_claim one_obeys(const struct wims_claim_rule *rule,
								 const struct wims_json_value *v)
{
	enum wims_claim c = WIMS_CLAIM_WRONG_TYPE;
	size_t i;

	for(i = 0; i < rule->count; i++) {
		if(wims_json_type(v) != rule->at[i].type)
			continue;
		if(same_value(&rule->at[i], v))
			return WIMS_CLAIM_OK;
		c = WIMS_CLAIM_BAD_VALUE;
	}
	return c;
}

enum wims_claim wims_claim_obeys(const struct wims_json_value *claims,
								 const struct wims_claim_rule *rule)
{
	const struct wims_json_value *v;
	enum wims_claim c = wims_claim_find(&v, claims, rule->name);
	size_t i;

	if(c != WIMS_CLAIM_OK)
		return c;
	if(wims_json_type(v) != WIMS_JSON_ARRAY)
		return one_obeys(rule, v);
	c = WIMS_CLAIM_BAD_VALUE;
	if(wims_json_count(v) > WIMS_CLAIM_LIST_MAX)
		return c;
	for(i = 0; i < wims_json_count(v); i++) {
		enum wims_claim one = one_obeys(rule, wims_json_at(v, i));

		if(one == WIMS_CLAIM_WRONG_TYPE)
			return one;
		if(one == WIMS_CLAIM_OK)
			c = one;
	}
	return c;
}

enum wims_reason wims_claim_reason(enum wims_claim c)
{
	switch(c) {
		case WIMS_CLAIM_OK:
			return WIMS_OK;
		case WIMS_CLAIM_ABSENT:
			return WIMS_CLAIM_MISSING;
		case WIMS_CLAIM_WRONG_TYPE:
			return WIMS_CLAIM_TYPE;
		case WIMS_CLAIM_BAD_VALUE:
			break;
	}
	return WIMS_CLAIM_VALUE;
}

static void print_int(struct wims_w *w, int64_t n)
{
	if(n < 0)
		wims_w_lit(w, "-");
	/* the negative of INT64_MIN is no int64_t */
	wims_w_u64(w, n < 0 ? UINT64_C(0) - (uint64_t)n : (uint64_t)n);
}

static enum wims_claim print_strings(struct wims_w *w, const struct wims_json_value *claims,
									 struct wims_pl name)
{
	struct wims_claim_list list;
	enum wims_claim c = wims_claim_list(&list, claims, name);
	size_t i;

	if(c != WIMS_CLAIM_OK)
		return c;
	for(i = 0; i < list.count; i++) {
		struct wims_pl s = wims_claim_list_at(&list, i);

		if(s.l == 0 || !wims_claim_text_ok(s)
		   || (wims_json_type(list.value) == WIMS_JSON_ARRAY && wims_pl_find(s, ',') < s.l))
			return WIMS_CLAIM_BAD_VALUE;
		if(i > 0)
			wims_w_lit(w, ",");
		wims_w_pl(w, s);
	}
	return list.count > 0 && w->ok ? WIMS_CLAIM_OK : WIMS_CLAIM_BAD_VALUE;
}

enum wims_claim wims_claim_print(struct wims_w *w, const struct wims_json_value *claims,
								 struct wims_pl name)
{
	const struct wims_json_value *v;
	enum wims_claim c = wims_claim_find(&v, claims, name);

	if(c != WIMS_CLAIM_OK)
		return c;
	switch(wims_json_type(v)) {
		case WIMS_JSON_INT:
			print_int(w, wims_json_int(v));
			break;
		case WIMS_JSON_BOOL:
			wims_w_pl(w, wims_json_bool(v) ? WIMS_PL("true") : WIMS_PL("false"));
			break;
		default:
			return print_strings(w, claims, name);
	}
	return w->ok ? WIMS_CLAIM_OK : WIMS_CLAIM_BAD_VALUE;
}
