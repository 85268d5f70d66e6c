/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_workers.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/pt.h"
#include "core/socket_info.h"
#include "guard/wims_load.h"

enum
{
	TEXT_MAX = 96 /* three numbers */
};

/* Kinds of processes, by how Kamailio calls them. */
static const struct
{
	const char *name;
	bool behind; /* what a TCP worker refuses is nothing to them */
} kinds[] = {{"udp receiver", true},
			 {"tcp receiver", false},
			 {"tcp main process", false},
			 {"Async Task Worker", true}};

enum
{
	KINDS = sizeof(kinds) / sizeof(kinds[0]),
	TCP_WORKERS = 1
};

/* What is known of each kind. */
static struct sum
{
	uint64_t busy; /* ns, sum of all */
	uint64_t ran;  /* of these, not waiting */
	unsigned processes;
	unsigned blocked; /* of these, by a lock, just now */
	bool unknown;     /* one of them could not be read */
	int64_t at;       /* ns, when that was */
} sums[KINDS];

/* -1: another one, or not forked yet. */
static int running_kind(const struct process_table *p)
{
	int k;

	for(k = 0; p->pid > 0 && k < KINDS; k++)
		if(strncmp(p->desc, kinds[k].name, strlen(kinds[k].name)) == 0)
			return k;
	return -1;
}

/* Text of a file of /proc/PID; -1: none, see errno. */
static ssize_t read_proc(int pid, const char *name, char text[TEXT_MAX + 1])
{
	char path[48];
	ssize_t n;
	int fd;

	if(snprintf(path, sizeof(path), "/proc/%d/%s", pid, name) >= (int)sizeof(path))
		return -1;
	if((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return -1;
	n = read(fd, text, TEXT_MAX);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0 ? n : 0;
}

/* proc(5): for what it waits, where we may know. A lock of Kamailio is a futex. Not asked of
 * those behind: whoever refuses takes these locks, too, and would not relieve them. */
static bool waits_for_lock(int pid)
{
	char text[TEXT_MAX + 1];

	return read_proc(pid, "wchan", text) > 0 && strstr(text, "futex") != NULL;
}

/* proc(5): time on a processor, and in its queue. 0: the process has ended. False: not
 * known now, for want of a descriptor. */
static bool busy_ns(int pid, uint64_t *ran, uint64_t *waited)
{
	char text[TEXT_MAX + 1], *end = text;

	*ran = *waited = 0;
	if(read_proc(pid, "schedstat", text) < 0)
		return errno == ENOENT;
	*ran = strtoull(text, &end, 10);
	*waited = strtoull(end, NULL, 10);
	return true;
}

static void measure(struct sum measured[KINDS])
{
	uint64_t ran, waited;
	int i, k;

	for(i = 0; i < get_proc_no(); i++) {
		if((k = running_kind(&pt[i])) < 0)
			continue;
		measured[k].unknown |= !busy_ns(pt[i].pid, &ran, &waited);
		measured[k].busy += ran + waited;
		measured[k].ran += ran;
		measured[k].processes++;
		measured[k].blocked += !kinds[k].behind && waits_for_lock(pt[i].pid);
	}
}

/* A process that has ended since makes the sums smaller: then nothing is known. */
static bool comparable(const struct sum *before, const struct sum *now)
{
	return before->at != 0 && before->processes == now->processes && now->busy >= before->busy
		   && now->ran >= before->ran;
}

static uint32_t share(const struct sum *before, const struct sum *now)
{
	uint64_t took = (uint64_t)(now->at - before->at), most = took * now->processes;
	uint64_t busy = now->busy - before->busy + took * now->blocked;

	if(most == 0 || !comparable(before, now))
		return 0;
	return busy >= most ? WIMS_LOAD_FULL : (uint32_t)(busy * WIMS_LOAD_FULL / most);
}

struct wk_workers wk_workers_measure(int64_t now_ns)
{
	struct sum measured[KINDS] = {{0}};
	struct wk_workers w = {0};
	int k;

	measure(measured);
	for(k = 0; k < KINDS; k++) {
		uint32_t busy;

		/* the next one that is known is of both beats */
		if(measured[k].unknown)
			continue;
		measured[k].at = now_ns;
		busy = share(&sums[k], &measured[k]);
		w.busy = busy > w.busy ? busy : w.busy;
		w.behind = kinds[k].behind && busy > w.behind ? busy : w.behind;
		if(comparable(&sums[k], &measured[k]))
			w.ran_ns += measured[k].ran - sums[k].ran;
		sums[k] = measured[k];
	}
	return w;
}

/* A larger buffer keeps what comes in bursts; but what has to wait behind as much as this is
 * late, however much room is left, and is soon sent again. */
enum
{
	ROOM = 2 * 212992 /* what Debian grants, as the kernel counts it */
};

static uint32_t filled(int fd)
{
	uint32_t mem[SK_MEMINFO_VARS] = {0};
	socklen_t len = sizeof(mem);

	if(getsockopt(fd, SOL_SOCKET, SO_MEMINFO, mem, &len) < 0 || mem[SK_MEMINFO_RCVBUF] == 0)
		return 0;
	return (uint32_t)((uint64_t)mem[SK_MEMINFO_RMEM_ALLOC] * WIMS_LOAD_FULL
					  / (mem[SK_MEMINFO_RCVBUF] < ROOM ? mem[SK_MEMINFO_RCVBUF] : ROOM));
}

uint32_t wk_workers_queued(void)
{
	const struct socket_info *si;
	uint32_t n, most = 0;

	for(si = udp_listen; si != NULL; si = si->next)
		most = (n = filled(si->socket)) > most ? n : most;
	return most < WIMS_LOAD_FULL ? most : WIMS_LOAD_FULL;
}

void wk_workers_step_back(int by)
{
	static int done; /* the table has them in the order in which they began */
	int i, seen = 0, to = getpriority(PRIO_PROCESS, 0) + by;

	for(i = 0; by > 0 && i < get_proc_no(); i++) {
		if(running_kind(&pt[i]) != TCP_WORKERS || seen++ < done)
			continue;
		if(setpriority(PRIO_PROCESS, (id_t)pt[i].pid, to) < 0)
			LM_WARN("cannot set the priority of TCP worker %d: %s\n", pt[i].pid, strerror(errno));
	}
	done = seen;
}
