/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_INT_H
#define WK_REGISTRY_INT_H

/* What the files of the registrar offer each other. Not for its users. */

#include "wk_registry.h"
#include "wk_registry_conf.h"

/* The steps of a store, by which they are timed and counted. */
#define WK_REGISTRY_STEPS(X) \
	X(ALLOCATE, "allocate")  \
	X(PUT, "put")            \
	X(AGAIN, "again")        \
	X(REMOVE, "remove")      \
	X(QUERY, "query")        \
	X(LIST, "list")          \
	X(COUNTS, "counts")      \
	X(DROP, "drop")          \
	X(PURGE, "purge")        \
	X(BEAT, "beat")          \
	X(HOLD, "hold")

#define WK_REGISTRY_STEP_ENUM(id, name) WK_STEP_##id,
enum wk_registry_step
{
	WK_REGISTRY_STEPS(WK_REGISTRY_STEP_ENUM) WK_REGISTRY_STEP_COUNT
};
#undef WK_REGISTRY_STEP_ENUM

const struct wk_registry_conf *wk_registry_conf(void);

/* The store for one step: timed from here to wk_registry_end, which notes its
 * outcome and returns it. NULL: this process has none, and the outcome is NOMEM.
 * Nothing else may be locked. */
const struct wims_store *wk_registry_begin(void);
enum wims_reason wk_registry_end(enum wk_registry_step step, enum wims_reason r);

/* Where an IMPU is in the block of its range. */
struct wk_registry_place
{
	const struct wims_block *block;
	int64_t index; /* or WIMS_REG_CLAIMED */
};
/* The place of a canonical IMPU of which the registrar is told; false: it has none. */
WIMS_MUST_CHECK bool wk_registry_find(struct wims_pl impu, struct wk_registry_place *place);
/* In that range; false: the range has no such place. */
WIMS_MUST_CHECK bool wk_registry_place(const struct wims_wwsf_range *range, struct wims_pl impu,
									   struct wk_registry_place *place);

#endif
