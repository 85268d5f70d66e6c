/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FLOW_HELP_H
#define FLOW_HELP_H

/* What the tests of the flow table share: a counting allocator that can be
 * told to fail, a generator with a fixed seed, requests with everything in
 * them. */

#include "flow/wims_flow.h"

struct flow_memory
{
	size_t blocks, bytes; /* in use */
	size_t asked;         /* allocations since the start or the last reset */
	size_t fail_at;       /* that one fails, counted from 1; 0: none */
};

extern struct flow_memory flow_memory;
extern const struct wims_env flow_env;
/* false: the generator fails */
extern bool flow_random_works;

bool flow_random(void *buf, size_t n);
/* Steady numbers for tests, 0 <= result < n. */
uint32_t flow_dice(uint32_t n);
void flow_dice_seed(uint64_t seed);

/* Ten connections, three bindings and three calls each, an unregistered
 * connection lives for ever, cut after 1500 ms. */
extern const struct wims_flow_limits flow_limits;
/* Fails the test when there is no table. */
struct wims_flows *flow_new(const struct wims_flow_limits *limits);
/* Audits, frees, and fails the test when a block is left. */
void flow_free(struct wims_flows *fs);
/* Fails the test with the rule that does not hold. */
void flow_check(const struct wims_flows *fs);

/* Graces: 5000 de-REGISTER, 0 dialog lost, 10000 dialog silent. */
struct wims_conn_in flow_conn(uint32_t id);
void flow_open(struct wims_flows *fs, uint32_t id, int64_t now);
/* alice's REGISTER from the device "urn:uuid:1" */
struct wims_binding_in flow_register(uint64_t txn, uint32_t conn);
struct wims_core_answer flow_answer(int64_t granted_ms);
/* Both steps at once; they must succeed. user may be NULL. */
void flow_bind(struct wims_flows *fs, const struct wims_binding_in *in, int64_t granted_ms,
			   int64_t now, char *user);
/* alice's INVITE */
struct wims_call_in flow_invite(uint32_t conn, struct wims_pl call_id);
/* An answer of the called side with that tag. */
enum wims_reason flow_answered(struct wims_flows *fs, const struct wims_call_in *in,
							   const char *tag, const struct wims_call_news *news);
/* Opened and confirmed by a 200. */
uint64_t flow_call(struct wims_flows *fs, uint32_t conn, struct wims_pl call_id);

/* May an in-dialog request of the WIC go there, and along those routes, of which
 * the first is ours? */
enum wims_reason flow_go(struct wims_flows *fs, uint64_t id, const char *uri);
enum wims_reason flow_along(struct wims_flows *fs, uint64_t id, const char *routes);

/* The kind of the next action, or -1; flow_action holds it. */
int flow_next(struct wims_flows *fs, int64_t now);
extern struct wims_action flow_action;

extern struct wims_binding_view flow_view;

/* Checked steps: begin gives a name exactly when it succeeds, and the table is
 * in order after each. */
enum wims_reason flow_begin(struct wims_flows *fs, const struct wims_binding_in *in);
enum wims_reason flow_commit(struct wims_flows *fs, uint64_t txn, int64_t granted_ms, int64_t now);
/* The first binding of the connection, in flow_view. */
enum wims_reason flow_of_conn(struct wims_flows *fs, uint32_t conn, int64_t now);
size_t flow_bindings(const struct wims_flows *fs);
void flow_assert_pl(struct wims_pl got, const char *want);

#endif
