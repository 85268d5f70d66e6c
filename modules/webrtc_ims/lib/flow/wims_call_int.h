/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_CALL_INT_H
#define WIMS_CALL_INT_H

/* Calls and media sessions in the flow table: their records, and what its files offer
 * each other. Not for users of the table. */

#include "flow/wims_flow_int.h"
#include "flow/wims_flow_media.h"

enum wims_call_text
{
	WIMS_CALL_CALL_ID,
	WIMS_CALL_WIC_TAG,
	WIMS_CALL_CORE_TAG,
	WIMS_CALL_WIC_URI,
	WIMS_CALL_CORE_URI,
	WIMS_CALL_CHARGING,
	WIMS_CALL_CORE_TARGET,
	WIMS_CALL_CORE_ROUTES,
	WIMS_CALL_LAST_TARGET, /* the one before */
	WIMS_CALL_HOP,         /* next hops */
	WIMS_CALL_TEXTS = WIMS_CALL_HOP + WIMS_NEXT_HOPS_MAX
};

/* A transaction that may still answer a call, of which nobody was told that its WIC
 * is lost. */
struct wims_opening
{
	struct wims_ring on_call;
	uint64_t txn;
};

struct wims_call
{
	struct wims_hnode by_id;
	struct wims_hnode by_dialog;
	struct wims_hnode by_home; /* in it once the call has moved */
	struct wims_hnode by_lost;
	struct wims_timer timer; /* armed: its connection is lost, and something follows */
	struct wims_ring on_conn;
	struct wims_ring openings;
	struct wims_conn *conn; /* NULL: lost */
	struct wims_pl *texts;  /* a block of its own */
	uint64_t id;
	uint64_t opening; /* the call that the opening request began: itself, or the one it is beside */
	uint32_t conn_id; /* that it is on, or lost */
	uint32_t home;    /* that its Record-Route names */
	uint32_t wic_cseq;
	uint32_t opens;   /* transactions that may still settle it */
	uint8_t next_hop; /* the one to be overwritten next */
	bool invite;
	bool wic_is_caller;
	bool confirmed;
	bool ended; /* found no more; waits to be settled */
	bool emergency;
	bool anchored;            /* it has a media session, or had one */
	struct wims_media *media; /* NULL: none, or none any more */
	struct wims_ring on_media;
};

/* What the media relay knows of a call. */
struct wims_media
{
	struct wims_timer timer; /* armed: over, to be handed out */
	struct wims_ring all;
	struct wims_ring calls;
	uint64_t id;
	bool late_offer; /* an answer carried the offer, and nobody has answered it */
};

static inline struct wims_pl wims_call_caller_tag(const struct wims_call *call)
{
	return call->texts[call->wic_is_caller ? WIMS_CALL_WIC_TAG : WIMS_CALL_CORE_TAG];
}

static inline struct wims_pl wims_call_callee_tag(const struct wims_call *call)
{
	return call->texts[call->wic_is_caller ? WIMS_CALL_CORE_TAG : WIMS_CALL_WIC_TAG];
}

/* wims_call_move.c */
/* What was registered over the connection `left` is registered over c now: the
 * confirmed calls of left go on over c; none when c may not have so many. A
 * connection that is not lost keeps its calls while anything else is registered
 * over it. */
void wims_calls_follow(struct wims_flows *fs, uint32_t left, struct wims_conn *c);

/* wims_call.c */
extern const uint16_t wims_call_max[WIMS_CALL_HOP]; /* bytes of each text */
/* The hash in fs->lost. */
uint32_t wims_hash_of_lost(const struct wims_flows *fs, uint32_t conn);
/* A confirmed call goes on over c. */
void wims_call_move(struct wims_flows *fs, struct wims_call *call, struct wims_conn *c);
/* A call on that connection, of the kind, side and opening request of like.
 * LIMIT_REACHED, NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_call_new(struct wims_flows *fs, struct wims_conn *c,
											   const struct wims_call *like,
											   const struct wims_pl texts[WIMS_CALL_TEXTS],
											   struct wims_call **out);
struct wims_call *wims_call_of_id(const struct wims_flows *fs, uint64_t id);
/* The next call of that connection and Call-ID; NULL to begin. */
struct wims_call *wims_call_next(const struct wims_flows *fs, uint32_t conn, struct wims_pl call_id,
								 const struct wims_call *after);
/* As wims_call_learn. */
WIMS_MUST_CHECK enum wims_reason wims_call_update(struct wims_flows *fs, struct wims_call *call,
												  const struct wims_call_news *news);
/* Replaces the texts of the call as a whole, so that nothing is half done when
 * there is no memory. */
WIMS_MUST_CHECK enum wims_reason wims_call_store(struct wims_flows *fs, struct wims_call *call,
												 const struct wims_pl texts[WIMS_CALL_TEXTS]);
/* Is one of the calls of that connection an INVITE dialog that was answered? */
bool wims_call_established(const struct wims_conn *c);
/* How many of them are emergency calls that go on? */
size_t wims_call_emergencies(const struct wims_conn *c);
void wims_call_lost(struct wims_flows *fs, struct wims_call *call, int64_t now, int64_t grace);
/* The next transaction of a lost early call to be told of; false: no more. */
bool wims_call_give_up(struct wims_flows *fs, struct wims_call *call, uint64_t *txn);
/* The next call of that Call-ID that is on that connection, then the next one that
 * began there and has moved; NULL to begin. */
struct wims_call *wims_call_begun_next(const struct wims_flows *fs, uint32_t home,
									   struct wims_pl call_id, const struct wims_call *after);
void wims_call_remove(struct wims_flows *fs, struct wims_call *call);
void wims_call_free(struct wims_flows *fs, struct wims_call *call);
void wims_call_show(const struct wims_call *call, struct wims_call_view *view);

/* wims_flow_media.c */
void wims_media_join(struct wims_media *m, struct wims_call *call);
/* With the last call that leaves it, it is over. */
void wims_media_leave(struct wims_flows *fs, struct wims_call *call);
/* Frees it; its id. */
uint64_t wims_media_remove(struct wims_flows *fs, struct wims_media *m);

#endif
