/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guard/wims_load.h"

static uint32_t less(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Half of what is new: a single busy beat is no overload. Rounded towards what is
 * measured, which it comes to in the end. */
static uint32_t smoothed(uint32_t old, uint32_t measured)
{
	uint32_t to = less(measured, WIMS_LOAD_FULL);

	return (old + to + (to > old)) / 2;
}

static uint32_t level_by_work(uint32_t level, uint32_t busy, uint32_t limit)
{
	if(limit >= WIMS_LOAD_FULL)
		return 0;
	if(busy > limit)
		return less(level + WIMS_SHED_FASTEST * (busy - limit) / (WIMS_LOAD_FULL - limit),
					WIMS_SHED_WORK);
	return level - less(level, WIMS_SHED_FASTEST * (limit - busy) / limit);
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
	l->now.queue = smoothed(l->now.queue, m->queue);
	l->now.memory = less(m->memory, WIMS_LOAD_FULL);
	l->by_work = level_by_work(l->by_work, l->now.work > l->now.queue ? l->now.work : l->now.queue,
							   p->work);
	l->level = l->by_work > by_memory ? l->by_work : by_memory;
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
