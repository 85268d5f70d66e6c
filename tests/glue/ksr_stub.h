/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef KSR_STUB_H
#define KSR_STUB_H

/* A stand-in of Kamailio's core, tm and sl: as much of them as the glue calls,
 * doing what the real ones do and noting down what they were asked for. The
 * glue is compiled against the real headers. */

#include "modules/tm/tm_load.h"
#include "core/async_task.h"
#include "core/rpc.h"
#include "core/events.h"
#include "wk.h"

enum
{
	KSR_TEXT_MAX = 16384,
	KSR_CONNS_MAX = 512,
	KSR_TASKS_MAX = 64
};

/* Everything back to how a fresh process has it. */
void ksr_reset(void);
/* What wk_edge_init() adds to the names of this Kamailio, and nothing takes away. */
void ksr_aliases_reset(void);

/* ---- log ---- */

/* Lines of LM_INFO and above since the last reset or clear. */
const char *ksr_log(void);
void ksr_log_clear(void);

/* ---- memory: pkg and shm are one ---- */

struct ksr_memory
{
	size_t left; /* the allocation after that many fails, and all behind it; SIZE_MAX: none */
	bool once;   /* that one only */
	size_t live; /* not given back */
	bool failed; /* one has failed */
};
extern struct ksr_memory ksr_memory;

/* ---- clocks ---- */

struct ksr_clock
{
	int64_t mono_ms;
	int64_t wall; /* s, and ms of that second */
	int wall_ms;
};
extern struct ksr_clock ksr_clock;

/* ---- counters ---- */

/* Value of the counter of that name; fails the test when there is none. */
int ksr_counter(const char *name);

/* ---- events and processes ---- */

struct ksr_core
{
	sr_event_cb_f on_data_in;
	sr_event_cb_f on_data_out;
	sr_event_cb_f on_tcp_closed;
	bool tcp_closed_taken; /* by another module */
	const char *forked;    /* name of the last process */
	bool fork_fails;
	bool no_tm, no_sl;
	const char *module; /* one that is loaded besides */
};
extern struct ksr_core ksr_core;
/* Parameters of tm, in ticks. */
extern struct ksr_tm_times
{
	int fr_inv_timer, max_inv_lifetime;
} ksr_tm_times;

/* What Kamailio's slow timer does once a second, with all that register_timer was
 * ever called for. */
void ksr_slow_timer(void);

/* The script begins to work on a message, or has ended, for whoever wants to know. */
void ksr_script(bool begins);

/* An operator changes a setting; this process has taken note of that. */
void ksr_cfg_change(void);
bool ksr_cfg_taken(void);

/* ---- messages ---- */

/* A message that just came in over connection conn, proto PROTO_*. The text
 * has "\n" line ends; they become CRLF. ksr_msg_bytes takes it as it is. */
sip_msg_t *ksr_msg(int proto, uint32_t conn, const char *text);
sip_msg_t *ksr_msg_bytes(int proto, uint32_t conn, const char *text, size_t len);
void ksr_msg_free(sip_msg_t *msg);
/* The message as it would leave: with its lumps and its new Request-URI, "\n"
 * for CRLF. In a static buffer. Fails the test when deletions overlap. */
const char *ksr_out(const sip_msg_t *msg);
/* The branches that it would be sent to, "URI q=N", or with a path "URI q=N over PATH", a
 * line, the Request-URI first. In a static buffer. */
const char *ksr_branches(const sip_msg_t *msg);
/* One more that anybody has added so far fails from now on. */
extern size_t ksr_branches_max;
/* Header lines for the reply, "\n" for CRLF. */
const char *ksr_reply_lines(const sip_msg_t *msg);

/* ---- transactions and replies ---- */

struct ksr_tm
{
	struct cell *current;  /* of the message in hand; NULL: none yet */
	struct cell *original; /* what CANCEL finds */
	int newtran;           /* what t_newtran answers */
	int register_tmcb;     /* 1, or what it answers instead */
	int picked_branch;
	int unrefs; /* of cells */
	/* t_suspend, t_continue */
	int suspend;    /* what t_suspend answers */
	unsigned fr_ms; /* set_fr */
	int continued;
	char callback[128];              /* of t_continue_cb */
	void (*resumed)(sip_msg_t *msg); /* the route, with the transaction's request */
	struct cell *matched;            /* what a reply belongs to, by its branch 0 */
	int checks;                      /* t_check that no t_unref followed */
	int branch;                      /* that a reply is of, in onreply_route */
	unsigned cancelled;              /* branches, a bit each */
	int cancel_flags, cancel_cause;
	bool nothing_to_cancel; /* it is all cancelled already */
	int replied;            /* t_reply_trans: the last status */
	/* t_request_within */
	int requests;
	bool request_fails;
	bool no_dialog;      /* new_dlg_uac fails */
	bool borrowed_freed; /* free_dlg met memory that it must not free */
	transaction_cb *answer_cb;
	void *answer_param;
	char sent[KSR_TEXT_MAX]; /* the last request, "\n" line ends */
};
extern struct ksr_tm ksr_tm;

struct ksr_sl
{
	int replies;
	int code;
	char phrase[128];
	bool fails;
};
extern struct ksr_sl ksr_sl;

/* A new transaction for that request, which becomes the current one when the
 * glue asks for one. */
struct cell *ksr_tm_new(sip_msg_t *request);
/* That of a request which is suspended, or was. */
struct cell *ksr_tm_of(const sip_msg_t *request);
/* Its branch 0 was sent there: replies are matched to it from now on. */
void ksr_tm_sent(struct cell *t, int proto, uint32_t conn);
/* An answer with that status is on its way back: callbacks run. */
void ksr_tm_answered(int status);
/* The transaction ends with that status: callbacks run, then it is freed. */
void ksr_tm_end(int status);

/* ---- usrloc ---- */

struct ksr_usrloc
{
	bool absent;
	bool unready; /* loaded too late */
	int db_mode;
	bool refuses; /* the table */
	int locks;    /* held now */
	bool update_fails;
	void (*on_write)(void); /* runs in front of each insert and update */
};
extern struct ksr_usrloc ksr_usrloc;

/* The contacts of an AOR as text, in usrloc's order, one a line: "URI
 * key=value ...". In a static buffer. */
const char *ksr_contacts(const char *aor);
/* A contact that is none of ours. */
void ksr_contact_add(const char *aor, const char *ruid);
/* Records, also those without a contact. */
size_t ksr_usrloc_records(void);

/* ---- connections ---- */

struct ksr_tcp
{
	int sends;
	uint32_t to_conn; /* of the last send */
	int to_port;
	bool reuse; /* it said: this connection or none */
	unsigned char frame[256];
	size_t frame_len;
	bool send_fails;
	int freed;  /* by tcp main, of which the last reference was handed to it */
	int cut_fd; /* what tcp main passes for the asked connection */
};
extern struct ksr_tcp ksr_tcp;

void ksr_tcp_open(uint32_t conn);
void ksr_tcp_close(uint32_t conn);
/* Another protocol, and who opened it. */
void ksr_tcp_become(uint32_t conn, int proto, bool accepted);
/* The connection whose descriptor tcp main was asked for last; 0: none. */
uint32_t ksr_tcp_asked(void);
struct socket_info *ksr_socket(void);
/* References beside those by which connections can be found. */
int ksr_tcp_refs(void);

/* ---- how loaded the node is ---- */

struct ksr_load
{
	unsigned long shm_used; /* of shm_mem_size */
	unsigned draw;          /* the next random number */
	int draws;
};
extern struct ksr_load ksr_load;

enum
{
	KSR_PROCESSES_MAX = 8
};
/* One more process of Kamailio's, as its table names it; its number is the count of those
 * before it. */
void ksr_process_add(int pid, const char *desc);
void ksr_process_ended(int i);
/* The one UDP socket that Kamailio listens on. */
void ksr_udp_listen(int fd);

/* ---- event routes ---- */

struct ksr_route
{
	const char *name; /* of the route that the script has; NULL: none */
	bool empty;       /* it is only named, and has no actions */
	bool engine;      /* there is a KEMI engine */
	bool fails, no_message;
	void (*look)(sip_msg_t *msg); /* runs inside the route */
	int runs;
	int resets;      /* of what routes leave behind: AVPs and their kin */
	const char *how; /* the last one: "route" or "kemi" */
	char callback[128];
};
extern struct ksr_route ksr_route;

/* ---- async workers ---- */

struct ksr_async
{
	int workers;
	const char *route; /* that the script has; index 1 of main_rt */
	bool push_fails;   /* the workers' queue is full */
	size_t count;
	struct _async_task *tasks[KSR_TASKS_MAX]; /* not run yet */
};
extern struct ksr_async ksr_async;

/* Runs all tasks that wait; how many. */
size_t ksr_async_run(void);

/* ---- variables ---- */

/* $wims(NAME) of that message as text, "$null", or "no such name". In a static
 * buffer. */
const char *ksr_pv(sip_msg_t *msg, const char *name);

/* ---- RPC ---- */

extern rpc_t ksr_rpc;
/* Runs a command with up to two arguments; what it answers as text, a fault
 * as "CODE text". In a static buffer. */
const char *ksr_rpc_run(const char *name, const char *arg1, const char *arg2);
/* The same with up to four; NULL behind the last one. */
const char *ksr_rpc_args(const char *name, const char *const arg[4]);
/* An argument that is neither text nor a whole number, such as 1.5: scan fails
 * as that of ctl does. */
#define KSR_RPC_ODD "1.5"

#endif
