/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_PROVISION_H
#define WK_PROVISION_H

/* The provisioning. One process reads the files (mod_init, later the one that
 * serves RPC), checks them and publishes their bytes; each process builds its
 * own keys from those bytes, because a key made in one process would be one
 * object shared by all (and freed for all). */

#include "provision/wims_provision.h"
#include "wk.h"

/* mod_init: reads file and key files, checks everything, publishes. 0, or -1
 * after one log line with file, JSON path and what is allowed. */
int wk_provision_init(void);
void wk_provision_destroy(void);

/* Reads and checks the files again. OK: every process takes the new set with
 * its next message. Otherwise the old set stays everywhere, and fault says
 * what is wrong and where. */
WIMS_MUST_CHECK enum wims_reason wk_provision_reload(struct wims_config_fault *fault);

/* What is wrong with no single member of the file, as a reload's fault; r. */
enum wims_reason wk_provision_fail(struct wims_config_fault *fault, enum wims_reason r,
								   const char *text);

/* Takes the published set if it is newer than this process's own, and the keys
 * that WWSFs publish if these are, as wk_result
 * does with the first look at a message: pointers into the old set are void
 * afterwards. False when this process has none at all. */
bool wk_provision_refresh(void);
/* This process's set; NULL before the first refresh. */
const struct wims_provision *wk_provision(void);
/* Which published set that is; whoever keeps pointers into it compares. */
uint32_t wk_provision_taken(void);
/* Counts the published sets; 1 is that of the start. */
uint32_t wk_provision_generation(void);

#endif
