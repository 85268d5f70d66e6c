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

#include <signal.h>

#include "glue.h"
#include "wk_tls.h"

static volatile sig_atomic_t stops;
static bool good;
static size_t calls;

static void on_stop(int signo)
{
	(void)signo;
	stops++;
}

/* Told to end, both ways, in the middle of it. */
static bool rest(void)
{
	raise(SIGTERM);
	raise(SIGINT);
	assert_int_equal(stops, 0);
	calls++;
	return good;
}

static void no_stop_in_the_middle(void **state)
{
	struct sigaction stop = {.sa_handler = on_stop};
	sigset_t mask;
	size_t i;

	(void)state;
	assert_int_equal(sigaction(SIGTERM, &stop, NULL), 0);
	assert_int_equal(sigaction(SIGINT, &stop, NULL), 0);
	for(i = 1; i <= 2; i++) {
		good = i == 1;
		stops = 0;
		assert_int_equal(wk_tls_child(rest), good);
		assert_int_equal(calls, i);
		assert_int_equal(stops, 2); /* and then at once */
		assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
		assert_false(sigismember(&mask, SIGTERM) || sigismember(&mask, SIGINT));
	}
	assert_true(wk_tls_child(NULL));
	assert_int_equal(calls, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(no_stop_in_the_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
