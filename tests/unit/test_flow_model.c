/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow_help.h"
#include "flow_model.h"

/* Random operations on the table and on the model of it; both have to say the
 * same all the time. The seed is fixed: a failure happens at the same step
 * again. */

enum
{
	STEPS = 200000,
	AUDIT_EVERY = 50,
	NAMES = 1 << 19 /* of a hash table with room to spare */
};

#define RANGE "sip:range!.*!@ims.test"

static struct model model;
static struct wims_flows *fs;
static size_t done[22]; /* successes of each operation */
static size_t step;
static uint64_t last_txn;
static uint32_t last_cseq;
static char names[NAMES][WIMS_CONTACT_USER_LEN + 1];

static const char *const persons[MODEL_PERSONS] = {"alice", "bob", "carol"};
static const char *const devices[MODEL_DEVICES] = {"urn:uuid:1", "urn:uuid:2", ""};
static const char *const call_ids[MODEL_CALL_IDS] = {"c1", "c2", "c3"};

static uint32_t id_of(int conn)
{
	return (uint32_t)conn + 1;
}

static void expect(const char *what, enum wims_reason got, enum wims_reason want)
{
	if(got != want)
		fail_msg("%s: %s, expected %s", what, wims_reason_text(got), wims_reason_text(want));
}

/* A name that is new must never have been there before. */
static void first_use(const char *user)
{
	uint64_t at = strtoull(user + 8, NULL, 16) % NAMES;

	while(names[at][0] != '\0') {
		assert_string_not_equal(names[at], user);
		at = (at + 1) % NAMES;
	}
	memcpy(names[at], user, sizeof(names[at]));
}

static void do_open(void)
{
	int conn = (int)flow_dice(MODEL_CONNS);
	struct wims_conn_in in = flow_conn(id_of(conn));
	enum wims_reason want = model_open(&model, conn);

	in.dereg_grace = MODEL_DEREG_GRACE;
	in.dialog_grace_silent = MODEL_SILENT_GRACE;
	in.calls_outlive_token = flow_dice(3) > 0;
	expect("open", wims_flow_open(fs, &in, model.now), want);
	if(want != WIMS_OK)
		return;
	model.conns[conn] = (struct model_conn){.id = id_of(conn),
											.owner = -1,
											.calls_outlive = in.calls_outlive_token,
											.idle_since = model.now};
	done[0]++;
}

static void do_close(void)
{
	int conn = (int)flow_dice(MODEL_CONNS);
	bool drop = flow_dice(2) == 0;

	wims_flow_close(fs, id_of(conn), model.now, 1008, WIMS_PL("closed"), drop);
	model_close(&model, conn, drop);
	done[1]++;
}

static void do_lost(void)
{
	int conn = (int)flow_dice(MODEL_CONNS);
	bool silent = flow_dice(2) == 0;

	wims_flow_lost(fs, id_of(conn), model.now, silent ? WIMS_LOSS_SILENT : WIMS_LOSS_CLOSED);
	model_lost(&model, conn, silent);
	done[2]++;
}

static struct wims_binding_in request_of(int conn, int person, int device)
{
	static char impi[32], impu[32];
	struct wims_binding_in in = flow_register(++last_txn, id_of(conn));

	snprintf(impi, sizeof(impi), "%s@ims.test", persons[person]);
	snprintf(impu, sizeof(impu), "sip:%s@ims.test", persons[person]);
	in.subject = wims_pl_str(persons[person]);
	in.impi = wims_pl_str(impi);
	in.impu = wims_pl_str(impu);
	in.instance = wims_pl_str(devices[device]);
	if(person >= MODEL_IN_RANGE)
		in.range = WIMS_PL(RANGE);
	in.cseq = ++last_cseq;
	in.token_exp = flow_dice(6) == 0 ? 0 : model.now + 100 + flow_dice(9000);
	in.token_end = in.token_exp;
	return in;
}

/* Contact: * stands for one of the connection if it has one. */
static int named_key(int conn, int person, const char *user)
{
	int i, key = -1;
	bool own = false;

	for(i = person * MODEL_DEVICES; i < (person + 1) * MODEL_DEVICES; i++) {
		if(strcmp(model.bindings[i].user, user) == 0 && model.bindings[i].reg)
			key = i;
		own = own || model.bindings[i].conn == conn;
	}
	assert_true(key >= 0 && (!own || model.bindings[key].conn == conn));
	return key;
}

static void begun(const struct wims_binding_in *in, int conn, int key)
{
	struct model_txn *t = model_txn_place(&model);

	*t = (struct model_txn){.txn = in->txn,
							.conn = conn,
							.key = key,
							.remove = in->remove || in->remove_all,
							.remove_all = in->remove_all,
							.cseq = in->cseq,
							.begun = model.now,
							.grace = MODEL_DEREG_GRACE,
							.exp = in->token_exp};
	model.conns[conn].owner = key / MODEL_DEVICES;
	done[in->remove_all ? 3 : in->remove ? 4 : 5]++;
}

static void do_begin(void)
{
	int conn = (int)flow_dice(MODEL_CONNS), person = (int)flow_dice(MODEL_PERSONS);
	int device = (int)flow_dice(MODEL_DEVICES), key = person * MODEL_DEVICES + device;
	struct wims_binding_in in = request_of(conn, person, device);
	char user[WIMS_CONTACT_USER_LEN + 1];
	enum wims_reason want;
	bool known;

	if(model_txn_place(&model) == NULL)
		return;
	/* mostly the person whose connection it is */
	if(model.conns[conn].owner >= 0 && model.conns[conn].owner != person && flow_dice(8) > 0)
		return;
	in.remove_all = flow_dice(12) == 0;
	in.remove = flow_dice(6) == 0;
	want = model_begin(&model, conn, person, in.remove_all ? -1 : key, in.remove || in.remove_all,
					   &known);
	expect("begin", wims_binding_begin(fs, &in, model.now, user), want);
	if(want != WIMS_OK)
		return;
	if(in.remove_all)
		key = named_key(conn, person, user);
	else if(known)
		assert_string_equal(user, model.bindings[key].user);
	else
		first_use(user);
	memcpy(model.bindings[key].user, user, sizeof(user));
	begun(&in, conn, key);
}

static struct model_txn *any_txn(void)
{
	struct model_txn *t = &model.txns[flow_dice(MODEL_TXNS)];
	size_t n;

	for(n = 0; n < MODEL_TXNS && t->txn == 0; n++)
		t = &model.txns[flow_dice(MODEL_TXNS)];
	return t->txn == 0 ? NULL : t;
}

static void do_commit(void)
{
	struct model_txn *t = any_txn();
	struct wims_core_answer answer = flow_answer(flow_dice(10) == 0 ? 0 : 200 + flow_dice(8000));
	uint64_t txn;
	enum wims_reason want;

	if(t == NULL)
		return;
	answer.associated_count = flow_dice(3);
	txn = t->txn;
	want = model_commit(&model, t, answer.granted_ms);
	expect("commit", wims_binding_commit(fs, txn, &answer, model.now), want);
	done[6] += want == WIMS_OK;
	done[7] += want == WIMS_FLOW_GONE;
}

static void do_abort(void)
{
	struct model_txn *t = any_txn();
	bool maybe = flow_dice(2) == 0;

	if(t == NULL)
		return;
	wims_binding_abort(fs, t->txn, model.now, maybe);
	model_abort(&model, t, maybe);
	done[8]++;
}

static void do_call(void)
{
	int conn = (int)flow_dice(MODEL_CONNS), call_id = (int)flow_dice(MODEL_CALL_IDS);
	struct wims_call_in in = flow_invite(id_of(conn), wims_pl_str(call_ids[call_id]));
	const struct model_conn *c = &model.conns[conn];
	struct model_call *call;
	enum wims_reason want;
	uint64_t id;

	in.kind = flow_dice(4) == 0 ? WIMS_CALL_SUBSCRIPTION : WIMS_CALL_INVITE;
	in.wic_is_caller = flow_dice(2) == 0;
	call = model_call_of(&model, conn, call_id, in.wic_is_caller);
	if(call == NULL)
		return;
	in.txn = call->id != 0 ? call->txn : flow_dice(1000);
	want = c->id == 0                                                   ? WIMS_FLOW_UNKNOWN
		   : c->state != 0                                              ? WIMS_FLOW_CLOSING
		   : call->id != 0                                              ? WIMS_OK
		   : model_calls_of(&model, conn) < model_limits.calls_per_conn ? WIMS_OK
																		: WIMS_LIMIT_REACHED;
	expect("call", wims_call_open(fs, &in, model.now, &id), want);
	if(want != WIMS_OK)
		return;
	if(call->id != 0)
		assert_int_equal(call->id, id);
	else
		*call = (struct model_call){.id = id,
									.conn = conn,
									.at = c->id,
									.early_on = conn,
									.home = c->id,
									.call_id = call_id,
									.wic_is_caller = in.wic_is_caller,
									.txn = in.txn,
									.invite = in.kind == WIMS_CALL_INVITE};
	call->opens++;
	call->untold++;
	done[9]++;
}

/* One more of those that ring; a BYE to the first of them. */
static void do_answer(void)
{
	struct model_call *call = &model.calls[flow_dice(MODEL_CALLS)];
	size_t n;
	const struct wims_call_news rings = {.confirmed = false};
	struct wims_call_in in;
	enum wims_reason want = WIMS_OK;
	char tag[16];

	for(n = 0; n < MODEL_CALLS && (call->id == 0 || call->opens == 0 || call->conn < 0); n++)
		call = &model.calls[flow_dice(MODEL_CALLS)];
	if(call->id == 0 || call->opens == 0 || call->conn < 0 || call->at != call->home
	   || !model_call_is_alone(&model, call))
		return;
	if(call->answers > 0 && model_calls_of(&model, call->conn) >= model_limits.calls_per_conn)
		want = WIMS_LIMIT_REACHED;
	in = flow_invite(call->at, wims_pl_str(call_ids[call->call_id]));
	in.wic_is_caller = call->wic_is_caller;
	snprintf(tag, sizeof(tag), "r%d", call->answers);
	expect("answer", flow_answered(fs, &in, tag, &rings), want);
	if(want != WIMS_OK)
		return;
	call->early += call->answers++ > 0;
	if(call->early > 0 && flow_dice(2) == 0) {
		wims_call_end(fs, call->id);
		model_call_end(call);
	}
	done[20]++;
}

static void do_change_call(void)
{
	struct model_call *call = &model.calls[flow_dice(MODEL_CALLS)];
	const struct wims_call_news yes = {.core_target = WIMS_PL("sip:bob@198.51.100.7"),
									   .confirmed = true};
	uint64_t id = call->id;

	if(id == 0)
		return;
	switch(flow_dice(3)) {
		case 0:
			expect("learn", wims_call_learn(fs, id, &yes), WIMS_OK);
			model_call_confirm(call);
			break;
		case 1:
			wims_call_settle(fs, id, call->txn);
			model_call_settle(call);
			break;
		default:
			wims_call_end(fs, id);
			model_call_end(call);
			break;
	}
	done[10]++;
}

static void do_end_range(void)
{
	size_t ended = 0;

	if(flow_dice(20) > 0)
		return;
	assert_false(wims_flows_end_range(fs, WIMS_PL(RANGE), 1000, model.now, WIMS_FLOW_GONE, &ended));
	assert_int_equal(ended, model_end_range(&model));
	done[18] += ended > 0;
}

static void do_actions(void)
{
	while(flow_next(fs, model.now) >= 0) {
		if(!model_action(&model, &flow_action))
			fail_msg("action %d is not due", flow_action.kind);
		done[11 + flow_action.kind]++;
		done[15] += flow_action.token_expired;
		done[16] += flow_action.kind == WIMS_ACT_CLOSE && flow_action.close_code == 4401;
		done[19] += flow_action.kind == WIMS_ACT_DEREG && flow_action.binding.range.l > 0;
	}
	if(!model_action(&model, NULL))
		fail_msg("an action is missing");
}

/* ---- comparing ---- */

static void compare_counts(void)
{
	struct wims_flow_counts n;
	size_t conns = 0, bindings = 0, waiting = 0, calls = 0;
	int i;

	for(i = 0; i < MODEL_CONNS; i++) {
		const struct model_conn *c = &model.conns[i];

		conns += c->id != 0;
		done[17] += c->id != 0 && c->state == 0 && c->token_over;
	}
	for(i = 0; i < MODEL_KEYS; i++) {
		const struct model_binding *b = &model.bindings[i];

		bindings += b->reg;
		waiting += b->reg && b->conn < 0 && !b->ending;
	}
	for(i = 0; i < MODEL_CALLS; i++)
		calls += model.calls[i].id != 0 ? 1 + model.calls[i].early : 0;
	wims_flow_counts(fs, &n);
	assert_int_equal(n.connections, conns);
	assert_int_equal(n.bindings, bindings);
	assert_int_equal(n.waiting, waiting);
	assert_int_equal(n.pending, model_open_txns(&model, -1, -1));
	assert_int_equal(n.calls, calls);
	assert_int_equal(wims_flows_in_range(fs, WIMS_PL(RANGE)), model_in_range(&model));
}

static void compare_conn(int conn)
{
	const struct model_conn *c = &model.conns[conn];
	int first = model_first(&model, conn);
	struct wims_conn_view view;

	expect("check", wims_flow_check(fs, id_of(conn), &view),
		   c->id == 0      ? WIMS_FLOW_UNKNOWN
		   : c->state != 0 ? WIMS_FLOW_CLOSING
						   : WIMS_OK);
	if(c->id == 0)
		return;
	assert_int_equal(view.bindings, model_bindings_of(&model, conn));
	assert_int_equal(view.calls, model_calls_of(&model, conn));
	assert_int_equal(view.token_over, c->token_over);
	flow_assert_pl(view.subject, c->registered ? persons[c->owner] : "");
	if(c->state != 0)
		return;
	expect("first binding", flow_of_conn(fs, id_of(conn), model.now),
		   first < 0 ? WIMS_NOT_REGISTERED : WIMS_OK);
	if(first >= 0)
		assert_string_equal(flow_view.contact_user, model.bindings[first].user);
}

static void compare_binding(int key)
{
	const struct model_binding *b = &model.bindings[key];
	bool live = b->reg && b->conn >= 0 && b->expires > model.now;
	int conn = b->conn >= 0 ? b->conn : (int)flow_dice(MODEL_CONNS);
	const struct model_conn *c = &model.conns[conn];

	expect("binding of contact",
		   wims_binding_of_contact(fs, id_of(conn), wims_pl_str(b->user), model.now, &flow_view),
		   c->id == 0 || c->state != 0 ? WIMS_FLOW_GONE
		   : live                      ? WIMS_OK
									   : WIMS_TARGET_UNREGISTERED);
	if(flow_view.conn != 0) {
		assert_int_equal(flow_view.cseq, b->cseq);
		assert_int_equal(flow_view.expires, b->expires);
		assert_int_equal(flow_view.token_end, b->exp == 0 ? WIMS_FLOW_NEVER : b->exp);
	}
}

static bool seen(void *ctx, const struct wims_binding_view *view)
{
	(void)ctx;
	(void)view;
	return true;
}

static void compare_index(int person)
{
	size_t n = 0;
	int i;

	for(i = person * MODEL_DEVICES; i < (person + 1) * MODEL_DEVICES; i++)
		n += model.bindings[i].reg && !model.bindings[i].ending;
	assert_int_equal(
			wims_bindings_by(fs, WIMS_BY_SUBJECT, wims_pl_str(persons[person]), seen, NULL), n);
}

static void one_step(void)
{
	static void (*const ops[])(void) = {
			do_open,  do_open,   do_close,  do_lost,        do_begin,   do_begin,   do_begin,
			do_begin, do_begin,  do_commit, do_commit,      do_commit,  do_abort,   do_call,
			do_call,  do_answer, do_answer, do_change_call, do_actions, do_actions, do_end_range};

	if(flow_dice(3) == 0)
		model.now += flow_dice(flow_dice(2000) == 0 ? 400000 : 300);
	ops[flow_dice(sizeof(ops) / sizeof(*ops))]();
	compare_counts();
	compare_conn((int)flow_dice(MODEL_CONNS));
	compare_binding((int)flow_dice(MODEL_KEYS));
	compare_index((int)flow_dice(MODEL_PERSONS));
}

static void table_and_model_agree(void **state)
{
	size_t i;

	(void)state;
	fs = flow_new(&model_limits);
	model_init(&model);
	for(step = 0; step < STEPS; step++) {
		one_step();
		if(step % AUDIT_EVERY == 0)
			flow_check(fs);
	}
	done[21] = model.ended_early;
	printf("ops that did something:");
	for(i = 0; i < sizeof(done) / sizeof(*done); i++) {
		printf(" %zu", done[i]);
		assert_true(done[i] > 50);
	}
	printf("\n");
	flow_free(fs);
}

static int say_step(void **state)
{
	(void)state;
	if(step < STEPS)
		print_error("at step %zu\n", step);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_teardown(table_and_model_agree, say_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
