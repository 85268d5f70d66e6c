/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow_audit.h"

enum
{
	HEADER = 16 /* in front of each block, holds its size */
};

struct flow_memory flow_memory;
bool flow_random_works = true;
struct wims_action flow_action;
struct wims_binding_view flow_view;
static uint64_t dice = 1;

static void *counted_alloc(void *ctx, size_t n)
{
	struct flow_memory *m = ctx;
	char *block;

	m->asked++;
	if(m->asked == m->fail_at)
		return NULL;
	block = malloc(n + HEADER);
	if(block == NULL)
		abort();
	memcpy(block, &n, sizeof(n));
	memset(block + HEADER, 0xa5, n);
	m->blocks++;
	m->bytes += n;
	return block + HEADER;
}

static void counted_free(void *ctx, void *p)
{
	struct flow_memory *m = ctx;
	char *block = (char *)p - HEADER;
	size_t n;

	memcpy(&n, block, sizeof(n));
	m->blocks--;
	m->bytes -= n;
	free(block);
}

const struct wims_env flow_env = {
		.ctx = &flow_memory, .alloc = counted_alloc, .free = counted_free};

const struct wims_flow_limits flow_limits = {
		.connections = 10,
		.connections_per_peer = 10,
		.bindings_per_conn = 3,
		.calls_per_conn = 3,
		.contacts_per_impu = 2,
		.unregistered_ms = 0,
		.cut_ms = 1500,
};

void flow_dice_seed(uint64_t seed)
{
	dice = seed;
}

/* xorshift64* */
static uint64_t roll(void)
{
	dice ^= dice >> 12;
	dice ^= dice << 25;
	dice ^= dice >> 27;
	return dice * UINT64_C(2685821657736338717);
}

uint32_t flow_dice(uint32_t n)
{
	return (uint32_t)(roll() >> 32) % n;
}

bool flow_random(void *buf, size_t n)
{
	unsigned char *p = buf;
	size_t i;

	for(i = 0; i < n; i++)
		p[i] = (unsigned char)(roll() >> 56);
	return flow_random_works;
}

struct wims_flows *flow_new(const struct wims_flow_limits *limits)
{
	struct wims_flows *fs;

	flow_memory = (struct flow_memory){0};
	flow_random_works = true;
	flow_dice_seed(20260714);
	fs = wims_flows_new(&flow_env, limits, flow_random);
	assert_non_null(fs);
	return fs;
}

void flow_check(const struct wims_flows *fs)
{
	const char *broken = flow_audit(fs);

	if(broken != NULL)
		fail_msg("does not hold: %s", broken);
}

void flow_free(struct wims_flows *fs)
{
	flow_check(fs);
	wims_flows_free(fs);
	assert_int_equal(flow_memory.blocks, 0);
}

struct wims_conn_in flow_conn(uint32_t id)
{
	return (struct wims_conn_in){
			.id = id,
			.origin = WIMS_PL("https://wwsf.test"),
			.wwsf = WIMS_PL("wwsf.test"),
			.peer = WIMS_PL("\xc0\0\2\1"),
			.dereg_grace = 5000,
			.dialog_grace_lost = 0,
			.dialog_grace_silent = 10000,
			.calls_outlive_token = true,
	};
}

void flow_open(struct wims_flows *fs, uint32_t id, int64_t now)
{
	const struct wims_conn_in in = flow_conn(id);

	assert_int_equal(wims_flow_open(fs, &in, now), WIMS_OK);
}

struct wims_binding_in flow_register(uint64_t txn, uint32_t conn)
{
	return (struct wims_binding_in){
			.txn = txn,
			.conn = conn,
			.wwsf = WIMS_PL("wwsf.test"),
			.subject = WIMS_PL("alice"),
			.jti = WIMS_PL("jti-1"),
			.impi = WIMS_PL("alice@ims.test"),
			.impu = WIMS_PL("sip:alice@ims.test"),
			.instance = WIMS_PL("urn:uuid:1"),
			.wic_contact = WIMS_PL("sip:x@y.invalid;transport=ws"),
			.call_id = WIMS_PL("register-1"),
			.domain = WIMS_PL("ims.test"),
			.cseq = 7,
			.token_exp = 1800000000,
			.token_end = WIMS_FLOW_NEVER,
	};
}

struct wims_core_answer flow_answer(int64_t granted_ms)
{
	return (struct wims_core_answer){
			.service_route = WIMS_PL("<sip:scscf.ims.test:6060;lr>"),
			.associated = {WIMS_PL("sip:alice@ims.test"), WIMS_PL("tel:+491711234")},
			.associated_count = 2,
			.granted_ms = granted_ms,
			.core_granted_ms = granted_ms + 1000,
	};
}

void flow_bind(struct wims_flows *fs, const struct wims_binding_in *in, int64_t granted_ms,
			   int64_t now, char *user)
{
	const struct wims_core_answer answer = flow_answer(granted_ms);
	char name[WIMS_CONTACT_USER_LEN + 1];

	assert_int_equal(wims_binding_begin(fs, in, now, user != NULL ? user : name), WIMS_OK);
	assert_int_equal(wims_binding_commit(fs, in->txn, &answer, now), WIMS_OK);
}

struct wims_call_in flow_invite(uint32_t conn, struct wims_pl call_id)
{
	return (struct wims_call_in){
			.conn = conn,
			.kind = WIMS_CALL_INVITE,
			.wic_is_caller = true,
			.call_id = call_id,
			.caller_tag = WIMS_PL("wt"),
			.wic_uri = WIMS_PL("<sip:alice@ims.test>"),
			.core_uri = WIMS_PL("<sip:bob@ims.test>"),
			.wic_cseq = 1,
	};
}

enum wims_reason flow_answered(struct wims_flows *fs, const struct wims_call_in *in,
							   const char *tag, const struct wims_call_news *news)
{
	const struct wims_call_answer answer = {
			.conn = in->conn,
			.wic_is_caller = in->wic_is_caller,
			.call_id = in->call_id,
			.caller_tag = in->caller_tag,
			.callee_tag = wims_pl_str(tag),
	};

	return wims_call_answered(fs, &answer, news);
}

uint64_t flow_call(struct wims_flows *fs, uint32_t conn, struct wims_pl call_id)
{
	const struct wims_call_in in = flow_invite(conn, call_id);
	const struct wims_call_news news = {
			.core_target = WIMS_PL("sip:bob@198.51.100.7:5060"),
			.core_routes = WIMS_PL("<sip:scscf.ims.test:6060;lr>"),
			.has_routes = true,
			.confirmed = true,
	};
	uint64_t id;

	assert_int_equal(wims_call_open(fs, &in, 0, &id), WIMS_OK);
	assert_int_equal(flow_answered(fs, &in, "ct", &news), WIMS_OK);
	return id;
}

enum wims_reason flow_go(struct wims_flows *fs, uint64_t id, const char *uri)
{
	return wims_call_may_go(fs, id, wims_pl_str(uri));
}

enum wims_reason flow_along(struct wims_flows *fs, uint64_t id, const char *routes)
{
	struct wims_list list = {0};

	assert_int_equal(wims_list_add(&list, wims_pl_str(routes)), WIMS_OK);
	return wims_call_has_routes(fs, id, &list, 1);
}

int flow_next(struct wims_flows *fs, int64_t now)
{
	return wims_flows_next_action(fs, now, &flow_action) ? (int)flow_action.kind : -1;
}

size_t flow_bindings(const struct wims_flows *fs)
{
	struct wims_flow_counts n;

	wims_flow_counts(fs, &n);
	return n.bindings;
}

enum wims_reason flow_begin(struct wims_flows *fs, const struct wims_binding_in *in)
{
	char user[WIMS_CONTACT_USER_LEN + 1] = "x";
	enum wims_reason r = wims_binding_begin(fs, in, 0, user);

	assert_int_equal(strlen(user), r == WIMS_OK ? WIMS_CONTACT_USER_LEN : 0);
	flow_check(fs);
	return r;
}

enum wims_reason flow_commit(struct wims_flows *fs, uint64_t txn, int64_t granted, int64_t now)
{
	const struct wims_core_answer answer = flow_answer(granted);
	enum wims_reason r = wims_binding_commit(fs, txn, &answer, now);

	flow_check(fs);
	return r;
}

enum wims_reason flow_of_conn(struct wims_flows *fs, uint32_t conn, int64_t now)
{
	return wims_binding_of_conn(fs, conn, WIMS_PL_NONE, now, &flow_view);
}

void flow_assert_pl(struct wims_pl got, const char *want)
{
	assert_int_equal(got.l, strlen(want));
	assert_memory_equal(got.p, want, got.l);
}
