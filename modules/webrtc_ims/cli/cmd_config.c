/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli_provision.h"

static enum cli_status run(const struct cli_args *args)
{
	const char *path = cli_operand(args);
	struct wims_provision *pv = NULL;
	enum cli_status status = cli_provision_read(&pv, path);

	if(status == CLI_OK)
		printf("%s: ok, %zu WWSF%s\n", path, wims_provision_count(pv),
			   wims_provision_count(pv) == 1 ? "" : "s");
	wims_provision_free(pv);
	return status;
}

const struct cli_command cli_config_check = {
		.name = "config check",
		.operand = "FILE",
		.summary = "read a provisioning file as Kamailio would at its start",
		.details = "Key files are read too. What is wrong is told on standard error as\n"
				   "\"FILE: JSON path: what is allowed\".",
		.run = run,
};
