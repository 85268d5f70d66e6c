/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_proc.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/cfg/cfg_struct.h"
#include "core/mem/shm_mem.h"
#include "core/timer_proc.h"
#include "sip/wims_wsframe.h"
#include "wk.h"
#include "wk_early.h"
#include "wk_event.h"
#include "wk_fetch.h"
#include "wk_handshake.h"
#include "wk_introspect.h"
#include "wk_keys.h"
#include "wk_load.h"
#include "wk_location.h"
#include "wk_media.h"
#include "wk_media_kept.h"
#include "wk_originate.h"
#include "wk_params.h"
#include "wk_peer_watch.h"
#include "wk_queue.h"
#include "wk_rangereg.h"
#include "wk_regevent.h"
#include "wk_registry_sync.h"
#include "wk_registry.h"
#include "wk_state.h"
#include "wk_stats.h"
#include "wk_stop.h"
#include "wk_suspend.h"
#include "wk_used_up.h"
#include "wk_watch.h"
#include "wk_ws.h"

enum
{
	EVENTS_EACH_LOCK = 256,
	ACTIONS_EACH_TICK = 500, /* bounds one tick; the rest is done in the next */
	SWEEP_BATCH = 128
};

/* ---- waking it ---- */

/* Before the fork; every process has the descriptor. */
static int wake_fd = -1;
/* Set: somebody has written to it and the wims process has not looked yet. A
 * storm of wake-ups costs one system call. */
static atomic_bool *woken;

int wk_proc_reserve(void)
{
	woken = shm_malloc(sizeof(*woken));
	wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if(woken == NULL || wake_fd < 0) {
		LM_ERR("no eventfd for the wims process: %s\n", strerror(errno));
		return -1;
	}
	atomic_init(woken, false);
	return register_sync_timers(1);
}

void wk_proc_destroy(void)
{
	if(woken != NULL)
		shm_free(woken);
	woken = NULL;
	if(wake_fd >= 0)
		close(wake_fd);
	wake_fd = -1;
}

void wk_proc_wake(void)
{
	uint64_t one = 1;

	if(atomic_exchange(woken, true))
		return;
	if(write(wake_fd, &one, sizeof(one)) < 0) /* the next tick looks as well */
		LM_DBG("eventfd: %s\n", strerror(errno));
}

/* The mark goes first: what is put from here on wakes again. */
static void take_wake(void)
{
	uint64_t n;

	if(read(wake_fd, &n, sizeof(n)) < 0 && errno != EAGAIN)
		LM_DBG("eventfd: %s\n", strerror(errno));
	atomic_store(woken, false);
}

/* ---- connections that ended ---- */

static void lose(const uint32_t *conns, size_t n, enum wims_loss how)
{
	struct wims_flows *fs = wk_flows_lock();
	int64_t now = wk_now_ms();
	size_t i;

	for(i = 0; i < n; i++) {
		/* Ends of the core's connections are told as well. */
		if(wims_flow_check(fs, conns[i], NULL) != WIMS_FLOW_UNKNOWN)
			wk_stats_event(WK_EV_CONNECTIONS_LOST);
		wims_flow_lost(fs, conns[i], now, how);
	}
	wk_flows_unlock();
}

/* Connections of which tcp main said that they ended. */
static void take_events(void)
{
	uint32_t conns[EVENTS_EACH_LOCK];
	size_t n;

	while((n = wk_queue_take(conns, EVENTS_EACH_LOCK)) > 0)
		lose(conns, n, WIMS_LOSS_CLOSED);
}

static void ping(uint32_t conn)
{
	unsigned char frame[WIMS_WS_CONTROL_MAX];
	size_t len;

	if(wims_ws_ping(frame, sizeof(frame), &len, WIMS_PL("wims")))
		wk_ws_send_frame(conn, frame, len);
}

/* Twice in a ping period, spread over the connections; a round of the sweep
 * takes about a second. */
static bool ping_due(uint32_t conn, uint32_t round)
{
	return (conn + round) % ((uint32_t)wk_params.ping_period / 2) == 0;
}

enum sign_of_life
{
	SIGN_GONE,  /* Kamailio has no such connection any more */
	SIGN_MUTE,  /* nothing has come for a ping period, although we pinged */
	SIGN_QUIET, /* to be pinged */
	SIGN_FRESH
};

/* The websocket module's keepalive is no judge of that: it lets two periods
 * pass, then leaves TCP open; and it takes a pong that is faster than its own
 * bookkeeping for a missing one. A WIC that answers these pings, or is lost by
 * them, is never silent for so long that it hears the other ones. On a plain
 * WebSocket (laboratories) nobody tells us what came: it is pinged, no more. */
static enum sign_of_life sign_of_life(uint32_t conn, uint32_t round)
{
	struct wims_conn_view view;
	int64_t silent, period = (int64_t)wk_params.ping_period * 1000;
	enum wims_reason r = wk_flow_check(conn, &view);

	if(!wk_ws_alive(conn))
		return SIGN_GONE;
	if(r != WIMS_OK)
		return SIGN_FRESH; /* closing: it is cut in time */
	if(view.heard == 0)
		return ping_due(conn, round) ? SIGN_QUIET : SIGN_FRESH;
	silent = wk_now_ms() - view.heard;
	if(silent >= period)
		return SIGN_MUTE;
	return silent >= period / 2 ? SIGN_QUIET : SIGN_FRESH;
}

/* One part of the sweep: the ids behind *at. Kamailio tells of no end when the
 * keepalive or the connection's lifetime ends it, or a write error in another
 * process does. */
static bool sweep_some(uint32_t *at, uint32_t round)
{
	uint32_t conns[SWEEP_BATCH], gone[SWEEP_BATCH];
	size_t n, i, dead = 0;

	n = wims_flow_ids(wk_flows_lock(), *at, conns, SWEEP_BATCH);
	wk_flows_unlock();
	for(i = 0; i < n; i++) {
		enum sign_of_life sign = sign_of_life(conns[i], round);

		if(sign == SIGN_MUTE)
			wk_ws_cut(conns[i]);
		if(sign == SIGN_MUTE || sign == SIGN_GONE) {
			gone[dead++] = conns[i];
			wk_stats_event(WK_EV_LOST_BY_SWEEP);
		} else if(sign == SIGN_QUIET) {
			ping(conns[i]);
		}
	}
	if(dead > 0)
		lose(gone, dead, WIMS_LOSS_SILENT);
	*at = n == SWEEP_BATCH ? conns[n - 1] : 0;
	return *at != 0;
}

/* Every connection once a second, spread over the ticks. */
static void sweep(void)
{
	static uint32_t at, round;
	static int64_t round_began;
	static bool in_round;
	int64_t now = wk_now_ms();
	struct wims_flow_counts counts;
	size_t batches;

	if(!in_round && now - round_began < 900)
		return;
	if(!in_round) {
		round_began = now;
		round++;
	}
	wims_flow_counts(wk_flows_lock(), &counts);
	wk_flows_unlock();
	batches = counts.connections * (size_t)wk_params.tick_ms / 900 / SWEEP_BATCH + 1;
	in_round = true;
	while(in_round && batches-- > 0)
		in_round = sweep_some(&at, round);
}

static void send_close(const struct wims_action *a)
{
	unsigned char frame[WIMS_WS_CONTROL_MAX];
	size_t len = 0;

	if(!wims_ws_close(frame, sizeof(frame), &len, a->close_code, wims_pl_str(a->close_text))) {
		LM_ERR("no Close frame for code %u\n", a->close_code);
		return;
	}
	wk_stats_event(WK_EV_CONNECTIONS_CLOSED);
	LM_INFO("closing connection %u: %u %s\n", a->conn, a->close_code, a->close_text);
	if(!wk_ws_send_frame(a->conn, frame, len))
		LM_DBG("connection %u took no Close frame\n", a->conn);
}

/* Of a binding in a range the core knows nothing. */
static void tell_end(const struct wims_binding_view *b)
{
	if(b->range.l == 0) {
		wk_send_dereg(b);
		wk_watch_ended(b);
		return;
	}
	wk_stats_event(WK_EV_CONTACTS_ENDED);
	wk_location_drop(b->impu, wims_pl_str(b->contact_user));
	wk_registry_remove(b->impu, wims_pl_str(b->contact_user));
}

/* The core first: a slow event route holds up what comes behind it. */
static void end_registration(const struct wims_action *a)
{
	const struct wims_binding_view *b = &a->binding;
	const struct wk_event_fields fields = {
			.wwsf = b->wwsf,
			.subject = b->subject,
			.impu = b->impu,
			.impi = b->impi,
			.reason = wims_pl_str(wims_reason_text(WIMS_TOKEN_EXPIRED)),
			.connection = a->conn,
	};

	tell_end(b);
	if(!a->token_expired)
		return;
	wk_stats_event(WK_EV_TOKEN_ENDS);
	wk_event_run(WK_ON_TOKEN_EXPIRED, &fields);
}

static void end_media(uint64_t media)
{
	char name[WK_MEDIA_NAME_MAX];
	const struct wk_event_fields fields = {.media = wk_media_name(name, media)};

	wk_event_run(WK_ON_MEDIA_OVER, &fields);
}

static void carry_out(const struct wims_action *a)
{
	switch(a->kind) {
		case WIMS_ACT_CLOSE:
			send_close(a);
			break;
		case WIMS_ACT_CUT:
			wk_stats_event(WK_EV_CONNECTIONS_CUT);
			wk_ws_cut(a->conn);
			break;
		case WIMS_ACT_DEREG:
			end_registration(a);
			break;
		case WIMS_ACT_BYE:
			wk_send_bye(&a->call);
			break;
		case WIMS_ACT_MEDIA:
			end_media(a->media);
			break;
		case WIMS_ACT_GIVE_UP:
			wk_early_give_up(a->txn, a->conn);
			break;
	}
}

static void act(void)
{
	static struct wims_action action;
	int left = ACTIONS_EACH_TICK;
	bool due = true;

	while(due && left-- > 0) {
		due = wims_flows_next_action(wk_flows_lock(), wk_now_ms(), &action);
		wk_flows_unlock();
		if(due)
			carry_out(&action);
	}
}

/* ---- the process ---- */

/* What other processes have put for this one. */
static void take_news(void)
{
	take_wake();
	take_events();
	wk_keys_tick();
	wk_suspended_retry();
	wk_introspect_ask();
	wk_rangereg_tick();
	wk_used_up_tick();
}

static void tick(void)
{
	wk_load_tick();
	take_news();
	wk_fetch_tick();
	wk_regevent_tick();
	wk_peer_watch_tick();
	wk_registry_own_round();
	sweep();
	wk_handshake_tick();
	wk_media_kept_tick();
	act();
}

/* Until something is to do, at most that long. */
static void wait_ms(int64_t left)
{
	struct pollfd fds[] = {{.fd = wake_fd, .events = POLLIN}, {.fd = -1}};

	fds[1].fd = wk_fetch_poll(&fds[1].events);
	if(poll(fds, sizeof(fds) / sizeof(fds[0]), left > 0 ? (int)left : 0) <= 0)
		return;
	if(fds[0].revents != 0)
		take_news();
	if(fds[1].revents != 0)
		wk_fetch_io(fds[1].revents);
}

/* Returns when the next tick is due. A tick that took longer than its period
 * is followed by the next one at once, but none is made up for. */
static int64_t turn(int64_t due)
{
	int64_t now = wk_now_ms();

	if(now < due) {
		wait_ms(due - now);
		cfg_update();
		return due;
	}
	cfg_update();
	tick();
	return due + wk_params.tick_ms > now ? due + wk_params.tick_ms : now;
}

/* ---- its end ---- */

static void run(void)
{
	int64_t due;

	for(due = wk_now_ms(); !wk_stopping();)
		due = turn(due);
	wk_rangereg_leave();
	_exit(0); /* as Kamailio ends its own */
}

int wk_proc_fork(void)
{
	return wk_stop_fork("WIMS", 1, wake_fd, run);
}
