/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WR_GATES_H
#define WR_GATES_H

/* A gate for each node of Redis, shared by processes: what one of them finds
 * out keeps all away. Three failures in a row shut it for half a second; then
 * one call tries, and the pause doubles up to two seconds. */

#include "base/wims_breaker.h"
#include "wr_client.h"

enum
{
	WR_GATES_MAX = 64 /* nodes that fail at the same time */
};

struct wr_gates;

/* env hands out memory that all processes see at the same place. NULL: there is
 * none. */
struct wr_gates *wr_gates_new(const struct wims_env *env);
/* NULL is fine. */
void wr_gates_free(struct wr_gates *g);
/* For wr_conf; as long as g lives. */
const struct wr_gate *wr_gates_gate(const struct wr_gates *g);

/* A node that has failed and not answered since. */
struct wr_gate_view
{
	struct wims_redis_addr node;
	enum wims_breaker_state state;
	uint32_t failures; /* in a row */
};

/* Those nodes, WR_GATES_MAX at the most; returns how many. */
size_t wr_gates_view(struct wr_gates *g, struct wr_gate_view out[WR_GATES_MAX]);

#endif
