/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WR_SCRIPTS_H
#define WR_SCRIPTS_H

/* The scripts in scripts/, built in. docs/registrar-schema.md says what each of
 * them reads and writes. */

#include "wr_client.h"

/* clang-format off */
#define WR_SCRIPTS(X) \
	X(allocate) X(put) X(remove) X(query) X(list) X(counts) X(drop) X(purge) \
	X(beat) X(leave) X(hold) X(unhold)
/* clang-format on */

#define WR_SCRIPT_DECLARE(name) extern const struct wr_script wr_script_##name;
WR_SCRIPTS(WR_SCRIPT_DECLARE)
#undef WR_SCRIPT_DECLARE

#endif
