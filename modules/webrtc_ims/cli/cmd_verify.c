/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli_provision.h"

#include "jose/wims_jws.h"
#include "token/wims_claims.h"
#include "token/wims_token.h"

#include <stdlib.h>

enum
{
	/* s; of a bare key set, which says nothing about it */
	LEEWAY = 60
};

/* What tokens are judged by: one of pv and keys is set. */
struct judge
{
	const struct wims_provision *pv;
	const struct wims_keyset *keys;
	bool signature_only;
	int64_t now;
};

static void print_pair(const char *name, struct wims_pl value)
{
	if(value.l == 0)
		return;
	printf(" %s=", name);
	cli_print_escaped(stdout, value, false);
}

/* --- by a provisioning file --- */

static enum wims_reason by_provision(const struct judge *j, struct wims_pl compact)
{
	static struct wims_token t;
	enum wims_reason r = wims_token_validate(&t, &wims_env_libc, j->pv, compact, j->now);
	size_t i;

	if(r == WIMS_OK)
		r = wims_token_check_remaining(&t, j->now);
	fputs(wims_reason_text(r), stdout);
	if(r != WIMS_OK)
		return r;
	print_pair("impi", t.impi);
	for(i = 0; i < t.impu_count; i++)
		print_pair("impu", t.impus[i]);
	print_pair("user", t.user);
	for(i = 0; i < t.block_count; i++)
		print_pair("range", t.wwsf->ranges.at[t.blocks[i]].text);
	print_pair("wwsf", t.wwsf->name);
	printf(" exp=%lld", (long long)t.exp);
	print_pair("sub", t.subject);
	print_pair("client_id", t.client_id);
	print_pair("scope", t.scope);
	return r;
}

/* A signature that some WWSF's key makes. Without a payload nobody says whose
 * it is, so all are asked; the outcome that came furthest is told. */
static enum wims_reason by_any_wwsf(const struct judge *j, struct wims_pl compact)
{
	const struct wims_wwsf *w = NULL;
	enum wims_reason r = WIMS_KEY_UNKNOWN;
	size_t i;

	for(i = 0; r != WIMS_OK && (w = wims_provision_at(j->pv, i)) != NULL; i++) {
		enum wims_reason one;

		if(w->keys == NULL)
			continue;
		one = wims_token_signature(&wims_env_libc, w->keys, compact);
		if(one == WIMS_OK || r == WIMS_KEY_UNKNOWN)
			r = one;
		if(one == WIMS_OK)
			break;
	}
	fputs(wims_reason_text(r), stdout);
	if(r == WIMS_OK)
		print_pair("wwsf", w->name);
	return r;
}

/* --- by a bare key set --- */

/* RFC 7519 4.1.4, 4.1.5: all that can be judged without knowing the issuer. */
static enum wims_reason check_life(const struct wims_json_value *claims, int64_t now, int64_t *exp)
{
	int64_t nbf;
	enum wims_claim c = wims_claim_time(exp, claims, WIMS_PL("exp"), WIMS_ROUND_DOWN);

	if(c != WIMS_CLAIM_OK)
		return wims_claim_reason(c);
	c = wims_claim_time(&nbf, claims, WIMS_PL("nbf"), WIMS_ROUND_UP);
	if(c != WIMS_CLAIM_OK && c != WIMS_CLAIM_ABSENT)
		return wims_claim_reason(c);
	if(*exp + LEEWAY <= now)
		return WIMS_TOKEN_EXPIRED;
	return nbf - LEEWAY > now ? WIMS_TOKEN_NOT_YET : WIMS_OK;
}

static void print_claims(const struct wims_json_value *claims, int64_t exp)
{
	printf(" exp=%lld", (long long)exp);
	print_pair("iss", wims_json_string(wims_json_member(claims, "iss")));
	print_pair("sub", wims_json_string(wims_json_member(claims, "sub")));
}

static enum wims_reason by_keys(const struct judge *j, struct wims_pl compact)
{
	static struct wims_jws jws;
	struct wims_json *doc = NULL;
	int64_t exp = 0;
	enum wims_reason r;

	if((r = wims_jws_parse(&jws, &wims_env_libc, compact)) == WIMS_OK)
		r = wims_jws_verify(&jws, j->keys);
	if(r == WIMS_OK && !j->signature_only) {
		r = wims_json_parse(&doc, &wims_env_libc, jws.payload, WIMS_JWS_PAYLOAD_MAX, NULL);
		if(r == WIMS_OK)
			r = wims_json_type(wims_json_root(doc)) != WIMS_JSON_OBJECT
						? WIMS_TOKEN_JSON
						: check_life(wims_json_root(doc), j->now, &exp);
	}
	fputs(wims_reason_text(r), stdout);
	if(r == WIMS_OK && !j->signature_only)
		print_claims(wims_json_root(doc), exp);
	wims_json_free(doc);
	return r;
}

static enum cli_status verify(const void *ctx, struct wims_pl line)
{
	const struct judge *j = ctx;
	enum wims_reason r = j->keys != NULL     ? by_keys(j, line)
						 : j->signature_only ? by_any_wwsf(j, line)
											 : by_provision(j, line);

	putchar('\n');
	return r == WIMS_OK ? CLI_OK : CLI_REFUSED;
}

/* --- what to judge by --- */

static enum cli_status read_keys(struct wims_keyset **out, const char *path)
{
	struct wims_json_fault jf = {0};
	struct wims_key_fault kf = {0};
	struct wims_json *doc = NULL;
	enum cli_status status = CLI_OK;
	char *text = NULL;
	size_t len;

	if(!cli_must_read(path, WIMS_JSON_MAX, &text, &len))
		return CLI_USAGE;
	if(wims_json_parse(&doc, &wims_env_libc, (struct wims_pl){text, len}, WIMS_JSON_MAX, &jf)
	   != WIMS_OK)
		status = cli_fail("%s: line %d, column %d: %s", path, jf.line, jf.column, jf.text);
	else if(wims_keyset_from_jwks(out, &wims_env_libc, wims_json_root(doc), WIMS_ALG_PUBLIC, &kf)
			!= WIMS_OK)
		status = cli_fail("%s: key %zu: %s", path, kf.index, kf.text);
	wims_json_free(doc);
	free(text);
	return status;
}

static enum cli_status run(const struct cli_args *args)
{
	const char *config = cli_arg(args, "--config"), *jwks = cli_arg(args, "--jwks");
	struct judge j = {.signature_only = cli_flag(args, "--signature-only")};
	struct cli_provision p = {NULL, NULL};
	struct wims_keyset *keys = NULL;
	enum cli_status status;

	if((config == NULL) == (jwks == NULL))
		return cli_fail("token verify: one of --config and --jwks is needed");
	if(!cli_arg_seconds(args, "--now", cli_now(), &j.now))
		return CLI_USAGE;
	status = config != NULL ? cli_provision_read(&p, config) : read_keys(&keys, jwks);
	j.pv = p.pv;
	j.keys = keys;
	status = status == CLI_OK ? cli_each_line(verify, &j) : CLI_USAGE;
	wims_keyset_free(keys);
	cli_provision_free(&p);
	return status;
}

static const struct cli_option options[] = {
		{"--config", "FILE", "the provisioning file: everything is checked"},
		{"--jwks", "FILE", "a bare JWK set: signature, exp and nbf are checked"},
		{"--signature-only", NULL, "the JWS layer and no more; the payload may be anything"},
		{"--now", "T", "seconds since the epoch to take for the present time"},
		{0},
};

const struct cli_command cli_token_verify = {
		.name = "token verify",
		.summary = "check the tokens on standard input as the eP-CSCF would for a REGISTER",
		.details =
				"One token a line, one line of output for each: the outcome (see \"wims\n"
				"outcomes\"), and after \"ok\" what the token says, as name=value. Exit status 0\n"
				"only if all are ok.",
		.options = options,
		.run = run,
};
