/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REGISTRAR_H
#define WIMS_REGISTRAR_H

/* The registrar of individual IMPUs (wIMPU Registrar) as its users see it: who
 * has which IMPU of a block, and over which contacts it is reached. Where that
 * is kept is the store's business: the memory of one node, or Redis for many.
 *
 *   entry   an IMPU in use: registered (has contacts), or held for a
 *           registration that is under way
 *   lease   what makes an IMPU its owner's: as long as the entry, then for the
 *           quarantine of its block
 *   contact one binding of a WIC, at the node that has its connection
 *
 * Each call is one atomic step of the store, and one round trip. Times are those
 * of the store's clock, in ms; users only see what is left of something, so that
 * no two clocks are compared. Beside the outcomes named at each call there are:
 *   REGISTRAR_AWAY    no answer, or it cannot write now; whether the step was
 *                     done is not known
 *   REGISTRAR_BAD     an answer that must not be
 *   NOMEM             here or there
 *   INTERNAL          an argument over its maximum
 * After any outcome but OK what a call hands out is zeroed. */

#include "base/wims_reason.h"
#include "flow/wims_flow.h"
#include "identity/wims_impu.h"
#include "registrar/wims_block.h"
#include "sip/wims_contact.h"
#include "sip/wims_flowtoken.h"

enum
{
	WIMS_REG_CONTACTS_MAX = 31,   /* of one IMPU */
	WIMS_REG_MOVED_MS = 1000,     /* that the clocks of nodes may differ by */
	WIMS_REG_OWNER_MAX = 255,     /* bytes: the subject of a token */
	WIMS_REG_DOC_MAX = 8192,      /* bytes that the holder of a block publishes */
	WIMS_REG_HOLD_MAX_MS = 60000, /* of an IMPU without contact, of a block */
	WIMS_REG_PART_MAX = 1000,     /* entries looked at in one call */
	WIMS_REG_NODES_MAX = 256,
	WIMS_REG_ADDRESS_MAX = 127,       /* "[2001:db8::1]:5060;transport=tcp" */
	WIMS_REG_DEAD_MS = 3000,          /* a node that did not beat for longer */
	WIMS_REG_FORGOTTEN_MS = 86400000, /* its beat is not kept longer than that */
	WIMS_REG_TEXT_MAX = WIMS_IMPU_MAX + WIMS_REG_OWNER_MAX
						+ WIMS_REG_CONTACTS_MAX
								  * (WIMS_CONTACT_USER_LEN + WIMS_FLOWTOKEN_LEN + WIMS_INSTANCE_MAX)
};

/* Of a contact: 2^32 - 1 s, the longest that SIP can say (RFC 3261 20.19). */
#define WIMS_REG_LEFT_MAX_MS INT64_C(4294967295000)
/* What a holder published is kept for its successor that long after its lease. */
#define WIMS_REG_DOC_KEEP_MS INT64_C(691200000)
/* A time that is exact in whatever a store calculates with. */
#define WIMS_REG_TIME_MAX INT64_C(999999999999999)
/* In place of an index: the IMPU is claimed, not allocated. */
#define WIMS_REG_CLAIMED INT64_C(-1)

struct wims_reg_contact
{
	struct wims_pl name;     /* of the binding, WIMS_CONTACT_USER_LEN */
	struct wims_pl flow;     /* flow token of its Path, WIMS_FLOWTOKEN_LEN */
	struct wims_pl instance; /* +sip.instance; may be empty */
	uint16_t node;           /* that has the connection */
	uint32_t epoch;          /* of that node, as in its flow tokens */
	uint32_t reg_id;         /* 0: none */
	int q;                   /* thousandths; WIMS_Q_NONE: it does not say */
	int64_t left_ms;         /* until it expires, > 0 */
};

struct wims_reg_entry
{
	struct wims_pl impu;  /* may be empty while it is only held */
	struct wims_pl owner; /* empty: shared by whoever may claim it */
	int64_t index;        /* or WIMS_REG_CLAIMED */
	int64_t since;        /* when it became this owner's */
	size_t count;
	struct wims_reg_contact contact[WIMS_REG_CONTACTS_MAX]; /* live ones */
	char text[WIMS_REG_TEXT_MAX];                           /* what the slices point at */
};

struct wims_reg_put
{
	struct wims_pl impu;
	int64_t index; /* below the size of the block, or WIMS_REG_CLAIMED if that is 0 */
	struct wims_pl owner;
	struct wims_reg_contact contact;
	size_t max_contacts; /* 1..WIMS_REG_CONTACTS_MAX */
	/* As `again` wants it: since when, as the first put said. */
	int64_t since;
	bool again;
	bool kept; /* with again: no REGISTER stands behind it, a node tells what it has */
	/* With kept: the store's time when left_ms was so, as the node knows it; 0: it does
	 * not. What a store that stood still is told, it may take in seconds later. */
	int64_t asked;
};

struct wims_reg_put_out
{
	int64_t since;
	size_t contacts;
	bool displaced; /* a younger owner has lost it */
};

struct wims_reg_counts
{
	uint64_t entries;   /* in use */
	uint64_t allocated; /* with those in quarantine; of a claimed block: the same */
	uint64_t free;      /* to be allocated now */
};

struct wims_reg_node
{
	uint16_t node;
	uint32_t epoch;
	int64_t age_ms; /* of its last beat; < 0 after the store's clock went back */
	char address[WIMS_REG_ADDRESS_MAX + 1];
};

struct wims_reg_nodes
{
	int64_t time; /* the store's clock */
	/* Another node with a live beat has the number of this one, at another
	 * address: it was not overwritten. */
	bool taken;
	size_t count;
	struct wims_reg_node node[WIMS_REG_NODES_MAX];
};

struct wims_reg_held
{
	bool ours;
	uint16_t node; /* holder */
	uint32_t epoch;
	int64_t left_ms;
	/* What was published last before this call: the holder's or, when the lease
	 * has just been taken, that of the one before. */
	struct wims_pl doc;
	char text[WIMS_REG_DOC_MAX];
};

struct wims_store;

/* What a store does for the function of the same name below; arguments are
 * within their maxima, what is handed out is zeroed before. */
struct wims_store_ops
{
	enum wims_reason (*allocate)(void *ctx, const struct wims_block *b, struct wims_pl owner,
								 int64_t hold_ms, int64_t *index);
	enum wims_reason (*put)(void *ctx, const struct wims_block *b, const struct wims_reg_put *in,
							struct wims_reg_put_out *out);
	enum wims_reason (*remove)(void *ctx, const struct wims_block *b, struct wims_pl impu,
							   int64_t index, struct wims_pl name);
	enum wims_reason (*query)(void *ctx, const struct wims_block *b, struct wims_pl impu,
							  int64_t index, struct wims_reg_entry *entry);
	enum wims_reason (*list)(void *ctx, const struct wims_block *b, uint64_t *cursor, size_t n,
							 void (*fn)(void *fn_ctx, const struct wims_reg_entry *e),
							 void *fn_ctx);
	enum wims_reason (*counts)(void *ctx, const struct wims_block *b, struct wims_reg_counts *out);
	enum wims_reason (*drop)(void *ctx, const struct wims_block *b, struct wims_pl impu,
							 int64_t index);
	enum wims_reason (*purge)(void *ctx, const struct wims_block *b, uint16_t node, uint32_t epoch,
							  uint64_t *cursor, size_t n, size_t *removed);
	enum wims_reason (*beat)(void *ctx, uint16_t node, uint32_t epoch, struct wims_pl address,
							 struct wims_reg_nodes *nodes);
	enum wims_reason (*leave)(void *ctx, uint16_t node, uint32_t epoch);
	enum wims_reason (*hold)(void *ctx, const struct wims_block *b, uint16_t node, uint32_t epoch,
							 int64_t ms, struct wims_pl doc, struct wims_reg_held *held);
	enum wims_reason (*unhold)(void *ctx, const struct wims_block *b, uint16_t node,
							   uint32_t epoch);
};

struct wims_store
{
	const struct wims_store_ops *ops;
	void *ctx;
};

/* An IMPU of the block for that owner (not empty), held for hold_ms so that a
 * put can follow. An owner gets the one that it has, also in quarantine; else
 * one that nobody ever had, else the one that is free for the longest time.
 * BLOCK_USED_UP. With hold_ms 0 it is only asked for: nothing is held, and
 * BLOCK_USED_UP says that the owner has none. */
WIMS_MUST_CHECK enum wims_reason wims_store_allocate(const struct wims_store *st,
													 const struct wims_block *b,
													 struct wims_pl owner, int64_t hold_ms,
													 int64_t *index);

/* A contact is registered, or its registration refreshed. It takes the place of
 * one of its name, or of its instance and reg-id (RFC 5626 4.2). An IMPU that is
 * nobody's becomes its owner's; where the owner has no other in the block, it is
 * what allocate answers from then on.
 * IDENTITY_IN_USE: the IMPU is somebody else's, quarantine included.
 * LIMIT_REACHED: max_contacts others are there.
 * again: it was acknowledged before and may have been lost since (a failover).
 * It is made as it was. Of two owners the one with the lesser `since` stays: the
 * other's contacts go, or IDENTITY_CONFLICT (also when both are as old). An
 * IMPU that is only in somebody's quarantine is taken back.
 * kept: of two contacts with one instance and reg-id the other one stays, unless this
 * one lasts longer, by WIMS_REG_MOVED_MS at least: the WIC has moved to another node, and its first
 * one does not know of it. OK, and nothing is changed, where that is the other one. */
WIMS_MUST_CHECK enum wims_reason wims_store_put(const struct wims_store *st,
												const struct wims_block *b,
												const struct wims_reg_put *in,
												struct wims_reg_put_out *out);

/* De-registered, or its connection is lost for good. With the last contact the
 * quarantine begins. OK also for one that is not there. */
WIMS_MUST_CHECK enum wims_reason wims_store_remove(const struct wims_store *st,
												   const struct wims_block *b, struct wims_pl impu,
												   int64_t index, struct wims_pl name);

/* TARGET_UNREGISTERED: no live contact. */
WIMS_MUST_CHECK enum wims_reason wims_store_query(const struct wims_store *st,
												  const struct wims_block *b, struct wims_pl impu,
												  int64_t index, struct wims_reg_entry *entry);

/* A walk in parts: *cursor begins as 0 and is 0 again at the end. Looks at about n
 * places (1..WIMS_REG_PART_MAX) and shows the entries of the block that are there,
 * maybe none. One that stays is shown, perhaps twice. fn must not call the store. */
WIMS_MUST_CHECK enum wims_reason
wims_store_list(const struct wims_store *st, const struct wims_block *b, uint64_t *cursor, size_t n,
				void (*fn)(void *ctx, const struct wims_reg_entry *e), void *ctx);

WIMS_MUST_CHECK enum wims_reason wims_store_counts(const struct wims_store *st,
												   const struct wims_block *b,
												   struct wims_reg_counts *out);

/* By order of the operator: entry and lease end, without quarantine. OK also for
 * one that is not there. */
WIMS_MUST_CHECK enum wims_reason wims_store_drop(const struct wims_store *st,
												 const struct wims_block *b, struct wims_pl impu,
												 int64_t index);

/* The node has restarted or is gone for good: its contacts with another epoch
 * than this go; all of them if epoch is 0. An IMPU without contact stays its
 * owner's until the contact would have expired, and then in quarantine. In
 * parts, as wims_store_list; *removed counts those of this part. */
WIMS_MUST_CHECK enum wims_reason wims_store_purge(const struct wims_store *st,
												  const struct wims_block *b, uint16_t node,
												  uint32_t epoch, uint64_t *cursor, size_t n,
												  size_t *removed);

/* This node lives, with that epoch, at that address. Answers all nodes, this one
 * included. LIMIT_REACHED: WIMS_REG_NODES_MAX others are there. */
WIMS_MUST_CHECK enum wims_reason wims_store_beat(const struct wims_store *st, uint16_t node,
												 uint32_t epoch, struct wims_pl address,
												 struct wims_reg_nodes *nodes);
/* A clean stop. OK also when it is not there, or there with another epoch. */
WIMS_MUST_CHECK enum wims_reason wims_store_leave(const struct wims_store *st, uint16_t node,
												  uint32_t epoch);

/* The block is registered with IMS by one node at a time. Takes that lease for
 * ms (1..WIMS_REG_HOLD_MAX_MS) when it is free, over, or this node's, and
 * publishes doc with it; an empty one leaves what is published. OK: held says
 * whose it is now. */
WIMS_MUST_CHECK enum wims_reason wims_store_hold(const struct wims_store *st,
												 const struct wims_block *b, uint16_t node,
												 uint32_t epoch, int64_t ms, struct wims_pl doc,
												 struct wims_reg_held *held);
/* Gives it free, if it is this node's; what is published stays for the next. */
WIMS_MUST_CHECK enum wims_reason wims_store_unhold(const struct wims_store *st,
												   const struct wims_block *b, uint16_t node,
												   uint32_t epoch);

#endif
