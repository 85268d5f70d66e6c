/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The commands. The long ones have files of their own. */

#include "verbs.h"

#include "load.h"

#include <string.h>

static const char bad_rate[] = "COUNT and RATE must be above 0";

static const char *begin_count(struct wl_job *job, const struct wl_command *c)
{
	if(c->number[0] < 1 || c->number[1] <= 0)
		return bad_rate;
	job->pace = wl_pace(job->start, c->number[1], (uint64_t)c->number[0]);
	return NULL;
}

static const char *begin_refresh(struct wl_job *job, const struct wl_command *c)
{
	if(c->number[0] <= 0 || c->number[0] * c->number[1] < 1)
		return "RATE and SECONDS must be above 0";
	job->pace = wl_pace(job->start, c->number[0], (uint64_t)(c->number[0] * c->number[1]));
	return NULL;
}

/* The next WIC of that state. NULL: none, and the action has failed. */
static struct wl_wic *one(struct wl_job *job, enum wl_state state)
{
	struct wl_wic *w = wl_wics_idle(&job->load->wics, state);

	if(w == NULL)
		wl_job_failed(job, "busy");
	return w;
}

static void act_open(struct wl_job *job, int64_t due)
{
	struct wl_wic *w = one(job, WL_CLOSED);

	if(w != NULL)
		wl_wic_open(w, wl_wic_tell_job, job, due);
}

static void act_register(struct wl_job *job, int64_t due)
{
	struct wl_wic *w = one(job, WL_OPEN);

	if(w != NULL)
		wl_wic_register(w, job->load->options->expires, wl_wic_tell_job, job, due);
}

static void act_refresh(struct wl_job *job, int64_t due)
{
	struct wl_wic *w = one(job, WL_REGISTERED);

	if(w != NULL)
		wl_wic_register(w, job->load->options->expires, wl_wic_tell_job, job, due);
}

static void act_unregister(struct wl_job *job, int64_t due)
{
	struct wl_wic *w = one(job, WL_REGISTERED);

	if(w != NULL)
		wl_wic_register(w, 0, wl_wic_tell_job, job, due);
}

static const char *begin_sleep(struct wl_job *job, const struct wl_command *c)
{
	job->pace = wl_pace(job->start + (int64_t)(c->number[0] * (double)WL_SECOND), 1, 1);
	return NULL;
}

static void act_sleep(struct wl_job *job, int64_t due)
{
	wl_job_ok(job, due);
}

static const char *begin_await(struct wl_job *job, const struct wl_command *c)
{
	(void)c;
	wl_script_await(job->load->script, job);
	return NULL;
}

static void print_ledger(const struct wl_job *job, FILE *to)
{
	fputs(",\"ledger\":{", to);
	wl_ledger_print(to, job->load->ledger);
	fputc('}', to);
}

static const struct wl_verb short_verbs[] = {
		{"open", "COUNT RATE", false, 2, begin_count, act_open, NULL, NULL},
		{"register", "COUNT RATE", false, 2, begin_count, act_register, NULL, NULL},
		{"refresh", "RATE SECONDS", false, 2, begin_refresh, act_refresh, NULL, NULL},
		{"unregister", "COUNT RATE", false, 2, begin_count, act_unregister, NULL, NULL},
		{"sleep", "SECONDS", false, 1, begin_sleep, act_sleep, NULL, NULL},
		{"wait", "", false, 0, begin_await, NULL, NULL, NULL},
		{"quit", "", false, 0, begin_await, NULL, print_ledger, NULL},
};

static const struct wl_verb *const verbs[] = {
		&short_verbs[0], &short_verbs[1], &short_verbs[2], &short_verbs[3],
		&wl_verb_call,   &wl_verb_lose,   &wl_verb_back,   &wl_verb_ring,
		&short_verbs[4], &short_verbs[5], &short_verbs[6],
};

const struct wl_verb *wl_verb_find(const char *name)
{
	for(size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if(strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

void wl_verbs_print(FILE *to)
{
	for(size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		fprintf(to, "  %s %s\n", verbs[i]->name, verbs[i]->form);
}
