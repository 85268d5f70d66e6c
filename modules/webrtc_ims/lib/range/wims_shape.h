/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_SHAPE_H
#define WIMS_SHAPE_H

/* What can be said of all texts that an expression matches, cheaply: how long
 * they are, and which characters may stand where. It never says too little, so
 * two shapes that exclude each other prove that no text fits both. */

#include "range/wims_ere.h"

enum
{
	WIMS_SHAPE_MAX = 32 /* positions looked at */
};

#define WIMS_SHAPE_ENDLESS UINT32_MAX

struct wims_shape
{
	uint32_t min, max; /* length; max may be WIMS_SHAPE_ENDLESS */
	/* what may stand at each position of those texts that reach it */
	struct wims_ere_set at[WIMS_SHAPE_MAX];
};

/* Of e. backwards: positions count from the end of the text. */
void wims_shape_of(struct wims_shape *s, const struct wims_ere *e, bool backwards);
/* s becomes the shape of literal and then s; with backwards of s and then
 * literal, whose last character is its position 0. */
void wims_shape_lead(struct wims_shape *s, struct wims_pl literal, bool backwards);
/* s becomes the shape of s and then tail. */
void wims_shape_join(struct wims_shape *s, const struct wims_shape *tail);

/* No text has both shapes. */
bool wims_shapes_exclude(const struct wims_shape *a, const struct wims_shape *b);

#endif
