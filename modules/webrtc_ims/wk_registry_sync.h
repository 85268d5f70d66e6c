/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_SYNC_H
#define WK_REGISTRY_SYNC_H

/* The store says what the flow table says. For the registrar process alone, and for the
 * wims process where there is none of that. */

#include "wk_registry_int.h"

/* Tells the store of one contact that has ended, or may have; of one that is
 * registered it is told again. One whose REGISTER is under way waits for that.
 * False: nothing was to be done, or the store is away. */
WIMS_MUST_CHECK bool wk_registry_sync_next(void);

/* A round over all contacts in ranges of this node, in parts: each is put again.
 * *from as in wims_bindings_from. False: that was the last part. */
WIMS_MUST_CHECK bool wk_registry_again(uint32_t *from, size_t n);

/* The wims process, each tick. Where the store is this Kamailio's own: a part of such a
 * round, after each change of the provisioning, for a range may be another block now. */
void wk_registry_own_round(void);

#endif
