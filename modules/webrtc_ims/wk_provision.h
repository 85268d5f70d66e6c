/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_PROVISION_H
#define WK_PROVISION_H

/* The provisioning of this process. The file is read once, before the fork;
 * each process builds its own keys from those bytes, because a key made
 * before the fork would be one object shared by all (and freed for all). */

#include "provision/wims_provision.h"
#include "wk.h"

/* mod_init: reads file and key files, checks everything. 0, or -1 after one
 * log line with file, JSON path and what is allowed. */
int wk_provision_check(void);
/* child_init: builds this process's copy. */
int wk_provision_child(void);
/* NULL before wk_provision_child. */
const struct wims_provision *wk_provision(void);

#endif
