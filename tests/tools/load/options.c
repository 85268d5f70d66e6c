/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "options.h"

#include "job.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
	PORT_MAX = 65535,
	SOURCES_MAX = 65536,
	EXPIRES_MAX = 86400,
	TIMEOUT_MIN = 100,
	TIMEOUT_MAX = 600000,
	FRAGMENT_MAX = 65535,
	PING_MAX = 3600
};

static const char usage[] =
		"usage: wims-load --connect HOST:PORT --name NAME --ca FILE --users FILE [options]\n"
		"Many WICs over WSS from one process, and the core's side; all times are of one clock.\n"
		"  --connect HOST:PORT  the WSS side of the server (an IPv4 address)\n"
		"  --name NAME          its name: certificate, SNI, Host\n"
		"  --ca FILE            CA certificates to verify it with\n"
		"  --users FILE         lines IMPU TAB TOKEN; further lines of an IMPU: its further "
		"tokens;\n"
		"                       TOKEN \"-\": no Authorization\n"
		"  --origin ORIGIN      Origin of the WebSockets (default: none)\n"
		"  --sources FIRST-LAST addresses of the WICs, in turn\n"
		"  --core HOST:PORT     bind the core's side (Mw, UDP) there\n"
		"  --edge HOST:PORT     Mw of the eP-CSCF, for calls of the core (default: where its\n"
		"                       REGISTERs come from)\n"
		"  --expires S          Expires of REGISTERs (default: 600)\n"
		"  --timeout MS         of an answer or a connection (default: 10000)\n"
		"  --fragment BYTES     frames of at most so much (default: whole messages)\n"
		"  --ping S             a Ping from each WIC each S seconds (default: none)\n"
		"  --resume             resume TLS sessions\n"
		"  --keep-token         the first token of a user for all its REGISTERs\n"
		"  --token-uses N       each token for N REGISTERs (default: 1)\n"
		"  --ledger FILE        write each registration, loss and call there\n"
		"  --script FILE        commands (default: standard input)\n"
		"Commands, a line each; \"&\" at the end: in the background. One line of JSON for each:\n";

static bool parse_number(const char *text, unsigned long min, unsigned long max, unsigned *out)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	*out = (unsigned)value;
	return *text >= '0' && *text <= '9' && *end == '\0' && value >= min && value <= max;
}

static bool parse_address(const char *text, struct sockaddr_in *out)
{
	const char *colon = strrchr(text, ':');
	char host[INET_ADDRSTRLEN];
	unsigned port;

	if(colon == NULL || (size_t)(colon - text) >= sizeof(host)
	   || !parse_number(colon + 1, 1, PORT_MAX, &port))
		return false;
	memcpy(host, text, (size_t)(colon - text));
	host[colon - text] = '\0';
	out->sin_family = AF_INET;
	out->sin_port = htons((uint16_t)port);
	return inet_pton(AF_INET, host, &out->sin_addr) == 1;
}

static bool parse_sources(const char *text, struct wl_options *o)
{
	const char *dash = strchr(text, '-');
	char first[INET_ADDRSTRLEN];
	struct in_addr from, to;

	if(dash == NULL || (size_t)(dash - text) >= sizeof(first))
		return false;
	memcpy(first, text, (size_t)(dash - text));
	first[dash - text] = '\0';
	if(inet_pton(AF_INET, first, &from) != 1 || inet_pton(AF_INET, dash + 1, &to) != 1
	   || ntohl(to.s_addr) < ntohl(from.s_addr)
	   || ntohl(to.s_addr) - ntohl(from.s_addr) >= SOURCES_MAX)
		return false;
	o->source = ntohl(from.s_addr);
	o->sources = ntohl(to.s_addr) - o->source + 1;
	return true;
}

static const struct option long_options[] = {{"connect", required_argument, NULL, 'c'},
											 {"name", required_argument, NULL, 'n'},
											 {"ca", required_argument, NULL, 'a'},
											 {"users", required_argument, NULL, 'u'},
											 {"origin", required_argument, NULL, 'o'},
											 {"sources", required_argument, NULL, 's'},
											 {"core", required_argument, NULL, 'C'},
											 {"edge", required_argument, NULL, 'E'},
											 {"expires", required_argument, NULL, 'x'},
											 {"timeout", required_argument, NULL, 't'},
											 {"fragment", required_argument, NULL, 'f'},
											 {"ping", required_argument, NULL, 'p'},
											 {"resume", no_argument, NULL, 'r'},
											 {"keep-token", no_argument, NULL, 'k'},
											 {"token-uses", required_argument, NULL, 'K'},
											 {"ledger", required_argument, NULL, 'l'},
											 {"script", required_argument, NULL, 'S'},
											 {"help", no_argument, NULL, 'h'},
											 {NULL, 0, NULL, 0}};

static bool set_text(int c, const char *arg, struct wl_options *o)
{
	const char **text = c == 'n'   ? &o->name
						: c == 'a' ? &o->ca
						: c == 'u' ? &o->users
						: c == 'o' ? &o->origin
						: c == 'l' ? &o->ledger
								   : &o->script;

	*text = arg;
	return *arg != '\0';
}

static bool set_option(int c, const char *arg, struct wl_options *o)
{
	switch(c) {
		case 'c':
			return parse_address(arg, &o->connect);
		case 'C':
			return parse_address(arg, &o->core);
		case 'E':
			return parse_address(arg, &o->edge);
		case 's':
			return parse_sources(arg, o);
		case 'x':
			return parse_number(arg, 1, EXPIRES_MAX, &o->expires);
		case 't':
			return parse_number(arg, TIMEOUT_MIN, TIMEOUT_MAX, &o->timeout);
		case 'f':
			return parse_number(arg, WL_FRAGMENT_MIN, FRAGMENT_MAX, &o->fragment);
		case 'p':
			return parse_number(arg, 1, PING_MAX, &o->ping);
		case 'r':
			return o->resume = true;
		case 'k':
			o->token_uses = UINT_MAX;
			return true;
		case 'K':
			return parse_number(arg, 1, UINT_MAX, &o->token_uses);
		default:
			return set_text(c, arg, o);
	}
}

static enum wl_parse bad(const char *what, const char *value)
{
	fprintf(stderr, "wims-load: %s%s; --help has the options\n", what, value);
	return WL_USAGE;
}

enum wl_parse wl_options_parse(int argc, char **argv, struct wl_options *o)
{
	int c;

	*o = (struct wl_options){.expires = 600, .timeout = 10000, .token_uses = 1};
	while((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if(c == 'h') {
			fputs(usage, stdout);
			wl_verbs_print(stdout);
			return WL_HELP;
		}
		if(c == '?')
			return WL_USAGE;
		if(!set_option(c, optarg, o))
			return bad("no such value: ", optarg);
	}
	if(optind != argc)
		return bad("what is ", argv[optind]);
	if(o->connect.sin_port == 0 || o->name == NULL || o->ca == NULL || o->users == NULL)
		return bad("--connect, --name, --ca and --users are needed", "");
	return WL_RUN;
}
