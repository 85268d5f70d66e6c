/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_alloc_read.h"

#include "provision/wims_alloc.h"
#include "provision/wims_rules_read.h"
#include "range/wims_range_inside.h"

enum
{
	QUARANTINE = 600 /* s, where the range does not say */
};

/* --- members --- */

/* A host is compared in lower case. */
static bool users_ok(struct wims_pl s)
{
	size_t i, stars = 0, at = wims_pl_find(s, '@');

	for(i = 0; i < s.l; i++) {
		stars += s.p[i] == '*';
		if(s.p[i] <= ' ' || s.p[i] > '~' || (i > at && s.p[i] != wims_lower(s.p[i])))
			return false;
	}
	return stars <= 1;
}

const struct wims_text_kind wims_text_users = {
		1, WIMS_IMPU_MAX, users_ok, NULL,
		"user identities without scheme, with one '*' at most, in lower case behind the '@'"};

WIMS_SETTER(wims_set_nodes)
{
	struct wims_node_list *nodes = field;
	enum wims_reason r = WIMS_OK;

	(void)m;
	nodes->at = wims_arena_alloc(rd->keep, wims_json_count(v), sizeof(nodes->at[0]));
	if(nodes->at == NULL)
		return wims_config_nomem(rd);
	while(r == WIMS_OK && nodes->count < wims_json_count(v)) {
		const struct wims_json_value *node = wims_json_at(v, nodes->count);
		size_t outer = wims_path_index(rd, nodes->count);
		int64_t n = wims_json_int(node);

		if(wims_json_type(node) != WIMS_JSON_INT)
			r = wims_config_type(rd, WIMS_TYPE_BIT(WIMS_JSON_INT), node);
		else if(n < 0 || n > WIMS_NODE_MAX)
			r = wims_config_fail(rd, WIMS_CONFIG_VALUE, "allowed: a node_id, 0 to %d",
								 WIMS_NODE_MAX);
		else
			nodes->at[nodes->count++] = (uint16_t)n;
		wims_path_leave(rd, outer);
	}
	return r;
}

/* clang-format off */
#define AT(m) offsetof(struct wims_claim_rule, m)
static const struct wims_member serves_rows[] = {
	{"name",   WIMS_TYPE_BIT(WIMS_JSON_STRING), WIMS_MEMBER_REQUIRED, 0, 0, AT(name), wims_set_text, &wims_text_claim},
	{"values", WIMS_CLAIM_VALUE_TYPES | WIMS_TYPE_BIT(WIMS_JSON_ARRAY), WIMS_MEMBER_REQUIRED, INT64_MIN, INT64_MAX, 0, wims_set_values, NULL},
};
#undef AT

static const struct wims_member list_rows[] = {
	{"list",    WIMS_TYPE_BIT(WIMS_JSON_ARRAY),  0, 1, WIMS_ALLOC_LIST_MAX, offsetof(struct wims_alloc, list), wims_set_texts, &wims_text_impu},
	{"pattern", WIMS_TYPE_BIT(WIMS_JSON_STRING), 0, 0, 0,                   offsetof(struct wims_alloc, text), wims_set_text,  &wims_text_printable},
};
/* clang-format on */

WIMS_SETTER(wims_set_serves)
{
	(void)m;
	return wims_schema_read(rd, WIMS_SCHEMA(serves_rows), field, v);
}

/* --- the IMPUs --- */

static enum wims_reason read_pattern(struct wims_reading *rd, struct wims_alloc *a)
{
	size_t outer = wims_path_member(rd, "pattern");
	struct wims_range_fault fault;
	struct wims_pl text = a->text;
	enum wims_reason r = WIMS_OK;

	if(!wims_alloc_pattern(a, text, &fault))
		r = wims_config_fail(rd, WIMS_CONFIG_VALUE, "\"%.*s\": byte %zu: %s", WIMS_PL_ARG(text),
							 fault.at, fault.why);
	wims_path_leave(rd, outer);
	return r;
}

static enum wims_reason fail_twice(struct wims_reading *rd, const struct wims_entry *e)
{
	size_t list = wims_path_member(rd, "list");

	wims_path_index(rd, e->item);
	wims_config_fail(rd, WIMS_CONFIG_VALUE, "\"%.*s\" is there already; allowed: each IMPU once",
					 WIMS_PL_ARG(e->key));
	wims_path_leave(rd, list);
	return WIMS_CONFIG_VALUE;
}

static enum wims_reason read_list(struct wims_reading *rd, struct wims_alloc *a)
{
	const struct wims_entry *twice;
	size_t i;

	for(i = 0; i < a->list.count; i++) {
		struct wims_entry e = {.key = a->list.at[i], .item = (uint32_t)i};

		if(!wims_entries_add(&a->sorted, rd->keep, e))
			return wims_config_nomem(rd);
	}
	wims_entries_sort(&a->sorted);
	a->size = a->list.count;
	twice = wims_entries_repeated(&a->sorted);
	return twice == NULL ? WIMS_OK : fail_twice(rd, twice);
}

/* true: the block itself. */
static enum wims_reason read_block(struct wims_reading *rd, struct wims_alloc *a,
								   const struct wims_range *block)
{
	char buf[WIMS_ALLOC_TEXT_MAX];
	struct wims_range_fault fault;
	struct wims_pl text;
	struct wims_w w;

	if(block->kind != WIMS_RANGE_BLOCK)
		return wims_config_fail(
				rd, WIMS_CONFIG_VALUE,
				"allowed for a wildcarded identity: {\"pattern\": ...} or {\"list\": "
				"...}, for its IMPUs cannot be counted");
	wims_w_init(&w, buf, sizeof(buf));
	wims_alloc_write_block(&w, block);
	if(!wims_arena_dup(rd->keep, &text, wims_w_done(&w)))
		return wims_config_nomem(rd);
	if(!wims_alloc_pattern(a, text, &fault))
		return wims_config_fail(rd, WIMS_CONFIG_VALUE, "the block %s", fault.why);
	return WIMS_OK;
}

static enum wims_reason read_how(struct wims_reading *rd, struct wims_alloc *a,
								 const struct wims_json_value *v, const struct wims_range *range)
{
	enum wims_reason r;

	if(wims_json_type(v) == WIMS_JSON_BOOL)
		return read_block(rd, a, range);
	if((r = wims_schema_read(rd, WIMS_SCHEMA(list_rows), a, v)) != WIMS_OK)
		return r;
	if((a->text.l > 0) == (a->list.count > 0))
		return wims_config_fail(rd, WIMS_CONFIG_MEMBER, "allowed: \"pattern\" or \"list\"");
	return a->text.l > 0 ? read_pattern(rd, a) : read_list(rd, a);
}

/* --- are they in the range? --- */

/* Of a block, whose members lie in a row, the first and the last are enough. */
static enum wims_reason ends_inside(struct wims_reading *rd, const struct wims_alloc *a,
									struct wims_pl range)
{
	char buf[2][WIMS_IMPU_MAX];
	struct wims_pl ends[2];

	if(!wims_alloc_impu(a, 0, buf[0], &ends[0])
	   || !wims_alloc_impu(a, a->size - 1, buf[1], &ends[1]))
		return WIMS_IMPU_NOT_ENTITLED;
	return wims_range_holds(rd->env, range, ends, 2);
}

static enum wims_reason pattern_inside(const struct wims_alloc *a, const struct wims_range *outer)
{
	char buf[2 * WIMS_RANGE_TEXT_MAX];
	struct wims_range_fault fault;
	struct wims_range inner;
	struct wims_w w;

	wims_w_init(&w, buf, sizeof(buf));
	wims_alloc_write_range(&w, a);
	return w.ok && wims_range_read(&inner, wims_w_done(&w), &fault)
						   && wims_range_inside(&inner, outer)
				   ? WIMS_OK
				   : WIMS_IMPU_NOT_ENTITLED;
}

static enum wims_reason check_inside(struct wims_reading *rd, const struct wims_alloc *a,
									 const struct wims_range *range, struct wims_pl text)
{
	enum wims_reason r;

	if(a->counters == 0)
		r = wims_range_holds(rd->env, text, a->list.at, a->list.count);
	else if(range->kind == WIMS_RANGE_BLOCK)
		r = ends_inside(rd, a, text);
	else
		r = pattern_inside(a, range);
	if(r == WIMS_OK || r == WIMS_NOMEM)
		return r == WIMS_OK ? r : wims_config_nomem(rd);
	return wims_config_fail(rd, WIMS_CONFIG_VALUE,
							"makes IMPUs that are not in \"%.*s\", as far as can be told",
							WIMS_PL_ARG(text));
}

static enum wims_reason read_allocate(struct wims_reading *rd, struct wims_range_in *in,
									  const struct wims_range *range)
{
	struct wims_alloc *a = wims_arena_alloc(rd->keep, 1, sizeof(*a));
	enum wims_reason r;

	if(a == NULL)
		return wims_config_nomem(rd);
	if((r = read_how(rd, a, in->allocate, range)) != WIMS_OK
	   || (r = check_inside(rd, a, range, in->range.text)) != WIMS_OK)
		return r;
	in->range.allocate = a;
	in->range.block.size = a->size;
	in->range.block.quarantine = (uint32_t)(in->quarantine < 0 ? QUARANTINE : in->quarantine);
	return WIMS_OK;
}

/* --- one range --- */

static enum wims_reason fail_member(struct wims_reading *rd, const char *member, const char *why)
{
	size_t outer = wims_path_member(rd, member);

	wims_config_fail(rd, WIMS_CONFIG_MEMBER, "%s", why);
	wims_path_leave(rd, outer);
	return WIMS_CONFIG_MEMBER;
}

static bool allocates(const struct wims_range_in *in)
{
	return wims_json_type(in->allocate) == WIMS_JSON_OBJECT || wims_json_bool(in->allocate);
}

static enum wims_reason check_alone(struct wims_reading *rd, const struct wims_range_in *in)
{
	static const char why[] = "has no meaning without \"allocate\"";

	if(in->quarantine >= 0)
		return fail_member(rd, "quarantine", why);
	if(in->range.users.count > 0)
		return fail_member(rd, "users", why);
	return in->range.claim.count > 0 ? fail_member(rd, "claim", why) : WIMS_OK;
}

enum wims_reason wims_alloc_refuse(struct wims_reading *rd, const struct wims_range_in *in)
{
	if(allocates(in))
		return fail_member(rd, "allocate", "has no meaning where the range is not registered");
	if(in->range.nodes.count > 0)
		return fail_member(rd, "nodes", "has no meaning where the range is not registered");
	return check_alone(rd, in);
}

enum wims_reason wims_alloc_read(struct wims_reading *rd, struct wims_range_in *in,
								 const struct wims_range *read)
{
	size_t outer;
	enum wims_reason r;

	if(!allocates(in))
		return check_alone(rd, in);
	if(in->range.trigger == WIMS_RANGE_BY_TOKEN)
		return fail_member(rd, "allocate", "allowed with \"register\": \"start\" or \"first\"");
	outer = wims_path_member(rd, "allocate");
	r = read_allocate(rd, in, read);
	wims_path_leave(rd, outer);
	return r;
}
