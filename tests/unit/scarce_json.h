/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SCARCE_JSON_H
#define SCARCE_JSON_H

/* The JSON library's own memory runs out on order. */

#include "base/wims_reason.h"

/* Calls one(ctx) with memory for n allocations, n from 0 on, until there is
 * enough: with all behind the n-th failing, and with the next one alone. Fails
 * unless it is refused with NOMEM each time, and gives back all it took. Returns how many
 * allocations are enough. */
size_t scarce_json(enum wims_reason (*one)(void *ctx), void *ctx);

#endif
