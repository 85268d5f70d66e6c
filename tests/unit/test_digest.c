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
	"Digest username=\"dora@ims.test\", realm=\"ims.test\", nonce=\"a,b\", uri=\"sip:ims.test\", " \
	"response=\"0123\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"x\\\"y\""

static void relayed(const char *body, const char *want)
{
	char buf[WIMS_DIGEST_MAX];
	struct wims_w w;
	struct wims_pl got;

	wims_w_init(&w, buf, sizeof(buf));
	wims_digest_relay(&w, wims_pl_str(body));
	got = wims_w_done(&w);
	assert_int_equal(got.l, strlen(want));
	assert_memory_equal(got.p, want, got.l);
}

static void good(void **state)
{
	struct wims_digest d;

	(void)state;
	assert_int_equal(wims_digest_parse(&d, WIMS_PL(GOOD)), WIMS_OK);
	assert_true(wims_pl_eq(d.username, WIMS_PL("dora@ims.test")));
	assert_true(wims_pl_eq(d.realm, WIMS_PL("ims.test")));
	relayed(GOOD, "Authorization: " GOOD ", integrity-protected=\"no\"\r\n");
	relayed("digest\tusername = \"a\"", "Authorization: Digest username=\"a\", "
										"integrity-protected=\"no\"\r\n");
}

static void own_claim_is_dropped(void **state)
{
	static const char *const claims[] = {
			"Digest username=\"a\", integrity-protected=\"auth-done\"",
			"Digest Integrity-Protected=yes, username=\"a\"",
			"Digest username=\"a\",INTEGRITY-PROTECTED=\"tls-yes\"",
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
			"Digest a=b c=d",
			"Digest a=\"x\"y",
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
		wims_digest_relay(&w, wims_pl_str(bad[i]));
		assert_false(w.ok);
	}
}

static void too_much(void **state)
{
	static char body[WIMS_DIGEST_MAX + 1];
	struct wims_digest d;
	size_t i, at = strlen("Digest ");

	(void)state;
	memset(body, 'a', sizeof(body));
	memcpy(body, "Digest a=", 9);
	assert_int_equal(wims_digest_parse(&d, (struct wims_pl){body, sizeof(body)}),
					 WIMS_AUTH_MALFORMED);
	assert_int_equal(wims_digest_parse(&d, (struct wims_pl){body, sizeof(body) - 1}), WIMS_OK);
	for(i = 0; i <= WIMS_DIGEST_PARAMS_MAX; i++) {
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
	wims_digest_relay(&w, mutant);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(good),      cmocka_unit_test(own_claim_is_dropped),
			cmocka_unit_test(refused),   cmocka_unit_test(too_much),
			cmocka_unit_test(mutations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
