/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef STORE_USER_H
#define STORE_USER_H

/* Users of a block, by their index. */

#include "registrar/wims_registrar.h"

/* sip:user7@ims.test; in one of a few places, used in turn. */
struct wims_pl user_impu(int64_t index);
/* The contact that user_put registers: node 1, epoch 7, an hour. */
struct wims_reg_contact user_contact(int64_t index);
bool user_is_contact(const struct wims_reg_contact *c, int64_t index);

/* What user_put tells the store; owner is borrowed. */
struct wims_reg_put user_contact_put(const struct wims_block *b, int64_t index, const char *owner);
enum wims_reason user_put(const struct wims_store *st, const struct wims_block *b, int64_t index,
						  const char *owner);
enum wims_reason user_remove(const struct wims_store *st, const struct wims_block *b,
							 int64_t index);

#endif
