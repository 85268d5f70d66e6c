/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef REGISTRAR_CONFORM_H
#define REGISTRAR_CONFORM_H

/* What every store of the registrar has to do, as one suite: on the memory of a
 * node, and on Redis of each kind. */

#include "registrar/wims_registrar.h"

enum
{
	CONFORM_FOREVER_MS = 30000 /* longer than a run takes where time is real */
};

struct conform
{
	struct wims_store store;
	/* At least that much of the store's time goes by. */
	void (*pass)(void *ctx, int64_t ms);
	void *ctx;
	/* The shortest life that a test gives something, ms. A test that cares gets
	 * a few calls done in half of it. */
	int64_t tick;
	/* Time goes by in pass() alone, exactly as told, and costs nothing. */
	bool exact;
	/* Part of the tags of blocks: another one in each run on a store that keeps
	 * what earlier runs left. */
	uint32_t run;
	int rounds; /* of random operations */
};

/* Runs all; how many tests failed. Nodes must not be known to the store. */
int conform_run(const struct conform *c);

#endif
