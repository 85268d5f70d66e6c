/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The store in memory does what every store has to do, and runs out of memory in
 * order. */
#include "registrar_conform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "jose/wims_alg_ossl.h"
#include "registrar/wims_store_mem.h"

static int64_t now = INT64_C(1800000000000);

static void pass(void *m, int64_t ms)
{
	now += ms;
	wims_store_mem_at(m, now);
}

int main(void)
{
	struct wims_store_mem *m = wims_store_mem_new(&wims_env_libc, 0, wims_random);
	struct conform c = {.pass = pass, .ctx = m, .tick = 1000, .exact = true, .rounds = 100000};
	int failed;

	if(m == NULL)
		return 1;
	c.store = wims_store_mem(m);
	pass(m, 0);
	failed = conform_run(&c);
	wims_store_mem_free(m);
	return failed;
}
