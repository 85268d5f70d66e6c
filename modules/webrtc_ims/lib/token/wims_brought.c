/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "token/wims_brought.h"

#include "range/wims_range_inside.h"

bool wims_brought_known(const struct wims_wwsf *w)
{
	size_t i;

	for(i = 0; i < w->ranges.count; i++)
		if(w->ranges.at[i].trigger == WIMS_RANGE_BY_TOKEN)
			return true;
	return false;
}

static bool is_brought(const struct wims_wwsf_range *range)
{
	return range != NULL && range->trigger == WIMS_RANGE_BY_TOKEN;
}

bool wims_brought_needed(const struct wims_wwsf *w, const struct wims_pl *impus, size_t count)
{
	size_t i;

	for(i = 0; i < count; i++)
		if(is_brought(wims_wwsf_range_of(w, impus[i])))
			return true;
	return false;
}

/* It names a registration: one spelling of what no case matters in, and nothing
 * that would end the URI of a header. */
static bool spelled_well(struct wims_pl text, const struct wims_range *r)
{
	return r->kind == WIMS_RANGE_EXPRESSION && wims_impu_fits_brackets(text)
		   && wims_pl_starts(text, r->scheme) && text.l > r->host.l
		   && wims_pl_eq(wims_pl_from(text, text.l - r->host.l), r->host);
}

enum wims_reason wims_brought_check(const struct wims_env *env, const struct wims_wwsf *w,
									struct wims_pl text, const struct wims_pl *impus, size_t count)
{
	const struct wims_wwsf_range *range = wims_wwsf_range_of(w, impus[0]);
	struct wims_range_fault fault;
	struct wims_range inner, outer;
	size_t i;

	if(!wims_range_read(&inner, text, &fault) || !spelled_well(text, &inner))
		return WIMS_CLAIM_VALUE;
	for(i = 0; i < count; i++)
		if(!is_brought(range) || wims_wwsf_range_of(w, impus[i]) != range)
			return WIMS_RANGE_NOT_ENTITLED;
	if(!wims_range_read(&outer, range->text, &fault) || !wims_range_inside(&inner, &outer))
		return WIMS_RANGE_NOT_ENTITLED;
	return wims_range_holds(env, text, impus, count);
}
