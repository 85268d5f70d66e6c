/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Leases of ranges, with a store in which another node is as well. */

#include "jose/wims_alg_ossl.h"
#include "mint.h"
#include "rangereg/wims_rangereg_lease.h"
#include "redis_standin.h"
#include "shared_help.h"
#include "wk_params.h"
#include "wk_rangereg.h"
#include "wk_state.h"

#define USER "0123456789abcdef01234567"

enum
{
	OTHER = 9,
	/* bytes in front of what is taken from the document of this node */
	USER_AT = sizeof("u\t1\t") - 1,
	ID_AT = sizeof("\nr\t") - 1,
	LIFE_AT = ID_AT + 16 + sizeof("\tg\t0\t") - 1,
	LONG_MS = 60000,
	SOON_MS = 1500
};

/* The lease of RANGE, as docs/registrar-schema.md names it. */
static struct wims_block lease(void)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char digest[WIMS_SHA256_LEN];
	struct wims_block b = {.range = WIMS_PL(RANGE)};
	size_t i;

	assert_true(wims_sha256(digest, WIMS_PL(RANGE "\tweb-0@ims.test\tims.test\t")));
	for(i = 0; i < WIMS_RANGEREG_ASK_TAG_LEN; i++)
		b.tag[i] = hex[i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15];
	return b;
}

/* Another node asks for it for so long. */
static bool other_holds(int64_t ms, struct wims_pl doc, struct wims_reg_held *held)
{
	const struct wims_block b = lease();

	assert_int_equal(wims_store_hold(redis_store(), &b, OTHER, 1, ms, doc, held), WIMS_OK);
	return held->ours;
}

/* It takes it by order, and publishes that. */
static void other_takes(struct wims_pl doc)
{
	static struct wims_reg_held held;
	const struct wims_block b = lease();

	assert_int_equal(
			wims_store_unhold(redis_store(), &b, (uint16_t)wk_params.node_id, wk_boot_epoch()),
			WIMS_OK);
	assert_true(other_holds(LONG_MS, doc, &held));
	ksr_tm.requests = 0;
	ksr_log_clear();
}

/* What the holder published last, with its seal taken off. */
static struct wims_pl published(struct wims_reg_held *held)
{
	struct wims_pl doc;

	assert_false(other_holds(1, WIMS_PL_NONE, held));
	assert_int_equal(held->node, wk_params.node_id);
	assert_int_equal(held->epoch, wk_boot_epoch());
	assert_true(wims_rangereg_unseal(wk_flow_keys(), lease().tag, held->doc, &doc));
	return doc;
}

/* A document of the other node, in which the range has that state, and which says
 * that our Contact was taken out. */
static struct wims_pl sealed(char *buf, const char *state)
{
	static struct wims_reg_held held;
	struct wims_pl doc = published(&held);
	const char *line = memmem(doc.p, doc.l, "\nr\t", 3);
	char *text;
	struct wims_pl out;

	assert_non_null(line);
	text = mint_text("u\t1\t" USER "\t192.0.2.9:5060\t1\t600000\t\n"
					 "t\t%.24s\nr\t%.16s\t%s\t0\t%.16s\n",
					 doc.p + USER_AT, line + ID_AT, state, line + LIFE_AT);
	assert_true(wims_rangereg_seal(buf, wk_flow_keys(), lease().tag, wims_pl_str(text), &out));
	free(text);
	return out;
}

static void test_publishes(void **state)
{
	static struct wims_reg_held held;
	struct wims_pl doc = published(&held);

	assert_true(wims_pl_starts(doc, WIMS_PL("u\t1\t")));
	assert_non_null(memmem(doc.p, doc.l, "\tg\t0\t", 5));
	assert_in_range(held.left_ms, WK_RANGEREG_LEASE_MS / 2, WK_RANGEREG_LEASE_MS);
	/* it is renewed for ever, and that is no news */
	ksr_log_clear();
	rs_turns(3 * WK_RANGEREG_LEASE_MS);
	(void)published(&held);
	assert_null(strstr(ksr_log(), "registers"));
}

static void test_another_takes_it(void **state)
{
	static char buf[2][WIMS_RANGEREG_DOC_MAX + WIMS_RANGEREG_SEAL_LEN];
	static struct wims_reg_held held;
	struct wims_pl good = sealed(buf[0], "g"), refused = sealed(buf[1], "f");
	int lost = ksr_counter("leases_lost");

	other_takes(good);
	rs_turns(SOON_MS);
	wk_rangereg_tick();
	assert_int_equal(ksr_counter("leases_lost"), lost + 1);
	assert_contains(ksr_log(), "node 9 registers " RANGE " now");
	assert_int_equal(wk_rangereg_check(WIMS_PL(RANGE), NULL), WIMS_OK);
	/* WICs here are told what it says */
	assert_true(other_holds(LONG_MS, refused, &held));
	rs_turns(SOON_MS);
	wk_rangereg_tick();
	assert_int_equal(wk_rangereg_check(WIMS_PL(RANGE), NULL), WIMS_RANGE_REFUSED);
	assert_int_equal(ksr_counter("leases_lost"), lost + 1);
	assert_int_equal(ksr_tm.requests, 0);
}

static void expect_forged(struct wims_pl doc)
{
	int unreadable = ksr_counter("leases_unreadable");

	other_takes(doc);
	rs_turns(2 * SOON_MS);
	wk_rangereg_tick();
	assert_in_range(ksr_counter("leases_unreadable"), unreadable + 1, unreadable + 3);
	assert_contains(ksr_log(), "what the registrar has about " RANGE " cannot be read");
	assert_int_equal(wk_rangereg_check(WIMS_PL(RANGE), NULL), WIMS_OK);
}

static void test_a_broken_seal(void **state)
{
	static char buf[WIMS_RANGEREG_DOC_MAX + WIMS_RANGEREG_SEAL_LEN];
	struct wims_pl doc = sealed(buf, "f");

	buf[doc.l - 2] ^= 1;
	expect_forged(doc);
}

static void test_no_seal(void **state)
{
	static char buf[WIMS_RANGEREG_DOC_MAX + WIMS_RANGEREG_SEAL_LEN];
	struct wims_pl doc = sealed(buf, "f");

	doc.l -= WIMS_RANGEREG_SEAL_LEN;
	expect_forged(doc);
}

/* Nothing is asked of the core, and what is registered counts. */
static void test_the_store_is_away(void **state)
{
	static struct wims_reg_held held;
	int taken = ksr_counter("leases_taken"), lost = ksr_counter("leases_lost");

	ksr_tm.requests = 0;
	rs_away_for(2 * WK_RANGEREG_LEASE_MS, WIMS_REGISTRAR_AWAY);
	assert_int_equal(wk_rangereg_check(WIMS_PL(RANGE), NULL), WIMS_OK);
	rs_turns(2 * SOON_MS);
	(void)published(&held);
	assert_int_equal(ksr_counter("leases_taken"), taken + 1);
	assert_int_equal(ksr_counter("leases_lost"), lost);
	assert_int_equal(ksr_tm.requests, 0);
}

/* The last one: the table gives what it has, and asks no more. */
static void test_a_clean_stop(void **state)
{
	static struct wims_reg_held held;

	assert_false(other_holds(1, WIMS_PL_NONE, &held));
	wk_rangereg_lease_give();
	assert_true(other_holds(LONG_MS, WIMS_PL_NONE, &held));
	assert_true(held.doc.l > 0); /* what was published stays */
}

/* No node has the number 0, which is that of nobody. */
static int group_setup(void **state)
{
	wk_params.node_id = 2;
	return rs_group_setup(state);
}

#define rs_test(f) cmocka_unit_test_setup_teardown(f, rs_setup, rs_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			rs_test(test_publishes), rs_test(test_another_takes_it),  rs_test(test_a_broken_seal),
			rs_test(test_no_seal),   rs_test(test_the_store_is_away), rs_test(test_a_clean_stop),
	};

	return cmocka_run_group_tests(tests, group_setup, rs_group_teardown);
}
