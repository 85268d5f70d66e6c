/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* call RATE SECONDS HOLD: calls of WICs and to them, in turn.
 * ring RATE: each user of the ledger is called once: who should ring does, and
 * nobody else. */

#include "call.h"
#include "load.h"
#include "verbs.h"

#include <stdlib.h>

struct own
{
	struct wl_hist *ring; /* until 180 */
	uint64_t next;
	uint64_t from_wic, to_wic;       /* calls that went well */
	uint64_t rang, refused, nowhere; /* ring: what was right to be so, */
	uint64_t doubtful;               /* and of these what either way was */
};

static void end(struct wl_job *job)
{
	struct own *own = job->own;

	wl_hist_free(own->ring);
	free(own);
}

/* NULL, or what is wrong. */
static const char *prepare(struct wl_job *job)
{
	struct own *own;

	if(!job->load->mw)
		return "calls need --core";
	own = calloc(1, sizeof *own);
	if(!own)
		return "no memory";
	job->own = own;
	own->ring = wl_hist_new();
	if(own->ring)
		return NULL;
	end(job);
	return "no memory";
}

static void failed(struct wl_job *job, const struct wl_called *r)
{
	if(r->why)
		wl_job_failed(job, r->why);
	else
		wl_job_refused(job, r->status, r->retry_after);
}

/* ---- call ---- */

static const char *begin_call(struct wl_job *job, const struct wl_command *c)
{
	if(c->number[0] <= 0 || c->number[0] * c->number[1] < 1 || c->number[2] < 0)
		return "RATE and SECONDS must be above 0";
	job->pace = wl_pace(job->start, c->number[0], (uint64_t)(c->number[0] * c->number[1]));
	return prepare(job);
}

static void call_over(void *job, const struct wl_called *r)
{
	struct own *own = ((struct wl_job *)job)->own;

	if(!r->ok) {
		failed(job, r);
		return;
	}
	if(r->rang > 0)
		wl_hist_add(own->ring, r->rang - r->due);
	if(r->way == WL_FROM_WIC)
		own->from_wic++;
	else
		own->to_wic++;
	wl_job_took(job, r->answered - r->due);
}

/* The next WIC that can talk; NULL: none can. */
static struct wl_wic *next_live(struct wl_load *load)
{
	struct wl_wics *wics = &load->wics;
	struct wl_wic *w;
	unsigned i;

	for(i = 0; i < wics->count; i++) {
		w = &wics->at[load->calls.cursor];
		load->calls.cursor = (load->calls.cursor + 1) % wics->count;
		if(wl_wic_live(w))
			return w;
	}
	return NULL;
}

static void act_call(struct wl_job *job, int64_t due)
{
	struct own *own = job->own;
	enum wl_way way = own->next++ % 2 == 0 ? WL_FROM_WIC : WL_TO_WIC;
	struct wl_wic *w = next_live(job->load);

	if(!w)
		wl_job_failed(job, "busy");
	else if(!wl_call_begin(job->load, way, w->number, due, job->command.number[2], call_over, job))
		wl_job_failed(job, "unreachable");
}

static void print_call(const struct wl_job *job, FILE *to)
{
	const struct own *own = job->own;

	fprintf(to, ",\"from_wic\":%llu,\"to_wic\":%llu,", (unsigned long long)own->from_wic,
			(unsigned long long)own->to_wic);
	wl_hist_print(to, own->ring, "_ring");
	wl_mw_print(job->load->mw, to);
}

const struct wl_verb wl_verb_call = {"call",   "RATE SECONDS HOLD", false, 3, begin_call,
									 act_call, print_call,          end};

/* ---- ring ---- */

static const double LATE = 1; /* s */

static const char *begin_ring(struct wl_job *job, const struct wl_command *c)
{
	if(c->number[0] <= 0)
		return "RATE must be above 0";
	job->pace = wl_pace(job->start, c->number[0], wl_users_count(job->load->users));
	return prepare(job);
}

static bool agrees(struct wl_job *job, unsigned user, int64_t began, unsigned status, int64_t by)
{
	struct own *own = job->own;
	enum wl_verdict said = wl_ledger_called(job->load->ledger, user, began, wl_now(), status, by);

	own->doubtful += said == WL_DOUBTFUL;
	return said != WL_DIFFERS;
}

static void judge(struct wl_job *job, const struct wl_called *r)
{
	struct own *own = job->own;

	if(r->rang > 0)
		wl_hist_add(own->ring, r->rang - r->due);
	if(!agrees(job, r->user, r->began, r->accepted ? 200 : r->status, r->by)) {
		wl_job_failed(job, "differs");
		return;
	}
	if(!r->ok && (r->accepted || !wl_nobody_there(r->status))) {
		failed(job, r);
		return;
	}
	if(r->ok)
		own->rang++;
	else
		own->refused++;
	wl_job_took(job, r->answered - r->due);
}

/* A call that is judged a little later. */
struct late
{
	struct ev_timer timer;
	struct wl_job *job;
	struct wl_called result;
};

static void on_late(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct late *late = timer->data;

	(void)loop;
	(void)events;
	judge(late->job, &late->result);
	free(late);
}

/* A server that ends a connection refuses calls at once, and the news of the end
 * may come behind such an answer. */
static void ring_over(void *of, const struct wl_called *r)
{
	struct wl_job *job = of;
	struct late *late;

	late = r->accepted || wl_ledger_expect(job->load->ledger, r->user, wl_now()) != WL_EXPECT_RING
				   ? NULL
				   : calloc(1, sizeof *late);
	if(!late) {
		judge(job, r);
		return;
	}
	late->job = job;
	late->result = *r;
	ev_timer_init(&late->timer, on_late, LATE, 0);
	late->timer.data = late;
	ev_timer_start(job->load->loop, &late->timer);
}

static void act_ring(struct wl_job *job, int64_t due)
{
	struct own *own = job->own;
	unsigned user = (unsigned)own->next++;

	if(wl_call_begin(job->load, WL_TO_WIC, user, due, 0, ring_over, job))
		return;
	/* the core itself says so */
	if(!agrees(job, user, wl_now(), 404, -1)) {
		wl_job_failed(job, "differs");
		return;
	}
	own->nowhere++;
	wl_job_ok(job, due);
}

static void print_ring(const struct wl_job *job, FILE *to)
{
	const struct own *own = job->own;

	fprintf(to, ",\"rang\":%llu,\"refused\":%llu,\"nowhere\":%llu,\"doubtful\":%llu,\"ledger\":{",
			(unsigned long long)own->rang, (unsigned long long)own->refused,
			(unsigned long long)own->nowhere, (unsigned long long)own->doubtful);
	wl_ledger_print(to, job->load->ledger);
	fputs("},", to);
	wl_hist_print(to, own->ring, "_ring");
	wl_mw_print(job->load->mw, to);
}

const struct wl_verb wl_verb_ring = {"ring",     "RATE",   false,      1,
									 begin_ring, act_ring, print_ring, end};
