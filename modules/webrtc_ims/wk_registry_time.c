/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_registry_time.h"

#include "core/script_cb.h"
#include "wk_params.h"

/* Of this process. */
static bool at_work;
static int64_t left_us;

/* The script begins, also once more for a request that was suspended. */
static int on_begin(sip_msg_t *msg, unsigned int flags, void *param)
{
	(void)msg;
	(void)flags;
	(void)param;
	at_work = true;
	left_us = wk_params.registrar_timeout_ms * INT64_C(1000);
	return 1;
}

static int on_end(sip_msg_t *msg, unsigned int flags, void *param)
{
	(void)msg;
	(void)flags;
	(void)param;
	at_work = false;
	return 1;
}

int wk_registry_time_init(void)
{
	const unsigned int when = REQUEST_CB | ONREPLY_CB | FAILURE_CB;

	if(register_script_cb(on_begin, PRE_SCRIPT_CB | when, NULL) == 0
	   && register_script_cb(on_end, POST_SCRIPT_CB | when, NULL) == 0)
		return 0;
	LM_ERR("no callback for the script\n");
	return -1;
}

int64_t wk_registry_time_left(void)
{
	return at_work ? left_us : INT64_MAX;
}

void wk_registry_time_used(int64_t us)
{
	left_us -= us;
}
