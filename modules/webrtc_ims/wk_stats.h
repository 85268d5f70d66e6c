/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_STATS_H
#define WK_STATS_H

/* Counters in the group "webrtc_ims": one for each outcome (named as its
 * text) and those below; the gauges come from the flow table. */

#include "wk.h"

/* clang-format off */
#define WK_EVENTS(X)                                                       \
	X(CONNECTIONS_OPENED, "connections_opened", "handshakes accepted")       \
	X(CONNECTIONS_LOST,   "connections_lost",   "connections that ended")    \
	X(CONNECTIONS_CLOSED, "connections_closed", "connections closed by us")  \
	X(CONNECTIONS_CUT,    "connections_cut",    "TCP cut after our Close frame") \
	X(HANDSHAKES_CUT,     "handshakes_cut",     "connections cut that became no WebSocket in time") \
	X(LOST_BY_SWEEP,      "lost_by_sweep",      "ends that no event told of") \
	X(TOKEN_ENDS,         "token_ends",         "registrations that ended with their token") \
	X(REGISTERED,         "registered",         "2xx to REGISTER taken over") \
	X(DEREG_SENT,         "dereg_sent",         "de-REGISTERs of our own sent") \
	X(DEREG_LEFT,         "dereg_left",         "registrations left to run out in the core") \
	X(DEREG_FAILED,       "dereg_failed",       "de-REGISTERs not answered 2xx") \
	X(CONTACTS_ENDED,     "contacts_ended",     "contacts in ranges that no REGISTER removed") \
	X(REVOKED_REGISTRATIONS, "revoked_registrations", "registrations ended by a revocation") \
	X(STRIKES,            "strikes",            "refusals that count towards a ban") \
	X(BANS,               "bans",               "addresses banned by us") \
	X(EMERGENCIES,        "emergencies",        "emergency calls and messages sent on to the E-CSCF") \
	X(BYE_SENT,           "bye_sent",           "BYEs sent for lost WICs")   \
	X(EARLY_LOST,         "early_lost",         "requests and branches ended whose WIC was lost before an answer") \
	X(TOKEN_CACHE_HITS,   "token_cache_hits",   "tokens found in the cache") \
	X(TOKEN_CACHE_MISSES, "token_cache_misses", "tokens looked for in vain") \
	X(INTROSPECTIONS,     "introspections",     "questions put to token servers") \
	X(INTROSPECTION_FAILURES, "introspection_failures", "tokens of which none was answered") \
	X(FETCHES,            "fetches",            "documents asked for") \
	X(FETCH_FAILURES,     "fetch_failures",     "of these: not brought") \
	X(FETCH_RESTARTS,     "fetch_restarts",     "the fetching process was started again") \
	X(KEY_REFRESHES,        "key_refreshes",        "key sets of WWSFs fetched, new or not") \
	X(KEY_REFRESH_FAILURES, "key_refresh_failures", "attempts that brought no good set") \
	X(KEY_SETS,             "key_sets",             "fetched sets that were new") \
	X(KEY_SETS_ENDED,       "key_sets_ended",       "sets given up because no refresh succeeded") \
	X(RANGE_REGISTERS,        "range_registers",        "REGISTERs sent for ranges") \
	X(RANGE_REGISTERS_FAILED, "range_registers_failed", "of these: not answered 2xx") \
	X(RANGES_LOST,            "ranges_lost",            "ranges that were registered and are no more") \
	X(LEASES_TAKEN,           "leases_taken",           "registrations of ranges that this node took over or began") \
	X(LEASES_LOST,            "leases_lost",            "registrations of ranges that another node has taken") \
	X(LEASES_UNREADABLE,      "leases_unreadable",      "answers about a lease that cannot be read") \
	X(RANGE_WAITS,            "range_waits",            "REGISTERs of WICs that waited for their range") \
	X(RANGE_WAIT_TIMEOUTS,    "range_wait_timeouts",    "of these: in vain") \
	X(SUBSCRIBES,          "subscribes",          "SUBSCRIBEs to registrations sent") \
	X(SUBSCRIBES_FAILED,   "subscribes_failed",   "of these: not answered 2xx") \
	X(NOTIFIES,            "notifies",            "NOTIFYs that brought news") \
	X(SUBSCRIPTIONS_MISSED, "subscriptions_missed", "registrations of WICs that could not be subscribed to") \
	X(NETWORK_ENDS,        "network_ends",        "registrations of WICs that the network ended") \
	X(NETWORK_SHORTENS,    "network_shortens",    "registrations of WICs that the network shortened") \
	X(REGISTRAR_STEPS,     "registrar_steps",     "steps of the registrar's store") \
	X(REGISTRAR_FAILURES,  "registrar_failures",  "of these: not answered, or badly") \
	X(REGISTRAR_IGNORED,   "registrar_ignored",   "contacts and entries of the registrar that cannot be read") \
	X(REGISTRAR_CONFLICTS, "registrar_conflicts", "registrations ended because an older owner has the IMPU") \
	X(REGISTRAR_DISPLACED, "registrar_displaced", "IMPUs that an older owner here took back") \
	X(REGISTRAR_AGAIN,     "registrar_again",     "contacts of this node told to the registrar again") \
	X(REGISTRAR_STRAYS,    "registrar_strays",    "contacts that had ended here, and that the registrar still had") \
	X(PEER_REQUESTS,       "peer_requests",       "requests sent on to other eP-CSCFs") \
	X(PEER_LOST,           "peer_lost",           "branches ended whose eP-CSCF died") \
	X(REGISTRAR_LOCAL,     "registrar_local",     "requests judged without the registrar, which was away") \
	X(REFUSED_REGISTERS,   "refused_registers",   "REGISTERs of WICs not registered refused for overload") \
	X(REFUSED_REQUESTS,    "refused_requests",    "requests outside dialogs refused for overload") \
	X(REFUSED_REFRESHES,   "refused_refreshes",   "REGISTERs of registered WICs refused for overload") \
	X(REFUSED_IN_DIALOG,   "refused_in_dialog",   "requests inside dialogs refused for overload") \
	X(STATE_FAILURES,     "state_failures",     "files of the state directory not written")
/* clang-format on */

#define WK_EVENT_ENUM(id, name, text) WK_EV_##id,
enum wk_event
{
	WK_EVENTS(WK_EVENT_ENUM) WK_EVENT_COUNT
};
#undef WK_EVENT_ENUM

int wk_stats_register(void);
void wk_stats_reason(enum wims_reason r);
void wk_stats_event(enum wk_event e);
void wk_stats_events(enum wk_event e, uint64_t n);
/* Of all processes since the start. */
long wk_stats_value(enum wk_event e);

#endif
