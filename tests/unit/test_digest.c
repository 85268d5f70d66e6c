/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sip/wims_digest.h"
#include "sweep.h"

#define GOOD                                                                                       \
	"Digest username=\"dora@ims.test\", realm=\"ims.test\", nonce=\"a=b\", uri=\"sip:ims.test\", " \
	"response=\"0123\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"x y\""

static void written(const struct wims_w *w, const char *want)
{
	struct wims_pl got = wims_w_done(w);

	if(!wims_pl_eq(got, wims_pl_str(want)))
		fail_msg("wrote %.*sinstead of %s", (int)got.l, got.p, want);
}

static void relayed_as(const char *body, enum wims_integrity integrity, const char *want)
{
	char buf[WIMS_DIGEST_MAX];
	struct wims_w w;

	wims_w_init(&w, buf, sizeof(buf));
	wims_digest_relay(&w, wims_pl_str(body), integrity);
	written(&w, want);
}

static void relayed(const char *body, const char *want)
{
	relayed_as(body, WIMS_INTEGRITY_NO, want);
}

static void good(void **state)
{
	struct wims_digest d;

	(void)state;
	assert_int_equal(wims_digest_parse(&d, WIMS_PL(GOOD)), WIMS_OK);
	assert_true(wims_pl_eq(d.username, WIMS_PL("dora@ims.test")));
	assert_true(wims_pl_eq(d.realm, WIMS_PL("ims.test")));
	assert_true(wims_pl_eq(d.nonce, WIMS_PL("a=b")));
	assert_false(d.aka);
	assert_int_equal(wims_digest_parse(&d, WIMS_PL("Digest algorithm=\"akav2-SHA-256\"")), WIMS_OK);
	assert_true(d.aka);
	relayed(GOOD, "Authorization: " GOOD ", integrity-protected=\"no\"\r\n");
	relayed_as(GOOD, WIMS_INTEGRITY_NONE, "Authorization: " GOOD "\r\n");
	relayed_as(GOOD, WIMS_INTEGRITY_TLS_CONNECTED,
			   "Authorization: " GOOD ", integrity-protected=\"tls-connected\"\r\n");
	relayed_as(
			"Digest username=\"a\", opaque=\"o\", userhash=false, auts=\"u\"", WIMS_INTEGRITY_NONE,
			"Authorization: Digest username=\"a\", opaque=\"o\", userhash=false, auts=\"u\"\r\n");
	relayed("digest\tusername = \"a\"", "Authorization: Digest username=\"a\", "
										"integrity-protected=\"no\"\r\n");
}

static void own_claim_is_dropped(void **state)
{
	static const char *const claims[] = {
			"Digest username=\"a\", integrity-protected=\"auth-done\"",
			"Digest Integrity-Protected=yes, username=\"a\"",
			"Digest username=\"a\",INTEGRITY-PROTECTED=\"tls-yes\"",
			"Digest authorization-entity=\"https://waf.test\", username=\"a\", x=y",
	};
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(claims) / sizeof(claims[0]); i++)
		relayed(claims[i], "Authorization: Digest username=\"a\", integrity-protected=\"no\"\r\n");
}

static void refused(void **state)
{
	static const char *const bad[] = {
			"",
			"Digest",
			"Digest ",
			"Basic a=b",
			"Bearer a",
			"Digestx a=b",
			"Digest a",
			"Digest =b",
			"Digest a=",
			"Digest a=b,",
			"Digest a=b,,c=d",
			"Digest a=\"open",
			/* what another parser reads otherwise */
			"Digest username=\"u\", opaque=\"integrity-protected=auth-done,\"",
			"Digest username=\"u\", opaque=\"x Integrity-Protected=auth-done\"",
			"Digest username=\"u\", opaque=\"a,b\"",
			"Digest username=\"u\", opaque=\"x\\\", username=bob, y=\\\"\"",
			"Digest username=\"u\\\\\"",
			"Digest a=b c=d",
			"Digest a=\"x\"y",
			"Digest integrity-protected=no, authorization-entity=x",
			"Digest a=b, A=c",
			"Digest a=\"x\r\nY: z\"",
			"Digest a b=c",
			"Digest integrity-protected=no, integrity-protected=auth-done",
	};
	struct wims_digest d;
	char buf[WIMS_DIGEST_MAX];
	struct wims_w w;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(wims_digest_parse(&d, wims_pl_str(bad[i])), WIMS_AUTH_MALFORMED);
		assert_int_equal(d.username.l, 0);
		wims_w_init(&w, buf, sizeof(buf));
		wims_digest_relay(&w, wims_pl_str(bad[i]), WIMS_INTEGRITY_NO);
		assert_false(w.ok);
	}
}

static void too_much(void **state)
{
	static char body[WIMS_DIGEST_MAX + 1];
	struct wims_digest d;
	size_t i, at = strlen("Digest nc=1,");

	(void)state;
	memset(body, 'a', sizeof(body));
	memcpy(body, "Digest nc=", 10);
	assert_int_equal(wims_digest_parse(&d, (struct wims_pl){body, sizeof(body)}),
					 WIMS_AUTH_MALFORMED);
	assert_int_equal(wims_digest_parse(&d, (struct wims_pl){body, sizeof(body) - 1}), WIMS_OK);
	memcpy(body, "Digest nc=1,", at);
	for(i = 1; i <= WIMS_DIGEST_PARAMS_MAX; i++) {
		char one[] = {'p', (char)('a' + i / 26), (char)('a' + i % 26), '=', 'x', ','};

		memcpy(body + at, one, sizeof(one));
		at += sizeof(one);
	}
	assert_int_equal(wims_digest_parse(&d, (struct wims_pl){body, at - 1}), WIMS_AUTH_MALFORMED);
	assert_int_equal(wims_digest_parse(&d, (struct wims_pl){body, at - 7}), WIMS_OK);
}

/* Whatever is flipped: what leaves says integrity-protected once, and "no". */
static void harmless(void *ctx, struct wims_pl mutant)
{
	static const struct wims_pl name = WIMS_PL(" integrity-protected=");
	char buf[2 * WIMS_DIGEST_MAX];
	struct wims_w w;
	struct wims_pl got;
	size_t at, times = 0;

	(void)ctx;
	wims_w_init(&w, buf, sizeof(buf));
	wims_digest_relay(&w, mutant, WIMS_INTEGRITY_NO);
	got = wims_w_done(&w);
	for(at = 0; at < got.l; at++)
		times += wims_pl_casestarts(wims_pl_from(got, at), name);
	assert_int_equal(times, w.ok ? 1 : 0);
	if(w.ok)
		assert_memory_equal(got.p + got.l - 6, "\"no\"\r\n", 6);
}

static void mutations(void **state)
{
	(void)state;
	sweep(WIMS_PL("Digest integrity-protected=\"auth-done\", username=\"a\""), harmless, NULL);
}

/* ---- challenges ---- */

static void challenged(const char *const *bodies, const char *want, const char *aka)
{
	char buf[WIMS_CHALLENGES_TEXT_MAX];
	struct wims_challenges cs = {.count = 0};
	struct wims_w w;

	wims_w_init(&w, buf, sizeof(buf));
	for(; *bodies != NULL; bodies++)
		assert_true(wims_challenge_relay(&w, &cs, wims_pl_str(*bodies)));
	written(&w, want);
	assert_true(wims_pl_eq(wims_challenges_aka(&cs), wims_pl_str(aka)));
}

static void expect_stale(const char *body, bool stale)
{
	char buf[WIMS_CHALLENGES_TEXT_MAX];
	struct wims_challenges cs = {.count = 0};
	struct wims_w w;

	wims_w_init(&w, buf, sizeof(buf));
	assert_true(wims_challenge_relay(&w, &cs, wims_pl_str(body)));
	assert_int_equal(wims_challenges_stale(&cs), stale);
}

static void stale(void **state)
{
	(void)state;
	expect_stale("Digest nonce=\"a\"", false);
	expect_stale("Digest nonce=\"a\", stale=false", false);
	expect_stale("Digest nonce=\"a\", Stale=\"true\"", true);
	expect_stale("Digest nonce=\"a\", Digest nonce=\"b\", stale=TRUE", true);
}

static void credentials(void **state)
{
	static const struct
	{
		const char *body;
		bool response, auts;
	} rows[] = {
			{"Digest username=\"a\", response=\"\"", false, false},
			{"Digest username=\"a\", RESPONSE=\"0\"", true, false},
			{"Digest username=\"a\", response=\"\", auts=\"b\"", false, true},
	};
	struct wims_digest d;
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(wims_digest_parse(&d, wims_pl_str(rows[i].body)), WIMS_OK);
		assert_int_equal(d.response, rows[i].response);
		assert_int_equal(d.auts, rows[i].auts);
	}
}

#define CHALLENGED(want, aka, ...) challenged((const char *const[]){__VA_ARGS__, NULL}, want, aka)
#define MD5 "Digest realm=\"ims.test\", nonce=\"a,b\", algorithm=MD5, qop=\"auth,auth-int\""
#define AKA "Digest realm=\"ims.test\", nonce=\"n2\", algorithm=AKAv2-SHA-256, qop=\"auth\""
#define LINE(body) "WWW-Authenticate: " body "\r\n"

static void challenges(void **state)
{
	(void)state;
	CHALLENGED(LINE(MD5), "", MD5);
	CHALLENGED(LINE(AKA), "n2", AKA);
	CHALLENGED(LINE(AKA) LINE(MD5), "n2", AKA, MD5);
	CHALLENGED(LINE(MD5) LINE(AKA), "n2", MD5 ", " AKA);
	CHALLENGED(LINE("Digest nonce=\"x\", Algorithm=\"akaV2-sha-256\", stale=true"), "x",
			   "digest nonce=\"x\", Algorithm=\"akaV2-sha-256\" , stale=true");
	/* for the P-CSCF of IPsec, and for no WIC */
	CHALLENGED(LINE("Digest nonce=n, realm=\"r\""), "",
			   "Digest CK=\"0123\", nonce=n, ik=\"4567\", realm=\"r\"");
	CHALLENGED(LINE("Digest nonce=n"), "", "Digest nonce=n,ik=1,ck=2");
}

/* Which one the WIC answers cannot be told from the nonce. */
static void challenges_that_say_too_much(void **state)
{
	(void)state;
	CHALLENGED(LINE(AKA) LINE("Digest nonce=n2, algorithm=MD5"), "", AKA,
			   "Digest nonce=n2, algorithm=MD5");
	CHALLENGED(LINE(AKA) LINE("Digest nonce=n3, algorithm=AKAv2-SHA-256"), "", AKA,
			   "Digest nonce=n3, algorithm=AKAv2-SHA-256");
	CHALLENGED(LINE("Digest nonce=n, algorithm=AKAv1-MD5"), "",
			   "Digest nonce=n, algorithm=AKAv1-MD5");
}

static void bad_challenges(void **state)
{
	static const char *const bad[] = {
			"",
			"Digest",
			"Digest ",
			"Digest realm=\"r\"",
			"nonce=n",
			"Bearer nonce=n",
			"Basic realm=\"r\"",
			MD5 ", Bearer realm=\"r\"",
			"Digest ck=\"1\"",
			"Digest nonce=n,",
			"Digest nonce=n, Digest realm=r",
			"Digest nonce=\"open",
			"Digest x nonce=n",
			"Digest nonce=n, ck",
	};
	struct wims_challenges cs = {.count = 0};
	char buf[WIMS_CHALLENGES_TEXT_MAX];
	struct wims_w w;
	size_t i;

	(void)state;
	wims_w_init(&w, buf, sizeof(buf));
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if(wims_challenge_relay(&w, &cs, wims_pl_str(bad[i])))
			fail_msg("%s: relayed", bad[i]);
		assert_int_equal(w.len, 0);
		assert_int_equal(cs.count, 0);
		assert_true(w.ok);
	}
}

static void too_many_challenges(void **state)
{
	struct wims_challenges cs = {.count = 0};
	char buf[WIMS_CHALLENGES_TEXT_MAX];
	struct wims_w w;
	size_t i;

	(void)state;
	wims_w_init(&w, buf, sizeof(buf));
	for(i = 0; i < WIMS_CHALLENGES_MAX; i++)
		assert_true(wims_challenge_relay(&w, &cs, WIMS_PL(MD5)));
	assert_false(wims_challenge_relay(&w, &cs, WIMS_PL(AKA)));
	assert_int_equal(cs.count, WIMS_CHALLENGES_MAX);
	cs.count = 0;
	wims_w_init(&w, buf, 20);
	assert_false(wims_challenge_relay(&w, &cs, WIMS_PL(MD5)));
	assert_int_equal(cs.count, 0);
}

/* Whatever is flipped: neither key leaves by its name. */
static void no_key(void *ctx, struct wims_pl mutant)
{
	struct wims_challenges cs = {.count = 0};
	char buf[WIMS_CHALLENGES_TEXT_MAX];
	struct wims_w w;
	struct wims_pl got;
	size_t at;

	(void)ctx;
	wims_w_init(&w, buf, sizeof(buf));
	if(!wims_challenge_relay(&w, &cs, mutant))
		return;
	got = wims_w_done(&w);
	assert_true(got.l > 0 && got.p[got.l - 1] == '\n');
	for(at = 0; at < got.l; at++)
		assert_false(wims_pl_casestarts(wims_pl_from(got, at), WIMS_PL(" ck="))
					 || wims_pl_casestarts(wims_pl_from(got, at), WIMS_PL(" ik=")));
}

static void mutated_challenges(void **state)
{
	(void)state;
	sweep(WIMS_PL("Digest ck=\"1\", nonce=n, ik=\"2\", realm=r"), no_key, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(good),
			cmocka_unit_test(own_claim_is_dropped),
			cmocka_unit_test(refused),
			cmocka_unit_test(too_much),
			cmocka_unit_test(mutations),
			cmocka_unit_test(challenges),
			cmocka_unit_test(stale),
			cmocka_unit_test(credentials),
			cmocka_unit_test(challenges_that_say_too_much),
			cmocka_unit_test(bad_challenges),
			cmocka_unit_test(too_many_challenges),
			cmocka_unit_test(mutated_challenges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
