/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_rangereg_int.h"

#include "base/wims_texts.h"

struct wims_rangereg *wims_rangereg_new(const struct wims_env *env,
										const struct wims_rangereg_policy *policy,
										bool (*random)(void *buf, size_t n))
{
	struct wims_rangereg *rr = wims_zalloc(env, sizeof(*rr));

	if(rr == NULL)
		return NULL;
	rr->env = *env;
	rr->policy = *policy;
	rr->random = random;
	wims_ring_init(&rr->all_units);
	wims_ring_init(&rr->ready_ranges);
	wims_ring_init(&rr->ready_units);
	wims_ring_init(&rr->queue);
	rr->all = wims_zalloc(env, (policy->ranges + 1) * sizeof(struct wims_rr_range *));
	if(rr->all != NULL && random(&rr->key, sizeof(rr->key))
	   && wims_hash_init(&rr->ranges, &rr->env, policy->ranges)
	   && wims_hash_init(&rr->units, &rr->env, policy->ranges)
	   && wims_hash_init(&rr->txns, &rr->env, policy->in_flight))
		return rr;
	wims_rangereg_free(rr);
	return NULL;
}

void wims_rangereg_free(struct wims_rangereg *rr)
{
	struct wims_ring *l, *next;
	size_t i;

	if(rr == NULL)
		return;
	/* these leave the heap, in which timers of ranges are */
	for(l = rr->all_units.next; l != &rr->all_units; l = next) {
		next = l->next;
		wims_rr_unit_free(rr, WIMS_OWNER(l, struct wims_rr_unit, all));
	}
	for(i = 0; i < rr->count; i++) {
		wims_free(&rr->env, rr->all[i]->texts);
		wims_free(&rr->env, rr->all[i]);
	}
	wims_hash_done(&rr->ranges);
	wims_hash_done(&rr->units);
	wims_hash_done(&rr->txns);
	wims_free(&rr->env, rr->all);
	wims_free(&rr->env, rr);
}

/* What an add works on: `in`, and its canonical texts. */
struct wish
{
	const struct wims_rangereg_in *in;
	struct wims_pl wildcard_key;
	struct wims_pl unit[WIMS_RR_UNIT_TEXTS];
	char to_buf[WIMS_RANGE_TEXT_MAX];
	char wildcard_buf[WIMS_RANGE_TEXT_MAX];
};

/* Bytes that may stand in a header and in a line of a file. */
static bool is_plain(struct wims_pl s, size_t max)
{
	size_t i;

	for(i = 0; i < s.l; i++)
		if((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return false;
	return s.l <= max;
}

static enum wims_reason wish(struct wish *w, const struct wims_rangereg_in *in)
{
	w->in = in;
	w->unit[WIMS_RR_TO] = in->pilot.l > 0 ? in->pilot : in->wildcard;
	w->unit[WIMS_RR_IMPI] = in->impi;
	w->unit[WIMS_RR_DOMAIN] = in->domain;
	if(!is_plain(in->wildcard, WIMS_RANGE_TEXT_MAX) || !is_plain(in->wwsf, WIMS_RANGEREG_NAME_MAX)
	   || !is_plain(in->pilot, WIMS_IMPU_MAX) || !is_plain(in->impi, WIMS_IMPI_MAX)
	   || !is_plain(in->domain, WIMS_HOST_MAX))
		return WIMS_REQUEST_MALFORMED;
	if(!wims_rr_key(&w->wildcard_key, w->wildcard_buf, in->wildcard)
	   || !wims_rr_key(&w->unit[WIMS_RR_TO_KEY], w->to_buf, w->unit[WIMS_RR_TO]))
		return WIMS_URI_BAD;
	return WIMS_OK;
}

static struct wims_pl *texts_for(const struct wims_rangereg *rr, const struct wish *w)
{
	const struct wims_pl src[WIMS_RR_RANGE_TEXTS] = {
			[WIMS_RR_WILDCARD] = w->in->wildcard,
			[WIMS_RR_WILDCARD_KEY] = w->wildcard_key,
			[WIMS_RR_WWSF] = w->in->wwsf,
	};
	struct wims_pl *texts;

	/* the block begins with the slices: there is nothing in front */
	return wims_texts_record(&rr->env, 0, src, WIMS_RR_RANGE_TEXTS, &texts) == NULL ? NULL : texts;
}

/* A range without registration, in no ring. */
static struct wims_rr_range *range_new(struct wims_rangereg *rr, struct wims_pl *texts)
{
	struct wims_rr_range *r = wims_zalloc(&rr->env, sizeof(*r));

	if(r == NULL)
		return NULL;
	r->texts = texts;
	if(!wims_rr_id(r->id, &texts[WIMS_RR_WILDCARD_KEY], 1)) {
		wims_free(&rr->env, r);
		return NULL;
	}
	r->timer.kind = WIMS_RR_RANGE;
	r->idle_at = WIMS_FLOW_NEVER;
	wims_ring_init(&r->on_unit);
	wims_ring_init(&r->ready);
	wims_hash_add(&rr->ranges, &r->by_key,
				  wims_hash_slices(&rr->key, &texts[WIMS_RR_WILDCARD_KEY], 1));
	r->index = rr->count++;
	rr->all[r->index] = r;
	return r;
}

/* Under that registration from now on; the core is asked about it at once. */
static void attach(struct wims_rangereg *rr, struct wims_rr_range *r, struct wims_rr_unit *u)
{
	r->unit = u;
	wims_ring_append(&u->ranges, &r->on_unit);
	u->again_at = 0;
	rr->generation++;
}

static bool same(const struct wims_rr_range *r, const struct wish *w)
{
	return r->unit != NULL && wims_rr_unit_is(r->unit, w->unit)
		   && wims_pl_eq(r->texts[WIMS_RR_WWSF], w->in->wwsf)
		   && wims_pl_eq(r->texts[WIMS_RR_WILDCARD], w->in->wildcard);
}

static void be_in_time(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now)
{
	if(r->trigger == WIMS_RANGE_AT_START) {
		r->used = false;
		r->idle_at = WIMS_FLOW_NEVER;
	} else if(r->unit->own && !r->used) {
		wims_rr_use(rr, r, now); /* what is registered leaves after the grace */
	}
	wims_rr_review(rr, r->unit, now, WIMS_RANGEREG_REMOVED);
}

/* A range that is there under another registration, of another owner or spelled
 * otherwise is another one now: the WICs of the old one are lost. */
static enum wims_reason move(struct wims_rangereg *rr, struct wims_rr_range *r,
							 const struct wish *w, int64_t now)
{
	struct wims_pl *texts = texts_for(rr, w);
	struct wims_rr_unit *u = texts != NULL ? wims_rr_unit_for(rr, w->unit) : NULL, *old = r->unit;
	bool off = r->off;

	if(u == NULL) {
		wims_free(&rr->env, texts);
		return WIMS_NOMEM;
	}
	r->n_brought++; /* stays while it is on its way */
	if(old != NULL)
		wims_rr_range_remove(rr, r, now, WIMS_RANGEREG_REMOVED);
	r->n_brought--;
	wims_hash_remove(&rr->ranges, &r->by_key);
	wims_free(&rr->env, r->texts);
	r->texts = texts;
	wims_hash_add(&rr->ranges, &r->by_key,
				  wims_hash_slices(&rr->key, &texts[WIMS_RR_WILDCARD_KEY], 1));
	r->off = off;
	attach(rr, r, u);
	if(old != NULL && old != u)
		wims_rr_review(rr, old, now, WIMS_RANGEREG_REMOVED);
	return WIMS_OK;
}

static enum wims_reason make(struct wims_rangereg *rr, const struct wish *w,
							 struct wims_rr_range **out, int64_t now)
{
	struct wims_pl *texts;
	struct wims_rr_range *r = NULL;
	struct wims_rr_unit *u;

	*out = NULL;
	if(rr->count >= rr->policy.ranges)
		return WIMS_LIMIT_REACHED;
	if((texts = texts_for(rr, w)) != NULL && (u = wims_rr_unit_for(rr, w->unit)) != NULL) {
		if((r = range_new(rr, texts)) != NULL)
			attach(rr, r, u);
		else
			wims_rr_review(rr, u, now, WIMS_RANGEREG_REMOVED);
	}
	if(r == NULL) {
		wims_free(&rr->env, texts);
		return WIMS_NOMEM;
	}
	*out = r;
	return WIMS_OK;
}

void wims_rangereg_begin(struct wims_rangereg *rr)
{
	rr->round++;
}

void wims_rr_range_within(struct wims_rangereg *rr, struct wims_rr_range *r,
						  struct wims_rr_range *within)
{
	struct wims_rr_range *old = r->within;

	r->within = within;
	if(within != NULL) {
		within->n_brought++;
		rr->brought++;
	}
	if(old != NULL) {
		old->n_brought--;
		rr->brought--;
		wims_rr_range_collect(rr, old);
	}
}

enum wims_reason wims_rr_range_make(struct wims_rangereg *rr, const struct wims_rangereg_in *in,
									struct wims_rr_range **out, int64_t now)
{
	struct wish w;
	enum wims_reason is = wish(&w, in);

	*out = NULL;
	if(is == WIMS_OK && (is = make(rr, &w, out, now)) == WIMS_OK) {
		(*out)->trigger = in->trigger;
		(*out)->by_pilot = in->pilot.l > 0;
	}
	return is;
}

enum wims_reason wims_rangereg_add(struct wims_rangereg *rr, const struct wims_rangereg_in *in,
								   int64_t now)
{
	struct wish w;
	struct wims_rr_range *r;
	enum wims_reason is;

	if(in->trigger == WIMS_RANGE_NEVER)
		return WIMS_OK;
	if((is = wish(&w, in)) != WIMS_OK)
		return is;
	r = wims_rr_range_find(rr, in->wildcard);
	if(r == NULL)
		is = make(rr, &w, &r, now);
	else if(!same(r, &w))
		is = move(rr, r, &w, now);
	if(is != WIMS_OK)
		return is;
	wims_rr_range_within(rr, r, NULL); /* no token is needed any more */
	r->round = rr->round;
	r->trigger = in->trigger;
	r->elsewhere = in->elsewhere;
	r->by_pilot = in->pilot.l > 0;
	be_in_time(rr, r, now);
	return WIMS_OK;
}

static void remove_range(struct wims_rangereg *rr, struct wims_rr_range *r, int64_t now)
{
	struct wims_rr_unit *u = r->unit;

	wims_rr_range_remove(rr, r, now, WIMS_RANGEREG_REMOVED);
	wims_rr_review(rr, u, now, WIMS_RANGEREG_REMOVED);
}

/* Inside one that tokens bring nothing into any more, or that has another owner. */
static bool is_orphan(const struct wims_rr_range *r)
{
	const struct wims_rr_range *of = r->within;

	return of != NULL
		   && (of->trigger != WIMS_RANGE_BY_TOKEN
			   || !wims_pl_eq(of->texts[WIMS_RR_WWSF], r->texts[WIMS_RR_WWSF]));
}

static bool is_left_out(const struct wims_rangereg *rr, const struct wims_rr_range *r)
{
	const struct wims_rr_range *of = r->within != NULL ? r->within : r;

	return r->unit != NULL && (of->round != rr->round || is_orphan(r));
}

void wims_rangereg_end(struct wims_rangereg *rr, int64_t now)
{
	size_t i;

	/* from the last on: the place of one that goes is taken by one that was
	 * looked at, or by itself */
	for(i = rr->count; i-- > 0;)
		if(i < rr->count && is_left_out(rr, rr->all[i]))
			remove_range(rr, rr->all[i], now);
}

enum wims_reason wims_rangereg_bring(struct wims_rangereg *rr, const struct wims_rangereg_in *in,
									 int64_t now)
{
	struct wims_rr_range *within = wims_rr_range_find(rr, in->within);
	struct wims_rr_range *r = wims_rr_range_find(rr, in->wildcard);
	struct wish w;
	enum wims_reason is = wish(&w, in);

	if(is != WIMS_OK)
		return is;
	if(within == NULL || within->unit == NULL || within->within != NULL
	   || within->trigger != WIMS_RANGE_BY_TOKEN
	   || !wims_pl_eq(within->texts[WIMS_RR_WWSF], in->wwsf)
	   || (r != NULL && !wims_pl_eq(r->texts[WIMS_RR_WWSF], in->wwsf)))
		return WIMS_IMPU_NOT_ENTITLED;
	if(r != NULL && r->unit != NULL)
		return WIMS_OK;
	if(within->n_brought >= rr->policy.brought)
		return WIMS_LIMIT_REACHED;
	is = r == NULL ? make(rr, &w, &r, now) : move(rr, r, &w, now);
	if(is != WIMS_OK)
		return is;
	wims_rr_range_within(rr, r, within);
	r->trigger = WIMS_RANGE_BY_TOKEN;
	r->elsewhere = in->elsewhere;
	r->by_pilot = in->pilot.l > 0;
	wims_rr_use(rr, r, now);
	wims_rr_review(rr, r->unit, now, WIMS_RANGEREG_REMOVED);
	return WIMS_OK;
}
