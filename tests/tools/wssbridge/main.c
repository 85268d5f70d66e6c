/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* wssbridge: SIP over TCP on one side, SIP over WSS (RFC 7118) on the other,
 * one connection for one connection. SIPp speaks the first, an eP-CSCF the
 * second. See tests/tools/README.md. */

#include "pair.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum
{
	RX_BUFFER = 16384,
	EXIT_USAGE = 2
};

static volatile sig_atomic_t stop;
static struct lws_context *woken_by_signal;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
	lws_cancel_service(woken_by_signal); /* writes to a pipe */
}

static const struct lws_protocols tcp_protocols[] = {
		{.name = WB_TCP_PROTOCOL, .callback = wb_tcp_callback, .rx_buffer_size = RX_BUFFER},
		{.name = NULL}};

static const struct lws_protocols ws_protocols[] = {
		{.name = WB_WS_PROTOCOL, .callback = wb_ws_callback, .rx_buffer_size = RX_BUFFER},
		{.name = NULL}};

static struct lws_context *make_context(struct wb_bridge *b)
{
	struct lws_context_creation_info info = {0};

	info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT
				   | LWS_SERVER_OPTION_JUST_USE_RAW_ORIGIN;
	info.user = b;
	info.gid = -1;
	info.uid = -1;
	return lws_create_context(&info);
}

static struct lws_vhost *make_client(struct lws_context *context, const struct wb_options *o)
{
	struct lws_context_creation_info info = {0};

	info.vhost_name = "wss";
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = ws_protocols;
	info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	if(o->ca != NULL) {
		info.client_ssl_ca_filepath = o->ca;
		info.options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
	}
	return lws_create_vhost(context, &info);
}

static struct lws_vhost *make_listener(struct lws_context *context, const struct wb_options *o)
{
	struct lws_context_creation_info info = {0};

	info.vhost_name = "tcp";
	info.port = o->listen_port;
	info.iface = o->listen_host;
	info.protocols = tcp_protocols;
	info.options = LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG
				   | LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
	info.listen_accept_role = "raw-skt";
	info.listen_accept_protocol = WB_TCP_PROTOCOL;
	return lws_create_vhost(context, &info);
}

static bool tell_ready(const struct wb_options *o, int port)
{
	FILE *f;
	bool ok;

	printf("ready %s:%d\n", o->listen_host, port);
	fflush(stdout);
	if(o->ready_file == NULL)
		return true;
	f = fopen(o->ready_file, "w");
	if(f == NULL)
		return false;
	ok = fprintf(f, "ready %s:%d\n", o->listen_host, port) > 0;
	return fclose(f) == 0 && ok;
}

static int fail(const char *what)
{
	fprintf(stderr, "wssbridge: %s: %s\n", what, strerror(errno));
	return 1;
}

static int run(struct wb_bridge *b)
{
	struct lws_vhost *listener;

	b->client = make_client(b->context, b->options);
	if(b->client == NULL)
		return fail("cannot set up TLS (is the CA file right?)");
	listener = make_listener(b->context, b->options);
	if(listener == NULL)
		return fail("cannot listen");
	if(!tell_ready(b->options, lws_get_vhost_listen_port(listener)))
		return fail(b->options->ready_file);
	while(!stop && lws_service(b->context, 0) >= 0)
		;
	return stop ? 0 : fail("event loop");
}

int main(int argc, char **argv)
{
	struct wb_options options;
	struct wb_bridge b = {.options = &options};
	int status = 1;

	switch(wb_options_parse(argc, argv, &options)) {
		case WB_HELP:
			return 0;
		case WB_USAGE:
			return EXIT_USAGE;
		case WB_RUN:
			break;
	}
	lws_set_log_level(LLL_ERR, NULL);
	b.events = wb_events_open(options.events);
	if(b.events == NULL)
		return fail(options.events);
	b.context = make_context(&b);
	if(b.context == NULL)
		goto out;
	woken_by_signal = b.context;
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	signal(SIGPIPE, SIG_IGN);
	status = run(&b);
	lws_context_destroy(b.context);
	wb_pairs_free(&b);
out:
	wb_events_close(b.events);
	return status;
}
