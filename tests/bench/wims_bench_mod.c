/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* A Kamailio module for measurements only; it is never installed. A SIP worker
 * of the eP-CSCF as it ships, tls loaded, does the work itself when it gets
 *   OPTIONS sip:WHAT.ALG.ROUNDS@bench.invalid
 * and answers 200 with the nanoseconds in the place of the reason phrase. */

#include <stdio.h>

#include "core/parser/parse_uri.h"
#include "core/script_cb.h"
#include "core/sr_module.h"
#include "modules/sl/sl.h"

#include "bench_cache.h"
#include "bench_query.h"
#include "bench_verify.h"

MODULE_VERSION

static char *bench_dir = "";
static int bench_tokens = 100;
static char *bench_redis = "";
static sl_api_t sl;

static struct wims_pl cut_at_dot(struct wims_pl *rest)
{
	size_t dot = wims_pl_find(*rest, '.');
	struct wims_pl word = {rest->p, dot};

	*rest = wims_pl_from(*rest, dot + 1);
	return word;
}

/* false: the request is no order of ours */
static bool is_order(sip_msg_t *msg)
{
	static const str host = str_init("bench.invalid");

	return msg->first_line.u.request.method_value == METHOD_OPTIONS && parse_sip_msg_uri(msg) >= 0
		   && STR_EQ(msg->parsed_uri.host, host);
}

static bool run_token(uint64_t *ns, struct wims_pl what, struct wims_pl alg, uint64_t rounds,
					  const char **why)
{
	return bench_verify_load(bench_dir, why)
		   && (bench_verify_run(ns, what, alg, rounds) || bench_cache_run(ns, what, alg, rounds));
}

static int on_request(sip_msg_t *msg, unsigned int flags, void *param)
{
	struct wims_pl rest, what, alg;
	uint64_t rounds = 0, ns = 0;
	char text[32];
	str phrase = {text, 0};
	const char *why = "";
	bool ok;

	if(!is_order(msg))
		return 1;
	rest = (struct wims_pl){msg->parsed_uri.user.s, (size_t)msg->parsed_uri.user.len};
	what = cut_at_dot(&rest);
	alg = cut_at_dot(&rest);
	ok = wims_pl_u64(rest, &rounds)
		 && (*bench_redis != '\0' ? bench_query_run(&ns, msg, what, rounds)
								  : run_token(&ns, what, alg, rounds, &why));
	if(!ok)
		LM_ERR("cannot run %.*s: %s\n", msg->parsed_uri.user.len, msg->parsed_uri.user.s, why);
	phrase.len = snprintf(text, sizeof(text), "%llu", (unsigned long long)ns);
	sl.freply(msg, ok ? 200 : 500, &phrase);
	return 0;
}

static int mod_init(void)
{
	bench_query_init(bench_redis);
	if(sl_load_api(&sl) < 0 || !bench_cache_init((size_t)bench_tokens))
		return -1;
	return register_script_cb(on_request, PRE_SCRIPT_CB | REQUEST_CB, NULL);
}

static param_export_t params[] = {
		{"dir", PARAM_STRING, &bench_dir},
		{"tokens", PARAM_INT, &bench_tokens},
		{"redis", PARAM_STRING, &bench_redis},
		{0, 0, 0},
};

struct module_exports exports = {
		.name = "wims_bench",
		.dlflags = DEFAULT_DLFLAGS,
		.params = params,
		.init_mod_f = mod_init,
};
