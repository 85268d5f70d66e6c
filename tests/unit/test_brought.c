/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Ranges that tokens bring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mint.h"
#include "scarce.h"
#include "token/wims_brought.h"
#include "token/wims_cache.h"
#include "token_help.h"
#include "world.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define IMPI ",\"impi\":\"r@ims.test\""
static const char ranges[] =
		",\"scenario\":\"range\",\"claims\":{\"range\":\"ims.range\"},\"ranges\":["
		"{\"range\":\"sip:r1-!.*!@ims.test\"" IMPI "},"
		"{\"range\":\"sip:r2-!.*!@ims.test\",\"register\":\"token\"" IMPI "},"
		"{\"range\":\"+15550000..+15554999\",\"register\":\"token\",\"wildcard\":\"tel:+1555!.*!"
		"\"" IMPI "},"
		"{\"range\":\"sip:r3-!(x|yz)*!@ims.test\",\"register\":\"token\"" IMPI "},"
		"\"sip:r4-!.*!@ims.test\"]";

static char *payload(const char *impu, const char *range)
{
	return mint_text(
			"{\"iss\":\"https://waf.wwsf.test\",\"sub\":\"u\",\"aud\":\"https://ims.test\","
			"\"iat\":1899999900,\"exp\":1900000600,\"impi\":\"a@ims.test\",\"scope\":"
			"\"" WORLD_SCOPE "\",\"impu\":%s%s%s%s}",
			impu, range == NULL ? "" : ",\"ims\":{\"range\":", range == NULL ? "" : range,
			range == NULL ? "" : "}");
}

#define R2(x) "\"sip:r2-" x "@ims.test\""

/* clang-format off */
static const struct { const char *impu, *range; enum wims_reason want; } rows[] = {
	{R2("a7"), R2("a!.*!"), WIMS_OK},
	{R2("a7"), R2("!.*!"), WIMS_OK},
	{R2("a7"), R2("a![0-9]*!"), WIMS_OK},
	{R2("a7"), R2("!a(7|8)!"), WIMS_OK},
	{"[" R2("a7") "," R2("a8") "]", R2("a!.*!"), WIMS_OK},
	{"\"tel:+1-555-1234\"", "\"tel:+15551![0-9]{3}!\"", WIMS_OK},
	{"\"sip:r3-xyz@ims.test\"", "\"sip:r3-!(x|yz)*!@ims.test\"", WIMS_OK},
	/* where no range has to be brought */
	{"\"sip:r1-7@ims.test\"", NULL, WIMS_OK},
	{"\"sip:r4-7@ims.test\"", NULL, WIMS_OK},
	{"\"sip:a7@ims.test\"", NULL, WIMS_OK},
	/* absent, of the wrong type, of no use */
	{R2("a7"), NULL, WIMS_CLAIM_MISSING},
	{"[\"sip:a7@ims.test\"," R2("a7") "]", NULL, WIMS_CLAIM_MISSING},
	{R2("a7"), "null", WIMS_CLAIM_TYPE},
	{R2("a7"), "[" R2("!.*!") "]", WIMS_CLAIM_TYPE},
	{"\"sip:a7@ims.test\"", "7", WIMS_CLAIM_TYPE},
	{R2("a7"), "\"\"", WIMS_CLAIM_VALUE},
	{R2("a7"), R2("!.*"), WIMS_CLAIM_VALUE},
	{R2("a7"), R2("a7"), WIMS_CLAIM_VALUE},
	{R2("a7"), "\"sip:r2-0..r2-9@ims.test\"", WIMS_CLAIM_VALUE},
	{R2("a7"), R2("a!(!"), WIMS_CLAIM_VALUE},
	{R2("a7"), R2("a! *!"), WIMS_CLAIM_VALUE},
	{R2("a7"), R2("a!.*!>;x=\\u003c"), WIMS_CLAIM_VALUE},
	{R2("a7"), R2("!(>;x=1|a7)!"), WIMS_CLAIM_VALUE},
	{R2("a7"), R2("![<a7]*!"), WIMS_CLAIM_VALUE},
	{R2("a7"), R2("a!(\\u0022|7)!"), WIMS_CLAIM_VALUE},
	{R2("a7"), "\"sip:r2-!.*!@IMS.test\"", WIMS_CLAIM_VALUE},
	{R2("a7"), "\"SIP:r2-!.*!@ims.test\"", WIMS_CLAIM_VALUE},
	{R2("a7"), "\"sip:r2-!.*!@ims.test:5060\"", WIMS_CLAIM_VALUE},
	{R2("a7"), "\"sip:r2-!.*!@ims.test;user=phone\"", WIMS_CLAIM_VALUE},
	/* not inside, or inside one that no token brings */
	{R2("a7"), "\"sip:r2!.*!@ims.test\"", WIMS_RANGE_NOT_ENTITLED},
	{R2("a7"), "\"sip:!.*!@ims.test\"", WIMS_RANGE_NOT_ENTITLED},
	{R2("a7"), "\"sip:r2-!.*!@evil.test\"", WIMS_RANGE_NOT_ENTITLED},
	{R2("a7"), "\"sip:r1-!.*!@ims.test\"", WIMS_RANGE_NOT_ENTITLED},
	{R2("a7"), "\"sip:b!.*!@ims.test\"", WIMS_RANGE_NOT_ENTITLED}, /* of wwsf2 */
	{"\"sip:r1-7@ims.test\"", "\"sip:r1-!.*!@ims.test\"", WIMS_RANGE_NOT_ENTITLED},
	{"\"sip:r4-7@ims.test\"", "\"sip:r4-!.*!@ims.test\"", WIMS_RANGE_NOT_ENTITLED},
	{"\"sip:a7@ims.test\"", "\"sip:a!.*!@ims.test\"", WIMS_RANGE_NOT_ENTITLED},
	{"[" R2("a7") ",\"sip:a7@ims.test\"]", R2("a!.*!"), WIMS_RANGE_NOT_ENTITLED},
	{"[" R2("a7") ",\"tel:+15551234\"]", R2("a!.*!"), WIMS_RANGE_NOT_ENTITLED},
	{"\"tel:+15551234\"", "\"tel:+1555![0-9]{4}!\"", WIMS_RANGE_NOT_ENTITLED},
	{"\"sip:r3-xyz@ims.test\"", "\"sip:r3-!x(x|yz)*!@ims.test\"", WIMS_RANGE_NOT_ENTITLED},
	/* the IMPU is not in what the token brings */
	{R2("b7"), R2("a!.*!"), WIMS_IMPU_NOT_ENTITLED},
	{"[" R2("a7") "," R2("b7") "]", R2("a!.*!"), WIMS_IMPU_NOT_ENTITLED},
	{R2("ax"), R2("a![0-9]*!"), WIMS_IMPU_NOT_ENTITLED},
	{"\"sip:r5-7@ims.test\"", "\"sip:r5-!.*!@ims.test\"", WIMS_IMPU_NOT_ENTITLED},
};
/* clang-format on */

static void judged(void **state)
{
	struct world w = world_of(ranges);
	static struct wims_token t;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		char *p = payload(rows[i].impu, rows[i].range), *token = token_sign(p);
		enum wims_reason r = token_validate(&t, w.pv, token, WORLD_NOW);
		size_t want =
				rows[i].want == WIMS_OK && rows[i].range != NULL ? strlen(rows[i].range) - 2 : 0;

		if(r != rows[i].want || t.range.l != want
		   || (want > 0 && strncmp(t.range.p, rows[i].range + 1, want) != 0))
			fail_msg("row %zu: %s, %zu bytes: %s", i, wims_reason_text(r), t.range.l, p);
		free(token);
		free(p);
	}
	world_end(w);
}

/* A WWSF with no such range may have a claim of that name for anything. */
static void not_looked_at(void **state)
{
	struct world w = world_of(",\"claims\":{\"range\":\"ims.range\"}");
	char *p = payload("\"sip:a7@ims.test\"", "7"), *token = token_sign(p);
	static struct wims_token t;

	(void)state;
	assert_int_equal(token_validate(&t, w.pv, token, WORLD_NOW), WIMS_OK);
	assert_int_equal(t.range.l, 0);
	free(token);
	free(p);
	world_end(w);
}

/* The cache gives it back. */
static void cached(void **state)
{
	struct world w = world_of(ranges);
	char *p = payload(R2("a7"), R2("a!.*!")), *token = token_sign(p);
	struct wims_cache *c = wims_cache_new(&wims_env_libc, 4, 8192);
	static struct wims_token t, again;
	struct wims_cache_in in = {.token = &t, .until = WORLD_NOW + 60};
	struct wims_cache_out out = {.token = &again};
	enum wims_reason r;

	(void)state;
	assert_int_equal(token_validate(&t, w.pv, token, WORLD_NOW), WIMS_OK);
	assert_true(wims_cache_put(c, &in, WORLD_NOW));
	assert_true(wims_cache_get(c, &in.key, w.pv, WORLD_NOW, &out, &r));
	assert_int_equal(r, WIMS_OK);
	assert_true(wims_pl_eq(again.range, WIMS_PL("sip:r2-a!.*!@ims.test")));
	assert_true(again.range.p >= again.text && again.range.p < again.text + again.used);
	wims_cache_free(c);
	free(token);
	free(p);
	world_end(w);
}

static void out_of_memory(void **state)
{
	const struct wims_pl impu = WIMS_PL("sip:r2-a7@ims.test");
	struct world w = world_of(ranges);
	enum wims_reason r = WIMS_NOMEM;
	struct scarce s;
	size_t n;

	(void)state;
	for(n = 0; r != WIMS_OK && n < 100; n++) {
		scarce_init(&s, n);
		r = wims_brought_check(&s.env, wims_provision_at(w.pv, 0),
							   WIMS_PL("sip:r2-!a(7|8)!@ims.test"), &impu, 1);
		assert_true(r == WIMS_OK || r == WIMS_NOMEM || r == WIMS_IMPU_NOT_ENTITLED);
		assert_int_equal(s.live, 0);
	}
	assert_int_equal(r, WIMS_OK);
	assert_true(n > 8);
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(judged),
			cmocka_unit_test(not_looked_at),
			cmocka_unit_test(cached),
			cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
