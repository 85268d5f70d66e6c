/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guard/wims_ages.h"

void wims_ages_mark(struct wims_ages *ages, uint32_t highest)
{
	ages->at[ages->count++ % WIMS_AGES_MAX] = highest;
}

uint32_t wims_ages_last(const struct wims_ages *ages)
{
	return ages->count == 0 ? 0 : ages->at[(ages->count - 1) % WIMS_AGES_MAX];
}

bool wims_ages_old(const struct wims_ages *ages, uint32_t number, size_t n)
{
	if(n >= WIMS_AGES_MAX || ages->count <= n)
		return false;
	return wims_ages_reached(ages->at[(ages->count - 1 - n) % WIMS_AGES_MAX], number);
}
