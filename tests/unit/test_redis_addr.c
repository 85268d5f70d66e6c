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

#include "redis/wims_redis_error.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct
{
	const char *text, *host; /* host NULL: refused */
	uint16_t port;
} addrs[] = {
		{"192.0.2.1", "192.0.2.1", 6379},
		{"192.0.2.1:1", "192.0.2.1", 1},
		{"192.0.2.1:65535", "192.0.2.1", 65535},
		{"[2001:db8::1]", "2001:db8::1", 6379},
		{"[2001:db8::1]:7", "2001:db8::1", 7},
		{"unix:/run/redis.sock", "/run/redis.sock", 0},
		{"", NULL, 0},
		{":6379", NULL, 0},
		{"192.0.2.1:", NULL, 0},
		{"192.0.2.1:0", NULL, 0},
		{"192.0.2.1:65536", NULL, 0},
		{"192.0.2.1:000001", NULL, 0},
		{"192.0.2.1:1x", NULL, 0},
		{"192.0.2.1 ", NULL, 0},
		{"2001:db8::1", NULL, 0},
		{"[2001:db8::1", NULL, 0},
		{"[2001:db8::1]x", NULL, 0},
		{"[192.0.2.1]", NULL, 0},
		{"[]", NULL, 0},
		{"redis.ims.test:6379", NULL, 0},
		{"unix:", NULL, 0},
		{"unix:run", NULL, 0},
};

static void reads_addresses(void **state)
{
	char buf[WIMS_REDIS_ADDR_TEXT_MAX], path[200] = "unix:/";
	struct wims_redis_addr a, again;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(addrs); i++) {
		if(wims_redis_addr_read(wims_pl_str(addrs[i].text), 6379, &a) != (addrs[i].host != NULL))
			fail_msg("%s", addrs[i].text);
		if(addrs[i].host == NULL)
			continue;
		assert_string_equal(a.host, addrs[i].host);
		assert_int_equal(a.port, addrs[i].port);
		assert_true(wims_redis_addr_read(wims_redis_addr_text(&a, buf), 1, &again));
		assert_true(wims_redis_addr_eq(&a, &again));
	}
	assert_false(wims_redis_addr_read(WIMS_PL("unix:/a\0b"), 1, &a));
	/* a path as long as it may be */
	memset(path + 6, 'x', WIMS_REDIS_HOST_MAX - 1);
	assert_true(wims_redis_addr_read(wims_pl_str(path), 1, &a));
	assert_int_equal(wims_redis_addr_text(&a, buf).l, WIMS_REDIS_HOST_MAX + 5);
	path[6 + WIMS_REDIS_HOST_MAX - 1] = 'x';
	assert_false(wims_redis_addr_read(wims_pl_str(path), 1, &a));
}

#define ADDRS16                                                                               \
	"1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5,1.1.1.6,1.1.1.7,1.1.1.8,1.1.1.9,1.1.1.10,1.1.1." \
	"11,1.1.1.12,1.1.1.13,1.1.1.14,1.1.1.15,1.1.1.16"

static const struct
{
	const char *text, *why; /* why NULL: taken */
	size_t nodes, vias;
} places[] = {
		{"redis:127.0.0.1:1", NULL, 1, 0},
		{"redis:unix:/run/redis.sock", NULL, 1, 0},
		{"redis-sentinel:wims@10.0.0.1,10.0.0.2:1", NULL, 2, 0},
		{"redis-sentinel:a.b_C-9@10.0.0.1,10.0.0.9=127.0.0.1:1", NULL, 1, 1},
		{"redis-cluster:10.0.0.1,[::1]:7,10.0.0.9:1=unix:/run/x", NULL, 3, 1},
		{"redis-cluster:" ADDRS16, NULL, 16, 0},
		{"redis-cluster:" ADDRS16 ",1.1.1.17", "more than", 0, 0},
		{"", "begins with none", 0, 0},
		{"shm", "begins with none", 0, 0},
		{"redis", "begins with none", 0, 0},
		{"Redis:127.0.0.1", "begins with none", 0, 0},
		{"redis:", "is not IP", 0, 0},
		{"redis:127.0.0.1,", "is not IP", 0, 0},
		{"redis:,127.0.0.1", "is not IP", 0, 0},
		{"redis:127.0.0.1,127.0.0.2", "takes one address", 0, 0},
		{"redis:127.0.0.1=127.0.0.2", "no address", 0, 0},
		{"redis:localhost", "is not IP", 0, 0},
		{"redis-sentinel:10.0.0.1", "needs NAME@", 0, 0},
		{"redis-sentinel:@10.0.0.1", "needs NAME@", 0, 0},
		{"redis-sentinel:a b@10.0.0.1", "needs NAME@", 0, 0},
		{"redis-sentinel:wims@10.0.0.1=127.0.0.1", "no address", 0, 0},
		{"redis-cluster:10.0.0.1=", "is not IP", 0, 0},
		{"redis-cluster:=10.0.0.1", "is not IP", 0, 0},
		{"redis-cluster:10.0.0.1=10.0.0.2=10.0.0.3", "is not IP", 0, 0},
};

static void reads_places(void **state)
{
	struct wims_redis_place p;
	const char *why;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(places); i++) {
		if(wims_redis_place_read(wims_pl_str(places[i].text), &p, &why) != (places[i].why == NULL))
			fail_msg("%s: %s", places[i].text, why != NULL ? why : "taken");
		assert_int_equal(p.nodes, places[i].nodes);
		assert_int_equal(p.vias, places[i].vias);
		if(places[i].why != NULL && strstr(why, places[i].why) == NULL)
			fail_msg("%s: %s", places[i].text, why);
	}
}

static void goes_by_another_way(void **state)
{
	const char *text = "redis-sentinel:wims@10.0.0.1:26380,10.0.0.9:6380=127.0.0.1:1";
	struct wims_redis_addr a = {"10.0.0.9", 6380};
	struct wims_redis_place p;
	const char *why;

	(void)state;
	assert_true(wims_redis_place_read(wims_pl_str(text), &p, &why));
	assert_int_equal(p.mode, WIMS_REDIS_SENTINEL);
	assert_string_equal(p.master, "wims");
	assert_int_equal(p.node[0].port, 26380);
	assert_string_equal(wims_redis_place_via(&p, &a)->host, "127.0.0.1");
	a.port = 6379;
	assert_ptr_equal(wims_redis_place_via(&p, &a), &a);
}

static const struct
{
	const char *text;
	enum wims_redis_error error;
} errors[] = {
		{"MOVED 1 1.1.1.1:1", WIMS_REDIS_MOVED},
		{"ASK 1 1.1.1.1:1", WIMS_REDIS_ASK},
		{"TRYAGAIN Multiple keys request during rehashing of slot", WIMS_REDIS_TRYAGAIN},
		{"CLUSTERDOWN Hash slot not served", WIMS_REDIS_CLUSTERDOWN},
		{"NOSCRIPT No matching script. Please use EVAL.", WIMS_REDIS_NOSCRIPT},
		{"READONLY You can't write against a read only replica. script: 5, on @user_script:1.",
		 WIMS_REDIS_READONLY},
		{"LOADING Redis is loading the dataset in memory", WIMS_REDIS_LOADING},
		{"OOM command not allowed when used memory > 'maxmemory'.", WIMS_REDIS_OOM},
		{"NOREPLICAS Not enough good replicas to write.", WIMS_REDIS_NOREPLICAS},
		{"MISCONF Redis is configured to save RDB snapshots", WIMS_REDIS_MISCONF},
		{"BUSY Redis is busy running a script.", WIMS_REDIS_BUSY},
		{"NOAUTH Authentication required.", WIMS_REDIS_NOAUTH},
		{"WRONGPASS invalid username-password pair", WIMS_REDIS_WRONGPASS},
		{"NOPERM this user has no permissions", WIMS_REDIS_NOPERM},
		{"MASTERDOWN Link with MASTER is down", WIMS_REDIS_MASTERDOWN},
		{"DENIED Redis is running in protected mode", WIMS_REDIS_DENIED},
		{"ERR max number of clients reached", WIMS_REDIS_CLIENTS},
		{"ERR The user executing the script can't run this command or subcommand script: 1",
		 WIMS_REDIS_NOPERM_LUA},
		/* Redis 6 */
		{"ERR Error running script (call to f_1): @user_script:1: @user_script: 1: -OOM command "
		 "not "
		 "allowed",
		 WIMS_REDIS_OOM},
		{"ERR Error running script (call to f_1): @user_script:1: x", WIMS_REDIS_OTHER},
		{"READONLY", WIMS_REDIS_READONLY},
		{"READONLYX", WIMS_REDIS_OTHER},
		{"readonly x", WIMS_REDIS_OTHER},
		{"ERR READONLY", WIMS_REDIS_OTHER},
		{"WRONGTYPE Operation against a key", WIMS_REDIS_OTHER},
		{"", WIMS_REDIS_OTHER},
};

static void knows_errors(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(errors); i++)
		if(wims_redis_error(wims_pl_str(errors[i].text)) != errors[i].error)
			fail_msg("%s: %s", errors[i].text,
					 wims_redis_error_text(wims_redis_error(wims_pl_str(errors[i].text))));
	for(i = 0; i < WIMS_REDIS_ERROR_COUNT; i++)
		assert_non_null(wims_redis_error_text((enum wims_redis_error)i));
}

static const struct
{
	const char *text, *host; /* host NULL: refused */
	uint16_t slot, port;
} redirections[] = {
		{"MOVED 3999 127.0.0.1:6381", "127.0.0.1", 3999, 6381},
		{"ASK 0 127.0.0.1:1", "127.0.0.1", 0, 1},
		{"MOVED 16383 2001:db8::1:6381", "2001:db8::1", 16383, 6381},
		{"MOVED 1 :6381", "192.0.2.9", 1, 6381},
		{"MOVED", NULL, 0, 0},
		{"MOVED 1", NULL, 0, 0},
		{"MOVED 1 ", NULL, 0, 0},
		{"MOVED 16384 1.1.1.1:1", NULL, 0, 0},
		{"MOVED -1 1.1.1.1:1", NULL, 0, 0},
		{"MOVED x 1.1.1.1:1", NULL, 0, 0},
		{"MOVED 1 1.1.1.1", NULL, 0, 0},
		{"MOVED 1 1.1.1.1:", NULL, 0, 0},
		{"MOVED 1 1.1.1.1:0", NULL, 0, 0},
		{"MOVED 1 1.1.1.1:65536", NULL, 0, 0},
		{"MOVED 1 redis.ims.test:1", NULL, 0, 0},
		{"MOVED 1 /etc/passwd:1", NULL, 0, 0},
		{"MOVED 1 1.1.1.1:1 1.1.1.2:1", NULL, 0, 0},
		{"MOVED  1 1.1.1.1:1", NULL, 0, 0},
};

static void follows_redirections(void **state)
{
	const struct wims_redis_addr asked = {"192.0.2.9", 7000};
	struct wims_redis_addr to;
	uint16_t slot;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(redirections); i++) {
		if(wims_redis_redirect(wims_pl_str(redirections[i].text), &asked, &slot, &to)
		   != (redirections[i].host != NULL))
			fail_msg("%s", redirections[i].text);
		if(redirections[i].host == NULL)
			continue;
		assert_string_equal(to.host, redirections[i].host);
		assert_int_equal(to.port, redirections[i].port);
		assert_int_equal(slot, redirections[i].slot);
	}
}

static bool ask(const char *reply, bool (*judge)(const struct wims_redis_value *v))
{
	struct wims_redis_reader *r = wims_redis_reader_new(&wims_env_libc);
	const struct wims_redis_value *v;
	bool yes;

	assert_non_null(r);
	assert_int_equal(wims_redis_read(r, wims_pl_str(reply), &v), WIMS_REDIS_READ);
	yes = judge(v);
	wims_redis_reader_free(r);
	return yes;
}

static bool names_a_master(const struct wims_redis_value *v)
{
	const struct wims_redis_addr asked = {"192.0.2.9", 26379};
	struct wims_redis_addr to;

	return wims_redis_master(v, &asked, &to) && to.port == 6379 && strcmp(to.host, "10.0.0.1") == 0;
}

static void masters(void **state)
{
	(void)state;
	assert_true(ask("*3\r\n$6\r\nmaster\r\n:7\r\n*0\r\n", wims_redis_is_master));
	assert_false(ask("*3\r\n$5\r\nslave\r\n:7\r\n*0\r\n", wims_redis_is_master));
	assert_false(ask("*1\r\n$7\r\nmasterx\r\n", wims_redis_is_master));
	assert_false(ask("*1\r\n+master\r\n", wims_redis_is_master));
	assert_false(ask("$6\r\nmaster\r\n", wims_redis_is_master));
	assert_false(ask("*0\r\n", wims_redis_is_master));
	assert_true(ask("*2\r\n$8\r\n10.0.0.1\r\n$4\r\n6379\r\n", names_a_master));
	assert_false(ask("*-1\r\n", names_a_master));
	assert_false(ask("*1\r\n$8\r\n10.0.0.1\r\n", names_a_master));
	assert_false(ask("*2\r\n$8\r\n10.0.0.1\r\n:6379\r\n", names_a_master));
	assert_false(ask("*2\r\n$8\r\n10.0.0.1\r\n$5\r\n6379x\r\n", names_a_master));
	assert_false(ask("*2\r\n$8\r\nredis.me\r\n$4\r\n6379\r\n", names_a_master));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(reads_addresses),      cmocka_unit_test(reads_places),
			cmocka_unit_test(goes_by_another_way),  cmocka_unit_test(knows_errors),
			cmocka_unit_test(follows_redirections), cmocka_unit_test(masters)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
