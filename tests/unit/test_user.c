/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Users to whom an IMPU is allocated: who they are, and which blocks serve them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mint.h"
#include "sweep.h"
#include "token/wims_cache.h"
#include "token/wims_exclusive.h"
#include "token/wims_user.h"
#include "token_help.h"
#include "world.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* --- identity --- */

static const struct
{
	const char *text, *identity;
} names[] = {
		{"alice", "sip:alice@ims.test"},
		{"Alice", "sip:Alice@ims.test"},
		{"alice@Sales.Acme.test", "sip:alice@sales.acme.test"},
		{"sip:alice@ims.test", "sip:alice@ims.test"},
		{"SIP:alice@IMS.test:5060;transport=ws", "sip:alice@ims.test"},
		{"sips:alice@ims.test", "sips:alice@ims.test"},
		{"tel:+1-555-1234", "tel:+15551234"},
		/* a name that is no user part, and how JavaScript spells it */
		{"auth0|12:3+4/5?6", "sip:auth0%7C12%3A3%2B4%2F5%3F6@ims.test"},
		{"sip:auth0%7c12%3A3+4/5?6@ims.test", "sip:auth0%7C12%3A3%2B4%2F5%3F6@ims.test"},
		{"sip:%61l%69ce@ims.test", "sip:alice@ims.test"},
		{"a b", "sip:a%20b@ims.test"},
		{"a%41b", "sip:a%2541b@ims.test"},
		{"sip:a%2541b@ims.test", "sip:a%2541b@ims.test"},
		{"a@b@acme.test", "sip:a%40b@acme.test"},
		{"sip:a%40b@acme.test", "sip:a%40b@acme.test"},
		{"f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
		 "sip:f81d4fae-7dec-11d0-a765-00a0c91e6bf6@ims.test"},
		{"sipster", "sip:sipster@ims.test"},
		{"alice@[2001:DB8::1]", "sip:alice@[2001:db8::1]"},
		/* no identity */
		{"", NULL},
		{"@ims.test", NULL},
		{"alice@", NULL},
		{"alice@a b", NULL},
		{"alice@ims.test>;x", NULL},
		{"sip:ims.test", NULL},
		{"sip:alice:secret@ims.test", NULL},
		{"sip:alice@ims.test?Subject=x", NULL},
		{"sip:a\r\nb@ims.test", NULL},
		{"sip:a%0Ab@ims.test", NULL},
		{"tel:1234", NULL},
};

static void identities(void **state)
{
	char buf[WIMS_IMPU_MAX];
	char longest[WIMS_IMPU_MAX + 1];
	struct wims_pl out;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(names); i++) {
		const char *want = names[i].identity;
		enum wims_reason r =
				wims_user_identity(&out, buf, wims_pl_str(names[i].text), WIMS_PL("ims.test"));

		if(r != (want == NULL ? WIMS_URI_BAD : WIMS_OK)
		   || !wims_pl_eq(out, wims_pl_str(want == NULL ? "" : want)))
			fail_msg("%s: %s \"%.*s\"", names[i].text, wims_reason_text(r), (int)out.l, out.p);
	}
	/* three bytes for one have no room, the same characters unescaped have */
	memset(longest, '|', sizeof(longest));
	assert_int_equal(
			wims_user_identity(&out, buf, (struct wims_pl){longest, 100}, WIMS_PL("ims.test")),
			WIMS_URI_BAD);
	memset(longest, 'a', sizeof(longest));
	assert_int_equal(
			wims_user_identity(&out, buf, (struct wims_pl){longest, 200}, WIMS_PL("ims.test")),
			WIMS_OK);
	assert_int_equal(wims_user_identity(&out, buf, (struct wims_pl){longest, sizeof(longest)},
										WIMS_PL("ims.test")),
					 WIMS_URI_BAD);
}

/* What has been spelled stays as it is. */
static void one_name(void *ctx, struct wims_pl in)
{
	char buf[WIMS_IMPU_MAX], again_buf[WIMS_IMPU_MAX];
	struct wims_pl out, again;

	(void)ctx;
	if(wims_user_identity(&out, buf, in, WIMS_PL("ims.test")) != WIMS_OK) {
		assert_int_equal(out.l, 0);
		return;
	}
	assert_int_equal(wims_user_identity(&again, again_buf, out, WIMS_PL("other.test")), WIMS_OK);
	assert_true(wims_pl_eq(out, again));
}

static void spelled_once(void **state)
{
	size_t i, n = 0;

	(void)state;
	for(i = 0; i < COUNT(names); i++)
		n += sweep(wims_pl_str(names[i].text), one_name, NULL);
	assert_true(n > 4000);
}

/* --- tokens --- */

#define BLOCK(n, more)                                                                   \
	"{\"range\":\"sip:d" n "-!.*!@ims.test\",\"impi\":\"d" n "@ims.test\",\"allocate\":" \
	"{\"pattern\":\"sip:d" n "-{0..9}@ims.test\"}" more "}"
#define BLOCKS                                                                                                                                                                  \
	",\"ranges\":[\"sip:p-!.*!@ims.test\"," BLOCK("1", ",\"users\":[\"*@sales.acme.test\"]") "," BLOCK("2", ",\"claim\":{\"name\":\"dep\",\"values\":[\"labs\",7]}") "," BLOCK( \
			"3",                                                                                                                                                                \
			",\"users\":[\"boss@acme.test\",\"*-vip@ims.test\"],\"claim\":{\"name\":\"dep\","                                                                                   \
			"\"values\":\"labs\"}") "," BLOCK("4", ",\"users\":[\"*\"]") "," BLOCK("5",                                                                                         \
																				   ",\"users\":["                                                                               \
																				   "\"a*\"]") "]"
static const char blocks[] = ",\"scenario\":\"range\",\"anonymous\":true" BLOCKS;
static const char mails[] =
		",\"scenario\":\"range\",\"anonymous\":true,\"claims\":{\"user\":\"email\"},\"ranges\":"
		"[" BLOCK("1", ",\"users\":[\"*@sales.acme.test\"]") "]";

static char *payload(const char *claims)
{
	return mint_text("{\"iss\":\"https://waf.wwsf.test\",\"aud\":\"https://ims.test\","
					 "\"iat\":1899999900,\"exp\":1900000600,\"scope\":\"" WORLD_SCOPE "\"%s}",
					 claims);
}

#define SUB(s) ",\"sub\":\"" s "\""

/* clang-format off */
static const struct { const char *claims; enum wims_reason want; const char *user, *blocks, *impi; } rows[] = {
	{SUB("alice"), WIMS_OK, "sip:alice@ims.test", "45", ""},
	{SUB("bob"), WIMS_OK, "sip:bob@ims.test", "4", ""},
	{SUB("bob@sales.acme.test"), WIMS_OK, "sip:bob@sales.acme.test", "14", ""},
	{SUB("alice@sales.acme.test"), WIMS_OK, "sip:alice@sales.acme.test", "145", ""},
	{SUB("bob@xsales.acme.test"), WIMS_OK, "sip:bob@xsales.acme.test", "4", ""},
	{SUB("bob%40sales.acme.test"), WIMS_OK, "sip:bob%2540sales.acme.test@ims.test", "4", ""},
	{SUB("bob") ",\"dep\":\"labs\"", WIMS_OK, "sip:bob@ims.test", "24", ""},
	{SUB("bob") ",\"dep\":[\"x\",\"labs\"]", WIMS_OK, "sip:bob@ims.test", "24", ""},
	{SUB("bob") ",\"dep\":7", WIMS_OK, "sip:bob@ims.test", "24", ""},
	{SUB("bob") ",\"dep\":\"7\"", WIMS_OK, "sip:bob@ims.test", "4", ""},
	{SUB("bob") ",\"dep\":null", WIMS_OK, "sip:bob@ims.test", "4", ""},
	{SUB("boss@acme.test") ",\"dep\":\"labs\"", WIMS_OK, "sip:boss@acme.test", "234", ""},
	{SUB("a-vip") ",\"dep\":\"labs\"", WIMS_OK, "sip:a-vip@ims.test", "2345", ""},
	{SUB("boss@acme.test") ",\"dep\":7", WIMS_OK, "sip:boss@acme.test", "24", ""},
	{SUB("boss@acme.test"), WIMS_OK, "sip:boss@acme.test", "4", ""},
	{SUB("bob") ",\"impi\":\"a1@ims.test\"", WIMS_OK, "sip:bob@ims.test", "4", "a1@ims.test"},
	{SUB("tel:+1555"), WIMS_OK, "tel:+1555", "4", ""},
	/* an IMPU in the token: as without blocks, and none of a block */
	{SUB("alice") ",\"impi\":\"a@ims.test\",\"impu\":\"sip:p-1@ims.test\"", WIMS_OK, "", "", "a@ims.test"},
	{SUB("alice") ",\"impu\":\"sip:p-1@ims.test\"", WIMS_CLAIM_MISSING, "", "", ""},
	{SUB("alice") ",\"impi\":\"a@ims.test\",\"impu\":\"sip:d1-1@ims.test\"", WIMS_IMPU_NOT_ENTITLED, "", "", ""},
	{SUB("alice") ",\"impi\":\"a@ims.test\",\"impu\":\"sip:d1-x@ims.test\"", WIMS_IMPU_NOT_ENTITLED, "", "", ""},
	{SUB("alice") ",\"impi\":\"a@ims.test\",\"impu\":[]", WIMS_CLAIM_VALUE, "", "", ""},
	{SUB("alice") ",\"impi\":\"a@ims.test\",\"impu\":null", WIMS_CLAIM_TYPE, "", "", ""},
	/* no user */
	{SUB("alice@"), WIMS_CLAIM_VALUE, "", "", ""},
	{SUB("sip:alice"), WIMS_CLAIM_VALUE, "", "", ""},
	{SUB("anonymous@anonymous.invalid"), WIMS_CLAIM_VALUE, "", "", ""},
	{SUB("SIP:%61nonymous@Anonymous.invalid"), WIMS_CLAIM_VALUE, "", "", ""},
	{SUB("bob") ",\"impi\":\"b1@ims.test\"", WIMS_IMPI_NOT_ENTITLED, "", "", ""},
	{SUB("bob") ",\"impi\":7", WIMS_CLAIM_TYPE, "", "", ""},
	/* nobody in particular, with an IMPI to tell him by */
	{",\"impi\":\"a1@ims.test\"", WIMS_OK, WIMS_USER_ANONYMOUS, "45", "a1@ims.test"},
	{"", WIMS_CLAIM_MISSING, "", "", ""},
};

static const struct { const char *claims; enum wims_reason want; const char *user; } mail_rows[] = {
	{SUB("7") ",\"email\":\"bob@sales.acme.test\"", WIMS_OK, "sip:bob@sales.acme.test"},
	{SUB("7") ",\"email\":\"bob@acme.test\"", WIMS_BLOCK_NOT_ENTITLED, ""},
	{SUB("bob@sales.acme.test"), WIMS_CLAIM_MISSING, ""},
	{SUB("7") ",\"email\":[\"bob@sales.acme.test\"]", WIMS_CLAIM_TYPE, ""},
	{SUB("7") ",\"email\":\"\"", WIMS_CLAIM_VALUE, ""},
	{",\"impi\":\"a1@ims.test\",\"email\":\"bob@sales.acme.test\"", WIMS_OK, "sip:bob@sales.acme.test"},
	{",\"impi\":\"a1@ims.test\"", WIMS_BLOCK_NOT_ENTITLED, ""},
};
/* clang-format on */

static enum wims_reason judge(const struct world *w, struct wims_token *t, const char *claims)
{
	char *p = payload(claims), *token = token_sign(p);
	enum wims_reason r = token_validate(t, w->pv, token, WORLD_NOW);

	free(token);
	free(p);
	return r;
}

/* "24" for the ranges at 2 and 4. */
static bool same_blocks(const struct wims_token *t, const char *want)
{
	size_t i;

	for(i = 0; i < t->block_count; i++)
		if(want[i] != '0' + t->blocks[i])
			return false;
	return t->block_count == strlen(want);
}

static void judged(void **state)
{
	struct world w = world_of(blocks);
	static struct wims_token t;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		enum wims_reason r = judge(&w, &t, rows[i].claims);

		if(r != rows[i].want || !wims_pl_eq(t.user, wims_pl_str(rows[i].user))
		   || !same_blocks(&t, rows[i].blocks) || !wims_pl_eq(t.impi, wims_pl_str(rows[i].impi)))
			fail_msg("%s: %s %.*s, %zu blocks", rows[i].claims, wims_reason_text(r), (int)t.user.l,
					 t.user.p, t.block_count);
		if(r == WIMS_OK)
			assert_true((t.impu_count == 0) == (t.user.l > 0));
	}
	world_end(w);
}

static void by_another_claim(void **state)
{
	struct world w = world_of(mails);
	static struct wims_token t;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(mail_rows); i++) {
		enum wims_reason r = judge(&w, &t, mail_rows[i].claims);

		if(r != mail_rows[i].want || !wims_pl_eq(t.user, wims_pl_str(mail_rows[i].user)))
			fail_msg("%s: %s %.*s", mail_rows[i].claims, wims_reason_text(r), (int)t.user.l,
					 t.user.p);
	}
	world_end(w);
}

/* Without a block a token needs its IMPU, whatever else it says. */
static void not_without_blocks(void **state)
{
	struct world w = world_of(",\"scenario\":\"range\",\"ranges\":[\"sip:p-!.*!@ims.test\"]");
	static struct wims_token t;

	(void)state;
	assert_int_equal(judge(&w, &t, SUB("alice") ",\"impi\":\"a@ims.test\""), WIMS_CLAIM_MISSING);
	world_end(w);
}

#define TWENTY(x)                                                                          \
	x("10") "," x("11") "," x("12") "," x("13") "," x("14") "," x("15") "," x("16") "," x( \
			"17") "," x("18") "," x("19")
#define PLAIN(n) BLOCK(n, "")
#define PLAIN_MORE(n) BLOCK(n "0", "")

/* The first ones count. */
static void many_blocks(void **state)
{
	struct world w = world_of(
			",\"scenario\":\"range\",\"ranges\":[" TWENTY(PLAIN) "," TWENTY(PLAIN_MORE) "]");
	static struct wims_token t;
	size_t i;

	(void)state;
	assert_int_equal(judge(&w, &t, SUB("alice")), WIMS_OK);
	assert_int_equal(t.block_count, WIMS_TOKEN_BLOCKS_MAX);
	for(i = 0; i < t.block_count; i++)
		assert_int_equal(t.blocks[i], i);
	world_end(w);
}

/* The cache gives it back. */
static void cached(void **state)
{
	struct world w = world_of(blocks);
	struct wims_cache *c = wims_cache_new(&wims_env_libc, 4, 8192);
	static struct wims_token t, again;
	struct wims_cache_in in = {.token = &t, .until = WORLD_NOW + 60};
	struct wims_cache_out out = {.token = &again};
	enum wims_reason r;

	(void)state;
	assert_int_equal(judge(&w, &t, SUB("a-vip") ",\"dep\":\"labs\""), WIMS_OK);
	assert_true(wims_cache_put(c, &in, WORLD_NOW));
	assert_true(wims_cache_get(c, &in.key, w.pv, WORLD_NOW, &out, &r));
	assert_int_equal(r, WIMS_OK);
	assert_true(wims_pl_eq(again.user, WIMS_PL("sip:a-vip@ims.test")));
	assert_true(again.user.p >= again.text && again.user.p < again.text + again.used);
	assert_true(same_blocks(&again, "2345"));
	wims_cache_free(c);
	world_end(w);
}

static bool nothing_shown(void *ctx, const struct wims_hold *h)
{
	size_t *shown = ctx;

	++*shown;
	assert_int_equal(h->impu_count, 0);
	return true;
}

/* An anonymous user is told from others by his IMPI, and owns what he gets by the
 * name of his hold. */
static void anonymous_owner(void **state)
{
	struct world w = world_of(blocks);
	struct wims_exclusive *ex = wims_exclusive_new(&wims_env_libc, 4, wims_random);
	static struct wims_token t;
	const unsigned char one[WIMS_SHA256_LEN] = {1}, two[WIMS_SHA256_LEN] = {2};
	struct wims_exclusive_in in = {.token = &t, .digest = one};
	char name[WIMS_ANONYMOUS_LEN];
	uint64_t walk = 0;
	size_t shown = 0;
	bool made;

	(void)state;
	assert_int_equal(judge(&w, &t, SUB("alice")), WIMS_OK);
	assert_true(wims_pl_eq(wims_user_owner(&t), WIMS_PL("sip:alice@ims.test")));
	assert_int_equal(judge(&w, &t, ",\"impi\":\"a1@ims.test\""), WIMS_OK);
	assert_int_equal(wims_exclusive_take(ex, &in, WORLD_NOW, &made), WIMS_OK);
	assert_true(made);
	assert_true(wims_pl_starts(wims_user_owner(&t), WIMS_PL(WIMS_ANONYMOUS_PREFIX)));
	assert_int_equal(wims_user_owner(&t).l, sizeof(name));
	memcpy(name, wims_user_owner(&t).p, sizeof(name));
	/* his next token over the same connection, and that of somebody else */
	assert_int_equal(judge(&w, &t, ",\"impi\":\"a1@ims.test\""), WIMS_OK);
	in.digest = two;
	in.conn_subject = (struct wims_pl){name, sizeof(name)};
	assert_int_equal(wims_exclusive_take(ex, &in, WORLD_NOW, &made), WIMS_OK);
	assert_true(wims_pl_eq(wims_user_owner(&t), in.conn_subject));
	assert_int_equal(judge(&w, &t, ",\"impi\":\"a1@ims.test\",\"jti\":\"x\""), WIMS_OK);
	in.digest = (const unsigned char[WIMS_SHA256_LEN]){3};
	in.conn_subject = WIMS_PL_NONE;
	assert_int_equal(wims_exclusive_take(ex, &in, WORLD_NOW, &made), WIMS_IDENTITY_IN_USE);
	assert_false(wims_exclusive_walk(ex, &walk, 10, WORLD_NOW, nothing_shown, &shown));
	assert_int_equal(shown, 1);
	wims_exclusive_free(ex);
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(identities),
			cmocka_unit_test(spelled_once),
			cmocka_unit_test(judged),
			cmocka_unit_test(by_another_claim),
			cmocka_unit_test(not_without_blocks),
			cmocka_unit_test(many_blocks),
			cmocka_unit_test(cached),
			cmocka_unit_test(anonymous_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
