/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_breaker.h"

static void open_for(struct wims_breaker *b, const struct wims_breaker_policy *p, int64_t pause,
					 int64_t now)
{
	b->state = WIMS_BREAKER_OPEN;
	b->pause = pause < p->pause_max ? pause : p->pause_max;
	b->until = now + b->pause;
}

bool wims_breaker_allow(struct wims_breaker *b, const struct wims_breaker_policy *p, int64_t now)
{
	if(b->state == WIMS_BREAKER_CLOSED)
		return true;
	if(now < b->until)
		return false;
	b->state = WIMS_BREAKER_TRYING;
	b->until = now + p->lost;
	return true;
}

void wims_breaker_report(struct wims_breaker *b, const struct wims_breaker_policy *p, bool good,
						 int64_t now)
{
	if(good) {
		*b = (struct wims_breaker){0};
		return;
	}
	if(b->failures < UINT32_MAX)
		b->failures++;
	if(b->state == WIMS_BREAKER_TRYING)
		open_for(b, p, b->pause * 2, now);
	else if(b->state == WIMS_BREAKER_CLOSED && b->failures >= p->failures)
		open_for(b, p, p->pause_min, now);
}

void wims_breaker_abandon(struct wims_breaker *b, int64_t now)
{
	if(b->state != WIMS_BREAKER_TRYING)
		return;
	b->state = WIMS_BREAKER_OPEN;
	b->until = now;
}

const char *wims_breaker_text(enum wims_breaker_state state)
{
	switch(state) {
		case WIMS_BREAKER_CLOSED:
			return "closed";
		case WIMS_BREAKER_OPEN:
			return "open";
		case WIMS_BREAKER_TRYING:
			break;
	}
	return "trying";
}
