/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef STORE_BARE_H
#define STORE_BARE_H

/* Redis by hiredis alone, beside the client. Ends the program when it fails. */

#include <hiredis/hiredis.h>

/* What a server has done since it started. */
struct bare_stats
{
	long long commands; /* of scripts, those that they call counted */
	long long us;       /* in scripts */
};

/* PLACE as redis:ADDRESS:PORT */
redisContext *bare_open(const char *place);
/* One command; the reply is freed by its user, and is no error. */
redisReply *bare_ask(redisContext *c, int argc, const char **argv, const size_t *len);
/* One, by its words without blanks in them; a number that is answered, or 0. */
long long bare_do(redisContext *c, const char *command);
struct bare_stats bare_look(redisContext *c);
/* A number of INFO, by its name and the colon behind that. */
long long bare_info(redisContext *c, const char *name);

#endif
