/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include "fake_child.h"
#include "wk_fetch.c"

/* ---- who asks ---- */

static struct
{
	int calls;
	enum wims_fetch_outcome outcome;
	int64_t max_age;
	char body[64];
	char why[64];
	void *ctx;
	bool again; /* asks for the next one from within */
	bool again_ok;
} got;

static struct wims_fetch_in in;

static void done(void *ctx, const struct wims_fetch_answer *a)
{
	got.calls++;
	got.ctx = ctx;
	got.outcome = a->outcome;
	got.max_age = a->max_age;
	snprintf(got.body, sizeof(got.body), "%.*s", WK_FMT(a->body));
	snprintf(got.why, sizeof(got.why), "%.*s", WK_FMT(a->why));
	if(got.again)
		got.again_ok = wk_fetch_start(&in, done, ctx);
}

static int setup(void **state)
{
	memset(&fetch, 0, sizeof(fetch));
	memset(&got, 0, sizeof(got));
	memset(&child, 0, sizeof(child));
	child.fd = -1;
	in = (struct wims_fetch_in){
			.url = WIMS_PL("https://wwsf.test/jwks"), .timeout_ms = 5000, .max_bytes = 1000};
	return glue_setup(state);
}

static int teardown(void **state)
{
	if(child.fd >= 0)
		close(child.fd);
	if(fetch.child.fd > 0)
		close(fetch.child.fd);
	return glue_teardown(state);
}

/* ---- the loop, and the child's side ---- */

static void loop(void)
{
	short events;
	struct pollfd fd = {.fd = wk_fetch_poll(&events)};

	fd.events = events;
	if(fd.fd >= 0 && poll(&fd, 1, 0) == 1)
		wk_fetch_io(fd.revents);
}

static void tick_after(int64_t ms)
{
	ksr_clock.mono_ms += ms;
	wk_fetch_tick();
}

/* Reads one request at the child's end. */
static uint32_t asked(void)
{
	static char bytes[100000];
	struct wims_fetch_in request;
	uint32_t id = 0;
	size_t used;
	ssize_t n;

	loop();
	n = read(child.fd, bytes, sizeof(bytes));
	assert_true(n > 0);
	assert_int_equal(
			wims_fetch_get_request((struct wims_pl){bytes, (size_t)n}, &used, &id, &request),
			WIMS_FETCH_FRAME);
	assert_int_equal(used, n);
	assert_int_equal(request.max_bytes, in.max_bytes);
	assert_true(wims_pl_eq(request.url, in.url));
	return id;
}

static void frame(struct wims_buf *b, uint32_t id, const char *body)
{
	const struct wims_fetch_answer a = {
			.outcome = WIMS_FETCH_OK, .status = 200, .max_age = 60, .body = wims_pl_str(body)};

	assert_true(wims_fetch_put_answer(b, id, &a));
}

static void says(struct wims_pl bytes)
{
	assert_int_equal(write(child.fd, bytes.p, bytes.l), bytes.l);
	loop();
}

static void answers(uint32_t id, const char *body)
{
	struct wims_buf b;

	wims_buf_init(&b, &wims_env_libc, 100000);
	frame(&b, id, body);
	says(wims_buf_pl(&b));
	wims_buf_clear(&b);
}

/* ---- requests and answers ---- */

static void test_answer(void **state)
{
	uint32_t id;
	short events;

	assert_int_equal(wk_fetch_poll(&events), -1);
	assert_true(wk_fetch_start(&in, done, &in));
	assert_string_equal(child.argv, "/usr/local/bin/wims fetch serve");
	assert_int_equal(wk_fetch_poll(&events) >= 0, true);
	assert_int_equal(events, POLLIN | POLLOUT);
	assert_int_equal(wk_fetch_status().pid, 1001);
	assert_int_equal(wk_fetch_status().open, 1);
	id = asked();
	wk_fetch_poll(&events);
	assert_int_equal(events, POLLIN);
	assert_int_equal(got.calls, 0);
	answers(id, "{}");
	assert_int_equal(got.calls, 1);
	assert_int_equal(got.outcome, WIMS_FETCH_OK);
	assert_int_equal(got.max_age, 60);
	assert_string_equal(got.body, "{}");
	assert_ptr_equal(got.ctx, &in);
	assert_int_equal(wk_fetch_status().open, 0);
	assert_int_equal(ksr_counter("fetches"), 1);
	assert_int_equal(ksr_counter("fetch_failures"), 0);
	tick_after(100000);
	assert_int_equal(got.calls, 1);
	assert_int_equal(child.starts, 1);
}

/* Two answers in one piece, and in as many pieces as bytes; out of order. */
static void test_pieces(void **state)
{
	struct wims_buf b;
	uint32_t one, two;
	size_t i;

	assert_true(wk_fetch_start(&in, done, "1"));
	one = asked();
	assert_true(wk_fetch_start(&in, done, "2"));
	two = asked();
	assert_int_not_equal(one, two);
	wims_buf_init(&b, &wims_env_libc, 100000);
	frame(&b, two, "second");
	frame(&b, one, "first");
	for(i = 0; i < wims_buf_pl(&b).l; i++) {
		assert_true(got.calls < 2);
		says((struct wims_pl){wims_buf_pl(&b).p + i, 1});
	}
	assert_int_equal(got.calls, 2);
	assert_string_equal(got.body, "first");
	assert_string_equal(got.ctx, "1");
	wims_buf_clear(&b);
	assert_true(wk_fetch_start(&in, done, "3") && wk_fetch_start(&in, done, "4"));
	wims_buf_init(&b, &wims_env_libc, 100000);
	frame(&b, two + 1, "third");
	frame(&b, two + 2, "fourth");
	says(wims_buf_pl(&b));
	assert_int_equal(got.calls, 4);
	assert_string_equal(got.body, "fourth");
	wims_buf_clear(&b);
}

/* Whoever gets an answer may ask for the next document. */
static void test_again(void **state)
{
	uint32_t id;

	assert_true(wk_fetch_start(&in, done, NULL));
	id = asked();
	got.again = true;
	answers(id, "{}");
	got.again = false;
	assert_true(got.again_ok);
	answers(asked(), "{}");
	assert_int_equal(got.calls, 2);
}

static void test_failure_is_counted(void **state)
{
	const struct wims_fetch_answer a = {
			.outcome = WIMS_FETCH_TLS, .max_age = -1, .why = WIMS_PL("self-signed")};
	struct wims_buf b;

	assert_true(wk_fetch_start(&in, done, NULL));
	wims_buf_init(&b, &wims_env_libc, 1000);
	assert_true(wims_fetch_put_answer(&b, asked(), &a));
	says(wims_buf_pl(&b));
	wims_buf_clear(&b);
	assert_int_equal(got.outcome, WIMS_FETCH_TLS);
	assert_string_equal(got.why, "self-signed");
	assert_int_equal(ksr_counter("fetch_failures"), 1);
}

static void test_limits(void **state)
{
	int i;

	in.max_bytes = 0;
	assert_false(wk_fetch_start(&in, done, NULL));
	in.max_bytes = 1000;
	for(i = 0; i < WIMS_FETCH_OPEN_MAX; i++)
		assert_true(wk_fetch_start(&in, done, NULL));
	assert_false(wk_fetch_start(&in, done, NULL));
	assert_int_equal(wk_fetch_status().open, WIMS_FETCH_OPEN_MAX);
	assert_int_equal(ksr_counter("fetches"), WIMS_FETCH_OPEN_MAX);
	assert_int_equal(got.calls, 0);
}

/* A child that reads nothing: what waits for it has an end. */
static void test_queue_is_bounded(void **state)
{
	static char post[WIMS_FETCH_POST_MAX];
	int n = 0;

	memset(post, 'p', sizeof(post));
	in.post_body = (struct wims_pl){post, sizeof(post)};
	while(n < WIMS_FETCH_OPEN_MAX && wk_fetch_start(&in, done, NULL))
		n++;
	assert_in_range(n, 50, 64); /* 2 MiB */
	assert_int_equal(wk_fetch_status().open, n);
	assert_int_equal(got.calls, 0);
}

/* ---- the child dies, hangs, talks nonsense ---- */

static void test_death(void **state)
{
	assert_true(wk_fetch_start(&in, done, NULL) && wk_fetch_start(&in, done, NULL));
	loop();
	dies(9);
	got.again = true;
	loop();
	assert_int_equal(got.calls, 2);
	assert_int_equal(got.outcome, WIMS_FETCH_CHILD);
	assert_false(got.again_ok);
	assert_int_equal(ksr_counter("fetch_failures"), 2);
	assert_int_equal(wk_fetch_status().pid, 0);
	assert_int_equal(wk_fetch_status().open, 0);
	tick_after(0);
	assert_contains(ksr_log(), "ended by signal 9");
	assert_contains(ksr_log(), "again in 1 s");
	got.again = false;
	assert_false(wk_fetch_start(&in, done, NULL));
	tick_after(999);
	assert_int_equal(child.starts, 1);
	tick_after(1);
	assert_int_equal(child.starts, 2);
	assert_int_equal(ksr_counter("fetch_restarts"), 1);
	assert_int_equal(wk_fetch_status().restarts, 1);
	assert_true(wk_fetch_start(&in, done, NULL));
	answers(asked(), "{}");
	assert_int_equal(got.outcome, WIMS_FETCH_OK);
	assert_int_equal(got.calls, 3);
}

/* Noticed by its status before its socket says so. */
static void test_death_by_status(void **state)
{
	assert_true(wk_fetch_start(&in, done, NULL));
	dies(127 << 8);
	tick_after(1);
	assert_int_equal(got.calls, 1);
	assert_int_equal(got.outcome, WIMS_FETCH_CHILD);
	assert_contains(ksr_log(), "/usr/local/bin/wims cannot be run");
	loop();
	assert_int_equal(got.calls, 1);
}

/* 1 s, 2 s, 4 s ... 60 s; and 1 s again once a child has lasted. */
static void test_back_off(void **state)
{
	static const int seconds[] = {1, 2, 4, 8, 16, 32, 60, 60};
	size_t i;

	assert_true(wk_fetch_start(&in, done, NULL));
	for(i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		dies(1 << 8);
		tick_after(1);
		tick_after(seconds[i] * 1000 - 1);
		assert_int_equal(child.starts, i + 1);
		tick_after(1);
		assert_int_equal(child.starts, i + 2);
	}
	ksr_clock.mono_ms += 60000;
	dies(1 << 8);
	tick_after(0);
	tick_after(1000);
	assert_int_equal(child.starts, i + 2);
}

static void test_hangs(void **state)
{
	assert_true(wk_fetch_start(&in, done, NULL));
	asked();
	tick_after(4000);
	assert_true(wk_fetch_start(&in, done, NULL));
	tick_after(1001);
	tick_after(1999);
	assert_int_equal(got.calls, 0);
	assert_int_equal(child.ends, 0);
	tick_after(1);
	assert_int_equal(child.ends, 1);
	assert_int_equal(got.calls, 2);
	assert_int_equal(got.outcome, WIMS_FETCH_CHILD);
	assert_contains(ksr_log(), "does not answer");
	tick_after(10000); /* killed, but not gone: no second child beside it */
	assert_int_equal(child.starts, 1);
	child.gone = true;
	tick_after(1);
	tick_after(1000);
	assert_int_equal(child.starts, 2);
}

/* This process was held up, not the child: the answer is there. */
static void test_late_reader(void **state)
{
	struct wims_buf b;

	assert_true(wk_fetch_start(&in, done, NULL));
	wims_buf_init(&b, &wims_env_libc, 1000);
	frame(&b, asked(), "{}");
	assert_int_equal(write(child.fd, b.p, b.len), b.len);
	wims_buf_clear(&b);
	tick_after(20000);
	assert_int_equal(child.ends, 0);
	loop();
	assert_int_equal(got.calls, 1);
	assert_int_equal(got.outcome, WIMS_FETCH_OK);
	tick_after(20000);
	assert_int_equal(child.ends, 0);
}

static void nonsense(struct wims_pl bytes)
{
	got.calls = 0;
	assert_true(wk_fetch_start(&in, done, NULL));
	asked();
	child.ends = 0;
	says(bytes);
	assert_int_equal(child.ends, 1);
	assert_int_equal(got.calls, 1);
	assert_int_equal(got.outcome, WIMS_FETCH_CHILD);
	child.gone = true;
	tick_after(1);
	tick_after(60000);
}

static void test_nonsense(void **state)
{
	struct wims_buf b;

	nonsense(WIMS_PL("HTTP/1.1 200 OK\r\n"));
	nonsense(WIMS_PL("WF\1\1\0\0\0\0"));
	nonsense(WIMS_PL("WF\1\2\xff\xff\xff\xff"));
	wims_buf_init(&b, &wims_env_libc, 1000);
	frame(&b, 4711, "nobody asked for that");
	nonsense(wims_buf_pl(&b));
	wims_buf_clear(&b);
	assert_int_equal(ksr_counter("fetch_restarts"), 4);
}

static void test_cannot_start(void **state)
{
	child.cannot_start = true;
	assert_false(wk_fetch_start(&in, done, NULL));
	assert_false(wk_fetch_start(&in, done, NULL));
	assert_int_equal(child.starts, 1);
	tick_after(1000);
	assert_int_equal(child.starts, 2);
	child.cannot_start = false;
	tick_after(1999); /* a machine without room for it is not asked each second */
	assert_int_equal(child.starts, 2);
	tick_after(1);
	assert_true(wk_fetch_start(&in, done, NULL));
	assert_int_equal(child.starts, 3);
}

/* ---- operators ---- */

static void test_rpc(void **state)
{
	assert_contains(ksr_rpc_run("webrtc_ims.fetch", NULL, NULL), "down");
	assert_contains(ksr_rpc_run("webrtc_ims.fetch", "stop", NULL), "400");
	tick_after(1);
	assert_int_equal(child.starts, 0);
	ksr_rpc_run("webrtc_ims.fetch", "restart", NULL);
	tick_after(1);
	assert_int_equal(child.starts, 1);
	assert_contains(ksr_rpc_run("webrtc_ims.fetch", NULL, NULL), "running");
	assert_contains(ksr_rpc_run("webrtc_ims.fetch", NULL, NULL), "1001");
	assert_true(wk_fetch_start(&in, done, NULL));
	ksr_rpc_run("webrtc_ims.fetch", "restart", NULL);
	tick_after(1);
	assert_int_equal(got.calls, 1);
	assert_int_equal(child.ends, 1);
	child.gone = true;
	tick_after(1);
	tick_after(1000);
	assert_int_equal(child.starts, 2);
	tick_after(1000);
	assert_int_equal(child.starts, 2);
}

/* An operator need not wait for the end of a long pause. */
static void test_restart_in_back_off(void **state)
{
	assert_true(wk_fetch_start(&in, done, NULL));
	dies(0);
	tick_after(1);
	tick_after(1000);
	dies(0);
	tick_after(1);
	tick_after(1500); /* of 2000 */
	assert_int_equal(child.starts, 2);
	wk_fetch_restart();
	tick_after(1);
	assert_int_equal(child.starts, 3);
}

static void check_program(const char *path, int want)
{
	char *before = wk_params.fetch_program;

	ksr_log_clear();
	wk_params.fetch_program = (char *)path;
	assert_int_equal(wk_fetch_check(), want);
	if(want < 0) {
		assert_contains(ksr_log(), "fetch_program=");
		assert_contains(ksr_log(), path);
	}
	wk_params.fetch_program = before;
}

static void test_check(void **state)
{
	check_program("/bin/sh", 0);
	check_program("", -1);
	check_program("sh", -1);
	check_program("/bin", -1);
	check_program("/nowhere/wims", -1);
	check_program(glue_provisioning(), -1); /* a file, but no program */
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_answer),
			T(test_pieces),
			T(test_again),
			T(test_failure_is_counted),
			T(test_limits),
			T(test_queue_is_bounded),
			T(test_death),
			T(test_death_by_status),
			T(test_back_off),
			T(test_hangs),
			T(test_nonsense),
			T(test_cannot_start),
			T(test_late_reader),
			T(test_rpc),
			T(test_restart_in_back_off),
			T(test_check),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
