/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry_walk.h"

#include "wk_provision.h"

const struct wims_wwsf_range *wk_registry_walk(struct wk_registry_walk *w)
{
	const struct wims_wwsf *of;

	for(; (of = wims_provision_at(wk_provision(), w->wwsf)) != NULL; w->wwsf++, w->range = 0)
		for(; w->range < of->ranges.count; w->range++)
			if(wims_range_registered(&of->ranges.at[w->range]))
				return &of->ranges.at[w->range];
	return NULL;
}

void wk_registry_walked(struct wk_registry_walk *w)
{
	if(w->cursor == 0)
		w->range++;
}
