/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WB_OPTIONS_H
#define WB_OPTIONS_H

#include <stdbool.h>

struct wb_options
{
	char *listen_host;
	int listen_port;
	const char *connect_host;
	int connect_port;
	const char *path;        /* with its leading slash */
	const char *host;        /* SNI and certificate name */
	const char *origin;      /* NULL: no Origin header */
	const char *subprotocol; /* NULL: none asked for */
	const char *ca;          /* NULL: the system's CA certificates */
	const char *events;      /* NULL: standard output */
	const char *ready_file;  /* NULL: none */
	bool insecure;
	unsigned max; /* connections at once */
};

enum wb_parse
{
	WB_RUN,
	WB_HELP, /* text was printed, exit with 0 */
	WB_USAGE /* a message was printed, exit with 2 */
};

/* The strings point into argv, which is changed; it must outlive *o. */
enum wb_parse wb_options_parse(int argc, char **argv, struct wb_options *o);

#endif
