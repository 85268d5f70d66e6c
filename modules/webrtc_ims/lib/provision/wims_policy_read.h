/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_POLICY_READ_H
#define WIMS_POLICY_READ_H

/* What tokens are worth on requests other than REGISTER: one word for all of
 * them, or an object with a word for each kind. */

#include "provision/wims_set.h"

WIMS_SETTER(wims_set_policies); /* struct wims_token_policies */

#endif
