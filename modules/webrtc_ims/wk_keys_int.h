/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_KEYS_INT_H
#define WK_KEYS_INT_H

/* The shared memory behind wk_keys.h; included by wk_keys*.c only. */

#include "fetch/wims_fetch.h"
#include "keys/wims_jwks.h"
#include "keys/wims_refresh.h"
#include "wk_keys.h"

enum
{
	WK_KEYS_NAME_MAX = 64,            /* of a WWSF */
	WK_KEYS_SAVE_EACH_MS = 300 * 1000 /* a set that has not changed is saved so often */
};

/* One jwks_uri. */
struct wk_source
{
	uint32_t id;         /* never given twice; 0: not of the current table */
	uint32_t version;    /* of the bytes; changes with them; 0: never had any */
	uint32_t algorithms; /* that its keys may be for */
	struct wims_refresh_rule rule;
	struct wims_refresh clock;
	int64_t saved; /* on the clock of the refresh; 0: never */
	bool unsaved;  /* it is to be written into the state directory */
	int64_t came;  /* s since the epoch, of the last good answer */
	int64_t max_age;
	char *bytes; /* the set, in shared memory; NULL: none */
	size_t len;
	char name[WK_KEYS_NAME_MAX + 1];
	char url[WIMS_JWKS_URL_MAX + 1];
	char ca_file[WIMS_FETCH_CA_MAX + 1];
	char trouble[WK_KEYS_TROUBLE_MAX];
};

struct wk_keys_table
{
	size_t count;
	struct wk_source at[];
};

/* The lock is a leaf: nothing but copies and the clock work happen under it. */
struct wk_keys_table *wk_keys_lock(void);
void wk_keys_unlock(void);
/* NULL: gone with a reload. */
struct wk_source *wk_keys_by_id(struct wk_keys_table *table, uint32_t id);
/* Under the lock: other bytes, in shared memory (NULL: none), are published.
 * The old ones, to be freed after the lock. */
char *wk_keys_publish(struct wk_source *s, char *bytes, size_t len);
/* Under the lock: a copy of the bytes in libc memory; NULL: no memory, or there
 * are none. */
char *wk_keys_copy(const struct wk_source *s);
/* Would a process that takes this set find keys in it, and how many? */
WIMS_MUST_CHECK bool wk_keys_usable(struct wims_pl text, uint32_t algorithms, size_t *keys,
									struct wims_jwks_fault *fault);

/* mod_init or a reload, s is of no table yet: the set that was kept for it in
 * the state directory, if there is one for its URL that is not too old. */
void wk_keys_restore(struct wk_source *s);
/* mod_init: from then on the slow timer of Kamailio writes what is unsaved, once
 * a second. A disk may take its time, the wims process must not. */
int wk_keys_kept_init(void);

#endif
