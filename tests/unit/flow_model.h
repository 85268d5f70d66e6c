/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FLOW_MODEL_H
#define FLOW_MODEL_H

/* The flow table written down as plainly as it goes: small arrays, nothing
 * but loops over all of them. It says what the table has to answer. */

#include "flow/wims_flow.h"

enum
{
	MODEL_CONNS = 8,   /* ids 1..; two more than the table takes */
	MODEL_PERSONS = 3, /* subject, IMPI and IMPU go together */
	MODEL_DEVICES = 3,
	MODEL_KEYS = MODEL_PERSONS * MODEL_DEVICES,
	MODEL_IN_RANGE = 1, /* that person and those behind are in one range */
	MODEL_TXNS = 40,
	MODEL_CALLS = 40,
	MODEL_CALL_IDS = 3,
	MODEL_DEREG_GRACE = 1500,
	MODEL_SILENT_GRACE = 2000
};

extern const struct wims_flow_limits model_limits;

struct model_conn
{
	uint32_t id; /* 0: not there */
	int state;   /* 0 open, 1 CLOSE due, 2 CUT due, 3 cut */
	int owner;   /* person, or -1 */
	bool registered;
	bool calls_outlive, token_over;
	int64_t idle_since, close_at, over_exp;
};

struct model_binding
{
	bool reg, ending, token_over;
	int conn; /* place in conns, -1: none */
	uint32_t ended_on, left;
	int64_t exp; /* of the token, its end in the table too; 0: none */
	uint64_t order;
	uint32_t cseq;
	int64_t expires, due;
	char user[WIMS_CONTACT_USER_LEN + 1];
};

struct model_txn
{
	uint64_t txn; /* 0: not there */
	int conn, key;
	bool remove, remove_all;
	uint32_t cseq;
	int64_t begun, grace, exp;
};

struct model_call
{
	uint64_t id; /* 0: not there */
	int conn;    /* -1: lost */
	uint32_t at; /* id of the connection that it is on, or lost */
	int call_id;
	bool wic_is_caller, invite, confirmed, ended;
	uint64_t txn; /* of those that open it */
	int opens, untold;
	int64_t due;
	int answers;   /* callee tags that it was answered with */
	size_t early;  /* dialogs beside it, which go with the last that opens it */
	int early_on;  /* connection of those; -1: lost */
	uint32_t home; /* id of the one that it began on */
};

struct model
{
	int64_t now;
	uint64_t order;
	struct model_conn conns[MODEL_CONNS];
	struct model_binding bindings[MODEL_KEYS];
	struct model_txn txns[MODEL_TXNS];
	struct model_call calls[MODEL_CALLS];
	size_t ended_early; /* connections that ended a call with early ones beside it on them */
};

void model_init(struct model *m);
struct model_txn *model_txn_place(struct model *m);               /* NULL: none left */
size_t model_open_txns(const struct model *m, int conn, int key); /* -1: any */
size_t model_bindings_of(const struct model *m, int conn);
size_t model_calls_of(const struct model *m, int conn);
bool model_has_any(const struct model *m, int person);
/* On conn, for key. */
bool model_has_room(const struct model *m, int conn, int key);
/* Registered and not given up. */
bool model_counts(const struct model_binding *b);
/* Is there a place among the contacts of an IMPU, for key? */
bool model_fits(const struct model *m, int person, int key);

enum wims_reason model_open(const struct model *m, int conn);
/* key is -1 in a remove_all; *known: the binding is there already */
enum wims_reason model_begin(const struct model *m, int conn, int person, int key, bool remove,
							 bool *known);
enum wims_reason model_commit(struct model *m, struct model_txn *t, int64_t granted);
void model_abort(struct model *m, struct model_txn *t, bool maybe_registered);
void model_close(struct model *m, int conn, bool drop);
void model_lost(struct model *m, int conn, bool silent);
/* Those that are registered in the range, and their end; how many ended. */
size_t model_in_range(const struct model *m);
size_t model_end_range(struct model *m);
/* The first live binding of conn, or -1. */
int model_first(const struct model *m, int conn);
struct model_call *model_call_of(struct model *m, int conn, int call_id, bool wic_is_caller);
void model_call_settle(struct model_call *call);
void model_call_confirm(struct model_call *call);
void model_call_end(struct model_call *call);
/* The only one that began there with that name, or has come there. */
bool model_call_is_alone(const struct model *m, const struct model_call *call);
/* What was registered over the connection with that id is now over conn: the
 * calls of one that has nothing registered any more, or is lost, go there. */
void model_calls_follow(struct model *m, uint32_t left, int conn);

/* Takes action for what it is; false: it is not due next. NULL: nothing may
 * be due any more. */
bool model_action(struct model *m, const struct wims_action *action);

#endif
