/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_rules_read.h"

static enum wims_reason read_value(struct wims_reading *rd, struct wims_claim_value *out,
								   const struct wims_json_value *v)
{
	out->type = wims_json_type(v);
	if((WIMS_CLAIM_VALUE_TYPES & WIMS_TYPE_BIT(out->type)) == 0)
		return wims_config_type(rd, WIMS_CLAIM_VALUE_TYPES, v);
	if(out->type == WIMS_JSON_STRING)
		return wims_text_take(rd, &wims_text_printable, &out->text, v);
	out->number = out->type == WIMS_JSON_INT ? wims_json_int(v) : wims_json_bool(v);
	return WIMS_OK;
}

static enum wims_reason read_values(struct wims_reading *rd, struct wims_claim_rule *rule,
									const struct wims_json_value *v)
{
	enum wims_reason r = WIMS_OK;
	size_t i;

	rule->count = wims_json_count(v);
	if(rule->count == 0 || rule->count > WIMS_RULE_VALUES_MAX)
		return wims_config_fail(rd, WIMS_CONFIG_VALUE, "has %zu values; allowed: 1 to %d",
								rule->count, WIMS_RULE_VALUES_MAX);
	rule->at = wims_arena_alloc(rd->keep, rule->count, sizeof(rule->at[0]));
	if(rule->at == NULL)
		return wims_config_nomem(rd);
	for(i = 0; r == WIMS_OK && i < rule->count; i++) {
		size_t outer = wims_path_index(rd, i);

		r = read_value(rd, &rule->at[i], wims_json_at(v, i));
		wims_path_leave(rd, outer);
	}
	return r;
}

WIMS_SETTER(wims_set_values)
{
	struct wims_claim_rule *rule = field;

	(void)m;
	if(wims_json_type(v) == WIMS_JSON_ARRAY)
		return read_values(rd, rule, v);
	rule->count = 1;
	rule->at = wims_arena_alloc(rd->keep, 1, sizeof(rule->at[0]));
	return rule->at == NULL ? wims_config_nomem(rd) : read_value(rd, &rule->at[0], v);
}

static enum wims_reason read_rule(struct wims_reading *rd, struct wims_claim_rule *rule,
								  struct wims_pl name, const struct wims_json_value *v)
{
	enum wims_reason r = wims_text_keep(rd, &wims_text_claim, &rule->name, name);

	return r == WIMS_OK ? wims_set_values(rd, NULL, rule, v) : r;
}

WIMS_SETTER(wims_set_rules)
{
	struct wims_claim_rules *rules = field;
	const struct wims_json_value *value;
	enum wims_reason r = WIMS_OK;
	struct wims_pl name;
	size_t i;

	(void)m;
	rules->count = wims_json_count(v);
	if(rules->count == 0 || rules->count > WIMS_RULES_MAX)
		return wims_config_fail(rd, WIMS_CONFIG_VALUE, "has %zu claims; allowed: 1 to %d",
								rules->count, WIMS_RULES_MAX);
	rules->at = wims_arena_alloc(rd->keep, rules->count, sizeof(rules->at[0]));
	if(rules->at == NULL)
		return wims_config_nomem(rd);
	for(i = 0; r == WIMS_OK && wims_json_member_at(v, i, &name, &value); i++) {
		size_t outer = wims_path_member(rd, name.p);

		r = read_rule(rd, &rules->at[i], name, value);
		wims_path_leave(rd, outer);
	}
	return r;
}
