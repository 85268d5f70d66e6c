/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FETCH_JOB_H
#define FETCH_JOB_H

/* One HTTPS exchange by libcurl. Strict on purpose: https only, TLS 1.2 at
 * least, certificate and host name verified, nothing followed, nothing taken
 * from the environment (proxy, netrc), no cookies, no compression, no more
 * bytes than asked for. */

#include <curl/curl.h>

#include "fetch/wims_fetch.h"

struct fetch_job;

/* A job that has not begun, or NULL and *answer says why not. Nothing of in
 * is needed afterwards. */
WIMS_MUST_CHECK struct fetch_job *fetch_job_new(const struct wims_fetch_in *in,
												struct wims_fetch_answer *answer);
void fetch_job_free(struct fetch_job *job);

/* For curl_easy_perform() or a multi handle; CURLOPT_PRIVATE is the job. */
CURL *fetch_job_handle(const struct fetch_job *job);
/* "host:port", lower case. */
const char *fetch_job_host(const struct fetch_job *job);

/* What became of it, once libcurl is done with it. The texts live as long as
 * the job. */
void fetch_job_answer(struct fetch_job *job, CURLcode code, struct wims_fetch_answer *answer);
/* An answer that is a failure without a status. */
struct wims_fetch_answer fetch_failure(enum wims_fetch_outcome outcome, const char *why);

#endif
