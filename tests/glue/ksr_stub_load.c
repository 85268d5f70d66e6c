/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What the load of a node is measured by: processes, sockets, shared memory. */

#include "glue.h"

#include "core/pt.h"
#include "core/rand/fastrand.h"
#include "core/socket_info.h"
#include "ksr_int.h"

struct ksr_load ksr_load;

static struct process_table processes[KSR_PROCESSES_MAX];
static int n_processes;
static struct socket_info udp_socket;

struct process_table *pt = processes;
int *process_count = &n_processes;
struct socket_info *udp_listen;

void ksr_load_reset(void)
{
	ksr_load = (struct ksr_load){0};
	n_processes = 0;
	udp_listen = NULL;
}

void ksr_process_add(int pid, const char *desc)
{
	assert_true(n_processes < KSR_PROCESSES_MAX);
	processes[n_processes].pid = pid;
	snprintf(processes[n_processes++].desc, MAX_PT_DESC, "%s", desc);
}

void ksr_process_ended(int i)
{
	processes[i].pid = 0;
}

void ksr_udp_listen(int fd)
{
	udp_socket.socket = fd;
	udp_listen = &udp_socket;
}

unsigned long ksr_shm_available(void *block)
{
	return shm_mem_size - ksr_load.shm_used;
}

unsigned int fastrand_max(unsigned int max)
{
	assert_true(ksr_load.draw <= max);
	ksr_load.draws++;
	return ksr_load.draw;
}
