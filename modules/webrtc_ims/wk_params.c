/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_params.h"

#include <string.h>
#include <sys/resource.h>

#include "core/globals.h"
#include "core/sr_module.h"
#include "core/tcp_options.h"
#include "core/timer_ticks.h"
#include "sip/wims_uri.h"
#include "wk_cache.h"
#include "wk_networks.h"
#include "wk_role.h"

enum
{
	/* Measured: 139 KB of shared memory each registered WSS client with 16 KB
	 * read buffers. The check is a floor that catches a forgotten -m. */
	SHM_EACH_CONNECTION = 80 * 1024,
	SPARE_FILES = 256,
	WICS_EACH_TCP_WORKER = 250
};

struct wk_params wk_params = {
		.role = "epcscf",
		.provisioning = "",
		.flow_key_file = "",
		.state_dir = "",
		.mw_address = "",
		.mw_next_hop = "",
		.visited_network = "",
		.core_networks = "127.0.0.0/8",
		.peer_networks = "",
		.ecscf = "",
		.emergency_numbers = "112, 911",
		.emergency_unregistered = 1,
		.allow_headers = "",
		.ioi = "",
		.access_network_info = "",
		.wic_access_network_info = 1,
		.route_policy = "replace",
		.fetch_program = "/usr/local/bin/wims",
		.event_callback = "",
		.location_table = "location",
		.registrar = "shm",
		.registrar_user = "",
		.registrar_password_file = "",
		.registrar_timeout_ms = 200,
		.registrar_beat_ms = 1000,
		.registrar_reconcile = 60,
		.node_id = 0,
		.max_connections = 1000,
		.max_connections_per_address = 0,
		.request_rate = 20,
		.request_burst = 100,
		.ban_strikes = 100,
		.ban_window = 60,
		.ban_time = 300,
		.max_bans = 10000,
		.ban_exempt = "",
		.max_bindings = 8,
		.max_contacts = 8,
		.max_calls = 16,
		.max_revocations = 10000,
		.max_anonymous = 10000,
		.max_expires = 3600,
		.default_expires = 600,
		.min_expires = 30,
		.core_min_expires = 600,
		.unregistered_timeout = 10,
		.handshake_timeout = 10,
		.close_on_refusal = 1,
		.ims_auth_integrity = 0,
		.ims_auth_dereg = 0,
		.allow_plain_ws = 0,
		.retry_after = 5,
		.overload_work = 85,
		.tcp_nice = 10,
		.overload_memory = 90,
		.ping_period = 30,
		.queue_size = 8192,
		.tick_ms = 50,
		.token_cache_size = 10000,
		.max_token_lookups = 1000,
		.unregistered_code = 480,
		.unknown_code = 404,
		.unregistered_phrase = "Temporarily Unavailable",
		.unknown_phrase = "Not Found",
		.unregistered_reason = "",
		.max_ranges = 1000,
		.max_brought_ranges = 100,
		.max_range_waits = 1000,
		.range_wait_ms = 5000,
		.range_expires = 3600,
		.range_grace = 60,
		.range_confirm = 10,
		.range_retry_min = 2,
		.range_retry_max = 300,
		.range_refused = 600,
		.range_leave = 1,
		.reg_event = 1,
		.reg_event_expires = 7200,
		.max_subscriptions = 10000,
		.registrar_check = "registrar",
		.registrar_domains = "",
		.peer_timeout_ms = 2000,
		.wic_timeout_ms = 10000,
};

/* clang-format off */
param_export_t wk_param_exports[] = {
	{"role",                 PARAM_STRING, &wk_params.role},
	{"provisioning",         PARAM_STRING, &wk_params.provisioning},
	{"flow_key_file",        PARAM_STRING, &wk_params.flow_key_file},
	{"state_dir",            PARAM_STRING, &wk_params.state_dir},
	{"mw_address",           PARAM_STRING, &wk_params.mw_address},
	{"mw_next_hop",          PARAM_STRING, &wk_params.mw_next_hop},
	{"visited_network",      PARAM_STRING, &wk_params.visited_network},
	{"core_networks",        PARAM_STRING, &wk_params.core_networks},
	{"peer_networks",        PARAM_STRING, &wk_params.peer_networks},
	{"ecscf",                PARAM_STRING, &wk_params.ecscf},
	{"emergency_numbers",    PARAM_STRING, &wk_params.emergency_numbers},
	{"emergency_unregistered", PARAM_INT,  &wk_params.emergency_unregistered},
	{"allow_headers",        PARAM_STRING, &wk_params.allow_headers},
	{"ioi",                  PARAM_STRING, &wk_params.ioi},
	{"access_network_info",  PARAM_STRING, &wk_params.access_network_info},
	{"wic_access_network_info", PARAM_INT, &wk_params.wic_access_network_info},
	{"route_policy",         PARAM_STRING, &wk_params.route_policy},
	{"event_callback",       PARAM_STRING, &wk_params.event_callback},
	{"fetch_program",        PARAM_STRING, &wk_params.fetch_program},
	{"location_table",       PARAM_STRING, &wk_params.location_table},
	{"registrar",            PARAM_STRING, &wk_params.registrar},
	{"registrar_user",       PARAM_STRING, &wk_params.registrar_user},
	{"registrar_password_file", PARAM_STRING, &wk_params.registrar_password_file},
	{"registrar_timeout_ms", PARAM_INT,    &wk_params.registrar_timeout_ms},
	{"registrar_beat_ms",    PARAM_INT,    &wk_params.registrar_beat_ms},
	{"registrar_reconcile",  PARAM_INT,    &wk_params.registrar_reconcile},
	{"node_id",              PARAM_INT,    &wk_params.node_id},
	{"max_connections",      PARAM_INT,    &wk_params.max_connections},
	{"max_connections_per_address", PARAM_INT, &wk_params.max_connections_per_address},
	{"request_rate",         PARAM_INT,    &wk_params.request_rate},
	{"request_burst",        PARAM_INT,    &wk_params.request_burst},
	{"ban_strikes",          PARAM_INT,    &wk_params.ban_strikes},
	{"ban_window",           PARAM_INT,    &wk_params.ban_window},
	{"ban_time",             PARAM_INT,    &wk_params.ban_time},
	{"max_bans",             PARAM_INT,    &wk_params.max_bans},
	{"ban_exempt",           PARAM_STRING, &wk_params.ban_exempt},
	{"max_bindings",         PARAM_INT,    &wk_params.max_bindings},
	{"max_contacts",         PARAM_INT,    &wk_params.max_contacts},
	{"max_calls",            PARAM_INT,    &wk_params.max_calls},
	{"max_revocations",      PARAM_INT,    &wk_params.max_revocations},
	{"max_anonymous",        PARAM_INT,    &wk_params.max_anonymous},
	{"max_expires",          PARAM_INT,    &wk_params.max_expires},
	{"default_expires",      PARAM_INT,    &wk_params.default_expires},
	{"min_expires",          PARAM_INT,    &wk_params.min_expires},
	{"core_min_expires",     PARAM_INT,    &wk_params.core_min_expires},
	{"unregistered_timeout", PARAM_INT,    &wk_params.unregistered_timeout},
	{"handshake_timeout",    PARAM_INT,    &wk_params.handshake_timeout},
	{"close_on_refusal",     PARAM_INT,    &wk_params.close_on_refusal},
	{"ims_auth_integrity",   PARAM_INT,    &wk_params.ims_auth_integrity},
	{"ims_auth_dereg",       PARAM_INT,    &wk_params.ims_auth_dereg},
	{"allow_plain_ws",       PARAM_INT,    &wk_params.allow_plain_ws},
	{"retry_after",          PARAM_INT,    &wk_params.retry_after},
	{"overload_work",        PARAM_INT,    &wk_params.overload_work},
	{"tcp_nice",             PARAM_INT,    &wk_params.tcp_nice},
	{"overload_memory",      PARAM_INT,    &wk_params.overload_memory},
	{"ping_period",          PARAM_INT,    &wk_params.ping_period},
	{"queue_size",           PARAM_INT,    &wk_params.queue_size},
	{"tick_ms",              PARAM_INT,    &wk_params.tick_ms},
	{"token_cache_size",     PARAM_INT,    &wk_params.token_cache_size},
	{"max_token_lookups",    PARAM_INT,    &wk_params.max_token_lookups},
	{"unregistered_code",    PARAM_INT,    &wk_params.unregistered_code},
	{"unknown_code",         PARAM_INT,    &wk_params.unknown_code},
	{"unregistered_phrase",  PARAM_STRING, &wk_params.unregistered_phrase},
	{"unknown_phrase",       PARAM_STRING, &wk_params.unknown_phrase},
	{"unregistered_reason",  PARAM_STRING, &wk_params.unregistered_reason},
	{"max_ranges",           PARAM_INT,    &wk_params.max_ranges},
	{"max_brought_ranges",   PARAM_INT,    &wk_params.max_brought_ranges},
	{"max_range_waits",      PARAM_INT,    &wk_params.max_range_waits},
	{"range_wait_ms",        PARAM_INT,    &wk_params.range_wait_ms},
	{"range_expires",        PARAM_INT,    &wk_params.range_expires},
	{"range_grace",          PARAM_INT,    &wk_params.range_grace},
	{"range_confirm",        PARAM_INT,    &wk_params.range_confirm},
	{"range_retry_min",      PARAM_INT,    &wk_params.range_retry_min},
	{"range_retry_max",      PARAM_INT,    &wk_params.range_retry_max},
	{"range_refused",        PARAM_INT,    &wk_params.range_refused},
	{"range_leave",          PARAM_INT,    &wk_params.range_leave},
	{"reg_event",            PARAM_INT,    &wk_params.reg_event},
	{"reg_event_expires",    PARAM_INT,    &wk_params.reg_event_expires},
	{"max_subscriptions",    PARAM_INT,    &wk_params.max_subscriptions},
	{"registrar_check",      PARAM_STRING, &wk_params.registrar_check},
	{"registrar_domains",    PARAM_STRING, &wk_params.registrar_domains},
	{"peer_timeout_ms",      PARAM_INT,    &wk_params.peer_timeout_ms},
	{"wic_timeout_ms",       PARAM_INT,    &wk_params.wic_timeout_ms},
	{0, 0, 0}};

static const struct int_rule
{
	const char *name;
	const int *value;
	int low;
	int high;
} int_rules[] = {
	{"node_id",              &wk_params.node_id,              0,  65535},
	{"max_connections",      &wk_params.max_connections,      1,  1000000},
	{"max_connections_per_address", &wk_params.max_connections_per_address, 0, 1000000},
	{"request_rate",         &wk_params.request_rate,         0,  10000},
	{"request_burst",        &wk_params.request_burst,        1,  100000},
	{"ban_strikes",          &wk_params.ban_strikes,          0,  100000},
	{"ban_window",           &wk_params.ban_window,           1,  3600},
	{"ban_time",             &wk_params.ban_time,             1,  86400},
	{"max_bans",             &wk_params.max_bans,             1,  1000000},
	{"max_bindings",         &wk_params.max_bindings,         1,  1000},
	{"max_contacts",         &wk_params.max_contacts,         1,  31},
	{"max_calls",            &wk_params.max_calls,            1,  1000},
	{"max_revocations",      &wk_params.max_revocations,      1,  1000000},
	{"max_anonymous",        &wk_params.max_anonymous,        1,  1000000},
	{"max_expires",          &wk_params.max_expires,          60, 86400},
	{"default_expires",      &wk_params.default_expires,      30, 86400},
	{"min_expires",          &wk_params.min_expires,          1,  3600},
	{"core_min_expires",     &wk_params.core_min_expires,     30, 86400},
	{"unregistered_timeout", &wk_params.unregistered_timeout, 0,  3600},
	{"handshake_timeout",    &wk_params.handshake_timeout,    0,  60},
	{"close_on_refusal",     &wk_params.close_on_refusal,     0,  1},
	{"ims_auth_integrity",   &wk_params.ims_auth_integrity,   0,  1},
	{"ims_auth_dereg",       &wk_params.ims_auth_dereg,       0,  1},
	{"wic_access_network_info", &wk_params.wic_access_network_info, 0, 1},
	{"emergency_unregistered", &wk_params.emergency_unregistered, 0, 1},
	{"allow_plain_ws",       &wk_params.allow_plain_ws,       0,  1},
	{"retry_after",          &wk_params.retry_after,          1,  600},
	{"overload_work",        &wk_params.overload_work,        10, 100},
	{"tcp_nice",             &wk_params.tcp_nice,             0,  19},
	{"overload_memory",      &wk_params.overload_memory,      50, 100},
	{"ping_period",          &wk_params.ping_period,          2,  3600},
	{"queue_size",           &wk_params.queue_size,           64, 1048576},
	{"tick_ms",              &wk_params.tick_ms,              10, 100},
	{"token_cache_size",     &wk_params.token_cache_size,     0,  10000000},
	{"max_token_lookups",    &wk_params.max_token_lookups,    1,  10000},
	{"unregistered_code",    &wk_params.unregistered_code,    400, 499},
	{"unknown_code",         &wk_params.unknown_code,         400, 499},
	{"max_ranges",           &wk_params.max_ranges,           1, 100000},
	{"max_brought_ranges",   &wk_params.max_brought_ranges,   1, 100000},
	{"max_range_waits",      &wk_params.max_range_waits,      1, 10000},
	{"range_wait_ms",        &wk_params.range_wait_ms,        100, 30000},
	{"range_expires",        &wk_params.range_expires,        10, 604800},
	{"range_grace",          &wk_params.range_grace,          0, 86400},
	{"range_confirm",        &wk_params.range_confirm,        1, 600},
	{"range_retry_min",      &wk_params.range_retry_min,      1, 3600},
	{"range_retry_max",      &wk_params.range_retry_max,      1, 86400},
	{"range_refused",        &wk_params.range_refused,        1, 86400},
	{"range_leave",          &wk_params.range_leave,          0, 1},
	{"reg_event",            &wk_params.reg_event,            0,  2},
	{"reg_event_expires",    &wk_params.reg_event_expires,    60, 2592000},
	{"max_subscriptions",    &wk_params.max_subscriptions,    1,  1000000},
	{"registrar_timeout_ms", &wk_params.registrar_timeout_ms, 20, 2000},
	{"registrar_beat_ms",    &wk_params.registrar_beat_ms,    100, 1500},
	{"registrar_reconcile",  &wk_params.registrar_reconcile,  1,  3600},
	{"peer_timeout_ms",      &wk_params.peer_timeout_ms,      100, 30000},
	{"wic_timeout_ms",       &wk_params.wic_timeout_ms,       100, 32000},
};

static const struct text_rule
{
	const char *name;
	char *const *value;
	const char *wanted;
	bool edge; /* of an eP-CSCF alone */
} required[] = {
	{"provisioning",    &wk_params.provisioning,    "the path of the provisioning file", false},
	{"mw_address",      &wk_params.mw_address,      "host:port of this node on Mw", true},
	{"mw_next_hop",     &wk_params.mw_next_hop,     "a SIP URI, such as sip:icscf.example.org:5060", true},
	{"core_networks",   &wk_params.core_networks,   "networks, such as 192.0.2.0/24", false},
	{"visited_network", &wk_params.visited_network, "a token, such as ims.example.org", true},
	{"location_table",  &wk_params.location_table,  "the name of a table of usrloc, such as location", true},
	{"registrar",       &wk_params.registrar,       "shm, or where Redis is, such as redis:127.0.0.1:6379", false},
};
/* clang-format on */

bool wk_param_range(const char *name, int *low, int *high)
{
	size_t i;

	for(i = 0; i < sizeof(int_rules) / sizeof(int_rules[0]); i++)
		if(strcmp(int_rules[i].name, name) == 0) {
			*low = int_rules[i].low;
			*high = int_rules[i].high;
			return true;
		}
	return false;
}

/* Of all that are wrong, so that nobody has to start again for each. */
static int check_numbers(void)
{
	int status = 0;
	size_t i;

	for(i = 0; i < sizeof(int_rules) / sizeof(int_rules[0]); i++) {
		const struct int_rule *r = &int_rules[i];

		if(*r->value < r->low || *r->value > r->high) {
			LM_ERR("modparam %s=%d: must be %d..%d\n", r->name, *r->value, r->low, r->high);
			status = -1;
		}
	}
	return status;
}

static int check_texts(void)
{
	size_t i;

	for(i = 0; i < sizeof(required) / sizeof(required[0]); i++)
		if((*required[i].value == NULL || **required[i].value == '\0')
		   && !(required[i].edge && wk_role_icscf())) {
			LM_ERR("modparam %s is empty: must be %s\n", required[i].name, required[i].wanted);
			return -1;
		}
	return 0;
}

/* Where the module sends requests to; empty where that may be so. */
static int check_uri(const char *name, const char *value)
{
	struct wims_uri uri;

	if(*value == '\0' || wims_uri_parse(&uri, wims_pl_str(value)) == WIMS_OK)
		return 0;
	LM_ERR("modparam %s=%s: must be a SIP URI, such as sip:icscf.example.org:5060\n", name, value);
	return -1;
}

/* Too little of what connections cost shows up as refused clients in the busy
 * hour; better not to start. */
static int check_capacity(void)
{
	unsigned long shm = (unsigned long)wk_params.max_connections * SHM_EACH_CONNECTION
						+ (unsigned long)wk_params.token_cache_size * WK_CACHE_BYTES_EACH;
	struct rlimit files = {0};

	if(cfg_get(tcp, tcp_cfg, max_connections) < wk_params.max_connections) {
		LM_ERR("tcp_max_connections=%d is too small: must be at least max_connections=%d\n",
			   cfg_get(tcp, tcp_cfg, max_connections), wk_params.max_connections);
		return -1;
	}
	if(shm_mem_size < shm) {
		LM_ERR("shared memory (-m) of %lu MB is too small: must be at least %lu MB for "
			   "max_connections=%d and token_cache_size=%d\n",
			   shm_mem_size >> 20, (shm >> 20) + 1, wk_params.max_connections,
			   wk_params.token_cache_size);
		return -1;
	}
	if(getrlimit(RLIMIT_NOFILE, &files) == 0
	   && files.rlim_cur < (rlim_t)wk_params.max_connections + SPARE_FILES
	   && open_files_limit < wk_params.max_connections + SPARE_FILES) {
		LM_ERR("open files limit %lu is too small: must be at least %d for max_connections=%d\n",
			   (unsigned long)files.rlim_cur, wk_params.max_connections + SPARE_FILES,
			   wk_params.max_connections);
		return -1;
	}
	return 0;
}

/* A WIC that was idle for 5 s goes to a TCP worker through that one's Unix socket, which
 * holds some 277, and a busy worker takes one of them in each round of its own. What
 * waits two seconds for room there is closed by Kamailio. */
static void check_tcp_workers(void)
{
	int need = (wk_params.max_connections + WICS_EACH_TCP_WORKER - 1) / WICS_EACH_TCP_WORKER;

	if(tcp_children_no < need)
		LM_WARN("tcp_children=%d are few for max_connections=%d: with less than %d Kamailio may "
				"close connections when many idle WICs send at once\n",
				tcp_children_no, wk_params.max_connections, need);
}

/* Pings keep a WIC's connection alive, and begin after half of their period. */
static int check_lifetime(void)
{
	int seconds = TICKS_TO_S(cfg_get(tcp, tcp_cfg, con_lifetime));

	if(cfg_get(tcp, tcp_cfg, con_lifetime) < 0 || seconds >= wk_params.ping_period)
		return 0;
	LM_ERR("tcp_connection_lifetime=%d is too small: must be at least ping_period=%d\n", seconds,
		   wk_params.ping_period);
	return -1;
}

/* All contacts of an IMPU ring: tm must have a branch for each. */
static int check_branches(void)
{
	if((unsigned)wk_params.max_contacts <= sr_dst_max_branches)
		return 0;
	LM_ERR("modparam max_contacts=%d: must be 1..%u, which is max_branches\n",
		   wk_params.max_contacts, sr_dst_max_branches);
	return -1;
}

int wk_params_check(void)
{
	if(check_numbers() < 0 || check_texts() < 0 || wk_networks_check() < 0
	   || check_uri("mw_next_hop", wk_params.mw_next_hop) < 0
	   || check_uri("ecscf", wk_params.ecscf) < 0)
		return -1;
	if(wk_role_icscf())
		return 0;
	if(check_capacity() < 0 || check_lifetime() < 0 || check_branches() < 0)
		return -1;
	check_tcp_workers();
	if(wk_params.min_expires > wk_params.default_expires
	   || wk_params.default_expires > wk_params.max_expires) {
		LM_ERR("modparams min_expires=%d, default_expires=%d, max_expires=%d: must not fall\n",
			   wk_params.min_expires, wk_params.default_expires, wk_params.max_expires);
		return -1;
	}
	if(wk_params.range_retry_min > wk_params.range_retry_max) {
		LM_ERR("modparams range_retry_min=%d, range_retry_max=%d: must not fall\n",
			   wk_params.range_retry_min, wk_params.range_retry_max);
		return -1;
	}
	return 0;
}

/* 0, below all that is wanted, when tm has no such parameter. */
static ticks_t time_of_tm(char *name)
{
	modparam_t type;
	const int *at = find_param_export(find_module_by_name("tm"), name, PARAM_INT, &type);

	return at == NULL ? 0 : (ticks_t)*at;
}

int wk_params_check_times(void)
{
	ticks_t timer_c = time_of_tm("fr_inv_timer"), setup = time_of_tm("max_inv_lifetime");
	int lifetime = cfg_get(tcp, tcp_cfg, con_lifetime);

	if(setup <= timer_c) {
		LM_ERR("modparam tm max_inv_lifetime=%u: must be more than fr_inv_timer=%u, timer C\n",
			   TICKS_TO_MS(setup), TICKS_TO_MS(timer_c));
		return -1;
	}
	/* no error: whether the core uses TCP is its choice */
	if(lifetime >= 0 && (ticks_t)lifetime <= timer_c)
		LM_WARN("tcp_connection_lifetime=%u is small for Mw over TCP: a call may ring without a"
				" word for fr_inv_timer=%u ms\n",
				TICKS_TO_S((ticks_t)lifetime), TICKS_TO_MS(timer_c));
	return 0;
}
