/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_rangereg_int.h"

#include <string.h>

#include "base/wims_w.h"

/* A registration is a line "u", followed by a line "r" for each of its ranges.
 * Fields are separated by a TAB, which none of them has. */
enum unit_field
{
	U_KIND,
	U_IMPI,
	U_TO,
	U_DOMAIN,
	U_CONTACT_USER,
	U_CALL_ID,
	U_FROM_TAG,
	U_CSEQ,    /* none that was used is larger */
	U_EXPIRES, /* ms since 1970; 0: not registered */
	U_MIN_EXPIRES,
	U_ROUTE,
	U_FIELDS
};

enum range_field
{
	R_KIND,
	R_WILDCARD,
	R_WWSF,
	R_TRIGGER,
	R_BY_PILOT,
	R_NAMED,
	R_OFF,
	R_WITHIN,
	R_FIELDS
};

enum
{
	FIELDS_MAX = U_FIELDS,
	/* the loaded registrations of n ranges are refreshed within n times this */
	LOAD_SPREAD_MS = 20,
	LOAD_SPREAD_MAX_MS = 10 * 1000
};

/* ---- out ---- */

void wims_rr_put_number(struct wims_w *w, int64_t n)
{
	wims_w_lit(w, "\t");
	wims_w_u64(w, (uint64_t)n);
}

void wims_rr_put_text(struct wims_w *w, struct wims_pl s)
{
	wims_w_lit(w, "\t");
	wims_w_pl(w, s);
}

static void write_unit(struct wims_w *w, struct wims_rr_unit *u, int64_t wall_ms, int64_t now)
{
	u->offered = u->cseq + WIMS_RANGEREG_CSEQ_AHEAD;
	if(u->ceiling == 0)
		u->ceiling = u->offered;
	wims_w_lit(w, "u");
	wims_rr_put_text(w, u->texts[WIMS_RR_IMPI]);
	wims_rr_put_text(w, u->texts[WIMS_RR_TO]);
	wims_rr_put_text(w, u->texts[WIMS_RR_DOMAIN]);
	wims_rr_put_text(w, wims_pl_str(u->contact_user));
	wims_rr_put_text(w, wims_pl_str(u->call_id));
	wims_rr_put_text(w, wims_pl_str(u->from_tag));
	wims_rr_put_number(w, u->offered);
	wims_rr_put_number(w, !u->own ? 0 : wall_ms + (u->expires - now));
	wims_rr_put_number(w, u->min_expires);
	wims_rr_put_text(w, (struct wims_pl){u->service_route, u->service_route_l});
}

static void write_range(struct wims_w *w, const struct wims_rr_range *r)
{
	wims_w_lit(w, "r");
	wims_rr_put_text(w, r->texts[WIMS_RR_WILDCARD]);
	wims_rr_put_text(w, r->texts[WIMS_RR_WWSF]);
	wims_rr_put_number(w, r->trigger);
	wims_rr_put_number(w, r->by_pilot);
	wims_rr_put_number(w, r->named);
	wims_rr_put_number(w, r->off);
	wims_rr_put_text(w, r->within != NULL ? r->within->texts[WIMS_RR_WILDCARD] : WIMS_PL_NONE);
}

static bool end_line(struct wims_buf *out, char *room, const struct wims_w *w)
{
	if(!w->ok)
		return false;
	room[w->len] = '\n';
	wims_buf_added(out, w->len + 1);
	return true;
}

/* r NULL: the line of the registration itself. */
static bool write_line(struct wims_buf *out, struct wims_rr_unit *u, const struct wims_rr_range *r,
					   int64_t wall_ms, int64_t now)
{
	char *room = wims_buf_room(out, WIMS_RANGEREG_LINE_MAX);
	struct wims_w w;

	if(room == NULL)
		return false;
	wims_w_init(&w, room, WIMS_RANGEREG_LINE_MAX - 1);
	if(r == NULL)
		write_unit(&w, u, wall_ms, now);
	else
		write_range(&w, r);
	return end_line(out, room, &w);
}

/* What is not registered has nothing to keep but that a range is off, or that
 * tokens brought others inside it. */
static bool is_kept(const struct wims_rr_unit *u)
{
	const struct wims_ring *l;
	bool kept = u->own;

	for(l = u->ranges.next; l != &u->ranges && !kept; l = l->next) {
		const struct wims_rr_range *r = WIMS_OWNER(l, struct wims_rr_range, on_unit);

		kept = r->off || r->n_brought > 0;
	}
	return kept && !wims_ring_empty(&u->ranges);
}

static bool save_unit(struct wims_buf *out, struct wims_rr_unit *u, int64_t wall_ms, int64_t now)
{
	struct wims_ring *l;

	if(!is_kept(u))
		return true;
	if(!write_line(out, u, NULL, wall_ms, now))
		return false;
	for(l = u->ranges.next; l != &u->ranges; l = l->next)
		if(!write_line(out, u, wims_rr_on_unit(l), wall_ms, now))
			return false;
	return true;
}

bool wims_rangereg_save(struct wims_rangereg *rr, struct wims_buf *out, int64_t wall_ms,
						int64_t now)
{
	struct wims_ring *l;

	for(l = rr->all_units.next; l != &rr->all_units; l = l->next)
		if(!save_unit(out, WIMS_OWNER(l, struct wims_rr_unit, all), wall_ms, now))
			return false;
	return true;
}

void wims_rangereg_saved(struct wims_rangereg *rr)
{
	struct wims_ring *l;

	for(l = rr->all_units.next; l != &rr->all_units; l = l->next) {
		struct wims_rr_unit *u = WIMS_OWNER(l, struct wims_rr_unit, all);

		u->ceiling = u->offered;
	}
}

uint64_t wims_rangereg_generation(const struct wims_rangereg *rr)
{
	return rr->generation;
}

/* ---- in ---- */

/* A line "u" as it was read; its ranges come behind it. */
struct kept_unit
{
	struct wims_pl field[U_FIELDS];
	int64_t cseq, left_ms, min_expires;
	bool there;
};

struct load
{
	struct wims_rangereg *rr;
	int64_t wall_ms, now;
	struct kept_unit unit;
	bool brought; /* this time only those that tokens brought, which need the others */
};

bool wims_rr_split(struct wims_pl line, struct wims_pl *field, size_t n)
{
	size_t i;

	for(i = 0; i < n; i++) {
		size_t end = wims_pl_find(line, '\t');

		if((end == line.l) != (i == n - 1))
			return false;
		field[i] = (struct wims_pl){line.p, end};
		line = wims_pl_from(line, end + 1);
	}
	return true;
}

bool wims_rr_number(int64_t *out, struct wims_pl text, int64_t max)
{
	uint64_t n;

	if((text.l > 1 && text.p[0] == '0') || !wims_pl_u64(text, &n) || n > (uint64_t)max)
		return false;
	*out = (int64_t)n;
	return true;
}

bool wims_rr_is_hex(struct wims_pl s, size_t digits)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if(!wims_is_digit(s.p[i]) && (s.p[i] < 'a' || s.p[i] > 'f'))
			return false;
	return s.l == digits;
}

static bool read_unit(struct load *l, struct wims_pl line)
{
	struct kept_unit *u = &l->unit;
	int64_t expires;

	*u = (struct kept_unit){0};
	if(!wims_rr_split(line, u->field, U_FIELDS)
	   || !wims_rr_is_hex(u->field[U_CONTACT_USER], WIMS_CONTACT_USER_LEN)
	   || !wims_rr_number(&u->cseq, u->field[U_CSEQ], WIMS_RANGEREG_CSEQ_MAX)
	   || !wims_rr_number(&expires, u->field[U_EXPIRES], INT64_MAX)
	   || !wims_rr_number(&u->min_expires, u->field[U_MIN_EXPIRES], UINT32_MAX))
		return false;
	if(expires > l->wall_ms) {
		u->left_ms = expires - l->wall_ms;
		/* the wall clock was put back: no registration lasts longer */
		if(u->left_ms / 1000 > l->rr->policy.expires_max)
			u->left_ms = (int64_t)l->rr->policy.expires_max * 1000;
	}
	u->there = u->left_ms == 0
			   || (wims_rr_is_hex(u->field[U_CALL_ID], WIMS_RANGEREG_CALL_ID_LEN)
				   && wims_rr_is_hex(u->field[U_FROM_TAG], WIMS_RANGEREG_TAG_LEN));
	return u->there;
}

static void copy(char *out, struct wims_pl s)
{
	memcpy(out, s.p, s.l);
	out[s.l] = '\0';
}

/* Takes up the registration where it was left. The first REGISTER waits until
 * the CSeqs behind it can be saved. */
static void resume(struct load *l, struct wims_rr_unit *u)
{
	const struct kept_unit *k = &l->unit;
	int64_t spread = (int64_t)(l->rr->count * LOAD_SPREAD_MS);

	copy(u->contact_user, k->field[U_CONTACT_USER]);
	if(k->min_expires <= l->rr->policy.expires_max)
		u->min_expires = (uint32_t)k->min_expires;
	if(k->left_ms == 0)
		return;
	copy(u->call_id, k->field[U_CALL_ID]);
	copy(u->from_tag, k->field[U_FROM_TAG]);
	u->cseq = u->ceiling = u->offered = (uint32_t)k->cseq;
	wims_rr_take_route(l->rr, u, k->field[U_ROUTE]);
	wims_rr_registered(u, l->now, l->now + k->left_ms);
	u->own = true;
	u->again_at =
			l->now + WIMS_RANGEREG_HOLD_MS
			+ wims_rr_chance(l->rr, spread < LOAD_SPREAD_MAX_MS ? spread : LOAD_SPREAD_MAX_MS);
}

static enum wims_reason add_range(struct load *l, const struct wims_rangereg_in *in, bool off,
								  enum wims_rr_named named)
{
	struct wims_rr_range *r = wims_rr_range_find(l->rr, in->wildcard);
	struct wims_rr_range *within = wims_rr_range_find(l->rr, in->within);
	enum wims_reason is;

	if(r != NULL || (in->within.l > 0 && (within == NULL || within->within != NULL)))
		return WIMS_CONFIG_SYNTAX;
	if((is = wims_rr_range_make(l->rr, in, &r, l->now)) != WIMS_OK)
		return is;
	if(r->unit->ranges.next == &r->on_unit && r->unit->ranges.prev == &r->on_unit)
		resume(l, r->unit);
	if(within != NULL)
		wims_rr_range_within(l->rr, r, within);
	r->off = off;
	if(r->unit->expires != 0) {
		r->named = named;
		if(r->trigger != WIMS_RANGE_AT_START)
			wims_rr_use(l->rr, r, l->now);
	}
	wims_rr_review(l->rr, r->unit, l->now, WIMS_RANGEREG_EXPIRED);
	return WIMS_OK;
}

/* Of an expired one there is nothing to keep but that it is off, and that others
 * may be inside it. */
static bool is_over(const struct kept_unit *u, bool off, bool may_hold_others)
{
	return u->left_ms == 0 && !off && !may_hold_others;
}

static enum wims_reason read_range(struct load *l, struct wims_pl line)
{
	const struct kept_unit *u = &l->unit;
	struct wims_pl f[R_FIELDS];
	int64_t trigger, by_pilot, named, off;

	if(!u->there || !wims_rr_split(line, f, R_FIELDS)
	   || !wims_rr_number(&trigger, f[R_TRIGGER], WIMS_RANGE_BY_TOKEN)
	   || trigger == WIMS_RANGE_NEVER || !wims_rr_number(&by_pilot, f[R_BY_PILOT], 1)
	   || !wims_rr_number(&named, f[R_NAMED], WIMS_RR_NEWS) || !wims_rr_number(&off, f[R_OFF], 1)
	   || (f[R_WITHIN].l > 0 && trigger != WIMS_RANGE_BY_TOKEN)
	   || (by_pilot == 0 && !wims_pl_eq(f[R_WILDCARD], u->field[U_TO])))
		return WIMS_CONFIG_SYNTAX;
	if((f[R_WITHIN].l > 0) != l->brought
	   || is_over(u, off != 0, trigger == WIMS_RANGE_BY_TOKEN && f[R_WITHIN].l == 0))
		return WIMS_OK;
	return add_range(l,
					 &(struct wims_rangereg_in){
							 .wildcard = f[R_WILDCARD],
							 .wwsf = f[R_WWSF],
							 .pilot = by_pilot != 0 ? u->field[U_TO] : WIMS_PL_NONE,
							 .impi = u->field[U_IMPI],
							 .domain = u->field[U_DOMAIN],
							 .within = f[R_WITHIN],
							 .trigger = (enum wims_range_trigger)trigger,
					 },
					 off != 0, (enum wims_rr_named)named);
}

static enum wims_reason read_lines(struct load *l, struct wims_pl body, size_t *line)
{
	enum wims_reason is = WIMS_OK;

	l->unit = (struct kept_unit){0};
	for(*line = 0; body.l > 0 && is == WIMS_OK;) {
		struct wims_pl text = {body.p, wims_pl_find(body, '\n')};

		++*line;
		if(text.l == body.l || text.l >= WIMS_RANGEREG_LINE_MAX)
			return WIMS_CONFIG_SYNTAX;
		if(wims_pl_starts(text, WIMS_PL("u\t")))
			is = read_unit(l, text) ? WIMS_OK : WIMS_CONFIG_SYNTAX;
		else if(wims_pl_starts(text, WIMS_PL("r\t")))
			is = read_range(l, text);
		else
			is = WIMS_CONFIG_SYNTAX;
		body = wims_pl_from(body, text.l + 1);
	}
	return is;
}

enum wims_reason wims_rangereg_load(struct wims_rangereg *rr, struct wims_pl body, int64_t wall_ms,
									int64_t now, size_t *line)
{
	struct load l = {.rr = rr, .wall_ms = wall_ms, .now = now};
	enum wims_reason is = read_lines(&l, body, line);

	if(is != WIMS_OK)
		return is;
	l.brought = true;
	return read_lines(&l, body, line);
}
