/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli_provision.h"

/* Where keys come from that are in no file. */
static void show_remote(const struct wims_wwsf *w)
{
	const struct wims_remote_keys *k = &w->remote;

	if(k->uri.l == 0)
		return;
	printf("%.*s: keys from %.*s, refreshed after %lld to %lld s, ", (int)w->name.l, w->name.p,
		   (int)k->uri.l, k->uri.p, (long long)k->refresh_min, (long long)k->refresh_max);
	if(k->stale == 0)
		printf("kept for ever when that fails\n");
	else
		printf("kept %lld s when that fails\n", (long long)k->stale);
}

static enum cli_status run(const struct cli_args *args)
{
	const char *path = cli_operand(args);
	struct cli_provision p;
	enum cli_status status = cli_provision_read(&p, path);
	size_t i, count;

	if(status == CLI_OK) {
		count = wims_provision_count(p.pv);
		printf("%s: ok, %zu WWSF%s\n", path, count, count == 1 ? "" : "s");
		for(i = 0; i < count; i++)
			show_remote(wims_provision_at(p.pv, i));
	}
	cli_provision_free(&p);
	return status;
}

const struct cli_command cli_config_check = {
		.name = "config check",
		.operand = "FILE",
		.summary = "read a provisioning file as Kamailio would at its start",
		.details = "Key files are read too. What is wrong is told on standard error as\n"
				   "\"FILE: JSON path: what is allowed\". Nothing is fetched: where a WWSF\n"
				   "publishes its keys is shown.",
		.run = run,
};
