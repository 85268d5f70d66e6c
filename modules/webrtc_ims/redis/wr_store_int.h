/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WR_STORE_INT_H
#define WR_STORE_INT_H

/* The inside of the store; for the files of this folder alone.
 *   wr_step        keys and arguments of one script
 *   wr_store_read  entries as Redis has them
 *   wr_store       the operations on IMPUs
 *   wr_store_node  those on nodes and leases of blocks */

#include "registrar/wims_reg_record.h"
#include "wr_scripts.h"
#include "wr_store.h"

enum
{
	WR_STEP_KEYS = 4,
	WR_STEP_ARGS = 14,
	WR_NUMBER_MAX = 20, /* digits */
	/* "wims:{TAG}:e:" and an IMPU, or "wims:{TAG}:u:" and an owner */
	WR_KEY_MAX = 6 + WIMS_BLOCK_TAG_LEN + 4 + WIMS_IMPU_MAX,
	WR_STEP_TEXT_MAX =
			(WR_STEP_KEYS + 2) * WR_KEY_MAX + WR_STEP_ARGS * WR_NUMBER_MAX + 2 * WIMS_REG_RECORD_MAX
};

_Static_assert((int)WIMS_IMPU_MAX >= (int)WIMS_REG_OWNER_MAX, "an owner fits into a key");

/* A call that is being put together. */
struct wr_step
{
	struct wr_call call;
	struct wims_pl key[WR_STEP_KEYS], arg[WR_STEP_ARGS];
	bool ok;  /* all that was added found room */
	char *at; /* end of what is used of text */
	char text[WR_STEP_TEXT_MAX];
};

struct wr_store
{
	const struct wims_env *env;
	struct wr_client *client;
	const char *error; /* NULL: the client has it */
	uint64_t ignored;
	struct wr_step step;
	struct wims_reg_entry entry; /* of a list */
};

/* --- wr_step.c --- */

/* The step of s, empty. */
struct wr_step *wr_step_new(struct wr_store *s, const struct wr_script *script);
/* KEYS: "wims:{TAG}:KIND" and name behind it, which may be empty. */
void wr_step_key(struct wr_step *step, const struct wims_block *b, struct wims_pl kind,
				 struct wims_pl name);
/* The entry of an IMPU. */
void wr_step_entry(struct wr_step *step, const struct wims_block *b, struct wims_pl impu,
				   int64_t index);
/* KEYS, as it is; borrowed. */
void wr_step_key_text(struct wr_step *step, struct wims_pl key);
/* ARGV: borrowed until the step is done. */
void wr_step_text(struct wr_step *step, struct wims_pl text);
void wr_step_number(struct wr_step *step, uint64_t n);
/* ARGV: what entries have as ID. */
void wr_step_id(struct wr_step *step, struct wims_pl impu, int64_t index);
/* ARGV: what is before the name in keys of that kind. */
void wr_step_prefix(struct wr_step *step, const struct wims_block *b, struct wims_pl kind);
/* ARGV: a contact, and then what makes it one device. */
WIMS_MUST_CHECK bool wr_step_contact(struct wr_step *step, const struct wims_reg_contact *c);
/* Done: *reply as wr_client_call. INTERNAL, and nothing is sent, when the step has more
 * than it has room for. */
WIMS_MUST_CHECK enum wims_reason wr_step_run(struct wr_store *s,
											 const struct wims_redis_value **reply);

/* Remembers why, and returns REGISTRAR_BAD. */
enum wims_reason wr_store_bad(struct wr_store *s, const char *text);

/* --- wr_store_read.c --- */

/* An entry from its fields and values: at, n of them. False: it is none. */
WIMS_MUST_CHECK bool wr_entry_read(struct wr_store *s, const struct wims_redis_value *at, size_t n,
								   int64_t now, struct wims_reg_entry *e);
/* A number between both, or false. */
WIMS_MUST_CHECK bool wr_number_read(const struct wims_redis_value *v, int64_t min, int64_t max,
									int64_t *out);

/* --- wr_store_node.c --- */

enum wims_reason wr_store_beat(void *ctx, uint16_t node, uint32_t epoch, struct wims_pl address,
							   struct wims_reg_nodes *nodes);
enum wims_reason wr_store_leave(void *ctx, uint16_t node, uint32_t epoch);
enum wims_reason wr_store_hold(void *ctx, const struct wims_block *b, uint16_t node, uint32_t epoch,
							   int64_t ms, struct wims_pl doc, struct wims_reg_held *held);
enum wims_reason wr_store_unhold(void *ctx, const struct wims_block *b, uint16_t node,
								 uint32_t epoch);

#endif
