/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CLI_H
#define CLI_H

/* The operators' tool: what its commands have in common. */

#include <stdio.h>

#include "base/wims_pl.h"

/* Exit statuses. */
enum cli_status
{
	CLI_OK,
	CLI_REFUSED, /* a token or a file is not what it should be */
	CLI_USAGE    /* the tool could not do what it was asked for */
};

enum
{
	CLI_ARGS_MAX = 256,
	CLI_FILE_MAX = 1024 * 1024
};

struct cli_option
{
	const char *name;  /* "--key" */
	const char *value; /* what to put there, for the help; NULL: none */
	const char *help;
};

struct cli_args
{
	size_t count;
	struct
	{
		const char *name;
		const char *value; /* NULL for an option without one, or an operand */
	} at[CLI_ARGS_MAX];
};

struct cli_command
{
	const char *name;    /* "token mint" */
	const char *operand; /* of the one argument that is no option; NULL: none */
	const char *summary;
	const char *details;              /* further lines of the help, or NULL */
	const struct cli_option *options; /* ends with a NULL name; may be NULL */
	enum cli_status (*run)(const struct cli_args *args);
};

extern const struct cli_command cli_token_mint;
extern const struct cli_command cli_token_verify;
extern const struct cli_command cli_token_inspect;
extern const struct cli_command cli_config_check;
extern const struct cli_command cli_key_generate;
extern const struct cli_command cli_outcomes;
extern const struct cli_command cli_fetch;
extern const struct cli_command cli_range_match;
extern const struct cli_command cli_fetch_serve;

/* --- arguments: cli_args.c --- */

/* Reads what follows the command's name. False: told on standard error. */
WIMS_MUST_CHECK bool cli_args_read(struct cli_args *args, const struct cli_command *command,
								   char **argv);
/* The last value of the option, or NULL. */
const char *cli_arg(const struct cli_args *args, const char *name);
/* The value of the option's i-th use, or NULL past the last. */
const char *cli_arg_at(const struct cli_args *args, const char *name, size_t i);
bool cli_flag(const struct cli_args *args, const char *name);
const char *cli_operand(const struct cli_args *args);
/* Seconds, 0 to year 9999; *out is fallback where the option is not given.
 * False: told on standard error. */
WIMS_MUST_CHECK bool cli_arg_seconds(const struct cli_args *args, const char *name,
									 int64_t fallback, int64_t *out);
void cli_help(FILE *to, const struct cli_command *command);

/* --- files and lines: cli_io.c --- */

/* "wims: ..." on standard error; always CLI_USAGE. */
enum cli_status cli_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A whole file of at most max bytes into *buf (free it), or a reason in why. */
WIMS_MUST_CHECK bool cli_read_file(const char *path, size_t max, char **buf, size_t *len, char *why,
								   size_t why_size);
/* The same, telling on standard error what went wrong. */
WIMS_MUST_CHECK bool cli_must_read(const char *path, size_t max, char **buf, size_t *len);
/* Creates path, which must not exist yet, with that mode. */
WIMS_MUST_CHECK bool cli_must_write(const char *path, unsigned mode, struct wims_pl text);
/* Calls one() for each line of standard input, without its line feed. What it
 * returns is collected: the highest wins. CLI_USAGE without any line. */
enum cli_status cli_each_line(enum cli_status (*one)(const void *ctx, struct wims_pl line),
							  const void *ctx);
/* Printable ASCII as it is, all else (and '\', and space where spaces is
 * false) as \xHH: nothing that is printed can fool a terminal or a script. */
void cli_print_escaped(FILE *to, struct wims_pl text, bool spaces);
int64_t cli_now(void);

#endif
