/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SHARED_HELP_H
#define SHARED_HELP_H

/* A node whose registrar is shared, with the store of redis_standin.h behind it. */

#include "registrar_help.h"
#include "wk_registry_int.h"

#define RS_STRAY "ffffffffffffffffffffffff"

int rs_group_setup(void **state);
int rs_group_teardown(void **state);
int rs_setup(void **state);
int rs_teardown(void **state);

/* The registrar process works for so long. */
void rs_turns(int64_t ms);
/* The store does not answer meanwhile, or that. */
void rs_away_for(int64_t ms, enum wims_reason how);

/* Of IMPU. */
struct wk_registry_place rs_place(void);
size_t rs_contacts(struct wims_reg_entry *e);
void rs_expect_contacts(size_t n);
/* A contact that this node knows nothing of, at that node and start. */
void rs_put_there(struct wims_pl impu, const char *owner, int64_t since, uint16_t node,
				  uint32_t epoch);

#endif
