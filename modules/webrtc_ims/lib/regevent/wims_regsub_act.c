/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "regevent/wims_regsub_int.h"

#include "base/wims_texts.h"

#include <string.h>

static uint32_t hash_of_txn(const struct wims_regsubs *rs, const uint64_t *txn)
{
	return wims_regsub_hash(rs, (struct wims_pl){(const char *)txn, sizeof(*txn)});
}

static struct wims_regsub *of_txn(struct wims_regsubs *rs, uint64_t txn)
{
	struct wims_hnode *n;

	for(n = wims_hash_first(&rs->by_txn, hash_of_txn(rs, &txn)); n != NULL; n = wims_hash_next(n)) {
		struct wims_regsub *s = WIMS_OWNER(n, struct wims_regsub, by_txn);

		if(s->txn == txn)
			return s;
	}
	return NULL;
}

static uint32_t expires_of(const struct wims_regsubs *rs, const struct wims_regsub *s)
{
	uint32_t longer = s->expires < UINT32_MAX ? s->expires + 1 : s->expires;
	uint32_t n = rs->policy.expires > longer ? rs->policy.expires : longer;

	return n > s->min_expires ? n : s->min_expires;
}

static void emit(struct wims_regsubs *rs, struct wims_regsub *s, uint32_t expires, int64_t now,
				 struct wims_regsub_action *out)
{
	char *at = out->text;

	wims_regsub_pace(rs, s, now);
	s->txn = ++rs->last_txn;
	s->sent = now;
	s->asked = expires;
	wims_hash_add(&rs->by_txn, &s->by_txn, hash_of_txn(rs, &s->txn));
	out->txn = s->txn;
	out->cseq = ++s->cseq;
	out->expires = expires;
	out->identity = wims_texts_put(&at, wims_pl_str(s->identity));
	out->to_uri = wims_texts_put(&at, wims_pl_str(s->uri));
	out->to_tag = wims_texts_put(&at, wims_pl_str(s->remote_tag));
	out->target = s->target == NULL ? out->to_uri : wims_texts_put(&at, wims_pl_str(s->target));
	out->routes = wims_texts_put(&at, wims_pl_str(s->routes));
	memcpy(out->call_id, s->call_id, sizeof(out->call_id));
	memcpy(out->from_tag, s->tag, sizeof(out->from_tag));
}

static bool fresh_name(struct wims_regsubs *rs, char *out, size_t digits)
{
	uint8_t bytes[WIMS_REGSUB_CALL_ID_LEN / 2];
	struct wims_w w;

	if(!rs->random(bytes, digits / 2))
		return false;
	wims_w_init(&w, out, digits);
	wims_w_hex(&w, bytes, digits / 2);
	out[digits] = '\0';
	return w.ok;
}

/* The first SUBSCRIBE of a dialog. */
static bool ask(struct wims_regsubs *rs, struct wims_regsub *s, int64_t now,
				struct wims_regsub_action *out)
{
	if(!fresh_name(rs, s->call_id, WIMS_REGSUB_CALL_ID_LEN)
	   || !fresh_name(rs, s->tag, WIMS_REGSUB_TAG_LEN)) {
		wims_regsub_again(rs, s, now + wims_regsub_back_off(rs, s, -1));
		return false;
	}
	wims_hash_add(&rs->by_call_id, &s->by_call_id, wims_regsub_hash(rs, wims_pl_str(s->call_id)));
	wims_regsub_state(rs, s, WIMS_REGSUB_ASKED);
	s->cseq = 0;
	s->notify_by = WIMS_FLOW_NEVER;
	emit(rs, s, expires_of(rs, s), now, out);
	wims_regsub_arm(rs, s);
	return true;
}

static bool step_active(struct wims_regsubs *rs, struct wims_regsub *s, int64_t now,
						struct wims_regsub_action *out)
{
	if(now >= s->expires_at) {
		wims_regsub_again(rs, s, now);
	} else if(now >= s->notify_by) {
		wims_regsub_again(rs, s, now + wims_regsub_back_off(rs, s, -1));
	} else {
		s->asked_all = s->gap;
		if(s->gap)
			s->notify_by = now + WIMS_REGSUB_NOTIFY_MS;
		emit(rs, s, expires_of(rs, s), now, out);
		wims_regsub_arm(rs, s);
		return true;
	}
	return false;
}

/* True: there is something to send. */
static bool step(struct wims_regsubs *rs, struct wims_regsub *s, int64_t now,
				 struct wims_regsub_action *out)
{
	static const struct wims_regsub_answer silence = {.code = 408, .retry_after = -1};

	if(s->txn != 0 && now >= s->sent + WIMS_REGSUB_ANSWER_MS) {
		wims_regsub_answered(rs, s->txn, &silence, now);
		return false;
	}
	if(s->state == WIMS_REGSUB_ACTIVE)
		return step_active(rs, s, now, out);
	if(s->state == WIMS_REGSUB_WAITING)
		return ask(rs, s, now, out);
	/* LEAVING: the others wait for nothing but answers */
	if(s->goodbye) {
		wims_regsub_again(rs, s, now);
		return false;
	}
	s->goodbye = true;
	emit(rs, s, 0, now, out);
	wims_regsub_arm(rs, s);
	return true;
}

bool wims_regsubs_next_action(struct wims_regsubs *rs, int64_t now, struct wims_regsub_action *out)
{
	while(rs->due.root != NULL && rs->due.root->due <= now)
		if(step(rs, WIMS_OWNER(rs->due.root, struct wims_regsub, timer), now, out))
			return true;
	return false;
}

bool wims_regsub_answered(struct wims_regsubs *rs, uint64_t txn,
						  const struct wims_regsub_answer *answer, int64_t now)
{
	struct wims_regsub *s =
			txn == 0 || (answer->code > 0 && answer->code < 200) ? NULL : of_txn(rs, txn);

	if(s == NULL)
		return false;
	wims_regsub_settle(rs, s);
	wims_regsub_take_answer(rs, s, answer, now);
	return true;
}
