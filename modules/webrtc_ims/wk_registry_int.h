/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_INT_H
#define WK_REGISTRY_INT_H

/* What the files of the registrar offer each other. Not for its users. */

#include "wk_registry.h"

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
	X(HOLD, "hold")          \
	X(UNHOLD, "unhold")

#define WK_REGISTRY_STEP_ENUM(id, name) WK_STEP_##id,
enum wk_registry_step
{
	WK_REGISTRY_STEPS(WK_REGISTRY_STEP_ENUM) WK_REGISTRY_STEP_COUNT
};
#undef WK_REGISTRY_STEP_ENUM

/* One step of the store, timed and counted under the name of step: call uses st, a
 * const struct wims_store * of the caller's. NOMEM where this process can have no
 * store, REGISTRAR_AWAY where steps before have used up the time of the message in
 * hand. Nothing else may be locked meanwhile. */
#define WK_REGISTRY_STEP(step, st, call) \
	wk_registry_end((step), ((st) = wk_registry_begin()) != NULL ? (call) : wk_registry_refused())
const struct wims_store *wk_registry_begin(void);
enum wims_reason wk_registry_refused(void);
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

/* As wk_registry_remove, at once. */
WIMS_MUST_CHECK enum wims_reason wk_registry_remove_now(struct wims_pl impu, struct wims_pl name);
/* As wk_registry_query, with contacts on nodes that are dead. */
WIMS_MUST_CHECK enum wims_reason wk_registry_query_all(struct wims_pl impu,
													   struct wims_reg_entry *entry);

#endif
