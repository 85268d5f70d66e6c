/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REDIS_ADDR_H
#define WIMS_REDIS_ADDR_H

/* Where Redis is, as an operator or a server says it. Names are not looked up:
 * that would be a wait of its own in a process that must not wait. */

#include "base/wims_reason.h"

enum
{
	WIMS_REDIS_HOST_MAX = 107, /* path of a Unix socket */
	WIMS_REDIS_ADDR_TEXT_MAX = WIMS_REDIS_HOST_MAX + 8,
	WIMS_REDIS_PORT = 6379,
	WIMS_REDIS_SENTINEL_PORT = 26379,
	WIMS_REDIS_ADDRS_MAX = 16, /* that an operator gives */
	WIMS_REDIS_NAME_MAX = 63   /* of a master, as Sentinel calls it */
};

struct wims_redis_addr
{
	char host[WIMS_REDIS_HOST_MAX + 1]; /* IPv4, IPv6 without brackets, or a path */
	uint16_t port;                      /* 0: host is the path of a Unix socket */
};

/* 192.0.2.1, 192.0.2.1:6379, [2001:db8::1]:6379 or unix:/path. Whether the
 * digits of an IP address are one is told when it is used, and at the start. */
WIMS_MUST_CHECK bool wims_redis_addr_read(struct wims_pl s, uint16_t port_if_none,
										  struct wims_redis_addr *out);
/* As Redis itself writes it in a redirection: the port is behind the last
 * colon; no host: that of the node that was asked. */
WIMS_MUST_CHECK bool wims_redis_addr_told(struct wims_pl host, uint64_t port,
										  const struct wims_redis_addr *asked,
										  struct wims_redis_addr *out);
bool wims_redis_addr_eq(const struct wims_redis_addr *a, const struct wims_redis_addr *b);
/* For log lines: as wims_redis_addr_read takes it. */
struct wims_pl wims_redis_addr_text(const struct wims_redis_addr *a,
									char buf[WIMS_REDIS_ADDR_TEXT_MAX]);

enum wims_redis_mode
{
	WIMS_REDIS_SINGLE,
	WIMS_REDIS_SENTINEL,
	WIMS_REDIS_CLUSTER
};

/* What Redis calls one address is reached at another: a tunnel. */
struct wims_redis_via
{
	struct wims_redis_addr addr, via;
};

struct wims_redis_place
{
	enum wims_redis_mode mode;
	char master[WIMS_REDIS_NAME_MAX + 1]; /* Sentinel */
	struct wims_redis_addr node[WIMS_REDIS_ADDRS_MAX];
	size_t nodes;
	struct wims_redis_via via[WIMS_REDIS_ADDRS_MAX];
	size_t vias;
};

/* redis:ADDR, redis-sentinel:NAME@ADDR,... or redis-cluster:ADDR,...; ADDR=VIA
 * among them: what Redis calls ADDR is reached at VIA. False, *why then says
 * what is wrong and the record is empty. */
WIMS_MUST_CHECK bool wims_redis_place_read(struct wims_pl s, struct wims_redis_place *out,
										   const char **why);
/* Where to connect to for an address that Redis told. */
const struct wims_redis_addr *wims_redis_place_via(const struct wims_redis_place *p,
												   const struct wims_redis_addr *a);

#endif
