/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "regevent/wims_regsub_int.h"

#include <string.h>

/* ---- Subscription-State (RFC 6665 8.2.3) ---- */

struct substate
{
	bool terminated;
	struct wims_pl reason; /* empty: not said */
	int64_t expires;       /* s; -1: not said */
	int64_t retry_after;   /* s; -1: not said */
};

/* The text up to c, trimmed, taken off *rest with c. */
static struct wims_pl take(struct wims_pl *rest, char c)
{
	size_t at = wims_pl_find(*rest, c);
	struct wims_pl part = {rest->p, at};

	*rest = wims_pl_from(*rest, at + 1);
	return wims_pl_trim(part);
}

static bool read_param(struct substate *out, struct wims_pl param)
{
	struct wims_pl name = take(&param, '=');
	struct wims_pl value = wims_pl_trim(param);
	uint64_t n;

	if(wims_pl_caseeq(name, WIMS_PL("reason"))) {
		out->reason = value;
		return value.l > 0;
	}
	if(!wims_pl_caseeq(name, WIMS_PL("expires")) && !wims_pl_caseeq(name, WIMS_PL("retry-after")))
		return name.l > 0;
	if(!wims_pl_u64(value, &n) || n > UINT32_MAX)
		return false;
	if(wims_pl_caseeq(name, WIMS_PL("expires")))
		out->expires = (int64_t)n;
	else
		out->retry_after = (int64_t)n;
	return true;
}

static bool read_substate(struct substate *out, struct wims_pl body)
{
	struct wims_pl value = take(&body, ';');

	*out = (struct substate){.expires = -1, .retry_after = -1};
	/* one that is not known is one that goes on */
	out->terminated = wims_pl_caseeq(value, WIMS_PL("terminated"));
	if(value.l == 0)
		return false;
	while(body.l > 0)
		if(!read_param(out, take(&body, ';')))
			return false;
	return true;
}

/* ---- the end of a subscription (RFC 6665 4.1.3) ---- */

static bool says(const struct substate *sub, const char *reason)
{
	return wims_pl_caseeq(sub->reason, wims_pl_str(reason));
}

static void keep_reason(struct wims_regsub *s, const struct substate *sub)
{
	struct wims_w w;
	struct wims_pl reason = sub->reason.l > 0 ? sub->reason : WIMS_PL("none");
	size_t n = reason.l < WIMS_REGSUB_REASON_MAX ? reason.l : WIMS_REGSUB_REASON_MAX;

	wims_w_init(&w, s->ended, WIMS_REGSUB_REASON_MAX);
	wims_w_pl(&w, (struct wims_pl){reason.p, n});
	s->ended[wims_w_done(&w).l] = '\0';
}

static void end(struct wims_regsubs *rs, struct wims_regsub *s, const struct substate *sub,
				int64_t now)
{
	bool at_once = says(sub, "deactivated") || says(sub, "timeout");

	keep_reason(s, sub);
	if(s->wanted && (says(sub, "rejected") || says(sub, "noresource") || says(sub, "invariant"))) {
		wims_regsub_forget(rs, s);
		wims_regsub_state(rs, s, WIMS_REGSUB_DENIED);
		wims_regsub_arm(rs, s);
		return;
	}
	if(at_once)
		wims_regsub_again(rs, s, now);
	else
		wims_regsub_again(rs, s, now + wims_regsub_back_off(rs, s, sub->retry_after));
}

/* ---- documents (RFC 3680 5.1) ---- */

static void ask_for_all(const struct wims_regsubs *rs, struct wims_regsub *s)
{
	if(s->gap)
		return;
	s->gap = true;
	s->asked_all = false;
	s->notify_by = WIMS_FLOW_NEVER;
	/* not faster than after a failure, whatever the notifier counts */
	wims_regsub_refresh_at(s, s->sent + rs->policy.retry_min_ms);
}

/* Is it newer than what was told, and complete with it? */
static bool is_news(const struct wims_regsubs *rs, struct wims_regsub *s,
					const struct wims_reginfo *doc)
{
	uint32_t version = wims_reginfo_version(doc);

	if(s->has_version && version <= s->version)
		return false;
	if(!wims_reginfo_is_full(doc) && (s->gap || !s->has_version || version - s->version > 1)) {
		ask_for_all(rs, s);
		return false;
	}
	s->gap = false;
	s->has_version = true;
	s->version = version;
	return true;
}

/* ---- a NOTIFY ---- */

static bool fits(const struct wims_regsub_notify *in)
{
	return in->from_tag.l > 0 && in->from_tag.l <= WIMS_FLOW_TEXT_MAX && in->contact.l > 0
		   && in->contact.l <= WIMS_URI_MAX && in->routes.l <= WIMS_ROUTES_MAX;
}

/* The subscription whose dialog it is in; the first NOTIFY may come before the
 * answer to the SUBSCRIBE, and makes the dialog then (RFC 6665 4.4.1). */
static enum wims_reason judge(struct wims_regsubs *rs, const struct wims_regsub_notify *in,
							  struct wims_regsub **out)
{
	struct wims_regsub *s = wims_regsub_of_call(rs, in->call_id);

	if(s == NULL || !wims_pl_eq(in->to_tag, wims_pl_str(s->tag)))
		return WIMS_DIALOG_UNKNOWN;
	if(s->remote_tag != NULL && !wims_pl_eq(in->from_tag, wims_pl_str(s->remote_tag)))
		return WIMS_DIALOG_UNKNOWN;
	if(s->notified && in->cseq <= s->notify_cseq)
		return WIMS_CSEQ_OLD;
	if(s->remote_tag == NULL && !fits(in))
		return WIMS_REQUEST_MALFORMED;
	*out = s;
	return WIMS_OK;
}

static bool enter(struct wims_regsubs *rs, struct wims_regsub *s,
				  const struct wims_regsub_notify *in, int64_t now)
{
	if(s->remote_tag != NULL) {
		wims_regsub_retarget(rs, s, in->contact);
		return true;
	}
	if(!wims_regsub_learn(rs, s, in->from_tag, in->contact, in->routes))
		return false;
	wims_regsub_state(rs, s, WIMS_REGSUB_ACTIVE);
	wims_regsub_lasts(rs, s, s->asked, now);
	return true;
}

/* What Subscription-State says, with all else done; s may be gone then. */
static void go_on(struct wims_regsubs *rs, struct wims_regsub *s, const struct substate *sub,
				  int64_t now)
{
	if(sub->terminated) {
		end(rs, s, sub, now);
		return;
	}
	if(sub->expires >= 0 && now + sub->expires * 1000 < s->expires_at)
		wims_regsub_lasts(rs, s, sub->expires, now);
	wims_regsub_arm(rs, s);
}

enum wims_reason wims_regsub_notify(struct wims_regsubs *rs, const struct wims_regsub_notify *in,
									int64_t now, bool *tell)
{
	struct wims_regsub *s = NULL;
	struct substate sub;
	enum wims_reason r = judge(rs, in, &s);

	*tell = false;
	if(r != WIMS_OK)
		return r;
	if(!read_substate(&sub, in->substate))
		return WIMS_REQUEST_MALFORMED;
	if(!enter(rs, s, in, now))
		return WIMS_NOMEM;
	s->notified = true;
	s->notify_cseq = in->cseq;
	s->failures = 0;
	if(in->parsed != WIMS_OK)
		ask_for_all(rs, s);
	else if(in->document != NULL && s->wanted)
		*tell = is_news(rs, s, in->document);
	if(!s->gap)
		s->notify_by = WIMS_FLOW_NEVER;
	s->notifies += *tell;
	go_on(rs, s, &sub, now);
	return in->parsed;
}
