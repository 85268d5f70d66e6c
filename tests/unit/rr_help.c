/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rr_help.h"

bool rr_random(void *buf, size_t n)
{
	static uint64_t count;

	memset(buf, 0, n);
	if(n <= sizeof(uint32_t))
		return true;
	count++;
	memcpy(buf, &count, sizeof(count) < n ? sizeof(count) : n);
	return true;
}

struct wims_pl rr_wildcard(int n)
{
	static char text[10][32];

	snprintf(text[n], sizeof(text[n]), "sip:r%d-!.*!@ims.test", n);
	return wims_pl_str(text[n]);
}

static struct wims_pl pilot(int n)
{
	static char text[10][32];

	snprintf(text[n], sizeof(text[n]), "sip:r%d@ims.test", n);
	return wims_pl_str(text[n]);
}

void rr_in(struct wims_rangereg_in *in, int n, enum wims_range_trigger trigger)
{
	*in = (struct wims_rangereg_in){
			.wildcard = rr_wildcard(n),
			.wwsf = WIMS_PL("wwsf"),
			.pilot = pilot(n),
			.impi = wims_pl_from(pilot(n), 4),
			.domain = WIMS_PL("ims.test"),
			.trigger = trigger,
	};
}

void rr_open(struct rr_world *w, const struct wims_rangereg_policy *policy)
{
	*w = (struct rr_world){.rr = wims_rangereg_new(&wims_env_libc, policy, rr_random)};
	assert_non_null(w->rr);
}

void rr_close(struct rr_world *w)
{
	wims_rangereg_free(w->rr);
}

/* sip:rN... */
static int number(struct wims_pl uri)
{
	return uri.l > 5 ? uri.p[5] - '0' : 0;
}

static int sent(struct rr_world *w, const struct wims_rangereg_action *a, char *out, size_t size)
{
	int n = number(a->to);

	if(strcmp(w->call_id[n], a->call_id) == 0)
		assert_true(a->cseq > w->cseq[n]);
	memcpy(w->call_id[n], a->call_id, sizeof(a->call_id));
	w->cseq[n] = a->cseq;
	w->old_txn[n] = w->txn[n];
	w->txn[n] = a->txn;
	memcpy(w->contact_user[n], a->contact_user, sizeof(a->contact_user));
	return snprintf(out, size, "S%d:%u/%u ", n, a->cseq, a->expires);
}

static int one(struct rr_world *w, const struct wims_rangereg_action *a, char *out, size_t size)
{
	bool refused = a->outcome == WIMS_RANGE_REFUSED;

	switch(a->kind) {
		case WIMS_RANGEREG_SEND:
			return sent(w, a, out, size);
		case WIMS_RANGEREG_SETTLED:
			return snprintf(out, size, "%s%d ",
							a->outcome == WIMS_OK ? "ok"
							: refused             ? "re"
												  : "no",
							number(a->wildcard));
		case WIMS_RANGEREG_LOST:
			return snprintf(out, size, "%s%d:%s ", refused ? "gone" : "lost", number(a->wildcard),
							wims_rangereg_why_text(a->why));
		case WIMS_RANGEREG_SUBSCRIBE:
			return snprintf(out, size, "sub%d ", number(a->to));
		case WIMS_RANGEREG_UNSUBSCRIBE:
			return snprintf(out, size, "unsub%d ", number(a->to));
	}
	return 0;
}

const char *rr_actions(struct rr_world *w)
{
	static char text[1024];
	struct wims_rangereg_action a;
	size_t len = 0;

	text[0] = '\0';
	while(wims_rangereg_next_action(w->rr, w->now, &a)) {
		len += (size_t)one(w, &a, text + len, sizeof(text) - len);
		assert_true(len < sizeof(text));
	}
	return text;
}

/* The number behind "name=" in text, or -1. */
static int64_t value(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at == NULL ? -1 : strtoll(at + strlen(name), NULL, 10);
}

static void answer(struct rr_world *w, const struct rr_step *s)
{
	const char *text = s->text != NULL ? s->text : "list";
	struct wims_rangereg_answer a = {
			.code = s->how,
			.granted = value(text, "granted="),
			.min_expires = value(text, "min="),
			.retry_after = value(text, "after="),
	};

	if(strstr(text, "route2") != NULL)
		a.service_route = WIMS_PL("<sip:orig@scscf2.ims.test;lr>");
	else if(strstr(text, "route") != NULL)
		a.service_route = WIMS_PL("<sip:orig@scscf.ims.test;lr>");
	if(strstr(text, "list") != NULL)
		a.associated = rr_wildcard(s->n);
	else if(strstr(text, "other") != NULL)
		a.associated = WIMS_PL("<sip:other@ims.test>");
	else if(strstr(text, "bad") != NULL)
		a.associated = WIMS_PL("<sip:other@ims.test>,,");
	a.has_associated = a.associated.l > 0;
	wims_rangereg_answered(w->rr, (s->event == RR_ANSWER ? w->txn : w->old_txn)[s->n], &a, w->now);
}

static void news(struct rr_world *w, const struct rr_step *s)
{
	const char *text = s->text != NULL ? s->text : "";
	bool over = strstr(text, "over") != NULL;
	char contact[64];
	struct wims_reginfo_news n = {
			.state = over ? WIMS_REGINFO_TERMINATED : WIMS_REGINFO_ACTIVE,
			.event = (enum wims_reginfo_event)s->how,
			.expires = value(text, "expires="),
			.retry_after = value(text, "after="),
	};

	snprintf(contact, sizeof(contact), "sip:%s@192.0.2.1:5060",
			 strstr(text, "others") != NULL ? "somebody" : w->contact_user[s->n]);
	if(s->event == RR_NEWS) {
		n.aor = pilot(s->n);
		n.contact = wims_pl_str(contact);
		n.contact_state = n.state;
	} else {
		n.wildcard = rr_wildcard(s->n);
	}
	wims_rangereg_news(w->rr, &n, w->now);
}

static void add(struct rr_world *w, const struct rr_step *s)
{
	struct wims_rangereg_in in;

	rr_in(&in, s->n, (enum wims_range_trigger)s->how);
	if(s->event == RR_ADD_WILD)
		in.pilot = WIMS_PL_NONE;
	if(s->event == RR_ADD_TO_1) {
		in.pilot = pilot(1);
		in.impi = wims_pl_from(pilot(1), 4);
	}
	if(s->event == RR_BRING) {
		in.within = rr_wildcard(s->how);
		assert_int_equal(wims_rangereg_bring(w->rr, &in, w->now), WIMS_OK);
	} else {
		assert_int_equal(wims_rangereg_add(w->rr, &in, w->now), WIMS_OK);
	}
}

static void by_hand(struct rr_world *w, const struct rr_step *s)
{
	struct wims_pl wildcard = rr_wildcard(s->n);

	if(s->event == RR_REGISTER)
		assert_true(wims_rangereg_register(w->rr, wildcard, w->now));
	else if(s->event == RR_DEREGISTER)
		assert_true(wims_rangereg_deregister(w->rr, wildcard, w->now));
	else
		assert_true(wims_rangereg_refresh(w->rr, wildcard, w->now));
}

static void want(struct rr_world *w, const struct rr_step *s)
{
	struct wims_rangereg_view view;
	enum wims_reason is = wims_rangereg_want(w->rr, rr_wildcard(s->n), w->now, &view);

	assert_string_equal(wims_reason_text(is), wims_reason_text((enum wims_reason)s->how));
	/* of a range that is there, when to come again */
	assert_true(view.wildcard.l == 0 || is != WIMS_RANGE_UNAVAILABLE || view.retry_after > 0);
}

static void happen(struct rr_world *w, const struct rr_step *s)
{
	switch(s->event) {
		case RR_ADD:
		case RR_ADD_WILD:
		case RR_ADD_TO_1:
		case RR_BRING:
			add(w, s);
			break;
		case RR_BEGIN:
			wims_rangereg_begin(w->rr);
			break;
		case RR_END:
			wims_rangereg_end(w->rr, w->now);
			break;
		case RR_WANT:
			want(w, s);
			break;
		case RR_MEMBERS:
			wims_rangereg_members(w->rr, rr_wildcard(s->n), (size_t)s->how, w->now);
			break;
		case RR_TICK:
			break;
		case RR_ANSWER:
		case RR_ANSWER_OLD:
			answer(w, s);
			break;
		case RR_NEWS:
		case RR_NEWS_RANGE:
			news(w, s);
			break;
		case RR_LEAVE_ALL:
			wims_rangereg_leave_all(w->rr, w->now);
			break;
		default:
			by_hand(w, s);
	}
}

void rr_run(struct rr_world *w, const struct rr_step *steps, size_t count)
{
	size_t i;

	for(i = 0; i < count; i++) {
		const struct rr_step *s = &steps[i];
		const char *out;

		w->now = s->at * 1000;
		happen(w, s);
		out = rr_actions(w);
		if(s->out != NULL && strcmp(out, s->out) != 0)
			fail_msg("step %zu at %lld s: \"%s\" instead of \"%s\"", i, (long long)s->at, out,
					 s->out);
	}
}

void rr_play(const struct wims_rangereg_policy *policy, const struct rr_step *steps, size_t count)
{
	struct rr_world w;

	rr_open(&w, policy);
	rr_run(&w, steps, count);
	rr_close(&w);
}
