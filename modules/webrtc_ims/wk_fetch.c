/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_fetch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/mem/shm_mem.h"
#include "wk_child.h"
#include "wk_env.h"
#include "wk_params.h"
#include "wk_proc.h"
#include "wk_state.h"
#include "wk_stats.h"

enum
{
	CHUNK = 64 * 1024,
	IN_MAX = WIMS_FETCH_FRAME_MAX + CHUNK,
	OUT_MAX = 2 * 1024 * 1024,
	READS_EACH_TURN = 16, /* SIP has its turn as well */
	LATE_MS = 2000,       /* seen past its own time-out for so long: the child hangs */
	BACK_OFF_FIRST = 1000,
	BACK_OFF_LAST = 60000,
	STEADY_MS = 60000 /* a child that lived so long begins with the first back-off again */
};

/* For the RPC, which any process answers. */
static struct shared
{
	volatile struct wk_fetch_status status;
	volatile bool restart; /* asked for */
} * shared;

struct open_fetch
{
	wk_fetch_done done; /* NULL: free */
	void *ctx;
	uint32_t id;
	int64_t deadline;
	int64_t late; /* since when it is seen to be past that; 0: it is not */
};

/* All of the wims process alone. */
static struct
{
	enum
	{
		DOWN,
		RUNNING,
		ENDING /* killed, not reaped yet */
	} state;
	bool wanted; /* somebody has asked for a fetch: it is kept alive from then on */
	struct wk_child child;
	struct wims_buf in, out;
	struct open_fetch open[WIMS_FETCH_OPEN_MAX];
	unsigned count;
	uint32_t next_id;
	int64_t started, next_start;
	int back_off;
} fetch;

/* ---- before the fork ---- */

int wk_fetch_init(void)
{
	shared = shm_malloc(sizeof(*shared));
	if(shared == NULL) {
		LM_ERR("no shared memory for the fetching process\n");
		return -1;
	}
	memset((void *)shared, 0, sizeof(*shared));
	wims_buf_init(&fetch.in, wk_env(), IN_MAX);
	wims_buf_init(&fetch.out, wk_env(), OUT_MAX);
	return 0;
}

void wk_fetch_destroy(void)
{
	if(shared != NULL)
		shm_free(shared);
	shared = NULL;
	wims_buf_clear(&fetch.in);
	wims_buf_clear(&fetch.out);
}

int wk_fetch_check(void)
{
	const char *path = wk_params.fetch_program;
	struct stat st;

	if(path[0] == '/' && stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0)
		return 0;
	LM_ERR("modparam fetch_program=%s: must be the absolute path of the program wims, executable "
		   "by Kamailio\n",
		   path);
	return -1;
}

/* ---- the child ---- */

static void show(void)
{
	shared->status.pid = fetch.state == RUNNING ? (int)fetch.child.pid : 0;
	shared->status.open = fetch.count;
}

static void finish(struct open_fetch *o, const struct wims_fetch_answer *answer)
{
	struct open_fetch was = *o;

	o->done = NULL;
	fetch.count--;
	show();
	if(answer->outcome != WIMS_FETCH_OK)
		wk_stats_event(WK_EV_FETCH_FAILURES);
	was.done(was.ctx, answer);
}

static void fail_all(const char *why)
{
	const struct wims_fetch_answer answer = {
			.outcome = WIMS_FETCH_CHILD, .max_age = -1, .why = wims_pl_str(why)};
	size_t i;

	for(i = 0; i < WIMS_FETCH_OPEN_MAX; i++)
		if(fetch.open[i].done != NULL)
			finish(&fetch.open[i], &answer);
}

/* Nothing starts while the child is ending, so this ends. */
static void drop(const char *why)
{
	wk_child_end(&fetch.child);
	fetch.state = ENDING;
	wims_buf_clear(&fetch.in);
	wims_buf_clear(&fetch.out);
	show();
	fail_all(why);
}

static void give_up(const char *why)
{
	LM_WARN("fetching process %d %s: it is ended\n", (int)fetch.child.pid, why);
	drop(why);
}

static void back_off(int64_t now)
{
	if(fetch.back_off == 0 || now - fetch.started >= STEADY_MS)
		fetch.back_off = BACK_OFF_FIRST;
	else if(fetch.back_off < BACK_OFF_LAST)
		fetch.back_off = fetch.back_off * 2 > BACK_OFF_LAST ? BACK_OFF_LAST : fetch.back_off * 2;
	fetch.next_start = now + fetch.back_off;
	LM_WARN("the fetching process is started again in %d s\n", fetch.back_off / 1000);
}

static void start(void)
{
	char *argv[] = {wk_params.fetch_program, "fetch", "serve", NULL};
	int64_t now = wk_now_ms();

	if(fetch.wanted) {
		shared->status.restarts++;
		wk_stats_event(WK_EV_FETCH_RESTARTS);
	}
	fetch.wanted = true;
	fetch.started = now;
	if(!wk_child_start(&fetch.child, argv)) {
		back_off(now);
		return;
	}
	fetch.state = RUNNING;
	show();
	LM_INFO("fetching process %d started: %s\n", (int)fetch.child.pid, wk_params.fetch_program);
}

static void tell_end(pid_t pid, int status)
{
	if(WIFSIGNALED(status))
		LM_WARN("fetching process %d: ended by signal %d\n", (int)pid, WTERMSIG(status));
	else if(WEXITSTATUS(status) == WK_CHILD_NO_EXEC)
		LM_ERR("fetching process %d: %s cannot be run\n", (int)pid, wk_params.fetch_program);
	else
		LM_WARN("fetching process %d: ended with status %d\n", (int)pid, WEXITSTATUS(status));
}

static void reap(void)
{
	pid_t pid = fetch.child.pid;
	int status;

	if(fetch.state == DOWN || !wk_child_gone(&fetch.child, &status))
		return;
	tell_end(pid, status);
	if(fetch.state == RUNNING)
		drop("has ended");
	fetch.state = DOWN;
	back_off(wk_now_ms());
}

/* Counted from the first look and not from the time-out itself: when this
 * process was held up, the answers are there and only not read yet. */
static bool is_late(struct open_fetch *o, int64_t now)
{
	if(o->done == NULL || now <= o->deadline)
		return false;
	if(o->late == 0)
		o->late = now;
	return now - o->late >= LATE_MS;
}

static bool hangs(int64_t now)
{
	bool late = false;
	size_t i;

	for(i = 0; i < WIMS_FETCH_OPEN_MAX; i++)
		late |= is_late(&fetch.open[i], now);
	return late;
}

static void obey(void)
{
	shared->restart = false;
	if(fetch.state == RUNNING)
		give_up("is restarted by an operator");
	fetch.back_off = 0;
	fetch.next_start = 0;
}

void wk_fetch_tick(void)
{
	bool asked = shared->restart;

	if(asked)
		obey();
	else if(fetch.state == RUNNING && hangs(wk_now_ms()))
		give_up("does not answer");
	reap();
	if(fetch.state == DOWN && (fetch.wanted || asked) && wk_now_ms() >= fetch.next_start)
		start();
}

/* ---- requests and answers ---- */

static struct open_fetch *open_with(bool used, uint32_t id)
{
	size_t i;

	for(i = 0; i < WIMS_FETCH_OPEN_MAX; i++)
		if((fetch.open[i].done != NULL) == used && (!used || fetch.open[i].id == id))
			return &fetch.open[i];
	return NULL;
}

bool wk_fetch_start(const struct wims_fetch_in *in, wk_fetch_done done, void *ctx)
{
	struct open_fetch *o = open_with(false, 0);
	uint32_t id = fetch.next_id;

	if(fetch.state == DOWN && wk_now_ms() >= fetch.next_start)
		start();
	if(fetch.state != RUNNING || o == NULL || !wims_fetch_put_request(&fetch.out, id, in))
		return false;
	*o = (struct open_fetch){done, ctx, id, wk_now_ms() + in->timeout_ms, 0};
	fetch.next_id++;
	fetch.count++;
	show();
	wk_stats_event(WK_EV_FETCHES);
	return true;
}

/* False: the stream is worthless. done() may ask for the next fetch. */
static bool take_answers(void)
{
	enum wims_fetch_read got = WIMS_FETCH_FRAME;
	struct wims_fetch_answer answer;
	struct open_fetch *o;
	uint32_t id;
	size_t used;

	while(got == WIMS_FETCH_FRAME) {
		got = wims_fetch_get_answer(wims_buf_pl(&fetch.in), &used, &id, &answer);
		if(got != WIMS_FETCH_FRAME)
			break;
		if((o = open_with(true, id)) == NULL)
			return false;
		finish(o, &answer);
		wims_buf_drop(&fetch.in, used);
	}
	return got == WIMS_FETCH_MORE;
}

static bool would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static void read_some(void)
{
	int left = READS_EACH_TURN;
	ssize_t n = 1;

	while(n > 0 && left-- > 0) {
		char *room = wims_buf_room(&fetch.in, CHUNK);

		n = room != NULL ? read(fetch.child.fd, room, CHUNK) : 0;
		if(n > 0)
			wims_buf_added(&fetch.in, (size_t)n);
		if(n > 0 && !take_answers()) {
			give_up("does not speak as it should");
			return;
		}
	}
	if(n == 0 || (n < 0 && !would_block()))
		give_up("hung up");
}

static void write_some(void)
{
	struct wims_pl bytes = wims_buf_pl(&fetch.out);
	ssize_t n = bytes.l > 0 ? write(fetch.child.fd, bytes.p, bytes.l) : 0;

	if(n > 0)
		wims_buf_drop(&fetch.out, (size_t)n);
	else if(n < 0 && !would_block())
		give_up("does not listen");
}

int wk_fetch_poll(short *events)
{
	*events = fetch.out.len > 0 ? POLLIN | POLLOUT : POLLIN;
	return fetch.state == RUNNING ? fetch.child.fd : -1;
}

void wk_fetch_io(short revents)
{
	if(fetch.state == RUNNING && (revents & (POLLIN | POLLHUP | POLLERR)) != 0)
		read_some();
	if(fetch.state == RUNNING && (revents & POLLOUT) != 0)
		write_some();
}

/* ---- any process ---- */

struct wk_fetch_status wk_fetch_status(void)
{
	return shared->status;
}

void wk_fetch_restart(void)
{
	shared->restart = true;
	wk_proc_wake();
}
