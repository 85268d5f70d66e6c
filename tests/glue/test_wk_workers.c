/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <arpa/inet.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "wk_workers.h"

enum
{
	MS = 1000000, /* ns */
	SPIN = 20     /* ms of the processor */
};

static int64_t now = 1000000000;

static int setup(void **state)
{
	ksr_reset();
	(void)wk_workers_measure(now); /* no processes: both begin anew */
	wk_workers_step_back(0);
	return 0;
}

/* Only ever more of it: a busy machine makes us wait as well. */
static void spin(void)
{
	clock_t end = clock() + SPIN * (CLOCKS_PER_SEC / 1000);

	while(clock() < end) {
	}
}

/* What the kernel says of us: of a busy machine more than we took. */
static uint64_t own_ns(void)
{
	FILE *f = fopen("/proc/self/schedstat", "re");
	char text[100] = "", *end;
	uint64_t running;

	assert_non_null(f);
	assert_non_null(fgets(text, sizeof(text), f));
	fclose(f);
	running = strtoull(text, &end, 10);
	return running + strtoull(end, NULL, 10);
}

static struct wk_workers measured(int ms)
{
	now += (int64_t)ms * MS;
	return wk_workers_measure(now);
}

static uint32_t after(int ms)
{
	return measured(ms).busy;
}

static void test_share(void **state)
{
	ksr_process_add(getpid(), "tcp receiver (generic)");
	assert_int_equal(after(1000), 0); /* since it began, and not since the last call */
	spin();
	assert_int_equal(after(SPIN / 2), 1000);
	spin();
	assert_in_range(after(SPIN * 5 / 2), 390, 1000);
	assert_in_range(after(1000000000), 0, 1);
}

/* A process that takes no time. */
static pid_t idle(void)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if(pid == 0) {
		raise(SIGSTOP);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* What refusing is a share of. */
static void test_ran(void **state)
{
	ksr_process_add(getpid(), "tcp receiver (generic)");
	assert_int_equal(measured(1).ran_ns, 0); /* the life of the process is no beat */
	spin();
	assert_in_range(measured(SPIN).ran_ns, (SPIN - 1) * MS, 10 * SPIN * MS);
	assert_in_range(measured(SPIN).ran_ns, 0, SPIN * MS / 2);
	ksr_process_add(getpid(), "udp receiver child=0");
	(void)after(1);
	spin(); /* once for each kind */
	assert_in_range(measured(SPIN).ran_ns, 2 * (SPIN - 1) * MS, 20 * SPIN * MS);
}

/* A process that waits for a lock which nobody gives back. */
static pid_t blocked(void)
{
	pid_t pid = fork();
	int lock = 0;

	assert_true(pid >= 0);
	if(pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		syscall(SYS_futex, &lock, FUTEX_WAIT, 0, NULL, NULL, 0);
		_exit(0);
	}
	return pid;
}

/* Until the kernel shows that; false: it never does. */
static bool seen_to_wait(pid_t pid)
{
	char path[48], text[100];
	int tries;

	(void)snprintf(path, sizeof(path), "/proc/%d/wchan", pid);
	for(tries = 0; tries < 200; tries++) {
		FILE *f = fopen(path, "re");
		bool seen =
				f != NULL && fgets(text, sizeof(text), f) != NULL && strncmp(text, "futex", 5) == 0;

		if(f != NULL)
			fclose(f);
		if(seen)
			return true;
		usleep(10000);
	}
	return false;
}

/* One of two has nothing to do, the other one cannot. */
static void test_lock(void **state)
{
	pid_t one = blocked(), two = idle();
	bool seen = seen_to_wait(one);

	ksr_process_add(one, "tcp receiver (generic) child=0");
	ksr_process_add(two, "tcp receiver (generic) child=1");
	(void)after(1);
	if(seen)
		assert_in_range(after(1000), 500, 510);
	ksr_process_add(one, "udp receiver child=0 sock=192.0.2.1:5060");
	(void)after(1);
	assert_in_range(measured(1000).behind, 0, 10);
	end(one);
	assert_in_range(after(1000), 0, 10);
	end(two);
	if(!seen)
		skip();
}

/* Not all of a kind are busy. */
static void test_mean(void **state)
{
	uint64_t before, least, most;
	uint32_t got;
	pid_t other = idle();

	ksr_process_add(getpid(), "udp receiver child=0 sock=127.0.0.1:5060");
	ksr_process_add(other, "udp receiver child=1 sock=127.0.0.1:5060");
	ksr_process_add(0, "udp receiver child=2, not forked yet");
	(void)after(1);
	before = own_ns();
	spin();
	least = (own_ns() - before) * 1000 / (2 * 10 * SPIN * MS);
	got = after(10 * SPIN);
	most = (own_ns() - before) * 1000 / (2 * 10 * SPIN * MS);
	assert_in_range(got, least - 10, most + 10);
	assert_true(got >= 40);
	end(other);
}

/* The busiest kind counts, and none but workers. */
static void test_kinds(void **state)
{
	pid_t other = idle();

	ksr_process_add(other, "tcp main process");
	ksr_process_add(getpid(), "slow timer");
	(void)after(1);
	spin();
	assert_in_range(after(SPIN), 0, 100);
	ksr_process_add(getpid(), "Async Task Worker - default");
	(void)after(1);
	spin();
	assert_int_equal(after(SPIN), 1000);
	end(other);
}

/* Which of them WICs' refusals never reach. */
static void test_behind(void **state)
{
	static const struct
	{
		const char *name;
		uint32_t behind;
	} rows[] = {{"udp receiver child=0", 1000},
				{"Async Task Worker - default", 1000},
				{"tcp receiver (generic)", 0},
				{"tcp main process", 0},
				{"slow timer", 0}};
	size_t i;

	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wk_workers w;

		setup(state);
		ksr_process_add(getpid(), rows[i].name);
		(void)after(1);
		spin();
		w = measured(SPIN / 2);
		if(w.behind != rows[i].behind || w.busy != (i < 4 ? 1000 : 0))
			fail_msg("%s: busy %u, behind %u", rows[i].name, w.busy, w.behind);
	}
}

static void test_process_ends(void **state)
{
	ksr_process_add(getpid(), "udp receiver child=0");
	ksr_process_add(getpid(), "udp receiver child=1");
	(void)after(1);
	ksr_process_ended(1);
	spin();
	assert_int_equal(after(SPIN), 0);
	spin();
	assert_int_equal(after(SPIN), 1000);
}

/* Without a descriptor nothing is known; the life of the process is no beat. */
static void test_no_descriptor(void **state)
{
	struct rlimit before, none;
	int life;

	for(life = 0; life < 5; life++)
		spin();
	life = (int)(own_ns() / MS);
	ksr_process_add(getpid(), "udp receiver child=0");
	(void)after(1);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(after(1), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	/* of both beats, and of no time before them */
	assert_in_range(after(life / 2), 0, 900);
}

static int udp(struct sockaddr_in *at)
{
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	*at = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	assert_int_equal(bind(fd, (struct sockaddr *)at, sizeof(*at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)at, &len), 0);
	return fd;
}

static void send_some(int from, const struct sockaddr_in *to, int n)
{
	static const char data[1000];

	while(n-- > 0)
		assert_int_equal(
				sendto(from, data, sizeof(data), 0, (const struct sockaddr *)to, sizeof(*to)),
				sizeof(data));
}

static void test_queue(void **state)
{
	struct sockaddr_in at, own;
	int fd = udp(&at), from = udp(&own);

	assert_int_equal(wk_workers_queued(), 0);
	ksr_udp_listen(fd);
	assert_int_equal(wk_workers_queued(), 0);
	send_some(from, &at, 10);
	assert_in_range(wk_workers_queued(), 1, 500);
	send_some(from, &at, 2000);
	assert_in_range(wk_workers_queued(), 950, 1000);
	close(fd);
	assert_int_equal(wk_workers_queued(), 0);
	close(from);
}

static void test_queue_of_large_buffer(void **state)
{
	struct sockaddr_in at, own;
	int fd = udp(&at), from = udp(&own), size = 4 * 212992;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)), 0);
	ksr_udp_listen(fd);
	send_some(from, &at,
			  400); /* 0.9 MB with what the kernel adds; it grants 1.7, if rmem_max allows that */
	assert_in_range(wk_workers_queued(), 950, 1000);
	close(fd);
	close(from);
}

static int nice_of(pid_t pid)
{
	return getpriority(PRIO_PROCESS, (id_t)pid);
}

static int behind_us(int by)
{
	return nice_of(0) + by;
}

static void test_tcp_workers_step_back(void **state)
{
	pid_t first, udp, second;

	if(nice_of(0) > 19 - 9) /* they could not be told apart */
		skip();
	first = idle();
	udp = idle();
	second = idle();

	ksr_process_add(udp, "udp receiver child=0 sock=192.0.2.1:5060");
	ksr_process_add(first, "tcp receiver (generic) child=0");
	wk_workers_step_back(7);
	assert_int_equal(nice_of(first), behind_us(7));
	ksr_process_add(second, "tcp receiver (generic) child=1");
	assert_int_equal(setpriority(PRIO_PROCESS, (id_t)first, behind_us(9)), 0); /* renice */
	wk_workers_step_back(7);
	assert_int_equal(nice_of(first), behind_us(9));
	assert_int_equal(nice_of(second), behind_us(7));
	assert_int_equal(nice_of(udp), behind_us(0));
	end(first);
	end(second);
	end(udp);
}

/* It has ended: logged, and left alone. */
static void test_no_such_worker(void **state)
{
	pid_t pid = idle();

	end(pid);
	ksr_process_add(pid, "tcp receiver (generic) child=0");
	wk_workers_step_back(7);
	assert_non_null(strstr(ksr_log(), "cannot set the priority of TCP worker"));
	ksr_log_clear();
	wk_workers_step_back(7);
	assert_string_equal(ksr_log(), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup(test_share, setup),
									   cmocka_unit_test_setup(test_ran, setup),
									   cmocka_unit_test_setup(test_lock, setup),
									   cmocka_unit_test_setup(test_mean, setup),
									   cmocka_unit_test_setup(test_kinds, setup),
									   cmocka_unit_test_setup(test_behind, setup),
									   cmocka_unit_test_setup(test_process_ends, setup),
									   cmocka_unit_test_setup(test_no_descriptor, setup),
									   cmocka_unit_test_setup(test_queue, setup),
									   cmocka_unit_test_setup(test_queue_of_large_buffer, setup),
									   cmocka_unit_test_setup(test_tcp_workers_step_back, setup),
									   cmocka_unit_test_setup(test_no_such_worker, setup)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
