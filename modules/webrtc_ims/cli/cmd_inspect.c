/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli.h"

#include "jose/wims_b64.h"
#include "jose/wims_json.h"
#include "token/wims_claims.h"
#include "token/wims_token.h"

#include <time.h>

static void print_part(const char *name, struct wims_pl part, char *buf, struct wims_pl *decoded)
{
	size_t len = 0;

	*decoded = WIMS_PL_NONE;
	printf("  %-10s", name);
	if(wims_b64_decode(buf, WIMS_TOKEN_MAX, &len, part)) {
		*decoded = (struct wims_pl){buf, len};
		cli_print_escaped(stdout, *decoded, true);
	} else {
		fputs("not base64url: ", stdout);
		cli_print_escaped(stdout, part, true);
	}
	putchar('\n');
}

static void print_time(const struct wims_json_value *claims, const char *name)
{
	char text[40];
	int64_t t, now = cli_now();
	time_t clock;
	struct tm tm;

	if(wims_claim_time(&t, claims, wims_pl_str(name), WIMS_ROUND_DOWN) != WIMS_CLAIM_OK)
		return;
	clock = (time_t)t;
	if(gmtime_r(&clock, &tm) == NULL
	   || strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return;
	printf("  %-10s%s, %lld s %s\n", name, text, (long long)(t > now ? t - now : now - t),
		   t > now ? "from now" : "ago");
}

static void print_times(struct wims_pl payload)
{
	static const char *const names[] = {"iat", "nbf", "exp"};
	struct wims_json *doc = NULL;
	size_t i;

	if(wims_json_parse(&doc, &wims_env_libc, payload, WIMS_TOKEN_MAX, NULL) != WIMS_OK)
		return;
	for(i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		print_time(wims_json_root(doc), names[i]);
	wims_json_free(doc);
}

static enum cli_status inspect(const void *ctx, struct wims_pl line)
{
	static char buf[WIMS_TOKEN_MAX];
	struct wims_pl rest, part, payload;

	(void)ctx;
	puts("NOT VERIFIED: anybody can have written this");
	if(line.l > WIMS_TOKEN_MAX) {
		printf("  longer than %d bytes\n", WIMS_TOKEN_MAX);
		return CLI_REFUSED;
	}
	part = (struct wims_pl){line.p, wims_pl_find(line, '.')};
	rest = wims_pl_from(line, part.l + 1);
	print_part("header", part, buf, &payload);
	part = (struct wims_pl){rest.p, wims_pl_find(rest, '.')};
	print_part("payload", part, buf, &payload);
	print_times(payload);
	rest = wims_pl_from(rest, part.l + 1);
	if(rest.l == 0 || wims_pl_find(rest, '.') < rest.l) {
		puts("  not a compact JWS: three parts with a dot between them are expected");
		return CLI_REFUSED;
	}
	return CLI_OK;
}

static enum cli_status run(const struct cli_args *args)
{
	(void)args;
	return cli_each_line(inspect, NULL);
}

const struct cli_command cli_token_inspect = {
		.name = "token inspect",
		.summary = "show what is in the tokens on standard input, unverified",
		.details = "One token a line. Header and payload are printed byte by byte, what is not\n"
				   "printable ASCII as \\xHH. The signature is neither checked nor shown.",
		.run = run,
};
