/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "store_bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const redisContext *c, const redisReply *r)
{
	fprintf(stderr, "redis: %s\n", r != NULL ? r->str : c != NULL ? c->errstr : "no memory");
	exit(2);
}

redisContext *bare_open(const char *place)
{
	char host[64];
	const char *from = strchr(place, ':'), *to = strrchr(place, ':');
	redisContext *c;

	if(from == NULL || from == to || to - from > (int)sizeof(host))
		give_up(NULL, NULL);
	snprintf(host, sizeof(host), "%.*s", (int)(to - from - 1), from + 1);
	c = redisConnect(host, (int)strtol(to + 1, NULL, 10));
	if(c == NULL || c->err != 0)
		give_up(c, NULL);
	return c;
}

static redisReply *good(redisContext *c, redisReply *r)
{
	if(r == NULL || r->type == REDIS_REPLY_ERROR)
		give_up(c, r);
	return r;
}

redisReply *bare_ask(redisContext *c, int argc, const char **argv, const size_t *len)
{
	return good(c, redisCommandArgv(c, argc, argv, len));
}

long long bare_do(redisContext *c, const char *command)
{
	redisReply *r = good(c, redisCommand(c, command));
	long long n = r->type == REDIS_REPLY_INTEGER ? r->integer : 0;

	freeReplyObject(r);
	return n;
}

/* Each command has a line cmdstat_NAME:calls=N,usec=N,... */
struct bare_stats bare_look(redisContext *c)
{
	redisReply *r = good(c, redisCommand(c, "INFO commandstats"));
	struct bare_stats s = {0, 0};
	const char *at = r->str;

	while((at = strstr(at, "cmdstat_")) != NULL) {
		const char *calls = strstr(at, ":calls="), *us = strstr(at, ",usec=");

		if(calls == NULL || us == NULL)
			break;
		if(strncmp(at, "cmdstat_eval", 12) == 0)
			s.us += strtoll(us + 6, NULL, 10);
		else if(strncmp(at, "cmdstat_info", 12) != 0)
			s.commands += strtoll(calls + 7, NULL, 10);
		at = us;
	}
	freeReplyObject(r);
	return s;
}

long long bare_info(redisContext *c, const char *name)
{
	redisReply *r = good(c, redisCommand(c, "INFO"));
	const char *at = strstr(r->str, name);
	long long n = at != NULL ? strtoll(at + strlen(name), NULL, 10) : -1;

	freeReplyObject(r);
	return n;
}
