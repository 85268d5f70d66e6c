/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Replies of a Redis server keep their maxima and are the same however they are
 * cut; whatever is read of them is an address, a slot map, a redirection or
 * refused. The first byte says how large the parts are. */
#include <string.h>

#include "redis/wims_redis_error.h"
#include "redis/wims_redis_slot.h"

#include "fuzz.h"
#include "redis_feed.h"

static const struct wims_redis_addr asked = {"192.0.2.9", 7000};

static size_t values(const struct wims_redis_value *v)
{
	size_t n = 1, i;

	FUZZ_ASSERT(v->type == WIMS_REDIS_ARRAY || v->count == 0);
	for(i = 0; i < v->count; i++)
		n += values(&v->at[i]);
	return n;
}

static bool same(const struct wims_redis_value *a, const struct wims_redis_value *b)
{
	size_t i;

	if(a->type != b->type || a->number != b->number || a->count != b->count
	   || !wims_pl_eq(a->text, b->text))
		return false;
	for(i = 0; i < a->count; i++)
		if(!same(&a->at[i], &b->at[i]))
			return false;
	return true;
}

static void judge(const struct wims_redis_value *v)
{
	static struct wims_redis_map map, scratch;
	struct wims_redis_addr to;
	uint16_t slot = 0;
	size_t i;

	FUZZ_ASSERT(values(v) <= WIMS_REDIS_VALUES_MAX);
	if(wims_redis_is_master(v) || wims_redis_master(v, &asked, &to))
		FUZZ_ASSERT(v->type == WIMS_REDIS_ARRAY);
	if(v->type == WIMS_REDIS_ERROR) {
		FUZZ_ASSERT(wims_redis_error(v->text) < WIMS_REDIS_ERROR_COUNT);
		if(wims_redis_redirect(v->text, &asked, &slot, &to))
			FUZZ_ASSERT(slot < WIMS_REDIS_SLOTS && to.port > 0 && to.host[0] != '\0');
	}
	if(wims_redis_map_read(v, &asked, &map, &scratch))
		for(i = 0; i < WIMS_REDIS_SLOTS; i++)
			FUZZ_ASSERT(map.owner[i] <= map.nodes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wims_pl in = wims_pl_from((struct wims_pl){(const char *)data, size}, 1);
	struct wims_redis_reader *whole = wims_redis_reader_new(&wims_env_libc);
	struct wims_redis_reader *parts = wims_redis_reader_new(&wims_env_libc);
	const struct wims_redis_value *v, *w;
	struct wims_redis_place place;
	const char *why;

	FUZZ_ASSERT(whole != NULL && parts != NULL);
	if(wims_redis_place_read(in, &place, &why))
		FUZZ_ASSERT(place.nodes > 0 && place.nodes <= WIMS_REDIS_ADDRS_MAX && why == NULL);
	if(wims_redis_read(whole, in, &v) == WIMS_REDIS_READ) {
		FUZZ_ASSERT(redis_feed(parts, in, (size_t)data[0] + 1, &w) == WIMS_REDIS_READ
					&& same(v, w));
		judge(v);
	}
	wims_redis_reader_free(whole);
	wims_redis_reader_free(parts);
	return 0;
}
