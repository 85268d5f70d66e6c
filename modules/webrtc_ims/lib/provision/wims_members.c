/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "provision/wims_members.h"

#include "provision/wims_alloc.h"
#include "provision/wims_scenario.h"
#include "provision/wims_schema.h"

enum
{
	/* each byte may become an escape, and a '*' an expression */
	LISTED_MAX = 3 * WIMS_IMPU_MAX + sizeof("!.*!")
};

/* --- looking up --- */

/* The WWSF that has that number of the set: the last one that begins there or
 * before, for one without identities begins where the next one does. */
static const struct wims_wwsf *wwsf_of(const struct wims_wwsf *wwsfs, size_t count, size_t number)
{
	size_t lo = 0, hi = count;

	while(hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if(wwsfs[mid].ranges_from - wwsfs[mid].impus.count <= number)
			lo = mid;
		else
			hi = mid;
	}
	return &wwsfs[lo];
}

bool wims_members_find(const struct wims_members *m, struct wims_pl impu, struct wims_owned *out)
{
	struct wims_ranges_hit hit;
	const struct wims_wwsf *w;

	*out = (struct wims_owned){NULL, NULL};
	if(m == NULL || m->set == NULL || !wims_ranges_find(m->set, m->room, impu, &hit))
		return false;
	w = hit.owner < m->count ? &m->wwsfs[hit.owner] : wwsf_of(m->wwsfs, m->count, hit.range);
	out->wwsf = w;
	if(hit.range >= w->ranges_from)
		out->range = &w->ranges.at[hit.range - w->ranges_from];
	return true;
}

const struct wims_wwsf_range *wims_wwsf_range_of(const struct wims_wwsf *w, struct wims_pl impu)
{
	struct wims_owned owned;

	return wims_members_find(w->members, impu, &owned) && owned.wwsf == w ? owned.range : NULL;
}

bool wims_range_registered(const struct wims_wwsf_range *range)
{
	return range != NULL && range->trigger != WIMS_RANGE_NEVER;
}

/* --- building --- */

struct building
{
	struct wims_ranges *set;
	const struct wims_provision *pv;
	struct wims_reading rd; /* for the fault */
};

/* Which entry of which WWSF a number of the set is. */
struct place
{
	const struct wims_wwsf *wwsf;
	bool listed; /* in "impus", else in "ranges" */
	size_t item;
};

static struct place place_of(const struct building *b, size_t number)
{
	const struct wims_wwsf *w =
			wwsf_of(wims_provision_at(b->pv, 0), wims_provision_count(b->pv), number);

	if(number < w->ranges_from)
		return (struct place){w, true, number - (w->ranges_from - w->impus.count)};
	return (struct place){w, false, number - w->ranges_from};
}

static struct wims_pl text_at(struct place p)
{
	return p.listed ? p.wwsf->impus.at[p.item] : p.wwsf->ranges.at[p.item].text;
}

/* The path of a range; of "impus", which were sorted, that of the member. */
static void path_to(struct building *b, struct place p)
{
	wims_path_leave(&b->rd, 0);
	wims_path_member(&b->rd, "wwsf");
	wims_path_index(&b->rd, p.wwsf->place);
	wims_path_member(&b->rd, p.listed ? "impus" : "ranges");
	if(!p.listed)
		wims_path_index(&b->rd, p.item);
}

static enum wims_reason fail_add(struct building *b, enum wims_reason r,
								 const struct wims_range_fault *fault)
{
	struct place p = place_of(b, wims_ranges_count(b->set));
	struct wims_pl text = text_at(p);

	if(r == WIMS_NOMEM)
		return wims_config_nomem(&b->rd);
	path_to(b, p);
	return wims_config_fail(&b->rd, r, "\"%.*s\": byte %zu: %s", WIMS_PL_ARG(text), fault->at,
							fault->why);
}

/* As a range, an entry of "impus" has an expression for its '*', and no "..",
 * which would make it a block. */
static struct wims_pl listed_text(char *buf, struct wims_pl impu, bool star)
{
	struct wims_w w;
	size_t i;

	wims_w_init(&w, buf, LISTED_MAX);
	for(i = 0; i < impu.l; i++) {
		if(star && impu.p[i] == '*')
			wims_w_lit(&w, "!.*!");
		else if(!star && impu.p[i] == '.' && i + 1 < impu.l && impu.p[i + 1] == '.')
			wims_w_lit(&w, "%2E");
		else
			wims_w_pl(&w, (struct wims_pl){impu.p + i, 1});
	}
	return wims_w_done(&w);
}

static enum wims_reason add_range(struct building *b, const struct wims_wwsf *w, size_t i,
								  uint32_t owner, struct wims_range_fault *fault)
{
	const struct wims_wwsf_range *range = &w->ranges.at[i];

	if(range->allocate != NULL && wims_ranges_owner(b->set, w->name, w->domain, &owner) != WIMS_OK)
		return WIMS_NOMEM;
	return wims_ranges_add(b->set, owner, range->text, fault);
}

static enum wims_reason add_wwsf(struct building *b, const struct wims_wwsf *w, uint32_t owner)
{
	struct wims_range_fault fault = {0};
	enum wims_reason r = WIMS_OK;
	char buf[LISTED_MAX];
	size_t i;

	for(i = 0; r == WIMS_OK && i < w->impus.count; i++)
		r = wims_ranges_add_given(b->set, owner,
								  listed_text(buf, w->impus.at[i], i >= w->impus_exact), &fault);
	for(i = 0; r == WIMS_OK && i < w->ranges.count; i++)
		r = add_range(b, w, i, owner, &fault);
	return r == WIMS_OK ? r : fail_add(b, r, &fault);
}

static enum wims_reason fill(struct building *b)
{
	uint32_t owner, i, count = (uint32_t)wims_provision_count(b->pv);
	enum wims_reason r = WIMS_OK;
	const struct wims_wwsf *w;

	for(i = 0; i < count; i++) {
		w = wims_provision_at(b->pv, i);
		if(wims_ranges_owner(b->set, w->name, w->domain, &owner) != WIMS_OK)
			return wims_config_nomem(&b->rd);
	}
	for(i = 0; r == WIMS_OK && i < count; i++)
		r = add_wwsf(b, wims_provision_at(b->pv, i), i);
	return r;
}

/* The later of the two in the file is the one to blame. */
static enum wims_reason fail_overlap(struct building *b, const struct wims_range_fault *fault)
{
	bool later = fault->range > fault->other;
	struct place p1 = place_of(b, later ? fault->other : fault->range);
	struct place p2 = place_of(b, later ? fault->range : fault->other);
	struct wims_pl t1 = text_at(p1), t2 = text_at(p2);

	path_to(b, p2);
	return wims_config_fail(&b->rd, WIMS_CONFIG_OVERLAP,
							"\"%.*s\" overlaps with \"%.*s\" of WWSF \"%.*s\", or cannot be told "
							"from it; allowed: each identity in one WWSF%s",
							WIMS_PL_ARG(t2), WIMS_PL_ARG(t1), WIMS_PL_ARG(p1.wwsf->name),
							p1.wwsf == p2.wwsf ? ", and apart from those that are allocated" : "");
}

static enum wims_reason seal(struct building *b)
{
	struct wims_range_fault fault;
	enum wims_reason r = wims_ranges_seal(b->set, &fault);

	if(r == WIMS_CONFIG_OVERLAP)
		return fail_overlap(b, &fault);
	return r == WIMS_OK ? r : wims_config_nomem(&b->rd);
}

static bool may_have_pilot(const struct wims_members *m, const struct wims_wwsf *w,
						   struct wims_pl pilot, struct wims_owned *owned)
{
	uint64_t index;

	if(pilot.l == 0 || !wims_members_find(m, pilot, owned))
		return true;
	if(owned->range != NULL && owned->range->allocate != NULL
	   && wims_alloc_index(owned->range->allocate, pilot, &index))
		return false;
	return owned->wwsf == w;
}

/* What is registered for a range is nobody else's. */
static enum wims_reason check_pilots(struct building *b, const struct wims_members *m,
									 const struct wims_wwsf *w)
{
	struct wims_owned owned;
	size_t i;

	for(i = 0; i < w->ranges.count; i++) {
		struct wims_pl pilot = w->ranges.at[i].pilot;
		struct place p = {w, false, i};

		if(may_have_pilot(m, w, pilot, &owned))
			continue;
		path_to(b, p);
		wims_path_member(&b->rd, "pilot");
		return wims_config_fail(&b->rd, WIMS_CONFIG_OVERLAP,
								"\"%.*s\" belongs to %s \"%.*s\"; allowed: an IMPU of no other",
								WIMS_PL_ARG(pilot), owned.wwsf == w ? "a user of WWSF" : "WWSF",
								WIMS_PL_ARG(owned.wwsf->name));
	}
	return WIMS_OK;
}

static enum wims_reason check_all_pilots(struct building *b, const struct wims_env *env)
{
	struct wims_members m = {wims_provision_at(b->pv, 0), wims_provision_count(b->pv), b->set,
							 wims_regex_room_new(env)};
	enum wims_reason r = m.room == NULL ? wims_config_nomem(&b->rd) : WIMS_OK;
	size_t i;

	for(i = 0; r == WIMS_OK && i < wims_provision_count(b->pv); i++)
		r = check_pilots(b, &m, wims_provision_at(b->pv, i));
	wims_regex_room_free(m.room);
	return r;
}

static bool needed(const struct wims_provision *pv)
{
	const struct wims_wwsf *w;
	size_t i;

	for(i = 0; (w = wims_provision_at(pv, i)) != NULL; i++)
		if(wims_scenario_owns(w->scenario))
			return true;
	return false;
}

enum wims_reason wims_provision_ranges(struct wims_ranges **out, const struct wims_env *env,
									   const struct wims_provision *pv,
									   struct wims_config_fault *fault)
{
	struct building b = {.pv = pv, .rd = {.fault = fault}};
	enum wims_reason r;

	*out = NULL;
	if(!needed(pv))
		return WIMS_OK;
	if((b.set = wims_ranges_new(env)) == NULL)
		return wims_config_nomem(&b.rd);
	if((r = fill(&b)) == WIMS_OK && (r = seal(&b)) == WIMS_OK
	   && (r = check_all_pilots(&b, env)) == WIMS_OK) {
		*out = b.set;
		b.set = NULL;
	}
	wims_ranges_free(b.set);
	return r;
}
