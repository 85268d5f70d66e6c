/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WK_PARAMS_H
#define WK_PARAMS_H

#include "wk.h"

/* All module parameters, in one place. Text parameters point at Kamailio's
 * configuration; numbers have a range that wk_params_check() enforces. */
struct wk_params
{
	char *role;              /* epcscf or icscf */
	char *provisioning;      /* path of the provisioning file; required */
	char *flow_key_file;     /* path of the flow token key file; empty: a key of this start */
	char *state_dir;         /* directory of what survives a restart; empty: nothing does */
	char *mw_address;        /* host:port of this eP-CSCF on Mw; required */
	char *core_networks;     /* whom the script hears on Mw; required */
	char *peer_networks;     /* the other eP-CSCFs; may be empty */
	char *mw_next_hop;       /* SIP URI that requests without Service-Route go to; required */
	char *visited_network;   /* P-Visited-Network-ID, token form; required */
	char *ecscf;             /* SIP URI that emergency calls go to; empty: they are answered 380 */
	char *emergency_numbers; /* "112, 110=sos.police" */
	int emergency_unregistered;    /* those of WICs that are not registered too */
	char *allow_headers;           /* more headers that a WIC may send: "Foo,Bar-*" */
	char *ioi;                     /* of this network, in P-Charging-Vector; empty: home domain */
	char *access_network_info;     /* that this node provides; empty: none */
	char *route_policy;            /* Route is not the Service-Route: "replace" or "refuse" */
	char *event_callback;          /* KEMI function that stands in for event routes; empty: none */
	char *fetch_program;           /* path of the tool wims, which fetches documents */
	char *location_table;          /* of usrloc; nobody else writes it */
	char *registrar;               /* where individual IMPUs are registered: shm, or Redis */
	char *registrar_user;          /* of Redis; empty: its default user */
	char *registrar_password_file; /* one line; empty: no AUTH */
	int registrar_timeout_ms;      /* of a step of the registrar, whatever Redis does */
	int registrar_beat_ms;
	int registrar_reconcile; /* s in which all contacts of this node are told again */
	int node_id;
	int max_connections;
	int max_connections_per_address; /* 0: no limit */
	int request_rate;                /* each connection, a second; 0: no limit */
	int request_burst;
	int ban_strikes;  /* refused tokens of one address; 0: nobody is banned */
	int ban_window;   /* s in which they count */
	int ban_time;     /* s */
	int max_bans;     /* addresses that are remembered */
	char *ban_exempt; /* networks that are never banned, commas between */
	int max_bindings; /* each connection */
	int max_contacts; /* of an IMPU in a range */
	int max_calls;    /* each connection */
	int max_revocations;
	int max_anonymous; /* users at once */
	int max_expires;
	int default_expires;
	int min_expires; /* a WIC that asks for less gets 423 */
	int core_min_expires;
	int unregistered_timeout;
	int handshake_timeout; /* s; 0: none */
	int close_on_refusal;
	int ims_auth_integrity;      /* integrity-protected with Digest: 0 none, 1 "no" */
	int ims_auth_dereg;          /* 1: whom the core authenticated is de-registered by TNA */
	int wic_access_network_info; /* 0: what a WIC says of its access does not go on */
	int allow_plain_ws;
	int retry_after;
	int overload_work;   /* % of their time in which workers are busy; 100: never refuse */
	int overload_memory; /* % of shared memory */
	int tcp_nice;        /* of TCP workers, beyond that of the others */
	int ping_period;     /* s */
	int queue_size;
	int tick_ms;
	int token_cache_size; /* tokens; 0: no cache */
	int max_token_lookups;
	/* a request for an IMPU that is not registered, or that is nobody's */
	int unregistered_code;
	int unknown_code;
	char *unregistered_phrase;
	char *unknown_phrase;
	char *unregistered_reason; /* Reason header of the former; empty: none */
	int max_ranges;            /* that this node registers in the core */
	int max_brought_ranges;    /* of these, by tokens, within one of the provisioning */
	int max_range_waits;       /* REGISTERs that wait for their range */
	int range_wait_ms;         /* so long at most */
	int range_expires;         /* s; all that follow but range_leave likewise */
	int range_grace;           /* from the last IMPU gone to de-registering */
	int range_confirm;         /* from a 200 that does not name the range to giving up */
	int range_retry_min;
	int range_retry_max;
	int range_refused;
	int range_leave; /* de-register at a clean stop */
	int reg_event;   /* 0: registrations are not subscribed to */
	int reg_event_expires;
	int max_subscriptions;
	char *registrar_check;   /* of requests of WICs: "registrar" or "local" */
	char *registrar_domains; /* that it is asked about, commas between; empty: all */
	int peer_timeout_ms;     /* until the first answer of another node to an INVITE */
	int wic_timeout_ms;      /* until that of a WIC; the script gives it to tm */
};

extern struct wk_params wk_params;

/* For module_exports. */
extern param_export_t wk_param_exports[];

/* The allowed range of a number; false: no number of that name. */
bool wk_param_range(const char *name, int *low, int *high);

/* 0, or -1 after one log line that names parameter, value and allowed range.
 * Also compares what depends on max_connections with Kamailio's own limits. */
int wk_params_check(void);
/* Times of Kamailio and of tm that contradict each other; when all modules have started, for
 * tm turns what it was given into ticks. 0, perhaps after a warning; or -1 after one log
 * line. */
int wk_params_check_times(void);

#endif
