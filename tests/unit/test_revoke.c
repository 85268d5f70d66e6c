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
#include "sweep.h"
#include "token/wims_claims.h"
#include "token/wims_revoke.h"

#define NOW INT64_C(1800000000)

static struct wims_revokes *rs;

static int setup(void **state)
{
	(void)state;
	rs = wims_revokes_new(&wims_env_libc, 3, wims_random);
	return rs == NULL;
}

static int teardown(void **state)
{
	(void)state;
	wims_revokes_free(rs);
	return 0;
}

static struct wims_revocation of(enum wims_revoke_kind kind, const char *wwsf, const char *value)
{
	return (struct wims_revocation){.kind = kind,
									.wwsf = wims_pl_str(wwsf),
									.value = wims_pl_str(value),
									.expires = NOW + 100};
}

static struct wims_revocation before(const char *wwsf, int64_t time)
{
	struct wims_revocation r = of(WIMS_REVOKE_ISSUED_BEFORE, wwsf, "");

	r.before = time;
	return r;
}

static void add(struct wims_revocation r)
{
	assert_int_equal(wims_revokes_add(rs, &r), WIMS_OK);
}

static void refuse(struct wims_revocation r, enum wims_reason why)
{
	size_t n = wims_revokes_count(rs);

	assert_int_equal(wims_revokes_add(rs, &r), why);
	assert_int_equal(wims_revokes_count(rs), n);
}

/* Is this token revoked at that time? */
static bool revoked_at(int64_t now, const char *wwsf, const char *jti, const char *subject,
					   int64_t iat)
{
	const struct wims_revoke_token t = {wims_pl_str(wwsf), wims_pl_str(jti), wims_pl_str(subject),
										iat};
	enum wims_reason r = wims_revokes_check(rs, &t, now);

	assert_true(r == WIMS_OK || r == WIMS_TOKEN_REVOKED);
	return r == WIMS_TOKEN_REVOKED;
}

static bool revoked(const char *wwsf, const char *jti, const char *subject, int64_t iat)
{
	return revoked_at(NOW, wwsf, jti, subject, iat);
}

static void expire_all(struct wims_revokes *in, int64_t now, size_t part)
{
	struct wims_revoke_walk walk = {0};

	while(wims_revokes_expire(in, &walk, part, now))
		;
}

static void test_jti(void **state)
{
	(void)state;
	assert_false(revoked("w", "a", "s", 1));
	add(of(WIMS_REVOKE_JTI, "w", "a"));
	assert_true(revoked("w", "a", "s", NOW));
	assert_true(revoked("w", "a", "other", 0));
	assert_false(revoked("w", "b", "s", 1));
	assert_false(revoked("w", "A", "s", 1));
	assert_false(revoked("w", "aa", "s", 1));
	assert_false(revoked("w", "", "s", 1));
	assert_false(revoked("w", "b", "a", 1)); /* a subject is no jti */
	assert_false(revoked("v", "a", "s", 1)); /* another WWSF's */
	assert_false(revoked("wa", "", "s", 1));
}

static void test_subject(void **state)
{
	(void)state;
	add(of(WIMS_REVOKE_SUBJECT, "w", "s"));
	assert_true(revoked("w", "a", "s", NOW));
	assert_true(revoked("w", "", "s", 0));
	assert_false(revoked("w", "s", "t", 1));
	assert_false(revoked("w", "a", "", 1));
	assert_false(revoked("v", "a", "s", 1));
}

static void test_issued_before(void **state)
{
	(void)state;
	add(before("w", NOW - 10));
	assert_true(revoked("w", "a", "s", NOW - 11));
	assert_true(revoked("w", "a", "s", 0));
	assert_false(revoked("w", "a", "s", NOW - 10));
	assert_false(revoked("w", "a", "s", NOW));
	assert_false(revoked("v", "a", "s", 1));
	/* the later time and the later end, whichever comes first */
	add(before("w", NOW - 20));
	assert_false(revoked("w", "a", "s", NOW - 10));
	assert_true(revoked("w", "a", "s", NOW - 11));
	add(before("w", NOW));
	assert_true(revoked("w", "a", "s", NOW - 1));
	assert_int_equal(wims_revokes_count(rs), 1);
}

static void test_expires(void **state)
{
	struct wims_revocation r = of(WIMS_REVOKE_JTI, "w", "a");

	(void)state;
	add(r);
	assert_true(revoked_at(NOW + 99, "w", "a", "s", 1));
	assert_false(revoked_at(NOW + 100, "w", "a", "s", 1));
	r.expires = NOW + 50;
	add(r);
	assert_true(revoked_at(NOW + 99, "w", "a", "s", 1));
	r.expires = NOW + 200;
	add(r);
	assert_true(revoked_at(NOW + 199, "w", "a", "s", 1));
	assert_int_equal(wims_revokes_count(rs), 1);
	expire_all(rs, NOW + 199, 1);
	assert_int_equal(wims_revokes_count(rs), 1);
	expire_all(rs, NOW + 200, 1);
	assert_int_equal(wims_revokes_count(rs), 0);
	assert_false(revoked_at(NOW + 199, "w", "a", "s", 1));
}

static void test_remove(void **state)
{
	struct wims_revocation jti = of(WIMS_REVOKE_JTI, "w", "a"), old = before("w", NOW - 1),
						   other = before("w", NOW - 2);

	(void)state;
	add(jti);
	add(old);
	jti.expires = 0; /* plays no part */
	assert_false(wims_revokes_remove(rs, &other));
	assert_true(wims_revokes_remove(rs, &old));
	assert_false(wims_revokes_remove(rs, &old));
	assert_true(revoked("w", "a", "s", 1));
	jti.kind = WIMS_REVOKE_SUBJECT;
	assert_false(wims_revokes_remove(rs, &jti));
	jti.kind = WIMS_REVOKE_JTI;
	assert_true(wims_revokes_remove(rs, &jti));
	assert_false(revoked("w", "a", "s", 1));
	assert_int_equal(wims_revokes_count(rs), 0);
}

static void test_full(void **state)
{
	struct wims_revocation late = of(WIMS_REVOKE_JTI, "w", "d");

	(void)state;
	add(of(WIMS_REVOKE_JTI, "w", "a"));
	add(of(WIMS_REVOKE_SUBJECT, "w", "a"));
	add(before("w", NOW));
	refuse(late, WIMS_LIMIT_REACHED);
	assert_false(revoked("w", "d", "s", NOW));
	add(of(WIMS_REVOKE_JTI, "w", "a")); /* is there already */
	late.expires = NOW + 300;
	expire_all(rs, NOW + 99, 1);
	refuse(late, WIMS_LIMIT_REACHED);
	expire_all(rs, NOW + 100, 2);
	add(late);
	assert_int_equal(wims_revokes_count(rs), 1);
}

static void test_bad(void **state)
{
	static char longest[WIMS_REVOKE_TEXT_MAX + 2];
	static const char *const texts[] = {"",     "a\tb", "a\nb", "a\"b",
										"a\\b", "<a>",  "\x7f", "\xc3\xa4"};
	struct wims_revocation r = of(WIMS_REVOKE_JTI, "w", "a");
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		refuse(of(WIMS_REVOKE_JTI, "w", texts[i]), WIMS_CLAIM_VALUE);
		refuse(of(WIMS_REVOKE_SUBJECT, texts[i], "a"), WIMS_CLAIM_VALUE);
	}
	memset(longest, 'x', sizeof(longest) - 1);
	refuse(of(WIMS_REVOKE_JTI, "w", longest), WIMS_CLAIM_VALUE);
	add(of(WIMS_REVOKE_JTI, longest + 1, longest + 1));
	assert_true(revoked(longest + 1, longest + 1, "s", 1));
	r.expires = 0;
	refuse(r, WIMS_CLAIM_VALUE);
	r.expires = WIMS_CLAIM_TIME_MAX + 1;
	refuse(r, WIMS_CLAIM_VALUE);
	r = of(WIMS_REVOKE_SUBJECT, "w", "a");
	r.before = 1;
	refuse(r, WIMS_CLAIM_VALUE);
	refuse(before("w", 0), WIMS_CLAIM_VALUE);
	refuse(before("w", -1), WIMS_CLAIM_VALUE);
	r = before("w", NOW);
	r.value = WIMS_PL("x");
	refuse(r, WIMS_CLAIM_VALUE);
	refuse(of(WIMS_REVOKE_KINDS, "w", "a"), WIMS_CLAIM_VALUE);
}

static void test_kinds(void **state)
{
	enum wims_revoke_kind kind, back;

	(void)state;
	for(kind = 0; kind < WIMS_REVOKE_KINDS; kind++) {
		assert_true(wims_revoke_kind_parse(&back, wims_pl_str(wims_revoke_kind_text(kind))));
		assert_int_equal(back, kind);
	}
	assert_false(wims_revoke_kind_parse(&back, WIMS_PL("")));
	assert_false(wims_revoke_kind_parse(&back, WIMS_PL("JTI")));
	assert_string_equal(wims_revoke_kind_text(WIMS_REVOKE_KINDS), "");
}

/* ---- many ---- */

static void count_one(void *ctx, const struct wims_revocation *r)
{
	unsigned char *seen = ctx;
	uint64_t i = 0;

	assert_true(r->kind == WIMS_REVOKE_ISSUED_BEFORE || wims_pl_u64(r->value, &i));
	assert_true(i < 1000);
	seen[i]++;
}

static void add_many(struct wims_revokes *to, size_t n)
{
	char value[16];
	size_t i;

	for(i = 0; i < n; i++) {
		struct wims_revocation r;

		snprintf(value, sizeof(value), "%zu", i);
		r = i == 0 ? before("w", NOW)
				   : of(i % 2 ? WIMS_REVOKE_JTI : WIMS_REVOKE_SUBJECT, "w", value);
		assert_int_equal(wims_revokes_add(to, &r), WIMS_OK);
	}
}

/* In parts of any size each is shown once. */
static void test_walk(void **state)
{
	struct wims_revokes *many = wims_revokes_new(&wims_env_libc, 1000, wims_random);
	size_t part, i;

	(void)state;
	add_many(many, 1000);
	for(part = 1; part < 1200; part = part * 3 + 1) {
		struct wims_revoke_walk walk = {0};
		unsigned char seen[1000] = {0};
		size_t rounds = 1;

		while(wims_revokes_walk(many, &walk, part, count_one, seen))
			rounds++;
		assert_true(rounds >= 1000 / part);
		for(i = 0; i < 1000; i++)
			assert_int_equal(seen[i], 1);
	}
	expire_all(many, NOW + 99, 7);
	assert_int_equal(wims_revokes_count(many), 1000);
	expire_all(many, NOW + 100, 7);
	assert_int_equal(wims_revokes_count(many), 0);
	wims_revokes_free(many);
}

/* ---- text ---- */

static const char *const lines = "jti\tw\ta b\t1800000100\n"
								 "subject\tw\ts\t1800000100\n"
								 "issued_before\tw\t1799999990\t1800000100\n";

static void write_line(void *ctx, const struct wims_revocation *r)
{
	assert_true(wims_revocation_write(ctx, r));
}

static void assert_text(const char *want)
{
	struct wims_revoke_walk walk = {0};
	struct wims_buf out;

	wims_buf_init(&out, &wims_env_libc, 4096);
	assert_false(wims_revokes_walk(rs, &walk, 100, write_line, &out));
	assert_true(wims_pl_eq(wims_buf_pl(&out), wims_pl_str(want)));
	wims_buf_clear(&out);
}

static enum wims_reason read(const char *text, size_t *line)
{
	return wims_revokes_read(rs, wims_pl_str(text), NOW, line);
}

static void test_text(void **state)
{
	size_t line;

	(void)state;
	assert_int_equal(read("", &line), WIMS_OK);
	assert_int_equal(line, 0);
	assert_int_equal(read(lines, &line), WIMS_OK);
	assert_int_equal(line, 3);
	assert_text(lines);
	assert_true(revoked("w", "a b", "x", NOW));
	assert_true(revoked("w", "x", "s", NOW));
	assert_true(revoked("w", "x", "x", NOW - 11));
}

static void test_text_expired(void **state)
{
	size_t line;

	(void)state;
	assert_int_equal(read("jti\tw\ta\t1800000000\njti\tw\tb\t1800000001\n", &line), WIMS_OK);
	assert_int_equal(wims_revokes_count(rs), 1);
	assert_true(revoked("w", "b", "s", 1));
}

static void test_text_bad(void **state)
{
	static const char *const bad[] = {
			"\n",
			"jti\tw\ta\t1800000100", /* no end */
			"jti\tw\ta\n",
			"jti\tw\ta\t1800000100\t\n",
			"jti\tw\ta\tb\t1800000100\n",
			"JTI\tw\ta\t1800000100\n",
			" jti\tw\ta\t1800000100\n",
			"jti\tw\ta\t01800000100\n",
			"jti\tw\ta\t-1\n",
			"jti\tw\ta\t\n",
			"jti\tw\ta\t1800000100 \n",
			"jti\tw\ta\t18446744073709551615\n",
			"issued_before\tw\tnow\t1800000100\n",
			"issued_before\tw\t\t1800000100\n",
			"issued_before\tw\t0\t1800000100\n",
			"jti\tw\ta\t1800000100\r\n",
	};
	static char huge[2 * WIMS_REVOKE_LINE_MAX];
	size_t i, line;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(read(bad[i], &line), WIMS_CONFIG_SYNTAX);
		assert_int_equal(line, 1);
		assert_int_equal(wims_revokes_count(rs), 0);
	}
	assert_int_equal(read("jti\tw\t\t1800000100\n", &line), WIMS_CLAIM_VALUE);
	assert_int_equal(read("jti\tw\ta\t1800000100\n\n", &line), WIMS_CONFIG_SYNTAX);
	assert_int_equal(line, 2);
	snprintf(huge, sizeof(huge), "jti\tw\t%0*d\t1800000100\n", WIMS_REVOKE_LINE_MAX, 1);
	assert_int_equal(read(huge, &line), WIMS_CONFIG_SYNTAX);
	assert_int_equal(
			read("jti\tw\tb\t1800000100\njti\tw\tc\t1800000100\njti\tw\td\t1800000100\n", &line),
			WIMS_LIMIT_REACHED);
	assert_int_equal(line, 3);
}

/* Whatever a damaged text makes of it, it is a table that can be used. */
static void read_mutant(void *ctx, struct wims_pl input)
{
	struct wims_revokes *mutant = wims_revokes_new(&wims_env_libc, 3, wims_random);
	size_t line;

	(void)ctx;
	if(wims_revokes_read(mutant, input, NOW, &line) == WIMS_OK)
		assert_true(wims_revokes_count(mutant) <= 3);
	wims_revokes_free(mutant);
}

static void test_text_mutants(void **state)
{
	(void)state;
	assert_true(sweep(wims_pl_str(lines), read_mutant, NULL) > 500);
}

/* ---- memory ---- */

static bool no_random(void *buf, size_t n)
{
	memset(buf, 0, n);
	return false;
}

static void fill_scarce(struct scarce *s)
{
	struct wims_revokes *table = wims_revokes_new(&s->env, 100, wims_random);
	struct wims_revocation jti = of(WIMS_REVOKE_JTI, "w", "a");
	struct wims_buf out;
	enum wims_reason r;

	if(table == NULL)
		return;
	r = wims_revokes_add(table, &jti);
	assert_true(r == WIMS_OK || r == WIMS_NOMEM);
	assert_int_equal(wims_revokes_count(table), r == WIMS_OK);
	wims_buf_init(&out, &s->env, 4096);
	if(r == WIMS_OK && wims_revocation_write(&out, &jti))
		assert_true(out.len > 0);
	wims_buf_clear(&out);
	wims_revokes_free(table);
}

static void test_no_memory(void **state)
{
	struct scarce s;
	size_t n;

	(void)state;
	for(n = 0; n < 8; n++) {
		scarce_init(&s, n);
		fill_scarce(&s);
		assert_int_equal(s.live, 0);
	}
	scarce_init(&s, SIZE_MAX);
	assert_null(wims_revokes_new(&s.env, 1, no_random));
	assert_int_equal(s.live, 0);
	wims_revokes_free(NULL);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_jti),          T(test_subject),   T(test_issued_before), T(test_expires),
			T(test_remove),       T(test_full),      T(test_bad),           T(test_kinds),
			T(test_walk),         T(test_text),      T(test_text_expired),  T(test_text_bad),
			T(test_text_mutants), T(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
