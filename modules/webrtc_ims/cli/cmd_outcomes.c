/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli.h"

#include "base/wims_reason.h"

static void markdown_row(const struct wims_reason_info *info)
{
	char answer[80] = "-";

	if(info->code > 0)
		snprintf(answer, sizeof(answer), "%d %s", info->code, info->phrase);
	printf("| `%s` | %s | %s%s%s | %s |\n", info->text, answer,
		   info->bearer_error == NULL      ? "-"
		   : info->bearer_error[0] == '\0' ? "yes"
										   : "yes, `error=\"",
		   info->bearer_error != NULL ? info->bearer_error : "",
		   info->bearer_error != NULL && info->bearer_error[0] != '\0' ? "\"`" : "",
		   info->close ? "closed" : "-");
}

static void markdown(void)
{
	int r;

	puts("# Outcomes\n\n"
		 "Written by `wims outcomes --markdown` from the one list in\n"
		 "`modules/webrtc_ims/lib/base/wims_reason.h`; change it there.\n\n"
		 "The name is `$wims(reason)`, the name of the counter and the word in the log.\n"
		 "*Answer* is what the routing script sends to the WIC, *challenge* whether it carries\n"
		 "`WWW-Authenticate: Bearer` (RFC 8898 section 4), *WebSocket* what becomes of the\n"
		 "connection after it (TS 33.203 X.3.2.3 step 4; `close_on_bad_token` switches it off).\n\n"
		 "| outcome | answer | challenge | WebSocket |\n"
		 "| --- | --- | --- | --- |");
	for(r = 0; r < WIMS_REASON_COUNT; r++)
		markdown_row(wims_reason_info((enum wims_reason)r));
}

static enum cli_status run(const struct cli_args *args)
{
	int r;

	if(cli_flag(args, "--markdown")) {
		markdown();
		return CLI_OK;
	}
	for(r = 0; r < WIMS_REASON_COUNT; r++) {
		const struct wims_reason_info *info = wims_reason_info((enum wims_reason)r);

		printf("%s %d%s%s\n", info->text, info->code, info->phrase[0] != '\0' ? " " : "",
			   info->phrase);
	}
	return CLI_OK;
}

static const struct cli_option options[] = {
		{"--markdown", NULL, "the table of docs/outcomes.md"},
		{0},
};

const struct cli_command cli_outcomes = {
		.name = "outcomes",
		.summary = "every outcome there is, with the answer it leads to",
		.options = options,
		.run = run,
};
