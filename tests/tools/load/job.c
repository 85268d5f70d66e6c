/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "load.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum
{
	BURST = 64 /* actions in a row, until answers are looked at again */
};

/* ---- the line ---- */

static void print_command(const struct wl_command *c, FILE *to)
{
	fprintf(to, "\"command\":\"%s\",\"arguments\":[", c->name);
	if(c->word[0] != '\0')
		fprintf(to, "\"%s\"%s", c->word, c->numbers > 0 ? "," : "");
	for(unsigned i = 0; i < c->numbers; i++)
		fprintf(to, "%s%g", i == 0 ? "" : ",", c->number[i]);
	fputc(']', to);
}

static void print_failed(const struct wl_job *job, FILE *to)
{
	fputs(",\"failed\":{", to);
	for(size_t i = 0; i < WL_FAILURES_MAX && job->failed[i].n != 0; i++)
		fprintf(to, "%s\"%s\":%" PRIu64, i == 0 ? "" : ",", job->failed[i].why, job->failed[i].n);
	fputc('}', to);
}

/* The WICs as they are now, and what has come to them since the beginning. */
static void print_wics(const struct wl_load *load, FILE *to)
{
	const struct wl_wics *wics = &load->wics;
	unsigned in[WL_STATES] = {0};

	for(unsigned i = 0; i < wics->count; i++)
		in[wics->at[i].state]++;
	fprintf(to,
			",\"wics\":{\"closed\":%u,\"open\":%u,\"registered\":%u,\"lost\":%u,\"waiting\":%u},"
			"\"registers\":{\"sent\":%" PRIu64 ",\"granted\":%" PRIu64 ",\"refused\":%" PRIu64
			"},\"resumed\":%u,\"closes\":{",
			in[WL_CLOSED], in[WL_OPEN], in[WL_REGISTERED], in[WL_LOST], wics->waiting.count,
			wics->sent, wics->granted, wics->refused, load->net.resumed);
	for(size_t i = 0; i < WL_CLOSE_CODES && wics->closes[i].n != 0; i++)
		fprintf(to, "%s\"%u\":%" PRIu64, i == 0 ? "" : ",", wics->closes[i].code,
				wics->closes[i].n);
	fputc('}', to);
}

static double seconds(int64_t ns)
{
	return (double)ns / (double)WL_SECOND;
}

static void print(const struct wl_job *job, FILE *to)
{
	fputc('{', to);
	print_command(&job->command, to);
	fprintf(to, ",\"begin\":%.6f,\"seconds\":%.6f,\"cpu\":%.6f", job->begin,
			seconds(wl_now() - job->start), seconds(wl_clock(CLOCK_PROCESS_CPUTIME_ID) - job->cpu));
	fprintf(to, ",\"asked\":%" PRIu64 ",\"ok\":%" PRIu64, job->asked, job->ok);
	print_failed(job, to);
	fprintf(to, ",\"retry_after\":%" PRIu64, job->retry_after);
	if(job->pace.next > 0) {
		fputc(',', to);
		wl_hist_print_times(to, job->late, "late_us");
	}
	if(job->verb->print != NULL)
		job->verb->print(job, to);
	print_wics(job->load, to);
	fputc(',', to);
	wl_hist_print(to, job->hist, "");
	fputs("}\n", to);
	fflush(to);
}

/* ---- the end ---- */

static bool ended(const struct wl_job *job)
{
	return job->open == 0 && job->pace.next == job->pace.count;
}

static void release(struct wl_job *job)
{
	wl_hist_free(job->hist);
	wl_hist_free(job->late);
	free(job);
}

static void end(struct wl_job *job)
{
	struct wl_script *script = job->load->script;

	print(job, stdout);
	wl_script_ended(script, job);
	if(job->verb->end != NULL)
		job->verb->end(job);
	ev_io_stop(job->load->loop, &job->alarm);
	close(job->alarm.fd);
	release(job);
}

/* Whoever tells of the end of an action may be in the middle of the job: the
 * job itself ends later, out of the loop. */
static void action_ended(struct wl_job *job)
{
	job->open--;
	if(ended(job))
		ev_feed_event(job->load->loop, &job->alarm, EV_CUSTOM);
}

/* ---- how actions end ---- */

void wl_job_asked(struct wl_job *job)
{
	job->asked++;
	job->open++;
}

void wl_job_took(struct wl_job *job, int64_t ns)
{
	job->ok++;
	wl_hist_add(job->hist, ns);
	action_ended(job);
}

void wl_job_ok(struct wl_job *job, int64_t due)
{
	wl_job_took(job, wl_now() - due);
}

void wl_job_note(struct wl_job *job, const char *why)
{
	size_t i = 0;

	while(i < WL_FAILURES_MAX - 1 && job->failed[i].n != 0 && strcmp(job->failed[i].why, why) != 0)
		i++;
	if(i == WL_FAILURES_MAX - 1)
		why = "other";
	snprintf(job->failed[i].why, WL_FAILURE_SIZE, "%s", why);
	job->failed[i].n++;
}

void wl_job_failed(struct wl_job *job, const char *why)
{
	wl_job_note(job, why);
	action_ended(job);
}

void wl_job_refused(struct wl_job *job, unsigned status, int64_t retry_after)
{
	char text[WL_FAILURE_SIZE];

	snprintf(text, sizeof(text), "%u", status);
	job->retry_after += retry_after >= 0;
	wl_job_failed(job, text);
}

/* ---- the pace ---- */

static void set_alarm(struct wl_job *job)
{
	int64_t due = wl_pace_due(&job->pace);
	const struct itimerspec at = {.it_value = {due / WL_SECOND, due % WL_SECOND}};

	timerfd_settime(job->alarm.fd, TFD_TIMER_ABSTIME, &at, NULL);
}

static void on_alarm(struct ev_loop *loop, struct ev_io *io, int events)
{
	struct wl_job *job = io->data;
	uint64_t times;

	(void)loop;
	(void)events;
	if(read(io->fd, &times, sizeof(times)) < 0)
		times = 0; /* no alarm: an action has ended */
	for(unsigned n = 0; n < BURST && job->pace.next < job->pace.count; n++) {
		int64_t due = wl_pace_due(&job->pace), late = wl_now() - due;

		if(late < 0)
			break;
		wl_hist_add(job->late, late);
		job->pace.next++;
		wl_job_asked(job);
		job->verb->act(job, due);
	}
	if(job->pace.next < job->pace.count)
		set_alarm(job);
	else if(ended(job))
		end(job);
}

/* ---- the beginning ---- */

static struct wl_job *fresh(struct wl_load *load, const struct wl_verb *verb)
{
	struct wl_job *job = calloc(1, sizeof(*job));
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	if(job != NULL) {
		job->hist = wl_hist_new();
		job->late = wl_hist_new();
	}
	if(job == NULL || job->hist == NULL || job->late == NULL || fd < 0) {
		if(job != NULL)
			release(job);
		if(fd >= 0)
			close(fd);
		return NULL;
	}
	job->load = load;
	job->verb = verb;
	job->begin = (double)wl_clock(CLOCK_REALTIME) / (double)WL_SECOND;
	job->start = wl_now();
	job->cpu = wl_clock(CLOCK_PROCESS_CPUTIME_ID);
	ev_io_init(&job->alarm, on_alarm, fd, EV_READ);
	job->alarm.data = job;
	return job;
}

struct wl_job *wl_job_new(struct wl_load *load, const struct wl_command *c, const char **why)
{
	const struct wl_verb *verb = wl_verb_find(c->name);
	struct wl_job *job;

	*why = "no such command";
	if(verb == NULL)
		return NULL;
	*why = verb->form;
	if(c->numbers != verb->numbers || verb->word != (c->word[0] != '\0'))
		return NULL;
	job = fresh(load, verb);
	*why = "no memory or no file descriptor";
	if(job == NULL)
		return NULL;
	job->command = *c;
	*why = verb->begin(job, c);
	if(*why != NULL) {
		close(job->alarm.fd);
		release(job);
		return NULL;
	}
	ev_io_start(load->loop, &job->alarm);
	if(job->pace.count > 0)
		set_alarm(job);
	else if(ended(job))
		ev_feed_event(load->loop, &job->alarm, EV_CUSTOM);
	return job;
}
