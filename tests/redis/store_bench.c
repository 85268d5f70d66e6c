/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What the registrar's store in Redis costs; tests/bench/stores.py reads it.
 *   store_bench PLACE FEW PLACE MANY ROW...
 * registers so many users at each of two Redis, which are empty and serve nobody
 * else. Prints rounds of samples of each row, a line each: ROW ours against [bare]. Rows:
 *   OP          a round trip of the store; of a script with the same calls; of one that
 *               does nothing
 *   OP-writes   the same; of a script that writes as much and reads nothing
 *   OP-get      the same; of a GET
 *   OP-many     the median where many are registered; where few are
 *   OP-p99      the slowest of a hundred where many are registered; where few are
 *   bytes       of memory that a user takes among many; that its texts have
 * Times are in microseconds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help/store_ops.h"
#include "help/store_user.h"

enum
{
	ROUNDS = 22, /* the first one is not counted */
	TIMES = 400,
	SORTED = 1000,
	WORDS_MAX = 24,
	FILLER = 256,
	VARIED = 1000
};

static struct side few, many;
static const char *many_place;
static int64_t many_users;

static struct side *with_many(void)
{
	if(many.users == 0)
		side_open(&many, many_place, 1, many_users);
	return &many;
}

/* --- by hiredis alone --- */

/* One command, and how long its words are. */
struct bare
{
	char *word[WORDS_MAX];
	size_t len[WORDS_MAX];
	int count;
	char sha1[64];
};

/* A script that gets words as long as those of the store's, and answers as much. */
struct bare_script
{
	const char *op, *reads, *writes, *answer, *keys;
	size_t len[WORDS_MAX];
};

#define LEASE "1999999999999"
/* clang-format off */
#define READ(user) \
	"redis.call('GET', KEYS[3]) redis.call('TIME') redis.call('HLEN', KEYS[1])" \
	"redis.call('HGETALL', KEYS[1])" user
static const struct bare_script scripts[] = {
	{"put",
	 READ("redis.call('GET', KEYS[4])"),
	 "redis.call('HSET', KEYS[1], ARGV[4], ARGV[5]) redis.call('PEXPIREAT', KEYS[1], " LEASE ")"
	 "redis.call('ZADD', KEYS[2], " LEASE ", ARGV[1])"
	 "redis.call('PEXPIREAT', KEYS[4], " LEASE ")",
	 "return { 'OK', 1700000000000, 1, 0 }", "4",
	 {27, 28, 29, 33, 3, 19, 7, 24, 97, 47, 7, 2, 1, 1, 6, 25, 25, 1}},
	{"allocate",
	 READ("redis.call('ZCARD', KEYS[2]) redis.call('GET', KEYS[4])"
		  "redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', 1, 'LIMIT', 0, 16)"),
	 "redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'since', " LEASE ", 'held', " LEASE ")"
	 "redis.call('PEXPIREAT', KEYS[1], " LEASE ") redis.call('ZADD', KEYS[2], " LEASE ", ARGV[2])"
	 "redis.call('SET', KEYS[4], ARGV[2], 'PXAT', " LEASE ")",
	 "return 1000", "4",
	 {34, 28, 27, 29, 8, 4, 4, 6, 25}},
	{"remove",
	 READ("redis.call('GET', ARGV[3])"),
	 "redis.call('HSET', KEYS[1], ARGV[2], 1) redis.call('PEXPIREAT', KEYS[1], " LEASE ")"
	 "redis.call('ZADD', KEYS[2], " LEASE ", ARGV[1])"
		 "redis.call('PEXPIREAT', KEYS[1], " LEASE ")",
	 "return 1", "3",
	 {27, 28, 29, 3, 24, 6, 25}},
};
/* clang-format on */

static void add(struct bare *b, char *word, size_t len)
{
	b->word[b->count] = word;
	b->len[b->count++] = len;
}

/* Each word is another one: keys have different types. */
static char *filler(int turn)
{
	static char text[WORDS_MAX][FILLER];

	memset(text[turn], 'a' + turn, FILLER);
	return text[turn];
}

enum works
{
	NOTHING,
	WRITES,
	ALL
};

static void bare_script(struct bare *b, const struct bare_script *from, enum works works)
{
	static char name[] = "EVALSHA", keys[4];
	char text[2048];
	const char *load[] = {"SCRIPT", "LOAD", text};
	redisReply *r;
	int i;

	snprintf(text, sizeof(text), "%s %s %s", works == ALL ? from->reads : "",
			 works >= WRITES ? from->writes : "", from->answer);
	r = bare_ask(few.bare, 3, load, NULL);
	b->count = 0;
	snprintf(b->sha1, sizeof(b->sha1), "%s", r->str);
	freeReplyObject(r);
	snprintf(keys, sizeof(keys), "%s", from->keys);
	add(b, name, strlen(name));
	add(b, b->sha1, strlen(b->sha1));
	add(b, keys, 1);
	for(i = 0; from->len[i] > 0; i++)
		add(b, filler(i), from->len[i]);
}

/* Another user each time, as ours: the end of the entry's key, of the owner's
 * and of what is behind the keys. */
static void vary(const struct bare *b)
{
	static const int at[] = {3, 6, 7};
	static unsigned turn;
	char digits[4];
	size_t i;

	turn = turn * 1103515245 + 12345;
	snprintf(digits, sizeof(digits), "%03u", turn / 65536 % VARIED);
	if(b->count == 2)
		memcpy(b->word[1] + b->len[1] - 3, digits, 3);
	for(i = 0; i < sizeof(at) / sizeof(at[0]) && b->count > at[i]; i++)
		if(b->len[at[i]] >= 3)
			memcpy(b->word[at[i]] + b->len[at[i]] - 3, digits, 3);
}

/* Texts as long as what a query answers. */
static struct bare bare_get(void)
{
	static char key[] = "wims:{0000000000000000}:e:000";
	static char text[] = "GET";
	const char *argv[] = {"SET", key, filler(0)};
	size_t len[] = {3, sizeof(key) - 1, 210};
	struct bare b = {.count = 0};
	unsigned i;

	for(i = 0; i < VARIED; i++) {
		snprintf(key + sizeof(key) - 4, 4, "%03u", i);
		freeReplyObject(bare_ask(few.bare, 3, argv, len));
	}
	add(&b, text, strlen(text));
	add(&b, key, sizeof(key) - 1);
	return b;
}

/* --- samples --- */

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* What so many of a hundred are not longer than. Most of a round trip is waiting:
 * a mean would be that of what else the machine does. */
static double part(int64_t *ns, int count, int hundredths)
{
	qsort(ns, (size_t)count, sizeof(ns[0]), by_size);
	return 1e-3 * (double)ns[count * hundredths / 100];
}

static double sample(struct side *s, const struct side_op *op, int count, int hundredths)
{
	static int64_t ns[SORTED];
	int i;

	for(i = 0; i < count; i++)
		ns[i] = side_run(s, op);
	return part(ns, count, hundredths);
}

static double bare_sample(const struct bare *b)
{
	static int64_t ns[TIMES];
	int64_t began;
	int i;

	for(i = 0; i < TIMES; i++) {
		vary(b);
		began = side_now_ns();
		freeReplyObject(bare_ask(few.bare, b->count, (const char **)b->word, b->len));
		ns[i] = side_now_ns() - began;
	}
	return part(ns, TIMES, 50);
}

/* --- rows --- */

static void print(const char *row, double ours, double against)
{
	printf("%s %.3f %.3f\n", row, ours, against);
}

/* Which comes first changes; least is NULL where the row has no third side. */
static void beside_bare(const char *row, const struct side_op *op, const struct bare *b,
						const struct bare *least)
{
	double side[3] = {0};
	int i, turn, n = least == NULL ? 2 : 3;

	for(i = 0; i < ROUNDS; i++) {
		for(turn = i; turn < i + n; turn++)
			side[turn % n] = turn % n == 0 ? sample(&few, op, TIMES, 50)
										   : bare_sample(turn % n == 1 ? b : least);
		if(i > 0 && least == NULL)
			print(row, side[0], side[1]);
		else if(i > 0)
			printf("%s %.3f %.3f %.3f\n", row, side[0], side[1], side[2]);
	}
}

static void beside_few(const char *row, const struct side_op *op, int hundredths)
{
	int count = hundredths > 50 ? SORTED : TIMES, i;
	double ours, against;

	for(i = 0; i < ROUNDS; i++) {
		ours = i % 2 ? sample(with_many(), op, count, hundredths) : 0;
		against = sample(&few, op, count, hundredths);
		ours = i % 2 ? ours : sample(with_many(), op, count, hundredths);
		if(i > 0)
			print(row, ours, against);
	}
}

/* Keys, members, fields and values of one in the middle. */
static void bytes(const char *row)
{
	struct side *s = with_many();
	int64_t user = s->users / 2;
	struct wims_reg_contact c = user_contact(user);
	int index = snprintf(NULL, 0, "%lld", (long long)user), i;
	size_t key = strlen("wims:{}:e:") + WIMS_BLOCK_TAG_LEN, digits = (size_t)index,
		   owner = strlen("user") + digits, time = strlen(LEASE),
		   entry = key + digits + strlen("owner") + owner + strlen("impu") + user_impu(user).l
				   + strlen("since") + time + strlen("c:") + c.name.l + time + strlen(" 1 7 -  1 ")
				   + c.flow.l + c.instance.l;

	for(i = 1; i < ROUNDS; i++)
		print(row, (double)s->bytes / (double)s->users,
			  (double)(entry + key + owner + digits + digits + sizeof(double)));
}

static const struct bare_script *script_of(const char *op)
{
	size_t i;

	for(i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if(strcmp(scripts[i].op, op) == 0)
			return &scripts[i];
	exit(2);
}

static bool is(const char *kind, const char *what)
{
	return kind != NULL && strcmp(kind, what) == 0;
}

/* OP, OP-KIND */
static void measure(const char *row)
{
	char name[64];
	char *kind;
	struct bare b, nothing;

	snprintf(name, sizeof(name), "%s", row);
	if((kind = strrchr(name, '-')) != NULL)
		*kind++ = '\0';
	if(is(row, "bytes")) {
		bytes(row);
	} else if(is(kind, "many") || is(kind, "p99")) {
		beside_few(row, side_op(name), is(kind, "p99") ? 99 : 50);
	} else if(is(kind, "get")) {
		b = bare_get();
		beside_bare(row, side_op(name), &b, NULL);
	} else {
		bare_script(&b, script_of(name), kind == NULL ? ALL : WRITES);
		bare_script(&nothing, script_of(name), NOTHING);
		beside_bare(row, side_op(name), &b, kind == NULL ? &nothing : NULL);
	}
}

int main(int argc, char **argv)
{
	int i;

	if(argc < 6)
		return 2;
	many_place = argv[3];
	many_users = strtol(argv[4], NULL, 10);
	side_open(&few, argv[1], 1, strtol(argv[2], NULL, 10));
	for(i = 5; i < argc; i++)
		measure(argv[i]);
	side_close(&few);
	if(many.users > 0)
		side_close(&many);
	return 0;
}
