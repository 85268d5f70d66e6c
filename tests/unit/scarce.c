/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "scarce.h"

#include <stdlib.h>

static void *scarce_alloc(void *ctx, size_t n)
{
	struct scarce *s = ctx;
	void *p = NULL;

	if(s->left > 0) {
		s->left--;
		p = malloc(n);
	}
	if(p != NULL)
		s->live++;
	return p;
}

static void scarce_free(void *ctx, void *p)
{
	struct scarce *s = ctx;

	if(p != NULL)
		s->live--;
	free(p);
}

void scarce_init(struct scarce *s, size_t n)
{
	*s = (struct scarce){.left = n};
	s->env = (struct wims_env){.ctx = s, .alloc = scarce_alloc, .free = scarce_free};
}
