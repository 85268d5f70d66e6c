/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wr_conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum
{
	READ_SIZE = 16 * 1024,
	KEEPALIVE_S = 30 /* an idle connection is found dead before a call needs it */
};

static const struct
{
	enum wims_reason reason;
	const char *text;
} faults[WR_FAULT_COUNT] = {
#define FAULT_ROW(id, outcome, text) [WR_FAULT_##id] = {WIMS_##outcome, text},
		WR_FAULTS(FAULT_ROW)
#undef FAULT_ROW
};

enum wims_reason wr_fault_reason(enum wr_fault f)
{
	return faults[f].reason;
}

const char *wr_fault_text(enum wr_fault f)
{
	return faults[f].text;
}

int64_t wr_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

union any_addr
{
	struct sockaddr sa;
	struct sockaddr_in ip4;
	struct sockaddr_in6 ip6;
	struct sockaddr_un path;
};

/* Length of the socket address; 0: it is none. */
static socklen_t socket_addr(const struct wims_redis_addr *a, union any_addr *out)
{
	memset(out, 0, sizeof(*out));
	if(a->port == 0) {
		/* the zeroes behind it end it: a host is shorter than a path may be */
		_Static_assert(sizeof(out->path.sun_path) > WIMS_REDIS_HOST_MAX, "path too long");
		out->path.sun_family = AF_UNIX;
		memcpy(out->path.sun_path, a->host, strlen(a->host));
		return sizeof(out->path);
	}
	if(inet_pton(AF_INET, a->host, &out->ip4.sin_addr) == 1) {
		out->ip4.sin_family = AF_INET;
		out->ip4.sin_port = htons(a->port);
		return sizeof(out->ip4);
	}
	if(inet_pton(AF_INET6, a->host, &out->ip6.sin6_addr) == 1) {
		out->ip6.sin6_family = AF_INET6;
		out->ip6.sin6_port = htons(a->port);
		return sizeof(out->ip6);
	}
	return 0;
}

bool wr_addr_ok(const struct wims_redis_addr *a)
{
	union any_addr sa;

	return socket_addr(a, &sa) > 0;
}

/* Until the socket is ready for one of the events. */
static enum wr_fault await(int fd, short events, int64_t deadline)
{
	struct pollfd p = {.fd = fd, .events = events};
	int64_t left;
	int n;

	do {
		if((left = deadline - wr_now_us()) <= 0)
			return WR_FAULT_TIMEOUT;
		n = ppoll(&p, 1, &(struct timespec){left / 1000000, left % 1000000 * 1000}, NULL);
	} while(n < 0 && errno == EINTR);
	return n > 0 ? WR_FAULT_NONE : n == 0 ? WR_FAULT_TIMEOUT : WR_FAULT_LOST;
}

static void set_options(int fd, int family)
{
	int on = 1, idle = KEEPALIVE_S;
	struct linger now = {.l_onoff = 1, .l_linger = 0};

	if(family == AF_UNIX)
		return;
	/* A command that nobody waits for any more must not arrive: behind a fault of the
	 * network it would be sent again and again, and undo what came after it. */
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	/* Without them it works too, only later or not as well. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
}

static enum wr_fault connected(int fd, int64_t deadline)
{
	enum wr_fault fault = await(fd, POLLOUT, deadline);
	int error = 0;
	socklen_t size = sizeof(error);

	if(fault != WR_FAULT_NONE)
		return fault;
	if(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
		return WR_FAULT_CONNECT;
	return WR_FAULT_NONE;
}

static enum wr_fault open_socket(const union any_addr *sa, socklen_t len, int64_t deadline,
								 int *out)
{
	int fd = socket(sa->sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	enum wr_fault fault = WR_FAULT_CONNECT;

	if(fd < 0)
		return fault;
	set_options(fd, sa->sa.sa_family);
	if(connect(fd, &sa->sa, len) == 0)
		fault = WR_FAULT_NONE;
	else if(errno == EINPROGRESS)
		fault = connected(fd, deadline);
	if(fault != WR_FAULT_NONE) {
		close(fd);
		return fault;
	}
	*out = fd;
	return WR_FAULT_NONE;
}

enum wr_fault wr_conn_open(struct wr_conn *c, const struct wims_env *env,
						   const struct wims_redis_addr *at, int64_t deadline)
{
	union any_addr sa;
	socklen_t len = socket_addr(at, &sa);
	enum wr_fault fault;

	if(len == 0)
		return WR_FAULT_ADDRESS;
	if((c->reader = wims_redis_reader_new(env)) == NULL)
		return WR_FAULT_NOMEM;
	c->used = false;
	fault = open_socket(&sa, len, deadline, &c->fd);
	if(fault != WR_FAULT_NONE)
		wr_conn_close(c);
	return fault;
}

void wr_conn_close(struct wr_conn *c)
{
	if(c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	wims_redis_reader_free(c->reader);
	c->reader = NULL;
}

static enum wr_fault send_all(struct wr_conn *c, struct wims_pl s, int64_t deadline)
{
	enum wr_fault fault;
	ssize_t n;

	while(s.l > 0) {
		/* a server that has gone must not end this process with SIGPIPE */
		n = send(c->fd, s.p, s.l, MSG_NOSIGNAL);
		if(n >= 0) {
			s = wims_pl_from(s, (size_t)n);
			continue;
		}
		if(errno == EINTR)
			continue;
		if(errno != EAGAIN && errno != EWOULDBLOCK)
			return WR_FAULT_LOST;
		if((fault = await(c->fd, POLLOUT, deadline)) != WR_FAULT_NONE)
			return fault;
	}
	return WR_FAULT_NONE;
}

/* Some bytes of the reply; *got counts those of all replies. */
static enum wr_fault receive(struct wr_conn *c, char *buf, int64_t deadline, size_t *got,
							 struct wims_pl *bytes)
{
	enum wr_fault fault;
	ssize_t n;

	do {
		if((fault = await(c->fd, POLLIN, deadline)) != WR_FAULT_NONE)
			return fault;
		n = recv(c->fd, buf, READ_SIZE, 0);
	} while(n < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK));
	if(n <= 0)
		return *got > 0 ? WR_FAULT_CUT : WR_FAULT_LOST;
	*got += (size_t)n;
	*bytes = (struct wims_pl){buf, (size_t)n};
	return WR_FAULT_NONE;
}

static enum wr_fault read_replies(struct wr_conn *c, size_t replies, int64_t deadline,
								  const struct wims_redis_value **value)
{
	char buf[READ_SIZE];
	struct wims_pl bytes = WIMS_PL("");
	enum wims_redis_read what;
	enum wr_fault fault;
	size_t got = 0;

	while(replies > 0) {
		what = wims_redis_read(c->reader, bytes, value);
		bytes = WIMS_PL("");
		if(what == WIMS_REDIS_GARBAGE)
			return WR_FAULT_GARBAGE;
		if(what == WIMS_REDIS_NOMEM)
			return WR_FAULT_NOMEM;
		if(what == WIMS_REDIS_READ)
			replies--;
		else if((fault = receive(c, buf, deadline, &got, &bytes)) != WR_FAULT_NONE)
			return fault;
	}
	return wims_redis_reader_idle(c->reader) ? WR_FAULT_NONE : WR_FAULT_GARBAGE;
}

enum wr_fault wr_conn_ask(struct wr_conn *c, struct wims_pl commands, size_t replies,
						  int64_t deadline, const struct wims_redis_value **value)
{
	enum wr_fault fault = send_all(c, commands, deadline);

	if(fault == WR_FAULT_NONE)
		fault = read_replies(c, replies, deadline, value);
	c->used = true;
	if(fault != WR_FAULT_NONE) {
		*value = NULL;
		wr_conn_close(c);
	}
	return fault;
}
