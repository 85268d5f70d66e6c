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

#include "flow/wims_flow_int.h"
#include "flow_help.h"

/* Finding bindings: for originating and terminating requests, and by the
 * indexes. */

struct visit
{
	size_t n, stop_at;
	char users[8][WIMS_CONTACT_USER_LEN + 1];
};

static bool note(void *ctx, const struct wims_binding_view *view)
{
	struct visit *v = ctx;

	assert_true(v->n < 8);
	memcpy(v->users[v->n++], view->contact_user, sizeof(view->contact_user));
	return v->n != v->stop_at;
}

static size_t by(struct wims_flows *fs, enum wims_index index, const char *key)
{
	struct visit v = {0};
	size_t n = wims_bindings_by(fs, index, wims_pl_str(key), note, &v);

	assert_int_equal(n, v.n);
	return n;
}

/* alice on 1 with two sets of IMPUs, bob on 2 */
static struct wims_flows *populated(char users[3][WIMS_CONTACT_USER_LEN + 1])
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);
	struct wims_core_answer answer = flow_answer(60000);

	flow_open(fs, 1, 0);
	flow_open(fs, 2, 0);
	flow_bind(fs, &in, 60000, 0, users[0]);
	in.txn = 2;
	in.impu = WIMS_PL("sip:alice.work@ims.test");
	in.jti = WIMS_PL_NONE;
	answer.associated[0] = WIMS_PL("sip:sales@ims.test");
	answer.associated[1] = WIMS_PL("sip:sales@ims.test");
	answer.associated[2] = WIMS_PL("sip:alice.work@ims.test");
	answer.associated_count = 3;
	assert_int_equal(wims_binding_begin(fs, &in, 0, users[1]), WIMS_OK);
	assert_int_equal(wims_binding_commit(fs, 2, &answer, 0), WIMS_OK);
	in = flow_register(3, 2);
	in.subject = WIMS_PL("bob");
	in.impi = WIMS_PL("bob@ims.test");
	in.impu = WIMS_PL("sip:bob@ims.test");
	answer.associated_count = 0;
	assert_int_equal(wims_binding_begin(fs, &in, 0, users[2]), WIMS_OK);
	assert_int_equal(wims_binding_commit(fs, 3, &answer, 0), WIMS_OK);
	flow_check(fs);
	return fs;
}

static void preferred_identity(void **state)
{
	static const struct
	{
		uint32_t conn;
		const char *preferred;
		int user;
		const char *asserted;
	} rows[] = {
			{1, "", 0, "sip:alice@ims.test"},
			{1, "sip:alice@ims.test", 0, "sip:alice@ims.test"},
			{1, "tel:+491711234", 0, "tel:+491711234"},
			{1, "sip:sales@ims.test", 1, "sip:sales@ims.test"},
			{1, "sip:alice.work@ims.test", 1, "sip:alice.work@ims.test"},
			{1, "sip:bob@ims.test", 0, "sip:alice@ims.test"},
			{1, "sip:ALICE@ims.test", 0, "sip:alice@ims.test"},
			{2, "sip:alice@ims.test", 2, "sip:bob@ims.test"},
			{2, "", 2, "sip:bob@ims.test"},
	};
	char users[3][WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = populated(users);
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(wims_binding_of_conn(fs, rows[i].conn, wims_pl_str(rows[i].preferred), 0,
											  &flow_view),
						 WIMS_OK);
		assert_string_equal(flow_view.contact_user, users[rows[i].user]);
		flow_assert_pl(flow_view.asserted, rows[i].asserted);
	}
	assert_int_equal(flow_of_conn(fs, 3, 0), WIMS_FLOW_UNKNOWN);
	assert_int_equal(flow_view.contact_user[0], '\0');
	flow_free(fs);
}

/* An IMPU that the core did not associate (a barred one) is not asserted. */
static void barred_impu(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	struct wims_binding_in in = flow_register(1, 1);

	(void)state;
	flow_open(fs, 1, 0);
	flow_bind(fs, &in, 60000, 0, NULL);
	in.txn = 2;
	in.impu = WIMS_PL("sip:temporary@ims.test");
	flow_bind(fs, &in, 60000, 0, NULL);
	assert_int_equal(wims_binding_of_conn(fs, 1, in.impu, 0, &flow_view), WIMS_OK);
	flow_assert_pl(flow_view.asserted, "sip:alice@ims.test");
	flow_assert_pl(flow_view.impu, "sip:alice@ims.test");
	assert_int_equal(flow_view.associated_count, 2);
	assert_int_equal(by(fs, WIMS_BY_IMPU, "sip:temporary@ims.test"), 1);
	flow_free(fs);
}

static void terminating(void **state)
{
	char users[3][WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = populated(users);
	struct wims_pl bob = wims_pl_str(users[2]);

	(void)state;
	assert_int_equal(wims_binding_of_contact(fs, 2, bob, 0, &flow_view), WIMS_OK);
	flow_assert_pl(flow_view.impu, "sip:bob@ims.test");
	assert_int_equal(wims_binding_of_contact(fs, 1, bob, 0, &flow_view), WIMS_TARGET_UNREGISTERED);
	assert_int_equal(flow_view.conn, 0);
	assert_int_equal(wims_binding_of_contact(fs, 3, bob, 0, &flow_view), WIMS_FLOW_GONE);
	bob.l--;
	assert_int_equal(wims_binding_of_contact(fs, 2, bob, 0, &flow_view), WIMS_TARGET_UNREGISTERED);
	assert_int_equal(wims_binding_of_contact(fs, 2, WIMS_PL_NONE, 0, &flow_view),
					 WIMS_TARGET_UNREGISTERED);
	flow_free(fs);
}

/* Over is over, whether or not the core has been told. */
static void expired(void **state)
{
	char users[3][WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = populated(users);
	struct wims_pl bob = wims_pl_str(users[2]);

	(void)state;
	assert_int_equal(flow_of_conn(fs, 2, 59999), WIMS_OK);
	assert_int_equal(wims_binding_of_contact(fs, 2, bob, 59999, &flow_view), WIMS_OK);
	assert_int_equal(flow_of_conn(fs, 2, 60000), WIMS_NOT_REGISTERED);
	assert_int_equal(wims_binding_of_contact(fs, 2, bob, 60000, &flow_view),
					 WIMS_TARGET_UNREGISTERED);
	flow_free(fs);
}

enum
{
	TRIES = 300000 /* some ten pairs of 32 bits among them */
};

static int by_hash(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

static struct wims_pl impu_of(uint32_t i, char text[32])
{
	snprintf(text, 32, "sip:u%u@ims.test", i);
	return wims_pl_str(text);
}

/* Two IMPUs that the table hashes alike. */
static void colliding(const struct wims_flows *fs, uint32_t pair[2])
{
	static uint32_t hashes[TRIES][2];
	char text[32];
	uint32_t i;

	for(i = 0; i < TRIES; i++) {
		const struct wims_pl impu = impu_of(i, text);

		hashes[i][0] = wims_hash_slices(&fs->key, &impu, 1);
		hashes[i][1] = i;
	}
	qsort(hashes, TRIES, sizeof(hashes[0]), by_hash);
	for(i = 1; i < TRIES && hashes[i][0] != hashes[i - 1][0]; i++)
		;
	assert_true(i < TRIES);
	pair[0] = hashes[i - 1][1];
	pair[1] = hashes[i][1];
}

static void hashed_alike(void **state)
{
	struct wims_flows *fs = flow_new(&flow_limits);
	char text[2][32];
	uint32_t pair[2], i;

	(void)state;
	colliding(fs, pair);
	flow_open(fs, 1, 0);
	for(i = 0; i < 2; i++) {
		struct wims_binding_in in = flow_register(i + 1, 1);

		in.impu = impu_of(pair[i], text[i]);
		flow_bind(fs, &in, 60000, 0, NULL);
	}
	assert_int_equal(by(fs, WIMS_BY_IMPU, text[0]), 1);
	assert_int_equal(by(fs, WIMS_BY_IMPU, text[1]), 1);
	flow_free(fs);
}

static void indexes(void **state)
{
	char users[3][WIMS_CONTACT_USER_LEN + 1];
	struct wims_flows *fs = populated(users);
	struct visit v = {.stop_at = 1};
	struct wims_binding_in in = flow_register(4, 1);

	(void)state;
	assert_int_equal(by(fs, WIMS_BY_SUBJECT, "alice"), 2);
	assert_int_equal(by(fs, WIMS_BY_SUBJECT, "bob"), 1);
	assert_int_equal(by(fs, WIMS_BY_SUBJECT, "jti-1"), 0);
	assert_int_equal(by(fs, WIMS_BY_JTI, "jti-1"), 2);
	assert_int_equal(by(fs, WIMS_BY_JTI, ""), 0);
	assert_int_equal(by(fs, WIMS_BY_IMPU, "tel:+491711234"), 1);
	assert_int_equal(by(fs, WIMS_BY_IMPU, "sip:sales@ims.test"), 1);
	assert_int_equal(by(fs, WIMS_BY_IMPU, "sip:nobody@ims.test"), 0);
	assert_int_equal(wims_bindings_by(fs, WIMS_BY_SUBJECT, WIMS_PL("alice"), note, &v), 1);
	/* waiting ones are found, given up ones are not */
	wims_flow_lost(fs, 2, 0, WIMS_LOSS_CLOSED);
	assert_int_equal(by(fs, WIMS_BY_SUBJECT, "bob"), 1);
	wims_flow_close(fs, 1, 0, 1000, WIMS_PL_NONE, true);
	assert_int_equal(by(fs, WIMS_BY_SUBJECT, "alice"), 0);
	/* a refresh leaves nothing of the former registration behind */
	flow_open(fs, 3, 0);
	in.conn = 3;
	in.subject = WIMS_PL("alice");
	in.jti = WIMS_PL("jti-9");
	flow_bind(fs, &in, 60000, 0, NULL);
	assert_int_equal(by(fs, WIMS_BY_JTI, "jti-1"), 1);
	assert_int_equal(by(fs, WIMS_BY_JTI, "jti-9"), 1);
	flow_free(fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(preferred_identity),
			cmocka_unit_test(barred_impu),
			cmocka_unit_test(terminating),
			cmocka_unit_test(expired),
			cmocka_unit_test(indexes),
			cmocka_unit_test(hashed_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
