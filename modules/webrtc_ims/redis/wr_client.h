/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WR_CLIENT_H
#define WR_CLIENT_H

/* Client of Redis: alone, behind Sentinel, or a Cluster. Knows nothing of
 * Kamailio. A client belongs to the process that made it and is used by one
 * thread; it holds at most one connection to each node.
 *
 * A call never waits longer than its time-out, whatever the server does: one
 * deadline covers connecting, AUTH, asking where the key is, redirections and
 * the whole reply. It may reach Redis twice (a connection that had died is
 * found out by using it), so what a script does must bear that. */

#include "base/wims_reason.h"
#include "redis/wims_redis_addr.h"
#include "redis/wims_redis_reply.h"

enum
{
	WR_TIMEOUT_MIN_MS = 20,
	WR_TIMEOUT_MAX_MS = 2000,
	WR_USER_MAX = 128,
	WR_PASSWORD_MAX = 512,
	WR_ERROR_MAX = 255 /* text of wr_client_error() */
};

/* Keeps processes away from a node that fails, all of them by what one has
 * found out. wr_gates.h has one for shared memory. */
struct wr_gate
{
	/* May the node be asked now? Whoever is told so reports. */
	bool (*allow)(void *ctx, const struct wims_redis_addr *node);
	/* Has it answered, with whatever? */
	void (*report)(void *ctx, const struct wims_redis_addr *node, bool answered);
	void *ctx;
};

/* Everything is copied, but for the gate, which must outlive the client. */
struct wr_conf
{
	struct wims_redis_place place;
	struct wims_pl user;     /* empty: AUTH with the password alone */
	struct wims_pl password; /* empty: no AUTH */
	int timeout_ms;
	const struct wr_gate *gate; /* NULL: nodes are always asked */
};

/* A script in Lua. All of it lives as long as the client. */
struct wr_script
{
	struct wims_pl name; /* for log lines */
	struct wims_pl sha1; /* of text: 40 hexadecimal digits, lower case */
	struct wims_pl text;
};

/* keys: what KEYS of the script is, at least one, all in one slot of a Cluster,
 * that is with one {tag}; args: ARGV. */
struct wr_call
{
	const struct wr_script *script;
	const struct wims_pl *keys;
	size_t key_count;
	const struct wims_pl *args;
	size_t arg_count;
};

struct wr_client;

/* NULL: no memory. Connects to nothing yet. env must outlive it. */
struct wr_client *wr_client_new(const struct wr_conf *conf, const struct wims_env *env);
/* NULL is fine. */
void wr_client_free(struct wr_client *c);

/* Is each address one, by its digits? False: *bad is the first that is none. */
WIMS_MUST_CHECK bool wr_place_check(const struct wims_redis_place *place,
									const struct wims_redis_addr **bad);

/* From now on calls take no longer than that all together, in microseconds, nor than the
 * time-out. */
void wr_client_limit(struct wr_client *c, int64_t us);

/* Runs the script where its keys are. *reply is set on OK alone, is never an
 * error, and is valid until the next call.
 *   REGISTRAR_AWAY  no answer in time, the gate is shut, or Redis says that it
 *                   cannot or may not do it now
 *   REGISTRAR_BAD   it answered what is no reply, or with an error of the
 *                   script; after the former the connection is cut
 *   NOMEM           also: more arguments than WIMS_REDIS_ARGS_MAX, or longer
 *                   than WIMS_REDIS_COMMAND_MAX
 * Unless OK, wr_client_error() says more. */
WIMS_MUST_CHECK enum wims_reason wr_client_call(struct wr_client *c, const struct wr_call *call,
												const struct wims_redis_value **reply);

/* Why the last call failed, with the node; for a log line. Never a password;
 * what a server wrote is in it only with its letters, digits and marks. */
const char *wr_client_error(const struct wr_client *c);

/* How many connections were lost, and how often the data was found at another
 * node than before. Where this has grown, what was written last may be lost. */
uint64_t wr_client_breaks(const struct wr_client *c);

#endif
