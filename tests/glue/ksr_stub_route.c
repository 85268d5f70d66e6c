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
struct route_list event_rt;
int route_type = REQUEST_ROUTE;
static struct action *routes[1];
static struct action some_action;
static sr_kemi_eng_t engine;
static sip_msg_t *faked;

void ksr_route_reset(void)
{
	memset(&ksr_route, 0, sizeof(ksr_route));
	route_type = REQUEST_ROUTE;
	event_rt.rlist = routes;
	if(faked != NULL)
		ksr_msg_free(faked);
	faked = NULL;
}

int route_lookup(struct route_list *rt, char *name)
{
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

int faked_msg_init(void)
{
	return ksr_route.no_message ? -1 : 0;
}

sip_msg_t *faked_msg_next(void)
{
	if(faked != NULL)
		ksr_msg_free(faked);
	faked = ksr_msg(PROTO_UDP, 0,
					"OPTIONS sip:you@kamailio.org SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1\n"
					"From: <sip:you@kamailio.org>;tag=123\nTo: <sip:you@kamailio.org>\n"
					"Call-ID: 123\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n");
	return faked;
}
