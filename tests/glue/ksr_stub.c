/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <time.h>

#include "core/script_cb.h"
#include "core/counters.h"
#include "core/globals.h"
#include "core/rpc_lookup.h"
#include "core/tcp_options.h"
#include "core/timer.h"
#include "core/timer_proc.h"
#include "core/tls_hooks.h"
#include "modules/sl/sl.h"
#include "ksr_int.h"

/* ---- log ---- */

static char log_text[KSR_TEXT_MAX];
static size_t log_used;

__attribute__((format(printf, 2, 3))) static void log_line(int level, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(log_text + log_used, sizeof(log_text) - log_used, format, ap);
	va_end(ap);
	if(n > 0 && log_used + (size_t)n < sizeof(log_text))
		log_used += (size_t)n;
}

km_log_f _km_log_func = log_line;
ksr_slog_f _ksr_slog_func;
int log_stderr, log_color;
str *log_prefix_val;
volatile int dprint_crit;
struct log_level_info log_level_info[] = {{"ALERT", 1},    {"BUG", 2},   {"CRITICAL2", 2},
										  {"CRITICAL", 2}, {"ERROR", 3}, {"WARNING", 4},
										  {"NOTICE", 5},   {"INFO", 6},  {"DEBUG", 7}};

int get_debug_level(char *name, int len)
{
	return L_INFO;
}

int get_debug_facility(char *name, int len)
{
	return 0;
}

void dprint_color(int level)
{
}

void dprint_color_reset(void)
{
}

const char *ksr_log(void)
{
	return log_text;
}

void ksr_log_clear(void)
{
	log_used = 0;
	log_text[0] = '\0';
}

/* ---- memory ---- */

struct ksr_memory ksr_memory = {.left = SIZE_MAX};

static void *get(void *block, size_t size, const char *file, const char *function,
				 unsigned int line, const char *module)
{
	void *p = NULL;

	if(ksr_memory.left > 0)
		p = malloc(size);
	if(p == NULL) {
		ksr_memory.failed = true;
		if(ksr_memory.once)
			ksr_memory.left = SIZE_MAX;
		return NULL;
	}
	if(ksr_memory.left != SIZE_MAX)
		ksr_memory.left--;
	ksr_memory.live++;
	return p;
}

static void put(void *block, void *p, const char *file, const char *function, unsigned int line,
				const char *module)
{
	if(p == NULL)
		return;
	ksr_memory.live--;
	free(p);
}

sr_pkg_api_t _pkg_root = {.xmalloc = get, .xfree = put};
sr_shm_api_t _shm_root = {.xmalloc = get, .xfree = put, .xavailable = ksr_shm_available};
unsigned long shm_mem_size = 1UL << 30;
unsigned int sr_dst_max_branches = 31;

ticks_t get_ticks_raw(void)
{
	return MS_TO_TICKS((ticks_t)ksr_clock.mono_ms);
}

/* ---- clocks ---- */

struct ksr_clock ksr_clock;

int __real_clock_gettime(clockid_t which, struct timespec *t);
int __wrap_clock_gettime(clockid_t which, struct timespec *t);
time_t __wrap_time(time_t *t);

int __wrap_clock_gettime(clockid_t which, struct timespec *t)
{
	int64_t ms =
			which == CLOCK_REALTIME ? ksr_clock.wall * 1000 + ksr_clock.wall_ms : ksr_clock.mono_ms;

	if(which == CLOCK_PROCESS_CPUTIME_ID)
		return __real_clock_gettime(which, t);
	t->tv_sec = ms / 1000;
	t->tv_nsec = ms % 1000 * 1000000;
	return 0;
}

time_t __wrap_time(time_t *t)
{
	if(t != NULL)
		*t = (time_t)ksr_clock.wall;
	return (time_t)ksr_clock.wall;
}

/* ---- counters ---- */

enum
{
	COUNTERS_MAX = 200
};

static counter_array_t values[COUNTERS_MAX];
static const counter_def_t *definitions[COUNTERS_MAX]; /* by their ids */
static int n_definitions;
counter_array_t *_cnts_vals = values;
int _cnts_row_len = COUNTERS_MAX;
int process_no;

static bool is_known(const char *name)
{
	int i;

	for(i = 0; i < n_definitions; i++)
		if(strcmp(definitions[i]->name, name) == 0)
			return true;
	return false;
}

/* What comes once more keeps its place. */
int counter_register_array(const char *group, counter_def_t *defs)
{
	for(; defs->name != NULL; defs++) {
		if(is_known(defs->name))
			continue;
		if(n_definitions == COUNTERS_MAX)
			return -1;
		if(defs->handle != NULL)
			defs->handle->id = (unsigned short)n_definitions;
		definitions[n_definitions++] = defs;
	}
	return 0;
}

counter_val_t counter_get_val(counter_handle_t handle)
{
	return values[handle.id].v;
}

int ksr_counter(const char *name)
{
	counter_handle_t none = {0};
	int i;

	for(i = 0; i < n_definitions; i++)
		if(strcmp(definitions[i]->name, name) == 0)
			return definitions[i]->get_cbk == NULL
						   ? (int)values[i].v
						   : (int)definitions[i]->get_cbk(none, definitions[i]->get_cbk_param);
	fail_msg("no counter %s", name);
	return -1;
}

/* ---- settings, events, processes ---- */

struct ksr_core ksr_core;
static struct cfg_group_tcp tcp_settings = {.max_connections = 100000,
											.con_lifetime = S_TO_TICKS(300)};
void *tcp_cfg = &tcp_settings;
int open_files_limit = 1000000;
int tcp_children_no = 4;
struct tls_hooks tls_hook;

int my_pid(void)
{
	return 1;
}

struct sr_module *find_module_by_name(char *name)
{
	static struct sr_module module;

	if(strcmp(name, "tm") == 0)
		return &module;
	return ksr_core.module != NULL && strcmp(name, ksr_core.module) == 0 ? &module : NULL;
}

struct ksr_tm_times ksr_tm_times = {S_TO_TICKS(185), S_TO_TICKS(1200)};

void *find_param_export(struct sr_module *mod, char *name, modparam_t mask, modparam_t *type)
{
	assert_non_null(mod);
	assert_int_equal(mask, PARAM_INT);
	*type = PARAM_INT;
	if(strcmp(name, "fr_inv_timer") == 0)
		return &ksr_tm_times.fr_inv_timer;
	return strcmp(name, "max_inv_lifetime") == 0 ? &ksr_tm_times.max_inv_lifetime : NULL;
}

int sr_event_register_cb(int type, sr_event_cb_f f)
{
	if(type == SREV_NET_DATA_IN)
		ksr_core.on_data_in = f;
	if(type == SREV_NET_DATA_OUT)
		ksr_core.on_data_out = f;
	if(type == SREV_TCP_CLOSED && ksr_core.tcp_closed_taken)
		return -1;
	if(type == SREV_TCP_CLOSED)
		ksr_core.on_tcp_closed = f;
	return 0;
}

static timer_function *slow_timers[8];

int register_timer(timer_function f, void *param, unsigned int interval)
{
	size_t i = 0;

	assert_null(param);
	while(slow_timers[i] != NULL && slow_timers[i] != f)
		assert_true(++i < sizeof(slow_timers) / sizeof(slow_timers[0]));
	slow_timers[i] = f;
	return 0;
}

void ksr_slow_timer(void)
{
	size_t i;

	for(i = 0; i < sizeof(slow_timers) / sizeof(slow_timers[0]); i++)
		if(slow_timers[i] != NULL)
			slow_timers[i](0, NULL);
}

static cb_function *script_begins, *script_ends;

int register_script_cb(cb_function f, unsigned int flags, void *param)
{
	assert_true((flags & REQUEST_CB) != 0);
	assert_null(param);
	*((flags & PRE_SCRIPT_CB) != 0 ? &script_begins : &script_ends) = f;
	return 0;
}

void ksr_script(bool begins)
{
	cb_function *f = begins ? script_begins : script_ends;

	assert_non_null(f);
	assert_int_equal(f(NULL, REQUEST_CB, NULL), 1);
}

int register_sync_timers(int count)
{
	return 0;
}

int fork_process(int child_id, char *name, int make_sock)
{
	assert_int_equal(make_sock, 1);
	ksr_core.forked = name;
	return ksr_core.fork_fails ? -1 : 4711;
}

cmd_function find_export(char *name, int params, int flags)
{
	if(strcmp(name, "load_tm") == 0 && !ksr_core.no_tm)
		return (cmd_function)(void *)ksr_load_tm;
	if(strcmp(name, "bind_sl") == 0 && !ksr_core.no_sl)
		return (cmd_function)(void *)ksr_bind_sl;
	if(strcmp(name, "ul_bind_usrloc") == 0 && !ksr_usrloc.absent)
		return (cmd_function)(void *)ksr_bind_usrloc;
	return NULL;
}

int rpc_register_array(rpc_export_t *exports)
{
	return 0;
}

void ksr_reset(void)
{
	ksr_log_clear();
	ksr_memory.left = SIZE_MAX;
	ksr_memory.failed = ksr_memory.once = false;
	ksr_clock = (struct ksr_clock){.mono_ms = 1000000, .wall = 1900000000};
	memset(values, 0, sizeof(values));
	memset(&ksr_core, 0, sizeof(ksr_core));
	tcp_settings.max_connections = 100000;
	shm_mem_size = 1UL << 30;
	ksr_tm_reset();
	ksr_tcp_reset();
	ksr_route_reset();
	ksr_usrloc_reset();
	ksr_branches_reset();
	ksr_load_reset();
	ksr_aliases_reset();
}
