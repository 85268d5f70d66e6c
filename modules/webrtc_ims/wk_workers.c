/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_workers.h"

#include <fcntl.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
static struct kind
{
	const char *name;
	uint64_t busy; /* ns, sum of all */
	unsigned processes;
} kinds[] = {{"udp receiver", 0, 0},
			 {"tcp receiver", 0, 0},
			 {"tcp main process", 0, 0},
			 {"Async Task Worker", 0, 0}};

enum
{
	KINDS = sizeof(kinds) / sizeof(kinds[0])
};

static int kind_of(const char *desc)
{
	int k;

	for(k = 0; k < KINDS; k++)
		if(strncmp(desc, kinds[k].name, strlen(kinds[k].name)) == 0)
			return k;
	return -1;
}

/* proc(5): time on a processor, and in its queue. 0: not known. */
static uint64_t busy_ns(int pid)
{
	char path[48], text[TEXT_MAX + 1];
	char *end = text;
	uint64_t running;
	ssize_t n;
	int fd;

	if(snprintf(path, sizeof(path), "/proc/%d/schedstat", pid) >= (int)sizeof(path)
	   || (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return 0;
	n = read(fd, text, TEXT_MAX);
	close(fd);
	if(n <= 0)
		return 0;
	text[n] = '\0';
	running = strtoull(text, &end, 10);
	return running + strtoull(end, NULL, 10);
}

static void measure(struct kind measured[KINDS])
{
	int i, k, count = process_count == NULL ? 0 : *process_count;

	for(i = 0; i < count; i++) {
		if(pt[i].pid <= 0 || (k = kind_of(pt[i].desc)) < 0)
			continue;
		measured[k].busy += busy_ns(pt[i].pid);
		measured[k].processes++;
	}
}

/* A process that has ended since makes the sum smaller: then nothing is known. */
static uint32_t share(const struct kind *before, const struct kind *now, int64_t elapsed)
{
	uint64_t most = (uint64_t)elapsed * now->processes;
	uint64_t busy = now->busy < before->busy ? 0 : now->busy - before->busy;

	if(most == 0 || before->processes != now->processes)
		return 0;
	return busy >= most ? WIMS_LOAD_FULL : (uint32_t)(busy * WIMS_LOAD_FULL / most);
}

uint32_t wk_workers_busy(int64_t now_ns)
{
	static int64_t last;
	struct kind measured[KINDS] = {{0}};
	int64_t elapsed = last == 0 ? 0 : now_ns - last;
	uint32_t most = 0;
	int k;

	measure(measured);
	for(k = 0; k < KINDS; k++) {
		uint32_t busy = share(&kinds[k], &measured[k], elapsed);

		most = busy > most ? busy : most;
		kinds[k].busy = measured[k].busy;
		kinds[k].processes = measured[k].processes;
	}
	last = now_ns;
	return most;
}

static uint32_t filled(int fd)
{
	uint32_t mem[SK_MEMINFO_VARS] = {0};
	socklen_t len = sizeof(mem);

	if(getsockopt(fd, SOL_SOCKET, SO_MEMINFO, mem, &len) < 0 || mem[SK_MEMINFO_RCVBUF] == 0)
		return 0;
	return (uint32_t)((uint64_t)mem[SK_MEMINFO_RMEM_ALLOC] * WIMS_LOAD_FULL
					  / mem[SK_MEMINFO_RCVBUF]);
}

uint32_t wk_workers_queued(void)
{
	const struct socket_info *si;
	uint32_t n, most = 0;

	for(si = udp_listen; si != NULL; si = si->next)
		most = (n = filled(si->socket)) > most ? n : most;
	return most < WIMS_LOAD_FULL ? most : WIMS_LOAD_FULL;
}
