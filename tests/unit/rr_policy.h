/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef RR_POLICY_H
#define RR_POLICY_H

/* What tables of range registrations are made with, in tests and in fuzz targets: a
 * copy of it where something is to be otherwise. */

#include "rangereg/wims_rangereg.h"

extern const struct wims_rangereg_policy rr_policy;

#endif
