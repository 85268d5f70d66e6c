/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_INTROSPECTION_READ_H
#define WIMS_INTROSPECTION_READ_H

/* The "introspection" member: the WWSF's token server. */

#include "provision/wims_set.h"

enum
{
	WIMS_CLIENT_SECRET_MAX = 255, /* bytes */
	WIMS_INTROSPECTION_CACHE_MAX = 3600,
	WIMS_INTROSPECTION_TIMEOUT_MAX = 5,
	WIMS_INTROSPECTION_PENDING_MAX = 10000
};

WIMS_SETTER(wims_set_introspection); /* struct wims_introspection */

#endif
