/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_range.h"

#include "provision/wims_ranges_read.h"
#include "provision/wims_scenario.h"
#include "wk_ranges.h"
#include "wk_rpc.h"

const char *wk_rpc_range_match_doc[] = {
		"Which WWSF and range an IMPU belongs to: webrtc_ims.range_match sip:web-7@ims.test", NULL};

static void answer(rpc_t *rpc, void *ctx, struct wims_pl impu, const struct wk_range_hit *hit)
{
	const struct wims_wwsf_range *range = hit->range;
	bool ours = wims_range_registered(range);
	struct wims_pl text = range == NULL ? WIMS_PL("") : range->text;
	struct wims_pl wildcard = ours ? range->wildcard : WIMS_PL("");
	enum wims_range_trigger trigger = ours ? range->trigger : WIMS_RANGE_NEVER;
	str s[] = {wk_str(impu), wk_str(hit->wwsf->name), wk_str(text), wk_str(wildcard)};
	void *h;

	if(rpc->add(ctx, "{", &h) < 0)
		return;
	rpc->struct_add(h, "SSsSssS", "impu", &s[0], "wwsf", &s[1], "scenario",
					wims_scenario_name(hit->wwsf->scenario).p, "range", &s[2], "registrar",
					ours ? "epcscf" : "core", "register", wims_range_trigger_name(trigger).p,
					"wildcard", &s[3]);
}

void wk_rpc_range_match(rpc_t *rpc, void *ctx)
{
	char buf[WIMS_IMPU_MAX];
	struct wk_range_hit hit;
	struct wims_pl impu;
	str uri;

	if(wk_rpc_provision(rpc, ctx) == NULL || rpc->scan(ctx, "S", &uri) < 1)
		return;
	if(wims_impu_canonical(&impu, buf, sizeof(buf), wk_pl(&uri)) != WIMS_OK)
		rpc->fault(ctx, 400, "no sip:, sips: or tel: URI with a user part");
	else if(!wk_ranges_find(impu, &hit))
		rpc->fault(ctx, 404, "the IMPU of no pool and no range");
	else
		answer(rpc, ctx, impu, &hit);
}
