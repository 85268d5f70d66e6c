/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FETCH_SERVE_H
#define FETCH_SERVE_H

/* `wims fetch serve`: the child of the module. Frames of lib/fetch on standard
 * input and output, many exchanges at once, until standard input ends. */

#include "cli.h"

enum cli_status fetch_serve(void);

#endif
