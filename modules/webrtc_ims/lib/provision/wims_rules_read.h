/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RULES_READ_H
#define WIMS_RULES_READ_H

/* The "required_claims" member: for each claim the value that it must have, or
 * an array of those that it may have. */

#include "provision/wims_set.h"

enum
{
	WIMS_RULES_MAX = 16,      /* claims */
	WIMS_RULE_VALUES_MAX = 16 /* each claim */
};

/* Types that a value may have. */
#define WIMS_CLAIM_VALUE_TYPES \
	(WIMS_TYPE_BIT(WIMS_JSON_STRING) | WIMS_TYPE_BIT(WIMS_JSON_INT) | WIMS_TYPE_BIT(WIMS_JSON_BOOL))

WIMS_SETTER(wims_set_rules);  /* struct wims_claim_rules */
WIMS_SETTER(wims_set_values); /* struct wims_claim_rule: all but its name; one value or an array */

#endif
