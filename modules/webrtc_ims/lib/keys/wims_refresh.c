/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "keys/wims_refresh.h"

void wims_refresh_init(struct wims_refresh *s, int64_t now)
{
	*s = (struct wims_refresh){.due = now, .window_until = now};
}

/* How long an answer is fresh. Seconds far beyond any bound must not overflow. */
static int64_t lifetime(const struct wims_refresh_rule *rule, int64_t max_age)
{
	int64_t s = max_age < 0 ? WIMS_REFRESH_UNSAID_S : max_age;

	if(s >= rule->max_ms / 1000)
		return rule->max_ms;
	return s * 1000 < rule->min_ms ? rule->min_ms : s * 1000;
}

static void take(struct wims_refresh *s, const struct wims_refresh_rule *rule, int64_t fetched,
				 int64_t max_age)
{
	s->has = true;
	s->fetched = fetched;
	s->fresh_until = fetched + lifetime(rule, max_age);
}

bool wims_refresh_restore(struct wims_refresh *s, const struct wims_refresh_rule *rule, int64_t now,
						  int64_t age_ms, int64_t max_age)
{
	wims_refresh_init(s, now);
	take(s, rule, now - age_ms, max_age);
	if(!wims_refresh_expire(s, rule, now))
		return true;
	wims_refresh_init(s, now);
	return false;
}

bool wims_refresh_begin(struct wims_refresh *s, int64_t now)
{
	if(s->in_flight || now < s->due)
		return false;
	s->in_flight = true;
	if(s->asked)
		s->window_until = now + WIMS_REFRESH_WINDOW_MS;
	s->asked = false;
	return true;
}

void wims_refresh_good(struct wims_refresh *s, const struct wims_refresh_rule *rule, int64_t now,
					   int64_t max_age, uint32_t random)
{
	int64_t early;

	take(s, rule, now, max_age);
	early = (s->fresh_until - now) / 10;
	s->in_flight = false;
	s->failures = 0;
	s->due = s->fresh_until - (int64_t)(random % (uint64_t)(early + 1));
}

/* Half of it is the wait, the other half chance. */
static int64_t spread(int64_t wait, uint32_t random)
{
	return wait / 2 + (int64_t)(random % (uint64_t)(wait / 2 + 1));
}

static int64_t back_off(const struct wims_refresh_rule *rule, unsigned failures, uint32_t random)
{
	int64_t most = rule->max_ms < WIMS_REFRESH_RETRY_MAX_MS ? rule->max_ms
															: (int64_t)WIMS_REFRESH_RETRY_MAX_MS;
	int64_t wait = WIMS_REFRESH_RETRY_MS;

	while(--failures > 0 && wait < most)
		wait *= 2;
	if(wait > most)
		wait = most;
	return spread(wait, random);
}

void wims_refresh_failed(struct wims_refresh *s, const struct wims_refresh_rule *rule, int64_t now,
						 uint32_t random)
{
	s->in_flight = false;
	if(s->failures < 1000)
		s->failures++;
	s->due = now + back_off(rule, s->failures, random);
}

void wims_refresh_later(struct wims_refresh *s, int64_t now, uint32_t random)
{
	s->in_flight = false;
	s->window_until = now; /* a token that asks meanwhile may be helped */
	s->due = now + spread(WIMS_REFRESH_RETRY_MS, random);
}

bool wims_refresh_ask(struct wims_refresh *s, int64_t now)
{
	int64_t earliest = now < s->window_until ? s->window_until : now;

	if(s->in_flight || !s->has)
		return true;
	s->asked = true;
	if(earliest < s->due)
		s->due = earliest;
	return s->failures > 0 || now >= s->due;
}

void wims_refresh_now(struct wims_refresh *s, int64_t now)
{
	if(now < s->due)
		s->due = now;
}

bool wims_refresh_expire(struct wims_refresh *s, const struct wims_refresh_rule *rule, int64_t now)
{
	if(!s->has || rule->stale_ms == 0 || now < s->fresh_until + rule->stale_ms)
		return false;
	s->has = false;
	return true;
}
