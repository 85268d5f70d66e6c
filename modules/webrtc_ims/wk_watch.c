/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_watch.h"

#include <string.h>

#include "flow/wims_flow.h"
#include "sip/wims_uri.h"
#include "wk_params.h"
#include "wk_proc.h"
#include "wk_regevent.h"
#include "wk_state.h"
#include "wk_stats.h"

enum
{
	REG_EVENT_WICS = 2, /* modparam reg_event */
	TEXT_MAX = 80,
	ENDED_EACH_LOCK = 64 /* registrations of one identity */
};

static bool watches(void)
{
	return wk_params.reg_event == REG_EVENT_WICS;
}

/* ---- which subscription ---- */

/* The default IMPU; a SIP URI where there is one, as that is what any core routes. */
static struct wims_pl identity_of(const struct wims_binding_view *b)
{
	size_t i;

	if(!watches() || b->range.l > 0 || b->associated_count == 0)
		return WIMS_PL_NONE;
	for(i = 0; i < b->associated_count; i++)
		if(wims_pl_starts(b->associated[i], WIMS_PL("sip")))
			return b->associated[i];
	return b->associated[0];
}

void wk_watch_of(struct wk_watch *w, struct wims_pl contact_user)
{
	static struct wims_binding_view v;
	bool there;

	w->identity = WIMS_PL_NONE;
	if(!watches())
		return;
	there = wims_binding_of_user(wk_flows_lock(), contact_user, &v);
	wk_flows_unlock();
	if(!there || identity_of(&v).l > sizeof(w->text))
		return;
	w->identity = (struct wims_pl){w->text, identity_of(&v).l};
	if(w->identity.l > 0)
		memcpy(w->text, identity_of(&v).p, w->identity.l);
}

/* ---- subscribing ---- */

/* A WIC that nobody hears of is registered all the same. */
static void want(struct wims_pl identity, uint32_t seconds)
{
	enum wims_reason r = wk_regevent_want(identity, WIMS_REGSUB_FOR_WIC, seconds);

	if(r == WIMS_OK)
		return;
	wk_stats_event(WK_EV_SUBSCRIPTIONS_MISSED);
	LM_INFO("no subscription to the registration of %.*s: %s\n", WK_FMT(identity),
			wims_reason_text(r));
}

/* Somebody may register while it is given up: he is looked for again behind that. */
static void release(struct wims_pl identity)
{
	if(identity.l == 0 || wk_is_registered(identity))
		return;
	wk_regevent_unsubscribe(identity, WIMS_REGSUB_FOR_WIC);
	if(wk_is_registered(identity))
		want(identity, (uint32_t)wk_params.max_expires);
}

void wk_watch_answered(const struct wk_watch *was, struct wims_pl contact_user, uint32_t seconds)
{
	struct wk_watch is;

	wk_watch_of(&is, contact_user);
	if(is.identity.l > 0)
		want(is.identity, seconds);
	if(!wims_pl_eq(is.identity, was->identity))
		release(was->identity);
}

void wk_watch_ended(const struct wims_binding_view *b)
{
	release(identity_of(b));
}

/* ---- what the core says ---- */

/* What the page is told, and by that whether it may come back (RFC 3680 5.1). */
static enum wims_reason outcome_of(enum wims_reginfo_event event)
{
	if(event == WIMS_REGINFO_DEACTIVATED)
		return WIMS_REGISTRATION_DEACTIVATED;
	return event == WIMS_REGINFO_PROBATION ? WIMS_REGISTRATION_PROBATION : WIMS_REGISTRATION_ENDED;
}

static struct wims_pl close_text(char buf[TEXT_MAX], enum wims_reason why, int64_t retry_after)
{
	struct wims_w w;

	wims_w_init(&w, buf, TEXT_MAX);
	wims_w_pl(&w, wims_pl_str(wims_reason_text(why)));
	if(why == WIMS_REGISTRATION_PROBATION && retry_after >= 0) {
		wims_w_lit(&w, " retry-after=");
		wims_w_u64(&w, (uint64_t)retry_after);
	}
	return wims_w_done(&w);
}

static bool end(struct wims_pl contact_user, enum wims_reginfo_event event, int64_t retry_after)
{
	enum wims_reason why = outcome_of(event);
	struct wk_watch was;
	char text[TEXT_MAX];
	bool ended;

	wk_watch_of(&was, contact_user);
	ended = wims_binding_ended(wk_flows_lock(), contact_user, why,
							   close_text(text, why, retry_after), wk_now_ms());
	wk_flows_unlock();
	if(!ended)
		return false;
	wk_stats_event(WK_EV_NETWORK_ENDS);
	LM_NOTICE("the network has ended the registration of %.*s: %s\n", WK_FMT(was.identity),
			  wims_reginfo_event_text(event));
	release(was.identity);
	return true;
}

static void shorten(struct wims_pl contact_user, int64_t seconds)
{
	bool shorter = wims_binding_shorten(
			wk_flows_lock(), contact_user,
			seconds > INT32_MAX ? INT32_MAX * INT64_C(1000) : seconds * 1000, wk_now_ms());

	wk_flows_unlock();
	if(!shorter)
		return;
	wk_stats_event(WK_EV_NETWORK_SHORTENS);
	LM_INFO("the network has shortened a registration to %lld s\n", (long long)seconds);
}

static void take_contact(void *ctx, const struct wims_reginfo_news *news)
{
	struct wims_uri uri;

	(void)ctx;
	if(news->contact.l == 0 || wims_uri_parse(&uri, news->contact) != WIMS_OK
	   || uri.user.l != WIMS_CONTACT_USER_LEN)
		return;
	if(news->contact_state == WIMS_REGINFO_TERMINATED)
		(void)end(uri.user, news->event, news->retry_after);
	else if(news->event == WIMS_REGINFO_SHORTENED && news->expires >= 0)
		shorten(uri.user, news->expires);
}

/* The names of some registrations of an identity. */
struct names
{
	size_t n;
	char user[ENDED_EACH_LOCK][WIMS_CONTACT_USER_LEN];
};

static bool note_name(void *ctx, const struct wims_binding_view *v)
{
	struct names *names = ctx;

	memcpy(names->user[names->n++], v->contact_user, WIMS_CONTACT_USER_LEN);
	return names->n < ENDED_EACH_LOCK;
}

/* Some of them; how many ended. */
static size_t end_some(struct wims_pl aor)
{
	static struct names names;
	size_t i, ended = 0;

	names.n = 0;
	wims_bindings_by(wk_flows_lock(), WIMS_BY_IMPU, aor, note_name, &names);
	wk_flows_unlock();
	for(i = 0; i < names.n; i++)
		ended += end((struct wims_pl){names.user[i], WIMS_CONTACT_USER_LEN}, WIMS_REGINFO_UNSAID,
					 -1);
	return ended;
}

/* All of an identity that has no contact any more, whether it names them or not. Those that
 * are registering right now stay. */
static void take_identity(void *ctx, const struct wims_reginfo_news *news)
{
	(void)ctx;
	if(news->aor.l == 0 || news->wildcard.l > 0 || news->state != WIMS_REGINFO_TERMINATED)
		return;
	while(end_some(news->aor) > 0)
		;
}

void wk_watch_document(const struct wims_reginfo *doc)
{
	if(!watches())
		return;
	wims_reginfo_each(doc, take_contact, NULL);
	wims_reginfo_each(doc, take_identity, NULL);
	wk_proc_wake();
}
