/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef REDIS_STANDIN_H
#define REDIS_STANDIN_H

/* In place of Redis: a store in memory behind the module's client. wr_store() and
 * wr_client_limit() are wrapped (glue.mk). */

#include "glue.h"
#include "registrar/wims_registrar.h"

struct redis_standin
{
	enum wims_reason outcome; /* of the next steps; OK: they are done */
	int takes_ms;             /* each */
	int steps;                /* that came to it */
	int64_t limit_us;         /* of the last one */
};
extern struct redis_standin redis_standin;

/* Empty, and it answers at once. Each has its end. */
void redis_begin(void);
void redis_end(void);
/* What it holds, without the module between. */
const struct wims_store *redis_store(void);

#endif
