/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "registrar/wims_reg_record.h"

#define NAME "0123456789abcdef01234567"
#define FLOW "ABCDEFGHIJKLMNOPQRSTUVWXYZ01-_ab"
#define NOW INT64_C(1700000000000)

static bool reads(struct wims_reg_contact *c, const char *name, const char *text)
{
	return wims_reg_record_read(c, wims_pl_str(name), wims_pl_str(text), NOW);
}

static void what_is_written_is_read(void **state)
{
	static const char *const instance[] = {"", "<urn:uuid:0>", "with a space"};
	static const int q[] = {WIMS_Q_NONE, 0, 1, WIMS_Q_MAX};
	char text[32 + WIMS_REG_RECORD_MAX];
	struct wims_reg_contact c, out;
	struct wims_w w;
	size_t i, j;

	(void)state;
	for(i = 0; i < 3; i++)
		for(j = 0; j < 4; j++) {
			c = (struct wims_reg_contact){.name = WIMS_PL(NAME),
										  .flow = WIMS_PL(FLOW),
										  .instance = wims_pl_str(instance[i]),
										  .node = UINT16_MAX,
										  .epoch = UINT32_MAX,
										  .reg_id = UINT32_MAX,
										  .q = q[j]};
			wims_w_init(&w, text, sizeof(text));
			wims_w_u64(&w, (uint64_t)NOW + 5);
			wims_w_lit(&w, " ");
			wims_reg_record_write(&w, &c);
			assert_true(wims_reg_record_read(&out, c.name, wims_w_done(&w), NOW));
			assert_int_equal(out.left_ms, 5);
			assert_int_equal(out.node, c.node);
			assert_int_equal(out.epoch, c.epoch);
			assert_int_equal(out.reg_id, c.reg_id);
			assert_int_equal(out.q, c.q);
			assert_true(wims_pl_eq(out.flow, c.flow));
			assert_true(wims_pl_eq(out.instance, c.instance));
			assert_true(wims_pl_eq(out.name, c.name));
		}
}

static void the_longest_fits(void **state)
{
	char instance[WIMS_INSTANCE_MAX], text[WIMS_REG_RECORD_MAX];
	struct wims_reg_contact c = {.flow = WIMS_PL(FLOW),
								 .instance = {instance, sizeof(instance)},
								 .node = UINT16_MAX,
								 .epoch = UINT32_MAX,
								 .reg_id = UINT32_MAX,
								 .q = WIMS_Q_MAX};
	struct wims_w w;

	(void)state;
	memset(instance, 'i', sizeof(instance));
	wims_w_init(&w, text, sizeof(text));
	wims_reg_record_write(&w, &c);
	assert_int_equal(wims_w_done(&w).l, WIMS_REG_RECORD_MAX);
}

static void a_device_is_instance_and_reg_id(void **state)
{
	char text[64];
	struct wims_reg_contact c = {.reg_id = 7};
	struct wims_w w;

	(void)state;
	wims_w_init(&w, text, sizeof(text));
	wims_reg_record_device(&w, &c);
	assert_int_equal(w.len, 0);
	c.instance = WIMS_PL("<urn:x>");
	wims_reg_record_device(&w, &c);
	assert_true(wims_pl_eq(wims_w_done(&w), WIMS_PL("7 <urn:x>")));
}

static void others_are_none(void **state)
{
	static const struct
	{
		const char *name, *text;
	} bad[] = {
			{NAME, ""},
			{NAME, " "},
			{NAME, "1700000000001"},
			{NAME, "1700000000001 1 2 - " FLOW},
			{NAME, "1700000000001 1 2 - " FLOW " "},
			{NAME, "1700000000000 1 2 - " FLOW " 0 "}, /* over */
			{NAME, "5994967295001 1 2 - " FLOW " 0 "}, /* later than can be */
			{NAME, "99999999999999999999 1 2 - " FLOW " 0 "},
			{NAME, "-1 1 2 - " FLOW " 0 "},
			{NAME, "01700000000001 1 2 - " FLOW " 0 "}, /* two ways to write it */
			{NAME, "1700000000001 65536 2 - " FLOW " 0 "},
			{NAME, "1700000000001 1 4294967296 - " FLOW " 0 "},
			{NAME, "1700000000001 1 2 1001 " FLOW " 0 "},
			{NAME, "1700000000001 1 2 0.5 " FLOW " 0 "},
			{NAME, "1700000000001 1 2 -- " FLOW " 0 "},
			{NAME, "1700000000001 1 2 - " FLOW "A 0 "},
			{NAME, "1700000000001 1 2 - >;lr,<sip:evil@192.0.2.1;lr>abcd 0 "},
			{NAME, "1700000000001 1 2 - " FLOW " 4294967296 "},
			{NAME, "1700000000001 1 2 - " FLOW " 0 a\r\nVia: x"},
			{NAME, "1700000000001 1 2 - " FLOW " 0 a\x7f"},
			{NAME, "1700000000001  1 2 - " FLOW " 0 "},
			{NAME, "1700000000001\t1 2 - " FLOW " 0 "},
			{"", "1700000000001 1 2 - " FLOW " 0 "},
			{NAME "0", "1700000000001 1 2 - " FLOW " 0 "},
			{"0123456789abcdef0123456@", "1700000000001 1 2 - " FLOW " 0 "},
			{"0123456789ABCDEF01234567", "1700000000001 1 2 - " FLOW " 0 "},
	};
	const struct wims_reg_contact none = {.node = 0};
	struct wims_reg_contact c;
	char instance[WIMS_INSTANCE_MAX + 2];
	char text[512];
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&c, 0xff, sizeof(c));
		assert_false(reads(&c, bad[i].name, bad[i].text));
		assert_memory_equal(&c, &none, sizeof(c));
	}
	memset(instance, 'i', sizeof(instance));
	instance[WIMS_INSTANCE_MAX + 1] = '\0';
	snprintf(text, sizeof(text), "1700000000001 1 2 - " FLOW " 0 %s", instance);
	assert_false(reads(&c, NAME, text));
	instance[WIMS_INSTANCE_MAX] = '\0';
	snprintf(text, sizeof(text), "1700000000001 1 2 - " FLOW " 0 %s", instance);
	assert_true(reads(&c, NAME, text));
	assert_true(reads(&c, NAME, "5994967295000 0 0 1000 " FLOW " 0 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(what_is_written_is_read),
			cmocka_unit_test(the_longest_fits),
			cmocka_unit_test(a_device_is_instance_and_reg_id),
			cmocka_unit_test(others_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
