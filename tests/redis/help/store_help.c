/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "store_help.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct wr_client *client;

struct wr_store *open_store(const char *place, int timeout_ms)
{
	struct wr_conf conf = {.timeout_ms = timeout_ms,
						   .user = wims_pl_str(getenv("WR_USER")),
						   .password = wims_pl_str(getenv("WR_PASSWORD"))};
	struct wr_store *s = NULL;
	const char *why = "no memory";

	if(wims_redis_place_read(wims_pl_str(place), &conf.place, &why)
	   && (client = wr_client_new(&conf, &wims_env_libc)) != NULL)
		s = wr_store_new(client, &wims_env_libc);
	if(s == NULL) {
		fprintf(stderr, "%s: %s\n", place, why);
		exit(2);
	}
	return s;
}

void close_store(struct wr_store *s)
{
	wr_store_free(s);
	wr_client_free(client);
}

struct wims_block block_of(uint32_t run, uint64_t size, uint32_t quarantine)
{
	struct wims_block b = {.range = WIMS_PL("sip:test"), .size = size, .quarantine = quarantine};

	snprintf(b.tag, sizeof(b.tag), "%08x00000000", run);
	return b;
}

void pass_ms(int64_t ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

struct wr_client *store_client(void)
{
	return client;
}
