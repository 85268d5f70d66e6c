/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "wk_params.h"
#include "wk_registry.h"
#include "wk_role.h"

static struct wk_params before;

static int group_setup(void **state)
{
	int rc = glue_group_setup(state);

	before = wk_params;
	return rc;
}

/* An eI-CSCF as it should be. */
static void as_icscf(void)
{
	wk_params.role = "icscf";
	wk_params.registrar = "redis:127.0.0.1:6379";
	wk_params.mw_address = wk_params.mw_next_hop = wk_params.visited_network = "";
}

static int setup(void **state)
{
	int rc = glue_setup(state);

	as_icscf();
	return rc;
}

static int teardown(void **state)
{
	wk_params = before;
	if(wk_role_init() != 0)
		return -1;
	return glue_teardown(state);
}

static void test_roles(void **state)
{
	assert_int_equal(wk_role_init(), 0);
	assert_true(wk_role_icscf());
	wk_params = before;
	assert_int_equal(wk_role_init(), 0);
	assert_false(wk_role_icscf());
}

static void refused(const char *why)
{
	ksr_log_clear();
	assert_int_equal(wk_role_init(), -1);
	assert_contains(ksr_log(), why);
}

static void test_unknown(void **state)
{
	wk_params.role = "";
	refused("modparam role=: must be epcscf or icscf");
	wk_params.role = "ICSCF";
	refused("modparam role=ICSCF: must be epcscf or icscf");
}

static void test_what_does_not_go_with_it(void **state)
{
	char **of_epcscf[] = {&wk_params.flow_key_file, &wk_params.state_dir, &wk_params.mw_address,
						  &wk_params.mw_next_hop, &wk_params.visited_network};
	size_t i;

	for(i = 0; i < sizeof(of_epcscf) / sizeof(of_epcscf[0]); i++) {
		*of_epcscf[i] = "x";
		refused("=x: must be empty with role=icscf");
		*of_epcscf[i] = "";
	}
	wk_params.registrar = "shm";
	refused("modparam registrar=shm: must be a Redis");
	as_icscf();
	ksr_core.module = "websocket";
	refused("the websocket module is loaded");
	ksr_core.module = "tls";
	assert_int_equal(wk_role_init(), 0);
}

/* An eP-CSCF may have all of that. */
static void test_epcscf(void **state)
{
	wk_params = before;
	ksr_core.module = "websocket";
	assert_int_equal(wk_role_init(), 0);
}

static void test_functions(void **state)
{
	sip_msg_t *msg = ksr_msg(PROTO_UDP, 0, "INVITE sip:x@y SIP/2.0\nCall-ID: c\n\n");

	assert_int_equal(wk_role_init(), 0);
	ksr_log_clear();
	assert_true(wk_role_lacks(msg));
	assert_reason(msg, "wrong_role");
	assert_contains(ksr_log(), "a function that role=icscf has not got");
	ksr_log_clear();
	assert_true(wk_role_lacks(msg));
	assert_string_equal(ksr_log(), "");
	assert_int_equal(ksr_counter("wrong_role"), 2);
	wk_params = before;
	assert_int_equal(wk_role_init(), 0);
	assert_false(wk_role_lacks(msg));
	ksr_msg_free(msg);
}

/* It shares the registrar, and has neither queue nor process nor a place among the nodes. */
static void test_registry(void **state)
{
	wk_registry_destroy();
	assert_int_equal(wk_role_init(), 0);
	assert_int_equal(wk_registry_init(), 0);
	assert_true(wk_registry_shared());
	/* the beat would have been the first one that nobody answers */
	assert_lacks(ksr_log(), "does not answer");
	assert_int_equal(ksr_counter("registrar_steps"), 0);
	wk_registry_destroy();
	wk_params = before;
	assert_int_equal(wk_role_init(), 0);
	assert_int_equal(wk_registry_init(), 0);
}

#define role_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			role_test(test_roles),
			role_test(test_unknown),
			role_test(test_what_does_not_go_with_it),
			role_test(test_epcscf),
			role_test(test_functions),
			role_test(test_registry),
	};

	return cmocka_run_group_tests(tests, group_setup, glue_group_teardown);
}
