/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_STRAYS_H
#define WK_REGISTRY_STRAYS_H

/* Contacts that the store has of this node and this start, and the flow table has not:
 * their end was lost by the store, or did not fit into the queue. For the registrar
 * process alone. */

#include "wk.h"

/* Looks at a part of what the store has, if one is due; strays go into the queue. */
void wk_registry_strays(void);
/* There may be some: all is looked at from the beginning, and faster. */
void wk_registry_strays_hurry(void);

#endif
