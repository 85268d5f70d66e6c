/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Blocks of which IMPUs are allocated: the numbers and names of their IMPUs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "provision/wims_alloc.h"
#include "range/wims_range_inside.h"
#include "sweep.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void check_text(struct wims_pl got, const char *want)
{
	if(!wims_pl_eq(got, wims_pl_str(want)))
		fail_msg("\"%.*s\", want \"%s\"", (int)got.l, got.p, want);
}

/* --- patterns --- */

static const struct pattern
{
	const char *text;
	uint64_t size;
	uint64_t at; /* of impu */
	const char *impu, *first, *last;
} patterns[] = {
		{"sip:desk-{000..999}@ims.test", 1000, 7, "sip:desk-007@ims.test", "sip:desk-000@ims.test",
		 "sip:desk-999@ims.test"},
		{"tel:+1555{0100..0149}", 50, 49, "tel:+15550149", "tel:+15550100", "tel:+15550149"},
		{"sip:{10..14}-desk{0..9}x@ims.test", 50, 23, "sip:12-desk3x@ims.test",
		 "sip:10-desk0x@ims.test", "sip:14-desk9x@ims.test"},
		{"sip:a{3..5}{08..11}@ims.test", 12, 5, "sip:a409@ims.test", "sip:a308@ims.test",
		 "sip:a511@ims.test"},
		{"sip:a{7..7}@ims.test", 1, 0, "sip:a7@ims.test", "sip:a7@ims.test", "sip:a7@ims.test"},
		{"sip:n{999999999999999990..999999999999999999}@ims.test:5070", 10, 3,
		 "sip:n999999999999999993@ims.test:5070", "sip:n999999999999999990@ims.test:5070",
		 "sip:n999999999999999999@ims.test:5070"},
		{"sips:x%40{0..9}@ims.test", 10, 4, "sips:x%404@ims.test", "sips:x%400@ims.test",
		 "sips:x%409@ims.test"},
		{"sip:m{00000000..99999999}@ims.test", 100000000, 12345678, "sip:m12345678@ims.test",
		 "sip:m00000000@ims.test", "sip:m99999999@ims.test"},
};

static void check_impu(const struct wims_alloc *a, uint64_t at, const char *want)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;

	assert_true(wims_alloc_impu(a, at, buf, &impu));
	check_text(impu, want);
}

static void reads_patterns(void **state)
{
	char buf[WIMS_IMPU_MAX];
	struct wims_range_fault fault;
	struct wims_alloc a;
	struct wims_pl impu;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(patterns); i++) {
		const struct pattern *p = &patterns[i];

		if(!wims_alloc_pattern(&a, wims_pl_str(p->text), &fault))
			fail_msg("%s: byte %zu: %s", p->text, fault.at, fault.why);
		assert_int_equal(a.size, p->size);
		check_impu(&a, p->at, p->impu);
		check_impu(&a, 0, p->first);
		check_impu(&a, p->size - 1, p->last);
		assert_false(wims_alloc_impu(&a, p->size, buf, &impu));
		assert_int_equal(impu.l, 0);
		assert_false(wims_alloc_impu(&a, UINT64_MAX, buf, &impu));
	}
}

static const struct
{
	const char *text;
	size_t at;
	const char *says;
} bad_patterns[] = {
		{"", 0, "has no counter"},
		{"sip:a@ims.test", 0, "has no counter"},
		{"sip:a{0..9@ims.test", 5, "a '}' behind"},
		{"sip:a0..9}@ims.test", 0, "has no counter"},
		{"sip:a{}@ims.test", 5, "FIRST..LAST"},
		{"sip:a{0}@ims.test", 5, "FIRST..LAST"},
		{"sip:a{..}@ims.test", 5, "FIRST..LAST"},
		{"sip:a{0.9}@ims.test", 5, "FIRST..LAST"},
		{"sip:a{0...9}@ims.test", 5, "FIRST..LAST"},
		{"sip:a{0..}@ims.test", 5, "FIRST..LAST"},
		{"sip:a{9..0}@ims.test", 5, "FIRST..LAST"},
		{"sip:a{0..10}@ims.test", 5, "as many digits"},
		{"sip:a{-1..+1}@ims.test", 5, "FIRST..LAST"},
		{"sip:a{a..f}@ims.test", 5, "FIRST..LAST"},
		{"sip:a{0..{9}}@ims.test", 5, "FIRST..LAST"},
		{"sip:a{0000000000000000000..0000000000000000001}@ims.test", 5, "18 digits"},
		{"sip:a{0..9}{0..9}{0..9}@ims.test", 17, "two counters"},
		{"sip:a{000000000..100000000}@ims.test", 5, "too many"},
		{"sip:a{0000..9999}-{00000..99999}@ims.test", 18, "too many"},
		{"sip:a{000000000000000000..999999999999999999}@ims.test", 5, "too many"},
		{"sip:alice@h{0..9}.test", 0, "in the user part"},
		{"sip:a{0..9}@h{0..9}.test", 0, "in the user part"},
		{"sip:a%4{1..5}@ims.test", 0, "in no escape"},
		{"sip:a%{40..45}@ims.test", 0, "in no escape"},
		{"sip:a!{0..9}@ims.test", 0, "no '!'"},
		{"sip:a{0..9}!@ims.test", 0, "no '!'"},
		{"SIP:a{0..9}@ims.test", 0, "canonical"},
		{"sip:a{0..9}@IMS.test", 0, "canonical"},
		{"sip:%61{0..9}@ims.test", 0, "canonical"},
		{"sip:a{0..9}@ims.test;user=phone", 0, "canonical"},
		{"sip:a{0..9}@ims.test:5060", 0, "canonical"},
		{"sip:a{0..9}}@ims.test", 0, "canonical"},
		{"sip:a {0..9}@ims.test", 0, "canonical"},
		{"sip:a\r\n{0..9}@ims.test", 0, "canonical"},
		{"tel:+1-555-{0..9}", 0, "canonical"},
		{"tel:{0000..9999}", 0, "canonical"},
		{"+1555{0..9}", 0, "canonical"},
		{"a{0..9}", 0, "canonical"},
};

static void refuses_patterns(void **state)
{
	char text[WIMS_ALLOC_TEXT_MAX + 1];
	struct wims_range_fault fault;
	struct wims_alloc a;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(bad_patterns); i++)
		if(wims_alloc_pattern(&a, wims_pl_str(bad_patterns[i].text), &fault)
		   || fault.at != bad_patterns[i].at || strstr(fault.why, bad_patterns[i].says) == NULL)
			fail_msg("%s: byte %zu: %s", bad_patterns[i].text, fault.at, fault.why);
	memset(text, 'a', sizeof(text));
	assert_false(wims_alloc_pattern(&a, (struct wims_pl){text, sizeof(text)}, &fault));
	assert_non_null(strstr(fault.why, "512 bytes"));
	/* an IMPU has less room than that */
	memcpy(text, "sip:{0..9}", 10);
	memcpy(text + sizeof(text) - 10, "@ims.test", 9);
	assert_false(wims_alloc_pattern(&a, (struct wims_pl){text, sizeof(text) - 1}, &fault));
	assert_non_null(strstr(fault.why, "canonical"));
}

/* Every number has a name, no two the same, that leads back to it; and what is no
 * name of the block has no number. */
static void there_and_back(void **state)
{
	struct wims_range_fault fault;
	char buf[WIMS_IMPU_MAX], before[WIMS_IMPU_MAX];
	struct wims_pl impu, last;
	struct wims_alloc a;
	uint64_t n, step, back;
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(patterns); i++) {
		assert_true(wims_alloc_pattern(&a, wims_pl_str(patterns[i].text), &fault));
		step = a.size < 5000 ? 1 : a.size / 4999;
		last = WIMS_PL_NONE;
		for(n = 0; n < a.size; n += step) {
			assert_true(wims_alloc_impu(&a, n, buf, &impu));
			assert_true(wims_alloc_index(&a, impu, &back));
			assert_int_equal(back, n);
			/* as they are of one length, later ones are greater as text */
			assert_true(last.l == 0 || (last.l == impu.l && memcmp(last.p, impu.p, impu.l) < 0));
			memcpy(before, impu.p, impu.l);
			last = (struct wims_pl){before, impu.l};
		}
	}
}

struct mutated
{
	struct wims_alloc a;
	size_t found;
};

/* What has a number is, byte for byte, what that number makes. */
static void one_name(void *ctx, struct wims_pl in)
{
	struct mutated *m = ctx;
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;
	uint64_t n;

	if(!wims_alloc_index(&m->a, in, &n))
		return;
	m->found++;
	assert_true(wims_alloc_impu(&m->a, n, buf, &impu));
	assert_true(wims_pl_eq(impu, in));
}

static void other_names(void **state)
{
	struct wims_range_fault fault;
	struct mutated m = {.found = 0};
	size_t i, tried = 0;

	(void)state;
	for(i = 0; i < COUNT(patterns); i++) {
		assert_true(wims_alloc_pattern(&m.a, wims_pl_str(patterns[i].text), &fault));
		tried += sweep(wims_pl_str(patterns[i].impu), one_name, &m);
	}
	assert_in_range(m.found, 20, tried / 4);
}

static void one_pattern(void *ctx, struct wims_pl in)
{
	struct wims_range_fault fault;
	struct wims_alloc a;
	char buf[WIMS_IMPU_MAX];
	struct wims_pl impu;

	(void)ctx;
	if(!wims_alloc_pattern(&a, in, &fault)) {
		assert_non_null(fault.why);
		return;
	}
	assert_true(a.size > 0 && a.size <= WIMS_BLOCK_MAX);
	assert_true(wims_alloc_impu(&a, a.size - 1, buf, &impu));
	assert_true(wims_pl_find(impu, '{') == impu.l);
}

static void mutants(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < COUNT(patterns); i++)
		assert_true(sweep(wims_pl_str(patterns[i].text), one_pattern, NULL) > 100);
}

/* The range that is compared with the provisioned one has all of a block in it. */
static void as_range(void **state)
{
	char text[2 * WIMS_RANGE_TEXT_MAX];
	struct wims_range_fault fault;
	struct wims_alloc a;
	struct wims_pl impus[16];
	char room[16][WIMS_IMPU_MAX];
	struct wims_w w;
	size_t i, k;

	(void)state;
	for(i = 0; i < COUNT(patterns); i++) {
		assert_true(wims_alloc_pattern(&a, wims_pl_str(patterns[i].text), &fault));
		wims_w_init(&w, text, sizeof(text));
		wims_alloc_write_range(&w, &a);
		for(k = 0; k < COUNT(impus); k++)
			assert_true(
					wims_alloc_impu(&a, k * (a.size - 1) / (COUNT(impus) - 1), room[k], &impus[k]));
		assert_int_equal(wims_range_holds(&wims_env_libc, wims_w_done(&w), impus, COUNT(impus)),
						 WIMS_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(reads_patterns), cmocka_unit_test(refuses_patterns),
			cmocka_unit_test(there_and_back), cmocka_unit_test(other_names),
			cmocka_unit_test(mutants),        cmocka_unit_test(as_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
