/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef STORE_OPS_H
#define STORE_OPS_H

/* All operations of the store on a block in which many users are registered, one
 * at a time, each as often as one likes: what one changes is undone. */

#include "store_bare.h"
#include "store_help.h"

enum
{
	SIDE_FREE = 64,  /* IMPUs of the block that are to be allocated */
	SIDE_LIST = 100, /* entries a part */
	SIDE_READ = 200,
	SIDE_PURGE = 20
};

struct side
{
	struct wims_store store;
	struct wr_client *client;
	redisContext *bare;
	struct wims_block block, claimed;
	int64_t users;
	long long bytes; /* that they take in Redis */
	/* of the operation that is under way */
	struct wims_pl impu;
	struct wims_reg_entry entry;
	struct wims_reg_put put;
	int64_t user, index, gone[SIDE_PURGE];
	size_t gone_count;
	uint64_t turn, list_at, read_at, purge_at, purge_from;
};

struct side_op
{
	const char *name;
	void (*prepare)(struct side *s); /* or NULL */
	enum wims_reason (*run)(struct side *s);
	void (*undo)(struct side *s); /* or NULL */
};

extern const struct side_op side_ops[];
extern const size_t side_op_count;

/* A block with so many users, on an empty Redis: "redis:ADDRESS:PORT". */
void side_open(struct side *s, const char *place, uint32_t run, int64_t users);
void side_close(struct side *s);
/* Of a clock that never goes back. */
int64_t side_now_ns(void);
/* Nanoseconds of its run. Ends the program unless it is OK. */
int64_t side_do(struct side *s, const struct side_op *op);
/* The same, prepared before and undone. */
int64_t side_run(struct side *s, const struct side_op *op);
const struct side_op *side_op(const char *name);

#endif
