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
#include "tools/load/ledger.h"
#include "tools/load/users.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)

static void assert_str(struct wl_str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void origins(void **state)
{
	unsigned line;
	struct wl_users *u = users_of("sip:a@x\tt1\thttps://a.test\nsip:a@x\tt2\nsip:b@x\t-", &line);

	(void)state;
	assert_non_null(u);
	assert_str(wl_users_origin(u, 0), "https://a.test");
	assert_str(wl_users_token(u, 0, 0), "t1");
	assert_str(wl_users_token(u, 0, 1), "t2");
	assert_int_equal(wl_users_origin(u, 1).n, 0);
	wl_users_close(u);
}

static void users_and_their_tokens(void **state)
{
	unsigned line;
	struct wl_users *u = users_of("sip:a@x\tt1\nsip:a@x\tt2\nsip:b@x\tt3\nsip:c@x\t-", &line);

	(void)state;
	assert_non_null(u);
	assert_int_equal(wl_users_count(u), 3);
	assert_str(wl_users_impu(u, 0), "sip:a@x");
	assert_str(wl_users_impu(u, 2), "sip:c@x");
	assert_str(wl_users_token(u, 0, 0), "t1");
	assert_str(wl_users_token(u, 0, 1), "t2");
	assert_str(wl_users_token(u, 0, 2), "t1");
	assert_str(wl_users_token(u, 1, 7), "t3");
	assert_int_equal(wl_users_token(u, 2, 0).n, 0);
	assert_int_equal(wl_users_find(u, WL_STR("sip:b@x")), 1);
	assert_int_equal(wl_users_find(u, WL_STR("sip:b@y")), 3);
	wl_users_close(u);
}

static void files_that_are_none(void **state)
{
	static const struct
	{
		const char *text;
		unsigned line;
	} rows[] = {
			{"", 0},
			{"sip:a@x", 1},
			{"sip:a@x\tt\n\n", 2},
			{"sip:a@x\tt\n\tt\n", 2},
			{"sip:a@x\tt\nsip:b@x\t\n", 2},
			{"sip:a@x\tt u\n", 1},
			{"sip:a@x\tt\r\n", 1},
			{"sip:a@x\tt\thttps://a.test\tx\n", 1},
			{"sip:a@x\tt\nsip:b@x\tt\nsip:a@x\tt\n", 3},
	};
	unsigned i, line;

	(void)state;
	for(i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_null(users_of(rows[i].text, &line));
		assert_int_equal(errno, EINVAL);
		assert_int_equal(line, rows[i].line);
	}
	assert_null(wl_users_open("/nonexistent/users", &line));
	assert_int_equal(errno, ENOENT);
}

static void texts_that_are_too_long(void **state)
{
	static char text[WL_TOKEN_MAX + 100];
	unsigned line;

	(void)state;
	memcpy(text, "sip:a@x\t", 8);
	memset(text + 8, 'x', WL_TOKEN_MAX + 1);
	assert_null(users_of(text, &line));
	text[8 + WL_TOKEN_MAX] = 0;
	wl_users_close(users_of(text, &line));
	memset(text, 'i', WL_IMPU_MAX + 1);
	memcpy(text + WL_IMPU_MAX + 1, "\tt\n", 4);
	assert_null(users_of(text, &line));
}

struct world
{
	struct wl_users *users;
	struct wl_ledger *ledger;
};

static struct world world(FILE *file)
{
	unsigned line;
	struct world w = {users_of("sip:a@x\tt\nsip:b@x\tt\n", &line), NULL};

	assert_non_null(w.users);
	w.ledger = wl_ledger_new(w.users, file);
	assert_non_null(w.ledger);
	return w;
}

static void end(struct world *w)
{
	wl_ledger_free(w->ledger);
	wl_users_close(w->users);
}

static void who_must_ring(void **state)
{
	struct world w = world(NULL);
	struct wl_ledger *l = w.ledger;
	int64_t t = 50 * SECOND;

	(void)state;
	assert_int_equal(wl_ledger_expect(l, 0, t), WL_EXPECT_REFUSE);
	wl_ledger_asked(l, 0, t);
	assert_int_equal(wl_ledger_expect(l, 0, t), WL_EXPECT_EITHER);
	wl_ledger_refused(l, 0, t, 503);
	assert_int_equal(wl_ledger_expect(l, 0, t), WL_EXPECT_REFUSE);
	wl_ledger_asked(l, 0, t);
	wl_ledger_granted(l, 0, t, 600, WL_STR("sip:a@h"));
	assert_int_equal(wl_ledger_expect(l, 0, t), WL_EXPECT_RING);
	assert_int_equal(wl_ledger_expect(l, 1, t), WL_EXPECT_REFUSE);
	/* a refresh that is refused changes nothing, one without an answer does */
	wl_ledger_asked(l, 0, t);
	wl_ledger_refused(l, 0, t, 500);
	assert_int_equal(wl_ledger_expect(l, 0, t), WL_EXPECT_RING);
	wl_ledger_asked(l, 0, t);
	wl_ledger_unanswered(l, 0, t);
	assert_int_equal(wl_ledger_expect(l, 0, t + 900 * SECOND), WL_EXPECT_EITHER);
	end(&w);
}

static void who_must_not(void **state)
{
	struct world w = world(NULL);
	struct wl_ledger *l = w.ledger;
	int64_t t = 50 * SECOND;

	(void)state;
	wl_ledger_granted(l, 0, t, 10, WL_STR("sip:a@h"));
	assert_int_equal(wl_ledger_expect(l, 0, t + 7 * SECOND), WL_EXPECT_RING);
	assert_int_equal(wl_ledger_expect(l, 0, t + 9 * SECOND), WL_EXPECT_EITHER);
	assert_int_equal(wl_ledger_expect(l, 0, t + 11 * SECOND), WL_EXPECT_EITHER);
	assert_int_equal(wl_ledger_expect(l, 0, t + 13 * SECOND), WL_EXPECT_REFUSE);
	wl_ledger_granted(l, 0, t, 600, WL_STR("sip:a@h"));
	wl_ledger_lost(l, 0, t, "silent", 5 * SECOND);
	assert_int_equal(wl_ledger_expect(l, 0, t + 4 * SECOND), WL_EXPECT_EITHER);
	assert_int_equal(wl_ledger_expect(l, 0, t + 5 * SECOND), WL_EXPECT_REFUSE);
	wl_ledger_noticed(l, 0, t + 1 * SECOND);
	assert_int_equal(wl_ledger_expect(l, 0, t), WL_EXPECT_EITHER);
	assert_int_equal(wl_ledger_expect(l, 0, t + 1 * SECOND), WL_EXPECT_REFUSE);
	wl_ledger_granted(l, 0, t, 600, WL_STR("sip:a@h"));
	wl_ledger_noticed(l, 0, t); /* it was back before */
	assert_int_equal(wl_ledger_expect(l, 0, t), WL_EXPECT_RING);
	wl_ledger_granted(l, 0, t, 0, WL_STR("sip:a@h"));
	assert_int_equal(wl_ledger_expect(l, 0, t), WL_EXPECT_REFUSE);
	/* who was never registered is not either when its connection goes */
	wl_ledger_lost(l, 1, t, "rst", 5 * SECOND);
	assert_int_equal(wl_ledger_expect(l, 1, t), WL_EXPECT_REFUSE);
	end(&w);
}

/* Every way in which a call may differ from what was acknowledged is found. */
static void calls_are_judged(void **state)
{
	static const struct
	{
		bool live;
		unsigned status;
		int64_t by;
		bool good;
	} rows[] = {
			{true, 200, 0, true},   {true, 480, -1, false},  {true, 0, -1, false},
			{true, 200, 1, false},  /* another WIC rang */
			{true, 200, -1, false}, /* none of ours did */
			{true, 503, 0, false},  {false, 404, -1, true},  {false, 480, -1, true},
			{false, 430, -1, true}, {false, 403, -1, true},  {true, 403, -1, false},
			{false, 200, 0, false}, {false, 480, 0, false}, /* it rang all the same */
			{false, 0, -1, false},  {false, 500, -1, false}, {false, 200, 1, false},
	};
	int64_t t = 50 * SECOND;
	unsigned i, bad = 0;

	(void)state;
	for(i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct world w = world(NULL);

		if(rows[i].live)
			wl_ledger_granted(w.ledger, 0, t, 600, WL_STR("sip:a@h"));
		bad = rows[i].good ? 0 : 1;
		assert_int_equal(wl_ledger_called(w.ledger, 0, t, t + 1, rows[i].status, rows[i].by),
						 rows[i].good);
		assert_int_equal(wl_ledger_differences(w.ledger), bad);
		end(&w);
	}
}

/* What changes while a call is under way is held against nobody. */
static void calls_meanwhile(void **state)
{
	struct world w = world(NULL);
	int64_t t = 50 * SECOND;

	(void)state;
	wl_ledger_granted(w.ledger, 0, t, 600, WL_STR("sip:a@h"));
	assert_int_equal(wl_ledger_called(w.ledger, 0, t, t + 700 * SECOND, 480, -1), WL_DOUBTFUL);
	wl_ledger_asked(w.ledger, 0, t);
	assert_int_equal(wl_ledger_called(w.ledger, 0, t, t, 480, -1), WL_DOUBTFUL);
	assert_int_equal(wl_ledger_called(w.ledger, 0, t, t, 200, 0), WL_DOUBTFUL);
	/* but nobody else may ring even then */
	assert_false(wl_ledger_called(w.ledger, 0, t, t, 200, 1));
	end(&w);
}

static void differences_are_listed(void **state)
{
	struct world w = world(NULL);
	char *text = NULL;
	const char *p;
	size_t size = 0;
	unsigned i, listed = 0;
	FILE *to;

	(void)state;
	for(i = 0; i < WL_DIFFERENCES_LISTED + 5; i++)
		wl_ledger_differs(w.ledger, i % 2, i == 0 ? "a \"quoted\\ word" : "other");
	to = open_memstream(&text, &size);
	wl_ledger_print(to, w.ledger);
	fclose(to);
	assert_non_null(strstr(text, "\"differences\":25,\"listed\":[\"sip:a@x: a \\\"quoted\\\\ "
								 "word\",\"sip:b@x: other\","));
	for(p = text; (p = strstr(p, "sip:")); p++)
		listed++;
	assert_int_equal(listed, WL_DIFFERENCES_LISTED);
	free(text);
	end(&w);
}

static void rows_are_kept(void **state)
{
	static const char *const want[] = {
			"registered\tsip:a@x\tsip:a@h\t600\n", "refused\tsip:a@x\t-\t503\n",
			"unanswered\tsip:a@x\t-\t0\n",         "lost\tsip:a@x\tfin\t0\n",
			"unregistered\tsip:b@x\tsip:b@h\t0\n", "called\tsip:b@x\t-\t404\n",
			"differs\tsip:b@x\todd\t0\n"};
	char *text = NULL;
	size_t size = 0;
	struct world w = world(open_memstream(&text, &size));
	unsigned i;

	(void)state;
	wl_ledger_granted(w.ledger, 0, 1, 600, WL_STR("sip:a@h"));
	wl_ledger_refused(w.ledger, 0, 2, 503);
	wl_ledger_unanswered(w.ledger, 0, 3);
	wl_ledger_lost(w.ledger, 0, 4, "fin", 0);
	wl_ledger_granted(w.ledger, 1, 1, 0, WL_STR("sip:b@h"));
	assert_int_equal(wl_ledger_called(w.ledger, 1, 5, 6, 404, -1), WL_AGREES);
	wl_ledger_differs(w.ledger, 1, "odd");
	end(&w);
	for(i = 0; i < sizeof want / sizeof want[0]; i++)
		assert_non_null(strstr(text, want[i]));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(origins),
			cmocka_unit_test(users_and_their_tokens),
			cmocka_unit_test(files_that_are_none),
			cmocka_unit_test(texts_that_are_too_long),
			cmocka_unit_test(who_must_ring),
			cmocka_unit_test(who_must_not),
			cmocka_unit_test(calls_are_judged),
			cmocka_unit_test(calls_meanwhile),
			cmocka_unit_test(differences_are_listed),
			cmocka_unit_test(rows_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
