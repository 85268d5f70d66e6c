/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef KEYS_WORLD_H
#define KEYS_WORLD_H

/* A world with one WWSF, "one", that publishes its keys, for the tests of
 * wk_keys*.c: include it once, in the test. */

#include "glue.h"

#include "fetch_standin.h"

#include <limits.h>
#include <unistd.h>

#include "mint.h"
#include "wk_keys.h"
#include "wk_params.h"
#include "wk_provision.h"
#include "wk_stats.h"

#define URL "https://wwsf.test/jwks.json"

/* ---- a world with one WWSF that publishes its keys ---- */

static char dir[] = "/tmp/wims-glue-XXXXXX";
static char config[PATH_MAX];
static size_t live_before;

static void write_file(const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void provision(const char *keys)
{
	char *json = mint_text("{\"version\":1,\"wwsf\":[{\"name\":\"one\",\"domain\":\"ims.test\","
						   "\"origins\":[\"https://wwsf.test\"],"
						   "\"issuer\":\"https://wwsf.test\",\"audience\":\"a\","
						   "\"keys\":%s,\"impus\":[\"sip:a*@ims.test\"],"
						   "\"impis\":[\"a*@ims.test\"]},"
						   "{\"name\":\"thin\",\"scenario\":\"ims-auth\",\"domain\":\"ims.test\","
						   "\"origins\":[\"https://thin.test\"]}]}",
						   keys);

	write_file("p.json", json);
	free(json);
}

static int make_dir(void **state)
{
	ksr_reset();
	if(mkdtemp(dir) == NULL)
		return -1;
	snprintf(config, sizeof(config), "%s/p.json", dir);
	wk_params.provisioning = config;
	write_file("ca.pem", "-----BEGIN CERTIFICATE-----\n");
	return wk_stats_register();
}

static int remove_dir(void **state)
{
	unlink(config);
	snprintf(config, sizeof(config), "%s/ca.pem", dir);
	unlink(config);
	return rmdir(dir);
}

#define REMOTE "{\"jwks_uri\":\"" URL "\",\"ca_file\":\"ca.pem\",\"stale\":100}"

static void reload(enum wims_reason want)
{
	struct wims_config_fault fault;

	assert_int_equal(wk_provision_reload(&fault), want);
}

static int setup(void **state)
{
	ksr_reset();
	memset(&standin, 0, sizeof(standin));
	ksr_clock.mono_ms = 1000000;
	ksr_clock.wall = 1700000000;
	live_before = ksr_memory.live;
	provision(REMOTE);
	if(wk_provision_init() < 0)
		return -1;
	/* this process still has the set of the test before */
	if(wk_provision_taken() == wk_provision_generation())
		reload(WIMS_OK);
	return wk_provision_refresh() ? 0 : -1;
}

static int teardown(void **state)
{
	ksr_memory.left = SIZE_MAX;
	wk_provision_destroy();
	return ksr_memory.live == live_before ? 0 : -1;
}

static const struct wims_wwsf *one(void)
{
	assert_true(wk_provision_refresh());
	return wims_provision_by_name(wk_provision(), WIMS_PL("one"));
}

static void after(int64_t ms)
{
	ksr_clock.mono_ms += ms;
	ksr_clock.wall += ms / 1000;
	wk_keys_tick();
}

/* A set of one or two keys; free it. */
static char *set_of(const char *a, const char *b)
{
	char *first = mint_jwk(MINT_ED25519, a, "");
	char *second = b == NULL ? mint_text("%s", "") : mint_jwk(MINT_P256, b, "");
	char *set = mint_text("{\"keys\":[%s%s%s]}", first, b == NULL ? "" : ",", second);

	free(first);
	free(second);
	return set;
}

/* The first set, which has come. */
static void fetched(const char *a, const char *b, int64_t max_age)
{
	char *set = set_of(a, b);

	wk_keys_tick();
	standin_answer(WIMS_FETCH_OK, max_age, set);
	free(set);
}

static bool has(const char *kid)
{
	return wims_keyset_find(one()->keys, wims_pl_str(kid)) != NULL;
}

__attribute__((unused)) static struct wk_keys_view view(void)
{
	struct wk_keys_view v;

	assert_true(wk_keys_view(one(), &v));
	return v;
}

#endif
