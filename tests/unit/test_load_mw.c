/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "load_users.h"
#include "tools/load/mw_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct wl_options options;
static struct wl_load load;
static struct wl_mw mw;
static char asked[2000], answered[2000];

static int begin(void **state)
{
	(void)state;
	load = (struct wl_load){.options = &options,
							.users = good_users("sip:a@x\tt\nsip:web-1@x\tt\n")};
	load.losers = calloc(2, sizeof *load.losers);
	mw = (struct wl_mw){.load = &load, .fd = -1, .host = "192.0.2.1:5060"};
	mw.of = calloc(2, sizeof *mw.of);
	load.mw = &mw;
	return load.losers && mw.of ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	wl_mw_forget(&mw);
	free(load.losers);
	wl_users_close(load.users);
	return 0;
}

/* A REGISTER comes; the answer is in *m, which lasts until the next one. */
static void comes(const char *to, const char *contact, int expires, const char *branch,
				  struct wl_sip *m)
{
	struct wl_sip request;
	int n = snprintf(asked, sizeof asked,
					 "REGISTER sip:x SIP/2.0\r\nVia: SIP/2.0/UDP e;branch=%s\r\nFrom: "
					 "<%s>;tag=1\r\nTo: <%s>\r\n"
					 "Call-ID: c\r\nCSeq: 1 REGISTER\r\nContact: %s\r\nExpires: %d\r\n"
					 "Path: <sip:token@edge;lr;ob>\r\nContent-Length: 0\r\n\r\n",
					 branch, to, to, contact, expires);
	size_t got;

	assert_true(wl_sip_parse(asked, (size_t)n, &request));
	got = wl_mw_register(&mw, &request, answered, sizeof answered);
	assert_true(wl_sip_parse(answered, got, m));
}

static void assert_str(struct wl_str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

/* Where a call for that user goes. */
static enum wl_reach reach(unsigned user, const char *want_uri)
{
	const struct wl_list *path;
	struct wl_str uri;
	enum wl_reach how = wl_mw_reach(&mw, user, &uri, &path);

	if(want_uri)
		assert_str(uri, want_uri);
	if(how == WL_REACH_OWN || how == WL_REACH_RANGE)
		assert_str(path->at[0], "<sip:token@edge;lr;ob>");
	return how;
}

static void a_user(void **state)
{
	struct wl_sip m;

	(void)state;
	assert_int_equal(reach(0, "sip:a@x"), WL_REACH_PLAIN);
	comes("sip:a@x", "<sip:one@edge>;reg-id=1", 600, "b1", &m);
	assert_int_equal(m.status, 200);
	assert_str(m.contacts.at[0], "<sip:one@edge>;reg-id=1;expires=600");
	assert_str(m.service_routes.at[0], "<sip:orig@192.0.2.1:5060;lr>");
	assert_non_null(memmem(answered, sizeof answered, "P-Associated-URI: <sip:a@x>\r\n", 29));
	assert_int_equal(reach(0, "sip:one@edge"), WL_REACH_OWN);
	assert_int_equal(reach(1, NULL), WL_REACH_NONE);
	comes("sip:a@x", "<sip:one@edge>", 0, "b2", &m);
	assert_int_equal(m.status, 200);
	assert_int_equal(m.contacts.n, 0);
	assert_int_equal(reach(0, NULL), WL_REACH_NONE);
	assert_int_equal(mw.registers, 1);
	assert_int_equal(mw.deregisters, 1);
}

/* The end of an old connection comes behind the REGISTER over the new one. */
static void an_old_contact_ends(void **state)
{
	struct wl_sip m;

	(void)state;
	comes("sip:a@x", "<sip:one@edge>", 600, "b1", &m);
	comes("sip:a@x", "<sip:two@edge>", 600, "b2", &m);
	comes("sip:a@x", "<sip:one@edge>", 0, "b3", &m);
	assert_int_equal(m.status, 200);
	assert_int_equal(reach(0, "sip:two@edge"), WL_REACH_OWN);
}

/* What is sent again is answered the same, and counts once. */
static void sent_again(void **state)
{
	struct wl_sip m;

	(void)state;
	comes("sip:a@x", "<sip:one@edge>", 600, "b1", &m);
	comes("sip:a@x", "<sip:one@edge>", 600, "b1", &m);
	assert_str(m.contacts.at[0], "<sip:one@edge>;expires=600");
	assert_int_equal(mw.registers, 1);
	assert_int_equal(mw.repeated, 1);
	comes("sip:a@x", "<sip:one@edge>;expires=60", 600, "b2", &m);
	assert_str(m.contacts.at[0], "<sip:one@edge>;expires=60");
	assert_int_equal(mw.registers, 2);
}

static void a_range(void **state)
{
	struct wl_sip m;

	(void)state;
	comes("sip:web-!.*!@x", "<sip:range@edge>", 600, "b1", &m);
	assert_non_null(
			memmem(answered, sizeof answered, "P-Associated-URI: <sip:web-!.*!@x>\r\n", 36));
	assert_int_equal(reach(1, "sip:range@edge"), WL_REACH_RANGE);
	assert_int_equal(reach(0, NULL), WL_REACH_NONE); /* it is not in there */
	comes("sip:pilot@x", "<sip:pilot@edge>", 600, "b2", &m);
	assert_int_equal(reach(0, "sip:pilot@edge"), WL_REACH_RANGE);
	/* one's own comes first */
	comes("sip:web-1@x", "<sip:own@edge>", 600, "b3", &m);
	assert_int_equal(reach(1, "sip:own@edge"), WL_REACH_OWN);
	comes("sip:web-1@x", "<sip:own@edge>", 0, "b4", &m);
	comes("sip:web-!.*!@x", "<sip:range@edge>", 0, "b5", &m);
	comes("sip:pilot@x", "<sip:pilot@edge>", 0, "b6", &m);
	assert_int_equal(reach(1, NULL), WL_REACH_NONE);
	assert_int_equal(mw.n_ranges, 2);
	comes("sip:web-!.*!@x", "<sip:range@edge>", 600, "b7", &m);
	assert_int_equal(mw.n_ranges, 2); /* a place is used again */
}

static void what_it_does_not_take(void **state)
{
	char to[40], branch[40];
	struct wl_sip m;
	int i;

	(void)state;
	comes("sip:a@x", "<sip:one@edge>, <sip:two@edge>", 600, "b1", &m);
	assert_int_equal(m.status, 400);
	assert_int_equal(mw.strange, 1);
	for(i = 0; i <= WL_RANGES_MAX; i++) {
		snprintf(to, sizeof to, "sip:r%d-!.*!@x", i);
		snprintf(branch, sizeof branch, "r%d", i);
		comes(to, "<sip:range@edge>", 600, branch, &m);
		assert_int_equal(m.status, i < WL_RANGES_MAX ? 200 : 400);
	}
}

static void it_runs_out(void **state)
{
	struct wl_sip m;

	(void)state;
	comes("sip:a@x", "<sip:one@edge>", 600, "b1", &m);
	mw.of[0].until = wl_now() - 1;
	assert_int_equal(reach(0, NULL), WL_REACH_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
			TEST(a_user),  TEST(an_old_contact_ends),   TEST(sent_again),
			TEST(a_range), TEST(what_it_does_not_take), TEST(it_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
