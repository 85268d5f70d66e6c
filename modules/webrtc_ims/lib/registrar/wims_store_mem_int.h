/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_STORE_MEM_INT_H
#define WIMS_STORE_MEM_INT_H

#include "base/wims_hash.h"
#include "base/wims_ring.h"
#include "flow/wims_heap.h"
#include "registrar/wims_store_mem.h"

/* A lease goes USED -> RESTING (quarantine) -> FREE, and from each back to USED. A
 * claimed one is gone when it is not USED any more. */
enum wims_mem_state
{
	WIMS_MEM_USED,    /* due: end of its use */
	WIMS_MEM_RESTING, /* due: end of its quarantine */
	WIMS_MEM_FREE,    /* due: since when */
	WIMS_MEM_STATES
};

struct wims_mem_contact
{
	struct wims_mem_contact *next;
	int64_t until;
	uint32_t epoch, reg_id;
	uint16_t node;
	int16_t q;
	uint8_t instance_l;
	char name[WIMS_CONTACT_USER_LEN];
	char flow[WIMS_FLOWTOKEN_LEN];
	char instance[];
};

struct wims_mem_lease
{
	struct wims_hnode by_id, by_owner; /* by_owner: what allocate answers that owner */
	struct wims_timer timer;           /* in the heap of its state, which is its kind */
	struct wims_mem_block *block;
	struct wims_mem_contact *contacts;
	char *text; /* owner, then IMPU */
	int64_t index, since;
	int64_t held; /* without contact it is in use until then */
	uint8_t owner_l, impu_l;
};

_Static_assert(WIMS_REG_OWNER_MAX <= UINT8_MAX && WIMS_IMPU_MAX <= UINT8_MAX
					   && WIMS_INSTANCE_MAX <= UINT8_MAX,
			   "lengths are kept in bytes");

/* The lease of the block's registration with IMS. */
struct wims_mem_hold
{
	uint16_t node;
	uint32_t epoch; /* 0: never held */
	int64_t until, kept_until;
	char *doc;
	size_t doc_l;
};

struct wims_mem_block
{
	struct wims_hnode by_tag;
	struct wims_ring on_store;
	struct wims_heap leases[WIMS_MEM_STATES];
	struct wims_mem_hold hold;
	uint64_t next;      /* indexes from here on were never given out */
	int64_t quarantine; /* ms */
	char tag[WIMS_BLOCK_TAG_LEN];
};

struct wims_mem_node
{
	uint16_t node;
	uint32_t epoch;
	int64_t last;
	size_t address_l;
	char address[];
};

struct wims_store_mem
{
	struct wims_env env;
	struct wims_hash_key key;
	struct wims_hash blocks, by_id, by_owner;
	struct wims_ring ring; /* blocks, the one to be swept next first */
	int64_t now;
	size_t n_nodes;
	struct wims_mem_node *node[WIMS_REG_NODES_MAX];
};

static inline struct wims_pl wims_mem_owner(const struct wims_mem_lease *l)
{
	return (struct wims_pl){l->text, l->owner_l};
}

static inline struct wims_pl wims_mem_impu(const struct wims_mem_lease *l)
{
	return (struct wims_pl){l->text + l->owner_l, l->impu_l};
}

static inline bool wims_mem_used(const struct wims_mem_lease *l)
{
	return l->timer.kind == WIMS_MEM_USED;
}

/* wims_mem_block.c */
/* Begins a call: what is over goes, a few leases of any block and of this one.
 * NULL: nothing is known of that block. */
struct wims_mem_block *wims_mem_block(struct wims_store_mem *m, const struct wims_block *b);
/* The same, but it is made. NULL: no memory. */
struct wims_mem_block *wims_mem_block_get(struct wims_store_mem *m, const struct wims_block *b);
/* At most n of those whose time has come. */
void wims_mem_sweep(struct wims_store_mem *m, struct wims_mem_block *blk, size_t n);
/* n at most, of the block whose turn it is. */
void wims_mem_sweep_next(struct wims_store_mem *m, size_t n);
/* Its leases must be gone. */
void wims_mem_block_free(struct wims_store_mem *m, struct wims_mem_block *blk);

/* wims_mem_lease.c: what is found is brought to its state of now */
struct wims_mem_lease *wims_mem_find(struct wims_store_mem *m, struct wims_mem_block *blk,
									 struct wims_pl impu, int64_t index);
/* The one that allocate answers. */
struct wims_mem_lease *wims_mem_find_owner(struct wims_store_mem *m, struct wims_mem_block *blk,
										   struct wims_pl owner);
/* FREE, but in no heap yet; NULL: no memory. */
struct wims_mem_lease *wims_mem_lease_new(struct wims_store_mem *m, struct wims_mem_block *blk,
										  struct wims_pl impu, int64_t index);
void wims_mem_lease_free(struct wims_store_mem *m, struct wims_mem_lease *l);
/* Sets its texts. False: no memory, nothing has changed. */
WIMS_MUST_CHECK bool wims_mem_lease_name(struct wims_store_mem *m, struct wims_mem_lease *l,
										 struct wims_pl owner, struct wims_pl impu);
/* Contacts or held have changed: its use ends anew, maybe now. May free it. */
void wims_mem_review(struct wims_store_mem *m, struct wims_mem_lease *l);
/* To the state of now. NULL: it is gone. */
struct wims_mem_lease *wims_mem_settle(struct wims_store_mem *m, struct wims_mem_lease *l);
/* Nobody's from now on. May free it. */
void wims_mem_release(struct wims_store_mem *m, struct wims_mem_lease *l);

/* wims_mem_contact.c */
size_t wims_mem_contacts(const struct wims_mem_lease *l);
/* In no list; NULL: no memory. */
struct wims_mem_contact *wims_mem_contact_new(struct wims_store_mem *m,
											  const struct wims_reg_contact *in);
/* Removes those for which gone says so; how many. */
size_t wims_mem_contacts_drop(struct wims_store_mem *m, struct wims_mem_lease *l,
							  bool (*gone)(void *ctx, const struct wims_mem_contact *c), void *ctx);
/* Those that have expired. */
void wims_mem_contacts_prune(struct wims_store_mem *m, struct wims_mem_lease *l);
void wims_mem_contacts_free(struct wims_store_mem *m, struct wims_mem_lease *l);
void wims_mem_show(const struct wims_store_mem *m, const struct wims_mem_lease *l,
				   struct wims_reg_entry *e);

/* wims_mem_walk.c, wims_mem_put.c, wims_mem_nodes.c, wims_mem_hold.c: operations of the store */
enum wims_reason wims_mem_list(void *ctx, const struct wims_block *b, uint64_t *cursor, size_t n,
							   void (*fn)(void *fn_ctx, const struct wims_reg_entry *e),
							   void *fn_ctx);
enum wims_reason wims_mem_purge(void *ctx, const struct wims_block *b, uint16_t node,
								uint32_t epoch, uint64_t *cursor, size_t n, size_t *removed);
enum wims_reason wims_mem_put(void *ctx, const struct wims_block *b, const struct wims_reg_put *in,
							  struct wims_reg_put_out *out);
enum wims_reason wims_mem_beat(void *ctx, uint16_t node, uint32_t epoch, struct wims_pl address,
							   struct wims_reg_nodes *nodes);
enum wims_reason wims_mem_leave(void *ctx, uint16_t node, uint32_t epoch);
enum wims_reason wims_mem_hold(void *ctx, const struct wims_block *b, uint16_t node, uint32_t epoch,
							   int64_t ms, struct wims_pl doc, struct wims_reg_held *held);
enum wims_reason wims_mem_unhold(void *ctx, const struct wims_block *b, uint16_t node,
								 uint32_t epoch);

#endif
