/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_suspend.h"

#include <string.h>

#include "core/mem/shm_mem.h"
#include "core/route.h"
#include "flow/wims_flow_rate.h"
#include "wk_state.h"
#include "wk_tm.h"

/* ---- where it goes on ---- */

int wk_resume_fixup(const char *function, void **param)
{
	const char *name = *param;
	int route = route_lookup(&main_rt, (char *)name);

	if(route < 0 || main_rt.rlist[route] == NULL) {
		LM_ERR("%s(\"%s\"): there must be a route of that name\n", function, name);
		return -1;
	}
	*param = (void *)(long)route;
	return 0;
}

bool wk_resume_named(struct wk_resume_at *to, const char *function, const str *route)
{
	*to = (struct wk_resume_at){.callback = wk_pl(route)};
	if(to->callback.l > 0 && to->callback.l <= WK_ROUTE_MAX)
		return true;
	LM_ERR("%s: the name of a function must have 1..%d bytes\n", function, WK_ROUTE_MAX);
	return false;
}

/* ---- the worker that has the request ---- */

bool wk_suspended_init(struct wk_suspended *s, const struct wk_resume_at *to)
{
	*s = (struct wk_suspended){.route = to->route, .task = shm_malloc(sizeof(*s->task))};
	if(to->callback.l > 0)
		memcpy(s->callback, to->callback.p, to->callback.l);
	return s->task != NULL;
}

void wk_suspended_clear(struct wk_suspended *s)
{
	if(s->task != NULL)
		shm_free(s->task);
	s->task = NULL;
}

enum wims_reason wk_suspend(sip_msg_t *msg, struct wk_suspended *s, unsigned ms)
{
	struct cell *t = wk_tm_transaction(msg);

	if(t == NULL)
		return WIMS_INTERNAL;
	s->fr_timeout = t->fr_timeout;
	if(wk_tm.set_fr(msg, 0, ms + WK_SUSPEND_SPARE_MS) < 0)
		return WIMS_INTERNAL;
	if(wk_tm.t_suspend(msg, &s->hash_index, &s->label) == 0) {
		wims_flow_patience(wk_flows_lock(), (uint32_t)msg->rcv.proto_reserved1, ms, wk_now_ms());
		wk_flows_unlock();
		return WIMS_OK;
	}
	t->fr_timeout = s->fr_timeout;
	return WIMS_INTERNAL;
}

/* ---- the wims process ---- */

static struct wk_suspended *left; /* that no async worker could take */

void wk_suspended_hand_over(struct wk_suspended *s, void (*go_on)(void *param), void *param)
{
	async_task_t *task = s->task;

	task->exec = go_on;
	task->param = param;
	s->task = NULL; /* the worker frees it, and may be done with s already */
	if(async_task_push(task) >= 0)
		return;
	s->task = task;
	s->next = left;
	left = s;
}

void wk_suspended_retry(void)
{
	struct wk_suspended *s = left, *next;

	left = NULL;
	for(; s != NULL; s = next) {
		next = s->next;
		wk_suspended_hand_over(s, s->task->exec, s->task->param);
	}
}

/* ---- the async worker ---- */

void wk_suspended_go_on(struct wk_suspended *s, const char *event)
{
	str callback = {s->callback, (int)strlen(s->callback)};
	str name = {(char *)event, (int)strlen(event)};

	if(callback.len > 0)
		wk_tm.t_continue_cb(s->hash_index, s->label, &callback, &name);
	else
		wk_tm.t_continue(s->hash_index, s->label, main_rt.rlist[s->route]);
}

bool wk_suspended_here(const struct wk_suspended *s)
{
	const struct cell *t = wk_tm.t_gett();

	return s != NULL && t != NULL && t != T_UNDEFINED && t->hash_index == s->hash_index
		   && t->label == s->label;
}

void wk_suspended_timeout_back(const struct wk_suspended *s)
{
	wk_tm.t_gett()->fr_timeout = s->fr_timeout;
}
