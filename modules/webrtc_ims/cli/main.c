/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli.h"

#include <string.h>

static const struct cli_command *const commands[] = {
		&cli_token_mint,
		&cli_token_verify,
		&cli_token_inspect,
		&cli_config_check,
		&cli_key_generate,
		&cli_range_match,
		&cli_outcomes,
		/* the longer name first */
		&cli_fetch_serve,
		&cli_fetch,
};

enum
{
	COMMANDS = sizeof(commands) / sizeof(commands[0])
};

static void overview(FILE *to)
{
	size_t i;

	fputs("usage: wims COMMAND [option...]\n\ncommands:\n", to);
	for(i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-16s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n\"wims COMMAND --help\" tells more. Exit status: 0 all is well, 1 something was\n"
		  "refused, 2 the tool could not do it.\n",
		  to);
}

/* Takes the words of the command's name off argv; NULL when they differ. */
static char **after_name(const char *name, char **argv)
{
	while(*argv != NULL) {
		size_t word = strcspn(name, " ");

		if(strlen(*argv) != word || memcmp(*argv, name, word) != 0)
			return NULL;
		argv++;
		if(name[word] == '\0')
			return argv;
		name += word + 1;
	}
	return NULL;
}

static bool wants_help(char **argv)
{
	for(; *argv != NULL; argv++)
		if(strcmp(*argv, "--help") == 0 || strcmp(*argv, "-h") == 0)
			return true;
	return false;
}

static enum cli_status run(const struct cli_command *c, char **argv)
{
	struct cli_args args;

	if(wants_help(argv)) {
		cli_help(stdout, c);
		return CLI_OK;
	}
	return cli_args_read(&args, c, argv) ? c->run(&args) : CLI_USAGE;
}

static enum cli_status dispatch(char **argv)
{
	size_t i;

	for(i = 0; i < COMMANDS; i++) {
		char **rest = after_name(commands[i]->name, argv);

		if(rest != NULL)
			return run(commands[i], rest);
	}
	if(wants_help(argv)) {
		overview(stdout);
		return CLI_OK;
	}
	if(*argv != NULL)
		cli_fail("no such command: %s", *argv);
	overview(stderr);
	return CLI_USAGE;
}

int main(int argc, char **argv)
{
	enum cli_status status;

	(void)argc;
	status = dispatch(argv + 1);
	if(fflush(stdout) != 0)
		status = cli_fail("standard output cannot be written");
	return (int)status;
}
