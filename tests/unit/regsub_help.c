/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "regsub_help.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct wims_regsubs *rs;
struct wims_regsub_action sent;
int64_t now;
uint32_t chance;
static uint32_t dice;

/* Each name is another one; of a wait, half is chance, here none. */
static bool loaded_dice(void *buf, size_t n)
{
	memset(buf, 0, n);
	dice++;
	memcpy(buf, n == sizeof(chance) ? &chance : &dice, sizeof(dice));
	return true;
}

static const struct wims_regsub_policy policy = {
		.subscriptions = 4,
		.for_ranges = 1,
		.expires = EXPIRES,
		.retry_min_ms = RETRY_MIN,
		.retry_max_ms = RETRY_MAX,
};

int start(void **state)
{
	(void)state;
	now = 1000000;
	memset(&sent, 0, sizeof(sent));
	rs = wims_regsubs_new(&wims_env_libc, &policy, loaded_dice);
	return rs == NULL;
}

int stop(void **state)
{
	(void)state;
	wims_regsubs_free(rs);
	return 0;
}

bool due(void)
{
	return wims_regsubs_next_action(rs, now, &sent);
}

void sends_after(int64_t ms)
{
	now += ms - 1;
	if(ms > 0)
		assert_false(due());
	now++;
	assert_true(due());
}

void nothing_for(int64_t ms)
{
	now += ms;
	assert_false(due());
}

bool answer_with(struct wims_regsub_answer a)
{
	if(a.to_tag.p == NULL)
		a.to_tag = WIMS_PL("core");
	if(a.contact.p == NULL)
		a.contact = TARGET;
	return wims_regsub_answered(rs, sent.txn, &a, now);
}

void answer(int code)
{
	assert_true(answer_with((struct wims_regsub_answer){
			.code = code, .granted = -1, .min_expires = -1, .retry_after = -1}));
}

void answer_after(int code, int64_t retry_after)
{
	assert_true(answer_with((struct wims_regsub_answer){
			.code = code, .granted = -1, .min_expires = -1, .retry_after = retry_after}));
}

void grant(int64_t seconds)
{
	assert_true(answer_with((struct wims_regsub_answer){
			.code = 200, .granted = seconds, .min_expires = -1, .retry_after = -1}));
}

struct wims_reginfo *document(const char *kind, unsigned version)
{
	char text[200];
	struct wims_reginfo *doc = NULL;

	snprintf(text, sizeof(text),
			 "<reginfo xmlns='urn:ietf:params:xml:ns:reginfo' version='%u' state='%s'/>", version,
			 kind);
	assert_int_equal(wims_reginfo_parse(&doc, &wims_env_libc, wims_pl_str(text)), WIMS_OK);
	return doc;
}

struct wims_regsub_notify in_dialog(uint32_t cseq, const char *substate)
{
	return (struct wims_regsub_notify){
			.call_id = wims_pl_str(sent.call_id),
			.to_tag = wims_pl_str(sent.from_tag),
			.from_tag = WIMS_PL("core"),
			.cseq = cseq,
			.substate = wims_pl_str(substate),
			.contact = TARGET,
			.parsed = WIMS_OK,
	};
}

enum wims_reason notify(uint32_t cseq, const char *substate, const char *kind, unsigned version,
						bool *tell)
{
	struct wims_regsub_notify in = in_dialog(cseq, substate);
	struct wims_reginfo *doc = kind == NULL ? NULL : document(kind, version);
	enum wims_reason r;

	in.document = doc;
	r = wims_regsub_notify(rs, &in, now, tell);
	wims_reginfo_free(doc);
	return r;
}

void told(uint32_t cseq, const char *substate, const char *kind, unsigned version)
{
	bool tell = false;

	assert_int_equal(notify(cseq, substate, kind, version, &tell), WIMS_OK);
	assert_true(tell);
}

void untold(uint32_t cseq, const char *substate, const char *kind, unsigned version,
			enum wims_reason want)
{
	bool tell = true;

	assert_int_equal(notify(cseq, substate, kind, version, &tell), want);
	assert_false(tell);
}

void want(void)
{
	assert_int_equal(wims_regsub_want(rs, WIMS_REGSUB_FOR_RANGE, IDENTITY, 3600, now), WIMS_OK);
}

void view(struct wims_regsub_view *v)
{
	assert_true(wims_regsubs_view_at(rs, 0, v));
	assert_false(wims_regsubs_view_at(rs, 1, &(struct wims_regsub_view){0}));
}

void is_in(enum wims_regsub_state state)
{
	struct wims_regsub_view v;
	struct wims_regsub_counts n;

	view(&v);
	assert_string_equal(wims_regsub_state_text(v.state), wims_regsub_state_text(state));
	wims_regsubs_counts(rs, &n);
	assert_int_equal(n.subscriptions, 1);
	assert_int_equal(n.active, state == WIMS_REGSUB_ACTIVE);
}

void is_gone(void)
{
	struct wims_regsub_counts n;

	wims_regsubs_counts(rs, &n);
	assert_int_equal(n.subscriptions, 0);
	assert_int_equal(n.active, 0);
}

void subscribed(void)
{
	want();
	assert_true(due());
	grant(EXPIRES);
	told(1, "active;expires=7200", "full", 0);
	is_in(WIMS_REGSUB_ACTIVE);
}

/* A SUBSCRIBE that opens a dialog of its own. */
void anew(const struct wims_regsub_action *before)
{
	assert_int_equal(sent.to_tag.l, 0);
	assert_int_equal(sent.cseq, 1);
	assert_true(wims_pl_eq(sent.target, IDENTITY));
	assert_string_not_equal(sent.call_id, before->call_id);
	assert_string_not_equal(sent.from_tag, before->from_tag);
	assert_int_not_equal(sent.txn, before->txn);
}

void in_the_dialog(const struct wims_regsub_action *before)
{
	assert_true(wims_pl_eq(sent.to_tag, WIMS_PL("core")));
	assert_int_equal(sent.cseq, before->cseq + 1);
	assert_string_equal(sent.call_id, before->call_id);
	assert_string_equal(sent.from_tag, before->from_tag);
}
