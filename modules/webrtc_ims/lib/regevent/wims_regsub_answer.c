/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "regevent/wims_regsub_int.h"

static bool one_of(int code, const int *codes)
{
	while(*codes != 0 && *codes != code)
		codes++;
	return *codes != 0;
}

/* It will not get better soon: the core does not want, or does not know. */
static bool is_refusal(int code)
{
	static const int codes[] = {401, 403, 404, 405, 407, 410, 416, 420, 489, 501, 0};

	return code >= 600 || one_of(code, codes);
}

/* RFC 6665 4.1.2.2, and RFC 5057 5.2: with these the subscription is over; with
 * others it lasts until it expires. */
static bool ends_dialog(int code)
{
	static const int codes[] = {404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604, 0};

	return one_of(code, codes);
}

static bool has_dialog(const struct wims_regsub *s)
{
	return s->state == WIMS_REGSUB_ACTIVE;
}

static void failed(struct wims_regsubs *rs, struct wims_regsub *s,
				   const struct wims_regsub_answer *answer, int64_t now)
{
	int64_t wait = wims_regsub_back_off(rs, s, answer->retry_after);

	if(is_refusal(answer->code))
		wait = wims_regsub_long_wait(rs);
	if(!has_dialog(s) || ends_dialog(answer->code)) {
		/* one that the core has forgotten is asked for anew at once */
		wims_regsub_again(rs, s, has_dialog(s) && answer->code == 481 ? now : now + wait);
		return;
	}
	wims_regsub_refresh_at(s, now + wait);
	wims_regsub_arm(rs, s);
}

/* 423: more, at once, but not for ever. */
static void too_brief(struct wims_regsubs *rs, struct wims_regsub *s,
					  const struct wims_regsub_answer *answer, int64_t now)
{
	if(answer->min_expires <= s->asked || answer->min_expires > WIMS_REGSUB_MIN_EXPIRES_MAX_S) {
		failed(rs, s, answer, now);
		return;
	}
	s->min_expires = (uint32_t)answer->min_expires;
	if(has_dialog(s)) {
		wims_regsub_refresh_at(s, now);
		wims_regsub_arm(rs, s);
	} else {
		wims_regsub_again(rs, s, now);
	}
}

static bool fits(const struct wims_regsub_answer *answer)
{
	return answer->to_tag.l > 0 && answer->to_tag.l <= WIMS_FLOW_TEXT_MAX && answer->contact.l > 0
		   && answer->contact.l <= WIMS_URI_MAX && answer->routes.l <= WIMS_ROUTES_MAX;
}

/* The dialog of this 2xx. False: it cannot be used. */
static bool open_dialog(struct wims_regsubs *rs, struct wims_regsub *s,
						const struct wims_regsub_answer *answer, int64_t now)
{
	if(!fits(answer) || !wims_regsub_learn(rs, s, answer->to_tag, answer->contact, answer->routes))
		return false;
	wims_regsub_state(rs, s, WIMS_REGSUB_ACTIVE);
	s->notify_by = now + WIMS_REGSUB_NOTIFY_MS;
	return true;
}

static void accepted(struct wims_regsubs *rs, struct wims_regsub *s,
					 const struct wims_regsub_answer *answer, int64_t now)
{
	int64_t granted =
			answer->granted < 0 || answer->granted > s->asked ? s->asked : answer->granted;

	if(granted == 0 || (!has_dialog(s) && !open_dialog(rs, s, answer, now))) {
		wims_regsub_again(rs, s, now + wims_regsub_back_off(rs, s, -1));
		return;
	}
	/* of a fork the first dialog stays, whose NOTIFY came before this answer */
	if(wims_pl_eq(answer->to_tag, wims_pl_str(s->remote_tag))) {
		wims_regsub_retarget(rs, s, answer->contact);
		wims_regsub_lasts(rs, s, granted, now);
	}
	if(s->notified)
		s->failures = 0;
	if(s->wanted)
		wims_regsub_arm(rs, s);
	else
		wims_regsub_leave(rs, s, now);
}

void wims_regsub_take_answer(struct wims_regsubs *rs, struct wims_regsub *s,
							 const struct wims_regsub_answer *answer, int64_t now)
{
	s->last_code = answer->code;
	if(s->state == WIMS_REGSUB_LEAVING) {
		s->next = now;
		/* its last NOTIFY may be under way */
		if(!s->wanted && answer->code >= 200 && answer->code < 300)
			s->next += WIMS_REGSUB_NOTIFY_MS;
		wims_regsub_arm(rs, s);
	} else if(answer->code >= 200 && answer->code < 300) {
		accepted(rs, s, answer, now);
	} else if(answer->code == 423) {
		too_brief(rs, s, answer, now);
	} else {
		failed(rs, s, answer, now);
	}
}
