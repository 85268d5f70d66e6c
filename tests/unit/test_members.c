/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Scenario 3: pools and ranges of WWSFs, and whose an identity is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "provision_text.h"
#include "refused.h"
#include "scarce.h"
#include "sweep.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void check_text(struct wims_pl got, const char *want)
{
	if(!wims_pl_eq(got, wims_pl_str(want)))
		fail_msg("\"%.*s\", want \"%s\"", (int)got.l, got.p, want);
}

/* --- what is read --- */

static const char two[] = FILE_OF(
		"{" BUT_IMPUS
		",\"scenario\":\"range\",\"anonymous\":true,\"claims\":{\"range\":\"ims.range\"},"
		"\"impus\":[\"sip:vip@ims.test\",\"sip:r1-vip@ims.test\",\"sip:r1-x*@ims.test\","
		"\"sip:a..b@ims.test\",\"sip:*-y@ims.test\"],"
		"\"ranges\":[{" R1 R1_IMPI ",\"register\":\"start\",\"pilot\":\"sip:R1@IMS.test:5060\","
		"\"wildcard\":\"sip:r1!.*!@ims.test\"},"
		"{\"range\":\"sip:r2-!.*!@ims.test\",\"impi\":\"r2@ims.test\"},"
		"{\"range\":\"+15550000..+15559999\",\"wildcard\":\"tel:+1555!.*!\",\"impi\":\"n@ims."
		"test\","
		"\"register\":\"token\"},"
		"\"sip:r3-![0-9]{3}!@ims.test\","
		"{\"range\":\"sip:r4-!.*!@ims.test\",\"register\":\"never\"}]},"
		"{" OTHER ",\"scenario\":\"pool\",\"impis\":[\"p-*@ims.test\"],"
		"\"impus\":[\"sip:bob@ims.test\"],\"ranges\":[\"sip:pool-![0-9]+!@ims.test\"]}");

static void every_member(void **state)
{
	struct wims_provision *pv = must_parse(two);
	const struct wims_wwsf *w = wims_provision_at(pv, 0);
	const struct wims_wwsf_range *r = w->ranges.at;

	(void)state;
	assert_int_equal(w->scenario, WIMS_SCENARIO_RANGE);
	assert_true(w->anonymous);
	check_text(w->claims.range, "ims.range");
	assert_int_equal(w->ranges.count, 5);
	check_text(r[0].text, "sip:r1-!.*!@ims.test");
	check_text(r[0].wildcard, "sip:r1!.*!@ims.test");
	check_text(r[0].pilot, "sip:R1@ims.test");
	check_text(r[0].impi, "r1@ims.test");
	assert_int_equal(r[0].trigger, WIMS_RANGE_AT_START);
	check_text(r[1].wildcard, "sip:r2-!.*!@ims.test");
	check_text(r[1].pilot, "");
	assert_int_equal(r[1].trigger, WIMS_RANGE_AT_FIRST);
	check_text(r[2].text, "+15550000..+15559999");
	check_text(r[2].wildcard, "tel:+1555!.*!");
	assert_int_equal(r[2].trigger, WIMS_RANGE_BY_TOKEN);
	/* printf %s +15550000..+15559999 | sha256sum */
	assert_string_equal(r[2].block.tag, "059bdde0b3c04daa");
	check_text(r[2].block.range, "+15550000..+15559999");
	assert_string_equal(r[3].block.tag, "");
	assert_int_equal(r[3].trigger, WIMS_RANGE_NEVER);
	check_text(r[3].text, "sip:r3-![0-9]{3}!@ims.test");
	check_text(r[3].wildcard, "");
	assert_int_equal(r[4].trigger, WIMS_RANGE_NEVER);
	w = wims_provision_at(pv, 1);
	assert_int_equal(w->scenario, WIMS_SCENARIO_POOL);
	assert_int_equal(w->ranges.count, 1);
	assert_int_equal(w->ranges.at[0].trigger, WIMS_RANGE_NEVER);
	wims_provision_free(pv);
}

/* A range alone is enough, in either scenario. */
static void impus_are_optional(void **state)
{
	wims_provision_free(must_parse(POOL(RANGES("\"sip:p-!.*!@ims.test\""))));
	wims_provision_free(must_parse(RANGE(RANGES("\"sip:p-!.*!@ims.test\""))));
	wims_provision_free(must_parse(POOL(IMPUS)));
	(void)state;
}

/* --- whose an identity is --- */

static struct wims_ranges *must_build(struct wims_provision *pv)
{
	struct wims_config_fault fault = {"", ""};
	struct wims_ranges *set;

	if(wims_provision_ranges(&set, &wims_env_libc, pv, &fault) != WIMS_OK)
		fail_msg("%s: %s", fault.path, fault.text);
	assert_true(wims_provision_use(pv, set));
	return set;
}

static void owners(void **state)
{
	static const struct
	{
		const char *impu;
		int wwsf;  /* -1: nobody */
		int range; /* -1: of "impus" */
		bool registered;
	} rows[] = {
			{"sip:r1-anybody@ims.test", 0, 0, true},
			{"sip:r1-@ims.test", 0, 0, true},
			{"sip:r2-7@ims.test", 0, 1, true},
			{"tel:+15551234", 0, 2, true},
			{"tel:+15561234", -1, -1, false},
			{"tel:+155512345", -1, -1, false},
			{"sip:r3-123@ims.test", 0, 3, false},
			{"sip:r3-12@ims.test", -1, -1, false},
			{"sip:r4-@ims.test", 0, 4, false},
			{"sip:pool-1@ims.test", 1, 0, false},
			{"sip:pool-x@ims.test", -1, -1, false},
			{"sip:bob@ims.test", 1, -1, false},
			/* a distinct identity beats a range, and the more specific text the other */
			{"sip:vip@ims.test", 0, -1, false},
			{"sip:r1-vip@ims.test", 0, -1, false},
			{"sip:r1-x1@ims.test", 0, -1, false},
			{"sip:r1-1-y@ims.test", 0, 0, true},
			{"sip:z-y@ims.test", 0, -1, false},
			{"sip:a..b@ims.test", 0, -1, false},
			{"sip:a.b@ims.test", -1, -1, false},
			/* not the same host, scheme, case */
			{"sip:r1-anybody@ims.test.evil", -1, -1, false},
			{"sip:r1-anybody@ims.test:5070", -1, -1, false},
			{"sips:r1-anybody@ims.test", -1, -1, false},
			{"sip:R1-anybody@ims.test", -1, -1, false},
			{"sip:r1-!.*!@ims.test", 0, 0, true}, /* the token refuses it */
			{"sip:r1@ims.test", -1, -1, false},   /* a pilot is nobody's to give */
			{"", -1, -1, false},
	};
	struct wims_provision *pv = must_parse(two);
	struct wims_ranges *set = must_build(pv);
	struct wims_owned o;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(rows); i++) {
		struct wims_pl impu = wims_pl_str(rows[i].impu);
		const struct wims_wwsf *w =
				rows[i].wwsf < 0 ? NULL : wims_provision_at(pv, (size_t)rows[i].wwsf);
		const struct wims_wwsf_range *range =
				rows[i].range < 0 ? NULL : &w->ranges.at[rows[i].range];

		if(wims_provision_owner(pv, impu, &o) != (w != NULL) || o.wwsf != w || o.range != range
		   || wims_range_registered(o.range) != rows[i].registered)
			fail_msg("row %zu %s", i, rows[i].impu);
		assert_int_equal(wims_wwsf_owns_impu(wims_provision_at(pv, 0), impu), rows[i].wwsf == 0);
		assert_int_equal(wims_wwsf_owns_impu(wims_provision_at(pv, 1), impu), rows[i].wwsf == 1);
		if(w != NULL)
			assert_ptr_equal(wims_wwsf_range_of(w, impu), range);
	}
	wims_provision_free(pv);
	wims_ranges_free(set);
}

/* Without a set nothing is in a range; what is listed is owned all the same. */
static void no_set(void **state)
{
	struct wims_provision *pv = must_parse(two);
	const struct wims_wwsf *w = wims_provision_at(pv, 0);
	struct wims_owned o;

	(void)state;
	assert_true(wims_provision_use(pv, NULL));
	assert_false(wims_provision_owner(pv, WIMS_PL("sip:r1-a@ims.test"), &o));
	assert_null(o.wwsf);
	assert_false(wims_wwsf_owns_impu(w, WIMS_PL("sip:r1-a@ims.test")));
	assert_true(wims_wwsf_owns_impu(w, WIMS_PL("sip:vip@ims.test")));
	assert_false(wims_range_registered(NULL));
	wims_provision_free(pv);
	pv = must_parse(WWSF(ALL)); /* no scenario 3: none is made */
	assert_null(must_build(pv));
	wims_provision_free(pv);
}

/* --- what is refused --- */

#define N1555 ",\"wildcard\":\"tel:+1555!.*!\"" R1_IMPI

/* clang-format off */
static const struct refused refused_rows[] = {
	/* which members, in which scenario */
	{POOL(""), WIMS_CONFIG_MEMBER, "$.wwsf[0].impus", "is required without \"ranges\""},
	{RANGE(""), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges", "is required with scenario \"range\""},
	{RANGE(IMPUS), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges", "is required with scenario \"range\""},
	{WWSF(ALL RANGES("\"sip:p-!.*!@ims.test\"")), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges", "\"pool\" or \"range\""},
	{WWSF(THIN THIN_ORIGINS RANGES("\"sip:p-!.*!@ims.test\"")), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges", "where the core authenticates"},
	{WWSF(ALL ",\"anonymous\":true"), WIMS_CONFIG_MEMBER, "$.wwsf[0].anonymous", "\"pool\" or \"range\""},
	{WWSF(ALL ",\"anonymous\":false"), WIMS_CONFIG_MEMBER, "$.wwsf[0].anonymous", "\"pool\" or \"range\""},
	{WWSF(THIN THIN_ORIGINS ",\"anonymous\":true"), WIMS_CONFIG_MEMBER, "$.wwsf[0].anonymous", "where the core authenticates"},
	{POOL(IMPUS ",\"anonymous\":1"), WIMS_CONFIG_VALUE, "$.wwsf[0].anonymous", "is integer; allowed: true or false"},
	{WWSF(BUT_KEYS KEYS ",\"scenario\":\"Pool\""), WIMS_CONFIG_VALUE, "$.wwsf[0].scenario", "\"pool\" or \"range\""},
	{POOL(RANGES("{" R1 R1_IMPI ",\"register\":\"first\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].register", "\"never\""},
	/* types and counts */
	{POOL(RANGES("")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges", "1 to 10000 entries"},
	{POOL(",\"ranges\":\"sip:p-!.*!@ims.test\""), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges", "is string; allowed: array"},
	{POOL(RANGES("7")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0]", "is integer; allowed: string or object"},
	{POOL(RANGES("{}")), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges[0].range", "is required"},
	{POOL(RANGES("{\"range\":null}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].range", "is null"},
	{POOL(RANGES("{" R1 ",\"trigger\":\"never\"}")), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges[0]", "unknown member"},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"register\":\"now\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].register", "\"start\", \"first\""},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"register\":true}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].register", "is boolean"},
	{RANGE(RANGES("{" R1 R1_IMPI "},{" R1 ",\"impi\":7}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[1].impi", "is integer"},
	/* the range itself */
	{POOL(RANGES("\"\"")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0]", "has 0 bytes"},
	{POOL(RANGES("\"sip:p-!(!@ims.test\"")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0]", "byte 8"},
	{POOL(RANGES("{\"range\":\"sip:p!a@ims.test\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].range", "two '!'"},
	{POOL(RANGES("\"sip:alice@ims.test\"")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0]", "is one identity; allowed: in \"impus\""},
	{POOL(",\"impus\":[\"sip:p-!.*!@ims.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "allowed: in \"ranges\""},
	{WWSF(BUT_IMPUS ",\"impus\":[\"sip:p-!.*!@ims.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus[0]", "allowed: in \"ranges\""},
	/* what is registered, and how */
	{RANGE(RANGES("{" R1 "}")), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges[0].impi", "is required"},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"register\":\"never\"}")), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges[0].impi", "is not registered"},
	{RANGE(RANGES("{" R1 ",\"register\":\"never\",\"pilot\":\"sip:r1@ims.test\"}")), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges[0].pilot", "is not registered"},
	{POOL(RANGES("{" R1 ",\"wildcard\":\"sip:r1-!.*!@ims.test\"}")), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges[0].wildcard", "is not registered"},
	{RANGE(RANGES("{\"range\":\"+15550000..+15559999\"" R1_IMPI "}")), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges[0].wildcard", "no blocks"},
	{RANGE(RANGES("{\"range\":\"sip:r1-![<>]!@ims.test\"" R1_IMPI "}")), WIMS_CONFIG_MEMBER, "$.wwsf[0].ranges[0].wildcard", "'<' or '>'"},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"wildcard\":\"sip:r1-![<]!@ims.test\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].wildcard", "without spaces"},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"wildcard\":\"sip:r1-!*!@ims.test\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].wildcard", "byte 8"},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"wildcard\":\"sip:r1@ims.test\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].wildcard", "is one identity"},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"wildcard\":\"sip:r1-0..r1-9@ims.test\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].wildcard", "own domain"},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"wildcard\":\"sip:r1-!.*!@other.test\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].wildcard", "own domain"},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"wildcard\":\"sip:r1-![a-z].*!@ims.test\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].wildcard", "does not hold the range"},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"pilot\":\"sip:r1@other.test\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].pilot", "own domain"},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"pilot\":\"sip:r1-!.*!@ims.test\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].pilot", "one sip:"},
	{RANGE(RANGES("{" R1 R1_IMPI ",\"pilot\":\"r1\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].pilot", "one sip:"},
	{RANGE(RANGES("{" R1 ",\"impi\":\"r1\"}")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0].impi", "user@realm"},
	/* one registration each */
	{RANGE(RANGES("{\"range\":\"+15550..+15551\"" N1555 "},{\"range\":\"+15552..+15553\"" N1555 "}")), WIMS_CONFIG_OVERLAP, "$.wwsf[0].ranges[1].wildcard", "of WWSF \"one\" already"},
	{BESIDE("range", RANGES("{" R1 ",\"impi\":\"other@ims.test\"}"), ""), WIMS_CONFIG_OVERLAP, "$.wwsf[0].ranges[0].impi", "of WWSF \"two\" already"},
	/* too wide, or somebody else's: when the set is built */
	{POOL(RANGES("\"sip:!.*!@ims.test\"")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0]", "too wide"},
	{POOL(RANGES("\"sip:a-!.*!@ims.test\",\"sip:p-!.*!@other.test\"")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[1]", "of another host"},
	{POOL(RANGES("\"tel:+155!.*!\"")), WIMS_CONFIG_VALUE, "$.wwsf[0].ranges[0]", "four digits"},
	{POOL(",\"impus\":[\"sip:a!b@ims.test\"]"), WIMS_CONFIG_VALUE, "$.wwsf[0].impus", "two '!'"},
	{POOL(IMPUS RANGES("\"sip:p-!.*!@ims.test\",\"sip:p!-.*!@ims.test\"")), WIMS_CONFIG_OVERLAP, "$.wwsf[0].ranges[1]", "\"sip:p-!.*!@ims.test\" of WWSF \"one\""},
	{BESIDE("pool", RANGES("\"sip:al!.*!@ims.test\""), ""), WIMS_CONFIG_OVERLAP, "$.wwsf[1].impus", "\"sip:alice@ims.test\" overlaps with \"sip:al!.*!@ims.test\" of WWSF \"one\""},
	{BESIDE("pool", RANGES("\"sip:x!.*!@ims.test\""), RANGES("\"sip:xy!.*!@ims.test\"")), WIMS_CONFIG_OVERLAP, "$.wwsf[1].ranges[0]", "\"sip:x!.*!@ims.test\" of WWSF \"one\""},
	{FILE_OF("{" BUT_IMPUS ",\"impus\":[\"sip:x*@ims.test\"]},{" OTHER ",\"scenario\":\"pool\",\"impis\":[\"p\"]" RANGES("\"sip:!.*!x@ims.test\"") "}"), WIMS_CONFIG_VALUE, "$.wwsf[1].impis[0]", "user@realm"},
	{FILE_OF("{" BUT_IMPUS ",\"impus\":[\"sip:x*@ims.test\"]},{" OTHER ",\"scenario\":\"pool\",\"impis\":[\"p@ims.test\"]" RANGES("\"sip:!.*!x@ims.test\"") "}"), WIMS_CONFIG_OVERLAP, "$.wwsf[1].ranges[0]", "\"sip:x*@ims.test\" of WWSF \"one\""},
	{BESIDE("range", RANGES("{" R1 R1_IMPI ",\"pilot\":\"sip:alice@ims.test\"}"), ""), WIMS_CONFIG_OVERLAP, "$.wwsf[0].ranges[0].pilot", "belongs to WWSF \"two\""},
};
/* clang-format on */

static void refuses(void **state)
{
	(void)state;
	refused_all(refused_rows, COUNT(refused_rows));
}

static void out_of_memory(void **state)
{
	struct wims_config_fault fault;
	enum wims_reason r = WIMS_NOMEM;
	struct scarce s;
	size_t n;

	(void)state;
	for(n = 0; r != WIMS_OK && n < 4096; n++) {
		scarce_init(&s, n);
		r = refused_read(&s.env, two, &fault);
		assert_true(r == WIMS_OK || r == WIMS_NOMEM);
		assert_int_equal(s.live, 0);
	}
	assert_int_equal(r, WIMS_OK);
	assert_true(n > 30);
}

static void one_mutant(void *ctx, struct wims_pl in)
{
	char text[4096];
	struct wims_config_fault fault;

	(void)ctx;
	if(in.l >= sizeof(text))
		return;
	memcpy(text, in.p, in.l);
	text[in.l] = '\0';
	if(refused_read(&wims_env_libc, text, &fault) != WIMS_OK)
		assert_int_equal(fault.path[0], '$');
}

static void mutations(void **state)
{
	(void)state;
	assert_true(
			sweep(wims_pl_str(RANGE(RANGES("{" R1 R1_IMPI ",\"register\":\"start\"},\"+1555000.."
										   "+1555999\""))),
				  one_mutant, NULL)
			> 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(every_member), cmocka_unit_test(impus_are_optional),
			cmocka_unit_test(owners),       cmocka_unit_test(no_set),
			cmocka_unit_test(refuses),      cmocka_unit_test(out_of_memory),
			cmocka_unit_test(mutations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
