/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_params.c"

#include "mint.h"
#include "wk_role.h"

static struct wk_params good;

static int setup(void **state)
{
	ksr_reset();
	wk_params.provisioning = "/etc/p.json";
	wk_params.mw_address = "127.0.0.1:5060";
	wk_params.mw_next_hop = "sip:icscf.ims.test";
	wk_params.visited_network = "ims.test";
	good = wk_params;
	return 0;
}

static int restore(void **state)
{
	wk_params = good;
	return 0;
}

static void test_good(void **state)
{
	assert_int_equal(wk_params_check(), 0);
	assert_string_equal(ksr_log(), "");
}

/* The one line names parameter, value and range, whatever else is wrong. */
static void expect_range(const struct int_rule *r, int value)
{
	char *want = mint_text("modparam %s=%d: must be %d..%d\n", r->name, value, r->low, r->high);

	*(int *)r->value = value;
	ksr_log_clear();
	assert_int_equal(wk_params_check(), -1);
	assert_contains(ksr_log(), want);
	free(want);
	wk_params = good;
}

/* A limit itself may break another rule, but not this one. */
static void expect_no_complaint(const struct int_rule *r, int value)
{
	char *unwanted = mint_text("modparam %s=", r->name);

	*(int *)r->value = value;
	ksr_log_clear();
	(void)wk_params_check();
	assert_lacks(ksr_log(), unwanted);
	free(unwanted);
	wk_params = good;
}

static void test_numbers(void **state)
{
	size_t i;

	for(i = 0; i < sizeof(int_rules) / sizeof(int_rules[0]); i++) {
		expect_range(&int_rules[i], int_rules[i].low - 1);
		expect_range(&int_rules[i], int_rules[i].high + 1);
		expect_no_complaint(&int_rules[i], int_rules[i].low);
		expect_no_complaint(&int_rules[i], int_rules[i].high);
	}
}

/* Every number that the operator may set has a rule of its own name. */
static void test_each_number_has_a_rule(void **state)
{
	const param_export_t *p;
	size_t i;

	for(p = wk_param_exports; p->name != NULL; p++) {
		bool found = p->type != PARAM_INT;

		for(i = 0; i < sizeof(int_rules) / sizeof(int_rules[0]); i++)
			found = found
					|| (strcmp(int_rules[i].name, p->name) == 0
						&& int_rules[i].value == p->param_pointer);
		if(!found)
			fail_msg("parameter %s has no range", p->name);
	}
}

static void test_texts(void **state)
{
	size_t i;

	for(i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		char *want = mint_text("modparam %s is empty: must be %s\n", required[i].name,
							   required[i].wanted);

		*(char **)required[i].value = "";
		ksr_log_clear();
		assert_int_equal(wk_params_check(), -1);
		assert_contains(ksr_log(), want);
		*(char **)required[i].value = NULL;
		assert_int_equal(wk_params_check(), -1);
		wk_params = good;
		free(want);
	}
}

static void expect_networks(char **param, char *value, const char *want)
{
	*param = value;
	ksr_log_clear();
	assert_int_equal(wk_params_check(), want == NULL ? 0 : -1);
	if(want != NULL)
		assert_contains(ksr_log(), want);
	wk_params = good;
}

/* What the functions of the script take for everybody, or for nobody. */
static void test_networks(void **state)
{
	char **core = &wk_params.core_networks, **peer = &wk_params.peer_networks;

	expect_networks(core, "192.0.2.0/24, 198.51.100.1,2001:db8::/32", NULL);
	expect_networks(core, "10.0.0.0/", "modparam core_networks=10.0.0.0/: no length of a network");
	expect_networks(core, "10.0.0.0/x24", "no length of a network");
	expect_networks(core, "10.0.0.0/255.255.0.0", "must be networks such as 192.0.2.0/24, commas");
	expect_networks(core, "10.0.0.0/8,icscf.ims.test", "no address");
	expect_networks(peer, "", NULL);
	expect_networks(peer, "192.0.2.1/24", "modparam peer_networks=192.0.2.1/24: bits behind");
}

static void test_uris(void **state)
{
	wk_params.ecscf = "sip:ecscf.ims.test";
	wk_params.mw_next_hop = "sip:[2001:db8::1]:4060;transport=tcp";
	assert_int_equal(wk_params_check(), 0);
	wk_params.mw_next_hop = "icscf.ims.test:4060";
	assert_int_equal(wk_params_check(), -1);
	assert_contains(ksr_log(), "modparam mw_next_hop=icscf.ims.test:4060: must be a SIP URI");
	wk_params = good;
	wk_params.ecscf = "tel:112";
	assert_int_equal(wk_params_check(), -1);
	assert_contains(ksr_log(), "modparam ecscf=tel:112: must be a SIP URI");
}

/* An eI-CSCF has neither Mw nor connections of WICs. */
static void test_icscf(void **state)
{
	wk_params.role = "icscf";
	wk_params.registrar = "redis:127.0.0.1:6379";
	wk_params.mw_address = wk_params.mw_next_hop = wk_params.visited_network = "";
	wk_params.max_connections = 1000000;
	assert_int_equal(wk_role_init(), 0);
	assert_int_equal(wk_params_check(), 0);
	wk_params.provisioning = "";
	assert_int_equal(wk_params_check(), -1);
	assert_contains(ksr_log(), "modparam provisioning is empty");
	wk_params = good;
	assert_int_equal(wk_role_init(), 0);
}

static void test_capacity_of_tcp(void **state)
{
	struct cfg_group_tcp *tcp = tcp_cfg;

	tcp->max_connections = 999;
	assert_int_equal(wk_params_check(), -1);
	assert_contains(ksr_log(), "tcp_max_connections=999 is too small: must be at least "
							   "max_connections=1000");
	tcp->max_connections = 1000;
	assert_int_equal(wk_params_check(), 0);
}

static void test_lifetime_of_tcp(void **state)
{
	struct cfg_group_tcp *tcp = tcp_cfg;
	int before = tcp->con_lifetime;

	tcp->con_lifetime = S_TO_TICKS(29);
	assert_int_equal(wk_params_check(), -1);
	assert_contains(ksr_log(),
					"tcp_connection_lifetime=29 is too small: must be at least ping_period=30");
	tcp->con_lifetime = S_TO_TICKS(30);
	assert_int_equal(wk_params_check(), 0);
	tcp->con_lifetime = -1; /* for ever */
	assert_int_equal(wk_params_check(), 0);
	tcp->con_lifetime = before;
}

static void refuse_times(const char *why)
{
	ksr_log_clear();
	assert_int_equal(wk_params_check_times(), -1);
	assert_contains(ksr_log(), why);
}

static void test_times_that_contradict(void **state)
{
	const struct ksr_tm_times usual = ksr_tm_times;
	struct cfg_group_tcp *tcp = tcp_cfg;
	int before = tcp->con_lifetime;

	assert_int_equal(wk_params_check_times(), 0);
	ksr_tm_times.max_inv_lifetime = ksr_tm_times.fr_inv_timer;
	refuse_times(
			"modparam tm max_inv_lifetime=185000: must be more than fr_inv_timer=185000, timer C");
	ksr_tm_times.max_inv_lifetime++;
	assert_int_equal(wk_params_check_times(), 0);
	/* the core may use UDP alone */
	tcp->con_lifetime = S_TO_TICKS(185);
	ksr_log_clear();
	assert_int_equal(wk_params_check_times(), 0);
	assert_contains(ksr_log(), "tcp_connection_lifetime=185 is small for Mw over TCP: a call may"
							   " ring without a word for fr_inv_timer=185000 ms");
	ksr_log_clear();
	tcp->con_lifetime = S_TO_TICKS(186);
	assert_int_equal(wk_params_check_times(), 0);
	tcp->con_lifetime = -1; /* for ever */
	assert_int_equal(wk_params_check_times(), 0);
	assert_string_equal(ksr_log(), "");
	tcp->con_lifetime = before;
	ksr_tm_times = usual;
}

static void test_capacity_of_memory(void **state)
{
	shm_mem_size = 1000UL * SHM_EACH_CONNECTION + 10000UL * WK_CACHE_BYTES_EACH - 1;
	assert_int_equal(wk_params_check(), -1);
	assert_contains(ksr_log(), "shared memory (-m) of 87 MB is too small: must be at least 88 MB "
							   "for max_connections=1000 and token_cache_size=10000");
	shm_mem_size++;
	assert_int_equal(wk_params_check(), 0);
}

static void test_capacity_of_files(void **state)
{
	struct rlimit before, few;
	int limit = open_files_limit;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = 1000 + SPARE_FILES - 1;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	open_files_limit = 0;
	assert_int_equal(wk_params_check(), -1);
	assert_contains(ksr_log(), "open files limit 1255 is too small: must be at least 1256 for "
							   "max_connections=1000");
	open_files_limit = 1000 + SPARE_FILES; /* Kamailio will raise it itself */
	assert_int_equal(wk_params_check(), 0);
	open_files_limit = limit;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void test_tcp_workers(void **state)
{
	ksr_log_clear();
	assert_int_equal(wk_params_check(), 0);
	assert_lacks(ksr_log(), "tcp_children");
	tcp_children_no = 3;
	assert_int_equal(wk_params_check(), 0);
	assert_contains(ksr_log(), "tcp_children=3 are few for max_connections=1000: with less than 4 "
							   "Kamailio may close connections when many idle WICs send at once");
	tcp_children_no = 4;
}

static void test_branches(void **state)
{
	sr_dst_max_branches = 7;
	assert_int_equal(wk_params_check(), -1);
	assert_contains(ksr_log(), "modparam max_contacts=8: must be 1..7, which is max_branches");
	sr_dst_max_branches = 8;
	assert_int_equal(wk_params_check(), 0);
	sr_dst_max_branches = 31;
}

static void expect_order(int least, int preset, int most, int rc)
{
	wk_params.min_expires = least;
	wk_params.default_expires = preset;
	wk_params.max_expires = most;
	ksr_log_clear();
	assert_int_equal(wk_params_check(), rc);
	if(rc < 0)
		assert_contains(ksr_log(), "must not fall");
}

static void test_order_of_expires(void **state)
{
	expect_order(60, 60, 60, 0);
	expect_order(61, 60, 60, -1);
	expect_order(60, 61, 60, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(test_good, setup, restore),
			cmocka_unit_test_setup_teardown(test_numbers, setup, restore),
			cmocka_unit_test_setup_teardown(test_each_number_has_a_rule, setup, restore),
			cmocka_unit_test_setup_teardown(test_texts, setup, restore),
			cmocka_unit_test_setup_teardown(test_networks, setup, restore),
			cmocka_unit_test_setup_teardown(test_uris, setup, restore),
			cmocka_unit_test_setup_teardown(test_icscf, setup, restore),
			cmocka_unit_test_setup_teardown(test_capacity_of_tcp, setup, restore),
			cmocka_unit_test_setup_teardown(test_lifetime_of_tcp, setup, restore),
			cmocka_unit_test_setup_teardown(test_times_that_contradict, setup, restore),
			cmocka_unit_test_setup_teardown(test_capacity_of_memory, setup, restore),
			cmocka_unit_test_setup_teardown(test_capacity_of_files, setup, restore),
			cmocka_unit_test_setup_teardown(test_tcp_workers, setup, restore),
			cmocka_unit_test_setup_teardown(test_branches, setup, restore),
			cmocka_unit_test_setup_teardown(test_order_of_expires, setup, restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
