/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "store_fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wr_scripts.h"

enum
{
	PART = 500, /* in one step, so that not too many have the same millisecond */
	SCRIPT_BYTES = 64 * 1024,
	WORD_BYTES = 64
};

/* ARGV: prefix of the keys, first and last user, quarantine in ms */
#define EACH_USER                                                                     \
	"local P, quarantine = ARGV[1], ARGV[4]\n"                                        \
	"for i = tonumber(ARGV[2]), tonumber(ARGV[3]) do\n"                               \
	"local id, user = string.format('%d', i), 'user' .. string.format('%d', i)\n"     \
	"local flow = string.format('F%031x', i)\n"                                       \
	"local device = string.format('1 <urn:uuid:00000000-0000-4000-8000-%012x>', i)\n" \
	"put({ P .. 'e:' .. id, P .. 'lease', P .. 'format', P .. 'u:' .. user }, {\n"    \
	"  id, 'sip:' .. user .. '@ims.test', user, string.format('%024x', i),\n"         \
	"  '1 7 - ' .. flow .. ' ' .. device, device, '3600000', '10', '0', '0',\n"       \
	"  quarantine, P .. 'u:', P .. 'e:', '0' })\n"                                    \
	"end\n"                                                                           \
	"return 0\n"

/* ARGV: lease, next, first and last free IMPU; lease of others, how many */
#define OTHERS                                                                  \
	"for i = tonumber(ARGV[3]), tonumber(ARGV[4]) do\n"                         \
	"redis.call('ZADD', ARGV[1], i - ARGV[3] + 1, string.format('%d', i))\n"    \
	"end\n"                                                                     \
	"redis.call('SET', ARGV[2], string.format('%d', ARGV[4] + 1))\n"            \
	"for i = 1, tonumber(ARGV[6]) do\n"                                         \
	"redis.call('ZADD', ARGV[5], i, string.format('sip:gone%d@ims.test', i))\n" \
	"end\n"                                                                     \
	"return 0\n"

static void eval(struct side *s, const char *text, const char *(*word)[8], int n)
{
	const char *argv[16] = {"EVAL", text, "1", (*word)[0]};
	int i;

	for(i = 0; i < n; i++)
		argv[4 + i] = (*word)[i];
	freeReplyObject(bare_ask(s->bare, 4 + n, argv, NULL));
}

static char *number(char *to, int64_t n)
{
	snprintf(to, WORD_BYTES, "%lld", (long long)n);
	return to;
}

static void fill_users(struct side *s)
{
	char *script = malloc(SCRIPT_BYTES), prefix[WORD_BYTES], from[WORD_BYTES], to[WORD_BYTES],
		 quarantine[WORD_BYTES];
	int64_t i;

	if(script == NULL)
		exit(2);
	snprintf(script, SCRIPT_BYTES, "local function put(KEYS, ARGV)\n%.*send\n%s",
			 (int)wr_script_put.text.l, wr_script_put.text.p, EACH_USER);
	snprintf(prefix, sizeof(prefix), "wims:{%s}:", s->block.tag);
	number(quarantine, (int64_t)s->block.quarantine * 1000);
	for(i = 0; i < s->users; i += PART) {
		const char *word[8] = {prefix, number(from, i),
							   number(to, i + PART < s->users ? i + PART - 1 : s->users - 1),
							   quarantine};

		eval(s, script, &word, 4);
	}
	free(script);
}

static void fill_others(struct side *s)
{
	char lease[WORD_BYTES], next[WORD_BYTES], from[WORD_BYTES], to[WORD_BYTES], others[WORD_BYTES],
			count[WORD_BYTES];
	const char *word[8] = {lease,
						   next,
						   number(from, s->users),
						   number(to, s->users + SIDE_FREE - 1),
						   others,
						   number(count, s->users)};

	snprintf(lease, sizeof(lease), "wims:{%s}:lease", s->block.tag);
	snprintf(next, sizeof(next), "wims:{%s}:next", s->block.tag);
	snprintf(others, sizeof(others), "wims:{%s}:lease", s->claimed.tag);
	eval(s, OTHERS, &word, 6);
}

void store_fill(struct side *s)
{
	long long before = bare_info(s->bare, "used_memory:");

	fill_users(s);
	s->bytes = bare_info(s->bare, "used_memory:") - before;
	fill_others(s);
}
