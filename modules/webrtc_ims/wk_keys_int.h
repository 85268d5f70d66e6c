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
	WK_KEYS_NAME_MAX = 64 /* of a WWSF */
};

/* One jwks_uri. */
struct wk_source
{
	uint32_t id;         /* never given twice; 0: not of the current table */
	uint32_t version;    /* of the bytes; changes with them; 0: never had any */
	uint32_t algorithms; /* that its keys may be for */
	struct wims_refresh_rule rule;
	struct wims_refresh clock;
	int64_t fetched; /* wall clock, s */
	char *bytes;     /* the set, in shared memory; NULL: none */
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

#endif
