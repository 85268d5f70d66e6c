/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sip/wims_cause.h"

static void good(void **state)
{
	static const char *const values[] = {
			"Q.850;cause=20",
			"Q.850;cause=20;text=\"Subscriber absent\"",
			"q.850 ; text=\"a;b \\\" c\" ; CAUSE=1",
			"Q.850;cause=127;text=\"\"",
	};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if(!wims_cause_ok(wims_pl_str(values[i])))
			fail_msg("refused: %s", values[i]);
}

static void bad(void **state)
{
	static const char *const values[] = {
			"",
			"Q.850",
			";cause=20",
			"SIP;cause=480",
			"Q.850;text=\"Subscriber absent\"",
			"Q.850;cause",
			"Q.850;cause=0",
			"Q.850;cause=128",
			"Q.850;cause=0020",
			"Q.850;cause=-1",
			"Q.850;cause=\"20\"",
			"Q.850;cause=20;cause=20",
			"Q.850;cause=20;text=absent",
			"Q.850;cause=20;text=\"a",
			"Q.850;cause=20;text=\"a\"b",
			"Q.850;cause=20;text=\"",
			"Q.850;cause=20;text=\"a\";text=\"b\"",
			"Q.850;cause=20;location=LN",
			"Q.850;cause=20;",
			"Q.850;cause=20, SIP;cause=480",
			"Q.850;cause=20\r\nVia: x",
			"Q.850;cause=20;text=\"\xc3\xa4\"",
	};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if(wims_cause_ok(wims_pl_str(values[i])))
			fail_msg("taken: %s", values[i]);
}

static void longest(void **state)
{
	char value[WIMS_CAUSE_MAX + 2];

	(void)state;
	memset(value, 'x', sizeof(value));
	memcpy(value, "Q.850;cause=20;text=\"", 21);
	value[WIMS_CAUSE_MAX - 1] = '"';
	assert_true(wims_cause_ok((struct wims_pl){value, WIMS_CAUSE_MAX}));
	value[WIMS_CAUSE_MAX - 1] = 'x';
	value[WIMS_CAUSE_MAX] = '"';
	assert_false(wims_cause_ok((struct wims_pl){value, WIMS_CAUSE_MAX + 1}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(good),
			cmocka_unit_test(bad),
			cmocka_unit_test(longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
