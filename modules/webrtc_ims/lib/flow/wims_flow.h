/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_FLOW_H
#define WIMS_FLOW_H

/* The flow table: the one truth about connections of WICs, what is registered
 * over them and which calls they take part in (TS 33.203 X.3.2.3 step 7).
 *
 *   connection  one WebSocket; its identity is Kamailio's connection id, never
 *               an address: a port may be used again, an id is not
 *   binding     one IMPU registered by one WIC instance; it outlives its
 *               connection by a grace time, so that a reloaded page takes it
 *               over
 *   call        one dialog that a connection takes part in
 *
 * The table does no locking and no I/O: its user holds one lock around every
 * call and carries out the actions that wims_flows_next_action hands out
 * after the lock is released. All results are copies. Times are milliseconds
 * of one clock that never goes back, unless a name says otherwise. */

#include "base/wims_env.h"
#include "base/wims_reason.h"
#include "sip/wims_list.h"
#include "token/wims_revoke.h"

enum
{
	WIMS_CONTACT_USER_LEN = 24, /* hex digits that name a binding to the core */
	WIMS_FLOW_TEXT_MAX = 255,   /* origin, subject, jti, instance, tag */
	WIMS_CALLID_MAX = 255,
	WIMS_CONTACT_URI_MAX = 512,
	WIMS_FLOW_CHARGING_MAX = 256, /* P-Charging-Vector */
	WIMS_CHARGING_ADDRESSES_MAX = 512,
	WIMS_ROUTES_MAX = 1500, /* Service-Route or route set, comma separated */
	WIMS_FLOW_RANGE_MAX = 768,
	WIMS_CONVEYED_MAX = 1200,  /* as wims_tna_convey writes it */
	WIMS_AKA_NONCE_MAX = 1024, /* bytes of a nonce of AKAv2-SHA-256 */
	WIMS_ASSOCIATED_MAX = 16,  /* IMPUs of one binding */
	WIMS_NEXT_HOPS_MAX = 4,    /* each call; a fifth one takes the oldest one's place */
	WIMS_FORKS_MAX = 8,        /* dialogs of one opening request */
	WIMS_TXN_MAX_MS = 180000,  /* no REGISTER transaction lasts longer */
	WIMS_EMERGENCIES_MAX = 8,  /* emergency dialogs of one connection, early ones too */
	WIMS_OPENINGS_MAX = 16,    /* transactions at once that open one call */
	/* WebSocket close codes for applications (RFC 6455 7.4.2) are this and the
	 * SIP code of the outcome */
	WIMS_CLOSE_BASE = 4000
};

/* A time that does not come. */
#define WIMS_FLOW_NEVER INT64_MAX

struct wims_flows;

struct wims_flow_limits
{
	size_t connections;          /* of the table */
	size_t connections_per_peer; /* 0: no limit */
	size_t bindings_per_conn;
	size_t calls_per_conn;
	size_t contacts_per_impu; /* of an IMPU in a range */
	int64_t unregistered_ms;  /* a connection with nothing registered is closed after this; 0: never
							   */
	int64_t cut_ms;           /* from Close frame to cut, 1500 */
};

/* random: fills n bytes, false on failure; names bindings unguessably and
 * keys the hash tables. NULL when there is no memory or no randomness. env is
 * copied, its functions must stay. */
struct wims_flows *wims_flows_new(const struct wims_env *env, const struct wims_flow_limits *limits,
								  bool (*random)(void *buf, size_t n));
void wims_flows_free(struct wims_flows *fs);

/* ---- connections ---- */

struct wims_conn_in
{
	uint32_t id;           /* not 0 */
	struct wims_pl origin; /* as the browser sent it */
	struct wims_pl wwsf;   /* name of the WWSF that the Origin belongs to */
	struct wims_pl peer;   /* whoever counts as one client, any bytes; may be empty */
	int64_t dereg_grace;
	int64_t dialog_grace_lost;
	int64_t dialog_grace_silent;
	/* a call that is confirmed when the last registration ends with its token
	 * is let finish; else it ends with the registration */
	bool calls_outlive_token;
};

struct wims_conn_view
{
	uint32_t id;
	bool closing;
	bool token_over; /* its last registration ended with its token; calls, or a
					  * REGISTER with a fresher token, keep it open */
	bool by_core;    /* the core has authenticated the subject, or is asked to */
	size_t bindings;
	size_t calls;
	int64_t opened;
	int64_t heard; /* of the last wims_flow_heard; 0: none */
	struct wims_pl origin, wwsf;
	struct wims_pl subject; /* empty before the first registration */
	char text[3 * WIMS_FLOW_TEXT_MAX];
};

/* OK, LIMIT_REACHED (of the table or of that peer; an empty one has none),
 * NOMEM, REQUEST_MALFORMED (a text over its maximum);
 * INTERNAL when the id is 0 or already there. */
WIMS_MUST_CHECK enum wims_reason wims_flow_open(struct wims_flows *fs,
												const struct wims_conn_in *in, int64_t now);
/* OK, FLOW_UNKNOWN or FLOW_CLOSING (view is filled for both OK and CLOSING;
 * view may be NULL). */
WIMS_MUST_CHECK enum wims_reason wims_flow_check(struct wims_flows *fs, uint32_t id,
												 struct wims_conn_view *view);
/* The peer has sent something, whatever it is. True: CLOSE was handed out
 * before, so it may be the answer to that. Unknown id: nothing happens. */
bool wims_flow_heard(struct wims_flows *fs, uint32_t id, int64_t now);
/* From now on every request of the connection is refused, and it takes no
 * request either. Emits CLOSE at once, CUT after limits.cut_ms; then it waits
 * for wims_flow_lost. code: WebSocket close code; text at most 123 bytes (more
 * is cut off between two characters). Its bindings are removed and the core told without
 * grace when drop_bindings. Unknown or already closing: nothing happens. */
void wims_flow_close(struct wims_flows *fs, uint32_t id, int64_t now, uint16_t code,
					 struct wims_pl text, bool drop_bindings);

enum wims_loss
{
	WIMS_LOSS_CLOSED, /* FIN or RST seen */
	WIMS_LOSS_SILENT  /* found gone by the sweep, no event seen */
};
/* ---- what the core asks (scenario 1) ---- */

/* The core has challenged a REGISTER that came over that connection, with that nonce
 * for AKAv2-SHA-256, or with an empty one: with other algorithms only. Forgets the
 * challenge before. FLOW_UNKNOWN, NOMEM, CORE_ANSWER_BAD (over its maximum): no
 * challenge is remembered then. */
WIMS_MUST_CHECK enum wims_reason wims_flow_challenged(struct wims_flows *fs, uint32_t id,
													  struct wims_pl nonce);
/* That REGISTER was answered with a challenge: whatever becomes of its transaction, it
 * registers nothing. Unknown txn: nothing happens. */
void wims_binding_challenged(struct wims_flows *fs, uint64_t txn);
/* How often the core has challenged REGISTERs of that connection since it accepted one. */
uint32_t wims_flow_challenges(const struct wims_flows *fs, uint32_t id);
/* Is that nonce, which must not be empty, the one of its last challenge for AKAv2-SHA-256? */
bool wims_flow_is_aka(const struct wims_flows *fs, uint32_t id, struct wims_pl nonce);

/* The connection is gone: removed from the table at once. Its bindings wait
 * dereg_grace for a connection that takes them over, its calls wait the
 * dialog grace of that kind of loss. Unknown id: nothing happens. */
void wims_flow_lost(struct wims_flows *fs, uint32_t id, int64_t now, enum wims_loss how);
/* The next n ids after `after` in a fixed order, 0 being in front of the first;
 * fewer at the end, none after the last. `after` need not be there any more.
 * For the sweep: in a round from 0 to the end each connection that stays is
 * met once. */
size_t wims_flow_ids(const struct wims_flows *fs, uint32_t after, uint32_t *ids, size_t n);

/* ---- bindings ---- */

struct wims_binding_in
{
	uint64_t txn; /* names this REGISTER until commit or abort */
	uint32_t conn;
	struct wims_pl wwsf;
	struct wims_pl subject; /* of the token; the IMPI in scenario 1 */
	struct wims_pl jti;
	struct wims_pl impi;
	struct wims_pl impu;        /* canonical To */
	struct wims_pl instance;    /* +sip.instance, or empty */
	uint32_t reg_id;            /* which flow of that instance; 0: none. Not read without one */
	struct wims_pl wic_contact; /* Contact URI of the WIC */
	struct wims_pl call_id;
	struct wims_pl domain; /* home domain: Request-URI of a later de-REGISTER */
	/* wildcard of the range that is registered in the core in place of the IMPU;
	 * empty: the IMPU itself is registered there. A binding with a range is known
	 * to nobody but us: its DEREG action removes its contact */
	struct wims_pl range;
	struct wims_pl owner; /* of the IMPU in the registrar; empty: whoever may have it shares it */
	/* parameters of Authorization that say who vouched for the WIC, for all REGISTERs to
	 * the core (wims_tna_convey); may be empty */
	struct wims_pl conveyed;
	uint32_t cseq;
	int64_t token_exp; /* s since the epoch; the greater one is the fresher; 0: no token */
	int64_t token_end; /* the same on the table's clock; not read without a token */
	int64_t token_iat; /* s since the epoch; 0: it does not say */
	bool remove;       /* Expires: 0 */
	bool remove_all;   /* Contact: * */
	bool by_core;      /* scenario 1: whose it is the core says by its 2xx */
};

/* Reserves the binding of (impi, impu, instance, reg_id; wic_contact stands in for an
 * empty instance): a known one keeps its contact user and is not de-registered
 * while the transaction is open, a new one gets a random one. contact_user
 * gets WIMS_CONTACT_USER_LEN hex digits and NUL. FLOW_UNKNOWN, FLOW_CLOSING,
 * SUBJECT_MISMATCH (the connection belongs to another subject), WWSF_MISMATCH
 * (to another WWSF), SCHEME_CHANGED (the connection, or what is registered for this
 * IMPI, IMPU and device, is not by_core as this REGISTER is, or the other way round),
 * NOT_REGISTERED (remove of what is not there: the caller may answer 200 at once), LIMIT_REACHED
 * (bindings, or open transactions, of the connection; contacts of an IMPU in a range, whose
 * REGISTERs the caller takes one after the other), REGISTER_LATE (in a range: a CSeq that is not
 * higher than that of this Call-ID before, RFC 3261 10.3), REQUEST_MALFORMED (a
 * text over its maximum; no IMPI, IMPU or device), INTERNAL (that txn is open already),
 * CRYPTO_FAILED, NOMEM. A transaction that nobody commits or aborts is aborted with
 * maybe_registered after WIMS_TXN_MAX_MS.
 * by_core: until the first commit a connection belongs to whoever asked last. A WIC that
 * has no credentials yet cannot say which IMPI it will have.
 * remove_all gives the contact user of one binding of that IMPI and IMPU, of
 * this connection if it has one: the REGISTER to the core names that Contact
 * alone, so that other devices of the user stay registered. */
WIMS_MUST_CHECK enum wims_reason wims_binding_begin(struct wims_flows *fs,
													const struct wims_binding_in *in, int64_t now,
													char contact_user[WIMS_CONTACT_USER_LEN + 1]);

struct wims_core_answer
{
	struct wims_pl service_route;      /* comma separated, verbatim; may be empty */
	struct wims_pl charging_addresses; /* P-Charging-Function-Addresses; may be empty */
	struct wims_pl term_ioi;           /* of P-Charging-Vector; may be empty */
	struct wims_pl associated[WIMS_ASSOCIATED_MAX]; /* canonical, core's order */
	size_t associated_count;                        /* 0: the IMPU of the request alone */
	int64_t granted_ms;                             /* to the WIC; 0: removed */
	int64_t core_granted_ms;                        /* by the core */
	int64_t since; /* of the IMPU, as a shared registrar says it; 0: nobody else is told */
};

/* The core said 2xx. The registration rests on the token of this REGISTER from
 * now on, fresher or not, and ends with it at the latest. A binding that sat on
 * another connection moves to this one, with its subject's confirmed calls there, lost or
 * not. FLOW_GONE: the connection ended meanwhile or is closing;
 * the binding then waits its grace, unless another connection has it: that one keeps it. INTERNAL:
 * no such txn. SUBJECT_MISMATCH (by_core, and another IMPI was registered over the connection
 * meanwhile), NOMEM, CORE_ANSWER_BAD (a text over its maximum): the caller answers with it and the
 * binding is de-registered (an action follows). A removal removes the binding without an action;
 * the others of a remove_all are found no more from now on and get a DEREG action each. */
WIMS_MUST_CHECK enum wims_reason wims_binding_commit(struct wims_flows *fs, uint64_t txn,
													 const struct wims_core_answer *answer,
													 int64_t now);
/* The REGISTER failed or its transaction ended. A binding that was registered
 * before stays as it was; when the core may have accepted it without our
 * knowledge (maybe_registered: time-out, lost answer) a new one is
 * de-registered. Unknown txn (also after commit): nothing happens. */
void wims_binding_abort(struct wims_flows *fs, uint64_t txn, int64_t now, bool maybe_registered);

struct wims_binding_view
{
	uint32_t conn;   /* 0: lost, in its grace */
	int64_t expires; /* when, on the table's clock */
	int64_t core_expires;
	int64_t token_exp; /* s since the epoch; 0: no token */
	int64_t token_end; /* on the table's clock, or WIMS_FLOW_NEVER */
	int64_t token_iat; /* s since the epoch; 0: it did not say */
	int64_t since;     /* as in wims_core_answer */
	uint32_t cseq;
	uint32_t reg_id; /* 0: none */
	bool by_core;    /* the core has authenticated the WIC */
	char contact_user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_pl wwsf, subject, jti, impi, impu, instance, wic_contact, service_route, call_id,
			domain, range, owner, conveyed;
	struct wims_pl charging_addresses, term_ioi; /* as in wims_core_answer */
	struct wims_pl asserted; /* the IMPU to assert: preferred if registered, else the default */
	struct wims_pl associated[WIMS_ASSOCIATED_MAX];
	size_t associated_count;
	char text[11700];
};

/* Originating: the binding of the connection to which `preferred` (canonical,
 * may be empty) belongs, else its first one. NOT_REGISTERED, FLOW_UNKNOWN,
 * FLOW_CLOSING. */
WIMS_MUST_CHECK enum wims_reason wims_binding_of_conn(struct wims_flows *fs, uint32_t conn,
													  struct wims_pl preferred, int64_t now,
													  struct wims_binding_view *view);
/* Terminating: the live binding of that contact user on that connection.
 * FLOW_GONE (no such connection, or closing), TARGET_UNREGISTERED. */
WIMS_MUST_CHECK enum wims_reason wims_binding_of_contact(struct wims_flows *fs, uint32_t conn,
														 struct wims_pl contact_user, int64_t now,
														 struct wims_binding_view *view);

enum wims_index
{
	WIMS_BY_IMPU, /* any associated IMPU */
	WIMS_BY_SUBJECT,
	WIMS_BY_JTI
};
/* Calls visit for each live or waiting binding of that key; visit returns
 * false to stop and must not change the table. The view is valid during the
 * call only. Returns the number visited. */
size_t wims_bindings_by(struct wims_flows *fs, enum wims_index index, struct wims_pl key,
						bool (*visit)(void *ctx, const struct wims_binding_view *view), void *ctx);

/* A walk over all bindings in parts, in an order that does not change: calls
 * visit, as above, for the next n live or waiting ones from *from on, 0 at first,
 * and moves *from; `next` is where the walk goes on behind that binding. One or
 * two more than n where hashes are equal: those belong together. False: that was
 * the last part. */
WIMS_MUST_CHECK bool wims_bindings_from(struct wims_flows *fs, uint32_t *from, size_t n,
										void (*visit)(void *ctx, uint32_t next,
													  const struct wims_binding_view *view),
										void *ctx);

/* ---- what time or loss starts ---- */

enum wims_action_kind
{
	WIMS_ACT_CLOSE, /* send a Close frame: conn, close_code, close_text */
	WIMS_ACT_CUT,   /* cut TCP: conn */
	WIMS_ACT_DEREG, /* tell the core: binding (contact_user, impi, impu, domain, ...); with
					 * a range: remove its contact */
	WIMS_ACT_BYE,   /* end a confirmed INVITE dialog towards the core: call, conn */
	WIMS_ACT_MEDIA, /* a media session is over: media */
	/* no answer can come from that WIC, or go to it, any more: txn, conn */
	WIMS_ACT_GIVE_UP
};

/* A copy of what the BYE needs; slices point into text[]. */
struct wims_call_view
{
	uint64_t id;
	struct wims_pl call_id, wic_tag, core_tag, wic_uri, core_uri, core_target, core_routes,
			charging;
	uint32_t wic_cseq;
	char text[WIMS_CALLID_MAX + 2 * WIMS_FLOW_TEXT_MAX + WIMS_ROUTES_MAX + WIMS_FLOW_CHARGING_MAX
			  + 3 * WIMS_CONTACT_URI_MAX];
};

struct wims_action
{
	enum wims_action_kind kind;
	uint32_t conn;
	uint64_t txn;       /* GIVE_UP: as in wims_call_in */
	bool token_expired; /* DEREG: ended with its token, on conn (0: lost before) */
	uint16_t close_code;
	char close_text[124];
	struct wims_binding_view binding; /* DEREG */
	struct wims_call_view call;       /* BYE */
	uint64_t media;                   /* MEDIA */
};

/* Takes the next due action out of the table, in order of due times: what it
 * names (binding, call) is removed by that. A binding whose time to the WIC is over is due for
 * DEREG as soon as it expires; so is one that waited its grace in vain, if no other
 * flow of its instance (RFC 5626 4.2) is open: while one lives, nothing is de-registered.
 *
 * A binding whose token ends, with no REGISTER of a fresher one under way, is
 * found by nobody any more and due for DEREG; one with an older REGISTER under
 * way when that is over. The connection whose last binding ended so is closed
 * with WIMS_CLOSE_BASE + 401 and the name of TOKEN_EXPIRED, when neither such a
 * REGISTER nor a confirmed call that may outlive the token keeps it open. A
 * call that only rings keeps nothing open. Calls that end by this are due for
 * BYE in front of the DEREG, which would make the core refuse it. A lost call that
 * is early gives one GIVE_UP for each transaction that may still answer it, without
 * grace, and stays until these have settled it: an answer may be on its way. A lost
 * subscription is removed without an action. false: nothing is due. */
WIMS_MUST_CHECK bool wims_flows_next_action(struct wims_flows *fs, int64_t now,
											struct wims_action *out);

/* ---- numbers ---- */

struct wims_flow_counts
{
	size_t connections;
	size_t closing;
	size_t bindings;
	size_t waiting; /* bindings in their grace */
	size_t pending; /* open REGISTER transactions */
	size_t calls;
	size_t media; /* sessions */
};
void wims_flow_counts(const struct wims_flows *fs, struct wims_flow_counts *out);

#include "flow/wims_flow_call.h"
#include "flow/wims_flow_ends.h"

#endif
