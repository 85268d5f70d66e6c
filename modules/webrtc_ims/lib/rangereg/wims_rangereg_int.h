/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_RANGEREG_INT_H
#define WIMS_RANGEREG_INT_H

/* The bytes of a number, for hashing. */
#define WIMS_RR_PL_OF(v) ((struct wims_pl){(const char *)&(v), sizeof(v)})

/* The records of the table of range registrations and what its files offer each
 * other. Not for users of the table. */

#include "base/wims_hash.h"
#include "base/wims_ring.h"
#include "base/wims_w.h"
#include "flow/wims_heap.h"
#include "rangereg/wims_rangereg.h"

/* what a timer is a member of */
enum wims_rr_timer
{
	WIMS_RR_UNIT,
	WIMS_RR_RANGE
};

struct wims_rangereg
{
	struct wims_env env;
	struct wims_rangereg_policy policy;
	bool (*random)(void *buf, size_t n);
	struct wims_hash_key key;
	struct wims_hash ranges;    /* by canonical wildcard */
	struct wims_hash units;     /* by canonical To */
	struct wims_hash txns;      /* units by the REGISTER whose answer counts */
	struct wims_rr_range **all; /* of policy.ranges places */
	size_t count, brought, in_flight;
	struct wims_ring all_units;
	struct wims_ring ready_ranges; /* LOST or SETTLED is to be handed out */
	struct wims_ring ready_units;  /* SUBSCRIBE or UNSUBSCRIBE */
	struct wims_ring queue;        /* units that wait until fewer are in flight */
	struct wims_heap due;
	struct wims_heap asks; /* of leases */
	uint64_t last_txn;
	uint64_t generation;
	uint32_t round;    /* of reading the provisioning */
	uint32_t document; /* of the core, that is being told */
	bool leaving;
	bool giving; /* leases */
};

enum wims_rr_sent
{
	WIMS_RR_QUIET,
	WIMS_RR_REGISTER,
	WIMS_RR_LEAVE,
	WIMS_RR_REMOVE /* the Contact of a node that held the lease before */
};

enum
{
	WIMS_RR_ID_LEN = 16, /* hex digits that name a registration, or a range, to other nodes */
	WIMS_RR_PEERS = 4    /* Contacts of others that are yet to be removed, or were last */
};

/* A Contact of another node. */
struct wims_rr_peer
{
	char user[WIMS_CONTACT_USER_LEN + 1];
	char address[WIMS_RANGEREG_ADDRESS_MAX + 1];
};

/* What is known of the lease of a registration. Without leases it is ours. */
struct wims_rr_lease
{
	struct wims_timer ask; /* in rr->asks */
	char tag[WIMS_RR_ID_LEN + 1];
	enum wims_rangereg_role role;
	uint16_t holder; /* of OTHER */
	uint32_t holder_epoch;
	bool valid;     /* OURS: it has not run out */
	bool published; /* OURS: the store has our document */
	bool named;     /* ... and it names our Contact, so that a successor removes that */
	bool offers;    /* the document that was handed out last names our Contact */
	bool told;      /* what is published may name a Contact that the core has */
	bool idle;      /* the document that was handed out last says that nobody here wants it */
	bool offered;   /* ... and the store has that */
	bool follow;    /* its holder wants it, as it says: it is taken when that one is gone */
	bool earlier;   /* the holder is this node, as it was started before */
	bool by_hand;   /* to be taken from whoever has it */
	bool clean;     /* nobody wants it: taken to take it out of the core */
	bool stray;     /* our Contact may be in the core though the lease is another node's, */
	bool late;      /* ... also if that one says that it took it out */
	bool away;      /* the store did not answer when it was asked last */
	unsigned looks; /* in a row that found it free */
	int64_t until;  /* OURS */
	int64_t asked;  /* the last question of which the answer was that it is ours */
};

enum wims_rr_unit_text
{
	WIMS_RR_TO,
	WIMS_RR_TO_KEY, /* canonical; this and what follows names it */
	WIMS_RR_IMPI,
	WIMS_RR_DOMAIN,
	WIMS_RR_UNIT_TEXTS
};

/* One registration in the core. Lives while it has ranges, or there may be
 * something of it in the core. */
struct wims_rr_unit
{
	struct wims_hnode by_key, by_txn;
	struct wims_timer timer;
	struct wims_ring all, ready, queue;
	struct wims_ring ranges;
	struct wims_pl *texts;
	char *service_route; /* a block of its own, or NULL */
	size_t service_route_l;
	char contact_user[WIMS_CONTACT_USER_LEN + 1];
	char call_id[WIMS_RANGEREG_CALL_ID_LEN + 1]; /* empty: the next REGISTER makes one */
	char from_tag[WIMS_RANGEREG_TAG_LEN + 1];
	uint32_t cseq;
	uint32_t ceiling;     /* of this Call-ID: what a file has for sure; 0: none has it */
	uint32_t offered;     /* what the last file has, if it was written */
	uint32_t min_expires; /* learnt from 423 */
	uint32_t asked;       /* s, by the REGISTER in flight or the last one */
	uint64_t txn;
	enum wims_rr_sent sent; /* QUIET: none in flight */
	enum wims_rr_sent last_sent;
	int64_t answer_by;
	int64_t expires;       /* 0: not registered */
	int64_t registered_at; /* the last 200; 0: none since the start */
	int64_t refresh_at;
	int64_t again_at;   /* a REGISTER in between; WIMS_FLOW_NEVER */
	int64_t not_before; /* back-off; 0: none */
	int64_t leave_at;   /* back-off of de-REGISTERs */
	unsigned failures, leaves;
	bool own;   /* `expires` is of our own Contact, not of another node's */
	bool maybe; /* the core may have it though it never said so */
	bool doubt; /* another node took it out of the core meanwhile: that is asked again */
	bool refused;
	bool brief_tried, fresh_tried; /* the one more attempt was made */
	bool subscribed, subscribe;    /* handed out; to be handed out (again) */
	enum wims_reason last;
	int last_code;
	int64_t last_at;
	struct wims_rr_lease lease;
	size_t n_peers;
	struct wims_rr_peer peers[WIMS_RR_PEERS];
	size_t n_taken_out; /* the last ones, oldest first */
	char taken_out[WIMS_RR_PEERS][WIMS_CONTACT_USER_LEN + 1];
};

/* Who named a range as registered. */
enum wims_rr_named
{
	WIMS_RR_NOBODY,
	WIMS_RR_ANSWER, /* the 200 */
	WIMS_RR_NEWS    /* a NOTIFY */
};

enum wims_rr_range_text
{
	WIMS_RR_WILDCARD,
	WIMS_RR_WILDCARD_KEY, /* canonical */
	WIMS_RR_WWSF,
	WIMS_RR_RANGE_TEXTS
};

struct wims_rr_range
{
	struct wims_hnode by_key;
	struct wims_timer timer;
	struct wims_ring on_unit, ready;
	struct wims_rr_unit *unit;    /* NULL: removed, there for its last actions */
	struct wims_rr_range *within; /* brought by a token inside that one */
	struct wims_pl *texts;        /* a block of its own */
	size_t index;                 /* in rr->all */
	size_t n_brought;             /* inside this one */
	size_t members;
	uint32_t round;
	uint32_t document; /* the last one that named it */
	enum wims_range_trigger trigger;
	enum wims_rr_named named;
	bool by_pilot;
	bool used;         /* a WIC asked, or is in it; not AT_START */
	bool off;          /* by hand */
	bool elsewhere;    /* this node may not register it */
	bool heir;         /* another node follows this one */
	bool refused;      /* by a NOTIFY about this range alone */
	bool waited;       /* somebody was told to wait */
	bool good;         /* WICs may register */
	bool lost, settle; /* to be handed out */
	enum wims_rangereg_why why;
	enum wims_reason lost_outcome;
	int64_t idle_at;    /* the grace ends; WIMS_FLOW_NEVER */
	int64_t confirm_by; /* waits to be named until then; 0: does not wait */
	int64_t not_before; /* taken away by the core until then; 0 */
	char id[WIMS_RR_ID_LEN + 1];
	uint64_t life;           /* another one each time that it becomes good; 0: it is not */
	enum wims_reason theirs; /* OTHER: what WICs are told, as the holder says */
	uint32_t theirs_after;   /* s, with RANGE_UNAVAILABLE */
};

static inline struct wims_rr_range *wims_rr_on_unit(struct wims_ring *l)
{
	return WIMS_OWNER(l, struct wims_rr_range, on_unit);
}

/* wims_rangereg_list.c */
/* An identity in the form in which two are compared: escapes undone, scheme and
 * host in lower case, URI parameters behind the host dropped. *out borrows buf
 * of WIMS_RANGE_TEXT_MAX bytes. False: too long, or a bad escape. */
WIMS_MUST_CHECK bool wims_rr_key(struct wims_pl *out, char *buf, struct wims_pl text);

enum wims_rr_listed
{
	WIMS_RR_SILENT, /* there is no list */
	WIMS_RR_LISTED,
	WIMS_RR_UNLISTED,
	WIMS_RR_UNREADABLE /* too long, or bad syntax */
};
/* Is that range in P-Associated-URI? */
enum wims_rr_listed wims_rr_listed(const struct wims_rangereg_answer *a, struct wims_pl key);

/* wims_rangereg_range.c */
struct wims_rr_range *wims_rr_range_find(const struct wims_rangereg *rr, struct wims_pl wildcard);
/* Whether a WIC may register: OK, RANGE_PENDING, RANGE_UNAVAILABLE, RANGE_REFUSED. */
enum wims_reason wims_rr_outcome(const struct wims_rangereg *rr, const struct wims_rr_range *r,
								 int64_t now);
bool wims_rr_wanted(const struct wims_rangereg *rr, const struct wims_rr_unit *u);
bool wims_rr_range_wanted(const struct wims_rr_range *r);
/* A WIC asked for it, or it was done by hand. */
void wims_rr_use(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now);
/* Its last member has gone. */
void wims_rr_left(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now);
void wims_rr_range_review(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now,
						  enum wims_rangereg_why why);
void wims_rr_range_due(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now);
/* From its registration, and out of the table as soon as nothing is to be said
 * of it any more. */
void wims_rr_range_remove(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now,
						  enum wims_rangereg_why why);
/* Its WICs are to end, with that outcome as far as it is one of theirs. */
void wims_rr_note_loss(struct wims_rangereg *rr, struct wims_rr_range *r, enum wims_reason is,
					   enum wims_rangereg_why why);
void wims_rr_range_settled(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now);
/* Frees it when it is removed and nothing needs it any more. */
void wims_rr_range_collect(struct wims_rangereg *rr, struct wims_rr_range *r);
void wims_rr_range_free(struct wims_rangereg *rr, struct wims_rr_range *r);

/* wims_rangereg.c */
/* Makes it, with its registration if that is not there. As wims_rangereg_add. */
WIMS_MUST_CHECK enum wims_reason wims_rr_range_make(struct wims_rangereg *rr,
													const struct wims_rangereg_in *in,
													struct wims_rr_range **out, int64_t now);
/* A token brought it, inside that one; NULL: no token did. */
void wims_rr_range_within(struct wims_rangereg *rr, struct wims_rr_range *r,
						  struct wims_rr_range *within);

/* wims_rangereg_unit.c */
bool wims_rr_unit_is(const struct wims_rr_unit *u, const struct wims_pl texts[WIMS_RR_UNIT_TEXTS]);
/* The next registration of that To, whatever its IMPI; NULL begins, and ends. */
struct wims_rr_unit *wims_rr_unit_next(const struct wims_rangereg *rr, struct wims_pl to_key,
									   const struct wims_rr_unit *after);
/* The registration of these texts, made if it is not there. NULL: no memory, or
 * no randomness. */
struct wims_rr_unit *wims_rr_unit_for(struct wims_rangereg *rr,
									  const struct wims_pl texts[WIMS_RR_UNIT_TEXTS]);
/* What a change of it means to its ranges, its timer and itself, which may be
 * freed by this. why: if that is a loss. */
void wims_rr_review(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
					enum wims_rangereg_why why);
/* Its timer fired. True: out is SEND. */
WIMS_MUST_CHECK bool wims_rr_unit_due(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
									  struct wims_rangereg_action *out);
/* When it sends next, WIMS_FLOW_NEVER. */
int64_t wims_rr_send_at(const struct wims_rangereg *rr, const struct wims_rr_unit *u);
/* Has the core a Contact of it that this node answers for? */
bool wims_rr_in_core(const struct wims_rr_unit *u);
void wims_rr_unit_free(struct wims_rangereg *rr, struct wims_rr_unit *u);

/* wims_rangereg_answer.c */
/* 0 <= n < below; 0 when there is no chance. */
int64_t wims_rr_chance(struct wims_rangereg *rr, int64_t below);
/* Keeps the Service-Route. What cannot be kept is as if the core had sent none:
 * requests go to the next hop on Mw then. */
void wims_rr_take_route(struct wims_rangereg *rr, struct wims_rr_unit *u, struct wims_pl route);
/* ms to wait after the failures so far: half of it is chance. */
int64_t wims_rr_back_off(struct wims_rangereg *rr, unsigned failures);
/* ms to wait for that Retry-After (s, not negative). */
int64_t wims_rr_retry_wait(struct wims_rangereg *rr, int64_t retry_after);
/* The core does not want it; a long wait follows. */
void wims_rr_refused(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now);
/* An attempt has failed, with that Retry-After (s, -1: none). */
void wims_rr_failed(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now,
					int64_t retry_after);
void wims_rr_no_answer(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now);
/* Registered until then: when is it refreshed (TS 24.229 5.1.1.4.1)? */
void wims_rr_registered(struct wims_rr_unit *u, int64_t now, int64_t expires);
/* Not registered any more: none of its ranges is named. */
void wims_rr_unregistered(struct wims_rr_unit *u);
/* That Contact of another node is done with; gone: the core has it no more. */
void wims_rr_peer_done(struct wims_rangereg *rr, struct wims_rr_unit *u, bool gone);

/* wims_rangereg_news.c */
/* A NOTIFY names it as registered; while its registration is. */
void wims_rr_name(struct wims_rr_range *r);

/* wims_rangereg_lease.c */
/* A new registration: the store is asked at once. False: no digest. */
WIMS_MUST_CHECK bool wims_rr_lease_init(struct wims_rangereg *rr, struct wims_rr_unit *u);
/* The first digits of the SHA-256 of these texts. */
WIMS_MUST_CHECK bool wims_rr_id(char id[WIMS_RR_ID_LEN + 1], const struct wims_pl *texts, size_t n);
/* May it be registered by this node now? */
bool wims_rr_holds(const struct wims_rr_unit *u);
/* May what nobody wants here leave the core? With leases others are asked first. */
bool wims_rr_may_leave(const struct wims_rangereg *rr, const struct wims_rr_unit *u);
/* May this node not register it ("nodes" of the provisioning)? */
bool wims_rr_elsewhere(const struct wims_rr_unit *u);
/* Does another node follow, when this one stops? */
bool wims_rr_has_heir(const struct wims_rr_unit *u);
/* The store is asked by then at the latest. */
void wims_rr_ask_by(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t at);
/* The store is asked when a lease with so much left is over, or soon if that is now. */
void wims_rr_ask_at_end(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t left_ms,
						int64_t now);
/* What is to be registered is published at once. */
void wims_rr_lease_review(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now);
/* By order of the operator: this node takes it. */
void wims_rr_take_by_hand(struct wims_rangereg *rr, struct wims_rr_unit *u, int64_t now);
/* Is a piece of a NOTIFY to be believed? With leases the holder speaks for all, and
 * as long as there are other Contacts the end of ours is not the end of the range:
 * a successor takes it out. */
bool wims_rr_heeds(struct wims_rangereg *rr, struct wims_rr_unit *u,
				   const struct wims_reginfo_news *news, int64_t now);

/* wims_rangereg_doc.c */
struct wims_rr_doc
{
	struct wims_pl user, address; /* of the holder's Contact */
	bool in_core;                 /* the core may have it */
	int64_t left_ms;              /* 0: not registered */
	struct wims_pl route;
	struct wims_pl peers, taken_out, ranges; /* lines, for the three below */
};
struct wims_rr_doc_range
{
	struct wims_pl id;
	bool off;
	bool idle; /* OK, and nobody at its holder wants it */
	enum wims_reason is;
	uint32_t after; /* s */
	uint64_t life;
};
/* False: it is none, and out is zeroed. Slices borrow text. */
WIMS_MUST_CHECK bool wims_rr_doc_read(struct wims_rr_doc *d, struct wims_pl text);
/* The next line of d->peers, of d->taken_out, or of d->ranges; false at the end. */
WIMS_MUST_CHECK bool wims_rr_doc_peer(struct wims_pl *rest, struct wims_pl *user,
									  struct wims_pl *address);
WIMS_MUST_CHECK bool wims_rr_doc_taken_out(struct wims_pl *rest, struct wims_pl *user);
WIMS_MUST_CHECK bool wims_rr_doc_next(struct wims_pl *rest, struct wims_rr_doc_range *r);
/* True: it says that the core may have our Contact. Ranges for which there is no
 * room are left out. */
bool wims_rr_doc_write(const struct wims_rangereg *rr, const struct wims_rr_unit *u, int64_t now,
					   struct wims_w *w);

/* wims_rangereg_text.c */
/* Fields between TABs, exactly n of them. */
WIMS_MUST_CHECK bool wims_rr_split(struct wims_pl line, struct wims_pl *field, size_t n);
/* One spelling of a number: no zero in front. */
WIMS_MUST_CHECK bool wims_rr_number(int64_t *out, struct wims_pl text, int64_t max);
/* So many digits of 0-9a-f. */
bool wims_rr_is_hex(struct wims_pl s, size_t digits);
void wims_rr_put_number(struct wims_w *w, int64_t n);
void wims_rr_put_text(struct wims_w *w, struct wims_pl s);

/* wims_rangereg_view.c */
uint32_t wims_rr_seconds_until(int64_t then, int64_t now);
uint32_t wims_rr_retry_after(const struct wims_rangereg *rr, const struct wims_rr_range *r,
							 int64_t now);
void wims_rr_show(const struct wims_rangereg *rr, const struct wims_rr_range *r, int64_t now,
				  struct wims_rangereg_view *view);

#endif
