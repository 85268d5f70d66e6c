/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef STORE_HELP_H
#define STORE_HELP_H

/* For programs on the store in Redis: a store of this process. */

#include "wr_store.h"

/* PLACE as the modparam registrar has it. Ends the program when it cannot. */
struct wr_store *open_store(const char *place, int timeout_ms);
/* Its client. */
struct wr_client *store_client(void);
void close_store(struct wr_store *s);
/* The block whose tag begins with these digits. */
struct wims_block block_of(uint32_t run, uint64_t size, uint32_t quarantine);
/* Milliseconds of real time go by. */
void pass_ms(int64_t ms);

#endif
