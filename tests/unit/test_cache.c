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
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mint.h"
#include "scarce.h"
#include "sweep.h"
#include "token/wims_cache.h"
#include "token_help.h"
#include "world.h"

enum
{
	ENTRIES = 100,
	BYTES = 100000
};

static struct wims_cache_key key_of(struct wims_pl compact, uint64_t generation)
{
	struct wims_cache_key key = {.generation = generation};

	assert_true(wims_sha256(key.digest, compact));
	return key;
}

/* The n-th key of generation 1; no token has it. */
static struct wims_cache_key nth_key(size_t n)
{
	return key_of((struct wims_pl){(const char *)&n, sizeof(n)}, 1);
}

static struct wims_cache *new_cache(size_t entries, size_t bytes)
{
	struct wims_cache *c = wims_cache_new(&wims_env_libc, entries, bytes);

	assert_non_null(c);
	return c;
}

/* A token that is good at WORLD_NOW. */
static void good(struct wims_token *t, const struct wims_provision *pv, const char *claim,
				 const char *value)
{
	char *payload = world_claims(claim, value), *token = token_sign(payload);

	assert_int_equal(token_validate(t, pv, token, WORLD_NOW), WIMS_OK);
	free(payload);
	free(token);
}

static bool put(struct wims_cache *c, struct wims_cache_key key, const struct wims_token *t)
{
	const struct wims_cache_in in = {.key = key, .token = t, .until = t->exp + 60};

	return wims_cache_put(c, &in, WORLD_NOW);
}

/* Into a dirty token. */
static bool get(struct wims_cache *c, struct wims_cache_key key, const struct wims_provision *pv,
				struct wims_token *t)
{
	struct wims_cache_out out = {.token = t};
	enum wims_reason r;
	bool hit;

	memset(t, 0x5a, sizeof(*t));
	hit = wims_cache_get(c, &key, pv, WORLD_NOW, &out, &r);
	assert_int_equal(r, hit ? WIMS_OK : WIMS_TOKEN_ABSENT);
	token_consistent(t, r);
	return hit;
}

static void assert_slice(const struct wims_token *a, struct wims_pl pa, const struct wims_token *b,
						 struct wims_pl pb)
{
	assert_true(wims_pl_eq(pa, pb));
	assert_true(pa.l == 0 || (pa.p >= a->text && pa.p + pa.l <= a->text + a->used));
	assert_true(pb.l == 0 || (pb.p >= b->text && pb.p + pb.l <= b->text + b->used));
}

static void assert_same(const struct wims_token *a, const struct wims_token *b)
{
	size_t i;

	assert_ptr_equal(a->wwsf, b->wwsf);
	assert_slice(a, a->issuer, b, b->issuer);
	assert_slice(a, a->subject, b, b->subject);
	assert_slice(a, a->jti, b, b->jti);
	assert_slice(a, a->scope, b, b->scope);
	assert_slice(a, a->client_id, b, b->client_id);
	assert_slice(a, a->waf, b, b->waf);
	assert_slice(a, a->impi, b, b->impi);
	assert_int_equal(a->impu_count, b->impu_count);
	for(i = 0; i < a->impu_count; i++)
		assert_slice(a, a->impus[i], b, b->impus[i]);
	assert_true(a->valid && b->valid && a->used == b->used && a->exp == b->exp);
	assert_true(a->iat == b->iat && a->nbf == b->nbf && a->has_iat == b->has_iat);
	assert_memory_equal(a->text, b->text, a->used);
}

/* clang-format off */
static const struct { const char *claim, *value; } kinds[] = {
	{NULL, NULL}, {"jti", NULL}, {"iat", NULL}, {"iat", "1900000001"}, {"nbf", NULL},
	{"client_id", NULL}, {"impu", "\"tel:+4930123\""},
	{"impu", "[\"sip:a1@ims.test\",\"sip:a2@ims.test\",\"sip:a3@ims.test\",\"sip:a4@ims.test\","
			 "\"sip:a5@ims.test\",\"sip:a6@ims.test\",\"sip:a7@ims.test\",\"sip:a8@ims.test\","
			 "\"sip:a9@ims.test\",\"sip:aa@ims.test\",\"sip:ab@ims.test\",\"sip:ac@ims.test\","
			 "\"sip:ad@ims.test\",\"sip:ae@ims.test\",\"sip:af@ims.test\",\"sip:ag@ims.test\"]"},
};
/* clang-format on */

static void test_round_trip(void **state)
{
	struct wims_cache *c = new_cache(ENTRIES, BYTES);
	struct wims_token t[sizeof(kinds) / sizeof(kinds[0])], out;
	size_t i, n = sizeof(kinds) / sizeof(kinds[0]);

	for(i = 0; i < n; i++) {
		good(&t[i], *state, kinds[i].claim, kinds[i].value);
		assert_true(put(c, nth_key(i), &t[i]));
	}
	for(i = 0; i < n; i++) {
		assert_true(get(c, nth_key(i), *state, &out));
		assert_same(&t[i], &out);
	}
	assert_false(get(c, nth_key(n), *state, &out));
	assert_int_equal(wims_cache_counts(c).entries, n);
	wims_cache_free(c);
}

/* The WWSF is that of the provisioning of the one who asks. */
static void test_wwsf(void **state)
{
	char *payload = world_claims("iss", "\"https://waf.other.test\""), *token;
	char *other = strstr(payload, "alice@ims.test\",\"impu");
	struct wims_provision *again = world_new("");
	struct wims_cache *c = new_cache(ENTRIES, BYTES);
	struct wims_token t, out;

	assert_non_null(other);
	other[0] = 'b';
	while((other = strstr(payload, "sip:alice")) != NULL)
		other[4] = 'b';
	other = strstr(payload, ",\"tel:+4930123\"");
	memset(other, ' ', strlen(",\"tel:+4930123\""));
	token = mint_token(MINT_RSA_OTHER, "RS256", "rsa", payload);
	assert_int_equal(token_validate(&t, *state, token, WORLD_NOW), WIMS_OK);
	assert_true(put(c, nth_key(1), &t));
	assert_true(get(c, nth_key(1), again, &out));
	assert_ptr_equal(out.wwsf, wims_provision_by_name(again, WIMS_PL("wwsf2")));
	out.wwsf = t.wwsf;
	assert_same(&t, &out);
	wims_cache_free(c);
	wims_provision_free(again);
	free(payload);
	free(token);
}

struct mutants
{
	struct wims_cache *c;
	const struct wims_provision *pv;
	size_t hits;
};

static void look_up(void *ctx, struct wims_pl input)
{
	struct mutants *m = ctx;
	struct wims_token out;

	m->hits += get(m->c, key_of(input, 1), m->pv, &out);
}

/* Header, payload and signature: whatever differs is another token. */
static void test_mutants_miss(void **state)
{
	char *payload = world_claims(NULL, NULL), *token = token_sign(payload);
	struct wims_pl text = wims_pl_str(token);
	struct mutants m = {.c = new_cache(ENTRIES, BYTES), .pv = *state};
	struct wims_token t;
	char *padded = mint_text("%s=", token);

	assert_int_equal(token_validate(&t, *state, token, WORLD_NOW), WIMS_OK);
	assert_true(put(m.c, key_of(text, 1), &t));
	assert_true(sweep(text, look_up, &m) > 8 * text.l);
	assert_int_equal(m.hits, 0);
	look_up(&m, wims_pl_str(padded));
	assert_int_equal(m.hits, 0);
	look_up(&m, text);
	assert_int_equal(m.hits, 1);
	wims_cache_free(m.c);
	free(padded);
	free(payload);
	free(token);
}

static void test_generation(void **state)
{
	struct wims_cache *c = new_cache(ENTRIES, BYTES);
	struct wims_cache_key key = nth_key(1);
	struct wims_token t, out;

	good(&t, *state, NULL, NULL);
	assert_true(put(c, key, &t));
	key.generation = 2;
	assert_false(get(c, key, *state, &out));
	key.generation = UINT64_C(1) << 32 | 1;
	assert_false(get(c, key, *state, &out));
	assert_true(put(c, key, &t));
	assert_int_equal(wims_cache_counts(c).entries, 2);
	wims_cache_free(c);
}

/* A hit is judged by the clock; when nothing can come of it any more, it goes. */
static void test_times(void **state)
{
	/* clang-format off */
	static const struct { int64_t now; bool hit; enum wims_reason r; } list[] = {
		{WORLD_NOW, true, WIMS_OK}, {1899999840, true, WIMS_OK},
		{1899999839, true, WIMS_TOKEN_NOT_YET}, {1900000659, true, WIMS_OK},
		{1900000660, true, WIMS_TOKEN_EXPIRED}, {1900000999, true, WIMS_TOKEN_EXPIRED},
		{1900001000, false, WIMS_TOKEN_ABSENT}, {WORLD_NOW, false, WIMS_TOKEN_ABSENT}};
	/* clang-format on */
	struct wims_cache *c = new_cache(ENTRIES, BYTES);
	struct wims_cache_key key = nth_key(1);
	struct wims_token t, got;
	struct wims_cache_in in = {.key = key, .token = &t, .until = 1900001000};
	size_t i;

	good(&t, *state, NULL, NULL);
	assert_true(wims_cache_put(c, &in, WORLD_NOW));
	for(i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct wims_cache_out out = {.token = &got};
		enum wims_reason r;

		memset(&got, 0x5a, sizeof(got));
		assert_int_equal(wims_cache_get(c, &key, *state, list[i].now, &out, &r), list[i].hit);
		assert_int_equal(r, list[i].r);
		token_consistent(&got, r);
		assert_int_equal(got.wwsf != NULL, list[i].hit);
	}
	assert_int_equal(wims_cache_counts(c).entries, 0);
	assert_int_equal(wims_cache_counts(c).bytes, 0);
	wims_cache_free(c);
}

static void test_not_put(void **state)
{
	static char document[WIMS_CACHE_CLAIMS_MAX + 1];
	struct wims_cache *c = new_cache(ENTRIES, BYTES);
	struct wims_token t, bad;
	struct wims_cache_in in = {.key = nth_key(1), .token = &bad, .until = WORLD_NOW + 1};

	good(&t, *state, NULL, NULL);
	bad = t;
	bad.valid = false;
	assert_false(wims_cache_put(c, &in, WORLD_NOW));
	in.token = &t;
	assert_false(wims_cache_put(c, &in, WORLD_NOW + 1));
	in.claims = (struct wims_pl){document, sizeof(document)};
	assert_false(wims_cache_put(c, &in, WORLD_NOW));
	assert_int_equal(wims_cache_counts(c).entries, 0);
	in.claims.l--;
	assert_true(wims_cache_put(c, &in, WORLD_NOW));
	in.until = WORLD_NOW; /* what cannot be put takes the old one with it */
	assert_false(wims_cache_put(c, &in, WORLD_NOW));
	assert_int_equal(wims_cache_counts(c).entries, 0);
	wims_cache_free(c);
}

static void test_claims(void **state)
{
	static char buf[WIMS_CACHE_CLAIMS_MAX];
	struct wims_cache *c = new_cache(ENTRIES, BYTES);
	struct wims_token t, got;
	struct wims_cache_in in = {
			.key = nth_key(1),
			.token = &t,
			.claims = WIMS_PL("{\"active\":true}"),
			.until = WORLD_NOW + 9,
	};
	struct wims_cache_out out = {.token = &got, .claims = buf};
	enum wims_reason r;

	good(&t, *state, NULL, NULL);
	assert_true(wims_cache_put(c, &in, WORLD_NOW));
	assert_true(wims_cache_get(c, &in.key, *state, WORLD_NOW, &out, &r));
	assert_true(wims_pl_eq(in.claims, (struct wims_pl){buf, out.claims_len}));
	out.claims = NULL;
	assert_true(wims_cache_get(c, &in.key, *state, WORLD_NOW, &out, &r));
	assert_int_equal(out.claims_len, 0);
	in.claims = WIMS_PL_NONE;
	assert_true(wims_cache_put(c, &in, WORLD_NOW));
	out.claims = buf;
	assert_true(wims_cache_get(c, &in.key, *state, WORLD_NOW, &out, &r));
	assert_int_equal(out.claims_len, 0);
	assert_int_equal(wims_cache_counts(c).entries, 1);
	wims_cache_free(c);
}

/* The one not used for longest makes room, and no more than room is made. */
static void test_eviction(void **state)
{
	struct wims_cache *c = new_cache(3, BYTES);
	struct wims_token t, out;
	size_t i;

	good(&t, *state, NULL, NULL);
	for(i = 0; i < 3; i++)
		assert_true(put(c, nth_key(i), &t));
	assert_true(get(c, nth_key(0), *state, &out));
	assert_true(put(c, nth_key(3), &t));
	assert_false(get(c, nth_key(1), *state, &out));
	assert_true(get(c, nth_key(0), *state, &out));
	assert_true(get(c, nth_key(2), *state, &out));
	assert_true(get(c, nth_key(3), *state, &out));
	assert_true(put(c, nth_key(2), &t)); /* takes its own place */
	assert_int_equal(wims_cache_counts(c).entries, 3);
	wims_cache_flush(c);
	assert_int_equal(wims_cache_counts(c).entries, 0);
	assert_int_equal(wims_cache_counts(c).bytes, 0);
	assert_false(get(c, nth_key(2), *state, &out));
	wims_cache_free(c);
}

static void test_bytes(void **state)
{
	struct wims_cache *c = new_cache(ENTRIES, BYTES);
	struct wims_token t, out;
	size_t i, each;

	good(&t, *state, NULL, NULL);
	assert_true(put(c, nth_key(0), &t));
	each = wims_cache_counts(c).bytes;
	assert_true(each > t.used && each < t.used + 300);
	wims_cache_free(c);
	c = new_cache(ENTRIES, 4 * each + each / 2);
	for(i = 0; i < 10; i++) {
		assert_true(put(c, nth_key(i), &t));
		assert_int_equal(wims_cache_counts(c).entries, i < 4 ? i + 1 : 4);
		assert_true(wims_cache_counts(c).bytes <= 4 * each);
	}
	for(i = 0; i < 10; i++)
		assert_int_equal(get(c, nth_key(i), *state, &out), i >= 6);
	wims_cache_free(c);
	c = new_cache(ENTRIES, each - 1);
	assert_false(put(c, nth_key(0), &t));
	wims_cache_free(c);
}

/* Whichever allocation fails: nothing is lost, and what is there stays right. */
static void test_no_memory(void **state)
{
	struct wims_token t, out;
	size_t n, i, fits = 0;

	good(&t, *state, NULL, NULL);
	for(n = 0; n < 60; n++) {
		struct scarce s;
		struct wims_cache *c;
		size_t entries = 0;

		scarce_init(&s, n);
		c = wims_cache_new(&s.env, 20, BYTES);
		assert_int_equal(c != NULL, n >= 2);
		for(i = 0; c != NULL && i < 40; i++) {
			bool put_in = put(c, nth_key(i), &t);

			entries += put_in && entries < 20;
			assert_int_equal(get(c, nth_key(i), *state, &out), put_in);
			if(put_in)
				assert_same(&t, &out);
			assert_true(wims_cache_counts(c).entries <= 20);
		}
		fits += entries == 20;
		wims_cache_free(c);
		assert_int_equal(s.live, 0);
	}
	assert_true(fits > 0);
}

/* The digest is SHA-256 of the text, each time anew. */
int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_wwsf),
			cmocka_unit_test(test_mutants_miss), cmocka_unit_test(test_generation),
			cmocka_unit_test(test_times),        cmocka_unit_test(test_not_put),
			cmocka_unit_test(test_claims),       cmocka_unit_test(test_eviction),
			cmocka_unit_test(test_bytes),        cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, token_setup, token_teardown);
}
