/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef RR_NODES_H
#define RR_NODES_H

/* Several nodes with the same ranges, one store for their leases, and one core.
 * Range n is sip:rN-!.*!@ims.test with the pilot sip:rN@ims.test; 1 and 2 are
 * registered at start-up, 3 for the first WIC. Nodes die, are cut off from the
 * store, and come back with their files or without. What must never be ends the
 * program. */

#include "rangereg/wims_rangereg_lease.h"
#include "registrar/wims_store_mem.h"

enum
{
	RR_NODES = 3,
	RR_NODES_RANGES = 4, /* 1 to 3 */
	RR_NODES_CONTACTS = 64,
	RR_NODES_FLIGHT = 32,
	RR_NODES_LEASE_MS = 4000
};

struct rr_contact
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	int node;
	bool excused; /* nobody is left who could know of it */
	unsigned refused;
};

struct rr_flight
{
	int node; /* -1: empty */
	int unit;
	uint64_t txn, seq;
	uint32_t expires, epoch;
	bool excused;
	char user[WIMS_CONTACT_USER_LEN + 1];
};

struct rr_node
{
	struct wims_rangereg *rr; /* NULL: dead */
	bool cut;                 /* from the store */
	uint32_t epoch;
	struct wims_buf file;
	char user[RR_NODES_RANGES][WIMS_CONTACT_USER_LEN + 1]; /* that it sent last */
	bool good[RR_NODES_RANGES];                            /* as told */
	size_t members[RR_NODES_RANGES];
	bool subscribed[RR_NODES_RANGES];
};

struct rr_nodes
{
	int64_t now;
	struct wims_store_mem *memory;
	struct wims_store store;
	struct rr_node node[RR_NODES];
	struct rr_contact core[RR_NODES_RANGES][RR_NODES_CONTACTS];
	size_t in_core[RR_NODES_RANGES];
	struct rr_flight flight[RR_NODES_FLIGHT];
	uint64_t seq;
	/* as the store has it */
	int holder[RR_NODES_RANGES]; /* -1 */
	int64_t until[RR_NODES_RANGES];
	/* whose lease an operator ended, and until when that node may not know it */
	int before[RR_NODES_RANGES];
	int64_t before_until[RR_NODES_RANGES];
	bool off[RR_NODES_RANGES];
	size_t absent; /* de-REGISTERs of Contacts that the core had no more */
	size_t registers, removes, taken, gone, lost, settled, crashes;
};

/* For wims_rangereg_new: the same in each run. */
bool rr_nodes_random(void *buf, size_t n);
void rr_nodes_open(struct rr_nodes *w);
void rr_nodes_close(struct rr_nodes *w);
void rr_nodes_start(struct rr_nodes *w, int node);
void rr_nodes_crash(struct rr_nodes *w, int node);
void rr_nodes_keep(struct rr_nodes *w, int node); /* writes its file */
struct wims_pl rr_nodes_range(int n);
/* All that is due at all nodes. */
void rr_nodes_turn(struct rr_nodes *w);
/* ms in steps of 100, with a core that answers 200 at once. */
void rr_nodes_run(struct rr_nodes *w, int64_t ms);
/* The one of those in flight that comes to the core next, of that registration or,
 * with 0, of all; NULL: none. */
struct rr_flight *rr_nodes_first(struct rr_nodes *w, int unit);
/* The core does as it is told there, or does not; its answer comes as code, 0:
 * never. */
void rr_nodes_answer(struct rr_nodes *w, struct rr_flight *f, int code, bool done);
/* A clean stop of a node that takes its registrations out, or leaves them. */
void rr_nodes_stop(struct rr_nodes *w, int node, bool leave);
/* cmocka fixtures: rr_world is new, and all its nodes know each other. */
extern struct rr_nodes rr_world;
int rr_nodes_setup(void **state);
int rr_nodes_teardown(void **state);
/* The state of that range at that node. */
enum wims_rangereg_state rr_nodes_state(struct rr_nodes *w, int node, int range);

#endif
