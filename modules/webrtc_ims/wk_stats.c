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

enum gauge
{
	CONNECTIONS,
	CLOSING,
	BINDINGS,
	WAITING,
	PENDING,
	CALLS,
	MEDIA,
	OVERFLOWS,
	KEYS_EMPTY,
	KEYS_STALE,
	LOOKUPS,
	REVOCATIONS,
	BANNED,
	ANONYMOUS,
	RANGES,
	RANGES_BROUGHT,
	RANGES_REGISTERED,
	RANGES_FAILING,
	RANGE_REGISTERS_OPEN,
	RANGE_WAITING,
	SUBSCRIPTIONS,
	SUBSCRIBED,
	REGISTRAR_QUEUE,
	REGISTRAR_OVERFLOWS,
	REGISTRAR_NODES
};

static counter_val_t gauge(counter_handle_t h, void *param)
{
	struct wims_flow_counts c;

	wims_flow_counts(wk_flows_lock(), &c);
	wk_flows_unlock();
	switch((enum gauge)(long)param) {
		case CONNECTIONS:
			return (counter_val_t)c.connections;
		case CLOSING:
			return (counter_val_t)c.closing;
		case BINDINGS:
			return (counter_val_t)c.bindings;
		case WAITING:
			return (counter_val_t)c.waiting;
		case PENDING:
			return (counter_val_t)c.pending;
		case CALLS:
			return (counter_val_t)c.calls;
		case MEDIA:
			return (counter_val_t)c.media;
		case OVERFLOWS:
			return (counter_val_t)wk_queue_overflows();
		case KEYS_EMPTY:
			return (counter_val_t)wk_keys_counts().empty;
		case KEYS_STALE:
			return (counter_val_t)wk_keys_counts().stale;
		case LOOKUPS:
			return (counter_val_t)wk_lookup_count();
		case REVOCATIONS:
			return (counter_val_t)wk_revoke_count();
		case BANNED:
			return (counter_val_t)wk_bans_count();
		case ANONYMOUS:
			return (counter_val_t)wk_exclusive_count();
		case RANGES:
			return (counter_val_t)wk_rangereg_counts().ranges;
		case RANGES_BROUGHT:
			return (counter_val_t)wk_rangereg_counts().brought;
		case RANGES_REGISTERED:
			return (counter_val_t)wk_rangereg_counts().registered;
		case RANGES_FAILING:
			return (counter_val_t)wk_rangereg_counts().failing;
		case RANGE_REGISTERS_OPEN:
			return (counter_val_t)wk_rangereg_counts().in_flight;
		case RANGE_WAITING:
			return (counter_val_t)wk_rangewait_count();
		case SUBSCRIPTIONS:
			return (counter_val_t)wk_regevent_counts().subscriptions;
		case SUBSCRIBED:
			return (counter_val_t)wk_regevent_counts().active;
		case REGISTRAR_QUEUE:
			return (counter_val_t)wk_registry_queue_count();
		case REGISTRAR_OVERFLOWS:
			return (counter_val_t)wk_registry_queue_overflows();
		case REGISTRAR_NODES:
			return (counter_val_t)wk_registry_nodes_alive();
	}
	return 0;
}

enum load_gauge
{
	LOAD_WORK,
	LOAD_QUEUE,
	LOAD_MEMORY,
	OVERLOAD
};

static counter_val_t load_gauge(counter_handle_t h, void *param)
{
	struct wk_load_view v = wk_load_view();

	switch((enum load_gauge)(long)param) {
		case LOAD_WORK:
			return (counter_val_t)(v.measured.work / WK_LOAD_PERCENT);
		case LOAD_QUEUE:
			return (counter_val_t)(v.measured.queue / WK_LOAD_PERCENT);
		case LOAD_MEMORY:
			return (counter_val_t)(v.measured.memory / WK_LOAD_PERCENT);
		case OVERLOAD:
			return (counter_val_t)(v.level / WK_LEVEL_PERCENT);
	}
	return 0;
}

/* clang-format off */
#define REASON_ROW(id, text, code, phrase, error, close) \
	{&reasons[WIMS_##id], text, 0, 0, 0, "requests with this outcome"},
#define EVENT_ROW(id, name, text) {&events[WK_EV_##id], name, 0, 0, 0, text},

static counter_def_t counters[] = {
	WIMS_REASONS(REASON_ROW)
	WK_EVENTS(EVENT_ROW)
	{0, 0, 0, 0, 0, 0}};

static counter_def_t gauges[] = {
	{0, "connections",     0, gauge, (void *)CONNECTIONS, "open WebSockets in the flow table"},
	{0, "closing",         0, gauge, (void *)CLOSING,     "of these: Close frame sent"},
	{0, "bindings",        0, gauge, (void *)BINDINGS,    "registered IMPUs"},
	{0, "waiting",         0, gauge, (void *)WAITING,     "bindings whose connection is gone, in their grace"},
	{0, "pending",         0, gauge, (void *)PENDING,     "REGISTER transactions open towards the core"},
	{0, "calls",           0, gauge, (void *)CALLS,       "dialogs of WICs"},
	{0, "media_sessions",  0, gauge, (void *)MEDIA,       "calls whose media pass the media relay"},
	{0, "queue_overflows", 0, gauge, (void *)OVERFLOWS,   "ends of connections left to the sweep"},
	{0, "keys_empty",      0, gauge, (void *)KEYS_EMPTY,  "WWSFs whose published keys are not there"},
	{0, "keys_stale",      0, gauge, (void *)KEYS_STALE,  "WWSFs whose published keys are past their max-age"},
	{0, "token_lookups",   0, gauge, (void *)LOOKUPS,     "requests that wait for a token server"},
	{0, "revocations",     0, gauge, (void *)REVOCATIONS, "revocations in force"},
	{0, "banned",          0, gauge, (void *)BANNED,      "addresses that may open no WebSocket now"},
	{0, "anonymous",       0, gauge, (void *)ANONYMOUS,   "anonymous users that hold their identities"},
	{0, "ranges",            0, gauge, (void *)RANGES,            "ranges that this node registers"},
	{0, "ranges_brought",    0, gauge, (void *)RANGES_BROUGHT,    "of these: brought by tokens"},
	{0, "ranges_registered", 0, gauge, (void *)RANGES_REGISTERED, "of these: registered"},
	{0, "ranges_failing",    0, gauge, (void *)RANGES_FAILING,    "of these: refused or not answered"},
	{0, "range_registers_open", 0, gauge, (void *)RANGE_REGISTERS_OPEN, "REGISTERs for ranges that wait for the core"},
	{0, "range_waiting",     0, gauge, (void *)RANGE_WAITING,     "REGISTERs that wait for their range"},
	{0, "registrar_queue",     0, gauge, (void *)REGISTRAR_QUEUE,     "ended contacts that the registrar is to be told of"},
	{0, "registrar_overflows", 0, gauge, (void *)REGISTRAR_OVERFLOWS, "of these: left to expire there"},
	{0, "registrar_nodes",     0, gauge, (void *)REGISTRAR_NODES,     "nodes of the registrar that live"},
	{0, "subscriptions",   0, gauge, (void *)SUBSCRIPTIONS, "subscriptions to registrations that are wanted"},
	{0, "load_work",       0, load_gauge, (void *)LOAD_WORK,   "percent of their time in which workers are busy"},
	{0, "load_queue",      0, load_gauge, (void *)LOAD_QUEUE,  "percent of UDP buffers that are filled"},
	{0, "load_memory",     0, load_gauge, (void *)LOAD_MEMORY, "percent of shared memory in use"},
	{0, "overload",        0, load_gauge, (void *)OVERLOAD,    "level of what is refused for overload, 0 to 400"},
	{0, "subscribed",      0, gauge, (void *)SUBSCRIBED,  "of these: the core has accepted"},
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
