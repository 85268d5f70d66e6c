/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WL_WIC_H
#define WL_WIC_H

/* The WICs: each a connection, a WebSocket on it and a registration over
 * that. WIC number i is user number i. Only commands make one do anything;
 * what the server does to it by itself is noted. */

#include "job.h"
#include "link.h"
#include "ring.h"
#include "sip.h"
#include "ws.h"

enum wl_state
{
	WL_CLOSED,     /* never connected, or gone before it was registered */
	WL_OPEN,       /* a WebSocket, not registered */
	WL_REGISTERED, /* by an answer 200 that has not run out */
	WL_LOST,       /* was registered, and its connection has gone */
	WL_STATES
};

/* What a WIC is waiting for; one thing at a time. */
enum wl_wait
{
	WL_WAIT_NONE,
	WL_WAIT_UPGRADE, /* connection, TLS, upgrade */
	WL_WAIT_ANSWER   /* of a REGISTER */
};

struct wl_wic;

/* How a wait ended: ok with status 200 (answer) or 0 (upgrade); else why is
 * one word, or status that of the refusal with its Retry-After. */
struct wl_outcome
{
	bool ok;
	const char *why;
	unsigned status;
	int64_t retry_after;
};

/* Who began a wait is told of its end, once. due is what was handed in. */
typedef void (*wl_wic_done)(struct wl_wic *w, struct wl_job *job, int64_t due,
							const struct wl_outcome *o);

struct wl_wic
{
	struct wl_link link;
	struct wl_load *load;
	struct wl_node node; /* in the ring of its state, or of those who wait */
	unsigned number;
	enum wl_state state;
	enum wl_wait wait;
	bool silent; /* reads, and sends nothing any more */
	/* the wait */
	wl_wic_done done;
	struct wl_job *job;
	int64_t due, deadline;
	unsigned wished; /* Expires of the REGISTER */
	/* this connection */
	uint64_t id; /* fresh for each: names its host, Call-ID and tags */
	uint32_t cseq;
	char key[WL_WS_KEY_SIZE];
	struct wl_ws ws;
	char *service_route; /* NULL: none */
	/* the WIC */
	unsigned registers; /* so far: which token is next */
	int64_t until;      /* wl_now() until which it is registered; 0: it is not */
	int64_t missed;     /* wl_now() of the first Ping that it left without a Pong; 0: none */
	int64_t sent;       /* wl_now() when it last sent anything */
	/* coming back (verb back) */
	struct wl_job *back; /* NULL: none has it */
	int64_t arrived;     /* wl_now() when it was registered by that */
	struct ev_timer again;
	unsigned attempts;
};

enum
{
	WL_CLOSE_CODES = 16 /* that are told apart */
};

/* All WICs and where they are. */
struct wl_wics
{
	struct wl_wic *at;
	unsigned count;
	struct wl_ring idle[WL_STATES]; /* by state, those who wait for nothing */
	struct wl_ring waiting;         /* the longest first */
	struct ev_timer tick;
	unsigned ping_next;   /* the next WIC that sends a Ping, */
	double ping_due;      /* and how many are due */
	unsigned expire_next; /* likewise of those that are looked at */
	double expire_due;
	uint64_t messages;               /* that came */
	uint64_t sent, granted, refused; /* REGISTERs, and answers to them in time */
	/* connections that the server ended by itself, by close code */
	struct
	{
		unsigned code;
		uint64_t n;
	} closes[WL_CLOSE_CODES];
};

/* One WIC for each user. false: no memory. */
bool wl_wics_open(struct wl_load *load);
void wl_wics_close(struct wl_load *load);

/* One that is in that state and waits for nothing: the one that was used the
 * longest ago. NULL: there is none. */
struct wl_wic *wl_wics_idle(const struct wl_wics *wics, enum wl_state state);

/* ---- waits: the WIC waits for nothing when they are called ---- */

/* Connects and upgrades. Afterwards WL_OPEN, or what it was before. */
void wl_wic_open(struct wl_wic *w, wl_wic_done done, struct wl_job *job, int64_t due);
/* REGISTER; expires 0: for the end of it. */
void wl_wic_register(struct wl_wic *w, unsigned expires, wl_wic_done done, struct wl_job *job,
					 int64_t due);

/* Tells the job: the usual `done`. */
void wl_wic_tell_job(struct wl_wic *w, struct wl_job *job, int64_t due, const struct wl_outcome *o);

/* ---- the end ---- */

/* Its connection ends, from this side; a registered WIC is WL_LOST then. It
 * waits for nothing. */
void wl_wic_lose(struct wl_wic *w, enum wl_end end);
/* The same, but that the connection stays and nothing is sent over it. */
void wl_wic_silence(struct wl_wic *w);

/* ---- for calls ---- */

/* Registered, connected and not silent, whether or not it waits. */
bool wl_wic_live(const struct wl_wic *w);
/* A SIP message over its WebSocket. */
void wl_wic_send(struct wl_wic *w, struct wl_str message);

enum
{
	WL_WIC_TEXT = 64 /* room for each of these texts, with a NUL */
};

/* Names of this WIC in SIP: host for Via, URI for Contact. */
struct wl_str wl_wic_host(const struct wl_wic *w, char text[WL_WIC_TEXT]);
struct wl_str wl_wic_contact(const struct wl_wic *w, char text[WL_WIC_TEXT]);

#endif
