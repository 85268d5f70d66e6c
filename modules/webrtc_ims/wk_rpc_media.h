/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_RPC_MEDIA_H
#define WK_RPC_MEDIA_H

#include "core/rpc.h"

/* webrtc_ims.media [NAME]: the media sessions behind that one. */
extern const char *wk_rpc_media_doc[];
void wk_rpc_media(rpc_t *rpc, void *ctx);

#endif
