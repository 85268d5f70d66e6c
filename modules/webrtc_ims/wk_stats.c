/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_stats.h"

#include "core/counters.h"
#include "wk_bans.h"
#include "wk_exclusive.h"
#include "wk_keys.h"
#include "wk_load.h"
#include "wk_lookup.h"
#include "wk_queue.h"
#include "wk_rangereg.h"
#include "wk_rangewait.h"
#include "wk_regevent.h"
#include "wk_registry_nodes.h"
#include "wk_registry_queue.h"
#include "wk_revoke.h"
#include "wk_role.h"
#include "wk_state.h"

static counter_handle_t reasons[WIMS_REASON_COUNT];
static counter_handle_t events[WK_EVENT_COUNT];

static struct wims_flow_counts flows(void)
{
	struct wims_flow_counts c;

	wims_flow_counts(wk_flows_lock(), &c);
	wk_flows_unlock();
	return c;
}

/* clang-format off */
/* What is asked for when somebody looks: name, value, text. */
#define GAUGES(X) \
	X(connections, flows().connections, "open WebSockets in the flow table") \
	X(closing, flows().closing, "of these: Close frame sent") \
	X(bindings, flows().bindings, "registered IMPUs") \
	X(waiting, flows().waiting, "bindings whose connection is gone, in their grace") \
	X(pending, flows().pending, "REGISTER transactions open towards the core") \
	X(calls, flows().calls, "dialogs of WICs") \
	X(media_sessions, flows().media, "calls whose media pass the media relay") \
	X(queue_overflows, wk_queue_overflows(), "ends of connections left to the sweep") \
	X(keys_empty, wk_keys_counts().empty, "WWSFs whose published keys are not there") \
	X(keys_stale, wk_keys_counts().stale, "WWSFs whose published keys are past their max-age") \
	X(token_lookups, wk_lookup_count(), "requests that wait for a token server") \
	X(revocations, wk_revoke_count(), "revocations in force") \
	X(banned, wk_bans_count(), "addresses that may open no WebSocket now") \
	X(anonymous, wk_exclusive_count(), "anonymous users that hold their identities") \
	X(ranges, wk_rangereg_counts().ranges, "ranges that this node registers") \
	X(ranges_brought, wk_rangereg_counts().brought, "of these: brought by tokens") \
	X(ranges_registered, wk_rangereg_counts().registered, "of these: registered") \
	X(ranges_failing, wk_rangereg_counts().failing, "of these: refused or not answered") \
	X(range_registers_open, wk_rangereg_counts().in_flight, "REGISTERs for ranges that wait for the core") \
	X(range_waiting, wk_rangewait_count(), "REGISTERs that wait for their range") \
	X(registrar_queue, wk_registry_queue_count(), "ended contacts that the registrar is to be told of") \
	X(registrar_overflows, wk_registry_queue_overflows(), "of these: left to expire there") \
	X(registrar_nodes, wk_registry_nodes_alive(), "nodes of the registrar that live") \
	X(subscriptions, wk_regevent_counts().subscriptions, "subscriptions to registrations that are wanted") \
	X(subscribed, wk_regevent_counts().active, "of these: the core has accepted") \
	X(load_work, wk_load_view().measured.work / WK_LOAD_PERCENT, "percent of their time in which workers are busy") \
	X(load_behind, wk_load_view().measured.behind / WK_LOAD_PERCENT, "the same, of workers that get nothing of what WICs are refused") \
	X(load_queue, wk_load_view().measured.queue / WK_LOAD_PERCENT, "percent of UDP buffers that are filled") \
	X(load_memory, wk_load_view().measured.memory / WK_LOAD_PERCENT, "percent of shared memory in use") \
	X(load_refusing, wk_load_view().measured.refusing / WK_LOAD_PERCENT, "percent of the running time of workers that goes into refusing refreshes") \
	X(overload, wk_load_level() / WK_LEVEL_PERCENT, "level of what is refused for overload, 0 to 400")

#define GAUGE_FUNCTION(name, value, text) \
	static counter_val_t name##_now(counter_handle_t h, void *param) \
	{ \
		return (counter_val_t)(value); \
	}
GAUGES(GAUGE_FUNCTION)

#define REASON_ROW(id, text, code, phrase, error, close) \
	{&reasons[WIMS_##id], text, 0, 0, 0, "requests with this outcome"},
#define GAUGE_ROW(name, value, text) {0, #name, 0, name##_now, 0, text},
#define EVENT_ROW(id, name, text) {&events[WK_EV_##id], name, 0, 0, 0, text},

static counter_def_t counters[] = {
	WIMS_REASONS(REASON_ROW)
	WK_EVENTS(EVENT_ROW)
	{0, 0, 0, 0, 0, 0}};

static counter_def_t gauges[] = {
	GAUGES(GAUGE_ROW)
	{0, 0, 0, 0, 0, 0}};
/* clang-format on */

int wk_stats_register(void)
{
	if(counter_register_array("webrtc_ims", counters) < 0
	   || (!wk_role_icscf() && counter_register_array("webrtc_ims", gauges) < 0)) {
		LM_ERR("cannot register the counters\n");
		return -1;
	}
	return 0;
}

void wk_stats_reason(enum wims_reason r)
{
	counter_inc(reasons[r]);
}

void wk_stats_event(enum wk_event e)
{
	counter_inc(events[e]);
}

void wk_stats_events(enum wk_event e, uint64_t n)
{
	if(n > 0)
		counter_add(events[e], (int)n);
}

long wk_stats_value(enum wk_event e)
{
	return (long)counter_get_val(events[e]);
}
