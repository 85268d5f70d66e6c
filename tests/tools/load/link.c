/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "link.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum
{
	RECORD = 16384, /* of TLS: one SSL_read() brings no more */
	ROOM = 6 * RECORD
};

/* ---- what all share ---- */

static int keep_session(SSL *ssl, SSL_SESSION *session)
{
	struct wl_link *link = SSL_get_app_data(ssl);

	SSL_SESSION_free(link->session);
	link->session = session;
	return 1; /* the reference is ours */
}

bool wl_net_open(struct wl_net *net, const char *ca)
{
	net->room = malloc(ROOM);
	net->tls = SSL_CTX_new(TLS_client_method());
	if(net->room == NULL || net->tls == NULL)
		return false;
	SSL_CTX_set_min_proto_version(net->tls, TLS1_2_VERSION);
	SSL_CTX_set_verify(net->tls, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_mode(net->tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
									   | SSL_MODE_RELEASE_BUFFERS);
	/* a server that is gone without an alert has no say in whether its session is
	 * good, and OpenSSL would drop it */
	SSL_CTX_set_options(net->tls, SSL_OP_IGNORE_UNEXPECTED_EOF);
	/* one read(2) for a record, not one for its head and one for its body */
	SSL_CTX_set_read_ahead(net->tls, 1);
	if(net->resume) {
		SSL_CTX_set_session_cache_mode(net->tls,
									   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
		SSL_CTX_sess_set_new_cb(net->tls, keep_session);
	}
	return SSL_CTX_load_verify_locations(net->tls, ca, NULL) == 1;
}

void wl_net_close(struct wl_net *net)
{
	SSL_CTX_free(net->tls);
	free(net->room);
	net->tls = NULL;
	net->room = NULL;
}

/* ---- the end ---- */

static void release(struct wl_link *link)
{
	ev_io_stop(link->net->loop, &link->io);
	/* or OpenSSL takes the session for one that must not be resumed */
	if(link->ssl != NULL)
		SSL_set_shutdown(link->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(link->ssl);
	link->ssl = NULL;
	close(link->io.fd);
	link->io.fd = -1;
	free(link->in);
	free(link->out);
	link->in = link->out = NULL;
	link->in_n = link->out_n = 0;
	link->connected = link->up = false;
}

void wl_link_close(struct wl_link *link, enum wl_end end)
{
	const struct linger now = {1, 0};

	if(!wl_link_is_open(link))
		return;
	if(end == WL_END_RST)
		setsockopt(link->io.fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	else /* close() alone sends RST where bytes are unread */
		shutdown(link->io.fd, SHUT_WR);
	release(link);
}

void wl_link_free(struct wl_link *link)
{
	wl_link_close(link, WL_END_FIN);
	SSL_SESSION_free(link->session);
	link->session = NULL;
}

static void end(struct wl_link *link, const char *why)
{
	release(link);
	link->net->user->ended(link, why);
}

/* ---- out ---- */

static void want(struct wl_link *link, int events)
{
	if((link->io.events & (EV_READ | EV_WRITE)) == events)
		return;
	ev_io_stop(link->net->loop, &link->io);
	ev_io_set(&link->io, link->io.fd, events);
	ev_io_start(link->net->loop, &link->io);
}

/* Bytes that the socket took; the rest has to wait. -1: it is broken. */
static ssize_t put(struct wl_link *link, const char *p, size_t n)
{
	size_t done = 0;

	while(done < n) {
		int got = SSL_write(link->ssl, p + done, (int)(n - done));

		if(got <= 0) {
			int why = SSL_get_error(link->ssl, got);

			ERR_clear_error();
			return why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ ? (ssize_t)done : -1;
		}
		done += (size_t)got;
	}
	return (ssize_t)done;
}

static bool keep(char **kept, size_t *have, const char *p, size_t n, size_t max)
{
	char *more;

	if(n == 0)
		return true;
	more = n > max - *have ? NULL : realloc(*kept, *have + n);
	if(more == NULL)
		return false;
	memcpy(more + *have, p, n);
	*kept = more;
	*have += n;
	return true;
}

/* A link that cannot go on is found by its next event: who sends is in the
 * middle of something, and must not be told now. */
void wl_link_send(struct wl_link *link, const char *p, size_t n)
{
	ssize_t done = 0;

	if(!wl_link_is_open(link))
		return;
	if(link->out_n == 0)
		done = put(link, p, n);
	if(done < 0 || !keep(&link->out, &link->out_n, p + done, n - (size_t)done, WL_LINK_OUT_MAX))
		shutdown(link->io.fd, SHUT_RDWR);
	else if(link->out_n > 0)
		want(link, EV_READ | EV_WRITE);
}

static bool flush(struct wl_link *link)
{
	ssize_t done;

	if(link->out_n == 0)
		return true;
	done = put(link, link->out, link->out_n);
	if(done < 0)
		return false;
	link->out_n -= (size_t)done;
	memmove(link->out, link->out + done, link->out_n);
	if(link->out_n == 0) {
		free(link->out);
		link->out = NULL;
		want(link, EV_READ);
	}
	return true;
}

/* ---- in ---- */

/* Of the n bytes in the room, what the user has no use for yet. */
static bool leave(struct wl_link *link, size_t n)
{
	size_t used = link->net->user->bytes(link, link->net->room, n);

	if(!wl_link_is_open(link))
		return false;
	free(link->in);
	link->in = NULL;
	link->in_n = 0;
	return keep(&link->in, &link->in_n, link->net->room + used, n - used, ROOM - RECORD);
}

/* Reads all that is there. NULL: the link goes on, or its user has closed it. */
static const char *take(struct wl_link *link)
{
	do {
		size_t have = link->in_n;
		int got, why;

		if(have > 0)
			memcpy(link->net->room, link->in, have);
		got = SSL_read(link->ssl, link->net->room + have, RECORD);
		if(got > 0) {
			if(leave(link, have + (size_t)got))
				continue;
			return wl_link_is_open(link) ? "closed" : NULL;
		}
		why = SSL_get_error(link->ssl, got);
		ERR_clear_error();
		return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? NULL : "closed";
	} while(SSL_has_pending(link->ssl));
	return NULL;
}

/* ---- the way up ---- */

static const char *connected(struct wl_link *link)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if(getsockopt(link->io.fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
		return "connect";
	link->connected = true;
	return NULL;
}

static const char *shake_hands(struct wl_link *link)
{
	int got = SSL_connect(link->ssl), why;

	if(got == 1) {
		link->net->resumed += SSL_session_reused(link->ssl) == 1;
		link->up = true;
		want(link, EV_READ);
		link->net->user->up(link);
		return NULL;
	}
	why = SSL_get_error(link->ssl, got);
	ERR_clear_error();
	if(why == SSL_ERROR_WANT_READ)
		want(link, EV_READ);
	else if(why == SSL_ERROR_WANT_WRITE)
		want(link, EV_READ | EV_WRITE);
	else
		return "tls";
	return NULL;
}

static void on_event(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct wl_link *link = io->data;
	const char *why = NULL;

	(void)loop;
	if(!link->connected)
		why = connected(link);
	if(why == NULL && !link->up)
		why = shake_hands(link);
	else if(why == NULL) {
		if((events & EV_WRITE) != 0 && !flush(link))
			why = "closed";
		else if((events & EV_READ) != 0)
			why = take(link);
	}
	if(why != NULL)
		end(link, why);
}

/* The port is chosen at connect(), so that each address has all ports to
 * each server. */
static bool bind_source(int fd, uint32_t address)
{
	struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
	const int one = 1;

	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	return bind(fd, (const struct sockaddr *)&from, sizeof(from)) == 0;
}

static int begin(const struct wl_net *net, unsigned which)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	const int one = 1;

	if(fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if((net->sources == 0 || bind_source(fd, net->source + which % net->sources))
	   && (connect(fd, (const struct sockaddr *)&net->server, sizeof(net->server)) == 0
		   || errno == EINPROGRESS))
		return fd;
	close(fd);
	return -1;
}

static SSL *new_ssl(struct wl_link *link, int fd)
{
	SSL *ssl = SSL_new(link->net->tls);

	if(ssl == NULL || !SSL_set_fd(ssl, fd) || !SSL_set1_host(ssl, link->net->name)
	   || !SSL_set_tlsext_host_name(ssl, link->net->name) || !SSL_set_app_data(ssl, link)
	   || (link->session != NULL && !SSL_set_session(ssl, link->session))) {
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_connect_state(ssl);
	return ssl;
}

void wl_link_init(struct wl_link *link, struct wl_net *net)
{
	*link = (struct wl_link){.net = net};
	ev_init(&link->io, on_event);
	link->io.fd = -1;
	link->io.data = link;
}

bool wl_link_is_open(const struct wl_link *link)
{
	return link->io.fd >= 0;
}

bool wl_link_open(struct wl_link *link, unsigned which)
{
	int fd = begin(link->net, which);

	if(fd < 0)
		return false;
	link->ssl = new_ssl(link, fd);
	if(link->ssl == NULL) {
		close(fd);
		return false;
	}
	ev_io_set(&link->io, fd, EV_WRITE);
	ev_io_start(link->net->loop, &link->io);
	return true;
}
