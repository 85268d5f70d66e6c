/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "range/wims_ranges_int.h"

/* The text that names the program: two ranges with the same one share it. */
static bool write_key(struct wims_w *w, const struct wims_range *r)
{
	if(r->kind == WIMS_RANGE_BLOCK) {
		wims_w_pl(w, r->first);
		wims_w_lit(w, "..");
		wims_w_pl(w, r->last);
	} else {
		wims_ere_write(&r->ere, w);
	}
	return w->ok;
}

static uint32_t find_program(const struct wims_ranges *rs, struct wims_pl key, bool block,
							 uint32_t *hash)
{
	struct wims_slot *slot;
	size_t probe = 0;

	*hash = wims_slots_mix(wims_slots_hash(wims_ranges_seed(0), key));
	while((slot = wims_slots_next(&rs->program_slots, *hash, &probe)) != NULL) {
		const struct wims_program *p = &rs->programs[wims_slot_item(slot)];

		/* "00..99" may be an expression too */
		if((p->kind == WIMS_PROGRAM_BLOCK) == block
		   && wims_pl_eq(wims_ranges_span(rs, p->key), key))
			return wims_slot_item(slot);
	}
	return WIMS_NO_ITEM;
}

static enum wims_reason program_make(struct wims_ranges *rs, const struct wims_range *r,
									 struct wims_pl key, struct wims_program *p)
{
	*p = (struct wims_program){.kind = WIMS_PROGRAM_REGEX};
	if(r->kind == WIMS_RANGE_BLOCK)
		p->kind = WIMS_PROGRAM_BLOCK;
	else if(wims_ere_is_run(&r->ere, &p->run))
		p->kind = WIMS_PROGRAM_RUN;
	if(!wims_ranges_keep(rs, key, &p->key))
		return WIMS_NOMEM;
	if(p->kind != WIMS_PROGRAM_REGEX)
		return WIMS_OK;
	return wims_regex_compile(&p->regex, &rs->env, key);
}

enum wims_reason wims_ranges_program(struct wims_ranges *rs, const struct wims_range *r,
									 uint32_t *out)
{
	char buf[WIMS_ERE_ENGINE_MAX];
	struct wims_program p;
	struct wims_w w;
	enum wims_reason why;
	uint32_t hash;

	wims_w_init(&w, buf, sizeof(buf));
	if(!write_key(&w, r))
		return WIMS_LIMIT_REACHED;
	*out = find_program(rs, wims_w_done(&w), r->kind == WIMS_RANGE_BLOCK, &hash);
	if(*out != WIMS_NO_ITEM)
		return WIMS_OK;
	if(!wims_vec_room(&rs->env, (void **)&rs->programs, &rs->programs_size, rs->programs_count + 1,
					  sizeof(p)))
		return WIMS_NOMEM;
	if((why = program_make(rs, r, wims_w_done(&w), &p)) != WIMS_OK)
		return why;
	if(!wims_slots_add(&rs->program_slots, &rs->env, hash, (uint32_t)rs->programs_count)) {
		wims_regex_free(p.regex);
		return WIMS_NOMEM;
	}
	*out = (uint32_t)rs->programs_count;
	rs->programs[rs->programs_count++] = p;
	return WIMS_OK;
}
