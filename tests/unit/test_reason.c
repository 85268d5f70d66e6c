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

#include "base/wims_reason.h"

static void test_rows(void **state)
{
	int i, j;

	(void)state;
	for(i = 0; i < WIMS_REASON_COUNT; i++) {
		const struct wims_reason_info *info = wims_reason_info((enum wims_reason)i);

		/* a counter's name: lower case, digits and underscores */
		assert_int_equal(strspn(info->text, "abcdefghijklmnopqrstuvwxyz0123456789_"),
						 strlen(info->text));
		/* 380: an emergency is served elsewhere (TS 24.229 5.2.10) */
		assert_true(info->code == 0 || info->code == 380
					|| (info->code >= 400 && info->code < 600));
		/* RFC 3261 21.6.3: a 6xx would end a search elsewhere */
		assert_int_equal(info->code == 0, info->phrase[0] == '\0');
		/* RFC 8898 4: the challenge belongs to 401 and to nothing else */
		assert_int_equal(info->bearer_error != NULL, info->code == 401);
		for(j = 0; j < i; j++)
			assert_string_not_equal(info->text, wims_reason_text((enum wims_reason)j));
	}
}

static void test_known(void **state)
{
	(void)state;
	assert_int_equal(WIMS_OK, 0);
	assert_string_equal(wims_reason_text(WIMS_OK), "ok");
	assert_int_equal(wims_reason_info(WIMS_TOKEN_ABSENT)->code, 401);
	/* RFC 8898 4: no error where no token was given */
	assert_string_equal(wims_reason_info(WIMS_TOKEN_ABSENT)->bearer_error, "");
	assert_string_equal(wims_reason_info(WIMS_SIGNATURE_BAD)->bearer_error, "invalid_token");
	assert_true(wims_reason_info(WIMS_SIGNATURE_BAD)->close);
	assert_string_equal(wims_reason_info(WIMS_SCOPE_MISSING)->bearer_error, "invalid_scope");
	assert_int_equal(wims_reason_info(WIMS_IMPU_NOT_ENTITLED)->code, 403);
}

static void test_outside(void **state)
{
	(void)state;
	assert_string_equal(wims_reason_text(WIMS_REASON_COUNT), "internal");
	assert_string_equal(wims_reason_text((enum wims_reason) - 1), "internal");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_known),
									   cmocka_unit_test(test_outside)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
