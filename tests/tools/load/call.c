/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* How calls go. */

#include "call_int.h"

#include <stdlib.h>
#include <string.h>

enum
{
	SLOTS = 1 << 14
};

static const double T1 = 0.5, T2 = 4.0; /* RFC 3261 17.1.1.1, s */

/* Room for one message that is written and sent at once. */
static char scratch[WL_SIP_MAX];

bool wl_calls_open(struct wl_load *load)
{
	load->calls.slot = calloc(SLOTS, sizeof *load->calls.slot);
	load->calls.run = wl_random(&load->random);
	return load->calls.slot != NULL;
}

static struct wl_call **slot_of(struct wl_load *load, uint64_t number)
{
	struct wl_call **at = &load->calls.slot[number % SLOTS];

	while(*at && (*at)->number != number)
		at = &(*at)->chain;
	return at;
}

static struct wl_call *call_of(struct wl_load *load, const struct wl_sip *m)
{
	uint64_t number;

	return wl_call_number(load, m->call_id, &number) ? *slot_of(load, number) : NULL;
}

static struct wl_wic *wic_of(const struct wl_call *c)
{
	return &c->load->wics.at[c->result.user];
}

/* The caller, or NULL for somebody of the core. */
static struct wl_wic *caller_of(const struct wl_call *c)
{
	return c->result.way == WL_FROM_WIC ? wic_of(c) : NULL;
}

static void say(struct wl_load *load, struct wl_wic *w, const char *p, size_t n)
{
	if(n == 0)
		return;
	if(w && w->link.up)
		wl_wic_send(w, (struct wl_str){p, n});
	else if(!w)
		wl_mw_send(load->mw, (struct wl_str){p, n});
}

/* ---- sent until it is answered ---- */

static void on_repeat(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct wl_repeat *r = timer->data;

	(void)events;
	say(r->call->load, r->to, r->bytes, r->n);
	r->next = r->next * 2 < T2 ? r->next * 2 : T2;
	ev_timer_set(timer, r->next, 0);
	ev_timer_start(loop, timer);
}

static void repeat_end(struct wl_repeat *r)
{
	if(!r->bytes)
		return;
	ev_timer_stop(r->call->load->loop, &r->timer);
	free(r->bytes);
	r->bytes = NULL;
}

/* Sends it now, and takes it over. */
static void repeat_begin(struct wl_repeat *r, struct wl_call *c, struct wl_wic *to, char *bytes,
						 size_t n)
{
	repeat_end(r);
	r->call = c;
	r->to = to;
	r->bytes = bytes;
	r->n = n;
	r->next = T1;
	ev_timer_init(&r->timer, on_repeat, T1, 0);
	r->timer.data = r;
	ev_timer_start(c->load->loop, &r->timer);
	say(c->load, to, bytes, n);
}

static char *copy_of(const char *p, size_t n)
{
	char *copy = n > 0 ? malloc(n) : NULL;

	if(copy)
		memcpy(copy, p, n);
	return copy;
}

/* By the caller: over its WebSocket once, over UDP until it is answered. */
static void call_out(struct wl_call *c, const char *p, size_t n)
{
	char *copy;

	if(caller_of(c)) {
		say(c->load, caller_of(c), p, n);
		return;
	}
	copy = copy_of(p, n);
	if(copy)
		repeat_begin(&c->caller, c, NULL, copy, n);
}

/* ---- the end ---- */

static void release(struct wl_call *c)
{
	struct wl_call **at = slot_of(c->load, c->number);

	*at = c->chain;
	ev_timer_stop(c->load->loop, &c->timer);
	repeat_end(&c->caller);
	repeat_end(&c->callee);
	free(c->invite);
	free(c->ack);
	free(c->bye);
	free(c);
}

static void finish(struct wl_call *c, unsigned status, const char *why)
{
	struct wl_called result = c->result;
	wl_call_done done = c->done;
	void *own = c->own;

	result.status = status;
	result.why = why;
	result.accepted = c->phase != WL_CALLING;
	result.ok = status == 200 && !why;
	release(c);
	done(own, &result);
}

void wl_calls_close(struct wl_load *load)
{
	unsigned i;

	for(i = 0; load->calls.slot && i < SLOTS; i++) {
		while(load->calls.slot[i])
			release(load->calls.slot[i]);
	}
	free(load->calls.slot);
	load->calls.slot = NULL;
}

/* ---- time ---- */

static void wait(struct wl_call *c, enum wl_phase phase, double seconds)
{
	c->phase = phase;
	ev_timer_stop(c->load->loop, &c->timer);
	ev_timer_set(&c->timer, seconds, 0);
	ev_timer_start(c->load->loop, &c->timer);
}

static double patience(const struct wl_call *c)
{
	return c->load->options->timeout / 1000.0;
}

static void on_time(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct wl_call *c = timer->data;
	bool there = wic_of(c)->id == c->wic_id && wl_wic_live(wic_of(c));

	(void)loop;
	(void)events;
	if(!there && (c->phase == WL_TALKING || c->result.way == WL_FROM_WIC))
		finish(c, 0, "lost");
	else if(c->phase == WL_CALLING)
		finish(c, 0, "timeout");
	else if(c->phase == WL_ENDING)
		finish(c, 0, "bye-timeout");
	else if(!c->acked && c->held)
		finish(c, 0, "ack-timeout");
	else if(!c->acked) {
		c->held = true;
		wait(c, WL_TALKING, patience(c));
	} else {
		wait(c, WL_ENDING, patience(c));
		call_out(c, c->bye, c->bye_n);
	}
}

/* ---- the beginning ---- */

bool wl_call_begin(struct wl_load *load, enum wl_way way, unsigned user, int64_t due, double hold,
				   wl_call_done done, void *own)
{
	struct wl_call *c = calloc(1, sizeof *c), **at;

	if(!c)
		return false;
	c->load = load;
	c->number = load->calls.next++;
	c->hold = hold;
	c->done = done;
	c->own = own;
	c->result = (struct wl_called){
			.way = way, .user = user, .by = -1, .due = due, .began = wl_now(), .retry_after = -1};
	c->wic_id = load->wics.at[user].id;
	ev_init(&c->timer, on_time);
	c->timer.data = c;
	c->invite_n = wl_call_invite(c, scratch, sizeof scratch);
	c->invite = copy_of(scratch, c->invite_n);
	if(!c->invite) {
		free(c);
		return false;
	}
	at = slot_of(load, c->number);
	*at = c;
	wait(c, WL_CALLING, patience(c));
	call_out(c, c->invite, c->invite_n);
	return true;
}

/* ---- what the caller hears ---- */

/* A 200 that nobody waits for any more: it is taken, and ended. */
static void end_stray(struct wl_load *load, struct wl_wic *w, const struct wl_sip *m)
{
	if(!wl_str_eq(m->method, WL_STR("INVITE")) || m->status < 200 || m->status >= 300)
		return;
	load->calls.strays++;
	say(load, w, scratch, wl_call_in_dialog(load, w, "ACK", m, scratch, sizeof scratch));
	say(load, w, scratch, wl_call_in_dialog(load, w, "BYE", m, scratch, sizeof scratch));
}

static void accepted(struct wl_call *c, const struct wl_sip *m)
{
	struct wl_wic *w = caller_of(c);
	int64_t tag = wl_call_tag_of(m->to_tag);

	if(c->phase != WL_CALLING) {
		say(c->load, w, c->ack, c->ack_n);
		return;
	}
	c->result.answered = wl_now();
	if(c->result.way == WL_TO_WIC && tag != c->result.by)
		c->result.by = tag;
	c->ack_n = wl_call_in_dialog(c->load, w, "ACK", m, scratch, sizeof scratch);
	c->ack = copy_of(scratch, c->ack_n);
	c->bye_n = wl_call_in_dialog(c->load, w, "BYE", m, scratch, sizeof scratch);
	c->bye = copy_of(scratch, c->bye_n);
	if(!c->ack || !c->bye) {
		finish(c, 0, "no-contact");
		return;
	}
	say(c->load, w, c->ack, c->ack_n);
	wait(c, WL_TALKING, c->hold);
}

static void invite_answered(struct wl_call *c, const struct wl_sip *m)
{
	repeat_end(&c->caller);
	/* not one that was overtaken by the answer */
	if(m->status == 180 && c->result.rang == 0 && c->phase == WL_CALLING)
		c->result.rang = wl_now();
	if(m->status < 200)
		return;
	if(m->status < 300) {
		accepted(c, m);
		return;
	}
	say(c->load, caller_of(c), scratch, wl_call_ack_failure(c, m, scratch, sizeof scratch));
	if(c->phase != WL_CALLING)
		return;
	c->result.answered = wl_now();
	c->result.retry_after = m->retry_after;
	finish(c, m->status, NULL);
}

void wl_call_answer(struct wl_load *load, struct wl_wic *w, const struct wl_sip *m)
{
	struct wl_call *c = call_of(load, m);

	if(!c) {
		end_stray(load, w, m);
		return;
	}
	if(caller_of(c) != w)
		return;
	if(wl_str_eq(m->method, WL_STR("INVITE")))
		invite_answered(c, m);
	else if(wl_str_eq(m->method, WL_STR("BYE")) && m->status >= 200 && c->phase == WL_ENDING)
		finish(c, m->status < 300 ? 200 : m->status, NULL);
}

/* ---- what the callee hears ---- */

static void answer(struct wl_load *load, struct wl_wic *w, const struct wl_sip *m, unsigned status)
{
	struct wl_answer a = {.status = status, .to_tag = WL_STR("none")};

	say(load, w, scratch, wl_sip_answer(scratch, sizeof scratch, m, &a));
}

static void ring(struct wl_call *c, struct wl_wic *w, const struct wl_sip *m)
{
	size_t n;
	char *copy;

	if(c->callee.bytes) {
		say(c->load, w, c->callee.bytes, c->callee.n);
		return;
	}
	if(c->acked)
		return;
	if(w)
		c->result.by = w->number;
	else if(m->asserted.n > 0
			&& !wl_str_eq(wl_sip_uri(m->asserted), wl_users_impu(c->load->users, c->result.user)))
		wl_ledger_differs(c->load->ledger, c->result.user, "calls with the identity of another");
	say(c->load, w, scratch, wl_call_say(c->load, w, 180, m, scratch, sizeof scratch));
	n = wl_call_say(c->load, w, 200, m, scratch, sizeof scratch);
	copy = copy_of(scratch, n);
	if(copy)
		repeat_begin(&c->callee, c, w, copy, n);
}

static void callee_heard(struct wl_call *c, struct wl_wic *w, const struct wl_sip *m)
{
	if(wl_str_eq(m->method, WL_STR("INVITE")))
		ring(c, w, m);
	else if(wl_str_eq(m->method, WL_STR("ACK"))) {
		repeat_end(&c->callee);
		c->acked = true;
		if(c->held && c->phase == WL_TALKING)
			wait(c, WL_TALKING, 0);
	} else
		answer(c->load, w, m, wl_str_eq(m->method, WL_STR("BYE")) ? 200 : 481);
}

void wl_call_request(struct wl_load *load, struct wl_wic *w, const struct wl_sip *m)
{
	struct wl_call *c = call_of(load, m);
	bool bye = wl_str_eq(m->method, WL_STR("BYE"));

	if(c && (caller_of(c) == NULL) != (w == NULL)) {
		callee_heard(c, w, m);
		/* nobody has called off: the eP-CSCF ends it for the other side */
		if(bye && c->phase == WL_TALKING)
			finish(c, 0, "lost");
		return;
	}
	if(wl_str_eq(m->method, WL_STR("ACK")))
		return;
	answer(load, w, m, bye ? 200 : wl_str_eq(m->method, WL_STR("INVITE")) ? 480 : 481);
	if(c && bye && c->phase != WL_ENDING)
		finish(c, 0, "lost");
}

void wl_call_heard(struct wl_wic *w, const struct wl_sip *m)
{
	if(m->status == 0)
		wl_call_request(w->load, w, m);
	else
		wl_call_answer(w->load, w, m);
}
