/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_handshake.h"

#include "core/ip_addr.h"
#include "core/tcp_conn.h"
#include "guard/wims_ages.h"
#include "wk_params.h"
#include "wk_state.h"
#include "wk_stats.h"
#include "wk_ws.h"

enum
{
	ROUND_MS = 1000,
	BUCKETS_EACH_LOCK = 64, /* tcp main waits for this lock */
	CUTS_EACH_ROUND = 256   /* each asks tcp main for a descriptor */
};

/* of Kamailio's tcp_main.c, which has no header for them */
extern gen_lock_t *tcpconn_lock;
extern struct tcp_connection **tcpconn_id_hash;

/* Only in WIMS. */
static struct wims_ages ages;

struct found
{
	uint32_t highest;
	size_t count;
	uint32_t ids[CUTS_EACH_ROUND];
};

/* Has somebody connected to the WSS port, and not become a WebSocket since? */
static bool is_late(const struct tcp_connection *c)
{
	return (c->flags & F_CONN_PASSIVE) != 0 && c->rcv.proto == PROTO_TLS
		   && wims_ages_old(&ages, (uint32_t)c->id, (size_t)wk_params.handshake_timeout);
}

static void look_at(const struct tcp_connection *c, struct found *f)
{
	if(wims_ages_reached((uint32_t)c->id, f->highest))
		f->highest = (uint32_t)c->id;
	if(f->count < CUTS_EACH_ROUND && is_late(c))
		f->ids[f->count++] = (uint32_t)c->id;
}

static void look_at_all(struct found *f)
{
	const struct tcp_connection *c;
	size_t i;

	for(i = 0; i < TCP_ID_HASH_SIZE; i++) {
		if(i % BUCKETS_EACH_LOCK == 0)
			lock_get(tcpconn_lock);
		for(c = tcpconn_id_hash[i]; c != NULL; c = c->id_next)
			look_at(c, f);
		if(i % BUCKETS_EACH_LOCK == BUCKETS_EACH_LOCK - 1)
			lock_release(tcpconn_lock);
	}
}

void wk_handshake_tick(void)
{
	static int64_t last;
	static struct found f;
	int64_t now = wk_now_ms();
	size_t i;

	if(wk_params.handshake_timeout == 0 || now - last < ROUND_MS)
		return;
	last = now;
	f.count = 0;
	f.highest = wims_ages_last(&ages);
	look_at_all(&f);
	wims_ages_mark(&ages, f.highest);
	for(i = 0; i < f.count; i++)
		wk_ws_cut(f.ids[i]);
	wk_stats_events(WK_EV_HANDSHAKES_CUT, f.count);
}
