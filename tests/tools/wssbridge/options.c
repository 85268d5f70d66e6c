/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "options.h"

#include <getopt.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
	MAX_DEFAULT = 1024,
	MAX_LIMIT = 16384,
	PORT_LIMIT = 65535
};

static const char usage[] =
		"usage: wssbridge --listen HOST:PORT --connect wss://HOST:PORT/PATH [options]\n"
		"Carries each accepted TCP connection of SIP over one WSS connection.\n"
		"  --ca FILE           CA certificates to verify the server with (default: the system's)\n"
		"  --insecure          do not verify the server\n"
		"  --host NAME         SNI, Host and certificate name (default: host of --connect)\n"
		"  --path PATH         path of the request (default: that of --connect)\n"
		"  --origin ORIGIN     Origin header (default: none)\n"
		"  --subprotocol NAME  sub-protocol, '' for none (default: sip)\n"
		"  --events FILE       append one line an event to FILE (default: standard output)\n"
		"  --ready-file FILE   write 'ready HOST:PORT' there once listening\n"
		"  --max N             connections at once (default: 1024)\n"
		"Port 0 of --listen takes a free port; the ready line names it.\n";

static bool parse_number(const char *text, long limit, long *out)
{
	char *end;

	*out = strtol(text, &end, 10);
	return *text != '\0' && *end == '\0' && *out >= 0 && *out <= limit;
}

static bool parse_listen(char *arg, struct wb_options *o)
{
	char *colon = strrchr(arg, ':');
	long port;

	if(colon == NULL || colon == arg || !parse_number(colon + 1, PORT_LIMIT, &port))
		return false;
	*colon = '\0';
	o->listen_host = arg;
	o->listen_port = (int)port;
	return true;
}

/* lws_parse_uri() cuts the slash off the path: path is where it is put back. */
static bool parse_connect(char *arg, struct wb_options *o, char *path, size_t room)
{
	const char *scheme, *rest;
	int n;

	if(lws_parse_uri(arg, &scheme, &o->connect_host, &o->connect_port, &rest) != 0
	   || strcmp(scheme, "wss") != 0 || *o->connect_host == '\0')
		return false;
	n = snprintf(path, room, "/%s", rest);
	if(o->path == NULL)
		o->path = path;
	return n > 0 && (size_t)n < room;
}

static bool set_option(int c, char *arg, struct wb_options *o)
{
	static char url_path[1024];
	long n;

	switch(c) {
		case 'l':
			return parse_listen(arg, o);
		case 'c':
			return parse_connect(arg, o, url_path, sizeof(url_path));
		case 'a':
			o->ca = arg;
			return true;
		case 'k':
			o->insecure = true;
			return true;
		case 'H':
			o->host = arg;
			return true;
		case 'p':
			o->path = arg;
			return *arg == '/';
		case 'o':
			o->origin = arg;
			return true;
		case 's':
			o->subprotocol = *arg ? arg : NULL;
			return true;
		case 'e':
			o->events = arg;
			return true;
		case 'r':
			o->ready_file = arg;
			return true;
		case 'm':
			if(!parse_number(arg, MAX_LIMIT, &n) || n == 0)
				return false;
			o->max = (unsigned)n;
			return true;
		default:
			return false;
	}
}

enum wb_parse wb_options_parse(int argc, char **argv, struct wb_options *o)
{
	static const struct option longs[] = {{"listen", 1, NULL, 'l'}, {"connect", 1, NULL, 'c'},
										  {"ca", 1, NULL, 'a'},     {"insecure", 0, NULL, 'k'},
										  {"host", 1, NULL, 'H'},   {"path", 1, NULL, 'p'},
										  {"origin", 1, NULL, 'o'}, {"subprotocol", 1, NULL, 's'},
										  {"events", 1, NULL, 'e'}, {"ready-file", 1, NULL, 'r'},
										  {"max", 1, NULL, 'm'},    {"help", 0, NULL, 'h'},
										  {NULL, 0, NULL, 0}};
	int c, index = 0;

	*o = (struct wb_options){.subprotocol = "sip", .max = MAX_DEFAULT};
	while((c = getopt_long(argc, argv, "", longs, &index)) != -1) {
		if(c == 'h') {
			fputs(usage, stdout);
			return WB_HELP;
		}
		if(c != '?' && set_option(c, optarg, o))
			continue;
		if(c != '?')
			fprintf(stderr, "wssbridge: bad value of --%s\n", longs[index].name);
		return WB_USAGE;
	}
	if(optind != argc || o->listen_host == NULL || o->connect_host == NULL) {
		fputs(usage, stderr);
		return WB_USAGE;
	}
	if(o->host == NULL)
		o->host = o->connect_host;
	return WB_RUN;
}
