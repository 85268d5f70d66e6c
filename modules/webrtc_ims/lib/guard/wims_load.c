/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guard/wims_load.h"

enum
{
	ALL_BUT_REFRESHES = WIMS_PRIO_REFRESH * WIMS_SHED_STEP
};

static uint32_t less(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t more(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* Half of what is new: a single busy beat is no overload. Rounded towards what is
 * measured, which it comes to in the end. */
static uint32_t smoothed(uint32_t old, uint32_t measured)
{
	uint32_t to = less(measured, WIMS_LOAD_FULL);

	return (old + to + (to > old)) / 2;
}

/* By up to step, as far as refusing leaves room for what is worth doing. */
static uint32_t level_of_refreshes(uint32_t level, uint32_t step, uint32_t refusing)
{
	uint32_t beyond;

	if(refusing <= WIMS_LOAD_REFUSING)
		return less(level + step * (WIMS_LOAD_REFUSING - refusing) / WIMS_LOAD_REFUSING,
					WIMS_SHED_WORK);
	beyond = less(refusing - WIMS_LOAD_REFUSING, WIMS_LOAD_REFUSING);
	return level - less(level - ALL_BUT_REFRESHES, step * beyond / WIMS_LOAD_REFUSING);
}

static uint32_t step_up(uint32_t busy, uint32_t limit)
{
	return busy > limit ? WIMS_SHED_FASTEST * (busy - limit) / (WIMS_LOAD_FULL - limit) : 0;
}

/* What is behind is full or empty within some tenths of a second, whatever the level: at full
 * steps the level would swing between all and nothing. */
static uint32_t level_of_relief(uint32_t level, uint32_t step)
{
	return less(level + step / 2, WIMS_SHED_WORK);
}

static uint32_t level_by_work(uint32_t level, const struct wims_load_measured *m, uint32_t limit)
{
	uint32_t behind = more(m->behind, m->queue), busy = more(m->work, behind);
	uint32_t step;

	if(limit >= WIMS_LOAD_FULL)
		return 0;
	if(busy <= limit)
		return level - less(level, WIMS_SHED_FASTEST * (limit - busy) / limit);
	step = step_up(busy, limit);
	if(level < ALL_BUT_REFRESHES)
		return less(level + step, ALL_BUT_REFRESHES);
	step = level_of_refreshes(level, step, m->refusing);
	return behind > limit ? more(step, level_of_relief(level, step_up(behind, limit))) : step;
}

static uint32_t level_by_memory(uint32_t used, uint32_t limit)
{
	if(used <= limit || limit >= WIMS_LOAD_FULL)
		return 0;
	return WIMS_SHED_MAX * (less(used, WIMS_LOAD_FULL) - limit) / (WIMS_LOAD_FULL - limit);
}

void wims_load_beat(struct wims_load *l, const struct wims_load_policy *p,
					const struct wims_load_measured *m)
{
	uint32_t by_memory = level_by_memory(m->memory, p->memory);

	l->now.work = smoothed(l->now.work, m->work);
	l->now.behind = smoothed(l->now.behind, m->behind);
	l->now.queue = smoothed(l->now.queue, m->queue);
	l->now.memory = less(m->memory, WIMS_LOAD_FULL);
	l->now.refusing = smoothed(l->now.refusing, m->refusing);
	l->by_work = level_by_work(l->by_work, &l->now, p->work);
	l->level = more(l->by_work, by_memory);
}

/* How much of that class, from 0 to WIMS_SHED_STEP. */
static uint32_t refused_of(uint32_t level, enum wims_priority prio)
{
	uint32_t below = (uint32_t)prio * WIMS_SHED_STEP;

	if(prio >= WIMS_PRIO_ALWAYS || level <= below)
		return 0;
	return less(level - below, WIMS_SHED_STEP);
}

bool wims_load_in_part(uint32_t level, enum wims_priority prio)
{
	uint32_t part = refused_of(level, prio);

	return part > 0 && part < WIMS_SHED_STEP;
}

bool wims_load_refuses(uint32_t level, enum wims_priority prio, uint32_t draw)
{
	return draw < refused_of(level, prio);
}

enum wims_priority wims_load_priority(const struct wims_load_request *q)
{
	if(q->must)
		return WIMS_PRIO_ALWAYS;
	if(q->registers)
		return q->registered ? WIMS_PRIO_REFRESH : WIMS_PRIO_REGISTER;
	return q->in_dialog ? WIMS_PRIO_DIALOG : WIMS_PRIO_REQUEST;
}
