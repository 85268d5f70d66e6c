/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "provision_text.h"

/* One word is for both kinds of requests; what an object leaves out stays
 * "accept". */
static void token_policies(void **state)
{
	/* clang-format off */
	static const struct { const char *text; enum wims_token_policy initial, in_dialog; } list[] = {
		{"\"accept\"", WIMS_TOKEN_ACCEPT, WIMS_TOKEN_ACCEPT},
		{"\"require\"", WIMS_TOKEN_REQUIRE, WIMS_TOKEN_REQUIRE},
		{"\"ignore\"", WIMS_TOKEN_IGNORE, WIMS_TOKEN_IGNORE},
		{"{}", WIMS_TOKEN_ACCEPT, WIMS_TOKEN_ACCEPT},
		{"{\"initial\":\"require\"}", WIMS_TOKEN_REQUIRE, WIMS_TOKEN_ACCEPT},
		{"{\"in_dialog\":\"ignore\",\"initial\":\"require\"}", WIMS_TOKEN_REQUIRE, WIMS_TOKEN_IGNORE}};
	/* clang-format on */
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		char text[1500];
		struct wims_provision *pv;
		const struct wims_wwsf *w;

		assert_true(snprintf(text, sizeof(text), WWSF("%s,\"request_token\":%s"), ALL, list[i].text)
					< (int)sizeof(text));
		pv = must_parse(text);
		w = wims_provision_at(pv, 0);
		assert_int_equal(w->request_token.initial, list[i].initial);
		assert_int_equal(w->request_token.in_dialog, list[i].in_dialog);
		wims_provision_free(pv);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(token_policies)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
