/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_bucket.h"

bool wims_bucket_take(struct wims_bucket *b, const struct wims_pace *pace, int64_t now)
{
	int64_t now_us = now * 1000;
	int64_t full_at = b->full_at > now_us ? b->full_at : now_us;

	if(pace->each_us == 0)
		return true;
	if(full_at + pace->each_us > now_us + pace->each_us * (int64_t)pace->burst)
		return false;
	b->full_at = full_at + pace->each_us;
	return true;
}
