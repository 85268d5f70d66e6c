/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sip/wims_expires.h"

#include <string.h>

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t max_u32(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* Whole seconds from now to then, 0 when that is past; no overflow. */
static uint32_t left_until(int64_t then, int64_t now)
{
	uint64_t left;

	if(then <= now)
		return 0;
	left = (uint64_t)then - (uint64_t)now;
	return left > UINT32_MAX ? UINT32_MAX : (uint32_t)left;
}

enum wims_reason wims_expires_plan(struct wims_expires_plan *plan,
								   const struct wims_expires_policy *policy, const uint32_t *asked,
								   int64_t token_exp, int64_t now)
{
	uint32_t left = left_until(token_exp, now);

	memset(plan, 0, sizeof(*plan));
	if(asked != NULL && *asked == 0) {
		plan->remove = true;
		return WIMS_OK;
	}
	if(left < policy->token_floor)
		return WIMS_TOKEN_NEARLY_EXPIRED;
	if(asked != NULL && *asked < policy->wic_min)
		return WIMS_EXPIRES_TOO_BRIEF;
	plan->wic = min_u32(asked != NULL ? *asked : policy->preset, min_u32(policy->max, left));
	plan->core = max_u32(plan->wic, policy->core_min);
	return WIMS_OK;
}

enum wims_reason wims_expires_grant(uint32_t *grant, const struct wims_expires_plan *plan,
									uint32_t core_granted, int64_t token_exp, int64_t now)
{
	uint32_t left = left_until(token_exp, now);

	*grant = 0;
	if(plan->remove)
		return WIMS_OK;
	if(core_granted == 0)
		return WIMS_CORE_ANSWER_BAD;
	if(left == 0)
		return WIMS_TOKEN_NEARLY_EXPIRED;
	*grant = min_u32(plan->wic, min_u32(core_granted, left));
	return WIMS_OK;
}

int64_t wims_expires_end(int64_t token_exp, int64_t wall_ms, int64_t now)
{
	int64_t left;

	if(token_exp > INT64_MAX / 1000)
		return INT64_MAX;
	left = token_exp * 1000 - wall_ms;
	return left > INT64_MAX - now ? INT64_MAX : now + left;
}
