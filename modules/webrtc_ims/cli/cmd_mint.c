/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli.h"
#include "cli_key.h"

#include "jose/wims_alg.h"

#include <jansson.h>
#include <jwt.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

enum
{
	PEM_MAX = 16384,
	LINE_MAX_LEN = 1024 /* bytes; a line of --each */
};

/* --- claims --- */

/* Options that become a string claim of a fixed name. */
static const struct
{
	const char *option;
	const char *claim;
} texts[] = {
		{"--iss", "iss"}, {"--sub", "sub"},   {"--client-id", "client_id"},
		{"--jti", "jti"}, {"--impi", "impi"}, {"--scope", "scope"},
};

/* One value is a string, several are an array. */
static int add_list(json_t *claims, const struct cli_args *args, const char *option,
					const char *claim)
{
	const char *value = cli_arg_at(args, option, 0);
	json_t *list;
	int failed = 0;
	size_t i;

	if(value == NULL)
		return 0;
	if(cli_arg_at(args, option, 1) == NULL)
		return json_object_set_new(claims, claim, json_string(value));
	list = json_array();
	for(i = 0; (value = cli_arg_at(args, option, i)) != NULL; i++)
		failed |= json_array_append_new(list, json_string(value));
	return json_object_set_new(claims, claim, list) | failed;
}

/* name=value, or name=JSON. */
static bool add_free(json_t *claims, const char *arg, bool json)
{
	const char *equals = strchr(arg, '=');
	json_t *value = NULL;
	char name[256];

	if(equals == NULL || equals == arg || (size_t)(equals - arg) >= sizeof(name)) {
		cli_fail("--claim %s: allowed is name=value", arg);
		return false;
	}
	memcpy(name, arg, (size_t)(equals - arg));
	name[equals - arg] = '\0';
	value = json ? json_loads(equals + 1, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL)
				 : json_string(equals + 1);
	if(json_object_set_new(claims, name, value) == 0)
		return true;
	cli_fail("%s: %s", arg, json ? "no JSON after the '='" : "no UTF-8 after the '='");
	return false;
}

static bool add_times(json_t *claims, const struct cli_args *args)
{
	int64_t now, exp_in, nbf_in;
	int failed = 0;

	if(!cli_arg_seconds(args, "--now", cli_now(), &now)
	   || !cli_arg_seconds(args, "--exp-in", -1, &exp_in)
	   || !cli_arg_seconds(args, "--nbf-in", -1, &nbf_in))
		return false;
	if(!cli_flag(args, "--no-iat"))
		failed |= json_object_set_new(claims, "iat", json_integer(now));
	if(exp_in >= 0)
		failed |= json_object_set_new(claims, "exp", json_integer(now + exp_in));
	if(nbf_in >= 0)
		failed |= json_object_set_new(claims, "nbf", json_integer(now + nbf_in));
	return failed == 0;
}

/* Claims given by name come last: they replace the others. */
static bool add_all(json_t *claims, const struct cli_args *args)
{
	const char *value;
	size_t i;

	if(!add_times(claims, args))
		return false;
	for(i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if((value = cli_arg(args, texts[i].option)) != NULL
		   && json_object_set_new(claims, texts[i].claim, json_string(value)) != 0) {
			cli_fail("%s: no UTF-8", texts[i].option);
			return false;
		}
	if(add_list(claims, args, "--aud", "aud") != 0
	   || add_list(claims, args, "--impu", "impu") != 0) {
		cli_fail("--aud, --impu: no UTF-8");
		return false;
	}
	for(i = 0; (value = cli_arg_at(args, "--claim", i)) != NULL; i++)
		if(!add_free(claims, value, false))
			return false;
	for(i = 0; (value = cli_arg_at(args, "--claim-json", i)) != NULL; i++)
		if(!add_free(claims, value, true))
			return false;
	return true;
}

/* --- key --- */

/* libjwt would take the text of the PEM file for the secret of an HMAC. */
static bool is_public(const char *name)
{
	const struct wims_alg *alg = wims_alg_by_name(wims_pl_str(name));

	return alg != NULL && (WIMS_ALG_BIT(alg->id) & WIMS_ALG_PUBLIC) != 0;
}

/* The algorithm asked for, or the key's own. */
static jwt_alg_t choose_alg(const struct cli_args *args, struct wims_pl pem)
{
	const char *name = cli_arg(args, "--alg");
	const struct cli_key_kind *kind = NULL;
	EVP_PKEY *key = cli_key_read(pem);
	jwt_alg_t alg;

	if(key != NULL)
		kind = cli_key_kind_of(key);
	EVP_PKEY_free(key);
	if(name == NULL && kind != NULL)
		name = kind->alg;
	if(key == NULL || name == NULL || !is_public(name))
		alg = JWT_ALG_INVAL;
	else
		alg = jwt_str_alg(name);
	if(key == NULL)
		cli_fail("--key: no private key in PEM without a passphrase");
	else if(name == NULL)
		cli_fail("--alg is needed for a key of this kind");
	else if(alg == JWT_ALG_INVAL)
		cli_fail("--alg: libjwt signs with RS256, RS384, RS512, ES256, ES384 and ES512 only");
	return alg;
}

/* --- token --- */

static enum cli_status sign(const struct cli_args *args, struct wims_pl pem, jwt_alg_t alg,
							const char *claims)
{
	const char *kid = cli_arg(args, "--kid");
	jwt_t *jwt = NULL;
	char *token = NULL;

	if(jwt_new(&jwt) == 0 && jwt_add_grants_json(jwt, claims) == 0
	   && (kid == NULL || jwt_add_header(jwt, "kid", kid) == 0)
	   && jwt_set_alg(jwt, alg, (const unsigned char *)pem.p, (int)pem.l) == 0)
		token = jwt_encode_str(jwt);
	jwt_free(jwt);
	if(token == NULL)
		return cli_fail("the token cannot be signed: does the key fit %s?", jwt_alg_str(alg));
	puts(token);
	free(token);
	return CLI_OK;
}

static enum cli_status mint(const struct cli_args *args, struct wims_pl pem, jwt_alg_t alg)
{
	enum cli_status status = CLI_USAGE;
	json_t *claims = json_object();
	char *text = NULL;

	if(add_all(claims, args) && (text = json_dumps(claims, JSON_COMPACT)) != NULL)
		status = sign(args, pem, alg, text);
	free(text);
	json_decref(claims);
	return status;
}

/* --- a token for each line --- */

struct batch
{
	const struct cli_args *args;
	struct wims_pl pem;
	jwt_alg_t alg;
	uint64_t *count;
};

static bool starts(const char *at, const char *mark, size_t *len)
{
	*len = strlen(mark);
	return strncmp(at, mark, *len) == 0;
}

/* value with {line} and {n} replaced (free it). */
static char *filled(const char *value, struct wims_pl line, uint64_t n)
{
	char *out = NULL;
	size_t size = 0, mark;
	FILE *f = open_memstream(&out, &size);

	if(f == NULL)
		return NULL;
	while(*value != '\0') {
		if(starts(value, "{line}", &mark))
			fwrite(line.p, 1, line.l, f);
		else if(starts(value, "{n}", &mark))
			fprintf(f, "%llu", (unsigned long long)n);
		else
			fwrite(value, 1, mark = 1, f);
		value += mark;
	}
	if(fclose(f) == 0)
		return out;
	free(out);
	return NULL;
}

static enum cli_status mint_line(const void *ctx, struct wims_pl line)
{
	const struct batch *b = ctx;
	struct cli_args args = *b->args;
	enum cli_status status = CLI_USAGE;
	bool ok = line.l <= LINE_MAX_LEN;
	size_t i, done;

	++*b->count;
	for(done = 0; ok && done < args.count; done++)
		if(args.at[done].value != NULL)
			ok = (args.at[done].value = filled(args.at[done].value, line, *b->count)) != NULL;
	if(ok)
		status = mint(&args, b->pem, b->alg);
	else
		cli_fail("line %llu: longer than %d bytes, or no memory", (unsigned long long)*b->count,
				 LINE_MAX_LEN);
	for(i = 0; i < done; i++)
		if(args.at[i].value != NULL)
			free((char *)(uintptr_t)args.at[i].value);
	return status;
}

static enum cli_status mint_all(const struct cli_args *args, struct wims_pl pem)
{
	struct batch b = {args, pem, choose_alg(args, pem), &(uint64_t){0}};

	if(b.alg == JWT_ALG_INVAL)
		return CLI_USAGE;
	return cli_flag(args, "--each") ? cli_each_line(mint_line, &b) : mint(args, pem, b.alg);
}

static enum cli_status run(const struct cli_args *args)
{
	const char *path = cli_arg(args, "--key");
	enum cli_status status;
	char *pem = NULL;
	size_t len;

	if(path == NULL)
		return cli_fail("token mint: --key is needed");
	if(!cli_must_read(path, PEM_MAX, &pem, &len))
		return CLI_USAGE;
	status = mint_all(args, (struct wims_pl){pem, len});
	OPENSSL_cleanse(pem, len);
	free(pem);
	return status;
}

static const struct cli_option options[] = {
		{"--key", "FILE", "private key in PEM (\"wims key generate\")"},
		{"--alg", "NAME", "RS256, ES256, ...; default: what the key is for"},
		{"--kid", "ID", "the key's name in the issuer's JWK set"},
		{"--iss", "URL", "issuer"},
		{"--aud", "NAME", "audience; may be given more than once"},
		{"--sub", "NAME", "subject"},
		{"--client-id", "NAME", "the WWSF"},
		{"--jti", "ID", "the token's own name"},
		{"--scope", "TEXT", "scope"},
		{"--impi", "user@realm", "private identity"},
		{"--impu", "URI", "public identity; may be given more than once"},
		{"--exp-in", "SECONDS", "lifetime; without it the token has no exp"},
		{"--nbf-in", "SECONDS", "not valid before so many seconds from now"},
		{"--now", "T", "seconds since the epoch to take for the present time"},
		{"--no-iat", NULL, "leave out iat"},
		{"--claim", "name=value", "any claim, a string; may be given more than once"},
		{"--claim-json", "name=JSON", "any claim, any JSON; may be given more than once"},
		{"--each", NULL, "a token for each line of standard input"},
		{0},
};

const struct cli_command cli_token_mint = {
		.name = "token mint",
		.summary = "sign a token, for tests and for looking into things",
		.details =
				"Nothing is checked: bad tokens can be made as well as good ones. Claims given\n"
				"with --claim and --claim-json replace those of other options. typ is always JWT:\n"
				"libjwt 1.10 writes nothing else. With --each, {line} in a value is the line, and\n"
				"{n} its number, from 1.",
		.options = options,
		.run = run,
};
