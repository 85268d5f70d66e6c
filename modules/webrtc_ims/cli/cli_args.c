/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli.h"

#include <string.h>

/* 9999-12-31T23:59:59Z */
#define SECONDS_MAX UINT64_C(253402300799)

static const struct cli_option *option_named(const struct cli_command *c, const char *name)
{
	const struct cli_option *o;

	for(o = c->options; o != NULL && o->name != NULL; o++)
		if(strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

static bool usage(const struct cli_command *c, const char *what, const char *arg)
{
	cli_fail("%s: %s %s; try \"wims %s --help\"", c->name, what, arg, c->name);
	return false;
}

static bool take(struct cli_args *args, const struct cli_command *c, char ***argv)
{
	const struct cli_option *o;
	const char *arg = **argv;

	if(arg[0] != '-' || arg[1] == '\0') {
		if(c->operand == NULL || cli_operand(args) != NULL)
			return usage(c, "does not know what to do with", arg);
		args->at[args->count++].name = arg;
		return true;
	}
	if((o = option_named(c, arg)) == NULL)
		return usage(c, "has no option", arg);
	if(o->value != NULL && *++*argv == NULL)
		return usage(c, "needs a value for", arg);
	args->at[args->count].name = o->name;
	args->at[args->count++].value = o->value != NULL ? **argv : NULL;
	return true;
}

bool cli_args_read(struct cli_args *args, const struct cli_command *c, char **argv)
{
	*args = (struct cli_args){0};
	for(; *argv != NULL; argv++) {
		if(args->count == CLI_ARGS_MAX)
			return usage(c, "has too many arguments, from", *argv);
		if(!take(args, c, &argv))
			return false;
	}
	if(c->operand != NULL && cli_operand(args) == NULL)
		return usage(c, "needs", c->operand);
	return true;
}

const char *cli_arg_at(const struct cli_args *args, const char *name, size_t i)
{
	size_t k;

	for(k = 0; k < args->count; k++)
		if(args->at[k].value != NULL && strcmp(args->at[k].name, name) == 0 && i-- == 0)
			return args->at[k].value;
	return NULL;
}

const char *cli_arg(const struct cli_args *args, const char *name)
{
	const char *last = NULL, *value;
	size_t i;

	for(i = 0; (value = cli_arg_at(args, name, i)) != NULL; i++)
		last = value;
	return last;
}

bool cli_flag(const struct cli_args *args, const char *name)
{
	size_t k;

	for(k = 0; k < args->count; k++)
		if(args->at[k].value == NULL && strcmp(args->at[k].name, name) == 0)
			return true;
	return false;
}

const char *cli_operand(const struct cli_args *args)
{
	size_t k;

	for(k = 0; k < args->count; k++)
		if(args->at[k].value == NULL && (args->at[k].name[0] != '-' || args->at[k].name[1] == '\0'))
			return args->at[k].name;
	return NULL;
}

bool cli_arg_seconds(const struct cli_args *args, const char *name, int64_t fallback, int64_t *out)
{
	const char *text = cli_arg(args, name);
	uint64_t n = 0;

	*out = fallback;
	if(text == NULL)
		return true;
	if(!wims_pl_u64(wims_pl_str(text), &n) || n > SECONDS_MAX) {
		cli_fail("%s %s: allowed are seconds, 0 to %llu", name, text,
				 (unsigned long long)SECONDS_MAX);
		return false;
	}
	*out = (int64_t)n;
	return true;
}

void cli_help(FILE *to, const struct cli_command *c)
{
	const struct cli_option *o;

	fprintf(to, "usage: wims %s%s%s%s\n\n%s\n", c->name, c->options != NULL ? " [option...]" : "",
			c->operand != NULL ? " " : "", c->operand != NULL ? c->operand : "", c->summary);
	if(c->details != NULL)
		fprintf(to, "\n%s\n", c->details);
	if(c->options != NULL)
		fputs("\noptions:\n", to);
	for(o = c->options; o != NULL && o->name != NULL; o++) {
		int width = fprintf(to, "  %s %s", o->name, o->value != NULL ? o->value : "");

		fprintf(to, "%*s%s\n", width < 26 ? 26 - width : 1, "", o->help);
	}
}
