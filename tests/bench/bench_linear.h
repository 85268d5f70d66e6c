/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef BENCH_LINEAR_H
#define BENCH_LINEAR_H

/* What lookups in a set of ranges are compared with: each range is an expression
 * of its own, and they are tried one after the other until one matches. */

#include <stdbool.h>
#include <stddef.h>

enum bench_engine
{
	BENCH_PCRE2,
	BENCH_REGEXEC, /* of the C library */
	BENCH_ENGINES
};

struct bench_linear;

/* Of ranges "sip:PREFIX!ERE!@HOST". An engine that needs much memory holds the
 * first of them only. NULL: no memory, or an expression that it does not take. */
struct bench_linear *bench_linear_new(enum bench_engine engine, const char *(*text)(void *, size_t),
									  void *ctx, size_t count);
void bench_linear_free(struct bench_linear *l);
size_t bench_linear_count(const struct bench_linear *l);
bool bench_linear_find(const struct bench_linear *l, const char *identity);

#endif
