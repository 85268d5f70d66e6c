/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_ROUND_H
#define WK_REGISTRY_ROUND_H

/* When the store is told again of all that this node holds, and rid of what it
 * held before it was restarted. For the registrar process alone. */

#include "wk.h"

/* The store is back: it is told all from the beginning, at once. */
void wk_registry_round_anew(void);
/* What is due now, at most a part of it. True: more is due at once. */
WIMS_MUST_CHECK bool wk_registry_round(void);

#endif
