/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FILE_READ_H
#define WIMS_FILE_READ_H

/* Files that the provisioning names: read by the caller's reader, for the
 * library does no I/O. */

#include "provision/wims_schema.h"

enum
{
	WIMS_CA_FILE_MAX = 512 * 1024
};

/* A whole file of at most max bytes in scratch memory. CONFIG_FILE with the
 * reason when it cannot be read. */
WIMS_MUST_CHECK enum wims_reason wims_file_read(struct wims_reading *rd, struct wims_pl *text,
												struct wims_pl path, size_t max);
/* The member "ca_file": it is read again for each request, here only to tell a
 * wrong name. An empty path is fine. */
WIMS_MUST_CHECK enum wims_reason wims_ca_file_check(struct wims_reading *rd, struct wims_pl path);

#endif
