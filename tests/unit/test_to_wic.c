/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sip/wims_to_wic.h"

static void core_only_headers(void **state)
{
	static const char *const out[] = {"P-Charging-Vector",    "p-charging-vector", "PATH",
									  "P-Visited-Network-ID", "P-Served-User",     "P-Profile-Key",
									  "Feature-Caps"};
	static const char *const in[] = {
			"P-Asserted-Identity", "P-Called-Party-ID", "P-Early-Media", "Pat", "Paths", "", "From",
			"P-Associated-URI",    "Service-Route"};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		assert_true(wims_core_only_header(wims_pl_str(out[i])));
	for(i = 0; i < sizeof(in) / sizeof(in[0]); i++)
		assert_false(wims_core_only_header(wims_pl_str(in[i])));
}

static void privacy_id(void **state)
{
	(void)state;
	assert_true(wims_privacy_id(WIMS_PL("id")));
	assert_true(wims_privacy_id(WIMS_PL("header; ID ;critical")));
	assert_false(wims_privacy_id(WIMS_PL("none")));
	assert_false(wims_privacy_id(WIMS_PL("idle")));
	assert_false(wims_privacy_id(WIMS_PL(";;")));
	assert_false(wims_privacy_id(WIMS_PL_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(core_only_headers),
			cmocka_unit_test(privacy_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
