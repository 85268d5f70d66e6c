/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CLI_PROVISION_H
#define CLI_PROVISION_H

/* The provisioning file, with the key files that it names, and the ranges in
 * it. */

#include "cli.h"
#include "provision/wims_provision.h"

struct cli_provision
{
	struct wims_provision *pv;
	struct wims_ranges *ranges; /* in which pv looks up */
};

/* CLI_REFUSED: read, but wrong; the fault is told on standard error as
 * "FILE: JSON path: text". Free *out, whatever this returns. */
WIMS_MUST_CHECK enum cli_status cli_provision_read(struct cli_provision *out, const char *path);
void cli_provision_free(struct cli_provision *p);

#endif
