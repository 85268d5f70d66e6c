/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* lose fin|rst|silent COUNT RATE: WICs go without a word, and the time until
 * the core is told. Where the core registered the user, it is told by a
 * de-REGISTER. In a range only the eP-CSCF knows who is there: he is called,
 * again and again, until he is refused at once, which is the notice. A call that
 * was under way when the WIC was found lost ends at that moment (or by a timer
 * of the eP-CSCF), so it is the next one that tells which it was. */

#include "lose.h"

#include "call.h"
#include "load.h"
#include "verbs.h"

#include <stdlib.h>
#include <string.h>

/* Who is not found lost within this time (s) is unnoticed. */
static const double PATIENCE = 150;
/* Between two calls, and what "at once" is. */
static const double AGAIN = 0.02;
static const int64_t AT_ONCE = WL_SECOND;

/* A WIC that was lost. */
struct wl_loser
{
	struct wl_load *load;
	struct wl_job *job; /* NULL: given up, but a call is under way */
	unsigned user;
	bool calling;
	int64_t since, heard; /* it is gone; the server got the last of it */
	int64_t slow;         /* when a call ended that had been under way, 0: none did */
	struct ev_timer patience, again;
};

struct own
{
	struct wl_hist *heard, *unanswered;
	uint64_t by_register, by_call, by_nobody;
	enum
	{
		FIN,
		RST,
		SILENT
	} how;
};

static void release(struct wl_loser *l)
{
	ev_timer_stop(l->load->loop, &l->patience);
	ev_timer_stop(l->load->loop, &l->again);
	l->load->losers[l->user] = NULL;
	l->job = NULL;
	if(!l->calling)
		free(l);
}

static void gave_up(struct wl_loser *l, const char *why)
{
	struct wl_job *job = l->job;

	release(l);
	wl_job_failed(job, why);
}

static void noticed(struct wl_loser *l, int64_t at, bool by_call)
{
	struct wl_job *job = l->job;
	struct own *own = job->own;
	struct wl_wic *w = &l->load->wics.at[l->user];
	int64_t took = at - l->since;

	wl_ledger_noticed(l->load->ledger, l->user, at);
	if(l->heard > 0)
		wl_hist_add(own->heard, at - l->heard);
	if(own->how == SILENT && w->missed > 0)
		wl_hist_add(own->unanswered, at - w->missed);
	if(by_call)
		own->by_call++;
	else
		own->by_register++;
	release(l);
	wl_job_took(job, took);
}

void wl_lose_told(struct wl_load *load, unsigned user, int64_t now)
{
	struct wl_loser *l = load->losers[user];

	if(l && !l->calling && !ev_is_active(&l->again))
		noticed(l, now, false);
}

void wl_lose_close(struct wl_load *load)
{
	unsigned i;

	for(i = 0; load->losers && i < load->wics.count; i++) {
		if(!load->losers[i])
			continue;
		load->losers[i]->calling = false;
		release(load->losers[i]);
	}
	free(load->losers);
	load->losers = NULL;
}

static void on_patience(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	gave_up(timer->data, "unnoticed");
}

/* ---- by calls ---- */

static void called(void *own, const struct wl_called *r)
{
	struct wl_loser *l = own;

	l->calling = false;
	if(!l->job) {
		free(l);
		return;
	}
	if(wl_nobody_there(r->status) && r->answered - r->began < AT_ONCE) {
		noticed(l, l->slow > 0 ? l->slow : r->answered, true);
		return;
	}
	l->slow = r->answered;
	ev_timer_set(&l->again, AGAIN, 0);
	ev_timer_start(l->load->loop, &l->again);
}

static void call(struct wl_loser *l)
{
	l->calling = true;
	if(wl_call_begin(l->load, WL_TO_WIC, l->user, wl_now(), 0, called, l))
		return;
	l->calling = false;
	gave_up(l, "unreachable");
}

static void on_again(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	(void)loop;
	(void)events;
	call(timer->data);
}

/* ---- the command ---- */

static void watch(struct wl_loser *l)
{
	const struct wl_list *path;
	struct wl_str uri;

	ev_init(&l->again, on_again);
	l->again.data = l;
	ev_timer_init(&l->patience, on_patience, PATIENCE, 0);
	l->patience.data = l;
	ev_timer_start(l->load->loop, &l->patience);
	if(wl_mw_reach(l->load->mw, l->user, &uri, &path) != WL_REACH_OWN)
		call(l);
}

static void act(struct wl_job *job, int64_t due)
{
	struct wl_load *load = job->load;
	struct wl_wic *w = wl_wics_idle(&load->wics, WL_REGISTERED);
	struct wl_loser *l = w ? calloc(1, sizeof *l) : NULL;
	struct own *own = job->own;

	if(!w || !l) {
		free(l);
		wl_job_failed(job, "busy");
		return;
	}
	*l = (struct wl_loser){
			.load = load, .job = job, .user = w->number, .since = wl_now(), .heard = w->sent};
	if(own->how == SILENT)
		wl_wic_silence(w);
	else
		wl_wic_lose(w, own->how == FIN ? WL_END_FIN : WL_END_RST);
	if(load->mw && load->losers[w->number]) {
		free(l);
		wl_job_failed(job, "lost-before"); /* and nobody has noticed that yet */
		return;
	}
	if(!load->mw) {
		free(l);
		own->by_nobody++;
		wl_job_ok(job, due);
		return;
	}
	load->losers[w->number] = l;
	watch(l);
}

static void end(struct wl_job *job)
{
	struct own *own = job->own;

	wl_hist_free(own->heard);
	wl_hist_free(own->unanswered);
	free(own);
}

static const char *begin(struct wl_job *job, const struct wl_command *c)
{
	static const char *const words[] = {"fin", "rst", "silent"};
	struct own *own;
	unsigned how = 0;

	while(how <= SILENT && strcmp(words[how], c->word) != 0)
		how++;
	if(how > SILENT || c->number[0] < 1 || c->number[1] <= 0)
		return "it is fin, rst or silent, and COUNT and RATE must be above 0";
	own = calloc(1, sizeof *own);
	if(!own)
		return "no memory";
	job->own = own;
	own->how = how;
	own->heard = wl_hist_new();
	own->unanswered = wl_hist_new();
	if(!own->heard || !own->unanswered) {
		end(job);
		return "no memory";
	}
	job->pace = wl_pace(job->start, c->number[1], (uint64_t)c->number[0]);
	return NULL;
}

static void print(const struct wl_job *job, FILE *to)
{
	const struct own *own = job->own;

	fprintf(to, ",\"by\":{\"deregister\":%llu,\"call\":%llu,\"nobody\":%llu},",
			(unsigned long long)own->by_register, (unsigned long long)own->by_call,
			(unsigned long long)own->by_nobody);
	wl_hist_print(to, own->heard, "_heard");
	fputc(',', to);
	wl_hist_print(to, own->unanswered, "_unanswered");
	if(job->load->mw)
		wl_mw_print(job->load->mw, to);
}

const struct wl_verb wl_verb_lose = {
		"lose", "fin|rst|silent COUNT RATE", true, 2, begin, act, print, end};
