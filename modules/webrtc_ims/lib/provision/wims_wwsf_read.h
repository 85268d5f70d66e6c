/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_WWSF_READ_H
#define WIMS_WWSF_READ_H

/* One element of the "wwsf" array. */

#include "provision/wims_schema.h"

/* Fills w with defaults, then with what v says. w->keys is freed by the
 * owner of w, whatever this returns; the rest lives in rd->keep. Identities
 * are left in rd->impus and rd->impis. */
WIMS_MUST_CHECK enum wims_reason wims_wwsf_read(struct wims_reading *rd, struct wims_wwsf *w,
												const struct wims_json_value *v);

#endif
