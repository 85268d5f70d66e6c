/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <unistd.h>

#include "core/globals.h"
#include "core/pass_fd.h"
#include "core/tcp_conn.h"
#include "core/tcp_server.h"
#include "ksr_int.h"

struct ksr_tcp ksr_tcp;
int unix_tcp_sock = -1;

static struct tcp_connection conns[KSR_CONNS_MAX];
static struct tcp_connection *asked; /* for its descriptor */
static struct socket_info socket_of_server;

static gen_lock_t lock_of_conns;
static struct tcp_connection *by_id[TCP_ID_HASH_SIZE];
gen_lock_t *tcpconn_lock = &lock_of_conns;
struct tcp_connection **tcpconn_id_hash = by_id;

static void index_conns(void)
{
	size_t i;

	memset(by_id, 0, sizeof(by_id));
	for(i = 0; i < KSR_CONNS_MAX; i++)
		if(conns[i].id != 0) {
			conns[i].id_next = by_id[tcp_id_hash(conns[i].id)];
			by_id[tcp_id_hash(conns[i].id)] = &conns[i];
		}
}

struct socket_info *ksr_socket(void)
{
	return &socket_of_server;
}

static struct tcp_connection *find(uint32_t conn)
{
	size_t i;

	for(i = 0; conn != 0 && i < KSR_CONNS_MAX; i++)
		if((uint32_t)conns[i].id == conn)
			return &conns[i];
	return NULL;
}

void ksr_tcp_open(uint32_t conn)
{
	size_t i;

	for(i = 0; i < KSR_CONNS_MAX; i++)
		if(atomic_get(&conns[i].refcnt) == 0) {
			struct receive_info *rcv = &conns[i].rcv;

			memset(&conns[i], 0, sizeof(conns[i]));
			conns[i].id = rcv->proto_reserved1 = (int)conn;
			tcpconn_ref(&conns[i]); /* while it can be found */
			rcv->proto = PROTO_WSS;
			rcv->bind_address = &socket_of_server;
			rcv->src_ip = (struct ip_addr){.af = AF_INET, .len = 4, .u.addr = {192, 0, 2, 1}};
			rcv->src_port = (unsigned short)(40000 + conn % 10000);
			rcv->src_su.sin.sin_family = AF_INET;
			su_setport(&rcv->src_su, rcv->src_port);
			index_conns();
			return;
		}
	fail_msg("too many connections");
}

/* Whoever holds a reference keeps the bytes. */
void ksr_tcp_close(uint32_t conn)
{
	struct tcp_connection *c = find(conn);

	assert_non_null(c);
	c->id = 0;
	tcpconn_put(c);
	index_conns();
}

void ksr_tcp_become(uint32_t conn, int proto, bool accepted)
{
	struct tcp_connection *c = find(conn);

	assert_non_null(c);
	c->rcv.proto = (char)proto;
	c->flags = accepted ? F_CONN_PASSIVE : 0;
}

uint32_t ksr_tcp_asked(void)
{
	return asked == NULL ? 0 : (uint32_t)asked->id;
}

int ksr_tcp_refs(void)
{
	int refs = 0;
	size_t i;

	for(i = 0; i < KSR_CONNS_MAX; i++)
		refs += atomic_get(&conns[i].refcnt) - (conns[i].id != 0);
	return refs;
}

struct tcp_connection *tcpconn_get(int id, struct ip_addr *ip, int port,
								   union sockaddr_union *local, ticks_t timeout)
{
	struct tcp_connection *c = find((uint32_t)id);

	/* By id, and by nothing else. */
	assert_null(ip);
	assert_int_equal(port, 0);
	if(c != NULL)
		tcpconn_ref(c);
	return c;
}

int tcp_send(struct dest_info *dst, union sockaddr_union *from, const char *buf, unsigned len)
{
	if(ksr_tcp.send_fails)
		return -1;
	assert_true(len <= sizeof(ksr_tcp.frame));
	ksr_tcp.sends++;
	ksr_tcp.to_conn = (uint32_t)dst->id;
	ksr_tcp.to_port = su_getport(&dst->to);
	ksr_tcp.reuse = (dst->send_flags.f & SND_F_FORCE_CON_REUSE) != 0;
	memcpy(ksr_tcp.frame, buf, len);
	ksr_tcp.frame_len = len;
	return (int)len;
}

char *ip_addr2a(struct ip_addr *ip)
{
	static char text[64];
	const unsigned char *a = ip->u.addr;

	if(ip->af == AF_INET6)
		snprintf(text, sizeof(text), "%x:%x:0:0:0:0:0:%x", a[0] << 8 | a[1], a[2] << 8 | a[3],
				 a[14] << 8 | a[15]);
	else
		snprintf(text, sizeof(text), "%d.%d.%d.%d", a[0], a[1], a[2], a[3]);
	return text;
}

int send_all(int socket, void *data, int len)
{
	const long *ask = data;
	struct tcp_connection *c = (struct tcp_connection *)ask[0];

	assert_int_equal(len, 2 * sizeof(long));
	if(ask[1] == CONN_EOF) {
		assert_int_equal(c->id, 0); /* or it would be closed */
		assert_true(tcpconn_put(c));
		ksr_tcp.freed++;
		return len;
	}
	assert_int_equal(ask[1], CONN_GET_FD);
	asked = c;
	return len;
}

int receive_fd(int socket, void *data, int len, int *fd, int flags)
{
	assert_int_equal(len, sizeof(asked));
	memcpy(data, &asked, sizeof(asked));
	*fd = ksr_tcp.cut_fd < 0 ? -1 : dup(ksr_tcp.cut_fd);
	return len;
}

void ksr_tcp_reset(void)
{
	memset(conns, 0, sizeof(conns));
	index_conns();
	memset(&ksr_tcp, 0, sizeof(ksr_tcp));
	ksr_tcp.cut_fd = -1;
	asked = NULL;
}
