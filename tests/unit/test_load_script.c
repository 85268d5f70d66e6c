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

#include "tools/load/command.h"
#include "tools/load/pace.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void commands(void **state)
{
	struct wl_command c;

	(void)state;
	assert_true(wl_command_parse("open 100 2.5", &c));
	assert_string_equal(c.name, "open");
	assert_string_equal(c.word, "");
	assert_int_equal(c.numbers, 2);
	assert_true(c.number[0] == 100 && c.number[1] == 2.5);
	assert_false(c.background);
	assert_true(wl_command_parse("  lose\trst 5 10  &\r", &c));
	assert_string_equal(c.name, "lose");
	assert_string_equal(c.word, "rst");
	assert_int_equal(c.numbers, 2);
	assert_true(c.background);
	assert_true(wl_command_parse("wait", &c));
	assert_int_equal(c.numbers, 0);
}

static void nothing_to_do(void **state)
{
	static const char *const lines[] = {"", "  \t", "# open 1 1", "\r"};
	struct wl_command c;

	(void)state;
	for(size_t i = 0; i < COUNT(lines); i++) {
		assert_true(wl_command_parse(lines[i], &c));
		assert_string_equal(c.name, "");
	}
}

static void no_commands(void **state)
{
	static const char *const lines[] = {"Open 1 1",
										"open 1x 1",
										"open -1 1",
										"open 1 1 & 1",
										"open & &",
										"open 1 1 fin",
										"lose fin rst 1",
										"open 1e99 1",
										"open nan! 1",
										"open 1 2 3 4",
										"averyveryverylongname 1",
										"lose averyveryverylongname",
										"open 11111111111111111111111111111111111111 1",
										"&"};
	struct wl_command c;

	(void)state;
	for(size_t i = 0; i < COUNT(lines); i++)
		if(wl_command_parse(lines[i], &c))
			fail_msg("\"%s\" is taken", lines[i]);
}

/* When an action is due depends on nothing but its number. */
static void pace(void **state)
{
	struct wl_pace p = wl_pace(1000, 3, 10);

	(void)state;
	assert_int_equal(wl_pace_due(&p), 1000);
	p.next = 3;
	assert_int_equal(wl_pace_due(&p), 1000 + WL_SECOND);
	p.next = 3000000000;
	assert_int_equal(wl_pace_due(&p), 1000 + 1000000000 * WL_SECOND);
	p = wl_pace(0, 0.5, 2);
	p.next = 1;
	assert_int_equal(wl_pace_due(&p), 2 * WL_SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(commands),
			cmocka_unit_test(nothing_to_do),
			cmocka_unit_test(no_commands),
			cmocka_unit_test(pace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
