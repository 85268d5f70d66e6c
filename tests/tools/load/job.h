/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_JOB_H
#define WL_JOB_H

/* A command that runs: its actions come when they are due, each ends once, as
 * ok or failed, and when all have ended it prints one line of JSON. */

#include "command.h"
#include "hist.h"
#include "pace.h"
#include "script.h"

#include <ev.h>
#include <stdio.h>

struct wl_job;
struct wl_load;

enum
{
	WL_FAILURES_MAX = 48, /* kinds of failure that are told apart */
	WL_FAILURE_SIZE = 24
};

struct wl_verb
{
	const char *name;
	const char *form; /* its arguments, for --help */
	bool word;        /* the first of them is a word */
	unsigned numbers; /* how many numbers it takes */
	/* Says how many actions there are and when: sets job->pace, or begins
	 * actions of its own with wl_job_asked(). NULL, or what is wrong with the
	 * arguments. */
	const char *(*begin)(struct wl_job *job, const struct wl_command *c);
	/* The next action, due at that time. It calls wl_job_ok() or
	 * wl_job_failed() once, at once or later. */
	void (*act)(struct wl_job *job, int64_t due);
	/* Further members of the line, each with a comma before it. NULL: none. */
	void (*print)(const struct wl_job *job, FILE *to);
	/* Gives back job->own. NULL: nothing. */
	void (*end)(struct wl_job *job);
};

struct wl_job
{
	struct wl_load *load;
	const struct wl_verb *verb;
	struct wl_command command;
	struct wl_pace pace;
	uint64_t asked, ok, retry_after;
	uint64_t open;        /* asked, and not ended */
	struct wl_hist *late; /* how long after they were due actions began */
	struct
	{
		char why[WL_FAILURE_SIZE];
		uint64_t n;
	} failed[WL_FAILURES_MAX];
	struct wl_hist *hist;
	double begin;  /* wall clock, s */
	int64_t start; /* wl_now() */
	int64_t cpu;   /* of this process then */
	void *own;     /* of the verb */
	struct ev_io alarm;
};

/* The verb of that name, or NULL. (verbs.c) */
const struct wl_verb *wl_verb_find(const char *name);
/* "  NAME FORM" of each, a line each. */
void wl_verbs_print(FILE *to);

/* Begins a command. NULL: *why says what is wrong with it. wl_script_ended()
 * is told of its end. */
struct wl_job *wl_job_new(struct wl_load *load, const struct wl_command *c, const char **why);

/* An action that is none of the pace has begun. */
void wl_job_asked(struct wl_job *job);
/* An action has ended, well; it was due then. */
void wl_job_ok(struct wl_job *job, int64_t due);
/* Likewise; it took so long. */
void wl_job_took(struct wl_job *job, int64_t ns);
/* Or not. why: one word, or a number as text. */
void wl_job_failed(struct wl_job *job, const char *why);
/* Or by an answer with that status; retry_after: seconds, below 0: it had none. */
void wl_job_refused(struct wl_job *job, unsigned status, int64_t retry_after);
/* A failure that is counted, of an action that goes on. */
void wl_job_note(struct wl_job *job, const char *why);

#endif
