/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_REGSUB_INT_H
#define WIMS_REGSUB_INT_H

/* Shared by the files of the subscriptions alone. */

#include "base/wims_hash.h"
#include "base/wims_ring.h"
#include "base/wims_w.h"
#include "flow/wims_heap.h"
#include "regevent/wims_regsub.h"

struct wims_regsubs
{
	struct wims_env env;
	struct wims_regsub_policy policy;
	bool (*random)(void *buf, size_t n);
	struct wims_hash_key key;
	struct wims_hash by_identity;
	struct wims_hash by_call_id; /* of those that have, or ask for, a dialog */
	struct wims_hash by_txn;
	struct wims_heap due;
	struct wims_ring all;
	size_t active;
	uint64_t last_txn;
};

struct wims_regsub
{
	struct wims_hnode by_identity, by_call_id, by_txn;
	struct wims_ring in_all;
	struct wims_timer timer;
	enum wims_regsub_state state;
	uint8_t wanted; /* enum wims_regsub_for set */
	char *identity;
	char *uri;            /* the identity as a Request-URI */
	uint32_t expires;     /* of the registration */
	uint32_t min_expires; /* learnt from a 423; 0: none */

	/* the dialog; remote_tag NULL: not known yet */
	char call_id[WIMS_REGSUB_CALL_ID_LEN + 1];
	char tag[WIMS_REGSUB_TAG_LEN + 1];
	char *remote_tag, *target, *routes;
	uint32_t cseq;
	bool notified; /* there was a NOTIFY, with that CSeq */
	uint32_t notify_cseq;
	bool has_version;
	uint32_t version;
	bool gap;       /* a document is missing, or could not be read */
	bool asked_all; /* a SUBSCRIBE went out since that, for the whole state */

	uint64_t txn; /* SUBSCRIBE under way; 0: none */
	uint32_t asked;
	int64_t sent;
	int64_t expires_at; /* ACTIVE, in the core */
	int64_t refresh_at; /* ACTIVE */
	int64_t notify_by;  /* ACTIVE: a NOTIFY, or a whole document, must come */
	int64_t next;       /* WAITING: next attempt; LEAVING: goodbye, or end */
	bool goodbye;       /* LEAVING: it was said */

	unsigned failures;
	unsigned quick;   /* SUBSCRIBEs in a row that soon followed one which did not fail */
	int64_t earliest; /* of the next one, by that */
	int last_code;
	char ended[WIMS_REGSUB_REASON_MAX + 1];
	uint32_t notifies;
};

static inline uint32_t wims_regsub_hash(const struct wims_regsubs *rs, struct wims_pl name)
{
	return wims_hash_slices(&rs->key, &name, 1);
}

void wims_regsub_arm(struct wims_regsubs *rs, struct wims_regsub *s);
void wims_regsub_state(struct wims_regsubs *rs, struct wims_regsub *s,
					   enum wims_regsub_state state);
/* The dialog is over: nothing that comes in it counts. */
void wims_regsub_forget(struct wims_regsubs *rs, struct wims_regsub *s);
/* Without a dialog: tried anew after that time, or removed when nobody wants it;
 * s may be gone then. */
void wims_regsub_again(struct wims_regsubs *rs, struct wims_regsub *s, int64_t at);
void wims_regsub_leave(struct wims_regsubs *rs, struct wims_regsub *s, int64_t now);
/* Learns tag, target and route set of the dialog. False: no memory, and nothing
 * has changed. */
WIMS_MUST_CHECK bool wims_regsub_learn(struct wims_regsubs *rs, struct wims_regsub *s,
									   struct wims_pl tag, struct wims_pl contact,
									   struct wims_pl routes);
/* Another target of a dialog; an empty one, or no memory, changes nothing. */
void wims_regsub_retarget(struct wims_regsubs *rs, struct wims_regsub *s, struct wims_pl contact);
/* A SUBSCRIBE goes out. A core that ends each subscription as soon as it is
 * there, or grants next to nothing, is not asked in a circle. */
void wims_regsub_pace(struct wims_regsubs *rs, struct wims_regsub *s, int64_t now);
void wims_regsub_refresh_at(struct wims_regsub *s, int64_t at);
/* The subscription ends in so many seconds. */
void wims_regsub_lasts(struct wims_regsubs *rs, struct wims_regsub *s, int64_t seconds,
					   int64_t now);
/* One more failure: how long to wait. retry_after: s; -1: not said. */
int64_t wims_regsub_back_off(struct wims_regsubs *rs, struct wims_regsub *s, int64_t retry_after);
/* About as long as after many failures. */
int64_t wims_regsub_long_wait(struct wims_regsubs *rs);
struct wims_regsub *wims_regsub_of_call(struct wims_regsubs *rs, struct wims_pl call_id);
/* No SUBSCRIBE is under way any more. */
void wims_regsub_settle(struct wims_regsubs *rs, struct wims_regsub *s);
/* The answer to the SUBSCRIBE that was under way; s may be gone then. */
void wims_regsub_take_answer(struct wims_regsubs *rs, struct wims_regsub *s,
							 const struct wims_regsub_answer *answer, int64_t now);

#endif
