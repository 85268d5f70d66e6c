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

#include "mint.h"
#include "provision/wims_scenario.h"
#include "provision_text.h"

static void names(void **state)
{
	static const char *const known[] = {"ims-auth", "web-auth", "pool", "range"};
	size_t i;

	(void)state;
	for(i = 0; i < 4; i++) {
		enum wims_scenario s = wims_scenario_named(wims_pl_str(known[i]));

		assert_true(wims_pl_eq(wims_scenario_name(s), wims_pl_str(known[i])));
		assert_int_equal(wims_scenario_by_token(s), i > 0);
		assert_int_equal(wims_scenario_owns(s), i > 1);
	}
	assert_int_equal(wims_scenario_named(WIMS_PL("Range")), WIMS_SCENARIO_NONE);
	assert_int_equal(wims_scenario_named(WIMS_PL_NONE), WIMS_SCENARIO_NONE);
}

static void one_scenario(void **state)
{
	static const struct wims_wwsf core = {.scenario = WIMS_SCENARIO_IMS_AUTH, .ims_auth = true};
	static const struct wims_wwsf web = {.scenario = WIMS_SCENARIO_WEB_AUTH};

	(void)state;
	assert_false(wims_scenario_both(&core));
	assert_false(wims_scenario_both(&web));
}

/* A token says which users come from the web site; the core knows the others. */
static void both_scenarios(void **state)
{
	static const char *const lists[] = {"\"ims-auth\",\"web-auth\"", "\"web-auth\",\"ims-auth\"",
										"\"web-auth\""};
	size_t i;

	(void)state;
	for(i = 0; i < 3; i++) {
		char *json = mint_text("{\"version\":1,\"wwsf\":[{" ALL ",\"scenario\":[%s],"
							   "\"convey\":{\"waf\":\"authorization-entity\"}}]}",
							   lists[i]);
		struct wims_provision *pv;
		struct wims_config_fault fault;
		const struct wims_wwsf *w;

		assert_int_equal(wims_provision_parse(&pv, &wims_env_libc, wims_pl_str(json),
											  &provision_reader, &fault),
						 WIMS_OK);
		w = wims_provision_at(pv, 0);
		assert_int_equal(w->scenario, WIMS_SCENARIO_WEB_AUTH);
		assert_int_equal(w->ims_auth, i < 2);
		assert_int_equal(wims_scenario_both(w), i < 2);
		assert_non_null(w->keys);
		assert_true(wims_pl_eq(w->convey.waf, WIMS_PL("authorization-entity")));
		assert_int_equal(w->convey.wwsf.l, 0);
		wims_provision_free(pv);
		free(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(names),
			cmocka_unit_test(one_scenario),
			cmocka_unit_test(both_scenarios),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
