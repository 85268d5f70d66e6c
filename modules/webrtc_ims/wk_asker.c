/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The wims process's part of asking about tokens: what is asked now, and who
 * waits for it. */

#include "wk_introspect.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem/shm_mem.h"
#include "provision/wims_key_path.h"
#include "wk_env.h"
#include "wk_fetch.h"
#include "wk_provision.h"
#include "wk_params.h"
#include "wk_state.h"
#include "wk_stats.h"

enum
{
	/* Of WIMS_FETCH_OPEN_MAX in all; keys are fetched beside. */
	FETCHES_MAX = 192,
	FETCHES_EACH_SERVER = 24
};

/* One token, and all requests that wait for it. */
struct question
{
	struct question *next;
	struct wk_lookup *first, *last; /* never empty */
	bool asked;
	uint32_t provision; /* once asked: generation that it was asked by */
	bool hurried;       /* it waited here, and left the server less time than it may take */
};

static struct question *questions; /* oldest first */
static struct question **end = &questions;
static unsigned fetches;

/* ---- handing back ---- */

static void settle(struct wk_lookup *l, enum wims_reason r, struct wims_pl answer)
{
	l->outcome = r;
	if(r != WIMS_OK)
		return;
	if((l->answer = shm_malloc(answer.l)) == NULL) {
		l->outcome = WIMS_NOMEM;
		return;
	}
	memcpy(l->answer, answer.p, answer.l);
	l->answer_len = answer.l;
}

/* The end of a question: all who wait for it hear the same. */
static void answer_all(struct question *q, enum wims_reason r, struct wims_pl answer)
{
	struct question **at = &questions;
	struct wk_lookup *l, *next;

	while(*at != q)
		at = &(*at)->next;
	*at = q->next;
	if(end == &q->next)
		end = at;
	for(l = q->first; l != NULL; l = next) {
		next = l->next;
		l->provision = q->provision;
		settle(l, r, answer);
		wk_introspect_resume(l);
	}
	free(q);
}

/* ---- asking ---- */

/* Statuses by which a server that works refuses this one question. Whoever sends
 * tokens may choose them so that it does: that must not keep others away from
 * it. */
static bool about_the_token(int status)
{
	return status == 400 || status == 413 || status == 414 || status == 422 || status == 431;
}

static enum wk_asked whose_fault(const struct question *q, const struct wims_fetch_answer *a)
{
	if(a->outcome == WIMS_FETCH_TIMEOUT && q->hurried)
		return WK_ASKED_NOT;
	switch(a->outcome) {
		case WIMS_FETCH_OK:
			return WK_ASKED_ANSWERED;
		case WIMS_FETCH_STATUS:
			return about_the_token(a->status) ? WK_ASKED_NOT : WK_ASKED_FAILED;
		case WIMS_FETCH_FAILED:
		case WIMS_FETCH_BUSY:
		case WIMS_FETCH_CHILD:
			return WK_ASKED_NOT;
		default:
			return WK_ASKED_FAILED;
	}
}

/* RFC 7662 2.3: our own credentials are wrong. That is for the operator, and no
 * fault of the WIC. */
static void tell_credentials(const struct wk_lookup *l, const struct wims_fetch_answer *a)
{
	if(a->status == 401 || a->status == 403)
		LM_ERR("token server of %s answers %d: it does not accept client_id and client_secret\n",
			   l->wwsf, a->status);
}

static void on_answer(void *ctx, const struct wims_fetch_answer *a)
{
	struct question *q = ctx;
	enum wk_asked what = whose_fault(q, a);
	enum wims_reason r = WIMS_TOKEN_SERVER_FAILED;
	struct wims_pl why = a->why;

	fetches--;
	(*wk_lookup_open(q->first))--;
	if(a->outcome == WIMS_FETCH_BUSY) {
		q->asked = false; /* again with the next tick */
		return;
	}
	if(what == WK_ASKED_ANSWERED)
		r = wims_introspection_active(wk_env(), a->body);
	if(what == WK_ASKED_ANSWERED && r == WIMS_TOKEN_SERVER_FAILED) {
		what = WK_ASKED_FAILED;
		why = WIMS_PL("no answer of RFC 7662");
	}
	tell_credentials(q->first, a);
	wk_lookup_report(q->first, what, what == WK_ASKED_ANSWERED ? WIMS_PL_NONE : why);
	answer_all(q, r, a->body);
}

/* Its name as the fetching process finds it. */
static bool ca_path(char *buf, size_t size, struct wims_pl name)
{
	buf[0] = '\0';
	return name.l == 0 || wims_key_path(buf, size, wims_pl_str(wk_params.provisioning), name);
}

static bool start(struct question *q, const struct wims_introspection *to, int64_t left)
{
	static char body[WIMS_INTROSPECTION_REQUEST_MAX];
	char ca_file[PATH_MAX];
	const struct wk_lookup *l = q->first;
	struct wims_fetch_in in = {.url = to->endpoint,
							   .user = to->client_id,
							   .password = to->client_secret,
							   .timeout_ms = (uint32_t)left,
							   .max_bytes = WIMS_INTROSPECTION_ANSWER_MAX};
	struct wims_w w;

	if(!ca_path(ca_file, sizeof(ca_file), to->ca_file))
		return false;
	in.ca_file = wims_pl_str(ca_file);
	wims_w_init(&w, body, sizeof(body));
	wims_introspection_request(&w, (struct wims_pl){l->token, l->token_len});
	in.post_body = wims_w_done(&w);
	q->hurried = left < to->timeout_ms * 3 / 4;
	q->provision = wk_provision_taken();
	q->asked = w.ok && wk_fetch_start(&in, on_answer, q);
	wims_wipe(body, w.len);
	return q->asked;
}

static void give_up(struct question *q, struct wims_pl why)
{
	wk_lookup_report(q->first, WK_ASKED_NOT, why);
	answer_all(q, WIMS_TOKEN_SERVER_FAILED, WIMS_PL_NONE);
}

/* May end q. */
static void try_question(struct question *q)
{
	const struct wk_lookup *l = q->first;
	const struct wims_wwsf *w = wims_provision_by_name(wk_provision(), wims_pl_str(l->wwsf));
	int64_t left = l->deadline - wk_now_ms();
	unsigned *open = wk_lookup_open(l);

	if(w == NULL || w->introspection.endpoint.l == 0) {
		give_up(q, WIMS_PL("not provisioned any more"));
	} else if(left <= 0) {
		give_up(q, WIMS_PL("too many tokens were asked about before"));
	} else if(wk_lookup_shut(l)) {
		answer_all(q, WIMS_TOKEN_SERVER_FAILED, WIMS_PL_NONE);
	} else if(fetches < FETCHES_MAX && *open < FETCHES_EACH_SERVER) {
		if(!start(q, &w->introspection, left)) {
			give_up(q, WIMS_PL("nothing can be fetched now"));
			return;
		}
		wk_stats_event(WK_EV_INTROSPECTIONS);
		fetches++;
		(*open)++;
	}
}

/* ---- what is new ---- */

/* Not one that the server of an older provisioning is asked: a request that came
 * after the reload is judged by the new one. */
static struct question *same_question(const struct wk_lookup *l)
{
	struct question *q;

	for(q = questions; q != NULL; q = q->next)
		if((!q->asked || q->provision == wk_provision_taken())
		   && memcmp(q->first->digest, l->digest, sizeof(l->digest)) == 0)
			return q;
	return NULL;
}

static void add(struct wk_lookup *l)
{
	struct question *q = same_question(l);

	l->next = NULL;
	if(q != NULL) {
		q->last->next = l;
		q->last = l;
		return;
	}
	if((q = malloc(sizeof(*q))) == NULL) {
		settle(l, WIMS_NOMEM, WIMS_PL_NONE);
		wk_introspect_resume(l);
		return;
	}
	*q = (struct question){.first = l, .last = l};
	*end = q;
	end = &q->next;
}

void wk_introspect_ask(void)
{
	struct wk_lookup *l = wk_lookup_take(), *after;
	struct question *q, *next;

	if((l != NULL || questions != NULL) && !wk_provision_refresh())
		LM_ERR("no provisioning in this process\n");
	for(; l != NULL; l = after) {
		after = l->next;
		add(l);
	}
	for(q = questions; q != NULL; q = next) {
		next = q->next;
		if(!q->asked)
			try_question(q);
	}
}
