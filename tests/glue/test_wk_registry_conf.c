/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_registry_conf.h"

static void test_good(void **state)
{
	struct wk_registry_conf c;

	assert_true(wk_registry_conf_read(&c, WIMS_PL("shm")));
	assert_int_equal(c.kind, WK_REGISTRY_SHM);
	assert_int_equal(c.count, 0);
	assert_true(wk_registry_conf_read(&c, WIMS_PL("redis:127.0.0.1:6379")));
	assert_int_equal(c.kind, WK_REGISTRY_REDIS);
	assert_int_equal(c.count, 1);
	assert_true(wims_pl_eq(c.address[0], WIMS_PL("127.0.0.1:6379")));
	assert_true(wk_registry_conf_read(&c, WIMS_PL("redis-cluster:[::1]:1,unix:/a,127.0.0.1")));
	assert_int_equal(c.kind, WK_REGISTRY_CLUSTER);
	assert_int_equal(c.count, 3);
	assert_true(wims_pl_eq(c.address[0], WIMS_PL("[::1]:1")));
	assert_true(wims_pl_eq(c.address[1], WIMS_PL("unix:/a")));
	assert_true(wims_pl_eq(c.address[2], WIMS_PL("127.0.0.1")));
	assert_true(
			wk_registry_conf_read(&c, WIMS_PL("redis-sentinel:wims@127.0.0.1:26379,127.0.0.2")));
	assert_int_equal(c.kind, WK_REGISTRY_SENTINEL);
	assert_int_equal(c.count, 2);
	assert_true(wims_pl_eq(c.name, WIMS_PL("wims")));
	assert_true(wk_registry_conf_read(&c, WIMS_PL("redis:a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p")));
	assert_int_equal(c.count, WK_REGISTRY_ADDRESSES_MAX);
	assert_true(wims_pl_eq(c.address[15], WIMS_PL("p")));
}

static void test_bad(void **state)
{
	static const char *const bad[] = {"",
									  "shm:",
									  "shm:127.0.0.1",
									  "SHM",
									  "redis",
									  "redis:",
									  "redis:,127.0.0.1",
									  "redis:127.0.0.1,",
									  "redis:127.0.0.1,,127.0.0.2",
									  "redis:a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q",
									  "redis-sentinel:127.0.0.1",
									  "redis-sentinel:@127.0.0.1",
									  "redis-sentinel:wims@",
									  "redis-cluster",
									  "mysql:127.0.0.1"};
	struct wk_registry_conf c;
	size_t i;

	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if(wk_registry_conf_read(&c, wims_pl_str(bad[i])))
			fail_msg("%s", bad[i]);
}

static void test_names(void **state)
{
	assert_string_equal(wk_registry_kind_text(WK_REGISTRY_SHM), "shm");
	assert_string_equal(wk_registry_kind_text(WK_REGISTRY_CLUSTER), "redis-cluster");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_good),
			cmocka_unit_test(test_bad),
			cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
