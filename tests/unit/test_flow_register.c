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

/* Begin, commit and abort of REGISTER transactions, and what the binding is
 * between them. */

static void registers(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	const struct wims_binding_in in = flow_register(1, 1);
	char user[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(wims_binding_begin(fs, &in, 10, user), WIMS_OK);
	assert_int_equal(strspn(user, "0123456789abcdef"), WIMS_CONTACT_USER_LEN);
	assert_int_equal(flow_of_conn(fs, 1, 10), WIMS_NOT_REGISTERED);
	assert_int_equal(flow_bindings(fs), 0);
	assert_int_equal(flow_commit(fs, 1, 60000, 100), WIMS_OK);
	assert_int_equal(flow_bindings(fs), 1);
	assert_int_equal(wims_binding_of_contact(fs, 1, wims_pl_str(user), 100, &flow_view), WIMS_OK);
	assert_int_equal(flow_view.conn, 1);
	assert_int_equal(flow_view.expires, 60100);
	assert_int_equal(flow_view.core_expires, 61100);
	assert_int_equal(flow_view.token_exp, 1800000000);
	assert_int_equal(flow_view.cseq, 7);
	assert_string_equal(flow_view.contact_user, user);
	flow_assert_pl(flow_view.wwsf, "wwsf.test");
	flow_assert_pl(flow_view.subject, "alice");
	flow_assert_pl(flow_view.jti, "jti-1");
	flow_assert_pl(flow_view.impi, "alice@ims.test");
	flow_assert_pl(flow_view.impu, "sip:alice@ims.test");
	flow_assert_pl(flow_view.instance, "urn:uuid:1");
	flow_assert_pl(flow_view.wic_contact, "sip:x@y.invalid;transport=ws");
	flow_assert_pl(flow_view.service_route, "<sip:scscf.ims.test:6060;lr>");
	flow_assert_pl(flow_view.call_id, "register-1");
	flow_assert_pl(flow_view.domain, "ims.test");
	flow_assert_pl(flow_view.asserted, "sip:alice@ims.test");
	assert_int_equal(flow_view.associated_count, 2);
	flow_assert_pl(flow_view.associated[1], "tel:+491711234");
	assert_int_equal(flow_commit(fs, 1, 60000, 100), WIMS_INTERNAL);
	flow_free(fs);
}

/* What begin refuses; each row spoils one good request. */
struct refusal
{
	const char *name;
	void (*spoil)(struct wims_binding_in *in);
	enum wims_reason want;
};

static char longer[2000];

static void spoil_conn(struct wims_binding_in *in)
{
	in->conn = 9;
}
static void spoil_closing(struct wims_binding_in *in)
{
	in->conn = 2;
}
static void spoil_wwsf(struct wims_binding_in *in)
{
	in->wwsf = WIMS_PL("other.test");
}
static void spoil_subject(struct wims_binding_in *in)
{
	in->subject = WIMS_PL("mallory");
}
static void spoil_txn(struct wims_binding_in *in)
{
	in->txn = 100;
}
static void spoil_remove(struct wims_binding_in *in)
{
	in->remove = true;
	in->instance = WIMS_PL("urn:uuid:unknown");
}
static void spoil_remove_all(struct wims_binding_in *in)
{
	in->remove_all = true;
	in->impi = WIMS_PL("other@ims.test");
}
static void no_impi(struct wims_binding_in *in)
{
	in->impi = WIMS_PL_NONE;
}
static void no_impu(struct wims_binding_in *in)
{
	in->impu = WIMS_PL_NONE;
}
static void no_device(struct wims_binding_in *in)
{
	in->instance = WIMS_PL_NONE;
	in->wic_contact = WIMS_PL_NONE;
}

static const struct refusal refusals[] = {
		{"unknown connection", spoil_conn, WIMS_FLOW_UNKNOWN},
		{"closing connection", spoil_closing, WIMS_FLOW_CLOSING},
		{"another WWSF", spoil_wwsf, WIMS_WWSF_MISMATCH},
		{"another subject", spoil_subject, WIMS_SUBJECT_MISMATCH},
		{"a txn twice", spoil_txn, WIMS_INTERNAL},
		{"remove the unknown", spoil_remove, WIMS_NOT_REGISTERED},
		{"remove all of the unknown", spoil_remove_all, WIMS_NOT_REGISTERED},
		{"no IMPI", no_impi, WIMS_REQUEST_MALFORMED},
		{"no IMPU", no_impu, WIMS_REQUEST_MALFORMED},
		{"no device", no_device, WIMS_REQUEST_MALFORMED},
};

static void refuses(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	size_t i;

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	wims_flow_close(fs, 2, 0, 1000, WIMS_PL_NONE, false);
	flow_bind(fs, &in, 60000, 0, NULL);
	in = flow_register(100, 1);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	for(i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		enum wims_reason got;

		in = flow_register(101, 1);
		refusals[i].spoil(&in);
		got = flow_begin(fs, &in);
		if(got != refusals[i].want)
			fail_msg("%s: %s", refusals[i].name, wims_reason_text(got));
	}
	flow_free(fs);
}

/* Each text at its maximum is taken and shown, one byte more is refused. */
static void long_texts(void **state)
{
	static const struct
	{
		size_t at, max;
	} texts[] = {
			{offsetof(struct wims_binding_in, jti), WIMS_FLOW_TEXT_MAX},
			{offsetof(struct wims_binding_in, impi), WIMS_FLOW_TEXT_MAX},
			{offsetof(struct wims_binding_in, impu), WIMS_FLOW_TEXT_MAX},
			{offsetof(struct wims_binding_in, instance), WIMS_FLOW_TEXT_MAX},
			{offsetof(struct wims_binding_in, wic_contact), WIMS_CONTACT_URI_MAX},
			{offsetof(struct wims_binding_in, call_id), WIMS_CALLID_MAX},
			{offsetof(struct wims_binding_in, owner), WIMS_FLOW_TEXT_MAX},
			{offsetof(struct wims_binding_in, domain), WIMS_FLOW_TEXT_MAX},
			{offsetof(struct wims_binding_in, subject), WIMS_FLOW_TEXT_MAX},
	};
	struct wims_flows *fs = flow_new(&flow_limits);
	size_t i;

	(void)state;
	memset(longer, 'a', sizeof(longer));
	flow_open(fs, 1, 0);
	for(i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct wims_binding_in in = flow_register(i + 1, 1);
		struct wims_pl *text = (struct wims_pl *)(void *)((char *)&in + texts[i].at);

		*text = (struct wims_pl){longer, texts[i].max + 1};
		assert_int_equal(flow_begin(fs, &in), WIMS_REQUEST_MALFORMED);
		text->l = texts[i].max;
		assert_int_equal(flow_begin(fs, &in), WIMS_OK);
		wims_binding_abort(fs, in.txn, 0, false);
	}
	flow_free(fs);
}

static void longest_view(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_conn_in conn = flow_conn(1);
	struct wims_binding_in in = flow_register(1, 1);
	struct wims_core_answer answer = flow_answer(60000);
	char impus[WIMS_ASSOCIATED_MAX][WIMS_FLOW_TEXT_MAX], user[WIMS_CONTACT_USER_LEN + 1];
	struct wims_pl most = {longer, WIMS_FLOW_TEXT_MAX};
	size_t i;

	(void)state;
	memset(longer, 'a', sizeof(longer));
	in.subject = in.jti = in.impi = in.impu = in.instance = in.domain = in.call_id = most;
	in.wwsf = conn.wwsf = in.owner = most;
	answer.since = INT64_MAX;
	in.wic_contact = (struct wims_pl){longer, WIMS_CONTACT_URI_MAX};
	answer.service_route = (struct wims_pl){longer, WIMS_ROUTES_MAX};
	answer.associated_count = WIMS_ASSOCIATED_MAX;
	for(i = 0; i < WIMS_ASSOCIATED_MAX; i++) {
		memset(impus[i], 'b' + (int)i, WIMS_FLOW_TEXT_MAX);
		answer.associated[i] = (struct wims_pl){impus[i], WIMS_FLOW_TEXT_MAX};
	}
	assert_int_equal(wims_flow_open(fs, &conn, 0), WIMS_OK);
	assert_int_equal(wims_binding_begin(fs, &in, 0, user), WIMS_OK);
	assert_int_equal(wims_binding_commit(fs, 1, &answer, 0), WIMS_OK);
	assert_int_equal(flow_of_conn(fs, 1, 0), WIMS_OK);
	assert_int_equal(flow_view.associated_count, WIMS_ASSOCIATED_MAX);
	assert_memory_equal(flow_view.associated[15].p, impus[15], WIMS_FLOW_TEXT_MAX);
	assert_int_equal(flow_view.service_route.l, WIMS_ROUTES_MAX);
	assert_int_equal(flow_view.owner.l, WIMS_FLOW_TEXT_MAX);
	assert_true(flow_view.since == INT64_MAX);
	flow_free(fs);
}

/* An answer of the core that does not fit: the binding is told off again. */
static void bad_answers(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	int i;

	(void)state;
	memset(longer, 'a', sizeof(longer));
	flow_open(fs, 1, 0);
	for(i = 0; i < 4; i++) {
		const struct wims_binding_in in = flow_register(1, 1);
		struct wims_core_answer answer = flow_answer(60000);

		answer.service_route.l = i == 0 ? WIMS_ROUTES_MAX + 1 : 0;
		answer.associated[1].l = i == 1 ? WIMS_FLOW_TEXT_MAX + 1 : i == 2 ? 0 : 1;
		answer.associated_count = i == 3 ? WIMS_ASSOCIATED_MAX + 1 : 2;
		answer.service_route.p = answer.associated[1].p = longer;
		assert_int_equal(flow_begin(fs, &in), WIMS_OK);
		assert_int_equal(wims_binding_commit(fs, 1, &answer, 5), WIMS_CORE_ANSWER_BAD);
		flow_check(fs);
		assert_int_equal(flow_of_conn(fs, 1, 5), WIMS_NOT_REGISTERED);
		assert_int_equal(flow_next(fs, 5), WIMS_ACT_DEREG);
		flow_assert_pl(flow_action.binding.domain, "ims.test");
		assert_int_equal(flow_next(fs, 100000), -1);
	}
	flow_free(fs);
}

static void refresh_keeps_the_name(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	char first[WIMS_CONTACT_USER_LEN + 1], second[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 60000, 0, first);
	in.txn = 2;
	in.cseq = 8;
	in.jti = WIMS_PL("jti-2");
	in.wic_contact = WIMS_PL("sip:z@z.invalid");
	flow_bind(fs, &in, 60000, 30000, second);
	assert_string_equal(first, second);
	assert_int_equal(flow_bindings(fs), 1);
	assert_int_equal(flow_of_conn(fs, 1, 30000), WIMS_OK);
	assert_int_equal(flow_view.expires, 90000);
	assert_int_equal(flow_view.cseq, 8);
	flow_assert_pl(flow_view.jti, "jti-2");
	assert_int_equal(flow_next(fs, 89999), -1);
	flow_free(fs);
}

/* Each of IMPI, IMPU, instance makes another binding; without an instance the
 * Contact does, and it is never taken for an instance of the same text. */
static void keys(void **state)
{
	static const struct wims_flow_limits limits = {
			.connections = 2, .bindings_per_conn = 10, .calls_per_conn = 1};
	struct wims_flows *fs = flow_new(&limits);
	struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	in = flow_register(2, 1);
	in.impi = WIMS_PL("b@ims.test");
	flow_bind(fs, &in, 60000, 0, NULL);
	in = flow_register(3, 1);
	in.impu = WIMS_PL("sip:b@ims.test");
	flow_bind(fs, &in, 60000, 0, NULL);
	in = flow_register(4, 1);
	in.instance = WIMS_PL("urn:uuid:2");
	flow_bind(fs, &in, 60000, 0, NULL);
	assert_int_equal(flow_bindings(fs), 4);
	in = flow_register(5, 1);
	in.instance = WIMS_PL_NONE;
	in.wic_contact = WIMS_PL("urn:uuid:1");
	flow_bind(fs, &in, 60000, 0, NULL);
	assert_int_equal(flow_bindings(fs), 5);
	in.txn = 6;
	flow_bind(fs, &in, 60000, 0, NULL);
	assert_int_equal(flow_bindings(fs), 5);
	flow_free(fs);
}

static void removes(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	in.txn = 2;
	in.remove = true;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	wims_binding_abort(fs, 2, 5, true);
	assert_int_equal(flow_of_conn(fs, 1, 5), WIMS_OK);
	in.txn = 3;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(flow_commit(fs, 3, 60000, 5), WIMS_OK);
	assert_int_equal(flow_bindings(fs), 0);
	/* a refresh that the core grants no time is a removal too */
	in = flow_register(4, 1);
	flow_bind(fs, &in, 60000, 10, NULL);
	in.txn = 5;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(flow_commit(fs, 5, 0, 11), WIMS_OK);
	assert_int_equal(flow_bindings(fs), 0);
	assert_int_equal(flow_next(fs, 1000000 - WIMS_TXN_MAX_MS), -1);
	flow_free(fs);
}

/* Contact: *: the binding that the REGISTER named goes without a word, the
 * others of that IMPI and IMPU by a de-REGISTER each, those of others stay. */
static void removes_all(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	char own[WIMS_CONTACT_USER_LEN + 1], other[WIMS_CONTACT_USER_LEN + 1];
	char named[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	flow_bind(fs, &in, 60000, 0, own);
	in = flow_register(2, 2);
	in.instance = WIMS_PL("urn:uuid:2");
	flow_bind(fs, &in, 60000, 0, other);
	in = flow_register(3, 2);
	in.impi = WIMS_PL("bob@ims.test");
	flow_bind(fs, &in, 60000, 0, NULL);
	in = flow_register(4, 1);
	in.remove_all = true;
	in.instance = WIMS_PL_NONE;
	in.wic_contact = WIMS_PL("*");
	assert_int_equal(wims_binding_begin(fs, &in, 5, named), WIMS_OK);
	assert_string_equal(named, own);
	assert_int_equal(flow_commit(fs, 4, 0, 6), WIMS_OK);
	assert_int_equal(flow_of_conn(fs, 1, 6), WIMS_NOT_REGISTERED);
	assert_int_equal(wims_binding_of_contact(fs, 2, wims_pl_str(other), 6, &flow_view),
					 WIMS_TARGET_UNREGISTERED);
	assert_int_equal(flow_next(fs, 6), WIMS_ACT_DEREG);
	assert_string_equal(flow_action.binding.contact_user, other);
	assert_int_equal(flow_next(fs, 6), -1);
	assert_int_equal(flow_bindings(fs), 1);
	flow_free(fs);
}

static void aborts(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	char user[WIMS_CONTACT_USER_LEN + 1];

	(void)state;
	flow_open(fs, 1, 0);
	/* a new one leaves nothing behind */
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	wims_binding_abort(fs, 1, 5, false);
	flow_check(fs);
	assert_int_equal(flow_next(fs, 100000), -1);
	/* the core may have taken it: told off by the name it was given */
	assert_int_equal(wims_binding_begin(fs, &in, 5, user), WIMS_OK);
	wims_binding_abort(fs, 1, 6, true);
	flow_check(fs);
	assert_int_equal(flow_of_conn(fs, 1, 6), WIMS_NOT_REGISTERED);
	assert_int_equal(flow_next(fs, 6), WIMS_ACT_DEREG);
	assert_string_equal(flow_action.binding.contact_user, user);
	flow_assert_pl(flow_action.binding.call_id, "register-1");
	/* one that was there stays */
	flow_bind(fs, &in, 60000, 10, NULL);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	wims_binding_abort(fs, 1, 11, true);
	assert_int_equal(flow_of_conn(fs, 1, 11), WIMS_OK);
	assert_int_equal(flow_view.expires, 60010);
	wims_binding_abort(fs, 1, 12, true); /* unknown by now */
	flow_free(fs);
}

/* Whose connection it is: claimed by the first REGISTER, free again when that
 * fails, fixed when it succeeds. */
static void subject_of_a_connection(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	struct wims_conn_view conn;

	(void)state;
	flow_open(fs, 1, 0);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	in.txn = 2;
	in.subject = WIMS_PL("bob");
	assert_int_equal(flow_begin(fs, &in), WIMS_SUBJECT_MISMATCH);
	assert_int_equal(wims_flow_check(fs, 1, &conn), WIMS_OK);
	assert_int_equal(conn.subject.l, 0);
	wims_binding_abort(fs, 1, 0, false);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	assert_int_equal(flow_commit(fs, 2, 60000, 0), WIMS_OK);
	assert_int_equal(wims_flow_check(fs, 1, &conn), WIMS_OK);
	flow_assert_pl(conn.subject, "bob");
	in.txn = 3;
	in.remove = true;
	flow_bind(fs, &in, 0, 0, NULL);
	in = flow_register(4, 1);
	assert_int_equal(flow_begin(fs, &in), WIMS_SUBJECT_MISMATCH);
	flow_free(fs);
}

static void limits(void **state)
{
	static const struct wims_flow_limits two = {
			.connections = 2, .bindings_per_conn = 2, .calls_per_conn = 1};
	struct wims_flows *fs = flow_new(&two);
	struct wims_binding_in in = flow_register(1, 1);
	uint64_t txn;

	(void)state;
	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	in.impu = WIMS_PL("sip:b@ims.test");
	in.txn = 2;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK); /* the place is kept while open */
	in.impu = WIMS_PL("sip:c@ims.test");
	in.txn = 3;
	assert_int_equal(flow_begin(fs, &in), WIMS_LIMIT_REACHED);
	in = flow_register(3, 1);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK); /* a refresh needs none */
	in.impu = WIMS_PL("sip:b@ims.test");
	in.txn = 4;
	assert_int_equal(flow_begin(fs, &in), WIMS_OK); /* nor does a second try */
	for(txn = 5; txn <= 9; txn++) {
		in.txn = txn;
		assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	}
	in.txn = txn;
	assert_int_equal(flow_begin(fs, &in), WIMS_LIMIT_REACHED); /* too many open */
	wims_binding_abort(fs, 2, 0, false);
	in.impu = WIMS_PL("sip:c@ims.test");
	assert_int_equal(flow_begin(fs, &in), WIMS_LIMIT_REACHED); /* 4 keeps the place */
	for(txn = 4; txn <= 9; txn++)
		wims_binding_abort(fs, txn, 0, false);
	assert_int_equal(flow_begin(fs, &in), WIMS_OK);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(registers),
			cmocka_unit_test(refuses),
			cmocka_unit_test(long_texts),
			cmocka_unit_test(longest_view),
			cmocka_unit_test(bad_answers),
			cmocka_unit_test(refresh_keeps_the_name),
			cmocka_unit_test(keys),
			cmocka_unit_test(removes),
			cmocka_unit_test(removes_all),
			cmocka_unit_test(aborts),
			cmocka_unit_test(subject_of_a_connection),
			cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
