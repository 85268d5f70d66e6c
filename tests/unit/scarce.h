/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SCARCE_H
#define SCARCE_H

/* Memory that runs out on order: the allocation after the first n fails, and
 * all after it. live counts what has not been given back. */

#include "base/wims_env.h"

struct scarce
{
	struct wims_env env;
	size_t left;
	size_t live;
};

/* s must not move while its env is in use. */
void scarce_init(struct scarce *s, size_t n);

#endif
