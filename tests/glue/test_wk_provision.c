/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mint.h"
#include "wk_params.h"
#include "wk_provision.c"
#include "wk_result.h"

static char dir[] = "/tmp/wims-glue-XXXXXX";
static char *path_of(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(path_of(name), "w");

	assert_non_null(f);
	assert_int_equal(fputs(text, f) >= 0, 1);
	assert_int_equal(fclose(f), 0);
}

/* A file with one WWSF of that name and those keys. */
static void provision(const char *name, const char *keys)
{
	char *json = mint_text("{\"version\":1,\"wwsf\":[{\"name\":\"%s\",\"domain\":\"ims.test\","
						   "\"origins\":[\"https://wwsf.test\"],"
						   "\"issuer\":\"https://waf.wwsf.test\",\"audience\":\"a\","
						   "\"keys\":%s,\"impus\":[\"sip:a*@ims.test\"],"
						   "\"impis\":[\"a*@ims.test\"]}]}",
						   name, keys);

	write_file("p.json", json);
	free(json);
}

static int setup(void **state)
{
	char *jwk = mint_jwk(MINT_ED25519, "k1", "");
	static char config[PATH_MAX];

	ksr_reset();
	write_file("keys.json", jwk);
	snprintf(config, sizeof(config), "%s/p.json", dir);
	wk_params.provisioning = config;
	provision("one", "{\"jwks_file\":\"keys.json\"}");
	free(jwk);
	return 0;
}

static int teardown(void **state)
{
	wk_provision_destroy();
	unlink(path_of("keys.json"));
	unlink(path_of("p.json"));
	return ksr_memory.live == 0 ? 0 : -1;
}

static int make_dir(void **state)
{
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int remove_dir(void **state)
{
	return rmdir(dir);
}

static const struct wims_wwsf *wwsf(const char *name)
{
	return wims_provision_by_name(wk_provision(), wims_pl_str(name));
}

static void expect_fault(const char *text)
{
	ksr_log_clear();
	assert_int_equal(wk_provision_init(), -1);
	assert_contains(ksr_log(), text);
	wk_provision_destroy();
}

/* A key file named without a folder is beside the provisioning, whatever the
 * working directory. */
static void test_relative(void **state)
{
	char before[PATH_MAX];

	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(wk_provision_init(), 0);
	assert_true(wk_provision_refresh());
	assert_int_equal(chdir(before), 0);
	assert_non_null(wwsf("one"));
	assert_int_equal(wims_keyset_count(wwsf("one")->keys), 1);
	assert_contains(ksr_log(), "p.json: 1 WWSF");
}

static void test_absolute(void **state)
{
	char *keys = mint_text("{\"jwks_file\":\"%s\"}", path_of("keys.json"));

	provision("one", keys);
	assert_int_equal(wk_provision_init(), 0);
	free(keys);
}

static void test_unreadable(void **state)
{
	provision("one", "{\"jwks_file\":\"nothing.json\"}");
	expect_fault("nothing.json: No such file or directory");
	expect_fault("p.json: $.wwsf[0].keys");
	unlink(path_of("p.json"));
	expect_fault("p.json: No such file or directory");
	wk_params.provisioning = dir; /* a folder */
	expect_fault(dir);
}

static void test_too_large(void **state)
{
	char *spaces = calloc(1, WIMS_JSON_MAX + 2);

	assert_non_null(spaces);
	memset(spaces, ' ', 128 * 1024 + 1);
	write_file("keys.json", spaces);
	expect_fault("too large");
	memset(spaces, ' ', WIMS_JSON_MAX + 1);
	write_file("keys.json", spaces);
	expect_fault("too large");
	write_file("p.json", spaces);
	expect_fault("p.json: too large");
	free(spaces);
}

static void test_syntax(void **state)
{
	write_file("p.json", "{\"version\":1,");
	expect_fault("p.json: ");
	provision("one", "{\"jwks_file\":\"p.json\"}");
	expect_fault("$.wwsf[0].keys");
}

/* No process reads a file but the first: the others see what it saw. */
static void test_files_are_read_once(void **state)
{
	assert_int_equal(wk_provision_init(), 0);
	unlink(path_of("p.json"));
	unlink(path_of("keys.json"));
	assert_true(wk_provision_refresh());
	assert_int_equal(wims_keyset_count(wwsf("one")->keys), 1);
}

static void test_reload(void **state)
{
	struct wims_config_fault fault;
	const struct wims_provision *before;

	assert_int_equal(wk_provision_init(), 0);
	assert_true(wk_provision_refresh());
	assert_int_equal(wk_provision_generation(), 1);
	provision("two", "{\"jwks_file\":\"keys.json\"}");
	assert_int_equal(wk_provision_reload(&fault), WIMS_OK);
	assert_int_equal(wk_provision_generation(), 2);
	assert_non_null(wwsf("one")); /* until this process looks */
	assert_true(wk_provision_refresh());
	assert_null(wwsf("one"));
	assert_non_null(wwsf("two"));
	before = wk_provision();
	assert_true(wk_provision_refresh());
	assert_ptr_equal(wk_provision(), before);
}

/* A second one is turned away while one still reads its files, the next one is
 * not. */
static void test_one_reload_at_a_time(void **state)
{
	struct wims_config_fault fault;

	assert_int_equal(wk_provision_init(), 0);
	lock_get(&published->reloading);
	assert_int_equal(wk_provision_reload(&fault), WIMS_LIMIT_REACHED);
	assert_string_equal(fault.text, "another reload is under way");
	assert_int_equal(wk_provision_generation(), 1);
	lock_release(&published->reloading);
	write_file("p.json", "{");
	assert_int_not_equal(wk_provision_reload(&fault), WIMS_OK);
	provision("two", "{\"jwks_file\":\"keys.json\"}");
	assert_int_equal(wk_provision_reload(&fault), WIMS_OK);
	assert_int_equal(wk_provision_generation(), 2);
}

/* Anything wrong: the old set stays, here and in every process to come. */
static void test_reload_fails(void **state)
{
	struct wims_config_fault fault;
	size_t left;

	assert_int_equal(wk_provision_init(), 0);
	assert_true(wk_provision_refresh());
	write_file("p.json", "{\"version\":1,\"wwsf\":[{\"name\":\"two\"}]}");
	assert_int_not_equal(wk_provision_reload(&fault), WIMS_OK);
	assert_contains(fault.path, "$.wwsf[0]");
	provision("two", "{\"jwks_file\":\"keys.json\"}");
	for(left = 0; left < 3; left++) {
		ksr_memory.left = left;
		assert_int_not_equal(wk_provision_reload(&fault), WIMS_OK);
		ksr_memory.left = SIZE_MAX;
	}
	assert_int_equal(wk_provision_generation(), 1);
	assert_true(wk_provision_refresh());
	assert_non_null(wwsf("one"));
}

static void test_no_memory_at_start(void **state)
{
	size_t left;

	for(left = 0; left < 4; left++) {
		ksr_memory.left = left;
		assert_int_equal(wk_provision_init(), -1);
		ksr_memory.left = SIZE_MAX;
		wk_provision_destroy();
	}
	assert_int_equal(ksr_memory.live, 0);
}

/* What a message found out points into the set of its time: with a newer one
 * it reads as empty, not as freed memory. */
static void test_result_of_an_older_set(void **state)
{
	struct wims_config_fault fault;
	sip_msg_t *msg = ksr_msg(PROTO_WSS, 1, "OPTIONS sip:x SIP/2.0\nCall-ID: c\n\n");

	assert_int_equal(wk_provision_init(), 0);
	wk_result(msg)->wwsf = NULL;
	wk_result(msg)->wwsf = wwsf("one");
	assert_int_equal(wk_provision_reload(&fault), WIMS_OK);
	assert_ptr_equal(wk_result(msg)->wwsf, wwsf("one"));
	assert_true(wk_provision_refresh());
	assert_null(wk_result_peek(msg));
	assert_null(wk_result(msg)->wwsf);
	ksr_msg_free(msg);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_relative),
			T(test_absolute),
			T(test_unreadable),
			T(test_too_large),
			T(test_syntax),
			T(test_files_are_read_once),
			T(test_reload),
			T(test_reload_fails),
			T(test_one_reload_at_a_time),
			T(test_no_memory_at_start),
			T(test_result_of_an_older_set),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
