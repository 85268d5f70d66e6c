/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef STORE_FILL_H
#define STORE_FILL_H

/* Many users at once, without a round trip for each. */

#include "store_ops.h"

/* Registers users 0 to s->users - 1 of the block, each as user_put does it: by
 * the store's own script, in a loop. Behind them stay SIDE_FREE IMPUs that were
 * released. Of the claimed block there are as many leases that are over. */
void store_fill(struct side *s);

#endif
