/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_keys_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/mem/shm_mem.h"
#include "jose/wims_alg_ossl.h"
#include "wk_env.h"
#include "wk_event.h"
#include "wk_fetch.h"
#include "wk_state.h"
#include "wk_stats.h"

/* What the wims process does for the sources: the clock work says when, the
 * fetching child how, and what comes is looked at before it becomes keys. */

enum
{
	TIMEOUT_MS = 5000
};

/* Chance need not be good here, only different in many nodes. */
static uint32_t chance(void)
{
	uint32_t n;

	return wims_random(&n, sizeof(n)) ? n : 0;
}

static void tell_script(const struct wk_source *s, const char *reason)
{
	const struct wk_event_fields fields = {.wwsf = wims_pl_str(s->name),
										   .reason = wims_pl_str(reason)};

	wk_event_run(WK_ON_KEY_TROUBLE, &fields);
}

/* ---- what came ---- */

static const char *over_digits(const char *s)
{
	while(*s >= '0' && *s <= '9')
		s++;
	return s;
}

/* libcurl's texts count milliseconds and bytes, which are others each time. */
static bool same_trouble(const char *a, const char *b)
{
	for(a = over_digits(a), b = over_digits(b); *a == *b && *a != '\0';
		a = over_digits(a + 1), b = over_digits(b + 1))
		;
	return *a == *b;
}

/* The first, then ever fewer, and each that is not like the one before. */
static bool worth_a_line(const struct wk_source *was, const struct wk_source *now)
{
	return (now->clock.failures & (now->clock.failures - 1)) == 0
		   || !same_trouble(was->trouble, now->trouble);
}

/* reason: one word for the routing script. */
static void failed(uint32_t id, const char *reason, const char *why)
{
	struct wk_source was = {0}, now = {0};
	struct wk_source *s = wk_keys_by_id(wk_keys_lock(), id);
	int64_t ms = wk_now_ms();

	if(s != NULL) {
		was = *s;
		wims_refresh_failed(&s->clock, &s->rule, ms, chance());
		snprintf(s->trouble, sizeof(s->trouble), "%s", why);
		now = *s;
	}
	wk_keys_unlock();
	if(s == NULL)
		return;
	wk_stats_event(WK_EV_KEY_REFRESH_FAILURES);
	if(!worth_a_line(&was, &now))
		return;
	LM_WARN("WWSF %s: no keys from %s: %s (failure %u, next attempt in %" PRId64 " ms, %s)\n",
			now.name, now.url, now.trouble, now.clock.failures, now.clock.due - ms,
			now.clock.has ? "those at hand stay in use" : "there are none");
	tell_script(&now, reason);
}

/* There is too much to do for one more: as many WWSFs as there can be may have
 * their keys at one host, and all of them are asked for at the start. */
static void put_off(uint32_t id)
{
	struct wk_source *s = wk_keys_by_id(wk_keys_lock(), id);

	if(s != NULL)
		wims_refresh_later(&s->clock, wk_now_ms(), chance());
	wk_keys_unlock();
}

static bool usable(uint32_t id, struct wims_pl body, size_t *keys, struct wims_jwks_fault *fault)
{
	const struct wk_source *s = wk_keys_by_id(wk_keys_lock(), id);
	uint32_t algorithms = s == NULL ? 0 : s->algorithms;

	wk_keys_unlock();
	return wk_keys_usable(body, algorithms, keys, fault);
}

static bool same(const struct wk_source *s, struct wims_pl body)
{
	return s->bytes != NULL && wims_pl_eq((struct wims_pl){s->bytes, s->len}, body);
}

static void tell_good(const struct wk_source *was, bool news, size_t keys,
					  const struct wims_jwks_fault *fault)
{
	wk_stats_event(WK_EV_KEY_REFRESHES);
	if(was->clock.failures > 0) {
		LM_NOTICE("WWSF %s: keys come from %s again, after %u failures\n", was->name, was->url,
				  was->clock.failures);
		tell_script(was, "recovered");
	}
	if(news) {
		wk_stats_event(WK_EV_KEY_SETS);
		LM_INFO("WWSF %s: %zu keys from %s\n", was->name, keys, was->url);
		if(fault->left_out > 0)
			LM_WARN("WWSF %s: %zu keys of %s left out, the first: %s\n", was->name, fault->left_out,
					was->url, fault->text);
	}
}

/* bytes: a copy of the body in shared memory, which this takes over. */
static void good(uint32_t id, const struct wims_fetch_answer *a, char *bytes, size_t keys,
				 const struct wims_jwks_fault *fault)
{
	struct wk_source was = {0};
	struct wk_source *s = wk_keys_by_id(wk_keys_lock(), id);
	int64_t now = wk_now_ms();
	char *unused = bytes;
	bool news = false;

	if(s != NULL) {
		was = *s;
		news = !same(s, a->body);
		if(news)
			unused = wk_keys_publish(s, bytes, a->body.l);
		wims_refresh_good(&s->clock, &s->rule, now, a->max_age, chance());
		s->trouble[0] = '\0';
		s->came = wk_wall();
		s->max_age = a->max_age;
		if(news || s->saved == 0 || now - s->saved >= WK_KEYS_SAVE_EACH_MS) {
			s->saved = now;
			s->unsaved = true;
		}
	}
	wk_keys_unlock();
	if(unused != NULL)
		shm_free(unused);
	if(s != NULL)
		tell_good(&was, news, keys, fault);
}

static void done(void *ctx, const struct wims_fetch_answer *a)
{
	uint32_t id = (uint32_t)(uintptr_t)ctx;
	struct wims_jwks_fault fault;
	char why[WK_KEYS_TROUBLE_MAX];
	char *bytes;
	size_t keys;

	if(a->outcome == WIMS_FETCH_BUSY) {
		put_off(id);
		return;
	}
	if(a->outcome != WIMS_FETCH_OK) {
		snprintf(why, sizeof(why), "%s: %.*s", wims_fetch_text(a->outcome), WK_FMT(a->why));
		failed(id, wims_fetch_text(a->outcome), why);
		return;
	}
	if(!usable(id, a->body, &keys, &fault)) {
		snprintf(why, sizeof(why), "bad set: %.200s", fault.text);
		failed(id, "bad_set", why);
		return;
	}
	if((bytes = shm_malloc(a->body.l)) == NULL) {
		failed(id, "no_memory", "no shared memory for the set");
		return;
	}
	memcpy(bytes, a->body.p, a->body.l);
	good(id, a, bytes, keys, &fault);
}

/* ---- what is due ---- */

struct due
{
	bool ended, begins;
	struct wk_source source; /* a copy; its bytes are not to be read */
};

/* False: there is no i-th source. */
static bool look_at(size_t i, struct due *due)
{
	struct wk_keys_table *t = wk_keys_lock();
	int64_t now = wk_now_ms();
	char *unused = NULL;
	bool there = t != NULL && i < t->count;

	*due = (struct due){0};
	if(there) {
		struct wk_source *s = &t->at[i];

		due->ended = wims_refresh_expire(&s->clock, &s->rule, now);
		if(due->ended)
			unused = wk_keys_publish(s, NULL, 0);
		due->begins = wims_refresh_begin(&s->clock, now);
		if(due->ended || due->begins)
			due->source = *s;
	}
	wk_keys_unlock();
	if(unused != NULL)
		shm_free(unused);
	return there;
}

static void begin(const struct wk_source *s)
{
	const struct wims_fetch_in in = {
			.url = wims_pl_str(s->url),
			.ca_file = wims_pl_str(s->ca_file),
			.timeout_ms = TIMEOUT_MS,
			.max_bytes = WIMS_JWKS_MAX,
	};

	if(wk_fetch_start(&in, done, (void *)(uintptr_t)s->id))
		return;
	if(wk_fetch_status().pid != 0)
		put_off(s->id);
	else
		failed(s->id, "child", "the fetching process is down");
}

void wk_keys_tick(void)
{
	struct due due;
	size_t i;

	for(i = 0; look_at(i, &due); i++) {
		if(due.ended) {
			LM_ERR("WWSF %s: its keys ended, no refresh from %s succeeded in time\n",
				   due.source.name, due.source.url);
			wk_stats_event(WK_EV_KEY_SETS_ENDED);
			tell_script(&due.source, "ended");
		}
		if(due.begins)
			begin(&due.source);
	}
}
