/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef REGISTRAR_HELP_H
#define REGISTRAR_HELP_H

/* For tests of a registrar's store: blocks, contacts and calls in short. */

#include "registrar_conform.h"

/* The store and clock that these calls use. */
extern const struct conform *reg_on;
extern const struct wims_block *reg_block;

void reg_pass(int64_t ms);
/* A block that nothing is known of yet; it is reg_block from then on. */
struct wims_block *reg_new_block(uint64_t size, uint32_t quarantine);

/* A contact whose name is made of that byte, on node 1, epoch 5, for
 * CONFORM_FOREVER_MS. */
struct wims_reg_contact reg_contact(char name);

enum wims_reason reg_allocate(const char *owner, int64_t *index);
/* It must succeed. */
int64_t reg_get(const char *owner);
enum wims_reason reg_put(int64_t index, const char *owner, struct wims_reg_contact c);
/* The store's clock. */
int64_t reg_time(void);
enum wims_reason reg_again(int64_t index, const char *owner, struct wims_reg_contact c,
						   int64_t since);
/* What the last of both answered. */
extern struct wims_reg_put_out reg_out;
void reg_remove(int64_t index, char name);
/* Names of its contacts in ascending order, "" if it is unregistered. */
const char *reg_names(int64_t index);
/* What the last of those read. */
extern struct wims_reg_entry reg_entry;
const struct wims_reg_contact *reg_find(char name);
void reg_assert_counts(uint64_t entries, uint64_t allocated, uint64_t free);
/* The IMPU of a place; index WIMS_REG_CLAIMED: the one of claimed ones. */
struct wims_pl reg_impu(int64_t index);

#endif
