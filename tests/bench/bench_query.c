/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "bench_query.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hiredis/hiredis.h>

#include "core/dprint.h"
#include "core/sr_module.h"

static char *place = "";

void bench_query_init(char *redis)
{
	place = redis;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static bool query(sip_msg_t *msg)
{
	static cmd_function asked;
	fparam_t uri = {.type = FPARAM_STR, .v.str = str_init("sip:shop-bench@ims.test")};

	if(asked == NULL)
		asked = find_export("wims_registrar_query", 1, 0);
	return asked != NULL && asked(msg, (char *)&uri, NULL) == 1;
}

static redisContext *connected(void)
{
	struct wims_pl text = wims_pl_str(place);
	size_t colon = wims_pl_find(text, ':');
	char host[64] = "";
	uint64_t port;

	if(colon >= sizeof(host) || !wims_pl_u64(wims_pl_from(text, colon + 1), &port))
		return NULL;
	memcpy(host, text.p, colon);
	return redisConnect(host, (int)port);
}

static bool get(sip_msg_t *msg)
{
	static redisContext *c;
	redisReply *r;
	bool ok;

	if(c == NULL)
		c = connected();
	r = c == NULL || c->err != 0 ? NULL : redisCommand(c, "GET bench:text");
	ok = r != NULL && r->type == REDIS_REPLY_STRING && r->len > 100;
	freeReplyObject(r);
	return ok;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool take(uint64_t *took, uint64_t n, bool (*work)(sip_msg_t *), sip_msg_t *msg)
{
	uint64_t i, began;

	for(i = 0; i < n; i++) {
		began = now_ns();
		if(!work(msg))
			return false;
		took[i] = now_ns() - began;
	}
	return true;
}

/* Of a machine that does other things as well, the median says more than the sum. */
static bool measure(uint64_t *ns, uint64_t n, bool (*work)(sip_msg_t *), sip_msg_t *msg)
{
	uint64_t *took = n == 0 ? NULL : calloc(n, sizeof(*took));
	bool ok = took != NULL && take(took, n, work, msg);

	if(ok) {
		qsort(took, n, sizeof(*took), by_size);
		*ns = took[n / 2] * n;
	}
	free(took);
	return ok;
}

bool bench_query_run(uint64_t *ns, sip_msg_t *msg, struct wims_pl what, uint64_t rounds)
{
	bool ok = false;

	if(wims_pl_eq(what, WIMS_PL("query")))
		ok = measure(ns, rounds, query, msg);
	else if(wims_pl_eq(what, WIMS_PL("get")))
		ok = measure(ns, rounds, get, msg);
	if(!ok)
		LM_ERR("%.*s failed\n", (int)what.l, what.p);
	return ok;
}
