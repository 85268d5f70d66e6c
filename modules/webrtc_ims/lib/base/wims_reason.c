/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_reason.h"

#define ROW(id, t, c, ph, err, cl) \
	[WIMS_##id] = {.text = t, .phrase = ph, .bearer_error = err, .code = c, .close = cl},
static const struct wims_reason_info infos[WIMS_REASON_COUNT] = {WIMS_REASONS(ROW)};
#undef ROW

const struct wims_reason_info *wims_reason_info(enum wims_reason r)
{
	return &infos[(unsigned)r < WIMS_REASON_COUNT ? r : WIMS_INTERNAL];
}

const char *wims_reason_text(enum wims_reason r)
{
	return wims_reason_info(r)->text;
}
