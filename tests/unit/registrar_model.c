/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registrar_model.h"

#include <string.h>

void model_init(struct model_block *m, bool claimed, int64_t quarantine)
{
	int i;

	memset(m, 0, sizeof(*m));
	m->claimed = claimed;
	m->quarantine = quarantine;
	for(i = 0; i < MODEL_PLACES; i++)
		m->place[i].owner = MODEL_NOBODY;
	for(i = 0; i < MODEL_OWNERS; i++)
		m->first[i] = -1;
}

static void free_place(struct model_block *m, int place, int64_t at)
{
	struct model_place *p = &m->place[place];

	if(m->first[p->owner] == place)
		m->first[p->owner] = -1;
	*p = (struct model_place){.owner = MODEL_NOBODY, .ever = true, .free_since = at};
}

static int64_t until_of(const struct model_place *p)
{
	int64_t until = p->held;
	int i;

	for(i = 0; i < MODEL_CONTACTS; i++)
		if(p->contact[i].there && p->contact[i].until > until)
			until = p->contact[i].until;
	return until;
}

static void end_use(struct model_place *p, int64_t rests_until)
{
	p->used = false;
	p->held = 0;
	p->rests_until = rests_until;
	memset(p->contact, 0, sizeof(p->contact));
}

static void look_at(struct model_block *m, int place)
{
	struct model_place *p = &m->place[place];
	int64_t until = until_of(p);
	int i;

	if(p->owner == MODEL_NOBODY)
		return;
	if(p->used && until <= m->now)
		end_use(p, until + m->quarantine);
	for(i = 0; i < MODEL_CONTACTS; i++)
		if(p->contact[i].until <= m->now)
			p->contact[i] = (struct model_contact){0};
	if(!p->used && p->rests_until <= m->now)
		free_place(m, place, p->rests_until);
}

void model_pass(struct model_block *m, int64_t ms)
{
	int i;

	m->now += ms;
	for(i = 0; i < MODEL_PLACES; i++)
		look_at(m, i);
}

bool model_may_allocate(const struct model_block *m, int owner, int place, int64_t ties)
{
	bool fresh = false, some = false;
	int64_t longest = INT64_MAX;
	const struct model_place *p;
	int i;

	if(m->first[owner] >= 0)
		return place == m->first[owner];
	for(i = 0; i < MODEL_PLACES; i++) {
		p = &m->place[i];
		fresh = fresh || (p->owner == MODEL_NOBODY && !p->ever);
		some = some || p->owner == MODEL_NOBODY;
		if(p->owner == MODEL_NOBODY && p->free_since < longest)
			longest = p->free_since;
	}
	if(place < 0)
		return !some;
	p = &m->place[place];
	if(p->owner != MODEL_NOBODY)
		return false;
	return fresh ? !p->ever : p->free_since <= longest + ties;
}

static void use(struct model_block *m, int place, int owner, int64_t since)
{
	struct model_place *p = &m->place[place];

	if(p->owner != MODEL_NOBODY && p->owner != owner)
		free_place(m, place, m->now);
	if(m->first[owner] < 0)
		m->first[owner] = place;
	p->owner = owner;
	p->used = true;
	p->ever = true;
	p->since = since;
}

void model_allocated(struct model_block *m, int owner, int place, int64_t hold)
{
	struct model_place *p = &m->place[place];

	if(!p->used)
		use(m, place, owner, MODEL_UNKNOWN);
	if(p->held < m->now + hold)
		p->held = m->now + hold;
}

size_t model_contacts(const struct model_place *p)
{
	size_t n = 0;
	int i;

	for(i = 0; i < MODEL_CONTACTS; i++)
		n += p->contact[i].there;
	return n;
}

static bool replaces(const struct model_put *in, const struct model_place *p, int name)
{
	return p->contact[name].there
		   && (name == in->name || (in->instance > 0 && p->contact[name].instance == in->instance));
}

static bool has_moved(const struct model_block *m, const struct model_place *p,
					  const struct model_put *in)
{
	int i;

	for(i = 0; i < MODEL_CONTACTS; i++)
		if(i != in->name && replaces(in, p, i)
		   && p->contact[i].until + WIMS_REG_MOVED_MS >= m->now + in->left)
			return in->kept && p->used && p->owner == in->owner;
	return false;
}

static enum wims_reason judge(const struct model_place *p, const struct model_put *in)
{
	bool own = p->owner == in->owner;
	size_t stay = 0;
	int i;

	if(p->owner == MODEL_NOBODY || (in->again && !p->used))
		return WIMS_OK;
	if(!own && !in->again)
		return WIMS_IDENTITY_IN_USE;
	if(!own)
		return in->since < p->since ? WIMS_OK : WIMS_IDENTITY_CONFLICT;
	for(i = 0; i < MODEL_CONTACTS; i++)
		stay += p->contact[i].there && !replaces(in, p, i);
	return stay < in->max ? WIMS_OK : WIMS_LIMIT_REACHED;
}

enum wims_reason model_put(struct model_block *m, const struct model_put *in, bool *displaced)
{
	struct model_place *p = &m->place[in->place];
	enum wims_reason r = has_moved(m, p, in) ? WIMS_OK : judge(p, in);
	int i;

	*displaced = r == WIMS_OK && p->used && p->owner != in->owner;
	if(r != WIMS_OK || has_moved(m, p, in))
		return r;
	if(!p->used || p->owner != in->owner)
		use(m, in->place, in->owner, in->again ? in->since : MODEL_UNKNOWN);
	else if(in->again && in->since < p->since)
		p->since = in->since;
	if(m->first[in->owner] < 0)
		m->first[in->owner] = in->place;
	for(i = 0; i < MODEL_CONTACTS; i++)
		if(replaces(in, p, i))
			p->contact[i].there = false;
	p->contact[in->name] =
			(struct model_contact){true, m->now + in->left, in->node, in->epoch, in->instance};
	p->held = 0;
	return WIMS_OK;
}

void model_remove(struct model_block *m, int place, int name)
{
	struct model_place *p = &m->place[place];

	if(!p->contact[name].there)
		return;
	p->contact[name].there = false;
	if(until_of(p) <= m->now)
		end_use(p, m->now + m->quarantine);
	look_at(m, place);
}

void model_drop(struct model_block *m, int place)
{
	if(m->place[place].owner != MODEL_NOBODY)
		free_place(m, place, m->now);
}

size_t model_purge(struct model_block *m, uint16_t node, uint32_t epoch)
{
	size_t n = 0;
	int i, c;

	for(i = 0; i < MODEL_PLACES; i++)
		for(c = 0; c < MODEL_CONTACTS; c++) {
			struct model_contact *contact = &m->place[i].contact[c];

			if(!contact->there || contact->node != node || contact->epoch == epoch)
				continue;
			if(m->place[i].held < contact->until)
				m->place[i].held = contact->until;
			contact->there = false;
			n++;
		}
	return n;
}

void model_counts(const struct model_block *m, struct wims_reg_counts *out)
{
	int i;

	memset(out, 0, sizeof(*out));
	for(i = 0; i < MODEL_PLACES; i++) {
		out->entries += m->place[i].used;
		out->allocated += m->place[i].owner != MODEL_NOBODY;
	}
	out->free = m->claimed ? 0 : MODEL_PLACES - out->allocated;
}
