/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_PV_H
#define WK_PV_H

#include "wk.h"

/* $wims(name): what this module found out about the message in hand. */
extern pv_export_t wk_pv_exports[];

#endif
