/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The socket of the core's side, and who is told of what comes. */

#include "mw_int.h"
#include "call.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum
{
	BURST = 64,             /* messages in a row, until others are looked at again */
	SOCKET_BUFFER = 8 << 20 /* the kernel gives as much of it as it likes */
};

static void send_to(struct wl_mw *mw, struct wl_str s, const struct sockaddr_in *to)
{
	if(to->sin_port == 0
	   || sendto(mw->fd, s.p, s.n, MSG_DONTWAIT, (const struct sockaddr *)to, sizeof *to)
				  != (ssize_t)s.n)
		mw->unsent++;
}

void wl_mw_send(struct wl_mw *mw, struct wl_str message)
{
	send_to(mw, message, &mw->edge);
}

struct wl_str wl_mw_host(const struct wl_mw *mw)
{
	return wl_str(mw->host);
}

static void refuse(struct wl_mw *mw, const struct wl_sip *m, unsigned status,
				   const struct sockaddr_in *from)
{
	struct wl_answer a = {.status = status, .to_tag = WL_STR("core")};
	static char buf[WL_SIP_MAX];
	size_t n = wl_sip_answer(buf, sizeof buf, m, &a);

	send_to(mw, (struct wl_str){buf, n}, from);
}

static void request(struct wl_mw *mw, const struct wl_sip *m, const struct sockaddr_in *from)
{
	static char buf[WL_SIP_MAX];
	size_t n;

	if(wl_str_eq(m->method, WL_STR("REGISTER"))) {
		if(mw->load->options->edge.sin_port == 0)
			mw->edge = *from;
		n = wl_mw_register(mw, m, buf, sizeof buf);
		send_to(mw, (struct wl_str){buf, n}, from);
		return;
	}
	mw->requests++;
	if(wl_str_eq(m->method, WL_STR("OPTIONS")))
		refuse(mw, m, 200, from);
	else if(wl_str_eq(m->method, WL_STR("SUBSCRIBE")))
		/* no news of registrations from this core */
		refuse(mw, m, 489, from);
	else
		wl_call_request(mw->load, NULL, m);
}

static void take(struct wl_mw *mw, const char *p, size_t n, const struct sockaddr_in *from)
{
	struct wl_sip m;

	if(strspn(p, "\r\n") >= n)
		return; /* keep-alive */
	if(!wl_sip_parse(p, n, &m))
		mw->strange++;
	else if(m.status == 0)
		request(mw, &m, from);
	else
		wl_call_answer(mw->load, NULL, &m);
}

static void on_readable(struct ev_loop *loop, struct ev_io *io, int events)
{
	static char buf[WL_SIP_MAX + 1];
	struct wl_mw *mw = io->data;
	struct sockaddr_in from;
	socklen_t size;
	ssize_t n;
	unsigned i;

	(void)loop;
	(void)events;
	for(i = 0; i < BURST; i++) {
		size = sizeof from;
		n = recvfrom(mw->fd, buf, WL_SIP_MAX, MSG_DONTWAIT, (struct sockaddr *)&from, &size);
		if(n < 0)
			return;
		buf[n] = '\0';
		take(mw, buf, (size_t)n, &from);
	}
}

static bool bind_to(struct wl_mw *mw, const struct sockaddr_in *at)
{
	char address[INET_ADDRSTRLEN];
	struct sockaddr_in own;
	socklen_t size = sizeof own;
	int room = SOCKET_BUFFER;

	mw->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if(mw->fd < 0)
		return false;
	setsockopt(mw->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	setsockopt(mw->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
	if(bind(mw->fd, (const struct sockaddr *)at, sizeof *at) != 0
	   || getsockname(mw->fd, (struct sockaddr *)&own, &size) != 0
	   || !inet_ntop(AF_INET, &own.sin_addr, address, sizeof address))
		return false;
	snprintf(mw->host, sizeof mw->host, "%s:%u", address, ntohs(own.sin_port));
	return true;
}

struct wl_mw *wl_mw_new(struct wl_load *load)
{
	struct wl_mw *mw = calloc(1, sizeof *mw);

	if(!mw)
		return NULL;
	mw->load = load;
	mw->fd = -1;
	mw->edge = load->options->edge;
	mw->of = calloc(wl_users_count(load->users), sizeof *mw->of);
	if(!mw->of || !bind_to(mw, &load->options->core)) {
		wl_mw_free(mw);
		return NULL;
	}
	ev_io_init(&mw->io, on_readable, mw->fd, EV_READ);
	mw->io.data = mw;
	ev_io_start(load->loop, &mw->io);
	return mw;
}

void wl_mw_free(struct wl_mw *mw)
{
	int error = errno;

	if(!mw)
		return;
	if(mw->of)
		wl_mw_forget(mw);
	if(mw->fd >= 0) {
		ev_io_stop(mw->load->loop, &mw->io);
		close(mw->fd);
	}
	free(mw);
	errno = error;
}

void wl_mw_print(const struct wl_mw *mw, FILE *to)
{
	fprintf(to,
			",\"core\":{\"registers\":%" PRIu64 ",\"deregisters\":%" PRIu64 ",\"repeated\":%" PRIu64
			",\"requests\":%" PRIu64 ",\"strange\":%" PRIu64 ",\"unsent\":%" PRIu64
			",\"ranges\":%u}",
			mw->registers, mw->deregisters, mw->repeated, mw->requests, mw->strange, mw->unsent,
			mw->n_ranges);
}
