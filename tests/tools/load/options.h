/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_OPTIONS_H
#define WL_OPTIONS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

enum
{
	WL_FRAGMENT_MIN = 16
};

struct wl_options
{
	struct sockaddr_in connect, core, edge; /* port 0: not given */
	const char *name, *ca, *origin;         /* origin NULL: none is sent */
	const char *users, *script, *ledger;    /* script NULL: standard input */
	uint32_t source, sources;               /* first address, host order, and how many */
	unsigned expires;                       /* s, that are wished for */
	unsigned timeout;                       /* ms, of an answer or a connection */
	unsigned fragment;                      /* bytes; 0: whole messages */
	unsigned ping;                          /* s between Pings of ours; 0: none */
	bool resume;                            /* TLS sessions */
	unsigned token_uses;                    /* REGISTERs with a token, before the next one */
};

enum wl_parse
{
	WL_RUN,
	WL_HELP, /* text was printed, exit with 0 */
	WL_USAGE /* a message was printed, exit with 2 */
};

/* The strings point into argv. */
enum wl_parse wl_options_parse(int argc, char **argv, struct wl_options *o);

#endif
