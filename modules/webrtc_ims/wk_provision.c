/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_provision.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/locking.h"
#include "core/mem/shm_mem.h"
#include "provision/wims_key_path.h"
#include "wk_bundle.h"
#include "wk_env.h"
#include "wk_introspect.h"
#include "wk_keys.h"
#include "wk_params.h"
#include "wk_rangereg.h"
#include "wk_ranges.h"
#include "wk_role.h"

/* The name under which the provisioning file itself is in the bundle: no path
 * that it could name. */
static const struct wims_pl itself = {"", 0};

/* Nothing but a copy happens under the lock, and the exchange of the sources of
 * keys, which must belong to the bytes. The other lock is held while files are
 * read, and nobody waits for it. */
struct published
{
	gen_lock_t lock;
	gen_lock_t reloading;
	volatile uint32_t generation;
	char *bytes; /* shm */
	size_t len;
	struct wk_range_set *ranges; /* of these bytes */
};

/* What a reload exchanges. */
struct fresh
{
	struct wk_bundle bundle;
	struct wk_keys_table *keys;
	struct wk_range_set *ranges;
};

static struct published *published;
static struct wims_provision *mine;
static struct wk_range_set *my_ranges; /* in which mine looks up */
static uint32_t my_generation;

/* ---- reading ---- */

/* Gives a key file to the parser from the bundle, or, while the bundle is
 * being made, from disk. */
struct source
{
	struct wk_bundle *bundle;
	bool from_disk;
};

static bool add_file(struct wk_bundle *b, struct wims_pl name, const char *what, const char *path)
{
	str text;
	bool added;

	if(wk_read_file(what, path, WIMS_JSON_MAX, &text) < 0)
		return false;
	added = wk_bundle_add(b, name, wk_pl(&text));
	wims_wipe(text.s, (size_t)text.len); /* it may hold a secret */
	pkg_free(text.s);
	return added;
}

static bool fetch(const struct source *s, struct wims_pl path, struct wims_pl *text)
{
	char file[PATH_MAX];

	if(wk_bundle_find(s->bundle, path, text))
		return true;
	return s->from_disk
		   && wims_key_path(file, sizeof(file), wims_pl_str(wk_params.provisioning), path)
		   && add_file(s->bundle, path, "key file", file) && wk_bundle_find(s->bundle, path, text);
}

static bool read_key_file(void *ctx, struct wims_pl path, char *buf, size_t size, size_t *len,
						  char *why, size_t why_size)
{
	struct wims_pl text;
	bool there = path.l > 0 && fetch(ctx, path, &text);

	if(!there || text.l > size) {
		snprintf(why, why_size, "%s", there ? "too large" : "cannot be read");
		return false;
	}
	memcpy(buf, text.p, text.l);
	*len = text.l;
	return true;
}

static enum wims_reason parse(struct wims_provision **out, struct source *s,
							  struct wims_config_fault *fault)
{
	const struct wims_file_reader reader = {.ctx = s, .read = read_key_file};
	struct wims_pl text;

	*out = NULL;
	if(!wk_bundle_find(s->bundle, itself, &text))
		return WIMS_INTERNAL;
	return wims_provision_parse(out, wk_env(), text, &reader, fault);
}

enum wims_reason wk_provision_fail(struct wims_config_fault *fault, enum wims_reason r,
								   const char *text)
{
	snprintf(fault->path, sizeof(fault->path), "$");
	snprintf(fault->text, sizeof(fault->text), "%s", text);
	return r;
}

static enum wims_reason judge(struct fresh *f, const struct wims_provision *pv,
							  struct wims_config_fault *fault)
{
	enum wims_reason r;

	if(!wk_role_icscf() && (!wk_introspect_check(pv, fault) || !wk_rangereg_can_serve(pv, fault)))
		return WIMS_CONFIG_VALUE;
	if((r = wk_ranges_build(&f->ranges, pv, fault)) != WIMS_OK)
		return r;
	return wk_keys_plan(&f->keys, pv, fault);
}

/* Reads and checks all files, into *f whatever comes of it. */
static enum wims_reason read_files(struct fresh *f, struct wims_config_fault *fault)
{
	struct source s = {.bundle = &f->bundle, .from_disk = true};
	struct wims_provision *pv;
	enum wims_reason r = wk_provision_fail(fault, WIMS_CONFIG_FILE, "the file cannot be read");

	if(!add_file(&f->bundle, itself, "provisioning", wk_params.provisioning))
		return r;
	r = parse(&pv, &s, fault);
	if(r == WIMS_OK)
		r = judge(f, pv, fault);
	if(r == WIMS_OK)
		LM_INFO("%s: %zu WWSF\n", wk_params.provisioning, wims_provision_count(pv));
	wims_provision_free(pv);
	return r;
}

/* ---- publishing ---- */

static void forget(struct fresh *f)
{
	wk_keys_table_free(f->keys);
	wk_ranges_release(f->ranges);
	wk_bundle_free(&f->bundle);
}

/* *f holds what was published before, and the bundle. */
static enum wims_reason publish(struct fresh *f)
{
	char *fresh = shm_malloc(f->bundle.len), *old;
	struct wk_range_set *old_ranges;
	size_t old_len;

	if(fresh == NULL)
		return WIMS_NOMEM;
	memcpy(fresh, f->bundle.bytes, f->bundle.len);
	lock_get(&published->lock);
	old = published->bytes;
	old_len = published->len;
	old_ranges = published->ranges;
	published->bytes = fresh;
	published->len = f->bundle.len;
	published->ranges = f->ranges;
	published->generation++;
	f->keys = wk_keys_commit(f->keys);
	lock_release(&published->lock);
	f->ranges = old_ranges;
	if(old != NULL) {
		wims_wipe(old, old_len);
		shm_free(old);
	}
	return WIMS_OK;
}

static enum wims_reason reload(struct wims_config_fault *fault)
{
	struct fresh f = {.bundle = {NULL, 0}};
	enum wims_reason r = read_files(&f, fault);

	if(r == WIMS_OK && (r = publish(&f)) != WIMS_OK)
		snprintf(fault->text, sizeof(fault->text), "no shared memory for %zu bytes", f.bundle.len);
	if(r != WIMS_OK)
		LM_ERR("%s: %s: %s (%s)\n", wk_params.provisioning, fault->path, fault->text,
			   wims_reason_text(r));
	forget(&f);
	return r;
}

/* Of two at once, the one that read the older files could be the last to
 * publish. */
enum wims_reason wk_provision_reload(struct wims_config_fault *fault)
{
	enum wims_reason r;

	if(lock_try(&published->reloading) != 0)
		return wk_provision_fail(fault, WIMS_LIMIT_REACHED, "another reload is under way");
	r = reload(fault);
	lock_release(&published->reloading);
	return r;
}

int wk_provision_init(void)
{
	struct wims_config_fault fault;

	published = shm_malloc(sizeof(*published));
	if(published == NULL || lock_init(&published->lock) == NULL
	   || lock_init(&published->reloading) == NULL) {
		LM_ERR("no shared memory for the provisioning\n");
		return -1;
	}
	published->generation = 0;
	published->bytes = NULL;
	published->len = 0;
	published->ranges = NULL;
	return wk_keys_init() == 0 && wk_provision_reload(&fault) == WIMS_OK ? 0 : -1;
}

/* What this process took. */
static void give_back(void)
{
	wims_provision_free(mine);
	mine = NULL;
	my_generation = 0;
	wk_ranges_release(my_ranges);
	my_ranges = NULL;
}

void wk_provision_destroy(void)
{
	wk_keys_destroy();
	if(published == NULL)
		return;
	give_back();
	wk_ranges_release(published->ranges);
	if(published->bytes != NULL)
		shm_free(published->bytes);
	shm_free(published);
	published = NULL;
}

/* ---- taking ---- */

/* A copy of the published bytes, so that parsing happens without the lock, and
 * their ranges. */
static bool take_copy(struct fresh *f, uint32_t *generation)
{
	struct wk_bundle *b = &f->bundle;

	lock_get(&published->lock);
	b->bytes = malloc(published->len);
	if(b->bytes != NULL) {
		b->len = published->len;
		memcpy(b->bytes, published->bytes, b->len);
	}
	f->ranges = wk_ranges_hold(published->ranges);
	*generation = published->generation;
	lock_release(&published->lock);
	return b->bytes != NULL;
}

/* *f holds what this process had before. */
static void exchange(struct wims_provision *fresh, struct fresh *f, uint32_t generation)
{
	struct wk_range_set *old = my_ranges;

	wims_provision_free(mine);
	mine = fresh;
	my_ranges = f->ranges;
	f->ranges = old;
	my_generation = generation;
	wk_keys_forget();
}

static void take(void)
{
	struct fresh f = {.bundle = {NULL, 0}};
	struct source s = {.bundle = &f.bundle, .from_disk = false};
	struct wims_config_fault fault = {0};
	struct wims_provision *fresh = NULL;
	uint32_t generation;

	if(!take_copy(&f, &generation))
		LM_ERR("no memory for the provisioning\n");
	else if(parse(&fresh, &s, &fault) != WIMS_OK)
		LM_ERR("%s: %s: %s\n", wk_params.provisioning, fault.path, fault.text);
	else if(!wims_provision_use(fresh, wk_ranges_of(f.ranges)))
		LM_ERR("no memory for the lookup of ranges\n");
	else {
		exchange(fresh, &f, generation);
		fresh = NULL;
	}
	wims_provision_free(fresh);
	forget(&f);
}

bool wk_provision_refresh(void)
{
	if(my_generation != published->generation)
		take();
	if(mine != NULL)
		wk_keys_take(mine);
	return mine != NULL;
}

const struct wims_provision *wk_provision(void)
{
	return mine;
}

uint32_t wk_provision_taken(void)
{
	return my_generation;
}

uint32_t wk_provision_generation(void)
{
	return published->generation;
}
