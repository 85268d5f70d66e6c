/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_scenario.h"

/* clang-format off */
static const struct scenario
{
	struct wims_pl name;
	bool by_token;
	bool owned;
} scenarios[] = {
	[WIMS_SCENARIO_NONE]     = {{"", 0}, false, false},
	[WIMS_SCENARIO_IMS_AUTH] = {{"ims-auth", 8}, false, false},
	[WIMS_SCENARIO_WEB_AUTH] = {{"web-auth", 8}, true, false},
	[WIMS_SCENARIO_POOL]     = {{"pool", 4}, true, true},
	[WIMS_SCENARIO_RANGE]    = {{"range", 5}, true, true},
};
/* clang-format on */

struct wims_pl wims_scenario_name(enum wims_scenario s)
{
	return scenarios[s].name;
}

enum wims_scenario wims_scenario_named(struct wims_pl name)
{
	unsigned s;

	for(s = WIMS_SCENARIO_RANGE; s > WIMS_SCENARIO_NONE; s--)
		if(wims_pl_eq(scenarios[s].name, name))
			break;
	return (enum wims_scenario)s;
}

bool wims_scenario_by_token(enum wims_scenario s)
{
	return scenarios[s].by_token;
}

bool wims_scenario_both(const struct wims_wwsf *w)
{
	return w->ims_auth && wims_scenario_by_token(w->scenario);
}

bool wims_scenario_owns(enum wims_scenario s)
{
	return scenarios[s].owned;
}
