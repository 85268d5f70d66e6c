/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_wwsf_read.h"

#include "provision/wims_identities.h"
#include "provision/wims_introspection_read.h"
#include "provision/wims_keys_read.h"
#include "provision/wims_policy_read.h"
#include "provision/wims_ranges_read.h"
#include "provision/wims_rules_read.h"
#include "provision/wims_scenario.h"
#include "provision/wims_set.h"
#include "sip/wims_tna.h"

#include <stdio.h>

/* The schema of docs/provisioning.md. Rows are read from top to bottom:
 * algorithms before keys, domain before identities. */

#define STRING WIMS_TYPE_BIT(WIMS_JSON_STRING)
#define INT WIMS_TYPE_BIT(WIMS_JSON_INT)
#define BOOL WIMS_TYPE_BIT(WIMS_JSON_BOOL)
#define ARRAY WIMS_TYPE_BIT(WIMS_JSON_ARRAY)
#define OBJECT WIMS_TYPE_BIT(WIMS_JSON_OBJECT)
#define NEED WIMS_MEMBER_REQUIRED
#define WEB WIMS_MEMBER_BY_TOKEN
#define RANGES WIMS_MEMBER_RANGES

enum
{
	LEEWAY_MAX = 300,              /* RFC 7519 4.1.4: no more than a few minutes */
	LIFETIME_MAX = 30 * 24 * 3600, /* s */
	REMAINING_MAX = 3600,          /* s */
	GRACE_MAX = 300,               /* s */
	SCENARIOS_MAX = 2              /* one by token, one by the core */
};

/* clang-format off */
#define AT(m) offsetof(struct wims_claim_names, m)
static const struct wims_member claim_rows[] = {
	{"impi",  STRING, 0, 0, 0, AT(impi),  wims_set_text, &wims_text_claim},
	{"impu",  STRING, 0, 0, 0, AT(impu),  wims_set_text, &wims_text_claim},
	{"wwsf",  STRING, 0, 0, 0, AT(wwsf),  wims_set_text, &wims_text_claim},
	{"waf",   STRING, 0, 0, 0, AT(waf),   wims_set_text, &wims_text_claim},
	{"scope", STRING, 0, 0, 0, AT(scope), wims_set_text, &wims_text_claim},
	{"range", STRING, 0, 0, 0, AT(range), wims_set_text, &wims_text_claim},
	{"user",  STRING, 0, 0, 0, AT(user),  wims_set_text, &wims_text_claim},
};
#undef AT

#define AT(m) offsetof(struct wims_convey, m)
static const struct wims_member convey_rows[] = {
	{"waf",  STRING, 0, 0, 0, AT(waf),  wims_set_text, &wims_text_param},
	{"wwsf", STRING, 0, 0, 0, AT(wwsf), wims_set_text, &wims_text_param},
};
#undef AT

#define AT(m) offsetof(struct wims_wwsf, m)
static const struct wims_member grace_rows[] = {
	{"lost",   INT, 0, 0, GRACE_MAX, AT(dialog_grace_lost_ms),   wims_set_milli, NULL},
	{"silent", INT, 0, 0, GRACE_MAX, AT(dialog_grace_silent_ms), wims_set_milli, NULL},
};
/* clang-format on */

static WIMS_SETTER(set_claims)
{
	(void)m;
	return wims_schema_read(rd, WIMS_SCHEMA(claim_rows), field, v);
}

static WIMS_SETTER(set_convey)
{
	struct wims_convey *both = field;
	enum wims_reason r = wims_schema_read(rd, WIMS_SCHEMA(convey_rows), both, v);

	(void)m;
	if(r == WIMS_OK && both->waf.l > 0 && wims_pl_caseeq(both->waf, both->wwsf))
		return wims_config_fail(rd, WIMS_CONFIG_VALUE, "allowed: two names that differ");
	return r;
}

static WIMS_SETTER(set_dialog_grace)
{
	(void)m;
	return wims_schema_read(rd, WIMS_SCHEMA(grace_rows), field, v);
}

/* Of two the one that a token says; a WIC without one is the core's to authenticate. */
static enum wims_reason add_scenario(struct wims_reading *rd, struct wims_wwsf *w,
									 const struct wims_json_value *v)
{
	enum wims_scenario s = wims_scenario_named(wims_json_string(v));

	if(wims_json_type(v) != WIMS_JSON_STRING)
		return wims_config_type(rd, STRING, v);
	if(s == WIMS_SCENARIO_NONE)
		return wims_config_fail(rd, WIMS_CONFIG_VALUE,
								"allowed: \"web-auth\", \"ims-auth\", \"pool\" or \"range\"");
	if(s == WIMS_SCENARIO_IMS_AUTH ? w->ims_auth : wims_scenario_by_token(w->scenario))
		return wims_config_fail(rd, WIMS_CONFIG_VALUE,
								"allowed: \"ims-auth\" and one of the others, each once");
	w->ims_auth = w->ims_auth || s == WIMS_SCENARIO_IMS_AUTH;
	if(!wims_scenario_by_token(w->scenario))
		w->scenario = s;
	return WIMS_OK;
}

static WIMS_SETTER(set_scenarios)
{
	struct wims_wwsf *w = field;
	enum wims_reason r = WIMS_OK;
	size_t i;

	(void)m;
	w->scenario = WIMS_SCENARIO_NONE;
	w->ims_auth = false;
	if(wims_json_type(v) == WIMS_JSON_STRING)
		return add_scenario(rd, w, v);
	for(i = 0; r == WIMS_OK && i < wims_json_count(v); i++) {
		size_t outer = wims_path_index(rd, i);

		r = add_scenario(rd, w, wims_json_at(v, i));
		wims_path_leave(rd, outer);
	}
	return r;
}

static enum wims_reason fail_algorithm(struct wims_reading *rd)
{
	char names[120] = "";
	size_t at = 0;
	size_t i;

	for(i = 0; wims_alg_at(i) != NULL; i++)
		at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%.*s", i > 0 ? ", " : "",
							   WIMS_PL_ARG(wims_alg_at(i)->name));
	return wims_config_fail(rd, WIMS_CONFIG_VALUE, "allowed: %s", names);
}

static WIMS_SETTER(set_algorithms)
{
	enum wims_reason r = WIMS_OK;
	uint32_t *set = field;
	size_t i;

	(void)m;
	*set = 0;
	for(i = 0; r == WIMS_OK && i < wims_json_count(v); i++) {
		const struct wims_json_value *name = wims_json_at(v, i);
		const struct wims_alg *alg = wims_alg_by_name(wims_json_string(name));
		size_t outer = wims_path_index(rd, i);

		if(wims_json_type(name) != WIMS_JSON_STRING)
			r = wims_config_type(rd, STRING, name);
		else if(alg == NULL)
			r = fail_algorithm(rd);
		else
			*set |= WIMS_ALG_BIT(alg->id);
		wims_path_leave(rd, outer);
	}
	return r;
}

/* clang-format off */
static const struct wims_member wwsf_rows[] = {
	{"name",               STRING,         NEED,       0, 0,                   AT(name),               wims_set_text,    &wims_text_name},
	{"scenario",           STRING | ARRAY, 0,          1, SCENARIOS_MAX,       0,                      set_scenarios,    NULL},
	{"domain",             STRING,         NEED,       0, 0,                   AT(domain),             wims_set_text,    &wims_text_host},
	{"origins",            ARRAY,          NEED,       1, WIMS_ORIGINS_MAX,    AT(origins),            wims_set_texts,   &wims_text_origin},
	{"issuer",             STRING | ARRAY, NEED | WEB, 1, WIMS_ISSUERS_MAX,    AT(issuers),            wims_set_texts,   &wims_text_printable},
	{"audience",           STRING | ARRAY, NEED | WEB, 1, WIMS_AUDIENCES_MAX,  AT(audiences),          wims_set_texts,   &wims_text_printable},
	{"algorithms",         ARRAY,          WEB,        1, WIMS_ALG_COUNT,      AT(algorithms),         set_algorithms,   NULL},
	{"keys",               OBJECT | ARRAY, WEB,        1, WIMS_KEY_SOURCES_MAX, 0,                     wims_set_keys,    NULL},
	{"introspection",      OBJECT,         WEB,        0, 0,                   AT(introspection),      wims_set_introspection, NULL},
	{"claims",             OBJECT,         WEB,        0, 0,                   AT(claims),             set_claims,       NULL},
	{"required_claims",    OBJECT,         WEB,        0, 0,                   AT(required_claims),    wims_set_rules,   NULL},
	{"convey",             OBJECT,         WEB,        0, 0,                   AT(convey),             set_convey,       NULL},
	{"wwsf_id",            STRING | ARRAY, WEB,        1, WIMS_WWSF_IDS_MAX,   AT(wwsf_ids),           wims_set_texts,   &wims_text_printable},
	{"scope",              STRING,         WEB,        0, 0,                   AT(scope),              wims_set_text,    &wims_text_scope},
	{"realm",              STRING,         WEB,        0, 0,                   AT(realm),              wims_set_text,    &wims_text_realm},
	{"authz_server",       STRING,         WEB,        0, 0,                   AT(authz_server),       wims_set_text,    &wims_text_https},
	{"impus",              ARRAY,          WEB,        1, WIMS_IDENTITIES_MAX, 0,                      wims_set_impus,   NULL},
	{"impis",              ARRAY,          WEB,        1, WIMS_IDENTITIES_MAX, 0,                      wims_set_impis,   NULL},
	{"ranges",             ARRAY,          WEB | RANGES, 1, WIMS_WWSF_RANGES_MAX, 0,                   wims_set_ranges,  NULL},
	{"anonymous",          BOOL,           WEB | RANGES, 0, 0,                 AT(anonymous),          wims_set_bool,    NULL},
	{"typ",                STRING | ARRAY, WEB,        1, WIMS_TYPS_MAX,       AT(typ),                wims_set_texts,   &wims_text_typ},
	{"require_at_jwt",     BOOL,           WEB,        0, 0,                   AT(require_at_jwt),     wims_set_bool,    NULL},
	{"leeway",             INT,            WEB,        0, LEEWAY_MAX,          AT(leeway),             wims_set_int,     NULL},
	{"max_lifetime",       INT,            WEB,        0, LIFETIME_MAX,        AT(max_lifetime),       wims_set_int,     NULL},
	{"min_remaining",      INT,            WEB,        0, REMAINING_MAX,       AT(min_remaining),      wims_set_int,     NULL},
	{"request_token",      STRING | OBJECT, WEB,       0, 0,                   AT(request_token),      wims_set_policies, NULL},
	{"close_on_bad_token", BOOL,           WEB,        0, 0,                   AT(close_on_bad_token), wims_set_bool,    NULL},
	{"calls_outlive_token", BOOL,          WEB,        0, 0,                   AT(calls_outlive_token), wims_set_bool,   NULL},
	{"dereg_grace",        INT,            0,          0, GRACE_MAX,           AT(dereg_grace_ms),     wims_set_milli,   NULL},
	{"dialog_grace",       OBJECT,         0,          0, 0,                   0,                      set_dialog_grace, NULL},
};
/* clang-format on */

enum
{
	SCENARIO_ROW = 1
};

static const struct wims_wwsf defaults = {
		.algorithms = WIMS_ALG_PUBLIC,
		.claims = {.impi = {"impi", 4},
				   .impu = {"impu", 4},
				   .waf = {"iss", 3},
				   .scope = {"scope", 5},
				   .range = {"range", 5},
				   .user = {"sub", 3}},
		.introspection = {.cache = 60, .timeout_ms = 3000, .max_pending = 100},
		/* TS 33.203 X.3.2.3 step 4 NOTE 7 */
		.scope = {"webrtc-ims-client-access-to-ims", 31},
		.scenario = WIMS_SCENARIO_WEB_AUTH,
		.leeway = 60,
		.max_lifetime = 86400,
		.min_remaining = 30,
		.dereg_grace_ms = 5000,
		.dialog_grace_lost_ms = 0,
		.dialog_grace_silent_ms = 10000,
		.close_on_bad_token = true,
		.calls_outlive_token = true,
};

static enum wims_reason fail_member(struct wims_reading *rd, enum wims_reason r, const char *name,
									const char *text)
{
	size_t outer = wims_path_member(rd, name);

	wims_config_fail(rd, r, "%s", text);
	wims_path_leave(rd, outer);
	return r;
}

/* Was there an entry of this WWSF? */
static bool listed(const struct wims_reading *rd, const struct wims_entries *list)
{
	return list->count > 0 && list->at[list->count - 1].wwsf == rd->wwsf;
}

/* Does a token of it ever name an IMPU? Whom one is allocated to needs no IMPI. */
static bool has_claimed(const struct wims_reading *rd, const struct wims_wwsf *w)
{
	size_t i;

	for(i = 0; i < w->ranges.count; i++)
		if(w->ranges.at[i].allocate == NULL)
			return true;
	return listed(rd, &rd->impus);
}

/* Somebody's identities it must hand out. */
static enum wims_reason check_identities(struct wims_reading *rd, const struct wims_wwsf *w)
{
	if(w->scenario == WIMS_SCENARIO_RANGE && w->ranges.count == 0)
		return fail_member(rd, WIMS_CONFIG_MEMBER, "ranges", "is required with scenario \"range\"");
	if(!listed(rd, &rd->impus) && w->ranges.count == 0)
		return fail_member(rd, WIMS_CONFIG_MEMBER, "impus",
						   w->scenario == WIMS_SCENARIO_POOL ? "is required without \"ranges\""
															 : "is required");
	if(!listed(rd, &rd->impis) && (has_claimed(rd, w) || w->anonymous))
		return fail_member(rd, WIMS_CONFIG_MEMBER, "impis",
						   w->scenario == WIMS_SCENARIO_RANGE
								   ? "is required unless all ranges allocate, to users with a name"
								   : "is required");
	return WIMS_OK;
}

static bool may_be_conveyed(const struct wims_pl_list *list)
{
	size_t i;

	for(i = 0; i < list->count; i++)
		if(!wims_tna_may_be_conveyed(list->at[i]))
			return false;
	return true;
}

/* What a token could only name for its REGISTER to fail. */
static enum wims_reason check_convey(struct wims_reading *rd, const struct wims_wwsf *w)
{
	static const char allowed[] = "allowed with convey: up to 255 of printable ASCII without "
								  "\" and \\";

	if(w->convey.waf.l > 0 && wims_pl_eq(w->claims.waf, defaults.claims.waf)
	   && !may_be_conveyed(&w->issuers))
		return fail_member(rd, WIMS_CONFIG_VALUE, "issuer", allowed);
	if(w->convey.wwsf.l > 0 && !may_be_conveyed(&w->wwsf_ids))
		return fail_member(rd, WIMS_CONFIG_VALUE, "wwsf_id", allowed);
	return WIMS_OK;
}

/* What one member gives another. */
static enum wims_reason finish(struct wims_reading *rd, struct wims_wwsf *w)
{
	const struct wims_text_kind *https = &wims_text_https;
	enum wims_reason r;

	if(w->realm.l == 0)
		w->realm = w->domain;
	if(!wims_scenario_by_token(w->scenario))
		return WIMS_OK;
	if(w->keys == NULL && w->introspection.endpoint.l == 0)
		return fail_member(rd, WIMS_CONFIG_MEMBER, "keys",
						   "is required where there is no introspection");
	if(w->authz_server.l == 0 && https->ok(w->issuers.at[0]))
		w->authz_server = w->issuers.at[0];
	if(w->authz_server.l == 0)
		return fail_member(rd, WIMS_CONFIG_MEMBER, "authz_server",
						   "is required where the first issuer is no https URL");
	if(w->require_at_jwt && w->typ.count > 0)
		return fail_member(rd, WIMS_CONFIG_MEMBER, "typ",
						   "has no meaning with require_at_jwt, which allows \"at+jwt\" only");
	if(w->max_lifetime > 0 && w->min_remaining >= w->max_lifetime)
		return fail_member(rd, WIMS_CONFIG_VALUE, "min_remaining",
						   "allowed: less than max_lifetime, or no token would ever do");
	return (r = check_convey(rd, w)) != WIMS_OK ? r : check_identities(rd, w);
}

/* Members that have no meaning in that scenario. */
static void refuse_members(struct wims_reading *rd, enum wims_scenario scenario)
{
	rd->refused = 0;
	if(!wims_scenario_by_token(scenario)) {
		rd->refused = WEB;
		rd->refused_why = "has no meaning where the core authenticates; allowed with the other "
						  "scenarios";
	} else if(scenario == WIMS_SCENARIO_WEB_AUTH) {
		rd->refused = RANGES;
		rd->refused_why = "has no meaning here; allowed with scenario \"pool\" or \"range\"";
	}
}

enum wims_reason wims_wwsf_read(struct wims_reading *rd, struct wims_wwsf *w,
								const struct wims_json_value *v)
{
	enum wims_reason r;

	*w = defaults;
	/* first, because it decides which of the others have a meaning */
	if((r = wims_schema_read_row(rd, &wwsf_rows[SCENARIO_ROW], w, v)) != WIMS_OK)
		return r;
	refuse_members(rd, w->scenario);
	r = wims_schema_read(rd, WIMS_SCHEMA(wwsf_rows), w, v);
	rd->refused = 0;
	return r == WIMS_OK ? finish(rd, w) : r;
}
