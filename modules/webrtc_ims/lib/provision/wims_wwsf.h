/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_WWSF_H
#define WIMS_WWSF_H

/* What the operator has provisioned about one WWSF (TS 23.228 U.1.3.5). All
 * members are set when the provisioning is read, and only read afterwards. */

#include "base/wims_pl.h"
#include "jose/wims_keyset.h"
#include "registrar/wims_block.h"

/* Which registration a WWSF's clients use (TS 23.228 U.2.1.2 - U.2.1.4). */
enum wims_scenario
{
	WIMS_SCENARIO_NONE,
	WIMS_SCENARIO_IMS_AUTH, /* 1: Digest or AKA relayed to the core */
	WIMS_SCENARIO_WEB_AUTH, /* 2: token, then TNA */
	WIMS_SCENARIO_POOL,     /* 3: the same, of a pool that is the WWSF's */
	WIMS_SCENARIO_RANGE     /* 3 with ranges: each is registered once by TNA, and the eP-CSCF is
							 * the registrar of the IMPUs in it */
};

/* When a range is registered in the core (TS 23.228 U.2.1.4 as first drafted,
 * NOTE 1). */
enum wims_range_trigger
{
	WIMS_RANGE_NEVER,    /* it only says whose the IMPUs are; each is registered by itself */
	WIMS_RANGE_AT_START, /* and stays registered */
	WIMS_RANGE_AT_FIRST, /* when the first WIC of it comes */
	WIMS_RANGE_BY_TOKEN  /* when a token brings a range inside it */
};

struct wims_pl_list
{
	struct wims_pl *at;
	size_t count;
};

/* What a claim may be: a string, an integer or a boolean. */
struct wims_claim_value
{
	enum wims_json_type type;
	struct wims_pl text;
	int64_t number; /* of a boolean too */
};

/* A claim that each token must hold, with one of these values. */
struct wims_claim_rule
{
	struct wims_pl name; /* or path */
	struct wims_claim_value *at;
	size_t count;
};

struct wims_alloc;

/* Numbers of eP-CSCFs (node_id). */
struct wims_node_list
{
	uint16_t *at;
	size_t count;
};

/* A range of IMPUs that is a WWSF's. */
struct wims_wwsf_range
{
	struct wims_pl text;     /* as provisioned (wims_range_read) */
	struct wims_pl wildcard; /* as the core spells it; empty with WIMS_RANGE_NEVER */
	struct wims_pl pilot;    /* canonical IMPU that is registered for it; empty: the wildcard is */
	struct wims_pl impi;     /* canonical; empty with WIMS_RANGE_NEVER */
	enum wims_range_trigger trigger;
	struct wims_node_list nodes; /* that register it; empty: any */
	struct wims_block block;     /* in the registrar; nothing with WIMS_RANGE_NEVER */
	/* Its IMPUs are allocated to users; NULL: WICs claim the one of their token. */
	const struct wims_alloc *allocate;
	/* Which users: all without both, else those that are in both. */
	struct wims_pl_list users;    /* user identities without scheme, with one '*' at most */
	struct wims_claim_rule claim; /* that their token holds; no name: any */
};

struct wims_wwsf_ranges
{
	struct wims_wwsf_range *at; /* as in the file */
	size_t count;
};

struct wims_members;

enum
{
	WIMS_CLAIM_NAME_MAX = 128, /* bytes of a name or path */
	WIMS_CLAIM_STEPS_MAX = 4   /* names in a path */
};

/* Names of the claims that carry identities, or paths to them (wims_claim_find);
 * defaults in docs. */
struct wims_claim_names
{
	struct wims_pl impi;
	struct wims_pl impu; /* string, or array of strings */
	struct wims_pl wwsf; /* WWSF identity; empty: "client_id", else "azp" */
	struct wims_pl waf;  /* WAF identity, default "iss" */
	struct wims_pl scope;
	struct wims_pl range; /* of WIMS_RANGE_BY_TOKEN */
	struct wims_pl user;  /* whom an IMPU is allocated to, default "sub" */
};

/* Parameters of Authorization that tell the core who vouched for a WIC (TS 33.203
 * X.3.2.3 step 5); empty: it is not told. */
struct wims_convey
{
	struct wims_pl waf;
	struct wims_pl wwsf;
};

struct wims_claim_rules
{
	struct wims_claim_rule *at;
	size_t count;
};

/* Keys that the WWSF publishes itself (RFC 7517 5), beside those written into
 * the provisioning. */
struct wims_remote_keys
{
	struct wims_pl uri;     /* https URL; empty: it publishes none */
	struct wims_pl ca_file; /* as the file names it; empty: those of the system */
	int64_t refresh_min;    /* s; bounds of what the server says by max-age */
	int64_t refresh_max;
	int64_t stale; /* s that they are used when no refresh succeeds; 0: for ever */
};

/* Where tokens that nobody can verify alone are asked about (RFC 7662). */
struct wims_introspection
{
	struct wims_pl endpoint; /* https URL; empty: there is none */
	struct wims_pl client_id;
	struct wims_pl client_secret; /* never logged, never shown */
	struct wims_pl ca_file;       /* as provisioned; empty: those of the system */
	int64_t cache;                /* s that an answer is believed at most; 0: not kept */
	int64_t timeout_ms;
	int64_t max_pending; /* tokens asked about at once */
};

/* What a token is asked for, and worth, on requests that are no REGISTER (TS
 * 24.371 7.2.1). */
enum wims_token_policy
{
	WIMS_TOKEN_ACCEPT,  /* one that is there must be good; none: the registration is enough */
	WIMS_TOKEN_REQUIRE, /* a good one must be there */
	WIMS_TOKEN_IGNORE   /* none is looked at */
};

struct wims_token_policies
{
	enum wims_token_policy initial; /* of requests that open a dialog, or stand alone */
	enum wims_token_policy in_dialog;
};

struct wims_wwsf
{
	size_t place; /* in the file: wims_provision_at */
	struct wims_pl name;
	struct wims_pl_list issuers;
	struct wims_pl_list audiences; /* one of them must be in aud */
	struct wims_keyset *keys;      /* extended by the remote ones, in each process; NULL: all
									* tokens are asked about */
	struct wims_remote_keys remote;
	uint32_t algorithms; /* WIMS_ALG_BIT() set */
	struct wims_introspection introspection;
	struct wims_pl_list origins;
	struct wims_claim_names claims;
	struct wims_pl_list wwsf_ids; /* what the WWSF identity may be; empty: anything, or absent */
	struct wims_claim_rules required_claims;
	struct wims_pl scope;        /* required scope; empty: none required */
	struct wims_pl realm;        /* of the challenge; default: domain */
	struct wims_pl authz_server; /* https URL for WWW-Authenticate (RFC 8898 4) */
	struct wims_pl domain;       /* home domain */
	/* Canonical. First the exact ones, sorted by wims_pl_order; behind them the
	 * patterns, whose one '*' stands for any run of bytes. */
	struct wims_pl_list impus;
	struct wims_pl_list impis;
	size_t impus_exact;
	size_t impis_exact;
	struct wims_wwsf_ranges ranges;
	size_t blocks; /* of them, that allocate */
	/* looks up the IMPUs of all WWSFs; NULL until wims_provision_use */
	const struct wims_members *members;
	size_t ranges_from;          /* number of its first range there */
	struct wims_pl_list typ;     /* accepted typ values; empty: "JWT", "at+jwt" or absent */
	bool require_at_jwt;         /* typ "at+jwt" and all that RFC 9068 2.2 requires */
	enum wims_scenario scenario; /* IMS_AUTH: the core authenticates all of its users */
	bool ims_auth;               /* it authenticates those who come without a token */
	struct wims_convey convey;
	bool anonymous; /* tokens need no subject; their identities are exclusive then */
	struct wims_token_policies request_token; /* default: accept */

	int64_t leeway;                 /* s, default 60 */
	int64_t max_lifetime;           /* s, exp - iat at most; default 86400; 0: no cap */
	int64_t min_remaining;          /* s, default 30 */
	int64_t dereg_grace_ms;         /* default 5000 */
	int64_t dialog_grace_lost_ms;   /* after FIN/RST, default 0 */
	int64_t dialog_grace_silent_ms; /* after silent loss, default 10000 */
	bool close_on_bad_token;        /* default true */
	bool calls_outlive_token;       /* default true */
};

#endif
