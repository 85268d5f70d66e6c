/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_STORE_MEM_H
#define WIMS_STORE_MEM_H

/* The registrar's store in the memory of one node, for a node that is alone. It
 * does no locking: its user holds one lock around wims_store_mem_at and the call
 * that follows. Each call takes O(log n) for n IMPUs of a block; what is over
 * goes a few at a time, so that no call has to walk through everything. An IMPU
 * with one contact takes about 330 bytes, one in quarantine 200, one that is free
 * again 150; what the allocator adds not counted. */

#include "registrar/wims_registrar.h"

struct wims_store_mem;

/* expected: IMPUs in use, so that its tables need not grow; more may come. random
 * as for wims_flows_new. NULL: no memory, or no randomness. env is copied. */
struct wims_store_mem *wims_store_mem_new(const struct wims_env *env, size_t expected,
										  bool (*random)(void *buf, size_t n));
void wims_store_mem_free(struct wims_store_mem *m); /* NULL is fine */

/* The time of all calls from now on: ms, > 0, of a clock that does not jump. It
 * stands still while that goes back. */
void wims_store_mem_at(struct wims_store_mem *m, int64_t now);

/* m as a store; m stays its user's. */
struct wims_store wims_store_mem(struct wims_store_mem *m);

#endif
