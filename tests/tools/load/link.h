/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_LINK_H
#define WL_LINK_H

/* A TCP connection with TLS from one of our source addresses to the server:
 * bytes out, bytes in, its end. Nothing blocks. */

#include "str.h"

#include <ev.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

struct wl_link;

enum
{
	WL_LINK_OUT_MAX = 1 << 20 /* bytes that the server does not take; then it ends */
};

/* What becomes of a link. Each may close it. */
struct wl_link_user
{
	void (*up)(struct wl_link *link);
	/* All bytes that are there. Returns how many are done with; the others
	 * come again with more behind them. */
	size_t (*bytes)(struct wl_link *link, const char *p, size_t n);
	/* It is closed, not by wl_link_close(); why is one word: "connect",
	 * "tls", "closed", "stuck". */
	void (*ended)(struct wl_link *link, const char *why);
};

/* What all links share. */
struct wl_net
{
	struct ev_loop *loop;
	SSL_CTX *tls;
	const char *name; /* that the certificate must hold, and SNI */
	bool resume;      /* TLS sessions */
	struct sockaddr_in server;
	uint32_t source, sources; /* first address, host order; how many, 0: any */
	const struct wl_link_user *user;
	char *room; /* wl_net_open() */
	unsigned resumed;
};

struct wl_link
{
	struct ev_io io;
	struct wl_net *net;
	SSL *ssl;
	SSL_SESSION *session; /* of the last one, for the next */
	bool connected, up;
	char *in, *out; /* half a frame; what the socket did not take */
	size_t in_n, out_n;
};

/* tls, name, server, sources, user and loop are set. false: no memory, or no
 * CA file of that name. */
bool wl_net_open(struct wl_net *net, const char *ca);
void wl_net_close(struct wl_net *net);

/* Once for each link, before anything else. */
void wl_link_init(struct wl_link *link, struct wl_net *net);

/* From source address number `which` of the net, wrapped around. false: not
 * even begun, and ended() is not called. */
bool wl_link_open(struct wl_link *link, unsigned which);
bool wl_link_is_open(const struct wl_link *link);

/* Sends or keeps all of it. What goes wrong is told by ended(), later. */
void wl_link_send(struct wl_link *link, const char *p, size_t n);

enum wl_end
{
	WL_END_FIN,
	WL_END_RST
};

/* No alert of TLS goes before: this is a client or a network that is gone.
 * ended() is not called. A closed link stays closed. */
void wl_link_close(struct wl_link *link, enum wl_end end);
/* And gives back what a link keeps while it is closed. */
void wl_link_free(struct wl_link *link);

#endif
