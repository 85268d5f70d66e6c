/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fetch_serve.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fetch_job.h"

enum
{
	/* A server that answers nothing holds up its own requests only. libcurl's
	 * limit of connections to a host is not used: what waits for one of those
	 * stands in the way of what waits for another host. */
	OPEN_PER_HOST = 32,
	CONNECTIONS_KEPT = 32,
	CHUNK = 64 * 1024,
	IN_MAX = WIMS_FETCH_FRAME_MAX + CHUNK,
	OUT_FULL = 4 * 1024 * 1024, /* from here on nothing new is read */
	OUT_MAX = OUT_FULL + WIMS_FETCH_OPEN_MAX * WIMS_FETCH_FRAME_MAX,
	WAIT_MAX = 1000 /* ms */
};

struct open_job
{
	struct fetch_job *job; /* NULL: free */
	uint32_t id;
};

struct serve
{
	CURLM *multi;
	struct wims_buf in;
	struct wims_buf out;
	struct open_job open[WIMS_FETCH_OPEN_MAX];
	bool ended; /* standard input has */
	const char *fault;
};

/* --- requests and answers ------------------------------------------------- */

static void answer(struct serve *s, uint32_t id, const struct wims_fetch_answer *a)
{
	if(!wims_fetch_put_answer(&s->out, id, a))
		s->fault = "no room for an answer";
}

static void end_job(struct serve *s, struct open_job *o, CURLcode code)
{
	struct wims_fetch_answer a;

	curl_multi_remove_handle(s->multi, fetch_job_handle(o->job));
	fetch_job_answer(o->job, code, &a);
	answer(s, o->id, &a);
	fetch_job_free(o->job);
	o->job = NULL;
}

/* Where a job for that host may be kept; NULL: too many are open. */
static struct open_job *place_for(struct serve *s, const char *host)
{
	struct open_job *free_place = NULL;
	size_t same = 0, i;

	for(i = 0; i < WIMS_FETCH_OPEN_MAX; i++)
		if(s->open[i].job == NULL)
			free_place = &s->open[i];
		else if(strcmp(fetch_job_host(s->open[i].job), host) == 0)
			same++;
	return same < OPEN_PER_HOST ? free_place : NULL;
}

static void begin_job(struct serve *s, uint32_t id, const struct wims_fetch_in *in)
{
	struct wims_fetch_answer refused;
	struct fetch_job *job = fetch_job_new(in, &refused);
	struct open_job *o = NULL;

	if(job != NULL && (o = place_for(s, fetch_job_host(job))) == NULL)
		refused = fetch_failure(WIMS_FETCH_BUSY, "too many requests are open");
	if(o != NULL && curl_multi_add_handle(s->multi, fetch_job_handle(job)) == CURLM_OK) {
		*o = (struct open_job){job, id};
		return;
	}
	answer(s, id, &refused);
	fetch_job_free(job);
}

static void take_requests(struct serve *s)
{
	enum wims_fetch_read got = WIMS_FETCH_FRAME;
	struct wims_fetch_in in;
	uint32_t id;
	size_t used;

	while(got == WIMS_FETCH_FRAME && s->fault == NULL) {
		got = wims_fetch_get_request(wims_buf_pl(&s->in), &used, &id, &in);
		if(got == WIMS_FETCH_BROKEN)
			s->fault = "standard input is not what the module writes";
		if(got == WIMS_FETCH_FRAME) {
			begin_job(s, id, &in);
			wims_buf_drop(&s->in, used);
		}
	}
}

/* --- libcurl -------------------------------------------------------------- */

static struct open_job *open_of(struct serve *s, CURL *easy)
{
	size_t i;

	for(i = 0; i < WIMS_FETCH_OPEN_MAX; i++)
		if(s->open[i].job != NULL && fetch_job_handle(s->open[i].job) == easy)
			return &s->open[i];
	return NULL;
}

static void work(struct serve *s)
{
	struct open_job *o;
	CURLMsg *m;
	int running, left;

	if(curl_multi_perform(s->multi, &running) != CURLM_OK)
		s->fault = "libcurl fails";
	while((m = curl_multi_info_read(s->multi, &left)) != NULL)
		if(m->msg == CURLMSG_DONE && (o = open_of(s, m->easy_handle)) != NULL)
			end_job(s, o, m->data.result);
}

/* --- standard input and output -------------------------------------------- */

static void read_some(struct serve *s)
{
	char *room = wims_buf_room(&s->in, CHUNK);
	ssize_t n = room != NULL ? read(STDIN_FILENO, room, CHUNK) : -1;

	if(room == NULL)
		s->fault = "no memory";
	else if(n > 0)
		wims_buf_added(&s->in, (size_t)n);
	else
		s->ended = n == 0 || (errno != EAGAIN && errno != EINTR);
}

static void write_some(struct serve *s)
{
	struct wims_pl bytes = wims_buf_pl(&s->out);
	ssize_t n = bytes.l > 0 ? write(STDOUT_FILENO, bytes.p, bytes.l) : 0;

	if(n > 0)
		wims_buf_drop(&s->out, (size_t)n);
	else if(n < 0 && errno != EAGAIN && errno != EINTR)
		s->ended = true;
}

static void wait_and_read(struct serve *s)
{
	struct curl_waitfd fds[2] = {{.fd = STDIN_FILENO}, {.fd = STDOUT_FILENO}};

	if(s->out.len < OUT_FULL)
		fds[0].events = CURL_WAIT_POLLIN;
	if(s->out.len > 0)
		fds[1].events = CURL_WAIT_POLLOUT;
	curl_multi_poll(s->multi, fds, 2, WAIT_MAX, NULL);
	if(fds[0].events != 0)
		read_some(s);
}

static void loop(struct serve *s)
{
	while(!s->ended && s->fault == NULL) {
		take_requests(s);
		work(s);
		write_some(s);
		if(!s->ended && s->fault == NULL)
			wait_and_read(s);
	}
}

/* --- life ----------------------------------------------------------------- */

static bool non_blocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

/* Passwords and tokens pass through: no file of this process's memory. */
static bool no_core_file(void)
{
	return setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) == 0;
}

static bool begin(struct serve *s)
{
	wims_buf_init(&s->in, &wims_env_libc, IN_MAX);
	wims_buf_init(&s->out, &wims_env_libc, OUT_MAX);
	return signal(SIGPIPE, SIG_IGN) != SIG_ERR && no_core_file() && non_blocking(STDIN_FILENO)
		   && non_blocking(STDOUT_FILENO) && (s->multi = curl_multi_init()) != NULL
		   && curl_multi_setopt(s->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT) == CURLM_OK;
}

static void end(struct serve *s)
{
	size_t i;

	for(i = 0; i < WIMS_FETCH_OPEN_MAX; i++)
		if(s->open[i].job != NULL) {
			curl_multi_remove_handle(s->multi, fetch_job_handle(s->open[i].job));
			fetch_job_free(s->open[i].job);
		}
	curl_multi_cleanup(s->multi);
	wims_buf_clear(&s->in);
	wims_buf_clear(&s->out);
}

enum cli_status fetch_serve(void)
{
	static struct serve s;

	if(begin(&s))
		loop(&s);
	else
		s.fault = "cannot begin";
	end(&s);
	return s.fault == NULL ? CLI_OK : cli_fail("fetch serve: %s", s.fault);
}
