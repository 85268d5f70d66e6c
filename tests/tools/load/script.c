/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct wl_script
{
	struct wl_load *load;
	struct ev_io input;
	char text[16 * WL_LINE_MAX];
	size_t have;
	bool end;                        /* of the input */
	const struct wl_job *foreground; /* NULL: the next line may run */
	struct wl_job *waiting;          /* for those in the background */
	unsigned background;
	bool bad;
};

/* ---- running them ---- */

static bool is_wait(const char *name)
{
	return strcmp(name, "wait") == 0 || strcmp(name, "quit") == 0;
}

static void refuse(struct wl_script *s, const char *line, const char *why)
{
	s->bad = true;
	fprintf(stderr, "wims-load: \"%s\": %s\n", line, why);
	printf("{\"error\":\"%s\"}\n", why);
	fflush(stdout);
}

static void run(struct wl_script *s, const char *line)
{
	struct wl_command c;
	struct wl_job *job;
	const char *why;

	if(!wl_command_parse(line, &c)) {
		refuse(s, line, "not a command");
		return;
	}
	if(c.name[0] == '\0')
		return;
	if(is_wait(c.name))
		c.background = false;
	job = wl_job_new(s->load, &c, &why);
	if(job == NULL)
		refuse(s, line, why);
	else if(c.background)
		s->background++;
	else
		s->foreground = job;
}

/* Cuts the first line off the text. false: there is no whole one. */
static bool next_line(struct wl_script *s, char line[WL_LINE_MAX])
{
	char *end = memchr(s->text, '\n', s->have);
	size_t n = end == NULL ? s->have : (size_t)(end - s->text);

	if(end == NULL && !(s->end && s->have > 0) && s->have < WL_LINE_MAX)
		return false;
	snprintf(line, WL_LINE_MAX, "%.*s", (int)n, s->text);
	n += end != NULL;
	s->have -= n;
	memmove(s->text, s->text + n, s->have);
	return true;
}

static void go_on(struct wl_script *s)
{
	char line[WL_LINE_MAX];

	while(s->foreground == NULL && next_line(s, line))
		run(s, line);
	if(s->foreground == NULL && s->end)
		run(s, "quit");
	if(s->foreground != NULL || s->end)
		ev_io_stop(s->load->loop, &s->input);
	else
		ev_io_start(s->load->loop, &s->input);
}

static void on_input(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct wl_script *s = io->data;
	ssize_t got;

	(void)loop;
	if((events & EV_READ) == 0) { /* a command has ended */
		go_on(s);
		return;
	}
	got = read(io->fd, s->text + s->have, sizeof(s->text) - s->have);
	if(got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if(got <= 0)
		s->end = true;
	else
		s->have += (size_t)got;
	go_on(s);
}

void wl_script_await(struct wl_script *s, struct wl_job *job)
{
	wl_job_asked(job);
	if(s->background == 0)
		wl_job_ok(job, job->start);
	else
		s->waiting = job;
}

void wl_script_ended(struct wl_script *s, const struct wl_job *job)
{
	if(strcmp(job->verb->name, "quit") == 0) {
		ev_break(s->load->loop, EVBREAK_ALL);
		return;
	}
	if(job->command.background)
		s->background--;
	else
		s->foreground = NULL;
	if(s->background == 0 && s->waiting != NULL) {
		struct wl_job *waiting = s->waiting;

		s->waiting = NULL;
		wl_job_ok(waiting, waiting->start);
	}
	if(s->foreground == NULL)
		ev_feed_event(s->load->loop, &s->input, EV_CUSTOM);
}

bool wl_script_good(const struct wl_script *s)
{
	return !s->bad;
}

struct wl_script *wl_script_new(struct wl_load *load, int fd)
{
	struct wl_script *s = calloc(1, sizeof(*s));

	if(s == NULL)
		return NULL;
	s->load = load;
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	ev_io_init(&s->input, on_input, fd, EV_READ);
	s->input.data = s;
	ev_io_start(load->loop, &s->input);
	return s;
}

void wl_script_free(struct wl_script *s)
{
	if(s != NULL)
		ev_io_stop(s->load->loop, &s->input);
	free(s);
}
