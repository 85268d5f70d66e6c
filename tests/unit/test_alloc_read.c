/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Blocks of which IMPUs are allocated, as the provisioning has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "provision/wims_alloc.h"
#include "provision_text.h"
#include "refused.h"
#include "scarce.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void check_text(struct wims_pl got, const char *want)
{
	if(!wims_pl_eq(got, wims_pl_str(want)))
		fail_msg("\"%.*s\", want \"%s\"", (int)got.l, got.p, want);
}

static void check_impu(const struct wims_alloc *a, uint64_t at, const char *want)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;

	assert_true(wims_alloc_impu(a, at, buf, &impu));
	check_text(impu, want);
}

#define AL(range, more) "{\"range\":\"" range "\",\"impi\":\"r1@ims.test\"" more "}"
#define WILD(text) ",\"wildcard\":\"" text "\""
#define BLOCK ",\"allocate\":true"
#define PATTERN(text) ",\"allocate\":{\"pattern\":\"" text "\"}"
#define LIST(list) ",\"allocate\":{\"list\":[" list "]}"
#define D1 "sip:d1-!.*!@ims.test"
#define D1_PATTERN PATTERN("sip:d1-{000..999}@ims.test")
#define BUT_IMPIS NAME ISSUER AUDIENCE KEYS ORIGINS DOMAIN ",\"scenario\":\"range\""

static const char all[] = FILE_OF("{" BUT_IMPIS ",\"claims\":{\"user\":\"email\"}" RANGES(
		AL(D1, D1_PATTERN
		   ",\"quarantine\":5,\"nodes\":[1,65535],\"users\":[\"*@sales.acme.test\","
		   "\"boss@acme.test\"],\"claim\":{\"name\":\"department\",\"values\":[\"sales\",7,"
		   "true]}") "," AL("+15550000..+15559999", WILD("tel:+1555!.*!") BLOCK
							",\"claim\":{\"name\":\"tenant\",\"values\":\"a\"},\"register\":"
							"\"start\"") "," AL("sip:l!.*!@ims.test",
												LIST("\"sip:lz@ims.test\",\"sip:lA@IMS.test\","
													 "\"sip:la@ims.test\""))) "}");

static void every_member(void **state)
{
	struct wims_provision *pv = must_parse(all);
	const struct wims_wwsf *w = wims_provision_at(pv, 0);
	const struct wims_wwsf_range *r = w->ranges.at;
	uint64_t n;

	(void)state;
	check_text(w->claims.user, "email");
	assert_int_equal(w->impis.count, 0);
	assert_int_equal(r[0].block.size, 1000);
	assert_int_equal(r[0].block.quarantine, 5);
	assert_int_equal(strlen(r[0].block.tag), WIMS_BLOCK_TAG_LEN);
	assert_int_equal(r[0].nodes.count, 2);
	assert_int_equal(r[0].nodes.at[0], 1);
	assert_int_equal(r[0].nodes.at[1], 65535);
	assert_int_equal(r[0].users.count, 2);
	check_text(r[0].users.at[1], "boss@acme.test");
	check_text(r[0].claim.name, "department");
	assert_int_equal(r[0].claim.count, 3);
	assert_int_equal(r[0].claim.at[1].number, 7);
	assert_int_equal(r[1].block.size, 10000);
	assert_int_equal(r[1].block.quarantine, 600);
	assert_int_equal(r[1].claim.count, 1);
	check_impu(r[1].allocate, 1234, "tel:+15551234");
	assert_int_equal(r[2].block.size, 3);
	check_impu(r[2].allocate, 0, "sip:lz@ims.test");
	check_impu(r[2].allocate, 1, "sip:lA@ims.test");
	assert_true(wims_alloc_index(r[2].allocate, WIMS_PL("sip:la@ims.test"), &n));
	assert_int_equal(n, 2);
	assert_false(wims_alloc_index(r[2].allocate, WIMS_PL("sip:lb@ims.test"), &n));
	wims_provision_free(pv);
}

static const char *tag_of(const char *text)
{
	static char tag[WIMS_BLOCK_TAG_LEN + 1];
	struct wims_provision *pv = must_parse(text);

	snprintf(tag, sizeof(tag), "%s", wims_provision_at(pv, 0)->ranges.at[0].block.tag);
	wims_provision_free(pv);
	return tag;
}

#define ONE(range, more) RANGE(RANGES(AL(range, more)))
#define L_RANGE "sip:l!.*!@ims.test"

/* Numbers of IMPUs are of that name: it is another one as soon as they mean others. */
static void names_of_blocks(void **state)
{
	static const char *const same[][2] = {
			{ONE(L_RANGE, LIST("\"sip:la@ims.test\"")), ONE(L_RANGE, LIST("\"sip:la@IMS.test\""))},
			{ONE(D1, D1_PATTERN), ONE(D1, D1_PATTERN ",\"quarantine\":7,\"nodes\":[3]")},
			{ONE(D1, ""), ONE(D1, ",\"allocate\":false")},
	};
	static const char *const all_others[] = {
			ONE(D1, ""),
			ONE(D1, D1_PATTERN),
			ONE(D1, PATTERN("sip:d1-{001..999}@ims.test")),
			ONE(D1, PATTERN("sip:d1-{000..998}@ims.test")),
			ONE(D1, LIST("\"sip:d1-000@ims.test\",\"sip:d1-001@ims.test\"")),
			ONE(D1, LIST("\"sip:d1-001@ims.test\",\"sip:d1-000@ims.test\"")),
			ONE(D1, LIST("\"sip:d1-000@ims.test\"")),
			ONE("+15550000..+15559999", WILD("tel:+1555!.*!")),
			ONE("+15550000..+15559999", WILD("tel:+1555!.*!") BLOCK),
	};
	char tags[sizeof(all_others) / sizeof(all_others[0])][WIMS_BLOCK_TAG_LEN + 1];
	size_t i, k;

	(void)state;
	for(i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		snprintf(tags[0], sizeof(tags[0]), "%s", tag_of(same[i][0]));
		assert_string_equal(tag_of(same[i][1]), tags[0]);
	}
	for(i = 0; i < sizeof(all_others) / sizeof(all_others[0]); i++) {
		snprintf(tags[i], sizeof(tags[i]), "%s", tag_of(all_others[i]));
		for(k = 0; k < i; k++)
			assert_string_not_equal(tags[i], tags[k]);
	}
	/* what is in a store outlives a release: of SHA-256 of the range, and so on */
	assert_string_equal(tags[0], "d9a6b45dbe03b9cc");
	assert_string_equal(tags[1], "08bd2c955dea7e4d");
	assert_string_equal(tags[4], "ba7518e1360cb94e");
}

#define AT "$.wwsf[0].ranges[0]"

/* clang-format off */
static const struct refused refused_rows[] = {
	/* where it has a meaning */
	{POOL(RANGES("{\"range\":\"" D1 "\",\"register\":\"never\"" D1_PATTERN "}")), WIMS_CONFIG_MEMBER, AT ".allocate", "not registered"},
	{POOL(RANGES("{\"range\":\"" D1 "\",\"register\":\"never\",\"nodes\":[1]}")), WIMS_CONFIG_MEMBER, AT ".nodes", "not registered"},
	{POOL(RANGES("{\"range\":\"" D1 "\",\"users\":[\"a\"]}")), WIMS_CONFIG_MEMBER, AT ".users", "without \"allocate\""},
	{RANGE(RANGES(AL(D1, D1_PATTERN ",\"register\":\"token\""))), WIMS_CONFIG_MEMBER, AT ".allocate", "\"start\" or \"first\""},
	{RANGE(RANGES(AL(D1, ",\"quarantine\":5"))), WIMS_CONFIG_MEMBER, AT ".quarantine", "without \"allocate\""},
	{RANGE(RANGES(AL(D1, ",\"allocate\":false,\"users\":[\"*\"]"))), WIMS_CONFIG_MEMBER, AT ".users", "without \"allocate\""},
	{RANGE(RANGES(AL(D1, ",\"claim\":{\"name\":\"a\",\"values\":1}"))), WIMS_CONFIG_MEMBER, AT ".claim", "without \"allocate\""},
	/* its own form */
	{RANGE(RANGES(AL(D1, ",\"allocate\":1"))), WIMS_CONFIG_VALUE, AT ".allocate", "is integer; allowed: true or false or object"},
	{RANGE(RANGES(AL(D1, ",\"allocate\":{}"))), WIMS_CONFIG_MEMBER, AT ".allocate", "\"pattern\" or \"list\""},
	{RANGE(RANGES(AL(D1, ",\"allocate\":{\"pattern\":\"sip:d1-{0..9}@ims.test\",\"list\":[\"sip:d1-1@ims.test\"]}"))), WIMS_CONFIG_MEMBER, AT ".allocate", "\"pattern\" or \"list\""},
	{RANGE(RANGES(AL(D1, ",\"allocate\":{\"patern\":\"x\"}"))), WIMS_CONFIG_MEMBER, AT ".allocate", "did you mean \"pattern\""},
	{RANGE(RANGES(AL(D1, ",\"allocate\":{\"pattern\":7}"))), WIMS_CONFIG_VALUE, AT ".allocate.pattern", "is integer"},
	{RANGE(RANGES(AL(D1, PATTERN("sip:d1-{0..10}@ims.test")))), WIMS_CONFIG_VALUE, AT ".allocate.pattern", "byte 7: allowed between"},
	{RANGE(RANGES(AL(D1, ",\"allocate\":{\"list\":[]}"))), WIMS_CONFIG_VALUE, AT ".allocate.list", "1 to 10000"},
	{RANGE(RANGES(AL(D1, LIST("\"d1-1\"")))), WIMS_CONFIG_VALUE, AT ".allocate.list[0]", "one sip:"},
	{RANGE(RANGES(AL(D1, LIST("\"sip:d1-!.*!@ims.test\"")))), WIMS_CONFIG_VALUE, AT ".allocate.list[0]", "one sip:"},
	{RANGE(RANGES(AL(D1, LIST("\"sip:d1-1@ims.test\",\"sip:d1-2@ims.test\",\"sip:d1-1@IMS.test\"")))), WIMS_CONFIG_VALUE, AT ".allocate.list[2]", "\"sip:d1-1@ims.test\" is there already"},
	{RANGE(RANGES(AL(D1, BLOCK))), WIMS_CONFIG_VALUE, AT ".allocate", "cannot be counted"},
	{RANGE(RANGES(AL("sip:n000000000..n999999999@ims.test", WILD("sip:n!.*!@ims.test") BLOCK))), WIMS_CONFIG_VALUE, AT ".allocate", "the block makes too many identities; allowed: 100000000"},
	{RANGE(RANGES(AL("sip:n10000000000000000000..n10000000000000000009@ims.test", WILD("sip:n!.*!@ims.test") BLOCK ",\"quarantine\":-1"))), WIMS_CONFIG_VALUE, AT ".quarantine", "0 to 2592000"},
	/* inside of the range */
	{RANGE(RANGES(AL(D1, LIST("\"sip:d1-1@ims.test\",\"sip:d2-2@ims.test\"")))), WIMS_CONFIG_VALUE, AT ".allocate", "not in \"sip:d1-!.*!@ims.test\""},
	{RANGE(RANGES(AL(D1, PATTERN("sip:d{1..2}-x@ims.test")))), WIMS_CONFIG_VALUE, AT ".allocate", "as far as can be told"},
	{RANGE(RANGES(AL(D1, PATTERN("sip:d1-{1..2}@other.test")))), WIMS_CONFIG_VALUE, AT ".allocate", "as far as can be told"},
	{RANGE(RANGES(AL(D1, PATTERN("sips:d1-{1..2}@ims.test")))), WIMS_CONFIG_VALUE, AT ".allocate", "as far as can be told"},
	{RANGE(RANGES(AL("sip:d1-![0-4]{3}!@ims.test", PATTERN("sip:d1-{000..999}@ims.test")))), WIMS_CONFIG_VALUE, AT ".allocate", "as far as can be told"},
	{RANGE(RANGES(AL("sip:d1-![0-9]{3}!@ims.test", PATTERN("sip:d1-{0000..0999}@ims.test")))), WIMS_CONFIG_VALUE, AT ".allocate", "as far as can be told"},
	{RANGE(RANGES(AL("+15550000..+15551999", WILD("tel:+1555!.*!") PATTERN("tel:+1555{1000..2000}")))), WIMS_CONFIG_VALUE, AT ".allocate", "as far as can be told"},
	{RANGE(RANGES(AL("sip:n00..n49@ims.test", WILD("sip:n!.*!@ims.test") PATTERN("sip:n{0..4}{0..9}@ims.test:5070")))), WIMS_CONFIG_VALUE, AT ".allocate", "as far as can be told"},
	/* who, and where */
	{RANGE(RANGES(AL(D1, D1_PATTERN ",\"users\":[]"))), WIMS_CONFIG_VALUE, AT ".users", "1 to 64"},
	{RANGE(RANGES(AL(D1, D1_PATTERN ",\"users\":[\"a*b*c\"]"))), WIMS_CONFIG_VALUE, AT ".users[0]", "one '*'"},
	{RANGE(RANGES(AL(D1, D1_PATTERN ",\"users\":[\"A@Acme.test\"]"))), WIMS_CONFIG_VALUE, AT ".users[0]", "lower case"},
	{RANGE(RANGES(AL(D1, D1_PATTERN ",\"users\":[\"a b\"]"))), WIMS_CONFIG_VALUE, AT ".users[0]", "without scheme"},
	{RANGE(RANGES(AL(D1, D1_PATTERN ",\"claim\":{\"values\":1}"))), WIMS_CONFIG_MEMBER, AT ".claim.name", "is required"},
	{RANGE(RANGES(AL(D1, D1_PATTERN ",\"claim\":{\"name\":\"a\"}"))), WIMS_CONFIG_MEMBER, AT ".claim.values", "is required"},
	{RANGE(RANGES(AL(D1, D1_PATTERN ",\"claim\":{\"name\":\"a\",\"values\":[]}"))), WIMS_CONFIG_VALUE, AT ".claim.values", "1 to 16"},
	{RANGE(RANGES(AL(D1, D1_PATTERN ",\"claim\":{\"name\":\"a\",\"values\":[1.5]}"))), WIMS_CONFIG_VALUE, AT ".claim.values[0]", "with a fraction"},
	{RANGE(RANGES(AL(D1, ",\"nodes\":[]"))), WIMS_CONFIG_VALUE, AT ".nodes", "1 to 256"},
	{RANGE(RANGES(AL(D1, ",\"nodes\":[65536]"))), WIMS_CONFIG_VALUE, AT ".nodes[0]", "0 to 65535"},
	{RANGE(RANGES(AL(D1, ",\"nodes\":[1,\"2\"]"))), WIMS_CONFIG_VALUE, AT ".nodes[1]", "is string"},
	/* IMPIs are for those who claim */
	{FILE_OF("{" BUT_IMPIS IMPUS RANGES(AL(D1, D1_PATTERN)) "}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].impis", "unless all ranges allocate"},
	{FILE_OF("{" BUT_IMPIS RANGES(AL(D1, D1_PATTERN) ",\"sip:x!.*!@ims.test\"") "}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].impis", "unless all ranges allocate"},
	{FILE_OF("{" BUT_IMPIS ",\"anonymous\":true" RANGES(AL(D1, D1_PATTERN)) "}"), WIMS_CONFIG_MEMBER, "$.wwsf[0].impis", "with a name"},
	/* shares nothing, with its own WWSF either */
	{RANGE(",\"impus\":[\"sip:d1-x@ims.test\"]" RANGES(AL(D1, D1_PATTERN))), WIMS_CONFIG_OVERLAP, AT, "apart from those that are allocated"},
	{RANGE(RANGES(AL(D1, D1_PATTERN) ",\"sip:d1-1!.*!@ims.test\"")), WIMS_CONFIG_OVERLAP, "$.wwsf[0].ranges[1]", "apart from those"},
	{RANGE(RANGES("\"sip:d1-1!.*!@ims.test\"," AL(D1, D1_PATTERN))), WIMS_CONFIG_OVERLAP, "$.wwsf[0].ranges[1]", "apart from those"},
	{RANGE(RANGES(AL(D1, D1_PATTERN ",\"pilot\":\"sip:d1-007@ims.test\""))), WIMS_CONFIG_OVERLAP, AT ".pilot", "a user of WWSF \"one\""},
	{BESIDE("range", RANGES(AL(D1, D1_PATTERN)), RANGES("\"sip:d1-x!.*!@ims.test\"")), WIMS_CONFIG_OVERLAP, "$.wwsf[1].ranges[0]", "of WWSF \"one\", or cannot be told from it; allowed: each identity in one WWSF"},
};
/* clang-format on */

static void refuses(void **state)
{
	(void)state;
	refused_all(refused_rows, COUNT(refused_rows));
}

static const char *const taken_rows[] = {
		RANGE(RANGES(AL("sip:d1-![0-9]{3}!@ims.test", PATTERN("sip:d1-{100..249}@ims.test")))),
		RANGE(RANGES(AL("sip:d1-![0-9]{3}!@ims.test", PATTERN("sip:d1-{1..2}{10..49}@ims.test")))),
		RANGE(RANGES(AL("+15550000..+15551999",
						WILD("tel:+1555!.*!") PATTERN("tel:+1555{1500..1999}")))),
		RANGE(RANGES(AL("+15551500..+15552499", WILD("tel:+1555!.*!") BLOCK))),
		RANGE(RANGES(AL("tel:+15550!.*!", PATTERN("tel:+1555{0100..0199}")))),
		RANGE(RANGES(AL("sip:!.*!-x@ims.test", PATTERN("sip:d1.{1..2}-{3..4}-x@ims.test")))),
		RANGE(RANGES(AL(D1, D1_PATTERN ",\"pilot\":\"sip:d1-pilot@ims.test\""))),
		RANGE(RANGES(AL(D1, ",\"allocate\":false"))),
};

static void takes(void **state)
{
	struct wims_config_fault fault;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(taken_rows); i++)
		if(refused_read(&wims_env_libc, taken_rows[i], &fault) != WIMS_OK)
			fail_msg("row %zu: %s: %s", i, fault.path, fault.text);
}

static const char beside[] = FILE_OF(
		"{" THIN THIN_ORIGINS "},{" BUT_IMPUS
		",\"scenario\":\"range\",\"impus\":[\"sip:vip@ims.test\"]" RANGES(
				AL(D1, D1_PATTERN) ",\"sip:p-!.*!@ims.test\"," AL(
						"sip:d2-!.*!@ims.test", PATTERN("sip:d2-{0..9}@ims.test"))) "},{" OTHER
				IMPUS ",\"impis\":[\"other@ims.test\"],\"scenario\":\"pool\"" RANGES(
						"\"sip:q-!.*!@ims.test\"") "}");

/* A range that allocates is still its WWSF's. */
static void owners(void **state)
{
	static const struct
	{
		const char *impu;
		size_t wwsf, range;
	} rows[] = {
			{"sip:d1-000@ims.test", 1, 0}, {"sip:d1-zzz@ims.test", 1, 0},
			{"sip:p-1@ims.test", 1, 1},    {"sip:d2-7@ims.test", 1, 2},
			{"sip:q-7@ims.test", 2, 0},
	};
	struct wims_provision *pv = must_parse(beside);
	struct wims_config_fault fault;
	struct wims_ranges *set;
	struct wims_owned o;
	size_t i;

	(void)state;
	assert_int_equal(wims_provision_ranges(&set, &wims_env_libc, pv, &fault), WIMS_OK);
	assert_true(wims_provision_use(pv, set));
	for(i = 0; i < COUNT(rows); i++) {
		assert_true(wims_provision_owner(pv, wims_pl_str(rows[i].impu), &o));
		assert_ptr_equal(o.wwsf, wims_provision_at(pv, rows[i].wwsf));
		assert_ptr_equal(o.range, &o.wwsf->ranges.at[rows[i].range]);
	}
	assert_true(wims_provision_owner(pv, WIMS_PL("sip:vip@ims.test"), &o));
	assert_ptr_equal(o.wwsf, wims_provision_at(pv, 1));
	assert_null(o.range);
	wims_provision_free(pv);
	wims_ranges_free(set);
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
		r = refused_read(&s.env, all, &fault);
		assert_true(r == WIMS_OK || r == WIMS_NOMEM);
		assert_int_equal(s.live, 0);
	}
	assert_int_equal(r, WIMS_OK);
	assert_true(n > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(every_member), cmocka_unit_test(names_of_blocks),
			cmocka_unit_test(refuses),      cmocka_unit_test(takes),
			cmocka_unit_test(owners),       cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
