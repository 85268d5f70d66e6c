/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli.h"

#include "fetch_job.h"
#include "fetch_serve.h"

enum
{
	TIMEOUT_MS = 5000,
	BODY_MAX = 256 * 1024
};

static void print(const struct wims_fetch_answer *a)
{
	printf("%s", wims_fetch_text(a->outcome));
	if(a->status > 0)
		printf(" status=%d", a->status);
	if(a->max_age >= 0)
		printf(" max-age=%lld", (long long)a->max_age);
	if(a->outcome == WIMS_FETCH_OK)
		printf(" bytes=%zu", a->body.l);
	if(a->why.l > 0)
		printf(": %.*s", (int)a->why.l, a->why.p);
	putchar('\n');
}

static enum cli_status run_once(const struct cli_args *args)
{
	const struct wims_fetch_in in = {
			.url = wims_pl_str(cli_operand(args)),
			.ca_file = wims_pl_str(cli_arg(args, "--ca")),
			.timeout_ms = TIMEOUT_MS,
			.max_bytes = BODY_MAX,
	};
	struct wims_fetch_answer answer;
	struct fetch_job *job = fetch_job_new(&in, &answer);

	if(job != NULL)
		fetch_job_answer(job, curl_easy_perform(fetch_job_handle(job)), &answer);
	print(&answer);
	fetch_job_free(job);
	return answer.outcome == WIMS_FETCH_OK ? CLI_OK : CLI_REFUSED;
}

static enum cli_status run(const struct cli_args *args)
{
	enum cli_status status;

	if(curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return cli_fail("libcurl cannot be used");
	status = run_once(args);
	curl_global_cleanup();
	return status;
}

static enum cli_status run_serve(const struct cli_args *args)
{
	enum cli_status status;

	(void)args;
	if(curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return cli_fail("libcurl cannot be used");
	status = fetch_serve();
	curl_global_cleanup();
	return status;
}

static const struct cli_option options[] = {
		{"--ca", "FILE", "PEM certificates to trust in place of the system's"},
		{NULL, NULL, NULL},
};

const struct cli_command cli_fetch = {
		.name = "fetch",
		.operand = "URL",
		.summary = "fetch a document as the module would, and say what it gets",
		.details = "One line: the outcome, then status=, max-age=, bytes= and the reason.\n"
				   "HTTPS only, no redirect is followed, no proxy is used; 5 s, 256 KiB.",
		.options = options,
		.run = run,
};

const struct cli_command cli_fetch_serve = {
		.name = "fetch serve",
		.summary = "the module's child: frames on standard input and output",
		.run = run_serve,
};
