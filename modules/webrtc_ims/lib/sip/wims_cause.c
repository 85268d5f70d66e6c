/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_cause.h"

#include "sip/wims_grammar.h"

enum
{
	CAUSE_MAX = 127 /* seven bits (Q.850 2.2.5) */
};

static bool is_cause(struct wims_pl value)
{
	uint64_t n;

	return value.l <= 3 && wims_pl_u64(value, &n) && n >= 1 && n <= CAUSE_MAX;
}

static bool is_quoted(struct wims_pl value)
{
	return value.l >= 2 && value.p[0] == '"' && wims_quoted_end(value, 0) == value.l;
}

bool wims_cause_ok(struct wims_pl value)
{
	struct wims_pl rest = wims_pl_from(value, wims_pl_find(value, ';')), name, param;
	struct wims_pl protocol = wims_lws_trim((struct wims_pl){value.p, value.l - rest.l});
	bool cause = false, text = false;

	if(value.l > WIMS_CAUSE_MAX || !wims_is_printable(value)
	   || !wims_pl_caseeq(protocol, WIMS_PL("Q.850")))
		return false;
	while(wims_param_next(&rest, &name, &param)) {
		if(!cause && wims_pl_caseeq(name, WIMS_PL("cause")) && is_cause(param))
			cause = true;
		else if(!text && wims_pl_caseeq(name, WIMS_PL("text")) && is_quoted(param))
			text = true;
		else
			return false;
	}
	return cause && rest.l == 0;
}
