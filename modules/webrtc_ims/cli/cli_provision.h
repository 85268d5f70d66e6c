/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CLI_PROVISION_H
#define CLI_PROVISION_H

/* The provisioning file, with the key files that it names. */

#include "cli.h"
#include "provision/wims_provision.h"

/* CLI_REFUSED: read, but wrong; the fault is told on standard error as
 * "FILE: JSON path: text". Free *out with wims_provision_free. */
WIMS_MUST_CHECK enum cli_status cli_provision_read(struct wims_provision **out, const char *path);

#endif
