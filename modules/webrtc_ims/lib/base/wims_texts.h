/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_TEXTS_H
#define WIMS_TEXTS_H

/* The texts of a record: an array of slices and all their bytes in one
 * allocation of the right size. */

#include "base/wims_env.h"

/* A zeroed record of `fixed` bytes (a multiple of the alignment of a pointer),
 * behind it copies of the n slices of src; *texts points at those. One free
 * of the record frees all. NULL: no memory. */
void *wims_texts_record(const struct wims_env *env, size_t fixed, const struct wims_pl *src,
						size_t n, struct wims_pl **texts);

/* Is every text within its maximum? */
WIMS_MUST_CHECK bool wims_texts_fit(const struct wims_pl *t, const uint16_t *max, size_t n);

/* Copies s to *at, moves *at behind it and returns the copy. */
struct wims_pl wims_texts_put(char **at, struct wims_pl s);

#endif
