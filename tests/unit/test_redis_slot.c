/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "redis/wims_redis_slot.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* As CLUSTER KEYSLOT of Redis 7.0 answers. */
static const struct
{
	const char *key;
	uint16_t slot;
} slots[] = {
		{"123456789", 12739},
		{"foo", 12182},
		{"bar", 5061},
		{"", 0},
		{"{user1000}.following", 3443},
		{"{user1000}.followers", 3443},
		{"foo{bar}{zap}", 5061},
		/* an empty tag is none; the first '{' and the first '}' behind it count */
		{"foo{}{bar}", 8363},
		{"foo{{bar}}zap", 4015},
		{"{", 4092},
		{"}", 12090},
		{"a{b", 13340},
		{"a}b{c}", 7365},
		{"wims:{0123456789abcdef}:lease", 10405},
		{"wims:{0123456789abcdef}:e:17", 10405},
};

static void slots_of_keys(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(slots); i++)
		if(wims_redis_slot(wims_pl_str(slots[i].key)) != slots[i].slot)
			fail_msg("%s: %u", slots[i].key, wims_redis_slot(wims_pl_str(slots[i].key)));
	assert_int_equal(wims_redis_slot(WIMS_PL_NONE), 0);
	assert_int_equal(wims_redis_slot(WIMS_PL("a\0b")), wims_redis_slot(WIMS_PL("{a\0b}")));
}

static const struct wims_redis_addr asked = {"192.0.2.9", 7000};

struct maps
{
	struct wims_redis_map map, scratch;
};

static bool take(struct maps *m, const char *reply)
{
	struct wims_redis_reader *r = wims_redis_reader_new(&wims_env_libc);
	const struct wims_redis_value *v;
	bool taken;

	assert_non_null(r);
	if(wims_redis_read(r, wims_pl_str(reply), &v) != WIMS_REDIS_READ)
		fail_msg("no reply: %s", reply);
	taken = wims_redis_map_read(v, &asked, &m->map, &m->scratch);
	wims_redis_reader_free(r);
	return taken;
}

static void owner_is(const struct maps *m, uint16_t slot, const char *host, uint16_t port)
{
	const struct wims_redis_addr *a = wims_redis_map_find(&m->map, slot);

	assert_non_null(a);
	assert_string_equal(a->host, host);
	assert_int_equal(a->port, port);
}

#define RANGE(first, last, host, port) \
	"*3\r\n:" first "\r\n:" last "\r\n*4\r\n" host "\r\n:" port "\r\n$2\r\nid\r\n*0\r\n"
#define TEN "$8\r\n10.0.0.1"

static void reads_a_map(void **state)
{
	struct maps *m = calloc(1, sizeof(*m));

	(void)state;
	assert_non_null(m);
	assert_null(wims_redis_map_find(&m->map, 0));
	assert_true(take(m, "*2\r\n" RANGE("0", "100", TEN, "6379")
								RANGE("200", "16383", "$3\r\n::1", "1")));
	owner_is(m, 0, "10.0.0.1", 6379);
	owner_is(m, 100, "10.0.0.1", 6379);
	assert_null(wims_redis_map_find(&m->map, 101));
	assert_null(wims_redis_map_find(&m->map, 199));
	owner_is(m, 16383, "::1", 1);
	/* no host: the one that was asked */
	assert_true(take(m, "*2\r\n" RANGE("0", "9", "$-1", "1") RANGE("10", "19", "$0\r\n", "2")));
	owner_is(m, 9, "192.0.2.9", 1);
	owner_is(m, 10, "192.0.2.9", 2);
	assert_null(wims_redis_map_find(&m->map, 16383));
	free(m);
}

static void refuses_a_map(void **state)
{
	static const char *const bad[] = {
			"*0\r\n",
			"+OK\r\n",
			"-ERR This instance has cluster support disabled\r\n",
			"*1\r\n:1\r\n",
			"*1\r\n*2\r\n:0\r\n:1\r\n",
			"*1\r\n*3\r\n:0\r\n:1\r\n*1\r\n" TEN "\r\n",
			"*1\r\n*3\r\n$1\r\n0\r\n:1\r\n*2\r\n" TEN "\r\n:1\r\n",
			"*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n" TEN "\r\n$1\r\n1\r\n",
			"*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n:7\r\n:1\r\n",
			"*1\r\n" RANGE("-1", "1", TEN, "1"),
			"*1\r\n" RANGE("0", "16384", TEN, "1"),
			"*1\r\n" RANGE("16384", "16384", TEN, "1"),
			"*1\r\n" RANGE("5", "4", TEN, "1"),
			"*1\r\n" RANGE("0", "9223372036854775807", TEN, "1"),
			"*1\r\n" RANGE("0", "1", TEN, "0"),
			"*1\r\n" RANGE("0", "1", TEN, "-1"),
			"*1\r\n" RANGE("0", "1", TEN, "65536"),
			"*1\r\n" RANGE("0", "1", "$9\r\nredis.ims", "1"),
			"*1\r\n" RANGE("0", "1", "$10\r\nunix:/etc/", "1"),
			"*2\r\n" RANGE("0", "1", TEN, "1") RANGE("2", "1", TEN, "1"),
	};
	struct maps *m = calloc(1, sizeof(*m));
	size_t i;

	(void)state;
	assert_non_null(m);
	assert_true(take(m, "*1\r\n" RANGE("0", "16383", TEN, "6379")));
	for(i = 0; i < COUNT(bad); i++) {
		if(take(m, bad[i]))
			fail_msg("taken: %s", bad[i]);
		owner_is(m, 1, "10.0.0.1", 6379); /* as it was */
	}
	free(m);
}

static void redirections_change_it(void **state)
{
	struct maps *m = calloc(1, sizeof(*m));
	struct wims_redis_addr a = {"10.0.0.2", 1};
	size_t i;

	(void)state;
	assert_non_null(m);
	wims_redis_map_set(&m->map, 16383, &a);
	wims_redis_map_set(&m->map, 5, &a);
	assert_int_equal(m->map.nodes, 1);
	owner_is(m, 16383, "10.0.0.2", 1);
	assert_null(wims_redis_map_find(&m->map, 4));
	for(i = 1; i < WIMS_REDIS_NODES_MAX; i++) {
		a.port = (uint16_t)(i + 1);
		wims_redis_map_set(&m->map, (uint16_t)i, &a);
	}
	owner_is(m, WIMS_REDIS_NODES_MAX - 1, "10.0.0.2", WIMS_REDIS_NODES_MAX);
	/* one node too many */
	a.port = 9999;
	wims_redis_map_set(&m->map, 5, &a);
	assert_null(wims_redis_map_find(&m->map, 5));
	owner_is(m, 16383, "10.0.0.2", 1);
	free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(slots_of_keys), cmocka_unit_test(reads_a_map),
			cmocka_unit_test(refuses_a_map), cmocka_unit_test(redirections_change_it)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
