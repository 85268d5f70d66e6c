/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FLOW_INT_H
#define WIMS_FLOW_INT_H

/* The records of the flow table and what its files offer each other; calls and their
 * media have theirs (wims_call_int.h). Not for users of the table. */

#include "base/wims_bucket.h"
#include "base/wims_w.h"
#include "flow/wims_flow.h"
#include "base/wims_hash.h"
#include "flow/wims_heap.h"
#include "base/wims_ring.h"
#include "base/wims_texts.h"

enum
{
	WIMS_INDEXES = WIMS_BY_JTI + 1,
	/* open REGISTER transactions of a connection: so many for each binding
	 * that it may have */
	WIMS_PENDING_FACTOR = 4,
	WIMS_CLOSE_TEXT_MAX = 123,     /* RFC 6455 5.5: 125 bytes with the code */
	WIMS_CLOSE_UNREGISTERED = 1008 /* RFC 6455 7.4.1: policy */
};

/* what a timer is a member of */
enum wims_timer_kind
{
	WIMS_TIMER_CONN,
	WIMS_TIMER_BINDING,
	WIMS_TIMER_CALL,
	WIMS_TIMER_PENDING,
	WIMS_TIMER_MEDIA
};

struct wims_flows
{
	struct wims_env env;
	struct wims_flow_limits limits;
	bool (*random)(void *buf, size_t n);
	struct wims_hash_key key;
	struct wims_hash conns;    /* by id */
	struct wims_hash peers;    /* by name */
	struct wims_hash bindings; /* by (impi, impu, device) */
	struct wims_hash contacts; /* bindings by contact user */
	struct wims_hash index[WIMS_INDEXES];
	struct wims_hash pendings; /* by txn */
	struct wims_hash calls;    /* by id */
	struct wims_hash dialogs;  /* calls by (conn, Call-ID) */
	struct wims_hash homes;    /* those that moved, by (first conn, Call-ID) */
	struct wims_hash lost;     /* those without a connection, by that which they lost */
	struct wims_hash commons;  /* by text */
	struct wims_heap due;
	size_t closing, registered, waiting; /* connections; bindings */
	uint64_t last_call;
	struct wims_ring medias;
	size_t n_medias;
	uint64_t last_media;
};

enum wims_conn_state
{
	WIMS_CONN_OPEN,
	WIMS_CONN_CLOSE_DUE, /* CLOSE not yet handed out */
	WIMS_CONN_CUT_DUE,
	WIMS_CONN_CUT
};

enum wims_conn_text
{
	WIMS_CONN_ORIGIN,
	WIMS_CONN_WWSF,
	WIMS_CONN_TEXTS
};

/* Lives while it has a connection. */
struct wims_peer
{
	struct wims_hnode by_name;
	struct wims_pl *texts; /* its name */
	size_t count;          /* connections */
};

struct wims_conn
{
	struct wims_hnode by_id;
	struct wims_timer timer; /* open: nothing registered; closing: next step */
	struct wims_ring bindings, calls, pendings;
	size_t n_bindings, n_calls, n_pendings;
	size_t n_slots; /* bindings that open transactions may add */
	int64_t opened, heard, idle_since, close_at;
	int64_t dereg_grace, dialog_grace_lost, dialog_grace_silent;
	struct wims_pl *texts;
	struct wims_peer *peer; /* NULL: not counted */
	/* Whose connection this is. Claimed by the first transaction, given back
	 * when that fails, fixed by the first commit. */
	char *subject;
	size_t subject_l;
	char *aka_nonce; /* of the last challenge; NULL: none for AKAv2-SHA-256 */
	size_t aka_nonce_l;
	uint32_t challenges; /* since the last registration */
	uint8_t patience;    /* how often it was made to wait since then */
	bool by_core;        /* the subject is an IMPI that the core authenticates */
	char *close_text;    /* NUL at its end, or NULL */
	uint32_t id;
	uint16_t close_code;
	enum wims_conn_state state;
	bool registered; /* the subject is fixed */
	bool calls_outlive_token;
	struct wims_bucket served, refused; /* requests */
	struct wims_bucket urgent, helped;  /* those for help, and within emergency calls */
	struct wims_bucket messages;        /* whatever they are */
	struct wims_bucket beyond;          /* beside an emergency call */
	bool had_emergency;                 /* some time an emergency call was made over it */
	/* its last binding ended with its token of this exp: closed as soon as
	 * nothing keeps it open */
	bool token_over;
	int64_t over_exp;
};

struct wims_binding;

/* A place of a registration in one of the indexes; links[i] is that of
 * texts[WIMS_REG_SUBJECT + i]. */
struct wims_reg_link
{
	struct wims_hnode node;
	struct wims_binding *owner;
};

/* A text that many registrations have in common, held once. */
struct wims_common
{
	struct wims_hnode by_text;
	struct wims_ring bindings; /* of a range: those registered in it, not given up */
	size_t n_bindings;
	size_t refs;
	size_t l;
	char text[];
};

static inline struct wims_pl wims_common_text(const struct wims_common *c)
{
	return c == NULL ? WIMS_PL_NONE : (struct wims_pl){c->text, c->l};
}

enum wims_reg_common
{
	WIMS_REG_WWSF,
	WIMS_REG_DOMAIN,
	WIMS_REG_RANGE,
	WIMS_REG_CONVEYED,
	WIMS_REG_SERVICE_ROUTE, /* this and what follows comes with the answer */
	WIMS_REG_CHARGING_ADDRESSES,
	WIMS_REG_TERM_IOI,
	WIMS_REG_COMMONS
};

enum wims_reg_text
{
	WIMS_REG_WIC_CONTACT,
	WIMS_REG_CALL_ID,
	WIMS_REG_OWNER,
	WIMS_REG_SUBJECT, /* this and what follows is indexed: links[] */
	WIMS_REG_JTI,
	WIMS_REG_IMPU, /* associated ones, then that of the request if not among them */
	WIMS_REG_TEXTS = WIMS_REG_IMPU + WIMS_ASSOCIATED_MAX + 1
};

/* What one REGISTER brought; replaced as a whole by the next one. */
struct wims_reg
{
	int64_t expires, core_expires, token_exp, token_end; /* expires <= token_end */
	int64_t token_iat, since;
	int64_t remind; /* when a WIC that has not registered anew is made to; 0: never */
	struct wims_common *common[WIMS_REG_COMMONS]; /* NULL: empty */
	struct wims_pl *texts;
	uint32_t cseq;
	uint16_t n_associated;
	uint16_t n_links;
	struct wims_reg_link links[];
};

enum wims_binding_text
{
	WIMS_BINDING_IMPI,
	WIMS_BINDING_IMPU,
	WIMS_BINDING_DEVICE, /* +sip.instance, or the WIC's Contact URI */
	WIMS_BINDING_TEXTS
};

/* What two bindings with the same texts may differ in. */
enum wims_binding_kind
{
	WIMS_BINDING_BY_INSTANCE = 1, /* DEVICE is +sip.instance */
	WIMS_BINDING_BY_CORE = 2      /* authenticated by the core */
};

/* No two bindings have the same. Those that differ in reg_id alone are flows of one
 * instance (RFC 5626 4.2), and lie side by side in the table. */
struct wims_binding_key
{
	struct wims_pl texts[WIMS_BINDING_TEXTS];
	uint32_t reg_id; /* 0: none */
	uint8_t kind;    /* enum wims_binding_kind set */
};

/* Lives while it has a registration or an open transaction.
 *   reg NULL      reserved by its first transaction
 *   conn set      registered over that connection
 *   conn NULL     waits for a connection that takes it over
 *   ending        given up: to be de-registered, found by nobody any more */
struct wims_binding
{
	struct wims_hnode by_key, by_contact;
	/* armed: has reg and no open transaction; with such as bring no fresher
	 * token, for the end of its own */
	struct wims_timer timer;
	struct wims_ring on_conn;
	struct wims_ring pendings;
	struct wims_ring in_range;
	struct wims_common *range; /* it is counted there; NULL: in none */
	struct wims_conn *conn;
	struct wims_reg *reg;
	int64_t due; /* of its end: de-REGISTER, or its contact is removed */
	struct wims_pl *texts;
	uint32_t reg_id; /* this, texts and kind as in its key */
	uint8_t kind;
	bool ending;
	bool token_over;   /* ending because its token is over */
	uint32_t ended_on; /* connection that it was on then */
	uint32_t left;     /* connection that it was on before; 0: none */
	char contact_user[WIMS_CONTACT_USER_LEN + 1];
};

/* An open REGISTER transaction. */
struct wims_pending
{
	struct wims_hnode by_txn;
	struct wims_timer timer; /* armed: when its end is overdue */
	struct wims_ring on_conn, on_binding;
	struct wims_conn *conn; /* NULL: lost meanwhile */
	struct wims_binding *binding;
	struct wims_reg *reg; /* as requested; NULL: it removes */
	uint64_t txn;
	int64_t dereg_grace;
	bool slot; /* counted in conn->n_slots */
	bool remove_all;
	bool challenged; /* nothing comes of it any more */
};

/* The bytes of a number, for hashing. */
#define WIMS_PL_OF(v) ((struct wims_pl){(const char *)&(v), sizeof(v)})

/* wims_conn.c */
struct wims_conn *wims_conn_find(const struct wims_flows *fs, uint32_t id);
/* Is it there, and open? NULL: FLOW_UNKNOWN; FLOW_CLOSING. */
WIMS_MUST_CHECK enum wims_reason wims_conn_check(const struct wims_conn *c);
void wims_conn_free(struct wims_flows *fs, struct wims_conn *c);
/* Its timer after bindings or open transactions of it came or went. */
void wims_conn_review(struct wims_flows *fs, struct wims_conn *c);
/* Its timer fired. True: out holds CLOSE or CUT. */
bool wims_conn_due(struct wims_flows *fs, struct wims_conn *c, int64_t now,
				   struct wims_action *out);
/* What is registered over it and its calls end at once, and it is closed. */
void wims_conn_end(struct wims_flows *fs, struct wims_conn *c, enum wims_reason why, int64_t now);
/* The same with another text than the name of why. */
void wims_conn_end_saying(struct wims_flows *fs, struct wims_conn *c, enum wims_reason why,
						  struct wims_pl text, int64_t now);
/* Its last binding ended with a token of that exp. */
void wims_conn_token_over(struct wims_flows *fs, struct wims_conn *c, int64_t exp, int64_t now);

/* wims_flow_subject.c */
/* May that REGISTER come over c? SUBJECT_MISMATCH, SCHEME_CHANGED. */
WIMS_MUST_CHECK enum wims_reason wims_subject_check(const struct wims_conn *c,
													const struct wims_binding_in *in);
/* From now on it is his, as far as it is anybody's. NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_subject_claim(struct wims_flows *fs, struct wims_conn *c,
													struct wims_pl subject, bool by_core);
/* A REGISTER that failed ties the connection to nobody. */
void wims_subject_unclaim(struct wims_flows *fs, struct wims_conn *c);
/* The core has accepted p, and by that said whose the connection is (scenario 1).
 * SUBJECT_MISMATCH, NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_subject_settle(struct wims_flows *fs,
													 const struct wims_pending *p);

/* wims_peer.c */
/* *out: the peer of that name with one connection more; NULL where none is
 * counted. LIMIT_REACHED, NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_peer_join(struct wims_flows *fs, struct wims_pl name,
												struct wims_peer **out);
void wims_peer_leave(struct wims_flows *fs, struct wims_peer *p); /* NULL is fine */

/* wims_common.c */
/* NULL: nobody has that text. */
struct wims_common *wims_common_find(const struct wims_flows *fs, struct wims_pl text);
/* One more reference; an empty text is NULL. False: no memory. */
WIMS_MUST_CHECK bool wims_common_get(struct wims_flows *fs, struct wims_pl text,
									 struct wims_common **out);
struct wims_common *wims_common_share(struct wims_common *c); /* NULL is fine */
void wims_common_drop(struct wims_flows *fs, struct wims_common *c);

/* wims_flow_range.c */
/* A REGISTER in a range that would be for b (NULL: a new one). LIMIT_REACHED,
 * REGISTER_LATE; OK for any other REGISTER. */
WIMS_MUST_CHECK enum wims_reason wims_range_check(const struct wims_flows *fs,
												  const struct wims_binding_in *in,
												  const struct wims_binding *b);

/* wims_reg.c */
/* associated n = 0: the IMPU of the request alone. NULL: no memory. Its common
 * texts are set by the caller, and dropped with it. */
struct wims_reg *wims_reg_new(struct wims_flows *fs, const struct wims_pl texts[WIMS_REG_IMPU],
							  struct wims_pl impu, const struct wims_pl *associated, size_t n);
void wims_reg_free(struct wims_flows *fs, struct wims_reg *reg); /* NULL is fine */
/* Into and out of the indexes. */
void wims_reg_link(struct wims_flows *fs, struct wims_reg *reg, struct wims_binding *b);
void wims_reg_unlink(struct wims_flows *fs, struct wims_reg *reg);
/* Next binding of that key; *at NULL to begin. NULL: no more. */
struct wims_binding *wims_reg_next(const struct wims_flows *fs, enum wims_index index,
								   struct wims_pl key, struct wims_reg_link **at);
/* Is impu among those that the core associated? */
bool wims_reg_has(const struct wims_reg *reg, struct wims_pl impu);

/* wims_binding.c */
struct wims_binding *wims_binding_find(const struct wims_flows *fs,
									   const struct wims_binding_key *key);
/* The next flow of that device, whatever its reg-id; NULL to begin. */
struct wims_binding *wims_binding_flow(const struct wims_flows *fs,
									   const struct wims_binding_key *key,
									   const struct wims_binding *after);
struct wims_binding *wims_binding_named(const struct wims_flows *fs, struct wims_pl contact_user);
/* Reserved, with a name of its own. NOMEM, CRYPTO_FAILED. */
WIMS_MUST_CHECK enum wims_reason wims_binding_new(struct wims_flows *fs,
												  const struct wims_binding_key *key,
												  struct wims_binding **out);
/* Takes reg in place of the one it has. */
void wims_binding_take(struct wims_flows *fs, struct wims_binding *b, struct wims_reg *reg);
/* Each of these ends in wims_binding_review. */
void wims_binding_use(struct wims_flows *fs, struct wims_binding *b, struct wims_conn *c,
					  int64_t now);
void wims_binding_wait(struct wims_flows *fs, struct wims_binding *b, int64_t now, int64_t grace);
/* Its grace is over. True: it stays for as long as it is registered, because another
 * flow of its instance lives: the WIC may open this one again (RFC 5626 4.4.1), and
 * until then the core finds the other one. */
WIMS_MUST_CHECK bool wims_binding_stays(struct wims_flows *fs, struct wims_binding *b, int64_t now);
void wims_binding_give_up(struct wims_flows *fs, struct wims_binding *b, int64_t now);
void wims_binding_remove(struct wims_flows *fs, struct wims_binding *b, int64_t now);
/* Given up because its token is over. */
void wims_binding_token_over(struct wims_flows *fs, struct wims_binding *b, int64_t now);
/* Timer on or off, and freed when nothing holds it any more. */
void wims_binding_review(struct wims_flows *fs, struct wims_binding *b);

/* wims_flow_news.c */
/* When its timer is to fire next, with no REGISTER under way. */
int64_t wims_binding_next_due(const struct wims_binding *b);
/* Is it time to make its WIC register anew? Then that is done. */
WIMS_MUST_CHECK bool wims_binding_reminded(struct wims_flows *fs, struct wims_binding *b,
										   int64_t now);

/* wims_lookup.c */
void wims_binding_show(const struct wims_binding *b, struct wims_binding_view *view);

/* wims_pending.c */
struct wims_pending *wims_pending_find(const struct wims_flows *fs, uint64_t txn);
/* Which of b's transactions on c counts against the limit of c: one while c
 * does not have b. */
void wims_pending_slots(struct wims_binding *b, struct wims_conn *c);
void wims_pending_lost(struct wims_pending *p);
/* Does it register, with a token that ends later than that exp? */
bool wims_pending_fresher(const struct wims_pending *p, int64_t exp);
void wims_pending_free(struct wims_flows *fs, struct wims_pending *p);

#endif
