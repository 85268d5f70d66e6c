/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* wims-load: thousands of WICs over WSS from one process, and the core's side,
 * so that all times are of one clock. See tests/tools/README.md. */

#include "load.h"
#include "lose.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

enum
{
	EXIT_BAD = 1, /* the ledger is not clean, or a line was no command */
	EXIT_USAGE = 2
};

static void fail(const char *what)
{
	fprintf(stderr, "wims-load: %s: %s\n", what, strerror(errno));
}

static bool open_users(struct wl_load *load)
{
	const char *path = load->options->users;
	unsigned line = 0;

	load->users = wl_users_open(path, &line);
	if(load->users == NULL && errno == EINVAL)
		fprintf(stderr, "wims-load: %s:%u: not IMPU TAB TOKEN\n", path, line);
	else if(load->users == NULL)
		fail(path);
	return load->users != NULL;
}

static bool open_ledger(struct wl_load *load)
{
	const char *path = load->options->ledger;
	FILE *file = path == NULL ? NULL : fopen(path, "we");

	if(path != NULL && file == NULL) {
		fail(path);
		return false;
	}
	load->ledger = wl_ledger_new(load->users, file);
	if(load->ledger == NULL)
		fail("ledger");
	return load->ledger != NULL;
}

static bool open_net(struct wl_load *load)
{
	const struct wl_options *o = load->options;

	load->net = (struct wl_net){.loop = load->loop,
								.name = o->name,
								.resume = o->resume,
								.server = o->connect,
								.source = o->source,
								.sources = o->sources};
	if(!wl_net_open(&load->net, o->ca)) {
		fprintf(stderr, "wims-load: %s: no CA certificates in there\n", o->ca);
		return false;
	}
	return true;
}

static bool open_script(struct wl_load *load)
{
	const char *path = load->options->script;
	int fd = path == NULL ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	if(fd < 0) {
		fail(path);
		return false;
	}
	load->script = wl_script_new(load, fd);
	return load->script != NULL;
}

/* The core's side, if it is wanted. */
static bool open_core(struct wl_load *load)
{
	load->losers = calloc(wl_users_count(load->users), sizeof(struct wl_loser *));
	if(load->losers == NULL || !wl_calls_open(load)) {
		fail("calls");
		return false;
	}
	load->other = wl_call_heard;
	if(load->options->core.sin_port == 0)
		return true;
	load->mw = wl_mw_new(load);
	if(load->mw == NULL)
		fail("--core");
	return load->mw != NULL;
}

/* As many files as we may. */
static void raise_limit(void)
{
	struct rlimit files;

	if(getrlimit(RLIMIT_NOFILE, &files) != 0)
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

int main(int argc, char **argv)
{
	struct wl_options options;
	struct wl_load load = {.options = &options};
	enum wl_parse parsed = wl_options_parse(argc, argv, &options);
	int status = EXIT_BAD;

	if(parsed != WL_RUN)
		return parsed == WL_HELP ? 0 : EXIT_USAGE;
	raise_limit();
	signal(SIGPIPE, SIG_IGN);
	load.loop = ev_default_loop(EVFLAG_AUTO);
	if(load.loop == NULL
	   || getrandom(&load.random.state, sizeof(load.random.state), 0)
				  != (ssize_t)sizeof(load.random.state)) {
		fail("start");
		return EXIT_BAD;
	}
	if(open_users(&load) && open_ledger(&load) && open_net(&load) && wl_wics_open(&load)
	   && open_core(&load) && open_script(&load)) {
		ev_run(load.loop, 0);
		if(wl_script_good(load.script) && wl_ledger_differences(load.ledger) == 0)
			status = 0;
	}
	wl_script_free(load.script);
	wl_lose_close(&load);
	wl_calls_close(&load);
	wl_mw_free(load.mw);
	wl_wics_close(&load);
	wl_net_close(&load.net);
	wl_ledger_free(load.ledger);
	wl_users_close(load.users);
	return status;
}
