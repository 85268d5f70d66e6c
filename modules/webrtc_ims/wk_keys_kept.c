/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_keys_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem/shm_mem.h"
#include "core/timer.h"
#include "wk_state.h"
#include "wk_store.h"

/* Fetched sets in the state directory, a file for each WWSF: keys-NAME.state. */

enum
{
	FILE_NAME_MAX = WK_KEYS_NAME_MAX + sizeof("keys-")
};

static void file_name(char out[FILE_NAME_MAX], const struct wk_source *s)
{
	snprintf(out, FILE_NAME_MAX, "keys-%s", s->name);
}

/* ---- keeping ---- */

static bool write_kept(void *ctx, struct wims_buf *out)
{
	return wims_jwks_keep(out, ctx);
}

static void keep(const struct wk_source *s, const char *bytes)
{
	struct wims_jwks_kept kept = {.url = wims_pl_str(s->url),
								  .fetched = s->came,
								  .max_age = s->max_age,
								  .jwks = {bytes, s->len}};
	char name[FILE_NAME_MAX];

	file_name(name, s);
	if(wk_store_save(name, write_kept, &kept) != WIMS_OK)
		LM_WARN("WWSF %s: its keys would not survive a restart\n", s->name);
}

/* A copy of the i-th source, and of its bytes if they are to be kept. False:
 * there is none. */
static bool take_unsaved(size_t i, struct wk_source *out, char **bytes)
{
	struct wk_keys_table *t = wk_keys_lock();
	bool there = t != NULL && i < t->count;

	*bytes = NULL;
	if(there && t->at[i].unsaved && (*bytes = wk_keys_copy(&t->at[i])) != NULL) {
		t->at[i].unsaved = false;
		*out = t->at[i];
	}
	wk_keys_unlock();
	return there;
}

static void keep_news(unsigned ticks, void *param)
{
	struct wk_source s;
	char *bytes;
	size_t i;

	for(i = 0; wk_store_on() && take_unsaved(i, &s, &bytes); i++) {
		if(bytes != NULL)
			keep(&s, bytes);
		free(bytes);
	}
}

int wk_keys_kept_init(void)
{
	if(register_timer(keep_news, NULL, 1) >= 0)
		return 0;
	LM_ERR("no timer that keeps the keys of WWSFs\n");
	return -1;
}

/* ---- restoring ---- */

/* A clock that was set back makes nothing older. */
static int64_t age_of(const struct wims_jwks_kept *kept)
{
	int64_t now = wk_wall();

	return now > kept->fetched ? now - kept->fetched : 0;
}

/* NULL, or why the kept set is not used. */
static const char *take_kept(struct wk_source *s, const struct wims_jwks_kept *kept, size_t *keys)
{
	struct wims_jwks_fault fault;
	struct wims_refresh clock;

	if(!wims_pl_eq(kept->url, wims_pl_str(s->url)))
		return "it came from another URL";
	if(!wims_refresh_restore(&clock, &s->rule, wk_now_ms(), age_of(kept) * 1000, kept->max_age))
		return "it is too old";
	if(!wk_keys_usable(kept->jwks, s->algorithms, keys, &fault))
		return "no key in it can be used now";
	if((s->bytes = shm_malloc(kept->jwks.l)) == NULL)
		return "no shared memory";
	memcpy(s->bytes, kept->jwks.p, kept->jwks.l);
	s->len = kept->jwks.l;
	s->clock = clock;
	return NULL;
}

void wk_keys_restore(struct wk_source *s)
{
	struct wims_jwks_kept kept;
	struct wims_buf body;
	char name[FILE_NAME_MAX];
	const char *why = "it is of another form";
	size_t keys = 0;

	file_name(name, s);
	if(!wk_store_load(name, WIMS_JWKS_KEPT_MAX, &body))
		goto out;
	if(wims_jwks_kept_read(&kept, wims_buf_pl(&body)))
		why = take_kept(s, &kept, &keys);
	if(why != NULL)
		LM_WARN("WWSF %s: the set in %s.state is ignored: %s\n", s->name, name, why);
	else
		LM_INFO("WWSF %s: %zu keys of %" PRId64 " s ago, from the state directory\n", s->name, keys,
				age_of(&kept));
out:
	wims_buf_clear(&body);
}
