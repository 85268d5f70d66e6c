/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <limits.h>
#include <unistd.h>

#include "mint.h"
#include "wk_location.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_ranges.c"

static char path[] = "/tmp/wims-glue-ranges-XXXXXX";

/* A file whose WWSF has these members. */
static void provision(const char *members)
{
	char *jwk = mint_jwk(MINT_ED25519, "k1", "");
	char *json = mint_text("{\"version\":1,\"wwsf\":[{\"name\":\"one\",\"domain\":\"ims.test\","
						   "\"origins\":[\"https://wwsf.test\"],"
						   "\"issuer\":\"https://waf.wwsf.test\",\"audience\":\"a\","
						   "\"keys\":{\"jwks\":%s},\"impis\":[\"a*@ims.test\"],%s}]}",
						   jwk, members);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(json, f) >= 0);
	assert_int_equal(fclose(f), 0);
	free(json);
	free(jwk);
}

#define FIRST                                                     \
	"\"scenario\":\"range\",\"impus\":[\"sip:r1-vip@ims.test\"]," \
	"\"ranges\":[{\"range\":\"sip:r1-!.*!@ims.test\",\"impi\":\"r1@ims.test\"}]"
#define SECOND "\"scenario\":\"pool\",\"ranges\":[\"sip:p-![0-9]([a-z]|X)*!@ims.test\"]"
#define NONE "\"impus\":[\"sip:alice@ims.test\"]"

static int setup(void **state)
{
	int fd;

	ksr_reset();
	snprintf(path, sizeof(path), "/tmp/wims-glue-ranges-XXXXXX");
	if((fd = mkstemp(path)) < 0)
		return -1;
	close(fd);
	wk_params.provisioning = path;
	provision(FIRST);
	return wk_location_init() | wk_provision_init();
}

static int teardown(void **state)
{
	wk_provision_destroy();
	unlink(path);
	return ksr_memory.live == 0 ? 0 : -1;
}

/* The range that this process finds an IMPU in: its text, "" for one of
 * "impus", "-" for nobody's. */
static const char *found(const char *impu)
{
	static char text[WIMS_RANGE_TEXT_MAX + 1];
	struct wk_range_hit hit;

	if(!wk_ranges_find(wims_pl_str(impu), &hit)) {
		assert_null(hit.wwsf);
		assert_null(hit.range);
		return "-";
	}
	assert_ptr_equal(hit.wwsf, wims_provision_at(wk_provision(), 0));
	snprintf(text, sizeof(text), "%.*s", hit.range == NULL ? 0 : (int)hit.range->text.l,
			 hit.range == NULL ? "" : hit.range->text.p);
	return text;
}

static void test_find(void **state)
{
	assert_string_equal(found("sip:r1-a@ims.test"), "-"); /* nothing taken yet */
	assert_true(wk_provision_refresh());
	assert_string_equal(found("sip:r1-a@ims.test"), "sip:r1-!.*!@ims.test");
	assert_string_equal(found("sip:r1-vip@ims.test"), "");
	assert_string_equal(found("sip:r2-a@ims.test"), "-");
	assert_true(wims_wwsf_owns_impu(wims_provision_at(wk_provision(), 0),
									WIMS_PL("sip:r1-a@ims.test")));
}

/* Each process looks up in the set that belongs to its provisioning, and the
 * last one frees it. */
static void test_reload(void **state)
{
	struct wims_config_fault fault;
	size_t before, held;

	assert_true(wk_provision_refresh());
	before = ksr_memory.live;
	provision(SECOND);
	assert_int_equal(wk_provision_reload(&fault), WIMS_OK);
	held = ksr_memory.live;
	assert_true(held > before);
	assert_string_equal(found("sip:r1-a@ims.test"), "sip:r1-!.*!@ims.test");
	assert_string_equal(found("sip:p-1a@ims.test"), "-");
	assert_true(wk_provision_refresh());
	assert_true(ksr_memory.live < held);
	assert_string_equal(found("sip:r1-a@ims.test"), "-");
	assert_string_equal(found("sip:p-1a@ims.test"), "sip:p-![0-9]([a-z]|X)*!@ims.test");
	assert_string_equal(found("sip:p-a@ims.test"), "-");
	provision(NONE);
	assert_int_equal(wk_provision_reload(&fault), WIMS_OK);
	assert_true(wk_provision_refresh());
	assert_string_equal(found("sip:p-1a@ims.test"), "-");
	assert_true(ksr_memory.live < before);
}

static void test_reload_fails(void **state)
{
	static const struct
	{
		const char *members, *path, *text;
	} rows[] = {
			{"\"scenario\":\"pool\",\"ranges\":[\"sip:!.*!@ims.test\"]", "$.wwsf[0].ranges[0]",
			 "too wide"},
			{"\"scenario\":\"pool\",\"ranges\":[\"sip:a-!.*!@ims.test\",\"sip:a!-.*!@ims.test\"]",
			 "$.wwsf[0].ranges[1]", "overlaps with"},
			{"\"scenario\":\"pool\",\"ranges\":[\"sip:a-!(!@ims.test\"]", "$.wwsf[0].ranges[0]",
			 "byte"},
	};
	struct wims_config_fault fault;
	size_t i, before;

	assert_true(wk_provision_refresh());
	before = ksr_memory.live;
	for(i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		provision(rows[i].members);
		assert_int_not_equal(wk_provision_reload(&fault), WIMS_OK);
		assert_string_equal(fault.path, rows[i].path);
		assert_contains(fault.text, rows[i].text);
		assert_contains(ksr_log(), rows[i].path);
	}
	assert_true(wk_provision_refresh());
	assert_string_equal(found("sip:r1-a@ims.test"), "sip:r1-!.*!@ims.test");
	assert_int_equal(ksr_memory.live, before);
}

/* However many reloads: as much memory as after the first. */
static void test_no_leak(void **state)
{
	struct wims_config_fault fault;
	size_t i, before;

	assert_true(wk_provision_refresh());
	before = ksr_memory.live;
	for(i = 0; i < 20; i++) {
		provision(i % 2 == 0 ? SECOND : FIRST);
		assert_int_equal(wk_provision_reload(&fault), WIMS_OK);
		if(i % 3 == 0)
			assert_true(wk_provision_refresh());
	}
	assert_true(wk_provision_refresh());
	assert_int_equal(ksr_memory.live, before);
}

/* Each piece of shared memory may be missing. */
static void test_no_memory(void **state)
{
	struct wims_config_fault fault;
	enum wims_reason r = WIMS_NOMEM;
	size_t left, before;

	assert_true(wk_provision_refresh());
	before = ksr_memory.live;
	provision(SECOND);
	for(left = 0; r != WIMS_OK && left < 200; left++) {
		ksr_memory.left = left;
		r = wk_provision_reload(&fault);
		ksr_memory.left = SIZE_MAX;
		if(r != WIMS_OK) {
			assert_true(r == WIMS_NOMEM || r == WIMS_CONFIG_FILE);
			assert_int_equal(ksr_memory.live, before);
		}
	}
	assert_int_equal(r, WIMS_OK);
	assert_true(left > 12);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_find), T(test_reload), T(test_reload_fails), T(test_no_leak), T(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
