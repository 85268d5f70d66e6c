/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "jose/wims_alg_ossl.h"
#include "scarce.h"
#include "token/wims_exclusive.h"

#define NOW INT64_C(1800000000)
#define NAME_A "anonymous:41414141414141414141414141414141"
#define NAME_B "anonymous:42424242424242424242424242424242"

enum
{
	HOLDS_MAX = 4
};

static struct wims_wwsf acme = {.name = {"acme", 4}, .leeway = 60};
static struct wims_wwsf other = {.name = {"other", 5}, .leeway = 60};
static struct wims_exclusive *ex;
static struct wims_token t; /* of the last call */
static bool made;

static int setup(void **state)
{
	(void)state;
	ex = wims_exclusive_new(&wims_env_libc, HOLDS_MAX, wims_random);
	return ex == NULL;
}

static int teardown(void **state)
{
	(void)state;
	wims_exclusive_free(ex);
	return 0;
}

/* A token: text is what its digest is made of. */
struct shown
{
	const char *impi, *impu, *second, *subject, *conn_subject, *jti;
	char text;
	int64_t exp;
	const struct wims_wwsf *wwsf;
	bool ask;
};

static enum wims_reason show_to(struct wims_exclusive *to, const struct shown *s, int64_t now)
{
	unsigned char digest[WIMS_SHA256_LEN];
	const struct wims_exclusive_in in = {&t, digest,
										 wims_pl_str(s->conn_subject ? s->conn_subject : "")};

	memset(digest, s->text, sizeof(digest));
	t = (struct wims_token){.valid = true, .wwsf = s->wwsf ? s->wwsf : &acme};
	t.impi = wims_pl_str(s->impi);
	t.impus[0] = wims_pl_str(s->impu);
	t.impu_count = 1;
	if(s->second != NULL)
		t.impus[t.impu_count++] = wims_pl_str(s->second);
	t.subject = wims_pl_str(s->subject ? s->subject : "");
	t.jti = wims_pl_str(s->jti ? s->jti : "");
	t.exp = s->exp ? s->exp : NOW + 100;
	t.iat = NOW;
	return s->ask ? wims_exclusive_ask(to, &in, now) : wims_exclusive_take(to, &in, now, &made);
}

static void expect_at(int64_t now, struct shown s, const char *name)
{
	assert_int_equal(show_to(ex, &s, now), WIMS_OK);
	assert_true(wims_pl_eq(t.subject, wims_pl_str(name)));
}

static void expect(struct shown s, const char *name)
{
	expect_at(NOW, s, name);
}

static void refuse(struct shown s, enum wims_reason why)
{
	size_t n = wims_exclusive_count(ex);

	assert_int_equal(show_to(ex, &s, NOW), why);
	assert_false(made && !s.ask);
	if(s.subject == NULL)
		assert_int_equal(t.subject.l, 0);
	assert_int_equal(wims_exclusive_count(ex), n);
}

#define ALICE .impi = "a@ims.test", .impu = "sip:a@ims.test"

static void test_somebody_else(void **state)
{
	(void)state;
	expect((struct shown){ALICE, .text = 'A'}, NAME_A);
	refuse((struct shown){ALICE, .text = 'B'}, WIMS_IDENTITY_IN_USE);
	refuse((struct shown){ALICE, .text = 'B', .ask = true}, WIMS_IDENTITY_IN_USE);
	/* one of the two is enough */
	refuse((struct shown){.impi = "a@ims.test", .impu = "sip:b@ims.test", .text = 'B'},
		   WIMS_IDENTITY_IN_USE);
	refuse((struct shown){.impi = "b@ims.test", .impu = "sip:a@ims.test", .text = 'B'},
		   WIMS_IDENTITY_IN_USE);
	refuse((struct shown){.impi = "b@ims.test",
						  .impu = "sip:b@ims.test",
						  .second = "sip:a@ims.test",
						  .text = 'B'},
		   WIMS_IDENTITY_IN_USE);
	/* a subject does not help, whatever it is */
	refuse((struct shown){ALICE, .text = 'B', .subject = "s"}, WIMS_IDENTITY_IN_USE);
	refuse((struct shown){ALICE, .text = 'A', .subject = NAME_A, .conn_subject = NAME_A},
		   WIMS_IDENTITY_IN_USE);
	refuse((struct shown){.impi = "b@ims.test", .impu = "sip:a@ims.test", .subject = "s"},
		   WIMS_IDENTITY_IN_USE);
	/* nor does another connection's user */
	refuse((struct shown){ALICE, .text = 'B', .conn_subject = NAME_B}, WIMS_IDENTITY_IN_USE);
	refuse((struct shown){ALICE, .text = 'A', .wwsf = &other}, WIMS_IDENTITY_IN_USE);
	/* what is not held is nobody's */
	expect((struct shown){.impi = "b@ims.test", .impu = "sip:b@ims.test", .text = 'B'}, NAME_B);
	expect((struct shown){.impi = "c@ims.test", .impu = "sip:c@ims.test", .subject = "s"}, "s");
	assert_int_equal(wims_exclusive_count(ex), 2);
}

static void test_same_user(void **state)
{
	(void)state;
	expect((struct shown){ALICE, .text = 'A'}, NAME_A);
	assert_true(made);
	/* the page was loaded again: another connection */
	expect((struct shown){ALICE, .text = 'A'}, NAME_A);
	assert_false(made);
	/* a fresher token over its connection */
	expect((struct shown){ALICE, .text = 'B', .conn_subject = NAME_A, .exp = NOW + 200}, NAME_A);
	/* first and latest are good anywhere from then on */
	expect((struct shown){ALICE, .text = 'A'}, NAME_A);
	expect((struct shown){ALICE, .text = 'B', .exp = NOW + 200}, NAME_A);
	/* it is held as long as the latest */
	refuse((struct shown){ALICE, .text = 'C'}, WIMS_IDENTITY_IN_USE);
	expect_at(NOW + 259, (struct shown){ALICE, .text = 'B', .exp = NOW + 200}, NAME_A);
	expect_at(NOW + 260, (struct shown){ALICE, .text = 'B', .exp = NOW + 300}, NAME_B);
	assert_int_equal(wims_exclusive_count(ex), 1);
}

/* Not even the holder gets more than it holds. */
static void test_other_identities(void **state)
{
	(void)state;
	expect((struct shown){ALICE, .second = "sip:a2@ims.test", .text = 'A'}, NAME_A);
	refuse((struct shown){ALICE, .text = 'B', .conn_subject = NAME_A}, WIMS_IDENTITY_IN_USE);
	refuse((struct shown){ALICE, .second = "sip:a3@ims.test", .text = 'B', .conn_subject = NAME_A},
		   WIMS_IDENTITY_IN_USE);
	expect((struct shown){.impi = "a@ims.test",
						  .impu = "sip:a2@ims.test",
						  .second = "sip:a@ims.test",
						  .text = 'B',
						  .conn_subject = NAME_A},
		   NAME_A);
}

static void test_asking_holds_nothing(void **state)
{
	(void)state;
	expect((struct shown){ALICE, .text = 'A', .ask = true}, NAME_A);
	assert_int_equal(wims_exclusive_count(ex), 0);
	expect((struct shown){ALICE, .text = 'B'}, NAME_B);
	expect((struct shown){ALICE, .text = 'A', .ask = true, .conn_subject = NAME_B}, NAME_B);
	/* nor does it prolong */
	expect((struct shown){ALICE, .text = 'A', .ask = true, .conn_subject = NAME_B,
						  .exp = NOW + 900},
		   NAME_B);
	refuse((struct shown){ALICE, .text = 'A'}, WIMS_IDENTITY_IN_USE);
	expect_at(NOW + 160, (struct shown){ALICE, .text = 'C', .subject = "s"}, "s");
}

static void test_end(void **state)
{
	(void)state;
	expect((struct shown){ALICE, .text = 'A'}, NAME_A);
	assert_false(wims_exclusive_drop(ex, WIMS_PL("b@ims.test")));
	assert_true(wims_exclusive_drop(ex, WIMS_PL("a@ims.test")));
	assert_false(wims_exclusive_drop(ex, WIMS_PL("a@ims.test")));
	assert_int_equal(wims_exclusive_count(ex), 0);
	expect((struct shown){.impi = "b@ims.test", .impu = "sip:a@ims.test", .text = 'B'}, NAME_B);
	/* with the leeway, a token's end is the hold's */
	expect_at(NOW + 159,
			  (struct shown){.impi = "b@ims.test", .impu = "sip:a@ims.test", .text = 'B'}, NAME_B);
	expect_at(NOW + 160, (struct shown){ALICE, .text = 'A', .exp = NOW + 300}, NAME_A);
	assert_int_equal(wims_exclusive_count(ex), 1);
}

static void take_numbered(int i, int64_t now, enum wims_reason want)
{
	char impi[32], impu[32];
	const struct shown s = {.impi = impi, .impu = impu, .text = (char)(i + 1), .exp = now + 100};

	snprintf(impi, sizeof(impi), "u%d@ims.test", i);
	snprintf(impu, sizeof(impu), "sip:u%d@ims.test", i);
	assert_int_equal(show_to(ex, &s, now), want);
}

static void test_full(void **state)
{
	int i;

	(void)state;
	for(i = 0; i < HOLDS_MAX; i++)
		take_numbered(i, NOW, WIMS_OK);
	take_numbered(i, NOW, WIMS_LIMIT_REACHED);
	assert_int_equal(t.subject.l, 0);
	/* what has expired makes room */
	take_numbered(i, NOW + 160, WIMS_OK);
	assert_true(wims_exclusive_count(ex) <= HOLDS_MAX);
}

struct seen
{
	size_t count;
	struct wims_revocation revoked;
};

static bool see(void *ctx, const struct wims_hold *h)
{
	struct seen *seen = ctx;

	seen->count++;
	assert_true(wims_pl_starts(h->name, WIMS_PL(WIMS_ANONYMOUS_PREFIX)));
	assert_int_equal(h->impu_count, 1);
	assert_true(wims_pl_eq(wims_pl_from(h->impus[0], 4), h->impi));
	assert_true(wims_pl_eq(h->wwsf, WIMS_PL("acme")));
	return !wims_hold_revoked(h, &seen->revoked);
}

static size_t walk_at(int64_t now, struct seen *seen)
{
	uint64_t walk = 0;

	seen->count = 0;
	while(wims_exclusive_walk(ex, &walk, 1, now, see, seen))
		;
	return seen->count;
}

static bool others(const char *impi, const char *impu, const char *subject, int64_t now)
{
	return wims_exclusive_others(ex, wims_pl_str(impi), wims_pl_str(impu), wims_pl_str(subject),
								 now);
}

static void test_others(void **state)
{
	(void)state;
	assert_false(others("a@ims.test", "sip:a@ims.test", "s", NOW));
	expect((struct shown){ALICE, .text = 'A'}, NAME_A);
	assert_true(others("a@ims.test", "sip:b@ims.test", "s", NOW));
	assert_true(others("b@ims.test", "sip:a@ims.test", "s", NOW));
	assert_true(others("a@ims.test", "sip:a@ims.test", NAME_B, NOW));
	assert_false(others("a@ims.test", "sip:a@ims.test", NAME_A, NOW));
	assert_false(others("b@ims.test", "sip:b@ims.test", "s", NOW));
	assert_false(others("a@ims.test", "sip:a@ims.test", "s", NOW + 160));
}

static void test_walk(void **state)
{
	struct seen seen = {.revoked = {.kind = WIMS_REVOKE_JTI, .wwsf = WIMS_PL("acme")}};
	int i;

	(void)state;
	assert_int_equal(walk_at(NOW, &seen), 0);
	for(i = 0; i < HOLDS_MAX; i++)
		take_numbered(i, NOW + i, WIMS_OK);
	assert_int_equal(walk_at(NOW + 3, &seen), HOLDS_MAX);
	assert_int_equal(wims_exclusive_count(ex), HOLDS_MAX);
	/* what has expired is not shown, and goes */
	assert_int_equal(walk_at(NOW + 161, &seen), HOLDS_MAX - 2);
	assert_int_equal(wims_exclusive_count(ex), HOLDS_MAX - 2);
}

static void test_revoked(void **state)
{
	struct seen seen = {
			.revoked = {.kind = WIMS_REVOKE_JTI, .wwsf = WIMS_PL("acme"), .value = WIMS_PL("j1")}};

	(void)state;
	expect((struct shown){ALICE, .text = 'A', .jti = "j1"}, NAME_A);
	expect((struct shown){.impi = "b@ims.test", .impu = "sip:b@ims.test", .text = 'B', .jti = "j2"},
		   NAME_B);
	walk_at(NOW, &seen);
	assert_int_equal(wims_exclusive_count(ex), 1);
	/* by its subject: nobody else gets the identities */
	seen.revoked = (struct wims_revocation){
			.kind = WIMS_REVOKE_SUBJECT, .wwsf = WIMS_PL("acme"), .value = WIMS_PL(NAME_B)};
	walk_at(NOW, &seen);
	assert_int_equal(wims_exclusive_count(ex), 1);
	seen.revoked = (struct wims_revocation){
			.kind = WIMS_REVOKE_ISSUED_BEFORE, .wwsf = WIMS_PL("other"), .before = NOW + 1};
	walk_at(NOW, &seen);
	assert_int_equal(wims_exclusive_count(ex), 1);
	seen.revoked.wwsf = WIMS_PL("acme");
	walk_at(NOW, &seen);
	assert_int_equal(wims_exclusive_count(ex), 0);
}

/* There is no room for the subject. */
static void test_no_room(void **state)
{
	unsigned char digest[WIMS_SHA256_LEN] = {0};
	const struct wims_exclusive_in in = {&t, digest, WIMS_PL_NONE};

	(void)state;
	expect((struct shown){ALICE, .text = 'A'}, NAME_A);
	wims_exclusive_free(ex);
	assert_int_equal(setup(NULL), 0);
	t.subject = WIMS_PL_NONE;
	t.used = WIMS_TOKEN_TEXT_MAX - WIMS_ANONYMOUS_LEN + 1;
	assert_int_equal(wims_exclusive_take(ex, &in, NOW, &made), WIMS_CLAIM_VALUE);
	assert_int_equal(wims_exclusive_count(ex), 0);
	t.used--;
	assert_int_equal(wims_exclusive_take(ex, &in, NOW, &made), WIMS_OK);
	assert_int_equal(t.used, WIMS_TOKEN_TEXT_MAX);
}

static bool scripted(struct wims_exclusive *to)
{
	return show_to(to, &(struct shown){ALICE, .text = 'A'}, NOW) == WIMS_OK
		   && show_to(to, &(struct shown){ALICE, .text = 'A'}, NOW) == WIMS_OK;
}

static void test_out_of_memory(void **state)
{
	size_t n;
	bool done = false;

	(void)state;
	for(n = 0; !done && n < 50; n++) {
		struct scarce s;
		struct wims_exclusive *to;

		scarce_init(&s, n);
		to = wims_exclusive_new(&s.env, 10, wims_random);
		done = to != NULL && scripted(to);
		if(to != NULL && !done)
			assert_int_equal(wims_exclusive_count(to), 0);
		wims_exclusive_free(to);
		assert_int_equal(s.live, 0);
	}
	assert_true(done);
	assert_true(n > 2);
}

static bool no_random(void *buf, size_t n)
{
	(void)buf;
	(void)n;
	return false;
}

static void test_no_randomness(void **state)
{
	(void)state;
	assert_null(wims_exclusive_new(&wims_env_libc, 1, no_random));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
			TEST(test_somebody_else),
			TEST(test_same_user),
			TEST(test_other_identities),
			TEST(test_asking_holds_nothing),
			TEST(test_end),
			TEST(test_full),
			TEST(test_others),
			TEST(test_walk),
			TEST(test_revoked),
			TEST(test_no_room),
			cmocka_unit_test(test_out_of_memory),
			cmocka_unit_test(test_no_randomness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
