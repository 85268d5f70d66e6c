/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* back COUNT SECONDS: WICs that were lost come back, as web pages do: the
 * first attempt at some moment within SECONDS, and again, later each time,
 * until they are registered. One that the server closes meanwhile comes back
 * once more: it has ended when all of them are registered at the same time. */

#include "verbs.h"

#include "wic_int.h"

#include <math.h>
#include <stdlib.h>

/* The wait before attempt n, in seconds: up to FIRST * 2^n and LONGEST, of
 * which a random part of at least a half (RFC 5626 4.5). */
static const double FIRST = 1, LONGEST = 16;
/* Who is not registered so long after its first attempt is given up. */
static const double GIVE_UP = 600;

struct own
{
	unsigned missing; /* how many are not registered now */
};

static double jitter(struct wl_wic *w, double seconds)
{
	return seconds * (0.5 + wl_random_unit(&w->load->random) / 2);
}

static void later(struct wl_wic *w, double seconds)
{
	ev_timer_set(&w->again, seconds, 0.);
	ev_timer_start(w->load->loop, &w->again);
}

/* Nobody is missing any more: each took until it was registered for good. */
static void settle(struct wl_job *job)
{
	struct own *own = job->own;
	struct wl_wics *wics = &job->load->wics;

	if(own->missing > 0)
		return;
	for(unsigned i = 0; i < wics->count; i++) {
		struct wl_wic *w = &wics->at[i];

		if(w->back != job)
			continue;
		w->back = NULL;
		wl_job_took(job, w->arrived - job->start);
	}
}

static void arrived(struct wl_wic *w, struct wl_job *job)
{
	struct own *own = job->own;

	w->arrived = wl_now();
	own->missing--;
	settle(job);
}

static void give_up(struct wl_wic *w, struct wl_job *job)
{
	struct own *own = job->own;

	w->back = NULL;
	own->missing--;
	wl_job_failed(job, "given-up");
	settle(job);
}

static void attempt_failed(struct wl_wic *w, struct wl_job *job, const struct wl_outcome *o)
{
	double seconds =
			jitter(w, fmin(LONGEST, FIRST * (double)(1U << (w->attempts < 8 ? w->attempts : 8))));
	char status[WL_FAILURE_SIZE];

	snprintf(status, sizeof(status), "%u", o->status);
	wl_job_note(job, o->why != NULL ? o->why : status);
	if(o->why == NULL && o->retry_after >= 0) {
		job->retry_after++;
		seconds = fmax(seconds, (double)o->retry_after + wl_random_unit(&w->load->random));
	}
	w->attempts++;
	if((double)(wl_now() - job->start) / (double)WL_SECOND > job->command.number[1] + GIVE_UP)
		give_up(w, job);
	else
		later(w, seconds);
}

static void on_registered(struct wl_wic *w, struct wl_job *job, int64_t due,
						  const struct wl_outcome *o)
{
	(void)due;
	if(o->ok)
		arrived(w, job);
	else
		attempt_failed(w, job, o);
}

static void on_open(struct wl_wic *w, struct wl_job *job, int64_t due, const struct wl_outcome *o)
{
	if(o->ok)
		wl_wic_register(w, w->load->options->expires, on_registered, job, due);
	else
		attempt_failed(w, job, o);
}

/* Where its WebSocket has stayed up, only the REGISTER is tried again. */
static void on_again(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct wl_wic *w = timer->data;
	struct wl_job *job = w->back;

	(void)loop;
	(void)events;
	if(w->wait != WL_WAIT_NONE) /* a command that runs beside has it */
		later(w, FIRST);
	else if(wl_wic_live(w))
		arrived(w, job);
	else if(w->state == WL_OPEN)
		wl_wic_register(w, w->load->options->expires, on_registered, job, job->start);
	else
		wl_wic_open(w, on_open, job, job->start);
}

void wl_back_lost(struct wl_wic *w)
{
	struct own *own = w->back == NULL ? NULL : w->back->own;

	if(own == NULL || ev_is_active(&w->again) || w->wait != WL_WAIT_NONE)
		return;
	wl_job_note(w->back, "lost-again");
	own->missing++;
	w->attempts = 0;
	later(w, jitter(w, FIRST));
}

static const char *begin(struct wl_job *job, const struct wl_command *c)
{
	struct wl_ring *lost = &job->load->wics.idle[WL_LOST];
	struct own *own = calloc(1, sizeof(*own));
	struct wl_node *n = lost->head.next;
	unsigned count = c->number[0] < lost->count ? (unsigned)c->number[0] : lost->count;

	if(own == NULL)
		return "no memory";
	job->own = own;
	for(; count > 0; count--, n = n->next) {
		struct wl_wic *w = WL_HOLDER(n, struct wl_wic, node);

		if(w->back != NULL)
			continue; /* another "back" has it */
		ev_init(&w->again, on_again);
		w->again.data = w;
		w->back = job;
		w->attempts = 0;
		own->missing++;
		wl_job_asked(job);
		later(w, wl_random_unit(&job->load->random) * c->number[1]);
	}
	return NULL;
}

static void end(struct wl_job *job)
{
	free(job->own);
}

const struct wl_verb wl_verb_back = {"back", "COUNT SECONDS", false, 2, begin, NULL, NULL, end};
