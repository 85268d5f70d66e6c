/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wk_child.h"

/* What the program writes until it closes its end, or what fits. */
static const char *heard(struct wk_child *c)
{
	static char text[4096];
	struct pollfd fd = {.fd = c->fd, .events = POLLIN};
	size_t len = 0;
	ssize_t n = 1;

	while(n > 0 && len < sizeof(text) - 1 && poll(&fd, 1, 5000) == 1)
		if((n = read(c->fd, text + len, sizeof(text) - 1 - len)) > 0)
			len += (size_t)n;
	assert_int_equal(n, 0);
	text[len] = '\0';
	return text;
}

/* Its status, once it has ended. */
static int status_of(struct wk_child *c)
{
	int status = 0, tries = 5000;

	while(!wk_child_gone(c, &status) && tries-- > 0)
		poll(NULL, 0, 1);
	assert_int_equal(c->pid, 0);
	assert_int_equal(c->fd, -1);
	return status;
}

static const char *run(char *const argv[])
{
	static struct wk_child c;
	const char *text;

	assert_true(wk_child_start(&c, argv));
	text = heard(&c);
	assert_int_equal(status_of(&c), 0);
	return text;
}

static void test_no_descriptors(void **state)
{
	char *argv[] = {"/bin/ls", "/proc/self/fd", NULL};
	int more[3] = {open("/dev/zero", O_RDONLY), open("/dev/zero", O_RDONLY), 200};
	size_t i;

	assert_int_equal(dup2(more[0], 200), 200);
	assert_string_equal(run(argv), "0\n1\n2\n3\n"); /* 3 is what ls reads */
	for(i = 0; i < 3; i++)
		close(more[i]);
}

/* Also when the process has no standard input and output of its own: the
 * socket is then one of the numbers that it must become. */
static void test_socket_is_low(void **state)
{
	char *argv[] = {"/bin/ls", "/proc/self/fd", NULL};
	int kept[2], i;
	const char *text;

	for(i = 0; i < 2; i++) {
		kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 100);
		close(i);
	}
	text = run(argv);
	for(i = 0; i < 2; i++) {
		dup2(kept[i], i);
		close(kept[i]);
	}
	assert_string_equal(text, "0\n1\n2\n3\n");
}

static void test_no_environment(void **state)
{
	char *argv[] = {"/bin/cat", "/proc/self/environ", NULL};

	setenv("PASSWORD", "secret", 1);
	assert_string_equal(run(argv), "");
}

/* Without those that belong to the C library (32, 33). */
static unsigned long signals(const char *status, const char *which)
{
	const char *at = strstr(status, which);

	assert_non_null(at);
	return strtoul(at + strlen(which), NULL, 16) & 0x7fffffff;
}

static void test_default_signals(void **state)
{
	char *argv[] = {"/bin/cat", "/proc/self/status", NULL};
	sigset_t set, before;
	const char *text;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &before);
	text = run(argv);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	assert_int_equal(signals(text, "SigBlk:"), 0);
	assert_int_equal(signals(text, "SigIgn:"), 0);
}

static void test_talks(void **state)
{
	char *argv[] = {"/bin/cat", NULL};
	struct wk_child c;
	int status;

	assert_true(wk_child_start(&c, argv));
	assert_false(wk_child_gone(&c, &status));
	assert_int_equal(write(c.fd, "hello", 5), 5);
	assert_int_equal(shutdown(c.fd, SHUT_WR), 0);
	assert_string_equal(heard(&c), "hello");
	assert_int_equal(status_of(&c), 0);
}

static void test_is_ended(void **state)
{
	char *argv[] = {"/bin/sleep", "60", NULL};
	struct wk_child c;
	int status;

	assert_true(wk_child_start(&c, argv));
	wk_child_end(&c);
	assert_int_equal(c.fd, -1);
	assert_true(c.pid > 0);
	status = status_of(&c);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	wk_child_end(&c);
	assert_false(wk_child_gone(&c, &status));
}

static void test_no_program(void **state)
{
	char *argv[] = {"/nowhere/wims", NULL};
	struct wk_child c;
	int status;

	assert_true(wk_child_start(&c, argv));
	assert_string_equal(heard(&c), "");
	status = status_of(&c);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == WK_CHILD_NO_EXEC);
}

/* 'Z' and gone are the same to us: nobody here waits for a grandchild. */
static bool runs(pid_t pid)
{
	char path[64], line[512] = "";
	const char *after;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if((f = fopen(path, "r")) == NULL)
		return false;
	after = fgets(line, sizeof(line), f) != NULL ? strrchr(line, ')') : NULL;
	fclose(f);
	return after != NULL && after[2] != 'Z';
}

/* A parent that dies by a signal tells nobody, and its child dies too. */
static void test_dies_with_parent(void **state)
{
	char *argv[] = {"/bin/sleep", "60", NULL};
	struct wk_child c;
	int fds[2], tries = 5000;
	pid_t parent, child = 0;

	assert_int_equal(pipe(fds), 0);
	if((parent = fork()) == 0) {
		if(!wk_child_start(&c, argv) || write(fds[1], &c.pid, sizeof(c.pid)) < 0)
			_exit(1);
		for(;;)
			pause();
	}
	assert_int_equal(read(fds[0], &child, sizeof(child)), sizeof(child));
	assert_true(runs(child));
	kill(parent, SIGKILL);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	while(runs(child) && tries-- > 0)
		poll(NULL, 0, 1);
	assert_false(runs(child));
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_no_descriptors), cmocka_unit_test(test_socket_is_low),
			cmocka_unit_test(test_no_environment), cmocka_unit_test(test_default_signals),
			cmocka_unit_test(test_talks),          cmocka_unit_test(test_is_ended),
			cmocka_unit_test(test_no_program),     cmocka_unit_test(test_dies_with_parent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
