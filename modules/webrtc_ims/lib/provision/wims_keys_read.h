/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_KEYS_READ_H
#define WIMS_KEYS_READ_H

/* The "keys" member: one source of keys or an array of them. */

#include "provision/wims_set.h"

enum
{
	WIMS_KEY_SOURCES_MAX = 16,
	WIMS_JWKS_FILE_MAX = 128 * 1024
};

/* field is a struct wims_wwsf: its algorithms are read, its keys and remote
 * set; keys is there also where all keys are remote. What was set is freed by
 * the owner of the WWSF, whatever this returns. */
WIMS_SETTER(wims_set_keys);

#endif
