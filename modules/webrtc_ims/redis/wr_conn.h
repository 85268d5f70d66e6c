/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WR_CONN_H
#define WR_CONN_H

/* One connection to one Redis: a socket that never blocks, and deadlines. */

#include "redis/wims_redis_addr.h"
#include "redis/wims_redis_reply.h"

/* X(id, outcome, text); the texts are stable */
/* clang-format off */
#define WR_FAULTS(X)                                                             \
	X(NONE,    OK,             "")                                               \
	X(ADDRESS, REGISTRAR_BAD,  "it is no address")                               \
	X(CONNECT, REGISTRAR_AWAY, "no connection")                                  \
	X(TIMEOUT, REGISTRAR_AWAY, "no answer in time")                              \
	X(LOST,    REGISTRAR_AWAY, "the connection was lost")                        \
	X(CUT,     REGISTRAR_AWAY, "the connection was lost in the middle of a reply") \
	X(GARBAGE, REGISTRAR_BAD,  "what it sent is no reply of Redis, or too long") \
	X(NOMEM,   NOMEM,          "no memory")
/* clang-format on */

#define WR_FAULT_ENUM(id, outcome, text) WR_FAULT_##id,
enum wr_fault
{
	WR_FAULTS(WR_FAULT_ENUM) WR_FAULT_COUNT
};
#undef WR_FAULT_ENUM

enum wims_reason wr_fault_reason(enum wr_fault f);
const char *wr_fault_text(enum wr_fault f);

/* Microseconds of a clock that never goes back. */
int64_t wr_now_us(void);

struct wr_conn
{
	struct wims_redis_addr addr; /* what Redis calls it */
	int fd;                      /* -1: no connection */
	struct wims_redis_reader *reader;
	uint64_t last_used;
	bool used; /* it has answered before */
};

/* An IP address by its digits, or a path that fits? */
WIMS_MUST_CHECK bool wr_addr_ok(const struct wims_redis_addr *a);

/* Connects to `at` until the deadline (microseconds). */
WIMS_MUST_CHECK enum wr_fault wr_conn_open(struct wr_conn *c, const struct wims_env *env,
										   const struct wims_redis_addr *at, int64_t deadline);
/* Nothing happens to one that is closed. */
void wr_conn_close(struct wr_conn *c);

/* Sends commands and reads as many replies; *value is the last one. With any
 * fault the connection is closed. */
WIMS_MUST_CHECK enum wr_fault wr_conn_ask(struct wr_conn *c, struct wims_pl commands,
										  size_t replies, int64_t deadline,
										  const struct wims_redis_value **value);

#endif
