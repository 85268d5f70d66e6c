/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "call_help.h"

#include "modules/tm/t_reply.h"
#include "wk_early.h"
#include "wk_fork.h"
#include "wk_state.h"
#include "wk_tm.h"

static struct ua_client branches[3];
static sip_msg_t *invite;
static struct cell *cell;

/* As tm does. */
static void end(void)
{
	ksr_tm_end(487);
	if(cell != NULL && cell->uas.cancel_reas != NULL)
		shm_free(cell->uas.cancel_reas);
	if(invite != NULL)
		ksr_msg_free(invite);
	cell = NULL;
	invite = NULL;
}

static void begin(int proto, uint32_t conn, const char *method)
{
	char text[128];

	snprintf(text, sizeof(text), "%s sip:u@192.0.2.1 SIP/2.0\nCSeq: 1 %s\n\n", method, method);
	end();
	invite = ksr_msg(proto, conn, text);
	cell = ksr_tm_new(invite);
	memset(branches, 0, sizeof(branches));
	cell->uac = branches;
	cell->flags = strcmp(method, "INVITE") == 0 ? T_IS_INVITE_FLAG : 0;
	ksr_tm.cancelled = 0;
	ksr_tm.replied = 0;
}

/* One more branch, over that WebSocket or to the core (0). */
static void branch(uint32_t conn, int answered)
{
	struct ua_client *uac = &branches[cell->nr_of_outgoings++];

	uac->request.dst.proto = conn == 0 ? PROTO_UDP : PROTO_WSS;
	uac->request.dst.id = (int)conn;
	uac->request.buffer = (char *)uac;
	uac->request.flags = answered > 0 ? F_RB_REPLIED : 0;
	uac->last_received = (short)answered;
}

/* The branches that end when that connection is lost. */
static unsigned lost(uint32_t conn)
{
	int unrefs = ksr_tm.unrefs;

	wk_early_give_up(wk_tm_name(cell), conn);
	/* failure_route may wait for a media relay: not here */
	assert_int_equal(ksr_tm.unrefs, unrefs);
	assert_int_equal(ksr_async_run(), 1);
	assert_int_equal(ksr_tm.unrefs, unrefs + 1);
	assert_int_equal(cell->reply_locker_pid.val, 0);
	assert_null(ksr_tm.current);
	return ksr_tm.cancelled;
}

static int setup(void **state)
{
	if(glue_setup(state) != 0)
		return -1;
	cell = NULL;
	invite = NULL;
	return 0;
}

static int teardown(void **state)
{
	end();
	return glue_teardown(state);
}

/* A fork goes on with the others. */
static void test_callee(void **state)
{
	int before = ksr_counter("early_lost");

	begin(PROTO_UDP, 0, "INVITE");
	branch(GLUE_CONN, 180);
	branch(CALL_OTHER_CONN, 180);
	branch(0, 180); /* at another node */
	assert_int_equal(lost(CALL_OTHER_CONN), 2);
	assert_int_equal(ksr_tm.cancel_flags, F_CANCEL_B_KILL | F_CANCEL_B_FAKE_REPLY);
	assert_int_equal(branches[1].request.flags, F_RB_TIMEOUT);
	assert_int_equal(branches[1].last_received, 0);
	assert_int_equal(branches[0].last_received, 180);
	assert_int_equal(ksr_counter("early_lost"), before + 1);
	assert_int_equal(ksr_tm.replied, 0);
	assert_int_equal(cell->flags & T_CANCELED, 0);
	begin(PROTO_UDP, 0, "SUBSCRIBE");
	branch(GLUE_CONN, 0);
	assert_int_equal(lost(GLUE_CONN), 1);
}

/* It has answered, all is over, or it is another's connection. */
static void test_too_late(void **state)
{
	begin(PROTO_UDP, 0, "INVITE");
	branch(GLUE_CONN, 486);
	assert_int_equal(lost(GLUE_CONN), 0);
	assert_int_equal(branches[0].last_received, 486);
	begin(PROTO_UDP, 0, "INVITE");
	branch(GLUE_CONN, 180);
	assert_int_equal(lost(CALL_OTHER_CONN), 0);
	cell->uas.status = 200;
	assert_int_equal(lost(GLUE_CONN), 0);
	/* the core's connection numbers are no WIC's */
	begin(PROTO_UDP, GLUE_CONN, "INVITE");
	branch(0, 180);
	branches[0].request.dst.proto = PROTO_TCP;
	branches[0].request.dst.id = GLUE_CONN;
	assert_int_equal(lost(GLUE_CONN), 0);
	wk_early_give_up(wk_tm_name(cell) + 1, GLUE_CONN);
	assert_int_equal(ksr_async_run(), 1);
	assert_int_equal(ksr_tm.cancelled, 0);
	assert_int_equal(ksr_tm.replied, 0);
}

/* tm waits for the answer to a CANCEL, and nobody is there to give it. */
static void test_cancelled_callee(void **state)
{
	begin(PROTO_UDP, 0, "INVITE");
	branch(GLUE_CONN, 180);
	cell->flags |= T_CANCELED;
	ksr_tm.nothing_to_cancel = true;
	assert_int_equal(lost(GLUE_CONN), 0);
	assert_int_equal(ksr_tm.replied, 487);
	begin(PROTO_UDP, 0, "INVITE");
	branch(GLUE_CONN, 486);
	cell->flags |= T_CANCELED;
	assert_int_equal(lost(GLUE_CONN), 0);
	assert_int_equal(ksr_tm.replied, 0);
}

static void test_caller(void **state)
{
	begin(PROTO_WSS, GLUE_CONN, "INVITE");
	branch(0, 180);
	assert_int_equal(lost(CALL_OTHER_CONN), 0);
	assert_int_equal(lost(GLUE_CONN), 1);
	assert_int_equal(ksr_tm.cancel_flags, F_CANCEL_B_FORCE_RETR);
	assert_int_equal(ksr_tm.cancel_cause, 480);
	assert_int_not_equal(cell->flags & T_CANCELED, 0);
	assert_int_equal(branches[0].last_received, 180);
	assert_int_equal(ksr_tm.replied, 0);
	assert_int_equal(cell->uas.cancel_reas->cause, 480);
}

/* tm sends the CANCEL with the first answer only: for the same reason, unless the WIC
 * gave one itself. */
static void test_reason_is_left(void **state)
{
	struct cancel_reason given = {.cause = 200};

	begin(PROTO_WSS, GLUE_CONN, "INVITE");
	branch(0, 0);
	cell->uas.cancel_reas = &given;
	lost(GLUE_CONN);
	assert_ptr_equal(cell->uas.cancel_reas, &given);
	cell->uas.cancel_reas = NULL;
	begin(PROTO_WSS, GLUE_CONN, "INVITE");
	branch(0, 0);
	lost(GLUE_CONN);
	assert_int_equal(cell->uas.cancel_reas->cause, 480);
	assert_int_equal(strncmp(cell->uas.cancel_reas->u.text.s, "WebSocket lost", 14), 0);
	begin(PROTO_WSS, GLUE_CONN, "INVITE");
	branch(0, 180);
	ksr_async.workers = 0; /* here and now then */
	ksr_memory.left = 0;
	wk_early_give_up(wk_tm_name(cell), GLUE_CONN);
	ksr_memory.left = SIZE_MAX;
	assert_int_equal(ksr_tm.cancelled, 1);
	assert_null(cell->uas.cancel_reas);
}

/* No worker takes it, or no memory: done at once. */
static void test_not_handed_over(void **state)
{
	begin(PROTO_UDP, 0, "INVITE");
	branch(GLUE_CONN, 180);
	ksr_async.push_fails = true;
	wk_early_give_up(wk_tm_name(cell), GLUE_CONN);
	assert_int_equal(ksr_tm.cancelled, 1);
	ksr_async.push_fails = false;
	begin(PROTO_UDP, 0, "INVITE");
	branch(GLUE_CONN, 180);
	ksr_memory.left = 0;
	wk_early_give_up(wk_tm_name(cell), GLUE_CONN);
	ksr_memory.left = SIZE_MAX;
	assert_int_equal(ksr_tm.cancelled, 1);
	assert_int_equal(ksr_async_run(), 0);
}

/* What cannot be cancelled, and what went nowhere yet. */
static void test_caller_without_branch(void **state)
{
	begin(PROTO_WSS, GLUE_CONN, "SUBSCRIBE");
	branch(0, 0);
	assert_int_equal(lost(GLUE_CONN), 0);
	assert_int_equal(cell->flags & T_CANCELED, 0);
	begin(PROTO_WSS, GLUE_CONN, "INVITE");
	assert_int_equal(lost(GLUE_CONN), 0);
	assert_int_equal(ksr_tm.replied, 487);
	begin(PROTO_WSS, GLUE_CONN, "INVITE");
	branch(0, 0);
	branches[0].request.buffer = NULL;
	ksr_tm.nothing_to_cancel = true;
	assert_int_equal(lost(GLUE_CONN), 0);
	assert_int_equal(ksr_tm.replied, 487);
	/* it is cancelled already, and the core will say so */
	begin(PROTO_WSS, GLUE_CONN, "INVITE");
	branch(0, 180);
	assert_int_equal(lost(GLUE_CONN), 0);
	assert_int_equal(ksr_tm.replied, 0);
}

/* WICs that have said nothing get the CANCEL too; the core gets it by its rules. */
static void test_cancelled(void **state)
{
	struct cancel_reason why = {.cause = 480};

	begin(PROTO_UDP, 0, "INVITE");
	branch(GLUE_CONN, 0);
	branch(0, 0);
	branch(CALL_OTHER_CONN, 180);
	ksr_tm.original = NULL;
	assert_int_equal(wk_cancelled(invite), WK_FALSE);
	ksr_tm.original = cell;
	cell->uas.cancel_reas = &why;
	assert_int_equal(wk_cancelled(invite), WK_TRUE);
	assert_int_equal(ksr_tm.cancelled, 5);
	assert_int_equal(ksr_tm.cancel_flags, F_CANCEL_B_FORCE_C);
	assert_int_equal(ksr_tm.cancel_cause, 480);
	ksr_tm.cancelled = 0;
	cell->uas.status = 487;
	assert_int_equal(wk_cancelled(invite), WK_TRUE);
	assert_int_equal(ksr_tm.cancelled, 0);
	cell->uas.cancel_reas = NULL;
}

static int wic_lost(sip_msg_t *reply)
{
	ksr_tm.current = cell;
	branches[0].reply = reply;
	return wk_wic_lost(invite);
}

/* failure_route: 430, or what the WIC said. */
static void test_wic_lost(void **state)
{
	begin(PROTO_UDP, 0, "INVITE");
	ksr_tm.current = NULL;
	assert_int_equal(wk_wic_lost(invite), WK_FALSE);
	branch(GLUE_CONN, 0);
	assert_int_equal(wic_lost(FAKED_REPLY), WK_FALSE);
	wims_flow_lost(wk_flows_lock(), GLUE_CONN, 0, WIMS_LOSS_CLOSED);
	wk_flows_unlock();
	assert_int_equal(wic_lost(invite), WK_FALSE);
	assert_int_equal(wic_lost(FAKED_REPLY), WK_TRUE);
	branches[0].request.dst.proto = PROTO_UDP;
	assert_int_equal(wic_lost(FAKED_REPLY), WK_FALSE);
	ksr_tm.picked_branch = -1;
	assert_int_equal(wic_lost(FAKED_REPLY), WK_FALSE);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_callee),
			T(test_too_late),
			T(test_cancelled_callee),
			T(test_caller),
			T(test_reason_is_left),
			T(test_not_handed_over),
			T(test_caller_without_branch),
			T(test_wic_lost),
			T(test_cancelled),
	};

	return cmocka_run_group_tests(tests, glue_group_setup, glue_group_teardown);
}
