/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SWEEP_H
#define SWEEP_H

/* Deterministic mutation of one good input: each truncation, each single bit
 * flip, each byte doubled. Inputs lie in a block of their own size, so that
 * AddressSanitizer sees a read past the end. */

#include "base/wims_pl.h"

/* Calls one(ctx, input) for each mutant; returns how many there were. */
size_t sweep(struct wims_pl seed, void (*one)(void *ctx, struct wims_pl input), void *ctx);

/* Each character from from on becomes each other letter of base64url, one at a
 * time. Returns how many mutants there were. */
size_t sweep_letters(struct wims_pl seed, size_t from, void (*one)(void *ctx, struct wims_pl input),
					 void *ctx);

#endif
