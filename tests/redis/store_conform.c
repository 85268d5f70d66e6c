/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The store in Redis does what every store has to do.
 *   store_conform PLACE TICK-MS ROUNDS RUN [TEST] */
#include "registrar_conform.h"

#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "help/store_help.h"

static void pass(void *ctx, int64_t ms)
{
	(void)ctx;
	pass_ms(ms);
}

int main(int argc, char **argv)
{
	struct conform c = {.pass = pass};
	struct wr_store *s;
	int failed;

	if(argc < 5)
		return 2;
	s = open_store(argv[1], 1000);
	c.store = wr_store(s);
	c.tick = strtol(argv[2], NULL, 10);
	c.rounds = (int)strtol(argv[3], NULL, 10);
	c.run = (uint32_t)strtoul(argv[4], NULL, 10);
	if(argc > 5)
		cmocka_set_test_filter(argv[5]);
	failed = conform_run(&c);
	if(failed > 0)
		fprintf(stderr, "last error: %s\n", wr_store_error(s));
	close_store(s);
	return failed > 0;
}
