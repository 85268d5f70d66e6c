/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_event.h"

#include <string.h>

#include "core/action.h"
#include "core/fmsg.h"
#include "core/receive.h"
#include "core/route.h"
#include "wk_params.h"
#include "wk_result.h"

static struct route_of_kind
{
	str name;
	int index; /* in event_rt; -1: the script has none */
} routes[WK_ON_COUNT] = {
		[WK_ON_TOKEN_EXPIRED] = {str_init("webrtc-ims:token-expired"), -1},
		[WK_ON_KEY_TROUBLE] = {str_init("webrtc-ims:key-trouble"), -1},
		[WK_ON_RANGE_REGISTERED] = {str_init("webrtc-ims:range-registered"), -1},
		[WK_ON_RANGE_LOST] = {str_init("webrtc-ims:range-lost"), -1},
		[WK_ON_BLOCK_USED_UP] = {str_init("webrtc-ims:block-used-up"), -1},
		[WK_ON_MEDIA_OVER] = {str_init("webrtc-ims:media-over"), -1},
};

int wk_event_init(void)
{
	size_t i;

	if(*wk_params.event_callback != '\0' && sr_kemi_eng_get() == NULL) {
		LM_ERR("modparam event_callback=%s: must be empty without a KEMI engine\n",
			   wk_params.event_callback);
		return -1;
	}
	for(i = 0; i < WK_ON_COUNT; i++) {
		int at = route_lookup(&event_rt, routes[i].name.s);

		/* one that is only named somewhere has no actions */
		routes[i].index = at >= 0 && event_rt.rlist[at] != NULL ? at : -1;
	}
	return 0;
}

static void run_kemi(sip_msg_t *msg, str *name)
{
	str callback = {wk_params.event_callback, (int)strlen(wk_params.event_callback)};

	if(sr_kemi_route(sr_kemi_eng_get(), msg, EVENT_ROUTE, &callback, name) < 0)
		LM_ERR("event_callback=%s failed for %.*s\n", callback.s, STR_FMT(name));
}

static void run(sip_msg_t *msg, struct route_of_kind *route)
{
	int outer = get_route_type();

	set_route_type(EVENT_ROUTE);
	if(*wk_params.event_callback != '\0')
		run_kemi(msg, &route->name);
	else
		run_top_route(event_rt.rlist[route->index], msg, NULL);
	set_route_type(outer);
}

void wk_event_run(enum wk_event_kind kind, const struct wk_event_fields *fields)
{
	struct wk_result *res;
	sip_msg_t *msg;

	if(*wk_params.event_callback == '\0' && routes[kind].index < 0)
		return;
	if(faked_msg_init() < 0) {
		LM_ERR("no message for %.*s\n", STR_FMT(&routes[kind].name));
		return;
	}
	msg = faked_msg_next_clear();
	res = wk_result(msg);
	res->event = fields;
	res->connection = fields->connection;
	wk_result_identity(res, fields->impu, fields->impi);
	run(msg, &routes[kind]);
	/* AVPs of the route are in shared memory, and no message ends here */
	ksr_msg_env_reset();
	res->event = NULL;
}
