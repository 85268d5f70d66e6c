/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_SUGGEST_H
#define WIMS_SUGGEST_H

/* "did you mean": how far apart two names are. */

#include "base/wims_pl.h"

enum
{
	WIMS_SUGGEST_NAME_MAX = 32 /* longer names are far from everything */
};

/* Insertions, deletions, replacements and swaps of neighbours that turn a
 * into b, ASCII case and '-' against '_' not counted; SIZE_MAX when either
 * is too long. */
size_t wims_name_distance(struct wims_pl a, struct wims_pl b);
/* Close enough to be meant: at most a third of the longer one's length. */
bool wims_name_close(struct wims_pl a, struct wims_pl b);

#endif
