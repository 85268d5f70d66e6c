/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wk_rpc_revoke.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "provision/wims_scenario.h"
#include "wk_provision.h"
#include "wk_revoke.h"
#include "wk_rpc_number.h"
#include "wk_state.h"
#include "wk_store.h"

enum
{
	ROWS_MAX = 500,                /* each answer */
	UNCAPPED_SECONDS = 30 * 86400, /* where the WWSF's max_lifetime is 0 */
	AHEAD_MAX = 3600               /* that the time of issued_before may lie ahead */
};

const char *wk_rpc_revoke_doc[] = {
		"Refuses tokens and ends what rests on them: webrtc_ims.revoke jti|subject WWSF VALUE "
		"[SECONDS], or webrtc_ims.revoke issued_before WWSF TIME|now [SECONDS]",
		NULL};
const char *wk_rpc_unrevoke_doc[] = {
		"Takes a revocation back: webrtc_ims.unrevoke KIND WWSF VALUE, as it is listed", NULL};
const char *wk_rpc_revocations_doc[] = {
		"Up to 500 revocations behind the first SKIP: webrtc_ims.revocations [KIND|all [SKIP]]",
		NULL};

/* VALUE of issued_before. Now is the end of the running second: tokens are
 * issued in whole ones. */
static bool parse_time(int64_t *before, struct wims_pl value)
{
	uint64_t n;

	if(wims_pl_eq(value, WIMS_PL("now"))) {
		*before = wk_wall() + 1;
		return true;
	}
	if(!wims_pl_u64(value, &n) || n == 0 || n > INT64_MAX)
		return false;
	*before = (int64_t)n;
	return true;
}

struct text
{
	char at[WIMS_REVOKE_TEXT_MAX + 1]; /* one more: too long stays too long */
};

/* Kamailio's tools make numbers of digits: "." has them turned back into text, which
 * jsonrpcs does in a buffer that it has only one of. False after a fault. */
static bool scan_text(rpc_t *rpc, void *ctx, struct text *room, struct wims_pl *out)
{
	str s;

	if(rpc->scan(ctx, ".S", &s) < 1)
		return false;
	*out = (struct wims_pl){room->at, (size_t)s.len};
	if(out->l > sizeof(room->at))
		out->l = sizeof(room->at);
	memcpy(room->at, s.s, out->l);
	return true;
}

/* What both commands have in front, in texts; false after a fault. */
static bool scan_what(rpc_t *rpc, void *ctx, struct text texts[3], struct wims_revocation *r)
{
	struct wims_pl kind, value;

	*r = (struct wims_revocation){0};
	if(!scan_text(rpc, ctx, &texts[0], &kind) || !scan_text(rpc, ctx, &texts[1], &r->wwsf)
	   || !scan_text(rpc, ctx, &texts[2], &value))
		return false;
	if(!wims_revoke_kind_parse(&r->kind, kind)) {
		rpc->fault(ctx, 400, "first argument: jti, subject or issued_before");
		return false;
	}
	if(r->kind != WIMS_REVOKE_ISSUED_BEFORE) {
		r->value = value;
		return true;
	}
	if(parse_time(&r->before, value))
		return true;
	rpc->fault(ctx, 400, "third argument: seconds since 1970, or now");
	return false;
}

/* After that no such token is valid any more: its lifetime is capped, and both
 * its beginning and its end may be off by the leeway. */
static int64_t until(const struct wims_revocation *r, const struct wims_wwsf *w, int64_t now)
{
	int64_t from = r->before > now ? r->before : now;

	return from + (w->max_lifetime > 0 ? w->max_lifetime + 2 * w->leeway : UNCAPPED_SECONDS);
}

/* The WWSF that tokens can be revoked of; NULL after a fault. */
static const struct wims_wwsf *wwsf_of(rpc_t *rpc, void *ctx, const struct wims_revocation *r)
{
	const struct wims_wwsf *w = NULL;

	if(wk_provision_refresh())
		w = wims_provision_by_name(wk_provision(), r->wwsf);
	if(w == NULL)
		rpc->fault(ctx, 404, "no WWSF of that name is provisioned");
	else if(!wims_scenario_by_token(w->scenario))
		rpc->fault(ctx, 400, "this WWSF has no tokens: it is ims-auth");
	else
		return w;
	return NULL;
}

/* r->expires. False after a fault. */
static bool scan_seconds(rpc_t *rpc, void *ctx, struct wims_revocation *r)
{
	const struct wims_wwsf *w = wwsf_of(rpc, ctx, r);
	static const struct wk_rpc_number of_seconds = {"SECONDS", 1, WIMS_REVOKE_SECONDS_MAX};
	int64_t now = wk_wall();
	int seconds = 0;

	if(w == NULL)
		return false;
	if(r->before > now + AHEAD_MAX) {
		rpc->fault(ctx, 400, "third argument: must be at most an hour ahead");
		return false;
	}
	if(!wk_rpc_number_any(rpc, ctx, &of_seconds, &seconds))
		return false;
	r->expires = seconds > 0 ? now + seconds : until(r, w, now);
	return true;
}

static const char *tell_saved(enum wims_reason saved, const char *instead, char *buf, size_t size)
{
	if(!wk_store_on())
		return "no state_dir";
	if(saved == WIMS_OK)
		return "yes";
	snprintf(buf, size, "%s, not saved: %s", instead, wk_store_fault());
	return buf;
}

void wk_rpc_revoke(rpc_t *rpc, void *ctx)
{
	struct text texts[3];
	struct wims_revocation r;
	enum wims_reason added, saved;
	char why[300];
	size_t ended;
	void *h;

	if(!scan_what(rpc, ctx, texts, &r) || !scan_seconds(rpc, ctx, &r))
		return;
	added = wk_revoke_add(&r, &ended, &saved);
	if(added != WIMS_OK) {
		rpc->fault(ctx, added == WIMS_CLAIM_VALUE ? 400 : 500, "not revoked: %s",
				   wims_reason_text(added));
		return;
	}
	if(rpc->add(ctx, "{", &h) < 0)
		return;
	rpc->struct_add(h, "ddds", "seconds", (int)(r.expires - wk_wall()), "ended", (int)ended,
					"revocations", (int)wk_revoke_count(), "saved",
					tell_saved(saved, "in force", why, sizeof(why)));
}

void wk_rpc_unrevoke(rpc_t *rpc, void *ctx)
{
	struct text texts[3];
	struct wims_revocation r;
	enum wims_reason saved;
	char why[300];
	void *h;

	if(!scan_what(rpc, ctx, texts, &r))
		return;
	if(!wk_revoke_remove(&r, &saved)) {
		rpc->fault(ctx, 404, "no such revocation");
		return;
	}
	if(rpc->add(ctx, "{", &h) < 0)
		return;
	rpc->struct_add(h, "ds", "revocations", (int)wk_revoke_count(), "saved",
					tell_saved(saved, "taken back", why, sizeof(why)));
}

struct listing
{
	rpc_t *rpc;
	void *ctx;
	bool all;
	enum wims_revoke_kind kind;
	int skip, left;
};

static bool list_one(void *ctx, const struct wims_revocation *r)
{
	struct listing *l = ctx;
	char time[24];
	str wwsf = wk_str(r->wwsf), value = wk_str(r->value);
	void *h;

	if((!l->all && r->kind != l->kind) || l->skip-- > 0)
		return true;
	if(r->kind == WIMS_REVOKE_ISSUED_BEFORE)
		value = (str){time, snprintf(time, sizeof(time), "%lld", (long long)r->before)};
	if(l->left-- == 0 || l->rpc->add(l->ctx, "{", &h) < 0)
		return false;
	l->rpc->struct_add(h, "sSSd", "kind", wims_revoke_kind_text(r->kind), "wwsf", &wwsf, "value",
					   &value, "seconds", (int)(r->expires - wk_wall()));
	return true;
}

void wk_rpc_revocations(rpc_t *rpc, void *ctx)
{
	struct listing l = {.rpc = rpc, .ctx = ctx, .all = true, .left = ROWS_MAX};
	str kind;

	if(rpc->scan(ctx, "*.S", &kind) == 1 && !wims_pl_eq(wk_pl(&kind), WIMS_PL("all"))) {
		l.all = false;
		if(!wims_revoke_kind_parse(&l.kind, wk_pl(&kind))) {
			rpc->fault(ctx, 400, "first argument: jti, subject, issued_before or all");
			return;
		}
	}
	if(wk_rpc_number_any(rpc, ctx, &(struct wk_rpc_number){"SKIP", 0, INT_MAX}, &l.skip))
		wk_revoke_each(list_one, &l);
}
