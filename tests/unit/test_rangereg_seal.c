/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Documents of leases: none counts that a node has not sealed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "rangereg/wims_rangereg_lease.h"

#define TAG "0123456789abcdef"

static const struct wims_pl doc = WIMS_PL("u\t1\n");
static struct wims_flowtoken_keys keys; /* the newer one first */
static char buf[WIMS_RANGEREG_DOC_MAX + WIMS_RANGEREG_SEAL_LEN + 1];

static int open(void **state)
{
	(void)state;
	keys = (struct wims_flowtoken_keys){.count = 2};
	memset(keys.key[0].bytes, 'n', sizeof(keys.key[0].bytes));
	memset(keys.key[1].bytes, 'o', sizeof(keys.key[1].bytes));
	keys.key[0].id = 7;
	return 0;
}

static struct wims_pl sealed(void)
{
	struct wims_pl out;

	assert_true(wims_rangereg_seal(buf, &keys, TAG, doc, &out));
	assert_int_equal(out.l, doc.l + WIMS_RANGEREG_SEAL_LEN);
	return out;
}

static bool opens(struct wims_pl text, const char *tag)
{
	struct wims_pl out = WIMS_PL("x");
	bool good = wims_rangereg_unseal(&keys, tag, text, &out);

	assert_true(wims_pl_eq(out, good && text.l > 0 ? doc : WIMS_PL_NONE));
	return good;
}

static void what_was_sealed_is_opened(void **state)
{
	struct wims_pl s = sealed();

	(void)state;
	assert_true(opens(s, TAG));
	assert_memory_equal(s.p + doc.l, "s\t07\t", 5);
	assert_true(opens(WIMS_PL_NONE, TAG));
}

/* A key is changed at one node after the other. */
static void each_key_of_the_file_opens(void **state)
{
	struct wims_flowtoken_key newer = keys.key[0];
	struct wims_pl s;

	(void)state;
	keys.key[0] = keys.key[1];
	s = sealed();
	keys.key[1] = keys.key[0];
	keys.key[0] = newer;
	assert_true(opens(s, TAG));
	keys.count = 1;
	assert_false(opens(s, TAG));
}

static void no_byte_may_change(void **state)
{
	struct wims_pl s = sealed();
	size_t i;

	(void)state;
	for(i = 0; i < s.l; i++) {
		buf[i] ^= 1;
		assert_false(opens(s, TAG));
		buf[i] ^= 1;
		assert_false(opens((struct wims_pl){s.p, i == 0 ? 1 : i}, TAG));
	}
	assert_true(opens(s, TAG));
	assert_false(opens(s, "0123456789abcde0")); /* of another lease */
	assert_false(opens(doc, TAG));
}

static void nothing_too_long_is_looked_at(void **state)
{
	static char text[WIMS_RANGEREG_DOC_MAX + 1];
	struct wims_pl out, longest = {text, WIMS_RANGEREG_DOC_MAX};

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_true(wims_rangereg_seal(buf, &keys, TAG, longest, &out));
	assert_true(wims_rangereg_unseal(&keys, TAG, out, &out));
	assert_true(wims_pl_eq(out, longest));
	longest.l++;
	assert_false(wims_rangereg_seal(buf, &keys, TAG, longest, &out));
	assert_int_equal(out.l, 0);
	assert_false(opens((struct wims_pl){buf, sizeof(buf)}, TAG));
}

static void without_a_key_nothing_is_sealed(void **state)
{
	struct wims_pl s = sealed(), out;

	(void)state;
	keys.count = 0;
	assert_false(opens(s, TAG));
	assert_false(wims_rangereg_seal(buf, &keys, TAG, doc, &out));
	assert_int_equal(out.l, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, open)

int main(void)
{
	const struct CMUnitTest tests[] = {
			TEST(what_was_sealed_is_opened),
			TEST(each_key_of_the_file_opens),
			TEST(no_byte_may_change),
			TEST(nothing_too_long_is_looked_at),
			TEST(without_a_key_nothing_is_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
