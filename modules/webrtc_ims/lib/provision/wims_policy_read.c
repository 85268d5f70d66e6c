/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_policy_read.h"

static WIMS_SETTER(set_policy)
{
	struct wims_pl text = wims_json_string(v);
	enum wims_token_policy *policy = field;

	(void)m;
	if(wims_pl_eq(text, WIMS_PL("accept")))
		*policy = WIMS_TOKEN_ACCEPT;
	else if(wims_pl_eq(text, WIMS_PL("require")))
		*policy = WIMS_TOKEN_REQUIRE;
	else if(wims_pl_eq(text, WIMS_PL("ignore")))
		*policy = WIMS_TOKEN_IGNORE;
	else
		return wims_config_fail(rd, WIMS_CONFIG_VALUE,
								"allowed: \"require\", \"accept\" or \"ignore\"");
	return WIMS_OK;
}

/* clang-format off */
#define AT(m) offsetof(struct wims_token_policies, m)
static const struct wims_member policy_rows[] = {
	{"initial",   WIMS_TYPE_BIT(WIMS_JSON_STRING), 0, 0, 0, AT(initial),   set_policy, NULL},
	{"in_dialog", WIMS_TYPE_BIT(WIMS_JSON_STRING), 0, 0, 0, AT(in_dialog), set_policy, NULL},
};
#undef AT
/* clang-format on */

WIMS_SETTER(wims_set_policies)
{
	struct wims_token_policies *both = field;
	enum wims_reason r;

	if(wims_json_type(v) == WIMS_JSON_OBJECT)
		return wims_schema_read(rd, WIMS_SCHEMA(policy_rows), both, v);
	r = set_policy(rd, m, &both->initial, v);
	both->in_dialog = both->initial;
	return r;
}
