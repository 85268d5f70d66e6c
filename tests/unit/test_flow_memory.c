/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow_help.h"

/* Memory: how much a WIC costs, and what happens when there is none. */

#include <stdio.h>

enum
{
	WICS = 1000,
	COST_MAX = 3000,       /* bytes for a connection with one binding */
	RANGE_COST_MAX = 1000, /* for one more binding, of a range */
	SWEEP_MAX = 400        /* allocations of the longest scenario, at most */
};

static const struct wims_flow_limits many = {
		.connections = WICS, .bindings_per_conn = 4, .calls_per_conn = 4, .cut_ms = 1500};

/* A WIC as a browser makes it: texts of real lengths. */
static void register_wic(struct wims_flows *fs, uint32_t i)
{
	char user[40], impu[60], impi[60], instance[80], contact[80], call_id[40], jti[60];
	struct wims_binding_in in = flow_register(i, i);
	struct wims_core_answer answer = flow_answer(600000);

	snprintf(user, sizeof(user), "248289761001-%06u", i);
	snprintf(impu, sizeof(impu), "sip:user%06u@ims.mnc001.mcc001.3gppnetwork.org", i);
	snprintf(impi, sizeof(impi), "user%06u@ims.mnc001.mcc001.3gppnetwork.org", i);
	snprintf(instance, sizeof(instance), "<urn:uuid:8b2cfe5c-5f2e-4c4a-9d8e-0123%08u>", i);
	snprintf(contact, sizeof(contact), "sip:k3v9%06u@7c2d9f0a4b1e.invalid;transport=ws", i);
	snprintf(call_id, sizeof(call_id), "q8s5u1m6r0d3h9%08u", i);
	snprintf(jti, sizeof(jti), "a4f2c9d0-77aa-4b0e-8c11-0123%08u", i);
	in.subject = wims_pl_str(user);
	in.impu = wims_pl_str(impu);
	in.impi = wims_pl_str(impi);
	in.instance = wims_pl_str(instance);
	in.wic_contact = wims_pl_str(contact);
	in.call_id = wims_pl_str(call_id);
	in.jti = wims_pl_str(jti);
	answer.service_route = WIMS_PL("<sip:orig@scscf.ims.mnc001.mcc001.3gppnetwork.org:6060;lr>");
	answer.associated[0] = in.impu;
	answer.associated[1] = WIMS_PL("tel:+4917112345678");
	flow_open(fs, i, 0);
	assert_int_equal(wims_binding_begin(fs, &in, 0, user), WIMS_OK);
	assert_int_equal(wims_binding_commit(fs, i, &answer, 0), WIMS_OK);
}

static void register_in_range(struct wims_flows *fs, uint32_t i)
{
	char impu[60], contact[80], call_id[40], user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_binding_in in = flow_register(i, 1);
	const struct wims_core_answer answer = {.granted_ms = 600000, .core_granted_ms = 600000};

	snprintf(impu, sizeof(impu), "sip:web-%06u@ims.mnc001.mcc001.3gppnetwork.org", i);
	snprintf(contact, sizeof(contact), "sip:k3v9%06u@7c2d9f0a4b1e.invalid;transport=ws", i);
	snprintf(call_id, sizeof(call_id), "q8s5u1m6r0d3h9%08u", i);
	in.subject = WIMS_PL("gateway");
	in.jti = WIMS_PL("a4f2c9d0-77aa-4b0e-8c11-012300000001");
	in.impu = wims_pl_str(impu);
	in.impi = WIMS_PL("gateway@ims.mnc001.mcc001.3gppnetwork.org");
	in.instance = WIMS_PL("<urn:uuid:8b2cfe5c-5f2e-4c4a-9d8e-012300000001>");
	in.wic_contact = wims_pl_str(contact);
	in.call_id = wims_pl_str(call_id);
	in.range = WIMS_PL("sip:web-!.*!@ims.mnc001.mcc001.3gppnetwork.org");
	assert_int_equal(wims_binding_begin(fs, &in, 0, user), WIMS_OK);
	assert_int_equal(wims_binding_commit(fs, i, &answer, 0), WIMS_OK);
}

/* All of it: the buckets of the hash tables count too. */
static void cost(void **state)
{
	struct wims_flows *fs = flow_new(&many);
	size_t empty = flow_memory.bytes, wics, calls;
	uint32_t i;

	(void)state;
	for(i = 1; i <= WICS; i++)
		register_wic(fs, i);
	wics = flow_memory.bytes;
	for(i = 1; i <= WICS; i++)
		(void)flow_call(fs, i, WIMS_PL("k2j4h5g6f7d8s9a0@wic.invalid"));
	calls = flow_memory.bytes - wics;
	printf("bytes: connection with binding %zu, of it %zu for hash tables; call %zu\n", wics / WICS,
		   empty / WICS, calls / WICS);
	assert_true(wics / WICS < COST_MAX);
	assert_true(calls / WICS < 1024);
	flow_free(fs);
}

/* A gateway: many IMPUs of a range on one connection. */
static void cost_in_range(void **state)
{
	static const struct wims_flow_limits gateway = {
			.connections = 1, .bindings_per_conn = WICS, .contacts_per_impu = 1, .cut_ms = 1500};
	struct wims_flows *fs = flow_new(&gateway);
	size_t before, each;
	uint32_t i;

	(void)state;
	flow_open(fs, 1, 0);
	before = flow_memory.bytes;
	for(i = 1; i <= WICS; i++)
		register_in_range(fs, i);
	each = (flow_memory.bytes - before) / WICS;
	printf("bytes: binding in a range %zu\n", each);
	assert_true(each < RANGE_COST_MAX);
	flow_free(fs);
}

/* Each step may fail for want of memory and for nothing else. */
static bool step(enum wims_reason r)
{
	if(r != WIMS_OK && r != WIMS_NOMEM)
		fail_msg("%s", wims_reason_text(r));
	return r == WIMS_OK;
}

static bool open_step(struct wims_flows *fs, uint32_t id)
{
	const struct wims_conn_in in = flow_conn(id);

	return step(wims_flow_open(fs, &in, 0));
}

static bool bind_step(struct wims_flows *fs, const struct wims_binding_in *in, int64_t now)
{
	const struct wims_core_answer answer = flow_answer(60000);
	char user[WIMS_CONTACT_USER_LEN + 1];

	return step(wims_binding_begin(fs, in, now, user))
		   && step(wims_binding_commit(fs, in->txn, &answer, now));
}

static bool call_step(struct wims_flows *fs, uint32_t conn)
{
	const struct wims_call_in in = flow_invite(conn, WIMS_PL("c1"));
	const struct wims_call_news news = {.core_target = WIMS_PL("sip:bob@198.51.100.7"),
										.core_routes = WIMS_PL("<sip:scscf.ims.test;lr>"),
										.has_routes = true,
										.confirmed = true};
	uint64_t id;

	return step(wims_call_open(fs, &in, 0, &id)) && step(wims_call_open(fs, &in, 0, &id))
		   && step(flow_answered(fs, &in, "ct", &news))
		   && step(flow_answered(fs, &in, "c2", &news));
}

/* Two devices, a refresh, a move, calls, a removal, a loss. True: all of it
 * was done. */
static bool scenario(struct wims_flows *fs)
{
	struct wims_binding_in in = flow_register(1, 1), other = flow_register(2, 2);
	bool ok = open_step(fs, 1) && open_step(fs, 2) && bind_step(fs, &in, 0);

	other.instance = WIMS_PL_NONE;
	in.range = other.range = WIMS_PL("sip:!.*!@ims.test");
	ok = ok && bind_step(fs, &other, 0) && call_step(fs, 1) && call_step(fs, 2);
	in.txn = 3;
	in.cseq++;
	ok = ok && bind_step(fs, &in, 1000);
	in.txn = 4;
	in.cseq++;
	in.conn = 2;
	ok = ok && bind_step(fs, &in, 2000);
	wims_flow_close(fs, 1, 3000, 1000, WIMS_PL("moved"), true);
	wims_flow_lost(fs, 2, 3000, WIMS_LOSS_CLOSED);
	ok = ok && open_step(fs, 3);
	in.txn = 5;
	in.cseq++;
	in.conn = 3;
	ok = ok && bind_step(fs, &in, 4000);
	in.txn = 6;
	in.cseq++;
	in.remove = true;
	return ok && bind_step(fs, &in, 5000);
}

/* What is registered must be told off in the end, one de-REGISTER for each. */
static void drain(struct wims_flows *fs)
{
	struct wims_flow_counts n;
	uint32_t id;

	for(id = 1; id <= 3; id++)
		wims_flow_lost(fs, id, 6000, WIMS_LOSS_CLOSED);
	wims_flow_counts(fs, &n);
	while(flow_next(fs, 1000000) >= 0)
		n.bindings -= flow_action.kind == WIMS_ACT_DEREG;
	assert_int_equal(n.bindings, 0);
	for(id = 1; id <= 4 * WIMS_FORKS_MAX; id++)
		wims_call_settle(fs, id / 2, 0);
	wims_flow_counts(fs, &n);
	assert_int_equal(n.connections + n.bindings + n.pending + n.calls, 0);
}

static void nth_allocation_fails(void **state)
{
	size_t n, base;
	bool done = false;

	(void)state;
	for(n = 1; n < SWEEP_MAX && !done; n++) {
		struct wims_flows *fs = flow_new(&flow_limits);

		base = flow_memory.asked;
		flow_memory.fail_at = base + n;
		done = scenario(fs) && flow_memory.asked < flow_memory.fail_at;
		flow_check(fs);
		drain(fs);
		flow_free(fs);
	}
	assert_true(done);
	assert_true(n > 30);
}

static void no_memory_from_the_nth_on(void **state)
{
	size_t n;

	(void)state;
	for(n = 1; n < 60; n++) {
		struct wims_flows *fs = flow_new(&flow_limits);
		uint32_t id;

		for(id = 1; id <= 60; id++) {
			struct wims_binding_in in = flow_register(id, 1 + id % 3);

			flow_memory.fail_at = id < n ? 0 : flow_memory.asked + 1;
			(void)(open_step(fs, 1 + id % 3) ? bind_step(fs, &in, 0) : false);
			wims_flow_close(fs, 1 + id % 3, 0, 1000, WIMS_PL("x"), id % 2 == 0);
			wims_flow_lost(fs, 1 + id % 3, 0, WIMS_LOSS_CLOSED);
		}
		flow_check(fs);
		drain(fs);
		flow_free(fs);
	}
}

static void no_table(void **state)
{
	size_t n;

	(void)state;
	for(n = 1; n < 50; n++) {
		struct wims_flows *fs;

		flow_memory = (struct flow_memory){.fail_at = n};
		fs = wims_flows_new(&flow_env, &flow_limits, flow_random);
		wims_flows_free(fs);
		assert_int_equal(flow_memory.blocks, 0);
		if(fs != NULL)
			break;
	}
	assert_in_range(n, 5, 20);
	flow_memory = (struct flow_memory){0};
	flow_random_works = false;
	assert_null(wims_flows_new(&flow_env, &flow_limits, flow_random));
	flow_random_works = true;
	assert_int_equal(flow_memory.blocks, 0);
	wims_flows_free(NULL);
}

/* A commit without memory: 503 to the WIC, and the core is told. */
static void commit_without_memory(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	const struct wims_core_answer answer = flow_answer(60000);
	struct wims_conn_view conn;
	char user[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_binding_begin(fs, &in, 0, user), WIMS_OK);
	flow_memory.fail_at = flow_memory.asked + 1;
	assert_int_equal(wims_binding_commit(fs, 1, &answer, 5), WIMS_NOMEM);
	flow_check(fs);
	assert_int_equal(wims_flow_check(fs, 1, &conn), WIMS_OK);
	assert_int_equal(conn.bindings + conn.subject.l, 0);
	assert_int_equal(flow_next(fs, 5), WIMS_ACT_DEREG);
	assert_string_equal(flow_action.binding.contact_user, user);
	flow_assert_pl(flow_action.binding.impi, "alice@ims.test");
	flow_assert_pl(flow_action.binding.domain, "ims.test");
	assert_int_equal(flow_next(fs, 5), -1);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(cost),
			cmocka_unit_test(cost_in_range),
			cmocka_unit_test(nth_allocation_fails),
			cmocka_unit_test(no_memory_from_the_nth_on),
			cmocka_unit_test(no_table),
			cmocka_unit_test(commit_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
