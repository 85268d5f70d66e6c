/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Module tables and life cycle. No logic here. */

#include "wk.h"

#include "core/rpc_lookup.h"
#include "wk_admit.h"
#include "wk_allocate.h"
#include "wk_answer.h"
#include "wk_ask.h"
#include "wk_bans.h"
#include "wk_cache.h"
#include "wk_call.h"
#include "wk_claim.h"
#include "wk_dialog.h"
#include "wk_early.h"
#include "wk_edge.h"
#include "wk_fetch.h"
#include "wk_event.h"
#include "wk_emergency.h"
#include "wk_exclusive.h"
#include "wk_fork.h"
#include "wk_introspect.h"
#include "wk_limits.h"
#include "wk_load.h"
#include "wk_location.h"
#include "wk_mask.h"
#include "wk_media.h"
#include "wk_media_kept.h"
#include "wk_params.h"
#include "wk_peer.h"
#include "wk_peer_watch.h"
#include "wk_proc.h"
#include "wk_provision.h"
#include "wk_pv.h"
#include "wk_ranges.h"
#include "wk_rangereg.h"
#include "wk_rangewait.h"
#include "wk_reg_notify.h"
#include "wk_regevent.h"
#include "wk_register.h"
#include "wk_registrar.h"
#include "wk_registry.h"
#include "wk_registry_proc.h"
#include "wk_reply.h"
#include "wk_revoke.h"
#include "wk_role.h"
#include "wk_rpc.h"
#include "wk_screen.h"
#include "wk_state.h"
#include "wk_stats.h"
#include "wk_store.h"
#include "wk_target.h"
#include "wk_tls.h"
#include "wk_trust.h"
#include "wk_tm.h"
#include "wk_token.h"
#include "wk_used_up.h"
#include "wk_ws.h"

MODULE_VERSION

/* A script function without parameters, and its KEMI function: of any role, and of an
 * eP-CSCF alone. */
#define ANY_FUNCTION(name, does)                            \
	static int ki_##name(sip_msg_t *msg)                    \
	{                                                       \
		return does(msg);                                   \
	}                                                       \
	static int w_##name(sip_msg_t *msg, char *p1, char *p2) \
	{                                                       \
		return ki_##name(msg);                              \
	}
#define SCRIPT_FUNCTION(name, does)                       \
	static int of_epcscf_##name(sip_msg_t *msg)           \
	{                                                     \
		return wk_role_lacks(msg) ? WK_FALSE : does(msg); \
	}                                                     \
	ANY_FUNCTION(name, of_epcscf_##name)

/* The same with a text. */
#define ANY_TEXT_FUNCTION(name, does)                         \
	static int ki_##name(sip_msg_t *msg, str *text)           \
	{                                                         \
		return does(msg, text);                               \
	}                                                         \
	static int w_##name(sip_msg_t *msg, char *text, char *p2) \
	{                                                         \
		str s;                                                \
                                                              \
		if(get_str_fparam(&s, msg, (fparam_t *)text) < 0)     \
			return WK_FALSE;                                  \
		return ki_##name(msg, &s);                            \
	}
#define SCRIPT_TEXT_FUNCTION(name, does)                        \
	static int of_epcscf_##name(sip_msg_t *msg, str *text)      \
	{                                                           \
		return wk_role_lacks(msg) ? WK_FALSE : does(msg, text); \
	}                                                           \
	ANY_TEXT_FUNCTION(name, of_epcscf_##name)

static int token_validate(sip_msg_t *msg)
{
	return wk_token_validate(msg, NULL);
}

SCRIPT_FUNCTION(ws_open, wk_ws_open)
SCRIPT_FUNCTION(screen, wk_screen)
SCRIPT_FUNCTION(screen_reply, wk_screen_reply)
SCRIPT_FUNCTION(screen_to_wic, wk_screen_to_wic)
SCRIPT_FUNCTION(admit, wk_admit)
SCRIPT_FUNCTION(scenario_check, wk_scenario_check)
SCRIPT_FUNCTION(token_validate, token_validate)
SCRIPT_FUNCTION(token_check, wk_token_check)
SCRIPT_FUNCTION(identity_check, wk_identity_check)
SCRIPT_FUNCTION(tna_apply, wk_tna_apply)
SCRIPT_FUNCTION(digest_apply, wk_digest_apply)
SCRIPT_FUNCTION(register_reply, wk_register_reply)
SCRIPT_FUNCTION(registrar_allocate, wk_registrar_allocate)
SCRIPT_FUNCTION(registrar_save, wk_registrar_save)
SCRIPT_FUNCTION(emergency, wk_emergency)
SCRIPT_FUNCTION(emergency_apply, wk_emergency_apply)
SCRIPT_FUNCTION(originate, wk_originate)
SCRIPT_FUNCTION(terminate, wk_terminate)
SCRIPT_FUNCTION(to_peer, wk_to_peer)
SCRIPT_FUNCTION(for_range, wk_for_range)
SCRIPT_FUNCTION(reject_unregistered, wk_reject_unregistered)
SCRIPT_FUNCTION(registrar_lookup, wk_registrar_lookup)
SCRIPT_FUNCTION(unreachable, wk_unreachable)
SCRIPT_FUNCTION(wic_lost, wk_wic_lost)
SCRIPT_FUNCTION(branch, wk_branch)
SCRIPT_FUNCTION(indialog, wk_indialog)
SCRIPT_FUNCTION(dialog_reply, wk_dialog_reply)
SCRIPT_FUNCTION(same_flow, wk_same_flow)
SCRIPT_FUNCTION(cancelled, wk_cancelled)
SCRIPT_FUNCTION(reg_notify, wk_reg_notify)
SCRIPT_FUNCTION(media_begin, wk_media_begin)
SCRIPT_FUNCTION(media_end_to_end, wk_media_end_to_end)
SCRIPT_FUNCTION(media_sdp, wk_media_sdp)
ANY_FUNCTION(reply, wk_reply)
SCRIPT_FUNCTION(core_failed, wk_core_failed)

SCRIPT_TEXT_FUNCTION(token_validate_text, wk_token_validate)
SCRIPT_TEXT_FUNCTION(token_claim, wk_token_claim)
SCRIPT_TEXT_FUNCTION(media_put, wk_media_put)
ANY_TEXT_FUNCTION(range_match, wk_range_match)
ANY_TEXT_FUNCTION(registrar_query, wk_registrar_query)

/* Of the name of a route, which is a function's in KEMI. */
#define ROUTE_FUNCTION(name, does)                                  \
	static int ki_##name(sip_msg_t *msg, str *function)             \
	{                                                               \
		return wk_role_lacks(msg) ? WK_FALSE : does(msg, function); \
	}                                                               \
	static int w_##name(sip_msg_t *msg, char *route, char *p2)      \
	{                                                               \
		if(wk_role_lacks(msg))                                      \
			return WK_FALSE;                                        \
		return does##_route(msg, (int)(long)route);                 \
	}

ROUTE_FUNCTION(token_resolve, wk_token_resolve)
ROUTE_FUNCTION(range_register, wk_range_register)

/* clang-format off */
#define REPLIES (ONREPLY_ROUTE)
#define FAILED  (FAILURE_ROUTE | BRANCH_FAILURE_ROUTE)

static cmd_export_t commands[] = {
	{"wims_ws_open",        w_ws_open,             0, 0, 0, REQUEST_ROUTE | EVENT_ROUTE},
	{"wims_screen",         w_screen,              0, 0, 0, REQUEST_ROUTE},
	{"wims_screen_reply",   w_screen_reply,        0, 0, 0, CORE_ONREPLY_ROUTE},
	{"wims_screen_to_wic",  w_screen_to_wic,       0, 0, 0, REQUEST_ROUTE},
	{"wims_admit",          w_admit,               0, 0, 0, REQUEST_ROUTE},
	{"wims_scenario_check", w_scenario_check,      0, 0, 0, REQUEST_ROUTE},
	{"wims_token_validate", w_token_validate,      0, 0, 0, REQUEST_ROUTE},
	{"wims_token_validate", w_token_validate_text, 1, fixup_spve_null, fixup_free_spve_null, REQUEST_ROUTE},
	{"wims_token_resolve",  w_token_resolve,       1, wk_fixup_resolve, 0, REQUEST_ROUTE},
	{"wims_token_check",    w_token_check,         0, 0, 0, REQUEST_ROUTE},
	{"wims_token_claim",    w_token_claim,         1, fixup_spve_null, fixup_free_spve_null, ANY_ROUTE},
	{"wims_identity_check", w_identity_check,      0, 0, 0, REQUEST_ROUTE},
	{"wims_range_match",    w_range_match,         1, fixup_spve_null, fixup_free_spve_null, ANY_ROUTE},
	{"wims_registrar_query", w_registrar_query,    1, fixup_spve_null, fixup_free_spve_null, REQUEST_ROUTE | FAILED},
	{"wims_range_register", w_range_register,      1, wk_fixup_range_register, 0, REQUEST_ROUTE},
	{"wims_tna_apply",      w_tna_apply,           0, 0, 0, REQUEST_ROUTE},
	{"wims_digest_apply",   w_digest_apply,        0, 0, 0, REQUEST_ROUTE},
	{"wims_register_reply", w_register_reply,      0, 0, 0, REPLIES},
	{"wims_registrar_allocate", w_registrar_allocate, 0, 0, 0, REQUEST_ROUTE},
	{"wims_registrar_save", w_registrar_save,      0, 0, 0, REQUEST_ROUTE},
	{"wims_emergency",      w_emergency,           0, 0, 0, REQUEST_ROUTE},
	{"wims_emergency_apply", w_emergency_apply,    0, 0, 0, REQUEST_ROUTE},
	{"wims_originate",      w_originate,           0, 0, 0, REQUEST_ROUTE},
	{"wims_terminate",      w_terminate,           0, 0, 0, REQUEST_ROUTE},
	{"wims_to_peer",        w_to_peer,             0, 0, 0, REQUEST_ROUTE},
	{"wims_for_range",      w_for_range,           0, 0, 0, REQUEST_ROUTE},
	{"wims_reject_unregistered", w_reject_unregistered, 0, 0, 0, REQUEST_ROUTE},
	{"wims_registrar_lookup", w_registrar_lookup,  0, 0, 0, REQUEST_ROUTE},
	{"wims_branch",         w_branch,              0, 0, 0, BRANCH_ROUTE},
	{"wims_unreachable",    w_unreachable,         0, 0, 0, REQUEST_ROUTE | FAILED},
	{"wims_wic_lost",       w_wic_lost,            0, 0, 0, FAILED},
	{"wims_indialog",       w_indialog,            0, 0, 0, REQUEST_ROUTE},
	{"wims_dialog_reply",   w_dialog_reply,        0, 0, 0, REPLIES},
	{"wims_same_flow",      w_same_flow,           0, 0, 0, REQUEST_ROUTE},
	{"wims_cancelled",      w_cancelled,           0, 0, 0, REQUEST_ROUTE},
	{"wims_reg_notify",     w_reg_notify,          0, 0, 0, REQUEST_ROUTE},
	{"wims_media_begin",    w_media_begin,         0, 0, 0, REQUEST_ROUTE | BRANCH_ROUTE},
	{"wims_media_end_to_end", w_media_end_to_end,  0, 0, 0, REQUEST_ROUTE | BRANCH_ROUTE},
	{"wims_media_sdp",      w_media_sdp,           0, 0, 0, REQUEST_ROUTE | BRANCH_ROUTE | REPLIES},
	{"wims_media_put",      w_media_put,           1, fixup_spve_null, fixup_free_spve_null, REQUEST_ROUTE | BRANCH_ROUTE | REPLIES},
	{"wims_reply",          w_reply,               0, 0, 0, REQUEST_ROUTE | FAILED},
	{"wims_core_failed",    w_core_failed,         0, 0, 0, REQUEST_ROUTE | FAILED},
	{0, 0, 0, 0, 0, 0}};

#define KEMI(name, function, ...) \
	{str_init("webrtc_ims"), str_init(name), SR_KEMIP_INT, function, {__VA_ARGS__}}
#define NOTHING SR_KEMIP_NONE, SR_KEMIP_NONE, SR_KEMIP_NONE, SR_KEMIP_NONE, SR_KEMIP_NONE, SR_KEMIP_NONE
#define TEXT    SR_KEMIP_STR,  SR_KEMIP_NONE, SR_KEMIP_NONE, SR_KEMIP_NONE, SR_KEMIP_NONE, SR_KEMIP_NONE

static sr_kemi_t kemi[] = {
	KEMI("ws_open",             ki_ws_open,             NOTHING),
	KEMI("screen",              ki_screen,              NOTHING),
	KEMI("screen_reply",        ki_screen_reply,        NOTHING),
	KEMI("screen_to_wic",       ki_screen_to_wic,       NOTHING),
	KEMI("admit",               ki_admit,               NOTHING),
	KEMI("scenario_check",      ki_scenario_check,      NOTHING),
	KEMI("token_validate",      ki_token_validate,      NOTHING),
	KEMI("token_validate_text", ki_token_validate_text, TEXT),
	KEMI("token_resolve",       ki_token_resolve,       TEXT),
	KEMI("token_check",         ki_token_check,         NOTHING),
	KEMI("token_claim",         ki_token_claim,         TEXT),
	KEMI("identity_check",      ki_identity_check,      NOTHING),
	KEMI("range_match",         ki_range_match,         TEXT),
	KEMI("registrar_query",     ki_registrar_query,     TEXT),
	KEMI("range_register",      ki_range_register,      TEXT),
	KEMI("tna_apply",           ki_tna_apply,           NOTHING),
	KEMI("digest_apply",        ki_digest_apply,        NOTHING),
	KEMI("register_reply",      ki_register_reply,      NOTHING),
	KEMI("registrar_allocate",  ki_registrar_allocate,  NOTHING),
	KEMI("registrar_save",      ki_registrar_save,      NOTHING),
	KEMI("emergency",           ki_emergency,           NOTHING),
	KEMI("emergency_apply",     ki_emergency_apply,     NOTHING),
	KEMI("originate",           ki_originate,           NOTHING),
	KEMI("terminate",           ki_terminate,           NOTHING),
	KEMI("to_peer",             ki_to_peer,             NOTHING),
	KEMI("for_range",           ki_for_range,           NOTHING),
	KEMI("reject_unregistered", ki_reject_unregistered, NOTHING),
	KEMI("registrar_lookup",    ki_registrar_lookup,    NOTHING),
	KEMI("branch",              ki_branch,              NOTHING),
	KEMI("unreachable",         ki_unreachable,         NOTHING),
	KEMI("wic_lost",            ki_wic_lost,            NOTHING),
	KEMI("indialog",            ki_indialog,            NOTHING),
	KEMI("dialog_reply",        ki_dialog_reply,        NOTHING),
	KEMI("same_flow",           ki_same_flow,           NOTHING),
	KEMI("cancelled",           ki_cancelled,           NOTHING),
	KEMI("reg_notify",          ki_reg_notify,          NOTHING),
	KEMI("media_begin",         ki_media_begin,         NOTHING),
	KEMI("media_end_to_end",    ki_media_end_to_end,    NOTHING),
	KEMI("media_sdp",           ki_media_sdp,           NOTHING),
	KEMI("media_put",           ki_media_put,           TEXT),
	KEMI("reply",               ki_reply,               NOTHING),
	KEMI("core_failed",         ki_core_failed,         NOTHING),
	{{0, 0}, {0, 0}, 0, NULL, {0, 0, 0, 0, 0, 0}}};
/* clang-format on */

/* An eI-CSCF asks the registrar, and answers. */
static int init_icscf(void)
{
	return wk_reply_bind() < 0 || wk_provision_init() < 0 || wk_registry_init() < 0 ? -1 : 0;
}

static int init_epcscf(void)
{
	if(wk_edge_init() < 0 || wk_tm_bind() < 0 || wk_reply_bind() < 0 || wk_location_init() < 0
	   || wk_emergency_init() < 0 || wk_screen_init() < 0 || wk_trust_init() < 0)
		return -1;
	if(wk_limits_init() < 0 || wk_bans_init() < 0 || wk_store_init() < 0 || wk_event_init() < 0
	   || wk_provision_init() < 0 || wk_state_init() < 0 || wk_cache_init() < 0
	   || wk_lookup_init() < 0)
		return -1;
	if(wk_revoke_init() < 0 || wk_exclusive_init() < 0 || wk_registry_init() < 0
	   || wk_peer_watch_init() < 0 || wk_rangereg_init() < 0 || wk_regevent_init() < 0
	   || wk_used_up_init() < 0 || wk_media_kept_init() < 0)
		return -1;
	if(wk_load_init() < 0 || wk_ws_watch() < 0 || wk_screen_watch() < 0 || wk_mask_init() < 0
	   || wk_fetch_init() < 0 || wk_proc_reserve() < 0)
		return -1;
	if(rpc_register_array(wk_rpc_exports) == 0)
		return 0;
	LM_ERR("cannot register the RPC commands of an eP-CSCF\n");
	return -1;
}

/* The order matters: OpenSSL is cured and warmed up before anything uses it. */
static int mod_init(void)
{
	if(wk_role_init() < 0 || wk_tls_prepare() < 0 || wk_params_check() < 0 || wk_answer_init() < 0
	   || wk_ask_init() < 0 || wk_stats_register() < 0)
		return -1;
	if(rpc_register_array(wk_rpc_exports_any) != 0) {
		LM_ERR("cannot register the RPC commands\n");
		return -1;
	}
	return wk_role_icscf() ? init_icscf() : init_epcscf();
}

static int child_init(int rank)
{
	if(rank == PROC_INIT)
		return wk_role_icscf() ? 0 : wk_params_check_times();
	if(rank == PROC_MAIN && wk_role_icscf())
		return 0;
	if(rank == PROC_MAIN)
		return wk_proc_fork() < 0 ? -1 : wk_registry_proc_fork();
	return wk_tls_child(rank == PROC_TCP_MAIN ? NULL : wk_provision_refresh) ? 0 : -1;
}

static void destroy(void)
{
	wk_lookup_destroy();
	wk_cache_destroy();
	wk_proc_destroy();
	wk_fetch_destroy();
	wk_regevent_destroy();
	wk_exclusive_destroy();
	wk_rangereg_destroy();
	wk_revoke_destroy();
	wk_media_kept_destroy();
	wk_used_up_destroy();
	wk_peer_watch_destroy();
	wk_registry_destroy();
	wk_load_destroy();
	wk_state_destroy();
	wk_provision_destroy();
	wk_bans_destroy();
	wk_limits_destroy();
}

int mod_register(char *path, int *dlflags, void *p1, void *p2)
{
	wk_tls_note_load_order();
	return sr_kemi_modules_add(kemi);
}

struct module_exports exports = {
		.name = "webrtc_ims",
		.dlflags = DEFAULT_DLFLAGS,
		.cmds = commands,
		.params = wk_param_exports,
		.pv_items = wk_pv_exports,
		.response_f = NULL,
		.init_mod_f = mod_init,
		.init_child_f = child_init,
		.destroy_mod_f = destroy,
};
