/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_keys_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "provision/wims_key_path.h"
#include "wk_env.h"
#include "wk_params.h"
#include "wk_fetch.h"
#include "wk_proc.h"
#include "wk_provision.h"
#include "wk_role.h"
#include "wk_state.h"

struct shared
{
	gen_lock_t lock;
	volatile uint32_t generation; /* counts what is published */
	uint32_t ids;
	struct wk_keys_table *table; /* NULL before the first provisioning */
};

static struct shared *shared;
/* This process: what it has taken in all, and of each WWSF. */
static uint32_t my_generation;
static uint32_t my_versions[WIMS_WWSFS_MAX];

int wk_keys_init(void)
{
	shared = shm_malloc(sizeof(*shared));
	if(shared == NULL || lock_init(&shared->lock) == NULL) {
		LM_ERR("no shared memory for the keys of WWSFs\n");
		return -1;
	}
	shared->generation = 1;
	shared->ids = 0;
	shared->table = NULL;
	wk_keys_forget();
	return wk_keys_kept_init();
}

void wk_keys_table_free(struct wk_keys_table *table)
{
	size_t i;

	if(table == NULL)
		return;
	for(i = 0; i < table->count; i++)
		if(table->at[i].bytes != NULL)
			shm_free(table->at[i].bytes);
	shm_free(table);
}

void wk_keys_destroy(void)
{
	if(shared == NULL)
		return;
	wk_keys_table_free(shared->table);
	shm_free(shared);
	shared = NULL;
}

struct wk_keys_table *wk_keys_lock(void)
{
	lock_get(&shared->lock);
	return shared->table;
}

void wk_keys_unlock(void)
{
	lock_release(&shared->lock);
}

struct wk_source *wk_keys_by_id(struct wk_keys_table *table, uint32_t id)
{
	size_t i;

	for(i = 0; table != NULL && i < table->count; i++)
		if(table->at[i].id == id)
			return &table->at[i];
	return NULL;
}

char *wk_keys_publish(struct wk_source *s, char *bytes, size_t len)
{
	char *old = s->bytes;

	s->bytes = bytes;
	s->len = len;
	s->version = ++shared->generation;
	return old;
}

char *wk_keys_copy(const struct wk_source *s)
{
	char *copy = s->bytes == NULL ? NULL : malloc(s->len);

	if(copy != NULL)
		memcpy(copy, s->bytes, s->len);
	return copy;
}

bool wk_keys_usable(struct wims_pl text, uint32_t algorithms, size_t *keys,
					struct wims_jwks_fault *fault)
{
	struct wims_keyset *ks = NULL;
	enum wims_reason r = wims_jwks_published(&ks, wk_env(), text, algorithms, fault);

	*keys = wims_keyset_count(ks);
	wims_keyset_free(ks);
	return r == WIMS_OK;
}

/* ---- sources ---- */

static struct wk_source *by_name(struct wk_keys_table *table, struct wims_pl name,
								 struct wims_pl url)
{
	size_t i;

	for(i = 0; table != NULL && i < table->count; i++)
		if(wims_pl_eq(wims_pl_str(table->at[i].name), name)
		   && wims_pl_eq(wims_pl_str(table->at[i].url), url))
			return &table->at[i];
	return NULL;
}

static struct wk_source *source_of(struct wk_keys_table *table, const struct wims_wwsf *w)
{
	return w == NULL || w->remote.uri.l == 0 ? NULL : by_name(table, w->name, w->remote.uri);
}

static bool plan_one(struct wk_source *s, const struct wims_wwsf *w)
{
	const struct wims_remote_keys *k = &w->remote;

	memset(s, 0, sizeof(*s));
	snprintf(s->name, sizeof(s->name), "%.*s", (int)w->name.l, w->name.p);
	snprintf(s->url, sizeof(s->url), "%.*s", (int)k->uri.l, k->uri.p);
	s->algorithms = w->algorithms & WIMS_ALG_PUBLIC;
	s->rule = (struct wims_refresh_rule){k->refresh_min * 1000, k->refresh_max * 1000,
										 k->stale * 1000};
	wims_refresh_init(&s->clock, wk_now_ms());
	return k->ca_file.l == 0
		   || wims_key_path(s->ca_file, sizeof(s->ca_file), wims_pl_str(wk_params.provisioning),
							k->ca_file);
}

/* An eI-CSCF verifies no tokens. */
static bool is_source(const struct wims_wwsf *w)
{
	return w->remote.uri.l > 0 && !wk_role_icscf();
}

static size_t count_sources(const struct wims_provision *pv)
{
	size_t i, n = 0;

	for(i = 0; i < wims_provision_count(pv); i++)
		n += is_source(wims_provision_at(pv, i));
	return n;
}

/* What is new; the others have their keys. */
static void restore(struct wk_keys_table *t)
{
	size_t i;

	for(i = 0; i < t->count; i++) {
		struct wk_source *s = &t->at[i];
		bool known = by_name(wk_keys_lock(), wims_pl_str(s->name), wims_pl_str(s->url)) != NULL;

		wk_keys_unlock();
		if(!known)
			wk_keys_restore(s);
	}
}

enum wims_reason wk_keys_plan(struct wk_keys_table **out, const struct wims_provision *pv,
							  struct wims_config_fault *fault)
{
	size_t i, n = count_sources(pv);
	struct wk_keys_table *t;

	*out = NULL;
	if(n > 0 && wk_fetch_check() < 0)
		return wk_provision_fail(fault, WIMS_CONFIG_VALUE,
								 "there is a jwks_uri, and modparam fetch_program cannot be run");
	t = shm_malloc(sizeof(*t) + n * sizeof(t->at[0]));
	if(t == NULL)
		return wk_provision_fail(fault, WIMS_NOMEM, "no shared memory for the sources of keys");
	t->count = 0;
	for(i = 0; i < wims_provision_count(pv); i++) {
		const struct wims_wwsf *w = wims_provision_at(pv, i);

		if(!is_source(w) || plan_one(&t->at[t->count++], w))
			continue;
		wk_keys_table_free(t);
		return wk_provision_fail(fault, WIMS_CONFIG_VALUE, "the path of a ca_file is too long");
	}
	restore(t);
	*out = t;
	return WIMS_OK;
}

/* s begins as was left off, but for what the operator has changed. */
static void carry_over(struct wk_source *s, struct wk_source *was)
{
	struct wk_source fresh = *s;
	bool changed = s->algorithms != was->algorithms || strcmp(s->ca_file, was->ca_file) != 0
				   || memcmp(&s->rule, &was->rule, sizeof(s->rule)) != 0;

	*s = *was;
	s->algorithms = fresh.algorithms;
	s->rule = fresh.rule;
	memcpy(s->ca_file, fresh.ca_file, sizeof(s->ca_file));
	was->bytes = fresh.bytes;
	if(!changed)
		return;
	/* what was asked for in the old way comes too late */
	s->id = ++shared->ids;
	s->clock.in_flight = false;
	wims_refresh_now(&s->clock, wk_now_ms());
}

struct wk_keys_table *wk_keys_commit(struct wk_keys_table *table)
{
	struct wk_keys_table *old = wk_keys_lock();
	size_t i;

	for(i = 0; i < table->count; i++) {
		struct wk_source *s = &table->at[i];
		struct wk_source *was = by_name(old, wims_pl_str(s->name), wims_pl_str(s->url));

		if(was != NULL) {
			carry_over(s, was);
			continue;
		}
		s->id = ++shared->ids;
		if(s->bytes != NULL)
			s->version = ++shared->generation;
	}
	shared->table = table;
	shared->generation++;
	wk_keys_unlock();
	return old;
}

/* ---- taking ---- */

void wk_keys_forget(void)
{
	my_generation = 0;
	memset(my_versions, 0, sizeof(my_versions));
}

struct copy
{
	char *bytes; /* libc memory; NULL: there are no keys */
	size_t len;
	uint32_t version;
};

/* False: no memory. */
static bool copy_of(struct copy *out, const struct wims_wwsf *w, uint32_t version)
{
	const struct wk_source *s = source_of(wk_keys_lock(), w);
	bool ok = true;

	*out = (struct copy){.version = version};
	if(s != NULL && s->version != version) {
		out->version = s->version;
		out->len = s->len;
		out->bytes = wk_keys_copy(s);
		ok = out->bytes != NULL || s->bytes == NULL;
	}
	wk_keys_unlock();
	return ok;
}

/* Keys that were good when they were fetched can be none for algorithms that a
 * reload has changed: no keys then. */
static bool take_one(const struct wims_wwsf *w, uint32_t *version)
{
	struct wims_keyset *ks = NULL;
	struct wims_jwks_fault fault;
	enum wims_reason r = WIMS_OK;
	struct copy copy;

	if(!copy_of(&copy, w, *version))
		return false;
	if(copy.version == *version)
		return true;
	if(copy.bytes != NULL)
		r = wims_jwks_published(&ks, wk_env(), (struct wims_pl){copy.bytes, copy.len},
								w->algorithms & WIMS_ALG_PUBLIC, &fault);
	free(copy.bytes);
	if(r == WIMS_NOMEM)
		return false;
	if(r != WIMS_OK)
		LM_ERR("WWSF %.*s: keys of %.*s: %s\n", WK_FMT(w->name), WK_FMT(w->remote.uri), fault.text);
	wims_keyset_extend(w->keys, ks);
	*version = copy.version;
	return true;
}

void wk_keys_take(const struct wims_provision *pv)
{
	uint32_t generation = shared->generation;
	bool all = true;
	size_t i;

	if(generation == my_generation)
		return;
	for(i = 0; i < wims_provision_count(pv); i++) {
		const struct wims_wwsf *w = wims_provision_at(pv, i);

		if(w->remote.uri.l > 0 && !take_one(w, &my_versions[i])) {
			LM_ERR("WWSF %.*s: no memory for its keys\n", WK_FMT(w->name));
			all = false;
		}
	}
	if(all)
		my_generation = generation;
}

uint64_t wk_keys_generation(void)
{
	return (uint64_t)wk_provision_taken() << 32 | my_generation;
}

enum wims_reason wk_keys_missing(const struct wims_wwsf *w)
{
	bool pending = false, asked = false;
	struct wk_source *s;

	if(w == NULL || w->remote.uri.l == 0)
		return WIMS_KEY_UNKNOWN;
	s = source_of(wk_keys_lock(), w);
	if(s != NULL) {
		pending = wims_refresh_ask(&s->clock, wk_now_ms());
		asked = !s->clock.in_flight && s->clock.due <= wk_now_ms();
	}
	/* a reload or newer keys came since this process looked: not judged by them */
	if(s == NULL || shared->generation != my_generation)
		pending = true;
	wk_keys_unlock();
	if(asked)
		wk_proc_wake();
	return pending ? WIMS_KEYS_PENDING : WIMS_KEY_UNKNOWN;
}

/* ---- looking ---- */

bool wk_keys_view(const struct wims_wwsf *w, struct wk_keys_view *out)
{
	const struct wk_source *s = source_of(wk_keys_lock(), w);
	int64_t now = wk_now_ms();

	*out = (struct wk_keys_view){0};
	if(s != NULL) {
		out->has = s->clock.has;
		out->fresh = s->clock.has && now < s->clock.fresh_until;
		out->in_flight = s->clock.in_flight;
		out->failures = s->clock.failures;
		out->age = s->clock.has ? (now - s->clock.fetched) / 1000 : 0;
		out->next = (s->clock.due - now) / 1000;
		memcpy(out->trouble, s->trouble, sizeof(out->trouble));
	}
	wk_keys_unlock();
	return s != NULL;
}

bool wk_keys_refresh(const struct wims_wwsf *w)
{
	struct wk_source *s = source_of(wk_keys_lock(), w);

	if(s != NULL)
		wims_refresh_now(&s->clock, wk_now_ms());
	wk_keys_unlock();
	if(s != NULL)
		wk_proc_wake();
	return s != NULL;
}

struct wk_keys_counts wk_keys_counts(void)
{
	const struct wk_keys_table *t = wk_keys_lock();
	struct wk_keys_counts c = {0};
	int64_t now = wk_now_ms();
	size_t i;

	for(i = 0; t != NULL && i < t->count; i++) {
		c.sources++;
		c.empty += !t->at[i].clock.has;
		c.stale += t->at[i].clock.has && now >= t->at[i].clock.fresh_until;
	}
	wk_keys_unlock();
	return c;
}
