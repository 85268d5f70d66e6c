/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wic_int.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum
{
	OUT = WL_WS_ROOM(WL_SIP_MAX, WL_FRAGMENT_MIN)
};

static const double TICK = 0.05; /* s */
/* How long a loss may be unknown to the core: until it is told of an end of
 * TCP, and until two Pings have gone without a Pong. */
static const int64_t PATIENCE_GONE = 5 * WL_SECOND, PATIENCE_SILENT = 90 * WL_SECOND;

/* ---- states and waits ---- */

static void set_state(struct wl_wic *w, enum wl_state state)
{
	struct wl_wics *wics = &w->load->wics;

	if(w->wait == WL_WAIT_NONE) {
		wl_ring_remove(&wics->idle[w->state], &w->node);
		wl_ring_put(&wics->idle[state], &w->node);
	}
	w->state = state;
}

static void start_wait(struct wl_wic *w, enum wl_wait wait, wl_wic_done done, struct wl_job *job,
					   int64_t due)
{
	struct wl_wics *wics = &w->load->wics;

	wl_ring_remove(&wics->idle[w->state], &w->node);
	wl_ring_put(&wics->waiting, &w->node);
	w->wait = wait;
	w->done = done;
	w->job = job;
	w->due = due;
	w->deadline = wl_now() + (int64_t)w->load->options->timeout * (WL_SECOND / 1000);
}

void wl_wic_finish(struct wl_wic *w, enum wl_state state, const struct wl_outcome *o)
{
	struct wl_wics *wics = &w->load->wics;

	if(w->wait == WL_WAIT_NONE) {
		set_state(w, state);
		return;
	}
	wl_ring_remove(&wics->waiting, &w->node);
	w->wait = WL_WAIT_NONE;
	w->state = state;
	wl_ring_put(&wics->idle[state], &w->node);
	w->done(w, w->job, w->due, o);
}

void wl_wic_tell_job(struct wl_wic *w, struct wl_job *job, int64_t due, const struct wl_outcome *o)
{
	(void)w;
	if(o->ok)
		wl_job_ok(job, due);
	else if(o->why != NULL)
		wl_job_failed(job, o->why);
	else
		wl_job_refused(job, o->status, o->retry_after);
}

struct wl_wic *wl_wics_idle(const struct wl_wics *wics, enum wl_state state)
{
	struct wl_node *n = wl_ring_first(&wics->idle[state]);

	return n == NULL ? NULL : WL_HOLDER(n, struct wl_wic, node);
}

bool wl_wic_live(const struct wl_wic *w)
{
	return w->link.up && !w->silent && w->until > wl_now();
}

/* ---- the end ---- */

static void count_close(struct wl_wics *wics, unsigned code)
{
	for(size_t i = 0; i < WL_CLOSE_CODES; i++) {
		if(wics->closes[i].n != 0 && wics->closes[i].code != code)
			continue;
		wics->closes[i].code = code;
		wics->closes[i].n++;
		return;
	}
}

/* The state of one that has no connection any more. */
static enum wl_state forget(struct wl_wic *w, const char *how, int64_t patience)
{
	enum wl_state state = w->until != 0 || w->state == WL_LOST ? WL_LOST : WL_CLOSED;
	int64_t now = wl_now();

	if(w->wait == WL_WAIT_ANSWER)
		wl_ledger_unanswered(w->load->ledger, w->number, now);
	if(w->until != 0 || w->wait == WL_WAIT_ANSWER)
		wl_ledger_lost(w->load->ledger, w->number, now, how, patience);
	w->until = 0;
	return state;
}

static void unplug(struct wl_wic *w, enum wl_end end)
{
	wl_link_close(&w->link, end);
	wl_ws_reset(&w->ws);
	free(w->service_route);
	w->service_route = NULL;
	w->silent = false;
}

void wl_wic_lose(struct wl_wic *w, enum wl_end end)
{
	set_state(w, forget(w, end == WL_END_FIN ? "fin" : "rst", PATIENCE_GONE));
	unplug(w, end);
}

void wl_wic_silence(struct wl_wic *w)
{
	set_state(w, forget(w, "silent", PATIENCE_SILENT));
	w->silent = true;
	w->missed = 0;
}

/* The server, or what it sends, has ended it. code 0: it was not a WebSocket
 * yet, and who opens it is told. */
static void ended(struct wl_wic *w, const char *why, unsigned code)
{
	const struct wl_outcome o = {.why = why};
	enum wl_state state = w->silent ? w->state : forget(w, why, PATIENCE_GONE);

	if(code != 0 && !w->silent)
		count_close(&w->load->wics, code);
	unplug(w, WL_END_FIN);
	wl_wic_finish(w, state, &o);
	wl_back_lost(w);
}

/* ---- what the server sends ---- */

static void send_frame(struct wl_wic *w, unsigned op, struct wl_str data)
{
	char frame[WL_WS_CONTROL_MAX + WL_WS_HEAD_MAX];

	w->sent = wl_now();
	wl_link_send(&w->link, frame, wl_ws_frame(frame, op, true, data, &w->load->random));
}

static void send_close(struct wl_wic *w, unsigned code)
{
	const char bytes[2] = {(char)(code >> 8), (char)code};

	send_frame(w, WL_OP_CLOSE,
			   (struct wl_str){bytes, code == WL_CLOSE_NO_CODE ? 0 : sizeof(bytes)});
}

static void ping_came(struct wl_wic *w, struct wl_str data)
{
	if(w->silent) {
		if(w->missed == 0)
			w->missed = wl_now();
		return;
	}
	send_frame(w, WL_OP_PONG, data);
}

static void text_came(struct wl_wic *w, struct wl_str text)
{
	struct wl_sip sip;

	if(w->silent || strspn(text.p, "\r\n") >= text.n)
		return;
	if(!wl_sip_parse(text.p, text.n, &sip)) {
		send_close(w, WL_CLOSE_PROTOCOL);
		ended(w, "garbage", WL_CLOSE_PROTOCOL);
	} else if(sip.status != 0 && wl_str_eq(sip.method, WL_STR("REGISTER")))
		wl_wic_answered(w, &sip);
	else if(w->load->other != NULL)
		w->load->other(w, &sip);
}

static void close_came(struct wl_wic *w, unsigned code)
{
	if(!w->silent)
		send_close(w, code);
	ended(w, "closed", code);
}

static size_t frames(struct wl_wic *w, const char *p, size_t n)
{
	struct wl_ws_event event;
	size_t done = 0, used;

	while(wl_link_is_open(&w->link)) {
		enum wl_ws_kind kind = wl_ws_next(&w->ws, p + done, n - done, &used, &event);

		done += used;
		if(kind == WL_WS_MORE)
			break;
		if(kind == WL_WS_TEXT)
			text_came(w, event.data);
		else if(kind == WL_WS_PING)
			ping_came(w, event.data);
		else if(kind == WL_WS_CLOSE)
			close_came(w, event.code);
		else if(kind == WL_WS_BAD) {
			send_close(w, event.code);
			ended(w, "garbage", event.code);
		}
	}
	return done;
}

static size_t upgrade_came(struct wl_wic *w, const char *p, size_t n)
{
	struct wl_outcome o = {.ok = true};
	unsigned status;
	size_t used;

	switch(wl_ws_answer(p, n, w->key, &used, &status)) {
		case WL_UPGRADE_MORE:
			break;
		case WL_UPGRADE_OK:
			wl_wic_finish(w, WL_OPEN, &o);
			break;
		case WL_UPGRADE_REFUSED:
			o = (struct wl_outcome){.status = status, .retry_after = -1};
			unplug(w, WL_END_FIN);
			wl_wic_finish(w, forget(w, "refused", 0), &o);
			break;
		case WL_UPGRADE_BAD:
			ended(w, "upgrade", 0);
	}
	return used;
}

static struct wl_wic *of_link(struct wl_link *link)
{
	return WL_HOLDER(link, struct wl_wic, link);
}

static size_t on_bytes(struct wl_link *link, const char *p, size_t n)
{
	struct wl_wic *w = of_link(link);
	size_t used = 0;

	if(w->wait == WL_WAIT_UPGRADE) {
		used = upgrade_came(w, p, n);
		if(w->wait == WL_WAIT_UPGRADE || !wl_link_is_open(link))
			return used;
	}
	return used + frames(w, p + used, n - used);
}

static void on_up(struct wl_link *link)
{
	struct wl_wic *w = of_link(link);
	const struct wl_options *options = w->load->options;
	struct wl_str origin = wl_users_origin(w->load->users, w->number);
	char get[WL_HTTP_MAX];

	wl_ws_key(w->key, &w->load->random);
	if(origin.n == 0 && options->origin != NULL)
		origin = wl_str(options->origin);
	wl_link_send(link, get, wl_ws_request(get, sizeof(get), options->name, origin, w->key));
}

static void on_ended(struct wl_link *link, const char *why)
{
	struct wl_wic *w = of_link(link);

	ended(w, why, w->wait == WL_WAIT_UPGRADE ? 0 : WL_CLOSE_ABNORMAL);
}

static const struct wl_link_user link_user = {on_up, on_bytes, on_ended};

/* ---- what a WIC sends ---- */

void wl_wic_open(struct wl_wic *w, wl_wic_done done, struct wl_job *job, int64_t due)
{
	unplug(w, WL_END_FIN); /* a silent one has its connection still */
	w->id = wl_random(&w->load->random);
	w->cseq = 0;
	w->missed = 0;
	start_wait(w, WL_WAIT_UPGRADE, done, job, due);
	errno = 0;
	if(!wl_link_open(&w->link, w->number))
		ended(w, errno == EMFILE || errno == ENFILE ? "no-descriptor" : "connect", 0);
}

void wl_wic_send(struct wl_wic *w, struct wl_str message)
{
	static char out[OUT];

	if(w->silent || message.n > WL_SIP_MAX)
		return;
	w->sent = wl_now();
	wl_link_send(&w->link, out,
				 wl_ws_message(out, message, w->load->options->fragment, &w->load->random));
}

void wl_wic_register(struct wl_wic *w, unsigned expires, wl_wic_done done, struct wl_job *job,
					 int64_t due)
{
	w->wished = expires;
	start_wait(w, WL_WAIT_ANSWER, done, job, due);
	wl_ledger_asked(w->load->ledger, w->number, wl_now());
	wl_wic_send_register(w);
}

/* ---- time ---- */

static void give_up(struct wl_wic *w)
{
	const struct wl_outcome o = {.why = "timeout"};

	if(w->wait == WL_WAIT_UPGRADE) {
		ended(w, "timeout", 0);
		return;
	}
	wl_ledger_unanswered(w->load->ledger, w->number, wl_now());
	wl_wic_finish(w, w->state, &o);
}

/* Each WIC once in so many seconds: a part of them at each tick. */
static void ping_some(struct wl_load *load)
{
	struct wl_wics *wics = &load->wics;

	for(wics->ping_due += wics->count * TICK / load->options->ping; wics->ping_due >= 1;
		wics->ping_due -= 1) {
		struct wl_wic *w = &wics->at[wics->ping_next];

		wics->ping_next = (wics->ping_next + 1) % wics->count;
		if(w->link.up && w->wait != WL_WAIT_UPGRADE && !w->silent)
			send_frame(w, WL_OP_PING, WL_STR("wl"));
	}
}

/* Each WIC once in a second: what is registered may have run out. */
static void expire_some(struct wl_load *load, int64_t now)
{
	struct wl_wics *wics = &load->wics;

	for(wics->expire_due += wics->count * TICK; wics->expire_due >= 1; wics->expire_due -= 1) {
		struct wl_wic *w = &wics->at[wics->expire_next];

		wics->expire_next = (wics->expire_next + 1) % wics->count;
		if(w->state == WL_REGISTERED && w->wait == WL_WAIT_NONE && w->until <= now) {
			w->until = 0;
			set_state(w, WL_OPEN);
		}
	}
}

static void on_tick(struct ev_loop *loop, struct ev_timer *timer, int events)
{
	struct wl_load *load = timer->data;
	int64_t now = wl_now();
	struct wl_node *n;

	(void)loop;
	(void)events;
	while((n = wl_ring_first(&load->wics.waiting)) != NULL) {
		struct wl_wic *w = WL_HOLDER(n, struct wl_wic, node);

		if(w->deadline > now)
			break;
		give_up(w);
	}
	expire_some(load, now);
	if(load->options->ping != 0)
		ping_some(load);
}

/* ---- all of them ---- */

bool wl_wics_open(struct wl_load *load)
{
	struct wl_wics *wics = &load->wics;

	wics->count = wl_users_count(load->users);
	wics->at = calloc(wics->count, sizeof(*wics->at));
	if(wics->at == NULL)
		return false;
	load->net.user = &link_user;
	wl_ring_init(&wics->waiting);
	for(unsigned i = 0; i < WL_STATES; i++)
		wl_ring_init(&wics->idle[i]);
	for(unsigned i = 0; i < wics->count; i++) {
		struct wl_wic *w = &wics->at[i];

		wl_link_init(&w->link, &load->net);
		w->load = load;
		w->number = i;
		wl_ring_put(&wics->idle[WL_CLOSED], &w->node);
	}
	ev_timer_init(&wics->tick, on_tick, TICK, TICK);
	wics->tick.data = load;
	ev_timer_start(load->loop, &wics->tick);
	return true;
}

void wl_wics_close(struct wl_load *load)
{
	struct wl_wics *wics = &load->wics;

	ev_timer_stop(load->loop, &wics->tick);
	for(unsigned i = 0; i < wics->count; i++) {
		unplug(&wics->at[i], WL_END_FIN);
		wl_link_free(&wics->at[i].link);
	}
	free(wics->at);
	wics->at = NULL;
	wics->count = 0;
}
