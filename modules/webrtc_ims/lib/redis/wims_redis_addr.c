/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_redis_addr.h"

#include <string.h>

#include "base/wims_w.h"

static bool is_in(struct wims_pl s, struct wims_pl letters)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(wims_pl_find(letters, s.p[i]) == letters.l)
			return false;
	return s.l > 0;
}

static bool is_ip4(struct wims_pl s)
{
	return is_in(s, WIMS_PL("0123456789."));
}

static bool is_ip6(struct wims_pl s)
{
	return is_in(s, WIMS_PL("0123456789abcdefABCDEF:.")) && wims_pl_find(s, ':') < s.l;
}

static bool set(struct wims_redis_addr *out, struct wims_pl host, uint64_t port)
{
	if(host.l > WIMS_REDIS_HOST_MAX || port > UINT16_MAX)
		return false;
	memset(out, 0, sizeof(*out));
	memcpy(out->host, host.p, host.l);
	out->port = (uint16_t)port;
	return true;
}

static bool read_port(struct wims_pl s, uint16_t if_none, uint64_t *port)
{
	if(s.l == 0) {
		*port = if_none;
		return true;
	}
	return s.p[0] == ':' && s.l <= 6 && wims_pl_u64(wims_pl_from(s, 1), port) && *port > 0;
}

bool wims_redis_addr_read(struct wims_pl s, uint16_t port_if_none, struct wims_redis_addr *out)
{
	size_t end;
	uint64_t port;

	memset(out, 0, sizeof(*out));
	if(wims_pl_starts(s, WIMS_PL("unix:/")))
		return memchr(s.p, '\0', s.l) == NULL && set(out, wims_pl_from(s, 5), 0);
	if(s.l > 0 && s.p[0] == '[') {
		end = wims_pl_find(s, ']');
		return end < s.l && is_ip6((struct wims_pl){s.p + 1, end - 1})
			   && read_port(wims_pl_from(s, end + 1), port_if_none, &port)
			   && set(out, (struct wims_pl){s.p + 1, end - 1}, port);
	}
	end = wims_pl_find(s, ':');
	return is_ip4((struct wims_pl){s.p, end})
		   && read_port(wims_pl_from(s, end), port_if_none, &port)
		   && set(out, (struct wims_pl){s.p, end}, port);
}

bool wims_redis_addr_told(struct wims_pl host, uint64_t port, const struct wims_redis_addr *asked,
						  struct wims_redis_addr *out)
{
	memset(out, 0, sizeof(*out));
	if(port == 0)
		return false;
	if(host.l == 0 && asked->port != 0)
		return set(out, wims_pl_str(asked->host), port);
	return (is_ip4(host) || is_ip6(host)) && set(out, host, port);
}

bool wims_redis_addr_eq(const struct wims_redis_addr *a, const struct wims_redis_addr *b)
{
	return a->port == b->port && strcmp(a->host, b->host) == 0;
}

struct wims_pl wims_redis_addr_text(const struct wims_redis_addr *a,
									char buf[WIMS_REDIS_ADDR_TEXT_MAX])
{
	bool ip6 = a->port != 0 && strchr(a->host, ':') != NULL;
	struct wims_w w;

	wims_w_init(&w, buf, WIMS_REDIS_ADDR_TEXT_MAX);
	wims_w_pl(&w, a->port == 0 ? WIMS_PL("unix:") : ip6 ? WIMS_PL("[") : WIMS_PL(""));
	wims_w_pl(&w, wims_pl_str(a->host));
	if(ip6)
		wims_w_lit(&w, "]");
	if(a->port != 0) {
		wims_w_lit(&w, ":");
		wims_w_u64(&w, a->port);
	}
	return wims_w_done(&w);
}

static const char *read_via(struct wims_pl part, size_t at, struct wims_redis_place *out)
{
	struct wims_redis_via *via = &out->via[out->vias];

	if(out->vias == WIMS_REDIS_ADDRS_MAX)
		return "more than 16 addresses";
	if(!wims_redis_addr_read((struct wims_pl){part.p, at}, WIMS_REDIS_PORT, &via->addr)
	   || !wims_redis_addr_read(wims_pl_from(part, at + 1), WIMS_REDIS_PORT, &via->via))
		return "an address is not IP[:port], [IPv6]:port or unix:/path";
	out->vias++;
	return NULL;
}

static const char *read_node(struct wims_pl part, struct wims_redis_place *out)
{
	uint16_t port = out->mode == WIMS_REDIS_SENTINEL ? WIMS_REDIS_SENTINEL_PORT : WIMS_REDIS_PORT;

	if(out->nodes == WIMS_REDIS_ADDRS_MAX)
		return "more than 16 addresses";
	if(!wims_redis_addr_read(part, port, &out->node[out->nodes]))
		return "an address is not IP[:port], [IPv6]:port or unix:/path";
	out->nodes++;
	return NULL;
}

static const char *read_part(struct wims_pl part, struct wims_redis_place *out)
{
	size_t at = wims_pl_find(part, '=');
	const char *why;

	if(at == part.l)
		return read_node(part, out);
	if((why = read_via(part, at, out)) != NULL)
		return why;
	/* any node of a Cluster knows all others; of Sentinel it is a master */
	return out->mode == WIMS_REDIS_CLUSTER ? read_node((struct wims_pl){part.p, at}, out) : NULL;
}

static const char *read_master(struct wims_pl *rest, struct wims_redis_place *out)
{
	static const struct wims_pl letters =
			WIMS_PL("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
	size_t at = wims_pl_find(*rest, '@');

	if(at == rest->l || at > WIMS_REDIS_NAME_MAX || !is_in((struct wims_pl){rest->p, at}, letters))
		return "redis-sentinel: needs NAME@, the name of the master";
	memcpy(out->master, rest->p, at);
	*rest = wims_pl_from(*rest, at + 1);
	return NULL;
}

static const char *read_mode(struct wims_pl *rest, struct wims_redis_place *out)
{
	static const struct wims_pl modes[] = {
			[WIMS_REDIS_SINGLE] = WIMS_PL("redis:"),
			[WIMS_REDIS_SENTINEL] = WIMS_PL("redis-sentinel:"),
			[WIMS_REDIS_CLUSTER] = WIMS_PL("redis-cluster:"),
	};
	size_t i;

	for(i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if(!wims_pl_starts(*rest, modes[i]))
			continue;
		out->mode = (enum wims_redis_mode)i;
		*rest = wims_pl_from(*rest, modes[i].l);
		return out->mode == WIMS_REDIS_SENTINEL ? read_master(rest, out) : NULL;
	}
	return "it begins with none of redis:, redis-sentinel:, redis-cluster:";
}

bool wims_redis_place_read(struct wims_pl s, struct wims_redis_place *out, const char **why)
{
	struct wims_pl rest = s, part;
	bool more = true;

	memset(out, 0, sizeof(*out));
	*why = read_mode(&rest, out);
	while(*why == NULL && more) {
		more = wims_pl_part(&rest, &part);
		*why = read_part(part, out);
	}
	if(*why == NULL && out->nodes == 0)
		*why = "no address of a node to ask";
	if(*why == NULL && out->mode == WIMS_REDIS_SINGLE && out->nodes > 1)
		*why = "redis: takes one address; several are for redis-sentinel: or redis-cluster:";
	if(*why != NULL)
		memset(out, 0, sizeof(*out));
	return *why == NULL;
}

const struct wims_redis_addr *wims_redis_place_via(const struct wims_redis_place *p,
												   const struct wims_redis_addr *a)
{
	size_t i;

	for(i = 0; i < p->vias; i++)
		if(wims_redis_addr_eq(&p->via[i].addr, a))
			return &p->via[i].via;
	return a;
}
