/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WR_STORE_H
#define WR_STORE_H

/* The registrar's store in Redis: each operation is one script there. What Redis
 * answers is a peer's word and read with limits. docs/registrar-schema.md */

#include "registrar/wims_registrar.h"
#include "wr_client.h"

struct wr_store;

/* NULL: no memory. client and env must outlive it. */
struct wr_store *wr_store_new(struct wr_client *client, const struct wims_env *env);
/* NULL is fine; the client stays. */
void wr_store_free(struct wr_store *s);

/* s as a store; s stays its user's. */
struct wims_store wr_store(struct wr_store *s);

/* After REGISTRAR_AWAY or REGISTRAR_BAD: why, for a log line. */
const char *wr_store_error(const struct wr_store *s);
/* Contacts and entries that were passed over, because they could not be read. */
uint64_t wr_store_ignored(const struct wr_store *s);

#endif
