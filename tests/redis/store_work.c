/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* What each operation of the store makes Redis do where so many users are
 * registered.
 *   store_work PLACE RUN USERS
 * Prints a line each: operation, the most commands that it took, and the median
 * of the microseconds that its scripts ran. Redis must be alone and serve
 * nobody else. */
#include <stdio.h>
#include <stdlib.h>

#include "help/store_ops.h"

enum
{
	TIMES = 31
};

static int by_size(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

/* Operations of which what is undone is not counted. */
static void measure(struct side *s, const struct side_op *op)
{
	long long us[TIMES], most = 0;
	struct bare_stats before, after;
	int i;

	for(i = 0; i < TIMES; i++) {
		if(op->prepare != NULL)
			op->prepare(s);
		before = bare_look(s->bare);
		side_do(s, op);
		after = bare_look(s->bare);
		if(op->undo != NULL)
			op->undo(s);
		us[i] = after.us - before.us;
		if(after.commands - before.commands > most)
			most = after.commands - before.commands;
	}
	qsort(us, TIMES, sizeof(us[0]), by_size);
	printf("%s %lld %lld\n", op->name, most, us[TIMES / 2]);
}

int main(int argc, char **argv)
{
	struct side s;
	size_t i;

	if(argc < 4)
		return 2;
	side_open(&s, argv[1], (uint32_t)strtoul(argv[2], NULL, 10), strtol(argv[3], NULL, 10));
	for(i = 0; i < side_op_count; i++)
		measure(&s, &side_ops[i]);
	side_close(&s);
	return 0;
}
