/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli_provision.h"

#include "provision/wims_alloc.h"

#include <inttypes.h>

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

/* Which IMPUs are allocated, to whom. */
static void show_block(const struct wims_wwsf *w, const struct wims_wwsf_range *range)
{
	const struct wims_alloc *a = range->allocate;
	char buf[2][WIMS_IMPU_MAX];
	struct wims_pl first, last;
	size_t i;

	if(a == NULL || !wims_alloc_impu(a, 0, buf[0], &first)
	   || !wims_alloc_impu(a, a->size - 1, buf[1], &last))
		return;
	printf("%.*s: block %s, %" PRIu64 " IMPUs from %.*s to %.*s, quarantine %" PRIu32 " s",
		   (int)w->name.l, w->name.p, range->block.tag, a->size, (int)first.l, first.p, (int)last.l,
		   last.p, range->block.quarantine);
	for(i = 0; i < range->users.count; i++) {
		fputs(i == 0 ? ", for users " : " ", stdout);
		cli_print_escaped(stdout, range->users.at[i], false);
	}
	if(range->claim.name.l > 0) {
		fputs(", by claim ", stdout);
		cli_print_escaped(stdout, range->claim.name, false);
	}
	putchar('\n');
}

static void show(const struct wims_wwsf *w)
{
	size_t i;

	show_remote(w);
	for(i = 0; i < w->ranges.count; i++)
		show_block(w, &w->ranges.at[i]);
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
			show(wims_provision_at(p.pv, i));
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
				   "publishes its keys is shown, and which IMPUs it has allocated.",
		.run = run,
};
