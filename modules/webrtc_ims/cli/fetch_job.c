/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fetch_job.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/wims_fetch_head.h"
#include "fetch/wims_form.h"

enum
{
	HOST_MAX = 300,
	/* of user or password, each byte as %XX */
	CREDENTIAL_MAX = 3 * WIMS_FETCH_USER_MAX + 1
};

struct fetch_job
{
	CURL *easy;
	struct curl_slist *lines; /* of the request's head */
	struct wims_fetch_head head;
	struct wims_buf body;
	bool no_room; /* the body has more bytes than allowed, or the head has */
	char host[HOST_MAX];
	char error[CURL_ERROR_SIZE];
	char why[WIMS_FETCH_WHY_MAX + 1];
};

struct wims_fetch_answer fetch_failure(enum wims_fetch_outcome outcome, const char *why)
{
	return (struct wims_fetch_answer){.outcome = outcome, .max_age = -1, .why = wims_pl_str(why)};
}

/* --- what the server says ------------------------------------------------- */

static size_t take_line(char *p, size_t one, size_t n, void *ctx)
{
	struct fetch_job *job = ctx;

	(void)one;
	job->no_room = !wims_fetch_head_line(&job->head, (struct wims_pl){p, n});
	return job->no_room || job->head.encoded ? 0 : n;
}

static size_t take_body(char *p, size_t one, size_t n, void *ctx)
{
	struct fetch_job *job = ctx;

	(void)one;
	job->no_room = n > job->body.max - job->body.len;
	return wims_buf_add(&job->body, (struct wims_pl){p, n}) ? n : 0;
}

/* --- the request ---------------------------------------------------------- */

/* A C string of its own; the texts of a request have no NUL. */
static bool set_text(CURL *easy, CURLoption option, struct wims_pl value)
{
	char *text = wims_strdup(&wims_env_libc, value);
	bool ok = text != NULL && curl_easy_setopt(easy, option, text) == CURLE_OK;

	free(text);
	return ok;
}

static bool set_credential(CURL *easy, CURLoption option, struct wims_pl value)
{
	char buf[CREDENTIAL_MAX];
	struct wims_w w;
	bool ok;

	wims_w_init(&w, buf, sizeof(buf) - 1);
	wims_form_value(&w, value);
	buf[w.len] = '\0';
	ok = w.ok && curl_easy_setopt(easy, option, buf) == CURLE_OK;
	memset(buf, 0, sizeof(buf));
	return ok;
}

static bool add_line(struct fetch_job *job, const char *line)
{
	struct curl_slist *lines = curl_slist_append(job->lines, line);

	if(lines != NULL)
		job->lines = lines;
	return lines != NULL;
}

#define SET(option, value) (curl_easy_setopt(job->easy, option, value) == CURLE_OK)

static bool set_transport(struct fetch_job *job)
{
	/* Without QUICK_EXIT a request that ends while its name is being resolved
	 * would hold up all others until the resolver gives up. */
	return SET(CURLOPT_PROTOCOLS_STR, "https") && SET(CURLOPT_REDIR_PROTOCOLS_STR, "https")
		   && SET(CURLOPT_FOLLOWLOCATION, 0L) && SET(CURLOPT_PROXY, "") && SET(CURLOPT_NOPROXY, "*")
		   && SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) && SET(CURLOPT_NOSIGNAL, 1L)
		   && SET(CURLOPT_QUICK_EXIT, 1L) && SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1)
		   && SET(CURLOPT_USERAGENT, "webrtc_ims");
}

/* With a CA file of its own a request trusts that one alone: the directory of
 * the system's certificates is switched off as well. */
static bool set_tls(struct fetch_job *job, struct wims_pl ca_file)
{
	if(!SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) || !SET(CURLOPT_SSL_VERIFYPEER, 1L)
	   || !SET(CURLOPT_SSL_VERIFYHOST, 2L))
		return false;
	return ca_file.l == 0
		   || (set_text(job->easy, CURLOPT_CAINFO, ca_file) && SET(CURLOPT_CAPATH, NULL));
}

static bool set_method(struct fetch_job *job, const struct wims_fetch_in *in)
{
	if(!add_line(job, "Accept: application/json, application/jwk-set+json"))
		return false;
	if(in->post_body.l == 0)
		return true;
	/* libcurl's own Content-Type is the form's; "Expect" would cost a round trip. */
	return add_line(job, "Expect:") && SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)in->post_body.l)
		   && SET(CURLOPT_COPYPOSTFIELDS, in->post_body.p);
}

static bool set_user(struct fetch_job *job, const struct wims_fetch_in *in)
{
	if(in->user.l == 0 && in->password.l == 0)
		return true;
	return SET(CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC)
		   && set_credential(job->easy, CURLOPT_USERNAME, in->user)
		   && set_credential(job->easy, CURLOPT_PASSWORD, in->password);
}

static bool set_callbacks(struct fetch_job *job)
{
	return SET(CURLOPT_HEADERFUNCTION, take_line) && SET(CURLOPT_HEADERDATA, job)
		   && SET(CURLOPT_WRITEFUNCTION, take_body) && SET(CURLOPT_WRITEDATA, job)
		   && SET(CURLOPT_ERRORBUFFER, job->error) && SET(CURLOPT_PRIVATE, job)
		   && SET(CURLOPT_HTTPHEADER, job->lines);
}

static bool set_up(struct fetch_job *job, const struct wims_fetch_in *in)
{
	return (job->easy = curl_easy_init()) != NULL && set_transport(job) && set_tls(job, in->ca_file)
		   && set_method(job, in) && set_user(job, in) && set_callbacks(job)
		   && SET(CURLOPT_TIMEOUT_MS, (long)in->timeout_ms)
		   && set_text(job->easy, CURLOPT_URL, in->url);
}

/* --- the URL -------------------------------------------------------------- */

/* Its "host:port" into the job. */
static bool host_of(struct fetch_job *job, CURLU *url)
{
	char *host = NULL, *port = NULL;
	bool ok = curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK
			  && curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;
	int n = ok ? snprintf(job->host, sizeof(job->host), "%s:%s", host, port) : -1;
	char *c;

	for(c = job->host; *c != '\0'; c++)
		if(*c >= 'A' && *c <= 'Z')
			*c = (char)(*c | 0x20);
	curl_free(host);
	curl_free(port);
	return n > 0 && (size_t)n < sizeof(job->host);
}

/* "https://" and something behind it; libcurl would take one slash or three. */
static bool is_https(struct wims_pl text)
{
	const struct wims_pl scheme = WIMS_PL("https://");

	return wims_pl_casestarts(text, scheme) && text.l > scheme.l && text.p[scheme.l] != '/';
}

static bool good_url(struct fetch_job *job, struct wims_pl text)
{
	CURLU *url = curl_url();
	char *copy = wims_strdup(&wims_env_libc, text);
	bool ok = url != NULL && copy != NULL && is_https(text)
			  && curl_url_set(url, CURLUPART_URL, copy, CURLU_DISALLOW_USER) == CURLUE_OK
			  && host_of(job, url);

	curl_url_cleanup(url);
	free(copy);
	return ok;
}

struct fetch_job *fetch_job_new(const struct wims_fetch_in *in, struct wims_fetch_answer *answer)
{
	struct fetch_job *job = calloc(1, sizeof(*job));

	*answer = fetch_failure(WIMS_FETCH_FAILED, "no memory");
	if(job == NULL)
		return NULL;
	wims_buf_init(&job->body, &wims_env_libc, in->max_bytes);
	if(!good_url(job, in->url))
		*answer = fetch_failure(WIMS_FETCH_BAD_URL, "must be https://host[:port]/path");
	else if(set_up(job, in))
		return job;
	fetch_job_free(job);
	return NULL;
}

void fetch_job_free(struct fetch_job *job)
{
	if(job == NULL)
		return;
	curl_easy_cleanup(job->easy);
	curl_slist_free_all(job->lines);
	wims_buf_clear(&job->body);
	free(job);
}

CURL *fetch_job_handle(const struct fetch_job *job)
{
	return job->easy;
}

const char *fetch_job_host(const struct fetch_job *job)
{
	return job->host;
}

/* --- the outcome ---------------------------------------------------------- */

static const struct code_row
{
	CURLcode code;
	enum wims_fetch_outcome outcome;
} code_rows[] = {
		{CURLE_OPERATION_TIMEDOUT, WIMS_FETCH_TIMEOUT},
		{CURLE_URL_MALFORMAT, WIMS_FETCH_BAD_URL},
		{CURLE_COULDNT_RESOLVE_HOST, WIMS_FETCH_RESOLVE},
		{CURLE_COULDNT_CONNECT, WIMS_FETCH_CONNECT},
		{CURLE_SSL_CONNECT_ERROR, WIMS_FETCH_TLS},
		{CURLE_PEER_FAILED_VERIFICATION, WIMS_FETCH_TLS},
		{CURLE_SSL_CACERT_BADFILE, WIMS_FETCH_TLS},
		{CURLE_SSL_CERTPROBLEM, WIMS_FETCH_TLS},
		{CURLE_SSL_CIPHER, WIMS_FETCH_TLS},
		{CURLE_GOT_NOTHING, WIMS_FETCH_PROTOCOL},
		{CURLE_RECV_ERROR, WIMS_FETCH_PROTOCOL},
		{CURLE_SEND_ERROR, WIMS_FETCH_PROTOCOL},
		{CURLE_PARTIAL_FILE, WIMS_FETCH_PROTOCOL},
		{CURLE_WEIRD_SERVER_REPLY, WIMS_FETCH_PROTOCOL},
		{CURLE_UNSUPPORTED_PROTOCOL, WIMS_FETCH_PROTOCOL}, /* HTTP/0.9: the URL is https */
		{CURLE_BAD_CONTENT_ENCODING, WIMS_FETCH_PROTOCOL},
};

static enum wims_fetch_outcome outcome_of(CURLcode code)
{
	size_t i;

	for(i = 0; i < sizeof(code_rows) / sizeof(code_rows[0]); i++)
		if(code_rows[i].code == code)
			return code_rows[i].outcome;
	return WIMS_FETCH_FAILED;
}

/* libcurl repeats what the server said: printable ASCII is left of it. */
static void tell(struct fetch_job *job, const char *text)
{
	size_t i;

	for(i = 0; i < WIMS_FETCH_WHY_MAX && text[i] != '\0'; i++)
		job->why[i] = (char)(text[i] >= 0x20 && text[i] < 0x7f ? text[i] : '?');
	job->why[i] = '\0';
}

static enum wims_fetch_outcome tell_status(struct fetch_job *job, int status)
{
	bool elsewhere =
			status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
	char text[64];

	if(status == 200)
		return WIMS_FETCH_OK;
	snprintf(text, sizeof(text), "HTTP %d%s", status,
			 elsewhere ? ", redirects are not followed" : "");
	tell(job, text);
	return elsewhere ? WIMS_FETCH_REDIRECT : WIMS_FETCH_STATUS;
}

static enum wims_fetch_outcome tell_failure(struct fetch_job *job, CURLcode code)
{
	if(code == CURLE_WRITE_ERROR && job->no_room) {
		tell(job, "more bytes than allowed");
		return WIMS_FETCH_TOO_LARGE;
	}
	if(code == CURLE_WRITE_ERROR && job->head.encoded) {
		tell(job, "encoded without being asked");
		return WIMS_FETCH_PROTOCOL;
	}
	tell(job, job->error[0] != '\0' ? job->error : curl_easy_strerror(code));
	return outcome_of(code);
}

void fetch_job_answer(struct fetch_job *job, CURLcode code, struct wims_fetch_answer *answer)
{
	long status = 0;

	*answer = fetch_failure(WIMS_FETCH_FAILED, "");
	curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
	answer->status = status > 0 && status <= 999 ? (int)status : 0;
	answer->outcome = code == CURLE_OK ? tell_status(job, answer->status) : tell_failure(job, code);
	answer->why = wims_pl_str(job->why);
	answer->max_age = wims_fetch_head_max_age(&job->head);
	if(answer->outcome == WIMS_FETCH_OK)
		answer->body = wims_buf_pl(&job->body);
}
