/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_KEY_PATH_H
#define WIMS_KEY_PATH_H

/* Where a key file is that the provisioning file names. */

#include "base/wims_pl.h"

/* An absolute path is taken as it is, another stands beside the provisioning
 * file, whatever the working directory. buf gets a C string. False: it does
 * not fit, or path holds a NUL. */
WIMS_MUST_CHECK bool wims_key_path(char *buf, size_t size, struct wims_pl provisioning,
								   struct wims_pl path);

#endif
