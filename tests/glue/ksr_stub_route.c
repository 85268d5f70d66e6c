/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "core/action.h"
#include "core/fmsg.h"
#include "core/route.h"
#include "ksr_int.h"

/* Event routes and the KEMI engine: both only note down that they ran. */

struct ksr_route ksr_route;
struct route_list event_rt, main_rt;
struct ksr_async ksr_async;
int route_type = REQUEST_ROUTE;
static struct action *routes[1], *main_routes[2];
static struct action some_action;
static sr_kemi_eng_t engine;
static sip_msg_t *faked;

void ksr_route_reset(void)
{
	memset(&ksr_route, 0, sizeof(ksr_route));
	route_type = REQUEST_ROUTE;
	event_rt.rlist = routes;
	memset(&ksr_async, 0, sizeof(ksr_async));
	ksr_async.workers = 1;
	main_rt.rlist = main_routes;
	if(faked != NULL)
		ksr_msg_free(faked);
	faked = NULL;
}

int route_lookup(struct route_list *rt, char *name)
{
	if(rt == &main_rt) {
		main_routes[1] = ksr_route.empty ? NULL : &some_action;
		return ksr_async.route != NULL && strcmp(name, ksr_async.route) == 0 ? 1 : -1;
	}
	assert_ptr_equal(rt, &event_rt);
	routes[0] = ksr_route.empty ? NULL : &some_action;
	return ksr_route.name != NULL && strcmp(name, ksr_route.name) == 0 ? 0 : -1;
}

static int ran(sip_msg_t *msg, const char *how)
{
	assert_ptr_equal(msg, faked);
	assert_int_equal(route_type, EVENT_ROUTE);
	ksr_route.runs++;
	ksr_route.how = how;
	if(ksr_route.look != NULL)
		ksr_route.look(msg);
	return ksr_route.fails ? -1 : 1;
}

int run_top_route(struct action *a, sip_msg_t *msg, struct run_act_ctx *c)
{
	assert_ptr_equal(a, &some_action);
	return ran(msg, "route");
}

sr_kemi_eng_t *sr_kemi_eng_get(void)
{
	return ksr_route.engine ? &engine : NULL;
}

int sr_kemi_route(sr_kemi_eng_t *keng, sip_msg_t *msg, int rtype, str *ename, str *edata)
{
	assert_ptr_equal(keng, &engine);
	assert_int_equal(rtype, EVENT_ROUTE);
	snprintf(ksr_route.callback, sizeof(ksr_route.callback), "%.*s(%.*s)", STR_FMT(ename),
			 STR_FMT(edata));
	return ran(msg, "kemi");
}

/* ---- async workers ---- */

int async_task_workers_get(void)
{
	return ksr_async.workers;
}

int async_task_push(async_task_t *task)
{
	if(ksr_async.push_fails)
		return -1;
	assert_true(ksr_async.count < KSR_TASKS_MAX);
	ksr_async.tasks[ksr_async.count++] = task;
	return 0;
}

size_t ksr_async_run(void)
{
	size_t i, n = ksr_async.count;
	async_task_t *tasks[KSR_TASKS_MAX];

	memcpy(tasks, ksr_async.tasks, n * sizeof(tasks[0]));
	ksr_async.count = 0;
	for(i = 0; i < n; i++) {
		tasks[i]->exec(tasks[i]->param);
		shm_free(tasks[i]);
	}
	return n;
}

int faked_msg_init(void)
{
	return ksr_route.no_message ? -1 : 0;
}

void ksr_msg_env_reset(void)
{
	ksr_route.resets++;
}

sip_msg_t *faked_msg_next_clear(void)
{
	if(faked != NULL)
		ksr_msg_free(faked);
	faked = ksr_msg(PROTO_UDP, 0,
					"OPTIONS sip:you@kamailio.org SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1\n"
					"From: <sip:you@kamailio.org>;tag=123\nTo: <sip:you@kamailio.org>\n"
					"Call-ID: 123\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n");
	return faked;
}
