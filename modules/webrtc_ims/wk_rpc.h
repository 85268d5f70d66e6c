/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_H
#define WK_RPC_H

#include "core/rpc.h"

extern rpc_export_t wk_rpc_exports[];

#endif
