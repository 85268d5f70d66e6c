/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_REGISTRY_H
#define WK_REGISTRY_H

/* The registrar of individual IMPUs (registrar/wims_registrar.h) in this
 * Kamailio: modparam registrar says where it is. The memory of this node (shm):
 * it allocates IMPUs of blocks, and the contacts of claimed IMPUs are in usrloc
 * and the flow table alone. Redis: each contact in a range is published there.
 *
 * A call to Redis takes one round trip, or registrar_timeout_ms at most, or no
 * time at all while the breaker is open. No lock is held meanwhile. */

#include "provision/wims_wwsf.h"
#include "registrar/wims_registrar.h"
#include "wk.h"

/* mod_init: 0, or -1 after a log line. */
int wk_registry_init(void);
void wk_registry_destroy(void);

/* Is the registrar one for several nodes? */
bool wk_registry_shared(void);

/* Is the registrar told of contacts in that range? Else usrloc and the flow table
 * have them alone. */
bool wk_registry_publishes(const struct wims_wwsf_range *range);

/* An IMPU of the block of that range for that user, as wims_store_allocate. */
WIMS_MUST_CHECK enum wims_reason wk_registry_allocate(const struct wims_wwsf_range *range,
													  struct wims_pl owner, uint64_t *index);

/* The one that is this user's, in use or in quarantine. BLOCK_USED_UP: there is none. */
WIMS_MUST_CHECK enum wims_reason wk_registry_allocated(const struct wims_wwsf_range *range,
													   struct wims_pl owner, uint64_t *index);

struct wk_registry_in
{
	const struct wims_wwsf_range *range; /* that the IMPU is in */
	struct wims_pl impu;
	struct wims_pl owner; /* empty: whoever may claim the IMPU shares it */
	struct wims_pl name;  /* of the binding in the flow table */
	struct wims_pl instance;
	uint32_t reg_id;
	uint32_t conn; /* that it is registered over; 0: lost, in its grace */
	int q;
	int64_t left_ms;  /* of the binding */
	int64_t since;    /* with again: as a put before it said */
	bool again, kept; /* as for wims_store_put */
};

/* As wims_store_put, with a flow token of this node. OK at once where nobody else
 * is to be told. Called without a lock. */
WIMS_MUST_CHECK enum wims_reason wk_registry_put(const struct wk_registry_in *in,
												 struct wims_reg_put_out *out);

/* The contact of that name has ended, or may have: the registrar process makes the
 * store say what the flow table says. Never waits; what does not fit into the
 * queue is counted, and expires in the store by itself. Nothing happens where the
 * registrar is not told. */
void wk_registry_remove(struct wims_pl impu, struct wims_pl name);

/* Who has that canonical IMPU now: contacts on nodes that live, the highest q
 * first. TARGET_UNREGISTERED: none; TARGET_UNKNOWN: it is in no range of which an
 * eP-CSCF is the registrar; else as wims_store_query. With a registrar of this
 * node alone only IMPUs of blocks are there. */
WIMS_MUST_CHECK enum wims_reason wk_registry_query(struct wims_pl impu,
												   struct wims_reg_entry *entry);

/* Does that node live, with that epoch? Then where it is reached on Mw, "host:port".
 * A node that has stopped counts no more within 5 s. */
WIMS_MUST_CHECK bool wk_registry_node(uint16_t node, uint32_t epoch,
									  char address[WIMS_REG_ADDRESS_MAX + 1]);

#endif
