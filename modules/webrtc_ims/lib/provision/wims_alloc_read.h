/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_ALLOC_READ_H
#define WIMS_ALLOC_READ_H

/* What an element of "ranges" says of the IMPUs that are allocated from it, and of
 * the users that they are for. */

#include "provision/wims_set.h"
#include "range/wims_range.h"

enum
{
	WIMS_WWSF_BLOCKS_MAX = 256,           /* ranges of a WWSF that allocate */
	WIMS_RANGE_USERS_MAX = 64,            /* patterns of a range */
	WIMS_RANGE_NODES_MAX = 256,           /* of a range */
	WIMS_NODE_MAX = 65535,                /* node_id */
	WIMS_QUARANTINE_MAX = 30 * 24 * 3600, /* s */
};

/* What the rows of one range fill. */
struct wims_range_in
{
	struct wims_wwsf_range range;
	const struct wims_json_value *allocate; /* NULL: it does not say */
	int64_t quarantine;                     /* s; -1: it does not say */
};

WIMS_SETTER(wims_set_nodes);  /* struct wims_node_list */
WIMS_SETTER(wims_set_serves); /* struct wims_claim_rule */
extern const struct wims_text_kind wims_text_users;

/* Of a range that is registered, and read as it is written: fills allocate, and what
 * its block has of it. */
WIMS_MUST_CHECK enum wims_reason wims_alloc_read(struct wims_reading *rd, struct wims_range_in *in,
												 const struct wims_range *read);
/* Of one that is not. */
WIMS_MUST_CHECK enum wims_reason wims_alloc_refuse(struct wims_reading *rd,
												   const struct wims_range_in *in);

#endif
